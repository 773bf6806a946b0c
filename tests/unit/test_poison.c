/* Infinities and NaN that the loss does not show: they must not reach the parameters. */
#include <math.h>

#include "unit/real.h"
#include "unit/refusal.h"

enum { IN = 2, OUT = 2, B = 3, P = 3 * 3 + 2 * 4 }; /* 2-3-2 */

static const REAL nan_value = (REAL)NAN, infinite = (REAL)INFINITY;
static const mlp_mode modes[] = {MLP_TRAINING, MLP_TRACE};

static const REAL x[B * IN] = {1, 2, -1, 1, 2, -2}, target[B * OUT] = {1, 0, 0, 1, 1, 0};

static mlp_network *make(void)
{
	mlp_network *net;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){IN, 3, OUT}, 3, &net));
	return net;
}

static mlp_workspace *make_workspace(const mlp_network *net, mlp_mode mode)
{
	mlp_workspace *ws;
	assert_ok(mlp_workspace_create(net, B, mode, &ws));
	return ws;
}

/* Documented: only a sum that overflows while the parameters are written goes unnoticed. A step either
 * says MLP_ERR_NONFINITE and keeps the network, or leaves finite parameters. */
static void assert_never_poisoned(mlp_network *net, const REAL *in, const REAL *weight)
{
	const int64_t n = mlp_network_parameter_count(net);
	REAL before[P];
	assert_true(n <= P);
	const REAL *after = FN(network_const_parameters)(net);
	assert_ok(FN(network_get_parameters)(net, before, n));
	for (int i = 0; i < 2; i++) {
		mlp_workspace *ws = make_workspace(net, modes[i]);
		REAL grad[P];
		mlp_status status =
			FN(gradient)(net, ws, in, IN, target, OUT, weight, B, MLP_SQUARED_ERROR, 0,
				     MLP_MEAN, 0, NULL, grad, NULL, 0);
		for (int64_t k = 0; k < n && status == MLP_OK; k++)
			if (!isfinite(grad[k]))
				fail_msg("MLP_OK, and value %d of the gradient is %g", (int)k,
					 (double)grad[k]);
		status = FN(train_step)(net, ws, in, IN, target, OUT, weight, B, MLP_SQUARED_ERROR,
					0, MLP_MEAN, 0.5, NULL);
		mlp_workspace_free(ws);
		if (status != MLP_OK)
			assert_int_equal(status, MLP_ERR_NONFINITE);
		for (int64_t k = 0; k < n; k++)
			if (status == MLP_OK ? !isfinite(after[k]) : after[k] != before[k])
				fail_msg("%s, and parameter %d went from %g to %g",
					 mlp_status_name(status), (int)k, (double)before[k],
					 (double)after[k]);
		assert_ok(FN(network_set_parameters)(net, before, n));
	}
}

/* A unit that is cut off, or saturated, has dl/ds = 0: 0 times an infinite input is not 0. */
static void infinite_input_behind_a_dead_unit_does_not_poison_the_weights(void **state)
{
	(void)state;
	const REAL in[B * IN] = {1, 1, infinite, 1, 1, 1};
	const mlp_activation hidden[] = {MLP_RELU, MLP_TANH, MLP_SIGMOID};
	for (int i = 0; i < 3; i++) {
		mlp_network *net = make();
		REAL *p = FN(network_parameters)(net);
		for (int k = 0; k < 6; k++)
			p[k] = -1; /* s(1) = -infinity in row 1 */
		assert_ok(mlp_network_set_activation(net, 1, hidden[i]));
		assert_never_poisoned(net, in, NULL);
		mlp_network_free(net);
	}
}

/* The same one layer up: x(1) overflows, and the unit above it is cut off. */
static void overflowing_activation_below_a_dead_unit_does_not_poison_the_weights(void **state)
{
	(void)state;
	const REAL in[B * IN] = {1, 1, REAL_BIG, 1, 1, 1};
	const REAL p[] = {REAL_BIG, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0, -1, 0, 0, 0, 0};
	mlp_network *net = make();
	assert_ok(mlp_network_set_activation(net, MLP_ALL_LAYERS, MLP_RELU));
	assert_ok(FN(network_set_parameters)(net, p, P));
	assert_never_poisoned(net, in, NULL);
	mlp_network_free(net);
}

static void bad_input_of_a_row_of_weight_0_does_not_poison_the_weights(void **state)
{
	(void)state;
	const REAL bad[] = {nan_value, infinite, -infinite}, weight[B] = {1, 0, 1};
	for (int i = 0; i < 3; i++) {
		const REAL in[B * IN] = {1, 2, bad[i], 1, 2, -2};
		mlp_network *net = make();
		assert_never_poisoned(net, in, weight);
		mlp_network_free(net);
	}
}

static void bad_target_of_a_row_of_weight_0_is_not_looked_at(void **state)
{
	(void)state;
	const REAL bad[] = {nan_value, infinite, -infinite}, weight[B] = {1, 0, 1};
	mlp_network *net = make();
	for (int i = 0; i < 3; i++) {
		const REAL t[B * OUT] = {1, 0, bad[i], bad[i], 1, 0};
		for (int m = 0; m < 2; m++) {
			mlp_workspace *ws = make_workspace(net, modes[m]);
			double value = (double)NAN;
			REAL grad[P];
			assert_ok(FN(gradient)(net, ws, x, IN, t, OUT, weight, B, MLP_SQUARED_ERROR,
					       0, MLP_MEAN, 0, &value, grad, NULL, 0));
			assert_true(isfinite(value));
			for (int k = 0; k < P; k++)
				assert_true(isfinite(grad[k]));
			mlp_workspace_free(ws);
		}
	}
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(infinite_input_behind_a_dead_unit_does_not_poison_the_weights),
		cmocka_unit_test(
			overflowing_activation_below_a_dead_unit_does_not_poison_the_weights),
		cmocka_unit_test(bad_input_of_a_row_of_weight_0_does_not_poison_the_weights),
		cmocka_unit_test(bad_target_of_a_row_of_weight_0_is_not_looked_at),
	};
	return cmocka_run_group_tests_name("poison", tests, NULL, NULL);
}
