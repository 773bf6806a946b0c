/* Phase 2 of a step: gradients of the parameters over all blocks. */
#include "engine/gradient.h"

#include <string.h>

#include "kernels/block.h"
#include "kernels/dense.h"

/* dw(l) += alpha sum over samples of ds(l) x(l-1)^T, db(l) likewise, where parameters or a gradient
 * begin at `parameters`. */
static void add_layer(const struct mlp_layer *layer, const mlp_workspace *ws, size_t l,
		      size_t batch, REAL alpha, REAL *parameters)
{
	REAL *dw = parameters + layer->w_offset;
	REAL *db = layer->has_bias ? parameters + layer->b_offset : NULL;
	for (size_t k = 0; k < mlp_block_count(batch, ws->block_rows); k++) {
		struct mlp_block block = mlp_block_at(batch, ws->block_rows, k);
		FN(dense_gradient)
		(alpha, FN(block_of)(ws, ws->layers[l].ds, l, block),
		 FN(block_of)(ws, ws->layers[l - 1].x, l - 1, block), layer->n_out, layer->n_in,
		 block.rows, dw, db);
	}
}

void FN(write_gradient)(const mlp_network *net, const mlp_workspace *ws, size_t batch,
			bool accumulate, REAL *grad)
{
	if (!accumulate)
		memset(grad, 0, net->parameter_count * sizeof(REAL));
	for (size_t l = 1; l <= net->layer_count; l++)
		add_layer(&net->layers[l], ws, l, batch, 1, grad);
}

void FN(apply_gradient)(mlp_network *net, const mlp_workspace *ws, size_t batch, REAL eta)
{
	if (eta == 0) /* adding 0 would turn -0 into 0 */
		return;
	for (size_t l = 1; l <= net->layer_count; l++)
		if (!net->layers[l].is_frozen)
			add_layer(&net->layers[l], ws, l, batch, -eta, net->parameters);
}

void FN(write_input_gradient)(const mlp_workspace *ws, size_t batch, REAL *dl_dx0, size_t ld_dl_dx0)
{
	for (size_t k = 0; k < mlp_block_count(batch, ws->block_rows); k++) {
		struct mlp_block block = mlp_block_at(batch, ws->block_rows, k);
		FN(block_to_rows)
		(FN(block_of)(ws, ws->layers[0].dx, 0, block), block.rows, ws->layers[0].width,
		 dl_dx0 + block.first * ld_dl_dx0, ld_dl_dx0);
	}
}
