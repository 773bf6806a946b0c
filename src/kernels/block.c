/* Moving samples in and out of blocks. */
#include "kernels/block.h"

#include <string.h>

enum { LANES = 16 }; /* sums side by side, so that they become vectors */
enum { TILE = 16 };  /* a 16 x 16 tile of either side stays in the L1 cache */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

void FN(block_from_rows)(const REAL *data, size_t ld, size_t rows, size_t n, REAL *block)
{
	if (rows == 1) {
		memcpy(block, data, n * sizeof(REAL));
		return;
	}
	for (size_t i0 = 0; i0 < n; i0 += TILE)
		for (size_t j0 = 0; j0 < rows; j0 += TILE)
			for (size_t i = i0; i < least(i0 + TILE, n); i++)
				for (size_t j = j0; j < least(j0 + TILE, rows); j++)
					block[i * rows + j] = data[j * ld + i];
}

void FN(block_to_rows)(const REAL *block, size_t rows, size_t n, REAL *data, size_t ld)
{
	if (rows == 1) {
		memcpy(data, block, n * sizeof(REAL));
		return;
	}
	for (size_t j0 = 0; j0 < rows; j0 += TILE)
		for (size_t i0 = 0; i0 < n; i0 += TILE)
			for (size_t j = j0; j < least(j0 + TILE, rows); j++)
				for (size_t i = i0; i < least(i0 + TILE, n); i++)
					data[j * ld + i] = block[i * rows + j];
}

void FN(block_fill)(const REAL *b, size_t n, size_t rows, REAL *block)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < rows; j++)
			block[i * rows + j] = b[i];
}

/* Sixteen running sums, one for every sixteenth sample, added up pairwise: vector code, and the same
 * order every time. */
static REAL row_sum(const REAL *row, size_t rows)
{
	REAL lane[LANES] = {0};
	size_t j = 0;
	if (rows < LANES) {
		for (; j < rows; j++)
			lane[0] += row[j];
		return lane[0];
	}
	for (; j + LANES <= rows; j += LANES)
		for (size_t k = 0; k < LANES; k++)
			lane[k] += row[j + k];
	for (size_t k = 0; j + k < rows; k++)
		lane[k] += row[j + k];
	for (size_t half = LANES / 2; half > 0; half /= 2)
		for (size_t k = 0; k < half; k++)
			lane[k] += lane[k + half];
	return lane[0];
}

void FN(block_add_row_sums)(REAL alpha, const REAL *block, size_t n, size_t rows, REAL *sum)
{
	if (rows == 1) {
		for (size_t i = 0; i < n; i++)
			sum[i] += alpha * block[i];
		return;
	}
	for (size_t i = 0; i < n; i++)
		sum[i] += alpha * row_sum(block + i * rows, rows);
}

/* v - v is 0 unless v is infinite or NaN, and then so is every sum it goes into. Sixteen sums, without
 * a branch: vector code for either element type. */
bool FN(all_finite)(const REAL *values, size_t n)
{
	REAL lane[LANES] = {0}, sum = 0;
	size_t i = 0;
	for (; i + LANES <= n; i += LANES)
		for (size_t k = 0; k < LANES; k++)
			lane[k] += values[i + k] - values[i + k];
	for (; i < n; i++)
		sum += values[i] - values[i];
	for (size_t k = 0; k < LANES; k++)
		sum += lane[k];
	return sum == 0;
}
