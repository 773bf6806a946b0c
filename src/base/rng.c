/* Seeded random numbers, the host's own left alone. */
#include "base/rng.h"

#include <math.h>

static uint64_t splitmix64(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15U);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

static uint64_t rotate_left(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

void mlp_rng_seed(struct mlp_rng *rng, uint64_t seed, uint64_t stream)
{
	/* hash the seed before the stream joins it, so that (1, 2) and (2, 1) differ */
	uint64_t state = splitmix64(&seed) ^ stream;
	for (int i = 0; i < 4; i++)
		rng->state[i] = splitmix64(&state);
	rng->has_spare = 0;
	rng->spare = 0;
}

uint64_t mlp_rng_next(struct mlp_rng *rng)
{
	uint64_t *s = rng->state;
	uint64_t result = rotate_left(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate_left(s[3], 45);
	return result;
}

double mlp_rng_uniform(struct mlp_rng *rng)
{
	return (double)(mlp_rng_next(rng) >> 11) * 0x1p-53;
}

/* Marsaglia's polar method: a point of the unit disc gives two normal numbers. */
double mlp_rng_normal(struct mlp_rng *rng)
{
	if (rng->has_spare) {
		rng->has_spare = 0;
		return rng->spare;
	}
	double u, v, r2;
	do {
		u = 2 * mlp_rng_uniform(rng) - 1;
		v = 2 * mlp_rng_uniform(rng) - 1;
		r2 = u * u + v * v;
	} while (r2 >= 1 || r2 == 0);
	double scale = sqrt(-2 * log(r2) / r2);
	rng->spare = v * scale;
	rng->has_spare = 1;
	return u * scale;
}
