/* The files' own layer: tensors and strings there and back, limits, failures. */
#include <jansson.h>

#include "support/heap.h"
#include "tensors.h"

/* ---- there and back ------------------------------------------------------------------------- */

struct room {
	float floats[6];
	double doubles[2];
	uint64_t longs[1];
	uint8_t octets[3];
};

static void *place(void *context, const struct mlp_tensor *tensor)
{
	struct room *room = context;
	return tensor->type == MLP_TENSOR_F32   ? (void *)room->floats
	       : tensor->type == MLP_TENSOR_F64 ? (void *)room->doubles
	       : tensor->type == MLP_TENSOR_U64 ? (void *)room->longs
						: NULL;
}

static mlp_status take(void *context, const struct mlp_tensor *tensor, int64_t first, int64_t count,
		       const void *elements)
{
	struct room *room = context;
	assert_string_equal(tensor->name, "octets");
	memcpy(room->octets + first, elements, (size_t)count);
	return MLP_OK;
}

static void what_was_written_is_read_back_bit_for_bit(void **state)
{
	(void)state;
	struct bytes bytes = example();
	for (size_t most = 0; most < 3; most++) { /* whole, or in short pieces */
		struct mlp_source source;
		struct mlp_tensor_reader *reader;
		struct room room;
		bytes.most = most;
		assert_ok(open_bytes(&bytes, &source, &generous, &reader));
		assert_int_equal(mlp_tensor_reader_count(reader), 5);
		const struct mlp_tensor *b = mlp_tensor_reader_find(reader, "b");
		assert_int_equal(b->rank, 2);
		assert_int_equal(b->shape[0], 2);
		assert_int_equal(b->shape[1], 3);
		assert_int_equal(mlp_tensor_reader_find(reader, "long")->rank, 0);
		assert_null(mlp_tensor_reader_find(reader, "c"));
		assert_string_equal(mlp_tensor_reader_text(reader, "mlp.key"),
				    "a \"value\" \xc3\xbc");
		assert_string_equal(mlp_tensor_reader_text(reader, "other"), "");
		assert_null(mlp_tensor_reader_text(reader, "none"));
		assert_ok(mlp_tensor_reader_read(reader, place, take, &room));
		assert_memory_equal(room.floats, floats, sizeof(floats));
		assert_memory_equal(room.doubles, doubles, sizeof(doubles));
		assert_memory_equal(room.longs, longs, sizeof(longs));
		assert_memory_equal(room.octets, octets, sizeof(octets));
		assert_int_equal(source.remaining, 0);
		mlp_tensor_reader_free(reader);
	}
	bytes_free(&bytes);
}

/* Readers that map files into memory want every element at a multiple of its size. */
static void every_tensor_is_aligned_in_the_file(void **state)
{
	(void)state;
	struct bytes bytes = example();
	struct mlp_source source;
	struct mlp_tensor_reader *reader;
	assert_ok(open_bytes(&bytes, &source, &generous, &reader));
	size_t data = bytes.size - (size_t)source.remaining;
	assert_int_equal(data % 64, 0);
	for (int64_t i = 0; i < mlp_tensor_reader_count(reader); i++) {
		const struct mlp_tensor *tensor = mlp_tensor_reader_at(reader, i);
		assert_int_equal(tensor->begin % mlp_tensor_type_size(tensor->type), 0);
	}
	mlp_tensor_reader_free(reader);
	bytes_free(&bytes);
}

