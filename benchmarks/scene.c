/* What a measurement is made on. */
#include "scene.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "random.h"

/* Steps at this rate leave the weights where they are, whatever the net. */
#define TINY_ETA 1e-9

/* In the middle of the denormal numbers: they begin below 1e-38 and 2e-308 and have a dozen bits left. */
#define DENORMAL_SCALE ((REAL)(MLP_REAL_BITS == 32 ? 1e-40 : 1e-310))

static mlp_network *make_network(const struct options *options, const struct net *net)
{
	mlp_network *network = NULL;
	check(mlp_network_create(REAL_DTYPE, net->widths, (int64_t)net->width_count, &network),
	      "mlp_network_create");
	check(mlp_network_set_activation(network, MLP_HIDDEN_LAYERS, options->activation),
	      "mlp_network_set_activation");
	return network;
}

static REAL *random_rows(int64_t batch, int64_t width, uint64_t state)
{
	REAL *rows = allocate((size_t)batch, (size_t)width, sizeof(REAL));
	for (size_t i = 0; i < (size_t)batch * (size_t)width; i++)
		rows[i] = (REAL)random_uniform(&state);
	return rows;
}

static void scale_first_layer(mlp_network *net, REAL scale)
{
	int64_t count = mlp_network_parameter_count(net), w_offset = 0;
	size_t first = (size_t)(mlp_network_width(net, 0) * mlp_network_width(net, 1));
	REAL *parameters = allocate((size_t)count, 1, sizeof(REAL));
	check(mlp_network_layout(net, 1, &w_offset, NULL), "mlp_network_layout");
	check(MLP(network_get_parameters)(net, parameters, count), "mlp_network_get_parameters");
	for (size_t i = 0; i < first; i++)
		parameters[(size_t)w_offset + i] *= scale;
	check(MLP(network_set_parameters)(net, parameters, count), "mlp_network_set_parameters");
	free(parameters);
}

static void init(struct FN(scene) * scene, const struct options *options, const struct net *net,
		 int64_t batch, int64_t workers, bool is_denormal)
{
	int64_t outputs = net->widths[net->width_count - 1];
	scene->net = make_network(options, net);
	scene->x = random_rows(batch, net->widths[0], 1);
	scene->target = random_rows(batch, outputs, 2);
	if (is_denormal) {
		scale_first_layer(scene->net, DENORMAL_SCALE);
		memset(scene->target, 0, (size_t)(batch * outputs) * sizeof(REAL));
	}
	FN(ours_init)
	(&scene->ours, options, scene->net, batch, workers, scene->x, scene->target);
	FN(plain_init)(&scene->plain, scene->net, batch, scene->x, scene->target);
	scene->ours.eta = scene->plain.eta = TINY_ETA;
}

void FN(scene_init)(struct FN(scene) * scene, const struct options *options, const struct net *net,
		    int64_t batch, int64_t workers)
{
	init(scene, options, net, batch, workers, false);
}

void FN(scene_init_denormal)(struct FN(scene) * scene, const struct options *options,
			     const struct net *net, int64_t batch, int64_t workers)
{
	init(scene, options, net, batch, workers, true);
}

void FN(scene_free)(struct FN(scene) * scene)
{
	FN(plain_free)(&scene->plain);
	FN(ours_free)(&scene->ours);
	free(scene->x);
	free(scene->target);
	mlp_network_free(scene->net);
}
