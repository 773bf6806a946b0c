/* What a CSV file does not say, from its first rows. */
#include "data/csv_guess.h"

#include <stdlib.h>
#include <string.h>

#include "data/csv_delimiter.h"
#include "data/csv_scan.h"
#include "data/limits.h"

/* What the first rows have in a column. */
struct seen {
	char *first;            /* in the first row */
	bool is_repeated;       /* in a later row too */
	int64_t numbers, texts; /* with a point as the decimal */
	int64_t with_point,
		with_comma; /* numbers 1.5; texts that are numbers if a comma is the decimal: 1,5 */
};

struct sample {
	struct seen *columns;
	int64_t column_count, room, row;
	struct csv_scanner *scanner;
};

static bool grow(struct sample *sample)
{
	struct data_error *error = sample->scanner->error;
	if (sample->column_count == DATA_MOST_COLUMNS)
		return data_fail(error, DATA_ERROR_CONTENT, "%s:%lld: expected at most %d fields",
				 sample->scanner->name, (long long)sample->scanner->line,
				 DATA_MOST_COLUMNS);
	if (sample->column_count < sample->room)
		return true;
	int64_t room = 2 * sample->room + 8;
	struct seen *columns = realloc(sample->columns, (size_t)room * sizeof *columns);
	if (columns == NULL)
		return data_fail_memory(error);
	sample->columns = columns;
	sample->room = room;
	return true;
}

static bool is_number(const char *text, size_t length, char decimal)
{
	double number;
	return text_to_number_with(text, length, decimal, &number);
}

static void count_field(struct seen *seen, const char *text, size_t length)
{
	if (is_number(text, length, '.')) {
		seen->numbers++;
		seen->with_point += memchr(text, '.', length) != NULL;
	} else if (!text_is_missing(text, length)) {
		seen->texts++;
		seen->with_comma += is_number(text, length, ',');
	}
}

static bool see_field(void *context, const char *text, size_t length, int64_t field)
{
	struct sample *sample = context;
	if (sample->row == 0) {
		if (!grow(sample))
			return false;
		char *first = strndup(text, length);
		if (first == NULL)
			return data_fail_memory(sample->scanner->error);
		sample->columns[sample->column_count++] = (struct seen){.first = first};
		return true;
	}
	if (field >= sample->column_count)
		return true; /* an error that the reading of all rows reports */
	struct seen *seen = &sample->columns[field];
	count_field(seen, text, length);
	seen->is_repeated = seen->is_repeated || strcmp(seen->first, text) == 0;
	return true;
}

static bool see_row(void *context, int64_t fields, int64_t line)
{
	(void)fields;
	(void)line;
	((struct sample *)context)->row++;
	return true;
}

/* A first row of names: none is a number, and a column below is numbers; or, where all is text, none of
 * the names is there again. */
static bool looks_like_header(const struct sample *sample, char decimal)
{
	bool numbers_below = false, is_repeated = false, is_text = false;
	for (int64_t i = 0; i < sample->column_count; i++) {
		const struct seen *seen = &sample->columns[i];
		size_t length = strlen(seen->first);
		if (is_number(seen->first, length, decimal))
			return false;
		is_text = is_text || !text_is_missing(seen->first, length);
		numbers_below = numbers_below || seen->numbers > seen->texts;
		is_repeated = is_repeated || (length > 0 && seen->is_repeated);
	}
	return is_text && (numbers_below || !is_repeated);
}

static void add_first_row(struct sample *sample, char decimal)
{
	for (int64_t i = 0; i < sample->column_count; i++) {
		struct seen *seen = &sample->columns[i];
		size_t length = strlen(seen->first);
		bool number = is_number(seen->first, length, decimal);
		seen->numbers += number;
		seen->texts += !number && !text_is_missing(seen->first, length);
	}
}

