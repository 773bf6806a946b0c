/* NumPy's .npy. */
#include "data/npy.h"

#include <stdlib.h>
#include <string.h>

#include "data/formats.h"
#include "data/limits.h"
#include "data/npy_header.h"

static const struct {
	const char *name; /* without the byte order */
	enum number_type type;
} types[] = {{"f8", NUMBER_F64}, {"f4", NUMBER_F32}, {"f2", NUMBER_F16}, {"i1", NUMBER_I8},
	     {"u1", NUMBER_U8},  {"i2", NUMBER_I16}, {"u2", NUMBER_U16}, {"i4", NUMBER_I32},
	     {"u4", NUMBER_U32}, {"i8", NUMBER_I64}, {"u8", NUMBER_U64}, {"b1", NUMBER_BOOL}};
enum { TYPES = sizeof types / sizeof *types };

const char *npy_type_name(enum number_type type)
{
	for (int i = 0; i < TYPES; i++)
		if (types[i].type == type)
			return types[i].name;
	return "";
}

static bool find_type(const char *text, const char *name, struct npy_array *array,
		      struct data_error *error)
{
	char order = text[0];
	for (int i = 0; i < TYPES && order != 0 && strchr("<>|=", order) != NULL; i++) {
		if (strcmp(types[i].name, text + 1) == 0) {
			array->type = types[i].type;
			bool big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
			array->swapped = number_size(array->type) > 1 &&
					 ((order == '>' && !big) || (order == '<' && big));
			return true;
		}
	}
	char quoted[DATA_QUOTE_SIZE];
	return data_fail(error, DATA_ERROR_CONTENT,
			 "%s: expected numbers (f2 f4 f8, i1 .. i8, u1 .. u8, b1), found type %s",
			 name, data_quote(text, strlen(text), quoted));
}

/* Where the header's text begins and ends. */
static bool find_header(const unsigned char *bytes, size_t size, const char *name, size_t *begin,
			size_t *length, struct data_error *error)
{
	if (size < 10 || memcmp(bytes, "\x93NUMPY", 6) != 0)
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: expected an .npy header of at least 10 bytes, found none",
				 name);
	if (bytes[6] < 1 || bytes[6] > 3)
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: expected .npy version 1, 2 or 3, found %d", name, bytes[6]);
	*begin = bytes[6] == 1 ? 10 : 12;
	*length = (size_t)bytes[8] | (size_t)bytes[9] << 8U;
	if (bytes[6] > 1 && size >= 12)
		*length |= (size_t)bytes[10] << 16U | (size_t)bytes[11] << 24U;
	if (size < *begin || size - *begin < *length)
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: truncated: expected a header of %zu bytes, found %zu", name,
				 *length, size < *begin ? 0 : size - *begin);
	return true;
}

/* Rows and columns from the shape, and that their bytes are there, no more and no less. */
static bool check_size(const struct npy_header *header, size_t available, const char *name,
		       struct npy_array *array, struct data_error *error)
{
	uint64_t bytes = number_size(array->type);
	array->columns = 1;
	array->rows = header->dimensions == 0 ? 1 : header->shape[0];
	for (int i = 0; i < header->dimensions; i++) {
		if (__builtin_mul_overflow(bytes, (uint64_t)header->shape[i], &bytes) ||
		    bytes > INT64_MAX)
			bytes = UINT64_MAX;
		if (bytes == UINT64_MAX || bytes == 0)
			break;
		if (i > 0)
			array->columns *= header->shape[i];
	}
	if (bytes == 0)
		return data_fail(error, DATA_ERROR_CONTENT, "%s: expected values, found none",
				 name);
	if (bytes != available)
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: %s: expected %llu bytes of values by its header, found %zu",
				 name, available < bytes ? "truncated" : "too long",
				 (unsigned long long)bytes, available);
	if (array->columns > DATA_MOST_COLUMNS)
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: expected at most %d columns, found %lld", name,
				 DATA_MOST_COLUMNS, (long long)array->columns);
	return true;
}

bool npy_parse(const unsigned char *bytes, size_t size, const char *name, struct npy_array *array,
	       struct data_error *error)
{
	struct npy_header header = {0};
	size_t begin = 0, length = 0;
	*array = (struct npy_array){0};
	if (!find_header(bytes, size, name, &begin, &length, error) ||
	    !npy_header_parse((const char *)bytes + begin, length, name, &header, error) ||
	    !find_type(header.type, name, array, error) ||
	    !check_size(&header, size - begin - length, name, array, error))
		return false;
	if (header.fortran_order && header.dimensions > 2)
		return data_fail(
			error, DATA_ERROR_CONTENT,
			"%s: an array in Fortran's order can have 2 dimensions here, found %d",
			name, header.dimensions);
	int64_t item = (int64_t)number_size(array->type);
	array->first = bytes + begin + length;
	array->row_stride = header.fortran_order ? item : item * array->columns;
	array->column_stride = header.fortran_order ? item * array->rows : item;
	return true;
}

void npy_fill_columns(const struct npy_array *array, struct table *table, int64_t at)
{
	for (int64_t i = 0; i < array->columns; i++)
		table->columns[at + i].numbers =
			(struct numbers){.first = array->first + i * array->column_stride,
					 .stride = array->row_stride,
					 .type = array->type,
					 .swapped = array->swapped};
}

bool npy_read(struct reader *reader, struct table **table, struct data_error *error)
{
	unsigned char *bytes;
	size_t size;
	struct npy_array array;
	*table = NULL;
	if (!reader_read_all(reader, 0, &bytes, &size, error))
		return false;
	if (!npy_parse(bytes, size, reader_name(reader), &array, error)) {
		free(bytes);
		return false;
	}
	*table = table_create(TABLE_NPY, reader_name(reader), array.columns);
	if (*table == NULL) {
		free(bytes);
		return data_fail_memory(error);
	}
	(*table)->blocks[0] = bytes;
	(*table)->rows = array.rows;
	(*table)->targets = array.columns > 1;
	npy_fill_columns(&array, *table, 0);
	if (table_name_columns(*table, error) &&
	    table_set_note(*table, error, "NumPy array of %s", npy_type_name(array.type)))
		return true;
	table_free(*table);
	*table = NULL;
	return false;
}
