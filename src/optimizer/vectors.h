/* Arithmetic of vectors in the parameter layout, of the trained parameters alone: what they hold of others is
 * neither read nor written. Shared out to the workers of a workspace, whose setting for denormal numbers
 * holds (ws NULL: the caller's thread, as it is); sums are taken in one fixed order. */
#ifndef MLP_OPTIMIZER_VECTORS_H
#define MLP_OPTIMIZER_VECTORS_H

#include "base/real.h"
#include "engine/objects.h"

struct mlp_space {
	const mlp_network *net;
	const mlp_workspace *ws;
	double *parts; /* of sums: room for mlp_chunk_count(net) */
};

double FN(vectors_dot)(const struct mlp_space *space, const REAL *a, const REAL *b);

/* y += alpha x */
void FN(vectors_add)(const struct mlp_space *space, double alpha, const REAL *x, REAL *y);

void FN(vectors_copy)(const struct mlp_space *space, const REAL *from, REAL *to);

/* x <- alpha x */
void FN(vectors_scale)(const struct mlp_space *space, double alpha, REAL *x);

/* c = a - b */
void FN(vectors_subtract)(const struct mlp_space *space, const REAL *a, const REAL *b, REAL *c);

/* In every bit. */
bool FN(vectors_are_same)(const struct mlp_space *space, const REAL *a, const REAL *b);

/* |w|^2, without biases unless biases_too; lambda w is added to g for the same. */
double FN(vectors_add_penalty)(const struct mlp_space *space, double lambda, bool biases_too,
			       const REAL *w, REAL *g);

#endif
