/* Forward and loss, gradient, and training step: the loss and the output activation put together. */
#include "base/id.h"
#include "check.h"
#include "engine/gradient.h"
#include "engine/flushing.h"
#include "steps.h"

/* ---- evaluate ------------------------------------------------------------------------------- */

static mlp_status evaluate(const mlp_network *net, mlp_workspace *ws, const REAL *x, int64_t ld_x,
			   const struct mlp_objective *objective, double parameter,
			   int64_t ld_target, int64_t batch, mlp_reduction reduction, double *value,
			   REAL *y, int64_t ld_y)
{
	struct mlp_step step;
	mlp_status status = FN(step_check)(&step, net, ws, x, ld_x, objective, parameter, ld_target,
					   batch, reduction);
	if (status == MLP_OK)
		status = mlp_check_pointer("value", value);
	if (status == MLP_OK && y != NULL)
		status = mlp_check_rows("y", y, ld_y, batch,
					(int64_t)net->layers[net->layer_count].n_out, sizeof(REAL));
	if (status != MLP_OK)
		return status;
	step.y = y;
	step.ld_y = (size_t)ld_y;
	status = FN(step_compute)(&step, reduction == MLP_NONE ? NULL : value);
	for (size_t n = 0; n < step.batch && status == MLP_OK && reduction == MLP_NONE; n++)
		value[n] = ws->losses[n];
	return status;
}

mlp_status FN(evaluate)(const mlp_network *net, mlp_workspace *ws, const REAL *x, int64_t ld_x,
			const REAL *target, int64_t ld_target, const REAL *weight, int64_t batch,
			mlp_loss loss, double parameter, mlp_reduction reduction, double *value,
			REAL *y, int64_t ld_y)
{
	struct mlp_objective objective = {.loss = loss, .values = target, .weight = weight};
	return evaluate(net, ws, x, ld_x, &objective, parameter, ld_target, batch, reduction, value,
			y, ld_y);
}

mlp_status FN(evaluate_class)(const mlp_network *net, mlp_workspace *ws, const REAL *x,
			      int64_t ld_x, const int64_t *target, const REAL *weight,
			      int64_t batch, mlp_loss loss, double parameter,
			      mlp_reduction reduction, double *value, REAL *y, int64_t ld_y)
{
	struct mlp_objective objective = {.loss = loss, .classes = target, .weight = weight};
	return evaluate(net, ws, x, ld_x, &objective, parameter, 0, batch, reduction, value, y,
			ld_y);
}

/* ---- gradient ------------------------------------------------------------------------------- */

static mlp_status gradient(const mlp_network *net, mlp_workspace *ws, const REAL *x, int64_t ld_x,
			   const struct mlp_objective *objective, double parameter,
			   int64_t ld_target, int64_t batch, mlp_reduction reduction,
			   int accumulate, double *value, REAL *grad, REAL *dl_dx0,
			   int64_t ld_dl_dx0)
{
	struct mlp_step step;
	mlp_status status = FN(step_check)(&step, net, ws, x, ld_x, objective, parameter, ld_target,
					   batch, reduction);
	if (status == MLP_OK)
		status = FN(step_check_training)(ws, reduction);
	if (status == MLP_OK && dl_dx0 != NULL)
		status = mlp_check_rows("dl_dx0", dl_dx0, ld_dl_dx0, batch,
					(int64_t)net->layers[1].n_in, sizeof(REAL));
	if (status != MLP_OK)
		return status;
	step.trains = step.backward = true;
	step.wants_dx0 = dl_dx0 != NULL || ws->mode == MLP_TRACE;
	double loss;
	status = FN(step_compute)(&step, &loss);
	if (status != MLP_OK)
		return status;
	if (value != NULL)
		*value = loss;
	unsigned long long mode = mlp_flushing_begin(ws);
	if (grad != NULL)
		FN(write_gradient)(net, ws, step.batch, accumulate != 0, grad);
	if (dl_dx0 != NULL)
		FN(write_input_gradient)(net, ws, step.batch, dl_dx0, (size_t)ld_dl_dx0);
	mlp_flushing_end(ws, mode);
	return MLP_OK;
}

