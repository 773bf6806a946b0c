/* Files of tensors that were damaged or cut: none is taken for whole. */
#include "tensors.h"

static mlp_status load(struct bytes *bytes)
{
	struct mlp_source source;
	struct mlp_tensor_reader *reader;
	mlp_status status = open_bytes(bytes, &source, &generous, &reader);
	if (status != MLP_OK)
		return status;
	status = mlp_tensor_reader_read(reader, NULL, NULL, NULL);
	mlp_tensor_reader_free(reader);
	return status;
}

static void the_checksum_covers_every_byte_of_the_tensors(void **state)
{
	(void)state;
	struct bytes bytes = example();
	assert_ok(load(&bytes));
	for (size_t i = bytes.size - 51; i < bytes.size; i++) { /* 24 + 16 + 8 + 3 of the tensors */
		bytes.data[i] ^= 1;
		assert_fails(MLP_ERR_FORMAT, "damaged", load(&bytes));
		bytes.data[i] ^= 1;
	}
	bytes_free(&bytes);
}

/* The first place in the header where `from` stands; `to`, as long, is put there. */
static void put_in_place(struct bytes *bytes, const char *from, const char *to)
{
	unsigned char *at = bytes->data + 8;
	assert_int_equal(strlen(from), strlen(to));
	while (memcmp(at, from, strlen(from)) != 0)
		assert_true(++at + strlen(from) < bytes->data + bytes->size);
	memcpy(at, to, strlen(to));
}

static void the_checksum_covers_what_the_header_says(void **state)
{
	(void)state;
	static const char *const damages[][2] = {
		{"\"mlp.key\"", "\"mlp.kez\""},
		{"\"a \\\"value", "\"b \\\"value"},
		{"\"octets\"", "\"pctets\""},
		{"\"a\":{", "\"c\":{"},
		{"\"F32\"", "\"I32\""},
		{"\"F64\"", "\"I64\""},
		{"\"U64\"", "\"I64\""},
		{"\"U8\"", "\"I8\""},
		{"[2,3]", "[3,2]"},
		{"[2,3]", "[6,1]"},
		{"[0,5]", "[0,6]"},
		{"[0,5]", "[5,0]"},
	};
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		struct bytes bytes = example();
		put_in_place(&bytes, damages[i][0], damages[i][1]);
		assert_fails(MLP_ERR_FORMAT, "damaged", load(&bytes));
		put_in_place(&bytes, damages[i][1], damages[i][0]);
		if (strcmp(damages[i][1], "\"I64\"") != 0) /* there is another */
			assert_ok(load(&bytes));
		bytes_free(&bytes);
	}
}

static void the_checksum_leaves_alone_what_is_not_ours(void **state)
{
	(void)state;
	struct bytes bytes = example();
	put_in_place(&bytes, "\"other\"", "\"their\"");
	assert_ok(load(&bytes));
	bytes_free(&bytes);
}

static void a_file_cut_anywhere_is_refused(void **state)
{
	(void)state;
	struct bytes bytes = example();
	size_t whole = bytes.size;
	for (bytes.size = 0; bytes.size < whole; bytes.size++)
		assert_int_equal(load(&bytes), MLP_ERR_FORMAT);
	assert_ok(load(&bytes));
	/* shorter than its length was said to be */
	const mlp_allocator allocator = c_allocator();
	for (size_t size = 0; size < whole; size++) {
		struct mlp_tensor_reader *reader;
		struct mlp_source source = {bytes_read, &bytes, (int64_t)whole};
		bytes.size = size;
		bytes.position = 0;
		mlp_status status = mlp_tensor_reader_open(&source, &generous, &allocator, &reader);
		if (status == MLP_OK)
			status = mlp_tensor_reader_read(reader, NULL, NULL, NULL);
		mlp_tensor_reader_free(reader);
		assert_int_equal(status, MLP_ERR_FORMAT);
	}
	bytes_free(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_checksum_covers_every_byte_of_the_tensors),
		cmocka_unit_test(the_checksum_covers_what_the_header_says),
		cmocka_unit_test(the_checksum_leaves_alone_what_is_not_ours),
		cmocka_unit_test(a_file_cut_anywhere_is_refused),
	};
	return cmocka_run_group_tests_name("damaged safetensors", tests, NULL, NULL);
}
