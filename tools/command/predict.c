/* mlp predict: a line for each row. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/memory.h"
#include "cli/outputs.h"
#include "command/commands.h"
#include "command/predict.h"
#include "command/source.h"

/* Rows that the training data says nothing about are worth a warning. */
static enum exit_code look_at_domain(struct prediction *prediction)
{
	const mlp_network *net = prediction->model.net;
	struct rows rows = rows_of(prediction->matrices);
	double margin = isnan(prediction->options->margin) ? 0 : prediction->options->margin;
	int64_t count = 0;
	if (mlp_network_has_domain(net) != 1) {
		if (!prediction->options->domain)
			return DONE;
		complain("--domain: the model does not know what its training data covered");
		return BAD_FILE;
	}
	prediction->outside = make((size_t)rows.count, sizeof *prediction->outside);
	mlp_status status = count_outside(net, &rows, margin, prediction->outside, &count);
	if (status == MLP_OK && count > 0)
		warn("%lld of %lld rows lie outside of what the model was trained on%s",
		     (long long)count, (long long)rows.count,
		     prediction->options->domain ? "" : "; --domain tells which");
	return judge(status, NULL);
}

static enum exit_code read_rows(struct prediction *prediction, const char *path)
{
	struct model *model = &prediction->model;
	mlp_dtype dtype = mlp_network_dtype(model->net);
	if (model->encoding != NULL)
		return read_encoded(prediction->options, path, model->encoding, TARGETS_NO, dtype,
				    NULL, &prediction->matrices);
	return read_plain(prediction->options, path, mlp_network_width(model->net, 0), dtype,
			  &prediction->matrices);
}

static bool is_classes(const struct model *model)
{
	int64_t last = mlp_network_layer_count(model->net);
	return model->encoding != NULL ? model->encoding->task == TASK_CLASSES
				       : mlp_network_activation(model->net, last) == MLP_SOFTMAX;
}

static void keep(void *context, const struct rows *piece, int64_t first, const void *y)
{
	struct prediction *prediction = context;
	int64_t outputs = prediction->outputs;
	size_t width = (size_t)outputs * (piece->dtype == MLP_F64 ? sizeof(double) : sizeof(float));
	if (prediction->y != NULL)
		memcpy((char *)prediction->y + (size_t)first * width, y,
		       (size_t)piece->count * width);
	for (int64_t n = 0; n < piece->count; n++) {
		if (!are_finite(piece->dtype, y, n * outputs, outputs))
			prediction->not_finite++;
		if (prediction->best != NULL)
			prediction->best[first + n] =
				largest_of(piece->dtype, y, n * outputs, outputs);
	}
}

static enum exit_code compute(struct prediction *prediction)
{
	mlp_pool *pool = NULL;
	const mlp_network *net = prediction->model.net;
	struct rows rows = rows_of(prediction->matrices);
	int64_t workers = prediction->options->workers > 0 ? prediction->options->workers : 0;
	size_t count = (size_t)rows.count;
	if (prediction->is_classes)
		prediction->best = make(count, sizeof *prediction->best);
	if (!prediction->is_classes || prediction->options->probabilities)
		prediction->y = make(count * (size_t)prediction->outputs,
				     rows.dtype == MLP_F64 ? sizeof(double) : sizeof(float));
	mlp_status status = mlp_pool_create(workers, &pool);
	if (status == MLP_OK)
		status = predict_pieces(net, pool, &rows, keep, prediction);
	mlp_pool_free(pool);
	return judge(status, NULL);
}

/* What can be said before the data is read. */
static enum exit_code check_request(struct prediction *prediction, char **arguments)
{
	const struct options *options = prediction->options;
	const mlp_network *net = prediction->model.net;
	prediction->outputs = mlp_network_width(net, mlp_network_layer_count(net));
	prediction->is_classes = is_classes(&prediction->model);
	if (!options->probabilities || prediction->is_classes)
		return DONE;
	complain("--probabilities is for models of classes; %s predicts numbers", arguments[0]);
	return BAD_USAGE;
}

enum exit_code run_predict(const struct options *options, char **arguments, int count)
{
	(void)count;
	struct prediction prediction = {.options = options};
	const struct named_path output = {"--out", options->out, false};
	const struct named_path inputs[] = {{"MODEL", arguments[0], false},
					    {"DATA", arguments[1], false}};
	enum exit_code code = check_outputs(&output, 1, inputs, 2);
	if (code == DONE)
		code = load_model(arguments[0], 0, &prediction.model);
	if (code != DONE)
		return code;
	bool plain = prediction.model.encoding == NULL;
	code = check_request(&prediction, arguments);
	if (code == DONE)
		code = read_rows(&prediction, arguments[1]);
	if (code == DONE)
		code = compute(&prediction);
	if (code == DONE)
		code = look_at_domain(&prediction);
	if (code == DONE)
		code = write_prediction(&prediction);
	if (code == DONE && prediction.not_finite > 0)
		warn_always("%lld of %lld rows have outputs that are not numbers",
			    (long long)prediction.not_finite, (long long)prediction.matrices->rows);
	free(prediction.y);
	free(prediction.best);
	free(prediction.outside);
	if (plain)
		free_plain(prediction.matrices);
	else if (prediction.matrices != NULL)
		matrices_free(prediction.matrices);
	free_model(&prediction.model);
	return code;
}
