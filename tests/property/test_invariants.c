/* What the numbers must have in common: batches and their parts, reductions and sample weights, a
 * loss and its shifted logits. */
#include <stdlib.h>

#include "task.h"

static const int64_t widths[] = {6, 13, 9, 4};

static struct task draw_task(int64_t batch, mlp_loss loss, uint64_t seed)
{
	struct task task = task_create(widths, 4, batch, 2, seed);
	assert_ok(mlp_network_set_activation(task.net, 1, MLP_GELU));
	task_set_loss(&task, loss, true);
	return task;
}

/* The loss and gradient of rows first .. first + count - 1, added to grad. */
static double add_part(const struct task *task, mlp_workspace *ws, size_t first, size_t count,
		       REAL *grad, struct rows *dx0)
{
	struct rows x = rows_from(&task->x, first, count);
	struct rows t = rows_from(&task->target, first, count);
	double value;
	assert_ok(FN(gradient)(task->net, ws, x.data, (int64_t)x.ld, t.data, (int64_t)t.ld,
			       task->weighted ? task->weight + first : NULL, (int64_t)count,
			       task->loss, task->parameter, task->reduction, 1, &value, grad,
			       dx0->data + first * dx0->ld, (int64_t)dx0->ld));
	return value;
}

static void parts_of_a_batch_add_up_to_the_whole(void **state)
{
	(void)state;
	const size_t cuts[][4] = {{0, 300, 600, 600}, {0, 1, 257, 600}, {0, 256, 512, 600}};
	for (int k = 0; k < 6; k++) {
		const size_t *cut = cuts[k / 2];
		struct task task = draw_task(600, k % 2 == 0 ? MLP_HUBER : MLP_CROSS_ENTROPY, 11);
		task.reduction = MLP_SUM;
		task.weighted = k == 3;
		mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
		REAL *whole = task_array(&task), *grad = task_array(&task);
		struct rows dx0 = rows_create(600, 6, 0), dx0_whole = rows_create(600, 6, 1);
		REAL value = 0, value_whole = (REAL)task_gradient(&task, ws, whole, &dx0_whole);
		for (size_t i = 0; i < 3; i++)
			if (cut[i] < cut[i + 1])
				value += (REAL)add_part(&task, ws, cut[i], cut[i + 1] - cut[i],
							grad, &dx0);
		assert_near(&value, &value_whole, 1);
		assert_near(grad, whole, task.parameter_count);
		assert_rows_near(&dx0, &dx0_whole);
		free(whole);
		free(grad);
		rows_free(&dx0);
		rows_free(&dx0_whole);
		mlp_workspace_free(ws);
		task_free(&task);
	}
}

static void a_row_alone_is_that_row_of_a_batch(void **state)
{
	(void)state;
	struct task task = draw_task(40, MLP_CROSS_ENTROPY, 12);
	mlp_workspace *ws = task_workspace(&task, MLP_INFERENCE);
	struct rows all = rows_create(40, 4, 1), alone = rows_create(40, 4, 1);
	assert_ok(FN(forward)(task.net, ws, task.x.data, (int64_t)task.x.ld, 40, all.data,
			      (int64_t)all.ld));
	for (size_t n = 0; n < 40; n++)
		assert_ok(FN(forward)(task.net, ws, task.x.data + n * task.x.ld, (int64_t)task.x.ld,
				      1, alone.data + n * alone.ld, (int64_t)alone.ld));
	assert_rows_near(&alone, &all);
	rows_free(&all);
	rows_free(&alone);
	mlp_workspace_free(ws);
	task_free(&task);
}

static void the_sum_is_the_mean_times_the_weights(void **state)
{
	(void)state;
	for (int k = 0; k < 2; k++) {
		struct task task = draw_task(33, MLP_LOG_COSH, 13);
		task.weighted = k == 1;
		mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
		REAL *mean = task_array(&task), *sum = task_array(&task);
		double weights = 0;
		for (size_t n = 0; n < 33; n++)
			weights += task.weighted ? (double)task.weight[n] : 1;
		REAL from_mean = (REAL)(weights * task_gradient(&task, ws, mean, NULL));
		task.reduction = MLP_SUM;
		REAL value = (REAL)task_gradient(&task, ws, sum, NULL);
		for (size_t i = 0; i < task.parameter_count; i++)
			mean[i] = (REAL)(weights * (double)mean[i]);
		assert_near(&value, &from_mean, 1);
		assert_near(sum, mean, task.parameter_count);
		free(mean);
		free(sum);
		mlp_workspace_free(ws);
		task_free(&task);
	}
}

static void row_losses_make_the_mean_and_the_sum(void **state)
{
	(void)state;
	struct task task = draw_task(300, MLP_HUBER, 14);
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	double losses[300], sum = 0, weighted = 0, weights = 0, value;
	assert_ok(FN(evaluate)(task.net, ws, task.x.data, (int64_t)task.x.ld, task.target.data,
			       (int64_t)task.target.ld, NULL, 300, task.loss, task.parameter,
			       MLP_NONE, losses, NULL, 0));
	for (size_t n = 0; n < 300; n++) {
		sum += losses[n];
		weighted += losses[n] * (double)task.weight[n];
		weights += (double)task.weight[n];
	}
	value = task_gradient(&task, ws, NULL, NULL);
	assert_allclose_f64(&value, &(double){sum / 300}, 1, 1e-14, 0);
	task.weighted = true;
	value = task_gradient(&task, ws, NULL, NULL);
	assert_allclose_f64(&value, &(double){weighted / weights}, 1, 1e-14, 0);
	task.reduction = MLP_SUM;
	value = task_gradient(&task, ws, NULL, NULL);
	assert_allclose_f64(&value, &weighted, 1, 1e-14, 0);
	mlp_workspace_free(ws);
	task_free(&task);
}

