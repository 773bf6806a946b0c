/* Ends of the program. */
#include "fail.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

void check(mlp_status status, const char *call)
{
	if (status == MLP_OK)
		return;
	fprintf(stderr, "mlp-bench: %s: %s: %s\n", call, mlp_status_name(status), mlp_last_error());
	exit(1);
}

static void *out_of_memory(void)
{
	fprintf(stderr, "mlp-bench: out of memory\n");
	exit(1);
}

void *allocate(size_t rows, size_t width, size_t size)
{
	size_t limit = SIZE_MAX - ALIGNMENT;
	if (rows > limit / width || rows * width > limit / size)
		return out_of_memory();
	size_t bytes = (rows * width * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	void *memory = aligned_alloc(ALIGNMENT, bytes);
	if (memory == NULL)
		return out_of_memory();
	return memset(memory, 0, bytes);
}

void *grow(void *memory, size_t count, size_t size)
{
	void *larger = count > SIZE_MAX / size ? NULL : realloc(memory, count * size);
	return larger != NULL ? larger : out_of_memory();
}
