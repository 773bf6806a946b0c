/* Checkpoints: a run that is taken up again has the bits of one that never stopped. */
#include <unistd.h>

#include "property/training.h"

static struct problem problem;
static char path[64];

static const mlp_optimizer_kind kinds[] = {MLP_SGD, MLP_ADAM, MLP_IRPROP_MINUS, MLP_LBFGS};

static mlp_network *make_network(void)
{
	mlp_network *net = network_make(MLP_SOFTMAX, 2);
	assert_ok(mlp_network_set_dropout(net, 0, 0.1));
	assert_ok(mlp_network_set_dropout(net, 1, 0.3));
	assert_ok(mlp_network_set_bias(net, 1, 0));
	assert_ok(FN(network_fit_input_scaling)(net, MLP_SCALING_STANDARD, problem.x, LD_X, ROWS));
	return net;
}

static void give_data(mlp_trainer *trainer)
{
	assert_ok(FN(trainer_set_data_class)(trainer, problem.x, LD_X, problem.classes,
					     problem.weight, ROWS));
}

/* A trainer with everything that has a state. */
static mlp_trainer *make_trainer(mlp_network *net, mlp_optimizer_kind kind)
{
	const double class_weights[] = {1, 0.5, 2};
	mlp_trainer *trainer =
		trainer_make(net, kind, kind == MLP_SGD || kind == MLP_ADAM ? 0.02 : 0);
	trainer_set(trainer, MLP_TRAINER_EPOCHS, 5);
	trainer_set(trainer, MLP_TRAINER_BATCH, 40);
	trainer_set(trainer, MLP_TRAINER_VALIDATION_FRACTION, 0.3);
	trainer_set(trainer, MLP_TRAINER_MEASURE_TRAINING, 1);
	trainer_set(trainer, MLP_TRAINER_PATIENCE, 4);
	assert_ok(mlp_trainer_set_seed(trainer, UINT64_MAX - 5));
	assert_ok(mlp_trainer_set_monitor(trainer, MLP_METRIC_ACCURACY));
	assert_ok(mlp_trainer_set_loss(trainer, MLP_CROSS_ENTROPY, 0.05));
	assert_ok(mlp_trainer_set_class_weights(trainer, class_weights, OUT));
	if (kind == MLP_SGD)
		assert_ok(
			mlp_optimizer_set(mlp_trainer_optimizer(trainer), MLP_HYPER_MOMENTUM, 0.9));
	if (kind == MLP_LBFGS)
		assert_ok(mlp_optimizer_set(mlp_trainer_optimizer(trainer), MLP_HYPER_HISTORY, 3));
	if (kind == MLP_SGD || kind == MLP_ADAM) {
		mlp_rate_schedule *plateau;
		assert_ok(mlp_rate_schedule_create(MLP_RATE_PLATEAU, &plateau));
		assert_ok(mlp_rate_schedule_set(plateau, MLP_RATE_PATIENCE, 0));
		assert_ok(mlp_rate_schedule_set(plateau, MLP_RATE_FACTOR, 0.8));
		assert_ok(mlp_rate_schedule_set(plateau, MLP_RATE_WARMUP, 1.5));
		assert_ok(mlp_trainer_set_schedule(trainer, plateau));
		mlp_rate_schedule_free(plateau);
	}
	give_data(trainer);
	return trainer;
}

static void assert_same_trainers(mlp_trainer *a, mlp_trainer *b)
{
	assert_same_history(a, b);
	assert_int_equal(mlp_trainer_outcome(a), mlp_trainer_outcome(b));
	mlp_optimizer *one = mlp_trainer_optimizer(a), *two = mlp_trainer_optimizer(b);
	for (int64_t i = 0; i < mlp_optimizer_scalar_count(one); i++)
		assert_true(mlp_optimizer_scalar(one, i) == mlp_optimizer_scalar(two, i));
	for (int h = MLP_HYPER_ETA; h <= MLP_HYPER_TRIALS; h++) {
		double x = mlp_optimizer_get(one, (mlp_hyper)h),
		       y = mlp_optimizer_get(two, (mlp_hyper)h);
		assert_true(x == y || (isnan(x) && isnan(y)));
	}
	assert_same_parameters(mlp_trainer_network(a), mlp_trainer_network(b));
}

/* A second trainer, that knows nothing but the file and the data. */
static mlp_trainer *take_up(mlp_network *net, int64_t workers, mlp_pool **pool)
{
	mlp_trainer *trainer = trainer_make(net, MLP_ADAM, 0);
	assert_ok(mlp_trainer_resume(trainer, path));
	assert_ok(mlp_pool_create(workers, pool));
	assert_ok(mlp_trainer_set_pool(trainer, *pool));
	give_data(trainer);
	return trainer;
}

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

/* ---- files that are not taken --------------------------------------------------------------- */

static size_t read_file(char *bytes, size_t most)
{
	FILE *file = fopen(path, "rb");
	size_t size = fread(bytes, 1, most, file);
	fclose(file);
	return size;
}

