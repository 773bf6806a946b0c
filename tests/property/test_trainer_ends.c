/* How training ends: early, at the best epoch, by divergence, by a callback; and what is known afterwards. */
#include "property/training.h"

static struct problem problem;

static void give_validation(mlp_trainer *trainer)
{
	assert_ok(FN(trainer_set_validation)(trainer, &problem.x[ROWS * LD_X], LD_X,
					     &problem.target[ROWS * LD_T], LD_T, NULL, HELD));
}

/* Few rows and many epochs: the validation loss falls, then rises. */
static mlp_trainer *overfit(mlp_network *net)
{
	mlp_trainer *trainer = trainer_make(net, MLP_ADAM, 0.1);
	trainer_set(trainer, MLP_TRAINER_EPOCHS, 300);
	give_rows(&problem, trainer, false, false, 8);
	give_validation(trainer);
	return trainer;
}

static double validation_loss(const mlp_network *net)
{
	mlp_workspace *ws;
	const mlp_metric metric = MLP_METRIC_LOSS;
	double value;
	assert_ok(mlp_workspace_create(net, 256, MLP_INFERENCE, &ws));
	assert_ok(FN(measure)(net, ws, &problem.x[ROWS * LD_X], LD_X, &problem.target[ROWS * LD_T],
			      LD_T, NULL, HELD, MLP_SQUARED_ERROR, 0, &metric, 1, &value));
	mlp_workspace_free(ws);
	return value;
}

static void patience_ends_training_and_the_best_weights_come_back(void **state)
{
	(void)state;
	for (int restore = 0; restore <= 1; restore++) {
		mlp_network *net = network_make(MLP_IDENTITY, 4);
		mlp_trainer *trainer = overfit(net);
		trainer_set(trainer, MLP_TRAINER_PATIENCE, 7);
		trainer_set(trainer, MLP_TRAINER_RESTORE_BEST, restore);
		assert_ok(mlp_trainer_run(trainer));
		assert_int_equal(mlp_trainer_outcome(trainer), MLP_OUTCOME_EARLY);
		int64_t best = mlp_trainer_best_epoch(trainer),
			done = mlp_trainer_epochs_done(trainer);
		assert_int_equal(done, best + 7);
		double least = INFINITY;
		int64_t where = 0;
		for (int64_t epoch = 1; epoch <= done; epoch++) {
			double loss = mlp_trainer_history(trainer, MLP_SPLIT_VALIDATION,
							  MLP_METRIC_LOSS, epoch);
			if (loss < least) {
				least = loss;
				where = epoch;
			}
		}
		assert_int_equal(where, best);
		double last =
			mlp_trainer_history(trainer, MLP_SPLIT_VALIDATION, MLP_METRIC_LOSS, done);
		assert_true(least < last);
		assert_true(validation_loss(net) == (restore ? least : last));
		assert_ok(mlp_trainer_restore_best(trainer));
		assert_true(validation_loss(net) == least);
		assert_ok(mlp_trainer_run(trainer)); /* still out of patience */
		assert_int_equal(mlp_trainer_epochs_done(trainer), done);
		trainer_set(trainer, MLP_TRAINER_PATIENCE, 9);
		assert_ok(mlp_trainer_run(trainer));
		assert_true(mlp_trainer_epochs_done(trainer) >= done + 2);
		mlp_trainer_free(trainer);
		mlp_network_free(net);
	}
}

static void patience_counts_bad_epochs_in_a_row_only(void **state)
{
	(void)state;
	mlp_network *net = network_make(MLP_IDENTITY, 4);
	mlp_trainer *trainer = overfit(net);
	/* so large a step that losses go up and down */
	assert_ok(mlp_optimizer_set(mlp_trainer_optimizer(trainer), MLP_HYPER_ETA, 0.5));
	trainer_set(trainer, MLP_TRAINER_PATIENCE, 6);
	assert_ok(mlp_trainer_run(trainer));
	int64_t in_a_row = 0, in_all = 0, done = mlp_trainer_epochs_done(trainer);
	double best = INFINITY;
	for (int64_t epoch = 1; epoch <= done; epoch++) {
		double loss =
			mlp_trainer_history(trainer, MLP_SPLIT_VALIDATION, MLP_METRIC_LOSS, epoch);
		in_a_row = loss < best ? 0 : in_a_row + 1;
		in_all += loss >= best;
		best = loss < best ? loss : best;
		assert_int_equal(in_a_row == 6, epoch == done);
	}
	assert_true(in_all > 6);
	mlp_trainer_free(trainer);
	mlp_network_free(net);
}

