/* Updates of pieces of a parameter block. An element's bits do not depend on the piece it is in. */
#ifndef MLP_KERNELS_DESCEND_H
#define MLP_KERNELS_DESCEND_H

#include "kernels/descent.h"
#include "kernels/vector.h"

/* rows x columns parameters of leading dimension ld, and what is kept of them. The gradient of row i is row i of g,
 * of leading dimension ld_g, times factors[i]; NULL: 1. With ds as factors and x as the row of all, ld_g 0, it is
 * ds x^T, with the bits of one_gradient(). */
void KERNEL(descend)(const struct mlp_descent *by, const REAL *factors, const REAL *g, size_t ld_g,
		     size_t rows, size_t columns, struct mlp_descended at, size_t ld);

/* sum of min(|v_i|, clip)^2, in double: neither overflows for floats nor loses digits */
double KERNEL(sum_of_squares)(const REAL *v, size_t n, REAL clip);

/* v <- factor v */
void KERNEL(scale)(REAL factor, size_t n, REAL *v);

#endif
