/* Metrics against the formulas of their manual, computed in the most obvious way; and what mlp_measure
 * refuses. */
#include <math.h>
#include <stdlib.h>

#include "property/real.h"

enum { IN = 3, ROWS = 700, LD_X = 5, LD_T = 6, MOST_OUT = 4 };

static const mlp_metric all_metrics[] = {MLP_METRIC_LOSS, MLP_METRIC_ACCURACY, MLP_METRIC_RMSE,
					 MLP_METRIC_MAE, MLP_METRIC_R2};

struct data {
	mlp_network *net;
	int64_t out;
	REAL x[ROWS * LD_X], target[ROWS * LD_T], weight[ROWS], y[ROWS * MOST_OUT];
	int64_t classes[ROWS];
};

static REAL fill(uint64_t *seed)
{
	return (REAL)random_real(seed);
}

/* A network, and rows of which every seventh has no weight and a target that must not be looked at. */
static struct data *make(int64_t out, mlp_activation output, uint64_t seed)
{
	struct data *data = calloc(1, sizeof(*data));
	const int64_t widths[] = {IN, 8, out};
	assert_ok(mlp_network_create(REAL_DTYPE, widths, 3, &data->net));
	assert_ok(mlp_network_init(data->net, MLP_ALL_LAYERS, MLP_INIT_GLOROT_NORMAL, 0, seed));
	assert_ok(mlp_network_set_activation(data->net, 2, output));
	data->out = out;
	for (size_t i = 0; i < ROWS * LD_X; i++)
		data->x[i] = fill(&seed);
	for (size_t i = 0; i < ROWS * LD_T; i++)
		data->target[i] = (fill(&seed) + 1) / 2;
	for (size_t n = 0; n < ROWS; n++) {
		data->weight[n] = n % 7 == 3 ? 0 : (fill(&seed) + 1) / 2;
		data->classes[n] = n % 7 == 3 ? -5 : random_integer(&seed, 0, out - 1);
		if (n % 7 == 3)
			data->target[n * LD_T] = (REAL)NAN;
	}
	assert_ok(FN(predict)(data->net, data->x, LD_X, ROWS, data->y, out));
	return data;
}

static void discard(struct data *data)
{
	mlp_network_free(data->net);
	free(data);
}

static size_t largest(const REAL *v, int64_t n)
{
	size_t best = 0;
	for (size_t i = 0; i < (size_t)n; i++)
		if (v[i] > v[best])
			best = i;
	return best;
}

static void naive_errors(const struct data *data, int64_t rows, double *values)
{
	double weights = 0, squares = 0, absolutes = 0, scores = 0;
	for (int64_t n = 0; n < rows; n++)
		weights += (double)data->weight[n];
	for (int64_t i = 0; i < data->out; i++) {
		double mean = 0, residual = 0, spread = 0;
		for (int64_t n = 0; n < rows; n++)
			if (data->weight[n] > 0)
				mean += (double)data->weight[n] *
					(double)data->target[n * LD_T + i] / weights;
		for (int64_t n = 0; n < rows; n++) {
			double w = (double)data->weight[n], t = (double)data->target[n * LD_T + i];
			double e = (double)data->y[n * data->out + i] - t;
			if (w == 0)
				continue;
			squares += w * e * e;
			absolutes += w * fabs(e);
			residual += w * e * e;
			spread += w * (t - mean) * (t - mean);
		}
		scores += 1 - residual / spread;
	}
	values[2] = sqrt(squares / weights / (double)data->out);
	values[3] = absolutes / weights / (double)data->out;
	values[4] = scores / (double)data->out;
}

/* Accuracy by a rule: 0 argmax against argmax, else every output against a threshold for y and for t. */
static double naive_accuracy(const struct data *data, int64_t rows, int by_sides, REAL y_side,
			     REAL t_side)
{
	double weights = 0, right = 0;
	for (int64_t n = 0; n < rows; n++) {
		double w = (double)data->weight[n];
		const REAL *y = &data->y[n * data->out], *t = &data->target[n * LD_T];
		weights += w;
		if (w == 0)
			continue;
		if (!by_sides)
			right += w * (largest(y, data->out) == largest(t, data->out));
		for (int64_t i = 0; i < data->out && by_sides; i++)
			right += w * ((y[i] > y_side) == (t[i] > t_side)) / (double)data->out;
	}
	return right / weights;
}

