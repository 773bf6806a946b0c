/* mlp info: what a model file holds. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/memory.h"
#include "command/commands.h"
#include "command/model.h"
#include "command/source.h"

enum { LINE_WIDTH = 100 };

/* ---- for people ----------------------------------------------------------------------------- */

static void say_layers(const mlp_network *net)
{
	int64_t last = mlp_network_layer_count(net);
	say("  input       %8lld%s", (long long)mlp_network_width(net, 0),
	    mlp_network_has_input_scaling(net) == 1 ? "  scaled" : "");
	for (int64_t l = 1; l <= last; l++) {
		double dropout = l < last ? mlp_network_dropout(net, l) : 0;
		double parameter = mlp_network_activation_parameter(net, l);
		char more[120] = "";
		int used = 0;
		if (parameter != 0)
			used += snprintf(more + used, sizeof more - (size_t)used, " (%g)",
					 parameter);
		if (dropout > 0)
			used += snprintf(more + used, sizeof more - (size_t)used, ", dropout %g",
					 dropout);
		if (mlp_network_has_bias(net, l) == 0)
			used += snprintf(more + used, sizeof more - (size_t)used, ", no bias");
		if (mlp_network_is_frozen(net, l) == 1)
			used += snprintf(more + used, sizeof more - (size_t)used, ", frozen");
		if (l == last && mlp_network_has_output_scaling(net) == 1)
			snprintf(more + used, sizeof more - (size_t)used, ", scaled");
		say("  layer %-5lld %8lld  %s%s", (long long)l,
		    (long long)mlp_network_width(net, l),
		    mlp_activation_name(mlp_network_activation(net, l)), more);
	}
}

static enum exit_code say_columns(const struct encoding *encoding)
{
	char *text = NULL;
	struct data_error error = {0};
	if (!encoding_describe(encoding, &text, &error))
		return judge_data(&error);
	for (char *line = text; *line != '\0';) {
		int length = (int)strcspn(line, "\n");
		say("%.*s", length, line);
		line += length;
		line += *line == '\n';
	}
	free(text);
	return DONE;
}

/* "settings: network 4-32-3, activation tanh, ...", in lines; what is 0 was not used. */
static void say_settings(const json_t *settings)
{
	const char *name = NULL;
	json_t *value = NULL;
	char *line = make_text("settings:");
	bool empty = true;
	json_object_foreach((json_t *)settings, name, value) {
		char *text = json_is_string(value) ? make_text("%s", json_string_value(value))
						   : make_text("%.6g", json_number_value(value));
		bool used = json_is_string(value) || json_number_value(value) != 0;
		bool full = strlen(line) + strlen(name) + strlen(text) > LINE_WIDTH;
		if (used && full)
			say("%s,", line);
		if (used) {
			char *longer = make_text("%s%s%s %s", full ? " " : line,
						 full || empty ? " " : ", ", name, text);
			free(line);
			line = longer;
			empty = false;
		}
		free(text);
	}
	if (!empty)
		say("%s", line);
	free(line);
}

static void say_training(const json_t *training)
{
	static const char *const parts[] = {"validation", "training"};
	const char *data = json_string_value(json_object_get(training, "data"));
	json_int_t epochs = json_integer_value(json_object_get(training, "epochs"));
	if (data != NULL)
		say("trained on %s, %lld epochs, kept epoch %lld", data, (long long)epochs,
		    (long long)json_integer_value(json_object_get(training, "best_epoch")));
	for (int i = 0; i < 2; i++) {
		const char *name = NULL;
		json_t *value = NULL;
		char *line = make_text("%s:", parts[i]);
		json_object_foreach(json_object_get(training, parts[i]), name, value) {
			if (!json_is_number(value))
				continue;
			char *longer =
				make_text("%s %s %.4g", line, name, json_number_value(value));
			free(line);
			line = longer;
		}
		if (json_is_object(json_object_get(training, parts[i])))
			say("%s", line);
		free(line);
	}
	say_settings(json_object_get(training, "settings"));
}

/* Sixteen hexadecimal digits, to be freed. */
static char *digest_text(const mlp_network *net)
{
	uint64_t digest = 0;
	(void)mlp_network_digest(net, &digest); /* both are given: it cannot fail */
	return make_text("%016" PRIx64, digest);
}

