/* mlp export: a model for programs that know nothing of libmlp. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/memory.h"
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

/* layer,kind,unit,input,value: a line per weight, "b" lines without an input. */
static enum exit_code export_csv(const mlp_network *net, const char *path)
{
	static const char *const header[] = {"layer", "kind", "unit", "input", "value"};
	mlp_dtype dtype = mlp_network_dtype(net);
	struct data_error error = {0};
	struct csv_writer *writer = csv_writer_open(path, ',', &error);
	if (writer == NULL)
		return judge_writing(&error);
	for (int i = 0; i < 5; i++)
		csv_writer_text(writer, header[i]);
	csv_writer_end_row(writer);
	for (int64_t l = 1; l <= mlp_network_layer_count(net); l++) {
		int64_t n_in = mlp_network_width(net, l - 1), n_out = mlp_network_width(net, l);
		const void *w = parameters_of(net, l, false), *b = parameters_of(net, l, true);
		int64_t last = mlp_network_has_bias(net, l) == 1 ? n_in : n_in - 1;
		for (int64_t unit = 0; unit < n_out; unit++)
			for (int64_t input = 0; input <= last; input++) {
				bool is_weight = input < n_in;
				csv_writer_integer(writer, l);
				csv_writer_text(writer, is_weight ? "w" : "b");
				csv_writer_integer(writer, unit + 1);
				if (is_weight)
					csv_writer_integer(writer, input + 1);
				else
					csv_writer_number(writer, NAN, dtype); /* empty */
				csv_writer_number(writer,
						  is_weight
							  ? value_of(dtype, w, unit * n_in + input)
							  : value_of(dtype, b, unit),
						  dtype);
				csv_writer_end_row(writer);
			}
	}
	return csv_writer_close(writer, &error) ? DONE : judge_writing(&error);
}

static enum exit_code export_folded(mlp_network *net, const char *path)
{
	enum exit_code code = judge(mlp_network_fold_scaling(net), path);
	return code == DONE ? judge(mlp_network_save(net, path), NULL) : code;
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

enum exit_code run_export(const struct options *options, char **arguments, int count)
{
	(void)count;
	const char *format = find_format(options);
	if (format == NULL) {
		complain("export: which format? --format c, npz, csv or safetensors, or an --out "
			 "that ends so");
		return BAD_USAGE;
	}
	struct model model;
	enum exit_code code = load_model(arguments[0], 0, &model);
	if (code != DONE)
		return code;
	char *path = find_path(options, arguments[0], format);
	if (strcmp(format, "c") == 0) {
		code = export_c(&model, path, options->name != NULL ? options->name : "net");
	} else if (strcmp(format, "npz") == 0) {
		code = export_npz(model.net, path);
	} else if (strcmp(format, "csv") == 0) {
		code = export_csv(model.net, path);
	} else {
		code = export_folded(model.net, path);
	}
	if (code == DONE)
		say("wrote %s", path);
	free(path);
	free_model(&model);
	return code;
}
