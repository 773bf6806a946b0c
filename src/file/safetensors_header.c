/* The header of a safetensors file as JSON, which may be anything: how long, how deep and how rich it is is
 * looked at before memory is spent on it. */
#include "file/safetensors_header.h"

#include "base/alloc.h"
#include "base/checked.h"
#include "base/status.h"

enum {
	MOST_DEPTH = 3,         /* of the header: its tensors' shapes */
	VALUES_PER_TENSOR = 16, /* commas that a tensor's entry may have, generously */
	VALUES_BESIDE = 1024,   /* those of the metadata */
	MEMORY_FIXED = 65536,   /* bytes that the parser may need */
	MEMORY_PER_BYTE = 16    /* and for each byte of the header */
};

/* Before the parser sees it: how deep its brackets are, since it calls itself for each of them, and how
 * many values it has, since each costs memory of its own. */
static mlp_status survey(const char *text, int64_t size, int64_t most_values)
{
	int64_t depth = 0, values = 0;
	bool in_string = false;
	for (int64_t i = 0; i < size; i++) {
		char c = text[i];
		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
			continue;
		}
		in_string = c == '"';
		depth += (c == '{' || c == '[') - (c == '}' || c == ']');
		values += c == ',';
		if (depth > MOST_DEPTH)
			return mlp_fail(MLP_ERR_FORMAT, "the file's header is nested too deeply");
		if (values > most_values)
			return mlp_fail(MLP_ERR_LIMIT, "the file's header has more than % values",
					most_values);
	}
	return MLP_OK;
}

/* Whether jansson's allocator has so much. Its parser (2.14) ignores that memory runs out while it collects a
 * string, and then writes beyond what it has: so it is asked to parse only where there is plenty. */
static bool has_memory(size_t size)
{
	json_malloc_t allocate;
	json_free_t release;
	json_get_alloc_funcs(&allocate, &release);
	void *memory = allocate(size);
	if (memory != NULL)
		release(memory);
	return memory != NULL;
}

static mlp_status parse(const char *text, int64_t size, json_t **header)
{
	json_error_t error = {0};
	if (text[0] != '{')
		return mlp_fail(MLP_ERR_FORMAT, "the file's header is no JSON object");
	if (!has_memory(MEMORY_FIXED + MEMORY_PER_BYTE * (size_t)size))
		return mlp_fail(MLP_ERR_MEMORY, "out of memory for the file's header");
	*header = json_loadb(text, (size_t)size, JSON_REJECT_DUPLICATES, &error);
	if (*header != NULL)
		return MLP_OK;
	if (error.text[0] == '\0' || json_error_code(&error) == json_error_out_of_memory)
		return mlp_fail(MLP_ERR_MEMORY, "out of memory for the file's header");
	char line[MLP_QUOTED_SIZE];
	return mlp_fail_named(MLP_ERR_FORMAT, mlp_quote(line, error.text),
			      " at byte % of the file's header", error.position);
}

bool mlp_tensor_header_length(const unsigned char *bytes, int64_t most, uint64_t *length)
{
	*length = 0;
	for (int i = MLP_HEADER_LENGTH_SIZE; i-- > 0;)
		*length = *length << 8 | bytes[i];
	return *length >= 2 && *length <= (uint64_t)most;
}

mlp_status mlp_tensor_header_read(struct mlp_source *source, const struct mlp_tensor_limits *limits,
				  const mlp_allocator *allocator, json_t **header)
{
	unsigned char bytes[MLP_HEADER_LENGTH_SIZE];
	uint64_t length;
	mlp_status status = mlp_source_take(source, bytes, MLP_HEADER_LENGTH_SIZE);
	if (status != MLP_OK)
		return status;
	if (!mlp_tensor_header_length(bytes, source->remaining, &length))
		return mlp_fail(
			MLP_ERR_FORMAT, /* more than int64_t has is shown as the most it has */
			"the file's header should have % bytes, % remain",
			length < INT64_MAX ? (int64_t)length : INT64_MAX, source->remaining);
	const int64_t size = (int64_t)length;
	if (size > limits->header_bytes)
		return mlp_fail(MLP_ERR_LIMIT, "the file's header has % bytes, the limit is %",
				size, limits->header_bytes);
	int64_t values = VALUES_BESIDE;
	if (!mlp_checked_multiply_add(limits->tensors, VALUES_PER_TENSOR, INT64_MAX, &values))
		values = INT64_MAX;
	void *text;
	status = mlp_allocate(allocator, (size_t)size, &text);
	if (status != MLP_OK)
		return status;
	status = mlp_source_take(source, text, size);
	if (status == MLP_OK)
		status = survey(text, size, values);
	if (status == MLP_OK)
		status = parse(text, size, header);
	mlp_deallocate(allocator, text, (size_t)size);
	return status;
}
