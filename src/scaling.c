/* Scaling of inputs and outputs, and the domain of the inputs: what is set by hand, and read. */
#include "scaling.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/id.h"
#include "base/status.h"
#include "check.h"
#include "engine/fold.h"

bool mlp_scale_is_usable(double scale, mlp_dtype dtype)
{
	double least = dtype == MLP_F32 ? (double)FLT_MIN : DBL_MIN;
	return scale >= least && scale <= 1 / least;
}

static bool shift_is_usable(double shift, mlp_dtype dtype)
{
	return dtype == MLP_F32 ? isfinite((float)shift) : isfinite(shift);
}

mlp_status mlp_check_scalable_output(const mlp_network *net)
{
	return net->layers[net->layer_count].activation == MLP_SOFTMAX
		       ? mlp_fail(MLP_ERR_STATE, "the output activation is softmax, whose outputs "
						 "cannot be scaled")
		       : MLP_OK;
}

void mlp_affine_set(mlp_network *net, struct mlp_affine *affine, size_t feature, double shift,
		    double scale)
{
	affine->shift[feature] = shift;
	affine->scale[feature] = scale;
	if (net->dtype == MLP_F32) {
		((float *)affine->minus)[feature] = (float)shift;
		((float *)affine->by)[feature] = (float)scale;
		((float *)affine->inverse)[feature] = (float)(1 / scale);
	} else {
		((double *)affine->minus)[feature] = shift;
		((double *)affine->by)[feature] = scale;
		((double *)affine->inverse)[feature] = 1 / scale;
	}
}

void mlp_affine_enable(mlp_network *net, struct mlp_affine *affine, bool enable)
{
	affine->is_set = enable;
	net->id = mlp_next_id();
}

/* ---- set ------------------------------------------------------------------------------------ */

/* Both or neither of two arrays. */
static mlp_status check_pair(const mlp_network *net, const char *first_name, const double *first,
			     const char *second_name, const double *second)
{
	mlp_status status = mlp_check_pointer("net", net);
	if (status != MLP_OK || (first == NULL && second == NULL))
		return status;
	status = mlp_check_pointer(first_name, first);
	return status == MLP_OK ? mlp_check_pointer(second_name, second) : status;
}

static mlp_status set_affine(mlp_network *net, struct mlp_affine *affine, const double *shift,
			     const double *scale)
{
	for (size_t i = 0; shift != NULL && i < affine->count; i++) {
		if (!shift_is_usable(shift[i], net->dtype))
			return mlp_fail(MLP_ERR_VALUE,
					"shift of feature % must be finite (for f32, as a float)",
					(int64_t)i);
		if (!mlp_scale_is_usable(scale[i], net->dtype))
			return mlp_fail(MLP_ERR_VALUE,
					"scale of feature % must be > 0, and it and 1/scale normal "
					"numbers (for f32, as floats)",
					(int64_t)i);
	}
	for (size_t i = 0; shift != NULL && i < affine->count; i++)
		mlp_affine_set(net, affine, i, shift[i], scale[i]);
	mlp_affine_enable(net, affine, shift != NULL);
	return MLP_OK;
}

mlp_status mlp_network_set_input_scaling(mlp_network *net, const double *shift, const double *scale)
{
	mlp_status status = check_pair(net, "shift", shift, "scale", scale);
	return status == MLP_OK ? set_affine(net, &net->input, shift, scale) : status;
}

mlp_status mlp_network_set_output_scaling(mlp_network *net, const double *shift,
					  const double *scale)
{
	mlp_status status = check_pair(net, "shift", shift, "scale", scale);
	if (status == MLP_OK && shift != NULL)
		status = mlp_check_scalable_output(net);
	return status == MLP_OK ? set_affine(net, &net->output, shift, scale) : status;
}

mlp_status mlp_network_set_domain(mlp_network *net, const double *lowest, const double *highest)
{
	mlp_status status = check_pair(net, "lowest", lowest, "highest", highest);
	if (status != MLP_OK)
		return status;
	size_t count = net->input.count;
	for (size_t i = 0; lowest != NULL && i < count; i++)
		if (!(lowest[i] <= highest[i]))
			return mlp_fail(MLP_ERR_VALUE,
					"domain of input %: lowest must be <= highest, neither NaN",
					(int64_t)i);
	net->domain.is_set = lowest != NULL;
	if (lowest != NULL) {
		memcpy(net->domain.lowest, lowest, count * sizeof(double));
		memcpy(net->domain.highest, highest, count * sizeof(double));
	}
	return MLP_OK;
}

/* ---- get ------------------------------------------------------------------------------------ */

/* `count` values of an array that is set, else the same value for all. */
static void copy_or_fill(bool is_set, const double *from, double otherwise, size_t count,
			 double *to)
{
	for (size_t i = 0; to != NULL && i < count; i++)
		to[i] = is_set ? from[i] : otherwise;
}

