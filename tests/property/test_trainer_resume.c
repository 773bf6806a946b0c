/* Checkpoints: a run that is taken up again has the bits of one that never stopped. */
#include "property/resuming.h"

static const mlp_optimizer_kind kinds[] = {MLP_SGD, MLP_ADAM, MLP_IRPROP_MINUS, MLP_LBFGS};

static void resumed_after_any_batch_the_bits_are_those_of_a_run_that_never_stopped(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		mlp_network *whole = make_network();
		mlp_trainer *one = make_trainer(whole, kinds[k]);
		struct stop never = {0};
		assert_ok(mlp_trainer_set_progress(one, stop_progress, &never));
		assert_ok(mlp_trainer_run(one));
		for (int64_t after = 1; after <= never.batches; after++) {
			mlp_network *net = make_network(), *loaded;
			mlp_trainer *two = make_trainer(net, kinds[k]);
			mlp_pool *pool;
			struct stop stop = {.after_batches = after};
			assert_ok(mlp_trainer_set_progress(two, stop_progress, &stop));
			assert_ok(mlp_trainer_set_checkpoint(two, path, after % 2 == 0 ? 1 : 0));
			assert_ok(mlp_trainer_run(two));
			if (after % 2 == 1)
				assert_ok(mlp_trainer_save(two, path));
			mlp_trainer_free(two);
			assert_ok(mlp_network_load(path, NULL, &loaded));
			assert_same_parameters(loaded, net);
			mlp_network_free(net);
			two = take_up(loaded, 1 + after % 3, &pool);
			assert_ok(mlp_trainer_run(two));
			assert_same_trainers(one, two);
			mlp_trainer_free(two);
			mlp_network_free(loaded);
			mlp_pool_free(pool);
		}
		mlp_trainer_free(one);
		mlp_network_free(whole);
	}
}

static void a_finished_run_resumed_goes_on_from_its_last_weights(void **state)
{
	(void)state;
	mlp_network *nets[2] = {make_network(), make_network()}, *loaded;
	mlp_trainer *one = make_trainer(nets[0], MLP_ADAM), *two = make_trainer(nets[1], MLP_ADAM);
	mlp_pool *pool;
	for (int i = 0; i < 2; i++) {
		trainer_set(i == 0 ? one : two, MLP_TRAINER_PATIENCE, 0);
		trainer_set(i == 0 ? one : two, MLP_TRAINER_EPOCHS, i == 0 ? 9 : 6);
		assert_ok(mlp_trainer_run(i == 0 ? one : two));
	}
	assert_ok(mlp_trainer_save(two, path)); /* the network shows the best weights */
	mlp_trainer_free(two);
	assert_ok(mlp_network_load(path, NULL, &loaded));
	two = take_up(loaded, 1, &pool);
	trainer_set(two, MLP_TRAINER_EPOCHS, 9);
	assert_ok(mlp_trainer_run(two));
	assert_same_trainers(one, two);
	mlp_trainer_free(one);
	mlp_trainer_free(two);
	mlp_pool_free(pool);
	mlp_network_free(loaded);
	mlp_network_free(nets[0]);
	mlp_network_free(nets[1]);
}

struct lowering {
	mlp_trainer *trainer;
	mlp_event when; /* in the second epoch */
};

static int lowers_eta(void *context, const mlp_trainer *trainer, mlp_event event)
{
	const struct lowering *lowering = context;
	int64_t epochs = mlp_trainer_epochs_done(trainer) + (event == MLP_EVENT_BATCH);
	if (event != lowering->when || epochs < 2)
		return 0;
	assert_ok(
		mlp_optimizer_set(mlp_trainer_optimizer(lowering->trainer), MLP_HYPER_ETA, 0.005));
	return 1;
}

static void what_the_callback_sets_is_in_the_checkpoint(void **state)
{
	(void)state;
	for (int turn = 0; turn < 4; turn++) {
		const mlp_event when = turn & 2 ? MLP_EVENT_BATCH : MLP_EVENT_EPOCH;
		mlp_network *nets[2] = {make_network(), make_network()}, *loaded;
		mlp_trainer *one = make_trainer(nets[0], MLP_ADAM),
			    *two = make_trainer(nets[1], MLP_ADAM);
		mlp_pool *pool;
		struct lowering first = {one, when}, second = {two, when};
		assert_ok(mlp_trainer_set_progress(one, lowers_eta, &first));
		assert_ok(mlp_trainer_set_progress(two, lowers_eta, &second));
		assert_ok(mlp_trainer_set_checkpoint(two, path, turn & 1));
		assert_ok(mlp_trainer_run(one));
		assert_ok(mlp_trainer_run(two));
		mlp_trainer_free(two);
		assert_ok(mlp_network_load(path, NULL, &loaded));
		two = take_up(loaded, 1, &pool);
		assert_int_equal(mlp_trainer_outcome(two), MLP_OUTCOME_STOPPED);
		assert_same_trainers(one, two);
		assert_ok(mlp_trainer_set_progress(one, NULL, NULL));
		assert_ok(mlp_trainer_run(one));
		assert_ok(mlp_trainer_run(two));
		assert_same_trainers(one, two);
		mlp_trainer_free(one);
		mlp_trainer_free(two);
		mlp_pool_free(pool);
		mlp_network_free(loaded);
		mlp_network_free(nets[0]);
		mlp_network_free(nets[1]);
	}
}

