/* Memory that was measured first: of an object, or what a call needs while it computes. */
#ifndef MLP_ENGINE_BORROW_H
#define MLP_ENGINE_BORROW_H

#include "engine/arena.h"
#include "engine/objects.h"

/* Make an arena of what was measured in it: its parts can then be taken for good. *bytes is for
 * mlp_give_back. */
mlp_status mlp_borrow(const mlp_allocator *allocator, struct mlp_arena *arena, size_t *bytes);

void mlp_give_back(const mlp_allocator *allocator, const struct mlp_arena *arena, size_t bytes);

#endif
