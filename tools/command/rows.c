/* Rows of data. */
#include "command/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "cli/memory.h"

static size_t size_of(mlp_dtype dtype)
{
	return dtype == MLP_F64 ? sizeof(double) : sizeof(float);
}

struct rows rows_of(const struct matrices *matrices)
{
	return (struct rows){matrices->dtype,   matrices->rows,  matrices->inputs,
			     matrices->outputs, matrices->x,     matrices->target,
			     matrices->classes, matrices->weight};
}

/* `values` + index elements; NULL stays NULL. */
static const void *offset_by(const void *values, int64_t index, size_t size)
{
	return values != NULL ? (const char *)values + (size_t)index * size : NULL;
}

struct rows rows_part(const struct rows *rows, int64_t first, int64_t count)
{
	size_t size = size_of(rows->dtype);
	struct rows part = *rows;
	part.count = count;
	part.x = offset_by(rows->x, first * rows->inputs, size);
	part.target = offset_by(rows->target, first * rows->outputs, size);
	part.classes = offset_by(rows->classes, first, sizeof(int64_t));
	part.weight = offset_by(rows->weight, first, size);
	return part;
}

/* Rows of `width` bytes in the order of the list; NULL of NULL. */
static void *gather(const void *values, size_t width, const int64_t *order, int64_t count)
{
	if (values == NULL)
		return NULL;
	char *made = make((size_t)count, width);
	for (int64_t n = 0; n < count; n++)
		memcpy(made + (size_t)n * width, (const char *)values + (size_t)order[n] * width,
		       width);
	return made;
}

struct rows rows_gather(const struct rows *rows, const int64_t *order, int64_t count)
{
	size_t size = size_of(rows->dtype);
	struct rows made = *rows;
	made.count = count;
	made.x = gather(rows->x, (size_t)rows->inputs * size, order, count);
	made.target = gather(rows->target, (size_t)rows->outputs * size, order, count);
	made.classes = gather(rows->classes, sizeof(int64_t), order, count);
	made.weight = gather(rows->weight, size, order, count);
	return made;
}

void rows_free(struct rows *rows)
{
	free((void *)rows->x);
	free((void *)rows->target);
	free((void *)rows->classes);
	free((void *)rows->weight);
	*rows = (struct rows){0};
}

static unsigned long checksum_of(unsigned long sum, const void *values, int64_t count, size_t size)
{
	if (values == NULL)
		return sum;
	return crc32_z(sum, values, (size_t)count * size);
}

unsigned long rows_checksum(const struct rows *rows)
{
	size_t size = size_of(rows->dtype);
	unsigned long sum = crc32_z(0, NULL, 0);
	sum = checksum_of(sum, rows->x, rows->count * rows->inputs, size);
	sum = checksum_of(sum, rows->target, rows->count * rows->outputs, size);
	sum = checksum_of(sum, rows->classes, rows->count, sizeof(int64_t));
	return checksum_of(sum, rows->weight, rows->count, size);
}

double value_of(mlp_dtype dtype, const void *values, int64_t i)
{
	return dtype == MLP_F64 ? ((const double *)values)[i] : (double)((const float *)values)[i];
}

/* ---- the library's calls -------------------------------------------------------------------- */

