/* Derivatives of the outputs with respect to the inputs, carried through the network in blocks of many
 * directions at once: forward, xdot(l) = sigma'(s(l)) .* w(l) xdot(l-1), or in reverse,
 * dx(l-1) = w(l)^T (sigma'(s(l)) .* dx(l)).
 *
 * A block has rows of samples, each sample once for every direction that the block carries: column k
 * rows + n is direction k of sample n. A batch that fills blocks by itself has one direction in each; a
 * small one has as many as make the block as long as the products want it. Then x and s are spread:
 * repeated for every direction, so that the kernels find them beside the derivatives.
 *
 * Directions and results are raw, dy_i/dx_j = scale_i dx(L)_i/dx(0)_j / scale_j: the scaling of inputs
 * and outputs is put in where a direction begins and where it ends. */
#ifndef MLP_ENGINE_CARRY_H
#define MLP_ENGINE_CARRY_H

#include "base/real.h"
#include "engine/arena.h"
#include "engine/objects.h"

struct mlp_carry {
	const mlp_network *net;
	mlp_workspace *ws; /* for training or trace; holds a forward pass of the batch */
	size_t batch;
	bool reverse;  /* from the outputs, by unit vectors; else from the inputs */
	const REAL *v; /* a direction for each sample, [batch][n_0], row stride ld_v; NULL: all */
	size_t ld_v;   /*                                                     unit vectors */
	size_t directions; /* of each sample: 1 with v, else n_0 or, in reverse, n_L */
	/* With v: [batch][n_L]; without: [batch][n_L][n_0]. The distance between samples is ld_out. */
	REAL *out;
	size_t ld_out;

	/* made by carry_lay_out: */
	mlp_schedule schedule;
	size_t group, groups, blocks; /* directions of a block, groups of directions, blocks */
	struct mlp_workspace shadow;  /* ws, with scratch for blocks of that length */
	void **x, **s;                /* [0 .. L] spread; NULL: as they are in ws */
	struct mlp_turns {
		void *values[2]; /* of even and of odd layers */
	} * turns;               /* of every worker or, by outputs, of every block */
};

/* Multiply-adds of carrying the unit vectors of a batch in one direction or the other. */
double FN(carry_work)(const mlp_network *net, size_t batch, bool reverse);

/* Run twice: to measure, then for good. */
void FN(carry_lay_out)(struct mlp_carry *carry, struct mlp_arena *arena);

void FN(carry_run)(struct mlp_carry *carry);

#endif
