/* IDX, the format of MNIST: two bytes 0, a type, the number of dimensions, each dimension as four bytes,
 * values; all big-endian. Images and their labels are two files. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/formats.h"
#include "data/limits.h"

struct idx_array {
	unsigned char *bytes; /* of the whole file */
	int64_t rows, columns;
	struct numbers values; /* the first column */
};

static enum number_type find_type(unsigned char code)
{
	switch (code) {
	case 0x08:
		return NUMBER_U8;
	case 0x09:
		return NUMBER_I8;
	case 0x0b:
		return NUMBER_I16;
	case 0x0c:
		return NUMBER_I32;
	case 0x0d:
		return NUMBER_F32;
	case 0x0e:
		return NUMBER_F64;
	default:
		return 0;
	}
}

/* Sizes from the header, and that the bytes are there. */
static bool parse(struct idx_array *array, size_t size, const char *name, struct data_error *error)
{
	const unsigned char *bytes = array->bytes;
	enum number_type type = 0;
	if (size >= 4 && bytes[0] == 0 && bytes[1] == 0)
		type = find_type(bytes[2]);
	size_t dimensions = size >= 4 ? bytes[3] : 0, header = 4 + 4 * dimensions;
	if (type == 0 || dimensions == 0)
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: expected an IDX header, found none", name);
	if (size < header)
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: truncated: expected a header of %zu bytes, found %zu", name,
				 header, size);
	uint64_t expected = number_size(type);
	array->columns = 1;
	for (size_t i = 0; i < dimensions; i++) {
		const unsigned char *at = bytes + 4 + 4 * i;
		int64_t extent = (int64_t)at[0] << 24U | at[1] << 16U | at[2] << 8U | at[3];
		if (__builtin_mul_overflow(expected, (uint64_t)extent, &expected) ||
		    expected > INT64_MAX) {
			expected = UINT64_MAX;
			break;
		}
		if (extent == 0)
			break;
		if (i == 0)
			array->rows = extent;
		else
			array->columns *= extent;
	}
	if (expected == 0)
		return data_fail(error, DATA_ERROR_CONTENT, "%s: expected values, found none",
				 name);
	if (expected != size - header)
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: %s: expected %llu bytes of values by its header, found %zu",
				 name, size - header < expected ? "truncated" : "too long",
				 (unsigned long long)expected, size - header);
	if (array->columns > DATA_MOST_COLUMNS)
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: expected at most %d values in a row, found %lld", name,
				 DATA_MOST_COLUMNS, (long long)array->columns);
	array->values = (struct numbers){.first = bytes + header,
					 .stride = array->columns * (int64_t)number_size(type),
					 .type = type,
					 .swapped = number_size(type) > 1 &&
						    __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__};
	return true;
}

static bool load(struct reader *reader, struct idx_array *array, struct data_error *error)
{
	size_t size;
	*array = (struct idx_array){0};
	return reader_read_all(reader, 0, &array->bytes, &size, error) &&
	       parse(array, size, reader_name(reader), error);
}

/* Replaces the last `from` in the file's own name. */
static bool replace(char *path, const char *from, const char *to)
{
	char *base = strrchr(path, '/');
	char *found = NULL;
	for (char *at = base == NULL ? path : base; (at = strstr(at, from)) != NULL; at++)
		found = at;
	if (found == NULL)
		return false;
	for (; *to != 0; to++) /* of the same length */
		*found++ = *to;
	return true;
}

/* The path of the labels beside train-images-idx3-ubyte: train-labels-idx1-ubyte. Either can be gzip'd.
 * From malloc; NULL in *labels: there are none. */
static bool find_usual_labels(const char *path, char **labels, struct data_error *error)
{
	size_t length = strlen(path);
	*labels = malloc(length + 4);
	if (*labels == NULL)
		return data_fail_memory(error);
	memcpy(*labels, path, length + 1);
	if (replace(*labels, "images", "labels")) {
		replace(*labels, "idx3", "idx1");
		if (access(*labels, F_OK) == 0)
			return true;
		if (length > 3 && strcmp(*labels + length - 3, ".gz") == 0)
			(*labels)[length - 3] = 0;
		else
			memcpy(*labels + length, ".gz", 4);
		if (access(*labels, F_OK) == 0)
			return true;
	}
	free(*labels);
	*labels = NULL;
	return true;
}

static bool load_labels_of(const char *path, const struct read_options *options, int64_t rows,
			   struct idx_array *labels, struct data_error *error)
{
	struct reader *reader = reader_open(path, error);
	if (reader == NULL)
		return false;
	reader_set_most(reader, options->most_bytes);
	bool ok = load(reader, labels, error);
	if (ok && (labels->rows != rows || labels->columns != 1))
		ok = data_fail(error, DATA_ERROR_CONTENT,
			       "%s: expected %lld labels, as many as images, found %lld x %lld",
			       path, (long long)rows, (long long)labels->rows,
			       (long long)labels->columns);
	reader_close(reader);
	return ok;
}

/* The labels, if there are any: else their bytes stay NULL. */
static bool load_labels(const char *path, const struct read_options *options, int64_t rows,
			struct idx_array *labels, struct data_error *error)
{
	if (options->labels != NULL)
		return load_labels_of(options->labels, options, rows, labels, error);
	char *usual;
	if (!find_usual_labels(path, &usual, error))
		return false;
	bool ok = usual == NULL || load_labels_of(usual, options, rows, labels, error);
	free(usual);
	return ok;
}

/* The table takes the arrays' bytes. */
static bool make_table(const char *name, struct idx_array *images, struct idx_array *labels,
		       struct table **table, struct data_error *error)
{
	int64_t targets = labels->bytes != NULL;
	*table = table_create(TABLE_IDX, name, images->columns + targets);
	if (*table == NULL)
		return data_fail_memory(error);
	(*table)->rows = images->rows;
	(*table)->targets = targets;
	(*table)->targets_are_classes = true;
	(*table)->blocks[0] = images->bytes;
	(*table)->blocks[1] = labels->bytes;
	int64_t size = (int64_t)number_size(images->values.type);
	for (int64_t i = 0; i < images->columns; i++) {
		(*table)->columns[i].numbers = images->values;
		(*table)->columns[i].numbers.first += i * size;
	}
	if (targets)
		(*table)->columns[images->columns].numbers = labels->values;
	images->bytes = labels->bytes = NULL;
	return table_name_columns(*table, error) &&
	       table_set_note(*table, error, "IDX, %s",
			      targets ? "with labels" : "no labels found");
}

bool idx_read(struct reader *reader, const char *path, const struct read_options *options,
	      struct table **table, struct data_error *error)
{
	struct idx_array images, labels = {0};
	*table = NULL;
	bool ok = load(reader, &images, error) &&
		  load_labels(path, options, images.rows, &labels, error) &&
		  make_table(reader_name(reader), &images, &labels, table, error);
	free(images.bytes);
	free(labels.bytes);
	if (!ok) {
		table_free(*table);
		*table = NULL;
	}
	return ok;
}
