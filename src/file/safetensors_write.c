/* Writing safetensors files: the header's length, the header, the tensors' bytes. */
#include "file/safetensors.h"

#include <jansson.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cancellation.h"
#include "base/checked.h"
#include "base/status.h"
#include "file/checksum.h"

enum {
	LENGTH_SIZE = 8,        /* bytes of the header's length */
	ALIGNMENT = 64,         /* of the first tensor in the file */
	MOST_HEADER = 100000000 /* bytes; other readers take no more */
};

struct mlp_tensor_writer {
	mlp_allocator allocator;
	json_t *metadata;
	json_t *names; /* an object with the name of each tensor; its keys are where they are kept */
	struct mlp_tensor *tensors;
	size_t count, capacity;
};

mlp_status mlp_tensor_writer_create(const mlp_allocator *allocator,
				    struct mlp_tensor_writer **writer)
{
	void *memory;
	*writer = NULL;
	mlp_status status = mlp_allocate(allocator, sizeof(**writer), &memory);
	if (status != MLP_OK)
		return status;
	*writer = memory;
	**writer = (struct mlp_tensor_writer){
		.allocator = *allocator, .metadata = json_object(), .names = json_object()};
	if ((*writer)->metadata != NULL && (*writer)->names != NULL)
		return MLP_OK;
	mlp_tensor_writer_free(*writer);
	*writer = NULL;
	return mlp_fail(MLP_ERR_MEMORY, "out of memory for a file's header");
}

void mlp_tensor_writer_free(struct mlp_tensor_writer *writer)
{
	if (writer == NULL)
		return;
	mlp_allocator allocator = writer->allocator;
	json_decref(writer->metadata);
	json_decref(writer->names);
	mlp_deallocate(&allocator, writer->tensors, writer->capacity * sizeof(struct mlp_tensor));
	mlp_deallocate(&allocator, writer, sizeof(*writer));
}

/* A string of JSON, which is UTF-8. */
static mlp_status make_string(const char *text, json_t **string)
{
	*string = json_string(text);
	if (*string != NULL)
		return MLP_OK;
	/* it does not say why: was there no memory, or is the text at fault? */
	json_t *unchecked = json_string_nocheck(text), *again = json_string(text);
	bool no_memory = unchecked == NULL || again != NULL;
	json_decref(unchecked);
	json_decref(again);
	if (no_memory)
		return mlp_fail(MLP_ERR_MEMORY, "out of memory for a file's header");
	return mlp_fail_tensor(MLP_ERR_VALUE, text, " is not UTF-8");
}

/* object[key] = value, whose reference is taken. */
static mlp_status put(json_t *object, const char *key, json_t *value)
{
	if (value != NULL && json_object_set_new(object, key, value) == 0)
		return MLP_OK;
	return mlp_fail(MLP_ERR_MEMORY, "out of memory for a file's header");
}

mlp_status mlp_tensor_writer_text(struct mlp_tensor_writer *writer, const char *key,
				  const char *value)
{
	json_t *name, *string;
	mlp_status status = make_string(key, &name); /* looks whether it is UTF-8 */
	if (status != MLP_OK)
		return status;
	json_decref(name);
	status = make_string(value, &string);
	return status == MLP_OK ? put(writer->metadata, key, string) : status;
}

static mlp_status grow(struct mlp_tensor_writer *writer)
{
	size_t capacity = writer->capacity == 0 ? 16 : 2 * writer->capacity;
	void *memory;
	mlp_status status =
		mlp_allocate(&writer->allocator, capacity * sizeof(struct mlp_tensor), &memory);
	if (status != MLP_OK)
		return status;
	if (writer->count > 0)
		memcpy(memory, writer->tensors, writer->count * sizeof(struct mlp_tensor));
	mlp_deallocate(&writer->allocator, writer->tensors,
		       writer->capacity * sizeof(struct mlp_tensor));
	writer->tensors = memory;
	writer->capacity = capacity;
	return MLP_OK;
}

