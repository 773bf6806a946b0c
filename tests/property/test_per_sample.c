/* Gradients of single samples: each is what the gradient of a batch of one row is, their sum that of the
 * batch, and their norms are the norms. */
#include <math.h>
#include <stdlib.h>

#include "settings.h"
#include "task.h"

struct problem {
	int64_t widths[5], count, batch;
};

static const struct problem problems[] = {{{1, 1}, 2, 1},          {{3, 1, 2}, 3, 7},
					  {{5, 33, 17, 2}, 4, 64}, {{5, 33, 17, 2}, 4, 1},
					  {{2, 3, 4}, 3, 130},     {{70, 90, 3}, 3, 20}};

enum { PROBLEMS = sizeof(problems) / sizeof(problems[0]) };

static struct task create(size_t i)
{
	struct task task = task_create(problems[i].widths, problems[i].count, problems[i].batch,
				       i % 2, 40 + i);
	task_set_loss(&task, (mlp_loss)(1 + i % MLP_POISSON), i % 3 == 0);
	task.weighted = i % 2 == 1;
	task.reduction = MLP_SUM;
	assert_ok(mlp_network_set_bias(task.net, 1, i % 3 != 1));
	assert_ok(mlp_network_set_frozen(task.net, 1, i % 4 == 2));
	return task;
}

static void compute_rows(const struct task *task, mlp_workspace *ws, struct rows *grads)
{
	assert_ok(FN(gradient_rows)(task->net, ws, task->x.data, (int64_t)task->x.ld,
				    task->target.data, (int64_t)task->target.ld, task_weight(task),
				    (int64_t)task->batch, task->loss, task->parameter, grads->data,
				    (int64_t)grads->ld));
}

static void compute_norms(const struct task *task, mlp_workspace *ws, double *norms)
{
	assert_ok(FN(gradient_norms)(task->net, ws, task->x.data, (int64_t)task->x.ld,
				     task->target.data, (int64_t)task->target.ld, task_weight(task),
				     (int64_t)task->batch, task->loss, task->parameter, norms));
}

static void each_row_is_the_gradient_of_its_sample(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROBLEMS; i++) {
		struct task task = create(i);
		mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
		struct rows grads = rows_create(task.batch, task.parameter_count, i);
		REAL *one = task_array(&task), *all = task_array(&task), *sum = task_array(&task);
		task_gradient(&task, ws, all, NULL);
		compute_rows(&task, ws, &grads);
		assert_gaps_untouched(&grads);
		for (size_t n = 0; n < task.batch; n++) {
			const REAL *row = grads.data + n * grads.ld;
			assert_ok(FN(gradient)(
				task.net, ws, task.x.data + n * task.x.ld, (int64_t)task.x.ld,
				task.target.data + n * task.target.ld, (int64_t)task.target.ld,
				task.weighted ? task.weight + n : NULL, 1, task.loss,
				task.parameter, MLP_SUM, 0, NULL, one, NULL, 0));
			assert_near(row, one, task.parameter_count);
			for (size_t p = 0; p < task.parameter_count; p++)
				sum[p] += row[p];
		}
		assert_near(sum, all, task.parameter_count);
		free(one);
		free(all);
		free(sum);
		rows_free(&grads);
		mlp_workspace_free(ws);
		task_free(&task);
	}
}

static void norms_are_those_of_the_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROBLEMS; i++) {
		struct task task = create(i);
		mlp_workspace *ws = task_workspace(&task, MLP_TRACE);
		struct rows grads = rows_create(task.batch, task.parameter_count, 0);
		double *norms = calloc(task.batch + 1, sizeof(double)), *of_rows;
		of_rows = calloc(task.batch, sizeof(double));
		norms[task.batch] = -1;
		compute_rows(&task, ws, &grads);
		compute_norms(&task, ws, norms);
		for (size_t n = 0; n < task.batch; n++) {
			for (size_t p = 0; p < task.parameter_count; p++)
				of_rows[n] += (double)grads.data[n * grads.ld + p] *
					      (double)grads.data[n * grads.ld + p];
			of_rows[n] = sqrt(of_rows[n]);
			assert_true(of_rows[n] > 0);
		}
		assert_allclose_f64(norms, of_rows, task.batch, TOLERANCE, 0);
		assert_true(norms[task.batch] == -1);
		free(norms);
		free(of_rows);
		rows_free(&grads);
		mlp_workspace_free(ws);
		task_free(&task);
	}
}

