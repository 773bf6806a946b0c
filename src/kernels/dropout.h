/* Dropping units. */
#ifndef MLP_KERNELS_DROPOUT_H
#define MLP_KERNELS_DROPOUT_H

#include "kernels/mask.h"
#include "kernels/vector.h"

/* block = mask .* block / (1 - rate) for units `first` and following of a layer: count x lanes, samples
 * first_row (even), first_row + 1, ...; columns rows .. lanes - 1 repeat the last sample. What is dropped
 * becomes 0, whatever it was. */
void KERNEL(drop_units)(const struct mlp_mask *mask, size_t first, size_t count, size_t first_row,
			size_t rows, size_t lanes, REAL *block);

#endif
