/* Reading safetensors files, which may be anything: every length is checked against what is there, and
 * against the limits, before memory is allocated for it. */
#include "file/safetensors.h"

#include <jansson.h>
#include <string.h>

#include "base/alloc.h"
#include "base/checked.h"
#include "base/status.h"
#include "file/checksum.h"
#include "file/safetensors_header.h"

enum {
	PIECE = 4096,         /* bytes converted at a time */
	LARGE_PIECE = 1 << 18 /* bytes read at a time; still in the cache when they are checked */
};

struct mlp_tensor_reader {
	mlp_allocator allocator;
	struct mlp_source *source;
	json_t *header;
	json_t *metadata; /* part of it; NULL: none */
	struct mlp_tensor *tensors;
	size_t count;
};

/* ---- what the header says ------------------------------------------------------------------- */

static mlp_status check_metadata(struct mlp_tensor_reader *reader)
{
	const char *key;
	json_t *value;
	reader->metadata = json_object_get(reader->header, "__metadata__");
	if (reader->metadata == NULL)
		return MLP_OK;
	if (!json_is_object(reader->metadata))
		return mlp_fail(MLP_ERR_FORMAT, "the file's metadata are no JSON object");
	json_object_foreach(reader->metadata, key, value)
		if (!json_is_string(value))
			return mlp_fail_tensor(MLP_ERR_FORMAT, key,
					       " in the file's metadata is no string");
	return MLP_OK;
}

/* A number >= 0; false if it is none. */
static bool get_size(const json_t *value, int64_t *size)
{
	*size = json_integer_value(value);
	return json_is_integer(value) && *size >= 0;
}

static mlp_status read_shape(const char *name, const json_t *shape, struct mlp_tensor *tensor)
{
	if (!json_is_array(shape))
		return mlp_fail_tensor(MLP_ERR_FORMAT, name, " has no shape");
	size_t rank = json_array_size(shape);
	if (rank > MLP_TENSOR_MOST_RANK)
		return mlp_fail_tensor(MLP_ERR_FORMAT, name, " has % dimensions, more than %",
				       (int64_t)rank, MLP_TENSOR_MOST_RANK);
	tensor->rank = (int64_t)rank;
	tensor->count = 1;
	for (size_t i = 0; i < rank; i++) {
		if (!get_size(json_array_get(shape, i), &tensor->shape[i]))
			return mlp_fail_tensor(MLP_ERR_FORMAT, name,
					       ": dimension % of the shape is no size", (int64_t)i);
		if (!mlp_checked_multiply(tensor->count, tensor->shape[i], INT64_MAX,
					  &tensor->count))
			return mlp_fail_tensor(MLP_ERR_FORMAT, name, " has too many elements");
	}
	return MLP_OK;
}

/* Type, shape and bytes of one tensor, which must fit each other. */
static mlp_status read_tensor(const char *name, const json_t *entry, struct mlp_tensor *tensor)
{
	*tensor = (struct mlp_tensor){.name = name};
	if (!json_is_object(entry))
		return mlp_fail_tensor(MLP_ERR_FORMAT, name, " is no description of a tensor");
	const char *type = json_string_value(json_object_get(entry, "dtype"));
	if (type != NULL)
		tensor->type = mlp_tensor_type_from_name(type);
	if (tensor->type == 0)
		return mlp_fail_tensor(MLP_ERR_FORMAT, name, " has no known element type");
	mlp_status status = read_shape(name, json_object_get(entry, "shape"), tensor);
	if (status != MLP_OK)
		return status;
	const json_t *offsets = json_object_get(entry, "data_offsets");
	int64_t end, size = mlp_tensor_type_size(tensor->type);
	if (json_array_size(offsets) != 2 ||
	    !get_size(json_array_get(offsets, 0), &tensor->begin) ||
	    !get_size(json_array_get(offsets, 1), &end) || end < tensor->begin)
		return mlp_fail_tensor(MLP_ERR_FORMAT, name, " has no data_offsets [begin, end]");
	tensor->bytes = end - tensor->begin;
	int64_t expected;
	if (!mlp_checked_multiply(tensor->count, size, INT64_MAX, &expected) ||
	    expected != tensor->bytes)
		return mlp_fail_tensor(MLP_ERR_FORMAT, name,
				       ": % elements of % bytes, but % bytes of data",
				       tensor->count, size, tensor->bytes);
	return MLP_OK;
}

