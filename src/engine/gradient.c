/* Phase 2 of a step. */
#include "engine/gradient.h"

#include <string.h>

#include "base/workers.h"
#include "engine/pass.h"
#include "engine/product.h"
#include "kernels/kernels.h"

/* What every tile is given: parameters or a gradient in their layout, and what to do with them; with
 * `descents` the gradient of a tile goes no further than its worker's scratch, that of one sample nowhere. */
struct phase {
	const mlp_network *net;
	const mlp_workspace *ws;
	size_t batch;
	REAL alpha;
	bool add, skips_frozen;
	REAL *parameters;
	const struct mlp_descents *descents;
};

/* The tiles of a layer: `across` ranges of its inputs, `down` ranges of its outputs. */
struct grid {
	size_t across, down;
};

/* A tile of dw stays in the L2 cache while all blocks of the batch go by. One sample has no tiles: its
 * rows of w go to the worker that read them in the forward pass. */
static struct grid grid_of(const struct phase *phase, size_t l)
{
	const struct mlp_layer *layer = &phase->net->layers[l];
	double work = mlp_product_work(layer->n_out, layer->n_in, phase->batch);
	if (phase->skips_frozen && layer->is_frozen)
		return (struct grid){0, 0};
	if (phase->batch == 1)
		return (struct grid){
			1, mlp_task_count(2 * work, mlp_ceiling(layer->n_out, MLP_ROW_UNIT))};
	size_t across = mlp_task_count(work, mlp_ceiling(layer->n_in, 2 * MLP_INPUT_UNIT));
	size_t down = mlp_task_count(work, mlp_ceiling(layer->n_out, 6 * MLP_OUTPUT_UNIT));
	return (struct grid){across, down};
}

/* dw and db of a part of a tile, then the update, while they are in the cache. */
static void descend_part(const struct phase *phase, size_t l, struct mlp_range outputs,
			 struct mlp_range inputs, size_t worker)
{
	const mlp_workspace *ws = phase->ws;
	const struct mlp_layer *layer = &phase->net->layers[l];
	const struct mlp_descents *descents = phase->descents;
	const size_t count = outputs.end - outputs.begin, width = inputs.end - inputs.begin;
	REAL *dw = ws->scratch[worker].dw, *db = dw + count * width;
	bool has_db = layer->has_bias && inputs.begin == 0;
	struct mlp_dense gradient = {
		.w = dw, .b = has_db ? db : NULL, .n_out = count, .n_in = width};
	for (size_t k = 0; k < mlp_block_count(phase->batch, ws->rule.block_rows); k++) {
		struct mlp_block block =
			mlp_block_at(phase->batch, ws->rule.block_rows, sizeof(REAL), k);
		const REAL *ds = FN(block_of)(ws, ws->layers[l].ds, l, block);
		const REAL *x = FN(block_of)(ws, ws->layers[l - 1].x, l - 1, block);
		FN(dense_gradient)
		(ws, gradient, block, (struct mlp_range){0, count}, (struct mlp_range){0, width}, 1,
		 k > 0, ds + outputs.begin * block.lanes, x + inputs.begin * block.lanes, worker);
	}
	size_t first = layer->w_offset + outputs.begin * layer->n_in + inputs.begin;
	ws->kernels->descend(&descents->weights, NULL, dw, width, count, width,
			     FN(descended_at)(descents, first), layer->n_in);
	if (has_db)
		ws->kernels->descend(&descents->biases, NULL, db, count, 1, count,
				     FN(descended_at)(descents, layer->b_offset + outputs.begin),
				     count);
}

/* A tile in parts whose gradient fits the scratch. They are cut where the products of whole tiles are, so
 * that a gradient has the same bits either way. */
static void descend_tile(const struct phase *phase, size_t l, struct mlp_range outputs,
			 struct mlp_range inputs, size_t worker)
{
	enum { WIDEST = 2 * MLP_INPUT_UNIT };
	for (size_t j = inputs.begin; j < inputs.end; j += WIDEST) {
		size_t width = inputs.end - j < WIDEST ? inputs.end - j : (size_t)WIDEST;
		size_t rows = MLP_DW_PART / (width + 1) / MLP_INPUT_UNIT * MLP_INPUT_UNIT;
		for (size_t i = outputs.begin; i < outputs.end; i += rows) {
			size_t left = outputs.end - i, count = left < rows ? left : rows;
			descend_part(phase, l, (struct mlp_range){i, i + count},
				     (struct mlp_range){j, j + width}, worker);
		}
	}
}

