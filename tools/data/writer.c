/* CSV files, written. */
#include "data/writer.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/output.h"

struct csv_writer {
	struct output output;
	char delimiter;
	bool has_field; /* in this row */
	int failure;    /* errno of the first one */
};

struct csv_writer *csv_writer_open(const char *path, char delimiter, struct data_error *error)
{
	struct csv_writer *writer = calloc(1, sizeof *writer);
	if (writer == NULL) {
		data_fail_memory(error);
		return NULL;
	}
	writer->delimiter = delimiter;
	if (output_open(&writer->output, path, error))
		return writer;
	free(writer);
	return NULL;
}

static void put(struct csv_writer *writer, const char *text, size_t length)
{
	if (writer->failure == 0 && fwrite(text, 1, length, writer->output.file) != length)
		writer->failure = errno;
}

static void begin_field(struct csv_writer *writer)
{
	if (writer->has_field)
		put(writer, &writer->delimiter, 1);
	writer->has_field = true;
}

/* What at the beginning of a file a reader would take for something else than text: a byte order mark, an archive,
 * which has control characters in its first bytes, three integers, as libfann's files begin. */
static bool looks_like_a_format(const char *text)
{
	const char *at = text;
	while (*at != 0 && (unsigned char)*at >= ' ')
		at++;
	return *at != 0 || strncmp(text, "\xef\xbb\xbf", 3) == 0 ||
	       (strchr(text, ' ') != NULL && text[strspn(text, "0123456789 ")] == 0);
}

/* What a reader would take for something else: delimiters, quotes, ends of lines, blanks at an end. */
static bool needs_quotes(const struct csv_writer *writer, const char *text)
{
	const char special[] = {writer->delimiter, '"', '\n', '\r', 0};
	size_t length = strlen(text);
	return length == 0 || text[strcspn(text, special)] != 0 || text[0] == ' ' ||
	       text[0] == '\t' || text[length - 1] == ' ' || text[length - 1] == '\t' ||
	       looks_like_a_format(text);
}

void csv_writer_text(struct csv_writer *writer, const char *text)
{
	begin_field(writer);
	if (!needs_quotes(writer, text)) {
		put(writer, text, strlen(text));
		return;
	}
	put(writer, "\"", 1);
	for (;;) {
		size_t length = strcspn(text, "\"");
		put(writer, text, length);
		if (text[length] == 0)
			break;
		put(writer, "\"\"", 2);
		text += length + 1;
	}
	put(writer, "\"", 1);
}

void csv_writer_number(struct csv_writer *writer, double number, mlp_dtype dtype)
{
	char text[NUMBER_TEXT_SIZE];
	begin_field(writer);
	if (isnan(number))
		return;
	number_to_text(number, dtype, text);
	put(writer, text, strlen(text));
}

void csv_writer_integer(struct csv_writer *writer, int64_t integer)
{
	char text[NUMBER_TEXT_SIZE];
	begin_field(writer);
	snprintf(text, sizeof text, "%lld", (long long)integer);
	put(writer, text, strlen(text));
}

void csv_writer_end_row(struct csv_writer *writer)
{
	put(writer, "\n", 1);
	writer->has_field = false;
}

bool csv_writer_close(struct csv_writer *writer, struct data_error *error)
{
	if (writer == NULL)
		return true;
	bool ok = output_close(&writer->output, writer->failure, error);
	free(writer);
	return ok;
}