static bool begins_before(const struct mlp_tensor *a, const struct mlp_tensor *b)
{
	if (a->begin != b->begin)
		return a->begin < b->begin;
	return a->bytes != b->bytes ? a->bytes < b->bytes : strcmp(a->name, b->name) < 0;
}

/* Sorted by place, one begins where the one before ends, and the last ends with the file. */
static mlp_status check_places(struct mlp_tensor_reader *reader)
{
	int64_t end = 0, data = reader->source->remaining;
	mlp_sort_tensors(reader->tensors, reader->count, begins_before);
	for (size_t i = 0; i < reader->count; i++) {
		const struct mlp_tensor *tensor = &reader->tensors[i];
		if (tensor->begin != end)
			return mlp_fail_tensor(MLP_ERR_FORMAT, tensor->name,
					       " begins at byte %, the data before it end at %",
					       tensor->begin, end);
		if (tensor->bytes > data - end)
			return mlp_fail_tensor(MLP_ERR_FORMAT, tensor->name,
					       " needs % bytes of data, % remain", tensor->bytes,
					       data - end);
		end += tensor->bytes;
		reader->tensors[i].index = (int64_t)i;
	}
	if (end != data)
		return mlp_fail(MLP_ERR_FORMAT, "% bytes of the file belong to no tensor",
				data - end);
	return MLP_OK;
}

static mlp_status read_tensors(struct mlp_tensor_reader *reader,
			       const struct mlp_tensor_limits *limits)
{
	const char *name;
	json_t *entry;
	mlp_status status = check_metadata(reader);
	size_t count = json_object_size(reader->header) - (reader->metadata != NULL);
	if (status == MLP_OK && (int64_t)count > limits->tensors)
		status = mlp_fail(MLP_ERR_LIMIT, "the file has % tensors, the limit is %",
				  (int64_t)count, limits->tensors);
	if (status != MLP_OK)
		return status;
	if (count > 0) {
		void *memory;
		status = mlp_allocate(&reader->allocator, count * sizeof(struct mlp_tensor),
				      &memory);
		if (status != MLP_OK)
			return status;
		reader->tensors = memory;
		reader->count = count;
	}
	size_t i = 0;
	json_object_foreach(reader->header, name, entry) {
		if (entry == reader->metadata)
			continue;
		status = read_tensor(name, entry, &reader->tensors[i++]);
		if (status != MLP_OK)
			return status;
	}
	return check_places(reader);
}

mlp_status mlp_tensor_reader_open(struct mlp_source *source, const struct mlp_tensor_limits *limits,
				  const mlp_allocator *allocator, struct mlp_tensor_reader **reader)
{
	void *memory;
	*reader = NULL;
	mlp_status status = mlp_allocate(allocator, sizeof(**reader), &memory);
	if (status != MLP_OK)
		return status;
	struct mlp_tensor_reader *made = memory;
	*made = (struct mlp_tensor_reader){.allocator = *allocator, .source = source};
	status = mlp_tensor_header_read(source, limits, allocator, &made->header);
	if (status == MLP_OK)
		status = read_tensors(made, limits);
	if (status == MLP_OK)
		*reader = made;
	else
		mlp_tensor_reader_free(made);
	return status;
}

void mlp_tensor_reader_free(struct mlp_tensor_reader *reader)
{
	if (reader == NULL)
		return;
	mlp_allocator allocator = reader->allocator;
	json_decref(reader->header);
	mlp_deallocate(&allocator, reader->tensors, reader->count * sizeof(struct mlp_tensor));
	mlp_deallocate(&allocator, reader, sizeof(*reader));
}

int64_t mlp_tensor_reader_count(const struct mlp_tensor_reader *reader)
{
	return (int64_t)reader->count;
}

