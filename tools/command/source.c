/* From a file and the options to rows. */
#include "command/source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/memory.h"

enum exit_code judge_data(const struct data_error *error)
{
	complain("%s", error->line);
	return error->kind == DATA_ERROR_CHOICE   ? BAD_USAGE
	       : error->kind == DATA_ERROR_MEMORY ? FAILED
						  : BAD_FILE;
}

static int choice_of(const char *text, const char *words)
{
	size_t length = 0;
	for (size_t i = 0; text != NULL && word_of(words, i, &length) != NULL; i++)
		if (strlen(text) == length &&
		    strncmp(text, word_of(words, i, &length), length) == 0)
			return (int)i;
	return 0;
}

struct encoding_options encoding_choices(const struct options *options)
{
	/* the words stand in the order of the enumerators */
	return (struct encoding_options){
		.target = options->target,
		.ignore = options->ignore,
		.weight = options->weight,
		.categorical = options->categorical,
		.numeric = options->numeric,
		.task = (enum data_task)choice_of(options->task, "guess classes numbers"),
		.missing = (enum data_missing)choice_of(options->missing,
							"refuse drop-row mean median"),
		.unseen = (enum data_unseen)choice_of(options->unseen, "refuse zero"),
	};
}

/* The character of --delimiter; 0: guess. */
static enum exit_code find_delimiter(const char *text, char *delimiter)
{
	static const char characters[] = ",;\t| ";
	*delimiter = 0;
	if (text == NULL)
		return DONE;
	for (int i = 0; i < 5; i++)
		if (choice_of(text, "none comma semicolon tab bar space") == i + 1)
			*delimiter = characters[i];
	if (*delimiter == 0 && text[0] != '\0' && text[1] == '\0' && text[0] != '"' &&
	    text[0] != '\n')
		*delimiter = text[0];
	if (*delimiter != 0)
		return DONE;
	complain("--delimiter '%s': expected a character, or comma, semicolon, tab, bar or space",
		 text);
	return BAD_USAGE;
}

enum exit_code read_table(const struct options *options, const char *path,
			  const struct encoding_options *choices, const struct encoding *encoding,
			  enum matrices_targets targets, struct table **table)
{
	struct read_options read = {
		.header = (enum read_header)choice_of(options->header, "guess yes no"),
		.most_bytes = options->max_bytes > 0 ? (uint64_t)options->max_bytes : 0,
		.x = options->x,
		.y = options->y,
		.labels = options->labels,
	};
	if (options->decimal != NULL)
		read.decimal = options->decimal[0] == 'c' ? ',' : '.';
	if (encoding != NULL)
		read.kind = targets == TARGETS_NO ? encoding_input_kind : encoding_column_kind,
		read.kind_context = encoding;
	else if (choices != NULL)
		read.kind = encoding_options_column_kind, read.kind_context = choices;
	enum exit_code code = find_delimiter(options->delimiter, &read.delimiter);
	if (code != DONE)
		return code;
	struct data_error error = {0};
	return table_read(path, &read, table, &error) ? DONE : judge_data(&error);
}

enum exit_code read_encoded(const struct options *options, const char *path,
			    const struct encoding *encoding, enum matrices_targets targets,
			    mlp_dtype dtype, struct table **table, struct matrices **matrices)
{
	struct table *read = NULL;
	struct data_error error = {0};
	*matrices = NULL;
	enum exit_code code = read_table(options, path, NULL, encoding, targets, &read);
	if (code == DONE && !matrices_create(encoding, read, targets, dtype, matrices, &error))
		code = judge_data(&error);
	if (code == DONE && (*matrices)->rows == 0) {
		complain("%s: there are no rows", read->name);
		matrices_free(*matrices);
		*matrices = NULL;
		code = BAD_FILE;
	}
	if (code != DONE || table == NULL)
		table_free(read);
	else
		*table = read;
	return code;
}

static enum exit_code fill_plain(const struct table *table, struct matrices *matrices)
{
	double *column = make((size_t)table->rows, sizeof *column);
	enum exit_code code = DONE;
	for (int64_t i = 0; i < matrices->inputs && code == DONE; i++) {
		numbers_get(&table->columns[i].numbers, 0, table->rows, column);
		for (int64_t n = 0; n < table->rows; n++) {
			int64_t at = n * matrices->inputs + i;
			char place[TABLE_PLACE_SIZE];
			if (matrices->dtype == MLP_F64)
				((double *)matrices->x)[at] = column[n];
			else
				((float *)matrices->x)[at] = (float)column[n];
			if (code == DONE &&
			    (table->columns[i].texts != NULL || !isfinite(column[n]))) {
				complain("%s: expected a number", table_place(table, n, i, place));
				code = BAD_FILE;
			}
		}
	}
	free(column);
	return code;
}

enum exit_code read_plain(const struct options *options, const char *path, int64_t inputs,
			  mlp_dtype dtype, struct matrices **matrices)
{
	struct table *table = NULL;
	enum exit_code code = read_table(options, path, NULL, NULL, TARGETS_NO, &table);
	if (code != DONE)
		return code;
	*matrices = make(1, sizeof **matrices);
	**matrices = (struct matrices){.dtype = dtype, .rows = table->rows, .inputs = inputs};
	(*matrices)->table_rows = table->rows;
	/* targets that the file sets apart are left aside; of the others only a guess would say which they are */
	bool apart = table->format != TABLE_CSV && table->format != TABLE_NPY;
	if (table->column_count != inputs &&
	    !(apart && table->column_count - table->targets == inputs)) {
		complain("%s: has %lld columns, the model has %lld inputs", table->name,
			 (long long)table->column_count, (long long)inputs);
		code = BAD_FILE;
	} else if (table->rows == 0) {
		complain("%s: there are no rows", table->name);
		code = BAD_FILE;
	} else {
		(*matrices)->x = make((size_t)(table->rows * inputs),
				      dtype == MLP_F64 ? sizeof(double) : sizeof(float));
		code = fill_plain(table, *matrices);
	}
	table_free(table);
	if (code != DONE) {
		free_plain(*matrices);
		*matrices = NULL;
	}
	return code;
}

void free_plain(struct matrices *matrices)
{
	if (matrices == NULL)
		return;
	free(matrices->x);
	free(matrices);
}
