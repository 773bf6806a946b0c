/* Timing of several tasks side by side. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stddef.h>

#include "result.h"

struct task {
	enum thing thing;
	const char *way; /* which of several ways to compute the thing; "" if there is one */
	void (*run)(void *context);
	void *context;
	/* set by measure() */
	size_t repeat;   /* calls in a sample */
	double *samples; /* seconds of one call, a value per round */
};

/* Time all tasks, taking turns: a round has one sample of each, so that whatever disturbs the
 * machine disturbs all alike. A sample is a call that is not timed (it brings the task's data back
 * into the caches) and then as many as last about 50 microseconds.
 *
 * repetitions > 0: that many rounds; else as many as fit into `seconds`, 5 at least.
 * Returns the number of rounds. */
size_t measure(struct task *tasks, size_t count, size_t repetitions, double seconds);

/* Best and median of the samples of a task; sorts them. */
struct timing task_timing(struct task *task, size_t rounds);

/* Frees the samples. */
void tasks_free(struct task *tasks, size_t count);

#endif
