/* mlp export: a model for programs that know nothing of libmlp. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/interrupt.h"
#include "cli/memory.h"
#include "cli/outputs.h"
#include "command/commands.h"
#include "command/export_c.h"
#include "command/model.h"
#include "data/data.h"

static enum exit_code judge_writing(const struct data_error *error)
{
	complain("%s", error->line);
	return FAILED;
}

/* A layer's weights, [n_l][n_(l-1)], and biases within the parameters of the element type. */
static const void *parameters_of(const mlp_network *net, int64_t layer, bool biases)
{
	int64_t w = 0, b = 0;
	if (mlp_network_layout(net, layer, &w, &b) != MLP_OK)
		return NULL;
	int64_t offset = biases ? b : w;
	return mlp_network_dtype(net) == MLP_F64
		       ? (const void *)(mlp_network_const_parameters_f64(net) + offset)
		       : (const void *)(mlp_network_const_parameters_f32(net) + offset);
}

/* Arrays w1, b1, w2, ..., and input_shift, input_scale, output_shift, output_scale where there are such. */
struct arrays {
	struct array *list;
	int64_t count;
};

static void add_array(struct arrays *arrays, const char *name, const void *values,
		      enum number_type type, int64_t rows, int64_t columns)
{
	arrays->list[arrays->count++] =
		(struct array){name, values, type, columns > 0 ? 2 : 1, {rows, columns}};
}

static double *add_scaling(struct arrays *arrays, const mlp_network *net, bool output)
{
	int64_t width = mlp_network_width(net, output ? mlp_network_layer_count(net) : 0);
	double *values = make(2 * (size_t)width, sizeof *values);
	if (output)
		mlp_network_get_output_scaling(net, values, values + width);
	else
		mlp_network_get_input_scaling(net, values, values + width);
	add_array(arrays, output ? "output_shift" : "input_shift", values, NUMBER_F64, width, 0);
	add_array(arrays, output ? "output_scale" : "input_scale", values + width, NUMBER_F64,
		  width, 0);
	return values;
}

static enum exit_code export_npz(const mlp_network *net, const char *path)
{
	int64_t layers = mlp_network_layer_count(net);
	struct arrays arrays = {make((size_t)(2 * layers + 4), sizeof(struct array)), 0};
	char(*names)[32] = make((size_t)(2 * layers), sizeof *names);
	double *input = NULL, *output = NULL;
	struct data_error error = {0};
	enum number_type type = mlp_network_dtype(net) == MLP_F64 ? NUMBER_F64 : NUMBER_F32;
	for (int64_t l = 1; l <= layers; l++) {
		int64_t n_in = mlp_network_width(net, l - 1), n_out = mlp_network_width(net, l);
		snprintf(names[2 * l - 2], sizeof *names, "w%lld", (long long)l);
		snprintf(names[2 * l - 1], sizeof *names, "b%lld", (long long)l);
		add_array(&arrays, names[2 * l - 2], parameters_of(net, l, false), type, n_out,
			  n_in);
		if (mlp_network_has_bias(net, l) == 1)
			add_array(&arrays, names[2 * l - 1], parameters_of(net, l, true), type,
				  n_out, 0);
	}
	if (mlp_network_has_input_scaling(net) == 1)
		input = add_scaling(&arrays, net, false);
	if (mlp_network_has_output_scaling(net) == 1)
		output = add_scaling(&arrays, net, true);
	bool written = npz_write(path, arrays.list, arrays.count, &error);
	free(input);
	free(output);
	free(names);
	free(arrays.list);
	return written ? DONE : judge_writing(&error);
}

/* ---- CSV ------------------------------------------------------------------------------------ */

/* The fields before the value; 0 for a unit or an input: empty. */
static void begin_line(struct csv_writer *writer, int64_t layer, const char *kind, int64_t unit,
		       int64_t input)
{
	csv_writer_integer(writer, layer);
	csv_writer_text(writer, kind);
	for (int i = 0; i < 2; i++) {
		int64_t place = i == 0 ? unit : input;
		if (place > 0)
			csv_writer_integer(writer, place);
		else
			csv_writer_number(writer, NAN, MLP_F64); /* empty */
	}
}

static void write_number(struct csv_writer *writer, double number, mlp_dtype dtype)
{
	csv_writer_number(writer, number, dtype);
	csv_writer_end_row(writer);
}

/* A line for each input ("0,input_shift,,3,5.25") or output ("2,output_shift,1,,140"). */
static void write_scaling(struct csv_writer *writer, const mlp_network *net, bool output)
{
	static const char *const kinds[][2] = {{"input_shift", "input_scale"},
					       {"output_shift", "output_scale"}};
	struct arrays arrays = {make(2, sizeof(struct array)), 0};
	double *values = add_scaling(&arrays, net, output);
	int64_t width = arrays.list[0].shape[0], layer = output ? mlp_network_layer_count(net) : 0;
	for (int k = 0; k < 2; k++)
		for (int64_t i = 0; i < width; i++) {
			begin_line(writer, layer, kinds[output][k], output ? i + 1 : 0,
				   output ? 0 : i + 1);
			write_number(writer, values[k * width + i], MLP_F64);
		}
	free(values);
	free(arrays.list);
}