static void a_writer_refuses_what_no_file_can_hold(void **state)
{
	(void)state;
	const mlp_allocator allocator = c_allocator();
	const int64_t one[] = {1}, vast[] = {INT64_MAX, 2}, large[] = {INT64_MAX / 2};
	struct mlp_tensor_writer *writer;
	assert_ok(mlp_tensor_writer_create(&allocator, &writer));
	assert_ok(mlp_tensor_writer_add(writer, "a", MLP_TENSOR_U8, 1, one, octets));
	assert_fails(MLP_ERR_VALUE, "'a' is taken",
		     mlp_tensor_writer_add(writer, "a", MLP_TENSOR_U8, 1, one, octets));
	assert_fails(MLP_ERR_VALUE, "'__metadata__' is taken",
		     mlp_tensor_writer_add(writer, "__metadata__", MLP_TENSOR_U8, 1, one, octets));
	assert_fails(MLP_ERR_VALUE, "is not UTF-8",
		     mlp_tensor_writer_add(writer, "\xff", MLP_TENSOR_U8, 1, one, octets));
	assert_fails(MLP_ERR_VALUE, "is not UTF-8", mlp_tensor_writer_text(writer, "a", "\xc3"));
	assert_fails(MLP_ERR_VALUE, "is not UTF-8", mlp_tensor_writer_text(writer, "\xc3", "a"));
	assert_fails(MLP_ERR_SIZE, "has 9 dimensions",
		     mlp_tensor_writer_add(writer, "b", MLP_TENSOR_U8, 9, one, octets));
	assert_fails(MLP_ERR_OVERFLOW, "too large",
		     mlp_tensor_writer_add(writer, "b", MLP_TENSOR_U8, 2, vast, octets));
	assert_fails(MLP_ERR_OVERFLOW, "too large",
		     mlp_tensor_writer_add(writer, "b", MLP_TENSOR_F64, 1, large, octets));
	mlp_tensor_writer_free(writer);
	mlp_tensor_writer_free(NULL);
	mlp_tensor_reader_free(NULL);
}

static void elements_are_turned_around_where_bytes_stand_the_other_way(void **state)
{
	(void)state;
	uint32_t words[2] = {0x01020304, 0xa0b0c0d0};
	uint64_t twice[1] = {0x0102030405060708};
	mlp_swap_to_file_order(words, 2, 4);
	mlp_swap_to_file_order(twice, 1, 8);
	assert_int_equal(words[0], 0x04030201);
	assert_int_equal(words[1], 0xd0c0b0a0);
	assert_true(twice[0] == 0x0807060504030201);
}

/* ---- limits ------------------------------------------------------------------------------------- */

static void limits_hold(void **state)
{
	(void)state;
	struct bytes bytes = example();
	struct mlp_source source;
	struct mlp_tensor_reader *reader;
	assert_fails(MLP_ERR_LIMIT, "the limit is 100",
		     open_bytes(&bytes, &source, &(struct mlp_tensor_limits){100, 1000}, &reader));
	assert_fails(MLP_ERR_LIMIT, "5 tensors, the limit is 4",
		     open_bytes(&bytes, &source, &(struct mlp_tensor_limits){10000, 4}, &reader));
	assert_ok(open_bytes(&bytes, &source, &(struct mlp_tensor_limits){10000, 5}, &reader));
	mlp_tensor_reader_free(reader);
	bytes_free(&bytes);
	char values[5000]; /* [0,0,0,...]: each would cost memory of its own */
	memcpy(values, "{\"a\":[0", 7);
	for (size_t i = 7; i < sizeof(values) - 3; i += 2)
		memcpy(values + i, ",0", 2);
	memcpy(values + sizeof(values) - 3, "]}", 3);
	bytes = bytes_of_header(values, 0);
	assert_fails(MLP_ERR_LIMIT, "more than 1040 values",
		     open_bytes(&bytes, &source, &(struct mlp_tensor_limits){10000, 1}, &reader));
	bytes_free(&bytes);
}

/* ---- failures ------------------------------------------------------------------------------- */

static int64_t jansson_calls, jansson_refuses_at;
static bool jansson_refuses_all;

static void *jansson_allocate(size_t size)
{
	return jansson_refuses_all || ++jansson_calls == jansson_refuses_at ? NULL : malloc(size);
}

