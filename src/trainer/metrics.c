/* Metrics: their names, and what the sums of a meter come to. */
#include <math.h>
#include <string.h>

#include "base/status.h"
#include "trainer/trainer.h"

static const char *const names[] = {
	[MLP_METRIC_LOSS] = "loss", [MLP_METRIC_ACCURACY] = "accuracy",
	[MLP_METRIC_RMSE] = "rmse", [MLP_METRIC_MAE] = "mae",
	[MLP_METRIC_R2] = "r2",
};

enum { METRICS = sizeof(names) / sizeof(names[0]) };

const char *mlp_metric_name(mlp_metric metric)
{
	return (int)metric > 0 && (int)metric < METRICS ? names[metric] : NULL;
}

mlp_metric mlp_metric_from_name(const char *name)
{
	for (int i = 1; i < METRICS && name != NULL; i++)
		if (strcmp(names[i], name) == 0)
			return (mlp_metric)i;
	return (mlp_metric)0;
}

int mlp_metric_should_rise(mlp_metric metric)
{
	if (mlp_metric_name(metric) == NULL)
		return mlp_fail(MLP_ERR_VALUE, "metric is %, unknown", (int)metric);
	return metric == MLP_METRIC_ACCURACY || metric == MLP_METRIC_R2;
}

int mlp_metric_takes_classes(mlp_metric metric)
{
	return metric == MLP_METRIC_LOSS || metric == MLP_METRIC_ACCURACY;
}

bool mlp_metric_applies(mlp_metric metric, mlp_loss loss, bool by_class)
{
	if (by_class)
		return mlp_metric_takes_classes(metric);
	return metric != MLP_METRIC_ACCURACY || loss == MLP_CROSS_ENTROPY ||
	       loss == MLP_BINARY_CROSS_ENTROPY;
}

void mlp_meter_take(struct mlp_meter *meter, struct mlp_arena *arena, size_t rows, size_t width,
		    size_t size)
{
	meter->width = width;
	meter->y = mlp_arena_take(arena, rows, width, size);
	meter->mean = mlp_arena_take(arena, width, 1, sizeof(double));
	meter->spread = mlp_arena_take(arena, width, 1, sizeof(double));
	meter->residual = mlp_arena_take(arena, width, 1, sizeof(double));
}

void mlp_meter_begin(struct mlp_meter *meter)
{
	meter->weight = meter->losses = meter->right = meter->squares = meter->absolutes = 0;
	memset(meter->mean, 0, meter->width * sizeof(double));
	memset(meter->spread, 0, meter->width * sizeof(double));
	memset(meter->residual, 0, meter->width * sizeof(double));
}

static double r2(const struct mlp_meter *meter)
{
	double sum = 0;
	for (size_t i = 0; i < meter->width; i++) {
		if (meter->spread[i] > 0)
			sum += 1 - meter->residual[i] / meter->spread[i];
		else
			sum += meter->residual[i] == 0;
	}
	return sum / (double)meter->width;
}

double mlp_meter_value(const struct mlp_meter *meter, mlp_metric metric)
{
	double outputs = meter->weight * (double)meter->width;
	if (!(meter->weight > 0))
		return (double)NAN;
	switch (metric) {
	case MLP_METRIC_LOSS:
		return meter->losses / meter->weight;
	case MLP_METRIC_ACCURACY:
		return meter->right / meter->weight;
	case MLP_METRIC_RMSE:
		return sqrt(meter->squares / outputs);
	case MLP_METRIC_MAE:
		return meter->absolutes / outputs;
	case MLP_METRIC_R2:
		return r2(meter);
	case MLP_METRIC_MAX_ENUM:
		break;
	}
	return (double)NAN;
}
