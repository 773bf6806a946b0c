/* An encoding in words. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/encoding.h"

enum { SHOWN = 10 };

static void describe_target(FILE *out, const struct encoding *encoding)
{
	fprintf(out, "target%s: ", encoding->target_count == 1 ? "" : "s");
	for (int64_t i = 0; i < encoding->target_count && i < SHOWN; i++)
		fprintf(out, "%s%s", i > 0 ? ", " : "", encoding->targets[i].name);
	if (encoding->target_count > SHOWN)
		fprintf(out, ", ... (%lld)", (long long)encoding->target_count);
	fputs(encoding->target_is_default ? " (by default)\n" : "\n", out);
}

static void describe_task(FILE *out, const struct encoding *encoding)
{
	if (encoding->task == TASK_CLASSES) {
		fprintf(out, "task: %lld classes", (long long)encoding->classes->count);
		for (int64_t i = 0; i < encoding->classes->count && i < SHOWN; i++)
			fprintf(out, "%s%s", i > 0 ? ", " : ": ", encoding->classes->texts[i]);
		fputs(encoding->classes->count > SHOWN ? ", ..." : "", out);
	} else {
		fprintf(out, "task: %lld number%s", (long long)encoding->target_count,
			encoding->target_count == 1 ? "" : "s");
	}
	fputs(encoding->is_guessed ? " (guessed)\n" : "\n", out);
}

static void describe_inputs(FILE *out, const struct encoding *encoding)
{
	fprintf(out, "inputs: %lld column%s", (long long)encoding->input_count,
		encoding->input_count == 1 ? "" : "s");
	if (encoding->feature_count != encoding->input_count)
		fprintf(out, ", %lld inputs of the network", (long long)encoding->feature_count);
	int64_t shown = 0;
	for (int64_t i = 0; i < encoding->input_count; i++) {
		const struct encoded_input *input = &encoding->inputs[i];
		if (input->categories == NULL)
			continue;
		if (shown < SHOWN)
			fprintf(out, "%s%s (%lld)", shown == 0 ? "; one-hot: " : ", ", input->name,
				(long long)input->width);
		shown++;
	}
	fputs(shown > SHOWN ? ", ...\n" : "\n", out);
}

/* Columns that tell nothing: the model does not look at them. */
static void describe_constant(FILE *out, const struct encoding *encoding)
{
	int64_t count = 0;
	for (int64_t i = 0; i < encoding->input_count; i++) {
		if (!encoding_input_is_constant(&encoding->inputs[i]))
			continue;
		if (count < SHOWN)
			fprintf(out, "%s%s", count == 0 ? "constant: " : ", ",
				encoding->inputs[i].name);
		count++;
	}
	if (count > SHOWN)
		fprintf(out, ", ... (%lld)", (long long)count);
	if (count > 0)
		fputs(" (nothing to learn from)\n", out);
}

bool encoding_describe(const struct encoding *encoding, char **text, struct data_error *error)
{
	static const char *const missing[] = {"refused", "their rows are left out",
					      "numbers: the mean of training; text: a category",
					      "numbers: the median of training; text: a category"};
	size_t size;
	*text = NULL;
	FILE *out = open_memstream(text, &size);
	if (out == NULL)
		return data_fail_memory(error);
	describe_target(out, encoding);
	describe_task(out, encoding);
	describe_inputs(out, encoding);
	describe_constant(out, encoding);
	if (encoding->weight != NULL)
		fprintf(out, "weights: %s\n", encoding->weight);
	fprintf(out, "missing values: %s\n", missing[encoding->missing]);
	fprintf(out, "new categories: %s\n",
		encoding->unseen == UNSEEN_ZERO ? "none of the column's inputs is 1" : "refused");
	bool failed = ferror(out) != 0;
	/* without memory for its end the C library closes it well, and there is no text */
	failed = fclose(out) != 0 || *text == NULL || failed;
	if (!failed)
		return true;
	free(*text);
	*text = NULL;
	return data_fail_memory(error);
}