static void an_improvement_below_min_delta_is_none(void **state)
{
	(void)state;
	mlp_network *net = network_make(MLP_IDENTITY, 4);
	mlp_trainer *trainer = overfit(net);
	trainer_set(trainer, MLP_TRAINER_PATIENCE, 3);
	trainer_set(trainer, MLP_TRAINER_MIN_DELTA, 1e6);
	assert_ok(mlp_trainer_run(trainer));
	assert_int_equal(mlp_trainer_best_epoch(trainer), 1);
	assert_int_equal(mlp_trainer_epochs_done(trainer), 4);
	mlp_trainer_free(trainer);
	mlp_network_free(net);
}

static void the_monitored_metric_may_be_one_that_rises(void **state)
{
	(void)state;
	mlp_network *net = network_make(MLP_IDENTITY, 4);
	mlp_trainer *trainer = overfit(net);
	trainer_set(trainer, MLP_TRAINER_EPOCHS, 60);
	assert_ok(mlp_trainer_set_monitor(trainer, MLP_METRIC_R2));
	assert_ok(mlp_trainer_run(trainer));
	int64_t best = mlp_trainer_best_epoch(trainer);
	for (int64_t epoch = 1; epoch <= 60; epoch++)
		assert_true(
			mlp_trainer_history(trainer, MLP_SPLIT_VALIDATION, MLP_METRIC_R2, epoch) <=
			mlp_trainer_history(trainer, MLP_SPLIT_VALIDATION, MLP_METRIC_R2, best));
	mlp_trainer_free(trainer);
	mlp_network_free(net);
}

/* Raises eta beyond all measure after some epochs. */
static int explode(void *context, const mlp_trainer *trainer, mlp_event event)
{
	if (event == MLP_EVENT_EPOCH && mlp_trainer_epochs_done(trainer) == 4)
		assert_ok(mlp_optimizer_set(mlp_trainer_optimizer(context), MLP_HYPER_ETA,
					    PICK(1e30, 1e250)));
	return 0;
}

static void divergence_tells_where_and_gives_good_weights_back(void **state)
{
	(void)state;
	for (int validated = 0; validated <= 1; validated++) {
		mlp_network *net = network_make(MLP_IDENTITY, 4),
			    *twin = network_make(MLP_IDENTITY, 4);
		mlp_trainer *trainers[2];
		assert_ok(mlp_network_set_activation(net, 1, MLP_RELU));
		assert_ok(mlp_network_set_activation(twin, 1, MLP_RELU));
		for (int i = 0; i < 2; i++) {
			trainers[i] = trainer_make(i == 0 ? net : twin, MLP_SGD, 0.05);
			trainer_set(trainers[i], MLP_TRAINER_EPOCHS, i == 0 ? 9 : 4);
			give_rows(&problem, trainers[i], false, false, ROWS);
			if (validated)
				give_validation(trainers[i]);
		}
		assert_ok(mlp_trainer_run(trainers[1]));
		assert_ok(mlp_trainer_set_progress(trainers[0], explode, trainers[0]));
		assert_fails(MLP_ERR_NONFINITE, "epoch 5, batch ", mlp_trainer_run(trainers[0]));
		assert_int_equal(strncmp(mlp_last_error(), "epoch 5, batch ", 15), 0);
		assert_int_equal(mlp_trainer_outcome(trainers[0]), MLP_OUTCOME_DIVERGED);
		assert_int_equal(mlp_trainer_epochs_done(trainers[0]), 4);
		assert_int_equal(mlp_trainer_batches_done(trainers[0]), 0);
		assert_same_parameters(net, twin); /* after 4 epochs, or their best */
		/* it can go on */
		assert_ok(
			mlp_optimizer_set(mlp_trainer_optimizer(trainers[0]), MLP_HYPER_ETA, 0.01));
		assert_ok(mlp_trainer_run(trainers[0]));
		assert_int_equal(mlp_trainer_epochs_done(trainers[0]), 9);
		for (int i = 0; i < 2; i++)
			mlp_trainer_free(trainers[i]);
		mlp_network_free(net);
		mlp_network_free(twin);
	}
}

