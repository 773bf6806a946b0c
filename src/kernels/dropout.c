/* Dropping units: a vector of samples at a time, whose streams go on from unit to unit. */
#include "kernels/dropout.h"

typedef uint64_t WIDE __attribute__((vector_size(VECTOR_BYTES)));

VECTOR_INLINE WIDE mix(WIDE z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* The beginnings of the streams of the LANES samples from `row` (even) on: of floats each lane serves two
 * samples, of doubles each sample has a lane. */
VECTOR_INLINE WIDE streams_of(uint64_t key, size_t row)
{
	WIDE pair = {0};
	for (size_t k = 0; k < DOUBLE_LANES; k++)
		pair[k] = row / 2 + (MLP_REAL_BITS == 32 ? k : k / 2);
	return mix((key ^ pair) + MLP_MASK_GAMMA);
}

/* The 32 bits of each sample, from the numbers of their streams. */
VECTOR_INLINE VECTOR_BITS bits_of(WIDE z)
{
#if MLP_REAL_BITS == 32
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	z = (z << 32) | (z >> 32);
#endif
	return (VECTOR_BITS)z;
#else
	WIDE shift = {0};
	for (size_t k = 0; k < DOUBLE_LANES; k++)
		shift[k] = k % 2 * 32;
	return (z >> shift) & UINT32_MAX;
#endif
}

/* One sample alone: a vector without gaps. */
static void drop_of_one(const struct mlp_mask *mask, size_t first, size_t count, size_t row,
			REAL *x)
{
	const REAL factor = (REAL)mask->factor;
	uint64_t stream = mlp_mask_number(mask->key ^ (row / 2), 1);
	for (size_t i = 0; i < count; i++) {
		uint32_t bits = (uint32_t)mlp_mask_number(stream, first + i + 1);
		x[i] = bits >= mask->threshold ? x[i] * factor : 0;
	}
}

void KERNEL(drop_units)(const struct mlp_mask *mask, size_t first, size_t count, size_t first_row,
			size_t rows, size_t lanes, REAL *block)
{
	if (lanes == 1) {
		drop_of_one(mask, first, count, first_row, block);
		return;
	}
	const VECTOR factor = vector_all((REAL)mask->factor);
	const VECTOR_BITS threshold = mask->threshold - (VECTOR_BITS){0};
	for (size_t j = 0; j < lanes; j += LANES) {
		WIDE z = streams_of(mask->key, first_row + j) + (uint64_t)first * MLP_MASK_GAMMA;
		for (size_t i = 0; i < count; i++) {
			REAL *x = block + i * lanes + j;
			z += MLP_MASK_GAMMA;
			VECTOR_INT dropped = bits_of(mix(z)) < threshold;
			vector_store(x, vector_unless(dropped, vector_load(x) * factor));
		}
	}
	for (size_t i = 0; i < count && rows < lanes; i++)
		for (size_t j = rows; j < lanes; j++)
			block[i * lanes + j] = block[i * lanes + rows - 1];
}