const struct mlp_tensor *mlp_tensor_reader_at(const struct mlp_tensor_reader *reader, int64_t i)
{
	return &reader->tensors[i];
}

const struct mlp_tensor *mlp_tensor_reader_find(const struct mlp_tensor_reader *reader,
						const char *name)
{
	for (size_t i = 0; i < reader->count; i++)
		if (strcmp(reader->tensors[i].name, name) == 0)
			return &reader->tensors[i];
	return NULL;
}

const char *mlp_tensor_reader_text(const struct mlp_tensor_reader *reader, const char *key)
{
	return json_string_value(json_object_get(reader->metadata, key));
}

mlp_status mlp_tensor_reader_texts(const struct mlp_tensor_reader *reader, const char *prefix,
				   mlp_tensor_text take, void *context)
{
	const char *key = NULL;
	json_t *value = NULL;
	const size_t length = strlen(prefix);
	json_object_foreach(reader->metadata, key, value) {
		if (strncmp(key, prefix, length) != 0)
			continue;
		mlp_status status = take(context, key + length, json_string_value(value));
		if (status != MLP_OK)
			return status;
	}
	return MLP_OK;
}

bool mlp_tensor_reader_is_ours(const struct mlp_tensor_reader *reader)
{
	const char *key;
	json_t *value;
	json_object_foreach(reader->metadata, key, value)
		if (strncmp(key, MLP_METADATA, strlen(MLP_METADATA)) == 0)
			return true;
	return false;
}

/* ---- the data ------------------------------------------------------------------------------- */

/* A tensor's bytes, at once to their place or in pieces to the sink. */
static mlp_status read_elements(struct mlp_tensor_reader *reader, const struct mlp_tensor *tensor,
				void *place, mlp_tensor_sink sink, void *context, uint32_t *crc)
{
	_Alignas(8) char piece[PIECE];
	const int64_t size = mlp_tensor_type_size(tensor->type);
	const int64_t most = place != NULL ? LARGE_PIECE : PIECE;
	for (int64_t done = 0; done < tensor->bytes;) {
		int64_t bytes = tensor->bytes - done;
		if (bytes > most)
			bytes = most;
		char *to = place != NULL ? (char *)place + done : piece;
		mlp_status status = mlp_source_take(reader->source, to, bytes);
		if (status != MLP_OK)
			return status;
		*crc = mlp_checksum(*crc, to, (size_t)bytes);
		if (!mlp_is_file_order())
			mlp_swap_to_file_order(to, bytes / size, size);
		if (place == NULL && sink != NULL)
			status = sink(context, tensor, done / size, bytes / size, to);
		if (status != MLP_OK)
			return status;
		done += bytes;
	}
	return MLP_OK;
}

static mlp_status verify(const struct mlp_tensor_reader *reader, uint32_t crc)
{
	const char *stored = mlp_tensor_reader_text(reader, MLP_METADATA_CRC);
	char digits[MLP_CHECKSUM_DIGITS + 1];
	if (stored == NULL)
		return MLP_OK;
	if (!mlp_checksum_header(reader->header, MLP_METADATA, MLP_METADATA_CRC, &crc))
		return mlp_fail(MLP_ERR_MEMORY, "out of memory for the file's checksum");
	mlp_checksum_print(crc, digits);
	if (strcmp(stored, digits) != 0)
		return mlp_fail_named(MLP_ERR_FORMAT, "the file is damaged: its checksum is ",
				      "not the one that it names");
	return MLP_OK;
}

mlp_status mlp_tensor_reader_read(struct mlp_tensor_reader *reader, mlp_tensor_place place,
				  mlp_tensor_sink sink, void *context)
{
	uint32_t crc = 0;
	for (size_t i = 0; i < reader->count; i++) {
		const struct mlp_tensor *tensor = &reader->tensors[i];
		void *to = place != NULL ? place(context, tensor) : NULL;
		mlp_status status = read_elements(reader, tensor, to, sink, context, &crc);
		if (status != MLP_OK)
			return status;
	}
	return verify(reader, crc);
}
