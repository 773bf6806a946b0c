/* Every way to compute against the slow twin, in every mode; and what must hold to the last bit within
 * libmlp's own products. */
#include <stdlib.h>

#include "nets.h"
#include "outcome.h"
#include "settings.h"

/* What the twin makes of a task. */
struct twin {
	struct rows y, dx0;
	REAL *sum, *grad, *stepped;
	REAL value;
};

static struct twin twin_compute(const struct task *task)
{
	struct twin twin = {.y = rows_create(task->batch, task->dl.width, 0),
			    .dx0 = rows_create(task->batch, task->x.width, 0),
			    .sum = task_array(task),
			    .grad = task_array(task),
			    .stepped = task_parameters(task)};
	REAL *more = task_array(task);
	twin_forward(task, &twin.y);
	twin_backward(task, FROM_DL_DX, twin.sum, &twin.dx0);
	twin_backward(task, FROM_DL_DS, more, NULL);
	twin.value = (REAL)twin_backward(task, FROM_LOSS, twin.grad, NULL);
	for (size_t i = 0; i < task->parameter_count; i++)
		twin.sum[i] += more[i];
	for (int64_t l = 1; l <= (int64_t)task->layer_count; l++) {
		int64_t begin, b;
		assert_ok(mlp_network_layout(task->net, l, &begin, &b));
		for (int64_t i = begin; i < b + mlp_network_width(task->net, l); i++)
			if (!mlp_network_is_frozen(task->net, l))
				twin.stepped[i] -= (REAL)0.05 * twin.grad[i];
	}
	free(more);
	return twin;
}

static void twin_free(struct twin *twin)
{
	rows_free(&twin->y);
	rows_free(&twin->dx0);
	free(twin->sum);
	free(twin->grad);
	free(twin->stepped);
}

static void check_training(const struct task *task, mlp_workspace *ws, const struct twin *twin)
{
	struct outcome outcome = outcome_compute(task, ws);
	REAL losses[3];
	for (size_t i = 0; i < 3; i++) {
		losses[i] = (REAL)outcome.losses[i];
		assert_near(&losses[i], &twin->value, 1);
	}
	REAL *y = rows_packed(&twin->y), *dx0 = rows_packed(&twin->dx0);
	assert_near(outcome.y, y, outcome.y_count);
	assert_near(outcome.dx0, dx0, outcome.dx0_count);
	assert_near(outcome.sum, twin->sum, task->parameter_count);
	assert_near(outcome.grad, twin->grad, task->parameter_count);
	assert_near(outcome.stepped, twin->stepped, task->parameter_count);
	free(y);
	free(dx0);
	outcome_free(&outcome);
}

static void check_inference(const struct task *task, mlp_workspace *ws, const struct twin *twin)
{
	struct rows y = rows_create(task->batch, task->dl.width, 3);
	double value;
	assert_ok(FN(forward)(task->net, ws, task->x.data, (int64_t)task->x.ld,
			      (int64_t)task->batch, y.data, (int64_t)y.ld));
	assert_rows_near(&y, &twin->y);
	assert_ok(FN(evaluate)(task->net, ws, task->x.data, (int64_t)task->x.ld, task->target.data,
			       (int64_t)task->target.ld, task_weight(task), (int64_t)task->batch,
			       task->loss, task->parameter, task->reduction, &value, y.data,
			       (int64_t)y.ld));
	REAL rounded = (REAL)value;
	assert_near(&rounded, &twin->value, 1);
	assert_rows_near(&y, &twin->y);
	rows_free(&y);
}

static void check_paths(size_t net, size_t step)
{
	for (size_t k = net % step; k < BATCHES; k += step) {
		struct task task = net_task(net, batches[k], k + net);
		struct twin twin = twin_compute(&task);
		for (int mode = MLP_INFERENCE; mode <= MLP_TRACE; mode++) {
			struct setting settings[MOST_SETTINGS];
			mlp_workspace *ws = task_workspace(&task, (mlp_mode)mode);
			size_t count = settings_list(ws, settings);
			for (size_t i = 0; i < count; i++) {
				setting_apply(ws, settings[i]);
				if (mode == MLP_INFERENCE)
					check_inference(&task, ws, &twin);
				else
					check_training(&task, ws, &twin);
			}
			mlp_workspace_free(ws);
		}
		twin_free(&twin);
		task_free(&task);
	}
}

