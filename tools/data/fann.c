/* libfann's training data: a line "pairs inputs outputs", then the numbers of each pair, inputs first,
 * with blanks and newlines between them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/formats.h"
#include "data/limits.h"

struct cursor {
	const char *at, *end;
	const char *name;
	int64_t line, field; /* of the last token, from 1 */
	struct data_error *error;
};

/* The next run of what is no blank; its length, 0 at the end. */
static size_t next_token(struct cursor *cursor, const char **token)
{
	for (; cursor->at < cursor->end; cursor->at++) {
		if (*cursor->at == '\n') {
			cursor->line++;
			cursor->field = 0;
		} else if (*cursor->at != ' ' && *cursor->at != '\t' && *cursor->at != '\r') {
			break;
		}
	}
	*token = cursor->at;
	while (cursor->at < cursor->end && strchr(" \t\r\n", *cursor->at) == NULL)
		cursor->at++;
	while (cursor->at < cursor->end && *cursor->at == 0) /* which strchr() finds */
		cursor->at++;
	cursor->field++;
	return (size_t)(cursor->at - *token);
}

static bool fail_at(const struct cursor *cursor, const char *token, size_t length,
		    const char *expected)
{
	char found[DATA_QUOTE_SIZE];
	if (length == 0)
		return data_fail(cursor->error, DATA_ERROR_CONTENT,
				 "%s:%lld: expected %s, found the end of the file", cursor->name,
				 (long long)cursor->line, expected);
	return data_fail(cursor->error, DATA_ERROR_CONTENT, "%s:%lld:%lld: expected %s, found %s",
			 cursor->name, (long long)cursor->line, (long long)cursor->field, expected,
			 data_quote(token, length, found));
}

/* Pairs, inputs, outputs: none zero, and no more values than there are bytes for. */
static bool take_sizes(struct cursor *cursor, int64_t sizes[3])
{
	static const char *const expected[] = {"the number of pairs, at least 1",
					       "the number of inputs, in 1 .. 1000000",
					       "the number of outputs, in 1 .. 1000000"};
	for (int i = 0; i < 3; i++) {
		const char *token;
		size_t length = next_token(cursor, &token);
		if (!text_to_integer(token, length, &sizes[i]) || sizes[i] < 1 ||
		    (i > 0 && sizes[i] > DATA_MOST_COLUMNS))
			return fail_at(cursor, token, length, expected[i]);
	}
	int64_t columns = sizes[1] + sizes[2], most = (cursor->end - cursor->at) / 2 + 1;
	if (columns > DATA_MOST_COLUMNS || sizes[0] > most / columns)
		return data_fail(
			cursor->error, DATA_ERROR_CONTENT,
			"%s:1: expected %lld pairs of %lld values, found bytes for at most "
			"%lld values",
			cursor->name, (long long)sizes[0], (long long)columns, (long long)most);
	return true;
}

static bool take_values(struct cursor *cursor, double *values, int64_t count)
{
	const char *token;
	size_t length;
	for (int64_t i = 0; i < count; i++) {
		length = next_token(cursor, &token);
		if (length == 0 || !text_to_number(token, length, &values[i])) {
			if (length == 0 || !text_is_missing(token, length))
				return fail_at(cursor, token, length, "a number");
			values[i] = NAN;
		} else if (!isfinite(values[i])) {
			return fail_at(cursor, token, length, "a finite number");
		}
	}
	length = next_token(cursor, &token);
	return length == 0 ||
	       fail_at(cursor, token, length, "the end, by the sizes in the first line");
}

static bool make_table(struct cursor *cursor, struct table **table)
{
	int64_t sizes[3];
	if (!take_sizes(cursor, sizes))
		return false;
	int64_t rows = sizes[0], columns = sizes[1] + sizes[2];
	double *values = malloc((size_t)(rows * columns) * sizeof *values);
	*table = table_create(TABLE_FANN, cursor->name, columns);
	if (values == NULL || *table == NULL) {
		free(values);
		return data_fail_memory(cursor->error);
	}
	(*table)->blocks[0] = values;
	(*table)->rows = rows;
	(*table)->targets = sizes[2];
	for (int64_t i = 0; i < columns; i++)
		(*table)->columns[i].numbers =
			(struct numbers){.first = (const unsigned char *)(values + i),
					 .stride = columns * (int64_t)sizeof *values,
					 .type = NUMBER_F64};
	return take_values(cursor, values, rows * columns) &&
	       table_name_columns(*table, cursor->error) &&
	       table_set_note(*table, cursor->error, "libfann, %lld input%s, %lld output%s",
			      (long long)sizes[1], sizes[1] == 1 ? "" : "s", (long long)sizes[2],
			      sizes[2] == 1 ? "" : "s");
}

bool fann_read(struct reader *reader, struct table **table, struct data_error *error)
{
	unsigned char *bytes;
	size_t size;
	*table = NULL;
	if (!reader_read_all(reader, 1, &bytes, &size, error))
		return false;
	struct cursor cursor = {.at = (const char *)bytes,
				.end = (const char *)bytes + size,
				.name = reader_name(reader),
				.line = 1,
				.error = error};
	bool ok = make_table(&cursor, table);
	free(bytes);
	if (!ok) {
		table_free(*table);
		*table = NULL;
	}
	return ok;
}
