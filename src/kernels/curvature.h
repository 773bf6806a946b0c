/* Second derivatives, for products of a Hessian with a vector (Pearlmutter 1994). R is the derivative along
 * the direction of that vector: Rs = R{s} and so on, of the same shape as the quantity itself. */
#ifndef MLP_KERNELS_CURVATURE_H
#define MLP_KERNELS_CURVATURE_H

#include <mlp/mlp.h>
#include <stddef.h>

#include "kernels/objective.h"
#include "kernels/vector.h"

/* Rds += sigma''(s) .* Rs .* dx  s is read only if mlp_derivative_needs_s, else x; 0 at kinks. Not for the
 * softmax. */
void KERNEL(activation_curvature)(mlp_activation activation, REAL a, const REAL *s, const REAL *x,
				  const REAL *Rs, const REAL *dx, size_t n, REAL *Rds);

/* Rds += Rx .* (dx - x . dx) - x (Rx . dx) for each sample of a block of n features: what changes in
 * ds = x .* (dx - x . dx) with x. */
void KERNEL(softmax_curvature)(const REAL *x, const REAL *Rx, const REAL *dx, size_t n,
			       size_t lanes, REAL *Rds);

/* Rdl = H Ry, H the second derivative of the term of row number `row` in the reduced loss, y what the loss
 * reads. Rdl may be Ry. 0 where the absolute error and the Huber loss are straight. */
void KERNEL(loss_row_curvature)(const struct mlp_objective *objective, size_t row, const REAL *y,
				size_t width, const REAL *Ry, REAL *Rdl);

#endif