static void class_indices_equal_probabilities_of_one(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){4, 9, 3}, 3, 20, 1, 77);
	task_set_loss(&task, MLP_CROSS_ENTROPY, true);
	task.weighted = true;
	task.weight[3] = 0; /* left out, whatever its class */
	for (size_t n = 0; n < 20; n++)
		for (size_t i = 0; i < 3; i++)
			task.target.data[n * task.target.ld + i] = i == (size_t)task.classes[n];
	task.classes[3] = 1000;
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	struct rows grads = rows_create(20, task.parameter_count, 0);
	struct rows by_class = rows_create(20, task.parameter_count, 2);
	double norms[20], norms_by_class[20];
	compute_rows(&task, ws, &grads);
	compute_norms(&task, ws, norms);
	assert_ok(FN(gradient_rows_class)(task.net, ws, task.x.data, (int64_t)task.x.ld,
					  task.classes, task.weight, 20, MLP_CROSS_ENTROPY, 0,
					  by_class.data, (int64_t)by_class.ld));
	assert_ok(FN(gradient_norms_class)(task.net, ws, task.x.data, (int64_t)task.x.ld,
					   task.classes, task.weight, 20, MLP_CROSS_ENTROPY, 0,
					   norms_by_class));
	assert_rows_near(&by_class, &grads);
	assert_allclose_f64(norms_by_class, norms, 20, TOLERANCE, 0);
	assert_true(norms[3] == 0);
	rows_free(&grads);
	rows_free(&by_class);
	mlp_workspace_free(ws);
	task_free(&task);
}

static void workers_change_no_bit(void **state)
{
	(void)state;
	mlp_pool *pools[CREWS];
	crews_create(pools);
	for (int64_t batch = 1; batch < 400; batch += 140) {
		struct task task = task_create((const int64_t[]){60, 130, 12}, 3, batch, 1, 3);
		struct setting list[MOST_SETTINGS];
		mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
		size_t count = settings_list(ws, list);
		struct rows alone = rows_create(task.batch, task.parameter_count, 0);
		struct rows together = rows_create(task.batch, task.parameter_count, 1);
		double norms_alone[400], norms[400];
		for (size_t i = 0; i < count; i++) {
			setting_apply(ws, list[i]);
			assert_ok(mlp_workspace_set_pool(ws, NULL));
			compute_rows(&task, ws, &alone);
			compute_norms(&task, ws, norms_alone);
			for (size_t c = 0; c < CREWS && list[i].products != MLP_PRODUCTS_WHOLE;
			     c++) {
				assert_ok(mlp_workspace_set_pool(ws, pools[c]));
				compute_rows(&task, ws, &together);
				compute_norms(&task, ws, norms);
				assert_rows_same(&together, &alone);
				assert_memory_equal(norms, norms_alone,
						    task.batch * sizeof(double));
			}
		}
		rows_free(&alone);
		rows_free(&together);
		mlp_workspace_free(ws);
		task_free(&task);
	}
	crews_free(pools);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_is_the_gradient_of_its_sample),
		cmocka_unit_test(norms_are_those_of_the_rows),
		cmocka_unit_test(class_indices_equal_probabilities_of_one),
		cmocka_unit_test(workers_change_no_bit),
	};
	return cmocka_run_group_tests_name("per_sample", tests, NULL, NULL);
}
