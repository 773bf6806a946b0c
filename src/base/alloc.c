/* Memory: the only file that needs the C library's allocator. */
#define _DEFAULT_SOURCE /* madvise; NOLINT: the name is the C library's */
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "base/cancellation.h"
#include "base/status.h"

/* Bytes of the struct in version 0.1, and more than any version will have: beyond that struct_size was
 * never set. */
enum { SMALLEST = sizeof(mlp_allocator), LARGEST = 4096 };

/* Memory of two huge pages or more begins at one, and the system is asked for huge pages: rows of
 * a large w lie in pages of their own otherwise, and each new page costs a walk through its tables. */
enum { HUGE_PAGE = 2 << 20 };

static void *c_allocate(void *context, size_t alignment, size_t size)
{
	(void)context;
	if (size >= 2 * HUGE_PAGE)
		alignment = HUGE_PAGE;
	size_t rest = size % alignment;
	if (rest != 0 && size > SIZE_MAX - alignment)
		return NULL;
	/* C11 wants a multiple of the alignment */
	size_t whole = rest == 0 ? size : size + (alignment - rest);
	void *memory = aligned_alloc(alignment, whole);
#ifdef MADV_HUGEPAGE
	if (memory != NULL && alignment == HUGE_PAGE)
		madvise(memory, whole, MADV_HUGEPAGE); /* a wish: it may be refused */
#endif
	return memory;
}

static void c_deallocate(void *context, void *memory, size_t alignment, size_t size)
{
	(void)context;
	(void)alignment;
	(void)size;
	free(memory);
}

/* A struct from a newer header is served if what this version does not know is all zero. */
static int has_unknown_fields(const mlp_allocator *allocator)
{
	const unsigned char *bytes = (const unsigned char *)allocator;
	for (size_t i = sizeof(*allocator); i < allocator->struct_size; i++)
		if (bytes[i] != 0)
			return 1;
	return 0;
}

mlp_status mlp_allocator_copy(const mlp_allocator *from, mlp_allocator *to)
{
	if (from == NULL) {
		*to = (mlp_allocator){sizeof(*to), c_allocate, c_deallocate, NULL};
		return MLP_OK;
	}
	if (from->struct_size < SMALLEST || from->struct_size > LARGEST)
		return mlp_fail(MLP_ERR_VALUE, "allocator has struct_size %, must be in % .. %",
				(int64_t)from->struct_size, SMALLEST, LARGEST);
	if (has_unknown_fields(from))
		return mlp_fail(MLP_ERR_VALUE,
				"allocator of struct_size % uses fields this version does not know",
				(int64_t)from->struct_size);
	if (from->allocate == NULL || from->deallocate == NULL)
		return mlp_fail(MLP_ERR_NULL, "allocator lacks allocate or deallocate");
	memcpy(to, from, sizeof(*to));
	to->struct_size = sizeof(*to);
	return MLP_OK;
}

mlp_status mlp_allocate(const mlp_allocator *allocator, size_t size, void **memory)
{
	int cancellation = mlp_cancellation_hold();
	*memory = allocator->allocate(allocator->context, MLP_ALIGNMENT, size);
	mlp_cancellation_release(cancellation);
	if (*memory == NULL)
		return mlp_fail(MLP_ERR_MEMORY, "out of memory for % bytes", (int64_t)size);
	if ((uintptr_t)*memory % MLP_ALIGNMENT != 0) {
		mlp_deallocate(allocator, *memory, size);
		*memory = NULL;
		return mlp_fail(MLP_ERR_MEMORY, "allocator gave memory not aligned to % bytes",
				MLP_ALIGNMENT);
	}
	return MLP_OK;
}

void mlp_deallocate(const mlp_allocator *allocator, void *memory, size_t size)
{
	if (memory == NULL)
		return;
	int cancellation = mlp_cancellation_hold();
	allocator->deallocate(allocator->context, memory, MLP_ALIGNMENT, size);
	mlp_cancellation_release(cancellation);
}
