/* The calls of libmlp that are measured. */
#include "ours.h"

#include <stdlib.h>

#include "fail.h"

static mlp_workspace *make_workspace(const struct FN(ours) * ours, const struct options *options)
{
	mlp_workspace *ws = NULL;
	check(mlp_workspace_create(ours->net, ours->batch, MLP_TRAINING, &ws),
	      "mlp_workspace_create");
	if (ours->pool != NULL)
		check(mlp_workspace_set_pool(ws, ours->pool), "mlp_workspace_set_pool");
	for (int tuning = 1; tuning < TUNING_COUNT; tuning++)
		if (options->tuning[tuning] != 0)
			check(mlp_workspace_set_tuning(ws, (mlp_tuning)tuning,
						       options->tuning[tuning]),
			      "mlp_workspace_set_tuning");
	return ws;
}

void FN(ours_init)(struct FN(ours) * ours, const struct options *options, const mlp_network *net,
		   int64_t batch, int64_t workers, const REAL *x, const REAL *target)
{
	*ours = (struct FN(ours)){.batch = batch, .x = x, .target = target};
	ours->inputs = mlp_network_width(net, 0);
	ours->outputs = mlp_network_width(net, mlp_network_layer_count(net));
	if (workers > 1)
		check(mlp_pool_create(workers, &ours->pool), "mlp_pool_create");
	check(mlp_network_clone(net, &ours->net), "mlp_network_clone");
	check(mlp_network_clone(net, &ours->step_net), "mlp_network_clone");
	ours->ws = make_workspace(ours, options);
	ours->step_ws = make_workspace(ours, options);
	if (options->flush_denormals)
		FN(ours_flush_denormals)(ours);

	size_t rows = (size_t)batch;
	ours->y = allocate(rows, (size_t)ours->outputs, sizeof(REAL));
	ours->dl_dy = allocate(rows, (size_t)ours->outputs, sizeof(REAL));
	ours->dl_dx0 = allocate(rows, (size_t)ours->inputs, sizeof(REAL));
	ours->grad = allocate((size_t)mlp_network_parameter_count(net), 1, sizeof(REAL));

	FN(ours_forward)(ours);
	check(MLP(loss)(MLP_SQUARED_ERROR, 0, ours->y, ours->outputs, target, ours->outputs, NULL,
			batch, ours->outputs, MLP_MEAN, &ours->loss, ours->dl_dy, ours->outputs),
	      "mlp_loss");
	FN(ours_backward)(ours);
}

void FN(ours_free)(struct FN(ours) * ours)
{
	mlp_workspace_free(ours->ws);
	mlp_workspace_free(ours->step_ws);
	mlp_pool_free(ours->pool);
	mlp_network_free(ours->net);
	mlp_network_free(ours->step_net);
	free(ours->y);
	free(ours->dl_dy);
	free(ours->dl_dx0);
	free(ours->grad);
}

void FN(ours_flush_denormals)(struct FN(ours) * ours)
{
	check(mlp_workspace_set_flush_denormals(ours->ws, 1), "mlp_workspace_set_flush_denormals");
	check(mlp_workspace_set_flush_denormals(ours->step_ws, 1),
	      "mlp_workspace_set_flush_denormals");
}

void FN(ours_forward)(void *context)
{
	struct FN(ours) *ours = context;
	check(MLP(forward)(ours->net, ours->ws, ours->x, ours->inputs, ours->batch, ours->y,
			   ours->outputs),
	      "mlp_forward");
}

void FN(ours_backward)(void *context)
{
	struct FN(ours) *ours = context;
	check(MLP(backward)(ours->net, ours->ws, ours->dl_dy, ours->outputs, ours->batch, 0,
			    ours->grad, NULL, 0),
	      "mlp_backward");
}

void FN(ours_backward_input)(void *context)
{
	struct FN(ours) *ours = context;
	check(MLP(backward)(ours->net, ours->ws, ours->dl_dy, ours->outputs, ours->batch, 0,
			    ours->grad, ours->dl_dx0, ours->inputs),
	      "mlp_backward");
}

void FN(ours_update)(void *context)
{
	struct FN(ours) *ours = context;
	check(MLP(update)(ours->net, ours->ws, ours->grad, ours->eta), "mlp_update");
}

void FN(ours_step)(void *context)
{
	struct FN(ours) *ours = context;
	check(MLP(train_step)(ours->step_net, ours->step_ws, ours->x, ours->inputs, ours->target,
			      ours->outputs, NULL, ours->batch, MLP_SQUARED_ERROR, 0, MLP_MEAN,
			      ours->eta, &ours->loss),
	      "mlp_train_step");
}
