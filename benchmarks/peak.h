/* The rate that products can reach here: one of 64x64x64 repeated in cache. It is small enough for
 * one thread of any BLAS, so the rate is that of one core. */
#ifndef BENCH_PEAK_H
#define BENCH_PEAK_H

#include "real.h"

enum { PEAK_SIZE = 64 };

struct FN(peak) {
	REAL *a, *b, *c;
};

void FN(peak_init)(struct FN(peak) * peak);
void FN(peak_free)(struct FN(peak) * peak);

/* c = a b; the context is a peak. */
void FN(peak_run)(void *context);

#endif
