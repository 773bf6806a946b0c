/* A CSV file into a table: a look at its first rows, then one pass over all of them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/csv_guess.h"
#include "data/csv_scan.h"
#include "data/formats.h"
#include "data/utf8.h"

enum { CHUNK = 1 << 18, SAMPLE = 1 << 18, SAMPLE_LIMIT = 1 << 26, SAMPLE_LINES = 20 };

/* The table while it grows. Values lie row by row; those of text are places in the column's list. */
struct building {
	struct table *table;
	const struct csv_shape *shape;
	struct csv_scanner *scanner;
	double *values;
	int64_t room; /* rows */
	bool skip_row;
};

static bool fail_at(struct building *building, const char *text, size_t length, int64_t field,
		    const char *expected)
{
	struct csv_scanner *scanner = building->scanner;
	const char *name = building->table->columns[field].name;
	char found[DATA_QUOTE_SIZE], column[DATA_QUOTE_SIZE];
	bool has_names = building->table->has_names;
	return data_fail(scanner->error, DATA_ERROR_CONTENT,
			 "%s:%lld:%lld: expected %s%s%s, found %s", scanner->name,
			 (long long)csv_scanner_line(scanner, text, length), (long long)field + 1,
			 expected, has_names ? " in column " : "",
			 has_names ? data_quote(name, strlen(name), column) : "",
			 data_quote(text, length, found));
}

static bool take_number(struct building *building, const char *text, size_t length, int64_t field,
			double *value)
{
	if (text_to_number_with(text, length, building->shape->decimal, value))
		return isfinite(*value) ||
		       fail_at(building, text, length, field, "a finite number");
	*value = NAN;
	return text_is_missing(text, length) ||
	       fail_at(building, text, length, field,
		       length == 1 && *text == '-' ? "a number (or nothing where it is missing)"
						   : "a number");
}

static bool take_text(struct building *building, const char *text, size_t length, int64_t field,
		      double *value)
{
	*value = NAN;
	if (text_is_missing(text, length))
		return true;
	struct strings *texts = building->table->columns[field].texts;
	int64_t number = strings_find(texts, text, length);
	if (number < 0) {
		if (!utf8_is_valid(text, length))
			return fail_at(building, text, length, field, "text in UTF-8");
		number = strings_add(texts, text, length);
		if (number < 0)
			return data_fail_memory(building->scanner->error);
	}
	*value = (double)number;
	return true;
}

static bool take_field(void *context, const char *text, size_t length, int64_t field)
{
	struct building *building = context;
	const struct table *table = building->table;
	if (building->skip_row || field >= table->column_count)
		return true;
	if (table->rows == building->room) {
		int64_t room = building->room + building->room / 2 + 1;
		double *values = realloc(building->values,
					 (size_t)(room * table->column_count) * sizeof *values);
		if (values == NULL)
			return data_fail_memory(building->scanner->error);
		building->values = values;
		building->room = room;
	}
	double *value = &building->values[table->rows * table->column_count + field];
	switch (building->shape->kinds[field]) {
	case COLUMN_NUMBERS:
		return take_number(building, text, length, field, value);
	case COLUMN_TEXT:
		return take_text(building, text, length, field, value);
	default:
		*value = NAN;
		return true;
	}
}

/* Notes where a row is, if that does not follow from the rows before it. */
static bool note_line(struct table *table, int64_t line)
{
	int64_t offset = line - table->rows, count = table->line_count;
	if (count > 0 && table->lines[count - 1].offset == offset)
		return true;
	if ((count & (count - 1)) == 0) { /* a power of 2: full */
		size_t room = count == 0 ? 1 : 2 * (size_t)count;
		struct table_line *lines = realloc(table->lines, room * sizeof *lines);
		if (lines == NULL)
			return false;
		table->lines = lines;
	}
	table->lines[table->line_count++] = (struct table_line){table->rows, offset};
	return true;
}

static bool take_row(void *context, int64_t fields, int64_t line)
{
	struct building *building = context;
	struct table *table = building->table;
	if (fields != table->column_count)
		return data_fail(building->scanner->error, DATA_ERROR_CONTENT,
				 "%s:%lld: expected %lld field%s as in the first row, found %lld",
				 table->name, (long long)line, (long long)table->column_count,
				 table->column_count == 1 ? "" : "s", (long long)fields);
	if (building->skip_row) {
		building->skip_row = false;
		return true;
	}
	if (!note_line(table, line))
		return data_fail_memory(building->scanner->error);
	table->rows++;
	return true;
}

/* Names are text, and no two the same; empty ones become those of columns without a name. */
static bool take_names(struct table *table, const struct csv_shape *shape, struct data_error *error)
{
	for (int64_t i = 0; i < table->column_count && shape->names != NULL; i++) {
		if (shape->names[i][0] == 0)
			continue;
		table->columns[i].name = shape->names[i];
		shape->names[i] = NULL;
	}
	if (!table_name_columns(table, error))
		return false;
	struct strings names = {0};
	bool ok = true;
	for (int64_t i = 0; i < table->column_count && ok; i++) {
		const char *name = table->columns[i].name;
		size_t length = strlen(name);
		char quoted[DATA_QUOTE_SIZE];
		data_quote(name, length, quoted);
		int64_t number =
			utf8_is_valid(name, length) ? strings_add(&names, name, length) : 0;
		if (!utf8_is_valid(name, length))
			ok = data_fail(error, DATA_ERROR_CONTENT,
				       "%s: header, field %lld: expected text in UTF-8, found %s",
				       table->name, (long long)i + 1, quoted);
		else if (number < 0)
			ok = data_fail_memory(error);
		else if (number < i)
			ok = data_fail(error, DATA_ERROR_CONTENT,
				       "%s: header, field %lld: expected a name of its own, found "
				       "%s, which is column %lld too",
				       table->name, (long long)i + 1, quoted,
				       (long long)number + 1);
	}
	strings_free(&names);
	return ok;
}

