/* Losses of single outputs that take exponentials. Their values need the digits of a double whatever the
 * element type, so that they are computed in double for both. */
#ifndef MLP_KERNELS_SMOOTH_H
#define MLP_KERNELS_SMOOTH_H

#include <mlp/mlp.h>
#include <stddef.h>

#include "kernels/vector.h"

/* value_i and slope_i, the derivative with respect to y_i, for log cosh, binary cross entropy (y the
 * logits) and Poisson loss; n is a multiple of DOUBLE_LANES. */
void DOUBLE_KERNEL(smooth_losses)(mlp_loss loss, const double *y, const double *t, size_t n,
				  double *value, double *slope);

#endif
