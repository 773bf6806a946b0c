/* What a trainer is told: settings, data, sources; every status, and what a failure leaves. */
#include <math.h>
#include <stdlib.h>

#include "unit/small_trainer.h"

enum { ITEMS = 8 };

static void creation_refuses_what_is_wrong_and_leaves_null(void **state)
{
	(void)state;
	mlp_trainer *made = trainer;
	assert_fails(MLP_ERR_NULL, "net", mlp_trainer_create(NULL, MLP_ADAM, &made));
	assert_null(made);
	made = trainer;
	assert_fails(MLP_ERR_VALUE, "7", mlp_trainer_create(net, (mlp_optimizer_kind)7, &made));
	assert_null(made);
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_create(net, MLP_ADAM, NULL));
	mlp_trainer_free(NULL);
}

static void settings_keep_within_their_bounds(void **state)
{
	(void)state;
	const double defaults[] = {0, 100, 32, 1, 0, 0, 0, 1, 0};
	for (int i = 1; i <= ITEMS; i++) {
		mlp_trainer_item item = (mlp_trainer_item)i;
		double low, high;
		assert_ok(mlp_trainer_bounds(trainer, item, &low, &high));
		assert_ok(mlp_trainer_bounds(trainer, item, NULL, NULL));
		assert_true(mlp_trainer_get(trainer, item) == defaults[i]);
		const double wrong[] = {low - 1, high * 2 + 1, NAN, INFINITY,
					item == MLP_TRAINER_BATCH ? 1.5 : -0.5};
		for (int n = 0; n < 5; n++)
			assert_fails(MLP_ERR_VALUE, ", must be ",
				     mlp_trainer_set(trainer, item, wrong[n]));
		assert_true(mlp_trainer_get(trainer, item) == defaults[i]);
		assert_ok(mlp_trainer_set(trainer, item, low));
		assert_ok(mlp_trainer_set(trainer, item, high));
		assert_true(mlp_trainer_get(trainer, item) == high);
	}
	for (int i = 0; i <= ITEMS + 1; i += ITEMS + 1) {
		double low = 7;
		assert_fails(MLP_ERR_VALUE, "unknown",
			     mlp_trainer_set(trainer, (mlp_trainer_item)i, 1));
		assert_fails(MLP_ERR_VALUE, "unknown",
			     mlp_trainer_bounds(trainer, (mlp_trainer_item)i, &low, NULL));
		assert_true(low == 7 && isnan(mlp_trainer_get(trainer, (mlp_trainer_item)i)));
	}
}

static void null_is_refused_everywhere(void **state)
{
	(void)state;
	mlp_rate_schedule *schedule = NULL;
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_set(NULL, MLP_TRAINER_EPOCHS, 1));
	assert_fails(MLP_ERR_NULL, "trainer",
		     mlp_trainer_bounds(NULL, MLP_TRAINER_EPOCHS, NULL, NULL));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_set_pool(NULL, NULL));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_set_loss(NULL, MLP_HUBER, 1));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_set_seed(NULL, 1));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_set_schedule(NULL, schedule));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_set_monitor(NULL, MLP_METRIC_LOSS));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_set_class_weights(NULL, NULL, 0));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_set_progress(NULL, NULL, NULL));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_run(NULL));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_reset(NULL));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_restore_best(NULL));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_epochs_done(NULL));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_batches_done(NULL));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_rows_done(NULL));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_best_epoch(NULL));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_rows(NULL, MLP_SPLIT_TRAINING));
	assert_fails(MLP_ERR_NULL, "trainer",
		     FN(trainer_set_data)(NULL, x, IN, target, OUT, NULL, ROWS));
	assert_fails(MLP_ERR_NULL, "trainer",
		     FN(trainer_set_data_class)(NULL, x, IN, classes, NULL, ROWS));
	assert_fails(MLP_ERR_NULL, "trainer",
		     FN(trainer_set_validation)(NULL, x, IN, target, OUT, NULL, ROWS));
	assert_fails(MLP_ERR_NULL, "source", FN(trainer_set_source)(trainer, NULL, NULL, 1));
	assert_fails(MLP_ERR_NULL, "trainer", FN(trainer_set_source)(NULL, NULL, NULL, 1));
	double parameter = 3;
	assert_null(mlp_trainer_network(NULL));
	assert_null(mlp_trainer_optimizer(NULL));
	assert_null(mlp_trainer_schedule(NULL));
	assert_int_equal(mlp_trainer_loss(NULL, &parameter), 0);
	assert_true(parameter == 0);
	assert_int_equal(mlp_trainer_monitor(NULL), 0);
	assert_int_equal(mlp_trainer_outcome(NULL), 0);
	assert_int_equal(mlp_trainer_seed(NULL), 0);
	assert_true(isnan(mlp_trainer_get(NULL, MLP_TRAINER_EPOCHS)));
	assert_true(isnan(mlp_trainer_batch_loss(NULL)) && isnan(mlp_trainer_eta(NULL)));
	assert_true(isnan(mlp_trainer_history(NULL, MLP_SPLIT_TRAINING, MLP_METRIC_LOSS, 1)));
}

