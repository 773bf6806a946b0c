/* One cell of the benchmark. */
#include "cell.h"

#include "agree.h"
#include "bare.h"
#include "fail.h"
#include "fma.h"
#include "measure.h"
#include "peak.h"
#include "real.h"
#include "scene.h"

static void count_flop(const mlp_network *network, struct result *result)
{
	static const struct {
		enum thing thing;
		mlp_pass pass;
	} passes[] = {{FORWARD, MLP_PASS_FORWARD},
		      {BACKWARD, MLP_PASS_BACKWARD},
		      {BACKWARD_INPUT, MLP_PASS_BACKWARD_INPUT},
		      {UPDATE, MLP_PASS_UPDATE}};
	int64_t *flop = result->flop;
	for (size_t i = 0; i < sizeof passes / sizeof *passes; i++)
		check(mlp_network_cost(network, passes[i].pass, result->batch,
				       &flop[passes[i].thing], NULL),
		      "mlp_network_cost");
	/* the update of a step is part of its products */
	flop[STEP] = flop[PLAIN_STEP] = flop[FORWARD] + flop[BACKWARD];
	flop[BLAS_FORWARD] = flop[FORWARD];
	flop[BLAS_BACKWARD] = flop[BACKWARD];
	flop[PEAK] = peak_flop(PEAK_SIZE);
	flop[FMA] = FMA_FLOP;
}

/* Measures the tasks; of several ways to compute the same thing, the one with the best time counts. */
static void run_tasks(const struct options *options, struct tasks *tasks, struct result *result)
{
	result->rounds =
		measure(tasks, options->repetitions, options->seconds, &result->conditions);
	for (size_t i = 0; i < tasks->count; i++) {
		struct timing timing = task_timing(&tasks->list[i], result->rounds);
		struct timing *kept = &result->times[tasks->list[i].thing];
		if (kept->way == NULL || timing.best < kept->best)
			*kept = timing;
	}
	tasks_free(tasks);
}

static void begin(struct FN(scene) * scene, struct FN(peak) * peak, const struct options *options,
		  struct result *result)
{
	FN(scene_init)
	(scene, options, result->net, result->batch, result->conditions.workers);
	FN(peak_init)(peak, PEAK_SIZE);
	FN(agree)(&scene->ours, &scene->plain, &result->agreement);
	count_flop(scene->net, result);
	for (int tuning = 1; tuning < TUNING_COUNT; tuning++)
		result->tuning[tuning] = mlp_workspace_tuning(scene->ours.step_ws,
							      (mlp_tuning)tuning, result->batch);
}

static void add_forward(struct tasks *tasks, struct FN(ours) * ours, struct FN(bare) * bare)
{
	enum thing blas = BLAS_FORWARD;
	tasks_add(tasks, FORWARD, "", OURS, FN(ours_forward), ours);
	tasks_add(tasks, blas, "sample-major", THEIRS, FN(bare_forward_samples), bare);
	tasks_add(tasks, blas, "feature-major", THEIRS, FN(bare_forward_features), bare);
	if (bare->batch == 1)
		tasks_add(tasks, blas, "gemv", THEIRS, FN(bare_forward_vectors), bare);
}

static void add_backward(struct tasks *tasks, struct FN(ours) * ours, struct FN(bare) * bare)
{
	enum thing blas = BLAS_BACKWARD;
	tasks_add(tasks, BACKWARD, "", OURS, FN(ours_backward), ours);
	tasks_add(tasks, blas, "sample-major", THEIRS, FN(bare_backward_samples), bare);
	tasks_add(tasks, blas, "feature-major", THEIRS, FN(bare_backward_features), bare);
	if (bare->batch == 1)
		tasks_add(tasks, blas, "ger, gemv", THEIRS, FN(bare_backward_vectors), bare);
}

/* The peaks twice, on both sides of the step: they are short, and all relies on them. */
static void add_step(struct tasks *tasks, struct FN(scene) * scene, struct FN(peak) * peak)
{
	tasks_add(tasks, PEAK, "", OURS, FN(peak_run), peak);
	tasks_add(tasks, STEP, "", OURS, FN(ours_step), &scene->ours);
	tasks_add(tasks, PLAIN_STEP, "", THEIRS, FN(plain_step), &scene->plain);
	tasks_add(tasks, PEAK, "", OURS, FN(peak_run), peak);
	FN(fma_add)(tasks);
}

void FN(cell_measure)(const struct options *options, struct result *result)
{
	struct FN(scene) scene;
	struct FN(bare) bare;
	struct FN(peak) peak;
	begin(&scene, &peak, options, result);
	FN(bare_init)(&bare, scene.net, result->batch, scene.x);

	struct tasks tasks = {.count = 0};
	tasks_add(&tasks, PEAK, "", OURS, FN(peak_run), &peak);
	add_forward(&tasks, &scene.ours, &bare);
	add_backward(&tasks, &scene.ours, &bare);
	tasks_add(&tasks, BACKWARD_INPUT, "", OURS, FN(ours_backward_input), &scene.ours);
	tasks_add(&tasks, UPDATE, "", OURS, FN(ours_update), &scene.ours);
	add_step(&tasks, &scene, &peak);
	run_tasks(options, &tasks, result);

	FN(bare_free)(&bare);
	FN(peak_free)(&peak);
	FN(scene_free)(&scene);
}

void FN(cell_measure_step)(const struct options *options, struct result *result)
{
	struct FN(scene) scene;
	struct FN(peak) peak;
	begin(&scene, &peak, options, result);

	struct tasks tasks = {.count = 0};
	add_step(&tasks, &scene, &peak);
	run_tasks(options, &tasks, result);

	FN(peak_free)(&peak);
	FN(scene_free)(&scene);
}
