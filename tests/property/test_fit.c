/* mlp_fit: what training in one call reaches (that it goes by the rule of its manual: test_trainer_ends). */
#include <math.h>
#include <string.h>

#include "real.h"
#include "support/random.h"
#include "support/test.h"

enum { IN = 3, ROWS = 150, CLASSES = 3 };

static REAL x[ROWS][IN], t[ROWS][1];
static int64_t classes[ROWS];

/* Inputs and targets far from 0 and from each other's scale: scaling has something to do. */
static void make_data(void)
{
	uint64_t random = 5;
	for (size_t n = 0; n < ROWS; n++) {
		for (size_t i = 0; i < IN; i++)
			x[n][i] = (REAL)(100 * (double)i + 10 * random_real(&random));
		t[n][0] = 1000 + 5 * x[n][0] - 3 * (x[n][1] - 100);
		classes[n] = x[n][0] > 3 ? 2 : x[n][0] > -3 ? 1 : 0;
	}
}

static mlp_network *make(int64_t outputs, mlp_activation output)
{
	const int64_t widths[] = {IN, 16, outputs};
	mlp_network *net;
	assert_ok(mlp_network_create(REAL_DTYPE, widths, 3, &net));
	assert_ok(mlp_network_set_activation(net, 2, output));
	assert_ok(mlp_network_init(net, MLP_ALL_LAYERS, MLP_INIT_LECUN_NORMAL, 0, 3));
	return net;
}

static void numbers_are_learned_in_raw_units(void **state)
{
	(void)state;
	mlp_network *net = make(1, MLP_IDENTITY);
	double value;
	assert_ok(FN(fit)(net, x[0], IN, t[0], 1, ROWS, 1, &value));
	assert_true(value < 0.02); /* scaled: the variance is 1 */
	assert_true(mlp_network_has_input_scaling(net) && mlp_network_has_output_scaling(net) &&
		    mlp_network_has_domain(net));
	REAL y[ROWS];
	assert_ok(FN(predict)(net, x[0], IN, ROWS, y, 1));
	double worst = 0;
	for (size_t n = 0; n < ROWS; n++)
		worst = fmax(worst, fabs((double)(y[n] - t[n][0])));
	assert_true(worst < 15); /* of a range of about 150 */
	mlp_network_free(net);
}

static void classes_are_learned(void **state)
{
	(void)state;
	mlp_network *net = make(CLASSES, MLP_SOFTMAX);
	double value;
	assert_ok(FN(fit_class)(net, x[0], IN, classes, ROWS, 1, &value));
	REAL y[ROWS][CLASSES];
	assert_ok(FN(predict)(net, x[0], IN, ROWS, y[0], CLASSES));
	size_t right = 0;
	for (size_t n = 0; n < ROWS; n++) {
		int64_t best = 0;
		for (int64_t c = 1; c < CLASSES; c++)
			best = y[n][c] > y[n][best] ? c : best;
		right += best == classes[n];
	}
	assert_true(right > ROWS * 9 / 10);
	assert_false(mlp_network_has_output_scaling(net));
	mlp_network_free(net);
}

static void a_failure_leaves_the_network_as_it_was(void **state)
{
	(void)state;
	mlp_network *net = make(1, MLP_IDENTITY), *before;
	assert_ok(mlp_network_clone(net, &before));
	REAL bad[ROWS][IN];
	memcpy(bad, x, sizeof bad);
	bad[40][2] = (REAL)NAN;
	assert_int_equal(FN(fit)(net, bad[0], IN, t[0], 1, ROWS, 1, NULL), MLP_ERR_NONFINITE);
	assert_non_null(strstr(mlp_last_error(), "40"));
	assert_false(mlp_network_has_input_scaling(net));
	int64_t count = mlp_network_parameter_count(net);
	assert_memory_equal(FN(network_const_parameters)(net), FN(network_const_parameters)(before),
			    (size_t)count * sizeof(REAL));
	mlp_network_free(net);
	mlp_network_free(before);
}

int main(void)
{
	make_data();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_learned_in_raw_units),
		cmocka_unit_test(classes_are_learned),
		cmocka_unit_test(a_failure_leaves_the_network_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
