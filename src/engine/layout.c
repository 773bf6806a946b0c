/* Where everything lies in the memory of a workspace. */
#include "engine/layout.h"

#include "kernels/kinds.h"
#include "kernels/sizes.h"

static size_t width_of(const mlp_network *net, size_t l)
{
	return l == 0 ? net->layers[1].n_in : net->layers[l].n_out;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t most(size_t a, size_t b)
{
	return a > b ? a : b;
}

static struct mlp_shape shape_of(const mlp_network *net, size_t max_batch, mlp_mode mode)
{
	struct mlp_shape shape = {.size = mlp_dtype_size(net->dtype),
				  .last = net->layer_count,
				  .max_batch = max_batch,
				  .mode = mode};
	for (size_t l = 0; l <= shape.last; l++) {
		size_t width = width_of(net, l);
		shape.widest[l % 2] = most(shape.widest[l % 2], width);
		shape.deepest = most(shape.deepest, width);
		if (l > 0)
			shape.largest = most(shape.largest, width * (net->layers[l].n_in + 1));
	}
	shape.widest[MLP_LOGITS] = width_of(net, shape.last);
	return shape;
}

/* What one worker needs: the scratch of a tile, a block of outputs and their gradients; for inference the
 * buffers that layers write to in turn, for training the gradient of a part of a tile. */
static struct mlp_scratch lay_out_scratch(struct mlp_arena *arena, const struct mlp_shape *shape)
{
	struct mlp_scratch scratch = {0};
	size_t rows = least(shape->max_batch, MLP_HELD_ROWS), outputs = shape->widest[MLP_LOGITS];
	size_t depth = least(rows, MLP_TILE_ROWS) + least(MLP_TILE_DEPTH, shape->deepest);
	if (rows > 1)
		scratch.tile = mlp_arena_take(arena, depth, MLP_TILE_COLUMNS, shape->size);
	scratch.rows_y = mlp_arena_take(arena, rows, outputs, shape->size);
	scratch.rows_dy = mlp_arena_take(arena, rows, outputs, shape->size);
	scratch.target = mlp_arena_take(arena, 1, outputs, shape->size);
	for (int turn = 0; turn < MLP_TURNS && shape->mode == MLP_INFERENCE; turn++)
		scratch.turns[turn] =
			mlp_arena_take(arena, mlp_lanes(rows, shape->max_batch, shape->size),
				       shape->widest[turn], shape->size);
	if (shape->mode != MLP_INFERENCE && shape->max_batch > 1)
		scratch.dw =
			mlp_arena_take(arena, least(shape->largest, MLP_DW_PART), 1, shape->size);
	return scratch;
}

/* Training and trace: every quantity of the layer for the whole batch; s and dx on their own only where
 * they are read after x and ds have been made from them. */
static struct mlp_block_storage lay_out_layer(struct mlp_arena *arena, const mlp_network *net,
					      const struct mlp_shape *shape, size_t l)
{
	size_t size = shape->size, width = width_of(net, l);
	size_t lanes = mlp_lanes(shape->max_batch, shape->max_batch, size);
	bool trace = shape->mode == MLP_TRACE;
	bool keeps_s = l > 0 && (trace || l == shape->last ||
				 mlp_derivative_needs_s(net->layers[l].activation));
	void *x = mlp_arena_take(arena, lanes, width, size);
	void *s = keeps_s ? mlp_arena_take(arena, lanes, width, size) : x;
	void *ds = l > 0 ? mlp_arena_take(arena, lanes, width, size) : NULL;
	void *dx = l == 0 || trace ? mlp_arena_take(arena, lanes, width, size) : ds;
	return (struct mlp_block_storage){width, x, s, dx, ds};
}

/* Inference: two buffers in turn. The output layer has its own s, which losses read. */
static struct mlp_block_storage take_turns(const mlp_network *net,
					   const struct mlp_scratch *scratch, size_t l)
{
	void *x = scratch->turns[l % 2];
	return (struct mlp_block_storage){.width = width_of(net, l),
					  .x = x,
					  .s = l == net->layer_count ? scratch->turns[MLP_LOGITS]
								     : x};
}

mlp_workspace *mlp_layout_workspace(struct mlp_arena *arena, const mlp_network *net,
				    size_t max_batch, mlp_mode mode)
{
	struct mlp_shape shape = shape_of(net, max_batch, mode);
	mlp_workspace *ws = mlp_arena_take(arena, 1, 1, sizeof(mlp_workspace));
	struct mlp_block_storage *layers =
		mlp_arena_take(arena, shape.last + 1, 1, sizeof(struct mlp_block_storage));
	double *losses = mlp_arena_take(arena, max_batch, 1, sizeof(double));
	struct mlp_scratch scratch = lay_out_scratch(arena, &shape);
	for (size_t l = 0; l <= shape.last; l++) {
		struct mlp_block_storage layer = mode == MLP_INFERENCE
							 ? take_turns(net, &scratch, l)
							 : lay_out_layer(arena, net, &shape, l);
		if (layers != NULL)
			layers[l] = layer;
	}
	if (ws == NULL)
		return NULL;
	*ws = (mlp_workspace){.bytes = (size_t)arena->bytes,
			      .dtype = net->dtype,
			      .mode = mode,
			      .max_batch = max_batch,
			      .layer_count = shape.last,
			      .shape = shape,
			      .layers = layers,
			      .losses = losses,
			      .own_scratch = scratch};
	ws->scratch = &ws->own_scratch;
	return ws;
}

struct mlp_scratch *mlp_layout_crew(struct mlp_arena *arena, const mlp_workspace *ws,
				    size_t workers)
{
	struct mlp_scratch *crew = mlp_arena_take(arena, workers, 1, sizeof(*crew));
	if (crew != NULL)
		crew[0] = ws->own_scratch;
	for (size_t worker = 1; worker < workers; worker++) {
		struct mlp_scratch scratch = lay_out_scratch(arena, &ws->shape);
		if (crew != NULL)
			crew[worker] = scratch;
	}
	return crew;
}
