/* Every optimizer with every option does what its slow twin does, leaves frozen layers and switched-off biases
 * alone, and goes on bit for bit from a saved state. */
#include <math.h>
#include <stdlib.h>

#include "nets.h"
#include "optimizers.h"
#include "support/naive_optimizer.h"

enum { STEPS = 6 };

static double *doubles(const REAL *values, size_t n)
{
	double *made = malloc(n * sizeof(double));
	assert_non_null(made);
	for (size_t i = 0; i < n; i++)
		made[i] = (double)values[i];
	return made;
}

static void check_doubles(const char *name, const REAL *actual, const double *expected, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!(fabs((double)actual[i] - expected[i]) <=
		      PICK(2e-6, 1e-14) * (1 + fabs(expected[i]))))
			fail_msg("%s: value %zu is %.17g, must be %.17g", name, i,
				 (double)actual[i], expected[i]);
}

/* Gradients of either sign, some of them 0; those of what is not trained are NaN: nobody may look. */
static void draw_gradient(const mlp_network *net, uint64_t *seed, REAL *grad)
{
	for (int64_t l = 1; l <= mlp_network_layer_count(net); l++) {
		int64_t w, b, n_out = mlp_network_width(net, l);
		assert_ok(mlp_network_layout(net, l, &w, &b));
		for (int64_t i = w; i < b + n_out; i++) {
			bool trained = !mlp_network_is_frozen(net, l) &&
				       (i < b || mlp_network_has_bias(net, l));
			grad[i] = (REAL)(0.01 * random_real(seed));
			if (random_integer(seed, 0, 7) == 0)
				grad[i] = 0;
			if (!trained)
				grad[i] = (REAL)NAN;
		}
	}
}

static void check_twin(const struct choice *choice, size_t net, size_t turn)
{
	struct task task = net_task(net, 2, turn);
	mlp_optimizer *optimizer = choose(task.net, choice);
	struct naive_optimizer *twin = naive_optimizer_create(task.net, optimizer);
	REAL *grad = task_array(&task), *w = FN(network_parameters)(task.net);
	double *expected = doubles(w, task.parameter_count);
	uint64_t seed = turn + 1;
	for (int step = 0; step < STEPS; step++) {
		draw_gradient(task.net, &seed, grad);
		double *g = doubles(grad, task.parameter_count);
		naive_optimizer_update(twin, expected, g);
		assert_ok(FN(optimizer_update)(optimizer, task.net, NULL, grad));
		assert_int_equal(mlp_optimizer_steps(optimizer), step + 1);
		free(g);
	}
	check_doubles(choice->name, w, expected, task.parameter_count);
	for (int64_t i = 0; i < mlp_optimizer_slot_count(optimizer); i++)
		check_doubles(choice->name, FN(optimizer_slot)(optimizer, i), twin->slots[i],
			      task.parameter_count);
	free(expected);
	free(grad);
	naive_optimizer_free(twin);
	mlp_optimizer_free(optimizer);
	task_free(&task);
}

static void optimizers_do_what_their_twins_do(void **state)
{
	(void)state;
	for (size_t i = 0; i < CHOICES; i++)
		for (size_t turn = 0; turn < 12; turn++)
			check_twin(&choices[i], turn % 3 == 0 ? NARROW : TINY, turn);
	for (size_t i = 0; i < CHOICES; i += 3)
		check_twin(&choices[i], ODD, i + 1);
}

static void what_is_not_trained_keeps_every_bit(void **state)
{
	(void)state;
	for (size_t i = 0; i < CHOICES; i++) {
		struct task task = net_task(MEDIUM, 9, 0);
		assert_ok(mlp_network_set_frozen(task.net, 2, 1));
		assert_ok(mlp_network_set_bias(task.net, 3, 0));
		mlp_optimizer *optimizer = choose(task.net, &choices[i]);
		mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
		REAL *before = task_parameters(&task), *w = FN(network_parameters)(task.net);
		optimizer_step(&task, optimizer, ws);
		optimizer_step(&task, optimizer, ws);
		int64_t w_2, w_3, b_3;
		assert_ok(mlp_network_layout(task.net, 2, &w_2, NULL));
		assert_ok(mlp_network_layout(task.net, 3, &w_3, &b_3));
		assert_same_bits(w + w_2, before + w_2, (size_t)(w_3 - w_2));
		assert_same_bits(w + b_3, before + b_3, task.parameter_count - (size_t)b_3);
		assert_memory_not_equal(w, before, (size_t)w_2 * sizeof(REAL));
		assert_memory_not_equal(w + w_3, before + w_3, (size_t)(b_3 - w_3) * sizeof(REAL));
		free(before);
		mlp_workspace_free(ws);
		mlp_optimizer_free(optimizer);
		task_free(&task);
	}
}

