/* Where a probability is nearly 1 the derivatives of the cross entropies are its small complement, and
 * must keep their digits. */
#include <math.h>

#include "property/real.h"

static const double rtol = sizeof(REAL) == 4 ? 1e-6 : 1e-14;

static void assert_near(double actual, double expected)
{
	assert_allclose_f64(&actual, &expected, 1, rtol, 0);
}

static void binary_cross_entropy_of_a_sure_output_has_a_small_exact_derivative(void **state)
{
	(void)state;
	for (int s = 1; s <= 60; s++) {
		const REAL logits[2] = {(REAL)s, (REAL)-s}, target[2] = {1, 0};
		REAL derivative[2];
		assert_ok(FN(loss)(MLP_BINARY_CROSS_ENTROPY, 0, logits, 2, target, 2, NULL, 1, 2,
				   MLP_SUM, NULL, derivative, 2));
		const double expected = exp(-s) / (1 + exp(-s));
		assert_near((double)derivative[0], -expected);
		assert_near((double)derivative[1], expected);
	}
}

static void cross_entropy_of_a_sure_class_has_a_small_exact_value_and_derivative(void **state)
{
	(void)state;
	const int64_t class_0 = 0;
	const REAL one_hot[3] = {1, 0, 0};
	for (int s = 1; s <= 60; s++) {
		const REAL logits[3] = {(REAL)s, 0, 0};
		const double rest = 2 * exp(-s);
		for (int by_class = 0; by_class < 2; by_class++) {
			REAL derivative[3];
			double value;
			if (by_class)
				assert_ok(FN(loss_class)(MLP_CROSS_ENTROPY, 0, logits, 3, &class_0,
							 NULL, 1, 3, MLP_SUM, &value, derivative,
							 3));
			else
				assert_ok(FN(loss)(MLP_CROSS_ENTROPY, 0, logits, 3, one_hot, 3,
						   NULL, 1, 3, MLP_SUM, &value, derivative, 3));
			assert_near(value, log1p(rest));
			assert_near((double)derivative[0], -rest / (1 + rest));
			assert_near((double)derivative[1], rest / 2 / (1 + rest));
			assert_near((double)derivative[2], rest / 2 / (1 + rest));
		}
	}
}

static void probabilities_of_very_many_classes_sum_to_1(void **state)
{
	(void)state;
	enum { CLASSES = 200000 };
	mlp_network *net;
	REAL *y = test_malloc(CLASSES * sizeof(REAL));
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){1, CLASSES}, 2, &net));
	assert_ok(mlp_network_set_activation(net, 1, MLP_SOFTMAX));
	assert_ok(FN(predict)(net, (const REAL[]){1}, 1, 1, y, CLASSES));
	double sum = 0;
	for (int i = 0; i < CLASSES; i++)
		sum += (double)y[i];
	assert_true(fabs(sum - 1) < (sizeof(REAL) == 4 ? 1e-6 : 1e-12));
	test_free(y);
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			binary_cross_entropy_of_a_sure_output_has_a_small_exact_derivative),
		cmocka_unit_test(
			cross_entropy_of_a_sure_class_has_a_small_exact_value_and_derivative),
		cmocka_unit_test(probabilities_of_very_many_classes_sum_to_1),
	};
	return cmocka_run_group_tests_name("saturation", tests, NULL, NULL);
}
