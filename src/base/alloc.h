/* Memory: the C library's, or the caller's allocator. */
#ifndef MLP_BASE_ALLOC_H
#define MLP_BASE_ALLOC_H

#include <mlp/mlp.h>

enum { MLP_ALIGNMENT = 64 };

/* Copy a caller's allocator after checking it; the C library's for NULL. */
mlp_status mlp_allocator_copy(const mlp_allocator *from, mlp_allocator *to);

/* `size` > 0 bytes at a multiple of MLP_ALIGNMENT, not cleared. */
mlp_status mlp_allocate(const mlp_allocator *allocator, size_t size, void **memory);

/* Give back what mlp_allocate gave; NULL is allowed. */
void mlp_deallocate(const mlp_allocator *allocator, void *memory, size_t size);

#endif
