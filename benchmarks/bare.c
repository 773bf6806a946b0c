/* The bare products of a network in CBLAS calls. */
#include "bare.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "random.h"

void FN(bare_init)(struct FN(bare) * bare, const mlp_network *net, int64_t batch, const REAL *x)
{
	size_t layer_count = (size_t)mlp_network_layer_count(net), rows = (size_t)batch;
	struct FN(bare_layer) *layers = allocate(layer_count, 1, sizeof *layers);
	const REAL *parameters = MLP(network_const_parameters)(net);
	for (size_t l = 0; l < layer_count; l++) {
		struct FN(bare_layer) *layer = &layers[l];
		size_t n_in = (size_t)mlp_network_width(net, (int64_t)l);
		size_t n_out = (size_t)mlp_network_width(net, (int64_t)l + 1);
		int64_t w_offset = 0;
		check(mlp_network_layout(net, (int64_t)l + 1, &w_offset, NULL),
		      "mlp_network_layout");
		layer->n_in = (int)n_in;
		layer->n_out = (int)n_out;
		layer->w = parameters + w_offset;
		layer->x = l > 0 ? layers[l - 1].s : allocate(rows, n_in, sizeof(REAL));
		layer->s = allocate(rows, n_out, sizeof(REAL));
		layer->ds = allocate(rows, n_out, sizeof(REAL));
		layer->dx = l > 0 ? layers[l - 1].ds : NULL;
		layer->dw = allocate(n_out, n_in, sizeof(REAL));
	}
	memcpy(layers[0].x, x, rows * (size_t)layers[0].n_in * sizeof(REAL));

	uint64_t state = 1;
	struct FN(bare_layer) *last = &layers[layer_count - 1];
	for (size_t i = 0; i < rows * (size_t)last->n_out; i++)
		last->ds[i] = (REAL)random_uniform(&state);
	*bare = (struct FN(bare)){layer_count, (int)batch, layers};
	FN(bare_forward_samples)
	(bare); /* a backward pass finds activations in any order of calls */
}

void FN(bare_free)(struct FN(bare) * bare)
{
	free(bare->layers[0].x);
	for (size_t l = 0; l < bare->layer_count; l++) {
		free(bare->layers[l].s);
		free(bare->layers[l].ds);
		free(bare->layers[l].dw);
	}
	free(bare->layers);
}

void FN(bare_forward_samples)(void *context)
{
	const struct FN(bare) *bare = context;
	for (size_t l = 0; l < bare->layer_count; l++) {
		const struct FN(bare_layer) *layer = &bare->layers[l];
		int n_in = layer->n_in, n_out = layer->n_out;
		/* s = x w^T */
		GEMM(CblasRowMajor, CblasNoTrans, CblasTrans, bare->batch, n_out, n_in, 1, layer->x,
		     n_in, layer->w, n_in, 0, layer->s, n_out);
	}
}

void FN(bare_forward_features)(void *context)
{
	const struct FN(bare) *bare = context;
	for (size_t l = 0; l < bare->layer_count; l++) {
		const struct FN(bare_layer) *layer = &bare->layers[l];
		int n_in = layer->n_in, n_out = layer->n_out;
		/* s = w x */
		GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, n_out, bare->batch, n_in, 1,
		     layer->w, n_in, layer->x, bare->batch, 0, layer->s, bare->batch);
	}
}

void FN(bare_forward_vectors)(void *context)
{
	const struct FN(bare) *bare = context;
	for (size_t l = 0; l < bare->layer_count; l++) {
		const struct FN(bare_layer) *layer = &bare->layers[l];
		int n_in = layer->n_in, n_out = layer->n_out;
		/* s = w x */
		GEMV(CblasRowMajor, CblasNoTrans, n_out, n_in, 1, layer->w, n_in, layer->x, 1, 0,
		     layer->s, 1);
	}
}

void FN(bare_backward_samples)(void *context)
{
	const struct FN(bare) *bare = context;
	for (size_t l = bare->layer_count; l-- > 0;) {
		const struct FN(bare_layer) *layer = &bare->layers[l];
		int n_in = layer->n_in, n_out = layer->n_out;
		/* dw = ds^T x */
		GEMM(CblasRowMajor, CblasTrans, CblasNoTrans, n_out, n_in, bare->batch, 1,
		     layer->ds, n_out, layer->x, n_in, 0, layer->dw, n_in);
		if (layer->dx == NULL)
			return;
		/* dx = ds w */
		GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, bare->batch, n_in, n_out, 1,
		     layer->ds, n_out, layer->w, n_in, 0, layer->dx, n_in);
	}
}

void FN(bare_backward_features)(void *context)
{
	const struct FN(bare) *bare = context;
	for (size_t l = bare->layer_count; l-- > 0;) {
		const struct FN(bare_layer) *layer = &bare->layers[l];
		int n_in = layer->n_in, n_out = layer->n_out;
		/* dw = ds x^T */
		GEMM(CblasRowMajor, CblasNoTrans, CblasTrans, n_out, n_in, bare->batch, 1,
		     layer->ds, bare->batch, layer->x, bare->batch, 0, layer->dw, n_in);
		if (layer->dx == NULL)
			return;
		/* dx = w^T ds */
		GEMM(CblasRowMajor, CblasTrans, CblasNoTrans, n_in, bare->batch, n_out, 1, layer->w,
		     n_in, layer->ds, bare->batch, 0, layer->dx, bare->batch);
	}
}

void FN(bare_backward_vectors)(void *context)
{
	const struct FN(bare) *bare = context;
	for (size_t l = bare->layer_count; l-- > 0;) {
		const struct FN(bare_layer) *layer = &bare->layers[l];
		int n_in = layer->n_in, n_out = layer->n_out;
		/* dw += ds x^T */
		GER(CblasRowMajor, n_out, n_in, 1, layer->ds, 1, layer->x, 1, layer->dw, n_in);
		if (layer->dx == NULL)
			return;
		/* dx = w^T ds */
		GEMV(CblasRowMajor, CblasTrans, n_out, n_in, 1, layer->w, n_in, layer->ds, 1, 0,
		     layer->dx, 1);
	}
}
