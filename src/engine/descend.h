/* An optimizer's update of a network, from a gradient in an array; gradient.h has the one that goes tile by
 * tile with the gradient's products. Layers that are frozen and biases that are switched off are left alone. */
#ifndef MLP_ENGINE_DESCEND_H
#define MLP_ENGINE_DESCEND_H

#include "base/real.h"
#include "engine/objects.h"
#include "kernels/descent.h"

/* A step's numbers, and the whole blocks that they are for. */
struct mlp_descents {
	struct mlp_descent weights, biases;
	struct mlp_descended at;
};

/* The same from parameter `first` on. */
static inline struct mlp_descended FN(descended_at)(const struct mlp_descents *descents,
						    size_t first)
{
	struct mlp_descended at = descents->at;
	at.w += first;
	for (size_t i = 0; i < sizeof(at.slots) / sizeof(at.slots[0]); i++)
		if (at.slots[i] != NULL)
			at.slots[i] += first;
	return at;
}

/* ws NULL: on the caller's thread. */
void FN(descend)(const mlp_network *net, const mlp_workspace *ws, const REAL *grad,
		 const struct mlp_descents *descents);

/* Sum of min(|g|, clip)^2 over the trained parameters, in one fixed order. parts: room for
 * mlp_chunk_count(net) numbers. */
double FN(gradient_square_sum)(const mlp_network *net, const mlp_workspace *ws, const REAL *grad,
			       REAL clip, double *parts);

/* Rows of w(l) that are longer than `bound` are scaled to it. */
void FN(limit_rows)(mlp_network *net, const mlp_workspace *ws, REAL bound);

#endif
