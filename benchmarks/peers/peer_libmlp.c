/* libmlp itself: mlp_train_step and mlp_forward. */
#include <stdio.h>
#include <string.h>

#include <mlp/mlp.h>

#include "../fail.h"
#include "network.h"
#include "peer.h"

const char *const peer_incomparable = NULL;

static const struct problem *problem;
static mlp_network *net;
static mlp_workspace *training, *inference;
static int64_t batch, inputs, outputs;
static float *y;
static double eta;

/* Gives a pool of so many workers to both workspaces. */
static void set_workers(int workers)
{
	if (workers == 1)
		return;
	mlp_pool *pool = NULL;
	check(mlp_pool_create(workers, &pool), "mlp_pool_create");
	check(mlp_workspace_set_pool(training, pool), "mlp_workspace_set_pool");
	check(mlp_workspace_set_pool(inference, pool), "mlp_workspace_set_pool");
}

const char *peer_open(const struct problem *given, int threads)
{
	static char about[256];
	problem = given;
	batch = (int64_t)problem->batch;
	inputs = (int64_t)problem->widths[0];
	outputs = (int64_t)problem->widths[problem->layer_count];
	eta = problem->eta;
	y = peer_floats(problem->batch * problem->widths[problem->layer_count]);
	net = network_of(problem);
	check(mlp_workspace_create(net, batch, MLP_TRAINING, &training), "mlp_workspace_create");
	check(mlp_workspace_create(net, batch, MLP_INFERENCE, &inference), "mlp_workspace_create");
	set_workers(threads);
	snprintf(about, sizeof about, "libmlp %s: %s", mlp_version_string(),
		 mlp_build_info(MLP_BUILD_RULE));
	return about;
}

void peer_set_eta(double value)
{
	eta = value;
}

void peer_forward(void)
{
	check(mlp_forward_f32(net, inference, problem->x, inputs, batch, y, outputs),
	      "mlp_forward");
}

void peer_step(void)
{
	double loss = 0;
	check(mlp_train_step_f32(net, training, problem->x, inputs, problem->target, outputs, NULL,
				 batch, MLP_SQUARED_ERROR, 0, MLP_MEAN, eta, &loss),
	      "mlp_train_step");
}

void peer_output(float *values)
{
	memcpy(values, y, (size_t)batch * (size_t)outputs * sizeof(float));
}
