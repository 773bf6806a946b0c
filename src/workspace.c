/* Workspaces: one arena for everything that a computation writes, but its results. */
#include "base/alloc.h"
#include "base/float_mode.h"
#include "base/status.h"
#include "base/workers.h"
#include "blas/selftest.h"
#include "engine/layout.h"
#include "kernels/instructions.h"

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
	mlp_layout_workspace(&arena, net, (size_t)max_batch, mode);
	if (arena.overflow)
		return mlp_fail(MLP_ERR_OVERFLOW,
				"a workspace for % rows exceeds the address space", max_batch);
	*bytes = (size_t)arena.bytes;
	return MLP_OK;
}

/* What the rule leaves open, and what was asked for. */
static void choose(mlp_workspace *ws)
{
	ws->rule = mlp_rule_for(ws->products);
	ws->kernels = ws->dtype == MLP_F32 ? mlp_kernels_f32(ws->instructions)
					   : mlp_kernels_f64(ws->instructions);
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
	mlp_workspace *ws = mlp_layout_workspace(&arena, net, (size_t)max_batch, mode);
	ws->allocator = net->allocator;
	choose(ws);
	*workspace = ws;
	return MLP_OK;
}

void mlp_workspace_free(mlp_workspace *ws)
{
	if (ws == NULL)
		return;
	mlp_allocator allocator = ws->allocator;
	mlp_deallocate(&allocator, ws->crew, ws->crew_bytes);
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

/* ---- pool and denormals --------------------------------------------------------------------- */

/* Memory for the workers besides the caller; *crew NULL if there are none. */
static mlp_status make_crew(const mlp_workspace *ws, size_t workers, void **crew, size_t *bytes)
{
	struct mlp_arena arena = {0};
	mlp_layout_crew(&arena, ws, workers);
	*crew = NULL;
	*bytes = (size_t)arena.bytes;
	if (arena.overflow)
		return mlp_fail(MLP_ERR_OVERFLOW, "scratch for % workers exceeds the address space",
				(int64_t)workers);
	return workers < 2 ? MLP_OK : mlp_allocate(&ws->allocator, *bytes, crew);
}

mlp_status mlp_workspace_set_pool(mlp_workspace *ws, mlp_pool *pool)
{
	if (ws == NULL)
		return mlp_fail(MLP_ERR_NULL, "ws is NULL");
	if (!mlp_pool_is_usable(pool))
		return mlp_fail(MLP_ERR_STATE, "the pool was inherited through fork");
	size_t workers = pool != NULL ? mlp_workers_count(pool) : 1, bytes;
	void *crew;
	mlp_status status = make_crew(ws, workers, &crew, &bytes);
	if (status != MLP_OK)
		return status;
	mlp_deallocate(&ws->allocator, ws->crew, ws->crew_bytes);
	ws->pool = pool;
	ws->crew = crew;
	ws->crew_bytes = bytes;
	struct mlp_arena arena = {.base = crew};
	ws->scratch = crew != NULL ? mlp_layout_crew(&arena, ws, workers) : &ws->own_scratch;
	return MLP_OK;
}

mlp_status mlp_workspace_set_flush_denormals(mlp_workspace *ws, int flush)
{
	if (ws == NULL)
		return mlp_fail(MLP_ERR_NULL, "ws is NULL");
	if (flush && !mlp_can_flush_denormals())
		return mlp_fail(MLP_ERR_SYSTEM, "this processor cannot flush denormal numbers");
	ws->flushes_denormals = flush != 0;
	return MLP_OK;
}

/* ---- tuning --------------------------------------------------------------------------------- */

static mlp_status fail_tuning(mlp_tuning tuning, int64_t value)
{
	return mlp_fail(MLP_ERR_VALUE, "tuning %: % is unknown, or not for this processor",
			(int)tuning, value);
}

mlp_status mlp_workspace_set_tuning(mlp_workspace *ws, mlp_tuning tuning, int64_t value)
{
	if (ws == NULL)
		return mlp_fail(MLP_ERR_NULL, "ws is NULL");
	switch (tuning) {
	case MLP_TUNING_PRODUCTS:
		if (value < 0 || value > MLP_PRODUCTS_WHOLE)
			return fail_tuning(tuning, value);
		ws->products = (mlp_products)value;
		break;
	case MLP_TUNING_SCHEDULE:
		if (value < 0 || value > MLP_SCHEDULE_OUTPUTS)
			return fail_tuning(tuning, value);
		ws->schedule = (mlp_schedule)value;
		break;
	case MLP_TUNING_INSTRUCTIONS:
		if (value < 0 || value > MLP_INSTRUCTIONS_AVX512 ||
		    (value > 0 && !mlp_has_instructions((mlp_instructions)value)))
			return fail_tuning(tuning, value);
		ws->instructions = (mlp_instructions)value;
		break;
	default:
		return mlp_fail(MLP_ERR_VALUE, "tuning is %, unknown", (int)tuning);
	}
	size_t block_rows = ws->rule.block_rows;
	choose(ws);
	if (ws->rule.block_rows != block_rows) /* what is stored would be read from elsewhere */
		ws->progress = (struct mlp_progress){0};
	return MLP_OK;
}

int64_t mlp_workspace_tuning(const mlp_workspace *ws, mlp_tuning tuning, int64_t batch)
{
	if (ws == NULL)
		return mlp_fail(MLP_ERR_NULL, "ws is NULL");
	if (batch < 1)
		return mlp_fail(MLP_ERR_SIZE, "batch is %, must be at least 1", batch);
	if (batch > (int64_t)ws->max_batch)
		return mlp_fail(MLP_ERR_BATCH, "batch is %, workspace holds % rows", batch,
				(int64_t)ws->max_batch);
	switch (tuning) {
	case MLP_TUNING_PRODUCTS:
		return ws->rule.products;
	case MLP_TUNING_SCHEDULE:
		return mlp_schedule_of(ws, (size_t)batch);
	case MLP_TUNING_INSTRUCTIONS:
		return ws->instructions != 0 ? ws->instructions : mlp_best_instructions();
	case MLP_TUNING_MAX_ENUM:
		break;
	}
	return mlp_fail(MLP_ERR_VALUE, "tuning is %, unknown", (int)tuning);
}
