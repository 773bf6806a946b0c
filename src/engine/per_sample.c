/* Gradients of single samples. */
#include "engine/per_sample.h"

#include <math.h>
#include <string.h>

#include "base/workers.h"
#include "engine/pass.h"
#include "kernels/kernels.h"

struct per_sample {
	const mlp_network *net;
	const mlp_workspace *ws;
	size_t batch;
	double *norms;
	const struct mlp_columns *columns;
	REAL *grads;
	size_t ld;
};

/* ---- norms ------------------------------------------------------------------------------------ */

static void write_norms(void *context, size_t index, size_t worker)
{
	(void)worker;
	const struct per_sample *of = context;
	const mlp_workspace *ws = of->ws;
	struct mlp_block block = mlp_block_at(of->batch, ws->rule.block_rows, sizeof(REAL), index);
	double *norms = of->norms + block.first;
	memset(norms, 0, block.rows * sizeof(double));
	for (size_t l = 1; l <= of->net->layer_count; l++) {
		double x[MLP_HELD_ROWS] = {0}, ds[MLP_HELD_ROWS] = {0};
		ws->kernels->block_add_squares(FN(block_of)(ws, ws->layers[l - 1].x, l - 1, block),
					       block.lanes, ws->layers[l - 1].width, block.rows, x);
		ws->kernels->block_add_squares(FN(block_of)(ws, ws->layers[l].ds, l, block),
					       block.lanes, ws->layers[l].width, block.rows, ds);
		double one = of->net->layers[l].has_bias ? 1 : 0;
		for (size_t j = 0; j < block.rows; j++)
			norms[j] += ds[j] * (x[j] + one);
	}
	for (size_t j = 0; j < block.rows; j++)
		norms[j] = sqrt(norms[j]);
}

void FN(write_gradient_norms)(const mlp_network *net, const mlp_workspace *ws, size_t batch,
			      double *norms)
{
	size_t blocks = mlp_block_count(batch, ws->rule.block_rows);
	double work = 0;
	for (size_t l = 0; l <= ws->layer_count; l++)
		work += 2 * (double)ws->layers[l].width * (double)batch;
	mlp_pool_run(mlp_task_count(work, blocks) > 1 ? ws->pool : NULL, blocks, write_norms,
		     &(struct per_sample){.net = net, .ws = ws, .batch = batch, .norms = norms});
}

/* ---- rows ------------------------------------------------------------------------------------- */

struct mlp_columns *FN(columns_lay_out)(const mlp_workspace *ws, struct mlp_arena *arena)
{
	size_t workers = ws->pool != NULL ? mlp_workers_count(ws->pool) : 1;
	struct mlp_columns *columns = mlp_arena_take(arena, workers, 1, sizeof(struct mlp_columns));
	for (size_t worker = 0; worker < workers; worker++) {
		struct mlp_columns own = {
			.x = mlp_arena_take(arena, ws->shape.deepest, 1, sizeof(REAL)),
			.ds = mlp_arena_take(arena, ws->shape.deepest, 1, sizeof(REAL))};
		if (columns != NULL)
			columns[worker] = own;
	}
	return columns;
}

/* Column j of a block of n units. */
static void gather(const REAL *block, size_t lanes, size_t n, size_t j, REAL *column)
{
	for (size_t i = 0; i < n; i++)
		column[i] = block[i * lanes + j];
}

static void write_row(void *context, size_t index, size_t worker)
{
	const struct per_sample *of = context;
	const mlp_workspace *ws = of->ws;
	const struct mlp_columns *own = &of->columns[worker];
	size_t rows = ws->rule.block_rows, j = index % rows;
	struct mlp_block block = mlp_block_at(of->batch, rows, sizeof(REAL), index / rows);
	REAL *grad = of->grads + index * of->ld;
	for (size_t l = 1; l <= of->net->layer_count; l++) {
		const struct mlp_layer *layer = &of->net->layers[l];
		gather(FN(block_of)(ws, ws->layers[l - 1].x, l - 1, block), block.lanes,
		       layer->n_in, j, own->x);
		gather(FN(block_of)(ws, ws->layers[l].ds, l, block), block.lanes, layer->n_out, j,
		       own->ds);
		ws->kernels->one_gradient(1, false, own->ds, own->x, layer->n_out, layer->n_in,
					  grad + layer->w_offset, layer->n_in);
		if (layer->has_bias)
			memcpy(grad + layer->b_offset, own->ds, layer->n_out * sizeof(REAL));
		else
			memset(grad + layer->b_offset, 0, layer->n_out * sizeof(REAL));
	}
}

void FN(write_gradient_rows)(const mlp_network *net, const mlp_workspace *ws, size_t batch,
			     const struct mlp_columns *columns, REAL *grads, size_t ld)
{
	double work = (double)batch * (double)net->parameter_count;
	mlp_pool_run(mlp_task_count(work, batch) > 1 ? ws->pool : NULL, batch, write_row,
		     &(struct per_sample){.net = net,
					  .ws = ws,
					  .batch = batch,
					  .columns = columns,
					  .grads = grads,
					  .ld = ld});
}
