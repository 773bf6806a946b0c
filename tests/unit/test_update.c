/* Which parameters an update changes: frozen layers, biases switched off, eta 0. */
#include <math.h>

#include "unit/real.h"
#include "unit/refusal.h"

enum { IN = 3, OUT = 2, B = 5, P = 4 * 4 + 4 * 5 + 2 * 5 }; /* 3-4-4-2 */

/* Where b(l) begins: w1 0 .. 11, b1 12 .. 15, w2 16 .. 31, b2 32 .. 35, w3 36 .. 43, b3 44, 45. */
static const int b_begin[] = {0, 12, 32, 44};

static int layer_of(int i)
{
	return i < 16 ? 1 : i < 36 ? 2 : 3;
}

static int is_bias(int i)
{
	return i >= b_begin[layer_of(i)];
}

static REAL x[B * IN], target[B * OUT];

static mlp_network *make(void)
{
	mlp_network *net;
	uint64_t seed = 21;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){IN, 4, 4, OUT}, 4, &net));
	assert_ok(mlp_network_set_activation(net, MLP_HIDDEN_LAYERS, MLP_TANH));
	random_fill(&seed, FN(network_parameters)(net), P, 1);
	random_fill(&seed, x, B * IN, 1);
	random_fill(&seed, target, B * OUT, 1);
	return net;
}

static mlp_workspace *make_workspace(const mlp_network *net, mlp_mode mode)
{
	mlp_workspace *ws;
	assert_ok(mlp_workspace_create(net, B, mode, &ws));
	return ws;
}

static void gradient_of(const mlp_network *net, REAL *grad)
{
	mlp_workspace *ws = make_workspace(net, MLP_TRAINING);
	assert_ok(FN(gradient)(net, ws, x, IN, target, OUT, NULL, B, MLP_SQUARED_ERROR, 0, MLP_SUM,
			       0, NULL, grad, NULL, 0));
	mlp_workspace_free(ws);
}

static void step(mlp_network *net, mlp_mode mode, double eta)
{
	mlp_workspace *ws = make_workspace(net, mode);
	assert_ok(FN(train_step)(net, ws, x, IN, target, OUT, NULL, B, MLP_SQUARED_ERROR, 0,
				 MLP_SUM, eta, NULL));
	mlp_workspace_free(ws);
}

/* p - eta grad, where the parameter may change; the same bits elsewhere. */
static void assert_updated(const mlp_network *net, const REAL *before, const REAL *grad, double eta)
{
	const REAL *after = FN(network_const_parameters)(net);
	for (int i = 0; i < P; i++) {
		int l = layer_of(i);
		if (mlp_network_is_frozen(net, l) || (is_bias(i) && !mlp_network_has_bias(net, l)))
			assert_memory_equal(&after[i], &before[i], sizeof(REAL));
		else
			assert_true(fabs((double)after[i] -
					 ((double)before[i] - eta * (double)grad[i])) <
				    (MLP_REAL_BITS == 32 ? 1e-6 : 1e-15) * 20);
	}
}

/* Every choice of frozen layers and of layers without bias. */
static void updates_leave_frozen_layers_and_missing_biases_alone(void **state)
{
	(void)state;
	for (unsigned choice = 0; choice < 64; choice++) {
		mlp_network *net = make();
		REAL before[P], grad[P];
		for (int l = 1; l <= 3; l++) {
			assert_ok(mlp_network_set_frozen(net, l, (choice >> (l - 1)) & 1U));
			assert_ok(mlp_network_set_bias(net, l, (choice >> (l + 2)) & 1U));
		}
		gradient_of(net, grad);
		assert_ok(FN(network_get_parameters)(net, before, P));
		assert_ok(FN(update)(net, NULL, grad, 0.25));
		assert_updated(net, before, grad, 0.25);
		for (int mode = MLP_TRAINING; mode <= MLP_TRACE; mode++) {
			assert_ok(FN(network_set_parameters)(net, before, P));
			step(net, (mlp_mode)mode, 0.25);
			assert_updated(net, before, grad, 0.25);
		}
		mlp_network_free(net);
	}
}

