/* Phase 1 of a step: forward, loss and deltas, block by block through all layers. */
#include "engine/step.h"

#include <string.h>

#include "kernels/block.h"
#include "kernels/kinds.h"

void FN(block_output)(const mlp_workspace *ws, struct mlp_block block, REAL *y, size_t ld_y)
{
	size_t last = ws->layer_count;
	FN(block_to_rows)
	(FN(block_of)(ws, ws->layers[last].x, last, block), block.rows, ws->layers[last].width,
	 y + block.first * ld_y, ld_y);
}

/* The trace shows dl/dx(L) even where the loss was computed on the logits. */
static void trace_output_dx(const struct mlp_step *step, struct mlp_block block, const REAL *ds)
{
	mlp_workspace *ws = step->ws;
	size_t last = ws->layer_count, width = ws->layers[last].width;
	REAL *dx = FN(block_of)(ws, ws->layers[last].dx, last, block);
	if (step->net->layers[last].activation == MLP_IDENTITY) {
		memcpy(dx, ds, width * block.rows * sizeof(REAL));
		return;
	}
	REAL *rows_x = ws->rows_y, *rows_dx = ws->rows_dy;
	FN(block_to_rows)
	(FN(block_of)(ws, ws->layers[last].x, last, block), block.rows, width, rows_x, width);
	for (size_t j = 0; j < block.rows; j++)
		FN(loss_row_dx)
	(&step->objective, block.first + j, rows_x + j * width, width, rows_dx + j * width);
	FN(block_from_rows)(rows_dx, width, block.rows, width, dx);
}

/* Losses of the block's rows; with `backward` their gradient, to ds(L) or dx(L). */
static void block_loss(const struct mlp_step *step, struct mlp_block block)
{
	mlp_workspace *ws = step->ws;
	size_t last = ws->layer_count, width = ws->layers[last].width;
	const struct mlp_block_storage *output = &ws->layers[last];
	bool logits = mlp_reads_logits(step->objective.loss);
	REAL *rows_y = ws->rows_y, *rows_dy = ws->rows_dy;

	FN(block_to_rows)
	(FN(block_of)(ws, logits ? output->s : output->x, last, block), block.rows, width, rows_y,
	 width);
	for (size_t j = 0; j < block.rows; j++)
		ws->losses[block.first + j] =
			FN(loss_row)(&step->objective, block.first + j, rows_y + j * width, width,
				     step->backward ? rows_dy + j * width : NULL);
	if (!step->backward)
		return;
	REAL *gradient = FN(block_of)(ws, logits ? output->ds : output->dx, last, block);
	FN(block_from_rows)(rows_dy, width, block.rows, width, gradient);
	if (logits && ws->mode == MLP_TRACE)
		trace_output_dx(step, block, gradient);
}

size_t FN(step_samples)(const struct mlp_step *step)
{
	mlp_workspace *ws = step->ws;
	bool logits = mlp_reads_logits(step->objective.loss);
	size_t bad_layer = 0;
	size_t blocks = mlp_block_count(step->batch, ws->block_rows);
	for (size_t k = 0; k < blocks; k++) {
		struct mlp_block block = mlp_block_at(step->batch, ws->block_rows, k);
		FN(block_forward)(step->net, ws, block, step->x, step->ld_x);
		if (step->y != NULL)
			FN(block_output)(ws, block, step->y, step->ld_y);
		block_loss(step, block);
		if (step->backward) {
			size_t found = FN(block_backward)(step->net, ws, block, logits,
							  step->lowest, step->wants_dx0);
			bad_layer = found > bad_layer ? found : bad_layer;
		}
	}
	return bad_layer;
}

double FN(step_loss)(const struct mlp_step *step)
{
	double sum = 0;
	for (size_t n = 0; n < step->batch; n++)
		sum += FN(loss_term)(&step->objective, n, step->ws->losses[n]);
	return FN(loss_total)(&step->objective, sum);
}
