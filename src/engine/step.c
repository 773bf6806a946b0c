/* Phase 1 of a step, shared out to the workers. */
#include "engine/step.h"

#include "base/workers.h"
#include "engine/pass.h"

static struct mlp_block block_at(const struct mlp_step *step, size_t index)
{
	const mlp_workspace *ws = step->ws;
	return mlp_block_at(step->batch, ws->rule.block_rows, sizeof(REAL), index);
}

static size_t block_count(const struct mlp_step *step)
{
	return mlp_block_count(step->batch, step->ws->rule.block_rows);
}

/* Multiply-adds of a layer's product. */
static double layer_work(const struct mlp_step *step, size_t l)
{
	const struct mlp_layer *layer = &step->net->layers[l];
	return mlp_product_work(layer->n_out, layer->n_in, step->batch);
}

/* ---- by samples: each block through all layers ---------------------------------------------- */

static void run_block(struct mlp_step *step, struct mlp_block block, size_t worker)
{
	const struct mlp_layer *layers = step->net->layers;
	size_t last = step->net->layer_count;
	if (step->x != NULL) {
		FN(pass_input)(step, block, worker);
		for (size_t l = 1; l <= last; l++)
			FN(pass_forward)
		(step, l, block, (struct mlp_range){0, layers[l].n_out}, worker);
	}
	FN(pass_output)(step, block, worker);
	for (size_t l = last; step->backward && l >= step->lowest; l--)
		FN(pass_backward)
	(step, l, block, (struct mlp_range){0, layers[l].n_in}, worker);
}

/* Blocks that make a task together. */
struct by_samples {
	struct mlp_step *step;
	size_t tasks;
};

static void run_blocks(void *context, size_t index, size_t worker)
{
	const struct by_samples *by = context;
	size_t blocks = block_count(by->step);
	for (size_t k = blocks * index / by->tasks; k < blocks * (index + 1) / by->tasks; k++)
		run_block(by->step, block_at(by->step, k), worker);
}

static void run_by_samples(struct mlp_step *step)
{
	if (step->batch <= step->ws->rule.block_rows) { /* what small nets have: nothing to share */
		run_block(step, block_at(step, 0), 0);
		return;
	}
	struct by_samples by = {
		step, mlp_task_count(mlp_forward_work(step->ws, step->batch), block_count(step))};
	mlp_pool_run(step->ws->pool, by.tasks, run_blocks, &by);
}

/* ---- by outputs: layer by layer, ranges of its units ---------------------------------------- */

struct by_outputs {
	struct mlp_step *step;
	void (*stage)(struct mlp_step *step, size_t l, struct mlp_block block,
		      struct mlp_range units, size_t worker);
	size_t l, units, unit, tasks;
};

static void run_range(void *context, size_t index, size_t worker)
{
	const struct by_outputs *by = context;
	struct mlp_range range = mlp_range_at(by->units, by->unit, by->tasks, index);
	for (size_t k = 0; k < block_count(by->step); k++)
		by->stage(by->step, by->l, block_at(by->step, k), range, worker);
}

/* One sample streams w from memory: more tasks for the same arithmetic. */
static size_t range_count(const struct mlp_step *step, size_t l, size_t units, size_t unit)
{
	return mlp_task_count(layer_work(step, l) * (step->batch == 1 ? 2 : 1),
			      mlp_ceiling(units, unit));
}

static void run_input(void *context, size_t index, size_t worker)
{
	FN(pass_input)(context, block_at(context, index), worker);
}

static void run_output(void *context, size_t index, size_t worker)
{
	FN(pass_output)(context, block_at(context, index), worker);
}

static void run_by_outputs(struct mlp_step *step)
{
	mlp_pool *pool = step->ws->pool;
	const struct mlp_layer *layers = step->net->layers;
	size_t last = step->net->layer_count;
	if (step->x != NULL)
		mlp_pool_run(pool, block_count(step), run_input, step);
	for (size_t l = 1; step->x != NULL && l <= last; l++) {
		size_t unit = step->batch == 1 ? MLP_ROW_UNIT : MLP_OUTPUT_UNIT;
		struct by_outputs by = {step, FN(pass_forward), l, layers[l].n_out, unit, 0};
		by.tasks = range_count(step, l, by.units, unit);
		mlp_pool_run(pool, by.tasks, run_range, &by);
	}
	mlp_pool_run(pool, block_count(step), run_output, step);
	for (size_t l = last; step->backward && l >= step->lowest; l--) {
		struct by_outputs by = {step,           FN(pass_backward), l,
					layers[l].n_in, MLP_INPUT_UNIT,    0};
		bool has_product = l > step->lowest || step->wants_dx0;
		by.tasks = has_product ? range_count(step, l, by.units, MLP_INPUT_UNIT) : 1;
		mlp_pool_run(pool, by.tasks, run_range, &by);
	}
}

/* --------------------------------------------------------------------------------------------- */

size_t FN(step_run)(struct mlp_step *step)
{
	mlp_workspace *ws = step->ws;
	step->schedule = mlp_schedule_of(ws, step->batch);
	atomic_store_explicit(&step->bad_layer, 0, memory_order_relaxed);
	if (step->schedule == MLP_SCHEDULE_OUTPUTS)
		run_by_outputs(step);
	else
		run_by_samples(step);
	return atomic_load_explicit(&step->bad_layer, memory_order_relaxed);
}

double FN(step_loss)(const struct mlp_step *step)
{
	double sum = 0;
	for (size_t n = 0; n < step->batch; n++)
		sum += FN(loss_term)(&step->objective, n, step->ws->losses[n]);
	return FN(loss_total)(&step->objective, sum);
}
