/* Workspaces: one arena for everything that a computation writes, but its results. */
#include "base/alloc.h"
#include "base/status.h"
#include "blas/selftest.h"
#include "check.h"
#include "engine/arena.h"
#include "engine/rule.h"
#include "kernels/kinds.h"
#include "engine/objects.h"

static size_t width_of(const mlp_network *net, size_t l)
{
	return l == 0 ? net->layers[1].n_in : net->layers[l].n_out;
}

/* Inference: layers write to two buffers in turn, each of one block. The output layer has its own s,
 * which losses read. */
static void lay_out_inference(struct mlp_arena *arena, const mlp_network *net, size_t rows,
			      struct mlp_block_storage *layers)
{
	size_t size = mlp_dtype_size(net->dtype), last = net->layer_count;
	size_t widest[2] = {0, 0};
	for (size_t l = 0; l <= last; l++)
		if (width_of(net, l) > widest[l % 2])
			widest[l % 2] = width_of(net, l);
	void *turn[2] = {mlp_arena_take(arena, rows, widest[0], size),
			 mlp_arena_take(arena, rows, widest[1], size)};
	void *logits = mlp_arena_take(arena, rows, width_of(net, last), size);
	for (size_t l = 0; l <= last && layers != NULL; l++)
		layers[l] = (struct mlp_block_storage){.width = width_of(net, l),
						       .x = turn[l % 2],
						       .s = l == last ? logits : turn[l % 2]};
}

/* Training and trace: every quantity of every layer for the whole batch; s and dx on their own only
 * where they are read after x and ds have been made from them. */
static void lay_out_layer(struct mlp_arena *arena, const mlp_network *net, size_t batch, size_t l,
			  bool trace, struct mlp_block_storage *layer)
{
	size_t size = mlp_dtype_size(net->dtype), width = width_of(net, l);
	bool keeps_s = l > 0 && (trace || l == net->layer_count ||
				 mlp_derivative_needs_s(net->layers[l].activation));
	bool keeps_dx = l == 0 || trace;
	void *x = mlp_arena_take(arena, batch, width, size);
	void *s = keeps_s ? mlp_arena_take(arena, batch, width, size) : x;
	void *ds = l > 0 ? mlp_arena_take(arena, batch, width, size) : NULL;
	void *dx = keeps_dx ? mlp_arena_take(arena, batch, width, size) : ds;
	if (layer != NULL)
		*layer = (struct mlp_block_storage){width, x, s, dx, ds};
}

/* The workspace's parts, measured or laid out. */
static mlp_workspace *lay_out(struct mlp_arena *arena, const mlp_network *net, size_t max_batch,
			      mlp_mode mode)
{
	size_t size = mlp_dtype_size(net->dtype), last = net->layer_count;
	size_t block_rows = max_batch < MLP_BLOCK_ROWS ? max_batch : MLP_BLOCK_ROWS;
	mlp_workspace *ws = mlp_arena_take(arena, 1, 1, sizeof(mlp_workspace));
	struct mlp_block_storage *layers =
		mlp_arena_take(arena, last + 1, 1, sizeof(struct mlp_block_storage));
	void *rows_y = mlp_arena_take(arena, block_rows, width_of(net, last), size);
	void *rows_dy = mlp_arena_take(arena, block_rows, width_of(net, last), size);
	double *losses = mlp_arena_take(arena, max_batch, 1, sizeof(double));
	if (mode == MLP_INFERENCE)
		lay_out_inference(arena, net, block_rows, layers);
	for (size_t l = 0; l <= last && mode != MLP_INFERENCE; l++)
		lay_out_layer(arena, net, max_batch, l, mode == MLP_TRACE,
			      layers != NULL ? &layers[l] : NULL);
	if (ws != NULL)
		*ws = (mlp_workspace){.allocator = net->allocator,
				      .bytes = (size_t)arena->bytes,
				      .dtype = net->dtype,
				      .mode = mode,
				      .max_batch = max_batch,
				      .block_rows = block_rows,
				      .layer_count = last,
				      .layers = layers,
				      .rows_y = rows_y,
				      .rows_dy = rows_dy,
				      .losses = losses};
	return ws;
}

mlp_status mlp_workspace_size(const mlp_network *net, int64_t max_batch, mlp_mode mode,
			      size_t *bytes)
{
	if (net == NULL)
		return mlp_fail(MLP_ERR_NULL, "net is NULL");
	if (bytes == NULL)
		return mlp_fail(MLP_ERR_NULL, "bytes is NULL");
	if (max_batch < 1)
		return mlp_fail(MLP_ERR_SIZE, "max_batch is %, must be at least 1", max_batch);
	if (mode < MLP_INFERENCE || mode > MLP_TRACE)
		return mlp_fail(MLP_ERR_VALUE, "mode is %, unknown", (int)mode);
	struct mlp_arena arena = {0};
	lay_out(&arena, net, (size_t)max_batch, mode);
	if (arena.overflow)
		return mlp_fail(MLP_ERR_OVERFLOW,
				"a workspace for % rows exceeds the address space", max_batch);
	*bytes = (size_t)arena.bytes;
	return MLP_OK;
}

mlp_status mlp_workspace_create(const mlp_network *net, int64_t max_batch, mlp_mode mode,
				mlp_workspace **workspace)
{
	if (workspace == NULL)
		return mlp_fail(MLP_ERR_NULL, "workspace is NULL");
	*workspace = NULL;
	size_t bytes;
	mlp_status status = mlp_workspace_size(net, max_batch, mode, &bytes);
	if (status != MLP_OK)
		return status;
	if (!(net->dtype == MLP_F32 ? mlp_blas_works_f32() : mlp_blas_works_f64()))
		return mlp_fail(MLP_ERR_BLAS, "the BLAS library computes wrong f% products",
				net->dtype == MLP_F32 ? 32 : 64);
	void *memory;
	status = mlp_allocate(&net->allocator, bytes, &memory);
	if (status != MLP_OK)
		return status;
	struct mlp_arena arena = {.base = memory};
	*workspace = lay_out(&arena, net, (size_t)max_batch, mode);
	return MLP_OK;
}

void mlp_workspace_free(mlp_workspace *ws)
{
	if (ws == NULL)
		return;
	mlp_allocator allocator = ws->allocator;
	mlp_deallocate(&allocator, ws, ws->bytes);
}

int64_t mlp_workspace_max_batch(const mlp_workspace *ws)
{
	if (ws == NULL)
		return mlp_fail(MLP_ERR_NULL, "ws is NULL");
	return (int64_t)ws->max_batch;
}

mlp_mode mlp_workspace_mode(const mlp_workspace *ws)
{
	return ws != NULL ? ws->mode : (mlp_mode)0;
}
