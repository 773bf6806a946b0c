/* The last enumerator of each type fixes its range and is no value: it has no name, no call takes it, and
 * what only answers says that there is no such thing. */
#include <math.h>

#include "unit/real.h"
#include "support/test.h"

/* with the enumerator's number in the line: it is what was refused */
#define assert_no_value(call) assert_fails(MLP_ERR_VALUE, "2147483647", call)

enum { IN = 2, OUT = 3, B = 4 };

static struct {
	mlp_network *net;
	mlp_workspace *ws;
	REAL x[B * IN], t[B * OUT], y[B * OUT], grads[B * 32];
	double value[B];
} f;

static int set_up(void **state)
{
	(void)state;
	const int64_t widths[] = {IN, OUT};
	assert_ok(mlp_network_create(REAL_DTYPE, widths, 2, &f.net));
	assert_ok(mlp_workspace_create(f.net, B, MLP_TRACE, &f.ws));
	for (int i = 0; i < B * IN; i++)
		f.x[i] = (REAL)(i % 3);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	mlp_workspace_free(f.ws);
	mlp_network_free(f.net);
	return 0;
}

static void it_has_no_name_and_stands_for_nothing(void **state)
{
	(void)state;
	assert_string_equal(mlp_status_name(MLP_STATUS_MAX_ENUM), "unknown status");
	assert_null(mlp_activation_name(MLP_ACTIVATION_MAX_ENUM));
	assert_null(mlp_loss_name(MLP_LOSS_MAX_ENUM));
	assert_null(mlp_metric_name(MLP_METRIC_MAX_ENUM));
	assert_null(mlp_optimizer_name(MLP_OPTIMIZER_KIND_MAX_ENUM));
	assert_null(mlp_hyper_name(MLP_HYPER_MAX_ENUM));
	assert_null(mlp_rate_schedule_name(MLP_RATE_SCHEDULE_KIND_MAX_ENUM));
	assert_null(mlp_scaling_name(MLP_SCALING_MAX_ENUM));
	assert_null(mlp_build_info(MLP_BUILD_ITEM_MAX_ENUM));
	assert_int_equal(mlp_has_feature(MLP_FEATURE_MAX_ENUM), 0);
	assert_no_value(mlp_loss_reads_logits(MLP_LOSS_MAX_ENUM));
	assert_no_value(mlp_metric_should_rise(MLP_METRIC_MAX_ENUM));
}

static void networks_and_workspaces_are_not_made_with_it(void **state)
{
	(void)state;
	const int64_t widths[] = {IN, OUT};
	mlp_network *net = f.net;
	mlp_workspace *ws = f.ws;
	size_t bytes;
	int64_t flop;
	assert_no_value(mlp_network_create(MLP_DTYPE_MAX_ENUM, widths, 2, &net));
	assert_null(net);
	assert_no_value(mlp_network_create_with(MLP_DTYPE_MAX_ENUM, widths, 2, NULL, &net));
	assert_no_value(mlp_network_convert(f.net, MLP_DTYPE_MAX_ENUM, &net));
	assert_no_value(mlp_network_init(f.net, 1, MLP_INIT_MAX_ENUM, 0, 1));
	assert_no_value(mlp_network_set_activation(f.net, 1, MLP_ACTIVATION_MAX_ENUM));
	assert_no_value(mlp_workspace_create(f.net, B, MLP_MODE_MAX_ENUM, &ws));
	assert_null(ws);
	assert_no_value(mlp_workspace_size(f.net, B, MLP_MODE_MAX_ENUM, &bytes));
	assert_no_value(mlp_network_cost(f.net, MLP_PASS_MAX_ENUM, B, &flop, NULL));
	assert_no_value(mlp_workspace_set_tuning(f.ws, MLP_TUNING_MAX_ENUM, 1));
	assert_no_value((mlp_status)mlp_workspace_tuning(f.ws, MLP_TUNING_MAX_ENUM, B));
	assert_no_value(mlp_workspace_set_tuning(f.ws, MLP_TUNING_PRODUCTS, MLP_PRODUCTS_MAX_ENUM));
	assert_no_value(mlp_workspace_set_tuning(f.ws, MLP_TUNING_SCHEDULE, MLP_SCHEDULE_MAX_ENUM));
	assert_no_value(
		mlp_workspace_set_tuning(f.ws, MLP_TUNING_INSTRUCTIONS, MLP_INSTRUCTIONS_MAX_ENUM));
}

