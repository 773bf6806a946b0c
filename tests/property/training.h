/* A small problem for tests of the trainer, and the network that it is given to. */
#ifndef MLP_TESTS_PROPERTY_TRAINING_H
#define MLP_TESTS_PROPERTY_TRAINING_H

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "property/real.h"

enum { IN = 4, OUT = 3, ROWS = 150, HELD = 60, LD_X = 6, LD_T = 5 };

/* Rows, strided; the first ROWS train, the others are held out. */
struct problem {
	REAL x[(ROWS + HELD) * LD_X], target[(ROWS + HELD) * LD_T], weight[ROWS + HELD];
	int64_t classes[ROWS + HELD];
};

static inline void problem_fill(struct problem *problem, uint64_t seed)
{
	for (size_t n = 0; n < ROWS + HELD; n++) {
		REAL *x = &problem->x[n * LD_X], *t = &problem->target[n * LD_T];
		for (size_t i = 0; i < LD_X; i++)
			x[i] = (REAL)random_real(&seed);
		for (size_t i = 0; i < LD_T; i++)
			t[i] = (REAL)0.1 * (REAL)random_real(&seed) + x[i % IN] * x[(i + 1) % IN];
		problem->weight[n] = (REAL)((random_real(&seed) + 1) / 2);
		problem->classes[n] = x[0] > x[1] ? (x[2] > 0 ? 2 : 1) : 0;
	}
}

static inline mlp_network *network_make(mlp_activation output, uint64_t seed)
{
	const int64_t widths[] = {IN, 9, OUT};
	mlp_network *net;
	assert_ok(mlp_network_create(REAL_DTYPE, widths, 3, &net));
	assert_ok(mlp_network_set_activation(net, 1, MLP_TANH));
	assert_ok(mlp_network_set_activation(net, 2, output));
	assert_ok(mlp_network_init(net, MLP_ALL_LAYERS, MLP_INIT_GLOROT_UNIFORM, 0, seed));
	return net;
}

static inline mlp_trainer *trainer_make(mlp_network *net, mlp_optimizer_kind kind, double eta)
{
	mlp_trainer *trainer;
	assert_ok(mlp_trainer_create(net, kind, &trainer));
	if (eta > 0)
		assert_ok(mlp_optimizer_set(mlp_trainer_optimizer(trainer), MLP_HYPER_ETA, eta));
	return trainer;
}

static inline void trainer_set(mlp_trainer *trainer, mlp_trainer_item item, double value)
{
	assert_ok(mlp_trainer_set(trainer, item, value));
	assert_true(mlp_trainer_get(trainer, item) == value);
}

/* The first rows, with classes or numbers as targets. */
static inline void give_rows(const struct problem *problem, mlp_trainer *trainer, bool by_class,
			     bool weighted, int64_t rows)
{
	const REAL *weight = weighted ? problem->weight : NULL;
	if (by_class)
		assert_ok(FN(trainer_set_data_class)(trainer, problem->x, LD_X, problem->classes,
						     weight, rows));
	else
		assert_ok(FN(trainer_set_data)(trainer, problem->x, LD_X, problem->target, LD_T,
					       weight, rows));
}

static inline void assert_same_parameters(const mlp_network *a, const mlp_network *b)
{
	assert_same_bits(FN(network_const_parameters)(a), FN(network_const_parameters)(b),
			 (size_t)mlp_network_parameter_count(a));
}

/* The same history, bit for bit. */
static inline void assert_same_history(const mlp_trainer *a, const mlp_trainer *b)
{
	assert_int_equal(mlp_trainer_epochs_done(a), mlp_trainer_epochs_done(b));
	assert_int_equal(mlp_trainer_best_epoch(a), mlp_trainer_best_epoch(b));
	for (int64_t epoch = 1; epoch <= mlp_trainer_epochs_done(a); epoch++)
		for (int split = 1; split <= 2; split++)
			for (int metric = 1; metric <= 5; metric++) {
				double one = mlp_trainer_history(a, (mlp_split)split,
								 (mlp_metric)metric, epoch);
				double two = mlp_trainer_history(b, (mlp_split)split,
								 (mlp_metric)metric, epoch);
				assert_true(one == two || (isnan(one) && isnan(two)));
			}
}

/* A progress callback that stops after so many batches. */
struct stop {
	int64_t batches, epochs;             /* told so far */
	int64_t after_batches, after_epochs; /* 0: never */
};

static inline int stop_progress(void *context, const mlp_trainer *trainer, mlp_event event)
{
	struct stop *stop = context;
	(void)trainer;
	if (event == MLP_EVENT_BATCH)
		return ++stop->batches == stop->after_batches;
	return ++stop->epochs == stop->after_epochs;
}

#endif
