/* A model: the network, what its columns mean, and how it was trained. */
#include "command/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/memory.h"
#include "command/source.h"

struct loss usual_loss(const mlp_network *net)
{
	mlp_activation output = mlp_network_activation(net, mlp_network_layer_count(net));
	return (struct loss){output == MLP_SOFTMAX   ? MLP_CROSS_ENTROPY
			     : output == MLP_SIGMOID ? MLP_BINARY_CROSS_ENTROPY
						     : MLP_SQUARED_ERROR,
			     0};
}

/* What the note about the training says of the loss, if it can be believed. */
static void find_loss(struct model *model)
{
	model->loss = usual_loss(model->net);
	mlp_loss kind =
		mlp_loss_from_name(json_string_value(json_object_get(model->training, "loss")));
	if (kind == 0)
		return;
	model->loss.kind = kind;
	model->loss.parameter =
		json_number_value(json_object_get(model->training, "loss_parameter"));
}

static enum exit_code read_notes(const char *path, struct model *model)
{
	const char *encoding = mlp_network_note(model->net, NOTE_ENCODING);
	const char *training = mlp_network_note(model->net, NOTE_TRAINING);
	struct data_error error = {0};
	if (encoding != NULL && !encoding_from_json(encoding, path, &model->encoding, &error))
		return judge_data(&error);
	if (training != NULL)
		model->training = json_loads(training, JSON_REJECT_DUPLICATES, NULL);
	find_loss(model);
	if (model->encoding == NULL)
		return DONE;
	int64_t inputs = mlp_network_width(model->net, 0);
	int64_t outputs = mlp_network_width(model->net, mlp_network_layer_count(model->net));
	if (model->encoding->feature_count == inputs &&
	    encoding_output_count(model->encoding) == outputs)
		return DONE;
	complain("%s: the network has %lld inputs and %lld outputs, its columns make %lld and %lld",
		 path, (long long)inputs, (long long)outputs,
		 (long long)model->encoding->feature_count,
		 (long long)encoding_output_count(model->encoding));
	return BAD_FILE;
}

/* A safetensors file: the length of a header, which fits, in eight bytes, and "{". */
static bool begins_as_safetensors(const char *path)
{
	unsigned char first[9];
	FILE *file = fopen(path, "rb");
	size_t count = file != NULL ? fread(first, 1, sizeof first, file) : 0;
	if (file != NULL)
		fclose(file);
	return count == sizeof first && first[8] == '{' && first[5] == 0 && first[6] == 0 &&
	       first[7] == 0;
}

static enum exit_code load_network(const char *path, mlp_dtype dtype, mlp_network **net)
{
	mlp_load_options *options = NULL;
	mlp_status status = mlp_load_options_create(&options);
	if (status == MLP_OK)
		status = mlp_load_options_set_dtype(options, dtype);
	if (status == MLP_OK)
		status = mlp_network_load(path, options, net);
	mlp_load_options_free(options);
	if (status == MLP_ERR_FORMAT && !begins_as_safetensors(path)) {
		complain(
			"%s: is not a safetensors file, as models are (a model is named before the "
			"data)",
			path);
		return BAD_FILE;
	}
	/* the library's lines about files begin with their names where it knows them */
	bool named = status != MLP_OK && strstr(mlp_last_error(), path) != NULL;
	enum exit_code code = judge(status, named ? NULL : path);
	/* a file that is not there is no failure at work */
	return status == MLP_ERR_IO ? BAD_FILE : code;
}

enum exit_code load_model(const char *path, mlp_dtype dtype, struct model *model)
{
	*model = (struct model){0};
	begin_sure_json();
	enum exit_code code = load_network(path, dtype, &model->net);
	if (code == DONE)
		code = read_notes(path, model);
	end_sure_json();
	if (code != DONE)
		free_model(model);
	return code;
}

void free_model(struct model *model)
{
	mlp_network_free(model->net);
	if (model->encoding != NULL)
		encoding_free(model->encoding);
	json_decref(model->training);
	*model = (struct model){0};
}

char *widths_text(const mlp_network *net)
{
	char *text = make_text("%lld", (long long)mlp_network_width(net, 0));
	for (int64_t l = 1; l <= mlp_network_layer_count(net); l++) {
		char *longer = make_text("%s-%lld", text, (long long)mlp_network_width(net, l));
		free(text);
		text = longer;
	}
	return text;
}
