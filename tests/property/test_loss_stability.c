/* Losses of extreme values: finite where the loss is, with the right limit, and accurate where a
 * careless formula would cancel. */
#include <math.h>

#include "real.h"

/* Loss and derivative of a single row. */
static double one_row(mlp_loss loss, const REAL *y, const REAL *t, int64_t width, REAL *dl)
{
	double value;
	assert_ok(FN(loss)(loss, loss == MLP_HUBER ? 0.5 : 0, y, width, t, width, NULL, 1, width,
			   MLP_SUM, &value, dl, width));
	return value;
}

static const REAL far_out[] = {100, 10000, (REAL)1e15, (REAL)1e30};

enum { FAR = sizeof(far_out) / sizeof(far_out[0]) };

static void cross_entropy_of_large_logits_is_their_distance(void **state)
{
	(void)state;
	for (size_t k = 0; k < FAR; k++)
		for (int sign = -1; sign <= 1; sign += 2) {
			REAL s = far_out[k] * (REAL)sign, dl[2], by_class[2];
			double expected = sign < 0 ? (double)far_out[k] : 0, value = 0;
			const REAL logits[2] = {s, 0}, t[2] = {1, 0};
			double row = one_row(MLP_CROSS_ENTROPY, logits, t, 2, dl);
			assert_ok(FN(loss_class)(MLP_CROSS_ENTROPY, 0, logits, 2, &(int64_t){0},
						 NULL, 1, 2, MLP_SUM, &value, by_class, 2));
			assert_allclose_f64(&row, &expected, 1, 1e-15, 1e-40);
			assert_allclose_f64(&value, &expected, 1, 1e-15, 1e-40);
			REAL slope = sign < 0 ? -1 : 0;
			assert_allclose(dl, ((REAL[]){slope, -slope}), 2, 1e-15, 1e-40);
			assert_allclose(by_class, ((REAL[]){slope, -slope}), 2, 1e-15, 1e-40);
		}
}

static void binary_cross_entropy_of_large_logits_is_their_distance(void **state)
{
	(void)state;
	for (size_t k = 0; k < FAR; k++) {
		REAL far = far_out[k], dl = 0;
		double value = one_row(MLP_BINARY_CROSS_ENTROPY, &far, &(REAL){1}, 1, &dl);
		assert_true(value >= 0 && value < 1e-40);
		assert_true(fabs((double)dl) < 1e-40);
		value = one_row(MLP_BINARY_CROSS_ENTROPY, &far, &(REAL){0}, 1, &dl);
		assert_true(value == (double)far && dl == 1);
		value = one_row(MLP_BINARY_CROSS_ENTROPY, &far, &(REAL){(REAL)0.25}, 1, &dl);
		assert_true(value == 0.75 * (double)far && dl == (REAL)0.75);
		far = -far;
		value = one_row(MLP_BINARY_CROSS_ENTROPY, &far, &(REAL){0}, 1, &dl);
		assert_true(value >= 0 && value < 1e-40);
		assert_true(fabs((double)dl) < 1e-40);
		value = one_row(MLP_BINARY_CROSS_ENTROPY, &far, &(REAL){1}, 1, &dl);
		assert_true(value == -(double)far && dl == -1);
	}
}

/* log(1 + exp(-40)) is exp(-40), not 0. */
static void a_small_binary_cross_entropy_keeps_its_digits(void **state)
{
	(void)state;
	const REAL s[2] = {40, -40}, t[2] = {1, 0};
	REAL dl[2];
	double value = one_row(MLP_BINARY_CROSS_ENTROPY, s, t, 2, dl), expected = 2 * exp(-40);
	assert_allclose_f64(&value, &expected, 1, 1e-14, 0);
	assert_allclose(&dl[1], &(REAL){(REAL)exp(-40)}, 1, 1e-6, 0);
}

