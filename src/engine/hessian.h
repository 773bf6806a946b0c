/* The product of the Hessian of a loss with a vector, exactly (Pearlmutter 1994): what a forward and a
 * backward pass compute is differentiated along the direction v of the parameters. R{w(l)} = V(l) and
 * R{b(l)} = c(l) are the parts of v, and
 *
 *     Rs(l)    = w(l) Rx(l-1) + V(l) x(l-1) + c(l)          Rx(0) = 0
 *     Rx(l)    = sigma'(s(l)) .* Rs(l)
 *     Rdx(l-1) = w(l)^T Rds(l) + V(l)^T ds(l)
 *     Rds(l)   = sigma'(s(l)) .* Rdx(l) + sigma''(s(l)) .* Rs(l) .* dx(l)
 *     Rdw(l)   = Rds(l) x(l-1)^T + ds(l) Rx(l-1)^T          Rdb(l) = Rds(l) 1 */
#ifndef MLP_ENGINE_HESSIAN_H
#define MLP_ENGINE_HESSIAN_H

#include "base/real.h"
#include "engine/arena.h"
#include "engine/objects.h"
#include "kernels/objective.h"

/* Of one layer, for the whole batch, stored like the quantities of a workspace. */
struct mlp_directional {
	REAL *Rs, *Rx, *Rds;
};

struct mlp_hessian {
	const mlp_network *net;
	/* As the caller's workspace, but that dx(l) has memory of its own: a forward and a backward pass
	 * of the batch leave all four quantities. */
	struct mlp_workspace shadow;
	size_t batch;
	struct mlp_objective objective;
	const REAL *v;

	/* made by hessian_lay_out: */
	struct mlp_directional *layers; /* [1 .. L] */
	REAL *sum;                      /* the second product of a sum of two; any layer */
	struct mlp_layer *no_biases;    /* [0 .. L] layers of the network without their biases */
	struct mlp_block_storage *pair; /* [0 .. L] of which factors a gradient is made */
};

/* Run twice: to measure, then for good. Sets `shadow` from the workspace. */
void FN(hessian_lay_out)(struct mlp_hessian *hessian, const mlp_workspace *ws,
			 struct mlp_arena *arena);

/* Rs, Rx and Rds from the passes in `shadow`, and hv from them. */
void FN(hessian_run)(struct mlp_hessian *hessian, REAL *hv);

#endif