static void the_loss_goes_by_the_output_activation_until_it_is_set(void **state)
{
	(void)state;
	double parameter;
	const mlp_activation outputs[] = {MLP_IDENTITY, MLP_SIGMOID, MLP_SOFTMAX, MLP_TANH};
	const mlp_loss losses[] = {MLP_SQUARED_ERROR, MLP_BINARY_CROSS_ENTROPY, MLP_CROSS_ENTROPY,
				   MLP_SQUARED_ERROR};
	for (int i = 0; i < 4; i++) {
		assert_ok(mlp_network_set_activation(net, 2, outputs[i]));
		assert_int_equal(mlp_trainer_loss(trainer, &parameter), losses[i]);
		assert_true(parameter == 0);
	}
	assert_ok(FN(trainer_set_data_class)(trainer, x, IN, classes, NULL, ROWS));
	assert_ok(mlp_network_set_activation(net, 2, MLP_IDENTITY));
	assert_int_equal(mlp_trainer_loss(trainer, NULL), MLP_CROSS_ENTROPY);
	assert_ok(mlp_trainer_set_loss(trainer, MLP_HUBER, 0.5));
	assert_int_equal(mlp_trainer_loss(trainer, &parameter), MLP_HUBER);
	assert_true(parameter == 0.5);
	assert_fails(MLP_ERR_VALUE, "loss is 99", mlp_trainer_set_loss(trainer, (mlp_loss)99, 0));
	assert_fails(MLP_ERR_LOSS, "huber takes no class", mlp_trainer_run(trainer));
	assert_ok(FN(trainer_set_data)(trainer, x, IN, target, OUT, NULL, ROWS));
	assert_ok(mlp_trainer_set_loss(trainer, MLP_HUBER, -1));
	assert_fails(MLP_ERR_VALUE, "loss parameter is", mlp_trainer_run(trainer));
}

static void data_out_of_bounds_is_refused_and_the_old_stays(void **state)
{
	(void)state;
	const OTHER_REAL other[ROWS * OUT] = {0};
	assert_fails(MLP_ERR_STATE, "no data", mlp_trainer_run(trainer));
	assert_int_equal(mlp_trainer_rows(trainer, MLP_SPLIT_TRAINING), 0);
	assert_ok(FN(trainer_set_data)(trainer, x, IN, target, OUT, weight, ROWS));
	assert_fails(MLP_ERR_DTYPE, "network is f",
		     OTHER_FN(trainer_set_data)(trainer, other, IN, other, OUT, NULL, ROWS));
	assert_fails(MLP_ERR_NULL, "x is NULL",
		     FN(trainer_set_data)(trainer, NULL, IN, target, OUT, NULL, 1));
	assert_fails(MLP_ERR_NULL, "target is NULL",
		     FN(trainer_set_data)(trainer, x, IN, NULL, OUT, NULL, 1));
	assert_fails(MLP_ERR_NULL, "target is NULL",
		     FN(trainer_set_data_class)(trainer, x, IN, NULL, NULL, 1));
	assert_fails(MLP_ERR_NULL, "target is NULL",
		     FN(trainer_set_validation_class)(trainer, x, IN, NULL, NULL, 1));
	assert_fails(MLP_ERR_SIZE, "rows is 0",
		     FN(trainer_set_data)(trainer, x, IN, target, OUT, NULL, 0));
	assert_fails(MLP_ERR_STRIDE,
		     "x: ", FN(trainer_set_data)(trainer, x, IN - 1, target, OUT, NULL, 1));
	assert_fails(MLP_ERR_STRIDE,
		     "target: ", FN(trainer_set_data)(trainer, x, IN, target, OUT - 1, NULL, 1));
	assert_fails(MLP_ERR_OVERFLOW,
		     "x: ", FN(trainer_set_data)(trainer, x, INT64_MAX / 2, target, OUT, NULL, 9));
	weight[4] = -1;
	assert_fails(MLP_ERR_VALUE, "weight of row 4",
		     FN(trainer_set_data)(trainer, x, IN, target, OUT, weight, ROWS));
	memset(weight, 0, sizeof(weight));
	assert_fails(MLP_ERR_VALUE, "sum to 0",
		     FN(trainer_set_data)(trainer, x, IN, target, OUT, weight, ROWS));
	classes[7] = OUT;
	assert_fails(MLP_ERR_INDEX, "class of row 7 is 3",
		     FN(trainer_set_data_class)(trainer, x, IN, classes, NULL, ROWS));
	assert_fails(MLP_ERR_INDEX, "class of row 7 is 3",
		     FN(trainer_set_validation_class)(trainer, x, IN, classes, NULL, ROWS));
	weight[0] = 1; /* row 7 does not count */
	assert_ok(FN(trainer_set_validation_class)(trainer, x, IN, classes, weight, ROWS));
	assert_int_equal(mlp_trainer_rows(trainer, MLP_SPLIT_VALIDATION), ROWS);
	assert_ok(FN(trainer_set_validation)(trainer, NULL, 0, NULL, 0, NULL, 0));
	assert_int_equal(mlp_trainer_rows(trainer, MLP_SPLIT_VALIDATION), 0);
	assert_int_equal(mlp_trainer_rows(trainer, MLP_SPLIT_TRAINING), ROWS);
	assert_fails(MLP_ERR_VALUE, "split is 3", mlp_trainer_rows(trainer, (mlp_split)3));
}

