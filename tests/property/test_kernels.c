/* The kernels of dense layers and blocks against plain loops: one row and many, single values, odd
 * shapes, and shapes larger than the tile of the transposing copies. */
#include <math.h>
#include <stdlib.h>

#include "kernels/activation.h"
#include "kernels/block.h"
#include "kernels/dense.h"
#include "support/test.h"

#if MLP_REAL_BITS == 32
#define assert_near(a, e, n) assert_allclose_f32(a, e, n, 1e-5, 1e-5)
#else
#define assert_near(a, e, n) assert_allclose_f64(a, e, n, 1e-12, 1e-12)
#endif

#define CANARY ((REAL)-12345.5)

struct shape {
	size_t n_out, n_in, rows;
};

static const struct shape shapes[] = {
	{1, 1, 1},    {1, 1, 2},    {1, 1, 257},   {5, 1, 1},    {1, 5, 1},   {7, 3, 1},
	{64, 65, 1},  {128, 97, 1}, {1, 9, 4},     {9, 1, 4},    {3, 5, 2},   {16, 16, 16},
	{17, 15, 16}, {15, 17, 33}, {31, 33, 100}, {33, 31, 17}, {70, 40, 3}, {65, 64, 256},
};

enum { SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

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

static void forward_is_w_x_plus_b(void **state)
{
	(void)state;
	uint64_t seed = 1;
	for (size_t k = 0; k < 2 * SHAPES; k++) {
		struct shape z = shapes[k / 2];
		REAL *w = values(&seed, z.n_out * z.n_in), *x = values(&seed, z.n_in * z.rows);
		REAL *b = k % 2 == 0 ? values(&seed, z.n_out) : NULL;
		REAL *s = values(&seed, z.n_out * z.rows), *expected = copy(s, z.n_out * z.rows);
		for (size_t i = 0; i < z.n_out; i++)
			for (size_t j = 0; j < z.rows; j++) {
				double sum = b != NULL ? (double)b[i] : 0;
				for (size_t m = 0; m < z.n_in; m++)
					sum += (double)w[i * z.n_in + m] *
					       (double)x[m * z.rows + j];
				expected[i * z.rows + j] = (REAL)sum;
			}
		FN(dense_forward)(w, b, x, z.n_out, z.n_in, z.rows, s);
		assert_near(s, expected, z.n_out * z.rows);
		assert_end_untouched(s, z.n_out * z.rows);
		free(w);
		free(x);
		free(b);
		free(s);
		free(expected);
	}
}

static void backward_is_w_transposed_ds(void **state)
{
	(void)state;
	uint64_t seed = 2;
	for (size_t k = 0; k < SHAPES; k++) {
		struct shape z = shapes[k];
		REAL *w = values(&seed, z.n_out * z.n_in), *ds = values(&seed, z.n_out * z.rows);
		REAL *dx = values(&seed, z.n_in * z.rows), *expected = copy(dx, z.n_in * z.rows);
		for (size_t m = 0; m < z.n_in; m++)
			for (size_t j = 0; j < z.rows; j++) {
				double sum = 0;
				for (size_t i = 0; i < z.n_out; i++)
					sum += (double)w[i * z.n_in + m] *
					       (double)ds[i * z.rows + j];
				expected[m * z.rows + j] = (REAL)sum;
			}
		dx[0] = (REAL)NAN; /* is overwritten, not scaled */
		FN(dense_backward)(w, ds, z.n_out, z.n_in, z.rows, dx);
		assert_near(dx, expected, z.n_in * z.rows);
		assert_end_untouched(dx, z.n_in * z.rows);
		free(w);
		free(ds);
		free(dx);
		free(expected);
	}
}

static void gradient_adds_alpha_ds_x_transposed_and_the_row_sums(void **state)
{
	(void)state;
	uint64_t seed = 3;
	for (size_t k = 0; k < 2 * SHAPES; k++) {
		struct shape z = shapes[k / 2];
		double alpha = k % 3 == 0 ? 1 : -0.125;
		REAL *ds = values(&seed, z.n_out * z.rows), *x = values(&seed, z.n_in * z.rows);
		REAL *dw = values(&seed, z.n_out * z.n_in), *db = values(&seed, z.n_out);
		REAL *dw_expected = copy(dw, z.n_out * z.n_in), *db_expected = copy(db, z.n_out);
		for (size_t i = 0; i < z.n_out; i++) {
			double row = 0;
			for (size_t j = 0; j < z.rows; j++)
				row += (double)ds[i * z.rows + j];
			if (k % 2 == 0)
				db_expected[i] = (REAL)((double)db[i] + alpha * row);
			for (size_t m = 0; m < z.n_in; m++) {
				double sum = 0;
				for (size_t j = 0; j < z.rows; j++)
					sum += (double)ds[i * z.rows + j] *
					       (double)x[m * z.rows + j];
				dw_expected[i * z.n_in + m] =
					(REAL)((double)dw[i * z.n_in + m] + alpha * sum);
			}
		}
		FN(dense_gradient)
		((REAL)alpha, ds, x, z.n_out, z.n_in, z.rows, dw, k % 2 == 0 ? db : NULL);
		assert_near(dw, dw_expected, z.n_out * z.n_in);
		assert_near(db, db_expected, z.n_out);
		assert_end_untouched(dw, z.n_out * z.n_in);
		assert_end_untouched(db, z.n_out);
		free(ds);
		free(x);
		free(dw);
		free(db);
		free(dw_expected);
		free(db_expected);
	}
}

static void rows_become_a_block_and_come_back(void **state)
{
	(void)state;
	uint64_t seed = 4;
	for (size_t k = 0; k < 2 * SHAPES; k++) {
		size_t n = shapes[k / 2].n_out, rows = shapes[k / 2].rows;
		size_t ld = n + (k % 2) * 3;
		REAL *data = values(&seed, rows * ld), *block = values(&seed, rows * n);
		REAL *back = values(&seed, rows * ld), *before = copy(back, rows * ld);
		FN(block_from_rows)(data, ld, rows, n, block);
		for (size_t j = 0; j < rows; j++)
			for (size_t i = 0; i < n; i++)
				assert_memory_equal(&block[i * rows + j], &data[j * ld + i],
						    sizeof(REAL));
		assert_end_untouched(block, rows * n);
		FN(block_to_rows)(block, rows, n, back, ld);
		for (size_t j = 0; j < rows; j++) {
			assert_memory_equal(back + j * ld, data + j * ld, n * sizeof(REAL));
			assert_memory_equal(back + j * ld + n, before + j * ld + n,
					    (ld - n) * sizeof(REAL));
		}
		assert_end_untouched(back, rows * ld);
		free(data);
		free(block);
		free(back);
		free(before);
	}
}

static void filling_repeats_b_in_every_column(void **state)
{
	(void)state;
	uint64_t seed = 5;
	for (size_t k = 0; k < SHAPES; k++) {
		size_t n = shapes[k].n_out, rows = shapes[k].rows;
		REAL *b = values(&seed, n), *block = values(&seed, n * rows);
		FN(block_fill)(b, n, rows, block);
		for (size_t i = 0; i < n * rows; i++)
			assert_true(block[i] == b[i / rows]);
		assert_end_untouched(block, n * rows);
		free(b);
		free(block);
	}
}

static void row_sums_are_scaled_and_added(void **state)
{
	(void)state;
	uint64_t seed = 6;
	for (size_t k = 0; k < SHAPES; k++) {
		size_t n = shapes[k].n_out, rows = shapes[k].rows;
		REAL *sum = values(&seed, n), *block = values(&seed, n * rows);
		REAL *expected = copy(sum, n);
		for (size_t i = 0; i < n; i++) {
			double row = 0;
			for (size_t j = 0; j < rows; j++)
				row += (double)block[i * rows + j];
			expected[i] = (REAL)((double)sum[i] - 2.5 * row);
		}
		FN(block_add_row_sums)((REAL)-2.5, block, n, rows, sum);
		assert_near(sum, expected, n);
		assert_end_untouched(sum, n);
		free(sum);
		free(block);
		free(expected);
	}
}

static void one_value_that_is_not_finite_is_found_wherever_it_is(void **state)
{
	(void)state;
	const REAL bad[] = {(REAL)NAN, (REAL)INFINITY, (REAL)-INFINITY};
	REAL array[101] = {0};
	for (size_t n = 0; n <= 100; n += n < 20 ? 1 : 16) {
		for (size_t i = 0; i < n; i++)
			array[i] = i % 2 == 0 ? REAL_MAX : -(REAL)0;
		assert_true(FN(all_finite)(array, n));
		for (size_t i = 0; i < n; i++) {
			REAL good = array[i];
			array[i] = bad[i % 3];
			assert_false(FN(all_finite)(array, n));
			assert_true(FN(all_finite)(array, i));
			array[i] = good;
		}
	}
}

static void softmax_of_every_column_and_its_jacobian(void **state)
{
	(void)state;
	uint64_t seed = 7;
	for (size_t k = 0; k < SHAPES; k++) {
		size_t n = shapes[k].n_out, rows = shapes[k].rows;
		REAL *s = values(&seed, n * rows), *x = values(&seed, n * rows);
		REAL *dx = values(&seed, n * rows), *ds = values(&seed, n * rows);
		REAL *x_expected = copy(x, n * rows), *ds_expected = copy(ds, n * rows);
		for (size_t j = 0; j < rows; j++) {
			double sum = 0;
			for (size_t i = 0; i < n; i++)
				sum += exp((double)s[i * rows + j]);
			for (size_t i = 0; i < n; i++) {
				double p = exp((double)s[i * rows + j]) / sum, ds_i = 0;
				x_expected[i * rows + j] = (REAL)p;
				for (size_t m = 0; m < n; m++) {
					double q = exp((double)s[m * rows + j]) / sum;
					ds_i += (double)dx[m * rows + j] * q * ((i == m) - p);
				}
				ds_expected[i * rows + j] = (REAL)ds_i;
			}
		}
		FN(softmax_forward)(s, n, rows, x);
		assert_near(x, x_expected, n * rows);
		FN(softmax_backward)(x, dx, n, rows, ds);
		assert_near(ds, ds_expected, n * rows);
		FN(softmax_forward)(s, n, rows, s); /* in place */
		assert_memory_equal(s, x, n * rows * sizeof(REAL));
		FN(softmax_backward)(x, dx, n, rows, dx);
		assert_memory_equal(dx, ds, n * rows * sizeof(REAL));
		assert_end_untouched(x, n * rows);
		assert_end_untouched(ds, n * rows);
		free(s);
		free(x);
		free(dx);
		free(ds);
		free(x_expected);
		free(ds_expected);
	}
}

static void softmax_of_large_logits_does_not_overflow(void **state)
{
	(void)state;
	const REAL huge = REAL_MAX / 4;
	/* columns: one far above the rest; all equal; one at -inf */
	REAL s[9] = {huge, 3, (REAL)-INFINITY, 0, 3, 1000, -huge, 3, 1000}, x[9];
	const REAL expected[9] = {1, (REAL)(1. / 3), 0,        0, (REAL)(1. / 3), (REAL)0.5,
				  0, (REAL)(1. / 3), (REAL)0.5};
	FN(softmax_forward)(s, 3, 3, x);
	assert_near(x, expected, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forward_is_w_x_plus_b),
		cmocka_unit_test(backward_is_w_transposed_ds),
		cmocka_unit_test(gradient_adds_alpha_ds_x_transposed_and_the_row_sums),
		cmocka_unit_test(rows_become_a_block_and_come_back),
		cmocka_unit_test(filling_repeats_b_in_every_column),
		cmocka_unit_test(row_sums_are_scaled_and_added),
		cmocka_unit_test(one_value_that_is_not_finite_is_found_wherever_it_is),
		cmocka_unit_test(softmax_of_every_column_and_its_jacobian),
		cmocka_unit_test(softmax_of_large_logits_does_not_overflow),
	};
	return cmocka_run_group_tests_name("kernels", tests, NULL, NULL);
}
