/* dl/dx(L) in a trace where the loss was computed on the logits: the derivative with respect to the
 * outputs all the same, finite wherever it is finite. */
#include <math.h>
#include <stdlib.h>

#include "task.h"

static const int64_t widths[] = {3, 4, 3};

/* Reads dl/dx(L) of a trace. */
static struct rows read_output_dx(const struct task *task, const mlp_workspace *ws)
{
	struct rows dx = rows_create(task->batch, task->dl.width, 1);
	assert_ok(FN(workspace_read)(ws, MLP_DL_DX, mlp_network_layer_count(task->net),
				     (int64_t)task->batch, dx.data, (int64_t)dx.ld));
	return dx;
}

/* The derivative from the twin's outputs: softmax -t / x; sigmoid (1 - t) / (1 - x) - t / x; identity
 * that of the loss itself. */
static struct rows expected_output_dx(const struct task *task)
{
	struct rows expected = rows_create(task->batch, 3, 0);
	struct naive *twin = naive_create(task->net);
	for (size_t n = 0; n < task->batch; n++) {
		double row[3], dl[3], t[3];
		row_to_double(&task->x, n, row);
		row_to_double(&task->target, n, t);
		naive_forward(twin, row);
		twin_loss(task, twin, n, dl);
		double weights = 0;
		for (size_t m = 0; m < task->batch; m++)
			weights += (double)task->weight[m];
		double factor = (double)task->weight[n] / weights;
		for (size_t i = 0; i < 3; i++) {
			double x = twin->x[2][i], d = dl[i];
			double a = task->parameter; /* of labels, smoothed */
			if (twin->sigma[2] == MLP_SOFTMAX)
				d = -factor * ((1 - a) * t[i] + a / 3) / x;
			if (twin->sigma[2] == MLP_SIGMOID)
				d = factor * ((1 - t[i]) / (1 - x) - t[i] / x);
			expected.data[n * 3 + i] = (REAL)d;
		}
	}
	naive_free(twin);
	return expected;
}

static void check_output_dx(mlp_loss loss, bool matching, int64_t batch, bool by_step)
{
	struct task task = task_create(widths, 3, batch, 1, 40);
	task_set_loss(&task, loss, matching);
	task.weighted = true;
	if (loss == MLP_CROSS_ENTROPY && by_step)
		task.parameter = 0.4;
	mlp_workspace *ws = task_workspace(&task, MLP_TRACE);
	struct rows expected = expected_output_dx(&task);
	if (by_step)
		task_step(&task, ws, 1);
	else
		task_gradient(&task, ws, NULL, NULL);
	struct rows dx = read_output_dx(&task, ws);
	assert_rows_near(&dx, &expected);
	rows_free(&dx);
	rows_free(&expected);
	mlp_workspace_free(ws);
	task_free(&task);
}

static void it_is_the_derivative_with_respect_to_the_outputs(void **state)
{
	(void)state;
	for (int k = 0; k < 8; k++)
		for (int loss = MLP_BINARY_CROSS_ENTROPY; loss <= MLP_POISSON; loss++)
			check_output_dx((mlp_loss)loss, k % 2 == 0, k / 4 == 0 ? 5 : 300,
					k / 2 % 2 == 0);
}

static void by_class_it_is_minus_w_over_x_at_the_class_and_0_elsewhere(void **state)
{
	(void)state;
	struct task task = task_create(widths, 3, 300, 1, 41);
	task_set_loss(&task, MLP_CROSS_ENTROPY, true);
	mlp_workspace *ws = task_workspace(&task, MLP_TRACE);
	struct rows y = rows_create(300, 3, 0), expected = rows_create(300, 3, 0);
	twin_forward(&task, &y);
	assert_ok(FN(gradient_class)(task.net, ws, task.x.data, (int64_t)task.x.ld, task.classes,
				     task.weight, 300, MLP_CROSS_ENTROPY, 0, MLP_SUM, 0, NULL, NULL,
				     NULL, 0));
	for (size_t n = 0; n < 300; n++)
		for (size_t i = 0; i < 3; i++)
			expected.data[n * 3 + i] = i == (size_t)task.classes[n]
							   ? -task.weight[n] / y.data[n * 3 + i]
							   : 0;
	struct rows dx = read_output_dx(&task, ws);
	assert_rows_near(&dx, &expected);
	rows_free(&y);
	rows_free(&dx);
	rows_free(&expected);
	mlp_workspace_free(ws);
	task_free(&task);
}

