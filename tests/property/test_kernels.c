/* The kernels against plain loops, for every instruction set that this processor has: one row and many,
 * single values, odd shapes, tiles of larger matrices, and shapes larger than what the kernels divide
 * them into. Every array ends where it must, so that a sanitizer sees who reads or writes beyond. */
#include <math.h>
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

enum {
	LINE = 64 / sizeof(REAL), /* samples are stored in whole cache lines */
	PANEL = 64,               /* columns of the kernels' scratch, and the most rows for it */
	DEPTH = 256               /* and its rows beside those of the samples */
};

struct shape {
	size_t n_out, n_in, rows;
};

static const struct shape shapes[] = {
	{1, 1, 1},     {1, 1, 2},    {1, 1, 64},    {5, 1, 1},     {1, 5, 1},     {7, 3, 1},
	{64, 65, 1},   {128, 97, 1}, {1, 9, 4},     {9, 1, 4},     {3, 5, 2},     {16, 16, 16},
	{17, 15, 16},  {15, 17, 33}, {31, 33, 50},  {33, 31, 17},  {70, 40, 3},   {65, 64, 64},
	{12, 32, 32},  {13, 63, 31}, {11, 66, 63},  {6, 8, 8},     {7, 130, 9},   {257, 7, 5},
	{300, 129, 7}, {5, 300, 18}, {5, 256, 64},  {513, 256, 2}, {256, 512, 3}, {4, 31, 1},
	{19, 47, 1},   {2, 1000, 1}, {260, 20, 64},
};

