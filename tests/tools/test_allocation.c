/* The n-th allocation fails, for every n: the call fails with a line, *out is NULL and nothing leaks. The
 * linker puts the functions below in place of the C library's. */
#include <stdlib.h>

#include "files.h"

static int64_t left = -1; /* allocations until one fails; negative: none does */
static bool has_failed;

/* What was given out and not taken back, but for what other libraries ask for themselves. */
enum { MOST = 4096 };
static const void *out[MOST];
static size_t out_count;

static void *note(void *memory)
{
	if (memory != NULL) {
		assert_true(out_count < MOST);
		out[out_count++] = memory;
	}
	return memory;
}

static void forget(const void *memory)
{
	for (size_t i = out_count; memory != NULL && i-- > 0;)
		if (out[i] == memory) {
			out[i] = out[--out_count];
			return;
		}
}

static bool fails(void)
{
	if (left < 0 || left-- > 0)
		return false;
	has_failed = true;
	return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void __real_free(void *memory);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t length);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void __wrap_free(void *memory);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t length);

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : note(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : note(__real_calloc(count, size));
}

void *__wrap_realloc(void *memory, size_t size)
{
	if (fails())
		return NULL;
	forget(memory);
	return note(__real_realloc(memory, size));
}

void __wrap_free(void *memory)
{
	forget(memory);
	__real_free(memory);
}

char *__wrap_strdup(const char *text)
{
	return fails() ? NULL : note(__real_strdup(text));
}

char *__wrap_strndup(const char *text, size_t length)
{
	return fails() ? NULL : note(__real_strndup(text, length));
}

/* All the way from a file to matrices, through JSON, which is given back. */
static bool go(const char *path, char **result, struct data_error *error)
{
	static const struct encoding_options choices = {.missing = MISSING_MEAN};
	struct table *table = NULL;
	struct encoding *encoding = NULL, *back = NULL;
	struct matrices *matrices = NULL;
	char *json = NULL, *words = NULL;
	bool ok = table_read(path, NULL, &table, error) &&
		  encoding_create(table, &choices, &encoding, error) &&
		  encoding_to_json(encoding, &json, error) &&
		  encoding_from_json(json, "m", &back, error) &&
		  encoding_describe(back, &words, error) &&
		  matrices_create(back, table, TARGETS_YES, MLP_F32, &matrices, error);
	matrices_free(matrices);
	encoding_free(back);
	encoding_free(encoding);
	free(words);
	*result = json;
	table_free(table);
	return ok;
}

static void fail_each(const char *path)
{
	struct data_error error = {0};
	char *expected, *json;
	assert_true(go(path, &expected, &error));
	for (int64_t n = 0;; n++) {
		const size_t before = out_count;
		has_failed = false;
		left = n;
		bool ok = go(path, &json, &error);
		left = -1;
		/* memory is not always needed: an array that is not made smaller serves as well */
		if (ok)
			assert_string_equal(json, expected);
		else if (error.kind != DATA_ERROR_MEMORY)
			fail_msg("%s, allocation %d: %s", path, (int)n, error.line);
		free(json);
		assert_int_equal(out_count, before);
		if (!has_failed) {
			assert_true(ok);
			assert_true(n > 10);
			free(expected);
			return;
		}
	}
}

static void csv(void **state)
{
	(void)state;
	file_write_text("t.csv", "a,b,y\n1,u,x\n,v,z\n3,,x\n");
	fail_each("t.csv");
}

static void arrays(void **state)
{
	(void)state;
	static unsigned char bytes[512];
	const float values[] = {1, 2, 0, 4, 5, 1, 6, 7, 0, 8, 9, 1};
	const struct array array = {"x", values, NUMBER_F32, 2, {4, 3}};
	assert_true(npz_write("t.npz", &array, 1, NULL));
	fail_each("t.npz");
	file_write("t.npy", bytes,
		   put_npy(bytes, 1, "<f4", "False", "(4, 3)", values, sizeof values));
	fail_each("t.npy");
	const unsigned shape[] = {4, 1, 2};
	const unsigned char pixels[8] = {1, 2, 3}, labels[4] = {1, 2, 1, 2};
	file_write("t-images-idx3", bytes, put_idx(bytes, 8, 3, shape, pixels, sizeof pixels));
	file_write("t-labels-idx1", bytes, put_idx(bytes, 8, 1, shape, labels, sizeof labels));
	fail_each("t-images-idx3");
	file_write_text("t.train", "4 1 1\n1\n0\n2\n1\n3\n0\n4\n1\n");
	fail_each("t.train");
}

static void writers(void **state)
{
	(void)state;
	const float values[] = {1, 2};
	const struct array array = {"x", values, NUMBER_F32, 1, {2, 0}};
	for (int64_t n = 0; n < 8; n++) {
		struct data_error error = {0};
		has_failed = false;
		left = n;
		bool ok = npz_write("w.npz", &array, 1, &error);
		struct csv_writer *writer = csv_writer_open("w.csv", ',', &error);
		left = -1;
		ok = csv_writer_close(writer, &error) && ok && writer != NULL;
		assert_true(ok != has_failed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv),
		cmocka_unit_test(arrays),
		cmocka_unit_test(writers),
	};
	return cmocka_run_group_tests(tests, files_begin, files_end);
}
