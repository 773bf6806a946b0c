/* The library against the slow twin: outputs, gradients and training steps, for shapes and batches of
 * every kind (a block has 256 rows), every activation and every loss. */
#include <stdlib.h>

#include "task.h"

enum { MOST_WIDTHS = 7, ACTIVATIONS = 12, LOSSES = 7, ROUNDS = 3 };

struct shape {
	int64_t batch, width_count, widths[MOST_WIDTHS];
};

static const struct shape shapes[] = {
	{1, 2, {1, 1}},
	{3, 2, {1, 1}},
	{2, 2, {1, 9}},
	{17, 2, {9, 1}},
	{3, 3, {1, 70, 1}},
	{1, 2, {3, 5}},
	{17, 4, {5, 7, 6, 3}},
	{255, 3, {7, 11, 5}},
	{256, 6, {5, 3, 4, 2, 6, 3}},
	{257, 4, {2, 33, 17, 3}},
	{17, 3, {64, 65, 10}},
	{17, 3, {70, 1, 70}},
	{600, 4, {13, 31, 29, 7}},
	{600, 2, {4, 4}},
	{1, 4, {17, 64, 64, 6}},
	{1, 3, {70, 1, 2}},
	{257, 6, {8, 16, 15, 14, 13, 4}},
	{256, 5, {1, 2, 1, 2, 1}},
	{2, 6, {3, 40, 41, 5, 39, 2}},
};

