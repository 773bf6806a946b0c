/* Networks: creation, copies, and what can be set for each layer. */
#include "network.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/checked.h"
#include "base/id.h"
#include "base/status.h"
#include "check.h"
#include "engine/arena.h"
#include "kernels/kinds.h"
#include "notes.h"
#include "scaling.h"

enum { MOST_WIDTH = 2147483647 }; /* sizes and strides go to BLAS as int */

/* ---- creation ------------------------------------------------------------------------------- */

static mlp_status check_shape(mlp_dtype dtype, const int64_t *widths, int64_t width_count)
{
	if (widths == NULL)
		return mlp_fail(MLP_ERR_NULL, "widths is NULL");
	if (mlp_dtype_size(dtype) == 0)
		return mlp_fail(MLP_ERR_VALUE, "dtype is %, unknown", (int)dtype);
	if (width_count < 2 || width_count > MOST_WIDTH)
		return mlp_fail(MLP_ERR_SIZE, "width_count is %, must be in 2 .. %", width_count,
				MOST_WIDTH);
	for (int64_t l = 0; l < width_count; l++)
		if (widths[l] < 1 || widths[l] > MOST_WIDTH)
			return mlp_fail(MLP_ERR_SIZE, "width n_% is %, must be in 1 .. %", l,
					widths[l], MOST_WIDTH);
	return MLP_OK;
}

/* sum of n_l (n_(l-1) + 1) */
static mlp_status count_parameters(const int64_t *widths, int64_t width_count, size_t size,
				   int64_t *count)
{
	*count = 0;
	for (int64_t l = 1; l < width_count; l++)
		if (!mlp_checked_multiply_add(widths[l], widths[l - 1] + 1,
					      PTRDIFF_MAX / (int64_t)size, count))
			return mlp_fail(MLP_ERR_OVERFLOW,
					"parameters up to layer % exceed the address space", l);
	return MLP_OK;
}

/* What the size of a network depends on. */
struct sizes {
	size_t width_count, parameter_count, inputs, outputs;
	size_t element; /* bytes of one */
};

static struct mlp_affine lay_out_affine(struct mlp_arena *arena, size_t count, size_t size)
{
	struct mlp_affine affine = {.count = count};
	affine.shift = mlp_arena_take(arena, count, 1, sizeof(double));
	affine.scale = mlp_arena_take(arena, count, 1, sizeof(double));
	affine.minus = mlp_arena_take(arena, count, 1, size);
	affine.by = mlp_arena_take(arena, count, 1, size);
	affine.inverse = mlp_arena_take(arena, count, 1, size);
	return affine;
}

static struct mlp_domain lay_out_domain(struct mlp_arena *arena, size_t count)
{
	struct mlp_domain domain = {0};
	domain.lowest = mlp_arena_take(arena, count, 1, sizeof(double));
	domain.highest = mlp_arena_take(arena, count, 1, sizeof(double));
	return domain;
}

/* The network's parts, measured or laid out. */
static mlp_network *lay_out(struct mlp_arena *arena, const struct sizes *sizes)
{
	mlp_network *net = mlp_arena_take(arena, 1, 1, sizeof(mlp_network));
	struct mlp_layer *layers =
		mlp_arena_take(arena, sizes->width_count, 1, sizeof(struct mlp_layer));
	void *parameters = mlp_arena_take(arena, sizes->parameter_count, 1, sizes->element);
	struct mlp_affine input = lay_out_affine(arena, sizes->inputs, sizes->element);
	struct mlp_affine output = lay_out_affine(arena, sizes->outputs, sizes->element);
	struct mlp_domain domain = lay_out_domain(arena, sizes->inputs);
	if (net != NULL) {
		net->layers = layers;
		net->parameters = parameters;
		net->input = input;
		net->output = output;
		net->domain = domain;
	}
	return net;
}

