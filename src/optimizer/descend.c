/* The calls that use an optimizer: update from a gradient, training step, iteration on an objective. */
#include <math.h>

#include "base/cancellation.h"
#include "base/id.h"
#include "base/status.h"
#include "check.h"
#include "engine/descend.h"
#include "engine/flushing.h"
#include "engine/gradient.h"
#include "engine/update.h"
#include "optimizer/descent.h"
#include "steps.h"

/* ---- one step's numbers --------------------------------------------------------------------- */

/* `factor` is of the clipping by norm. */
static struct mlp_descent numbers_of(const mlp_optimizer *optimizer, double factor, bool decays)
{
	const double *hyper = optimizer->hyper;
	const double step = optimizer->scalars[MLP_SCALAR_STEPS] + 1;
	double eta = hyper[MLP_HYPER_ETA], decay = hyper[MLP_HYPER_WEIGHT_DECAY];
	double decay_2 = hyper[optimizer->kind == MLP_RMSPROP ? MLP_HYPER_RHO : MLP_HYPER_BETA_2];
	struct mlp_descent by = {
		.kind = optimizer->kind == MLP_ADAMW ? MLP_ADAM : optimizer->kind,
		.has_momentum = hyper[MLP_HYPER_MOMENTUM] != 0,
		.nesterov = hyper[MLP_HYPER_NESTEROV] != 0,
		.factor = (REAL)factor,
		.clip = hyper[MLP_HYPER_CLIP_VALUE] != 0 ? (REAL)hyper[MLP_HYPER_CLIP_VALUE]
							 : REAL_MAX,
		.l2 = decays ? (REAL)hyper[MLP_HYPER_L2] : 0,
		.keep = decays ? (REAL)(1 - eta * decay) : 1,
		.eta = (REAL)eta,
		.momentum = (REAL)hyper[MLP_HYPER_MOMENTUM],
		.epsilon = (REAL)hyper[MLP_HYPER_EPSILON],
		.decay_1 = (REAL)hyper[MLP_HYPER_BETA_1],
		.rest_1 = (REAL)(1 - hyper[MLP_HYPER_BETA_1]),
		.decay_2 = (REAL)decay_2,
		.rest_2 = (REAL)(1 - decay_2),
		.shrink = (REAL)hyper[MLP_HYPER_ETA_MINUS],
		.grow = (REAL)hyper[MLP_HYPER_ETA_PLUS],
		.first = (REAL)hyper[MLP_HYPER_DELTA_0],
		.least = (REAL)hyper[MLP_HYPER_DELTA_MIN],
		.most = (REAL)hyper[MLP_HYPER_DELTA_MAX],
	};
	if (by.kind == MLP_ADAM) {
		by.eta = (REAL)(eta / (1 - pow(hyper[MLP_HYPER_BETA_1], step)));
		by.root = (REAL)(1 / sqrt(1 - pow(decay_2, step)));
	}
	return by;
}

static struct mlp_descents descents_of(const mlp_optimizer *optimizer, mlp_network *net,
				       double factor)
{
	bool biases_too = optimizer->hyper[MLP_HYPER_DECAY_BIASES] != 0;
	return (struct mlp_descents){
		.weights = numbers_of(optimizer, factor, true),
		.biases = numbers_of(optimizer, factor, biases_too),
		.at = {net->parameters, {optimizer->slots[0], optimizer->slots[1]}}};
}

/* ---- from a gradient in an array ------------------------------------------------------------ */

/* What clipping by norm multiplies the gradient by. */
static mlp_status find_factor(const mlp_optimizer *optimizer, const mlp_network *net,
			      const mlp_workspace *ws, const REAL *grad, double *factor)
{
	const double *hyper = optimizer->hyper, bound = hyper[MLP_HYPER_CLIP_NORM];
	*factor = 1;
	if (bound == 0)
		return MLP_OK;
	REAL clip = hyper[MLP_HYPER_CLIP_VALUE] != 0 ? (REAL)hyper[MLP_HYPER_CLIP_VALUE] : REAL_MAX;
	double norm = sqrt(FN(gradient_square_sum)(net, ws, grad, clip, optimizer->parts));
	if (!isfinite(norm))
		return mlp_fail(MLP_ERR_NONFINITE, "the norm of the gradient is infinite");
	if (norm > bound)
		*factor = bound / norm;
	return MLP_OK;
}