/* A weight of `weight` for row 7 of 20 against that row being there `times` times. */
static void check_weight(mlp_loss loss, mlp_reduction reduction, double weight, size_t times)
{
	struct task task = draw_task(20, loss, 15);
	struct task other = draw_task((int64_t)(19 + times), loss, 15);
	task.reduction = other.reduction = reduction;
	task.weighted = true;
	for (size_t n = 0; n < 20; n++)
		task.weight[n] = (REAL)(n == 7 ? weight : 1);
	for (size_t n = 0, m = 0; n < 20; n++)
		for (size_t k = 0; k < (n == 7 ? times : 1); k++, m++) {
			memcpy(other.x.data + m * other.x.ld, task.x.data + n * task.x.ld,
			       task.x.width * sizeof(REAL));
			memcpy(other.target.data + m * other.target.ld,
			       task.target.data + n * task.target.ld,
			       task.target.width * sizeof(REAL));
		}
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	mlp_workspace *other_ws = task_workspace(&other, MLP_TRAINING);
	REAL *grad = task_array(&task), *expected = task_array(&other);
	struct rows dx0 = rows_create(20, 6, 0);
	REAL value = (REAL)task_gradient(&task, ws, grad, &dx0);
	REAL value_expected = (REAL)task_gradient(&other, other_ws, expected, NULL);
	assert_near(&value, &value_expected, 1);
	assert_near(grad, expected, task.parameter_count);
	for (size_t j = 0; j < 6 && times == 0; j++)
		assert_true(dx0.data[7 * dx0.ld + j] == 0);
	free(grad);
	free(expected);
	rows_free(&dx0);
	mlp_workspace_free(ws);
	mlp_workspace_free(other_ws);
	task_free(&task);
	task_free(&other);
}

static void a_row_of_weight_0_is_as_good_as_left_out(void **state)
{
	(void)state;
	check_weight(MLP_SQUARED_ERROR, MLP_MEAN, 0, 0);
	check_weight(MLP_CROSS_ENTROPY, MLP_SUM, 0, 0);
	check_weight(MLP_POISSON, MLP_MEAN, 0, 0);
}

static void a_row_of_weight_2_is_as_good_as_there_twice(void **state)
{
	(void)state;
	check_weight(MLP_SQUARED_ERROR, MLP_SUM, 2, 2);
	check_weight(MLP_CROSS_ENTROPY, MLP_MEAN, 2, 2);
	check_weight(MLP_BINARY_CROSS_ENTROPY, MLP_MEAN, 3, 3);
}

/* Adding a number to all logits of the softmax changes neither the loss nor the probabilities. */
static void shifted_logits_have_the_same_loss_and_probabilities(void **state)
{
	(void)state;
	struct task task = draw_task(17, MLP_CROSS_ENTROPY, 16);
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	struct rows before = rows_create(17, 4, 1), after = rows_create(17, 4, 2);
	REAL *grad = task_array(&task), *shifted = task_array(&task);
	int64_t b;
	REAL value = (REAL)task_gradient(&task, ws, grad, NULL);
	assert_ok(FN(forward)(task.net, ws, task.x.data, (int64_t)task.x.ld, 17, before.data,
			      (int64_t)before.ld));
	assert_ok(mlp_network_layout(task.net, 3, NULL, &b));
	for (int64_t i = 0; i < 4; i++)
		FN(network_parameters)(task.net)[b + i] += 32;
	REAL value_shifted = (REAL)task_gradient(&task, ws, shifted, NULL);
	assert_ok(FN(forward)(task.net, ws, task.x.data, (int64_t)task.x.ld, 17, after.data,
			      (int64_t)after.ld));
	assert_near(&value_shifted, &value, 1);
	assert_near(shifted, grad, task.parameter_count);
	assert_rows_near(&after, &before);
	free(grad);
	free(shifted);
	rows_free(&before);
	rows_free(&after);
	mlp_workspace_free(ws);
	task_free(&task);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_of_a_batch_add_up_to_the_whole),
		cmocka_unit_test(a_row_alone_is_that_row_of_a_batch),
		cmocka_unit_test(the_sum_is_the_mean_times_the_weights),
		cmocka_unit_test(row_losses_make_the_mean_and_the_sum),
		cmocka_unit_test(a_row_of_weight_0_is_as_good_as_left_out),
		cmocka_unit_test(a_row_of_weight_2_is_as_good_as_there_twice),
		cmocka_unit_test(shifted_logits_have_the_same_loss_and_probabilities),
	};
	return cmocka_run_group_tests_name("invariants", tests, NULL, NULL);
}