enum { SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

/* Round r of shape k: all that can be varied takes turns. */
static struct task draw_task(size_t k, size_t r, uint64_t seed)
{
	const struct shape *shape = &shapes[k];
	struct task task = task_create(shape->widths, shape->width_count, shape->batch,
				       (k + r) % 3 == 0 ? 0 : 2 + r, seed);
	for (size_t l = 1; l <= task.layer_count; l++)
		assert_ok(mlp_network_set_activation(
			task.net, (int64_t)l, (mlp_activation)(1 + (k + 5 * r + l) % ACTIVATIONS)));
	if (r == 1)
		assert_ok(mlp_network_set_bias(task.net, (int64_t)(1 + k % task.layer_count), 0));
	mlp_loss loss = (mlp_loss)(1 + (k + 2 * r) % LOSSES);
	if (loss == MLP_CROSS_ENTROPY && task.target.width == 1)
		loss = MLP_HUBER; /* one class: 0, where the twin finds only roundings */
	task_set_loss(&task, loss, r != 0);
	task.reduction = (k + r) % 2 == 0 ? MLP_MEAN : MLP_SUM;
	task.weighted = (k / 2 + r) % 2 == 0;
	return task;
}

/* On a kink, float and double may take different branches: such data is drawn again. */
static struct task draw_task_off_kinks(size_t k, size_t r)
{
	for (uint64_t seed = 1000 * k + 10 * r + 1;; seed += 1000000) {
		struct task task = draw_task(k, r, seed);
		if (task_margin(&task) > 3e-6)
			return task;
		task_free(&task);
	}
}

typedef void (*task_check)(const struct task *task, mlp_workspace *ws);

static void for_all_tasks(task_check check)
{
	for (size_t k = 0; k < SHAPES; k++)
		for (size_t r = 0; r < ROUNDS; r++) {
			struct task task = draw_task_off_kinks(k, r);
			mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
			check(&task, ws);
			mlp_workspace_free(ws);
			task_free(&task);
		}
}

/* Activation `a` in the hidden layers and the output layer; softmax in the latter only. */
static struct task draw_activation(mlp_activation a)
{
	const int64_t widths[] = {5, 7, 6, 3};
	for (uint64_t seed = (uint64_t)a;; seed += 100) {
		struct task task = task_create(widths, 4, 19, 2, seed);
		assert_ok(mlp_network_set_activation(task.net, MLP_HIDDEN_LAYERS,
						     a == MLP_SOFTMAX ? MLP_ELU : a));
		assert_ok(mlp_network_set_activation(task.net, 3, a));
		if (mlp_network_activation_parameter(task.net, 1) > 0)
			assert_ok(mlp_network_set_activation_parameter(task.net, 1, 0.7));
		if (task_margin(&task) > 3e-6)
			return task;
		task_free(&task);
	}
}

static void for_all_activations(task_check check)
{
	for (int a = 1; a <= MLP_SOFTMAX; a++) {
		struct task task = draw_activation((mlp_activation)a);
		mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
		check(&task, ws);
		mlp_workspace_free(ws);
		task_free(&task);
	}
}

static void forward(const struct task *task, mlp_workspace *ws, struct rows *y)
{
	assert_ok(FN(forward)(task->net, ws, task->x.data, (int64_t)task->x.ld,
			      (int64_t)task->batch, y->data, (int64_t)y->ld));
}

static void check_forward(const struct task *task, mlp_workspace *ws)
{
	struct rows y = rows_create(task->batch, task->dl.width, 3);
	struct rows expected = rows_create(task->batch, task->dl.width, 0);
	twin_forward(task, &expected);
	forward(task, ws, &y);
	assert_rows_near(&y, &expected);
	rows_free(&y);
	rows_free(&expected);
}

/* Backward of the library from task->dl. */
static void backward(const struct task *task, mlp_workspace *ws, enum start start, int accumulate,
		     REAL *grad, struct rows *dx0)
{
	REAL *dx0_data = dx0 != NULL ? dx0->data : NULL;
	int64_t ld_dx0 = dx0 != NULL ? (int64_t)dx0->ld : 0;
	if (start == FROM_DL_DX)
		assert_ok(FN(backward)(task->net, ws, task->dl.data, (int64_t)task->dl.ld,
				       (int64_t)task->batch, accumulate, grad, dx0_data, ld_dx0));
	else
		assert_ok(FN(backward_logits)(task->net, ws, task->dl.data, (int64_t)task->dl.ld,
					      (int64_t)task->batch, accumulate, grad, dx0_data,
					      ld_dx0));
}

/* With and without dx0, with and without grad, overwriting and accumulating. */
static void check_backward_from(const struct task *task, mlp_workspace *ws, enum start start)
{
	size_t count = task->parameter_count;
	REAL *grad = task_array(task), *expected = task_array(task);
	struct rows dx0 = rows_create(task->batch, task->x.width, 1);
	struct rows dx0_alone = rows_create(task->batch, task->x.width, 4);
	struct rows dx0_expected = rows_create(task->batch, task->x.width, 0);
	twin_backward(task, start, expected, &dx0_expected);

	assert_ok(FN(forward)(task->net, ws, task->x.data, (int64_t)task->x.ld,
			      (int64_t)task->batch, NULL, 0));
	for (size_t i = 0; i < count; i++)
		grad[i] = (REAL)1e9; /* to be overwritten */
	backward(task, ws, start, 0, grad, &dx0);
	assert_near(grad, expected, count);
	assert_rows_near(&dx0, &dx0_expected);

	backward(task, ws, start, 1, grad, NULL);
	for (size_t i = 0; i < count; i++)
		expected[i] *= 2;
	assert_near(grad, expected, count);

	backward(task, ws, start, 0, NULL, &dx0_alone);
	assert_rows_near(&dx0_alone, &dx0_expected);
	free(grad);
	free(expected);
	rows_free(&dx0);
	rows_free(&dx0_alone);
	rows_free(&dx0_expected);
}

static void check_backward(const struct task *task, mlp_workspace *ws)
{
	check_backward_from(task, ws, FROM_DL_DX);
}

static void check_backward_logits(const struct task *task, mlp_workspace *ws)
{
	check_backward_from(task, ws, FROM_DL_DS);
}

static void check_gradient(const struct task *task, mlp_workspace *ws)
{
	REAL *grad = task_array(task), *expected = task_array(task);
	struct rows dx0 = rows_create(task->batch, task->x.width, 1);
	struct rows dx0_expected = rows_create(task->batch, task->x.width, 0);
	REAL value_expected = (REAL)twin_backward(task, FROM_LOSS, expected, &dx0_expected);
	grad[0] = (REAL)1e9;
	REAL value = (REAL)task_gradient(task, ws, grad, &dx0);
	assert_near(&value, &value_expected, 1);
	assert_near(grad, expected, task->parameter_count);
	assert_rows_near(&dx0, &dx0_expected);
	value = (REAL)task_gradient(task, ws, NULL, NULL);
	assert_near(&value, &value_expected, 1);
	free(grad);
	free(expected);
	rows_free(&dx0);
	rows_free(&dx0_expected);
}

/* p - eta g, where eta brings the parameters and their change to the same size. */
static void check_step(const struct task *task, mlp_workspace *ws)
{
	const double eta = task->reduction == MLP_MEAN ? 0.5 : 0.5 / (double)task->batch;
	REAL *expected = task_array(task), *before = task_parameters(task);
	REAL value_expected = (REAL)twin_backward(task, FROM_LOSS, expected, NULL);
	for (size_t i = 0; i < task->parameter_count; i++)
		expected[i] = (REAL)((double)before[i] - eta * (double)expected[i]);
	REAL value = (REAL)task_step(task, ws, eta);
	assert_near(&value, &value_expected, 1);
	assert_near(FN(network_const_parameters)(task->net), expected, task->parameter_count);
	free(expected);
	free(before);
}

static void check_update(const struct task *task, mlp_workspace *ws)
{
	(void)ws;
	const double eta = 0.3;
	REAL *grad = task_array(task), *expected = task_parameters(task);
	uint64_t seed = task->parameter_count;
	for (size_t i = 0; i < task->parameter_count; i++)
		grad[i] = (REAL)random_real(&seed);
	for (int64_t l = 1; l <= (int64_t)task->layer_count; l++) {
		int64_t w, b, end;
		assert_ok(mlp_network_layout(task->net, l, &w, &b));
		end = mlp_network_has_bias(task->net, l) ? b + mlp_network_width(task->net, l) : b;
		for (int64_t i = w; i < end; i++)
			expected[i] = (REAL)((double)expected[i] - eta * (double)grad[i]);
	}
	assert_ok(FN(update)(task->net, ws, grad, eta));
	assert_near(FN(network_const_parameters)(task->net), expected, task->parameter_count);
	free(grad);
	free(expected);
}

#define for_all_data(name, check)                                                                  \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		for_all_tasks(check);                                                              \
		for_all_activations(check);                                                        \
	}

for_all_data(outputs_are_those_of_the_twin,
	     check_forward) for_all_data(gradients_from_dl_dx_are_those_of_the_twin, check_backward)
	for_all_data(gradients_from_dl_ds_are_those_of_the_twin, check_backward_logits)
		for_all_data(losses_and_their_gradients_are_those_of_the_twin, check_gradient)
			for_all_data(a_training_step_goes_where_the_twin_goes, check_step)
				for_all_data(an_update_subtracts_eta_times_the_gradient,
					     check_update)

					int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outputs_are_those_of_the_twin),
		cmocka_unit_test(gradients_from_dl_dx_are_those_of_the_twin),
		cmocka_unit_test(gradients_from_dl_ds_are_those_of_the_twin),
		cmocka_unit_test(losses_and_their_gradients_are_those_of_the_twin),
		cmocka_unit_test(a_training_step_goes_where_the_twin_goes),
		cmocka_unit_test(an_update_subtracts_eta_times_the_gradient),
	};
	return cmocka_run_group_tests_name("twins", tests, NULL, NULL);
}
