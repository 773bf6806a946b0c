/* The trainer against itself: stopped and continued, with more epochs, with any number of workers. */
#include "property/training.h"

static struct problem problem;

/* A trainer with everything that has a state. */
static mlp_trainer *full_trainer(mlp_network *net, mlp_optimizer_kind kind, double epochs)
{
	mlp_trainer *trainer = trainer_make(net, kind, kind == MLP_LBFGS ? 0 : 0.02);
	mlp_rate_schedule *plateau;
	trainer_set(trainer, MLP_TRAINER_EPOCHS, epochs);
	trainer_set(trainer, MLP_TRAINER_BATCH, 40);
	trainer_set(trainer, MLP_TRAINER_VALIDATION_FRACTION, 0.3);
	assert_ok(mlp_trainer_set_monitor(trainer, MLP_METRIC_ACCURACY));
	if (kind != MLP_LBFGS) {
		assert_ok(mlp_rate_schedule_create(MLP_RATE_PLATEAU, &plateau));
		assert_ok(mlp_rate_schedule_set(plateau, MLP_RATE_PATIENCE, 0));
		assert_ok(mlp_rate_schedule_set(plateau, MLP_RATE_FACTOR, 0.8));
		assert_ok(mlp_rate_schedule_set(plateau, MLP_RATE_WARMUP, 2.5));
		assert_ok(mlp_trainer_set_schedule(trainer, plateau));
		mlp_rate_schedule_free(plateau);
	}
	give_rows(&problem, trainer, true, true, ROWS);
	return trainer;
}

static void stopped_after_any_batch_it_goes_on_as_if_it_had_not(void **state)
{
	(void)state;
	for (int k = 0; k < 2; k++) {
		mlp_optimizer_kind kind = k == 0 ? MLP_ADAM : MLP_LBFGS;
		mlp_network *whole = network_make(MLP_SOFTMAX, 2);
		mlp_trainer *one = full_trainer(whole, kind, 6);
		struct stop never = {0};
		assert_ok(mlp_trainer_set_progress(one, stop_progress, &never));
		assert_ok(mlp_trainer_run(one));
		assert_int_equal(never.epochs, 6);
		assert_int_equal(never.batches, k == 0 ? 18 : 6);
		for (int64_t after = 1; after <= never.batches; after++) {
			mlp_network *net = network_make(MLP_SOFTMAX, 2);
			mlp_trainer *two = full_trainer(net, kind, 6);
			struct stop stop = {.after_batches = after};
			assert_ok(mlp_trainer_set_progress(two, stop_progress, &stop));
			assert_ok(mlp_trainer_run(two));
			assert_int_equal(mlp_trainer_outcome(two), MLP_OUTCOME_STOPPED);
			if (mlp_trainer_best_epoch(two) > 0)
				assert_ok(mlp_trainer_restore_best(two));
			assert_ok(mlp_trainer_run(two));
			assert_int_equal(mlp_trainer_outcome(two), MLP_OUTCOME_EPOCHS);
			assert_same_parameters(net, whole);
			assert_same_history(one, two);
			mlp_trainer_free(two);
			mlp_network_free(net);
		}
		mlp_trainer_free(one);
		mlp_network_free(whole);
	}
}

static void more_epochs_go_on_from_the_last_and_not_from_the_best(void **state)
{
	(void)state;
	mlp_network *nets[2] = {network_make(MLP_SOFTMAX, 2), network_make(MLP_SOFTMAX, 2)};
	mlp_trainer *one = full_trainer(nets[0], MLP_ADAM, 12),
		    *two = full_trainer(nets[1], MLP_ADAM, 5);
	assert_ok(mlp_trainer_run(one));
	assert_ok(mlp_trainer_run(two));
	for (int epochs = 6; mlp_trainer_best_epoch(two) == epochs - 1 && epochs < 12; epochs++) {
		trainer_set(two, MLP_TRAINER_EPOCHS, epochs);
		assert_ok(mlp_trainer_run(two));
	}
	assert_true(mlp_trainer_best_epoch(two) < mlp_trainer_epochs_done(two));
	assert_ok(mlp_trainer_run(two)); /* nothing left to do */
	trainer_set(two, MLP_TRAINER_EPOCHS, 12);
	assert_ok(mlp_trainer_run(two));
	assert_same_parameters(nets[0], nets[1]);
	assert_same_history(one, two);
	for (int i = 0; i < 2; i++) {
		mlp_trainer_free(i == 0 ? one : two);
		mlp_network_free(nets[i]);
	}
}

static void any_number_of_workers_trains_the_same_bits(void **state)
{
	(void)state;
	mlp_network *alone = network_make(MLP_SOFTMAX, 2);
	mlp_trainer *one = full_trainer(alone, MLP_ADAM, 3);
	assert_ok(mlp_trainer_run(one));
	for (int64_t workers = 1; workers <= 3; workers++) {
		mlp_pool *pool;
		mlp_network *net = network_make(MLP_SOFTMAX, 2);
		mlp_trainer *two = full_trainer(net, MLP_ADAM, 3);
		assert_ok(mlp_pool_create(workers, &pool));
		assert_ok(mlp_trainer_set_pool(two, pool));
		assert_ok(mlp_trainer_run(two));
		assert_same_parameters(alone, net);
		assert_same_history(one, two);
		mlp_trainer_free(two);
		mlp_network_free(net);
		mlp_pool_free(pool);
	}
	mlp_trainer_free(one);
	mlp_network_free(alone);
}

static int fill(void **state)
{
	(void)state;
	problem_fill(&problem, 12);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stopped_after_any_batch_it_goes_on_as_if_it_had_not),
		cmocka_unit_test(more_epochs_go_on_from_the_last_and_not_from_the_best),
		cmocka_unit_test(any_number_of_workers_trains_the_same_bits),
	};
	return cmocka_run_group_tests(tests, fill, NULL);
}
