/* How the columns of a table become numbers that a network takes: making it, and reading it back. */
#include "data/encoding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/encoding_parts.h"
#include "data/limits.h"

void encoding_free(struct encoding *encoding)
{
	if (encoding == NULL)
		return;
	for (int64_t i = 0; i < encoding->input_count; i++) {
		free(encoding->inputs[i].name);
		strings_free(encoding->inputs[i].categories);
		free(encoding->inputs[i].categories);
	}
	for (int64_t i = 0; i < encoding->target_count; i++)
		free(encoding->targets[i].name);
	for (int64_t i = 0; i < encoding->feature_count && encoding->feature_names != NULL; i++)
		free(encoding->feature_names[i]);
	free(encoding->feature_names);
	free(encoding->inputs);
	free(encoding->targets);
	strings_free(encoding->classes);
	free(encoding->classes);
	free(encoding->class_values);
	free(encoding->weight);
	encoding_index_free(encoding->index);
	free(encoding);
}

/* "age", or "colour=red". */
static char *join(const char *name, const char *category)
{
	size_t size = strlen(name) + (category == NULL ? 0 : strlen(category) + 1) + 1;
	char *joined = malloc(size);
	if (joined != NULL)
		snprintf(joined, size, "%s%s%s", name, category == NULL ? "" : "=",
			 category == NULL ? "" : category);
	return joined;
}

bool encoding_complete(struct encoding *encoding, struct data_error *error)
{
	int64_t count = 0;
	for (int64_t i = 0; i < encoding->input_count; i++) {
		struct encoded_input *input = &encoding->inputs[i];
		input->first = count;
		input->width = input->categories == NULL ? 1 : input->categories->count;
		count += input->width;
		if (count > DATA_MOST_COLUMNS)
			return data_fail(error, DATA_ERROR_CONTENT,
					 "expected at most %d inputs with all categories",
					 DATA_MOST_COLUMNS);
	}
	if (count == 0)
		return data_fail(error, DATA_ERROR_CONTENT, "expected inputs, found no values");
	encoding->feature_names = calloc((size_t)count, sizeof *encoding->feature_names);
	if (encoding->feature_names == NULL)
		return data_fail_memory(error);
	for (int64_t i = 0; i < encoding->input_count; i++) {
		const struct encoded_input *input = &encoding->inputs[i];
		for (int64_t k = 0; k < input->width; k++) {
			const char *category =
				input->categories == NULL ? NULL : input->categories->texts[k];
			char *name = join(input->name, category);
			if (name == NULL)
				return data_fail_memory(error);
			encoding->feature_names[encoding->feature_count++] = name;
		}
	}
	return encoding_index_create(encoding, error);
}

/* Rows whose values the choices allow. */
static bool choose_rows(const struct encoding *encoding, const struct table *table,
			struct filter *filter, struct data_error *error)
{
	if (!filter_begin(filter, table, MLP_F64, error))
		return false;
	for (int64_t i = 0; i < encoding->input_count; i++)
		filter_input(filter, encoding->inputs[i].place, encoding->missing);
	for (int64_t i = 0; i < encoding->target_count; i++)
		filter_target(filter, encoding->targets[i].place, encoding->missing);
	return filter_finish(filter, error);
}

bool encoding_create(const struct table *table, const struct encoding_options *options,
		     struct encoding **encoding, struct data_error *error)
{
	static const struct encoding_options usual = {0};
	options = options == NULL ? &usual : options;
	*encoding = calloc(1, sizeof **encoding);
	if (*encoding == NULL)
		return data_fail_memory(error);
	(*encoding)->missing = options->missing;
	(*encoding)->unseen = options->unseen;
	struct filter filter = {0};
	bool ok = encoding_assign(*encoding, table, options, error) &&
		  choose_rows(*encoding, table, &filter, error) &&
		  encoding_fit_task(*encoding, &filter, options, error) &&
		  encoding_fit_inputs(*encoding, &filter, options, error) &&
		  encoding_complete(*encoding, error);
	filter_free(&filter);
	if (!ok) {
		encoding_free(*encoding);
		*encoding = NULL;
	}
	return ok;
}

int64_t encoding_output_count(const struct encoding *encoding)
{
	return encoding->task == TASK_CLASSES ? encoding->classes->count : encoding->target_count;
}

const char *encoding_output_name(const struct encoding *encoding, int64_t output)
{
	return encoding->task == TASK_CLASSES ? encoding->classes->texts[output]
					      : encoding->targets[output].name;
}