/* One sample: dw = ds x^T and db = ds need no place of their own. */
static void descend_single(const struct phase *phase, size_t l, struct mlp_range outputs)
{
	const mlp_workspace *ws = phase->ws;
	const struct mlp_layer *layer = &phase->net->layers[l];
	const struct mlp_descents *descents = phase->descents;
	const struct mlp_block block = mlp_block_at(1, ws->rule.block_rows, sizeof(REAL), 0);
	const size_t n_in = layer->n_in, count = outputs.end - outputs.begin;
	const REAL *ds = FN(block_of)(ws, ws->layers[l].ds, l, block) + outputs.begin;
	const REAL *x = FN(block_of)(ws, ws->layers[l - 1].x, l - 1, block);
	ws->kernels->descend(&descents->weights, ds, x, 0, count, n_in,
			     FN(descended_at)(descents, layer->w_offset + outputs.begin * n_in),
			     n_in);
	if (layer->has_bias)
		ws->kernels->descend(&descents->biases, NULL, ds, count, 1, count,
				     FN(descended_at)(descents, layer->b_offset + outputs.begin),
				     count);
}

static void run_tile(const struct phase *phase, size_t l, struct grid grid, size_t index,
		     size_t worker)
{
	const mlp_workspace *ws = phase->ws;
	const struct mlp_layer *layer = &phase->net->layers[l];
	struct mlp_dense gradient = {.w = phase->parameters + layer->w_offset,
				     .b = layer->has_bias ? phase->parameters + layer->b_offset
							  : NULL,
				     .n_out = layer->n_out,
				     .n_in = layer->n_in};
	struct mlp_range inputs =
		mlp_range_at(layer->n_in, MLP_INPUT_UNIT, grid.across, index % grid.across);
	struct mlp_range outputs =
		mlp_range_at(layer->n_out, phase->batch == 1 ? MLP_ROW_UNIT : MLP_OUTPUT_UNIT,
			     grid.down, index / grid.across);
	if (phase->descents != NULL && phase->batch == 1) {
		descend_single(phase, l, outputs);
		return;
	}
	if (phase->descents != NULL) {
		descend_tile(phase, l, outputs, inputs, worker);
		return;
	}
	if (!layer->has_bias && !phase->add && index == 0)
		memset(phase->parameters + layer->b_offset, 0, layer->n_out * sizeof(REAL));
	for (size_t k = 0; k < mlp_block_count(phase->batch, ws->rule.block_rows); k++) {
		struct mlp_block block =
			mlp_block_at(phase->batch, ws->rule.block_rows, sizeof(REAL), k);
		FN(dense_gradient)
		(ws, gradient, block, outputs, inputs, phase->alpha, phase->add || k > 0,
		 FN(block_of)(ws, ws->layers[l].ds, l, block),
		 FN(block_of)(ws, ws->layers[l - 1].x, l - 1, block), worker);
	}
}

/* Tile number `index` of all layers together. */
static void run_one_of_all(void *context, size_t index, size_t worker)
{
	const struct phase *phase = context;
	size_t l = 1;
	struct grid grid = grid_of(phase, l);
	while (index >= grid.across * grid.down) {
		index -= grid.across * grid.down;
		grid = grid_of(phase, ++l);
	}
	run_tile(phase, l, grid, index, worker);
}

/* One layer's tiles, from the last to the first: what the pass before touched last comes first, while
 * it is in the cache. */
struct layer_tiles {
	const struct phase *phase;
	size_t l;
	struct grid grid;
};

static void run_one_of_layer(void *context, size_t index, size_t worker)
{
	const struct layer_tiles *tiles = context;
	size_t count = tiles->grid.across * tiles->grid.down;
	run_tile(tiles->phase, tiles->l, tiles->grid, count - 1 - index, worker);
}

/* One sample: every parameter is read once, so what counts is in whose cache it is. */
static void run_by_layers(struct phase *phase)
{
	for (size_t l = phase->net->layer_count; l > 0; l--) {
		struct layer_tiles tiles = {phase, l, grid_of(phase, l)};
		mlp_pool_run(phase->ws->pool, tiles.grid.across * tiles.grid.down, run_one_of_layer,
			     &tiles);
	}
}