/* The name, kept: a key of an object stays where it is while the object has it. */
static mlp_status keep_name(struct mlp_tensor_writer *writer, const char *name, const char **kept)
{
	json_t *string;
	mlp_status status = make_string(name, &string);
	if (status != MLP_OK)
		return status;
	if (json_object_get(writer->names, name) != NULL || strcmp(name, "__metadata__") == 0) {
		json_decref(string);
		return mlp_fail_tensor(MLP_ERR_VALUE, name, " is taken as a tensor's name");
	}
	*kept = json_string_value(string);
	return put(writer->names, name, string);
}

mlp_status mlp_tensor_writer_add(struct mlp_tensor_writer *writer, const char *name,
				 mlp_tensor_type type, int64_t rank, const int64_t *shape,
				 const void *data)
{
	struct mlp_tensor tensor = {.type = type, .rank = rank, .count = 1, .data = data};
	if (rank < 0 || rank > MLP_TENSOR_MOST_RANK)
		return mlp_fail_tensor(MLP_ERR_SIZE, name, " has % dimensions", rank);
	for (int64_t i = 0; i < rank; i++) {
		tensor.shape[i] = shape[i];
		if (!mlp_checked_multiply(tensor.count, shape[i], INT64_MAX, &tensor.count))
			return mlp_fail_tensor(MLP_ERR_OVERFLOW, name, " is too large");
	}
	if (!mlp_checked_multiply(tensor.count, mlp_tensor_type_size(type), PTRDIFF_MAX,
				  &tensor.bytes))
		return mlp_fail_tensor(MLP_ERR_OVERFLOW, name, " is too large");
	mlp_status status = writer->count < writer->capacity ? MLP_OK : grow(writer);
	if (status == MLP_OK)
		status = keep_name(writer, name, &tensor.name);
	if (status == MLP_OK)
		writer->tensors[writer->count++] = tensor;
	return status;
}

/* The order in which Python's safetensors would write them, large elements first: so each is aligned, and
 * a file that was read and saved there keeps its checksum. */
static bool comes_before(const struct mlp_tensor *a, const struct mlp_tensor *b)
{
	return a->type != b->type ? a->type > b->type : strcmp(a->name, b->name) < 0;
}

/* "__metadata__" first, then the tensors, with their places among the data. */
static mlp_status describe(const struct mlp_tensor_writer *writer, json_t *header)
{
	mlp_status status = put(header, "__metadata__", json_incref(writer->metadata));
	int64_t begin = 0;
	for (size_t i = 0; i < writer->count && status == MLP_OK; i++) {
		const struct mlp_tensor *tensor = &writer->tensors[i];
		if (tensor->bytes > PTRDIFF_MAX - begin)
			return mlp_fail_tensor(MLP_ERR_OVERFLOW, tensor->name, " is too large");
		json_t *entry = json_object(), *shape = json_array(), *offsets = json_array();
		bool complete = entry != NULL && shape != NULL && offsets != NULL;
		for (int64_t d = 0; d < tensor->rank && complete; d++)
			complete =
				json_array_append_new(shape, json_integer(tensor->shape[d])) == 0;
		complete = complete && json_array_append_new(offsets, json_integer(begin)) == 0;
		begin += tensor->bytes;
		complete = complete && json_array_append_new(offsets, json_integer(begin)) == 0;
		/* an object takes what it is given even if it fails, NULL is a failure */
		complete =
			json_object_set_new(entry, "dtype",
					    json_string(mlp_tensor_type_name(tensor->type))) == 0 &&
			complete;
		complete = json_object_set_new(entry, "shape", shape) == 0 && complete;
		complete = json_object_set_new(entry, "data_offsets", offsets) == 0 && complete;
		if (!complete) {
			json_decref(entry);
			entry = NULL;
		}
		status = put(header, tensor->name, entry);
	}
	return status;
}

