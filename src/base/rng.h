/* Seeded random numbers: xoshiro256** (Blackman and Vigna 2018), seeded by splitmix64. */
#ifndef MLP_BASE_RNG_H
#define MLP_BASE_RNG_H

#include <stdint.h>

struct mlp_rng {
	uint64_t state[4];
	double spare; /* second number of the last pair of normal ones */
	int has_spare;
};

/* Stream number `stream` of a seed; different streams are independent. */
void mlp_rng_seed(struct mlp_rng *rng, uint64_t seed, uint64_t stream);

/* 64 random bits. */
uint64_t mlp_rng_next(struct mlp_rng *rng);

/* Uniform in [0, 1), a multiple of 2^-53. */
double mlp_rng_uniform(struct mlp_rng *rng);

/* Normal with mean 0 and variance 1. */
double mlp_rng_normal(struct mlp_rng *rng);

#endif
