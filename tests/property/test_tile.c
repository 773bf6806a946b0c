/* The kernels of products against plain loops: one sample and many, odd shapes, tiles of larger matrices, and
 * shapes larger than what the kernels divide them into. */
#include <math.h>

#include "kernels/sizes.h"
#include "shapes.h"

enum { PANEL = MLP_TILE_COLUMNS, DEPTH = MLP_TILE_DEPTH };

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

static REAL *scratch_for(size_t rows, size_t depth)
{
	uint64_t seed = 77;
	REAL *scratch = values(&seed, (rows + (depth < DEPTH ? depth : DEPTH)) * PANEL);
	scratch[0] = (REAL)NAN;
	return scratch;
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
		REAL *scratch = scratch_for(0, z.n_in);
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
			kernels->tile_forward(w, ldw, b, x, ldx, z.n_out, z.n_in, lanes, s, lds,
					      scratch);
		check_matrix(s, expected, before, z.n_out, lanes, lds);
		free(w);
		free(x);
		free(b);
		free(s);
		free(before);
		free(expected);
		free(scratch);
	}
}

static void forward_is_w_x_plus_b(void **state)
{
	(void)state;
	for_every_instruction_set(check_forward);
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
static void check_tiles_of(const struct mlp_kernels *kernels, size_t n_in)
{
	enum { OUT = 300, ROWS = 64 };
	uint64_t seed = 8;
	REAL *w = values(&seed, OUT * n_in), *b = values(&seed, OUT);
	REAL *x = values(&seed, n_in * ROWS), *ds = values(&seed, OUT * ROWS);
	REAL *s = values(&seed, OUT * ROWS), *s_tile = values(&seed, OUT * ROWS);
	REAL *dx = values(&seed, n_in * ROWS), *dx_tile = values(&seed, n_in * ROWS);
	REAL *dw = values(&seed, OUT * n_in), *dw_tile = copy(dw, OUT * n_in);
	REAL *scratch = scratch_for(ROWS, DEPTH);
	kernels->tile_forward(w, n_in, b, x, ROWS, OUT, n_in, ROWS, s, ROWS, scratch);
	kernels->tile_backward(w, n_in, ds, ROWS, OUT, n_in, ROWS, dx, ROWS, scratch);
	kernels->tile_gradient((REAL)-0.3, true, ds, ROWS, x, ROWS, OUT, n_in, ROWS, dw, n_in,
			       scratch);
	for (size_t i = 0, m = 1; i < OUT; i += m, m = m % 29 + 3) {
		size_t count = m < OUT - i ? m : OUT - i;
		for (size_t j = 0; j < ROWS; j += LINE)
			kernels->tile_forward(w + i * n_in, n_in, b + i, x + j, ROWS, count, n_in,
					      LINE, s_tile + i * ROWS + j, ROWS, scratch);
	}
	for (size_t j = 0, m = 1; j < n_in; j += m, m = m % 83 + 3) {
		size_t count = m < n_in - j ? m : n_in - j;
		kernels->tile_backward(w + j, n_in, ds, ROWS, OUT, count, ROWS, dx_tile + j * ROWS,
				       ROWS, scratch);
	}
	for (size_t j = 0; j < n_in; j += PANEL)
		for (size_t i = 0, n = 1; i < OUT; i += n, n = n % 29 + 3)
			kernels->tile_gradient((REAL)-0.3, true, ds + i * ROWS, ROWS, x + j * ROWS,
					       ROWS, n < OUT - i ? n : OUT - i,
					       PANEL < n_in - j ? PANEL : n_in - j, ROWS,
					       dw_tile + i * n_in + j, n_in, scratch);
	assert_memory_equal(s_tile, s, OUT * ROWS * sizeof(REAL));
	assert_memory_equal(dx_tile, dx, n_in * ROWS * sizeof(REAL));
	assert_memory_equal(dw_tile, dw, OUT * n_in * sizeof(REAL));
	/* and in however few samples */
	for (size_t rows = 2; rows < ROWS; rows += 7) {
		size_t lanes = lanes_for(rows);
		kernels->tile_forward(w, n_in, b, x, ROWS, OUT, n_in, lanes, s_tile, ROWS, scratch);
		kernels->tile_backward(w, n_in, ds, ROWS, OUT, n_in, rows, dx_tile, lanes, scratch);
		for (size_t i = 0; i < OUT; i++)
			assert_memory_equal(s_tile + i * ROWS, s + i * ROWS, lanes * sizeof(REAL));
		for (size_t i = 0; i < n_in; i++)
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

/* Rows of w that are read where they are, and rows that are copied because they fall into the same lines of
 * a cache. */
static void check_tiles(const struct mlp_kernels *kernels)
{
	check_tiles_of(kernels, 290);
	check_tiles_of(kernels, 512);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forward_is_w_x_plus_b),
		cmocka_unit_test(backward_is_w_transposed_ds_and_the_last_sample_is_repeated),
		cmocka_unit_test(gradient_is_ds_x_transposed_or_adds_alpha_times_it),
		cmocka_unit_test(bits_of_an_element_do_not_depend_on_its_tile),
		cmocka_unit_test(bits_of_one_sample_do_not_depend_on_the_range),
	};
	return cmocka_run_group_tests_name("tile", tests, NULL, NULL);
}
