#include "scaled_pair.h"

#include <math.h>
#include <stdlib.h>

#include "nets.h"

static void draw_affine(uint64_t *state, size_t count, double **shift, double **scale)
{
	*shift = calloc(count, sizeof(double));
	*scale = calloc(count, sizeof(double));
	for (size_t i = 0; i < count; i++) {
		(*shift)[i] = 3 * random_real(state);
		(*scale)[i] = exp(2 * random_real(state));
	}
}

void rows_scale(const struct rows *from, const double *shift, const double *scale, bool back,
		struct rows *to)
{
	for (size_t n = 0; n < from->rows; n++)
		for (size_t i = 0; i < from->width; i++) {
			double v = (double)from->data[n * from->ld + i];
			double made = back ? v * scale[i] + (shift != NULL ? shift[i] : 0)
					   : (v - (shift != NULL ? shift[i] : 0)) / scale[i];
			to->data[n * to->ld + i] = (REAL)made;
		}
}

struct pair pair_create(size_t net, int64_t batch, size_t turn)
{
	const mlp_loss losses[] = {MLP_SQUARED_ERROR, MLP_HUBER, MLP_LOG_COSH};
	uint64_t state = 77 + turn;
	struct pair pair;
	for (int i = 0; i < 2; i++) {
		struct task *task = i == 0 ? &pair.raw : &pair.plain;
		*task = task_create(nets[net].widths, nets[net].width_count, batch, turn % 3,
				    31 * net + turn);
		task_set_loss(task, losses[turn % 3], false);
		task->weighted = turn % 2 == 0;
		if (turn % 2 == 1)
			assert_ok(mlp_network_set_activation(task->net, 1, MLP_SILU));
		if (turn % 4 == 2)
			assert_ok(mlp_network_set_activation(task->net, (int64_t)task->layer_count,
							     MLP_TANH));
	}
	draw_affine(&state, pair.raw.x.width, &pair.in_shift, &pair.in_scale);
	draw_affine(&state, pair.raw.dl.width, &pair.out_shift, &pair.out_scale);
	rows_scale(&pair.plain.x, pair.in_shift, pair.in_scale, true, &pair.raw.x);
	rows_scale(&pair.plain.target, pair.out_shift, pair.out_scale, true, &pair.raw.target);
	rows_scale(&pair.plain.dl, NULL, pair.out_scale, false, &pair.raw.dl);
	/* what the network's numbers make of the raw ones, rounded as often as it rounds */
	rows_scale(&pair.raw.x, pair.in_shift, pair.in_scale, false, &pair.plain.x);
	rows_scale(&pair.raw.target, pair.out_shift, pair.out_scale, false, &pair.plain.target);
	assert_ok(mlp_network_set_input_scaling(pair.raw.net, pair.in_shift, pair.in_scale));
	assert_ok(mlp_network_set_output_scaling(pair.raw.net, pair.out_shift, pair.out_scale));
	return pair;
}

void pair_free(struct pair *pair)
{
	task_free(&pair->raw);
	task_free(&pair->plain);
	free(pair->in_shift);
	free(pair->in_scale);
	free(pair->out_shift);
	free(pair->out_scale);
}
