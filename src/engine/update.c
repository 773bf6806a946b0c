/* The update as a step of its own. */
#include "engine/update.h"

#include <stdatomic.h>

#include "base/workers.h"
#include "blas/blas.h"
#include "kernels/kernels.h"

static void share_out(const mlp_network *net, const mlp_workspace *ws, mlp_task task, void *context)
{
	mlp_pool_run(ws != NULL ? ws->pool : NULL, mlp_chunk_count(net), task, context);
}

/* ---- check ---------------------------------------------------------------------------------- */

struct search {
	const mlp_network *net;
	const struct mlp_kernels *kernels;
	const REAL *grad;
	atomic_size_t bad_layer; /* the lowest found */
};

static void lower(atomic_size_t *found, size_t layer)
{
	size_t before = atomic_load_explicit(found, memory_order_relaxed);
	while (layer < before &&
	       !atomic_compare_exchange_weak_explicit(found, &before, layer, memory_order_relaxed,
						      memory_order_relaxed))
		continue;
}

static void search_chunk(void *context, size_t index, size_t worker)
{
	(void)worker;
	struct search *search = context;
	for (size_t l = 1; l <= search->net->layer_count; l++) {
		struct mlp_range part = mlp_trained_part(&search->net->layers[l], index);
		if (!search->kernels->all_finite(search->grad + part.begin, part.end - part.begin))
			lower(&search->bad_layer, l);
	}
}

size_t FN(find_bad_gradient)(const mlp_network *net, const mlp_workspace *ws, const REAL *grad)
{
	struct search search = {net, ws != NULL ? ws->kernels : FN(kernels)((mlp_instructions)0),
				grad, net->layer_count + 1};
	share_out(net, ws, search_chunk, &search);
	size_t bad_layer = atomic_load_explicit(&search.bad_layer, memory_order_relaxed);
	return bad_layer <= net->layer_count ? bad_layer : 0;
}

/* ---- update --------------------------------------------------------------------------------- */

struct update {
	mlp_network *net;
	const REAL *grad;
	REAL eta;
};

static void update_chunk(void *context, size_t index, size_t worker)
{
	(void)worker;
	const struct update *update = context;
	REAL *w = update->net->parameters;
	for (size_t l = 1; l <= update->net->layer_count; l++) {
		struct mlp_range part = mlp_trained_part(&update->net->layers[l], index);
		for (size_t i = part.begin; i < part.end; i += MLP_BLAS_PIECE) {
			size_t left = part.end - i,
			       n = left < MLP_BLAS_PIECE ? left : MLP_BLAS_PIECE;
			/* w <- w - eta dw */
			FN(axpy)(n, -update->eta, update->grad + i, w + i);
		}
	}
}

void FN(apply_update)(mlp_network *net, const mlp_workspace *ws, const REAL *grad, REAL eta)
{
	struct update update = {net, grad, eta};
	share_out(net, ws, update_chunk, &update);
}