static void get_affine(const struct mlp_affine *affine, double *shift, double *scale)
{
	copy_or_fill(affine->is_set, affine->shift, 0, affine->count, shift);
	copy_or_fill(affine->is_set, affine->scale, 1, affine->count, scale);
}

mlp_status mlp_network_get_input_scaling(const mlp_network *net, double *shift, double *scale)
{
	mlp_status status = mlp_check_pointer("net", net);
	if (status == MLP_OK)
		get_affine(&net->input, shift, scale);
	return status;
}

mlp_status mlp_network_get_output_scaling(const mlp_network *net, double *shift, double *scale)
{
	mlp_status status = mlp_check_pointer("net", net);
	if (status == MLP_OK)
		get_affine(&net->output, shift, scale);
	return status;
}

mlp_status mlp_network_get_domain(const mlp_network *net, double *lowest, double *highest)
{
	mlp_status status = mlp_check_pointer("net", net);
	if (status != MLP_OK)
		return status;
	const struct mlp_domain *domain = &net->domain;
	copy_or_fill(domain->is_set, domain->lowest, (double)-INFINITY, net->input.count, lowest);
	copy_or_fill(domain->is_set, domain->highest, (double)INFINITY, net->input.count, highest);
	return MLP_OK;
}

int mlp_network_has_input_scaling(const mlp_network *net)
{
	mlp_status status = mlp_check_pointer("net", net);
	return status == MLP_OK ? net->input.is_set : (int)status;
}

int mlp_network_has_output_scaling(const mlp_network *net)
{
	mlp_status status = mlp_check_pointer("net", net);
	return status == MLP_OK ? net->output.is_set : (int)status;
}

int mlp_network_has_domain(const mlp_network *net)
{
	mlp_status status = mlp_check_pointer("net", net);
	return status == MLP_OK ? net->domain.is_set : (int)status;
}

/* ---- copy ----------------------------------------------------------------------------------- */

static mlp_status copy_affine(const struct mlp_affine *from, mlp_network *to_net,
			      struct mlp_affine *to)
{
	for (size_t i = 0; from->is_set && i < from->count; i++) {
		if (!shift_is_usable(from->shift[i], to_net->dtype) ||
		    !mlp_scale_is_usable(from->scale[i], to_net->dtype))
			return mlp_fail(MLP_ERR_OVERFLOW,
					"scaling of feature % is out of bounds for float",
					(int64_t)i);
		mlp_affine_set(to_net, to, i, from->shift[i], from->scale[i]);
	}
	to->is_set = from->is_set;
	return MLP_OK;
}

mlp_status mlp_scaling_copy(const mlp_network *from, mlp_network *to)
{
	mlp_status status = copy_affine(&from->input, to, &to->input);
	if (status == MLP_OK)
		status = copy_affine(&from->output, to, &to->output);
	to->domain.is_set = from->domain.is_set;
	if (from->domain.is_set) {
		size_t bytes = from->input.count * sizeof(double);
		memcpy(to->domain.lowest, from->domain.lowest, bytes);
		memcpy(to->domain.highest, from->domain.highest, bytes);
	}
	return status;
}

/* ---- fold ----------------------------------------------------------------------------------- */

static bool has_shift(const struct mlp_affine *affine)
{
	for (size_t i = 0; affine->is_set && i < affine->count; i++)
		if (affine->shift[i] != 0)
			return true;
	return false;
}

/* A layer to be folded into: needs a bias to take a shift. */
static mlp_status check_bias(const mlp_network *net, size_t l, const struct mlp_affine *affine)
{
	return net->layers[l].has_bias || !has_shift(affine)
		       ? MLP_OK
		       : mlp_fail(MLP_ERR_STATE, "layer % has no bias to take the shift",
				  (int64_t)l);
}

mlp_status mlp_network_fold_scaling(mlp_network *net)
{
	mlp_status status = mlp_check_pointer("net", net);
	if (status != MLP_OK)
		return status;
	size_t last = net->layer_count;
	if (net->output.is_set && net->layers[last].activation != MLP_IDENTITY)
		return mlp_fail(MLP_ERR_STATE,
				"scaled outputs can be folded behind the activation identity only");
	status = check_bias(net, 1, &net->input);
	if (status == MLP_OK)
		status = check_bias(net, last, &net->output);
	if (status != MLP_OK || (!net->input.is_set && !net->output.is_set))
		return status;
	size_t bad_layer = net->dtype == MLP_F32 ? mlp_fold_f32(net) : mlp_fold_f64(net);
	if (bad_layer != 0)
		return mlp_fail(MLP_ERR_OVERFLOW,
				"a folded parameter of layer % would not be finite",
				(int64_t)bad_layer);
	net->input.is_set = net->output.is_set = false;
	net->id = mlp_next_id();
	return MLP_OK;
}
