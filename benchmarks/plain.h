/* The plain loop: a training step on CBLAS as a good programmer writes it in an hour. Whole-batch
 * arrays with a row per sample, one product per layer and direction, simple loops for all else. */
#ifndef BENCH_PLAIN_H
#define BENCH_PLAIN_H

#include <stddef.h>

#include <mlp/mlp.h>

#include "real.h"

struct FN(plain_layer) {
	size_t n_in, n_out;
	mlp_activation activation;
	REAL activation_parameter;
	REAL *w, *b; /* n_out x n_in, n_out */
	REAL *s, *x; /* batch x n_out; one array where the derivative does without s */
	REAL *ds;    /* batch x n_out */
};

struct FN(plain) {
	size_t layer_count, batch;
	REAL *parameters; /* in the layout of libmlp */
	struct FN(plain_layer) * layers;
	const REAL *x, *target; /* batch x n_0, batch x n_L */
	double eta;
	double loss; /* of the last step, before its update */
};

/* Parameters are copied from `net`; x and target are the caller's and must outlive the loop. */
void FN(plain_init)(struct FN(plain) * plain, const mlp_network *net, int64_t batch, const REAL *x,
		    const REAL *target);
void FN(plain_free)(struct FN(plain) * plain);

/* The outputs of the last layer, in its x. The context is a plain. */
void FN(plain_forward)(void *context);

/* One step: squared error, mean over the rows, plain gradient descent. The context is a plain. */
void FN(plain_step)(void *context);

#endif
