/* A table of columns, as a file gave it: what every format is read into. */
#ifndef MLP_TOOLS_DATA_TABLE_H
#define MLP_TOOLS_DATA_TABLE_H

#include "data/error.h"
#include "data/number.h"
#include "data/strings.h"

enum table_format { TABLE_CSV = 1, TABLE_NPY = 2, TABLE_NPZ = 3, TABLE_IDX = 4, TABLE_FANN = 5 };

/* A column of numbers, of which NaN is a missing one. A column of text is numbers too: places in its list
 * of different texts, in order of first appearance. */
struct column {
	char *name; /* the file's own, or c1, c2, ... by place */
	struct numbers numbers;
	struct strings *texts; /* NULL: a column of numbers */
};

/* Row numbers to line numbers: from this row on, row r is at line r + offset. */
struct table_line {
	int64_t row, offset;
};

struct table {
	enum table_format format;
	char *name;     /* of the file, for errors */
	char *note;     /* how it was understood: "CSV, delimiter ';', header" */
	bool has_names; /* columns are known by names, else by their places */
	int64_t targets; /* columns at the end that are targets unless the user says other: as the format
			    knows, 1 where it does not, 0 where it has none */
	bool targets_are_classes; /* as the format knows */
	int64_t rows, column_count;
	struct column *columns;
	struct table_line *lines; /* [line_count]; none: rows have no lines */
	int64_t line_count;
	void *blocks[4]; /* memory that columns point into */
};

void table_free(struct table *table);

/* Empty, with this many columns, all unnamed. NULL: out of memory. */
struct table *table_create(enum table_format format, const char *name, int64_t column_count);

/* Names for columns that have none: c1, c2, ... by place. */
bool table_name_columns(struct table *table, struct data_error *error);

bool table_set_note(struct table *table, struct data_error *error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Where a value is, for errors, row and column from 0: "data.csv:17:4: column 'age'", or
 * "x.npy: row 17, column 4". column -1: the row alone. */
enum { TABLE_PLACE_SIZE = 400 };
const char *table_place(const struct table *table, int64_t row, int64_t column,
			char place[TABLE_PLACE_SIZE]);

#endif
