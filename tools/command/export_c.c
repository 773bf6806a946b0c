/* mlp export: the C file, with what the model file knows of its inputs and outputs in front. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/interrupt.h"
#include "cli/memory.h"
#include "command/export_c.h"
#include "data/output.h"

/* A name within a comment: nothing in it ends the comment or the line. */
static void put_name(FILE *file, const char *name)
{
	for (; *name != '\0'; name++) {
		bool ends = name[0] == '*' && name[1] == '/';
		fputc((unsigned char)*name < ' ' ? '?' : *name, file);
		if (ends)
			fputc(' ', file);
	}
}

static void put_input(FILE *file, const struct encoded_input *input)
{
	if (input->categories == NULL) {
		fprintf(file, " *   %lld  ", (long long)input->first);
		put_name(file, input->name);
		if (!isnan(input->fill))
			fprintf(file, "; %.9g where it is missing", input->fill);
		fputc('\n', file);
	}
	for (int64_t k = 0; input->categories != NULL && k < input->width; k++) {
		int64_t at = input->first + k;
		fprintf(file, " *   %lld  1 if ", (long long)at);
		put_name(file, input->name);
		fputs(" is ", file);
		put_name(file, input->categories->texts[k]);
		fprintf(file, ", else 0%s\n",
			k == input->fill_category ? "; 1 where it is missing" : "");
	}
}

static void put_layout(FILE *file, const struct encoding *encoding)
{
	bool plain = !encoding->has_names && encoding->feature_count == encoding->input_count;
	fprintf(file, "/* Inputs, %lld, raw (the file scales them itself):\n",
		(long long)encoding->feature_count);
	if (plain)
		fputs(" *   the columns of the data in their order, without the target\n", file);
	for (int64_t i = 0; i < encoding->input_count && !plain; i++)
		put_input(file, &encoding->inputs[i]);
	bool classes = encoding->task == TASK_CLASSES;
	fprintf(file, " * Outputs, %lld%s", (long long)encoding_output_count(encoding),
		!classes                      ? ""
		: encoding->target_count == 1 ? ", probabilities of the classes of "
					      : ", probabilities of the classes");
	if (classes && encoding->target_count == 1)
		put_name(file, encoding->targets[0].name);
	fputs(":\n", file);
	for (int64_t i = 0; i < encoding_output_count(encoding); i++) {
		fprintf(file, " *   %lld  ", (long long)i);
		put_name(file, encoding_output_name(encoding, i));
		fputc('\n', file);
	}
	fputs(" */\n", file);
}

static int append(void *context, const void *data, size_t size)
{
	return fwrite(data, 1, size, context) != size;
}

static enum exit_code replace(const char *path, const char *text, size_t size)
{
	struct output output;
	struct data_error error = {0};
	if (output_open(&output, path, &error)) {
		bool good = fwrite(text, 1, size, output.file) == size;
		if (output_close(&output, good ? 0 : errno, &error))
			return DONE;
	}
	complain("%s", error.line);
	return FAILED;
}

enum exit_code export_c(const struct model *model, const char *name, const char *path)
{
	if (model->encoding == NULL) { /* nothing to say but what the library writes */
		hold_signals();
		mlp_status status = mlp_export_c(model->net, name, path);
		let_signals_come();
		enum exit_code code = judge(status, status == MLP_ERR_VALUE ? "--name" : NULL);
		return status == MLP_ERR_VALUE ? BAD_USAGE : code;
	}
	char *text = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&text, &size);
	if (memory == NULL) {
		complain("out of memory");
		return FAILED;
	}
	put_layout(memory, model->encoding);
	mlp_status status = mlp_export_c_to(model->net, name, append, memory);
	bool good = !ferror(memory);
	good = fclose(memory) == 0 && text != NULL && good;
	enum exit_code code = judge(status, status == MLP_ERR_VALUE ? "--name" : NULL);
	if (status == MLP_ERR_VALUE)
		code = BAD_USAGE;
	else if (code == DONE && !good)
		complain("out of memory");
	if (code == DONE)
		code = good ? replace(path, text, size) : FAILED;
	free(text);
	return code;
}
