/* What is set on a network, as metadata strings: lists with commas, one entry per layer or feature. */
#include "file/settings.h"

#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "engine/objects.h"
#include "file/number.h"
#include "file/text.h"
#include "kernels/kinds.h"
#include "notes.h"

#define ACTIVATIONS    MLP_METADATA "activations"
#define FROZEN         MLP_METADATA "frozen"
#define DROPOUT        MLP_METADATA "dropout"
#define INPUT_SHIFT    MLP_METADATA "input_shift"
#define INPUT_SCALE    MLP_METADATA "input_scale"
#define OUTPUT_SHIFT   MLP_METADATA "output_shift"
#define OUTPUT_SCALE   MLP_METADATA "output_scale"
#define DOMAIN_LOWEST  MLP_METADATA "domain_lowest"
#define DOMAIN_HIGHEST MLP_METADATA "domain_highest"
#define NOTE           MLP_METADATA "note."

/* ---- writing -------------------------------------------------------------------------------- */

static mlp_status write_text(struct mlp_tensor_writer *writer, const char *key,
			     struct mlp_text *text)
{
	if (text->status == MLP_OK)
		text->status = mlp_tensor_writer_text(writer, key, text->bytes);
	mlp_text_clear(text);
	return text->status;
}

static void write_reals(struct mlp_tensor_writer *writer, const char *key, const double *values,
			size_t count, struct mlp_text *text)
{
	for (size_t i = 0; i < count; i++) {
		mlp_text_put(text, i > 0 ? "," : "");
		mlp_text_put_hex(text, values[i]);
	}
	write_text(writer, key, text);
}

/* "relu,leaky_relu:0x1.8p-5,softmax" */
static void write_activations(const mlp_network *net, struct mlp_tensor_writer *writer,
			      struct mlp_text *text)
{
	for (size_t l = 1; l <= net->layer_count; l++) {
		const struct mlp_layer *layer = &net->layers[l];
		mlp_text_put(text, l > 1 ? "," : "");
		mlp_text_put(text, mlp_activation_name(layer->activation));
		if (mlp_activation_has_parameter(layer->activation)) {
			mlp_text_put(text, ":");
			mlp_text_put_hex(text, layer->parameter);
		}
	}
	write_text(writer, ACTIVATIONS, text);
}

/* "0,1,0", unless none is */
static void write_frozen(const mlp_network *net, struct mlp_tensor_writer *writer,
			 struct mlp_text *text)
{
	bool any = false;
	for (size_t l = 1; l <= net->layer_count; l++) {
		mlp_text_put(text, l > 1 ? "," : "");
		mlp_text_put(text, net->layers[l].is_frozen ? "1" : "0");
		any = any || net->layers[l].is_frozen;
	}
	if (any)
		write_text(writer, FROZEN, text);
	mlp_text_clear(text);
}

/* Rates of x(0) .. x(L-1), unless all are 0. */
static void write_dropout(const mlp_network *net, struct mlp_tensor_writer *writer,
			  struct mlp_text *text)
{
	bool any = false;
	for (size_t l = 0; l < net->layer_count; l++) {
		mlp_text_put(text, l > 0 ? "," : "");
		mlp_text_put_hex(text, net->layers[l].dropout);
		any = any || net->layers[l].dropout != 0;
	}
	if (any)
		write_text(writer, DROPOUT, text);
	mlp_text_clear(text);
}

static void write_notes(const mlp_network *net, struct mlp_tensor_writer *writer,
			struct mlp_text *text)
{
	for (int64_t i = 0; i < mlp_network_note_count(net) && text->status == MLP_OK; i++) {
		const char *key = mlp_network_note_key(net, i);
		mlp_text_put(text, NOTE);
		mlp_text_put(text, key);
		if (text->status == MLP_OK)
			text->status = mlp_tensor_writer_text(writer, text->bytes,
							      mlp_network_note(net, key));
		mlp_text_clear(text);
	}
}

mlp_status mlp_settings_write(const mlp_network *net, struct mlp_tensor_writer *writer)
{
	struct mlp_text text = {.allocator = &net->allocator};
	const size_t n_in = net->layers[1].n_in, n_out = net->layers[net->layer_count].n_out;
	write_activations(net, writer, &text);
	write_frozen(net, writer, &text);
	write_dropout(net, writer, &text);
	if (net->input.is_set) {
		write_reals(writer, INPUT_SHIFT, net->input.shift, n_in, &text);
		write_reals(writer, INPUT_SCALE, net->input.scale, n_in, &text);
	}
	if (net->output.is_set) {
		write_reals(writer, OUTPUT_SHIFT, net->output.shift, n_out, &text);
		write_reals(writer, OUTPUT_SCALE, net->output.scale, n_out, &text);
	}
	if (net->domain.is_set) {
		write_reals(writer, DOMAIN_LOWEST, net->domain.lowest, n_in, &text);
		write_reals(writer, DOMAIN_HIGHEST, net->domain.highest, n_in, &text);
	}
	write_notes(net, writer, &text);
	mlp_text_free(&text);
	return text.status;
}

/* ---- reading -------------------------------------------------------------------------------- */

/* What a setter of the network refuses is the file's fault; its line says why. */
static mlp_status by_file(mlp_status status)
{
	return status == MLP_OK ? MLP_OK : MLP_ERR_FORMAT;
}

static mlp_status fail_entry(const char *key, int64_t entry)
{
	return mlp_fail_tensor(MLP_ERR_FORMAT, key, " of the file's metadata: entry % is wrong",
			       entry);
}

/* Whether an entry of a list ends here, as entry `i` of `count` must; goes to the next. */
static bool end_entry(const char **text, size_t i, size_t count)
{
	if (i + 1 == count)
		return **text == '\0';
	return *(*text)++ == ',';
}