static void no_computation_takes_it(void **state)
{
	(void)state;
	const mlp_metric metrics[] = {MLP_METRIC_LOSS, MLP_METRIC_MAX_ENUM};
	assert_no_value(FN(activation)(MLP_ACTIVATION_MAX_ENUM, 0, f.x, B, f.y, NULL));
	assert_no_value(FN(loss)(MLP_LOSS_MAX_ENUM, 0, f.y, OUT, f.t, OUT, NULL, B, OUT, MLP_MEAN,
				 f.value, NULL, 0));
	assert_no_value(FN(loss)(MLP_SQUARED_ERROR, 0, f.y, OUT, f.t, OUT, NULL, B, OUT,
				 MLP_REDUCTION_MAX_ENUM, f.value, NULL, 0));
	assert_no_value(FN(train_step)(f.net, f.ws, f.x, IN, f.t, OUT, NULL, B, MLP_LOSS_MAX_ENUM,
				       0, MLP_MEAN, 0.1, NULL));
	assert_no_value(FN(train_step)(f.net, f.ws, f.x, IN, f.t, OUT, NULL, B, MLP_SQUARED_ERROR,
				       0, MLP_REDUCTION_MAX_ENUM, 0.1, NULL));
	assert_no_value(FN(gradient_rows)(f.net, f.ws, f.x, IN, f.t, OUT, NULL, B,
					  MLP_LOSS_MAX_ENUM, 0, f.grads, 32));
	assert_no_value(FN(measure)(f.net, f.ws, f.x, IN, f.t, OUT, NULL, B, MLP_SQUARED_ERROR, 0,
				    metrics, 2, f.value));
	assert_no_value(FN(network_fit_input_scaling)(f.net, MLP_SCALING_MAX_ENUM, f.x, IN, B));
	assert_no_value(FN(network_fit_output_scaling)(f.net, MLP_SCALING_MAX_ENUM, f.t, OUT, B));
	assert_ok(FN(forward)(f.net, f.ws, f.x, IN, B, f.y, OUT));
	assert_no_value(FN(workspace_read)(f.ws, MLP_QUANTITY_MAX_ENUM, 1, B, f.y, OUT));
}

static void no_optimizer_schedule_or_options_take_it(void **state)
{
	(void)state;
	mlp_optimizer *optimizer = NULL;
	mlp_rate_schedule *schedule = NULL;
	mlp_load_options *options = NULL;
	double lowest, highest;
	assert_no_value(mlp_optimizer_create(f.net, MLP_OPTIMIZER_KIND_MAX_ENUM, &optimizer));
	assert_ok(mlp_optimizer_create(f.net, MLP_ADAM, &optimizer));
	assert_no_value(mlp_optimizer_set(optimizer, MLP_HYPER_MAX_ENUM, 1));
	assert_no_value(mlp_optimizer_bounds(optimizer, MLP_HYPER_MAX_ENUM, &lowest, &highest));
	assert_true(isnan(mlp_optimizer_get(optimizer, MLP_HYPER_MAX_ENUM)));
	mlp_optimizer_free(optimizer);

	assert_no_value(mlp_rate_schedule_create(MLP_RATE_SCHEDULE_KIND_MAX_ENUM, &schedule));
	assert_ok(mlp_rate_schedule_create(MLP_RATE_STEP, &schedule));
	assert_no_value(mlp_rate_schedule_set(schedule, MLP_RATE_SCHEDULE_ITEM_MAX_ENUM, 1));
	assert_no_value(mlp_rate_schedule_bounds(schedule, MLP_RATE_SCHEDULE_ITEM_MAX_ENUM, &lowest,
						 &highest));
	assert_true(isnan(mlp_rate_schedule_get(schedule, MLP_RATE_SCHEDULE_ITEM_MAX_ENUM)));
	mlp_rate_schedule_free(schedule);

	assert_ok(mlp_load_options_create(&options));
	assert_no_value(mlp_load_options_set(options, MLP_LOAD_LIMIT_MAX_ENUM, 1));
	assert_no_value((mlp_status)mlp_load_options_get(options, MLP_LOAD_LIMIT_MAX_ENUM));
	assert_no_value(mlp_load_options_set_dtype(options, MLP_DTYPE_MAX_ENUM));
	assert_no_value(
		mlp_load_options_set_activations(options, MLP_ACTIVATION_MAX_ENUM, MLP_IDENTITY));
	assert_no_value(
		mlp_load_options_set_activations(options, MLP_RELU, MLP_ACTIVATION_MAX_ENUM));
	mlp_load_options_free(options);
}

static void no_trainer_takes_it(void **state)
{
	(void)state;
	mlp_trainer *trainer = NULL;
	double lowest, highest;
	assert_no_value(mlp_trainer_create(f.net, MLP_OPTIMIZER_KIND_MAX_ENUM, &trainer));
	assert_ok(mlp_trainer_create(f.net, MLP_ADAM, &trainer));
	assert_no_value(mlp_trainer_set(trainer, MLP_TRAINER_ITEM_MAX_ENUM, 1));
	assert_no_value(mlp_trainer_bounds(trainer, MLP_TRAINER_ITEM_MAX_ENUM, &lowest, &highest));
	assert_true(isnan(mlp_trainer_get(trainer, MLP_TRAINER_ITEM_MAX_ENUM)));
	assert_no_value(mlp_trainer_set_loss(trainer, MLP_LOSS_MAX_ENUM, 0));
	assert_no_value(mlp_trainer_set_monitor(trainer, MLP_METRIC_MAX_ENUM));
	assert_no_value((mlp_status)mlp_trainer_rows(trainer, MLP_SPLIT_MAX_ENUM));
	assert_true(isnan(mlp_trainer_history(trainer, MLP_SPLIT_MAX_ENUM, MLP_METRIC_LOSS, 1)));
	assert_true(
		isnan(mlp_trainer_history(trainer, MLP_SPLIT_TRAINING, MLP_METRIC_MAX_ENUM, 1)));
	mlp_trainer_free(trainer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_has_no_name_and_stands_for_nothing),
		cmocka_unit_test_setup_teardown(networks_and_workspaces_are_not_made_with_it,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_computation_takes_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_optimizer_schedule_or_options_take_it, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(no_trainer_takes_it, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("max_enum", tests, NULL, NULL);
}