/* What follows on an update, fused or not. */
static void finish(mlp_optimizer *optimizer, mlp_network *net, const mlp_workspace *ws)
{
	REAL bound = (REAL)optimizer->hyper[MLP_HYPER_MAX_NORM];
	if (bound > 0)
		FN(limit_rows)(net, ws, bound);
	optimizer->scalars[MLP_SCALAR_STEPS]++;
}

static mlp_status update(mlp_optimizer *optimizer, mlp_network *net, const mlp_workspace *ws,
			 const REAL *grad)
{
	double factor;
	unsigned long long mode = mlp_flushing_begin(ws);
	size_t bad_layer = FN(find_bad_gradient)(net, ws, grad);
	mlp_status status = MLP_OK;
	if (bad_layer != 0)
		status = mlp_fail(MLP_ERR_NONFINITE,
				  "the gradient of layer % is infinite or not a number",
				  (int64_t)bad_layer);
	if (status == MLP_OK)
		status = find_factor(optimizer, net, ws, grad, &factor);
	if (status == MLP_OK) {
		struct mlp_descents descents = descents_of(optimizer, net, factor);
		net->id = mlp_next_id();
		FN(descend)(net, ws, grad, &descents);
		finish(optimizer, net, ws);
	}
	mlp_flushing_end(ws, mode);
	return status;
}

static mlp_status check(const mlp_optimizer *optimizer, const mlp_network *net,
			const mlp_workspace *ws)
{
	mlp_status status = mlp_check_optimizer(optimizer, net, REAL_DTYPE);
	if (status == MLP_OK)
		status = mlp_check_idle(optimizer);
	return status == MLP_OK && ws != NULL ? mlp_check_workspace(net, ws) : status;
}

mlp_status FN(optimizer_update)(mlp_optimizer *optimizer, mlp_network *net, mlp_workspace *ws,
				const REAL *grad)
{
	mlp_status status = check(optimizer, net, ws);
	if (status == MLP_OK)
		status = mlp_check_pointer("grad", grad);
	if (status == MLP_OK && optimizer->kind == MLP_LBFGS)
		status = mlp_fail(MLP_ERR_STATE, "lbfgs needs an objective, not a gradient alone");
	return status == MLP_OK ? update(optimizer, net, ws, grad) : status;
}

static mlp_status iterate(mlp_optimizer *optimizer, mlp_network *net, mlp_workspace *ws,
			  FN(closure) closure, void *context, double *loss)
{
	if (optimizer->kind == MLP_LBFGS)
		return FN(lbfgs_step)(optimizer, net, ws, closure, context, loss);
	mlp_status status = closure(context, net, loss, optimizer->gradient);
	if (status == MLP_OK && !isfinite(*loss))
		status = mlp_fail(MLP_ERR_NONFINITE, "the objective is not finite");
	return status == MLP_OK ? update(optimizer, net, ws, optimizer->gradient) : status;
}

mlp_status FN(optimizer_minimize)(mlp_optimizer *optimizer, mlp_network *net, mlp_workspace *ws,
				  FN(closure) closure, void *context, double *value)
{
	mlp_status status = check(optimizer, net, ws);
	if (status == MLP_OK && closure == NULL)
		status = mlp_fail(MLP_ERR_NULL, "closure is NULL");
	if (status != MLP_OK)
		return status;
	double loss = 0;
	optimizer->is_busy = true; /* the closure is the host's, and could do anything with it */
	int cancellation = mlp_cancellation_hold();
	status = iterate(optimizer, net, ws, closure, context, &loss);
	mlp_cancellation_release(cancellation);
	optimizer->is_busy = false;
	if (status == MLP_OK && value != NULL)
		*value = loss;
	return status;
}

/* ---- training step -------------------------------------------------------------------------- */

/* The step as an objective. However often it is evaluated, the same units are dropped: it is the step that
 * counts as a pass. */
