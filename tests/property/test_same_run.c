/* The same seed gives the same training run: repeated, with any number of workers, in another process. Held
 * against each other are the digests of the network after every epoch, of a trainer that shuffles, drops units,
 * holds rows back, follows a schedule, and whose last batch is smaller. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "property/real.h"

enum { IN = 20, HIDDEN = 96, OUT = 5, ROWS = 410, BATCH = 48, EPOCHS = 4, NO_POOL = 0 };

static const int worker_counts[] = {NO_POOL, 1, 2, 3, 5, 16};
static const mlp_optimizer_kind kinds[] = {MLP_ADAM, MLP_SGD, MLP_LBFGS};

enum {
	WORKER_COUNTS = sizeof(worker_counts) / sizeof(worker_counts[0]),
	KINDS = sizeof(kinds) / sizeof(kinds[0])
};

static const char *own_path;

struct run {
	uint64_t digests[EPOCHS + 1]; /* [0] before training */
	int epochs;
};

static int note_digest(void *context, const mlp_trainer *trainer, mlp_event event)
{
	struct run *run = context;
	if (event == MLP_EVENT_EPOCH && run->epochs < EPOCHS)
		assert_ok(mlp_network_digest(mlp_trainer_network(trainer),
					     &run->digests[++run->epochs]));
	return 0;
}

static mlp_network *make_network(void)
{
	const int64_t widths[] = {IN, HIDDEN, 64, OUT};
	mlp_network *net;
	assert_ok(mlp_network_create(REAL_DTYPE, widths, 4, &net));
	assert_ok(mlp_network_set_activation(net, 1, MLP_TANH));
	assert_ok(mlp_network_set_activation(net, 3, MLP_SOFTMAX));
	assert_ok(mlp_network_set_dropout(net, 0, 0.1));
	assert_ok(mlp_network_set_dropout(net, 2, 0.3));
	return net;
}

static struct run train(mlp_optimizer_kind kind, int workers, uint64_t seed)
{
	static REAL x[ROWS * IN];
	static int64_t classes[ROWS];
	struct run run = {0};
	mlp_network *net = make_network();
	mlp_trainer *trainer;
	mlp_rate_schedule *schedule;
	mlp_pool *pool = NULL;
	uint64_t state = 7;
	for (int i = 0; i < ROWS * IN; i++)
		x[i] = (REAL)random_real(&state);
	for (int n = 0; n < ROWS; n++)
		classes[n] = (x[n * IN] > x[n * IN + 1]) + 2 * (x[n * IN + 2] > 0);
	if (workers != NO_POOL)
		assert_ok(mlp_pool_create(workers, &pool));
	assert_ok(mlp_trainer_create(net, kind, &trainer));
	assert_ok(mlp_trainer_set_pool(trainer, pool));
	assert_ok(mlp_trainer_set_seed(trainer, seed));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_BATCH, BATCH));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, EPOCHS));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_VALIDATION_FRACTION, 0.1));
	if (kind != MLP_LBFGS) {
		assert_ok(mlp_rate_schedule_create(MLP_RATE_COSINE, &schedule));
		assert_ok(mlp_trainer_set_schedule(trainer, schedule));
		mlp_rate_schedule_free(schedule);
	}
	if (kind == MLP_SGD)
		assert_ok(
			mlp_optimizer_set(mlp_trainer_optimizer(trainer), MLP_HYPER_MOMENTUM, 0.9));
	assert_ok(FN(trainer_set_data_class)(trainer, x, IN, classes, NULL, ROWS));
	assert_ok(mlp_trainer_set_progress(trainer, note_digest, &run));
	assert_ok(mlp_network_digest(net, &run.digests[0]));
	assert_ok(mlp_trainer_run(trainer));
	assert_int_equal(run.epochs, EPOCHS);
	mlp_trainer_free(trainer);
	mlp_pool_free(pool);
	mlp_network_free(net);
	return run;
}

static void assert_same_run(const struct run *a, const struct run *b, int workers)
{
	for (int epoch = 0; epoch <= EPOCHS; epoch++)
		if (a->digests[epoch] != b->digests[epoch])
			fail_msg("epoch %d, %d workers: %016" PRIx64 " instead of %016" PRIx64,
				 epoch, workers, b->digests[epoch], a->digests[epoch]);
}

static void any_number_of_workers_gives_the_same_run(void **state)
{
	(void)state;
	for (int k = 0; k < KINDS; k++) {
		const struct run alone = train(kinds[k], NO_POOL, 1);
		for (int i = 1; i < WORKER_COUNTS; i++) {
			const struct run shared = train(kinds[k], worker_counts[i], 1);
			assert_same_run(&alone, &shared, worker_counts[i]);
		}
	}
}

static void repeated_runs_are_the_same(void **state)
{
	(void)state;
	for (int k = 0; k < KINDS; k++) {
		const struct run first = train(kinds[k], 3, 1);
		for (int i = 0; i < 3; i++) {
			const struct run again = train(kinds[k], 3, 1);
			assert_same_run(&first, &again, 3);
		}
	}
}

/* Another seed, and every epoch, give another network: the digests above do tell runs apart. */
static void another_seed_gives_another_run(void **state)
{
	(void)state;
	for (int k = 0; k < KINDS; k++) {
		const struct run one = train(kinds[k], 2, 1), two = train(kinds[k], 2, 2);
		assert_true(one.digests[0] == two.digests[0]);
		for (int epoch = 1; epoch <= EPOCHS; epoch++) {
			assert_true(one.digests[epoch] != two.digests[epoch]);
			assert_true(one.digests[epoch] != one.digests[epoch - 1]);
		}
	}
}

static void print_run(const struct run *run)
{
	for (int epoch = 0; epoch <= EPOCHS; epoch++)
		printf("%016" PRIx64 "\n", run->digests[epoch]);
}

static void another_process_gives_the_same_run(void **state)
{
	(void)state;
	for (int k = 0; k < KINDS; k++) {
		char command[4096];
		const struct run here = train(kinds[k], 2, 1);
		struct run there = {0};
		snprintf(command, sizeof command, "'%s' --print %d", own_path, k);
		FILE *output = popen(command, "r");
		assert_non_null(output);
		for (int epoch = 0; epoch <= EPOCHS; epoch++)
			assert_int_equal(fscanf(output, "%" SCNx64, &there.digests[epoch]), 1);
		assert_int_equal(pclose(output), 0);
		assert_same_run(&here, &there, 2);
	}
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--print") == 0) {
		const struct run run = train(kinds[atoi(argv[2])], 5, 1);
		print_run(&run);
		return 0;
	}
	own_path = argv[0];
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_number_of_workers_gives_the_same_run),
		cmocka_unit_test(repeated_runs_are_the_same),
		cmocka_unit_test(another_seed_gives_another_run),
		cmocka_unit_test(another_process_gives_the_same_run),
	};
	return cmocka_run_group_tests_name("same run", tests, NULL, NULL);
}
