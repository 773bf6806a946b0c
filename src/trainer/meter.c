/* Measuring: the sums over rows that metrics are made of. */
#include "trainer/meter.h"

#include <math.h>

#include "engine/objects.h"

static size_t argmax(const REAL *values, size_t width)
{
	size_t best = 0;
	for (size_t i = 1; i < width; i++)
		if (values[i] > values[best])
			best = i;
	return best;
}

/* Share of the outputs that lie on the same side of a threshold as their targets. */
static double share_of_sides(const REAL *y, REAL y_threshold, const REAL *target,
			     REAL target_threshold, size_t width)
{
	size_t right = 0;
	for (size_t i = 0; i < width; i++)
		right += (y[i] > y_threshold) == (target[i] > target_threshold);
	return (double)right / (double)width;
}

/* What a row with targets that are values was told right, 0 .. 1. */
static double share_right(const struct mlp_meter *meter, const REAL *y, const REAL *target)
{
	mlp_activation output =
		mlp_network_activation(meter->net, (int64_t)meter->net->layer_count);
	if (meter->loss == MLP_BINARY_CROSS_ENTROPY)
		return share_of_sides(y, output == MLP_SIGMOID ? (REAL)0.5 : 0, target, (REAL)0.5,
				      meter->width);
	if (meter->width > 1)
		return argmax(y, meter->width) == argmax(target, meter->width);
	REAL threshold = output == MLP_TANH ? 0 : (REAL)0.5;
	return share_of_sides(y, threshold, target, threshold, 1);
}

/* Errors of a row, and the variance of the targets by Welford's updates: differences of large sums would
 * lose its digits. meter->weight includes this row's. */
static void add_errors(struct mlp_meter *meter, const REAL *y, const REAL *target, double weight)
{
	double squares = 0, absolutes = 0;
	for (size_t i = 0; i < meter->width; i++) {
		double t = (double)target[i], error = (double)y[i] - t;
		squares += error * error;
		absolutes += fabs(error);
		meter->residual[i] += weight * (error * error);
		double distance = t - meter->mean[i];
		meter->mean[i] += distance * (weight / meter->weight);
		meter->spread[i] += weight * (distance * (t - meter->mean[i]));
	}
	meter->squares += weight * squares;
	meter->absolutes += weight * absolutes;
}

double FN(rows_weight)(const struct mlp_rows *rows)
{
	const REAL *weight = rows->weight;
	double sum = 0;
	for (int64_t n = 0; n < rows->count && weight != NULL; n++)
		sum += (double)weight[n];
	return weight != NULL ? sum : (double)rows->count;
}

static mlp_status evaluate(struct mlp_meter *meter, const struct mlp_rows *rows, double *loss)
{
	int64_t width = (int64_t)meter->width;
	if (rows->classes != NULL)
		return FN(evaluate_class)(meter->net, meter->ws, rows->x, rows->ld_x, rows->classes,
					  rows->weight, rows->count, meter->loss, meter->parameter,
					  MLP_SUM, loss, meter->y, width);
	return FN(evaluate)(meter->net, meter->ws, rows->x, rows->ld_x, rows->values,
			    rows->ld_target, rows->weight, rows->count, meter->loss,
			    meter->parameter, MLP_SUM, loss, meter->y, width);
}

mlp_status FN(meter_add)(struct mlp_meter *meter, const struct mlp_rows *rows)
{
	if (FN(rows_weight)(rows) == 0)
		return MLP_OK;
	double loss;
	mlp_status status = evaluate(meter, rows, &loss);
	if (status != MLP_OK)
		return status;
	meter->losses += loss;
	const REAL *y = meter->y, *weights = rows->weight;
	for (size_t n = 0; n < (size_t)rows->count; n++, y += meter->width) {
		double weight = weights != NULL ? (double)weights[n] : 1;
		if (weight == 0)
			continue;
		meter->weight += weight;
		if (rows->classes != NULL) {
			meter->right +=
				weight * (argmax(y, meter->width) == (size_t)rows->classes[n]);
		} else {
			const REAL *target =
				(const REAL *)rows->values + n * (size_t)rows->ld_target;
			meter->right += weight * share_right(meter, y, target);
			add_errors(meter, y, target, weight);
		}
	}
	return MLP_OK;
}

struct mlp_rows FN(rows_piece)(const struct mlp_rows *rows, int64_t first, int64_t most)
{
	struct mlp_rows piece = *rows;
	piece.count = rows->count - first < most ? rows->count - first : most;
	piece.x = (const REAL *)rows->x + first * rows->ld_x;
	if (rows->values != NULL)
		piece.values = (const REAL *)rows->values + first * rows->ld_target;
	if (rows->classes != NULL)
		piece.classes = rows->classes + first;
	if (rows->weight != NULL)
		piece.weight = (const REAL *)rows->weight + first;
	return piece;
}
