/* The bare products of a network in CBLAS calls, and nothing else: no bias, no activation, no loss.
 * What remains of a pass when everything but its arithmetic is free.
 *
 * Each pass can be computed sample-major (an array of activations has a row per sample) or
 * feature-major (a row per feature); one sample also by matrix-vector products. */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include <stddef.h>

#include <mlp/mlp.h>

#include "real.h"

struct FN(bare_layer) {
	int n_in, n_out;
	const REAL *w;
	REAL *x;  /* input: the output of the layer before */
	REAL *s;  /* output */
	REAL *ds; /* what comes back to the output */
	REAL *dx; /* what goes back to the input; NULL in the first layer */
	REAL *dw;
};

struct FN(bare) {
	size_t layer_count;
	int batch;
	struct FN(bare_layer) * layers;
};

/* The products of `net`, which must outlive them, over a batch of rows x. */
void FN(bare_init)(struct FN(bare) * bare, const mlp_network *net, int64_t batch, const REAL *x);
void FN(bare_free)(struct FN(bare) * bare);

/* s = w x through all layers; the context is a bare. */
void FN(bare_forward_samples)(void *context);
void FN(bare_forward_features)(void *context);
void FN(bare_forward_vectors)(void *context); /* batch 1 */

/* dw = ds x^T and dx = w^T ds through all layers, without dx(0); the context is a bare. */
void FN(bare_backward_samples)(void *context);
void FN(bare_backward_features)(void *context);
void FN(bare_backward_vectors)(void *context); /* batch 1; dw += ds x^T, as ger has it */

#endif
