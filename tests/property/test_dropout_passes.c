/* Passes of dropout: which calls count one, and that one pass drops one set of units. */
#include <math.h>
#include <stdlib.h>

#include "nets.h"
#include "optimizers.h"
#include "outcome.h"

static void passes_draw_other_units_and_the_same_pass_the_same(void **state)
{
	(void)state;
	struct task task = net_task(MEDIUM, 33, 0);
	assert_ok(mlp_network_set_dropout(task.net, MLP_HIDDEN_LAYERS, 0.5));
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	REAL *first = task_array(&task), *again = task_array(&task);
	assert_true(mlp_workspace_dropout_seed(ws) == 0 && mlp_workspace_dropout_pass(ws) == 0);
	double value = task_gradient(&task, ws, first, NULL);
	assert_true(mlp_workspace_dropout_pass(ws) == 1);
	assert_true(task_gradient(&task, ws, again, NULL) != value);
	assert_true(mlp_workspace_dropout_pass(ws) == 2);
	assert_ok(mlp_workspace_set_dropout(ws, 1, 0));
	assert_true(task_gradient(&task, ws, again, NULL) != value);
	assert_ok(mlp_workspace_set_dropout(ws, 0, 0));
	assert_true(task_gradient(&task, ws, again, NULL) == value);
	assert_same_bits(again, first, task.parameter_count);
	free(first);
	free(again);
	mlp_workspace_free(ws);
	task_free(&task);
}

static void passes_are_counted_by_training_calls_that_succeed(void **state)
{
	(void)state;
	struct task task = net_task(TINY, 7, 0);
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	const uint64_t most = UINT64_MAX;
	assert_ok(mlp_workspace_set_dropout(ws, 3, most));
	struct outcome outcome = outcome_compute(&task, ws); /* 1 gradient, 4 steps, and others */
	assert_true(mlp_workspace_dropout_pass(ws) == 4);
	outcome_free(&outcome);
	double value;
	REAL keep = task.x.data[0];
	task.x.data[0] = (REAL)NAN;
	assert_fails(MLP_ERR_NONFINITE, "",
		     FN(gradient)(task.net, ws, task.x.data, (int64_t)task.x.ld, task.target.data,
				  (int64_t)task.target.ld, NULL, 7, MLP_SQUARED_ERROR, 0, MLP_MEAN,
				  0, &value, NULL, NULL, 0));
	assert_true(mlp_workspace_dropout_pass(ws) == 4);
	assert_fails(MLP_ERR_VALUE, "eta",
		     FN(train_step)(task.net, ws, task.x.data, (int64_t)task.x.ld, task.target.data,
				    (int64_t)task.target.ld, NULL, 7, MLP_SQUARED_ERROR, 0,
				    MLP_MEAN, (double)NAN, &value));
	assert_true(mlp_workspace_dropout_pass(ws) == 4);
	assert_true(mlp_workspace_dropout_seed(ws) == 3);
	task.x.data[0] = keep;
	assert_ok(FN(gradient_class)(task.net, ws, task.x.data, (int64_t)task.x.ld, task.classes,
				     NULL, 7, MLP_CROSS_ENTROPY, 0, MLP_MEAN, 0, &value, NULL, NULL,
				     0));
	assert_ok(FN(train_step_class)(task.net, ws, task.x.data, (int64_t)task.x.ld, task.classes,
				       NULL, 7, MLP_CROSS_ENTROPY, 0, MLP_MEAN, 0, &value));
	assert_true(mlp_workspace_dropout_pass(ws) == 6);
	mlp_workspace_free(ws);
	task_free(&task);
}

/* ---- steps of optimizers ---------------------------------------------------------------------- */

static mlp_status step(const struct task *task, mlp_optimizer *optimizer, mlp_workspace *ws)
{
	return FN(optimizer_step)(optimizer, task->net, ws, task->x.data, (int64_t)task->x.ld,
				  task->target.data, (int64_t)task->target.ld, NULL,
				  (int64_t)task->batch, MLP_SQUARED_ERROR, 0, MLP_MEAN, NULL);
}