static mlp_status evaluate(void *context, const mlp_network *net, double *value, REAL *grad)
{
	struct mlp_step *step = context;
	const uint64_t pass = step->ws->dropout.number;
	step->net = net;
	mlp_status status = FN(step_compute)(step, value);
	step->ws->dropout.number = pass;
	if (status != MLP_OK)
		return status;
	unsigned long long mode = mlp_flushing_begin(step->ws);
	FN(write_trained_gradient)(net, step->ws, step->batch, grad);
	mlp_flushing_end(step->ws, mode);
	return MLP_OK;
}

/* Everything in two phases, the gradient never in memory as a whole. */
static mlp_status fused_step(mlp_optimizer *optimizer, mlp_network *net, struct mlp_step *step,
			     double *value)
{
	mlp_status status = FN(step_compute)(step, value);
	if (status != MLP_OK)
		return status;
	struct mlp_descents descents = descents_of(optimizer, net, 1);
	net->id = mlp_next_id();
	unsigned long long mode = mlp_flushing_begin(step->ws);
	FN(apply_descent)(net, step->ws, step->batch, &descents);
	finish(optimizer, net, step->ws);
	mlp_flushing_end(step->ws, mode);
	return MLP_OK;
}

static mlp_status step(mlp_optimizer *optimizer, mlp_network *net, mlp_workspace *ws, const REAL *x,
		       int64_t ld_x, const struct mlp_objective *objective, double parameter,
		       int64_t ld_target, int64_t batch, mlp_reduction reduction, double *value)
{
	struct mlp_step step;
	mlp_status status = check(optimizer, net, ws);
	if (status == MLP_OK)
		status = FN(step_check)(&step, net, ws, x, ld_x, objective, parameter, ld_target,
					batch, reduction);
	if (status == MLP_OK)
		status = FN(step_check_training)(ws, reduction);
	if (status != MLP_OK)
		return status;
	step.trains = step.backward = true;
	step.wants_dx0 = ws->mode == MLP_TRACE;
	step.lowest = ws->mode == MLP_TRACE ? 1 : FN(lowest_trained)(net);
	const uint64_t pass = ws->dropout.number;
	double loss = 0;
	if (optimizer->kind == MLP_LBFGS) {
		status = FN(lbfgs_step)(optimizer, net, ws, evaluate, &step, &loss);
		if (step.dropout.is_on) /* the next pass drops other units: another objective */
			optimizer->scalars[MLP_SCALAR_KNOWN] = 0;
	} else if (optimizer->hyper[MLP_HYPER_CLIP_NORM] != 0) {
		status = evaluate(&step, net, &loss, optimizer->gradient);
		if (status == MLP_OK)
			status = update(optimizer, net, ws, optimizer->gradient);
	} else {
		status = fused_step(optimizer, net, &step, &loss);
	}
	ws->dropout.number = pass + (status == MLP_OK);
	ws->progress.can_backward = false;
	if (status == MLP_OK && value != NULL)
		*value = loss;
	return status;
}

mlp_status FN(optimizer_step)(mlp_optimizer *optimizer, mlp_network *net, mlp_workspace *ws,
			      const REAL *x, int64_t ld_x, const REAL *target, int64_t ld_target,
			      const REAL *weight, int64_t batch, mlp_loss loss, double parameter,
			      mlp_reduction reduction, double *value)
{
	struct mlp_objective objective = {.loss = loss, .values = target, .weight = weight};
	return step(optimizer, net, ws, x, ld_x, &objective, parameter, ld_target, batch, reduction,
		    value);
}

mlp_status FN(optimizer_step_class)(mlp_optimizer *optimizer, mlp_network *net, mlp_workspace *ws,
				    const REAL *x, int64_t ld_x, const int64_t *target,
				    const REAL *weight, int64_t batch, mlp_loss loss,
				    double parameter, mlp_reduction reduction, double *value)
{
	struct mlp_objective objective = {.loss = loss, .classes = target, .weight = weight};
	return step(optimizer, net, ws, x, ld_x, &objective, parameter, 0, batch, reduction, value);
}
