/* The pairs of L-BFGS: their memory. */
#include <string.h>

#include "base/alloc.h"
#include "base/digits.h"
#include "engine/borrow.h"
#include "optimizer/optimizer.h"

/* "history_s_12" */
static void write_name(char *name, char letter, size_t number)
{
	memcpy(name, "history_s_", 10);
	name[8] = letter;
	*mlp_put_digits(name + 10, number) = '\0';
}

static struct mlp_history lay_out_history(struct mlp_arena *arena, size_t count, size_t size,
					  size_t pairs)
{
	size_t unit = MLP_ALIGNMENT / size, stride = (count + unit - 1) / unit * unit;
	struct mlp_history history = {.stride = stride};
	history.alpha = mlp_arena_take(arena, pairs, 1, sizeof(double));
	history.curvature = mlp_arena_take(arena, pairs, 1, sizeof(double));
	history.names = mlp_arena_take(arena, 2 * pairs, 1, sizeof(*history.names));
	history.values = mlp_arena_take(arena, stride, 2 * pairs, size);
	history.bytes = (size_t)arena->bytes;
	return history;
}

mlp_status mlp_history_create(struct mlp_optimizer *optimizer, size_t pairs)
{
	size_t size = mlp_dtype_size(optimizer->dtype), count = optimizer->parameter_count;
	struct mlp_arena arena = {0};
	size_t bytes;
	lay_out_history(&arena, count, size, pairs);
	mlp_status status = mlp_borrow(&optimizer->allocator, &arena, &bytes);
	if (status != MLP_OK)
		return status;
	memset(arena.base, 0, bytes);
	struct mlp_history history = lay_out_history(&arena, count, size, pairs);
	history.memory = arena.base;
	for (size_t i = 0; i < 2 * pairs; i++)
		write_name(history.names[i], i % 2 == 0 ? 's' : 'y', i / 2);
	mlp_deallocate(&optimizer->allocator, optimizer->history.memory, optimizer->history.bytes);
	optimizer->history = history;
	optimizer->scalars[MLP_SCALAR_PAIRS] = optimizer->scalars[MLP_SCALAR_NEXT] = 0;
	return MLP_OK;
}
