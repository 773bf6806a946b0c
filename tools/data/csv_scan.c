/* Fields of a CSV file by libcsv, which tells no lines: it is fed line by line. */
#include "data/csv_scan.h"

#include <string.h>

/* A field whose quote is never closed goes on to the end of the file: not in small steps. */
enum { FIELD_STEP = 1 << 14 };

bool csv_scanner_begin(struct csv_scanner *scanner, const char *name, char delimiter,
		       struct data_error *error)
{
	*scanner = (struct csv_scanner){.name = name, .error = error, .line = 1};
	if (csv_init(&scanner->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0)
		return data_fail_memory(error);
	csv_set_delim(&scanner->parser, (unsigned char)delimiter);
	csv_set_blk_size(&scanner->parser, FIELD_STEP);
	return true;
}

void csv_scanner_free(struct csv_scanner *scanner)
{
	csv_free(&scanner->parser);
}

int64_t csv_scanner_line(const struct csv_scanner *scanner, const char *text, size_t length)
{
	int64_t line = scanner->line;
	for (size_t i = 0; i < length; i++)
		line -= text[i] == '\n';
	return line;
}

static void take_field(void *text, size_t length, void *context)
{
	struct csv_scanner *scanner = context;
	if (scanner->stopped)
		return;
	const char *field = text == NULL ? "" : text;
	if (scanner->fields == 0)
		scanner->row_line = csv_scanner_line(scanner, field, length);
	scanner->stopped = !scanner->on_field(scanner->context, field, length, scanner->fields++);
}

static void take_row(int terminator, void *context)
{
	(void)terminator;
	struct csv_scanner *scanner = context;
	if (!scanner->stopped)
		scanner->stopped =
			!scanner->on_row(scanner->context, scanner->fields, scanner->row_line);
	scanner->fields = 0;
}

static bool fail_to_parse(struct csv_scanner *scanner, bool at_end)
{
	struct csv_parser *parser = &scanner->parser;
	long long line = at_end ? scanner->open_line : scanner->line;
	long long field = (at_end ? scanner->open_field : scanner->fields) + 1;
	scanner->stopped = true;
	if (csv_error(parser) != CSV_EPARSE)
		return data_fail_memory(scanner->error);
	const char *reason = at_end ? "the quote that opens here is never closed"
			     : parser->quoted
				     ? "expected a delimiter after the closing quote (a quote "
				       "within quotes is doubled)"
				     : "a quote within a field that does not begin with one";
	return data_fail(scanner->error, DATA_ERROR_CONTENT, "%s:%lld:%lld: %s", scanner->name,
			 line, field, reason);
}

/* A line, or the part of one that there is. */
static bool feed_part(struct csv_scanner *scanner, const unsigned char *bytes, size_t size)
{
	if (memchr(bytes, 0, size) != NULL) {
		scanner->stopped = true;
		return data_fail(scanner->error, DATA_ERROR_CONTENT,
				 "%s:%lld: expected text, found a byte 0", scanner->name,
				 (long long)scanner->line);
	}
	bool was_open = scanner->parser.quoted != 0;
	size_t taken = csv_parse(&scanner->parser, bytes, size, take_field, take_row, scanner);
	if (scanner->stopped)
		return false;
	if (taken < size)
		return fail_to_parse(scanner, false);
	if (scanner->parser.quoted != 0 && (!was_open || scanner->open_field != scanner->fields)) {
		scanner->open_line = scanner->line;
		scanner->open_field = scanner->fields;
	}
	return true;
}

bool csv_scanner_feed(struct csv_scanner *scanner, const unsigned char *bytes, size_t size)
{
	while (size > 0) {
		const unsigned char *newline = memchr(bytes, '\n', size);
		size_t part = newline == NULL ? size : (size_t)(newline - bytes) + 1;
		if (!feed_part(scanner, bytes, part))
			return false;
		scanner->line += newline != NULL;
		bytes += part;
		size -= part;
	}
	return true;
}

bool csv_scanner_finish(struct csv_scanner *scanner)
{
	if (csv_fini(&scanner->parser, take_field, take_row, scanner) != 0 && !scanner->stopped)
		return fail_to_parse(scanner, true);
	return !scanner->stopped;
}
