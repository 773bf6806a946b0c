/* Activation functions and their derivatives: against the definition and differences, far out, at
 * kinks and at infinity, and with all their digits where a careless formula would lose them. */
#include <math.h>
#include <stdlib.h>

#include "real.h"
#include "support/naive.h"

enum { LAST = MLP_SIN };

static double default_parameter(mlp_activation activation)
{
	return activation == MLP_LEAKY_RELU ? 0.01 : activation == MLP_ELU ? 1 : 0;
}

static REAL value_at(mlp_activation activation, REAL s)
{
	REAL x;
	assert_ok(FN(activation)(activation, default_parameter(activation), &s, 1, &x, NULL));
	return x;
}

static REAL derivative_at(mlp_activation activation, REAL s)
{
	REAL slope;
	assert_ok(FN(activation)(activation, default_parameter(activation), &s, 1, NULL, &slope));
	return slope;
}

static void check_definition(mlp_activation activation, double parameter)
{
	enum { COUNT = 1601 };
	static REAL s[COUNT], x[COUNT], slope[COUNT], x_expected[COUNT], slope_expected[COUNT];
	for (int i = 0; i < COUNT; i++)
		s[i] = (REAL)(0.01 * (i - 800) + 1e-3);
	assert_ok(FN(activation)(activation, parameter, s, COUNT, x, slope));
	for (int i = 0; i < COUNT; i++) {
		x_expected[i] = (REAL)naive_sigma(activation, parameter, (double)s[i]);
		slope_expected[i] =
			(REAL)naive_sigma_derivative(activation, parameter, (double)s[i]);
	}
	assert_allclose(x, x_expected, COUNT, TOLERANCE, 0.1 * TOLERANCE);
	assert_allclose(slope, slope_expected, COUNT, TOLERANCE, 0.1 * TOLERANCE);
}

static void value_and_derivative_are_those_of_the_definition(void **state)
{
	(void)state;
	for (int a = 1; a <= LAST; a++)
		check_definition((mlp_activation)a, default_parameter((mlp_activation)a));
	check_definition(MLP_LEAKY_RELU, 0.3);
	check_definition(MLP_LEAKY_RELU, 0);
	check_definition(MLP_LEAKY_RELU, 1.5);
	check_definition(MLP_ELU, 0.3);
	check_definition(MLP_ELU, 0);
	check_definition(MLP_ELU, 2.5);
}

/* In double only: floats have not the digits. */
static void derivative_is_the_difference_of_values(void **state)
{
	(void)state;
	const double h = 1e-5;
	for (int a = 1; a <= LAST; a++)
		for (int i = -60; i <= 60; i++) {
			double p = default_parameter((mlp_activation)a), x[2], slope;
			double s = 0.1 * i + 0.05, around[2] = {s - h, s + h};
			assert_ok(mlp_activation_f64((mlp_activation)a, p, around, 2, x, NULL));
			assert_ok(mlp_activation_f64((mlp_activation)a, p, &s, 1, NULL, &slope));
			double difference = (x[1] - x[0]) / (2 * h);
			assert_allclose_f64(&slope, &difference, 1, 1e-9, 1e-9);
		}
}

