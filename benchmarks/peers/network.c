/* A network of libmlp from a problem. */
#include "network.h"

#include <stdlib.h>
#include <string.h>

#include "../fail.h"

mlp_network *network_of(const struct problem *problem)
{
	size_t count = problem->layer_count;
	int64_t *widths = malloc((count + 1) * sizeof *widths);
	if (widths == NULL)
		peer_skip("out of memory");
	for (size_t l = 0; l <= count; l++)
		widths[l] = (int64_t)problem->widths[l];
	mlp_network *net = NULL;
	check(mlp_network_create(MLP_F32, widths, (int64_t)count + 1, &net), "mlp_network_create");
	free(widths);

	int64_t size = mlp_network_parameter_count(net);
	float *parameters = peer_floats((size_t)size);
	for (size_t l = 0; l < count; l++) {
		size_t n_in = problem->widths[l], n_out = problem->widths[l + 1];
		int64_t w = 0, b = 0;
		check(mlp_network_layout(net, (int64_t)l + 1, &w, &b), "mlp_network_layout");
		memcpy(parameters + w, problem->w[l], n_out * n_in * sizeof(float));
		memcpy(parameters + b, problem->b[l], n_out * sizeof(float));
	}
	check(mlp_network_set_parameters_f32(net, parameters, size), "mlp_network_set_parameters");
	free(parameters);
	return net;
}
