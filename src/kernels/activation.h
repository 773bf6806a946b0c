/* Activation functions, value and derivative. All but the softmax work on single values, so they take
 * a block as one flat array of n values. */
#ifndef MLP_KERNELS_ACTIVATION_H
#define MLP_KERNELS_ACTIVATION_H

#include <mlp/mlp.h>
#include <stddef.h>

#include "kernels/vector.h"

/* x = sigma(s)                   x may be s; a is the activation's parameter */
void KERNEL(activation_forward)(mlp_activation activation, REAL a, const REAL *s, size_t n,
				REAL *x);

/* ds = dx .* sigma'(s)           ds may be dx; s is read only if mlp_derivative_needs_s, else x */
void KERNEL(activation_backward)(mlp_activation activation, REAL a, const REAL *s, const REAL *x,
				 const REAL *dx, size_t n, REAL *ds);

/* x = softmax(s) for each of the samples of a block of n features */
void KERNEL(softmax_forward)(const REAL *s, size_t n, size_t lanes, REAL *x);

/* ds = x .* (dx - x . dx) for each of the samples     ds may be dx */
void KERNEL(softmax_backward)(const REAL *x, const REAL *dx, size_t n, size_t lanes, REAL *ds);

#endif