static void divergence_in_the_first_epoch_gives_back_what_it_began_with(void **state)
{
	(void)state;
	mlp_network *net = network_make(MLP_IDENTITY, 4), *twin = network_make(MLP_IDENTITY, 4);
	mlp_trainer *trainer = trainer_make(net, MLP_SGD, PICK(1e25, 1e200));
	give_rows(&problem, trainer, false, false, ROWS);
	assert_fails(MLP_ERR_NONFINITE, "epoch 1, batch ", mlp_trainer_run(trainer));
	assert_same_parameters(net, twin);
	assert_int_equal(mlp_trainer_epochs_done(trainer), 0);
	mlp_trainer_free(trainer);
	mlp_network_free(net);
	mlp_network_free(twin);
}

static void a_callback_stops_after_any_batch_or_epoch(void **state)
{
	(void)state;
	for (int by_epoch = 0; by_epoch <= 1; by_epoch++) {
		mlp_network *net = network_make(MLP_IDENTITY, 4);
		mlp_trainer *trainer = trainer_make(net, MLP_ADAM, 0);
		struct stop stop = {.after_batches = by_epoch ? 0 : 7,
				    .after_epochs = by_epoch ? 2 : 0};
		give_rows(&problem, trainer, false, false, ROWS); /* 5 batches of 32 */
		assert_ok(mlp_trainer_set_progress(trainer, stop_progress, &stop));
		assert_ok(mlp_trainer_run(trainer));
		assert_int_equal(mlp_trainer_outcome(trainer), MLP_OUTCOME_STOPPED);
		assert_int_equal(stop.batches, by_epoch ? 10 : 7);
		assert_int_equal(mlp_trainer_epochs_done(trainer), by_epoch ? 2 : 1);
		assert_int_equal(mlp_trainer_batches_done(trainer), by_epoch ? 0 : 2);
		assert_int_equal(mlp_trainer_rows_done(trainer), by_epoch ? 0 : 64);
		assert_true(isfinite(mlp_trainer_batch_loss(trainer)));
		assert_true(mlp_trainer_eta(trainer) == 0.001);
		mlp_trainer_free(trainer);
		mlp_network_free(net);
	}
}

static void the_history_has_what_was_measured_and_nan_elsewhere(void **state)
{
	(void)state;
	mlp_network *net = network_make(MLP_SOFTMAX, 4);
	mlp_trainer *trainer = trainer_make(net, MLP_ADAM, 0.01);
	trainer_set(trainer, MLP_TRAINER_EPOCHS, 3);
	assert_ok(
		FN(trainer_set_data_class)(trainer, problem.x, LD_X, problem.classes, NULL, ROWS));
	assert_ok(FN(trainer_set_validation_class)(trainer, &problem.x[ROWS * LD_X], LD_X,
						   &problem.classes[ROWS], NULL, HELD));
	assert_ok(mlp_trainer_run(trainer));
	for (int64_t epoch = 0; epoch <= 4; epoch++)
		for (int metric = 1; metric <= 5; metric++) {
			bool is_epoch = epoch >= 1 && epoch <= 3;
			assert_int_equal(isfinite(mlp_trainer_history(trainer, MLP_SPLIT_TRAINING,
								      (mlp_metric)metric, epoch)),
					 is_epoch && metric == MLP_METRIC_LOSS);
			assert_int_equal(isfinite(mlp_trainer_history(trainer, MLP_SPLIT_VALIDATION,
								      (mlp_metric)metric, epoch)),
					 is_epoch && metric <= MLP_METRIC_ACCURACY);
		}
	assert_ok(mlp_trainer_reset(trainer));
	assert_int_equal(mlp_trainer_epochs_done(trainer), 0);
	assert_int_equal(mlp_trainer_best_epoch(trainer), 0);
	assert_int_equal(mlp_trainer_outcome(trainer), MLP_OUTCOME_NONE);
	assert_int_equal(mlp_optimizer_steps(mlp_trainer_optimizer(trainer)), 0);
	mlp_trainer_free(trainer);
	mlp_network_free(net);
}

