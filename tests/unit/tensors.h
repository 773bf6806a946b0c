/* A file of tensors for tests of the files' own layer. */
#ifndef MLP_TESTS_UNIT_TENSORS_H
#define MLP_TESTS_UNIT_TENSORS_H

#include "base/alloc.h"
#include "file/safetensors.h"
#include "support/bytes.h"
#include "support/test.h"

static const struct mlp_tensor_limits generous = {1 << 20, 1000};

static inline mlp_allocator c_allocator(void)
{
	mlp_allocator allocator;
	mlp_allocator_copy(NULL, &allocator);
	return allocator;
}

static inline mlp_status open_bytes(struct bytes *bytes, struct mlp_source *source,
				    const struct mlp_tensor_limits *limits,
				    struct mlp_tensor_reader **reader)
{
	const mlp_allocator allocator = c_allocator();
	bytes->position = 0;
	*source = (struct mlp_source){bytes_read, bytes, (int64_t)bytes->size};
	return mlp_tensor_reader_open(source, limits, &allocator, reader);
}

static const float floats[6] = {1, -2, 3.5F, -0.0F, 1e-45F, 6};
static const double doubles[2] = {1e-310, 0.1};
static const uint64_t longs[1] = {UINT64_MAX};
static const uint8_t octets[3] = {1, 2, 255};

static inline mlp_status fill(struct mlp_tensor_writer *writer)
{
	mlp_status status =
		mlp_tensor_writer_add(writer, "b", MLP_TENSOR_F32, 2, (int64_t[]){2, 3}, floats);
	if (status == MLP_OK)
		status = mlp_tensor_writer_add(writer, "octets", MLP_TENSOR_U8, 1, (int64_t[]){3},
					       octets);
	if (status == MLP_OK)
		status = mlp_tensor_writer_add(writer, "a", MLP_TENSOR_F64, 1, (int64_t[]){2},
					       doubles);
	if (status == MLP_OK)
		status = mlp_tensor_writer_add(writer, "long", MLP_TENSOR_U64, 0, NULL, longs);
	if (status == MLP_OK)
		status = mlp_tensor_writer_add(writer, "empty", MLP_TENSOR_I64, 2,
					       (int64_t[]){0, 5}, NULL);
	if (status == MLP_OK)
		status = mlp_tensor_writer_text(writer, "mlp.key", "a \"value\" \xc3\xbc");
	if (status == MLP_OK)
		status = mlp_tensor_writer_text(writer, "other", "");
	return status;
}

static inline struct bytes example(void)
{
	const mlp_allocator allocator = c_allocator();
	struct bytes bytes = {0};
	struct mlp_tensor_writer *writer;
	assert_ok(mlp_tensor_writer_create(&allocator, &writer));
	assert_ok(fill(writer));
	assert_ok(mlp_tensor_writer_write(writer, bytes_write, &bytes));
	mlp_tensor_writer_free(writer);
	return bytes;
}

#endif
