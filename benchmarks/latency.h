/* The forward pass of one batch, by one worker and by several. */
#ifndef BENCH_LATENCY_H
#define BENCH_LATENCY_H

#include "options.h"
#include "result.h"

struct latency {
	const struct net *net;
	int64_t batch;
	struct conditions conditions; /* workers: the several */
	size_t samples;
	struct timing one, several;
};

/* Fills `latency`, whose net, batch and conditions.workers are set. */
void latency_measure_f32(const struct options *options, struct latency *latency);
void latency_measure_f64(const struct options *options, struct latency *latency);

#endif