/* A network with everything but layers and parameters filled in. */
static mlp_status allocate(const mlp_allocator *allocator, mlp_dtype dtype,
			   const struct sizes *sizes, mlp_network **net)
{
	struct mlp_arena arena = {0};
	lay_out(&arena, sizes);
	if (arena.overflow)
		return mlp_fail(MLP_ERR_OVERFLOW, "% parameters exceed the address space",
				(int64_t)sizes->parameter_count);
	void *memory;
	mlp_status status = mlp_allocate(allocator, (size_t)arena.bytes, &memory);
	if (status != MLP_OK)
		return status;
	arena = (struct mlp_arena){.base = memory};
	*net = lay_out(&arena, sizes);
	(*net)->allocator = *allocator;
	(*net)->bytes = (size_t)arena.bytes;
	(*net)->id = mlp_next_id();
	(*net)->dtype = dtype;
	(*net)->layer_count = sizes->width_count - 1;
	(*net)->parameter_count = sizes->parameter_count;
	(*net)->notes = NULL;
	(*net)->note_count = (*net)->note_capacity = 0;
	return MLP_OK;
}

static void set_default_layers(mlp_network *net, const int64_t *widths)
{
	size_t offset = 0;
	memset(&net->layers[0], 0, sizeof(net->layers[0]));
	for (size_t l = 1; l <= net->layer_count; l++) {
		size_t n_in = (size_t)widths[l - 1], n_out = (size_t)widths[l];
		net->layers[l] = (struct mlp_layer){
			.n_in = n_in,
			.n_out = n_out,
			.w_offset = offset,
			.b_offset = offset + n_out * n_in,
			.activation = l < net->layer_count ? MLP_RELU : MLP_IDENTITY,
			.has_bias = true,
		};
		offset += n_out * n_in + n_out;
	}
}

mlp_status mlp_network_create_with(mlp_dtype dtype, const int64_t *widths, int64_t width_count,
				   const mlp_allocator *allocator, mlp_network **net)
{
	if (net == NULL)
		return mlp_fail(MLP_ERR_NULL, "net is NULL");
	*net = NULL;
	int64_t count;
	mlp_allocator copy;
	mlp_status status = check_shape(dtype, widths, width_count);
	if (status == MLP_OK)
		status = count_parameters(widths, width_count, mlp_dtype_size(dtype), &count);
	if (status == MLP_OK)
		status = mlp_allocator_copy(allocator, &copy);
	if (status != MLP_OK)
		return status;
	const struct sizes sizes = {(size_t)width_count, (size_t)count, (size_t)widths[0],
				    (size_t)widths[width_count - 1], mlp_dtype_size(dtype)};
	status = allocate(&copy, dtype, &sizes, net);
	if (status != MLP_OK)
		return status;
	set_default_layers(*net, widths);
	return mlp_network_init(*net, MLP_ALL_LAYERS, MLP_INIT_HE_UNIFORM, 0, 0);
}

mlp_status mlp_network_create(mlp_dtype dtype, const int64_t *widths, int64_t width_count,
			      mlp_network **net)
{
	return mlp_network_create_with(dtype, widths, width_count, NULL, net);
}

static mlp_status copy_parameters(const mlp_network *from, mlp_network *to)
{
	size_t count = from->parameter_count;
	if (from->dtype == to->dtype) {
		memcpy(to->parameters, from->parameters, count * mlp_dtype_size(to->dtype));
	} else if (to->dtype == MLP_F64) {
		const float *f32 = from->parameters;
		double *f64 = to->parameters;
		for (size_t i = 0; i < count; i++)
			f64[i] = (double)f32[i];
	} else {
		const double *f64 = from->parameters;
		float *f32 = to->parameters;
		for (size_t i = 0; i < count; i++) {
			f32[i] = (float)f64[i];
			if (isinf(f32[i]) && !isinf(f64[i]))
				return mlp_fail(MLP_ERR_OVERFLOW,
						"parameter % is too large for float", (int64_t)i);
		}
	}
	return MLP_OK;
}

