/* Steps of a network whose activations and deltas are denormal numbers. */
#ifndef BENCH_DENORMAL_H
#define BENCH_DENORMAL_H

#include "options.h"
#include "result.h"

enum denormal_case {
	NORMAL_OURS,
	DENORMAL_OURS,
	FLUSHED_OURS, /* denormal, with mlp_workspace_set_flush_denormals() */
	NORMAL_PLAIN,
	DENORMAL_PLAIN,
	DENORMAL_CASES
};

struct denormal {
	const struct net *net;
	int64_t batch;
	struct conditions conditions;
	size_t samples;
	struct timing times[DENORMAL_CASES];
	double largest;   /* output of the denormal network, absolute value */
	bool is_denormal; /* it is not 0 and below the normal numbers of the type */
};

/* Fills `denormal`, whose net, batch and conditions.workers are set. */
void denormal_measure_f32(const struct options *options, struct denormal *denormal);
void denormal_measure_f64(const struct options *options, struct denormal *denormal);

#endif
