/* Checks at the edge, once: null, types, sizes, strides, shapes. */
#include "check.h"

#include <math.h>

#include "base/checked.h"
#include "base/status.h"
#include "base/workers.h"
#include "kernels/kinds.h"

mlp_status mlp_check_pointer(const char *name, const void *pointer)
{
	return pointer != NULL ? MLP_OK : mlp_fail_named(MLP_ERR_NULL, name, " is NULL");
}

mlp_status mlp_check_network(const mlp_network *net, mlp_dtype dtype)
{
	if (net == NULL)
		return mlp_fail(MLP_ERR_NULL, "net is NULL");
	if (net->dtype != dtype)
		return mlp_fail(MLP_ERR_DTYPE, "network is f%, the call is for f%",
				net->dtype == MLP_F32 ? 32 : 64, dtype == MLP_F32 ? 32 : 64);
	return MLP_OK;
}

mlp_status mlp_check_layer(const mlp_network *net, int64_t layer, int64_t first)
{
	if (layer < first || layer > (int64_t)net->layer_count)
		return mlp_fail(MLP_ERR_INDEX, "layer is %, must be in % .. %", layer, first,
				(int64_t)net->layer_count);
	return MLP_OK;
}

mlp_status mlp_check_layers(const mlp_network *net, int64_t layer, size_t *first, size_t *last)
{
	if (net == NULL)
		return mlp_fail(MLP_ERR_NULL, "net is NULL");
	if (layer == MLP_ALL_LAYERS || layer == MLP_HIDDEN_LAYERS) {
		*first = 1;
		*last = net->layer_count - (layer == MLP_HIDDEN_LAYERS);
		return MLP_OK;
	}
	mlp_status status = mlp_check_layer(net, layer, 1);
	if (status == MLP_OK)
		*first = *last = (size_t)layer;
	return status;
}

mlp_status mlp_check_workspace(const mlp_network *net, const mlp_workspace *ws)
{
	if (ws == NULL)
		return mlp_fail(MLP_ERR_NULL, "ws is NULL");
	if (ws->dtype != net->dtype)
		return mlp_fail(MLP_ERR_SHAPE, "workspace is for f% networks, network is f%",
				ws->dtype == MLP_F32 ? 32 : 64, net->dtype == MLP_F32 ? 32 : 64);
	if (!mlp_pool_is_usable(ws->pool))
		return mlp_fail(MLP_ERR_STATE, "the workspace's pool was inherited through fork");
	if (ws->layer_count != net->layer_count)
		return mlp_fail(MLP_ERR_SHAPE, "workspace is for % layers, network has %",
				(int64_t)ws->layer_count, (int64_t)net->layer_count);
	for (size_t l = 1; l <= net->layer_count; l++) {
		const struct mlp_layer *layer = &net->layers[l];
		if (ws->layers[l - 1].width != layer->n_in)
			return mlp_fail(MLP_ERR_SHAPE, "workspace is for n_% = %, network has %",
					(int64_t)l - 1, (int64_t)ws->layers[l - 1].width,
					(int64_t)layer->n_in);
		if (ws->layers[l].width != layer->n_out)
			return mlp_fail(MLP_ERR_SHAPE, "workspace is for n_% = %, network has %",
					(int64_t)l, (int64_t)ws->layers[l].width,
					(int64_t)layer->n_out);
		if (ws->mode != MLP_INFERENCE && ws->layers[l].s == ws->layers[l].x &&
		    mlp_derivative_needs_s(layer->activation))
			return mlp_fail(MLP_ERR_SHAPE,
					"layer %'s activation needs s kept, which this workspace "
					"does not; make one after setting activations",
					(int64_t)l);
	}
	return MLP_OK;
}

static mlp_status check_batch(const mlp_workspace *ws, int64_t batch)
{
	if (batch < 1)
		return mlp_fail(MLP_ERR_SIZE, "batch is %, must be at least 1", batch);
	if (batch > (int64_t)ws->max_batch)
		return mlp_fail(MLP_ERR_BATCH, "batch is %, workspace holds % rows", batch,
				(int64_t)ws->max_batch);
	return MLP_OK;
}

mlp_status mlp_check_rows(const char *name, const void *data, int64_t ld, int64_t rows,
			  int64_t width, size_t size)
{
	if (data == NULL)
		return mlp_fail_named(MLP_ERR_NULL, name, " is NULL");
	if (ld < width)
		return mlp_fail_named(MLP_ERR_STRIDE, name,
				      ": leading dimension is %, rows have % values", ld, width);
	int64_t extent = width;
	if (!mlp_checked_multiply_add(rows - 1, ld, PTRDIFF_MAX / (int64_t)size, &extent))
		return mlp_fail_named(MLP_ERR_OVERFLOW, name,
				      ": % rows with leading dimension % exceed the address space",
				      rows, ld);
	return MLP_OK;
}

mlp_status mlp_check_call(const mlp_network *net, const mlp_workspace *ws, int64_t batch,
			  mlp_dtype dtype)
{
	mlp_status status = mlp_check_network(net, dtype);
	if (status == MLP_OK)
		status = mlp_check_workspace(net, ws);
	return status == MLP_OK ? check_batch(ws, batch) : status;
}

mlp_status mlp_check_input(const mlp_network *net, const mlp_workspace *ws, const void *x,
			   int64_t ld_x, int64_t batch, mlp_dtype dtype)
{
	mlp_status status = mlp_check_call(net, ws, batch, dtype);
	if (status != MLP_OK)
		return status;
	return mlp_check_rows("x", x, ld_x, batch, (int64_t)net->layers[1].n_in,
			      mlp_dtype_size(dtype));
}

static bool is_finite(double number, mlp_dtype dtype)
{
	return dtype == MLP_F32 ? isfinite((float)number) : isfinite(number);
}

mlp_status mlp_check_finite(const char *format, double number, mlp_dtype dtype)
{
	return is_finite(number, dtype) ? MLP_OK : mlp_fail_real(MLP_ERR_VALUE, format, number);
}

mlp_status mlp_check_not_negative(const char *format, double number, mlp_dtype dtype)
{
	return is_finite(number, dtype) && number >= 0
		       ? MLP_OK
		       : mlp_fail_real(MLP_ERR_VALUE, format, number);
}

mlp_status mlp_check_activation(mlp_activation activation, double parameter, mlp_dtype dtype)
{
	if (mlp_activation_name(activation) == NULL)
		return mlp_fail(MLP_ERR_VALUE, "activation is %, unknown", (int)activation);
	if (mlp_activation_has_parameter(activation))
		return mlp_check_not_negative(
			"activation parameter is %, must be finite (for f32, as a float) and >= 0",
			parameter, dtype);
	if (!(parameter == 0))
		return mlp_fail_real(MLP_ERR_VALUE,
				     "activation parameter is %, must be 0 for this activation",
				     parameter);
	return MLP_OK;
}

mlp_status mlp_fail_bad_layer(size_t layer)
{
	return mlp_fail(MLP_ERR_NONFINITE,
			"layer %: its input x(%) or its dl/ds(%) is infinite or not a number",
			(int64_t)layer, (int64_t)layer - 1, (int64_t)layer);
}
