/* The rate that products can reach here. */
#include "peak.h"

#include <stdlib.h>

#include "fail.h"
#include "random.h"

void FN(peak_init)(struct FN(peak) * peak)
{
	uint64_t state = 64;
	peak->a = allocate(PEAK_SIZE, PEAK_SIZE, sizeof(REAL));
	peak->b = allocate(PEAK_SIZE, PEAK_SIZE, sizeof(REAL));
	peak->c = allocate(PEAK_SIZE, PEAK_SIZE, sizeof(REAL));
	for (int i = 0; i < PEAK_SIZE * PEAK_SIZE; i++) {
		peak->a[i] = (REAL)random_uniform(&state);
		peak->b[i] = (REAL)random_uniform(&state);
	}
}

void FN(peak_free)(struct FN(peak) * peak)
{
	free(peak->a);
	free(peak->b);
	free(peak->c);
}

void FN(peak_run)(void *context)
{
	struct FN(peak) *peak = context;
	GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, PEAK_SIZE, PEAK_SIZE, PEAK_SIZE, 1, peak->a,
	     PEAK_SIZE, peak->b, PEAK_SIZE, 0, peak->c, PEAK_SIZE);
}
