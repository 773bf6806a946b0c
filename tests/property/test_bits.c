/* Where results must be equal to the last bit: run after run, in every mode of workspace, after
 * whatever was computed in it before, and predict and forward. Networks that only compute are not
 * changed by it. */
#include <math.h>
#include <stdlib.h>

#include "task.h"

static const int64_t widths[] = {9, 40, 33, 5};

/* Everything that a call may give, for comparing. */
struct results {
	struct rows y, dx0;
	REAL *grad, *trained;
	double value, step_value;
	size_t count;
};

static struct task draw_task(int64_t batch, bool logits)
{
	struct task task = task_create(widths, 4, batch, 1, 21);
	assert_ok(mlp_network_set_activation(task.net, 2, MLP_SILU));
	task_set_loss(&task, logits ? MLP_CROSS_ENTROPY : MLP_LOG_COSH, true);
	return task;
}

/* Forward, gradient and step of a clone of the network; the task's own network stays as it is. */
static struct results compute(const struct task *task, mlp_workspace *ws)
{
	struct results r = {.y = rows_create(task->batch, task->dl.width, 2),
			    .dx0 = rows_create(task->batch, task->x.width, 3),
			    .grad = task_array(task),
			    .count = task->parameter_count};
	struct task other = *task;
	assert_ok(FN(forward)(task->net, ws, task->x.data, (int64_t)task->x.ld,
			      (int64_t)task->batch, r.y.data, (int64_t)r.y.ld));
	r.value = task_gradient(task, ws, r.grad, &r.dx0);
	assert_ok(mlp_network_clone(task->net, &other.net));
	r.step_value = task_step(&other, ws, 0.25);
	r.trained = task_parameters(&other);
	mlp_network_free(other.net);
	return r;
}

static void results_free(struct results *r)
{
	rows_free(&r->y);
	rows_free(&r->dx0);
	free(r->grad);
	free(r->trained);
}

static void assert_same_results(const struct results *a, const struct results *b)
{
	assert_rows_same(&a->y, &b->y);
	assert_rows_same(&a->dx0, &b->dx0);
	assert_memory_equal(&a->value, &b->value, sizeof(double));
	assert_memory_equal(&a->step_value, &b->step_value, sizeof(double));
	assert_same_bits(a->grad, b->grad, a->count);
	assert_same_bits(a->trained, b->trained, a->count);
}

static const int64_t batches[] = {1, 2, 31, 256, 300};

enum { BATCHES = sizeof(batches) / sizeof(batches[0]) };

static void running_twice_gives_the_same_bits(void **state)
{
	(void)state;
	for (size_t k = 0; k < 2 * BATCHES; k++) {
		struct task task = draw_task(batches[k / 2], k % 2 == 0);
		mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
		struct results first = compute(&task, ws), second = compute(&task, ws);
		assert_same_results(&second, &first);
		results_free(&first);
		results_free(&second);
		mlp_workspace_free(ws);
		task_free(&task);
	}
}

static void a_trace_gives_the_same_bits_as_training(void **state)
{
	(void)state;
	for (size_t k = 0; k < 2 * BATCHES; k++) {
		struct task task = draw_task(batches[k / 2], k % 2 == 0);
		mlp_workspace *training = task_workspace(&task, MLP_TRAINING);
		mlp_workspace *trace = task_workspace(&task, MLP_TRACE);
		struct results expected = compute(&task, training), r = compute(&task, trace);
		assert_same_results(&r, &expected);
		results_free(&expected);
		results_free(&r);
		mlp_workspace_free(training);
		mlp_workspace_free(trace);
		task_free(&task);
	}
}

/* Forward, predict and evaluate, in a workspace for inference. */
static void inference_gives_the_same_outputs_as_training(void **state)
{
	(void)state;
	for (size_t k = 0; k < 2 * BATCHES; k++) {
		struct task task = draw_task(batches[k / 2], k % 2 == 0);
		int64_t batch = batches[k / 2], ld_x = (int64_t)task.x.ld;
		mlp_workspace *training = task_workspace(&task, MLP_TRAINING);
		mlp_workspace *inference = task_workspace(&task, MLP_INFERENCE);
		struct results expected = compute(&task, training);
		struct rows y[3];
		for (size_t i = 0; i < 3; i++)
			y[i] = rows_create(task.batch, task.dl.width, i);
		assert_ok(FN(forward)(task.net, inference, task.x.data, ld_x, batch, y[0].data,
				      (int64_t)y[0].ld));
		assert_ok(FN(predict)(task.net, task.x.data, ld_x, batch, y[1].data,
				      (int64_t)y[1].ld));
		double value;
		assert_ok(FN(evaluate)(task.net, inference, task.x.data, ld_x, task.target.data,
				       (int64_t)task.target.ld, NULL, batch, task.loss,
				       task.parameter, task.reduction, &value, y[2].data,
				       (int64_t)y[2].ld));
		for (size_t i = 0; i < 3; i++) {
			assert_rows_same(&y[i], &expected.y);
			rows_free(&y[i]);
		}
		assert_memory_equal(&value, &expected.value, sizeof(double));
		results_free(&expected);
		mlp_workspace_free(training);
		mlp_workspace_free(inference);
		task_free(&task);
	}
}

