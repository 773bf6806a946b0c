/* L-BFGS: it minimises what gradient descent hardly does, never ends above where it began, and its line search
 * finds points that satisfy the strong Wolfe conditions. */
#include <math.h>
#include <stdlib.h>

#include "optimizers.h"

/* ---- Rosenbrock's function as least squares --------------------------------------------------- */

/* On the 2 n parameters of a network: sum of 100 (b - a^2)^2 + (1 - a)^2; the minimum, 0, is at 1. */
struct valley {
	int64_t evaluations;
	int64_t fails_at;   /* number of the evaluation that fails; 0: none */
	mlp_status failure; /* and how; MLP_OK: its value is NaN */
	bool has_edge;      /* no value beyond a = 1.5 */
};

static mlp_status evaluate(void *context, const mlp_network *net, double *value, REAL *grad)
{
	struct valley *valley = context;
	const REAL *w = FN(network_const_parameters)(net);
	int64_t count = mlp_network_parameter_count(net);
	double sum = 0;
	if (++valley->evaluations == valley->fails_at && valley->failure != MLP_OK)
		return valley->failure;
	for (int64_t i = 0; i < count; i += 2) {
		double a = (double)w[i], b = i + 1 < count ? (double)w[i + 1] : a * a;
		if (valley->has_edge && a > 1.5)
			return MLP_ERR_NONFINITE;
		sum += 100 * (b - a * a) * (b - a * a) + (1 - a) * (1 - a);
		grad[i] = (REAL)(-400 * a * (b - a * a) - 2 * (1 - a));
		if (i + 1 < count)
			grad[i + 1] = (REAL)(200 * (b - a * a));
	}
	*value = valley->evaluations == valley->fails_at ? (double)NAN : sum;
	return MLP_OK;
}

static mlp_network *valley_network(void)
{
	mlp_network *net;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){3, 4, 4}, 3, &net));
	REAL *w = FN(network_parameters)(net);
	for (int64_t i = 0; i < mlp_network_parameter_count(net); i++)
		w[i] = (REAL)(i % 2 == 0 ? -1.2 : 1);
	return net;
}

/* Objective after steps until it is below `goal`; *evaluations is a bound, then how many it took. */
static double descend(mlp_network *net, mlp_optimizer *optimizer, struct valley *valley,
		      double goal, int64_t *evaluations)
{
	double value = (double)INFINITY;
	while (value > goal && valley->evaluations < *evaluations) {
		double before = value;
		assert_ok(FN(optimizer_minimize)(optimizer, net, NULL, evaluate, valley, &value));
		if (mlp_optimizer_kind_of(optimizer) == MLP_LBFGS)
			assert_true(value <= before);
	}
	*evaluations = valley->evaluations;
	return value;
}

static void valley_is_walked_to_its_end(void **state)
{
	(void)state;
	const double goal = PICK(1e-8, 1e-15);
	for (int edge = 0; edge < 2; edge++) {
		mlp_network *net = valley_network();
		mlp_optimizer *optimizer;
		struct valley valley = {.has_edge = edge};
		int64_t evaluations = 200;
		assert_ok(mlp_optimizer_create(net, MLP_LBFGS, &optimizer));
		double value = descend(net, optimizer, &valley, goal, &evaluations);
		if (!(value <= goal))
			fail_msg("%g after %d evaluations", value, (int)evaluations);
		assert_true(evaluations < 120);
		mlp_optimizer_free(optimizer);
		mlp_network_free(net);
	}
}

static void gradient_descent_takes_many_more_evaluations(void **state)
{
	(void)state;
	mlp_network *net = valley_network();
	mlp_optimizer *optimizer;
	struct valley valley = {0};
	int64_t evaluations = 3000;
	assert_ok(mlp_optimizer_create(net, MLP_SGD, &optimizer));
	assert_ok(mlp_optimizer_set(optimizer, MLP_HYPER_ETA, 1e-3)); /* 2e-3 diverges */
	assert_true(descend(net, optimizer, &valley, 1e-8, &evaluations) > 1e-8);
	assert_int_equal(evaluations, 3000);
	mlp_optimizer_free(optimizer);
	mlp_network_free(net);
}

/* ---- conditions of the line search ------------------------------------------------------------ */

static double dot(const REAL *a, const REAL *b, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += (double)a[i] * (double)b[i];
	return sum;
}

