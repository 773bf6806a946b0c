/* Forward and loss, gradient, and training step: the loss and the output activation put together. */
#include <math.h>

#include "base/id.h"
#include "base/status.h"
#include "check.h"
#include "engine/gradient.h"
#include "engine/flushing.h"
#include "engine/step.h"
#include "kernels/kinds.h"
#include "objective.h"

/* A logit loss goes with the activation whose logits it reads, or with none. */
static mlp_status check_output(const mlp_network *net, mlp_loss loss)
{
	mlp_activation output = net->layers[net->layer_count].activation;
	if (!mlp_reads_logits(loss) || output == MLP_IDENTITY ||
	    (loss == MLP_BINARY_CROSS_ENTROPY && output == MLP_SIGMOID) ||
	    (loss == MLP_CROSS_ENTROPY && output == MLP_SOFTMAX))
		return MLP_OK;
	return mlp_fail_named(MLP_ERR_LOSS, mlp_loss_name(loss),
			      " reads logits: the output activation must be identity, softmax for "
			      "cross_entropy, or sigmoid for binary_cross_entropy");
}

/* What every step is given. */
static mlp_status check_step(struct mlp_step *step, const mlp_network *net, mlp_workspace *ws,
			     const REAL *x, int64_t ld_x, const struct mlp_objective *objective,
			     double parameter, int64_t ld_target, int64_t batch,
			     mlp_reduction reduction)
{
	mlp_status status = mlp_check_input(net, ws, x, ld_x, batch, REAL_DTYPE);
	if (status != MLP_OK)
		return status;
	*step = (struct mlp_step){.net = net,
				  .ws = ws,
				  .x = x,
				  .ld_x = (size_t)ld_x,
				  .batch = (size_t)batch,
				  .has_loss = true,
				  .objective = *objective,
				  .lowest = 1};
	status = FN(objective_check)(&step->objective, parameter, ld_target, batch,
				     (int64_t)net->layers[net->layer_count].n_out, reduction);
	step->from_logits = mlp_reads_logits(step->objective.loss);
	return status != MLP_OK ? status : check_output(net, step->objective.loss);
}

/* What a step with a backward pass needs besides. */
static mlp_status check_training(const mlp_workspace *ws, mlp_reduction reduction)
{
	if (ws->mode == MLP_INFERENCE)
		return mlp_fail(MLP_ERR_STATE, "an inference workspace cannot go backward");
	if (reduction == MLP_NONE)
		return mlp_fail(MLP_ERR_VALUE,
				"a gradient needs one loss: reduction must be mean or sum");
	return MLP_OK;
}

/* Whether the numbers of phase 1 may go on: every row's loss, the reduced loss unless it is not
 * wanted, and what the gradients will be made of. */
static mlp_status check_finite(const struct mlp_step *step, size_t bad_layer, const double *value)
{
	for (size_t n = 0; n < step->batch; n++)
		if (!isfinite(step->ws->losses[n]))
			return mlp_fail(MLP_ERR_NONFINITE,
					"loss of row % is infinite or not a number", (int64_t)n);
	if (value != NULL && !isfinite(*value))
		return mlp_fail(MLP_ERR_NONFINITE, "the sum of % losses is infinite",
				(int64_t)step->batch);
	return bad_layer == 0 ? MLP_OK : mlp_fail_bad_layer(bad_layer);
}

/* Phase 1 and its check. `value` receives the reduced loss; NULL: there is none. */
static mlp_status run(struct mlp_step *step, double *value)
{
	mlp_workspace *ws = step->ws;
	unsigned long long mode = mlp_flushing_begin(ws);
	size_t bad_layer = FN(step_run)(step);
	mlp_flushing_end(ws, mode);
	double loss = value != NULL ? FN(step_loss)(step) : 0;
	mlp_status status = check_finite(step, bad_layer, value != NULL ? &loss : NULL);
	ws->progress = (struct mlp_progress){.network_id = step->net->id,
					     .batch = step->batch,
					     .forward = true,
					     .backward = step->backward,
					     .output_dx = step->backward,
					     .can_backward =
						     status == MLP_OK && ws->mode != MLP_INFERENCE};
	if (status == MLP_OK && value != NULL)
		*value = loss;
	return status;
}

/* ---- evaluate ------------------------------------------------------------------------------- */

static mlp_status evaluate(const mlp_network *net, mlp_workspace *ws, const REAL *x, int64_t ld_x,
			   const struct mlp_objective *objective, double parameter,
			   int64_t ld_target, int64_t batch, mlp_reduction reduction, double *value,
			   REAL *y, int64_t ld_y)
{
	struct mlp_step step;
	mlp_status status = check_step(&step, net, ws, x, ld_x, objective, parameter, ld_target,
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
	status = run(&step, reduction == MLP_NONE ? NULL : value);
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
	mlp_status status = check_step(&step, net, ws, x, ld_x, objective, parameter, ld_target,
				       batch, reduction);
	if (status == MLP_OK)
		status = check_training(ws, reduction);
	if (status == MLP_OK && dl_dx0 != NULL)
		status = mlp_check_rows("dl_dx0", dl_dx0, ld_dl_dx0, batch,
					(int64_t)net->layers[1].n_in, sizeof(REAL));
	if (status != MLP_OK)
		return status;
	step.backward = true;
	step.wants_dx0 = dl_dx0 != NULL || ws->mode == MLP_TRACE;
	double loss;
	status = run(&step, &loss);
	if (status != MLP_OK)
		return status;
	if (value != NULL)
		*value = loss;
	unsigned long long mode = mlp_flushing_begin(ws);
	if (grad != NULL)
		FN(write_gradient)(net, ws, step.batch, accumulate != 0, grad);
	if (dl_dx0 != NULL)
		FN(write_input_gradient)(ws, step.batch, dl_dx0, (size_t)ld_dl_dx0);
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

/* The lowest layer that is not frozen; L + 1 if there is none. */
static size_t lowest_trained(const mlp_network *net)
{
	size_t l = 1;
	while (l <= net->layer_count && net->layers[l].is_frozen)
		l++;
	return l;
}

static mlp_status train_step(mlp_network *net, mlp_workspace *ws, const REAL *x, int64_t ld_x,
			     const struct mlp_objective *objective, double parameter,
			     int64_t ld_target, int64_t batch, mlp_reduction reduction, double eta,
			     double *value)
{
	struct mlp_step step;
	mlp_status status = check_step(&step, net, ws, x, ld_x, objective, parameter, ld_target,
				       batch, reduction);
	if (status == MLP_OK)
		status = check_training(ws, reduction);
	if (status == MLP_OK)
		status = mlp_check_finite("eta is %, must be finite (for f32, as a float)", eta,
					  REAL_DTYPE);
	if (status != MLP_OK)
		return status;
	step.backward = true;
	step.wants_dx0 = ws->mode == MLP_TRACE;
	step.lowest = ws->mode == MLP_TRACE ? 1 : lowest_trained(net);
	double loss;
	status = run(&step, &loss);
	if (status != MLP_OK)
		return status;
	if (value != NULL)
		*value = loss;
	ws->progress.can_backward = false;
	const REAL rate = (REAL)eta;
	if (rate == 0 || lowest_trained(net) > net->layer_count)
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
