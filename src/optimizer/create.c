/* Optimizers: made and freed. */
#include "optimizer/optimizer.h"

#include "base/alloc.h"
#include "base/status.h"
#include "blas/selftest.h"
#include "check.h"
#include "engine/borrow.h"
#include "engine/chunks.h"

/* The optimizer's parts, measured or laid out. */
static struct mlp_optimizer *lay_out(struct mlp_arena *arena, const mlp_network *net,
				     mlp_optimizer_kind kind)
{
	size_t size = mlp_dtype_size(net->dtype), count = net->parameter_count;
	struct mlp_optimizer *made = mlp_arena_take(arena, 1, 1, sizeof(*made));
	size_t *widths = mlp_arena_take(arena, net->layer_count + 1, 1, sizeof(*widths));
	double *parts = mlp_arena_take(arena, mlp_chunk_count(net), 1, sizeof(*parts));
	void *gradient = mlp_arena_take(arena, count, 1, size);
	void *direction = kind == MLP_LBFGS ? mlp_arena_take(arena, count, 1, size) : NULL;
	void *slots[MLP_KEPT] = {NULL};
	for (size_t i = 0; i < mlp_kept_slots(kind); i++)
		slots[i] = mlp_arena_take(arena, count, 1, size);
	if (made == NULL)
		return NULL;
	*made = (struct mlp_optimizer){.allocator = net->allocator,
				       .bytes = (size_t)arena->bytes,
				       .kind = kind,
				       .dtype = net->dtype,
				       .layer_count = net->layer_count,
				       .parameter_count = count,
				       .widths = widths,
				       .slots = {slots[0], slots[1]},
				       .gradient = gradient,
				       .direction = direction,
				       .parts = parts};
	widths[0] = net->layers[1].n_in;
	for (size_t l = 1; l <= net->layer_count; l++)
		widths[l] = net->layers[l].n_out;
	return made;
}

mlp_status mlp_optimizer_create(const mlp_network *net, mlp_optimizer_kind kind,
				mlp_optimizer **optimizer)
{
	mlp_status status = mlp_check_pointer("optimizer", optimizer);
	if (status != MLP_OK)
		return status;
	*optimizer = NULL;
	status = mlp_check_pointer("net", net);
	if (status != MLP_OK)
		return status;
	if (mlp_optimizer_name(kind) == NULL)
		return mlp_fail(MLP_ERR_VALUE, "optimizer kind is %, unknown", (int)kind);
	if (!(net->dtype == MLP_F32 ? mlp_blas_works_f32() : mlp_blas_works_f64()))
		return mlp_fail(MLP_ERR_BLAS, "the BLAS library computes wrong f% products",
				net->dtype == MLP_F32 ? 32 : 64);
	struct mlp_arena arena = {0};
	size_t bytes;
	lay_out(&arena, net, kind);
	status = mlp_borrow(&net->allocator, &arena, &bytes);
	if (status != MLP_OK)
		return status;
	mlp_optimizer *made = lay_out(&arena, net, kind);
	mlp_set_default_hypers(made);
	if (kind == MLP_LBFGS)
		status = mlp_history_create(made, mlp_history_pairs(made));
	if (status != MLP_OK) {
		mlp_optimizer_free(made);
		return status;
	}
	mlp_optimizer_reset(made);
	*optimizer = made;
	return MLP_OK;
}

void mlp_optimizer_free(mlp_optimizer *optimizer)
{
	if (optimizer == NULL)
		return;
	mlp_allocator allocator = optimizer->allocator;
	mlp_deallocate(&allocator, optimizer->history.memory, optimizer->history.bytes);
	mlp_deallocate(&allocator, optimizer, optimizer->bytes);
}

mlp_optimizer_kind mlp_optimizer_kind_of(const mlp_optimizer *optimizer)
{
	return optimizer != NULL ? optimizer->kind : (mlp_optimizer_kind)0;
}
