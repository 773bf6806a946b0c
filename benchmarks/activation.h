/* Activation functions for the plain loop: the formulas of mlp/mlp.h in loops over libm. */
#ifndef BENCH_ACTIVATION_H
#define BENCH_ACTIVATION_H

#include <stdbool.h>
#include <stddef.h>

#include <mlp/mlp.h>

#include "real.h"

/* Whether the derivative needs s; otherwise x alone will do. */
bool FN(activation_needs_s)(mlp_activation activation);

/* x = sigma(s), n values, a the activation's parameter; x may be s. */
void FN(activation_forward)(mlp_activation activation, REAL a, const REAL *s, size_t n, REAL *x);

/* ds <- ds .* sigma'(s): on entry ds holds dl/dx, n values. s is read only where needed. */
void FN(activation_backward)(mlp_activation activation, REAL a, const REAL *s, const REAL *x,
			     size_t n, REAL *ds);

#endif
