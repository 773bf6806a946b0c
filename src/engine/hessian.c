/* The product of a Hessian with a vector. */
#include "engine/hessian.h"

#include <string.h>

#include "engine/gradient.h"
#include "engine/pass.h"
#include "engine/product.h"
#include "engine/stages.h"
#include "kernels/kernels.h"
#include "kernels/kinds.h"

/* ---- layout ----------------------------------------------------------------------------------- */

static REAL *take(struct mlp_arena *arena, size_t width, size_t lanes)
{
	return mlp_arena_take(arena, width, lanes, sizeof(REAL));
}

void FN(hessian_lay_out)(struct mlp_hessian *hessian, const mlp_workspace *ws,
			 struct mlp_arena *arena)
{
	size_t last = ws->layer_count;
	size_t lanes = mlp_lanes(hessian->batch, hessian->batch, sizeof(REAL));
	struct mlp_block_storage *storage =
		mlp_arena_take(arena, last + 1, 1, sizeof(struct mlp_block_storage));
	hessian->pair = mlp_arena_take(arena, last + 1, 1, sizeof(struct mlp_block_storage));
	hessian->no_biases = mlp_arena_take(arena, last + 1, 1, sizeof(struct mlp_layer));
	hessian->layers = mlp_arena_take(arena, last + 1, 1, sizeof(struct mlp_directional));
	hessian->sum = take(arena, ws->shape.deepest, lanes);
	for (size_t l = 0; l <= last && storage != NULL; l++)
		storage[l] = ws->layers[l];
	for (size_t l = 1; l <= last; l++) {
		size_t width = ws->layers[l].width;
		struct mlp_directional layer = {.Rs = take(arena, width, lanes),
						.Rx = take(arena, width, lanes),
						.Rds = take(arena, width, lanes)};
		REAL *dx = ws->mode == MLP_TRACE ? ws->layers[l].dx : take(arena, width, lanes);
		if (storage == NULL)
			continue;
		hessian->layers[l] = layer;
		storage[l].dx = dx;
	}
	hessian->shadow = *ws;
	hessian->shadow.layers = storage;
}

/* ---- parts ------------------------------------------------------------------------------------ */

/* A layer's part of the parameters, or of v; without bias if it has none, or on request. */
static struct mlp_dense dense_of(const struct mlp_hessian *hessian, const REAL *parameters,
				 size_t l, bool with_bias)
{
	const struct mlp_layer *layer = &hessian->net->layers[l];
	struct mlp_dense dense = {.w = (REAL *)parameters + layer->w_offset,
				  .n_out = layer->n_out,
				  .n_in = layer->n_in};
	if (with_bias && layer->has_bias)
		dense.b = (REAL *)parameters + layer->b_offset;
	return dense;
}

static REAL *part(const struct mlp_hessian *hessian, void *quantity, size_t l,
		  struct mlp_block block)
{
	return FN(block_of)(&hessian->shadow, quantity, l, block);
}

static struct mlp_block block_at(const struct mlp_hessian *hessian, size_t index)
{
	return mlp_block_at(hessian->batch, hessian->shadow.rule.block_rows, sizeof(REAL), index);
}

/* to = sigma'(s(l)) .* from for the units in the range, all of them for the softmax; to may be from */
static void derive(const struct mlp_hessian *hessian, size_t l, struct mlp_block block,
		   struct mlp_range units, const REAL *from, REAL *to)
{
	const struct mlp_workspace *ws = &hessian->shadow;
	const struct mlp_layer *layer = &hessian->net->layers[l];
	size_t begin = units.begin * block.lanes, count = units.end * block.lanes - begin;
	const REAL *x = part(hessian, ws->layers[l].x, l, block);
	const REAL *s = part(hessian, ws->layers[l].s, l, block);
	if (layer->activation == MLP_SOFTMAX)
		ws->kernels->softmax_backward(x, from, layer->n_out, block.lanes, to);
	else
		ws->kernels->activation_backward(layer->activation, (REAL)layer->parameter,
						 s + begin, x + begin, from + begin, count,
						 to + begin);
}

