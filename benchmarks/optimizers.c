/* Steps of the optimizers, in one call and in two: all from the same weights, on the same data, taking turns. */
#include "optimizers.h"

#include "fail.h"
#include "measure.h"
#include "scene.h"

/* Steps at this rate leave the weights where they are, whatever the kind. */
#define TINY_ETA 1e-9

/* One network, trained by one optimizer, with what the scene has. */
struct trained {
	const struct FN(ours) * ours;
	mlp_network *net;
	mlp_optimizer *optimizer;
	double loss;
};

static void set_numbers(mlp_optimizer *optimizer, const struct optimizer_case *one)
{
	if (one->kind == MLP_IRPROP_MINUS) {
		check(mlp_optimizer_set(optimizer, MLP_HYPER_DELTA_MIN, TINY_ETA),
		      "mlp_optimizer_set");
		check(mlp_optimizer_set(optimizer, MLP_HYPER_DELTA_0, TINY_ETA),
		      "mlp_optimizer_set");
		check(mlp_optimizer_set(optimizer, MLP_HYPER_DELTA_MAX, TINY_ETA),
		      "mlp_optimizer_set");
		return;
	}
	check(mlp_optimizer_set(optimizer, MLP_HYPER_ETA, TINY_ETA), "mlp_optimizer_set");
	if (one->momentum > 0)
		check(mlp_optimizer_set(optimizer, MLP_HYPER_MOMENTUM, one->momentum),
		      "mlp_optimizer_set");
}

static void trained_init(struct trained *trained, const struct FN(scene) * scene,
			 const struct optimizer_case *one)
{
	*trained = (struct trained){.ours = &scene->ours};
	check(mlp_network_clone(scene->net, &trained->net), "mlp_network_clone");
	check(mlp_optimizer_create(trained->net, one->kind, &trained->optimizer),
	      "mlp_optimizer_create");
	set_numbers(trained->optimizer, one);
}

static void trained_free(struct trained *trained)
{
	mlp_optimizer_free(trained->optimizer);
	mlp_network_free(trained->net);
}

static void fused_step(void *context)
{
	struct trained *trained = context;
	const struct FN(ours) *ours = trained->ours;
	check(MLP(optimizer_step)(trained->optimizer, trained->net, ours->step_ws, ours->x,
				  ours->inputs, ours->target, ours->outputs, NULL, ours->batch,
				  MLP_SQUARED_ERROR, 0, MLP_MEAN, &trained->loss),
	      "mlp_optimizer_step");
}

static void unfused_step(void *context)
{
	struct trained *trained = context;
	const struct FN(ours) *ours = trained->ours;
	check(MLP(gradient)(trained->net, ours->step_ws, ours->x, ours->inputs, ours->target,
			    ours->outputs, NULL, ours->batch, MLP_SQUARED_ERROR, 0, MLP_MEAN, 0,
			    &trained->loss, ours->grad, NULL, 0),
	      "mlp_gradient");
	check(MLP(optimizer_update)(trained->optimizer, trained->net, ours->step_ws, ours->grad),
	      "mlp_optimizer_update");
}

void FN(optimizers_measure)(const struct options *options, struct optimizers *optimizers)
{
	struct FN(scene) scene;
	struct trained fused[OPTIMIZER_CASES], unfused[OPTIMIZER_CASES];
	struct task *step, *tasks_of[2][OPTIMIZER_CASES];
	struct tasks tasks = {.count = 0};
	FN(scene_init)
	(&scene, options, optimizers->net, optimizers->batch, optimizers->conditions.workers);
	step = tasks_add(&tasks, STEP, "", OURS, FN(ours_step), &scene.ours);
	for (int i = 0; i < OPTIMIZER_CASES; i++) {
		trained_init(&fused[i], &scene, &optimizer_cases[i]);
		trained_init(&unfused[i], &scene, &optimizer_cases[i]);
		tasks_of[0][i] = tasks_add(&tasks, STEP, "", OURS, fused_step, &fused[i]);
		tasks_of[1][i] = tasks_add(&tasks, STEP, "", OURS, unfused_step, &unfused[i]);
	}
	optimizers->samples =
		measure(&tasks, options->repetitions, options->seconds, &optimizers->conditions);
	optimizers->step = task_timing(step, optimizers->samples);
	for (int i = 0; i < OPTIMIZER_CASES; i++) {
		optimizers->fused[i] = task_timing(tasks_of[0][i], optimizers->samples);
		optimizers->unfused[i] = task_timing(tasks_of[1][i], optimizers->samples);
		trained_free(&fused[i]);
		trained_free(&unfused[i]);
	}
	tasks_free(&tasks);
	FN(scene_free)(&scene);
}
