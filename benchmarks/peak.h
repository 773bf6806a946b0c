/* The rate that products can reach here. One of 64x64x64 repeated in cache is small enough for one
 * thread of any BLAS, so its rate is that of one core; larger ones can be faster. */
#ifndef BENCH_PEAK_H
#define BENCH_PEAK_H

#include <stdint.h>

#include "real.h"

enum { PEAK_SIZE = 64 };

struct FN(peak) {
	int size;
	REAL *a, *b, *c;
};

/* For square matrices. */
void FN(peak_init)(struct FN(peak) * peak, int size);
void FN(peak_free)(struct FN(peak) * peak);

/* c = a b; the context is a peak. */
void FN(peak_run)(void *context);

static inline int64_t peak_flop(int size)
{
	return INT64_C(2) * size * size * size;
}

#endif