/* At 0 the derivative is that of the left side, as the header has it; -0 is 0. */
static void at_0_the_left_branch_holds(void **state)
{
	(void)state;
	const struct {
		mlp_activation activation;
		double x, slope;
	} at_0[] = {{MLP_IDENTITY, 0, 1},
		    {MLP_SIGMOID, 0.5, 0.25},
		    {MLP_TANH, 0, 1},
		    {MLP_RELU, 0, 0},
		    {MLP_LEAKY_RELU, 0, .01},
		    {MLP_ELU, 0, 1},
		    {MLP_SELU, 0, 1.0507009873554805 * 1.6732632423543772},
		    {MLP_SOFTPLUS, 0.69314718055994531, 0.5},
		    {MLP_SOFTSIGN, 0, 1},
		    {MLP_GELU, 0, 0.5},
		    {MLP_SILU, 0, 0.5},
		    {MLP_SIN, 0, 1}};
	for (size_t k = 0; k < sizeof(at_0) / sizeof(at_0[0]); k++)
		for (int sign = -1; sign <= 1; sign += 2) {
			REAL zero = (REAL)copysign(0, sign);
			REAL x = value_at(at_0[k].activation, zero);
			REAL slope = derivative_at(at_0[k].activation, zero);
			assert_allclose(&x, &(REAL){(REAL)at_0[k].x}, 1, 4 * REAL_EPSILON, 0);
			assert_allclose(&slope, &(REAL){(REAL)at_0[k].slope}, 1, 4 * REAL_EPSILON,
					0);
		}
}

/* Limits of value and derivative to the left and right; a factor of s where the value grows. */
static void far_out_are_the_limits_and_never_nan(void **state)
{
	(void)state;
	const double selu = 1.0507009873554805, selu_a = 1.0507009873554805 * 1.6732632423543772;
	const struct {
		mlp_activation activation;
		double left, left_s, left_slope, right, right_s, right_slope;
	} limits[] = {{MLP_IDENTITY, 0, 1, 1, 0, 1, 1},
		      {MLP_SIGMOID, 0, 0, 0, 1, 0, 0},
		      {MLP_TANH, -1, 0, 0, 1, 0, 0},
		      {MLP_RELU, 0, 0, 0, 0, 1, 1},
		      {MLP_LEAKY_RELU, 0, 0.01, 0.01, 0, 1, 1},
		      {MLP_ELU, -1, 0, 0, 0, 1, 1},
		      {MLP_SELU, -selu_a, 0, 0, 0, selu, selu},
		      {MLP_SOFTPLUS, 0, 0, 0, 0, 1, 1},
		      {MLP_SOFTSIGN, -1, 0, 0, 1, 0, 0},
		      {MLP_GELU, 0, 0, 0, 0, 1, 1},
		      {MLP_SILU, 0, 0, 0, 0, 1, 1}};
	const REAL far[] = {10000, (REAL)1e15, (REAL)1e30, REAL_MAX / 2, REAL_MAX, (REAL)INFINITY};
	for (size_t k = 0; k < sizeof(limits) / sizeof(limits[0]); k++)
		for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
			mlp_activation a = limits[k].activation;
			double s = (double)far[i];
			double left =
				limits[k].left_s != 0 ? -s * limits[k].left_s : limits[k].left;
			double right =
				limits[k].right_s != 0 ? s * limits[k].right_s : limits[k].right;
			REAL expected[4] = {(REAL)left, (REAL)limits[k].left_slope, (REAL)right,
					    (REAL)limits[k].right_slope};
			REAL actual[4] = {value_at(a, -far[i]), derivative_at(a, -far[i]),
					  value_at(a, far[i]), derivative_at(a, far[i])};
			assert_allclose(actual, expected, 4, 2e-4, 1e-7);
		}
}

static void sine_stays_in_its_bounds(void **state)
{
	(void)state;
	const REAL far[] = {10000, (REAL)1e30, REAL_MAX};
	for (size_t i = 0; i < 3; i++) {
		double s = (double)far[i];
		REAL expected[2] = {(REAL)sin(s), (REAL)cos(s)};
		REAL actual[2] = {value_at(MLP_SIN, far[i]), derivative_at(MLP_SIN, far[i])};
		assert_allclose(actual, expected, 2, TOLERANCE, 0);
	}
	assert_true(isnan(value_at(MLP_SIN, (REAL)INFINITY)));
}

static void nan_stays_nan(void **state)
{
	(void)state;
	for (int a = 1; a <= LAST; a++)
		assert_true(isnan(value_at((mlp_activation)a, (REAL)NAN)));
}

