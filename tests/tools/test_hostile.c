/* Files cut off at every byte, and with every byte changed: reading them fails with a line, or gives a
 * table all of whose values can be read. Sanitizers look on. */
#include <stdlib.h>

#include "files.h"

enum { MOST = 8192 };

/* Whatever comes out is walked through; a failure has its line. */
static void try(const char *path)
{
	struct data_error error = {0};
	struct table *table;
	if (!table_read(path, NULL, &table, &error)) {
		assert_null(table);
		assert_true(error.kind != DATA_NO_ERROR && strlen(error.line) > 0);
		assert_null(strchr(error.line, '\n'));
		return;
	}
	double sum = 0;
	for (int64_t i = 0; i < table->rows; i++)
		for (int64_t k = 0; k < table->column_count; k++)
			sum += value_at(table, i, k);
	struct encoding *encoding;
	struct matrices *matrices;
	if (encoding_create(table, NULL, &encoding, &error) &&
	    matrices_create(encoding, table, TARGETS_YES, MLP_F32, &matrices, &error))
		matrices_free(matrices);
	encoding_free(encoding);
	table_free(table);
	(void)sum;
}

static void cut_and_change(const unsigned char *bytes, size_t size)
{
	static unsigned char changed[MOST];
	assert_true(size <= MOST);
	for (size_t length = 0; length <= size; length++) {
		file_write("cut", bytes, length);
		try("cut");
	}
	static const unsigned char values[] = {0, '"', '\n', '9', 0xff};
	for (size_t i = 0; i < size; i++) {
		memcpy(changed, bytes, size);
		for (size_t k = 0; k < sizeof values; k++) {
			changed[i] = values[k];
			file_write("changed", changed, size);
			try("changed");
		}
	}
}

static void cut_and_change_gzip(const unsigned char *bytes, size_t size)
{
	static unsigned char packed[MOST];
	file_write_gzip("whole.gz", bytes, size);
	FILE *file = fopen("whole.gz", "rb");
	size = fread(packed, 1, MOST, file);
	fclose(file);
	cut_and_change(packed, size);
}

static void csv(void **state)
{
	(void)state;
	const char *text =
		"\xef\xbb\xbfname;n;m\r\n\"a;\"\"b\"\"\nc\";1;-2.5e3\r\n\xc3\xa9;NA;7\n;;\n";
	cut_and_change((const unsigned char *)text, strlen(text));
	cut_and_change_gzip((const unsigned char *)text, strlen(text));
}

static void npy(void **state)
{
	(void)state;
	static unsigned char bytes[MOST];
	const float values[] = {1, 2, 3, 4, 5, 6};
	for (int version = 1; version <= 2; version++)
		cut_and_change(bytes, put_npy(bytes, version, "<f4", "True", "(2, 3)", values,
					      sizeof values));
	cut_and_change_gzip(bytes,
			    put_npy(bytes, 1, ">i2", "False", "(3, 2, 2)", values, sizeof values));
}

static void npz(void **state)
{
	(void)state;
	static unsigned char bytes[MOST];
	const float x[] = {1, 2, 3, 4};
	const int64_t y[] = {0, 1};
	const struct array arrays[] = {{"x", x, NUMBER_F32, 2, {2, 2}},
				       {"y", y, NUMBER_I64, 1, {2, 0}}};
	assert_true(npz_write("whole.npz", arrays, 2, NULL));
	FILE *file = fopen("whole.npz", "rb");
	size_t size = fread(bytes, 1, MOST, file);
	fclose(file);
	cut_and_change(bytes, size);
}

static void idx(void **state)
{
	(void)state;
	static unsigned char bytes[MOST];
	const unsigned shape[] = {3, 2, 2};
	const unsigned char pixels[12] = {1, 2, 3};
	size_t size = put_idx(bytes, 8, 3, shape, pixels, sizeof pixels);
	cut_and_change(bytes, size);
	cut_and_change_gzip(bytes, size);
}

static void fann(void **state)
{
	(void)state;
	const char *text = "3 2 1\n1 2\n0\n-1.5 .5\n1\n1e3 +7\n0\n";
	cut_and_change((const unsigned char *)text, strlen(text));
}

/* A small file that unpacks to much of nothing: memory follows what is there, not what is said. */
static void archives_that_lie_about_sizes(void **state)
{
	(void)state;
	static unsigned char bytes[MOST];
	const float x[] = {1, 2, 3, 4};
	const struct array array = {"x", x, NUMBER_F32, 2, {2, 2}};
	assert_true(npz_write("whole.npz", &array, 1, NULL));
	FILE *file = fopen("whole.npz", "rb");
	size_t size = fread(bytes, 1, MOST, file);
	fclose(file);
	for (size_t i = 0; i + 4 <= size; i++) {
		static unsigned char changed[MOST];
		memcpy(changed, bytes, size);
		memcpy(changed + i, "\xff\xff\xff\x7f", 4);
		file_write("lie.npz", changed, size);
		try("lie.npz");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv),  cmocka_unit_test(npy),
		cmocka_unit_test(npz),  cmocka_unit_test(idx),
		cmocka_unit_test(fann), cmocka_unit_test(archives_that_lie_about_sizes),
	};
	return cmocka_run_group_tests(tests, files_begin, files_end);
}
