/* Forward and backward of one block of samples through all layers. Blocks are independent of each
 * other. */
#ifndef MLP_ENGINE_PASS_H
#define MLP_ENGINE_PASS_H

#include <stdbool.h>

#include "base/real.h"
#include "engine/objects.h"
#include "engine/rule.h"

/* x(0) .. x(L) of the block. x: inputs of the whole batch, [batch][n_0], row stride ld_x. */
void FN(block_forward)(const mlp_network *net, mlp_workspace *ws, struct mlp_block block,
		       const REAL *x, size_t ld_x);

/* From dx(L) of the block, or from ds(L) if from_logits: ds(l) for l = L .. lowest, and dx(l) for
 * l = L-1 .. lowest - 1 (dx(0) only if wanted). Returns 0, or the highest layer l whose ds(l) or
 * x(l-1) has a value that is not finite. */
size_t FN(block_backward)(const mlp_network *net, mlp_workspace *ws, struct mlp_block block,
			  bool from_logits, size_t lowest, bool wants_dx0);

/* The part of a quantity of layer l (ws->layers[l].x, .s, .dx or .ds) that belongs to a block. */
static inline REAL *FN(block_of)(const mlp_workspace *ws, void *quantity, size_t layer,
				 struct mlp_block block)
{
	if (ws->mode == MLP_INFERENCE) /* one block, used over and over */
		return quantity;
	return (REAL *)quantity + block.first * ws->layers[layer].width;
}

#endif
