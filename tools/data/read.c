/* Which format a file has, by its first bytes. */
#include "data/read.h"

#include <string.h>

#include "data/formats.h"

enum { FIRST = 256 };

static bool is_idx(const unsigned char *bytes, size_t size)
{
	return size >= 4 && bytes[0] == 0 && bytes[1] == 0 && bytes[3] > 0 && bytes[3] < 16 &&
	       bytes[2] >= 0x08 && bytes[2] <= 0x0e && bytes[2] != 0x0a;
}

/* Three integers, with blanks between them, and nothing else in the first line. */
static bool is_fann(const unsigned char *bytes, size_t size)
{
	int integers = 0;
	bool in_integer = false;
	for (size_t i = 0; i < size && bytes[i] != '\n'; i++) {
		bool is_digit = bytes[i] >= '0' && bytes[i] <= '9';
		if (!is_digit && bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r')
			return false;
		if (bytes[i] == '\t') /* a delimiter of CSV */
			return false;
		integers += is_digit && !in_integer;
		in_integer = is_digit;
	}
	return integers == 3;
}

static bool fail_to_recognise(struct reader *reader, size_t size, struct data_error *error)
{
	return data_fail(error, DATA_ERROR_CONTENT,
			 size == 0 ? "%s: is empty"
				   : "%s: unknown format, expected CSV, NumPy's .npy or .npz, IDX "
				     "(MNIST) or libfann's .train",
			 reader_name(reader));
}

static bool read_any(struct reader *reader, const char *path, const struct read_options *options,
		     struct table **table, struct data_error *error)
{
	const unsigned char *bytes;
	size_t size;
	if (!reader_peek(reader, FIRST, &bytes, &size, error))
		return false;
	if (size >= 6 && memcmp(bytes, "\x93NUMPY", 6) == 0)
		return npy_read(reader, table, error);
	if (size >= 4 && memcmp(bytes, "PK\3\4", 4) == 0)
		return npz_read(reader, options, table, error);
	if (is_idx(bytes, size))
		return idx_read(reader, path, options, table, error);
	if (is_fann(bytes, size))
		return fann_read(reader, table, error);
	if (size == 0 || memchr(bytes, 0, size < 16 ? size : 16) != NULL)
		return fail_to_recognise(reader, size, error);
	return csv_read(reader, options, table, error);
}

bool table_read(const char *path, const struct read_options *options, struct table **table,
		struct data_error *error)
{
	static const struct read_options usual = {0};
	*table = NULL;
	struct reader *reader = reader_open(path, error);
	if (reader == NULL)
		return false;
	options = options == NULL ? &usual : options;
	reader_set_most(reader, options->most_bytes);
	bool ok = read_any(reader, path, options, table, error);
	reader_close(reader);
	return ok;
}
