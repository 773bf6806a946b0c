/* A trace shows every quantity of the lecture, for every layer and row, as the twin has it, after
 * each of the calls that compute; also for batches of several blocks. */
#include <stdlib.h>

#include "task.h"

static const int64_t widths[] = {4, 9, 7, 6, 3};

enum { LAYERS = 4 };

static struct task draw_task(int64_t batch, mlp_activation first, mlp_loss loss, bool matching)
{
	for (uint64_t seed = 30;; seed++) {
		struct task task = task_create(widths, LAYERS + 1, batch, 1, seed);
		assert_ok(mlp_network_set_activation(task.net, 1, first));
		assert_ok(mlp_network_set_activation(task.net, 2, MLP_GELU));
		assert_ok(mlp_network_set_activation(task.net, LAYERS, MLP_SOFTSIGN));
		task_set_loss(&task, loss, matching);
		task.weighted = true;
		if (task_margin(&task) > 3e-6) /* off the kinks */
			return task;
		task_free(&task);
	}
}

/* One quantity of one layer for the whole batch. */
static void check_quantity(const struct task *task, const mlp_workspace *ws, mlp_quantity quantity,
			   int64_t layer, const struct rows *expected)
{
	struct rows actual = rows_create(task->batch, (size_t)widths[layer], 2);
	assert_ok(FN(workspace_read)(ws, quantity, layer, (int64_t)task->batch, actual.data,
				     (int64_t)actual.ld));
	assert_rows_near(&actual, expected);
	rows_free(&actual);
}

/* The twin's quantities, [quantity][layer]; those that do not exist are empty. */
struct quantities {
	struct rows of[MLP_DL_DS + 1][LAYERS + 1];
};

static void keep_row(struct rows *rows, size_t n, const double *values)
{
	for (size_t i = 0; i < rows->width; i++)
		rows->data[n * rows->ld + i] = (REAL)values[i];
}

static struct quantities twin_quantities(const struct task *task, enum start start)
{
	struct quantities all = {0};
	struct naive *twin = naive_create(task->net);
	double x[9], dl[9];
	for (size_t l = 0; l <= LAYERS; l++)
		for (int quantity = MLP_X; quantity <= MLP_DL_DS; quantity++)
			all.of[quantity][l] = rows_create(task->batch, (size_t)widths[l], 0);
	for (size_t n = 0; n < task->batch; n++) {
		row_to_double(&task->x, n, x);
		naive_forward(twin, x);
		row_to_double(&task->dl, n, dl);
		if (start == FROM_LOSS)
			twin_loss(task, twin, n, dl);
		if (start == FROM_DL_DS ||
		    (start == FROM_LOSS && mlp_loss_reads_logits(task->loss)))
			naive_backward_logits(twin, dl);
		else
			naive_backward(twin, dl);
		for (size_t l = 0; l <= LAYERS; l++) {
			keep_row(&all.of[MLP_X][l], n, twin->x[l]);
			keep_row(&all.of[MLP_DL_DX][l], n, twin->dx[l]);
			if (l == 0)
				continue;
			keep_row(&all.of[MLP_S][l], n, twin->s[l]);
			keep_row(&all.of[MLP_DL_DS][l], n, twin->ds[l]);
		}
	}
	naive_free(twin);
	return all;
}

static void quantities_free(struct quantities *all)
{
	for (int quantity = MLP_X; quantity <= MLP_DL_DS; quantity++)
		for (size_t l = 0; l <= LAYERS; l++)
			rows_free(&all->of[quantity][l]);
}

static void check_forward(const struct task *task, const mlp_workspace *ws,
			  const struct quantities *expected)
{
	for (int64_t l = 0; l <= LAYERS; l++) {
		check_quantity(task, ws, MLP_X, l, &expected->of[MLP_X][l]);
		if (l > 0)
			check_quantity(task, ws, MLP_S, l, &expected->of[MLP_S][l]);
	}
}

/* dl/dx(L) is left to test_trace_output.c where the loss was computed on the logits. */
static void check_backward(const struct task *task, const mlp_workspace *ws,
			   const struct quantities *expected, bool with_output_dx)
{
	check_forward(task, ws, expected);
	for (int64_t l = 0; l <= LAYERS; l++) {
		if (l < LAYERS || with_output_dx)
			check_quantity(task, ws, MLP_DL_DX, l, &expected->of[MLP_DL_DX][l]);
		if (l > 0)
			check_quantity(task, ws, MLP_DL_DS, l, &expected->of[MLP_DL_DS][l]);
	}
}

static const int64_t batches[] = {1, 2, 37, 256, 300, 513};

enum { BATCHES = sizeof(batches) / sizeof(batches[0]) };

static void forward(const struct task *task, mlp_workspace *ws)
{
	assert_ok(FN(forward)(task->net, ws, task->x.data, (int64_t)task->x.ld,
			      (int64_t)task->batch, NULL, 0));
}

