/* Forward and backward of one block of samples: the stages that a step is made of. Every stage of
 * a block is independent of other blocks, and every range of units of other ranges. */
#ifndef MLP_ENGINE_PASS_H
#define MLP_ENGINE_PASS_H

#include "engine/step.h"

/* x(0) from the caller's rows. */
void FN(pass_input)(struct mlp_step *step, struct mlp_block block, size_t worker);

/* s(l) and x(l) for the units of layer l in the range; a softmax is left to pass_output. */
void FN(pass_forward)(struct mlp_step *step, size_t l, struct mlp_block block,
		      struct mlp_range units, size_t worker);

/* Softmax, x(L) to the caller, losses, and ds(L): what is done once x(L) or s(L) is complete. */
void FN(pass_output)(struct mlp_step *step, struct mlp_block block, size_t worker);

/* dx(l-1) and ds(l-1), where they are wanted, for the units of layer l - 1 in the range. */
void FN(pass_backward)(struct mlp_step *step, size_t l, struct mlp_block block,
		       struct mlp_range units, size_t worker);

/* What row number `row` of the batch is compared with: `objective`, or where the outputs are scaled one
 * that has the target of this row alone, scaled, in the worker's scratch. */
struct mlp_objective FN(scaled_objective)(const mlp_network *net, const mlp_workspace *ws,
					  const struct mlp_objective *objective, size_t row,
					  size_t worker);

/* The part of a quantity of layer l (ws->layers[l].x, .s, .dx or .ds) that belongs to a block. */
static inline REAL *FN(block_of)(const mlp_workspace *ws, void *quantity, size_t layer,
				 struct mlp_block block)
{
	return (REAL *)quantity + block.first * ws->layers[layer].width;
}

#endif
