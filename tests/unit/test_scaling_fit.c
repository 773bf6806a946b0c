/* Scaling and domain that are fitted to data, and rows outside the domain. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "real.h"
#include "refusal.h"

enum { IN = 3, OUT = 2 };

static const double nan_double = (double)NAN, inf = (double)INFINITY;

static mlp_network *make(void)
{
	mlp_network *net;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){IN, 4, OUT}, 3, &net));
	return net;
}

#define assert_values(actual, n, ...)                                                              \
	assert_memory_equal(actual, ((const double[]){__VA_ARGS__}), (n) * sizeof(double))

/* ---- fit ------------------------------------------------------------------------------------ */

/* 130 features of different places and sizes, with gaps that must not be read. */
enum { WIDTH = 130, LD = WIDTH + 3, ROWS = 57 };

static REAL *draw(void)
{
	uint64_t seed = 12;
	REAL *x = malloc(sizeof(REAL) * ROWS * LD);
	for (size_t n = 0; n < ROWS; n++)
		for (size_t j = 0; j < LD; j++) {
			double size = pow(10, (double)(j % 9) - 4),
			       place = (double)(j % 5) * 3 * size;
			x[n * LD + j] =
				j < WIDTH ? (REAL)(place + size * random_real(&seed)) : (REAL)NAN;
			if (j == 77)
				x[n * LD + j] = (REAL)0.1;
		}
	return x;
}

static mlp_network *wide(void)
{
	mlp_network *net;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){WIDTH, 2, WIDTH}, 3, &net));
	return net;
}

static void fitted_scaling_is_that_of_the_definition(void **state)
{
	(void)state;
	mlp_network *net = wide();
	REAL *x = draw();
	double shift[2][WIDTH], scale[2][WIDTH], lowest[WIDTH], highest[WIDTH];
	for (int kind = MLP_SCALING_STANDARD; kind <= MLP_SCALING_MIN_MAX; kind++) {
		assert_ok(FN(network_fit_input_scaling)(net, (mlp_scaling)kind, x, LD, ROWS));
		assert_ok(FN(network_fit_output_scaling)(net, (mlp_scaling)kind, x, LD, ROWS));
		assert_ok(mlp_network_get_input_scaling(net, shift[0], scale[0]));
		assert_ok(mlp_network_get_output_scaling(net, shift[1], scale[1]));
		assert_memory_equal(shift[0], shift[1], sizeof(shift[0]));
		assert_memory_equal(scale[0], scale[1], sizeof(scale[0]));
		assert_ok(FN(network_fit_domain)(net, x, LD, ROWS));
		assert_ok(mlp_network_get_domain(net, lowest, highest));
		for (size_t j = 0; j < WIDTH; j++) {
			long double sum = 0, squares = 0;
			double low = inf, high = -inf, expected[2];
			for (size_t n = 0; n < ROWS; n++) {
				double v = (double)x[n * LD + j];
				sum += v;
				low = fmin(low, v);
				high = fmax(high, v);
			}
			for (size_t n = 0; n < ROWS; n++) {
				long double d = (long double)x[n * LD + j] - sum / ROWS;
				squares += d * d;
			}
			assert_true(lowest[j] == low && highest[j] == high);
			bool standard = kind == MLP_SCALING_STANDARD;
			expected[0] = standard ? (double)(sum / ROWS) : (low + high) / 2;
			expected[1] = standard ? sqrt((double)(squares / ROWS)) : (high - low) / 2;
			expected[1] = j == 77 ? 1 : expected[1];
			assert_true(fabs(shift[0][j] - expected[0]) <=
				    1e-14 * (fabs(low) + fabs(high)));
			assert_true(fabs(scale[0][j] - expected[1]) <= 1e-13 * expected[1]);
		}
	}
	assert_ok(FN(network_fit_input_scaling)(net, MLP_SCALING_NONE, NULL, 0, 0));
	assert_int_equal(mlp_network_has_input_scaling(net), 0);
	assert_int_equal(mlp_network_has_output_scaling(net), 1);
	free(x);
	mlp_network_free(net);
}