static void after_a_forward_pass(void **state)
{
	(void)state;
	for (size_t k = 0; k < BATCHES; k++)
		for (int a = MLP_IDENTITY; a <= MLP_SIN; a++) {
			struct task task =
				draw_task(batches[k], (mlp_activation)a, MLP_HUBER, true);
			mlp_workspace *ws = task_workspace(&task, MLP_TRACE);
			struct quantities expected = twin_quantities(&task, FROM_DL_DX);
			forward(&task, ws);
			check_forward(&task, ws, &expected);
			quantities_free(&expected);
			mlp_workspace_free(ws);
			task_free(&task);
		}
}

static void after_a_backward_pass_from_either_side_of_the_output(void **state)
{
	(void)state;
	for (size_t k = 0; k < BATCHES; k++)
		for (int a = MLP_IDENTITY; a <= MLP_SIN; a++) {
			struct task task =
				draw_task(batches[k], (mlp_activation)a, MLP_HUBER, true);
			int64_t batch = batches[k], ld = (int64_t)task.dl.ld;
			mlp_workspace *ws = task_workspace(&task, MLP_TRACE);
			forward(&task, ws);
			struct quantities expected = twin_quantities(&task, FROM_DL_DX);
			assert_ok(FN(backward)(task.net, ws, task.dl.data, ld, batch, 0, NULL, NULL,
					       0));
			check_backward(&task, ws, &expected, true);
			quantities_free(&expected);
			expected = twin_quantities(&task, FROM_DL_DS);
			assert_ok(FN(backward_logits)(task.net, ws, task.dl.data, ld, batch, 0,
						      NULL, NULL, 0));
			check_backward(&task, ws, &expected, false);
			quantities_free(&expected);
			mlp_workspace_free(ws);
			task_free(&task);
		}
}

static void after_an_evaluation_and_a_gradient(void **state)
{
	(void)state;
	for (size_t k = 0; k < BATCHES; k++)
		for (int loss = MLP_SQUARED_ERROR; loss <= MLP_POISSON; loss++) {
			struct task task =
				draw_task(batches[k], MLP_LEAKY_RELU, (mlp_loss)loss, k % 2 == 0);
			mlp_workspace *ws = task_workspace(&task, MLP_TRACE);
			struct quantities expected = twin_quantities(&task, FROM_LOSS);
			double value;
			assert_ok(FN(evaluate)(task.net, ws, task.x.data, (int64_t)task.x.ld,
					       task.target.data, (int64_t)task.target.ld,
					       task.weight, (int64_t)task.batch, task.loss,
					       task.parameter, MLP_MEAN, &value, NULL, 0));
			check_forward(&task, ws, &expected);
			task_gradient(&task, ws, NULL, NULL);
			check_backward(&task, ws, &expected,
				       mlp_loss_reads_logits((mlp_loss)loss) == 0);
			quantities_free(&expected);
			mlp_workspace_free(ws);
			task_free(&task);
		}
}

/* Frozen layers too: in a trace everything is computed. */
static void after_a_training_step_as_they_were_before_its_update(void **state)
{
	(void)state;
	for (size_t k = 0; k < BATCHES; k++)
		for (int loss = MLP_SQUARED_ERROR; loss <= MLP_POISSON; loss++) {
			struct task task =
				draw_task(batches[k], MLP_SILU, (mlp_loss)loss, k % 2 == 0);
			assert_ok(mlp_network_set_frozen(task.net, 1, loss % 2));
			assert_ok(mlp_network_set_frozen(task.net, 2, loss % 3 == 0));
			mlp_workspace *ws = task_workspace(&task, MLP_TRACE);
			struct quantities expected = twin_quantities(&task, FROM_LOSS);
			task_step(&task, ws, 1);
			check_backward(&task, ws, &expected,
				       mlp_loss_reads_logits((mlp_loss)loss) == 0);
			quantities_free(&expected);
			mlp_workspace_free(ws);
			task_free(&task);
		}
}

static void a_training_workspace_shows_the_outputs_and_logits(void **state)
{
	(void)state;
	for (size_t k = 0; k < BATCHES; k++) {
		struct task task = draw_task(batches[k], MLP_TANH, MLP_CROSS_ENTROPY, true);
		mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
		struct quantities expected = twin_quantities(&task, FROM_LOSS);
		forward(&task, ws);
		check_quantity(&task, ws, MLP_X, LAYERS, &expected.of[MLP_X][LAYERS]);
		check_quantity(&task, ws, MLP_S, LAYERS, &expected.of[MLP_S][LAYERS]);
		task_step(&task, ws, 1);
		check_quantity(&task, ws, MLP_X, LAYERS, &expected.of[MLP_X][LAYERS]);
		check_quantity(&task, ws, MLP_S, LAYERS, &expected.of[MLP_S][LAYERS]);
		quantities_free(&expected);
		mlp_workspace_free(ws);
		task_free(&task);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(after_a_forward_pass),
		cmocka_unit_test(after_a_backward_pass_from_either_side_of_the_output),
		cmocka_unit_test(after_an_evaluation_and_a_gradient),
		cmocka_unit_test(after_a_training_step_as_they_were_before_its_update),
		cmocka_unit_test(a_training_workspace_shows_the_outputs_and_logits),
	};
	return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
