/* The products of one dense layer, for a block of samples stored feature by feature: column j of
 * every matrix below is sample j. Blocks have no gaps: an n x rows block is n * rows values.
 *
 *     w   n_out x n_in      b   n_out
 *     x   n_in x rows       s, ds   n_out x rows */
#ifndef MLP_KERNELS_DENSE_H
#define MLP_KERNELS_DENSE_H

#include <stddef.h>

#include "base/real.h"

/* s = w x + b 1^T            (b NULL: no bias) */
void FN(dense_forward)(const REAL *w, const REAL *b, const REAL *x, size_t n_out, size_t n_in,
		       size_t rows, REAL *s);

/* dx = w^T ds */
void FN(dense_backward)(const REAL *w, const REAL *ds, size_t n_out, size_t n_in, size_t rows,
			REAL *dx);

/* dw += alpha ds x^T         db += alpha ds 1          (db NULL: no bias)
 * With alpha = 1 into a gradient; with alpha = -eta into w and b themselves: the SGD update. */
void FN(dense_gradient)(REAL alpha, const REAL *ds, const REAL *x, size_t n_out, size_t n_in,
			size_t rows, REAL *dw, REAL *db);

#endif
