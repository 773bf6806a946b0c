/* Phase 1 of a step: forward, loss and deltas of a batch, shared out to the workers by blocks of samples or
 * layer by layer. The same stages serve a forward or a backward pass alone. */
#ifndef MLP_ENGINE_STEP_H
#define MLP_ENGINE_STEP_H

#include <stdatomic.h>

#include "base/real.h"
#include "engine/objects.h"
#include "kernels/objective.h"

struct mlp_step {
	const mlp_network *net;
	mlp_workspace *ws;
	size_t batch;
	/* forward: */
	const REAL *x; /* [batch][n_0], row stride ld_x; NULL: no forward pass */
	size_t ld_x;
	REAL *y; /* receives x(L), [batch][n_L], row stride ld_y; NULL: not wanted */
	size_t ld_y;
	/* loss: */
	bool has_loss;
	struct mlp_objective objective;
	/* backward: */
	bool backward;
	bool from_logits; /* begins with dl/ds(L), not with dl/dx(L) */
	const REAL *dl; /* either of them, [batch][n_L], row stride ld_dl; NULL: that of the loss */
	size_t ld_dl;
	size_t lowest;                   /* layer down to which deltas are wanted */
	bool wants_dx0;                  /* and dl/dx(0) */
	struct mlp_dropout_pass dropout; /* which units the pass drops, forward and backward */
	bool trains; /* step_compute sets that, from the network's rates, and counts the pass */
	/* set while it runs: */
	mlp_schedule schedule;
	atomic_size_t bad_layer; /* highest layer l whose ds(l) or x(l-1) is not finite; 0: none */
};

/* Leaves the quantities in the workspace, and the loss of every row in ws->losses. Returns 0, or the
 * highest layer l whose ds(l) or x(l-1) has a value that is not finite: their product must not reach
 * a parameter. */
size_t FN(step_run)(struct mlp_step *step);

/* The reduced loss of the rows in ws->losses. */
double FN(step_loss)(const struct mlp_step *step);

#endif
