/* An allocator for mlp_network_create_with() that counts what it hands out, and refuses when told to. */
#ifndef MLP_TESTS_SUPPORT_HEAP_H
#define MLP_TESTS_SUPPORT_HEAP_H

#include <stdbool.h>
#include <stdlib.h>

#include <mlp/mlp.h>

struct heap {
	int64_t calls;      /* allocations asked for so far */
	int64_t refused;    /* of them, those that failed */
	int64_t in_use;     /* bytes */
	int64_t blocks;     /* of memory in use */
	int64_t refuses_at; /* number of the allocation that fails, from 1 */
	bool and_after;     /* so do all after it; with 0: all from now on */
};

static inline void *heap_allocate(void *context, size_t alignment, size_t size)
{
	struct heap *heap = context;
	int64_t number = ++heap->calls;
	if (number == heap->refuses_at || (heap->and_after && number > heap->refuses_at)) {
		heap->refused++;
		return NULL;
	}
	heap->in_use += (int64_t)size;
	heap->blocks++;
	return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static inline void heap_deallocate(void *context, void *memory, size_t alignment, size_t size)
{
	struct heap *heap = context;
	(void)alignment;
	heap->in_use -= (int64_t)size;
	heap->blocks--;
	free(memory);
}

static inline mlp_allocator heap_allocator(struct heap *heap)
{
	return (mlp_allocator){sizeof(mlp_allocator), heap_allocate, heap_deallocate, heap};
}

#endif