/* *values are `count` numbers, NULL if there is no such entry. */
static mlp_status read_reals(const struct mlp_tensor_reader *reader, const char *key, size_t count,
			     const mlp_allocator *allocator, double **values)
{
	void *memory;
	const char *text = mlp_tensor_reader_text(reader, key);
	*values = NULL;
	if (text == NULL)
		return MLP_OK;
	mlp_status status = mlp_allocate(allocator, count * sizeof(double), &memory);
	if (status != MLP_OK)
		return status;
	double *reals = memory;
	for (size_t i = 0; i < count; i++) {
		if (!mlp_parse_hex(&text, &reals[i]) || !end_entry(&text, i, count)) {
			mlp_deallocate(allocator, memory, count * sizeof(double));
			return fail_entry(key, (int64_t)i);
		}
	}
	*values = reals;
	return MLP_OK;
}

/* Two lists that are there together or not at all, given to a setter. */
static mlp_status read_pair(const struct mlp_tensor_reader *reader, mlp_network *net, size_t count,
			    const char *first_key, const char *second_key,
			    mlp_status set(mlp_network *, const double *, const double *))
{
	double *first, *second = NULL;
	mlp_status status = read_reals(reader, first_key, count, &net->allocator, &first);
	if (status == MLP_OK)
		status = read_reals(reader, second_key, count, &net->allocator, &second);
	if (status == MLP_OK && (first != NULL || second != NULL))
		status = by_file(set(net, first, second));
	mlp_deallocate(&net->allocator, first, count * sizeof(double));
	mlp_deallocate(&net->allocator, second, count * sizeof(double));
	return status;
}

static mlp_status read_activation(const char **text, mlp_network *net, int64_t l)
{
	char name[32];
	size_t length = 0;
	while ((*text)[length] != '\0' && (*text)[length] != ':' && (*text)[length] != ',')
		length++;
	if (length >= sizeof(name))
		return fail_entry(ACTIVATIONS, l - 1);
	memcpy(name, *text, length);
	name[length] = '\0';
	*text += length;
	const mlp_activation activation = mlp_activation_from_name(name);
	if ((int)activation == 0)
		return mlp_fail_tensor(
			MLP_ERR_FORMAT, name,
			" is an activation, of layer %, that this version does not know", l);
	mlp_status status = mlp_network_set_activation(net, l, activation);
	if (status == MLP_OK && **text == ':') {
		double parameter;
		++*text;
		if (!mlp_parse_hex(text, &parameter))
			return fail_entry(ACTIVATIONS, l - 1);
		status = mlp_network_set_activation_parameter(net, l, parameter);
	}
	return by_file(status);
}

static mlp_status read_activations(const struct mlp_tensor_reader *reader, mlp_network *net)
{
	const char *text = mlp_tensor_reader_text(reader, ACTIVATIONS);
	if (text == NULL)
		return mlp_fail(MLP_ERR_FORMAT, "the file's metadata name no activations");
	for (size_t l = 1; l <= net->layer_count; l++) {
		mlp_status status = read_activation(&text, net, (int64_t)l);
		if (status != MLP_OK)
			return status;
		if (!end_entry(&text, l - 1, net->layer_count))
			return fail_entry(ACTIVATIONS, (int64_t)l - 1);
	}
	return MLP_OK;
}

static mlp_status read_frozen(const struct mlp_tensor_reader *reader, mlp_network *net)
{
	const char *text = mlp_tensor_reader_text(reader, FROZEN);
	for (size_t l = 1; l <= net->layer_count && text != NULL; l++) {
		if (*text != '0' && *text != '1')
			return fail_entry(FROZEN, (int64_t)l - 1);
		net->layers[l].is_frozen = *text++ == '1';
		if (!end_entry(&text, l - 1, net->layer_count))
			return fail_entry(FROZEN, (int64_t)l - 1);
	}
	return MLP_OK;
}

static mlp_status read_dropout(const struct mlp_tensor_reader *reader, mlp_network *net)
{
	double *rates;
	mlp_status status = read_reals(reader, DROPOUT, net->layer_count, &net->allocator, &rates);
	for (size_t l = 0; l < net->layer_count && rates != NULL && status == MLP_OK; l++)
		status = by_file(mlp_network_set_dropout(net, (int64_t)l, rates[l]));
	mlp_deallocate(&net->allocator, rates, net->layer_count * sizeof(double));
	return status;
}

static mlp_status read_note(void *context, const char *key, const char *text)
{
	mlp_status status = mlp_notes_append(context, key, text);
	return status == MLP_ERR_MEMORY ? status : by_file(status);
}

mlp_status mlp_settings_read(const struct mlp_tensor_reader *reader, mlp_network *net)
{
	const size_t n_in = net->layers[1].n_in, n_out = net->layers[net->layer_count].n_out;
	mlp_status status = read_activations(reader, net);
	if (status == MLP_OK)
		status = read_frozen(reader, net);
	if (status == MLP_OK)
		status = read_dropout(reader, net);
	if (status == MLP_OK)
		status = read_pair(reader, net, n_in, INPUT_SHIFT, INPUT_SCALE,
				   mlp_network_set_input_scaling);
	if (status == MLP_OK)
		status = read_pair(reader, net, n_out, OUTPUT_SHIFT, OUTPUT_SCALE,
				   mlp_network_set_output_scaling);
	if (status == MLP_OK)
		status = read_pair(reader, net, n_in, DOMAIN_LOWEST, DOMAIN_HIGHEST,
				   mlp_network_set_domain);
	if (status == MLP_OK)
		status = mlp_tensor_reader_texts(reader, NOTE, read_note, net);
	mlp_notes_sort(net); /* the file may have them in any order */
	return status;
}