static enum exit_code say_model(const char *path, const struct model *model)
{
	enum exit_code code = DONE;
	char *widths = widths_text(model->net), *digest = digest_text(model->net);
	say("%s: %s, %s, %lld parameters", path, widths,
	    mlp_network_dtype(model->net) == MLP_F64 ? "f64" : "f32",
	    (long long)mlp_network_parameter_count(model->net));
	say("  digest %s", digest);
	free(widths);
	free(digest);
	say_layers(model->net);
	if (model->encoding != NULL)
		code = say_columns(model->encoding);
	if (model->training != NULL)
		say_training(model->training);
	else
		say("not made by mlp train: no names of columns, nothing about its training");
	return code;
}

/* ---- for programs --------------------------------------------------------------------------- */

static json_t *numbers_json(const double *numbers, int64_t count)
{
	json_t *array = json_array();
	for (int64_t i = 0; i < count; i++)
		append_value(array, isfinite(numbers[i]) ? json_real(numbers[i]) : json_null());
	return array;
}

typedef mlp_status (*pair_getter)(const mlp_network *net, double *first, double *second);

/* {first_name: [...], second_name: [...]} */
static void set_pair(json_t *object, const char *name, const mlp_network *net, int64_t width,
		     pair_getter get, const char *first_name, const char *second_name)
{
	double *first = make((size_t)width, sizeof *first),
	       *second = make((size_t)width, sizeof *second);
	if (get(net, first, second) == MLP_OK) {
		json_t *pair = json_object();
		set_value(pair, first_name, numbers_json(first, width));
		set_value(pair, second_name, numbers_json(second, width));
		set_value(object, name, pair);
	}
	free(first);
	free(second);
}

static json_t *layer_json(const mlp_network *net, int64_t l)
{
	json_t *layer = json_object();
	set_integer(layer, "width", mlp_network_width(net, l));
	set_text(layer, "activation", mlp_activation_name(mlp_network_activation(net, l)));
	set_number(layer, "activation_parameter", mlp_network_activation_parameter(net, l));
	set_truth(layer, "bias", mlp_network_has_bias(net, l));
	set_truth(layer, "frozen", mlp_network_is_frozen(net, l));
	if (l < mlp_network_layer_count(net))
		set_number(layer, "dropout", mlp_network_dropout(net, l));
	return layer;
}

static void write_json(const char *path, const struct model *model)
{
	const mlp_network *net = model->net;
	int64_t last = mlp_network_layer_count(net);
	char *digest = digest_text(net);
	json_t *line = json_object(), *layers = json_array();
	set_text(line, "model", path);
	set_text(line, "element_type", mlp_network_dtype(net) == MLP_F64 ? "f64" : "f32");
	set_integer(line, "parameters", mlp_network_parameter_count(net));
	set_text(line, "digest", digest);
	free(digest);
	set_integer(line, "inputs", mlp_network_width(net, 0));
	set_integer(line, "outputs", mlp_network_width(net, last));
	for (int64_t l = 1; l <= last; l++)
		append_value(layers, layer_json(net, l));
	set_value(line, "layers", layers);
	if (mlp_network_has_input_scaling(net) == 1)
		set_pair(line, "input_scaling", net, mlp_network_width(net, 0),
			 mlp_network_get_input_scaling, "shift", "scale");
	if (mlp_network_has_output_scaling(net) == 1)
		set_pair(line, "output_scaling", net, mlp_network_width(net, last),
			 mlp_network_get_output_scaling, "shift", "scale");
	if (mlp_network_has_domain(net) == 1)
		set_pair(line, "domain", net, mlp_network_width(net, 0), mlp_network_get_domain,
			 "lowest", "highest");
	const char *encoding = mlp_network_note(net, NOTE_ENCODING);
	if (encoding != NULL && model->encoding != NULL) {
		begin_sure_json();
		set_value(line, "encoding", json_loads(encoding, 0, NULL));
		end_sure_json();
	}
	if (model->training != NULL)
		set_value(line, "training", json_incref(model->training));
	write_json_line(line);
}

enum exit_code run_info(const struct options *options, char **arguments, int count)
{
	(void)count;
	struct model model;
	enum exit_code code = load_model(arguments[0], 0, &model);
	if (code != DONE)
		return code;
	if (options->json)
		write_json(arguments[0], &model);
	else
		code = say_model(arguments[0], &model);
	free_model(&model);
	return code;
}
