/* Steps of the optimizers, in one call and in two. */
#ifndef BENCH_OPTIMIZERS_H
#define BENCH_OPTIMIZERS_H

#include "options.h"
#include "result.h"

enum { OPTIMIZER_CASES = 6 };

struct optimizer_case {
	const char *label, *key; /* "SGD, momentum" for people, "momentum" for programs */
	mlp_optimizer_kind kind;
	double momentum;
};

extern const struct optimizer_case optimizer_cases[OPTIMIZER_CASES];

struct optimizers {
	const struct net *net;
	int64_t batch;
	struct conditions conditions;
	size_t samples;
	struct timing step;                     /* mlp_train_step: SGD without a state */
	struct timing fused[OPTIMIZER_CASES];   /* mlp_optimizer_step */
	struct timing unfused[OPTIMIZER_CASES]; /* mlp_gradient, then mlp_optimizer_update */
};

/* Fills `optimizers`, whose net, batch and conditions.workers are set. */
void optimizers_measure_f32(const struct options *options, struct optimizers *optimizers);
void optimizers_measure_f64(const struct options *options, struct optimizers *optimizers);

#endif
