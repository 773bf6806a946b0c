/* Timing of several tasks side by side. */
#include "measure.h"

#include <math.h>
#include <stdlib.h>

#include "blas_threads.h"
#include "clock.h"
#include "fail.h"
#include "settle.h"

#define SAMPLE_SECONDS 50e-6
#define TURN_SECONDS   100e-3
#define WARM_SECONDS   50e-3
enum { FEWEST_SAMPLES = 5, MOST_IN_A_TURN = 64 };

void take_side(enum side side, struct conditions *conditions)
{
	int64_t threads = blas_threads_set(side == THEIRS ? conditions->workers : 1);
	if (side == THEIRS)
		conditions->blas_threads = threads;
	if (conditions->workers > 1 && !settle())
		conditions->settled = false;
}

struct task *tasks_add(struct tasks *tasks, enum thing thing, const char *way, enum side side,
		       void (*run)(void *context), void *context)
{
	struct task *task = &tasks->list[tasks->count++];
	*task = (struct task){thing, way, side, run, context, 0, NULL};
	return task;
}

void tasks_free(struct tasks *tasks)
{
	for (size_t i = 0; i < tasks->count; i++)
		free(tasks->list[i].samples);
}

static double time_calls(const struct task *task, size_t calls)
{
	double start = clock_now();
	for (size_t i = 0; i < calls; i++)
		task->run(task->context);
	return clock_now() - start;
}

static void calibrate(struct task *task)
{
	task->run(task->context);
	task->repeat = 1;
	while (time_calls(task, task->repeat) < SAMPLE_SECONDS)
		task->repeat *= 2;
}

static double sample(const struct task *task)
{
	task->run(task->context);
	return time_calls(task, task->repeat) / (double)task->repeat;
}

/* With one worker there is but one side: nothing of the other disturbs. */
static bool takes_part(const struct task *task, enum side side, const struct conditions *conditions)
{
	return task->side == side || conditions->workers == 1;
}

/* Samples `first` .. `end` - 1 of all tasks of a side. */
static void take_turn(enum side side, const struct conditions *conditions, struct tasks *tasks,
		      size_t first, size_t end)
{
	for (size_t i = 0; i < tasks->count; i++)
		if (takes_part(&tasks->list[i], side, conditions))
			for (size_t k = first; k < end; k++)
				tasks->list[i].samples[k] = sample(&tasks->list[i]);
}

/* How many samples make a turn of TURN_SECONDS, if the last turn's `samples` took `seconds`. */
static size_t turn_of(double seconds, size_t samples)
{
	double wanted = TURN_SECONDS * (double)samples / seconds;
	return wanted > MOST_IN_A_TURN ? MOST_IN_A_TURN : wanted > 1 ? (size_t)wanted : 1;
}

static bool has_side(const struct tasks *tasks, enum side side)
{
	for (size_t i = 0; i < tasks->count; i++)
		if (tasks->list[i].side == side)
			return true;
	return false;
}

static void make_room(struct tasks *tasks, size_t room)
{
	for (size_t i = 0; i < tasks->count; i++) {
		struct task *task = &tasks->list[i];
		task->samples = grow(task->samples, room, sizeof(double));
	}
}

size_t measure(struct tasks *tasks, size_t repetitions, double seconds,
	       struct conditions *conditions)
{
	bool is_shared = has_side(tasks, OURS) && has_side(tasks, THEIRS);
	enum side last = is_shared && conditions->workers > 1 ? THEIRS : OURS;
	conditions->settled = true;
	for (enum side side = OURS; side <= THEIRS; side++) {
		if (has_side(tasks, side))
			take_side(side, conditions);
		for (size_t i = 0; i < tasks->count; i++)
			if (tasks->list[i].side == side)
				calibrate(&tasks->list[i]);
	}

	double end = clock_now() + seconds;
	size_t samples = 0, room = 0, turn = 1;
	while (repetitions > 0 ? samples < repetitions
			       : samples < FEWEST_SAMPLES || clock_now() < end) {
		if (repetitions > 0 && turn > repetitions - samples)
			turn = repetitions - samples;
		if (samples + turn > room)
			make_room(tasks, room = 2 * room + MOST_IN_A_TURN);
		double longest = 0;
		for (enum side side = OURS; side <= last; side++) {
			if (last == THEIRS)
				take_side(side, conditions);
			double start = clock_now();
			take_turn(side, conditions, tasks, samples, samples + turn);
			longest = fmax(longest, clock_now() - start);
		}
		samples += turn;
		turn = last == THEIRS ? turn_of(longest, turn) : 1;
	}
	return samples;
}

size_t measure_series(struct task *task, size_t repetitions, double seconds,
		      struct conditions *conditions)
{
	take_side(task->side, conditions);
	for (double end = clock_now() + WARM_SECONDS; clock_now() < end;)
		task->run(task->context);

	task->samples = grow(NULL, repetitions, sizeof(double));
	double end = clock_now() + seconds;
	size_t samples = 0;
	do
		task->samples[samples++] = time_calls(task, 1);
	while (samples < repetitions && clock_now() < end);
	return samples;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

struct timing task_timing(struct task *task, size_t samples)
{
	double *t = task->samples;
	qsort(t, samples, sizeof(double), compare);
	size_t half = samples / 2, last = samples - 1;
	double median = samples % 2 ? t[half] : (t[half - 1] + t[half]) / 2;
	return (struct timing){t[0], median, t[last - samples / 100], task->way};
}
