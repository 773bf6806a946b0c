/* Training gets somewhere: the signs of all gradients and updates are right together. */
#include <math.h>
#include <stdlib.h>

#include "real.h"

enum { POINTS = 64 };

/* One step of either kind: fused, or a gradient and an update. Returns the loss before it. */
static double step(mlp_network *net, mlp_workspace *ws, const REAL *x, const REAL *t, int64_t batch,
		   mlp_loss loss, double eta, REAL *grad)
{
	int64_t n_in = mlp_network_width(net, 0);
	int64_t n_out = mlp_network_width(net, mlp_network_layer_count(net));
	double value;
	if (grad == NULL) {
		assert_ok(FN(train_step)(net, ws, x, n_in, t, n_out, NULL, batch, loss, 0, MLP_MEAN,
					 eta, &value));
		return value;
	}
	assert_ok(FN(gradient)(net, ws, x, n_in, t, n_out, NULL, batch, loss, 0, MLP_MEAN, 0,
			       &value, grad, NULL, 0));
	assert_ok(FN(update)(net, ws, grad, eta));
	return value;
}

/* Trains a network of the shape by `steps` steps; first and last loss. */
static void train(const int64_t *widths, mlp_activation hidden, mlp_activation output,
		  const REAL *x, const REAL *t, int64_t batch, mlp_loss loss, double eta, int steps,
		  int fused, double *first, double *last)
{
	mlp_network *net;
	mlp_workspace *ws;
	assert_ok(mlp_network_create(REAL_DTYPE, widths, 3, &net));
	assert_ok(mlp_network_set_activation(net, 1, hidden));
	assert_ok(mlp_network_set_activation(net, 2, output));
	assert_ok(mlp_network_init(net, MLP_ALL_LAYERS, MLP_INIT_GLOROT_UNIFORM, 0, 3));
	assert_ok(mlp_workspace_create(net, batch, MLP_TRAINING, &ws));
	REAL *grad = fused ? NULL : calloc((size_t)mlp_network_parameter_count(net), sizeof(REAL));
	*first = step(net, ws, x, t, batch, loss, eta, grad);
	for (int i = 1; i < steps; i++)
		step(net, ws, x, t, batch, loss, eta, grad);
	*last = step(net, ws, x, t, batch, loss, 0, grad);
	free(grad);
	mlp_workspace_free(ws);
	mlp_network_free(net);
}

static const REAL xor_x[8] = {0, 0, 0, 1, 1, 0, 1, 1}, xor_t[4] = {0, 1, 1, 0};

static void xor_is_learnt(void **state)
{
	(void)state;
	const int64_t widths[] = {2, 8, 1};
	for (int fused = 0; fused <= 1; fused++) {
		double first, last;
		train(widths, MLP_TANH, MLP_SIGMOID, xor_x, xor_t, 4, MLP_BINARY_CROSS_ENTROPY, 0.5,
		      2000, fused, &first, &last);
		assert_true(first > 0.5 && last < 0.02);
		train(widths, MLP_TANH, MLP_TANH, xor_x, xor_t, 4, MLP_SQUARED_ERROR, 0.5, 2000,
		      fused, &first, &last);
		assert_true(last < 0.005);
	}
}

static void xor_is_learnt_by_class(void **state)
{
	(void)state;
	const int64_t classes[4] = {0, 1, 1, 0};
	mlp_network *net;
	mlp_workspace *ws;
	assert_ok(mlp_network_create(REAL_DTYPE, (int64_t[]){2, 8, 2}, 3, &net));
	assert_ok(mlp_network_set_activation(net, 1, MLP_TANH));
	assert_ok(mlp_network_set_activation(net, 2, MLP_SOFTMAX));
	assert_ok(mlp_workspace_create(net, 4, MLP_TRAINING, &ws));
	REAL y[8];
	for (int i = 0; i < 2000; i++)
		assert_ok(FN(train_step_class)(net, ws, xor_x, 2, classes, NULL, 4,
					       MLP_CROSS_ENTROPY, 0, MLP_MEAN, 0.5, NULL));
	assert_ok(FN(predict)(net, xor_x, 2, 4, y, 2));
	for (int n = 0; n < 4; n++)
		assert_true(y[2 * n + classes[n]] > (REAL)0.95);
	mlp_workspace_free(ws);
	mlp_network_free(net);
}

/* Sample by sample, as the lecture has it: the matrix-vector products. */
static void xor_is_learnt_one_sample_at_a_time(void **state)
{
	(void)state;
	mlp_network *net;
	mlp_workspace *ws;
	double loss = 0;
	assert_ok(mlp_network_create(REAL_DTYPE, (int64_t[]){2, 8, 1}, 3, &net));
	assert_ok(mlp_network_set_activation(net, 1, MLP_TANH));
	assert_ok(mlp_workspace_create(net, 1, MLP_TRAINING, &ws));
	for (int i = 0; i < 2000; i++) {
		loss = 0;
		for (int n = 0; n < 4; n++)
			loss += step(net, ws, xor_x + 2 * n, xor_t + n, 1, MLP_SQUARED_ERROR, 0.1,
				     NULL);
	}
	assert_true(loss < 0.002);
	mlp_workspace_free(ws);
	mlp_network_free(net);
}

/* The best straight line through sin 3x on -1 .. 1 has a loss of 0.0823. */
static const double straight = 0.09;

/* Those whose curvature is strong enough to find the curve as well, in so few steps. */
static int finds_the_curve(mlp_activation activation)
{
	return activation == MLP_TANH || activation == MLP_RELU || activation == MLP_LEAKY_RELU ||
	       activation == MLP_SELU || activation == MLP_SIN;
}

static void regression_by_every_activation(void **state)
{
	(void)state;
	const int64_t widths[] = {1, 24, 1};
	REAL x[POINTS], t[POINTS];
	for (int n = 0; n < POINTS; n++) {
		x[n] = (REAL)(-1 + 2 * (n + 0.5) / POINTS);
		t[n] = (REAL)sin(3 * (double)x[n]);
	}
	for (int a = MLP_IDENTITY; a <= MLP_SIN; a++)
		for (int fused = 0; fused <= 1; fused++) {
			double first, last;
			train(widths, (mlp_activation)a, MLP_IDENTITY, x, t, POINTS,
			      MLP_SQUARED_ERROR, 0.1, 3000, fused, &first, &last);
			assert_true(first > 0.2);
			assert_true(last < (finds_the_curve((mlp_activation)a) ? 0.01 : straight));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xor_is_learnt),
		cmocka_unit_test(xor_is_learnt_by_class),
		cmocka_unit_test(xor_is_learnt_one_sample_at_a_time),
		cmocka_unit_test(regression_by_every_activation),
	};
	return cmocka_run_group_tests_name("learns", tests, NULL, NULL);
}