static void metrics_of_values_follow_their_formulas(void **state)
{
	(void)state;
	static const struct {
		int64_t out;
		mlp_activation output;
		mlp_loss loss;
		int by_sides;
		REAL y_side, t_side;
	} cases[] = {
		{4, MLP_IDENTITY, MLP_SQUARED_ERROR, 0, 0, 0},
		{1, MLP_IDENTITY, MLP_SQUARED_ERROR, 1, (REAL)0.5, (REAL)0.5},
		{1, MLP_TANH, MLP_HUBER, 1, 0, 0},
		{1, MLP_SIGMOID, MLP_BINARY_CROSS_ENTROPY, 1, (REAL)0.5, (REAL)0.5},
		{3, MLP_SIGMOID, MLP_BINARY_CROSS_ENTROPY, 1, (REAL)0.5, (REAL)0.5},
		{3, MLP_IDENTITY, MLP_BINARY_CROSS_ENTROPY, 1, 0, (REAL)0.5},
		{4, MLP_SOFTMAX, MLP_CROSS_ENTROPY, 0, 0, 0},
	};
	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++)
		for (int64_t rows = 5; rows <= ROWS; rows += ROWS - 5)
			for (int64_t most = 1; most <= 1024; most *= 32) {
				struct data *data = make(cases[c].out, cases[c].output, c + 1);
				double parameter = cases[c].loss == MLP_HUBER ? 0.3 : 0;
				mlp_workspace *ws, *whole;
				assert_ok(
					mlp_workspace_create(data->net, most, MLP_INFERENCE, &ws));
				assert_ok(mlp_workspace_create(data->net, rows, MLP_INFERENCE,
							       &whole));
				double values[5], expected[5];
				assert_ok(FN(measure)(data->net, ws, data->x, LD_X, data->target,
						      LD_T, data->weight, rows, cases[c].loss,
						      parameter, all_metrics, 5, values));
				assert_ok(FN(evaluate)(data->net, whole, data->x, LD_X,
						       data->target, LD_T, data->weight, rows,
						       cases[c].loss, parameter, MLP_MEAN,
						       &expected[0], NULL, 0));
				expected[1] = naive_accuracy(data, rows, cases[c].by_sides,
							     cases[c].y_side, cases[c].t_side);
				naive_errors(data, rows, expected);
				assert_allclose_f64(values, expected, 5, TOLERANCE, TOLERANCE);
				mlp_workspace_free(ws);
				mlp_workspace_free(whole);
				discard(data);
			}
}

static void errors_are_in_the_units_of_the_targets(void **state)
{
	(void)state;
	struct data *data = make(2, MLP_IDENTITY, 4);
	const double shift[] = {5, -3}, scale[] = {100, 0.01};
	double values[3], expected[5];
	mlp_workspace *ws;
	assert_ok(mlp_network_set_output_scaling(data->net, shift, scale));
	assert_ok(FN(predict)(data->net, data->x, LD_X, ROWS, data->y, 2));
	assert_ok(mlp_workspace_create(data->net, 32, MLP_INFERENCE, &ws));
	assert_ok(FN(measure)(data->net, ws, data->x, LD_X, data->target, LD_T, data->weight, ROWS,
			      MLP_SQUARED_ERROR, 0, all_metrics + 2, 3, values));
	naive_errors(data, ROWS, expected);
	assert_allclose_f64(values, expected + 2, 3, TOLERANCE, TOLERANCE);
	assert_true(values[0] > 10);
	mlp_workspace_free(ws);
	discard(data);
}

static void accuracy_of_classes_counts_the_largest_output(void **state)
{
	(void)state;
	struct data *data = make(4, MLP_SOFTMAX, 3);
	mlp_workspace *ws;
	assert_ok(mlp_workspace_create(data->net, 64, MLP_TRAINING, &ws));
	double values[2], weights = 0, right = 0, loss = 0;
	assert_ok(FN(measure_class)(data->net, ws, data->x, LD_X, data->classes, data->weight, ROWS,
				    MLP_CROSS_ENTROPY, 0, all_metrics, 2, values));
	for (size_t n = 0; n < ROWS; n++) {
		double w = (double)data->weight[n];
		weights += w;
		if (w == 0)
			continue;
		right += w * ((int64_t)largest(&data->y[n * 4], 4) == data->classes[n]);
		loss -= w * log((double)data->y[n * 4 + (size_t)data->classes[n]]);
	}
	const double expected[] = {loss / weights, right / weights};
	assert_allclose_f64(values, expected, 2, TOLERANCE, TOLERANCE);
	mlp_workspace_free(ws);
	discard(data);
}

