/* mlp_measure: metrics of any number of rows. */
#include <math.h>

#include "base/status.h"
#include "check.h"
#include "objective.h"
#include "trainer/meter.h"

static mlp_status check_metrics(const mlp_metric *metrics, int64_t count, bool by_class)
{
	if (count < 1)
		return mlp_fail(MLP_ERR_SIZE, "count is %, must be at least 1", count);
	for (int64_t i = 0; i < count; i++) {
		if (mlp_metric_name(metrics[i]) == NULL)
			return mlp_fail(MLP_ERR_VALUE, "metric is %, unknown", (int)metrics[i]);
		if (by_class && !mlp_metric_takes_classes(metrics[i]))
			return mlp_fail_named(MLP_ERR_VALUE, mlp_metric_name(metrics[i]),
					      " takes no class indices");
	}
	return MLP_OK;
}

/* All that mlp_evaluate cannot see of pieces; what it can is left to it. */
static mlp_status check(const mlp_network *net, const mlp_workspace *ws,
			const struct mlp_rows *rows, const mlp_metric *metrics, int64_t count,
			const double *values)
{
	double sum;
	mlp_status status = mlp_check_call(net, ws, 1, REAL_DTYPE);
	if (status == MLP_OK && rows->count < 1)
		status = mlp_fail(MLP_ERR_SIZE, "rows is %, must be at least 1", rows->count);
	if (status == MLP_OK)
		status = mlp_check_rows("x", rows->x, rows->ld_x, rows->count,
					(int64_t)net->layers[1].n_in, sizeof(REAL));
	if (status == MLP_OK && rows->values == NULL && rows->classes == NULL)
		status = mlp_fail(MLP_ERR_NULL, "target is NULL");
	if (status == MLP_OK && rows->values != NULL)
		status = mlp_check_rows("target", rows->values, rows->ld_target, rows->count,
					(int64_t)net->layers[net->layer_count].n_out, sizeof(REAL));
	if (status == MLP_OK)
		status = mlp_check_pointer("metrics", metrics);
	if (status == MLP_OK)
		status = mlp_check_pointer("values", values);
	if (status == MLP_OK)
		status = check_metrics(metrics, count, rows->classes != NULL);
	if (status == MLP_OK && rows->weight != NULL)
		status = FN(sum_weights)(rows->weight, rows->count, &sum);
	return status;
}

static mlp_status run(struct mlp_meter *meter, const struct mlp_rows *rows, int64_t most,
		      const mlp_metric *metrics, int64_t count, double *values)
{
	mlp_status status = MLP_OK;
	mlp_meter_begin(meter);
	for (int64_t first = 0; first < rows->count && status == MLP_OK; first += most) {
		struct mlp_rows piece = FN(rows_piece)(rows, first, most);
		status = FN(meter_add)(meter, &piece);
	}
	for (int64_t i = 0; i < count && status == MLP_OK; i++) {
		values[i] = mlp_meter_value(meter, metrics[i]);
		if (!isfinite(values[i]))
			status = mlp_fail_named(MLP_ERR_NONFINITE, mlp_metric_name(metrics[i]),
						" of % rows is infinite or not a number",
						rows->count);
	}
	return status;
}

static mlp_status measure(const mlp_network *net, mlp_workspace *ws, const struct mlp_rows *rows,
			  mlp_loss loss, double parameter, const mlp_metric *metrics, int64_t count,
			  double *values)
{
	mlp_status status = check(net, ws, rows, metrics, count, values);
	if (status != MLP_OK)
		return status;
	int64_t most = mlp_workspace_max_batch(ws);
	if (most > MLP_METER_ROWS)
		most = MLP_METER_ROWS;
	struct mlp_meter meter = {.net = net, .ws = ws, .loss = loss, .parameter = parameter};
	size_t width = net->layers[net->layer_count].n_out;
	struct mlp_arena arena = {0};
	mlp_meter_take(&meter, &arena, (size_t)most, width, sizeof(REAL));
	if (arena.overflow)
		return mlp_fail(MLP_ERR_OVERFLOW, "outputs of % rows exceed the address space",
				most);
	size_t bytes = (size_t)arena.bytes;
	void *memory;
	status = mlp_allocate(&net->allocator, bytes, &memory);
	if (status != MLP_OK)
		return status;
	arena = (struct mlp_arena){.base = memory};
	mlp_meter_take(&meter, &arena, (size_t)most, width, sizeof(REAL));
	status = run(&meter, rows, most, metrics, count, values);
	mlp_deallocate(&net->allocator, memory, bytes);
	return status;
}

mlp_status FN(measure)(const mlp_network *net, mlp_workspace *ws, const REAL *x, int64_t ld_x,
		       const REAL *target, int64_t ld_target, const REAL *weight, int64_t rows,
		       mlp_loss loss, double parameter, const mlp_metric *metrics, int64_t count,
		       double *values)
{
	struct mlp_rows data = {x, ld_x, target, ld_target, NULL, weight, rows};
	return measure(net, ws, &data, loss, parameter, metrics, count, values);
}

mlp_status FN(measure_class)(const mlp_network *net, mlp_workspace *ws, const REAL *x, int64_t ld_x,
			     const int64_t *target, const REAL *weight, int64_t rows, mlp_loss loss,
			     double parameter, const mlp_metric *metrics, int64_t count,
			     double *values)
{
	struct mlp_rows data = {x, ld_x, NULL, 0, target, weight, rows};
	return measure(net, ws, &data, loss, parameter, metrics, count, values);
}
