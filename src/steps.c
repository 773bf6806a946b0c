/* Putting the arguments of a step together, and running its phase 1. */
#include "steps.h"

#include <math.h>

#include "base/status.h"
#include "check.h"
#include "engine/flushing.h"
#include "kernels/kinds.h"
#include "objective.h"

/* A logit loss goes with the activation whose logits it reads, or with none. */
static mlp_status check_output(const mlp_network *net, mlp_loss loss)
{
	mlp_activation output = net->layers[net->layer_count].activation;
	if (mlp_reads_logits(loss) && net->output.is_set)
		return mlp_fail_named(MLP_ERR_LOSS, mlp_loss_name(loss),
				      " reads logits, which cannot be scaled as these outputs are");
	if (!mlp_reads_logits(loss) || output == MLP_IDENTITY ||
	    (loss == MLP_BINARY_CROSS_ENTROPY && output == MLP_SIGMOID) ||
	    (loss == MLP_CROSS_ENTROPY && output == MLP_SOFTMAX))
		return MLP_OK;
	return mlp_fail_named(MLP_ERR_LOSS, mlp_loss_name(loss),
			      " reads logits: the output activation must be identity, softmax for "
			      "cross_entropy, or sigmoid for binary_cross_entropy");
}

mlp_status FN(step_check)(struct mlp_step *step, const mlp_network *net, mlp_workspace *ws,
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

mlp_status FN(step_check_training)(const mlp_workspace *ws, mlp_reduction reduction)
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
					"loss of row % of the batch is infinite or not a number",
					(int64_t)n);
	if (value != NULL && !isfinite(*value))
		return mlp_fail(MLP_ERR_NONFINITE, "the sum of % losses is infinite",
				(int64_t)step->batch);
	return bad_layer == 0 ? MLP_OK : mlp_fail_bad_layer(bad_layer);
}

static bool has_dropout(const mlp_network *net)
{
	for (size_t l = 0; l < net->layer_count; l++)
		if (net->layers[l].dropout > 0)
			return true;
	return false;
}

mlp_status FN(step_compute)(struct mlp_step *step, double *value)
{
	mlp_workspace *ws = step->ws;
	if (step->trains)
		step->dropout = (struct mlp_dropout_pass){has_dropout(step->net), ws->dropout.seed,
							  ws->dropout.number};
	unsigned long long mode = mlp_flushing_begin(ws);
	size_t bad_layer = FN(step_run)(step);
	mlp_flushing_end(ws, mode);
	double loss = value != NULL ? FN(step_loss)(step) : 0;
	mlp_status status = check_finite(step, bad_layer, value != NULL ? &loss : NULL);
	ws->progress =
		(struct mlp_progress){.network_id = step->net->id,
				      .batch = step->batch,
				      .forward = true,
				      .backward = step->backward,
				      .output_dx = step->backward,
				      .can_backward = status == MLP_OK && ws->mode != MLP_INFERENCE,
				      .dropout = step->dropout};
	if (status == MLP_OK && step->trains)
		ws->dropout.number++;
	if (status == MLP_OK && value != NULL)
		*value = loss;
	return status;
}

size_t FN(lowest_trained)(const mlp_network *net)
{
	size_t l = 1;
	while (l <= net->layer_count && net->layers[l].is_frozen)
		l++;
	return l;
}
