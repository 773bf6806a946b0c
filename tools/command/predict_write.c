/* mlp predict: writing. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/memory.h"
#include "command/predict.h"
#include "data/data.h"
#include "data/output.h"

/* The name of an output in a new string: of a class or a column, or y1, y2, ... */
static char *output_name(const struct prediction *prediction, int64_t output)
{
	if (prediction->model.encoding != NULL)
		return make_text("%s", encoding_output_name(prediction->model.encoding, output));
	if (prediction->is_classes)
		return make_text("%lld", (long long)output);
	return make_text("y%lld", (long long)output + 1);
}

/* ---- CSV ------------------------------------------------------------------------------------ */

static void write_header(struct csv_writer *writer, const struct prediction *prediction)
{
	const struct encoding *encoding = prediction->model.encoding;
	bool classes = prediction->is_classes;
	if (prediction->options->no_header)
		return;
	if (prediction->matrices->row_of != NULL)
		csv_writer_text(writer, "row");
	if (classes)
		csv_writer_text(writer, encoding != NULL && encoding->target_count == 1
						? encoding->targets[0].name
						: "class");
	for (int64_t i = 0; i < prediction->outputs; i++) {
		if (classes && !prediction->options->probabilities)
			break;
		char *name = output_name(prediction, i);
		csv_writer_text(writer, name);
		free(name);
	}
	if (prediction->options->domain)
		csv_writer_text(writer, "outside");
	csv_writer_end_row(writer);
}

/* Nothing, in quotes: a line of it alone is not blank, which readers skip. */
static void write_class(struct csv_writer *writer, const struct prediction *prediction,
			int64_t class)
{
	char *name = class >= 0 ? output_name(prediction, class) : make_text("%s", "");
	csv_writer_text(writer, name);
	free(name);
}

/* NaN has its name here, inf has anyway: what the network computed is said, and no line is blank. */
static void write_number(struct csv_writer *writer, double number, mlp_dtype dtype)
{
	if (isnan(number))
		csv_writer_text(writer, "nan");
	else
		csv_writer_number(writer, number, dtype);
}

static void write_row(struct csv_writer *writer, const struct prediction *prediction, int64_t row)
{
	mlp_dtype dtype = prediction->matrices->dtype;
	bool classes = prediction->is_classes;
	/* where rows were dropped the others are known by their numbers */
	if (prediction->matrices->row_of != NULL)
		csv_writer_integer(writer, prediction->matrices->row_of[row] + 1);
	if (classes)
		write_class(writer, prediction, prediction->best[row]);
	for (int64_t i = 0; i < prediction->outputs; i++) {
		if (classes && !prediction->options->probabilities)
			break;
		write_number(writer, value_of(dtype, prediction->y, row * prediction->outputs + i),
			     dtype);
	}
	if (prediction->options->domain)
		csv_writer_integer(writer, prediction->outside[row]);
	csv_writer_end_row(writer);
}

static enum exit_code judge_writing(const struct data_error *error)
{
	complain("%s", error->line);
	return FAILED;
}

static enum exit_code write_csv(const struct prediction *prediction, const char *path)
{
	struct data_error error = {0};
	struct csv_writer *writer = csv_writer_open(path, ',', &error);
	if (writer == NULL)
		return judge_writing(&error);
	write_header(writer, prediction);
	for (int64_t n = 0; n < prediction->matrices->rows; n++)
		write_row(writer, prediction, n);
	return csv_writer_close(writer, &error) ? DONE : judge_writing(&error);
}

/* ---- NumPy's and JSON ----------------------------------------------------------------------- */

static enum exit_code write_npy(const struct prediction *prediction, const char *path)
{
	const struct matrices *matrices = prediction->matrices;
	struct data_error error = {0};
	struct array array = {
		.values = prediction->y,
		.type = matrices->dtype == MLP_F64 ? NUMBER_F64 : NUMBER_F32,
		.dimensions = 2,
		.shape = {matrices->rows, prediction->outputs},
	};
	if (prediction->y == NULL) {
		array.values = prediction->best;
		array.type = NUMBER_I64;
		array.dimensions = 1;
	}
	return npy_write(path, &array, &error) ? DONE : judge_writing(&error);
}

/* {"row": 1, "prediction": ...}: the class's name, the number, or of several outputs an object. */
static json_t *row_json(const struct prediction *prediction, int64_t row)
{
	const struct matrices *matrices = prediction->matrices;
	bool classes = prediction->is_classes;
	json_t *line = json_object(), *outputs = json_object();
	set_integer(line, "row", (matrices->row_of != NULL ? matrices->row_of[row] : row) + 1);
	if (classes && prediction->best[row] < 0) {
		set_value(line, "prediction", json_null());
	} else if (classes) {
		char *name = output_name(prediction, prediction->best[row]);
		set_text(line, "prediction", name);
		free(name);
	}
	for (int64_t i = 0; i < prediction->outputs && prediction->y != NULL; i++) {
		char *name = output_name(prediction, i);
		set_number(outputs, name,
			   value_of(matrices->dtype, prediction->y, row * prediction->outputs + i));
		if (!classes && prediction->outputs == 1)
			set_value(line, "prediction", json_incref(json_object_get(outputs, name)));
		free(name);
	}
	if (!classes && prediction->outputs > 1)
		set_value(line, "prediction", json_incref(outputs));
	if (classes && prediction->options->probabilities)
		set_value(line, "probabilities", json_incref(outputs));
	json_decref(outputs);
	if (prediction->options->domain)
		set_integer(line, "outside", prediction->outside[row]);
	return line;
}

static enum exit_code write_json(const struct prediction *prediction, const char *path)
{
	struct output output;
	struct data_error error = {0};
	if (!output_open(&output, path, &error))
		return judge_writing(&error);
	for (int64_t n = 0; n < prediction->matrices->rows; n++)
		put_json_line(row_json(prediction, n), output.file);
	return output_close(&output, 0, &error) ? DONE : judge_writing(&error);
}

static bool ends_with(const char *path, const char *end)
{
	size_t length = strlen(path), end_length = strlen(end);
	return length >= end_length && strcmp(path + length - end_length, end) == 0;
}

enum exit_code write_prediction(const struct prediction *prediction)
{
	const char *path = prediction->options->out != NULL ? prediction->options->out : "-";
	if (prediction->options->json)
		return write_json(prediction, path);
	if (ends_with(path, ".npy") &&
	    (prediction->options->domain || prediction->matrices->row_of != NULL)) {
		complain("%s: .npy has no column for %s; CSV and --json have", path,
			 prediction->options->domain
				 ? "--domain"
				 : "the numbers of the rows, of which some were left out");
		return prediction->options->domain ? BAD_USAGE : BAD_FILE;
	}
	return ends_with(path, ".npy") ? write_npy(prediction, path) : write_csv(prediction, path);
}
