/* Small files for tests. */
#include "files.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

static char folder[400];

int files_begin(void **state)
{
	(void)state;
	const char *place = getenv("TMPDIR");
	snprintf(folder, sizeof folder, "%s/mlp-tools-XXXXXX", place != NULL ? place : "/tmp");
	return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

int files_end(void **state)
{
	(void)state;
	DIR *all = opendir(".");
	for (struct dirent *entry; all != NULL && (entry = readdir(all)) != NULL;)
		unlink(entry->d_name); /* "." and ".." stay */
	if (all != NULL)
		closedir(all);
	return chdir("/") != 0 || rmdir(folder) != 0;
}

void file_write(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

void file_write_text(const char *path, const char *text)
{
	file_write(path, text, strlen(text));
}

void file_write_gzip(const char *path, const void *bytes, size_t size)
{
	gzFile file = gzopen(path, "wb");
	assert_non_null(file);
	if (size > 0)
		assert_int_equal(gzwrite(file, bytes, (unsigned)size), size);
	assert_int_equal(gzclose(file), Z_OK);
}

char *file_read(const char *path, size_t *size)
{
	struct reader *reader = reader_open(path, NULL);
	assert_non_null(reader);
	unsigned char *bytes;
	assert_true(reader_read_all(reader, 1, &bytes, size, NULL));
	reader_close(reader);
	return (char *)bytes;
}

struct table *table_of(const char *path, const struct read_options *options)
{
	struct data_error error = {0};
	struct table *table;
	if (!table_read(path, options, &table, &error))
		fail_msg("%s", error.line);
	assert_int_equal(error.kind, DATA_NO_ERROR);
	return table;
}

struct table *table_of_text(const char *text, const struct read_options *options)
{
	file_write_text("t.csv", text);
	return table_of("t.csv", options);
}

struct encoding *encoding_of(const char *text, const struct encoding_options *choices)
{
	const struct read_options options = {.kind = encoding_options_column_kind,
					     .kind_context = choices};
	struct table *table = table_of_text(text, &options);
	struct data_error error = {0};
	struct encoding *encoding;
	if (!encoding_create(table, choices, &encoding, &error))
		fail_msg("%s", error.line);
	table_free(table);
	return encoding;
}

void assert_read_fails(const char *path, const struct read_options *options, const char *line)
{
	struct data_error error = {0};
	struct table *table = (struct table *)&error;
	assert_false(table_read(path, options, &table, &error));
	assert_null(table);
	assert_string_equal(error.line, line);
	assert_int_not_equal(error.kind, DATA_NO_ERROR);
}

void assert_text_fails(const char *text, const struct read_options *options, const char *line)
{
	file_write_text("t.csv", text);
	assert_read_fails("t.csv", options, line);
}

double value_at(const struct table *table, int64_t row, int64_t column)
{
	return numbers_at(&table->columns[column].numbers, row);
}

const char *text_at(const struct table *table, int64_t row, int64_t column)
{
	double value = value_at(table, row, column);
	assert_non_null(table->columns[column].texts);
	return isnan(value) ? NULL : table->columns[column].texts->texts[(int64_t)value];
}

void assert_values(const struct table *table, int64_t rows, int64_t columns, const double *values)
{
	assert_int_equal(table->rows, rows);
	assert_int_equal(table->column_count, columns);
	for (int64_t i = 0; i < rows * columns; i++) {
		double value = value_at(table, i / columns, i % columns);
		if (value != values[i] && !(isnan(value) && isnan(values[i])))
			fail_msg("row %d, column %d: %g instead of %g", (int)(i / columns),
				 (int)(i % columns), value, values[i]);
	}
}

size_t put_idx(unsigned char *bytes, unsigned char type, int dimensions, const unsigned *shape,
	       const void *values, size_t size)
{
	size_t used = 0;
	bytes[used++] = 0;
	bytes[used++] = 0;
	bytes[used++] = type;
	bytes[used++] = (unsigned char)dimensions;
	for (int i = 0; i < dimensions; i++)
		for (int shift = 24; shift >= 0; shift -= 8)
			bytes[used++] = (unsigned char)(shape[i] >> (unsigned)shift);
	memcpy(bytes + used, values, size);
	return used + size;
}

size_t put_npy(unsigned char *bytes, int version, const char *type, const char *order,
	       const char *shape, const void *values, size_t size)
{
	char header[256];
	int length = snprintf(header, sizeof header,
			      "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n", type, order,
			      shape);
	size_t used = 6;
	memcpy(bytes, "\x93NUMPY", 6);
	bytes[used++] = (unsigned char)version;
	bytes[used++] = 0;
	bytes[used++] = (unsigned char)length;
	bytes[used++] = 0;
	if (version > 1) {
		bytes[used++] = 0;
		bytes[used++] = 0;
	}
	memcpy(bytes + used, header, (size_t)length);
	used += (size_t)length;
	if (size > 0)
		memcpy(bytes + used, values, size);
	return used + size;
}