static void settings_that_contradict_each_other_are_told_at_the_run(void **state)
{
	(void)state;
	const double class_weights[] = {1, 2, 3};
	assert_ok(FN(trainer_set_data)(trainer, x, IN, target, OUT, NULL, ROWS));
	assert_ok(mlp_trainer_set_monitor(trainer, MLP_METRIC_RMSE));
	assert_fails(MLP_ERR_STATE, "rmse is monitored, but there are no validation rows",
		     mlp_trainer_run(trainer));
	assert_ok(mlp_trainer_set_monitor(trainer, MLP_METRIC_ACCURACY));
	assert_fails(MLP_ERR_STATE, "accuracy is monitored, which is not measured",
		     mlp_trainer_run(trainer));
	assert_fails(MLP_ERR_VALUE, "metric is 0", mlp_trainer_set_monitor(trainer, (mlp_metric)0));
	assert_int_equal(mlp_trainer_monitor(trainer), MLP_METRIC_ACCURACY);
	assert_ok(mlp_trainer_set_monitor(trainer, MLP_METRIC_LOSS));
	assert_fails(MLP_ERR_SIZE, "count is 2",
		     mlp_trainer_set_class_weights(trainer, class_weights, 2));
	const double wrong[] = {1, -1, 1};
	assert_fails(MLP_ERR_VALUE, "class 1", mlp_trainer_set_class_weights(trainer, wrong, OUT));
	assert_ok(mlp_trainer_set_class_weights(trainer, class_weights, OUT));
	assert_fails(MLP_ERR_STATE, "no class targets", mlp_trainer_run(trainer));
	assert_ok(mlp_trainer_set_class_weights(trainer, NULL, 0));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_VALIDATION_FRACTION, 0.5));
	assert_ok(FN(trainer_set_data)(trainer, x, IN, target, OUT, NULL, 1));
	assert_fails(MLP_ERR_STATE, "single row", mlp_trainer_run(trainer));
	assert_fails(MLP_ERR_STATE, "no epoch is done", mlp_trainer_restore_best(trainer));
	mlp_rate_schedule *schedule;
	mlp_trainer *irprop;
	assert_ok(mlp_rate_schedule_create(MLP_RATE_STEP, &schedule));
	assert_ok(mlp_trainer_create(net, MLP_IRPROP_MINUS, &irprop));
	assert_fails(MLP_ERR_STATE, "no eta", mlp_trainer_set_schedule(irprop, schedule));
	assert_ok(mlp_trainer_set_schedule(irprop, NULL));
	assert_null(mlp_trainer_schedule(irprop));
	assert_ok(mlp_trainer_set_schedule(trainer, schedule));
	assert_int_equal(mlp_rate_schedule_kind_of(mlp_trainer_schedule(trainer)), MLP_RATE_STEP);
	mlp_trainer_free(irprop);
	mlp_rate_schedule_free(schedule);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(creation_refuses_what_is_wrong_and_leaves_null),
		TEST(settings_keep_within_their_bounds),
		TEST(null_is_refused_everywhere),
		TEST(the_loss_goes_by_the_output_activation_until_it_is_set),
		TEST(data_out_of_bounds_is_refused_and_the_old_stays),
		TEST(settings_that_contradict_each_other_are_told_at_the_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
