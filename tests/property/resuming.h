/* What tests of checkpoints share: a trainer with everything that has a state, and its file. */
#ifndef MLP_TESTS_PROPERTY_RESUMING_H
#define MLP_TESTS_PROPERTY_RESUMING_H

#include <unistd.h>

#include "property/training.h"

static struct problem problem;
static char path[64];

static inline mlp_network *make_network(void)
{
	mlp_network *net = network_make(MLP_SOFTMAX, 2);
	assert_ok(mlp_network_set_dropout(net, 0, 0.1));
	assert_ok(mlp_network_set_dropout(net, 1, 0.3));
	assert_ok(mlp_network_set_bias(net, 1, 0));
	assert_ok(FN(network_fit_input_scaling)(net, MLP_SCALING_STANDARD, problem.x, LD_X, ROWS));
	return net;
}

static inline void give_data(mlp_trainer *trainer)
{
	assert_ok(FN(trainer_set_data_class)(trainer, problem.x, LD_X, problem.classes,
					     problem.weight, ROWS));
}

/* A trainer with everything that has a state. */
static inline mlp_trainer *make_trainer(mlp_network *net, mlp_optimizer_kind kind)
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

static inline bool is_same_number(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static inline void assert_same_trainers(mlp_trainer *a, mlp_trainer *b)
{
	assert_same_history(a, b);
	assert_true(is_same_number(mlp_trainer_batch_loss(a), mlp_trainer_batch_loss(b)));
	assert_true(is_same_number(mlp_trainer_eta(a), mlp_trainer_eta(b)));
	assert_int_equal(mlp_trainer_outcome(a), mlp_trainer_outcome(b));
	mlp_optimizer *one = mlp_trainer_optimizer(a), *two = mlp_trainer_optimizer(b);
	for (int64_t i = 0; i < mlp_optimizer_scalar_count(one); i++)
		assert_true(mlp_optimizer_scalar(one, i) == mlp_optimizer_scalar(two, i));
	for (int h = MLP_HYPER_ETA; h <= MLP_HYPER_TRIALS; h++)
		assert_true(is_same_number(mlp_optimizer_get(one, (mlp_hyper)h),
					   mlp_optimizer_get(two, (mlp_hyper)h)));
	assert_same_parameters(mlp_trainer_network(a), mlp_trainer_network(b));
}

/* A second trainer, that knows nothing but the file and the data. */
static inline mlp_trainer *take_up(mlp_network *net, int64_t workers, mlp_pool **pool)
{
	mlp_trainer *trainer = trainer_make(net, MLP_ADAM, 0);
	assert_ok(mlp_trainer_resume(trainer, path, NULL));
	assert_ok(mlp_pool_create(workers, pool));
	assert_ok(mlp_trainer_set_pool(trainer, *pool));
	give_data(trainer);
	return trainer;
}

static inline int begin(void **state)
{
	(void)state;
	problem_fill(&problem, 12);
	snprintf(path, sizeof(path), "checkpoint-%d-%ld.safetensors", MLP_REAL_BITS,
		 (long)getpid());
	return 0;
}

static inline int end(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

#endif
