/* The products of one dense layer, for a block of samples and a range of units: the formulas of the
 * lecture, cut and computed as the rule says. */
#ifndef MLP_ENGINE_PRODUCT_H
#define MLP_ENGINE_PRODUCT_H

#include "base/real.h"
#include "engine/objects.h"

/* Layer l of a network, its parameters or a gradient in their layout. */
struct mlp_dense {
	REAL *w, *b; /* n_out x n_in, n_out; b NULL: no bias */
	size_t n_out, n_in;
};

/* s = w x + b 1^T for the outputs in the range. x: n_in x lanes, s: n_out x lanes */
void FN(dense_forward)(const mlp_workspace *ws, struct mlp_dense layer, struct mlp_block block,
		       struct mlp_range outputs, const REAL *x, REAL *s, size_t worker);

/* dx = w^T ds for the inputs in the range. */
void FN(dense_backward)(const mlp_workspace *ws, struct mlp_dense layer, struct mlp_block block,
			struct mlp_range inputs, const REAL *ds, REAL *dx, size_t worker);

/* dw (+)= alpha ds x^T for outputs and inputs in the ranges, db (+)= alpha ds 1 with the first inputs.
 * Without `add` alpha must be 1. With alpha = -eta and w and b themselves: the SGD update. */
void FN(dense_gradient)(const mlp_workspace *ws, struct mlp_dense gradient, struct mlp_block block,
			struct mlp_range outputs, struct mlp_range inputs, REAL alpha, bool add,
			const REAL *ds, const REAL *x, size_t worker);

#endif
