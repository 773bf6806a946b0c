/* The rate that products can reach here. */
#include "peak.h"

#include <stdlib.h>

#include "fail.h"
#include "random.h"

static REAL *random_matrix(int size, uint64_t state)
{
	size_t n = (size_t)size;
	REAL *matrix = allocate(n, n, sizeof(REAL));
	for (size_t i = 0; i < n * n; i++)
		matrix[i] = (REAL)random_uniform(&state);
	return matrix;
}

void FN(peak_init)(struct FN(peak) * peak, int size)
{
	peak->size = size;
	peak->a = random_matrix(size, 64);
	peak->b = random_matrix(size, 65);
	peak->c = random_matrix(size, 66);
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
	int n = peak->size;
	GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, peak->a, n, peak->b, n, 0,
	     peak->c, n);
}