static void a_finished_run_resumed_tells_its_outcome_and_shows_its_weights(void **state)
{
	(void)state;
	for (int early = 0; early <= 1; early++) {
		mlp_network *net = make_network(), *loaded;
		mlp_trainer *one = make_trainer(net, MLP_ADAM), *two;
		mlp_pool *pool;
		trainer_set(one, MLP_TRAINER_EPOCHS, early ? 50 : 4);
		trainer_set(one, MLP_TRAINER_PATIENCE, early ? 2 : 0);
		assert_ok(mlp_trainer_set_checkpoint(one, path, 0));
		assert_ok(mlp_trainer_run(one));
		assert_int_equal(mlp_trainer_outcome(one),
				 early ? MLP_OUTCOME_EARLY : MLP_OUTCOME_EPOCHS);
		assert_ok(mlp_network_load(path, NULL, &loaded));
		two = take_up(loaded, 1, &pool);
		assert_same_trainers(one, two);
		assert_ok(mlp_trainer_run(two)); /* there is nothing to do */
		assert_same_trainers(one, two);
		mlp_trainer_free(one);
		mlp_trainer_free(two);
		mlp_pool_free(pool);
		mlp_network_free(loaded);
		mlp_network_free(net);
	}
}

static void lbfgs_that_has_converged_stays_so_when_resumed(void **state)
{
	(void)state;
	mlp_network *nets[2] = {make_network(), make_network()}, *loaded;
	mlp_trainer *one = make_trainer(nets[0], MLP_LBFGS), *two;
	mlp_pool *pool;
	mlp_optimizer *optimizer = mlp_trainer_optimizer(one);
	assert_ok(mlp_optimizer_set(optimizer, MLP_HYPER_L2, 0.1)); /* it converges soon */
	trainer_set(one, MLP_TRAINER_EPOCHS, 2000);
	trainer_set(one, MLP_TRAINER_PATIENCE, 0);
	assert_ok(mlp_trainer_run(one));
	assert_int_equal(mlp_trainer_outcome(one), MLP_OUTCOME_EARLY);
	for (int where = 0; where < 3; where++) { /* after its last batch, epoch, everything */
		const int64_t last = mlp_trainer_epochs_done(one);
		struct stop stop = {.after_batches = where == 0 ? last : 0,
				    .after_epochs = where == 1 ? last : 0};
		two = make_trainer(nets[1], MLP_LBFGS);
		assert_ok(mlp_network_init(nets[1], MLP_ALL_LAYERS, MLP_INIT_GLOROT_UNIFORM, 0, 2));
		optimizer = mlp_trainer_optimizer(two);
		assert_ok(mlp_optimizer_set(optimizer, MLP_HYPER_L2, 0.1));
		trainer_set(two, MLP_TRAINER_EPOCHS, 2000);
		trainer_set(two, MLP_TRAINER_PATIENCE, 0);
		assert_ok(mlp_trainer_set_progress(two, stop_progress, &stop));
		assert_ok(mlp_trainer_set_checkpoint(two, path, 0));
		assert_ok(mlp_trainer_run(two));
		mlp_trainer_free(two);
		assert_ok(mlp_network_load(path, NULL, &loaded));
		two = take_up(loaded, 1, &pool);
		assert_ok(mlp_trainer_run(two));
		assert_same_trainers(one, two);
		assert_ok(mlp_trainer_run(two));
		assert_same_trainers(one, two);
		mlp_trainer_free(two);
		mlp_network_free(loaded);
		mlp_pool_free(pool);
	}
	mlp_trainer_free(one);
	mlp_network_free(nets[0]);
	mlp_network_free(nets[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			resumed_after_any_batch_the_bits_are_those_of_a_run_that_never_stopped),
		cmocka_unit_test(a_finished_run_resumed_goes_on_from_its_last_weights),
		cmocka_unit_test(what_the_callback_sets_is_in_the_checkpoint),
		cmocka_unit_test(a_finished_run_resumed_tells_its_outcome_and_shows_its_weights),
		cmocka_unit_test(lbfgs_that_has_converged_stays_so_when_resumed),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
