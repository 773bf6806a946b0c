/* Making an objective out of a caller's arguments. */
#ifndef MLP_OBJECTIVE_H
#define MLP_OBJECTIVE_H

#include "kernels/objective.h"

/* Check everything that a loss is given but what it reads (y): enumerators, parameter, targets of
 * `batch` rows of `width` values, sample weights; and work out the divisor of the reduction. Either
 * values or classes are given in `objective`; the other is NULL. Only the cross entropy takes
 * classes. */
mlp_status FN(objective_check)(struct mlp_objective *objective, double parameter, int64_t ld,
			       int64_t batch, int64_t width, mlp_reduction reduction);

/* Classes in range, but for rows of weight 0, which are left out. */
mlp_status FN(check_classes)(const int64_t *classes, const REAL *weight, int64_t batch,
			     int64_t width);

/* Sum of sample weights, which are finite and >= 0; so is it, and not 0. */
mlp_status FN(sum_weights)(const REAL *weight, int64_t batch, double *sum);

#endif
