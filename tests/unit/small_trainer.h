/* A small trainer, and data for it, made anew for each test. */
#ifndef MLP_TESTS_UNIT_SMALL_TRAINER_H
#define MLP_TESTS_UNIT_SMALL_TRAINER_H

#include "unit/real.h"
#include "support/test.h"

enum { IN = 2, OUT = 3, ROWS = 10 };

static mlp_network *net;
static mlp_trainer *trainer;
static REAL x[ROWS * IN], target[ROWS * OUT], weight[ROWS];
static int64_t classes[ROWS];

static inline int begin(void **state)
{
	(void)state;
	const int64_t widths[] = {IN, 4, OUT};
	assert_ok(mlp_network_create(REAL_DTYPE, widths, 3, &net));
	assert_ok(mlp_trainer_create(net, MLP_ADAM, &trainer));
	for (int n = 0; n < ROWS; n++) {
		weight[n] = 1;
		classes[n] = n % OUT;
		for (int i = 0; i < IN; i++)
			x[n * IN + i] = (REAL)((n + i) % 5);
		for (int i = 0; i < OUT; i++)
			target[n * OUT + i] = (REAL)(n * i % 4);
	}
	return 0;
}

static inline int end(void **state)
{
	(void)state;
	mlp_trainer_free(trainer);
	mlp_network_free(net);
	return 0;
}

#endif
