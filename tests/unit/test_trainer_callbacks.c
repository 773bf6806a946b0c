/* What a trainer's callbacks may do, and what it makes of what they do wrong. */
#include <math.h>
#include <stdlib.h>

#include "unit/small_trainer.h"

/* ---- callbacks ------------------------------------------------------------------------------ */

static int64_t nothing(void *context, void *data, size_t size)
{
	(void)context;
	(void)data;
	(void)size;
	return 0;
}

static int changes(void *context, const mlp_trainer *running, mlp_event event)
{
	mlp_trainer *self = context;
	(void)event;
	assert_ptr_equal(running, self);
	assert_fails(MLP_ERR_STATE, "inside a callback", mlp_trainer_run(self));
	assert_fails(MLP_ERR_STATE, "inside a callback", mlp_trainer_reset(self));
	assert_fails(MLP_ERR_STATE, "inside a callback", mlp_trainer_restore_best(self));
	assert_fails(MLP_ERR_STATE, "inside a callback", mlp_trainer_resume(self, "file", NULL));
	assert_fails(MLP_ERR_STATE, "inside a callback",
		     mlp_trainer_resume_from(self, nothing, NULL, NULL));
	assert_fails(MLP_ERR_STATE, "inside a callback", mlp_trainer_set_checkpoint(self, NULL, 0));
	assert_fails(MLP_ERR_STATE, "inside a callback",
		     mlp_trainer_set(self, MLP_TRAINER_EPOCHS, 1));
	assert_fails(MLP_ERR_STATE, "inside a callback", mlp_trainer_set_pool(self, NULL));
	assert_fails(MLP_ERR_STATE, "inside a callback", mlp_trainer_set_seed(self, 1));
	assert_fails(MLP_ERR_STATE, "inside a callback", mlp_trainer_set_schedule(self, NULL));
	assert_fails(MLP_ERR_STATE, "inside a callback",
		     mlp_trainer_set_monitor(self, MLP_METRIC_LOSS));
	assert_fails(MLP_ERR_STATE, "inside a callback",
		     mlp_trainer_set_loss(self, MLP_SQUARED_ERROR, 0));
	assert_fails(MLP_ERR_STATE, "inside a callback",
		     mlp_trainer_set_class_weights(self, NULL, 0));
	assert_fails(MLP_ERR_STATE, "inside a callback",
		     mlp_trainer_set_progress(self, NULL, NULL));
	assert_fails(MLP_ERR_STATE, "inside a callback",
		     FN(trainer_set_data)(self, x, IN, target, OUT, NULL, ROWS));
	assert_fails(MLP_ERR_STATE, "inside a callback",
		     FN(trainer_set_validation)(self, NULL, 0, NULL, 0, NULL, 0));
	return 0;
}

static void a_running_trainer_is_not_changed_from_inside(void **state)
{
	(void)state;
	assert_ok(FN(trainer_set_data)(trainer, x, IN, target, OUT, NULL, ROWS));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 2));
	assert_ok(mlp_trainer_set_progress(trainer, changes, trainer));
	assert_ok(mlp_trainer_run(trainer));
	assert_int_equal(mlp_trainer_epochs_done(trainer), 2);
}

/* A source that fails, or lies, or has nothing; whatever `context` says, once. */
static int64_t bad_source(void *context, int64_t epoch, int64_t first, int64_t most, REAL *into,
			  REAL *targets, REAL *weights)
{
	int64_t *answer = context, said = *answer;
	assert_true(epoch >= 1 && most >= 1 && weights[0] == 1);
	weights[0] = (REAL)0.5;
	memset(into, 0, (size_t)(most * IN) * sizeof(REAL));
	memset(targets, 0, (size_t)(most * OUT) * sizeof(REAL));
	if (first == 0)
		return said == 0 ? 0 : 1;
	*answer = 1;
	return first >= 20 ? 0 : said;
}

static void a_source_that_fails_ends_the_run_which_can_go_on(void **state)
{
	(void)state;
	int64_t answer = -3;
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 2));
	assert_ok(FN(trainer_set_source)(trainer, bad_source, &answer, -1));
	assert_fails(MLP_ERR_CALLBACK, "epoch 1, batch 2: the source failed (-3) after 1 rows",
		     mlp_trainer_run(trainer));
	assert_int_equal(mlp_trainer_rows_done(trainer), 1);
	assert_int_equal(mlp_trainer_outcome(trainer), MLP_OUTCOME_NONE);
	answer = 33;
	assert_fails(MLP_ERR_CALLBACK, "delivered 33 rows where 32 were wanted",
		     mlp_trainer_run(trainer));
	assert_ok(mlp_trainer_run(trainer));
	assert_int_equal(mlp_trainer_epochs_done(trainer), 2);
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 3));
	answer = 0;
	assert_fails(MLP_ERR_CALLBACK, "delivered no rows", mlp_trainer_run(trainer));
	assert_fails(MLP_ERR_SIZE, "rows is 0",
		     FN(trainer_set_source)(trainer, bad_source, &answer, 0));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_VALIDATION_FRACTION, 0.5));
	assert_fails(MLP_ERR_STATE, "split off a source", mlp_trainer_run(trainer));
}

