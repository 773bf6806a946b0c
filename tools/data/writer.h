/* CSV files: predictions, weights. */
#ifndef MLP_TOOLS_DATA_WRITER_H
#define MLP_TOOLS_DATA_WRITER_H

#include "data/error.h"
#include "data/number.h"

struct csv_writer;

/* "-" is standard output. NULL on failure. The file takes its name when it is complete. */
struct csv_writer *csv_writer_open(const char *path, char delimiter, struct data_error *error);

/* The next field of the row. Text is quoted where it must be; numbers have the fewest digits that read
 * back the same, NaN is an empty field. What fails is reported when the file is closed. */
void csv_writer_text(struct csv_writer *writer, const char *text);
void csv_writer_number(struct csv_writer *writer, double number, mlp_dtype dtype);
void csv_writer_integer(struct csv_writer *writer, int64_t integer);
void csv_writer_end_row(struct csv_writer *writer);

/* Writes what is left, frees the writer, and reports any failure since it was opened. */
bool csv_writer_close(struct csv_writer *writer, struct data_error *error);

#endif