/* Neither a mean of a thousand million deviations nor the largest numbers, nor the smallest, cost digits. */
static void fits_are_stable(void **state)
{
	(void)state;
	mlp_network *net = make();
	double shift[IN], scale[IN];
	const REAL far = REAL_DTYPE == MLP_F32 ? 4194304 : (REAL)1e15;
	const REAL huge = REAL_DTYPE == MLP_F32 ? (REAL)8e37 : (REAL)4e307,
		   tiny = REAL_DTYPE == MLP_F32 ? (REAL)1e-42 : (REAL)1e-320;
	const REAL x[4][IN] = {{far + 1, huge, 0},
			       {far + 2, -huge, tiny},
			       {far + 3, huge, 0},
			       {far + 4, -huge, 0}};
	assert_ok(FN(network_fit_input_scaling)(net, MLP_SCALING_STANDARD, x[0], IN, 4));
	assert_ok(mlp_network_get_input_scaling(net, shift, scale));
	assert_true(shift[0] == (double)far + 2.5 && fabs(scale[0] - sqrt(1.25)) < 1e-14);
	assert_true(shift[1] == 0 && fabs(scale[1] / (double)huge - 1) < 1e-14);
	assert_true(scale[2] == 1); /* as good as constant */
	assert_ok(FN(network_fit_input_scaling)(net, MLP_SCALING_MIN_MAX, x[0], IN, 4));
	assert_ok(mlp_network_get_input_scaling(net, shift, scale));
	assert_true(shift[0] == (double)far + 2.5 && scale[0] == 1.5);
	assert_true(shift[1] == 0 && scale[1] == (double)huge && scale[2] == 1);
	/* a single row is constant throughout */
	assert_ok(FN(network_fit_input_scaling)(net, MLP_SCALING_STANDARD, x[1], IN, 1));
	assert_ok(mlp_network_get_input_scaling(net, shift, scale));
	assert_values(scale, IN, 1, 1, 1);
	assert_true(shift[0] == (double)(far + 2) && shift[1] == (double)-huge);
	mlp_network_free(net);
}

static void fits_refuse(void **state)
{
	(void)state;
	mlp_network *net = make();
	REAL x[4 * 5] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
	const OTHER_REAL other[IN] = {1, 2, 3};
	const int64_t far = INT64_MAX / 8;
	const mlp_scaling kind = MLP_SCALING_STANDARD;
	double a[IN];
	assert_ok(mlp_network_set_input_scaling(net, (const double[]){1, 2, 3},
						(const double[]){1, 2, 3}));
	assert_fails(MLP_ERR_NULL, "net", FN(network_fit_input_scaling)(NULL, kind, x, 5, 4));
	assert_fails(MLP_ERR_NULL, "net", FN(network_fit_output_scaling)(NULL, kind, x, 5, 4));
	assert_fails(MLP_ERR_NULL, "net", FN(network_fit_domain)(NULL, x, 5, 4));
	assert_refused(net, MLP_ERR_DTYPE, "network is f",
		       OTHER_FN(network_fit_input_scaling)(net, kind, other, IN, 1));
	assert_refused(net, MLP_ERR_DTYPE, "network is f",
		       OTHER_FN(network_fit_output_scaling)(net, kind, other, IN, 1));
	assert_refused(net, MLP_ERR_DTYPE, "network is f",
		       OTHER_FN(network_fit_domain)(net, other, IN, 1));
	for (int k = 0; k < 3; k++)
		assert_refused(net, MLP_ERR_VALUE, "unknown",
			       FN(network_fit_input_scaling)(
				       net, (mlp_scaling)(k == 0 ? -1 : 4 * (k - 1)), x, 5, 4));
#define REFUSED(status, words, x, ld, rows)                                                        \
	do {                                                                                       \
		assert_refused(net, status, words,                                                 \
			       FN(network_fit_input_scaling)(net, kind, x, ld, rows));             \
		assert_refused(net, status, words, FN(network_fit_domain)(net, x, ld, rows));      \
	} while (0)
	REFUSED(MLP_ERR_NULL, "x is NULL", NULL, 5, 4);
	REFUSED(MLP_ERR_SIZE, "rows is 0", x, 5, 0);
	REFUSED(MLP_ERR_SIZE, "rows is -1", x, 5, -1);
	REFUSED(MLP_ERR_STRIDE, "x: leading dimension is 2", x, IN - 1, 4);
	REFUSED(MLP_ERR_OVERFLOW, "x: ", x, far, 4);
	assert_refused(net, MLP_ERR_STRIDE, "target: leading dimension is 1",
		       FN(network_fit_output_scaling)(net, kind, x, OUT - 1, 4));
	const REAL bad[] = {(REAL)NAN, (REAL)INFINITY, (REAL)-INFINITY};
	for (size_t k = 0; k < 3; k++) {
		x[3 * 5 + 2] = bad[k];
		REFUSED(MLP_ERR_NONFINITE, "x: row 3, column 2", x, 5, 4);
		x[1 * 5 + 1] = bad[k]; /* the first that there is */
		REFUSED(MLP_ERR_NONFINITE, "x: row 1, column 1", x, 5, 4);
		assert_refused(net, MLP_ERR_NONFINITE, "target: row 1, column 1",
			       FN(network_fit_output_scaling)(net, kind, x, 5, 4));
		x[1 * 5 + 1] = 0;
	}
	x[3 * 5 + 2] = REAL_MOST;
	assert_refused(net, MLP_ERR_VALUE, "x: the range of column 2",
		       FN(network_fit_input_scaling)(net, kind, x, 5, 4));
	assert_ok(mlp_network_get_input_scaling(net, NULL, a));
	assert_values(a, IN, 1, 2, 3);
	assert_int_equal(mlp_network_has_output_scaling(net), 0);
	assert_int_equal(mlp_network_has_domain(net), 0);
	assert_ok(FN(network_fit_domain)(net, x, 5, 4)); /* any finite number */
	mlp_network_free(net);
}

