/* The stages that a step is made of. */
#include "engine/pass.h"

#include <string.h>

#include "engine/product.h"
#include "kernels/kernels.h"
#include "kernels/kinds.h"
#include "kernels/mask.h"

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

/* ---- dropout -------------------------------------------------------------------------------- */

static bool has_dropout(const struct mlp_step *step, size_t l)
{
	return step->dropout.is_on && step->net->layers[l].dropout > 0;
}

/* x(l) or dx(l) of the units in the range .*= mask / (1 - rate) */
static void drop(const struct mlp_step *step, size_t l, struct mlp_block block,
		 struct mlp_range units, REAL *values)
{
	struct mlp_mask mask = mlp_mask_of(step->dropout.seed, step->dropout.number, l,
					   step->net->layers[l].dropout);
	step->ws->kernels->drop_units(&mask, units.begin, units.end - units.begin, block.first,
				      block.rows, block.lanes, values);
}

/* ---- forward -------------------------------------------------------------------------------- */

void FN(pass_input)(struct mlp_step *step, struct mlp_block block, size_t worker)
{
	const struct mlp_kernels *kernels = step->ws->kernels;
	const struct mlp_affine *scaling = &step->net->input;
	const REAL *rows = step->x + block.first * step->ld_x;
	REAL *x = x_of(step, 0, block, worker);
	size_t width = step->ws->layers[0].width;
	if (scaling->is_set)
		kernels->block_from_rows_scaled(rows, step->ld_x, block.rows, width, scaling->minus,
						scaling->inverse, x, block.lanes);
	else
		kernels->block_from_rows(rows, step->ld_x, block.rows, width, x, block.lanes);
	if (has_dropout(step, 0))
		drop(step, 0, block, (struct mlp_range){0, width}, x);
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
	if (l < ws->layer_count && has_dropout(step, l))
		drop(step, l, block, units, x + begin);
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

struct mlp_objective FN(scaled_objective)(const mlp_network *net, const mlp_workspace *ws,
					  const struct mlp_objective *objective, size_t row,
					  size_t worker)
{
	struct mlp_objective scaled = *objective;
	const struct mlp_affine *scaling = &net->output;
	REAL *target = ws->scratch[worker].target;
	if (!scaling->is_set)
		return scaled;
	ws->kernels->block_from_rows_scaled(objective->values + row * objective->ld, objective->ld,
					    1, scaling->count, scaling->minus, scaling->inverse,
					    target, 1);
	scaled.values = target;
	scaled.ld = 0;
	return scaled;
}

/* Loss of one row of the batch, from outputs or logits y. */
static double row_loss(const struct mlp_step *step, size_t row, const REAL *y, REAL *dl,
		       size_t worker)
{
	const mlp_workspace *ws = step->ws;
	struct mlp_objective objective =
		FN(scaled_objective)(step->net, ws, &step->objective, row, worker);
	return ws->kernels->loss_row(&objective, row, y, ws->layers[ws->layer_count].width, dl);
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
			row_loss(step, block.first + j, rows_y + j * width,
				 gradient != NULL ? rows_dy + j * width : NULL, worker);
	if (gradient == NULL)
		return;
	ws->kernels->block_from_rows(rows_dy, width, block.rows, width, gradient, block.lanes);
	if (logits && ws->mode == MLP_TRACE)
		trace_output_dx(step, block, gradient, worker);
}

/* The same for a layer whose x was divided by 1 - rate: its derivative is a function of x before that. */
static void derive_dropped(const struct mlp_step *step, size_t l, const REAL *x, const REAL *dx,
			   size_t count, REAL *ds)
{
	enum { PIECE = 512 };
	const struct mlp_layer *layer = &step->net->layers[l];
	const REAL kept = (REAL)(1 - layer->dropout);
	for (size_t i = 0; i < count; i += PIECE) {
		REAL whole[PIECE];
		size_t n = count - i < PIECE ? count - i : PIECE;
		for (size_t k = 0; k < n; k++)
			whole[k] = kept * x[i + k];
		step->ws->kernels->activation_backward(layer->activation, (REAL)layer->parameter,
						       NULL, whole, dx + i, n, ds + i);
	}
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
	else if (l < ws->layer_count && has_dropout(step, l) &&
		 mlp_derivative_needs_size(layer->activation))
		derive_dropped(step, l, x, dx, count, ds);
	else
		ws->kernels->activation_backward(layer->activation, (REAL)layer->parameter, s, x,
						 dx, count, ds);
}

/* x(L), raw, to the caller. */
static void write_outputs(const struct mlp_step *step, struct mlp_block block, size_t worker)
{
	const mlp_workspace *ws = step->ws;
	const struct mlp_affine *scaling = &step->net->output;
	const REAL *x = x_of(step, ws->layer_count, block, worker);
	REAL *y = step->y + block.first * step->ld_y;
	if (scaling->is_set)
		ws->kernels->block_to_rows_scaled(x, block.lanes, block.rows, scaling->count,
						  scaling->by, scaling->minus, y, step->ld_y);
	else
		ws->kernels->block_to_rows(x, block.lanes, block.rows, scaling->count, y,
					   step->ld_y);
}

/* dl/dx(L) of the caller, which is raw, or dl/ds(L). */
static void read_gradient(const struct mlp_step *step, struct mlp_block block, REAL *gradient)
{
	const mlp_workspace *ws = step->ws;
	const struct mlp_affine *scaling = &step->net->output;
	const REAL *dl = step->dl + block.first * step->ld_dl;
	if (scaling->is_set && !step->from_logits)
		ws->kernels->block_from_rows_scaled(dl, step->ld_dl, block.rows, scaling->count,
						    NULL, scaling->by, gradient, block.lanes);
	else
		ws->kernels->block_from_rows(dl, step->ld_dl, block.rows, scaling->count, gradient,
					     block.lanes);
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
		write_outputs(step, block, worker);
	REAL *gradient = NULL;
	if (step->backward)
		gradient =
			FN(block_of)(ws, step->from_logits ? output->ds : output->dx, last, block);
	if (step->has_loss)
		block_loss(step, block, gradient, worker);
	if (!step->backward)
		return;
	if (step->dl != NULL)
		read_gradient(step, block, gradient);
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

	if (l > step->lowest || (l == 1 && step->wants_dx0)) {
		REAL *dx = FN(block_of)(ws, below->dx, l - 1, block);
		FN(dense_backward)
		(ws, parameters_of(step->net, l), block, units,
		 FN(block_of)(ws, ws->layers[l].ds, l, block), dx, worker);
		if (has_dropout(step, l - 1))
			drop(step, l - 1, block, units, dx + begin);
	}
	report(step, l, FN(block_of)(ws, below->x, l - 1, block) + begin, count);
	if (l > step->lowest) {
		derive(step, l - 1, block, units);
		report(step, l - 1, FN(block_of)(ws, below->ds, l - 1, block) + begin, count);
	}
}
