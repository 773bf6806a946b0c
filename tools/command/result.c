/* How good a model is on some rows. */
#include "command/result.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/json.h"
#include "cli/memory.h"

enum {
	MOST_CLASSES = 1000, /* of a confusion matrix: beyond it is larger than anybody looks at */
	MOST_PICTURES = 12
};

static void count_classes(void *context, const struct rows *rows, int64_t first, const void *y)
{
	struct result *result = context;
	int64_t n_out = result->outputs;
	(void)first;
	for (int64_t n = 0; n < rows->count; n++) {
		int64_t best = largest_of(rows->dtype, y, n * n_out, n_out);
		if (best >= 0) /* else the loss is no number either, which was an error before */
			result->confusion[rows->classes[n] * n_out + best]++;
	}
}

static double weight_of(const struct rows *rows, int64_t n)
{
	return rows->weight != NULL ? value_of(rows->dtype, rows->weight, n) : 1;
}

/* What can be had without looking at any input: how far the accuracy is above it tells whether anything was
 * learnt. */
static void find_baseline(const struct rows *rows, struct result *result)
{
	double *weights = make((size_t)result->outputs, sizeof *weights), sum = 0;
	for (int64_t n = 0; n < rows->count; n++) {
		double w = weight_of(rows, n);
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

/* Sums over the rows, of which `errors` are made at the end. */
struct sums {
	struct result *result;
	double weight;  /* of all rows */
	double *means;  /* [outputs] of the true values */
	double *spread; /* [outputs]: squares of what they differ from it */
};

static void prepare_sums(const struct rows *rows, struct sums *sums)
{
	int64_t n_out = rows->outputs;
	for (int64_t n = 0; n < rows->count; n++) {
		double w = weight_of(rows, n);
		sums->weight += w;
		for (int64_t i = 0; i < n_out; i++)
			sums->means[i] += w * value_of(rows->dtype, rows->target, n * n_out + i);
	}
	for (int64_t i = 0; i < n_out; i++)
		sums->means[i] /= sums->weight;
}

static void compare_numbers(void *context, const struct rows *rows, int64_t first, const void *y)
{
	struct sums *sums = context;
	struct result *result = sums->result;
	for (int64_t n = 0; n < rows->count; n++) {
		double w = weight_of(rows, n);
		for (int64_t i = 0; i < result->outputs; i++) {
			int64_t at = n * result->outputs + i;
			double truth = value_of(rows->dtype, rows->target, at);
			double predicted = value_of(rows->dtype, y, at);
			double d = predicted - truth, from_mean = truth - sums->means[i];
			result->errors[i].rmse += w * d * d;
			result->errors[i].mae += w * fabs(d);
			sums->spread[i] += w * from_mean * from_mean;
			if (i >= result->pictures)
				continue;
			result->truth[i][first + n] = truth;
			result->predicted[i][first + n] = predicted;
		}
	}
}

/* Root mean square and mean absolute error and R2 of the sums. */
static void finish_errors(const struct sums *sums)
{
	for (int64_t i = 0; i < sums->result->outputs; i++) {
		struct output_error *error = &sums->result->errors[i];
		double squares = error->rmse, spread = sums->spread[i];
		*error = (struct output_error){sqrt(squares / sums->weight),
					       error->mae / sums->weight,
					       spread > 0     ? 1 - squares / spread
					       : squares == 0 ? 1
							      : 0};
	}
}

static mlp_status find_classes(const mlp_network *net, mlp_pool *pool, const struct rows *rows,
			       struct result *result)
{
	find_baseline(rows, result);
	if (result->outputs > MOST_CLASSES)
		return MLP_OK;
	size_t count = (size_t)(result->outputs * result->outputs);
	result->confusion = make(count, sizeof *result->confusion);
	return predict_pieces(net, pool, rows, count_classes, result);
}

static mlp_status find_errors(const mlp_network *net, mlp_pool *pool, const struct rows *rows,
			      bool pictures, struct result *result)
{
	size_t outputs = (size_t)result->outputs;
	struct sums sums = {result, 0, make(outputs, sizeof(double)),
			    make(outputs, sizeof(double))};
	result->errors = make(outputs, sizeof *result->errors);
	if (pictures)
		result->pictures =
			result->outputs < MOST_PICTURES ? result->outputs : MOST_PICTURES;
	result->truth = make((size_t)result->pictures, sizeof *result->truth);
	result->predicted = make((size_t)result->pictures, sizeof *result->predicted);
	for (int64_t i = 0; i < result->pictures; i++) {
		result->truth[i] = make((size_t)rows->count, sizeof(double));
		result->predicted[i] = make((size_t)rows->count, sizeof(double));
	}
	prepare_sums(rows, &sums);
	mlp_status status = predict_pieces(net, pool, rows, compare_numbers, &sums);
	finish_errors(&sums);
	free(sums.means);
	free(sums.spread);
	return status;
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

static void count_spoilt(void *context, const struct rows *rows, int64_t first, const void *y)
{
	struct result *result = context;
	(void)first;
	for (int64_t n = 0; n < rows->count; n++)
		result->spoilt += !are_finite(rows->dtype, y, n * result->outputs, result->outputs);
}

/* Rows that are too large for the model, or a model of no numbers. */
static enum exit_code refuse_rows(const mlp_network *net, mlp_pool *pool, const struct rows *rows,
				  struct result *result)
{
	mlp_status status = predict_pieces(net, pool, rows, count_spoilt, result);
	if (status != MLP_OK)
		return judge(status, NULL);
	if (result->spoilt > 0)
		complain("%lld of %lld rows have outputs that are not numbers, so there is no "
			 "loss; mlp predict shows them",
			 (long long)result->spoilt, (long long)rows->count);
	else
		complain("the loss of these %lld rows is too large to be a number",
			 (long long)rows->count);
	return BAD_FILE;
}

enum exit_code find_result(const mlp_network *net, mlp_pool *pool, struct loss loss,
			   const struct rows *rows, bool pictures, struct result *result)
{
	*result = (struct result){.rows = rows->count, .is_classes = rows->classes != NULL};
	result->outputs = mlp_network_width(net, mlp_network_layer_count(net));
	mlp_status status = measure_all(net, pool, loss, rows, result);
	if (status == MLP_OK)
		status = result->is_classes ? find_classes(net, pool, rows, result)
					    : find_errors(net, pool, rows, pictures, result);
	return status == MLP_ERR_NONFINITE ? refuse_rows(net, pool, rows, result)
					   : judge(status, NULL);
}

void free_result(struct result *result)
{
	for (int64_t i = 0; i < result->pictures; i++) {
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
	if (!result->is_classes) {
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
	if (!matrix || result->confusion == NULL)
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