/* A comma, if numbers are written with it and none with a point. */
static char choose_decimal(const struct sample *sample, const struct read_options *options,
			   char delimiter)
{
	int64_t points = 0, commas = 0;
	for (int64_t i = 0; i < sample->column_count; i++) {
		points += sample->columns[i].with_point;
		commas += sample->columns[i].with_comma;
	}
	if (options->decimal != 0)
		return options->decimal;
	return delimiter != ',' && commas > 0 && points == 0 ? ',' : '.';
}

/* Counts anew what are numbers: 1,5 is one, 1.5 none. */
static void take_commas(struct sample *sample)
{
	for (int64_t i = 0; i < sample->column_count; i++) {
		struct seen *seen = &sample->columns[i];
		seen->numbers += seen->with_comma - seen->with_point;
		seen->texts += seen->with_point - seen->with_comma;
	}
}

/* The kinds that the caller knows, and guesses for the others. */
static void choose_kinds(const struct sample *sample, const struct read_options *options,
			 struct csv_shape *shape)
{
	struct column_names names = {(const char *const *)shape->names, shape->column_count};
	for (int64_t i = 0; i < sample->column_count; i++) {
		enum column_kind kind = COLUMN_GUESS;
		if (options->kind != NULL)
			kind = options->kind(options->kind_context, &names, i);
		const struct seen *seen = &sample->columns[i];
		if (kind == COLUMN_GUESS)
			kind = seen->texts > seen->numbers ? COLUMN_TEXT : COLUMN_NUMBERS;
		shape->kinds[i] = kind;
	}
}

static bool take_shape(struct sample *sample, const struct read_options *options,
		       struct csv_shape *shape)
{
	size_t count = (size_t)sample->column_count;
	shape->column_count = sample->column_count;
	shape->decimal = choose_decimal(sample, options, shape->delimiter);
	if (shape->decimal == ',')
		take_commas(sample);
	shape->has_header =
		options->header == READ_HEADER_YES ||
		(options->header == READ_HEADER_GUESS && looks_like_header(sample, shape->decimal));
	shape->kinds = calloc(count + 1, sizeof *shape->kinds);
	if (shape->has_header)
		shape->names = calloc(count + 1, sizeof *shape->names);
	if (shape->kinds == NULL || (shape->has_header && shape->names == NULL))
		return data_fail_memory(sample->scanner->error);
	for (size_t i = 0; i < count && shape->has_header; i++) {
		shape->names[i] = sample->columns[i].first;
		sample->columns[i].first = NULL;
	}
	if (!shape->has_header)
		add_first_row(sample, shape->decimal);
	choose_kinds(sample, options, shape);
	return true;
}

bool csv_guess(const char *name, const unsigned char *bytes, size_t size, bool is_whole,
	       const struct read_options *options, struct csv_shape *shape,
	       struct data_error *error)
{
	char delimiter =
		options->delimiter != 0 ? options->delimiter : csv_guess_delimiter(bytes, size);
	*shape = (struct csv_shape){.delimiter = delimiter};
	struct csv_scanner scanner;
	if (!csv_scanner_begin(&scanner, name, delimiter, error))
		return false;
	struct sample sample = {.scanner = &scanner};
	scanner.on_field = see_field;
	scanner.on_row = see_row;
	scanner.context = &sample;
	bool ok = csv_scanner_feed(&scanner, bytes, size) &&
		  (!is_whole || csv_scanner_finish(&scanner)) &&
		  take_shape(&sample, options, shape);
	csv_scanner_free(&scanner);
	for (int64_t i = 0; i < sample.column_count; i++)
		free(sample.columns[i].first);
	free(sample.columns);
	if (!ok)
		csv_shape_free(shape);
	return ok;
}

void csv_shape_free(struct csv_shape *shape)
{
	for (int64_t i = 0; i < shape->column_count && shape->names != NULL; i++)
		free(shape->names[i]);
	free(shape->names);
	free(shape->kinds);
	*shape = (struct csv_shape){0};
}
