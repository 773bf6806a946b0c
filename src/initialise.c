/* Initial values of parameters. */
#include <math.h>

#include "base/id.h"
#include "base/rng.h"
#include "base/status.h"
#include "check.h"

static void store(const mlp_network *net, size_t index, double value)
{
	if (net->dtype == MLP_F32)
		((float *)net->parameters)[index] = (float)value;
	else
		((double *)net->parameters)[index] = value;
}

/* Standard deviation of a normal, or half range of a uniform distribution. */
static double spread(mlp_init init, double parameter, double n_in, double n_out)
{
	switch (init) {
	case MLP_INIT_HE_UNIFORM:
		return sqrt(6 / n_in);
	case MLP_INIT_HE_NORMAL:
		return sqrt(2 / n_in);
	case MLP_INIT_GLOROT_UNIFORM:
		return sqrt(6 / (n_in + n_out));
	case MLP_INIT_GLOROT_NORMAL:
		return sqrt(2 / (n_in + n_out));
	case MLP_INIT_LECUN_NORMAL:
		return sqrt(1 / n_in);
	case MLP_INIT_UNIFORM:
		return parameter;
	case MLP_INIT_MAX_ENUM:
		break;
	}
	return -1; /* unknown */
}

static bool is_normal(mlp_init init)
{
	return init == MLP_INIT_HE_NORMAL || init == MLP_INIT_GLOROT_NORMAL ||
	       init == MLP_INIT_LECUN_NORMAL;
}

static void draw_layer(const mlp_network *net, size_t l, mlp_init init, double parameter,
		       uint64_t seed)
{
	const struct mlp_layer *layer = &net->layers[l];
	double scale = spread(init, parameter, (double)layer->n_in, (double)layer->n_out);
	struct mlp_rng rng;
	mlp_rng_seed(&rng, seed, l);
	for (size_t i = layer->w_offset; i < layer->b_offset; i++)
		store(net, i,
		      scale * (is_normal(init) ? mlp_rng_normal(&rng)
					       : 2 * mlp_rng_uniform(&rng) - 1));
	for (size_t i = 0; i < layer->n_out; i++)
		store(net, layer->b_offset + i, 0);
}

mlp_status mlp_network_init(mlp_network *net, int64_t layer, mlp_init init, double parameter,
			    uint64_t seed)
{
	size_t first, last;
	mlp_status status = mlp_check_layers(net, layer, &first, &last);
	if (status != MLP_OK)
		return status;
	if (spread(init, 0, 1, 1) < 0)
		return mlp_fail(MLP_ERR_VALUE, "init is %, unknown", (int)init);
	if (init == MLP_INIT_UNIFORM)
		status = mlp_check_not_negative(
			"init parameter is %, must be finite (for f32, as a float) and >= 0",
			parameter, net->dtype);
	else if (!(parameter == 0))
		status = mlp_fail_real(MLP_ERR_VALUE,
				       "init parameter is %, must be 0 for this distribution",
				       parameter);
	if (status != MLP_OK)
		return status;
	net->id = mlp_next_id();
	for (size_t l = first; l <= last; l++)
		draw_layer(net, l, init, parameter, seed);
	return MLP_OK;
}
