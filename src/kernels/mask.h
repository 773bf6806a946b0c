/* Which units dropout drops: a function of seed, pass, layer, row and unit, by the generator splitmix64
 * (Steele, Lea and Flood 2014), whose n-th number is computed as directly as its first. */
#ifndef MLP_KERNELS_MASK_H
#define MLP_KERNELS_MASK_H

#include <stddef.h>
#include <stdint.h>

#define MLP_MASK_GAMMA UINT64_C(0x9e3779b97f4a7c15)

/* The units of a layer in one pass. Rows 2 r and 2 r + 1 share the stream of numbers that begins at
 * mlp_mask_number(key ^ r, 1): one takes the low halves of them, the other the high ones. */
struct mlp_mask {
	uint64_t key;
	uint32_t threshold; /* a unit is dropped if its 32 bits are less */
	double factor;      /* of what is kept: 1 / (1 - rate) */
};

/* Number `index`, from 1, of the stream that begins at `state`. */
static inline uint64_t mlp_mask_number(uint64_t state, uint64_t index)
{
	uint64_t z = state + index * MLP_MASK_GAMMA;
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* 0 <= rate < 1 */
static inline struct mlp_mask mlp_mask_of(uint64_t seed, uint64_t pass, size_t layer, double rate)
{
	uint64_t key = mlp_mask_number(mlp_mask_number(seed, 1) ^ pass, 1);
	double threshold = rate * 4294967296.0 + 0.5;
	return (struct mlp_mask){.key = mlp_mask_number(key ^ layer, 1),
				 .threshold = threshold < 4294967295.0 ? (uint32_t)threshold
								       : UINT32_MAX,
				 .factor = 1 / (1 - rate)};
}

#endif