/* Rds(l) += sigma''(s(l)) .* Rs(l) .* dx(l) */
static void bend(const struct mlp_hessian *hessian, size_t l, struct mlp_block block,
		 struct mlp_range units)
{
	const struct mlp_workspace *ws = &hessian->shadow;
	const struct mlp_layer *layer = &hessian->net->layers[l];
	size_t begin = units.begin * block.lanes, count = units.end * block.lanes - begin;
	const REAL *x = part(hessian, ws->layers[l].x, l, block);
	const REAL *s = part(hessian, ws->layers[l].s, l, block);
	const REAL *dx = part(hessian, ws->layers[l].dx, l, block);
	const REAL *Rs = part(hessian, hessian->layers[l].Rs, l, block);
	REAL *Rds = part(hessian, hessian->layers[l].Rds, l, block);
	if (layer->activation == MLP_SOFTMAX)
		ws->kernels->softmax_curvature(x, part(hessian, hessian->layers[l].Rx, l, block),
					       dx, layer->n_out, block.lanes, Rds);
	else
		ws->kernels->activation_curvature(layer->activation, (REAL)layer->parameter,
						  s + begin, x + begin, Rs + begin, dx + begin,
						  count, Rds + begin);
}

/* ---- stages ----------------------------------------------------------------------------------- */

static void go_forward(void *context, size_t l, size_t index, struct mlp_range units, size_t worker)
{
	const struct mlp_hessian *hessian = context;
	const struct mlp_workspace *ws = &hessian->shadow;
	const struct mlp_block block = block_at(hessian, index);
	size_t begin = units.begin * block.lanes, count = units.end * block.lanes - begin;
	REAL *Rs = part(hessian, hessian->layers[l].Rs, l, block);
	REAL *Rx = part(hessian, hessian->layers[l].Rx, l, block);

	FN(dense_forward) /* Rs = V x + c */
	(ws, dense_of(hessian, hessian->v, l, true), block, units,
	 part(hessian, ws->layers[l - 1].x, l - 1, block), Rs, worker);
	if (l > 1) {
		FN(dense_forward) /* w Rx, where Rx(l) will be */
		(ws, dense_of(hessian, hessian->net->parameters, l, false), block, units,
		 part(hessian, hessian->layers[l - 1].Rx, l - 1, block), Rx, worker);
		ws->kernels->add(Rx + begin, count, Rs + begin);
	}
	if (hessian->net->layers[l].activation != MLP_SOFTMAX)
		derive(hessian, l, block, units, Rs, Rx);
}

/* Rdl/dy, y = s(L) or x(L) as the loss reads it, sample by sample. */
static void curve_loss(const struct mlp_hessian *hessian, struct mlp_block block, const REAL *y,
		       const REAL *Ry, REAL *Rdl, size_t worker)
{
	const struct mlp_workspace *ws = &hessian->shadow;
	size_t width = ws->layers[ws->layer_count].width;
	REAL *rows_y = ws->scratch[worker].rows_y, *rows_R = ws->scratch[worker].rows_dy;
	ws->kernels->block_to_rows(y, block.lanes, block.rows, width, rows_y, width);
	ws->kernels->block_to_rows(Ry, block.lanes, block.rows, width, rows_R, width);
	for (size_t j = 0; j < block.rows; j++) {
		struct mlp_objective objective = FN(scaled_objective)(
			hessian->net, ws, &hessian->objective, block.first + j, worker);
		ws->kernels->loss_row_curvature(&objective, block.first + j, rows_y + j * width,
						width, rows_R + j * width, rows_R + j * width);
	}
	ws->kernels->block_from_rows(rows_R, width, block.rows, width, Rdl, block.lanes);
}

static void turn_round(void *context, size_t l, size_t index, struct mlp_range units, size_t worker)
{
	const struct mlp_hessian *hessian = context;
	const struct mlp_workspace *ws = &hessian->shadow;
	const struct mlp_block block = block_at(hessian, index);
	REAL *Rs = part(hessian, hessian->layers[l].Rs, l, block);
	REAL *Rx = part(hessian, hessian->layers[l].Rx, l, block);
	REAL *Rds = part(hessian, hessian->layers[l].Rds, l, block);
	if (hessian->net->layers[l].activation == MLP_SOFTMAX)
		derive(hessian, l, block, units, Rs, Rx);
	if (mlp_reads_logits(hessian->objective.loss)) {
		curve_loss(hessian, block, part(hessian, ws->layers[l].s, l, block), Rs, Rds,
			   worker);
		return;
	}
	curve_loss(hessian, block, part(hessian, ws->layers[l].x, l, block), Rx, Rds, worker);
	derive(hessian, l, block, units, Rds, Rds);
	bend(hessian, l, block, units);
}

