/* Seeded numbers for tests: Knuth's 64-bit linear congruential generator, high bits. */
#include "support/random.h"

static uint64_t next(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 11;
}

double random_real(uint64_t *state)
{
	return (double)next(state) * 0x1p-52 - 1;
}

int64_t random_integer(uint64_t *state, int64_t low, int64_t high)
{
	return low + (int64_t)(next(state) % (uint64_t)(high - low + 1));
}

void random_fill_f32(uint64_t *state, float *values, size_t n, double scale)
{
	for (size_t i = 0; i < n; i++)
		values[i] = (float)(scale * random_real(state));
}

void random_fill_f64(uint64_t *state, double *values, size_t n, double scale)
{
	for (size_t i = 0; i < n; i++)
		values[i] = scale * random_real(state);
}
