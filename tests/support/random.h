/* Seeded numbers for tests, independent of the library's own generator. */
#ifndef MLP_TESTS_SUPPORT_RANDOM_H
#define MLP_TESTS_SUPPORT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Uniform in [-1, 1); `state` is the seed and is advanced. */
double random_real(uint64_t *state);

/* Uniform in low .. high. */
int64_t random_integer(uint64_t *state, int64_t low, int64_t high);

/* n values uniform in [-scale, scale). */
void random_fill_f32(uint64_t *state, float *values, size_t n, double scale);
void random_fill_f64(uint64_t *state, double *values, size_t n, double scale);

#endif
