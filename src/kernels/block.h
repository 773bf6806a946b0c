/* Moving samples in and out of blocks, and what else is done to a whole block. The caller's data is
 * sample by sample ([rows][n], leading dimension); a block is feature by feature (n x rows). */
#ifndef MLP_KERNELS_BLOCK_H
#define MLP_KERNELS_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/real.h"

/* block (n x rows) = data^T      data [rows][n], row stride ld */
void FN(block_from_rows)(const REAL *data, size_t ld, size_t rows, size_t n, REAL *block);

/* data = block^T */
void FN(block_to_rows)(const REAL *block, size_t rows, size_t n, REAL *data, size_t ld);

/* block = b 1^T                  b n values */
void FN(block_fill)(const REAL *b, size_t n, size_t rows, REAL *block);

/* sum += alpha block 1           sum n values; the order of the sum depends on rows only */
void FN(block_add_row_sums)(REAL alpha, const REAL *block, size_t n, size_t rows, REAL *sum);

/* Whether none of n values is infinite or NaN. */
bool FN(all_finite)(const REAL *values, size_t n);

#endif
