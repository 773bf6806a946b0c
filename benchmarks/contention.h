/* Steps beside busy processes. */
#ifndef BENCH_CONTENTION_H
#define BENCH_CONTENTION_H

#include "measure.h"
#include "options.h"
#include "result.h"

/* Single steps, timed one after the other. */
struct series {
	struct timing timing;
	size_t steps;
};

/* One net at one batch size; libmlp and the plain loop by side. */
struct contention {
	const struct net *net;
	int64_t batch;
	int64_t busy; /* processes */
	struct conditions conditions;
	struct series quiet[THEIRS + 1], loaded[THEIRS + 1];
	bool all_ran; /* the busy processes, until the end */
	struct agreement agreement;
};

/* Fills `contention`, whose net, batch, busy and conditions.workers are set. */
void contention_measure_f32(const struct options *options, struct contention *contention);
void contention_measure_f64(const struct options *options, struct contention *contention);

/* How much slower the median step is beside the busy processes. */
static inline double contention_ratio(const struct contention *contention, enum side side)
{
	return contention->loaded[side].timing.median / contention->quiet[side].timing.median;
}

/* Prints: a block for people; the members of a JSON object. */
void contention_print(const struct contention *contention);
void contention_json(const struct options *options, const struct contention *contention);

/* Whether the busy processes ran until the end and libmlp and the plain loop agree; says so if not. */
bool contention_is_sound(const struct contention *contention);

#endif
