/* Losses of single rows, value and gradient. */
#ifndef MLP_KERNELS_LOSS_H
#define MLP_KERNELS_LOSS_H

#include <mlp/mlp.h>
#include <stddef.h>

#include "base/real.h"

/* A loss together with what it compares the outputs with. */
struct mlp_objective {
	mlp_loss loss;
	REAL parameter;     /* of the Huber loss */
	const REAL *values; /* target [batch][width], row stride ld; NULL: classes */
	size_t ld;
	const int64_t *classes; /* target of the cross entropy; NULL: values */
	const REAL *weight;     /* sample weights; NULL: all 1 */
	double scale;           /* of the reduction: 1, or 1 / sum of weights */
};

/* Loss of row number `row`, unweighted; the derivative of scale * weight * loss goes to dl (`width`
 * values; may be y itself; NULL: not wanted). y is what the loss reads, the logits or the outputs. */
double FN(loss_row)(const struct mlp_objective *objective, size_t row, const REAL *y, size_t width,
		    REAL *dl);

/* For a cross entropy that was computed on logits: its derivative with respect to x, the
 * probabilities that softmax or sigmoid made of them. */
void FN(loss_row_dx)(const struct mlp_objective *objective, size_t row, const REAL *x, size_t width,
		     REAL *dl);

#endif
