/* What training steps and updates do to the parameters, and what they must leave alone: frozen
 * layers, biases that are switched off, everything when eta is 0. */
#include <math.h>
#include <stdlib.h>

#include "task.h"

static const int64_t widths[] = {5, 8, 7, 6, 3};

enum { BATCH = 260, LAYERS = 4 };

static struct task draw_task(uint64_t seed)
{
	struct task task = task_create(widths, LAYERS + 1, BATCH, 1, seed);
	assert_ok(mlp_network_set_activation(task.net, 2, MLP_SOFTPLUS));
	task_set_loss(&task, MLP_CROSS_ENTROPY, true);
	return task;
}

/* Where layer l begins, and where the next one does. */
static void layer_range(const mlp_network *net, int64_t l, size_t *begin, size_t *b, size_t *end)
{
	int64_t w_offset, b_offset;
	assert_ok(mlp_network_layout(net, l, &w_offset, &b_offset));
	*begin = (size_t)w_offset;
	*b = (size_t)b_offset;
	*end = *b + (size_t)mlp_network_width(net, l);
}

static bool same(const REAL *a, const REAL *b, size_t begin, size_t end)
{
	return memcmp(a + begin, b + begin, (end - begin) * sizeof(REAL)) == 0;
}

static void eta_0_changes_no_bit(void **state)
{
	(void)state;
	struct task task = draw_task(1);
	REAL *parameters = FN(network_parameters)(task.net), *grad = task_array(&task);
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	for (size_t i = 0; i < task.parameter_count; i += 3)
		parameters[i] = i % 2 == 0 ? -(REAL)0 : 0;
	REAL *before = task_parameters(&task);
	const double etas[] = {0, -0.0};
	for (size_t k = 0; k < 2; k++) {
		task_step(&task, ws, etas[k]);
		assert_same_bits(parameters, before, task.parameter_count);
		assert_ok(FN(train_step_class)(task.net, ws, task.x.data, (int64_t)task.x.ld,
					       task.classes, NULL, BATCH, MLP_CROSS_ENTROPY, 0,
					       MLP_MEAN, etas[k], NULL));
		assert_same_bits(parameters, before, task.parameter_count);
		task_gradient(&task, ws, grad, NULL);
		assert_ok(FN(update)(task.net, ws, grad, etas[k]));
		assert_same_bits(parameters, before, task.parameter_count);
	}
	free(grad);
	free(before);
	mlp_workspace_free(ws);
	task_free(&task);
}

/* Train one clone by steps, the other by gradients and updates. */
static void check_step_is_gradient_and_update(bool by_class, bool with_frozen, double eta)
{
	struct task task = draw_task(2);
	task.weighted = true;
	if (with_frozen)
		assert_ok(mlp_network_set_frozen(task.net, 2, 1));
	mlp_network *other;
	assert_ok(mlp_network_clone(task.net, &other));
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	REAL *grad = task_array(&task);
	for (int step = 0; step < 3; step++) {
		double value, expected;
		const REAL *x = task.x.data, *t = task.target.data;
		int64_t ld_x = (int64_t)task.x.ld, ld_t = (int64_t)task.target.ld;
		if (by_class) {
			assert_ok(FN(train_step_class)(task.net, ws, x, ld_x, task.classes,
						       task.weight, BATCH, MLP_CROSS_ENTROPY, 0,
						       MLP_MEAN, eta, &value));
			assert_ok(FN(gradient_class)(other, ws, x, ld_x, task.classes, task.weight,
						     BATCH, MLP_CROSS_ENTROPY, 0, MLP_MEAN, 0,
						     &expected, grad, NULL, 0));
		} else {
			value = task_step(&task, ws, eta);
			assert_ok(FN(gradient)(other, ws, x, ld_x, t, ld_t, task.weight, BATCH,
					       task.loss, 0, MLP_MEAN, 0, &expected, grad, NULL,
					       0));
		}
		assert_ok(FN(update)(other, NULL, grad, eta));
		assert_near(&(REAL){(REAL)value}, &(REAL){(REAL)expected}, 1);
	}
	assert_near(FN(network_const_parameters)(task.net), FN(network_const_parameters)(other),
		    task.parameter_count);
	free(grad);
	mlp_workspace_free(ws);
	mlp_network_free(other);
	task_free(&task);
}

static void a_step_is_a_gradient_and_an_update(void **state)
{
	(void)state;
	check_step_is_gradient_and_update(false, false, 0.5);
	check_step_is_gradient_and_update(false, true, 0.5);
	check_step_is_gradient_and_update(false, false, -0.1); /* uphill is allowed */
}

static void a_step_by_class_is_a_gradient_by_class_and_an_update(void **state)
{
	(void)state;
	check_step_is_gradient_and_update(true, false, 0.5);
	check_step_is_gradient_and_update(true, true, 0.5);
}

/* Step or update with the frozen layers of `mask`: they keep every bit, and the others move as they
 * do when nothing is frozen. */
