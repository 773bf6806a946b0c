/* The plain loop of mlp-bench: CBLAS with the update folded into the weight-gradient product. */
#include <string.h>

#include "../fail.h"
#include "../plain.h"
#include "network.h"
#include "peer.h"

const char *const peer_incomparable = NULL;

static struct plain_f32 plain;

const char *peer_open(const struct problem *given, int threads)
{
	(void)threads; /* by the environment of the BLAS */
	mlp_network *net = network_of(given);
	plain_init_f32(&plain, net, (int64_t)given->batch, given->x, given->target);
	mlp_network_free(net);
	plain.eta = given->eta;
	return "benchmarks/plain.c on the CBLAS of libmlp";
}

void peer_set_eta(double value)
{
	plain.eta = value;
}

void peer_forward(void)
{
	plain_forward_f32(&plain);
}

void peer_step(void)
{
	plain_step_f32(&plain);
}

void peer_output(float *values)
{
	const struct plain_layer_f32 *last = &plain.layers[plain.layer_count - 1];
	memcpy(values, last->x, plain.batch * last->n_out * sizeof(float));
}
