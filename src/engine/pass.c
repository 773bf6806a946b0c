/* Forward and backward of one block of samples, and the gradient of one layer. */
#include "engine/pass.h"

#include "kernels/activation.h"
#include "kernels/block.h"
#include "kernels/dense.h"

/* x(l) = sigma(s(l)) */
static void activate(const struct mlp_layer *layer, const REAL *s, size_t rows, REAL *x)
{
	if (layer->activation == MLP_SOFTMAX)
		FN(softmax_forward)(s, layer->n_out, rows, x);
	else
		FN(activation_forward)
	(layer->activation, (REAL)layer->parameter, s, layer->n_out * rows, x);
}

/* ds(l) = dx(l) .* sigma'(s(l)) */
static void derive(const struct mlp_layer *layer, const REAL *s, const REAL *x, const REAL *dx,
		   size_t rows, REAL *ds)
{
	if (layer->activation == MLP_SOFTMAX)
		FN(softmax_backward)(x, dx, layer->n_out, rows, ds);
	else
		FN(activation_backward)
	(layer->activation, (REAL)layer->parameter, s, x, dx, layer->n_out * rows, ds);
}

void FN(block_forward)(const mlp_network *net, mlp_workspace *ws, struct mlp_block block,
		       const REAL *x, size_t ld_x)
{
	const REAL *parameters = net->parameters;
	REAL *below = FN(block_of)(ws, ws->layers[0].x, 0, block);
	FN(block_from_rows)(x + block.first * ld_x, ld_x, block.rows, ws->layers[0].width, below);
	for (size_t l = 1; l <= net->layer_count; l++) {
		const struct mlp_layer *layer = &net->layers[l];
		REAL *s = FN(block_of)(ws, ws->layers[l].s, l, block);
		REAL *xl = FN(block_of)(ws, ws->layers[l].x, l, block);
		FN(dense_forward)
		(parameters + layer->w_offset,
		 layer->has_bias ? parameters + layer->b_offset : NULL, below, layer->n_out,
		 layer->n_in, block.rows, s);
		activate(layer, s, block.rows, xl);
		below = xl;
	}
}

size_t FN(block_backward)(const mlp_network *net, mlp_workspace *ws, struct mlp_block block,
			  bool from_logits, size_t lowest, bool wants_dx0)
{
	const REAL *parameters = net->parameters;
	size_t bad_layer = 0;
	for (size_t l = net->layer_count; l >= lowest; l--) {
		const struct mlp_layer *layer = &net->layers[l];
		const struct mlp_block_storage *here = &ws->layers[l], *below = &ws->layers[l - 1];
		REAL *ds = FN(block_of)(ws, here->ds, l, block);
		if (l < net->layer_count || !from_logits)
			derive(layer, FN(block_of)(ws, here->s, l, block),
			       FN(block_of)(ws, here->x, l, block),
			       FN(block_of)(ws, here->dx, l, block), block.rows, ds);
		if (l > lowest || (l == 1 && wants_dx0)) {
			FN(dense_backward)
			(parameters + layer->w_offset, ds, layer->n_out, layer->n_in, block.rows,
			 FN(block_of)(ws, below->dx, l - 1, block));
		}
		if (!(FN(all_finite)(ds, layer->n_out * block.rows) &&
		      FN(all_finite)(FN(block_of)(ws, below->x, l - 1, block),
				     layer->n_in * block.rows)) &&
		    bad_layer == 0)
			bad_layer = l;
	}
	return bad_layer;
}
