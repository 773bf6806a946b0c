/* Memory that was measured first: of an object, or what a call needs while it computes. */
#include "engine/borrow.h"

#include "base/status.h"

mlp_status mlp_borrow(const mlp_allocator *allocator, struct mlp_arena *arena, size_t *bytes)
{
	if (arena->overflow)
		return mlp_fail(MLP_ERR_OVERFLOW, "the memory needed exceeds the address space");
	void *memory;
	mlp_status status = mlp_allocate(allocator, (size_t)arena->bytes, &memory);
	if (status != MLP_OK)
		return status;
	*bytes = (size_t)arena->bytes;
	*arena = (struct mlp_arena){.base = memory};
	return MLP_OK;
}

void mlp_give_back(const mlp_allocator *allocator, const struct mlp_arena *arena, size_t bytes)
{
	mlp_deallocate(allocator, arena->base, bytes);
}