/* A call for the element type of `rows`; the arguments are the same but for the suffix. */
#define CALL(function, ...)                                                                        \
	(rows->dtype == MLP_F64 ? function##_f64(__VA_ARGS__) : function##_f32(__VA_ARGS__))

mlp_status fit_input_scaling(mlp_network *net, mlp_scaling scaling, const struct rows *rows)
{
	return CALL(mlp_network_fit_input_scaling, net, scaling, rows->x, rows->inputs,
		    rows->count);
}

mlp_status fit_output_scaling(mlp_network *net, mlp_scaling scaling, const struct rows *rows)
{
	return CALL(mlp_network_fit_output_scaling, net, scaling, rows->target, rows->outputs,
		    rows->count);
}

mlp_status fit_domain(mlp_network *net, const struct rows *rows)
{
	return CALL(mlp_network_fit_domain, net, rows->x, rows->inputs, rows->count);
}

mlp_status count_outside(const mlp_network *net, const struct rows *rows, double margin,
			 int64_t *outside, int64_t *rows_outside)
{
	return CALL(mlp_network_outside, net, rows->x, rows->inputs, rows->count, margin, outside,
		    rows_outside);
}

mlp_status measure(const mlp_network *net, mlp_workspace *ws, const struct rows *rows,
		   struct loss loss, const mlp_metric *metrics, int64_t count, double *values)
{
	if (rows->classes != NULL)
		return CALL(mlp_measure_class, net, ws, rows->x, rows->inputs, rows->classes,
			    rows->weight, rows->count, loss.kind, loss.parameter, metrics, count,
			    values);
	return CALL(mlp_measure, net, ws, rows->x, rows->inputs, rows->target, rows->outputs,
		    rows->weight, rows->count, loss.kind, loss.parameter, metrics, count, values);
}

mlp_status check_gradient(const mlp_network *net, const struct rows *rows, struct loss loss,
			  double step, int64_t *worst, double *analytic, double *numeric,
			  double *error)
{
	if (rows->classes != NULL)
		return CALL(mlp_gradient_check_class, net, rows->x, rows->inputs, rows->classes,
			    rows->weight, rows->count, loss.kind, loss.parameter, MLP_MEAN, step,
			    worst, analytic, numeric, error);
	return CALL(mlp_gradient_check, net, rows->x, rows->inputs, rows->target, rows->outputs,
		    rows->weight, rows->count, loss.kind, loss.parameter, MLP_MEAN, step, worst,
		    analytic, numeric, error);
}

mlp_status set_training_rows(mlp_trainer *trainer, const struct rows *rows)
{
	if (rows->classes != NULL)
		return CALL(mlp_trainer_set_data_class, trainer, rows->x, rows->inputs,
			    rows->classes, rows->weight, rows->count);
	return CALL(mlp_trainer_set_data, trainer, rows->x, rows->inputs, rows->target,
		    rows->outputs, rows->weight, rows->count);
}

mlp_status set_validation_rows(mlp_trainer *trainer, const struct rows *rows)
{
	if (rows->classes != NULL)
		return CALL(mlp_trainer_set_validation_class, trainer, rows->x, rows->inputs,
			    rows->classes, rows->weight, rows->count);
	return CALL(mlp_trainer_set_validation, trainer, rows->x, rows->inputs, rows->target,
		    rows->outputs, rows->weight, rows->count);
}

/* Rows of one forward pass. */
static int64_t piece_of(const struct rows *rows, int64_t outputs)
{
	enum { MOST_ROWS = 1024, MOST_VALUES = 1 << 22 };
	int64_t piece = outputs < MOST_VALUES / MOST_ROWS ? MOST_ROWS : MOST_VALUES / outputs + 1;
	return rows->count < piece ? rows->count : piece;
}

mlp_status predict_pieces(const mlp_network *net, mlp_pool *pool, const struct rows *rows,
			  piece_visitor visit, void *context)
{
	mlp_workspace *ws = NULL;
	int64_t outputs = mlp_network_width(net, mlp_network_layer_count(net));
	int64_t piece = piece_of(rows, outputs);
	void *y = make((size_t)(piece * outputs), size_of(rows->dtype));
	mlp_status status = mlp_workspace_create(net, piece, MLP_INFERENCE, &ws);
	if (status == MLP_OK && pool != NULL)
		status = mlp_workspace_set_pool(ws, pool);
	for (int64_t first = 0; first < rows->count && status == MLP_OK; first += piece) {
		int64_t left = rows->count - first, batch = left < piece ? left : piece;
		struct rows part = rows_part(rows, first, batch);
		status = CALL(mlp_forward, net, ws, part.x, rows->inputs, batch, y, outputs);
		if (status == MLP_OK)
			visit(context, &part, first, y);
	}
	mlp_workspace_free(ws);
	free(y);
	return status;
}

bool are_finite(mlp_dtype dtype, const void *values, int64_t first, int64_t count)
{
	for (int64_t i = 0; i < count; i++)
		if (!isfinite(value_of(dtype, values, first + i)))
			return false;
	return true;
}

int64_t largest_of(mlp_dtype dtype, const void *values, int64_t first, int64_t count)
{
	int64_t best = 0;
	if (!are_finite(dtype, values, first, count))
		return -1;
	for (int64_t c = 1; c < count; c++)
		if (value_of(dtype, values, first + c) > value_of(dtype, values, first + best))
			best = c;
	return best;
}
