/* The forward pass of one batch, by one worker and by several. */
#include "latency.h"

#include "measure.h"
#include "scene.h"

void FN(latency_measure)(const struct options *options, struct latency *latency)
{
	struct FN(scene) one, several;
	FN(scene_init)(&one, options, latency->net, latency->batch, 1);
	FN(scene_init)
	(&several, options, latency->net, latency->batch, latency->conditions.workers);
	struct tasks tasks = {.count = 0};
	tasks_add(&tasks, FORWARD, "", OURS, FN(ours_forward), &one.ours);
	tasks_add(&tasks, FORWARD, "", OURS, FN(ours_forward), &several.ours);
	latency->samples =
		measure(&tasks, options->repetitions, options->seconds, &latency->conditions);
	latency->one = task_timing(&tasks.list[0], latency->samples);
	latency->several = task_timing(&tasks.list[1], latency->samples);
	tasks_free(&tasks);
	FN(scene_free)(&one);
	FN(scene_free)(&several);
}
