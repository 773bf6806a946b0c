/* Gradients of networks with scaling, against central differences, in the units of the caller. */
#include <stdlib.h>

#include "differences.h"
#include "nets.h"
#include "scaled_pair.h"

static double loss_of(const struct task *task, mlp_workspace *ws)
{
	double value;
	assert_ok(mlp_evaluate_f64(task->net, ws, task->x.data, (int64_t)task->x.ld,
				   task->target.data, (int64_t)task->target.ld, task_weight(task),
				   (int64_t)task->batch, task->loss, task->parameter,
				   task->reduction, &value, NULL, 0));
	return value;
}

/* sum of dl .* y */
static double product_of(const struct task *task, mlp_workspace *ws)
{
	struct rows y = rows_create(task->batch, task->dl.width, 0);
	double sum = 0;
	task_forward(task, ws, &y);
	for (size_t n = 0; n < task->batch; n++)
		for (size_t i = 0; i < y.width; i++)
			sum += y.data[n * y.ld + i] * task->dl.data[n * task->dl.ld + i];
	rows_free(&y);
	return sum;
}

static void gradients_are_those_of_the_differences(void **state)
{
	(void)state;
	for (size_t turn = 0; turn < 6; turn++) {
		struct pair pair = pair_create(TINY, 7, turn);
		struct task *task = &pair.raw;
		mlp_workspace *ws = task_workspace(task, MLP_TRAINING);
		double *parameters = mlp_network_parameters_f64(task->net);
		double *grad[2] = {task_array(task), task_array(task)};
		struct rows dx0[2] = {rows_create(7, 3, 0), rows_create(7, 3, 0)};
		double (*const of[2])(const struct task *task, mlp_workspace *ws) = {loss_of,
										     product_of};
		task_gradient(task, ws, grad[0], &dx0[0]);
		assert_ok(mlp_backward_f64(task->net, ws, task->dl.data, (int64_t)task->dl.ld, 7, 0,
					   grad[1], dx0[1].data, (int64_t)dx0[1].ld));
		for (int i = 0; i < 2; i++) {
			for (size_t p = 0; p < task->parameter_count; p++)
				check_difference(task, ws, of[i], &parameters[p], grad[i][p], 1e-7);
			for (size_t n = 0; n < 7; n++)
				for (size_t j = 0; j < 3; j++)
					check_difference(task, ws, of[i],
							 &task->x.data[n * task->x.ld + j],
							 dx0[i].data[n * dx0[i].ld + j], 1e-7);
			free(grad[i]);
			rows_free(&dx0[i]);
		}
		mlp_workspace_free(ws);
		pair_free(&pair);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gradients_are_those_of_the_differences),
	};
	return cmocka_run_group_tests_name("scaling gradients", tests, NULL, NULL);
}