static void weights_count_as_repeated_rows(void **state)
{
	(void)state;
	struct data *data = make(2, MLP_IDENTITY, 9);
	REAL x[ROWS * IN], target[ROWS * 2];
	size_t rows = 0;
	for (size_t n = 0; n < 200; n++) {
		data->weight[n] = (REAL)(n % 4);
		for (size_t k = 0; k < n % 4; k++, rows++)
			for (size_t i = 0; i < IN; i++) {
				x[rows * IN + i] = data->x[n * LD_X + i];
				if (i < 2)
					target[rows * 2 + i] = data->target[n * LD_T + i] =
						(REAL)(n + i);
			}
	}
	mlp_workspace *ws;
	assert_ok(mlp_workspace_create(data->net, 32, MLP_INFERENCE, &ws));
	double weighted[5], repeated[5];
	assert_ok(FN(measure)(data->net, ws, data->x, LD_X, data->target, LD_T, data->weight, 200,
			      MLP_SQUARED_ERROR, 0, all_metrics, 5, weighted));
	assert_ok(FN(measure)(data->net, ws, x, IN, target, 2, NULL, (int64_t)rows,
			      MLP_SQUARED_ERROR, 0, all_metrics, 5, repeated));
	assert_allclose_f64(weighted, repeated, 5, TOLERANCE, TOLERANCE);
	mlp_workspace_free(ws);
	discard(data);
}

static void r2_of_a_constant_target_is_1_if_met_else_0(void **state)
{
	(void)state;
	const int64_t widths[] = {1, 1};
	mlp_network *net;
	mlp_workspace *ws;
	assert_ok(mlp_network_create(REAL_DTYPE, widths, 2, &net));
	assert_ok(mlp_workspace_create(net, 4, MLP_INFERENCE, &ws));
	const REAL weights[] = {0, 3}, x[] = {1, 2, 3, 4}, three[] = {3, 3, 3, 3},
		   four[] = {4, 4, 4, 4};
	assert_ok(FN(network_set_parameters)(net, weights, 2));
	const mlp_metric metric = MLP_METRIC_R2;
	double value;
	assert_ok(FN(measure)(net, ws, x, 1, three, 1, NULL, 4, MLP_SQUARED_ERROR, 0, &metric, 1,
			      &value));
	assert_true(value == 1);
	assert_ok(FN(measure)(net, ws, x, 1, four, 1, NULL, 4, MLP_SQUARED_ERROR, 0, &metric, 1,
			      &value));
	assert_true(value == 0);
	mlp_workspace_free(ws);
	mlp_network_free(net);
}

