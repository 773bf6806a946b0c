/* Gradients of single samples, from the passes of a batch. */
#ifndef MLP_ENGINE_PER_SAMPLE_H
#define MLP_ENGINE_PER_SAMPLE_H

#include "base/real.h"
#include "engine/arena.h"
#include "engine/objects.h"

/* norms_n = sqrt(sum over l of |ds_n(l)|^2 (|x_n(l-1)|^2 + 1)), without the 1 for a layer without bias
 * (Goodfellow 2015): the gradient of a sample is an outer product, whose norm is the product of norms. */
void FN(write_gradient_norms)(const mlp_network *net, const mlp_workspace *ws, size_t batch,
			      double *norms);

/* For each worker the x and the ds of one sample. */
struct mlp_columns {
	REAL *x, *ds;
};

/* Run twice: to measure, then for good. */
struct mlp_columns *FN(columns_lay_out)(const mlp_workspace *ws, struct mlp_arena *arena);

/* grads[n] = ds_n(l) x_n(l-1)^T and ds_n(l), in the parameter layout, row stride ld. */
void FN(write_gradient_rows)(const mlp_network *net, const mlp_workspace *ws, size_t batch,
			     const struct mlp_columns *columns, REAL *grads, size_t ld);

#endif
