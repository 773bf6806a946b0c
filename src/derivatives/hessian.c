/* Hessian-vector product of a loss. */
#include "base/status.h"
#include "check.h"
#include "engine/borrow.h"
#include "engine/flushing.h"
#include "engine/hessian.h"
#include "kernels/kernels.h"
#include "steps.h"

/* Forward and backward pass in a workspace that keeps dx apart, and what is made of them. */
static mlp_status compute(struct mlp_step *step, struct mlp_hessian *hessian, REAL *hv)
{
	mlp_workspace *ws = step->ws;
	struct mlp_arena arena = {0};
	size_t bytes;
	FN(hessian_lay_out)(hessian, ws, &arena);
	mlp_status status = mlp_borrow(&ws->allocator, &arena, &bytes);
	if (status != MLP_OK)
		return status;
	FN(hessian_lay_out)(hessian, ws, &arena);
	step->ws = &hessian->shadow;
	double value;
	status = FN(step_compute)(step, &value);
	ws->progress = hessian->shadow.progress;
	if (status == MLP_OK) {
		unsigned long long mode = mlp_flushing_begin(ws);
		FN(hessian_run)(hessian, hv);
		mlp_flushing_end(ws, mode);
	}
	mlp_give_back(&ws->allocator, &arena, bytes);
	if (status == MLP_OK && !ws->kernels->all_finite(hv, step->net->parameter_count))
		status = mlp_fail(MLP_ERR_NONFINITE,
				  "the Hessian-vector product is infinite or not a number");
	return status;
}

static mlp_status hessian_vector(const mlp_network *net, mlp_workspace *ws, const REAL *x,
				 int64_t ld_x, const struct mlp_objective *objective,
				 double parameter, int64_t ld_target, int64_t batch,
				 mlp_reduction reduction, const REAL *v, REAL *hv)
{
	struct mlp_step step;
	mlp_status status = FN(step_check)(&step, net, ws, x, ld_x, objective, parameter, ld_target,
					   batch, reduction);
	if (status == MLP_OK)
		status = FN(step_check_training)(ws, reduction);
	if (status == MLP_OK)
		status = mlp_check_pointer("v", v);
	if (status == MLP_OK)
		status = mlp_check_pointer("hv", hv);
	if (status != MLP_OK)
		return status;
	step.backward = true;
	step.wants_dx0 = ws->mode == MLP_TRACE;
	struct mlp_hessian hessian = {
		.net = net, .batch = step.batch, .objective = step.objective, .v = v};
	return compute(&step, &hessian, hv);
}

mlp_status FN(hessian_vector)(const mlp_network *net, mlp_workspace *ws, const REAL *x,
			      int64_t ld_x, const REAL *target, int64_t ld_target,
			      const REAL *weight, int64_t batch, mlp_loss loss, double parameter,
			      mlp_reduction reduction, const REAL *v, REAL *hv)
{
	struct mlp_objective objective = {.loss = loss, .values = target, .weight = weight};
	return hessian_vector(net, ws, x, ld_x, &objective, parameter, ld_target, batch, reduction,
			      v, hv);
}

mlp_status FN(hessian_vector_class)(const mlp_network *net, mlp_workspace *ws, const REAL *x,
				    int64_t ld_x, const int64_t *target, const REAL *weight,
				    int64_t batch, mlp_loss loss, double parameter,
				    mlp_reduction reduction, const REAL *v, REAL *hv)
{
	struct mlp_objective objective = {.loss = loss, .classes = target, .weight = weight};
	return hessian_vector(net, ws, x, ld_x, &objective, parameter, 0, batch, reduction, v, hv);
}
