/* The stages that a step is made of. */
#include "engine/pass.h"

#include <string.h>

#include "engine/product.h"
#include "kernels/kernels.h"
#include "kernels/kinds.h"

/* The part of a quantity that belongs to a block. In an inference workspace that is shared out by samples
 * each worker has buffers of its own, which layers use in turn. */
static REAL *part(const struct mlp_step *step, void *quantity, size_t turn, size_t layer,
		  struct mlp_block block, size_t worker)
{
	const mlp_workspace *ws = step->ws;
	if (ws->mode == MLP_INFERENCE && step->schedule == MLP_SCHEDULE_SAMPLES)
		return ws->scratch[worker].turns[turn];
	return FN(block_of)(ws, quantity, layer, block);
}

static REAL *x_of(const struct mlp_step *step, size_t l, struct mlp_block block, size_t worker)
{
	return part(step, step->ws->layers[l].x, l % 2, l, block, worker);
}

static REAL *s_of(const struct mlp_step *step, size_t l, struct mlp_block block, size_t worker)
{
	size_t turn = l == step->ws->layer_count ? MLP_LOGITS : l % 2;
	return part(step, step->ws->layers[l].s, turn, l, block, worker);
}

static struct mlp_dense parameters_of(const mlp_network *net, size_t l)
{
	const struct mlp_layer *layer = &net->layers[l];
	REAL *parameters = net->parameters;
	return (struct mlp_dense){.w = parameters + layer->w_offset,
				  .b = layer->has_bias ? parameters + layer->b_offset : NULL,
				  .n_out = layer->n_out,
				  .n_in = layer->n_in};
}

/* A layer above whose product with values that are not finite would reach its parameters. */
static void report(struct mlp_step *step, size_t layer, const REAL *values, size_t n)
{
	if (step->ws->kernels->all_finite(values, n))
		return;
	size_t before = atomic_load_explicit(&step->bad_layer, memory_order_relaxed);
	while (before < layer &&
	       !atomic_compare_exchange_weak_explicit(&step->bad_layer, &before, layer,
						      memory_order_relaxed, memory_order_relaxed))
		continue;
}

/* ---- forward -------------------------------------------------------------------------------- */

void FN(pass_input)(struct mlp_step *step, struct mlp_block block, size_t worker)
{
	step->ws->kernels->block_from_rows(step->x + block.first * step->ld_x, step->ld_x,
					   block.rows, step->ws->layers[0].width,
					   x_of(step, 0, block, worker), block.lanes);
}

void FN(pass_forward)(struct mlp_step *step, size_t l, struct mlp_block block,
		      struct mlp_range units, size_t worker)
{
	const mlp_workspace *ws = step->ws;
	const struct mlp_layer *layer = &step->net->layers[l];
	REAL *s = s_of(step, l, block, worker), *x = x_of(step, l, block, worker);
	size_t begin = units.begin * block.lanes, count = units.end * block.lanes - begin;

	FN(dense_forward)
	(ws, parameters_of(step->net, l), block, units, x_of(step, l - 1, block, worker), s,
	 worker);
	if (layer->activation != MLP_SOFTMAX) /* x = sigma(s) */
		ws->kernels->activation_forward(layer->activation, (REAL)layer->parameter,
						s + begin, count, x + begin);
}

/* ---- output --------------------------------------------------------------------------------- */

/* The trace shows dl/dx(L) even where the loss was computed on the logits. */
static void trace_output_dx(const struct mlp_step *step, struct mlp_block block, const REAL *ds,
			    size_t worker)
{
	const mlp_workspace *ws = step->ws;
	size_t last = ws->layer_count, width = ws->layers[last].width;
	REAL *dx = FN(block_of)(ws, ws->layers[last].dx, last, block);
	if (step->net->layers[last].activation == MLP_IDENTITY) {
		memcpy(dx, ds, width * block.lanes * sizeof(REAL));
		return;
	}
	REAL *rows_x = ws->scratch[worker].rows_y, *rows_dx = ws->scratch[worker].rows_dy;
	ws->kernels->block_to_rows(x_of(step, last, block, worker), block.lanes, block.rows, width,
				   rows_x, width);
	for (size_t j = 0; j < block.rows; j++)
		ws->kernels->loss_row_dx(&step->objective, block.first + j, rows_x + j * width,
					 width, rows_dx + j * width);
	ws->kernels->block_from_rows(rows_dx, width, block.rows, width, dx, block.lanes);
}

