/* An optimizer's update from a gradient in an array, and what needs more than one element at a time. */
#include "engine/descend.h"

#include <math.h>

#include "base/workers.h"
#include "engine/update.h"
#include "kernels/kernels.h"

static const struct mlp_kernels *kernels_of(const mlp_workspace *ws)
{
	return ws != NULL ? ws->kernels : FN(kernels)((mlp_instructions)0);
}

static mlp_pool *pool_of(const mlp_workspace *ws)
{
	return ws != NULL ? ws->pool : NULL;
}

/* ---- update --------------------------------------------------------------------------------- */

struct descend {
	const mlp_network *net;
	const struct mlp_kernels *kernels;
	const REAL *grad;
	const struct mlp_descents *descents;
};

static void descend_range(const struct descend *d, const struct mlp_descent *by, size_t begin,
			  size_t end)
{
	if (begin < end)
		d->kernels->descend(by, NULL, d->grad + begin, end - begin, 1, end - begin,
				    FN(descended_at)(d->descents, begin), end - begin);
}

static void descend_chunk(void *context, size_t index, size_t worker)
{
	(void)worker;
	const struct descend *d = context;
	for (size_t l = 1; l <= d->net->layer_count; l++) {
		const struct mlp_layer *layer = &d->net->layers[l];
		struct mlp_range part = mlp_trained_part(layer, index);
		size_t b = layer->b_offset < part.begin ? part.begin
			   : layer->b_offset > part.end ? part.end
							: layer->b_offset;
		descend_range(d, &d->descents->weights, part.begin, b);
		descend_range(d, &d->descents->biases, b, part.end);
	}
}

void FN(descend)(const mlp_network *net, const mlp_workspace *ws, const REAL *grad,
		 const struct mlp_descents *descents)
{
	mlp_pool_run(pool_of(ws), mlp_chunk_count(net), descend_chunk,
		     &(struct descend){net, kernels_of(ws), grad, descents});
}

/* ---- norm of the gradient ------------------------------------------------------------------- */

struct squares {
	const mlp_network *net;
	const struct mlp_kernels *kernels;
	const REAL *grad;
	REAL clip;
	double *parts;
};

static void sum_chunk(void *context, size_t index, size_t worker)
{
	(void)worker;
	const struct squares *squares = context;
	double sum = 0;
	for (size_t l = 1; l <= squares->net->layer_count; l++) {
		struct mlp_range part = mlp_trained_part(&squares->net->layers[l], index);
		sum += squares->kernels->sum_of_squares(squares->grad + part.begin,
							part.end - part.begin, squares->clip);
	}
	squares->parts[index] = sum;
}

double FN(gradient_square_sum)(const mlp_network *net, const mlp_workspace *ws, const REAL *grad,
			       REAL clip, double *parts)
{
	struct squares squares = {net, kernels_of(ws), grad, clip, NULL};
	squares.parts = parts;
	mlp_pool_run(pool_of(ws), mlp_chunk_count(net), sum_chunk, &squares);
	double sum = 0;
	for (size_t i = 0; i < mlp_chunk_count(net); i++)
		sum += squares.parts[i];
	return sum;
}

/* ---- norms of rows -------------------------------------------------------------------------- */

struct rows {
	const struct mlp_kernels *kernels;
	REAL *w;
	size_t n_out, n_in, tasks;
	REAL bound;
};

/* The norm of a row whose squares do not fit a double. */
static double long_norm(const REAL *row, size_t n)
{
	double most = 0, sum = 0;
	for (size_t j = 0; j < n; j++)
		most = fmax(most, fabs((double)row[j]));
	for (size_t j = 0; j < n; j++)
		sum += (double)row[j] / most * ((double)row[j] / most);
	return most * sqrt(sum);
}

static void limit_some(void *context, size_t index, size_t worker)
{
	(void)worker;
	const struct rows *rows = context;
	struct mlp_range range = mlp_range_at(rows->n_out, 1, rows->tasks, index);
	for (size_t i = range.begin; i < range.end; i++) {
		REAL *row = rows->w + i * rows->n_in;
		double norm = sqrt(rows->kernels->sum_of_squares(row, rows->n_in, REAL_MAX));
		if (!(norm > (double)rows->bound))
			continue;
		if (isinf(norm))
			norm = long_norm(row, rows->n_in);
		rows->kernels->scale((REAL)((double)rows->bound / norm), rows->n_in, row);
	}
}

void FN(limit_rows)(mlp_network *net, const mlp_workspace *ws, REAL bound)
{
	for (size_t l = 1; l <= net->layer_count; l++) {
		const struct mlp_layer *layer = &net->layers[l];
		if (layer->is_frozen)
			continue;
		struct rows rows = {.kernels = kernels_of(ws),
				    .w = (REAL *)net->parameters + layer->w_offset,
				    .n_out = layer->n_out,
				    .n_in = layer->n_in,
				    .bound = bound};
		rows.tasks = mlp_task_count(mlp_product_work(layer->n_out, layer->n_in, 4),
					    layer->n_out);
		mlp_pool_run(pool_of(ws), rows.tasks, limit_some, &rows);
	}
}