static void rows_are_no_longer_than_max_norm(void **state)
{
	(void)state;
	struct task task = net_task(MEDIUM, 9, 0);
	mlp_optimizer *optimizer;
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	assert_ok(mlp_optimizer_create(task.net, MLP_SGD, &optimizer));
	assert_ok(mlp_optimizer_set(optimizer, MLP_HYPER_MAX_NORM, 0.25));
	REAL *w = FN(network_parameters)(task.net);
	w[3] = PICK((REAL)1e30, (REAL)1e250); /* its square is no number */
	optimizer_step(&task, optimizer, ws);
	for (int64_t l = 1; l <= (int64_t)task.layer_count; l++) {
		int64_t first, n_in = mlp_network_width(task.net, l - 1);
		assert_ok(mlp_network_layout(task.net, l, &first, NULL));
		for (int64_t i = 0; i < mlp_network_width(task.net, l); i++) {
			double sum = 0;
			for (int64_t j = 0; j < n_in; j++)
				sum += (double)w[first + i * n_in + j] *
				       (double)w[first + i * n_in + j];
			assert_true(sqrt(sum) > 0.01 && sqrt(sum) <= 0.25 * (1 + 1e-6));
		}
	}
	mlp_workspace_free(ws);
	mlp_optimizer_free(optimizer);
	task_free(&task);
}

/* Everything that the header says is all there is. */
static mlp_optimizer *copy_optimizer(const mlp_network *net, mlp_optimizer *from)
{
	mlp_optimizer *to;
	assert_ok(mlp_optimizer_create(net, mlp_optimizer_kind_of(from), &to));
	for (int hyper = 1; hyper <= MLP_HYPER_TRIALS; hyper++)
		if (!isnan(mlp_optimizer_get(from, (mlp_hyper)hyper)))
			assert_ok(mlp_optimizer_set(to, (mlp_hyper)hyper,
						    mlp_optimizer_get(from, (mlp_hyper)hyper)));
	for (int64_t i = 0; i < mlp_optimizer_slot_count(from); i++)
		memcpy(FN(optimizer_slot)(to, i), FN(optimizer_slot)(from, i),
		       (size_t)mlp_network_parameter_count(net) * sizeof(REAL));
	for (int64_t i = 0; i < mlp_optimizer_scalar_count(from); i++)
		assert_ok(mlp_optimizer_set_scalar(to, i, mlp_optimizer_scalar(from, i)));
	return to;
}

static void check_resumed(const struct choice *choice)
{
	struct task task = net_task(ODD, 20, 2);
	task_set_loss(&task, MLP_SQUARED_ERROR, true);
	mlp_optimizer *optimizer = choose(task.net, choice);
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	for (int i = 0; i < 5; i++)
		optimizer_step(&task, optimizer, ws);
	mlp_optimizer *resumed = copy_optimizer(task.net, optimizer);
	struct task copy = task;
	assert_ok(mlp_network_clone(task.net, &copy.net));
	for (int i = 0; i < 5; i++)
		assert_true(optimizer_step(&task, optimizer, ws) ==
			    optimizer_step(&copy, resumed, ws));
	check_same_state(choice->name, task.net, optimizer, copy.net, resumed);
	mlp_network_free(copy.net);
	mlp_workspace_free(ws);
	mlp_optimizer_free(optimizer);
	mlp_optimizer_free(resumed);
	task_free(&task);
}

static void a_saved_state_goes_on_bit_for_bit(void **state)
{
	(void)state;
	const struct choice lbfgs = {
		"lbfgs", MLP_LBFGS, {{MLP_HYPER_HISTORY, 3}, {MLP_HYPER_L2, 1e-3}}};
	for (size_t i = 0; i < CHOICES; i++)
		check_resumed(&choices[i]);
	check_resumed(&lbfgs);
}

static void reset_begins_again(void **state)
{
	(void)state;
	const struct choice lbfgs = {"lbfgs", MLP_LBFGS, {{MLP_HYPER_HISTORY, 3}}};
	for (size_t i = 0; i <= CHOICES; i++) {
		const struct choice *choice = i < CHOICES ? &choices[i] : &lbfgs;
		struct task task = net_task(TINY, 7, 2);
		mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
		mlp_optimizer *used = choose(task.net, choice), *fresh = choose(task.net, choice);
		REAL *before = task_parameters(&task);
		for (int step = 0; step < 4; step++)
			optimizer_step(&task, used, ws);
		assert_ok(mlp_optimizer_reset(used));
		check_same_state(choice->name, task.net, used, task.net, fresh);
		assert_ok(FN(network_set_parameters)(task.net, before,
						     (int64_t)task.parameter_count));
		optimizer_step(&task, used, ws);
		struct task copy = task;
		assert_ok(mlp_network_clone(task.net, &copy.net));
		assert_ok(FN(network_set_parameters)(copy.net, before,
						     (int64_t)task.parameter_count));
		optimizer_step(&copy, fresh, ws);
		check_same_state(choice->name, task.net, used, copy.net, fresh);
		free(before);
		mlp_network_free(copy.net);
		mlp_workspace_free(ws);
		mlp_optimizer_free(used);
		mlp_optimizer_free(fresh);
		task_free(&task);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(optimizers_do_what_their_twins_do),
		cmocka_unit_test(what_is_not_trained_keeps_every_bit),
		cmocka_unit_test(rows_are_no_longer_than_max_norm),
		cmocka_unit_test(a_saved_state_goes_on_bit_for_bit),
		cmocka_unit_test(reset_begins_again),
	};
	return cmocka_run_group_tests_name("optimizers", tests, NULL, NULL);
}