/* Rds(l-1) for the units of layer l - 1 in the range */
static void go_backward(void *context, size_t l, size_t index, struct mlp_range units,
			size_t worker)
{
	const struct mlp_hessian *hessian = context;
	const struct mlp_workspace *ws = &hessian->shadow;
	const struct mlp_block block = block_at(hessian, index);
	size_t begin = units.begin * block.lanes, count = units.end * block.lanes - begin;
	REAL *Rds = part(hessian, hessian->layers[l - 1].Rds, l - 1, block);
	REAL *sum = hessian->sum + block.first * ws->shape.deepest;

	FN(dense_backward)
	(ws, dense_of(hessian, hessian->net->parameters, l, false), block, units,
	 part(hessian, hessian->layers[l].Rds, l, block), Rds, worker);
	FN(dense_backward)
	(ws, dense_of(hessian, hessian->v, l, false), block, units,
	 part(hessian, ws->layers[l].ds, l, block), sum, worker);
	ws->kernels->add(sum + begin, count, Rds + begin);
	derive(hessian, l - 1, block, units, Rds, Rds);
	bend(hessian, l - 1, block, units);
}

/* L forward, one at the output, L - 1 backward */
static struct mlp_stage stage_at(const void *context, size_t index)
{
	const struct mlp_hessian *hessian = context;
	const struct mlp_layer *layers = hessian->net->layers;
	size_t last = hessian->net->layer_count;
	if (index == last)
		return (struct mlp_stage){
			.run = turn_round, .l = last, .units = layers[last].n_out};
	bool forward = index < last;
	size_t l = forward ? index + 1 : 2 * last + 1 - index;
	double work = mlp_product_work(layers[l].n_out, layers[l].n_in, hessian->batch);
	return (struct mlp_stage){.run = forward ? go_forward : go_backward,
				  .l = l,
				  .units = forward ? layers[l].n_out : layers[l].n_in,
				  .unit = forward ? MLP_OUTPUT_UNIT : MLP_INPUT_UNIT,
				  .work = 2 * work};
}

/* ---- hv --------------------------------------------------------------------------------------- */

/* hv = Rds(l) x(l-1)^T, Rds(l) 1 */
static void write_first_term(struct mlp_hessian *hessian, REAL *hv)
{
	struct mlp_workspace ws = hessian->shadow;
	for (size_t l = 0; l <= ws.layer_count; l++) {
		hessian->pair[l] = ws.layers[l];
		if (l > 0)
			hessian->pair[l].ds = hessian->layers[l].Rds;
	}
	ws.layers = hessian->pair;
	FN(write_gradient)(hessian->net, &ws, hessian->batch, false, hv);
}

/* hv += ds(l) Rx(l-1)^T for l > 1, where Rx is not 0: a network without its first layer, and without
 * biases */
static void add_second_term(struct mlp_hessian *hessian, REAL *hv)
{
	struct mlp_workspace ws = hessian->shadow;
	struct mlp_network upper = *hessian->net;
	if (upper.layer_count == 1)
		return;
	for (size_t l = 1; l <= upper.layer_count; l++) {
		hessian->no_biases[l] = upper.layers[l];
		hessian->no_biases[l].has_bias = false;
		hessian->pair[l] = ws.layers[l];
		hessian->pair[l].x = hessian->layers[l].Rx;
	}
	upper.layers = hessian->no_biases + 1;
	upper.layer_count--;
	ws.layers = hessian->pair + 1;
	ws.layer_count--;
	FN(write_gradient)(&upper, &ws, hessian->batch, true, hv);
}

void FN(hessian_run)(struct mlp_hessian *hessian, REAL *hv)
{
	const struct mlp_workspace *ws = &hessian->shadow;
	mlp_run_stages(
		&(struct mlp_stages){.at = stage_at,
				     .context = hessian,
				     .count = 2 * hessian->net->layer_count,
				     .blocks = mlp_block_count(hessian->batch, ws->rule.block_rows),
				     .pool = ws->pool,
				     .schedule = mlp_schedule_of(ws, hessian->batch)});
	write_first_term(hessian, hv);
	add_second_term(hessian, hv);
}