static void a_schedule_sets_the_rate_of_every_batch_and_leaves_that_of_the_optimizer(void **state)
{
	(void)state;
	mlp_network *net = network_make(MLP_IDENTITY, 4), *twin = network_make(MLP_IDENTITY, 4);
	mlp_trainer *trainer = trainer_make(net, MLP_SGD, 0.1);
	mlp_rate_schedule *cosine;
	assert_ok(mlp_rate_schedule_create(MLP_RATE_COSINE, &cosine));
	assert_ok(mlp_rate_schedule_set(cosine, MLP_RATE_EPOCHS, 3));
	assert_ok(mlp_rate_schedule_set(cosine, MLP_RATE_WARMUP, 1));
	assert_ok(mlp_trainer_set_schedule(trainer, cosine));
	trainer_set(trainer, MLP_TRAINER_EPOCHS, 3);
	trainer_set(trainer, MLP_TRAINER_SHUFFLE, 0);
	give_rows(&problem, trainer, false, false, ROWS);
	assert_ok(mlp_trainer_run(trainer));
	assert_true(mlp_optimizer_get(mlp_trainer_optimizer(trainer), MLP_HYPER_ETA) == 0.1);
	mlp_workspace *ws;
	assert_ok(mlp_workspace_create(twin, 32, MLP_TRAINING, &ws));
	double eta = 0;
	for (int64_t epoch = 0; epoch < 3; epoch++)
		for (int64_t first = 0; first < ROWS; first += 32) {
			double time = (double)epoch + (double)first / ROWS;
			eta = 0.1 * mlp_rate_schedule_factor(cosine, time);
			assert_ok(FN(train_step)(twin, ws, &problem.x[first * LD_X], LD_X,
						 &problem.target[first * LD_T], LD_T, NULL,
						 ROWS - first < 32 ? ROWS - first : 32,
						 MLP_SQUARED_ERROR, 0, MLP_MEAN, eta, NULL));
		}
	assert_true(mlp_trainer_eta(trainer) == eta);
	assert_allclose(FN(network_const_parameters)(net), FN(network_const_parameters)(twin),
			(size_t)mlp_network_parameter_count(net), TOLERANCE, TOLERANCE);
	mlp_workspace_free(ws);
	mlp_rate_schedule_free(cosine);
	mlp_trainer_free(trainer);
	mlp_network_free(net);
	mlp_network_free(twin);
}

/* ---- in one call ---------------------------------------------------------------------------- */

