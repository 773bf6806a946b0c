/* Ends of the program: what a benchmark cannot go on without, it stops for, with one line on
 * stderr and exit status 1. */
#ifndef BENCH_FAIL_H
#define BENCH_FAIL_H

#include <stddef.h>

#include <mlp/mlp.h>

/* Stops unless a call of libmlp was successful; `call` is its name. */
void check(mlp_status status, const char *call);

/* rows x width elements of `size` bytes, zero, at a multiple of 64 bytes; stops when out of memory.
 * To be freed by free(). */
void *allocate(size_t rows, size_t width, size_t size);

/* realloc() to count elements of `size` bytes; stops when out of memory. */
void *grow(void *memory, size_t count, size_t size);

#endif
