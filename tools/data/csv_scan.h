/* The fields of a CSV file, one after another, each with its place. */
#ifndef MLP_TOOLS_DATA_CSV_SCAN_H
#define MLP_TOOLS_DATA_CSV_SCAN_H

#include <csv.h>
#include <stdint.h>

#include "data/error.h"

/* Fields come without their quotes, text[length] is 0, and unquoted ones without blanks around them.
 * `field` counts from 0 in its row; false stops the scan, after an error was left. */
typedef bool (*csv_field_function)(void *context, const char *text, size_t length, int64_t field);
/* After the last field of a row that begins at this line. Empty lines are no rows. */
typedef bool (*csv_row_function)(void *context, int64_t fields, int64_t line);

struct csv_scanner {
	struct csv_parser parser;
	csv_field_function on_field;
	csv_row_function on_row;
	void *context;
	const char *name;
	struct data_error *error;
	int64_t line;                  /* of the byte being read, from 1 */
	int64_t row_line, fields;      /* of the row being read */
	int64_t open_line, open_field; /* where a quote was opened last */
	bool stopped;
};

bool csv_scanner_begin(struct csv_scanner *scanner, const char *name, char delimiter,
		       struct data_error *error);

/* The next bytes; fields and rows may go over the end of one call to the next. */
bool csv_scanner_feed(struct csv_scanner *scanner, const unsigned char *bytes, size_t size);

/* There are no more bytes: the last row may lack its newline, but not its closing quote. */
bool csv_scanner_finish(struct csv_scanner *scanner);

void csv_scanner_free(struct csv_scanner *scanner);

/* Within on_field: the line on which the field begins. */
int64_t csv_scanner_line(const struct csv_scanner *scanner, const char *text, size_t length);

#endif