/* The header as text, padded with spaces so that the data behind it begins at a multiple of ALIGNMENT. */
static mlp_status print(const json_t *header, const mlp_allocator *allocator, char **text,
			size_t *size)
{
	void *memory;
	size_t length = json_dumpb(header, NULL, 0, JSON_COMPACT);
	if (length == 0)
		return mlp_fail(MLP_ERR_MEMORY, "out of memory for a file's header");
	*size = (length + LENGTH_SIZE + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - LENGTH_SIZE;
	if (*size > MOST_HEADER)
		return mlp_fail(MLP_ERR_SIZE, "the file's header has % bytes, may have % at most",
				(int64_t)*size, MOST_HEADER);
	mlp_status status = mlp_allocate(allocator, *size, &memory);
	if (status != MLP_OK)
		return status;
	*text = memory;
	if (json_dumpb(header, *text, *size, JSON_COMPACT) != length) {
		mlp_deallocate(allocator, memory, *size);
		*text = NULL;
		return mlp_fail(MLP_ERR_MEMORY, "out of memory for a file's header");
	}
	memset(*text + length, ' ', *size - length);
	return MLP_OK;
}

/* Where elements go: the checksum is one such place, the caller's file another. */
typedef int (*byte_sink)(void *context, const void *data, size_t size);

static int add_to_checksum(void *context, const void *data, size_t size)
{
	uint32_t *crc = context;
	*crc = mlp_checksum(*crc, data, size);
	return 0;
}

/* Elements in the file's byte order, piece by piece if they must be turned around. */
static int give_elements(const struct mlp_tensor *tensor, byte_sink sink, void *context)
{
	if (mlp_is_file_order())
		return tensor->bytes > 0 ? sink(context, tensor->data, (size_t)tensor->bytes) : 0;
	char piece[4096]; /* a multiple of every element's size */
	const int64_t size = mlp_tensor_type_size(tensor->type);
	int failed = 0;
	for (int64_t done = 0; done < tensor->bytes && failed == 0;) {
		int64_t left = tensor->bytes - done;
		int64_t bytes = left < (int64_t)sizeof(piece) ? left : (int64_t)sizeof(piece);
		memcpy(piece, (const char *)tensor->data + done, (size_t)bytes);
		mlp_swap_to_file_order(piece, bytes / size, size);
		failed = sink(context, piece, (size_t)bytes);
		done += bytes;
	}
	return failed;
}

/* The header has the metadata, and so what is set there. */
static mlp_status set_checksum(struct mlp_tensor_writer *writer, json_t *header)
{
	uint32_t crc = 0;
	char digits[MLP_CHECKSUM_DIGITS + 1];
	for (size_t i = 0; i < writer->count; i++)
		give_elements(&writer->tensors[i], add_to_checksum, &crc);
	if (!mlp_checksum_header(header, MLP_METADATA, MLP_METADATA_CRC, &crc))
		return mlp_fail(MLP_ERR_MEMORY, "out of memory for a file's checksum");
	mlp_checksum_print(crc, digits);
	return mlp_tensor_writer_text(writer, MLP_METADATA_CRC, digits);
}

static mlp_status write_all(struct mlp_tensor_writer *writer, const char *text, size_t size,
			    mlp_write_function write, void *context)
{
	unsigned char length[LENGTH_SIZE];
	for (int i = 0; i < LENGTH_SIZE; i++)
		length[i] = (unsigned char)((uint64_t)size >> (8 * i) & 0xff);
	int failed = write(context, length, sizeof(length));
	if (failed == 0)
		failed = write(context, text, size);
	for (size_t i = 0; i < writer->count && failed == 0; i++)
		failed = give_elements(&writer->tensors[i], write, context);
	return failed == 0 ? MLP_OK
			   : mlp_fail(MLP_ERR_CALLBACK, "the write function returned %", failed);
}

mlp_status mlp_tensor_writer_write(struct mlp_tensor_writer *writer, mlp_write_function write,
				   void *context)
{
	char *text = NULL;
	size_t size = 0;
	mlp_sort_tensors(writer->tensors, writer->count, comes_before);
	json_t *header = json_object();
	mlp_status status = header != NULL
				    ? describe(writer, header)
				    : mlp_fail(MLP_ERR_MEMORY, "out of memory for a file's header");
	if (status == MLP_OK)
		status = set_checksum(writer, header);
	if (status == MLP_OK)
		status = print(header, &writer->allocator, &text, &size);
	json_decref(header);
	int cancellation = mlp_cancellation_hold();
	if (status == MLP_OK)
		status = write_all(writer, text, size, write, context);
	mlp_cancellation_release(cancellation);
	mlp_deallocate(&writer->allocator, text, size);
	return status;
}
