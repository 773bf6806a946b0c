/* The same bits with any number of workers: none but the caller, pools of threads, and hosts that run
 * the jobs in some order. */
#include <stdlib.h>

#include "nets.h"
#include "outcome.h"
#include "settings.h"

static mlp_pool *pools[CREWS];

static int make_crews(void **state)
{
	(void)state;
	crews_create(pools);
	return 0;
}

static int free_crews(void **state)
{
	(void)state;
	crews_free(pools);
	return 0;
}

static void check_crews(const struct task *task, size_t net, struct setting setting)
{
	mlp_workspace *ws = task_workspace(task, MLP_TRAINING);
	setting_apply(ws, setting);
	struct outcome expected = outcome_compute(task, ws);
	for (size_t i = 0; i < CREWS; i++) {
		assert_ok(mlp_workspace_set_pool(ws, pools[i]));
		struct outcome outcome = outcome_compute(task, ws);
		const char *part = outcome_difference(&outcome, &expected);
		if (part != NULL)
			fail_msg("net %zu, batch %zu, products %d, schedule %d, instructions %d, "
				 "crew %zu: %s",
				 net, task->batch, (int)setting.products, (int)setting.schedule,
				 (int)setting.instructions, i, part);
		outcome_free(&outcome);
	}
	outcome_free(&expected);
	mlp_workspace_free(ws);
}

/* Every step-th batch, with libmlp's own choices or with all that can be chosen. */
static void check_net(size_t net, size_t step, bool all_settings)
{
	for (size_t k = net % step; k < BATCHES; k += step) {
		struct task task = net_task(net, batches[k], k + net);
		struct setting settings[MOST_SETTINGS];
		mlp_workspace *ws = task_workspace(&task, MLP_INFERENCE);
		size_t count = settings_list(ws, settings);
		mlp_workspace_free(ws);
		for (size_t i = 0; i < (all_settings ? count : 1); i++)
			check_crews(&task, net, settings[i]);
		task_free(&task);
	}
}

static void workers_change_no_bit_of_a_tiny_net(void **state)
{
	(void)state;
	check_net(TINY, 1, true);
}

static void workers_change_no_bit_of_a_medium_net(void **state)
{
	(void)state;
	check_net(MEDIUM, 3, true);
}

static void workers_change_no_bit_of_a_net_with_layers_of_one_unit(void **state)
{
	(void)state;
	check_net(NARROW, 1, true);
}

static void workers_change_no_bit_of_a_net_with_odd_widths(void **state)
{
	(void)state;
	check_net(ODD, 5, true);
}

static void workers_change_no_bit_of_a_wide_net(void **state)
{
	(void)state;
	check_net(WIDE, 5, false);
	struct task task = net_task(WIDE, 1, 0), batch = net_task(WIDE, 33, 1);
	struct setting settings[MOST_SETTINGS];
	mlp_workspace *ws = task_workspace(&task, MLP_INFERENCE);
	size_t count = settings_list(ws, settings);
	mlp_workspace_free(ws);
	for (size_t i = 1; i < count; i++)
		check_crews(i % 2 == 0 ? &task : &batch, WIDE, settings[i]);
	for (int64_t schedule = 1; schedule <= 2; schedule++)
		check_crews(&batch, WIDE, (struct setting){MLP_PRODUCTS_OWN, schedule, 0});
	task_free(&task);
	task_free(&batch);
}

/* Inference divides a batch in its own way: buffers of each worker, or of all together. */
static void workers_change_no_bit_of_inference(void **state)
{
	(void)state;
	for (size_t net = 0; net < NETS; net++)
		for (size_t k = net % 2; k < BATCHES; k += net == WIDE ? 4 : 2) {
			struct task task = net_task(net, batches[k], k + net);
			struct setting settings[MOST_SETTINGS];
			mlp_workspace *ws = task_workspace(&task, MLP_INFERENCE);
			size_t count = settings_list(ws, settings);
			struct rows y = rows_create(task.batch, task.dl.width, 2);
			struct rows expected = rows_create(task.batch, task.dl.width, 0);
			for (size_t i = 0; i < count; i++) {
				double value, expected_value;
				setting_apply(ws, settings[i]);
				for (size_t crew = 0; crew <= CREWS; crew++) {
					struct rows *to = crew == 0 ? &expected : &y;
					assert_ok(mlp_workspace_set_pool(
						ws, crew == 0 ? NULL : pools[crew - 1]));
					assert_ok(FN(forward)(task.net, ws, task.x.data,
							      (int64_t)task.x.ld, batches[k],
							      to->data, (int64_t)to->ld));
					if (crew > 0)
						assert_rows_same(&y, &expected);
					assert_ok(FN(evaluate)(
						task.net, ws, task.x.data, (int64_t)task.x.ld,
						task.target.data, (int64_t)task.target.ld, NULL,
						batches[k], task.loss, task.parameter, MLP_MEAN,
						crew == 0 ? &expected_value : &value, to->data,
						(int64_t)to->ld));
					if (crew == 0)
						continue;
					assert_rows_same(&y, &expected);
					assert_memory_equal(&value, &expected_value,
							    sizeof(double));
				}
			}
			rows_free(&y);
			rows_free(&expected);
			mlp_workspace_free(ws);
			task_free(&task);
		}
}

/* Else the tests above would prove nothing. */
static void every_worker_works_under_both_schedules(void **state)
{
	(void)state;
	for (int64_t workers = 2; workers <= 3; workers++)
		for (int64_t schedule = 1; schedule <= 2; schedule++) {
			struct task task = net_task(WIDE, 256, 0);
			mlp_pool *pool;
			mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
			assert_ok(mlp_pool_create(workers, &pool));
			setting_apply(ws, (struct setting){0, schedule, 0});
			assert_ok(mlp_workspace_set_pool(ws, pool));
			bool all = false;
			for (int run = 0; run < 1000 && !all; run++) { /* on a busy machine */
				task_step(&task, ws, 0);
				all = true;
				for (int64_t w = 0; w < workers; w++)
					all = all && mlp_pool_tasks(pool, w) > 0;
			}
			assert_true(all);
			mlp_workspace_free(ws);
			mlp_pool_free(pool);
			task_free(&task);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(workers_change_no_bit_of_a_tiny_net),
		cmocka_unit_test(workers_change_no_bit_of_a_medium_net),
		cmocka_unit_test(workers_change_no_bit_of_a_net_with_layers_of_one_unit),
		cmocka_unit_test(workers_change_no_bit_of_a_net_with_odd_widths),
		cmocka_unit_test(workers_change_no_bit_of_a_wide_net),
		cmocka_unit_test(workers_change_no_bit_of_inference),
		cmocka_unit_test(every_worker_works_under_both_schedules),
	};
	return cmocka_run_group_tests_name("workers", tests, make_crews, free_crews);
}
