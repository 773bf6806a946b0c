/* Rows of data in the caller's memory, or in a batch: inputs, targets, weights. */
#ifndef MLP_TRAINER_ROWS_H
#define MLP_TRAINER_ROWS_H

#include <mlp/mlp.h>

struct mlp_rows {
	const void *x; /* [count][n_0] */
	int64_t ld_x;
	const void *values; /* targets [count][n_L]; NULL: they are classes */
	int64_t ld_target;
	const int64_t *classes; /* targets [count]; NULL: they are values */
	const void *weight;     /* [count]; NULL: all 1 */
	int64_t count;          /* 0: no rows */
};

#endif