/* NaN in every quantity that the workspace holds. */
static void fill_with_nan(struct task *task, mlp_workspace *ws)
{
	for (size_t n = 0; n < task->batch; n++) {
		for (size_t j = 0; j < task->x.width; j++)
			task->x.data[n * task->x.ld + j] = (REAL)NAN;
		for (size_t j = 0; j < task->dl.width; j++)
			task->dl.data[n * task->dl.ld + j] = (REAL)NAN;
	}
	assert_ok(FN(forward)(task->net, ws, task->x.data, (int64_t)task->x.ld,
			      (int64_t)task->batch, NULL, 0));
	assert_int_equal(FN(backward)(task->net, ws, task->dl.data, (int64_t)task->dl.ld,
				      (int64_t)task->batch, 0, NULL, NULL, 0),
			 MLP_ERR_NONFINITE);
}

/* Whatever was computed in a workspace before leaves nothing behind, NaN least of all. */
static void a_used_workspace_gives_the_same_bits_as_a_fresh_one(void **state)
{
	(void)state;
	for (int mode = MLP_TRAINING; mode <= MLP_TRACE; mode++)
		for (size_t k = 0; k < 2 * BATCHES; k++) {
			struct task task = draw_task(batches[k / 2], k % 2 == 0);
			struct task large = draw_task(700, k % 2 == 0);
			mlp_workspace *fresh = task_workspace(&task, (mlp_mode)mode);
			mlp_workspace *used = task_workspace(&large, (mlp_mode)mode);
			struct results before = compute(&large, used);
			fill_with_nan(&large, used);
			struct results r = compute(&task, used), expected = compute(&task, fresh);
			assert_same_results(&r, &expected);
			results_free(&before);
			results_free(&r);
			results_free(&expected);
			mlp_workspace_free(fresh);
			mlp_workspace_free(used);
			task_free(&task);
			task_free(&large);
		}
}

static void the_gradient_at_the_input_and_its_absence_change_no_other_bit(void **state)
{
	(void)state;
	struct task task = draw_task(300, true);
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	REAL *with = task_array(&task), *without = task_array(&task);
	struct rows dx0 = rows_create(300, 9, 0), alone = rows_create(300, 9, 0);
	task_gradient(&task, ws, with, &dx0);
	task_gradient(&task, ws, without, NULL);
	task_gradient(&task, ws, NULL, &alone);
	assert_same_bits(without, with, task.parameter_count);
	assert_rows_same(&alone, &dx0);
	free(with);
	free(without);
	rows_free(&dx0);
	rows_free(&alone);
	mlp_workspace_free(ws);
	task_free(&task);
}

/* Everything that takes a const network leaves its parameters alone, and its inputs. */
static void computing_changes_neither_the_network_nor_the_data(void **state)
{
	(void)state;
	for (int k = 0; k < 2; k++) {
		struct task task = draw_task(300, k == 0), twin = draw_task(300, k == 0);
		mlp_workspace *ws = task_workspace(&task, MLP_TRACE);
		REAL *grad = task_array(&task);
		struct results r = compute(&task, ws);
		for (int logits = 0; logits < 2; logits++) {
			assert_ok(FN(forward)(task.net, ws, task.x.data, (int64_t)task.x.ld, 300,
					      NULL, 0));
			assert_ok((logits ? FN(backward_logits) : FN(backward))(
				task.net, ws, task.dl.data, (int64_t)task.dl.ld, 300, 0, grad, NULL,
				0));
		}
		assert_same_bits(FN(network_const_parameters)(task.net),
				 FN(network_const_parameters)(twin.net), task.parameter_count);
		assert_rows_same(&task.x, &twin.x);
		assert_rows_same(&task.target, &twin.target);
		assert_rows_same(&task.dl, &twin.dl);
		free(grad);
		results_free(&r);
		mlp_workspace_free(ws);
		task_free(&task);
		task_free(&twin);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(running_twice_gives_the_same_bits),
		cmocka_unit_test(a_trace_gives_the_same_bits_as_training),
		cmocka_unit_test(inference_gives_the_same_outputs_as_training),
		cmocka_unit_test(a_used_workspace_gives_the_same_bits_as_a_fresh_one),
		cmocka_unit_test(the_gradient_at_the_input_and_its_absence_change_no_other_bit),
		cmocka_unit_test(computing_changes_neither_the_network_nor_the_data),
	};
	return cmocka_run_group_tests_name("bits", tests, NULL, NULL);
}
