/* Running a list of stages. */
#include "engine/stages.h"

#include "base/workers.h"

/* ---- by samples: each block through all stages ------------------------------------------------ */

struct by_samples {
	const struct mlp_stages *stages;
	size_t tasks;
};

static void run_blocks(void *context, size_t index, size_t worker)
{
	const struct by_samples *by = context;
	const struct mlp_stages *stages = by->stages;
	size_t end = stages->blocks * (index + 1) / by->tasks;
	for (size_t block = stages->blocks * index / by->tasks; block < end; block++)
		for (size_t i = 0; i < stages->count; i++) {
			struct mlp_stage stage = stages->at(stages->context, i);
			stage.run(stages->context, stage.l, block,
				  (struct mlp_range){0, stage.units}, worker);
		}
}

static void run_by_samples(const struct mlp_stages *stages)
{
	double work = 0;
	for (size_t i = 0; i < stages->count; i++)
		work += stages->at(stages->context, i).work;
	struct by_samples by = {stages, mlp_task_count(work, stages->blocks)};
	mlp_pool_run(stages->pool, by.tasks, run_blocks, &by);
}

/* ---- by outputs: stage by stage --------------------------------------------------------------- */

struct by_outputs {
	const struct mlp_stages *stages;
	struct mlp_stage stage;
	size_t tasks;
};

static void run_range(void *context, size_t index, size_t worker)
{
	const struct by_outputs *by = context;
	const struct mlp_stage *stage = &by->stage;
	struct mlp_range range = mlp_range_at(stage->units, stage->unit, by->tasks, index);
	for (size_t block = 0; block < by->stages->blocks; block++)
		stage->run(by->stages->context, stage->l, block, range, worker);
}

static void run_whole(void *context, size_t index, size_t worker)
{
	const struct by_outputs *by = context;
	by->stage.run(by->stages->context, by->stage.l, index,
		      (struct mlp_range){0, by->stage.units}, worker);
}

static void run_by_outputs(const struct mlp_stages *stages)
{
	for (size_t i = 0; i < stages->count; i++) {
		struct by_outputs by = {stages, stages->at(stages->context, i), stages->blocks};
		if (by.stage.unit > 0)
			by.tasks = mlp_task_count(by.stage.work,
						  mlp_ceiling(by.stage.units, by.stage.unit));
		mlp_pool_run(stages->pool, by.tasks, by.stage.unit > 0 ? run_range : run_whole,
			     &by);
	}
}

void mlp_run_stages(const struct mlp_stages *stages)
{
	if (stages->schedule == MLP_SCHEDULE_OUTPUTS)
		run_by_outputs(stages);
	else
		run_by_samples(stages);
}
