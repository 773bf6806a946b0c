/* Losses of single rows, value and gradient. */
#ifndef MLP_KERNELS_LOSS_H
#define MLP_KERNELS_LOSS_H

#include "kernels/objective.h"
#include "kernels/vector.h"

/* Loss of row number `row`, unweighted; the derivative of its term in the reduced loss goes to dl
 * (`width` values; may be y itself; NULL: not wanted). y is what the loss reads, the logits or the outputs. */
double KERNEL(loss_row)(const struct mlp_objective *objective, size_t row, const REAL *y,
			size_t width, REAL *dl);

/* For a cross entropy that was computed on logits: its derivative with respect to x, the
 * probabilities that softmax or sigmoid made of them. */
void KERNEL(loss_row_dx)(const struct mlp_objective *objective, size_t row, const REAL *x,
			 size_t width, REAL *dl);

#endif
