/* Moving samples in and out of blocks. */
#include "kernels/block.h"

#include <string.h>

#include "kernels/transpose.h"

void KERNEL(block_from_rows)(const REAL *data, size_t ld, size_t rows, size_t n, REAL *block,
			     size_t lanes)
{
	if (lanes == 1) {
		memcpy(block, data, n * sizeof(REAL));
		return;
	}
	transpose(data, ld, rows, n, block, lanes);
	for (size_t i = 0; i < n && rows < lanes; i++)
		for (size_t j = rows; j < lanes; j++)
			block[i * lanes + j] = block[i * lanes + rows - 1];
}

void KERNEL(block_to_rows)(const REAL *block, size_t lanes, size_t rows, size_t n, REAL *data,
			   size_t ld)
{
	if (lanes == 1)
		memcpy(data, block, n * sizeof(REAL));
	else
		transpose(block, lanes, n, rows, data, ld);
}

/* Two running vectors of sums, and the rest one by one: the same order every time. */
static REAL row_sum(const REAL *row, size_t rows)
{
	VECTOR even = {0}, odd = {0};
	size_t j = 0;
	for (; j + 2 * LANES <= rows; j += 2 * LANES) {
		even += vector_load(row + j);
		odd += vector_load(row + j + LANES);
	}
	REAL sum = vector_sum(even + odd);
	for (; j < rows; j++)
		sum += row[j];
	return sum;
}

void KERNEL(block_add_row_sums)(REAL alpha, const REAL *block, size_t lanes, size_t n, size_t rows,
				REAL *sum)
{
	if (lanes == 1) {
		for (size_t i = 0; i < n; i++)
			sum[i] += alpha * block[i];
		return;
	}
	for (size_t i = 0; i < n; i++)
		sum[i] += alpha * row_sum(block + i * lanes, rows);
}

void KERNEL(block_add_squares)(const REAL *block, size_t lanes, size_t n, size_t rows, double *sums)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < rows; j++)
			sums[j] += (double)block[i * lanes + j] * (double)block[i * lanes + j];
}

void KERNEL(add)(const REAL *from, size_t n, REAL *to)
{
	for (size_t i = 0; i < n; i++)
		to[i] += from[i];
}

/* 0 v is 0 unless v is infinite or NaN: then it is NaN, and so is every sum it goes into. */
bool KERNEL(all_finite)(const REAL *values, size_t n)
{
	VECTOR sums[4] = {{0}};
	REAL sum = 0;
	size_t i = 0;
	for (; i + 4 * LANES <= n; i += 4 * LANES)
		for (size_t k = 0; k < 4; k++)
			sums[k] += 0 * vector_load(values + i + k * LANES);
	for (; i < n; i++)
		sum += 0 * values[i];
	return sum + vector_sum((sums[0] + sums[1]) + (sums[2] + sums[3])) == 0;
}