/* A source that tries what only the progress callback may, and gives the weight that it is told. */
struct meddler {
	mlp_trainer *trainer;
	REAL weight;
};

static int64_t meddle(void *context, int64_t epoch, int64_t first, int64_t most, REAL *into,
		      REAL *targets, REAL *weights)
{
	const struct meddler *meddler = context;
	(void)epoch;
	assert_fails(MLP_ERR_STATE, "not from inside a source",
		     mlp_trainer_save(meddler->trainer, "never-written"));
	assert_fails(MLP_ERR_STATE, "inside a callback",
		     mlp_trainer_set(meddler->trainer, MLP_TRAINER_EPOCHS, 1));
	memset(into, 0, (size_t)(most * IN) * sizeof(REAL));
	memset(targets, 0, (size_t)(most * OUT) * sizeof(REAL));
	if (first == 32)
		weights[1] = meddler->weight;
	return most;
}

static void a_source_saves_nothing_and_its_weights_are_looked_at(void **state)
{
	(void)state;
	const REAL wrong[] = {-1, (REAL)NAN, (REAL)INFINITY};
	const char *path = MLP_REAL_BITS == 32 ? "saved-f32" : "saved-f64"; /* both run at once */
	struct meddler meddler = {trainer, 0};
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 1));
	assert_ok(FN(trainer_set_source)(trainer, meddle, &meddler, 64));
	for (int i = 0; i < 3; i++) {
		meddler.weight = wrong[i];
		assert_fails(MLP_ERR_VALUE, "epoch 1, batch 2: the source's weight of row 33 is",
			     mlp_trainer_run(trainer));
	}
	meddler.weight = 0;
	assert_ok(mlp_trainer_run(trainer));
	assert_ok(mlp_trainer_save(trainer, path));
	assert_int_equal(remove(path), 0);
}

static void validation_by_class_wants_a_loss_that_takes_classes(void **state)
{
	(void)state;
	REAL before[64];
	const int64_t count = mlp_network_parameter_count(net);
	assert_ok(FN(network_get_parameters)(net, before, count));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 1));
	assert_ok(FN(trainer_set_data)(trainer, x, IN, target, OUT, NULL, ROWS));
	assert_ok(FN(trainer_set_validation_class)(trainer, x, IN, classes, NULL, ROWS));
	assert_fails(MLP_ERR_LOSS, "squared_error takes no class", mlp_trainer_run(trainer));
	assert_memory_equal(before, FN(network_const_parameters)(net),
			    (size_t)count * sizeof(REAL)); /* nothing was trained */
	assert_int_equal(mlp_trainer_batches_done(trainer), 0);
	assert_ok(mlp_trainer_set_loss(trainer, MLP_CROSS_ENTROPY, 0));
	assert_ok(mlp_trainer_run(trainer));
}

static int stops(void *context, const mlp_trainer *running, mlp_event event)
{
	(void)context;
	(void)running;
	(void)event;
	return 1;
}

static void another_number_of_rows_within_an_epoch_is_refused(void **state)
{
	(void)state;
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_BATCH, 4));
	assert_ok(FN(trainer_set_data)(trainer, x, IN, target, OUT, NULL, ROWS));
	assert_ok(mlp_trainer_set_progress(trainer, stops, NULL));
	assert_ok(mlp_trainer_run(trainer));
	assert_ok(FN(trainer_set_data)(trainer, x, IN, target, OUT, NULL, ROWS - 1));
	assert_fails(MLP_ERR_STATE, "within an epoch of 10 rows, now there are 9",
		     mlp_trainer_run(trainer));
	assert_ok(mlp_trainer_reset(trainer));
	assert_ok(mlp_trainer_run(trainer));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_running_trainer_is_not_changed_from_inside),
		TEST(a_source_that_fails_ends_the_run_which_can_go_on),
		TEST(a_source_saves_nothing_and_its_weights_are_looked_at),
		TEST(validation_by_class_wants_a_loss_that_takes_classes),
		TEST(another_number_of_rows_within_an_epoch_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