static void write_file(const char *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void a_damaged_checkpoint_is_refused_and_changes_nothing(void **state)
{
	(void)state;
	static char bytes[1 << 17], damaged[1 << 17];
	mlp_network *net = make_network(), *other = make_network();
	mlp_trainer *trainer = make_trainer(net, MLP_ADAM),
		    *untouched = make_trainer(other, MLP_ADAM);
	struct stop stops[2] = {{.after_batches = 7}, {.after_batches = 7}};
	assert_ok(mlp_trainer_set_progress(trainer, stop_progress, &stops[0]));
	assert_ok(mlp_trainer_set_progress(untouched, stop_progress, &stops[1]));
	assert_ok(mlp_trainer_run(trainer));
	assert_ok(mlp_trainer_run(untouched));
	assert_ok(mlp_trainer_save(trainer, path));
	size_t size = read_file(bytes, sizeof(bytes));
	assert_in_range(size, 1000, sizeof(bytes) - 1);
	for (size_t at = 0; at < size; at += 11) {
		memcpy(damaged, bytes, size);
		damaged[at] ^= (char)(1 << (at % 7));
		write_file(damaged, size);
		mlp_status status = mlp_trainer_resume(trainer, path);
		if (status ==
		    MLP_OK) /* what says nothing about training: a space, the version, ... */
			fail_msg("byte %zu of %zu may be flipped", at, size);
		assert_true(status == MLP_ERR_FORMAT || status == MLP_ERR_LIMIT ||
			    status == MLP_ERR_SHAPE);
	}
	for (size_t length = 0; length < size; length += 97) {
		write_file(bytes, length);
		assert_fails(MLP_ERR_FORMAT, "", mlp_trainer_resume(trainer, path));
	}
	assert_ok(mlp_trainer_run(trainer));
	assert_ok(mlp_trainer_run(untouched));
	assert_same_trainers(trainer, untouched);
	mlp_trainer_free(trainer);
	mlp_trainer_free(untouched);
	mlp_network_free(net);
	mlp_network_free(other);
}

static void what_is_no_checkpoint_of_this_network_is_refused(void **state)
{
	(void)state;
	mlp_network *net = make_network(), *other;
	mlp_trainer *trainer = make_trainer(net, MLP_ADAM);
	assert_ok(mlp_network_save(net, path));
	assert_fails(MLP_ERR_FORMAT, "no checkpoint", mlp_trainer_resume(trainer, path));
	unlink(path);
	assert_fails(MLP_ERR_IO, path, mlp_trainer_resume(trainer, path));
	assert_fails(MLP_ERR_IO, "/no/such", mlp_trainer_save(trainer, "/no/such/folder/file"));
	assert_ok(mlp_trainer_set_checkpoint(trainer, "/no/such/folder/file", 1));
	assert_fails(MLP_ERR_IO, "checkpoint after epoch 0, batch 1: ", mlp_trainer_run(trainer));
	assert_fails(MLP_ERR_SIZE, "every is -1", mlp_trainer_set_checkpoint(trainer, path, -1));
	assert_ok(mlp_trainer_set_checkpoint(trainer, NULL, -1));
	assert_ok(mlp_trainer_run(trainer));
	assert_ok(mlp_trainer_save(trainer, path));
	for (int change = 0; change < 6; change++) {
		const int64_t widths[] = {IN, 8, OUT};
		other = make_network();
		if (change == 0)
			assert_ok(mlp_network_set_activation(other, 1, MLP_SIN));
		if (change == 1)
			assert_ok(mlp_network_set_dropout(other, 1, 0.2));
		if (change == 2)
			assert_ok(mlp_network_set_input_scaling(other, NULL, NULL));
		if (change == 3)
			assert_ok(mlp_network_set_frozen(other, 1, 1));
		if (change == 4)
			assert_ok(mlp_network_set_bias(other, 1, 1));
		if (change == 5) {
			mlp_network_free(other);
			assert_ok(mlp_network_create(REAL_DTYPE, widths, 3, &other));
		}
		mlp_trainer *wrong = trainer_make(other, MLP_ADAM, 0);
		assert_fails(MLP_ERR_SHAPE, "", mlp_trainer_resume(wrong, path));
		mlp_trainer_free(wrong);
		mlp_network_free(other);
	}
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_resume(NULL, path));
	assert_fails(MLP_ERR_NULL, "path", mlp_trainer_resume(trainer, NULL));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_save(NULL, path));
	assert_fails(MLP_ERR_NULL, "path", mlp_trainer_save(trainer, NULL));
	assert_fails(MLP_ERR_NULL, "trainer", mlp_trainer_set_checkpoint(NULL, path, 1));
	mlp_trainer_free(trainer);
	mlp_network_free(net);
}

static int begin(void **state)
{
	(void)state;
	problem_fill(&problem, 12);
	snprintf(path, sizeof(path), "checkpoint-%d-%ld.safetensors", MLP_REAL_BITS,
		 (long)getpid());
	return 0;
}

static int end(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			resumed_after_any_batch_the_bits_are_those_of_a_run_that_never_stopped),
		cmocka_unit_test(a_finished_run_resumed_goes_on_from_its_last_weights),
		cmocka_unit_test(a_damaged_checkpoint_is_refused_and_changes_nothing),
		cmocka_unit_test(what_is_no_checkpoint_of_this_network_is_refused),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