static void what_cannot_be_measured_is_refused(void **state)
{
	(void)state;
	struct data *d = make(4, MLP_IDENTITY, 1);
	mlp_workspace *ws;
	assert_ok(mlp_workspace_create(d->net, 16, MLP_INFERENCE, &ws));
	const mlp_metric unknown = (mlp_metric)6, rmse = MLP_METRIC_RMSE;
	double v[5];
#define MEASURE(net, ws, x, ld_x, t, ld_t, w, rows, loss, parameter, metrics, count, values)       \
	FN(measure)(net, ws, x, ld_x, t, ld_t, w, rows, loss, parameter, metrics, count, values)
	const mlp_loss square = MLP_SQUARED_ERROR;
	assert_fails(MLP_ERR_NULL, "net",
		     MEASURE(NULL, ws, d->x, LD_X, d->target, LD_T, NULL, 9, square, 0, all_metrics,
			     5, v));
	assert_fails(MLP_ERR_NULL, "ws",
		     MEASURE(d->net, NULL, d->x, LD_X, d->target, LD_T, NULL, 9, square, 0,
			     all_metrics, 5, v));
	assert_fails(MLP_ERR_NULL, "x is NULL",
		     MEASURE(d->net, ws, NULL, LD_X, d->target, LD_T, NULL, 9, square, 0,
			     all_metrics, 5, v));
	assert_fails(
		MLP_ERR_NULL, "target",
		MEASURE(d->net, ws, d->x, LD_X, NULL, LD_T, NULL, 9, square, 0, all_metrics, 5, v));
	assert_fails(
		MLP_ERR_NULL, "metrics",
		MEASURE(d->net, ws, d->x, LD_X, d->target, LD_T, NULL, 9, square, 0, NULL, 5, v));
	assert_fails(MLP_ERR_NULL, "values",
		     MEASURE(d->net, ws, d->x, LD_X, d->target, LD_T, NULL, 9, square, 0,
			     all_metrics, 5, NULL));
	assert_fails(MLP_ERR_SIZE, "rows is 0",
		     MEASURE(d->net, ws, d->x, LD_X, d->target, LD_T, NULL, 0, square, 0,
			     all_metrics, 5, v));
	assert_fails(MLP_ERR_SIZE, "count is 0",
		     MEASURE(d->net, ws, d->x, LD_X, d->target, LD_T, NULL, 9, square, 0,
			     all_metrics, 0, v));
	assert_fails(MLP_ERR_STRIDE, "x: ",
		     MEASURE(d->net, ws, d->x, IN - 1, d->target, LD_T, NULL, 9, square, 0,
			     all_metrics, 5, v));
	assert_fails(MLP_ERR_STRIDE, "target: ",
		     MEASURE(d->net, ws, d->x, LD_X, d->target, 3, NULL, 9, square, 0, all_metrics,
			     5, v));
	assert_fails(MLP_ERR_VALUE, "metric is 6",
		     MEASURE(d->net, ws, d->x, LD_X, d->target, LD_T, NULL, 9, square, 0, &unknown,
			     1, v));
	assert_fails(MLP_ERR_VALUE, "loss is 99",
		     MEASURE(d->net, ws, d->x, LD_X, d->target, LD_T, NULL, 9, (mlp_loss)99, 0,
			     all_metrics, 5, v));
	assert_fails(MLP_ERR_NONFINITE, "row 3",
		     MEASURE(d->net, ws, d->x, LD_X, d->target, LD_T, NULL, 9, square, 0,
			     all_metrics, 5, v));
	REAL weight[9] = {0};
	assert_fails(MLP_ERR_VALUE, "sum to 0",
		     MEASURE(d->net, ws, d->x, LD_X, d->target, LD_T, weight, 9, square, 0,
			     all_metrics, 5, v));
	weight[8] = -1;
	assert_fails(MLP_ERR_VALUE, "row 8",
		     MEASURE(d->net, ws, d->x, LD_X, d->target, LD_T, weight, 9, square, 0,
			     all_metrics, 5, v));
	assert_fails(MLP_ERR_VALUE, "rmse takes no class indices",
		     FN(measure_class)(d->net, ws, d->x, LD_X, d->classes, d->weight, 9,
				       MLP_CROSS_ENTROPY, 0, &rmse, 1, v));
	assert_fails(MLP_ERR_LOSS, "squared_error takes no class indices",
		     FN(measure_class)(d->net, ws, d->x, LD_X, d->classes, d->weight, 9, square, 0,
				       all_metrics, 1, v));
	assert_fails(MLP_ERR_INDEX, "class of row 3 is -5",
		     FN(measure_class)(d->net, ws, d->x, LD_X, d->classes, NULL, 9,
				       MLP_CROSS_ENTROPY, 0, all_metrics, 1, v));
	mlp_workspace_free(ws);
	discard(d);
}

static void names_and_directions(void **state)
{
	(void)state;
	const char *const names[] = {"loss", "accuracy", "rmse", "mae", "r2"};
	const int rises[] = {0, 1, 0, 0, 1};
	for (int i = 0; i < 5; i++) {
		assert_string_equal(mlp_metric_name(all_metrics[i]), names[i]);
		assert_int_equal(mlp_metric_from_name(names[i]), all_metrics[i]);
		assert_int_equal(mlp_metric_should_rise(all_metrics[i]), rises[i]);
	}
	assert_null(mlp_metric_name((mlp_metric)0));
	assert_null(mlp_metric_name((mlp_metric)6));
	assert_int_equal(mlp_metric_from_name("R2"), 0);
	assert_int_equal(mlp_metric_from_name(NULL), 0);
	assert_fails(MLP_ERR_VALUE, "metric is 6", mlp_metric_should_rise((mlp_metric)6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(metrics_of_values_follow_their_formulas),
		cmocka_unit_test(errors_are_in_the_units_of_the_targets),
		cmocka_unit_test(accuracy_of_classes_counts_the_largest_output),
		cmocka_unit_test(weights_count_as_repeated_rows),
		cmocka_unit_test(r2_of_a_constant_target_is_1_if_met_else_0),
		cmocka_unit_test(what_cannot_be_measured_is_refused),
		cmocka_unit_test(names_and_directions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