static void run_alone(const struct phase *phase)
{
	for (size_t l = 1; l <= phase->net->layer_count; l++) {
		struct grid grid = grid_of(phase, l);
		for (size_t index = 0; index < grid.across * grid.down; index++)
			run_tile(phase, l, grid, index, 0);
	}
}

static void run(struct phase *phase)
{
	if (phase->batch == 1) {
		run_by_layers(phase);
		return;
	}
	size_t count = 0;
	double work = 0;
	for (size_t l = 1; phase->ws->pool != NULL && l <= phase->net->layer_count; l++) {
		const struct mlp_layer *layer = &phase->net->layers[l];
		struct grid grid = grid_of(phase, l);
		size_t tiles = grid.across * grid.down;
		count += tiles;
		if (tiles > 0)
			work += mlp_product_work(layer->n_out, layer->n_in, phase->batch);
	}
	/* each layer has a tile at least: a few small ones are not worth waking anybody */
	if (mlp_task_count(work, count) > 1)
		mlp_pool_run(phase->ws->pool, count, run_one_of_all, phase);
	else
		run_alone(phase);
}

void FN(write_gradient)(const mlp_network *net, const mlp_workspace *ws, size_t batch,
			bool accumulate, REAL *grad)
{
	run(&(struct phase){.net = net,
			    .ws = ws,
			    .batch = batch,
			    .alpha = 1,
			    .add = accumulate,
			    .parameters = grad});
}

void FN(apply_gradient)(mlp_network *net, const mlp_workspace *ws, size_t batch, REAL eta)
{
	run(&(struct phase){.net = net,
			    .ws = ws,
			    .batch = batch,
			    .alpha = -eta,
			    .add = true,
			    .skips_frozen = true,
			    .parameters = net->parameters});
}

void FN(write_trained_gradient)(const mlp_network *net, const mlp_workspace *ws, size_t batch,
				REAL *grad)
{
	run(&(struct phase){.net = net,
			    .ws = ws,
			    .batch = batch,
			    .alpha = 1,
			    .skips_frozen = true,
			    .parameters = grad});
}

void FN(apply_descent)(const mlp_network *net, const mlp_workspace *ws, size_t batch,
		       const struct mlp_descents *descents)
{
	run(&(struct phase){.net = net,
			    .ws = ws,
			    .batch = batch,
			    .alpha = 1,
			    .skips_frozen = true,
			    .parameters = net->parameters,
			    .descents = descents});
}

/* ---- dl/dx(0) ------------------------------------------------------------------------------- */

struct input_gradient {
	const struct mlp_affine *scaling;
	const mlp_workspace *ws;
	size_t batch;
	REAL *dl_dx0;
	size_t ld;
};

static void write_block(void *context, size_t index, size_t worker)
{
	(void)worker;
	const struct input_gradient *to = context;
	const mlp_workspace *ws = to->ws;
	struct mlp_block block = mlp_block_at(to->batch, ws->rule.block_rows, sizeof(REAL), index);
	const REAL *dx = FN(block_of)(ws, ws->layers[0].dx, 0, block);
	REAL *rows = to->dl_dx0 + block.first * to->ld;
	if (to->scaling->is_set)
		ws->kernels->block_to_rows_scaled(dx, block.lanes, block.rows, to->scaling->count,
						  to->scaling->inverse, NULL, rows, to->ld);
	else
		ws->kernels->block_to_rows(dx, block.lanes, block.rows, to->scaling->count, rows,
					   to->ld);
}

void FN(write_input_gradient)(const mlp_network *net, const mlp_workspace *ws, size_t batch,
			      REAL *dl_dx0, size_t ld_dl_dx0)
{
	size_t blocks = mlp_block_count(batch, ws->rule.block_rows);
	/* a value copied counts as a multiply-add */
	double work = (double)batch * (double)ws->layers[0].width;
	mlp_pool *pool = mlp_task_count(work, blocks) > 1 ? ws->pool : NULL;
	mlp_pool_run(pool, blocks, write_block,
		     &(struct input_gradient){&net->input, ws, batch, dl_dx0, ld_dl_dx0});
}