mlp_status mlp_network_assign(const mlp_network *from, mlp_network *to)
{
	to->id = mlp_next_id();
	memcpy(to->layers, from->layers, (from->layer_count + 1) * sizeof(struct mlp_layer));
	for (size_t l = 1; l <= from->layer_count; l++)
		if (to->dtype == MLP_F32 && isinf((float)from->layers[l].parameter))
			return mlp_fail(MLP_ERR_OVERFLOW,
					"activation parameter of layer % is too large for float",
					(int64_t)l);
	mlp_status status = copy_parameters(from, to);
	return status == MLP_OK ? mlp_scaling_copy(from, to) : status;
}

mlp_status mlp_network_convert(const mlp_network *net, mlp_dtype dtype, mlp_network **copy)
{
	if (copy == NULL)
		return mlp_fail(MLP_ERR_NULL, "the address for the copy is NULL");
	*copy = NULL;
	if (net == NULL)
		return mlp_fail(MLP_ERR_NULL, "net is NULL");
	if (mlp_dtype_size(dtype) == 0)
		return mlp_fail(MLP_ERR_VALUE, "dtype is %, unknown", (int)dtype);
	mlp_network *made;
	const struct sizes sizes = {net->layer_count + 1, net->parameter_count, net->input.count,
				    net->output.count, mlp_dtype_size(dtype)};
	mlp_status status = allocate(&net->allocator, dtype, &sizes, &made);
	if (status != MLP_OK)
		return status;
	status = mlp_network_assign(net, made);
	if (status == MLP_OK)
		status = mlp_notes_copy(net, made);
	if (status != MLP_OK) {
		mlp_network_free(made);
		return status;
	}
	*copy = made;
	return MLP_OK;
}

mlp_status mlp_network_clone(const mlp_network *net, mlp_network **clone)
{
	return mlp_network_convert(net, net != NULL ? net->dtype : MLP_F32, clone);
}

void mlp_network_free(mlp_network *net)
{
	if (net == NULL)
		return;
	mlp_allocator allocator = net->allocator;
	mlp_notes_free(net);
	mlp_deallocate(&allocator, net, net->bytes);
}

/* ---- shape ---------------------------------------------------------------------------------- */

mlp_dtype mlp_network_dtype(const mlp_network *net)
{
	return net != NULL ? net->dtype : (mlp_dtype)0;
}

int64_t mlp_network_layer_count(const mlp_network *net)
{
	if (net == NULL)
		return mlp_fail(MLP_ERR_NULL, "net is NULL");
	return (int64_t)net->layer_count;
}

int64_t mlp_network_parameter_count(const mlp_network *net)
{
	if (net == NULL)
		return mlp_fail(MLP_ERR_NULL, "net is NULL");
	return (int64_t)net->parameter_count;
}

/* The layer for a getter: NULL, and *status, if there is none. */
static const struct mlp_layer *find_layer(const mlp_network *net, int64_t layer, mlp_status *status)
{
	*status = mlp_check_pointer("net", net);
	if (*status == MLP_OK)
		*status = mlp_check_layer(net, layer, 1);
	return *status == MLP_OK ? &net->layers[layer] : NULL;
}

int64_t mlp_network_width(const mlp_network *net, int64_t layer)
{
	mlp_status status = mlp_check_pointer("net", net);
	if (status == MLP_OK)
		status = mlp_check_layer(net, layer, 0);
	if (status != MLP_OK)
		return status;
	return (int64_t)(layer == 0 ? net->layers[1].n_in : net->layers[layer].n_out);
}

mlp_status mlp_network_layout(const mlp_network *net, int64_t layer, int64_t *w_offset,
			      int64_t *b_offset)
{
	mlp_status status;
	const struct mlp_layer *found = find_layer(net, layer, &status);
	if (found == NULL)
		return status;
	if (w_offset != NULL)
		*w_offset = (int64_t)found->w_offset;
	if (b_offset != NULL)
		*b_offset = (int64_t)found->b_offset;
	return MLP_OK;
}