static void write_layer(struct csv_writer *writer, const mlp_network *net, int64_t l)
{
	mlp_dtype dtype = mlp_network_dtype(net);
	int64_t n_in = mlp_network_width(net, l - 1), n_out = mlp_network_width(net, l);
	const void *w = parameters_of(net, l, false), *b = parameters_of(net, l, true);
	double parameter = mlp_network_activation_parameter(net, l);
	begin_line(writer, l, "activation", 0, 0);
	csv_writer_text(writer, mlp_activation_name(mlp_network_activation(net, l)));
	csv_writer_end_row(writer);
	if (parameter != 0) {
		begin_line(writer, l, "activation_parameter", 0, 0);
		write_number(writer, parameter, MLP_F64);
	}
	for (int64_t unit = 0; unit < n_out; unit++) {
		for (int64_t input = 0; input < n_in; input++) {
			begin_line(writer, l, "w", unit + 1, input + 1);
			write_number(writer, value_of(dtype, w, unit * n_in + input), dtype);
		}
		if (mlp_network_has_bias(net, l) != 1)
			continue;
		begin_line(writer, l, "b", unit + 1, 0);
		write_number(writer, value_of(dtype, b, unit), dtype);
	}
}

/* layer,kind,unit,input,value: a line per weight, and what else a forward pass needs, in its order. */
static enum exit_code export_csv(const mlp_network *net, const char *path)
{
	static const char *const header[] = {"layer", "kind", "unit", "input", "value"};
	struct data_error error = {0};
	struct csv_writer *writer = csv_writer_open(path, ',', &error);
	if (writer == NULL)
		return judge_writing(&error);
	for (int i = 0; i < 5; i++)
		csv_writer_text(writer, header[i]);
	csv_writer_end_row(writer);
	if (mlp_network_has_input_scaling(net) == 1)
		write_scaling(writer, net, false);
	for (int64_t l = 1; l <= mlp_network_layer_count(net); l++)
		write_layer(writer, net, l);
	if (mlp_network_has_output_scaling(net) == 1)
		write_scaling(writer, net, true);
	return csv_writer_close(writer, &error) ? DONE : judge_writing(&error);
}

/* ---- the command ---------------------------------------------------------------------------- */

static enum exit_code export_folded(mlp_network *net, const char *path)
{
	enum exit_code code = judge(mlp_network_fold_scaling(net), path);
	if (code != DONE)
		return code;
	hold_signals();
	code = judge(mlp_network_save(net, path), NULL);
	let_signals_come();
	return code;
}

/* The format: as said, or as the file's name ends. */
static const char *find_format(const struct options *options)
{
	const char *dot = options->out != NULL ? strrchr(options->out, '.') : NULL;
	if (options->format != NULL)
		return options->format;
	if (dot == NULL)
		return NULL;
	static const char *const formats[] = {"c", "npz", "csv", "safetensors"};
	for (int i = 0; i < 4; i++)
		if (strcmp(dot + 1, formats[i]) == 0)
			return formats[i];
	return NULL;
}

static char *find_path(const struct options *options, const char *model, const char *format)
{
	if (options->out != NULL)
		return make_text("%s", options->out);
	const char *dot = strrchr(model, '.');
	int length = dot != NULL && strchr(dot, '/') == NULL && dot != model ? (int)(dot - model)
									     : (int)strlen(model);
	bool same = strcmp(format, "safetensors") == 0;
	return make_text("%.*s%s.%s", length, model, same ? "-folded" : "", format);
}

static enum exit_code check_request(const struct options *options, const char *model,
				    const char *format, const char *path)
{
	bool is_c = strcmp(format, "c") == 0, is_csv = strcmp(format, "csv") == 0;
	/* CSV is written as it comes, the others replace the file at the end */
	const struct named_path output = {"--out", path, !is_csv};
	const struct named_path input = {"MODEL", model, false};
	if (options->name != NULL && !is_c) {
		complain("--name is for C files, not for %s", format);
		return BAD_USAGE;
	}
	enum exit_code code = DONE;
	if (!is_csv)
		code = refuse_stdout("--out", path,
				     is_c                         ? "a C file"
				     : strcmp(format, "npz") == 0 ? "an archive"
								  : "a model");
	return code == DONE ? check_outputs(&output, 1, &input, 1) : code;
}

static enum exit_code export_as(const struct options *options, const struct model *model,
				const char *format, const char *path)
{
	if (strcmp(format, "npz") == 0)
		return export_npz(model->net, path);
	if (strcmp(format, "csv") == 0)
		return export_csv(model->net, path);
	if (strcmp(format, "safetensors") == 0)
		return export_folded(model->net, path);
	return export_c(model, options->name != NULL ? options->name : "net", path);
}

enum exit_code run_export(const struct options *options, char **arguments, int count)
{
	(void)count;
	const char *format = find_format(options);
	if (format == NULL) {
		complain("export: which format? --format c, npz, csv or safetensors, or an --out "
			 "that ends so");
		return BAD_USAGE;
	}
	struct model model = {0};
	char *path = find_path(options, arguments[0], format);
	enum exit_code code = check_request(options, arguments[0], format, path);
	if (code == DONE)
		code = load_model(arguments[0], 0, &model);
	if (code == DONE)
		code = export_as(options, &model, format, path);
	if (code == DONE && strcmp(path, "-") != 0)
		say("wrote %s", path);
	free(path);
	free_model(&model);
	return code;
}