/* A leaky ReLU of slope 0 is a ReLU, an ELU of a = 0 too: at infinity as well. */
static void a_parameter_of_0_makes_a_relu_even_at_infinity(void **state)
{
	(void)state;
	const REAL s[5] = {(REAL)-INFINITY, -REAL_MAX, -1, 2, (REAL)INFINITY};
	const REAL x_expected[5] = {0, 0, 0, 2, (REAL)INFINITY},
		   slope_expected[5] = {0, 0, 0, 1, 1};
	const mlp_activation kinds[] = {MLP_LEAKY_RELU, MLP_ELU};
	for (size_t k = 0; k < 2; k++) {
		REAL x[5], slope[5];
		assert_ok(FN(activation)(kinds[k], 0, s, 5, x, slope));
		assert_allclose(x, x_expected, 5, 0, 0);
		assert_allclose(slope, slope_expected, 5, 0, 0);
	}
}

/* Were it taken, it would become infinite, and 0 times it NaN. */
static void a_parameter_too_large_for_the_type_is_refused(void **state)
{
	(void)state;
	const double large = PICK(1e300, (double)INFINITY);
	const mlp_activation kinds[] = {MLP_LEAKY_RELU, MLP_ELU};
	mlp_network *net;
	assert_ok(mlp_network_create(REAL_DTYPE, (int64_t[]){1, 1}, 2, &net));
	for (size_t k = 0; k < 2; k++) {
		REAL s = 0, x;
		assert_fails(MLP_ERR_VALUE, "parameter",
			     FN(activation)(kinds[k], large, &s, 1, &x, NULL));
		assert_ok(mlp_network_set_activation(net, 1, kinds[k]));
		assert_fails(MLP_ERR_VALUE, "parameter",
			     mlp_network_set_activation_parameter(net, 1, large));
	}
	mlp_network_free(net);
}

static void small_results_keep_their_digits(void **state)
{
	(void)state;
	const long double e50 = expl(-50), e10 = expm1l((long double)(REAL)-1e-10);
	const long double phi = erfcl(10 / sqrtl(2)) / 2;
	const long double density = expl(-50) / sqrtl(2 * acosl(-1));
	const long double d = (long double)(REAL)1e-10, root = sqrtl(2 * acosl(-1));
	const struct {
		mlp_activation activation;
		double s;
		long double x, slope;
	} small[] = {{MLP_SOFTPLUS, -50, log1pl(e50), e50 / (1 + e50)},
		     {MLP_SIGMOID, -50, e50 / (1 + e50), e50 / (1 + e50) / (1 + e50)},
		     {MLP_SILU, -50, -50 * e50, -49 * e50},
		     {MLP_ELU, -1e-10, e10, e10 + 1},
		     {MLP_SELU, -1e-10, 1.0507009873554804935L * 1.6732632423543772848L * e10,
		      1.0507009873554804935L * 1.6732632423543772848L * (e10 + 1)},
		     {MLP_TANH, 1e-10, d, 1},
		     {MLP_SIN, -1e-10, -d, 1},
		     {MLP_SOFTSIGN, -1e-10, -d / (1 + d), 1 / (1 + 2 * d)},
		     {MLP_GELU, -10, -10 * phi, phi - 10 * density},
		     {MLP_GELU, 1e-10, d / 2 + d * d / root, 0.5L + 2 * d / root}};
	const double tolerance = PICK(1e-6, 1e-13);
	for (size_t k = 0; k < sizeof(small) / sizeof(small[0]); k++) {
		REAL s = (REAL)small[k].s;
		double x = (double)value_at(small[k].activation, s);
		double slope = (double)derivative_at(small[k].activation, s);
		assert_allclose_f64(&x, &(double){(double)small[k].x}, 1, tolerance, 0);
		assert_allclose_f64(&slope, &(double){(double)small[k].slope}, 1, tolerance, 0);
	}
}

