/* What the gradient check compares with: a derivative that is wrong is near no difference, one that is
 * right is near one, across a kink too. */
#include <math.h>

#include "derivatives/differences.h"
#include "support/test.h"

enum { BATCH = 3 };

static const double x[BATCH][2] = {{1, 2}, {-1, 0.5}, {0.3, -2}}, t[BATCH] = {0.5, -1, 2};

static struct mlp_differences create(mlp_activation hidden)
{
	struct mlp_differences made = {.x = x[0],
				       .target = t,
				       .n_0 = 2,
				       .n_L = 1,
				       .batch = BATCH,
				       .loss = MLP_SQUARED_ERROR,
				       .reduction = MLP_MEAN,
				       .step = 1e-5};
	assert_ok(mlp_network_create(MLP_F64, (const int64_t[]){2, 4, 1}, 3, &made.net));
	assert_ok(mlp_network_set_activation(made.net, 1, hidden));
	assert_ok(mlp_workspace_create(made.net, BATCH, MLP_TRAINING, &made.ws));
	assert_ok(mlp_differences_begin(&made));
	return made;
}

static void destroy(struct mlp_differences *made)
{
	mlp_workspace_free(made->ws);
	mlp_network_free(made->net);
}

enum { P = 2 * 4 + 4 + 4 + 1 };

static void compute_gradient(const struct mlp_differences *made, double *grad)
{
	assert_ok(mlp_gradient_f64(made->net, made->ws, x[0], 2, t, 1, NULL, BATCH,
				   MLP_SQUARED_ERROR, 0, MLP_MEAN, 0, NULL, grad, NULL, 0));
}

static double error_of(const struct mlp_differences *made, size_t index, double analytic)
{
	double numeric;
	assert_ok(mlp_nearest_difference(made, index, analytic, 1e-3, &numeric));
	return mlp_difference_error(analytic, numeric, 1e-3);
}

static void wrong_derivatives_are_found(void **state)
{
	(void)state;
	const mlp_activation kinds[] = {MLP_TANH, MLP_RELU, MLP_SOFTSIGN, MLP_ELU};
	for (int k = 0; k < 4; k++) {
		struct mlp_differences made = create(kinds[k]);
		double grad[P];
		compute_gradient(&made, grad);
		for (size_t i = 0; i < P; i++) {
			assert_true(error_of(&made, i, grad[i]) < 1e-5);
			if (fabs(grad[i]) < 1e-3)
				continue;
			assert_true(error_of(&made, i, 0.98 * grad[i]) > 0.01);
			assert_true(error_of(&made, i, -grad[i]) > 1);
			assert_true(error_of(&made, i, 0) > 0.9);
			assert_true(error_of(&made, i, grad[i] + 0.01) > 0.001);
		}
		destroy(&made);
	}
}

static double loss_at(const struct mlp_differences *made, double *place, double value)
{
	const double before = *place;
	double loss;
	*place = value;
	assert_ok(mlp_evaluate_f64(made->net, made->ws, x[0], 2, made->target, 1, NULL, BATCH,
				   MLP_SQUARED_ERROR, 0, MLP_MEAN, &loss, NULL, 0));
	*place = before;
	return loss;
}

/* Targets so far off that smaller steps drown in rounding: the first difference is the best. */
static void the_nearest_is_kept_where_later_ones_are_worse(void **state)
{
	(void)state;
	const double far[BATCH] = {1e7, 2e7, -1e7};
	struct mlp_differences made = create(MLP_TANH);
	double grad[P], *p = mlp_network_parameters_f64(made.net);
	made.target = far;
	assert_ok(mlp_differences_begin(&made));
	assert_ok(mlp_gradient_f64(made.net, made.ws, x[0], 2, far, 1, NULL, BATCH,
				   MLP_SQUARED_ERROR, 0, MLP_MEAN, 0, NULL, grad, NULL, 0));
	int tried = 0;
	for (size_t i = 0; i < P; i++) {
		const double h = made.step * fmax(1, fabs(p[i])), above = p[i] + h,
			     below = p[i] - h;
		const double central =
			(loss_at(&made, &p[i], above) - loss_at(&made, &p[i], below)) /
			(above - below);
		double numeric;
		assert_ok(mlp_nearest_difference(&made, i, grad[i], 0, &numeric));
		assert_true(fabs(numeric - grad[i]) <= fabs(central - grad[i]));
		tried += mlp_difference_error(grad[i], central, 0) > 1e-6;
	}
	assert_true(tried > 3);
	destroy(&made);
}

static void parameters_are_put_back(void **state)
{
	(void)state;
	struct mlp_differences made = create(MLP_TANH);
	double before[P], after[P];
	assert_ok(mlp_network_get_parameters_f64(made.net, before, P));
	for (size_t i = 0; i < P; i++)
		error_of(&made, i, 1e6); /* tries every step */
	assert_ok(mlp_network_get_parameters_f64(made.net, after, P));
	assert_memory_equal(before, after, sizeof(before));
	destroy(&made);
}

static void errors_are_relative(void **state)
{
	(void)state;
	assert_true(mlp_difference_error(0, 0, 0) == 0);
	assert_true(mlp_difference_error(1, 0, 0) == 1);
	assert_true(mlp_difference_error(2, -2, 0) == 2);
	assert_true(mlp_difference_error(1, 3, 4) == 0.5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_derivatives_are_found),
		cmocka_unit_test(the_nearest_is_kept_where_later_ones_are_worse),
		cmocka_unit_test(parameters_are_put_back),
		cmocka_unit_test(errors_are_relative),
	};
	return cmocka_run_group_tests_name("differences", tests, NULL, NULL);
}