mlp_status FN(gradient)(const mlp_network *net, mlp_workspace *ws, const REAL *x, int64_t ld_x,
			const REAL *target, int64_t ld_target, const REAL *weight, int64_t batch,
			mlp_loss loss, double parameter, mlp_reduction reduction, int accumulate,
			double *value, REAL *grad, REAL *dl_dx0, int64_t ld_dl_dx0)
{
	struct mlp_objective objective = {.loss = loss, .values = target, .weight = weight};
	return gradient(net, ws, x, ld_x, &objective, parameter, ld_target, batch, reduction,
			accumulate, value, grad, dl_dx0, ld_dl_dx0);
}

mlp_status FN(gradient_class)(const mlp_network *net, mlp_workspace *ws, const REAL *x,
			      int64_t ld_x, const int64_t *target, const REAL *weight,
			      int64_t batch, mlp_loss loss, double parameter,
			      mlp_reduction reduction, int accumulate, double *value, REAL *grad,
			      REAL *dl_dx0, int64_t ld_dl_dx0)
{
	struct mlp_objective objective = {.loss = loss, .classes = target, .weight = weight};
	return gradient(net, ws, x, ld_x, &objective, parameter, 0, batch, reduction, accumulate,
			value, grad, dl_dx0, ld_dl_dx0);
}

/* ---- training step -------------------------------------------------------------------------- */

static mlp_status train_step(mlp_network *net, mlp_workspace *ws, const REAL *x, int64_t ld_x,
			     const struct mlp_objective *objective, double parameter,
			     int64_t ld_target, int64_t batch, mlp_reduction reduction, double eta,
			     double *value)
{
	struct mlp_step step;
	mlp_status status = FN(step_check)(&step, net, ws, x, ld_x, objective, parameter, ld_target,
					   batch, reduction);
	if (status == MLP_OK)
		status = FN(step_check_training)(ws, reduction);
	if (status == MLP_OK)
		status = mlp_check_finite("eta is %, must be finite (for f32, as a float)", eta,
					  REAL_DTYPE);
	if (status != MLP_OK)
		return status;
	step.trains = step.backward = true;
	step.wants_dx0 = ws->mode == MLP_TRACE;
	step.lowest = ws->mode == MLP_TRACE ? 1 : FN(lowest_trained)(net);
	double loss;
	status = FN(step_compute)(&step, &loss);
	if (status != MLP_OK)
		return status;
	if (value != NULL)
		*value = loss;
	ws->progress.can_backward = false;
	const REAL rate = (REAL)eta;
	if (rate == 0 || FN(lowest_trained)(net) > net->layer_count)
		return MLP_OK;
	net->id = mlp_next_id();
	unsigned long long mode = mlp_flushing_begin(ws);
	FN(apply_gradient)(net, ws, step.batch, rate);
	mlp_flushing_end(ws, mode);
	return MLP_OK;
}

mlp_status FN(train_step)(mlp_network *net, mlp_workspace *ws, const REAL *x, int64_t ld_x,
			  const REAL *target, int64_t ld_target, const REAL *weight, int64_t batch,
			  mlp_loss loss, double parameter, mlp_reduction reduction, double eta,
			  double *value)
{
	struct mlp_objective objective = {.loss = loss, .values = target, .weight = weight};
	return train_step(net, ws, x, ld_x, &objective, parameter, ld_target, batch, reduction, eta,
			  value);
}

mlp_status FN(train_step_class)(mlp_network *net, mlp_workspace *ws, const REAL *x, int64_t ld_x,
				const int64_t *target, const REAL *weight, int64_t batch,
				mlp_loss loss, double parameter, mlp_reduction reduction,
				double eta, double *value)
{
	struct mlp_objective objective = {.loss = loss, .classes = target, .weight = weight};
	return train_step(net, ws, x, ld_x, &objective, parameter, 0, batch, reduction, eta, value);
}
