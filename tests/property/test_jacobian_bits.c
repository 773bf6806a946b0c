/* The Jacobian and its products with vectors: the same bits with any number of workers and any room, and the
 * forward pass as it was. */
#include "jacobians.h"
#include "settings.h"

static void assert_same_results(const struct results *a, const struct results *b)
{
	assert_rows_same(&a->y, &b->y);
	assert_rows_same(&a->jacobian, &b->jacobian);
	assert_rows_same(&a->jvp, &b->jvp);
	assert_rows_same(&a->vjp, &b->vjp);
}

/* For every way to compute, with every crew the bits of the caller's thread alone. */
static void check_bits(const struct task *task, mlp_pool *pools[CREWS])
{
	struct setting list[MOST_SETTINGS];
	mlp_workspace *ws = task_workspace(task, MLP_TRAINING);
	size_t count = settings_list(ws, list);
	struct rows expected = twin_jacobian(task);
	for (size_t i = 0; i < count; i++) {
		struct results alone = results_create(task, 0), together = results_create(task, 1);
		setting_apply(ws, list[i]);
		assert_ok(mlp_workspace_set_pool(ws, NULL));
		results_compute(task, ws, &alone);
		check_against(&expected, task, &alone);
		for (size_t c = 0; c < CREWS && list[i].products != MLP_PRODUCTS_WHOLE; c++) {
			assert_ok(mlp_workspace_set_pool(ws, pools[c]));
			results_compute(task, ws, &together);
			assert_same_results(&together, &alone);
		}
		results_free(&alone);
		results_free(&together);
	}
	rows_free(&expected);
	mlp_workspace_free(ws);
}

static void workers_change_no_bit(void **state)
{
	(void)state;
	mlp_pool *pools[CREWS];
	crews_create(pools);
	const struct {
		int64_t widths[6], count, batch;
	} some[] = {{{60, 130, 70, 12}, 4, 1},   {{60, 130, 70, 12}, 4, 9},
		    {{12, 130, 70, 40}, 4, 150}, {{10, 200, 100, 20}, 4, 3},
		    {{100, 120, 100}, 3, 2},     {{5, 40, 3}, 3, 300}};
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		struct task task =
			task_create(some[i].widths, some[i].count, some[i].batch, 1, 300 + i);
		assert_ok(mlp_network_set_activation(task.net, 1, i % 2 == 0 ? MLP_SILU : MLP_ELU));
		if (i % 3 == 1)
			assert_ok(mlp_network_set_activation(task.net, some[i].count - 1,
							     MLP_SOFTMAX));
		check_bits(&task, pools);
		task_free(&task);
	}
	crews_free(pools);
}

/* A workspace with room for more rows computes the same: scratch and blocks are those of the call. */
static void bits_do_not_depend_on_the_room_of_the_workspace(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){40, 50, 30}, 3, 1, 0, 4);
	struct results exact = results_create(&task, 0), roomy = results_create(&task, 0);
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING), *large;
	assert_ok(mlp_workspace_create(task.net, 500, MLP_TRACE, &large));
	results_compute(&task, ws, &exact);
	results_compute(&task, large, &roomy);
	assert_same_results(&roomy, &exact);
	mlp_workspace_free(ws);
	mlp_workspace_free(large);
	results_free(&exact);
	results_free(&roomy);
	task_free(&task);
}

/* What backward after any of the calls gives, and the outputs. */
static void calls_leave_the_forward_pass(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){6, 30, 20, 4}, 4, 70, 1, 5);
	assert_ok(mlp_network_set_activation(task.net, 1, MLP_SILU));
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	struct results results = results_create(&task, 0);
	struct rows y = rows_create(70, 4, 0);
	REAL *expected = task_array(&task), *grad = task_array(&task);
	task_forward(&task, ws, &y);
	assert_ok(FN(backward)(task.net, ws, task.dl.data, (int64_t)task.dl.ld, 70, 0, expected,
			       NULL, 0));
	for (int call = 0; call < 3; call++) {
		rows_free(&results.y);
		results.y = rows_create(70, 4, 3);
		if (call == 0)
			compute_jacobian(&task, ws, &results.y, &results.jacobian);
		else if (call == 1)
			compute_jvp(&task, ws, &results.in, &results.y, &results.jvp);
		else
			compute_vjp(&task, ws, &results.out, &results.y, &results.vjp);
		assert_rows_same(&results.y, &y);
		memset(grad, 0, task.parameter_count * sizeof(REAL));
		assert_ok(FN(backward)(task.net, ws, task.dl.data, (int64_t)task.dl.ld, 70, 0, grad,
				       NULL, 0));
		assert_same_bits(grad, expected, task.parameter_count);
	}
	free(grad);
	free(expected);
	rows_free(&y);
	results_free(&results);
	mlp_workspace_free(ws);
	task_free(&task);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(workers_change_no_bit),
		cmocka_unit_test(bits_do_not_depend_on_the_room_of_the_workspace),
		cmocka_unit_test(calls_leave_the_forward_pass),
	};
	return cmocka_run_group_tests_name("jacobian bits", tests, NULL, NULL);
}
