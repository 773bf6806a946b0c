/* Headers of safetensors files that lie: each is refused, with the reason. */
#include "support/heap.h"
#include "tensors.h"

static void assert_refused(const char *header, size_t data, mlp_status expected, const char *words)
{
	struct bytes bytes = bytes_of_header(header, data);
	struct mlp_source source;
	struct mlp_tensor_reader *reader;
	assert_fails(expected, words, open_bytes(&bytes, &source, &generous, &reader));
	assert_null(reader);
	bytes_free(&bytes);
}

static void headers_that_lie_are_refused(void **state)
{
	(void)state;
	const struct {
		const char *header;
		size_t data;
		const char *words;
	} cases[] = {
		{"  ", 0, "no JSON object"},
		{" {}", 0, "no JSON object"},
		{"[]", 0, "no JSON object"},
		{"{\"a", 0, "at byte 3 of the file's header"},
		{"{} x", 0, "of the file's header"},
		{"{\"a\":1}", 0, "'a' is no description"},
		{"{}", 1, "1 bytes of the file belong to no tensor"},
		{"{\"__metadata__\":[]}", 0, "metadata are no JSON object"},
		{"{\"__metadata__\":{\"k\":1}}", 0, "'k' in the file's metadata is no string"},
		{"{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0, "duplicate"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
		 "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
		 4, "duplicate"},
		{"{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "no known element type"},
		{"{\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4,
		 "no known element type"},
		{"{\"a\":{\"dtype\":7,\"shape\":[1],\"data_offsets\":[0,4]}}", 4,
		 "no known element type"},
		{"{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "has no shape"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]}}", 4,
		 "has no shape"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4,
		 "dimension 0 of the shape"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1.0],\"data_offsets\":[0,4]}}", 4,
		 "dimension 1 of the shape"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}",
		 4, "'a' has 9 dimensions"},
		{"{\"a\":{\"dtype\":\"U8\",\"shape\":[4294967296,4294967296],"
		 "\"data_offsets\":[0,0]}}",
		 0, "too many elements"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904],"
		 "\"data_offsets\":[0,0]}}",
		 0, "elements of 4 bytes"},
		{"{\"a\":{\"dtype\":\"U8\",\"shape\":[9223372036854775808],"
		 "\"data_offsets\":[0,0]}}",
		 0, "too big integer"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "no data_offsets"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4,
		 "no data_offsets"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", 4,
		 "no data_offsets"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}", 4,
		 "no data_offsets"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4,
		 "no data_offsets"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[\"0\",4]}}", 4,
		 "no data_offsets"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,5]}}", 5,
		 "1 elements of 4 bytes, but 5 bytes"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4,
		 "'a' needs 8 bytes of data, 4 remain"},
		{"{\"a\":{\"dtype\":\"U8\",\"shape\":[9223372036854775807],"
		 "\"data_offsets\":[0,9223372036854775807]}}",
		 4, "needs 9223372036854775807 bytes of data, 4 remain"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 8,
		 "4 bytes of the file belong to no tensor"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8,
		 "'a' begins at byte 4, the data before it end at 0"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
		 "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}",
		 12, "'b' begins at byte 8, the data before it end at 4"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
		 "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
		 12, "'b' begins at byte 4, the data before it end at 8"},
		{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
		 "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
		 4, "'b' begins at byte 0, the data before it end at 4"},
		{"{\"a\":[[[[1]]]]}", 0, "nested too deeply"},
		{"{\"a\":\"\xff\"}", 0, "unable to decode"},
		{"{\"a\\u0000b\":1}", 0, "of the file's header"},
		{"{\"a\\nb\":1}", 0, "'a?b' is no description"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_refused(cases[i].header, cases[i].data, MLP_ERR_FORMAT, cases[i].words);
}

static void deep_nesting_never_reaches_the_parser(void **state)
{
	(void)state;
	char *header = malloc(1 << 19);
	memset(header, '[', 1 << 19);
	memcpy(header, "{\"a\":", 5);
	header[(1 << 19) - 1] = '\0';
	assert_refused(header, 0, MLP_ERR_FORMAT, "nested too deeply");
	free(header);
}

static void the_length_of_the_header_is_checked_before_memory_is_asked_for(void **state)
{
	(void)state;
	const uint64_t lengths[] = {0, 1, 3, 100, 1ULL << 31, 1ULL << 62, 1ULL << 63, UINT64_MAX};
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct heap heap = {0};
		const mlp_allocator allocator = heap_allocator(&heap);
		struct bytes bytes = bytes_of_header("{}", 0);
		for (int b = 0; b < 8; b++)
			bytes.data[b] = (unsigned char)(lengths[i] >> (8 * b));
		struct mlp_source source = {bytes_read, &bytes, (int64_t)bytes.size};
		struct mlp_tensor_reader *reader;
		assert_fails(MLP_ERR_FORMAT, "bytes, 2 remain",
			     mlp_tensor_reader_open(&source, &generous, &allocator, &reader));
		assert_int_equal(heap.calls, 1); /* the reader itself */
		assert_int_equal(heap.in_use, 0);
		bytes_free(&bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_that_lie_are_refused),
		cmocka_unit_test(deep_nesting_never_reaches_the_parser),
		cmocka_unit_test(the_length_of_the_header_is_checked_before_memory_is_asked_for),
	};
	return cmocka_run_group_tests_name("safetensors_headers", tests, NULL, NULL);
}
