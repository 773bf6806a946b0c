/* Timing of several tasks side by side. */
#include "measure.h"

#include <stdlib.h>

#include "clock.h"
#include "fail.h"

#define SAMPLE_SECONDS 50e-6
enum { FEWEST_ROUNDS = 5 };

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

size_t measure(struct task *tasks, size_t count, size_t repetitions, double seconds)
{
	for (size_t i = 0; i < count; i++)
		calibrate(&tasks[i]);

	double end = clock_now() + seconds;
	size_t rounds = 0, room = 0;
	while (repetitions > 0 ? rounds < repetitions
			       : rounds < FEWEST_ROUNDS || clock_now() < end) {
		if (rounds == room) {
			room = room == 0 ? 64 : 2 * room;
			for (size_t i = 0; i < count; i++)
				tasks[i].samples = grow(tasks[i].samples, room, sizeof(double));
		}
		for (size_t i = 0; i < count; i++)
			tasks[i].samples[rounds] = sample(&tasks[i]);
		rounds++;
	}
	return rounds;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

struct timing task_timing(struct task *task, size_t rounds)
{
	double *t = task->samples;
	qsort(t, rounds, sizeof(double), compare);
	double median = rounds % 2 ? t[rounds / 2] : (t[rounds / 2 - 1] + t[rounds / 2]) / 2;
	return (struct timing){t[0], median, task->way};
}

void tasks_free(struct task *tasks, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(tasks[i].samples);
}