/* ---- domain --------------------------------------------------------------------------------- */

static void rows_outside_are_told(void **state)
{
	(void)state;
	mlp_network *net = make();
	const REAL n = (REAL)NAN, i = (REAL)INFINITY;
	const REAL x[7][IN + 1] = {{1, 0, 5, n},
				   {0, 0, 5, n},
				   {2, 100, 6, n},
				   {(REAL)-0.5, -1, 5, n},
				   {n, n, n, n},
				   {i, i, -i, n},
				   {(REAL)2.25, 9, (REAL)5.0001, n}};
	int64_t outside[7], total;
	/* one-sided, and of a single point */
	assert_ok(mlp_network_set_domain(net, (const double[]){0, 0, 5},
					 (const double[]){2, inf, 5}));
	assert_ok(FN(network_outside)(net, x[0], IN + 1, 7, 0, outside, &total));
	const int64_t expected[7] = {0, 0, 1, 2, 3, 2, 2};
	assert_memory_equal(outside, expected, sizeof(outside));
	assert_int_equal(total, 5);
	assert_ok(FN(network_outside)(net, x[0], IN + 1, 7, 0.25, outside, &total));
	const int64_t with_margin[7] = {0, 0, 1, 1, 3, 2, 1};
	assert_memory_equal(outside, with_margin, sizeof(outside));
	assert_int_equal(total, 5);
	assert_ok(FN(network_outside)(net, x[0], IN + 1, 2, 0, NULL, &total));
	assert_int_equal(total, 0);
	assert_ok(FN(network_outside)(net, x[0], IN + 1, 7, 0, outside, NULL));
	assert_ok(FN(network_outside)(net, x[0], IN + 1, 7, 0, NULL, NULL));
	mlp_network_free(net);
}

static void data_is_inside_its_own_domain(void **state)
{
	(void)state;
	mlp_network *net = wide();
	REAL *x = draw();
	int64_t outside[ROWS], total;
	assert_ok(FN(network_fit_domain)(net, x, LD, ROWS));
	assert_ok(FN(network_outside)(net, x, LD, ROWS, 0, outside, &total));
	assert_int_equal(total, 0);
	x[5 * LD + 129] *= 1000;
	assert_ok(FN(network_outside)(net, x, LD, ROWS, 0, outside, &total));
	assert_int_equal(total, 1);
	assert_int_equal(outside[5], 1);
	free(x);
	mlp_network_free(net);
}

static void outside_refuses(void **state)
{
	(void)state;
	mlp_network *net = make();
	const REAL x[2 * IN] = {0};
	const OTHER_REAL other[IN] = {0};
	int64_t total;
	assert_fails(MLP_ERR_NULL, "net", FN(network_outside)(NULL, x, IN, 2, 0, NULL, &total));
	assert_refused(net, MLP_ERR_STATE, "domain",
		       FN(network_outside)(net, x, IN, 2, 0, NULL, &total));
	assert_ok(FN(network_fit_domain)(net, x, IN, 2));
	assert_refused(net, MLP_ERR_DTYPE, "network is f",
		       OTHER_FN(network_outside)(net, other, IN, 1, 0, NULL, &total));
	assert_refused(net, MLP_ERR_NULL, "x is NULL",
		       FN(network_outside)(net, NULL, IN, 2, 0, NULL, &total));
	assert_refused(net, MLP_ERR_SIZE, "rows is 0",
		       FN(network_outside)(net, x, IN, 0, 0, NULL, &total));
	assert_refused(net, MLP_ERR_STRIDE, "x: leading",
		       FN(network_outside)(net, x, IN - 1, 2, 0, NULL, &total));
	assert_refused(net, MLP_ERR_OVERFLOW,
		       "x: ", FN(network_outside)(net, x, INT64_MAX / 4, 9, 0, NULL, &total));
	const double bad[] = {-1e-300, -1, nan_double, inf};
	for (size_t k = 0; k < 4; k++)
		assert_refused(net, MLP_ERR_VALUE, "margin",
			       FN(network_outside)(net, x, IN, 2, bad[k], NULL, &total));
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fitted_scaling_is_that_of_the_definition),
		cmocka_unit_test(fits_are_stable),
		cmocka_unit_test(fits_refuse),
		cmocka_unit_test(rows_outside_are_told),
		cmocka_unit_test(data_is_inside_its_own_domain),
		cmocka_unit_test(outside_refuses),
	};
	return cmocka_run_group_tests_name("fitted scaling", tests, NULL, NULL);
}
