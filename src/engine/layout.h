/* Where everything lies in the memory of a workspace. Both functions run twice: on an arena without memory,
 * to measure, then for good. */
#ifndef MLP_ENGINE_LAYOUT_H
#define MLP_ENGINE_LAYOUT_H

#include "engine/arena.h"
#include "engine/objects.h"

/* The workspace itself, its quantities, and the scratch of the caller's thread; NULL while measuring. */
mlp_workspace *mlp_layout_workspace(struct mlp_arena *arena, const mlp_network *net,
				    size_t max_batch, mlp_mode mode);

/* The scratch of each worker of a pool; worker 0 goes on with that of the workspace. */
struct mlp_scratch *mlp_layout_crew(struct mlp_arena *arena, const mlp_workspace *ws,
				    size_t workers);

#endif
