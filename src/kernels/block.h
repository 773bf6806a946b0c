/* Moving samples in and out of blocks, and what else is done to a whole block. The caller's data is
 * sample by sample ([rows][n], leading dimension); a block is feature by feature (n x lanes without gaps,
 * lanes >= rows): its columns rows .. lanes - 1 repeat the last sample, so that whatever is computed of
 * them is as good as what is computed of that one. */
#ifndef MLP_KERNELS_BLOCK_H
#define MLP_KERNELS_BLOCK_H

#include <stdbool.h>

#include "kernels/vector.h"

/* block (n x lanes) = data^T     data [rows][n], row stride ld */
void KERNEL(block_from_rows)(const REAL *data, size_t ld, size_t rows, size_t n, REAL *block,
			     size_t lanes);

/* data = block^T */
void KERNEL(block_to_rows)(const REAL *block, size_t lanes, size_t rows, size_t n, REAL *data,
			   size_t ld);

/* The same with numbers for each of the n features:
 *     block = ((data - 1 minus^T) .* 1 times^T)^T        minus NULL: 0
 *     data = block^T .* 1 times^T + 1 plus^T             plus NULL: 0 */
void KERNEL(block_from_rows_scaled)(const REAL *data, size_t ld, size_t rows, size_t n,
				    const REAL *minus, const REAL *times, REAL *block,
				    size_t lanes);
void KERNEL(block_to_rows_scaled)(const REAL *block, size_t lanes, size_t rows, size_t n,
				  const REAL *times, const REAL *plus, REAL *data, size_t ld);

/* sum += alpha block 1           sum n values; the order of the sum depends on rows only */
void KERNEL(block_add_row_sums)(REAL alpha, const REAL *block, size_t lanes, size_t n, size_t rows,
				REAL *sum);

/* sums_j += sum of the squares of column j < rows, in double */
void KERNEL(block_add_squares)(const REAL *block, size_t lanes, size_t n, size_t rows,
			       double *sums);

/* to += from                     n values */
void KERNEL(add)(const REAL *from, size_t n, REAL *to);

/* Whether none of n values is infinite or NaN. */
bool KERNEL(all_finite)(const REAL *values, size_t n);

#endif
