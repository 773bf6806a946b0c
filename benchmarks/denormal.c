/* Steps of a network whose activations and deltas are denormal numbers. */
#include "denormal.h"

#include <float.h>
#include <math.h>

#include "measure.h"
#include "scene.h"

#define LEAST_NORMAL (MLP_REAL_BITS == 32 ? (double)FLT_MIN : DBL_MIN)

static double largest_output(const struct FN(ours) * ours)
{
	double largest = 0;
	for (int64_t i = 0; i < ours->batch * ours->outputs; i++)
		largest = fmax(largest, fabs((double)ours->y[i]));
	return largest;
}

void FN(denormal_measure)(const struct options *options, struct denormal *denormal)
{
	const struct net *net = denormal->net;
	int64_t batch = denormal->batch, workers = denormal->conditions.workers;
	struct options unflushed = *options;
	unflushed.flush_denormals = false;

	struct FN(scene) usual, faint, flushed;
	FN(scene_init)(&usual, &unflushed, net, batch, workers);
	FN(scene_init_denormal)(&faint, &unflushed, net, batch, workers);
	FN(scene_init_denormal)(&flushed, &unflushed, net, batch, workers);
	denormal->largest = largest_output(&faint.ours);
	denormal->is_denormal = denormal->largest > 0 && denormal->largest < LEAST_NORMAL;
	FN(ours_flush_denormals)(&flushed.ours);

	struct tasks tasks = {.count = 0}; /* in the order of the enumeration */
	tasks_add(&tasks, STEP, "", OURS, FN(ours_step), &usual.ours);
	tasks_add(&tasks, STEP, "", OURS, FN(ours_step), &faint.ours);
	tasks_add(&tasks, STEP, "", OURS, FN(ours_step), &flushed.ours);
	tasks_add(&tasks, PLAIN_STEP, "", THEIRS, FN(plain_step), &usual.plain);
	tasks_add(&tasks, PLAIN_STEP, "", THEIRS, FN(plain_step), &faint.plain);
	denormal->samples =
		measure(&tasks, options->repetitions, options->seconds, &denormal->conditions);
	for (int i = 0; i < DENORMAL_CASES; i++)
		denormal->times[i] = task_timing(&tasks.list[i], denormal->samples);
	tasks_free(&tasks);

	FN(scene_free)(&usual);
	FN(scene_free)(&faint);
	FN(scene_free)(&flushed);
}