/* Losses of the block's rows; with `gradient` their gradient, to ds(L) or dx(L). */
static void block_loss(const struct mlp_step *step, struct mlp_block block, REAL *gradient,
		       size_t worker)
{
	const mlp_workspace *ws = step->ws;
	size_t last = ws->layer_count, width = ws->layers[last].width;
	bool logits = mlp_reads_logits(step->objective.loss);
	REAL *rows_y = ws->scratch[worker].rows_y, *rows_dy = ws->scratch[worker].rows_dy;

	ws->kernels->block_to_rows(logits ? s_of(step, last, block, worker)
					  : x_of(step, last, block, worker),
				   block.lanes, block.rows, width, rows_y, width);
	for (size_t j = 0; j < block.rows; j++)
		ws->losses[block.first + j] =
			ws->kernels->loss_row(&step->objective, block.first + j, rows_y + j * width,
					      width, gradient != NULL ? rows_dy + j * width : NULL);
	if (gradient == NULL)
		return;
	ws->kernels->block_from_rows(rows_dy, width, block.rows, width, gradient, block.lanes);
	if (logits && ws->mode == MLP_TRACE)
		trace_output_dx(step, block, gradient, worker);
}

/* ds(l) = dx(l) .* sigma'(s(l)) */
static void derive(const struct mlp_step *step, size_t l, struct mlp_block block,
		   struct mlp_range units)
{
	const mlp_workspace *ws = step->ws;
	const struct mlp_layer *layer = &step->net->layers[l];
	const struct mlp_block_storage *here = &ws->layers[l];
	size_t begin = units.begin * block.lanes, count = units.end * block.lanes - begin;
	const REAL *s = FN(block_of)(ws, here->s, l, block) + begin;
	const REAL *x = FN(block_of)(ws, here->x, l, block) + begin;
	const REAL *dx = FN(block_of)(ws, here->dx, l, block) + begin;
	REAL *ds = FN(block_of)(ws, here->ds, l, block) + begin;
	if (layer->activation == MLP_SOFTMAX)
		ws->kernels->softmax_backward(x, dx, layer->n_out, block.lanes, ds);
	else
		ws->kernels->activation_backward(layer->activation, (REAL)layer->parameter, s, x,
						 dx, count, ds);
}

void FN(pass_output)(struct mlp_step *step, struct mlp_block block, size_t worker)
{
	const mlp_workspace *ws = step->ws;
	size_t last = ws->layer_count, width = ws->layers[last].width;
	const struct mlp_block_storage *output = &ws->layers[last];

	if (step->x != NULL && step->net->layers[last].activation == MLP_SOFTMAX)
		ws->kernels->softmax_forward(s_of(step, last, block, worker), width, block.lanes,
					     x_of(step, last, block, worker));
	if (step->y != NULL)
		ws->kernels->block_to_rows(x_of(step, last, block, worker), block.lanes, block.rows,
					   width, step->y + block.first * step->ld_y, step->ld_y);
	REAL *gradient = NULL;
	if (step->backward)
		gradient =
			FN(block_of)(ws, step->from_logits ? output->ds : output->dx, last, block);
	if (step->has_loss)
		block_loss(step, block, gradient, worker);
	if (!step->backward)
		return;
	if (step->dl != NULL)
		ws->kernels->block_from_rows(step->dl + block.first * step->ld_dl, step->ld_dl,
					     block.rows, width, gradient, block.lanes);
	if (!step->from_logits)
		derive(step, last, block, (struct mlp_range){0, width});
	report(step, last, FN(block_of)(ws, output->ds, last, block), width * block.lanes);
}

/* ---- backward ------------------------------------------------------------------------------- */

void FN(pass_backward)(struct mlp_step *step, size_t l, struct mlp_block block,
		       struct mlp_range units, size_t worker)
{
	const mlp_workspace *ws = step->ws;
	const struct mlp_block_storage *below = &ws->layers[l - 1];
	size_t begin = units.begin * block.lanes, count = units.end * block.lanes - begin;

	if (l > step->lowest || (l == 1 && step->wants_dx0))
		FN(dense_backward)
	(ws, parameters_of(step->net, l), block, units,
	 FN(block_of)(ws, ws->layers[l].ds, l, block), FN(block_of)(ws, below->dx, l - 1, block),
	 worker);
	report(step, l, FN(block_of)(ws, below->x, l - 1, block) + begin, count);
	if (l > step->lowest) {
		derive(step, l - 1, block, units);
		report(step, l - 1, FN(block_of)(ws, below->ds, l - 1, block) + begin, count);
	}
}
