/* Checking what a loss is given. */
#include "objective.h"

#include <math.h>

#include "base/status.h"
#include "check.h"
#include "kernels/kinds.h"

static mlp_status check_loss(mlp_loss loss, double parameter, bool by_class)
{
	if (mlp_loss_name(loss) == NULL)
		return mlp_fail(MLP_ERR_VALUE, "loss is %, unknown", (int)loss);
	if (by_class && loss != MLP_CROSS_ENTROPY)
		return mlp_fail_named(MLP_ERR_LOSS, mlp_loss_name(loss), " takes no class indices");
	if (loss == MLP_HUBER && !(isfinite((REAL)parameter) && (REAL)parameter > 0))
		return mlp_fail_real(MLP_ERR_VALUE,
				     "loss parameter is %, must be finite (for f32, as a float) "
				     "and > 0 for the Huber loss",
				     parameter);
	if (loss == MLP_CROSS_ENTROPY && !(parameter >= 0 && (REAL)parameter < 1))
		return mlp_fail_real(MLP_ERR_VALUE,
				     "loss parameter is %, must be >= 0 and < 1 for the cross "
				     "entropy, whose labels it smooths",
				     parameter);
	if (loss != MLP_HUBER && loss != MLP_CROSS_ENTROPY && !(parameter == 0))
		return mlp_fail_real(MLP_ERR_VALUE, "loss parameter is %, must be 0 for this loss",
				     parameter);
	return MLP_OK;
}

mlp_status FN(check_classes)(const int64_t *classes, const REAL *weight, int64_t batch,
			     int64_t width)
{
	for (int64_t n = 0; n < batch; n++)
		if ((classes[n] < 0 || classes[n] >= width) && (weight == NULL || weight[n] != 0))
			return mlp_fail(MLP_ERR_INDEX, "class of row % is %, must be in 0 .. %", n,
					classes[n], width - 1);
	return MLP_OK;
}

mlp_status FN(sum_weights)(const REAL *weight, int64_t batch, double *sum)
{
	*sum = 0;
	for (int64_t n = 0; n < batch; n++) {
		if (!(isfinite(weight[n]) && weight[n] >= 0))
			return mlp_fail(MLP_ERR_VALUE, "weight of row % is negative or not finite",
					n);
		*sum += (double)weight[n];
	}
	if (*sum == 0)
		return mlp_fail(MLP_ERR_VALUE, "the weights of % rows sum to 0", batch);
	if (!isfinite(*sum))
		return mlp_fail(MLP_ERR_VALUE, "the weights of % rows sum to infinity", batch);
	return MLP_OK;
}

/* The largest target that a loss of a logit makes sense for; without a bound below, the others. */
static double most_for(mlp_loss loss)
{
	return loss == MLP_BINARY_CROSS_ENTROPY ? 1 : (double)REAL_MAX;
}

/* Below 0, or above 1, such a loss has no least value: it would fall for ever. NaN is left to the loss. */
static mlp_status check_values(const struct mlp_objective *objective, size_t ld, size_t batch,
			       size_t width)
{
	const REAL most = (REAL)most_for(objective->loss);
	if (!mlp_reads_logits(objective->loss))
		return MLP_OK;
	for (size_t n = 0; n < batch; n++)
		for (size_t i = 0; i < width; i++) {
			REAL t = objective->values[n * ld + i];
			if ((t < 0 || t > most) &&
			    (objective->weight == NULL || objective->weight[n] != 0))
				return mlp_fail_named(
					MLP_ERR_VALUE, mlp_loss_name(objective->loss),
					most == 1 ? ": target % of row % is outside of 0 .. 1"
						  : ": target % of row % is negative",
					(int64_t)i, (int64_t)n);
		}
	return MLP_OK;
}

mlp_status FN(objective_check)(struct mlp_objective *objective, double parameter, int64_t ld,
			       int64_t batch, int64_t width, mlp_reduction reduction)
{
	bool by_class = objective->classes != NULL;
	if (!by_class && objective->values == NULL)
		return mlp_fail(MLP_ERR_NULL, "target is NULL");
	mlp_status status = check_loss(objective->loss, parameter, by_class);
	if (status != MLP_OK)
		return status;
	if (reduction < MLP_MEAN || reduction > MLP_NONE)
		return mlp_fail(MLP_ERR_VALUE, "reduction is %, unknown", (int)reduction);
	if (reduction == MLP_NONE && objective->weight != NULL)
		return mlp_fail(MLP_ERR_VALUE, "losses of single rows take no sample weights");
	if (by_class)
		status = FN(check_classes)(objective->classes, objective->weight, batch, width);
	else
		status =
			mlp_check_rows("target", objective->values, ld, batch, width, sizeof(REAL));
	if (status == MLP_OK && !by_class)
		status = check_values(objective, (size_t)ld, (size_t)batch, (size_t)width);
	if (status != MLP_OK)
		return status;
	double sum = (double)batch;
	if (objective->weight != NULL)
		status = FN(sum_weights)(objective->weight, batch, &sum);
	objective->parameter = (REAL)parameter;
	objective->ld = (size_t)ld;
	objective->divisor = reduction == MLP_MEAN ? sum : 1;
	return status;
}