static void steps_satisfy_the_strong_wolfe_conditions(void **state)
{
	(void)state;
	mlp_network *net = valley_network();
	mlp_optimizer *optimizer;
	struct valley valley = {0};
	assert_ok(mlp_optimizer_create(net, MLP_LBFGS, &optimizer));
	size_t n = (size_t)mlp_network_parameter_count(net), bytes = n * sizeof(REAL);
	REAL *x = malloc(bytes), *g = malloc(bytes), *g_end = malloc(bytes), *s = malloc(bytes);
	for (int step = 0; step < 25; step++) {
		double start, end;
		memcpy(x, FN(network_const_parameters)(net), bytes);
		assert_ok(evaluate(&valley, net, &start, g));
		assert_ok(FN(optimizer_minimize)(optimizer, net, NULL, evaluate, &valley, NULL));
		assert_ok(evaluate(&valley, net, &end, g_end));
		for (size_t i = 0; i < n; i++)
			s[i] = FN(network_const_parameters)(net)[i] - x[i];
		double before = dot(g, s, n), after = dot(g_end, s, n), slack = PICK(1e-3, 1e-9);
		assert_true(before < 0);
		assert_true(end <= start + 1e-4 * before * (1 - slack));
		assert_true(fabs(after) <= 0.9 * -before * (1 + slack));
	}
	free(x);
	free(g);
	free(g_end);
	free(s);
	mlp_optimizer_free(optimizer);
	mlp_network_free(net);
}

/* ---- a regression ----------------------------------------------------------------------------- */

static void a_small_regression_is_solved(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){4, 12, 2}, 3, 10, 0, 3);
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	const struct choice lbfgs = {"lbfgs", MLP_LBFGS, {{MLP_HYPER_HISTORY, 20}}};
	const struct choice sgd = {"sgd", MLP_SGD, {{MLP_HYPER_ETA, 0.3}}};
	REAL *before = task_parameters(&task);
	mlp_optimizer *optimizer = choose(task.net, &sgd);
	for (int i = 0; i < 400; i++)
		optimizer_step(&task, optimizer, ws);
	double by_descent = task_gradient(&task, ws, NULL, NULL);
	mlp_optimizer_free(optimizer);
	assert_ok(FN(network_set_parameters)(task.net, before, (int64_t)task.parameter_count));
	optimizer = choose(task.net, &lbfgs);
	double value = 1;
	int steps = 0;
	for (; steps < 200 && value > 1e-8; steps++)
		value = optimizer_step(&task, optimizer, ws);
	assert_true(value <= 1e-8);
	assert_true(by_descent > 100 * value);
	free(before);
	mlp_optimizer_free(optimizer);
	mlp_workspace_free(ws);
	task_free(&task);
}

static void the_l2_penalty_is_minimised_with_the_loss(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){3, 2}, 2, 40, 0, 4);
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	const struct choice lbfgs = {"lbfgs", MLP_LBFGS, {{MLP_HYPER_L2, 0.5}}};
	mlp_optimizer *optimizer = choose(task.net, &lbfgs);
	REAL *grad = task_array(&task), *w = FN(network_parameters)(task.net);
	for (int i = 0; i < 40; i++)
		optimizer_step(&task, optimizer, ws);
	task_gradient(&task, ws, grad, NULL);
	for (size_t i = 0; i < task.parameter_count; i++) /* the biases are the last two */
		assert_true(fabs((double)grad[i] + (i < 6 ? 0.5 * (double)w[i] : 0)) <
			    PICK(1e-3, 1e-7));
	free(grad);
	mlp_optimizer_free(optimizer);
	mlp_workspace_free(ws);
	task_free(&task);
}

static void frozen_layers_stay_and_the_rest_is_minimised(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){4, 12, 2}, 3, 10, 0, 3);
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	assert_ok(mlp_network_set_bias(task.net, 2, 0));
	const struct choice lbfgs = {"lbfgs", MLP_LBFGS, {{MLP_HYPER_HISTORY, 5}}};
	mlp_optimizer *optimizer = choose(task.net, &lbfgs);
	REAL *w = FN(network_parameters)(task.net);
	int64_t w_2, b_2;
	assert_ok(mlp_network_layout(task.net, 2, &w_2, &b_2));
	for (int64_t i = 0; i < w_2; i++)
		w[i] = i % 2 == 0 ? w[i] : -(REAL)0;
	optimizer_step(&task, optimizer, ws); /* which leaves a pair of the whole network */
	assert_ok(mlp_network_set_frozen(task.net, 1, 1));
	REAL *before = task_parameters(&task);
	double first = optimizer_step(&task, optimizer, ws), last = first;
	for (int i = 0; i < 20; i++)
		last = optimizer_step(&task, optimizer, ws);
	assert_true(last < first);
	assert_same_bits(w, before, (size_t)w_2);
	assert_same_bits(w + b_2, before + b_2, task.parameter_count - (size_t)b_2);
	free(before);
	mlp_optimizer_free(optimizer);
	mlp_workspace_free(ws);
	task_free(&task);
}

