/* Small files for tests, in a folder that is made for the program and removed at its end. */
#ifndef MLP_TESTS_TOOLS_FILES_H
#define MLP_TESTS_TOOLS_FILES_H

#include <stddef.h>

#include "data/data.h"
#include "support/test.h"

/* CMocka's group setup and teardown: the folder becomes the working directory, so that errors name files
 * without a path. */
int files_begin(void **state);
int files_end(void **state);

void file_write(const char *path, const void *bytes, size_t size);
void file_write_text(const char *path, const char *text);
void file_write_gzip(const char *path, const void *bytes, size_t size);
/* From malloc. */
char *file_read(const char *path, size_t *size);

/* The table of a file with this text, or bytes; the test fails if there is none. */
struct table *table_of_text(const char *text, const struct read_options *options);
struct table *table_of(const char *path, const struct read_options *options);

/* What is decided from a CSV text, or the test fails. */
struct encoding *encoding_of(const char *text, const struct encoding_options *choices);

/* Reading a file, or one with this text named t.csv, fails with exactly this line. */
void assert_read_fails(const char *path, const struct read_options *options, const char *line);
void assert_text_fails(const char *text, const struct read_options *options, const char *line);

/* A value of a table, and the text of one in a column of text (NULL: missing). */
double value_at(const struct table *table, int64_t row, int64_t column);
const char *text_at(const struct table *table, int64_t row, int64_t column);

/* The values of a table, row by row, equal these; NaN equals NaN. */
void assert_values(const struct table *table, int64_t rows, int64_t columns, const double *values);

/* An array ready to be written, big-endian or not. */
size_t put_idx(unsigned char *bytes, unsigned char type, int dimensions, const unsigned *shape,
	       const void *values, size_t size);
size_t put_npy(unsigned char *bytes, int version, const char *type, const char *order,
	       const char *shape, const void *values, size_t size);

#endif
