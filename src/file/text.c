/* Text that grows. */
#include "file/text.h"

#include <string.h>

#include "base/alloc.h"
#include "file/number.h"

static mlp_status reserve(struct mlp_text *text, size_t more)
{
	if (more < text->capacity - text->length)
		return MLP_OK;
	size_t capacity = 2 * (text->length + more) + 64;
	void *memory;
	mlp_status status = mlp_allocate(text->allocator, capacity, &memory);
	if (status != MLP_OK)
		return status;
	if (text->length > 0)
		memcpy(memory, text->bytes, text->length);
	mlp_deallocate(text->allocator, text->bytes, text->capacity);
	text->bytes = memory;
	text->capacity = capacity;
	return MLP_OK;
}

void mlp_text_put(struct mlp_text *text, const char *more)
{
	size_t length = strlen(more);
	if (text->status == MLP_OK)
		text->status = reserve(text, length);
	if (text->status != MLP_OK)
		return;
	memcpy(text->bytes + text->length, more, length + 1);
	text->length += length;
}

void mlp_text_put_unsigned(struct mlp_text *text, uint64_t number)
{
	char digits[MLP_NUMBER_SIZE];
	mlp_print_unsigned(number, digits);
	mlp_text_put(text, digits);
}

void mlp_text_put_hex(struct mlp_text *text, double number)
{
	char digits[MLP_NUMBER_SIZE];
	mlp_print_hex(number, digits);
	mlp_text_put(text, digits);
}

void mlp_text_clear(struct mlp_text *text)
{
	text->length = 0;
	if (text->bytes != NULL)
		text->bytes[0] = '\0';
}

void mlp_text_free(struct mlp_text *text)
{
	mlp_deallocate(text->allocator, text->bytes, text->capacity);
	text->bytes = NULL;
	text->length = text->capacity = 0;
}