static void a_workspace_of_any_mode_serves_an_update(void **state)
{
	(void)state;
	mlp_network *net = make();
	REAL before[P], expected[P], grad[P];
	gradient_of(net, grad);
	assert_ok(FN(network_get_parameters)(net, before, P));
	assert_ok(FN(update)(net, NULL, grad, 0.25));
	assert_ok(FN(network_get_parameters)(net, expected, P));
	for (int mode = MLP_INFERENCE; mode <= MLP_TRACE; mode++) {
		mlp_workspace *ws = make_workspace(net, (mlp_mode)mode);
		assert_ok(FN(network_set_parameters)(net, before, P));
		assert_ok(FN(update)(net, ws, grad, 0.25));
		assert_memory_equal(FN(network_const_parameters)(net), expected, sizeof(expected));
		mlp_workspace_free(ws);
	}
	mlp_network_free(net);
}

static void gradient_of_a_frozen_layer_is_the_true_one(void **state)
{
	(void)state;
	mlp_network *net = make();
	REAL free_grad[P], frozen_grad[P];
	gradient_of(net, free_grad);
	assert_ok(mlp_network_set_frozen(net, MLP_ALL_LAYERS, 1));
	gradient_of(net, frozen_grad);
	assert_memory_equal(free_grad, frozen_grad, sizeof(free_grad));
	for (int i = 0; i < P; i++)
		assert_true(free_grad[i] != 0);
	mlp_network_free(net);
}

static void gradient_of_a_missing_bias_is_0(void **state)
{
	(void)state;
	mlp_network *net = make();
	REAL grad[P];
	for (int i = 0; i < P; i++)
		grad[i] = 9;
	assert_ok(mlp_network_set_bias(net, 2, 0));
	gradient_of(net, grad);
	for (int i = 0; i < P; i++)
		assert_int_equal(grad[i] == 0, layer_of(i) == 2 && is_bias(i));
	mlp_network_free(net);
}

/* p - 0 dp would turn -0 into 0, and a denormal into 0 where they are flushed. */
static void eta_0_changes_no_bit(void **state)
{
	(void)state;
	mlp_network *net = make();
	REAL before[P], grad[P];
	const double zeros[] = {0, -0.0};
	REAL *p = FN(network_parameters)(net);
	p[0] = (REAL)-0.0;
	p[13] = (REAL)-0.0;
	p[1] = REAL_DTYPE == MLP_F32 ? (REAL)FLT_TRUE_MIN : (REAL)DBL_TRUE_MIN;
	gradient_of(net, grad);
	memcpy(before, p, sizeof(before));
	for (int i = 0; i < 2; i++) {
		assert_ok(FN(update)(net, NULL, grad, zeros[i]));
		assert_memory_equal(p, before, sizeof(before));
		for (int mode = MLP_TRAINING; mode <= MLP_TRACE; mode++) {
			step(net, (mlp_mode)mode, zeros[i]);
			assert_memory_equal(p, before, sizeof(before));
		}
	}
	mlp_network_free(net);
}

static void negative_eta_goes_uphill(void **state)
{
	(void)state;
	mlp_network *net = make();
	REAL before[P], grad[P];
	gradient_of(net, grad);
	assert_ok(FN(network_get_parameters)(net, before, P));
	step(net, MLP_TRAINING, -0.125);
	assert_updated(net, before, grad, -0.125);
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(updates_leave_frozen_layers_and_missing_biases_alone),
		cmocka_unit_test(a_workspace_of_any_mode_serves_an_update),
		cmocka_unit_test(gradient_of_a_frozen_layer_is_the_true_one),
		cmocka_unit_test(gradient_of_a_missing_bias_is_0),
		cmocka_unit_test(eta_0_changes_no_bit),
		cmocka_unit_test(negative_eta_goes_uphill),
	};
	return cmocka_run_group_tests_name("update", tests, NULL, NULL);
}