static mlp_status write_and_read(const mlp_allocator *allocator, struct bytes *bytes)
{
	struct mlp_tensor_writer *writer = NULL;
	struct mlp_tensor_reader *reader = NULL;
	struct mlp_source source;
	mlp_status status = mlp_tensor_writer_create(allocator, &writer);
	if (status == MLP_OK)
		status = fill(writer);
	if (status == MLP_OK)
		status = mlp_tensor_writer_write(writer, bytes_write, bytes);
	mlp_tensor_writer_free(writer);
	if (status == MLP_OK) {
		source = (struct mlp_source){bytes_read, bytes, (int64_t)bytes->size};
		status = mlp_tensor_reader_open(&source, &generous, allocator, &reader);
	}
	if (status == MLP_OK)
		status = mlp_tensor_reader_read(reader, NULL, NULL, NULL);
	mlp_tensor_reader_free(reader);
	return status;
}

static void any_allocation_may_fail(void **state)
{
	(void)state;
	mlp_status status = MLP_ERR_MEMORY;
	for (int64_t n = 1; status != MLP_OK; n++) {
		struct heap heap = {.refuses_at = n};
		const mlp_allocator allocator = heap_allocator(&heap);
		struct bytes bytes = {0};
		status = write_and_read(&allocator, &bytes);
		assert_int_equal(status, heap.refused ? MLP_ERR_MEMORY : MLP_OK);
		assert_int_equal(heap.blocks, 0);
		bytes_free(&bytes);
	}
}

static mlp_status write_only(const mlp_allocator *allocator, struct bytes *bytes)
{
	struct mlp_tensor_writer *writer = NULL;
	mlp_status status = mlp_tensor_writer_create(allocator, &writer);
	if (status == MLP_OK)
		status = fill(writer);
	if (status == MLP_OK)
		status = mlp_tensor_writer_write(writer, bytes_write, bytes);
	mlp_tensor_writer_free(writer);
	return status;
}

/* Not each in turn while a header is parsed: jansson does not survive that. */
static void the_memory_of_jansson_may_run_out(void **state)
{
	(void)state;
	const mlp_allocator allocator = c_allocator();
	struct bytes file = example();
	json_set_alloc_funcs(jansson_allocate, free);
	mlp_status status = MLP_ERR_MEMORY;
	for (jansson_refuses_at = 1; status != MLP_OK; jansson_refuses_at++) {
		struct bytes bytes = {0};
		jansson_calls = 0;
		status = write_only(&allocator, &bytes);
		assert_int_equal(status,
				 jansson_calls >= jansson_refuses_at ? MLP_ERR_MEMORY : MLP_OK);
		bytes_free(&bytes);
	}
	assert_true(jansson_refuses_at > 50);
	jansson_refuses_at = 0;
	jansson_refuses_all = true;
	struct mlp_source source;
	struct mlp_tensor_reader *reader;
	assert_fails(MLP_ERR_MEMORY, "out of memory for the file's header",
		     open_bytes(&file, &source, &generous, &reader));
	jansson_refuses_all = false;
	bytes_free(&file);
	json_set_alloc_funcs(malloc, free);
}

static void any_call_of_the_callbacks_may_fail(void **state)
{
	(void)state;
	const mlp_allocator allocator = c_allocator();
	mlp_status status = MLP_ERR_CALLBACK;
	int64_t n = 1;
	for (; status != MLP_OK; n++) {
		struct bytes bytes = {.fails_at = n};
		status = write_and_read(&allocator, &bytes);
		if (status != MLP_OK)
			assert_int_equal(status, MLP_ERR_CALLBACK);
		bytes_free(&bytes);
	}
	assert_true(n > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read_back_bit_for_bit),
		cmocka_unit_test(every_tensor_is_aligned_in_the_file),
		cmocka_unit_test(a_writer_refuses_what_no_file_can_hold),
		cmocka_unit_test(elements_are_turned_around_where_bytes_stand_the_other_way),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(any_allocation_may_fail),
		cmocka_unit_test(the_memory_of_jansson_may_run_out),
		cmocka_unit_test(any_call_of_the_callbacks_may_fail),
	};
	return cmocka_run_group_tests_name("safetensors", tests, NULL, NULL);
}
