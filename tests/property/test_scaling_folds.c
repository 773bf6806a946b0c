/* Scaling folded into the weights: the same outputs. */
#include <stdlib.h>

#include "nets.h"
#include "scaled_pair.h"

static void check_fold(const struct task *task, double tolerance)
{
	mlp_workspace *ws = task_workspace(task, MLP_INFERENCE);
	struct rows y = rows_create(task->batch, task->dl.width, 1);
	struct rows expected = rows_create(task->batch, task->dl.width, 0);
	task_forward(task, ws, &expected);
	assert_ok(mlp_network_fold_scaling(task->net));
	assert_int_equal(mlp_network_has_input_scaling(task->net), 0);
	assert_int_equal(mlp_network_has_output_scaling(task->net), 0);
	task_forward(task, ws, &y);
	rows_check_near(&y, &expected, tolerance, "y", __FILE__, __LINE__);
	rows_free(&y);
	rows_free(&expected);
	mlp_workspace_free(ws);
}

static void a_folded_network_gives_the_same_outputs(void **state)
{
	(void)state;
	for (size_t net = 0; net < NETS; net++)
		for (int which = 1; which < 4; which++) {
			struct pair pair = pair_create(net, 33, which == 3 ? 3 : 1);
			if (which == 1) /* inputs alone, outputs alone, both */
				assert_ok(mlp_network_set_output_scaling(pair.raw.net, NULL, NULL));
			if (which == 2)
				assert_ok(mlp_network_set_input_scaling(pair.raw.net, NULL, NULL));
			check_fold(&pair.raw, 10 * TOLERANCE);
			pair_free(&pair);
		}
}

static void a_single_layer_takes_both_scalings(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){3, 2}, 2, 9, 1, 5);
	assert_ok(mlp_network_set_input_scaling(task.net, (const double[]){1, -2, 0.5},
						(const double[]){2, 0.25, 1}));
	assert_ok(mlp_network_set_output_scaling(task.net, (const double[]){-7, 100},
						 (const double[]){3, 0.125}));
	check_fold(&task, 10 * TOLERANCE);
	task_free(&task);
}

static void without_a_shift_no_bias_is_needed(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){3, 4, 2}, 3, 9, 0, 6);
	assert_ok(mlp_network_set_bias(task.net, MLP_ALL_LAYERS, 0));
	REAL *before = task_parameters(&task), *after;
	assert_ok(mlp_network_set_input_scaling(task.net, (const double[]){0, 0, -0.0},
						(const double[]){2, 0.25, 1}));
	assert_ok(mlp_network_set_output_scaling(task.net, (const double[]){0, 0},
						 (const double[]){3, 0.125}));
	check_fold(&task, 10 * TOLERANCE);
	after = task_parameters(&task); /* the places of biases that are not there stay */
	assert_same_bits(after + 12, before + 12, 4);
	assert_same_bits(after + 24, before + 24, 2);
	free(before);
	free(after);
	task_free(&task);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_folded_network_gives_the_same_outputs),
		cmocka_unit_test(a_single_layer_takes_both_scalings),
		cmocka_unit_test(without_a_shift_no_bias_is_needed),
	};
	return cmocka_run_group_tests_name("scaling folds", tests, NULL, NULL);
}