static void an_impossible_class_may_have_the_logit_minus_infinity(void **state)
{
	(void)state;
	const REAL s[3] = {1, (REAL)-INFINITY, 1}, t[3] = {(REAL)0.5, 0, (REAL)0.5};
	REAL dl[3];
	double value = one_row(MLP_CROSS_ENTROPY, s, t, 3, dl);
	assert_allclose_f64(&value, &(double){log(2)}, 1, 1e-14, 0);
	assert_true(dl[0] == 0 && dl[1] == 0 && dl[2] == 0);
	assert_ok(FN(loss_class)(MLP_CROSS_ENTROPY, 0, s, 3, &(int64_t){2}, NULL, 1, 3, MLP_SUM,
				 &value, dl, 3));
	assert_allclose_f64(&value, &(double){log(2)}, 1, 1e-14, 0);
	assert_true(dl[0] == (REAL)0.5 && dl[1] == 0 && dl[2] == -(REAL)0.5);
	assert_fails(MLP_ERR_NONFINITE, "row 0",
		     FN(loss_class)(MLP_CROSS_ENTROPY, 0, s, 3, &(int64_t){1}, NULL, 1, 3, MLP_SUM,
				    &value, NULL, 0));
}

static void all_logits_far_from_0_are_as_good_as_near_it(void **state)
{
	(void)state;
	for (size_t k = 0; k < FAR; k++)
		for (int sign = -1; sign <= 1; sign += 2) {
			REAL s = far_out[k] * (REAL)sign, dl[4];
			const REAL logits[4] = {s, s, s, s}, t[4] = {0, 1, 0, 0};
			double value = one_row(MLP_CROSS_ENTROPY, logits, t, 4, dl);
			assert_allclose_f64(&value, &(double){log(4)}, 1, 1e-15, 0);
			assert_true(dl[0] == (REAL)0.25 && dl[1] == (REAL)-0.75);
		}
}

static void log_cosh_is_accurate_near_0_and_far_out(void **state)
{
	(void)state;
	const struct {
		double d, value, slope;
	} cases[] = {{1e-8, 5e-17, 1e-8},
		     {-1e-4, 4.9999999916666667e-9, -9.9999999666666668e-5},
		     {1, 0.43378083048302717, 0.76159415595576489},
		     {1e5, 1e5 - 0.69314718055994531, 1},
		     {-1e30, 1e30, -1}};
	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
		REAL y = (REAL)cases[k].d, t = 0, dl;
		double value = one_row(MLP_LOG_COSH, &y, &t, 1, &dl);
		assert_allclose_f64(&value, &cases[k].value, 1, PICK(2e-7, 1e-14), 0);
		assert_allclose(&dl, &(REAL){(REAL)cases[k].slope}, 1, 4 * REAL_EPSILON, 0);
	}
	/* around the place where the formula changes */
	for (int i = 90; i <= 110; i++) {
		REAL y = (REAL)(0.01 * i), t = 0, dl;
		double value = one_row(MLP_LOG_COSH, &y, &t, 1, &dl);
		assert_allclose_f64(&value, &(double){log(cosh((double)y))}, 1, 1e-14, 0);
	}
}

static void errors_of_any_size_are_finite_where_they_can_be(void **state)
{
	(void)state;
	const mlp_loss linear[] = {MLP_ABSOLUTE_ERROR, MLP_HUBER, MLP_LOG_COSH};
	for (size_t k = 0; k < 3; k++) {
		REAL y = REAL_MAX / 4, t = 0, dl;
		double value = one_row(linear[k], &y, &t, 1, &dl);
		assert_true(isfinite(value) && value > 0);
		assert_true(dl == (linear[k] == MLP_HUBER ? (REAL)0.5 : 1));
	}
}

static void a_rate_too_large_is_an_error_and_one_too_small_is_0(void **state)
{
	(void)state;
	REAL large = 100000, small = -100000, t = 2, dl;
	double value;
	assert_fails(
		MLP_ERR_NONFINITE, "row 0",
		FN(loss)(MLP_POISSON, 0, &large, 1, &t, 1, NULL, 1, 1, MLP_SUM, &value, &dl, 1));
	assert_true(one_row(MLP_POISSON, &small, &t, 1, &dl) == 200000 && dl == -2);
}