static void check_frozen(unsigned mask, mlp_mode mode, bool by_update)
{
	struct task task = draw_task(3);
	mlp_network *free_net;
	assert_ok(mlp_network_clone(task.net, &free_net));
	for (int64_t l = 1; l <= LAYERS; l++)
		if ((mask >> l & 1) != 0)
			assert_ok(mlp_network_set_frozen(task.net, l, 1));
	mlp_workspace *ws = task_workspace(&task, mode);
	struct task moving = task;
	moving.net = free_net;
	REAL *before = task_parameters(&task), *grad = task_array(&task);
	if (by_update) {
		task_gradient(&task, ws, grad, NULL);
		assert_ok(FN(update)(task.net, ws, grad, 0.5));
		assert_ok(FN(update)(free_net, NULL, grad, 0.5));
	} else {
		task_step(&task, ws, 0.5);
		task_step(&moving, ws, 0.5);
	}
	REAL *after = task_parameters(&task), *moved = task_parameters(&moving);
	for (int64_t l = 1; l <= LAYERS; l++) {
		size_t begin, b, end;
		layer_range(task.net, l, &begin, &b, &end);
		bool frozen = (mask >> l & 1) != 0;
		assert_true(same(after, before, begin, b) == frozen);
		assert_true(same(after, before, b, end) == frozen);
		if (!frozen)
			assert_true(same(after, moved, begin, end));
	}
	free(before);
	free(grad);
	free(after);
	free(moved);
	mlp_workspace_free(ws);
	mlp_network_free(free_net);
	task_free(&task);
}

static void frozen_layers_keep_every_bit_and_the_others_move(void **state)
{
	(void)state;
	for (unsigned mask = 0; mask < 32; mask += 2) {
		check_frozen(mask, MLP_TRAINING, false);
		check_frozen(mask, MLP_TRACE, false);
		check_frozen(mask, MLP_TRAINING, true);
	}
}

static void the_gradient_of_a_frozen_layer_is_the_true_one(void **state)
{
	(void)state;
	struct task task = draw_task(4);
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	REAL *expected = task_array(&task), *grad = task_array(&task);
	task_gradient(&task, ws, expected, NULL);
	assert_ok(mlp_network_set_frozen(task.net, MLP_ALL_LAYERS, 1));
	task_gradient(&task, ws, grad, NULL);
	assert_same_bits(grad, expected, task.parameter_count);
	free(expected);
	free(grad);
	mlp_workspace_free(ws);
	task_free(&task);
}

static void a_bias_switched_off_is_neither_read_nor_written(void **state)
{
	(void)state;
	for (int64_t l = 1; l <= LAYERS; l++) {
		struct task task = draw_task(5);
		mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
		size_t begin, b, end;
		layer_range(task.net, l, &begin, &b, &end);
		REAL *parameters = FN(network_parameters)(task.net);
		assert_ok(mlp_network_set_bias(task.net, l, 0));
		for (size_t i = b; i < end; i++)
			parameters[i] = REAL_MAX;
		REAL *before = task_parameters(&task), *grad = task_array(&task);
		for (size_t i = 0; i < task.parameter_count; i++)
			grad[i] = 7;
		task_gradient(&task, ws, grad, NULL);
		for (size_t i = b; i < end; i++)
			assert_true(grad[i] == 0);
		for (size_t i = b; i < end; i++)
			grad[i] = REAL_MAX;
		assert_ok(FN(update)(task.net, NULL, grad, 0.5));
		assert_true(same(parameters, before, b, end));
		assert_false(same(parameters, before, begin, b));
		task_step(&task, ws, 0.5);
		assert_true(same(parameters, before, b, end));
		free(before);
		free(grad);
		mlp_workspace_free(ws);
		task_free(&task);
	}
}

static void an_update_by_a_gradient_that_is_not_finite_changes_nothing(void **state)
{
	(void)state;
	struct task task = draw_task(6);
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	const REAL *parameters = FN(network_const_parameters)(task.net);
	REAL *before = task_parameters(&task), *grad = task_array(&task);
	size_t begin, b, end;
	layer_range(task.net, 4, &begin, &b, &end);
	for (size_t i = 0; i < task.parameter_count; i++)
		grad[i] = 3;
	grad[end - 1] = (REAL)INFINITY;
	assert_fails(MLP_ERR_NONFINITE, "layer 4", FN(update)(task.net, ws, grad, 0.5));
	assert_same_bits(parameters, before, task.parameter_count);
	assert_fails(MLP_ERR_NONFINITE, "layer 4", FN(update)(task.net, NULL, grad, 0.5));
	assert_same_bits(parameters, before, task.parameter_count);
	assert_ok(mlp_network_set_frozen(task.net, 4, 1)); /* then nobody asks for it */
	assert_ok(FN(update)(task.net, NULL, grad, 0.5));
	assert_false(same(parameters, before, 0, begin));
	assert_true(same(parameters, before, begin, end));
	free(before);
	free(grad);
	mlp_workspace_free(ws);
	task_free(&task);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(eta_0_changes_no_bit),
		cmocka_unit_test(a_step_is_a_gradient_and_an_update),
		cmocka_unit_test(a_step_by_class_is_a_gradient_by_class_and_an_update),
		cmocka_unit_test(frozen_layers_keep_every_bit_and_the_others_move),
		cmocka_unit_test(the_gradient_of_a_frozen_layer_is_the_true_one),
		cmocka_unit_test(a_bias_switched_off_is_neither_read_nor_written),
		cmocka_unit_test(an_update_by_a_gradient_that_is_not_finite_changes_nothing),
	};
	return cmocka_run_group_tests_name("updates", tests, NULL, NULL);
}
