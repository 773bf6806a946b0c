/* One piece of memory per object. The object's parts are taken from it in order, twice: first without
 * memory, to learn the size, then for good. */
#ifndef MLP_ENGINE_ARENA_H
#define MLP_ENGINE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/checked.h"

struct mlp_arena {
	char *base;    /* NULL while only measuring */
	int64_t bytes; /* taken so far */
	bool overflow; /* the size does not fit; everything taken is meaningless */
};

/* The next rows x columns elements of `size` bytes, aligned; NULL while measuring. */
static inline void *mlp_arena_take(struct mlp_arena *arena, size_t rows, size_t columns,
				   size_t size)
{
	const int64_t limit = PTRDIFF_MAX - MLP_ALIGNMENT;
	int64_t begin = arena->bytes, count;
	/* a number of lanes may have been rounded up beyond it */
	if (rows > (size_t)limit || columns > (size_t)limit ||
	    !mlp_checked_multiply((int64_t)rows, (int64_t)columns, limit, &count) ||
	    !mlp_checked_multiply_add(count, (int64_t)size, limit, &arena->bytes)) {
		arena->overflow = true;
		return NULL;
	}
	arena->bytes = (arena->bytes + MLP_ALIGNMENT - 1) / MLP_ALIGNMENT * MLP_ALIGNMENT;
	return arena->base == NULL ? NULL : arena->base + begin;
}

#endif