/* The loss is finite and every delta is, but not their products with the inputs: what fails is the update. */
static void fail_update(struct task *task)
{
	const REAL large = (REAL)PICK(1e15, 1e150), larger = (REAL)PICK(1e30, 1e200);
	REAL *w = FN(network_parameters)(task->net);
	int64_t w_2, count = (int64_t)task->parameter_count;
	assert_ok(mlp_network_layout(task->net, 2, &w_2, NULL));
	for (int64_t i = 0; i < count; i++)
		w[i] = i < w_2 ? 0 : 1;
	for (size_t i = 0; i < task->batch * task->x.ld; i++)
		task->x.data[i] = larger;
	for (size_t i = 0; i < task->batch * task->target.ld; i++)
		task->target.data[i] = large;
}

static void steps_count_one_pass_and_failing_steps_none(void **state)
{
	(void)state;
	const struct choice kinds[] = {{"fused", MLP_ADAM, {{MLP_HYPER_ETA, 0.001}}},
				       {"irprop-", MLP_IRPROP_MINUS, {{MLP_HYPER_L2, 0}}},
				       {"clip", MLP_SGD, {{MLP_HYPER_CLIP_NORM, 0.1}}},
				       {"lbfgs", MLP_LBFGS, {{MLP_HYPER_HISTORY, 4}}}};
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		struct task task = task_create((const int64_t[]){2, 20, 1}, 3, 3, 0, k);
		assert_ok(mlp_network_set_activation(task.net, 1, MLP_IDENTITY));
		assert_ok(mlp_network_set_dropout(task.net, 1, 0.5));
		mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
		mlp_optimizer *optimizer = choose(task.net, &kinds[k]);
		assert_ok(mlp_workspace_set_dropout(ws, 3, 70));
		for (uint64_t pass = 71; pass < 76; pass++) {
			assert_ok(step(&task, optimizer, ws));
			assert_true(mlp_workspace_dropout_pass(ws) == pass);
		}
		if (k >= 2) { /* fused steps look at deltas, not at the gradient */
			fail_update(&task);
			assert_fails(MLP_ERR_NONFINITE, "gradient of layer 1",
				     step(&task, optimizer, ws));
			assert_true(mlp_workspace_dropout_pass(ws) == 75);
		}
		task.x.data[0] = (REAL)NAN;
		assert_fails(MLP_ERR_NONFINITE, "", step(&task, optimizer, ws));
		assert_true(mlp_workspace_dropout_pass(ws) == 75);
		assert_true(mlp_workspace_dropout_seed(ws) == 3);
		mlp_optimizer_free(optimizer);
		mlp_workspace_free(ws);
		task_free(&task);
	}
}

/* Where it begins, where it ends and between, an iteration of L-BFGS sees the units of one pass. */
static void an_iteration_of_lbfgs_drops_the_same_units_at_every_point(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){3, 30, 2}, 3, 12, 0, 5);
	assert_ok(mlp_network_set_dropout(task.net, 1, 0.5));
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	mlp_workspace *beside = task_workspace(&task, MLP_TRAINING);
	const struct choice lbfgs = {"lbfgs", MLP_LBFGS, {{MLP_HYPER_HISTORY, 4}}};
	mlp_optimizer *optimizer = choose(task.net, &lbfgs);
	REAL *grad = task_array(&task);
	for (uint64_t pass = 0; pass < 6; pass++) {
		assert_ok(mlp_workspace_set_dropout(beside, 0, pass));
		double before = task_gradient(&task, beside, NULL, NULL);
		assert_true(optimizer_step(&task, optimizer, ws) == before);
		assert_ok(mlp_workspace_set_dropout(beside, 0, pass));
		double after = task_gradient(&task, beside, grad, NULL);
		assert_true(after < before);
		assert_true(mlp_optimizer_scalar(optimizer, 4) == after); /* "loss" */
		assert_same_bits(grad, FN(optimizer_slot)(optimizer, 1), task.parameter_count);
		assert_true(mlp_workspace_dropout_pass(ws) == pass + 1);
	}
	free(grad);
	mlp_optimizer_free(optimizer);
	mlp_workspace_free(beside);
	mlp_workspace_free(ws);
	task_free(&task);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes_draw_other_units_and_the_same_pass_the_same),
		cmocka_unit_test(passes_are_counted_by_training_calls_that_succeed),
		cmocka_unit_test(steps_count_one_pass_and_failing_steps_none),
		cmocka_unit_test(an_iteration_of_lbfgs_drops_the_same_units_at_every_point),
	};
	return cmocka_run_group_tests_name("passes of dropout", tests, NULL, NULL);
}
