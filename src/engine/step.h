/* Phase 1 of a step: forward, loss and deltas, block by block through all layers. */
#ifndef MLP_ENGINE_STEP_H
#define MLP_ENGINE_STEP_H

#include "engine/pass.h"
#include "kernels/loss.h"

struct mlp_step {
	const mlp_network *net;
	mlp_workspace *ws;
	const REAL *x; /* [batch][n_0], row stride ld_x */
	size_t ld_x, batch;
	struct mlp_objective objective;
	REAL *y; /* receives x(L), [batch][n_L], row stride ld_y; NULL: not wanted */
	size_t ld_y;
	bool backward;  /* deltas too; else only the losses */
	size_t lowest;  /* layer down to which deltas are wanted */
	bool wants_dx0; /* and dl/dx(0) */
};

/* Leaves the loss of every row in ws->losses, and the quantities in the workspace. Returns 0, or the
 * highest layer l whose ds(l) or x(l-1) has a value that is not finite: their product must not reach
 * a parameter. */
size_t FN(step_samples)(const struct mlp_step *step);

/* The reduced loss of the rows in ws->losses. */
double FN(step_loss)(const struct mlp_step *step);

/* x(L) of a block to the caller's rows. */
void FN(block_output)(const mlp_workspace *ws, struct mlp_block block, REAL *y, size_t ld_y);

#endif