static void every_path_of_a_tiny_net_is_near_the_twin(void **state)
{
	(void)state;
	check_paths(TINY, 1);
}

static void every_path_of_a_medium_net_is_near_the_twin(void **state)
{
	(void)state;
	check_paths(MEDIUM, 3);
}

static void every_path_of_layers_of_one_unit_is_near_the_twin(void **state)
{
	(void)state;
	check_paths(NARROW, 1);
}

static void every_path_of_odd_widths_is_near_the_twin(void **state)
{
	(void)state;
	check_paths(ODD, 3);
}

static void every_path_of_a_wide_net_is_near_the_twin(void **state)
{
	(void)state;
	check_paths(WIDE, 8);
}

/* ---- rows ----------------------------------------------------------------------------------- */

static const struct setting own[] = {
	{MLP_PRODUCTS_OWN, MLP_SCHEDULE_SAMPLES, 0},
	{MLP_PRODUCTS_OWN, MLP_SCHEDULE_OUTPUTS, 0},
};

/* Forward of rows first .. first + count - 1. */
static void forward_rows(const struct task *task, mlp_workspace *ws, size_t first, size_t count,
			 struct rows *y)
{
	struct rows x = rows_from(&task->x, first, count);
	assert_ok(FN(forward)(task->net, ws, x.data, (int64_t)x.ld, (int64_t)count, y->data,
			      (int64_t)y->ld));
}

static void a_row_has_the_same_bits_wherever_it_is_in_whatever_batch(void **state)
{
	(void)state;
	for (size_t net = 0; net < NETS; net++)
		for (int mode = MLP_INFERENCE; mode <= MLP_TRAINING; mode++) {
			struct task task = net_task(net, 600, 2 * net);
			struct rows all = rows_create(600, task.dl.width, 0);
			mlp_workspace *ws = task_workspace(&task, (mlp_mode)mode);
			setting_apply(ws, own[0]);
			forward_rows(&task, ws, 0, 600, &all);
			for (size_t k = 1; k < BATCHES; k++)
				for (size_t i = 0; i < 2; i++) {
					size_t count = (size_t)batches[k];
					size_t first = count < 600 ? 13 * k : 0;
					struct rows y = rows_create(count, task.dl.width, 1);
					struct rows expected = rows_from(&all, first, count);
					setting_apply(ws, own[i]);
					forward_rows(&task, ws, first, count, &y);
					assert_rows_same(&y, &expected);
					rows_free(&y);
				}
			rows_free(&all);
			mlp_workspace_free(ws);
			task_free(&task);
		}
}

static void schedules_give_the_same_bits_with_libmlps_own_products(void **state)
{
	(void)state;
	for (size_t net = 0; net < NETS; net++)
		for (size_t k = 0; k < BATCHES; k += net == WIDE ? 3 : 1) {
			struct task task = net_task(net, batches[k], k + net);
			mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
			struct outcome outcome[2];
			for (size_t i = 0; i < 2; i++) {
				setting_apply(ws, own[i]);
				outcome[i] = outcome_compute(&task, ws);
			}
			const char *part = outcome_difference(&outcome[1], &outcome[0]);
			if (part != NULL)
				fail_msg("net %zu, batch %zu: %s", net, task.batch, part);
			outcome_free(&outcome[0]);
			outcome_free(&outcome[1]);
			mlp_workspace_free(ws);
			task_free(&task);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_path_of_a_tiny_net_is_near_the_twin),
		cmocka_unit_test(every_path_of_a_medium_net_is_near_the_twin),
		cmocka_unit_test(every_path_of_layers_of_one_unit_is_near_the_twin),
		cmocka_unit_test(every_path_of_odd_widths_is_near_the_twin),
		cmocka_unit_test(every_path_of_a_wide_net_is_near_the_twin),
		cmocka_unit_test(a_row_has_the_same_bits_wherever_it_is_in_whatever_batch),
		cmocka_unit_test(schedules_give_the_same_bits_with_libmlps_own_products),
	};
	return cmocka_run_group_tests_name("paths", tests, NULL, NULL);
}
