/* What writing and reading safetensors files share: element types, byte order, quoted names, sources of bytes. */
#include "file/safetensors.h"

#include <string.h>

#include "base/status.h"

static const struct {
	const char *name;
	int64_t size;
} types[] = {
	[MLP_TENSOR_BOOL] = {"BOOL", 1},       [MLP_TENSOR_U8] = {"U8", 1},
	[MLP_TENSOR_I8] = {"I8", 1},           [MLP_TENSOR_F8_E5M2] = {"F8_E5M2", 1},
	[MLP_TENSOR_F8_E4M3] = {"F8_E4M3", 1}, [MLP_TENSOR_I16] = {"I16", 2},
	[MLP_TENSOR_U16] = {"U16", 2},         [MLP_TENSOR_F16] = {"F16", 2},
	[MLP_TENSOR_BF16] = {"BF16", 2},       [MLP_TENSOR_I32] = {"I32", 4},
	[MLP_TENSOR_U32] = {"U32", 4},         [MLP_TENSOR_F32] = {"F32", 4},
	[MLP_TENSOR_F64] = {"F64", 8},         [MLP_TENSOR_I64] = {"I64", 8},
	[MLP_TENSOR_U64] = {"U64", 8},
};

enum { TYPES = sizeof(types) / sizeof(types[0]) };

const char *mlp_tensor_type_name(mlp_tensor_type type)
{
	return (int)type > 0 && (int)type < TYPES ? types[type].name : NULL;
}

mlp_tensor_type mlp_tensor_type_from_name(const char *name)
{
	for (int i = 1; i < TYPES; i++)
		if (strcmp(types[i].name, name) == 0)
			return (mlp_tensor_type)i;
	return (mlp_tensor_type)0;
}

int64_t mlp_tensor_type_size(mlp_tensor_type type)
{
	return types[type].size;
}

bool mlp_is_file_order(void)
{
	const uint16_t one = 1;
	unsigned char first;
	memcpy(&first, &one, 1);
	return first == 1;
}

void mlp_swap_to_file_order(void *elements, int64_t count, int64_t size)
{
	unsigned char *bytes = elements;
	for (int64_t i = 0; i < count; i++, bytes += size) {
		for (int64_t j = 0; j < size / 2; j++) {
			unsigned char other = bytes[size - 1 - j];
			bytes[size - 1 - j] = bytes[j];
			bytes[j] = other;
		}
	}
}

/* Restore the order below a node of a heap, whose root is the last in order. */
static void sift_down(struct mlp_tensor *tensors, size_t node, size_t count,
		      mlp_tensor_order *before)
{
	for (size_t child; (child = 2 * node + 1) < count; node = child) {
		if (child + 1 < count && before(&tensors[child], &tensors[child + 1]))
			child++;
		if (!before(&tensors[node], &tensors[child]))
			return;
		struct mlp_tensor other = tensors[node];
		tensors[node] = tensors[child];
		tensors[child] = other;
	}
}

void mlp_sort_tensors(struct mlp_tensor *tensors, size_t count, mlp_tensor_order *before)
{
	for (size_t i = count / 2; i-- > 0;)
		sift_down(tensors, i, count, before);
	for (size_t last = count; last-- > 1;) {
		struct mlp_tensor other = tensors[0];
		tensors[0] = tensors[last];
		tensors[last] = other;
		sift_down(tensors, 0, last, before);
	}
}

const char *mlp_quote(char *quoted, const char *text)
{
	enum { MOST = MLP_QUOTED_SIZE - 6 }; /* quotes, dots, end */
	size_t length = strlen(text), shown = length <= MOST ? length : MOST;
	char *end = quoted;
	*end++ = '\'';
	for (size_t i = 0; i < shown; i++) /* an error is one line */
		*end++ = (unsigned char)text[i] < ' ' || text[i] == 127 ? '?' : text[i];
	for (size_t i = shown; i < length && i < shown + 3; i++)
		*end++ = '.';
	*end++ = '\'';
	*end = '\0';
	return quoted;
}

/* ---- sources -------------------------------------------------------------------------------- */

mlp_status mlp_source_take(struct mlp_source *source, void *data, int64_t size)
{
	if (size > source->remaining)
		return mlp_fail(MLP_ERR_FORMAT, "the file ends % bytes too early",
				size - source->remaining);
	for (char *to = data; size > 0;) {
		int64_t n = source->read(source->context, to, (size_t)size);
		if (n < 0 || n > size)
			return mlp_fail(MLP_ERR_CALLBACK,
					"the read function returned %, asked for % bytes", n, size);
		if (n == 0)
			return mlp_fail(MLP_ERR_FORMAT, "the file ends % bytes too early", size);
		to += n;
		size -= n;
		source->remaining -= n;
	}
	return MLP_OK;
}