/* ---- failures --------------------------------------------------------------------------------- */

/* The n-th evaluation fails, for every n: the network is as it was, and going on ends in the same bits as if
 * nothing had happened. */
static void a_failing_objective_changes_nothing(void **state)
{
	(void)state;
	for (int64_t n = 1; n < 12; n++) {
		mlp_network *net = valley_network(), *other = valley_network();
		mlp_optimizer *optimizer, *undisturbed;
		struct valley valley = {.fails_at = n, .failure = MLP_ERR_CALLBACK}, calm = {0};
		assert_ok(mlp_optimizer_create(net, MLP_LBFGS, &optimizer));
		assert_ok(mlp_optimizer_create(net, MLP_LBFGS, &undisturbed));
		int failures = 0;
		for (int step = 0; step < 10; step++) {
			mlp_status status = FN(optimizer_minimize)(optimizer, net, NULL, evaluate,
								   &valley, NULL);
			if (status != MLP_OK) {
				assert_int_equal(status, MLP_ERR_CALLBACK);
				assert_int_equal(mlp_optimizer_steps(optimizer), step - failures);
				failures++;
				continue;
			}
			assert_ok(FN(optimizer_minimize)(undisturbed, other, NULL, evaluate, &calm,
							 NULL));
			check_same_state("lbfgs", net, optimizer, other, undisturbed);
		}
		assert_int_equal(failures, 1);
		mlp_optimizer_free(optimizer);
		mlp_optimizer_free(undisturbed);
		mlp_network_free(net);
		mlp_network_free(other);
	}
}

static void a_point_without_a_value_is_too_far_away(void **state)
{
	(void)state;
	mlp_network *net = valley_network();
	mlp_optimizer *optimizer;
	struct valley valley = {.fails_at = 2}; /* the first trial */
	double before, after;
	assert_ok(mlp_optimizer_create(net, MLP_LBFGS, &optimizer));
	assert_ok(FN(optimizer_minimize)(optimizer, net, NULL, evaluate, &valley, &before));
	assert_ok(FN(optimizer_minimize)(optimizer, net, NULL, evaluate, &valley, &after));
	assert_true(after < before);
	mlp_optimizer_free(optimizer);
	mlp_network_free(net);
}

static void at_the_minimum_nothing_changes(void **state)
{
	(void)state;
	mlp_network *net = valley_network();
	mlp_optimizer *optimizer;
	struct valley valley = {0};
	REAL *w = FN(network_parameters)(net);
	for (int64_t i = 0; i < mlp_network_parameter_count(net); i++)
		w[i] = 1;
	assert_ok(mlp_optimizer_create(net, MLP_LBFGS, &optimizer));
	assert_ok(FN(optimizer_minimize)(optimizer, net, NULL, evaluate, &valley, NULL));
	for (int64_t i = 0; i < mlp_network_parameter_count(net); i++)
		assert_true(w[i] == 1);
	assert_int_equal(valley.evaluations, 1);
	assert_int_equal(mlp_optimizer_steps(optimizer), 1);
	assert_true(mlp_optimizer_scalar(optimizer, 6) == 0);
	assert_string_equal(mlp_optimizer_scalar_name(optimizer, 6), "step_length");
	mlp_optimizer_free(optimizer);
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valley_is_walked_to_its_end),
		cmocka_unit_test(gradient_descent_takes_many_more_evaluations),
		cmocka_unit_test(steps_satisfy_the_strong_wolfe_conditions),
		cmocka_unit_test(a_small_regression_is_solved),
		cmocka_unit_test(the_l2_penalty_is_minimised_with_the_loss),
		cmocka_unit_test(frozen_layers_stay_and_the_rest_is_minimised),
		cmocka_unit_test(a_failing_objective_changes_nothing),
		cmocka_unit_test(a_point_without_a_value_is_too_far_away),
		cmocka_unit_test(at_the_minimum_nothing_changes),
	};
	return cmocka_run_group_tests_name("lbfgs", tests, NULL, NULL);
}