enum { SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

static void for_every_instruction_set(void (*check)(const struct mlp_kernels *kernels))
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
static REAL *values(uint64_t *seed, size_t n)
{
	REAL *made = malloc((n + 1) * sizeof(REAL));
	assert_non_null(made);
	for (size_t i = 0; i < n; i++)
		made[i] = (REAL)random_real(seed);
	made[n] = CANARY;
	return made;
}

static REAL *copy(const REAL *from, size_t n)
{
	REAL *made = malloc((n + 1) * sizeof(REAL));
	assert_non_null(made);
	memcpy(made, from, (n + 1) * sizeof(REAL));
	return made;
}

#define assert_end_untouched(array, n) assert_true((array)[n] == CANARY)

/* Columns in which `rows` samples are stored: one alone is a plain vector. */
static size_t lanes_for(size_t rows)
{
	return rows == 1 ? 1 : (rows + LINE - 1) / LINE * LINE;
}

/* n x lanes random values with a distance of ld; columns beyond `rows` repeat the last. */
static REAL *samples(uint64_t *seed, size_t n, size_t rows, size_t lanes, size_t ld)
{
	REAL *made = values(seed, (n - 1) * ld + lanes);
	for (size_t i = 0; i < n; i++)
		for (size_t j = rows; j < lanes; j++)
			made[i * ld + j] = made[i * ld + rows - 1];
	return made;
}

/* Of a matrix, m x n at the distance ld, what is near and that the gaps are untouched. */
static void check_matrix(const REAL *actual, const REAL *expected, const REAL *before, size_t m,
			 size_t n, size_t ld)
{
	for (size_t i = 0; i < m; i++) {
		assert_near(actual + i * ld, expected + i * ld, n);
		if (i + 1 < m)
			assert_memory_equal(actual + i * ld + n, before + i * ld + n,
					    (ld - n) * sizeof(REAL));
	}
	assert_end_untouched(actual, (m - 1) * ld + n);
}

static void check_forward(const struct mlp_kernels *kernels)
{
	uint64_t seed = 1;
	for (size_t k = 0; k < 4 * SHAPES; k++) {
		struct shape z = shapes[k / 4];
		size_t lanes = lanes_for(z.rows), gap = lanes > 1 && k % 4 >= 2 ? LINE : 0;
		size_t ldw = z.n_in + (k % 4 >= 2 ? 3 : 0), ldx = lanes + gap,
		       lds = lanes + 2 * gap;
		REAL *w = values(&seed, (z.n_out - 1) * ldw + z.n_in);
		REAL *x = samples(&seed, z.n_in, z.rows, lanes, ldx);
		REAL *b = k % 2 == 0 ? values(&seed, z.n_out) : NULL;
		REAL *s = values(&seed, (z.n_out - 1) * lds + lanes);
		REAL *before = copy(s, (z.n_out - 1) * lds + lanes);
		REAL *expected = copy(s, (z.n_out - 1) * lds + lanes);
		for (size_t i = 0; i < z.n_out; i++)
			for (size_t j = 0; j < lanes; j++) {
				double sum = b != NULL ? (double)b[i] : 0;
				for (size_t m = 0; m < z.n_in; m++)
					sum += (double)w[i * ldw + m] * (double)x[m * ldx + j];
				expected[i * lds + j] = (REAL)sum;
			}
		s[0] = (REAL)NAN; /* is overwritten */
		if (lanes == 1)
			kernels->one_forward(w, ldw, b, x, z.n_out, z.n_in, s);
		else
			kernels->tile_forward(w, ldw, b, x, ldx, z.n_out, z.n_in, lanes, s, lds);
		check_matrix(s, expected, before, z.n_out, lanes, lds);
		free(w);
		free(x);
		free(b);
		free(s);
		free(before);
		free(expected);
	}
}

static void forward_is_w_x_plus_b(void **state)
{
	(void)state;
	for_every_instruction_set(check_forward);
}

static REAL *scratch_for(size_t rows, size_t depth)
{
	uint64_t seed = 77;
	REAL *scratch = values(&seed, (rows + (depth < DEPTH ? depth : DEPTH)) * PANEL);
	scratch[0] = (REAL)NAN;
	return scratch;
}

static void check_backward(const struct mlp_kernels *kernels)
{
	uint64_t seed = 2;
	for (size_t k = 0; k < 2 * SHAPES; k++) {
		struct shape z = shapes[k / 2];
		size_t lanes = lanes_for(z.rows), ldw = z.n_in + (k % 2) * 3;
		size_t ldds = lanes + (lanes > 1 ? (k % 2) * LINE : 0);
		REAL *w = values(&seed, (z.n_out - 1) * ldw + z.n_in);
		REAL *ds = samples(&seed, z.n_out, z.rows, lanes, ldds);
		REAL *dx = values(&seed, z.n_in * lanes), *expected = copy(dx, z.n_in * lanes);
		REAL *scratch = scratch_for(z.rows, z.n_out);
		for (size_t m = 0; m < z.n_in; m++)
			for (size_t j = 0; j < lanes; j++) {
				double sum = 0;
				for (size_t i = 0; i < z.n_out; i++)
					sum += (double)w[i * ldw + m] * (double)ds[i * ldds + j];
				expected[m * lanes + j] = (REAL)sum;
			}
		dx[0] = (REAL)NAN; /* is overwritten, not scaled */
		if (lanes == 1)
			kernels->one_backward(w, ldw, ds, z.n_out, z.n_in, dx);
		else
			kernels->tile_backward(w, ldw, ds, ldds, z.n_out, z.n_in, z.rows, dx, lanes,
					       scratch);
		assert_near(dx, expected, z.n_in * lanes);
		for (size_t m = 0; m < z.n_in; m++)
			for (size_t j = z.rows; j < lanes; j++)
				assert_memory_equal(&dx[m * lanes + j], &dx[m * lanes + z.rows - 1],
						    sizeof(REAL));
		assert_end_untouched(dx, z.n_in * lanes);
		free(w);
		free(ds);
		free(dx);
		free(expected);
		free(scratch);
	}
}

static void backward_is_w_transposed_ds_and_the_last_sample_is_repeated(void **state)
{
	(void)state;
	for_every_instruction_set(check_backward);
}

static void check_gradient(const struct mlp_kernels *kernels)
{
	uint64_t seed = 3;
	for (size_t k = 0; k < 3 * SHAPES; k++) {
		struct shape z = shapes[k / 3];
		bool add = k % 3 != 0; /* without it alpha is 1 */
		double alpha = k % 3 == 2 ? -0.125 : 1;
		size_t lanes = lanes_for(z.rows), lddw = z.n_in + (k % 2) * 3;
		size_t ldx = lanes + (lanes > 1 ? (k % 2) * LINE : 0);
		size_t ldds = lanes + (lanes > 1 ? (k % 2) * 2 * LINE : 0);
		REAL *ds = samples(&seed, z.n_out, z.rows, lanes, ldds);
		REAL *x = samples(&seed, z.n_in, z.rows, lanes, ldx);
		REAL *dw = values(&seed, (z.n_out - 1) * lddw + z.n_in);
		REAL *before = copy(dw, (z.n_out - 1) * lddw + z.n_in);
		REAL *expected = copy(dw, (z.n_out - 1) * lddw + z.n_in);
		REAL *scratch = scratch_for(z.rows, 0);
		for (size_t i = 0; i < z.n_out; i++)
			for (size_t m = 0; m < z.n_in; m++) {
				double sum = 0;
				for (size_t j = 0; j < z.rows; j++)
					sum += (double)ds[i * ldds + j] * (double)x[m * ldx + j];
				expected[i * lddw + m] =
					(REAL)((add ? (double)dw[i * lddw + m] : 0) + alpha * sum);
			}
		if (!add)
			dw[0] = (REAL)NAN; /* is overwritten */
		if (lanes == 1)
			kernels->one_gradient((REAL)alpha, add, ds, x, z.n_out, z.n_in, dw, lddw);
		else
			kernels->tile_gradient((REAL)alpha, add, ds, ldds, x, ldx, z.n_out, z.n_in,
					       z.rows, dw, lddw, scratch);
		check_matrix(dw, expected, before, z.n_out, z.n_in, lddw);
		free(ds);
		free(x);
		free(dw);
		free(before);
		free(expected);
		free(scratch);
	}
}

static void gradient_is_ds_x_transposed_or_adds_alpha_times_it(void **state)
{
	(void)state;
	for_every_instruction_set(check_gradient);
}

/* Elements of a result have the bits of the whole product in whichever tile they are computed; in a
 * gradient tiles begin where panels of inputs do. */
static void check_tiles(const struct mlp_kernels *kernels)
{
	enum { OUT = 300, IN = 290, ROWS = 64 };
	uint64_t seed = 8;
	REAL *w = values(&seed, OUT * IN), *b = values(&seed, OUT);
	REAL *x = values(&seed, IN * ROWS), *ds = values(&seed, OUT * ROWS);
	REAL *s = values(&seed, OUT * ROWS), *s_tile = values(&seed, OUT * ROWS);
	REAL *dx = values(&seed, IN * ROWS), *dx_tile = values(&seed, IN * ROWS);
	REAL *dw = values(&seed, OUT * IN), *dw_tile = copy(dw, OUT * IN);
	REAL *scratch = scratch_for(ROWS, DEPTH);
	kernels->tile_forward(w, IN, b, x, ROWS, OUT, IN, ROWS, s, ROWS);
	kernels->tile_backward(w, IN, ds, ROWS, OUT, IN, ROWS, dx, ROWS, scratch);
	kernels->tile_gradient((REAL)-0.3, true, ds, ROWS, x, ROWS, OUT, IN, ROWS, dw, IN, scratch);
	for (size_t i = 0, m = 1; i < OUT; i += m, m = m % 29 + 3) {
		size_t count = m < OUT - i ? m : OUT - i;
		for (size_t j = 0; j < ROWS; j += LINE)
			kernels->tile_forward(w + i * IN, IN, b + i, x + j, ROWS, count, IN, LINE,
					      s_tile + i * ROWS + j, ROWS);
	}
	for (size_t j = 0, m = 1; j < IN; j += m, m = m % 83 + 3) {
		size_t count = m < IN - j ? m : IN - j;
		kernels->tile_backward(w + j, IN, ds, ROWS, OUT, count, ROWS, dx_tile + j * ROWS,
				       ROWS, scratch);
	}
	for (size_t j = 0; j < IN; j += PANEL)
		for (size_t i = 0, n = 1; i < OUT; i += n, n = n % 29 + 3)
			kernels->tile_gradient((REAL)-0.3, true, ds + i * ROWS, ROWS, x + j * ROWS,
					       ROWS, n < OUT - i ? n : OUT - i,
					       PANEL < IN - j ? PANEL : IN - j, ROWS,
					       dw_tile + i * IN + j, IN, scratch);
	assert_memory_equal(s_tile, s, OUT * ROWS * sizeof(REAL));
	assert_memory_equal(dx_tile, dx, IN * ROWS * sizeof(REAL));
	assert_memory_equal(dw_tile, dw, OUT * IN * sizeof(REAL));
	/* and in however few samples */
	for (size_t rows = 2; rows < ROWS; rows += 7) {
		size_t lanes = lanes_for(rows);
		kernels->tile_forward(w, IN, b, x, ROWS, OUT, IN, lanes, s_tile, ROWS);
		kernels->tile_backward(w, IN, ds, ROWS, OUT, IN, rows, dx_tile, lanes, scratch);
		for (size_t i = 0; i < OUT; i++)
			assert_memory_equal(s_tile + i * ROWS, s + i * ROWS, lanes * sizeof(REAL));
		for (size_t i = 0; i < IN; i++)
			assert_memory_equal(dx_tile + i * lanes, dx + i * ROWS,
					    rows * sizeof(REAL));
	}
	free(w);
	free(b);
	free(x);
	free(ds);
	free(s);
	free(s_tile);
	free(dx);
	free(dx_tile);
	free(dw);
	free(dw_tile);
	free(scratch);
}

static void bits_of_an_element_do_not_depend_on_its_tile(void **state)
{
	(void)state;
	for_every_instruction_set(check_tiles);
}

/* One sample: ranges of outputs give the bits of the whole, and so do ranges of whole panels of inputs. */
static void check_ranges_of_one(const struct mlp_kernels *kernels)
{
	enum { OUT = 203, IN = 333 };
	uint64_t seed = 9;
	REAL *w = values(&seed, OUT * IN), *b = values(&seed, OUT), *x = values(&seed, IN);
	REAL *ds = values(&seed, OUT), *s = values(&seed, OUT), *s_part = values(&seed, OUT);
	REAL *dx = values(&seed, IN), *dx_part = values(&seed, IN);
	kernels->one_forward(w, IN, b, x, OUT, IN, s);
	kernels->one_backward(w, IN, ds, OUT, IN, dx);
	for (size_t i = 0, m = 1; i < OUT; i += m, m = m % 11 + 1)
		kernels->one_forward(w + i * IN, IN, b + i, x, m < OUT - i ? m : OUT - i, IN,
				     s_part + i);
	for (size_t j = 0; j < IN; j += PANEL)
		kernels->one_backward(w + j, IN, ds, OUT, PANEL < IN - j ? PANEL : IN - j,
				      dx_part + j);
	assert_memory_equal(s_part, s, OUT * sizeof(REAL));
	assert_memory_equal(dx_part, dx, IN * sizeof(REAL));
	free(w);
	free(b);
	free(x);
	free(ds);
	free(s);
	free(s_part);
	free(dx);
	free(dx_part);
}

static void bits_of_one_sample_do_not_depend_on_the_range(void **state)
{
	(void)state;
	for_every_instruction_set(check_ranges_of_one);
}

static void check_rows(const struct mlp_kernels *kernels)
{
	uint64_t seed = 4;
	for (size_t k = 0; k < 3 * SHAPES; k++) {
		size_t n = shapes[k / 3].n_out, rows = shapes[k / 3].rows, lanes = lanes_for(rows);
		size_t ld = n + (k % 3) * 3;
		REAL *data = values(&seed, (rows - 1) * ld + n), *block = values(&seed, lanes * n);
		REAL *back = values(&seed, (rows - 1) * ld + n);
		REAL *before = copy(back, (rows - 1) * ld + n);
		kernels->block_from_rows(data, ld, rows, n, block, lanes);
		for (size_t j = 0; j < lanes; j++)
			for (size_t i = 0; i < n; i++)
				assert_memory_equal(&block[i * lanes + j],
						    &data[(j < rows ? j : rows - 1) * ld + i],
						    sizeof(REAL));
		assert_end_untouched(block, lanes * n);
		kernels->block_to_rows(block, lanes, rows, n, back, ld);
		for (size_t j = 0; j < rows; j++) {
			assert_memory_equal(back + j * ld, data + j * ld, n * sizeof(REAL));
			if (j + 1 < rows)
				assert_memory_equal(back + j * ld + n, before + j * ld + n,
						    (ld - n) * sizeof(REAL));
		}
		assert_end_untouched(back, (rows - 1) * ld + n);
		free(data);
		free(block);
		free(back);
		free(before);
	}
}

static void rows_become_a_block_and_come_back(void **state)
{
	(void)state;
	for_every_instruction_set(check_rows);
}

static void check_row_sums(const struct mlp_kernels *kernels)
{
	uint64_t seed = 6;
	for (size_t k = 0; k < SHAPES; k++) {
		size_t n = shapes[k].n_out, rows = shapes[k].rows, lanes = lanes_for(rows);
		REAL *sum = values(&seed, n), *block = samples(&seed, n, rows, lanes, lanes);
		REAL *expected = copy(sum, n);
		for (size_t i = 0; i < n; i++) {
			double row = 0;
			for (size_t j = 0; j < rows; j++)
				row += (double)block[i * lanes + j];
			expected[i] = (REAL)((double)sum[i] - 2.5 * row);
		}
		kernels->block_add_row_sums((REAL)-2.5, block, lanes, n, rows, sum);
		assert_near(sum, expected, n);
		assert_end_untouched(sum, n);
		free(sum);
		free(block);
		free(expected);
	}
}

static void row_sums_are_scaled_and_added(void **state)
{
	(void)state;
	for_every_instruction_set(check_row_sums);
}

static void check_finite(const struct mlp_kernels *kernels)
{
	const REAL bad[] = {(REAL)NAN, (REAL)INFINITY, (REAL)-INFINITY};
	REAL array[101] = {0};
	for (size_t n = 0; n <= 100; n += n < 20 ? 1 : 16) {
		for (size_t i = 0; i < n; i++)
			array[i] = i % 2 == 0 ? REAL_MAX : -(REAL)0;
		assert_true(kernels->all_finite(array, n));
		for (size_t i = 0; i < n; i++) {
			REAL good = array[i];
			array[i] = bad[i % 3];
			assert_false(kernels->all_finite(array, n));
			assert_true(kernels->all_finite(array, i));
			array[i] = good;
		}
	}
}

static void one_value_that_is_not_finite_is_found_wherever_it_is(void **state)
{
	(void)state;
	for_every_instruction_set(check_finite);
}

static void check_softmax(const struct mlp_kernels *kernels)
{
	uint64_t seed = 7;
	for (size_t k = 0; k < SHAPES; k++) {
		size_t n = shapes[k].n_out, rows = shapes[k].rows, lanes = lanes_for(rows);
		REAL *s = samples(&seed, n, rows, lanes, lanes), *x = values(&seed, n * lanes);
		REAL *dx = samples(&seed, n, rows, lanes, lanes), *ds = values(&seed, n * lanes);
		REAL *x_expected = copy(x, n * lanes), *ds_expected = copy(ds, n * lanes);
		for (size_t j = 0; j < lanes; j++) {
			double sum = 0, dot = 0;
			for (size_t i = 0; i < n; i++)
				sum += exp((double)s[i * lanes + j]);
			for (size_t i = 0; i < n; i++)
				dot += exp((double)s[i * lanes + j]) / sum *
				       (double)dx[i * lanes + j];
			for (size_t i = 0; i < n; i++) {
				double p = exp((double)s[i * lanes + j]) / sum;
				x_expected[i * lanes + j] = (REAL)p;
				ds_expected[i * lanes + j] =
					(REAL)(p * ((double)dx[i * lanes + j] - dot));
			}
		}
		kernels->softmax_forward(s, n, lanes, x);
		assert_near(x, x_expected, n * lanes);
		kernels->softmax_backward(x, dx, n, lanes, ds);
		assert_near(ds, ds_expected, n * lanes);
		kernels->softmax_forward(s, n, lanes, s); /* in place */
		assert_memory_equal(s, x, n * lanes * sizeof(REAL));
		kernels->softmax_backward(x, dx, n, lanes, dx);
		assert_memory_equal(dx, ds, n * lanes * sizeof(REAL));
		assert_end_untouched(x, n * lanes);
		assert_end_untouched(ds, n * lanes);
		free(s);
		free(x);
		free(dx);
		free(ds);
		free(x_expected);
		free(ds_expected);
	}
}

static void softmax_of_every_column_and_its_jacobian(void **state)
{
	(void)state;
	for_every_instruction_set(check_softmax);
}

static void check_large_logits(const struct mlp_kernels *kernels)
{
	const REAL huge = REAL_MAX / 4;
	/* columns: one far above the rest; all equal; one at -inf */
	const REAL logits[3][3] = {{huge, 3, (REAL)-INFINITY}, {0, 3, 1000}, {-huge, 3, 1000}};
	const REAL probabilities[3][3] = {{1, (REAL)(1. / 3), 0},
					  {0, (REAL)(1. / 3), (REAL)0.5},
					  {0, (REAL)(1. / 3), (REAL)0.5}};
	REAL s[3 * LINE], x[3 * LINE], expected[3 * LINE];
	for (size_t i = 0; i < 3; i++)
		for (size_t j = 0; j < LINE; j++) {
			s[i * LINE + j] = logits[i][j % 3];
			expected[i * LINE + j] = probabilities[i][j % 3];
		}
	kernels->softmax_forward(s, 3, LINE, x);
	assert_near(x, expected, 3 * LINE);
}

static void softmax_of_large_logits_does_not_overflow(void **state)
{
	(void)state;
	for_every_instruction_set(check_large_logits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forward_is_w_x_plus_b),
		cmocka_unit_test(backward_is_w_transposed_ds_and_the_last_sample_is_repeated),
		cmocka_unit_test(gradient_is_ds_x_transposed_or_adds_alpha_times_it),
		cmocka_unit_test(bits_of_an_element_do_not_depend_on_its_tile),
		cmocka_unit_test(bits_of_one_sample_do_not_depend_on_the_range),
		cmocka_unit_test(rows_become_a_block_and_come_back),
		cmocka_unit_test(row_sums_are_scaled_and_added),
		cmocka_unit_test(one_value_that_is_not_finite_is_found_wherever_it_is),
		cmocka_unit_test(softmax_of_every_column_and_its_jacobian),
		cmocka_unit_test(softmax_of_large_logits_does_not_overflow),
	};
	return cmocka_run_group_tests_name("kernels", tests, NULL, NULL);
}
