/* How good a model is on some rows. */
#include "command/result.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/json.h"
#include "cli/memory.h"

static void count_classes(const struct rows *rows, const void *y, struct result *result)
{
	int64_t n_out = result->outputs;
	result->confusion = make((size_t)(n_out * n_out), sizeof *result->confusion);
	for (int64_t n = 0; n < rows->count; n++) {
		int64_t best = 0;
		for (int64_t c = 1; c < n_out; c++)
			if (value_of(rows->dtype, y, n * n_out + c) >
			    value_of(rows->dtype, y, n * n_out + best))
				best = c;
		result->confusion[rows->classes[n] * n_out + best]++;
	}
}

/* What can be had without looking at any input: how far the accuracy is above it tells whether anything was
 * learnt. */
static void find_baseline(const struct rows *rows, struct result *result)
{
	double *weights = make((size_t)result->outputs, sizeof *weights), sum = 0;
	for (int64_t n = 0; n < rows->count; n++) {
		double w = rows->weight != NULL ? value_of(rows->dtype, rows->weight, n) : 1;
		weights[rows->classes[n]] += w;
		sum += w;
	}
	for (int64_t c = 1; c < result->outputs; c++)
		if (weights[c] > weights[result->majority])
			result->majority = c;
	result->baseline = sum > 0 ? weights[result->majority] / sum : NAN;
	free(weights);
}

int64_t find_unsaid(const struct result *result, int64_t *rows_of_it)
{
	int64_t n = result->outputs;
	for (int64_t c = 0; result->confusion != NULL && c < n; c++) {
		int64_t said = 0;
		*rows_of_it = 0;
		for (int64_t other = 0; other < n; other++) {
			said += result->confusion[other * n + c];
			*rows_of_it += result->confusion[c * n + other];
		}
		if (said == 0 && *rows_of_it > 0)
			return c;
	}
	return -1;
}

/* Root mean square and mean absolute error and R2 of one output, rows weighted. */
static struct output_error error_of(const struct rows *rows, const double *truth,
				    const double *predicted)
{
	double sum = 0, mean = 0, squares = 0, absolutes = 0, spread = 0;
	for (int64_t n = 0; n < rows->count; n++) {
		double w = rows->weight != NULL ? value_of(rows->dtype, rows->weight, n) : 1;
		sum += w;
		mean += w * truth[n];
	}
	mean /= sum;
	for (int64_t n = 0; n < rows->count; n++) {
		double w = rows->weight != NULL ? value_of(rows->dtype, rows->weight, n) : 1;
		double d = predicted[n] - truth[n];
		squares += w * d * d;
		absolutes += w * fabs(d);
		spread += w * (truth[n] - mean) * (truth[n] - mean);
	}
	return (struct output_error){sqrt(squares / sum), absolutes / sum,
				     spread > 0     ? 1 - squares / spread
				     : squares == 0 ? 1
						    : 0};
}

static void compare_numbers(const struct rows *rows, const void *y, struct result *result)
{
	int64_t n_out = result->outputs;
	result->truth = make((size_t)n_out, sizeof *result->truth);
	result->predicted = make((size_t)n_out, sizeof *result->predicted);
	result->errors = make((size_t)n_out, sizeof *result->errors);
	for (int64_t i = 0; i < n_out; i++) {
		double *truth = make((size_t)rows->count, sizeof *truth);
		double *predicted = make((size_t)rows->count, sizeof *predicted);
		for (int64_t n = 0; n < rows->count; n++) {
			truth[n] = value_of(rows->dtype, rows->target, n * n_out + i);
			predicted[n] = value_of(rows->dtype, y, n * n_out + i);
		}
		result->truth[i] = truth;
		result->predicted[i] = predicted;
		result->errors[i] = error_of(rows, truth, predicted);
	}
}

static mlp_status measure_all(const mlp_network *net, mlp_pool *pool, struct loss loss,
			      const struct rows *rows, struct result *result)
{
	static const mlp_metric metrics[] = {MLP_METRIC_LOSS, MLP_METRIC_ACCURACY, MLP_METRIC_LOSS,
					     MLP_METRIC_RMSE, MLP_METRIC_MAE,      MLP_METRIC_R2};
	bool classes = rows->classes != NULL;
	double values[4] = {NAN, NAN, NAN, NAN};
	mlp_workspace *ws = NULL;
	mlp_status status = mlp_workspace_create(net, rows->count < 256 ? rows->count : 256,
						 MLP_INFERENCE, &ws);
	if (status == MLP_OK && pool != NULL)
		status = mlp_workspace_set_pool(ws, pool);
	if (status == MLP_OK)
		status = measure(net, ws, rows, loss, metrics + (classes ? 0 : 2), classes ? 2 : 4,
				 values);
	mlp_workspace_free(ws);
	result->loss = values[0];
	result->accuracy = classes ? values[1] : NAN;
	result->rmse = classes ? NAN : values[1];
	result->mae = values[2];
	result->r2 = values[3];
	return status;
}

enum exit_code find_result(const mlp_network *net, mlp_pool *pool, struct loss loss,
			   const struct rows *rows, struct result *result)
{
	*result = (struct result){.rows = rows->count};
	result->outputs = mlp_network_width(net, mlp_network_layer_count(net));
	size_t size = rows->dtype == MLP_F64 ? sizeof(double) : sizeof(float);
	void *y = make((size_t)(rows->count * result->outputs), size);
	mlp_status status = predict(net, pool, rows, y);
	if (status == MLP_OK)
		status = measure_all(net, pool, loss, rows, result);
	if (status == MLP_OK && rows->classes != NULL) {
		count_classes(rows, y, result);
		find_baseline(rows, result);
	} else if (status == MLP_OK) {
		compare_numbers(rows, y, result);
	}
	free(y);
	return judge(status, NULL);
}

void free_result(struct result *result)
{
	for (int64_t i = 0; result->truth != NULL && i < result->outputs; i++) {
		free(result->truth[i]);
		free(result->predicted[i]);
	}
	free(result->truth);
	free(result->predicted);
	free(result->errors);
	free(result->confusion);
	*result = (struct result){0};
}

json_t *result_json(const struct result *result, const struct encoding *encoding, bool matrix)
{
	json_t *object = json_object();
	set_integer(object, "rows", result->rows);
	set_number(object, "loss", result->loss);
	if (result->confusion == NULL) {
		set_number(object, "rmse", result->rmse);
		set_number(object, "mae", result->mae);
		set_number(object, "r2", result->r2);
		json_t *outputs = json_object();
		for (int64_t i = 0; result->outputs > 1 && i < result->outputs; i++) {
			json_t *output = json_object();
			set_number(output, "rmse", result->errors[i].rmse);
			set_number(output, "mae", result->errors[i].mae);
			set_number(output, "r2", result->errors[i].r2);
			set_value(outputs, encoding_output_name(encoding, i), output);
		}
		if (result->outputs > 1)
			set_value(object, "outputs", outputs);
		else
			json_decref(outputs);
		return object;
	}
	set_number(object, "accuracy", result->accuracy);
	set_number(object, "baseline_accuracy", result->baseline);
	if (!matrix)
		return object;
	json_t *names = json_array(), *counts = json_array();
	for (int64_t r = 0; r < result->outputs; r++) {
		append_value(names, text_value(encoding_output_name(encoding, r)));
		json_t *row = json_array();
		for (int64_t c = 0; c < result->outputs; c++)
			append_value(row, json_integer(result->confusion[r * result->outputs + c]));
		append_value(counts, row);
	}
	set_value(object, "classes", names);
	set_value(object, "confusion", counts);
	return object;
}
