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

/* ---- scaled: as many features as a cache line holds go to their place, and are scaled while they are
 * in the cache ---------------------------------------------------------------------------------- */

static size_t at_most_a_line(size_t n)
{
	return n < LINE ? n : LINE;
}

/* What a vector of features is scaled with, from number i of n on. */
VECTOR_INLINE VECTOR numbers_from(const REAL *numbers, size_t i, size_t n)
{
	return numbers != NULL ? vector_load_most(numbers + i, n - i, 0) : vector_all(0);
}

void KERNEL(block_from_rows_scaled)(const REAL *data, size_t ld, size_t rows, size_t n,
				    const REAL *minus, const REAL *times, REAL *block, size_t lanes)
{
	for (size_t i = 0; i < n && lanes == 1; i += LANES) {
		VECTOR v = vector_load_most(data + i, n - i, 0);
		v = (v - numbers_from(minus, i, n)) * numbers_from(times, i, n);
		vector_store_most(block + i, n - i, v);
	}
	for (size_t first = 0; first < n && lanes > 1; first += LINE) {
		size_t count = at_most_a_line(n - first);
		KERNEL(block_from_rows)
		(data + first, ld, rows, count, block + first * lanes, lanes);
		for (size_t i = first; i < first + count; i++) {
			REAL *row = block + i * lanes, shift = minus != NULL ? minus[i] : 0;
			for (size_t j = 0; j < lanes; j += LANES)
				vector_store(row + j, (vector_load(row + j) - shift) * times[i]);
		}
	}
}

void KERNEL(block_to_rows_scaled)(const REAL *block, size_t lanes, size_t rows, size_t n,
				  const REAL *times, const REAL *plus, REAL *data, size_t ld)
{
	for (size_t first = 0; first < n; first += LINE) {
		size_t count = at_most_a_line(n - first);
		KERNEL(block_to_rows)(block + first * lanes, lanes, rows, count, data + first, ld);
		for (size_t i = first; i < first + count; i += LANES) {
			VECTOR factor = numbers_from(times, i, n), more = numbers_from(plus, i, n);
			for (size_t j = 0; j < rows; j++) {
				REAL *place = data + j * ld + i;
				VECTOR v = vector_load_most(place, n - i, 0);
				vector_store_most(place, n - i, v * factor + more);
			}
		}
	}
}

/* ---- sums and checks ------------------------------------------------------------------------- */

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
