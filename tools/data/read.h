/* From a file of whatever format to a table. */
#ifndef MLP_TOOLS_DATA_READ_H
#define MLP_TOOLS_DATA_READ_H

#include "data/columns.h"
#include "data/table.h"

enum read_header { READ_HEADER_GUESS = 0, READ_HEADER_YES = 1, READ_HEADER_NO = 2 };

enum column_kind {
	COLUMN_GUESS = 0,
	COLUMN_NUMBERS = 1,
	COLUMN_TEXT = 2,
	COLUMN_SKIP = 3 /* its values are not looked at: all missing */
};

/* What the caller knows of a column of a CSV file before its values are read; `names` are those of the
 * whole file. */
typedef enum column_kind (*column_kind_function)(const void *context,
						 const struct column_names *names, int64_t place);

/* Choices; all zero: the usual ones. */
struct read_options {
	enum read_header header; /* CSV */
	char delimiter;          /* CSV; 0: guessed among , ; tab | */
	char decimal;      /* CSV: '.' or ','; 0: guessed, ',' only where it is not the delimiter */
	const char *x, *y; /* npz: names of the arrays; NULL: x, X, data; y, target, labels */
	uint64_t most_bytes; /* that a compressed file may unfold to; 0: reader_usual_most() */
	const char *labels;  /* IDX: path of the labels; NULL: by the usual names */
	column_kind_function
		kind; /* NULL: every column guessed. Of an encoding: encoding_column_kind */
	const void *kind_context;
};

/* Read a table. Its format is known by its content:
 *   .npy, .npz   NumPy's arrays, one or two-dimensional; more dimensions are flattened to rows
 *   IDX          MNIST's; the labels are read too, if they are found
 *   .train       libfann's, whose first line is three integers
 *   CSV          any other text: fields between commas, semicolons, tabs or bars
 * each gzip'd or not; "-" is standard input.
 * A CSV column whose kind is not known is text if more than half of its values in the first rows are
 * none that is a number; in a column of numbers anything else is an error that says where. */
bool table_read(const char *path, const struct read_options *options, struct table **table,
		struct data_error *error);

#endif