static bool prepare(struct table *table, const struct csv_shape *shape, struct data_error *error)
{
	table->has_names = shape->has_header;
	table->targets = table->column_count > 1;
	if (!take_names(table, shape, error))
		return false;
	for (int64_t i = 0; i < table->column_count; i++) {
		if (shape->kinds[i] != COLUMN_TEXT)
			continue;
		table->columns[i].texts = calloc(1, sizeof *table->columns[i].texts);
		if (table->columns[i].texts == NULL)
			return data_fail_memory(error);
	}
	char delimiter[2] = {shape->delimiter, 0};
	return table_set_note(table, error, "CSV, delimiter '%s', %s%s",
			      shape->delimiter == '\t' ? "tab" : delimiter,
			      shape->decimal == ',' ? "decimal comma, " : "",
			      shape->has_header ? "header" : "no header");
}

/* All rows. The values then are the table's. */
static bool read_rows(struct reader *reader, struct building *building, struct data_error *error)
{
	unsigned char *chunk = malloc(CHUNK);
	if (chunk == NULL)
		return data_fail_memory(error);
	size_t count = CHUNK;
	bool ok = true;
	while (ok && count == CHUNK)
		ok = reader_read(reader, chunk, CHUNK, &count, error) &&
		     csv_scanner_feed(building->scanner, chunk, count);
	free(chunk);
	return ok && csv_scanner_finish(building->scanner);
}

static bool finish(struct building *building, struct data_error *error)
{
	struct table *table = building->table;
	if (table->rows == 0)
		return data_fail(error, DATA_ERROR_CONTENT,
				 table->has_names ? "%s: expected rows below the header, found none"
						  : "%s: expected rows, found none",
				 table->name);
	size_t size = (size_t)(table->rows * table->column_count) * sizeof(double);
	double *fitted = realloc(building->values, size);
	if (fitted != NULL)
		building->values = fitted;
	table->blocks[0] = building->values;
	for (int64_t i = 0; i < table->column_count; i++)
		table->columns[i].numbers =
			(struct numbers){.first = (const unsigned char *)(building->values + i),
					 .stride = table->column_count * (int64_t)sizeof(double),
					 .type = NUMBER_F64};
	building->values = NULL;
	return true;
}

static bool build(struct reader *reader, const struct csv_shape *shape, struct table *table,
		  struct data_error *error)
{
	struct csv_scanner scanner;
	struct building building = {
		.table = table, .shape = shape, .scanner = &scanner, .skip_row = shape->has_header};
	if (!csv_scanner_begin(&scanner, table->name, shape->delimiter, error))
		return false;
	scanner.on_field = take_field;
	scanner.on_row = take_row;
	scanner.context = &building;
	bool ok = read_rows(reader, &building, error) && finish(&building, error);
	csv_scanner_free(&scanner);
	free(building.values);
	return ok;
}

static size_t count_lines(const unsigned char *bytes, size_t size)
{
	size_t lines = 0;
	for (size_t i = 0; i < size; i++)
		lines += bytes[i] == '\n';
	return lines;
}

/* Enough first rows, of which the last one is whole. */
static bool take_sample(struct reader *reader, const unsigned char **bytes, size_t *size,
			bool *is_whole, struct data_error *error)
{
	for (size_t wanted = SAMPLE;; wanted *= 2) {
		if (!reader_peek(reader, wanted, bytes, size, error))
			return false;
		*is_whole = *size < wanted;
		if (*is_whole)
			return true;
		if (count_lines(*bytes, *size) >= SAMPLE_LINES || wanted >= SAMPLE_LIMIT)
			break;
	}
	while (*size > 0 && (*bytes)[*size - 1] != '\n')
		--*size;
	if (*size == 0)
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s:1: expected lines of text, found none that ends",
				 reader_name(reader));
	return true;
}

static bool skip_byte_order_mark(struct reader *reader, struct data_error *error)
{
	const unsigned char *bytes;
	size_t size;
	if (!reader_peek(reader, 3, &bytes, &size, error))
		return false;
	if (size >= 2 &&
	    ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff)))
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: expected text in UTF-8, found UTF-16", reader_name(reader));
	unsigned char mark[3];
	if (size == 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		return reader_read(reader, mark, 3, &size, error);
	return true;
}

bool csv_read(struct reader *reader, const struct read_options *options, struct table **table,
	      struct data_error *error)
{
	const unsigned char *bytes;
	size_t size;
	bool is_whole;
	struct csv_shape shape;
	*table = NULL;
	if (!skip_byte_order_mark(reader, error) ||
	    !take_sample(reader, &bytes, &size, &is_whole, error) ||
	    !csv_guess(reader_name(reader), bytes, size, is_whole, options, &shape, error))
		return false;
	*table = table_create(TABLE_CSV, reader_name(reader), shape.column_count);
	bool ok = *table != NULL
			  ? prepare(*table, &shape, error) && build(reader, &shape, *table, error)
			  : data_fail_memory(error);
	csv_shape_free(&shape);
	if (!ok) {
		table_free(*table);
		*table = NULL;
	}
	return ok;
}
