/* Reading a whole file, or whatever a function of the caller's gives. */
#include "file/input.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cancellation.h"
#include "base/status.h"
#include "file/safetensors_header.h"

static mlp_status check_size(int64_t size, int64_t most_bytes)
{
	if (size > most_bytes)
		return mlp_fail(MLP_ERR_LIMIT, "the file has % bytes, the limit is %", size,
				most_bytes);
	return MLP_OK;
}

/* ---- memory --------------------------------------------------------------------------------- */

static int64_t read_memory(void *context, void *data, size_t size)
{
	struct mlp_input *input = context;
	memcpy(data, input->memory, size); /* a source asks for what remains at most */
	input->memory += size;
	return (int64_t)size;
}

mlp_status mlp_input_memory(struct mlp_input *input, const void *data, size_t size,
			    int64_t most_bytes)
{
	*input = (struct mlp_input){.file.descriptor = -1,
				    .host_errno = errno,
				    .cancellation = mlp_cancellation_hold()};
	if (size > PTRDIFF_MAX)
		return mlp_fail(MLP_ERR_OVERFLOW, "the file exceeds the address space");
	input->memory = data;
	input->source = (struct mlp_source){read_memory, input, (int64_t)size};
	return check_size((int64_t)size, most_bytes);
}

/* ---- what has no known length --------------------------------------------------------------- */

static mlp_status grow(struct mlp_bytes *bytes, const mlp_allocator *allocator)
{
	enum { FIRST = 1 << 16 };
	void *memory;
	if (bytes->capacity > PTRDIFF_MAX / 2)
		return mlp_fail(MLP_ERR_OVERFLOW, "the file exceeds the address space");
	size_t capacity = bytes->capacity == 0 ? (size_t)FIRST : 2 * bytes->capacity;
	mlp_status status = mlp_allocate(allocator, capacity, &memory);
	if (status != MLP_OK)
		return status;
	if (bytes->size > 0)
		memcpy(memory, bytes->data, bytes->size);
	mlp_deallocate(allocator, bytes->data, bytes->capacity);
	bytes->data = memory;
	bytes->capacity = capacity;
	return MLP_OK;
}

/* Whether the length of the header, in the first bytes, is one that no file has: then the rest, which may have no
 * end, is not waited for. */
static bool is_hopeless(const struct mlp_bytes *bytes, int64_t most_bytes)
{
	uint64_t length;
	return bytes->size >= MLP_HEADER_LENGTH_SIZE &&
	       !mlp_tensor_header_length((const unsigned char *)bytes->data, most_bytes, &length);
}

/* Only bytes that have arrived cost memory, so a length that a header claims costs none. */
static mlp_status collect(struct mlp_input *input, mlp_read_function read, void *context,
			  int64_t most_bytes)
{
	struct mlp_bytes *bytes = &input->collected;
	for (;;) {
		mlp_status status =
			bytes->size < bytes->capacity ? MLP_OK : grow(bytes, &input->allocator);
		if (status != MLP_OK)
			return status;
		size_t room = bytes->capacity - bytes->size;
		int64_t n = read(context, bytes->data + bytes->size, room);
		if (n < 0 || n > (int64_t)room)
			return mlp_fail(MLP_ERR_CALLBACK,
					"the read function returned %, asked for % bytes", n,
					(int64_t)room);
		if (n == 0)
			break;
		bytes->size += (size_t)n;
		if (is_hopeless(bytes, most_bytes))
			break;
		if ((int64_t)bytes->size > most_bytes)
			return mlp_fail(MLP_ERR_LIMIT,
					"the file has % bytes or more, the limit is %",
					(int64_t)bytes->size, most_bytes);
	}
	input->memory = bytes->data;
	input->source = (struct mlp_source){read_memory, input, (int64_t)bytes->size};
	return MLP_OK;
}

mlp_status mlp_input_collect(struct mlp_input *input, mlp_read_function read, void *context,
			     int64_t most_bytes, const mlp_allocator *allocator)
{
	*input = (struct mlp_input){.allocator = *allocator,
				    .file.descriptor = -1,
				    .host_errno = errno,
				    .cancellation = mlp_cancellation_hold()};
	return collect(input, read, context, most_bytes);
}

/* ---- files ---------------------------------------------------------------------------------- */

mlp_status mlp_input_open(struct mlp_input *input, const char *path, int64_t most_bytes,
			  const mlp_allocator *allocator)
{
	*input = (struct mlp_input){.allocator = *allocator,
				    .host_errno = errno,
				    .cancellation = mlp_cancellation_hold()};
	struct mlp_disk_file *file = &input->file;
	mlp_status status = mlp_disk_file_open(file, path);
	if (status != MLP_OK)
		return status;
	if (file->size < 0)
		return collect(input, mlp_disk_file_read, file, most_bytes);
	input->source = (struct mlp_source){mlp_disk_file_read, file, file->size};
	return check_size(file->size, most_bytes);
}

mlp_status mlp_input_close(struct mlp_input *input, mlp_status status)
{
	mlp_deallocate(&input->allocator, input->collected.data, input->collected.capacity);
	status = mlp_disk_file_close(&input->file, status);
	errno = input->host_errno;
	mlp_cancellation_release(input->cancellation);
	return status;
}
