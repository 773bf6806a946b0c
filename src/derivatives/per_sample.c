/* Gradients of single samples, and their norms. */
#include <math.h>

#include "base/status.h"
#include "check.h"
#include "engine/borrow.h"
#include "engine/flushing.h"
#include "engine/per_sample.h"
#include "steps.h"

/* Forward and backward pass for the sum of the losses: ds_n(l) belongs to w_n l_n then. */
static mlp_status check_pass(struct mlp_step *step, const mlp_network *net, mlp_workspace *ws,
			     const REAL *x, int64_t ld_x, const struct mlp_objective *objective,
			     double parameter, int64_t ld_target, int64_t batch)
{
	mlp_status status = FN(step_check)(step, net, ws, x, ld_x, objective, parameter, ld_target,
					   batch, MLP_SUM);
	if (status == MLP_OK)
		status = FN(step_check_training)(ws, MLP_SUM);
	if (status != MLP_OK)
		return status;
	step->backward = true;
	step->wants_dx0 = ws->mode == MLP_TRACE;
	return MLP_OK;
}

/* ---- norms ------------------------------------------------------------------------------------ */

static mlp_status gradient_norms(const mlp_network *net, mlp_workspace *ws, const REAL *x,
				 int64_t ld_x, const struct mlp_objective *objective,
				 double parameter, int64_t ld_target, int64_t batch, double *norms)
{
	struct mlp_step step;
	mlp_status status =
		check_pass(&step, net, ws, x, ld_x, objective, parameter, ld_target, batch);
	if (status == MLP_OK)
		status = mlp_check_pointer("norms", norms);
	if (status == MLP_OK)
		status = FN(step_compute)(&step, NULL);
	if (status != MLP_OK)
		return status;
	unsigned long long mode = mlp_flushing_begin(ws);
	FN(write_gradient_norms)(net, ws, step.batch, norms);
	mlp_flushing_end(ws, mode);
	for (size_t n = 0; n < step.batch; n++)
		if (!isfinite(norms[n]))
			return mlp_fail(MLP_ERR_NONFINITE, "the norm of row % is infinite",
					(int64_t)n);
	return MLP_OK;
}

mlp_status FN(gradient_norms)(const mlp_network *net, mlp_workspace *ws, const REAL *x,
			      int64_t ld_x, const REAL *target, int64_t ld_target,
			      const REAL *weight, int64_t batch, mlp_loss loss, double parameter,
			      double *norms)
{
	struct mlp_objective objective = {.loss = loss, .values = target, .weight = weight};
	return gradient_norms(net, ws, x, ld_x, &objective, parameter, ld_target, batch, norms);
}

mlp_status FN(gradient_norms_class)(const mlp_network *net, mlp_workspace *ws, const REAL *x,
				    int64_t ld_x, const int64_t *target, const REAL *weight,
				    int64_t batch, mlp_loss loss, double parameter, double *norms)
{
	struct mlp_objective objective = {.loss = loss, .classes = target, .weight = weight};
	return gradient_norms(net, ws, x, ld_x, &objective, parameter, 0, batch, norms);
}

/* ---- rows ------------------------------------------------------------------------------------- */

static mlp_status compute_rows(struct mlp_step *step, REAL *grads, size_t ld_grads)
{
	const mlp_workspace *ws = step->ws;
	struct mlp_arena arena = {0};
	size_t bytes;
	FN(columns_lay_out)(ws, &arena);
	mlp_status status = mlp_borrow(&ws->allocator, &arena, &bytes);
	if (status != MLP_OK)
		return status;
	const struct mlp_columns *columns = FN(columns_lay_out)(ws, &arena);
	status = FN(step_compute)(step, NULL);
	if (status == MLP_OK) {
		unsigned long long mode = mlp_flushing_begin(ws);
		FN(write_gradient_rows)(step->net, ws, step->batch, columns, grads, ld_grads);
		mlp_flushing_end(ws, mode);
	}
	mlp_give_back(&ws->allocator, &arena, bytes);
	return status;
}

static mlp_status gradient_rows(const mlp_network *net, mlp_workspace *ws, const REAL *x,
				int64_t ld_x, const struct mlp_objective *objective,
				double parameter, int64_t ld_target, int64_t batch, REAL *grads,
				int64_t ld_grads)
{
	struct mlp_step step;
	mlp_status status =
		check_pass(&step, net, ws, x, ld_x, objective, parameter, ld_target, batch);
	if (status == MLP_OK)
		status = mlp_check_rows("grads", grads, ld_grads, batch,
					(int64_t)net->parameter_count, sizeof(REAL));
	return status == MLP_OK ? compute_rows(&step, grads, (size_t)ld_grads) : status;
}

mlp_status FN(gradient_rows)(const mlp_network *net, mlp_workspace *ws, const REAL *x, int64_t ld_x,
			     const REAL *target, int64_t ld_target, const REAL *weight,
			     int64_t batch, mlp_loss loss, double parameter, REAL *grads,
			     int64_t ld_grads)
{
	struct mlp_objective objective = {.loss = loss, .values = target, .weight = weight};
	return gradient_rows(net, ws, x, ld_x, &objective, parameter, ld_target, batch, grads,
			     ld_grads);
}

mlp_status FN(gradient_rows_class)(const mlp_network *net, mlp_workspace *ws, const REAL *x,
				   int64_t ld_x, const int64_t *target, const REAL *weight,
				   int64_t batch, mlp_loss loss, double parameter, REAL *grads,
				   int64_t ld_grads)
{
	struct mlp_objective objective = {.loss = loss, .classes = target, .weight = weight};
	return gradient_rows(net, ws, x, ld_x, &objective, parameter, 0, batch, grads, ld_grads);
}
