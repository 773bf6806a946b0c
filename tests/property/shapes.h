/* What the tests of the kernels share: shapes, arrays, and every instruction set that this processor has.
 * Every array ends where it must, so that a sanitizer sees who reads or writes beyond. */
#ifndef MLP_TESTS_PROPERTY_SHAPES_H
#define MLP_TESTS_PROPERTY_SHAPES_H

#include <stdlib.h>

#include "kernels/instructions.h"
#include "kernels/kernels.h"
#include "support/test.h"

#if MLP_REAL_BITS == 32
#define assert_near(a, e, n) assert_allclose_f32(a, e, n, 1e-5, 2e-5)
#else
#define assert_near(a, e, n) assert_allclose_f64(a, e, n, 1e-12, 1e-12)
#endif

#define CANARY ((REAL)-12345.5)

enum { LINE = 64 / sizeof(REAL) }; /* samples are stored in whole cache lines */

struct shape {
	size_t n_out, n_in, rows;
};

/* From single values to more than the kernels take at once. */
static const struct shape shapes[] = {
	{1, 1, 1},     {1, 1, 2},    {1, 1, 64},    {5, 1, 1},     {1, 5, 1},       {7, 3, 1},
	{64, 65, 1},   {128, 97, 1}, {1, 9, 4},     {9, 1, 4},     {3, 5, 2},       {16, 16, 16},
	{17, 15, 16},  {15, 17, 33}, {31, 33, 50},  {33, 31, 17},  {70, 40, 3},     {65, 64, 64},
	{12, 32, 32},  {13, 63, 31}, {11, 66, 63},  {6, 8, 8},     {7, 130, 9},     {257, 7, 5},
	{300, 129, 7}, {5, 300, 18}, {5, 256, 64},  {513, 256, 2}, {256, 512, 3},   {4, 31, 1},
	{19, 47, 1},   {2, 1000, 1}, {260, 20, 64}, {20, 70, 128}, {130, 512, 128}, {67, 768, 65},
};

enum { SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

static inline void for_every_instruction_set(void (*check)(const struct mlp_kernels *kernels))
{
	size_t count = 0;
	for (int set = MLP_INSTRUCTIONS_BASELINE; set <= MLP_INSTRUCTIONS_AVX512; set++) {
		if (!mlp_has_instructions((mlp_instructions)set))
			continue;
		check(FN(kernels)((mlp_instructions)set));
		count++;
	}
	assert_true(count > 0);
	assert_ptr_equal(FN(kernels)((mlp_instructions)0), FN(kernels)(mlp_best_instructions()));
}

/* n random values, and a canary behind them. */
static inline REAL *values(uint64_t *seed, size_t n)
{
	REAL *made = malloc((n + 1) * sizeof(REAL));
	assert_non_null(made);
	for (size_t i = 0; i < n; i++)
		made[i] = (REAL)random_real(seed);
	made[n] = CANARY;
	return made;
}

static inline REAL *copy(const REAL *from, size_t n)
{
	REAL *made = malloc((n + 1) * sizeof(REAL));
	assert_non_null(made);
	memcpy(made, from, (n + 1) * sizeof(REAL));
	return made;
}

#define assert_end_untouched(array, n) assert_true((array)[n] == CANARY)

/* Columns in which `rows` samples are stored: one alone is a plain vector. */
static inline size_t lanes_for(size_t rows)
{
	return rows == 1 ? 1 : (rows + LINE - 1) / LINE * LINE;
}

/* n x lanes random values with a distance of ld; columns beyond `rows` repeat the last. */
static inline REAL *samples(uint64_t *seed, size_t n, size_t rows, size_t lanes, size_t ld)
{
	REAL *made = values(seed, (n - 1) * ld + lanes);
	for (size_t i = 0; i < n; i++)
		for (size_t j = rows; j < lanes; j++)
			made[i * ld + j] = made[i * ld + rows - 1];
	return made;
}

#endif
