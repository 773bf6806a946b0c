/* Steps beside busy processes. */
#include "contention.h"

#include "agree.h"
#include "busy.h"
#include "scene.h"

enum { STEPS = 1000, SERIES_SECONDS = 20 };

/* The busy processes end by themselves after several times what they are needed for. */
enum { BUSY_FACTOR = 8 };

static struct series measure_one(const struct options *options, struct task *task,
				 struct conditions *conditions)
{
	size_t repetitions = options->repetitions > 0 ? options->repetitions : STEPS;
	double seconds = options->seconds > 0 ? options->seconds : SERIES_SECONDS;
	struct series series;
	series.steps = measure_series(task, repetitions, seconds, conditions);
	series.timing = task_timing(task, series.steps);
	return series;
}

void FN(contention_measure)(const struct options *options, struct contention *contention)
{
	struct conditions *conditions = &contention->conditions;
	struct FN(scene) scene;
	FN(scene_init)
	(&scene, options, contention->net, contention->batch, conditions->workers);
	FN(agree)(&scene.ours, &scene.plain, &contention->agreement);

	struct tasks quiet = {.count = 0}, loaded = {.count = 0};
	conditions->settled = true;
	for (enum side side = OURS; side <= THEIRS; side++) {
		struct task *task =
			side == OURS ? tasks_add(&quiet, STEP, "", OURS, FN(ours_step), &scene.ours)
				     : tasks_add(&quiet, PLAIN_STEP, "", THEIRS, FN(plain_step),
						 &scene.plain);
		contention->quiet[side] = measure_one(options, task, conditions);
	}
	double limit = options->seconds > 0 ? options->seconds : SERIES_SECONDS;
	busy_start(contention->busy, BUSY_FACTOR * ((unsigned)limit + 1));
	for (enum side side = OURS; side <= THEIRS; side++) {
		const struct task *same = &quiet.list[side];
		struct task *task =
			tasks_add(&loaded, same->thing, same->way, side, same->run, same->context);
		contention->loaded[side] = measure_one(options, task, conditions);
	}
	contention->all_ran = busy_stop();
	tasks_free(&quiet);
	tasks_free(&loaded);
	FN(scene_free)(&scene);
}