static void a_fit_is_a_trainer_with_the_defaults_of_its_manual(void **state)
{
	(void)state;
	for (int turn = 0; turn < 4; turn++) {
		bool by_class = turn & 1;
		int64_t rows = turn & 2 ? ROWS : 15;
		mlp_activation output = by_class ? MLP_SOFTMAX : MLP_IDENTITY;
		mlp_network *net = network_make(output, 4), *twin = network_make(output, 4);
		double value, expected;
		assert_ok(FN(network_fit_input_scaling)(twin, MLP_SCALING_STANDARD, problem.x, LD_X,
							rows));
		mlp_trainer *trainer = trainer_make(twin, MLP_ADAM, 0);
		trainer_set(trainer, MLP_TRAINER_EPOCHS, 1000); /* 10000 steps are more */
		trainer_set(trainer, MLP_TRAINER_BATCH, 16);
		assert_ok(mlp_optimizer_set(mlp_trainer_optimizer(trainer), MLP_HYPER_L2, 0.01));
		assert_ok(mlp_trainer_set_seed(trainer, 6));
		if (by_class) {
			assert_ok(FN(fit_class)(net, problem.x, LD_X, problem.classes, rows, 6,
						&value));
			assert_ok(FN(trainer_set_data_class)(trainer, problem.x, LD_X,
							     problem.classes, NULL, rows));
		} else {
			assert_ok(FN(network_fit_output_scaling)(twin, MLP_SCALING_STANDARD,
								 problem.target, LD_T, rows));
			assert_ok(FN(fit)(net, problem.x, LD_X, problem.target, LD_T, rows, 6,
					  &value));
			give_rows(&problem, trainer, false, false, rows);
		}
		if (rows >= 20) {
			trainer_set(trainer, MLP_TRAINER_VALIDATION_FRACTION, 0.2);
			trainer_set(trainer, MLP_TRAINER_PATIENCE, 20);
		}
		assert_ok(mlp_trainer_run(trainer));
		assert_same_parameters(net, twin);
		assert_true(mlp_network_has_domain(net));
		assert_int_equal(mlp_network_has_output_scaling(net), !by_class);
		if (rows >= 20)
			expected =
				mlp_trainer_history(trainer, MLP_SPLIT_VALIDATION, MLP_METRIC_LOSS,
						    mlp_trainer_best_epoch(trainer));
		else
			expected = mlp_trainer_history(trainer, MLP_SPLIT_TRAINING, MLP_METRIC_LOSS,
						       mlp_trainer_epochs_done(trainer));
		assert_true(value == expected);
		mlp_trainer_free(trainer);
		mlp_network_free(net);
		mlp_network_free(twin);
	}
}

static void a_fit_that_fails_leaves_the_network_as_it_was(void **state)
{
	(void)state;
	mlp_network *net = network_make(MLP_IDENTITY, 4), *twin = network_make(MLP_IDENTITY, 4);
	static REAL target[ROWS * LD_T];
	for (size_t i = 0; i < ROWS * LD_T; i++)
		target[i] = (REAL)fabs((double)problem.target[i]);
	assert_fails(MLP_ERR_NULL, "net", FN(fit)(NULL, problem.x, LD_X, target, LD_T, 9, 0, NULL));
	assert_fails(MLP_ERR_SIZE, "rows", FN(fit)(net, problem.x, LD_X, target, LD_T, 0, 0, NULL));
	assert_ok(mlp_network_set_activation(net, 2, MLP_SOFTMAX));
	target[77 * LD_T] = (REAL)NAN;
	assert_fails(MLP_ERR_NONFINITE, "epoch 1, ",
		     FN(fit)(net, problem.x, LD_X, target, LD_T, ROWS, 0, NULL));
	assert_false(mlp_network_has_input_scaling(net));
	assert_false(mlp_network_has_output_scaling(net));
	assert_false(mlp_network_has_domain(net));
	assert_same_parameters(net, twin);
	mlp_network_free(net);
	mlp_network_free(twin);
}

static int begin(void **state)
{
	(void)state;
	problem_fill(&problem, 12);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patience_ends_training_and_the_best_weights_come_back),
		cmocka_unit_test(patience_counts_bad_epochs_in_a_row_only),
		cmocka_unit_test(an_improvement_below_min_delta_is_none),
		cmocka_unit_test(the_monitored_metric_may_be_one_that_rises),
		cmocka_unit_test(divergence_tells_where_and_gives_good_weights_back),
		cmocka_unit_test(divergence_in_the_first_epoch_gives_back_what_it_began_with),
		cmocka_unit_test(a_callback_stops_after_any_batch_or_epoch),
		cmocka_unit_test(the_history_has_what_was_measured_and_nan_elsewhere),
		cmocka_unit_test(
			a_schedule_sets_the_rate_of_every_batch_and_leaves_that_of_the_optimizer),
		cmocka_unit_test(a_fit_is_a_trainer_with_the_defaults_of_its_manual),
		cmocka_unit_test(a_fit_that_fails_leaves_the_network_as_it_was),
	};
	return cmocka_run_group_tests(tests, begin, NULL);
}