/* ---- settings of a layer -------------------------------------------------------------------- */

mlp_status mlp_network_set_activation(mlp_network *net, int64_t layer, mlp_activation activation)
{
	size_t first, last;
	mlp_status status = mlp_check_layers(net, layer, &first, &last);
	if (status != MLP_OK)
		return status;
	if (mlp_activation_name(activation) == NULL)
		return mlp_fail(MLP_ERR_VALUE, "activation is %, unknown", (int)activation);
	if (activation == MLP_SOFTMAX && first < net->layer_count && first <= last)
		return mlp_fail(MLP_ERR_VALUE, "softmax is for the output layer %, not for layer %",
				(int64_t)net->layer_count, (int64_t)first);
	if (activation == MLP_SOFTMAX && net->output.is_set)
		return mlp_fail(MLP_ERR_STATE, "the outputs are scaled, which those of softmax "
					       "cannot be");
	net->id = mlp_next_id();
	for (size_t l = first; l <= last; l++) {
		net->layers[l].activation = activation;
		net->layers[l].parameter = mlp_activation_default_parameter(activation);
	}
	return MLP_OK;
}

mlp_activation mlp_network_activation(const mlp_network *net, int64_t layer)
{
	mlp_status status;
	const struct mlp_layer *found = find_layer(net, layer, &status);
	return found != NULL ? found->activation : (mlp_activation)0;
}

mlp_status mlp_network_set_activation_parameter(mlp_network *net, int64_t layer, double value)
{
	size_t first, last;
	mlp_status status = mlp_check_layers(net, layer, &first, &last);
	if (status == MLP_OK)
		status = mlp_check_not_negative(
			"activation parameter is %, must be finite (for f32, as a float) and >= 0",
			value, net->dtype);
	if (status != MLP_OK)
		return status;
	for (size_t l = first; l <= last; l++)
		if (!mlp_activation_has_parameter(net->layers[l].activation))
			return mlp_fail(MLP_ERR_VALUE, "the activation of layer % has no parameter",
					(int64_t)l);
	net->id = mlp_next_id();
	for (size_t l = first; l <= last; l++)
		net->layers[l].parameter = value;
	return MLP_OK;
}

double mlp_network_activation_parameter(const mlp_network *net, int64_t layer)
{
	mlp_status status;
	const struct mlp_layer *found = find_layer(net, layer, &status);
	return found != NULL ? found->parameter : (double)NAN;
}

mlp_status mlp_network_set_bias(mlp_network *net, int64_t layer, int enabled)
{
	size_t first, last;
	mlp_status status = mlp_check_layers(net, layer, &first, &last);
	if (status != MLP_OK)
		return status;
	net->id = mlp_next_id();
	for (size_t l = first; l <= last; l++)
		net->layers[l].has_bias = enabled != 0;
	return MLP_OK;
}

int mlp_network_has_bias(const mlp_network *net, int64_t layer)
{
	mlp_status status;
	const struct mlp_layer *found = find_layer(net, layer, &status);
	return found != NULL ? found->has_bias : (int)status;
}

mlp_status mlp_network_set_frozen(mlp_network *net, int64_t layer, int frozen)
{
	size_t first, last;
	mlp_status status = mlp_check_layers(net, layer, &first, &last);
	if (status != MLP_OK)
		return status;
	for (size_t l = first; l <= last; l++)
		net->layers[l].is_frozen = frozen != 0;
	return MLP_OK;
}

int mlp_network_is_frozen(const mlp_network *net, int64_t layer)
{
	mlp_status status;
	const struct mlp_layer *found = find_layer(net, layer, &status);
	return found != NULL ? found->is_frozen : (int)status;
}
