/* NumPy's files, written. */
#include "data/array_writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "data/npy.h"
#include "data/output.h"

enum { HEADER_SIZE = 128 };

/* The header of version 1.0, filled up with blanks so that the values are aligned. */
static void make_header(const struct array *array, char header[HEADER_SIZE])
{
	char shape[64], text[HEADER_SIZE];
	if (array->dimensions == 1)
		snprintf(shape, sizeof shape, "(%lld,)", (long long)array->shape[0]);
	else
		snprintf(shape, sizeof shape, "(%lld, %lld)", (long long)array->shape[0],
			 (long long)array->shape[1]);
	int length = snprintf(text, sizeof text,
			      "{'descr': '%c%s', 'fortran_order': False, 'shape': %s, }",
			      __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? '<' : '>',
			      npy_type_name(array->type), shape);
	memset(header, ' ', HEADER_SIZE);
	memcpy(header, "\x93NUMPY\x01\x00", 8);
	header[8] = HEADER_SIZE - 10;
	header[9] = 0;
	memcpy(header + 10, text, (size_t)length);
	header[HEADER_SIZE - 1] = '\n';
}

static size_t size_of(const struct array *array)
{
	size_t count = (size_t)array->shape[0];
	if (array->dimensions == 2)
		count *= (size_t)array->shape[1];
	return count * number_size(array->type);
}

static bool fail_to_write(const char *path, const char *reason, struct data_error *error)
{
	return data_fail(error, DATA_ERROR_FILE, "%s: cannot be written: %s", path, reason);
}

bool npy_write(const char *path, const struct array *array, struct data_error *error)
{
	char header[HEADER_SIZE];
	struct output output;
	if (!output_open(&output, path, error))
		return false;
	make_header(array, header);
	size_t size = size_of(array);
	bool ok = fwrite(header, 1, HEADER_SIZE, output.file) == HEADER_SIZE &&
		  fwrite(array->values, 1, size, output.file) == size;
	return output_close(&output, ok ? 0 : errno, error);
}

/* Header and values as an entry of the archive, uncompressed as NumPy does it. The bytes stay the caller's until the
 * archive is closed: given to libzip (1.7), they are freed by it or not where it has no memory. */
static bool add(zip_t *archive, const char *path, const struct array *array, char **kept,
		struct data_error *error)
{
	char name[256], header[HEADER_SIZE];
	if (snprintf(name, sizeof name, "%s.npy", array->name) >= (int)sizeof name)
		return fail_to_write(path, "an array's name is too long", error);
	make_header(array, header);
	size_t size = size_of(array);
	char *bytes = *kept = malloc(HEADER_SIZE + size);
	if (bytes == NULL)
		return data_fail_memory(error);
	memcpy(bytes, header, HEADER_SIZE);
	if (size > 0)
		memcpy(bytes + HEADER_SIZE, array->values, size);
	zip_source_t *source = zip_source_buffer(archive, bytes, HEADER_SIZE + size, 0);
	if (source == NULL)
		return data_fail_memory(error);
	zip_int64_t index = zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8);
	if (index < 0) {
		zip_source_free(source);
		return fail_to_write(path, zip_strerror(archive), error);
	}
	/* the first moment that zip's times have: no file differs from another by when it was written */
	return (zip_set_file_compression(archive, (zip_uint64_t)index, ZIP_CM_STORE, 0) == 0 &&
		zip_file_set_dostime(archive, (zip_uint64_t)index, 0, 1U << 5U | 1U, 0) == 0) ||
	       fail_to_write(path, zip_strerror(archive), error);
}

static bool write_archive(const char *path, const struct array *arrays, int64_t count, char **kept,
			  struct data_error *error)
{
	int code;
	zip_t *archive = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
	if (archive == NULL) {
		zip_error_t reason;
		zip_error_init_with_code(&reason, code);
		fail_to_write(path, zip_error_strerror(&reason), error);
		zip_error_fini(&reason);
		return false;
	}
	for (int64_t i = 0; i < count; i++) {
		if (!add(archive, path, &arrays[i], &kept[i], error)) {
			zip_discard(archive);
			return false;
		}
	}
	if (zip_close(archive) == 0)
		return true;
	fail_to_write(path, zip_strerror(archive), error);
	zip_discard(archive);
	return false;
}

bool npz_write(const char *path, const struct array *arrays, int64_t count,
	       struct data_error *error)
{
	char **kept = calloc((size_t)count + 1, sizeof *kept);
	bool ok = kept != NULL ? write_archive(path, arrays, count, kept, error)
			       : data_fail_memory(error);
	for (int64_t i = 0; i < count && kept != NULL; i++)
		free(kept[i]);
	free(kept);
	return ok;
}