/* exp(95) is a double, but no float. */
static void a_derivative_too_large_for_its_type_is_an_error(void **state)
{
	(void)state;
	const REAL s = PICK(95, 710), t = 0;
	double value;
	REAL dl;
	assert_fails(MLP_ERR_NONFINITE, "row 0",
		     FN(loss)(MLP_POISSON, 0, &s, 1, &t, 1, NULL, 1, 1, MLP_SUM, &value, &dl, 1));
}

/* Weights count by their proportion only, the smallest ones too. */
static void the_mean_does_not_depend_on_the_size_of_the_weights(void **state)
{
	(void)state;
	const REAL sizes[] = {1, REAL_MIN, REAL_TRUE_MIN, 1 / REAL_MIN / 16};
	const REAL y[2] = {2, 4}, t[2] = {0, 0};
	for (size_t k = 0; k < 4; k++) {
		const REAL w[2] = {sizes[k], 3 * sizes[k]};
		REAL dl[2];
		double value;
		assert_ok(FN(loss)(MLP_ABSOLUTE_ERROR, 0, y, 1, t, 1, w, 2, 1, MLP_MEAN, &value, dl,
				   1));
		assert_allclose_f64(&value, &(double){3.5}, 1, 1e-15, 0);
		assert_allclose(dl, ((REAL[]){(REAL)0.25, (REAL)0.75}), 2, 1e-6, 0);
	}
}

/* Without reduction there is no sum that could overflow. */
static void row_losses_are_not_summed_when_no_sum_is_wanted(void **state)
{
	(void)state;
	/* in float it is only large: in double no sum of float losses overflows */
	const REAL y[2] = {PICK(1e19F, 1e154), PICK(-1e19F, -1e154)}, t[2] = {0, 0},
		   one[2] = {1, 0};
	double losses[2], evaluated[2];
	REAL scaled[2] = {y[0] * (REAL)1.8, y[1] * (REAL)1.8};
	mlp_network *net;
	mlp_workspace *ws;
	assert_ok(FN(loss)(MLP_SQUARED_ERROR, 0, scaled, 1, t, 1, NULL, 2, 1, MLP_NONE, losses,
			   NULL, 0));
	assert_ok(mlp_network_create(REAL_DTYPE, (int64_t[]){1, 1}, 2, &net));
	assert_ok(FN(network_set_parameters)(net, one, 2)); /* y = x */
	assert_ok(mlp_workspace_create(net, 2, MLP_INFERENCE, &ws));
	assert_ok(FN(evaluate)(net, ws, scaled, 1, t, 1, NULL, 2, MLP_SQUARED_ERROR, 0, MLP_NONE,
			       evaluated, NULL, 0));
	assert_allclose_f64(evaluated, losses, 2, 0, 0);
	mlp_workspace_free(ws);
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cross_entropy_of_large_logits_is_their_distance),
		cmocka_unit_test(binary_cross_entropy_of_large_logits_is_their_distance),
		cmocka_unit_test(a_small_binary_cross_entropy_keeps_its_digits),
		cmocka_unit_test(an_impossible_class_may_have_the_logit_minus_infinity),
		cmocka_unit_test(all_logits_far_from_0_are_as_good_as_near_it),
		cmocka_unit_test(log_cosh_is_accurate_near_0_and_far_out),
		cmocka_unit_test(errors_of_any_size_are_finite_where_they_can_be),
		cmocka_unit_test(a_rate_too_large_is_an_error_and_one_too_small_is_0),
		cmocka_unit_test(a_derivative_too_large_for_its_type_is_an_error),
		cmocka_unit_test(the_mean_does_not_depend_on_the_size_of_the_weights),
		cmocka_unit_test(row_losses_are_not_summed_when_no_sum_is_wanted),
	};
	return cmocka_run_group_tests_name("loss_stability", tests, NULL, NULL);
}