static void denormal_numbers_are_numbers_like_others(void **state)
{
	(void)state;
	const REAL tiny[] = {REAL_TRUE_MIN, 16 * REAL_TRUE_MIN, REAL_MIN / 2, REAL_MIN};
	for (int a = 1; a <= LAST; a++)
		for (size_t i = 0; i < 8; i++) {
			REAL s = i % 2 == 0 ? tiny[i / 2] : -tiny[i / 2];
			REAL x = value_at((mlp_activation)a, s);
			REAL slope = derivative_at((mlp_activation)a, s);
			double p = default_parameter((mlp_activation)a);
			/* expm1 and tanh, where the definition rounds to 0 */
			REAL expected =
				(REAL)(a == MLP_ELU ? (double)s
				       : a == MLP_SELU
					       ? naive_sigma_derivative(MLP_SELU, 0, (double)s) *
							 (double)s
					       : naive_sigma((mlp_activation)a, p, (double)s));
			REAL slope_expected =
				(REAL)naive_sigma_derivative((mlp_activation)a, p, (double)s);
			assert_allclose(&x, &expected, 1, 4 * REAL_EPSILON, 2 * REAL_TRUE_MIN);
			if (fabs((double)s) > (double)(2 / 0.01 * REAL_TRUE_MIN) || s > 0 ||
			    a != MLP_LEAKY_RELU) /* where the slope times s is not 0 */
				assert_allclose(&slope, &slope_expected, 1, 4 * REAL_EPSILON, 0);
		}
}

static void results_may_overwrite_the_input(void **state)
{
	(void)state;
	const int64_t counts[] = {1, 2, 63, 64, 65, 128, 1000};
	uint64_t seed = 60;
	for (int a = 1; a <= LAST; a++)
		for (size_t k = 0; k < sizeof(counts) / sizeof(counts[0]); k++) {
			size_t n = (size_t)counts[k];
			double p = default_parameter((mlp_activation)a);
			REAL s[1001], x[1001], slope[1001], in_place[1001];
			for (size_t i = 0; i <= n; i++)
				x[i] = slope[i] = s[i] = (REAL)(4 * random_real(&seed));
			assert_ok(FN(activation)((mlp_activation)a, p, s, counts[k], x, slope));
			assert_true(x[n] == s[n] && slope[n] == s[n]); /* nothing beyond the end */
			memcpy(in_place, s, sizeof(s));
			assert_ok(FN(activation)((mlp_activation)a, p, in_place, counts[k],
						 in_place, NULL));
			assert_same_bits(in_place, x, n);
			memcpy(in_place, s, sizeof(s));
			assert_ok(FN(activation)((mlp_activation)a, p, in_place, counts[k], NULL,
						 in_place));
			assert_same_bits(in_place, slope, n);
			REAL other[1001];
			memcpy(in_place, s, sizeof(s));
			assert_ok(FN(activation)((mlp_activation)a, p, in_place, counts[k],
						 in_place, other));
			assert_same_bits(in_place, x, n);
			assert_same_bits(other, slope, n);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(value_and_derivative_are_those_of_the_definition),
		cmocka_unit_test(derivative_is_the_difference_of_values),
		cmocka_unit_test(at_0_the_left_branch_holds),
		cmocka_unit_test(far_out_are_the_limits_and_never_nan),
		cmocka_unit_test(sine_stays_in_its_bounds),
		cmocka_unit_test(nan_stays_nan),
		cmocka_unit_test(a_parameter_of_0_makes_a_relu_even_at_infinity),
		cmocka_unit_test(a_parameter_too_large_for_the_type_is_refused),
		cmocka_unit_test(small_results_keep_their_digits),
		cmocka_unit_test(denormal_numbers_are_numbers_like_others),
		cmocka_unit_test(results_may_overwrite_the_input),
	};
	return cmocka_run_group_tests_name("activation", tests, NULL, NULL);
}
