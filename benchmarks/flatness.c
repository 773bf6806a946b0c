/* Steps of several nets and batch sizes, taking turns. */
#include "flatness.h"

#include <stdlib.h>

#include "fail.h"
#include "measure.h"
#include "peak.h"
#include "scene.h"

static double step_flop(const mlp_network *net, int64_t batch)
{
	int64_t forward = 0, backward = 0;
	check(mlp_network_cost(net, MLP_PASS_FORWARD, batch, &forward, NULL), "mlp_network_cost");
	check(mlp_network_cost(net, MLP_PASS_BACKWARD, batch, &backward, NULL), "mlp_network_cost");
	return (double)forward + (double)backward;
}

void FN(flatness_measure)(const struct options *options, struct flatness *flatness)
{
	struct FN(scene) *scenes = allocate(flatness->count, 1, sizeof *scenes);
	struct FN(peak) peak;
	struct tasks tasks = {.count = 0};
	FN(peak_init)(&peak, PEAK_SIZE);
	for (size_t i = 0; i < flatness->count; i++) {
		struct flatness_cell *cell = &flatness->cells[i];
		FN(scene_init)
		(&scenes[i], options, cell->net, cell->batch, flatness->conditions.workers);
		cell->flop = step_flop(scenes[i].net, cell->batch);
		tasks_add(&tasks, STEP, "", OURS, FN(ours_step), &scenes[i].ours);
	}
	struct task *of_peak = tasks_add(&tasks, PEAK, "", OURS, FN(peak_run), &peak);

	flatness->samples =
		measure(&tasks, options->repetitions, options->seconds, &flatness->conditions);
	for (size_t i = 0; i < flatness->count; i++)
		flatness->cells[i].step = task_timing(&tasks.list[i], flatness->samples);
	flatness->peak =
		1e-9 * (double)peak_flop(PEAK_SIZE) / task_timing(of_peak, flatness->samples).best;

	tasks_free(&tasks);
	FN(peak_free)(&peak);
	for (size_t i = 0; i < flatness->count; i++)
		FN(scene_free)(&scenes[i]);
	free(scenes);
}
