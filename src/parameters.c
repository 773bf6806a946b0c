/* Reading and writing parameters: in place, all at once, or layer by layer. */
#include <string.h>

#include "base/id.h"
#include "base/status.h"
#include "check.h"
#include "base/real.h"

REAL *FN(network_parameters)(mlp_network *net)
{
	return mlp_check_network(net, REAL_DTYPE) == MLP_OK ? net->parameters : NULL;
}

const REAL *FN(network_const_parameters)(const mlp_network *net)
{
	return mlp_check_network(net, REAL_DTYPE) == MLP_OK ? net->parameters : NULL;
}

static mlp_status check_all(const mlp_network *net, const REAL *parameters, int64_t count)
{
	mlp_status status = mlp_check_network(net, REAL_DTYPE);
	if (status == MLP_OK)
		status = mlp_check_pointer("parameters", parameters);
	if (status == MLP_OK && count != (int64_t)net->parameter_count)
		status = mlp_fail(MLP_ERR_SIZE, "count is %, network has % parameters", count,
				  (int64_t)net->parameter_count);
	return status;
}

mlp_status FN(network_get_parameters)(const mlp_network *net, REAL *parameters, int64_t count)
{
	mlp_status status = check_all(net, parameters, count);
	if (status == MLP_OK)
		memcpy(parameters, net->parameters, (size_t)count * sizeof(REAL));
	return status;
}

mlp_status FN(network_set_parameters)(mlp_network *net, const REAL *parameters, int64_t count)
{
	mlp_status status = check_all(net, parameters, count);
	if (status != MLP_OK)
		return status;
	net->id = mlp_next_id();
	memcpy(net->parameters, parameters, (size_t)count * sizeof(REAL));
	return MLP_OK;
}

static mlp_status check_weights(const mlp_network *net, int64_t layer, const REAL *w, int64_t ld_w)
{
	mlp_status status = mlp_check_network(net, REAL_DTYPE);
	if (status == MLP_OK)
		status = mlp_check_layer(net, layer, 1);
	if (status == MLP_OK)
		status = mlp_check_rows("w", w, ld_w, (int64_t)net->layers[layer].n_out,
					(int64_t)net->layers[layer].n_in, sizeof(REAL));
	return status;
}

static void copy_rows(const REAL *from, size_t ld_from, size_t rows, size_t width, REAL *to,
		      size_t ld_to)
{
	for (size_t i = 0; i < rows; i++)
		memcpy(to + i * ld_to, from + i * ld_from, width * sizeof(REAL));
}

mlp_status FN(network_get_weights)(const mlp_network *net, int64_t layer, REAL *w, int64_t ld_w)
{
	mlp_status status = check_weights(net, layer, w, ld_w);
	if (status != MLP_OK)
		return status;
	const struct mlp_layer *found = &net->layers[layer];
	copy_rows((const REAL *)net->parameters + found->w_offset, found->n_in, found->n_out,
		  found->n_in, w, (size_t)ld_w);
	return MLP_OK;
}

mlp_status FN(network_set_weights)(mlp_network *net, int64_t layer, const REAL *w, int64_t ld_w)
{
	mlp_status status = check_weights(net, layer, w, ld_w);
	if (status != MLP_OK)
		return status;
	const struct mlp_layer *found = &net->layers[layer];
	net->id = mlp_next_id();
	copy_rows(w, (size_t)ld_w, found->n_out, found->n_in,
		  (REAL *)net->parameters + found->w_offset, found->n_in);
	return MLP_OK;
}

static mlp_status check_biases(const mlp_network *net, int64_t layer, const REAL *b)
{
	mlp_status status = mlp_check_network(net, REAL_DTYPE);
	if (status == MLP_OK)
		status = mlp_check_layer(net, layer, 1);
	if (status == MLP_OK)
		status = mlp_check_pointer("b", b);
	return status;
}

mlp_status FN(network_get_biases)(const mlp_network *net, int64_t layer, REAL *b)
{
	mlp_status status = check_biases(net, layer, b);
	if (status != MLP_OK)
		return status;
	const struct mlp_layer *found = &net->layers[layer];
	if (found->has_bias)
		memcpy(b, (const REAL *)net->parameters + found->b_offset,
		       found->n_out * sizeof(REAL));
	else
		memset(b, 0, found->n_out * sizeof(REAL));
	return MLP_OK;
}

mlp_status FN(network_set_biases)(mlp_network *net, int64_t layer, const REAL *b)
{
	mlp_status status = check_biases(net, layer, b);
	if (status != MLP_OK)
		return status;
	const struct mlp_layer *found = &net->layers[layer];
	if (!found->has_bias)
		return mlp_fail(MLP_ERR_STATE, "layer % has no bias", layer);
	net->id = mlp_next_id();
	memcpy((REAL *)net->parameters + found->b_offset, b, found->n_out * sizeof(REAL));
	return MLP_OK;
}
