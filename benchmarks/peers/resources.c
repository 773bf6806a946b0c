/* What peers need, and how they end without it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"

enum { ALIGNMENT = 64 };

void peer_skip(const char *reason, ...)
{
	va_list arguments;
	va_start(arguments, reason);
	printf("skip ");
	vprintf(reason, arguments);
	printf("\n");
	va_end(arguments);
	fflush(stdout);
	exit(0);
}

float *peer_floats(size_t count)
{
	size_t bytes = (count * sizeof(float) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	float *memory = aligned_alloc(ALIGNMENT, bytes);
	if (memory == NULL)
		peer_skip("out of memory");
	return memset(memory, 0, bytes);
}