/* A network of one layer that passes its inputs on as logits. */
static struct task pass_on(int64_t width, int64_t batch, mlp_activation output)
{
	struct task task = task_create((int64_t[]){width, width}, 2, batch, 0, 42);
	REAL *parameters = FN(network_parameters)(task.net);
	assert_ok(mlp_network_set_activation(task.net, 1, output));
	for (size_t i = 0; i < task.parameter_count; i++)
		parameters[i] = 0;
	for (int64_t i = 0; i < width; i++)
		parameters[i * width + i] = 1;
	task.reduction = MLP_SUM;
	return task;
}

/* With x at 0 or 1 to the last bit, t x' / x and (1 - t) x' / (1 - x) lose no more than they must:
 * where t agrees with x the derivative is 1 or -1, where it does not it is infinite. */
static void a_saturated_sigmoid_gives_no_nan(void **state)
{
	(void)state;
	const REAL far = 1000000;
	const REAL logits[4] = {far, far, -far, -far}, targets[4] = {1, 0, 0, 1};
	const REAL expected[4] = {-1, (REAL)INFINITY, 1, (REAL)-INFINITY};
	struct task task = pass_on(1, 4, MLP_SIGMOID);
	task.loss = MLP_BINARY_CROSS_ENTROPY;
	memcpy(task.x.data, logits, sizeof(logits));
	memcpy(task.target.data, targets, sizeof(targets));
	mlp_workspace *ws = task_workspace(&task, MLP_TRACE);
	task_gradient(&task, ws, NULL, NULL);
	struct rows dx = read_output_dx(&task, ws);
	REAL *actual = rows_packed(&dx);
	assert_near(actual, expected, 1);
	assert_near(actual + 2, expected + 2, 1);
	assert_true(actual[1] == expected[1]);
	assert_true(actual[3] == expected[3]);
	free(actual);
	rows_free(&dx);
	mlp_workspace_free(ws);
	task_free(&task);
}

/* Where the probability of the class is 0 to the last bit the derivative is infinite; elsewhere 0. */
static void a_saturated_softmax_gives_no_nan(void **state)
{
	(void)state;
	const REAL far = 1000000;
	const REAL logits[4] = {far, 0, far, 0}, targets[4] = {1, 0, 0, 1};
	const REAL expected[4] = {-1, 0, 0, (REAL)-INFINITY};
	struct task task = pass_on(2, 2, MLP_SOFTMAX);
	task.loss = MLP_CROSS_ENTROPY;
	memcpy(task.x.data, logits, sizeof(logits));
	memcpy(task.target.data, targets, sizeof(targets));
	mlp_workspace *ws = task_workspace(&task, MLP_TRACE);
	task_gradient(&task, ws, NULL, NULL);
	struct rows dx = read_output_dx(&task, ws);
	REAL *actual = rows_packed(&dx);
	for (size_t i = 0; i < 4; i++)
		assert_true(actual[i] == expected[i]);
	task.weighted = true;
	task.weight[1] = 0; /* a row left out has derivative 0 */
	task_gradient(&task, ws, NULL, NULL);
	struct rows weighted = read_output_dx(&task, ws);
	assert_true(weighted.data[weighted.ld + 1] == 0);
	free(actual);
	rows_free(&dx);
	rows_free(&weighted);
	mlp_workspace_free(ws);
	task_free(&task);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_derivative_with_respect_to_the_outputs),
		cmocka_unit_test(by_class_it_is_minus_w_over_x_at_the_class_and_0_elsewhere),
		cmocka_unit_test(a_saturated_sigmoid_gives_no_nan),
		cmocka_unit_test(a_saturated_softmax_gives_no_nan),
	};
	return cmocka_run_group_tests_name("trace_output", tests, NULL, NULL);
}
