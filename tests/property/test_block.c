/* The kernels of blocks against plain loops: rows that become a block and come back, sums of its rows, values
 * that are not finite, softmax. */
#include <math.h>
#include <stdbool.h>

#include "shapes.h"

#define assert_same_bits(a, e, n) assert_memory_equal(a, e, (n) * sizeof(REAL))

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

/* Numbers for every feature, with and without those that are subtracted or added; canaries in the gaps. */
static void check_scaled(const struct mlp_kernels *kernels)
{
	uint64_t seed = 5;
	for (size_t k = 0; k < 3 * SHAPES; k++) {
		size_t n = shapes[k / 3].n_out, rows = shapes[k / 3].rows, lanes = lanes_for(rows);
		size_t ld = n + (k % 3) * 3, extent = (rows - 1) * ld + n;
		REAL *data = values(&seed, extent), *block = values(&seed, lanes * n);
		REAL *back = values(&seed, extent), *before = copy(back, extent);
		REAL *shift = values(&seed, n), *factor = values(&seed, n);
		REAL *expected = copy(block, lanes * n), *expected_back = copy(back, extent);
		bool shifts = k % 2 == 0;
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j < lanes; j++) {
				REAL v = data[(j < rows ? j : rows - 1) * ld + i];
				expected[i * lanes + j] = (v - (shifts ? shift[i] : 0)) * factor[i];
			}
		kernels->block_from_rows_scaled(data, ld, rows, n, shifts ? shift : NULL, factor,
						block, lanes);
		assert_same_bits(block, expected, lanes * n);
		assert_end_untouched(block, lanes * n);
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j < rows; j++)
				expected_back[j * ld + i] =
					block[i * lanes + j] * factor[i] + (shifts ? shift[i] : 0);
		kernels->block_to_rows_scaled(block, lanes, rows, n, factor, shifts ? shift : NULL,
					      back, ld);
		assert_near(back, expected_back, extent);
		for (size_t j = 0; j + 1 < rows; j++)
			assert_same_bits(back + j * ld + n, before + j * ld + n, ld - n);
		assert_end_untouched(back, extent);
		REAL *arrays[] = {data,  block,  back,     before,
				  shift, factor, expected, expected_back};
		for (size_t i = 0; i < 8; i++)
			free(arrays[i]);
	}
}

static void rows_are_scaled_on_their_way(void **state)
{
	(void)state;
	for_every_instruction_set(check_scaled);
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
		cmocka_unit_test(rows_become_a_block_and_come_back),
		cmocka_unit_test(rows_are_scaled_on_their_way),
		cmocka_unit_test(row_sums_are_scaled_and_added),
		cmocka_unit_test(one_value_that_is_not_finite_is_found_wherever_it_is),
		cmocka_unit_test(softmax_of_every_column_and_its_jacobian),
		cmocka_unit_test(softmax_of_large_logits_does_not_overflow),
	};
	return cmocka_run_group_tests_name("block", tests, NULL, NULL);
}
