/* Timing of several tasks side by side. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stddef.h>

#include "result.h"

/* Who computes. The BLAS gets as many threads as libmlp has workers when a task is THEIRS, and one
 * when it is OURS: a pool brings its own. */
enum side { OURS, THEIRS };

struct task {
	enum thing thing;
	const char *way; /* which of several ways to compute the thing; "" if there is one */
	enum side side;
	void (*run)(void *context);
	void *context;
	/* set by measure() */
	size_t repeat;   /* calls in a sample */
	double *samples; /* seconds of one call */
};

enum { MOST_TASKS = 32 };

/* Tasks that take turns; zero at first. */
struct tasks {
	struct task list[MOST_TASKS];
	size_t count;
};

struct task *tasks_add(struct tasks *tasks, enum thing thing, const char *way, enum side side,
		       void (*run)(void *context), void *context);

/* Frees the samples. */
void tasks_free(struct tasks *tasks);

/* Brings up a side: sets the threads of the BLAS and, if there are several workers, waits until all
 * threads of the other side sleep. Notes what came of it. */
void take_side(enum side side, struct conditions *conditions);

/* Time all tasks, taking turns, so that whatever disturbs the machine disturbs all alike. A sample is
 * a call that is not timed (it brings the task's data back into the caches) and then as many as last
 * about 50 microseconds.
 *
 * With one worker a round has one sample of each task, in their order. With more a round has first the
 * tasks of one side, then those of the other, so many samples of each that the side takes about 100 ms:
 * the wait for sleep in between takes about as long.
 *
 * repetitions > 0: that many samples of each task; else as many as fit into `seconds`, 5 at least.
 * Returns the number of samples. */
size_t measure(struct tasks *tasks, size_t repetitions, double seconds,
	       struct conditions *conditions);

/* Time single calls of one task, one after the other, after 50 ms of calls that are not timed: as many
 * as `repetitions`, fewer if they take longer than `seconds`. Returns the number. */
size_t measure_series(struct task *task, size_t repetitions, double seconds,
		      struct conditions *conditions);

/* Best, median and 99th percentile of the samples of a task; sorts them. */
struct timing task_timing(struct task *task, size_t samples);
#endif
