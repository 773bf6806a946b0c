/* What a loss compares with what, and how the rows are put together. */
#ifndef MLP_KERNELS_OBJECTIVE_H
#define MLP_KERNELS_OBJECTIVE_H

#include <mlp/mlp.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/real.h"

/* A loss together with what it compares the outputs with. */
struct mlp_objective {
	mlp_loss loss;
	REAL parameter; /* of the Huber loss; of the cross entropy, by how much labels are smoothed */
	const REAL *values; /* target [batch][width], row stride ld; NULL: classes */
	size_t ld;
	const int64_t *classes; /* target of the cross entropy; NULL: values */
	const REAL *weight;     /* sample weights; NULL: all 1 */
	double divisor; /* of a mean: the sum of the weights, or the number of rows; else 1 */
};

/* The reduced loss is the sum of terms over the rows, in their order, given to loss_total. A weight is
 * divided before it multiplies, so that neither tiny nor huge weights spoil a mean. */
static inline double FN(loss_term)(const struct mlp_objective *objective, size_t row, double loss)
{
	if (objective->weight == NULL)
		return loss;
	return (double)objective->weight[row] / objective->divisor * loss;
}

static inline double FN(loss_total)(const struct mlp_objective *objective, double sum)
{
	return objective->weight == NULL ? sum / objective->divisor : sum;
}

/* What the derivatives of a row's loss are multiplied by. */
static inline REAL FN(row_scale)(const struct mlp_objective *objective, size_t row)
{
	double weight = objective->weight == NULL ? 1 : (double)objective->weight[row];
	return (REAL)(weight / objective->divisor);
}

/* A row of weight 0 is left out whatever its target is: 0 times NaN would not be 0. */
static inline bool FN(is_left_out)(const struct mlp_objective *objective, size_t row)
{
	return objective->weight != NULL && objective->weight[row] == 0;
}

#endif
