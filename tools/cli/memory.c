/* Memory and strings that cannot fail. */
#include "cli/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/message.h"

void *make(size_t count, size_t size)
{
	void *memory = calloc(count > 0 ? count : 1, size > 0 ? size : 1);
	if (memory == NULL) {
		if (!has_complained())
			complain("out of memory (%zu values of %zu bytes)", count, size);
		exit(FAILED);
	}
	return memory;
}

_Noreturn void end_without_memory(void)
{
	if (!has_complained())
		complain("out of memory");
	exit(FAILED);
}

void *make_bytes(size_t size)
{
	void *memory = malloc(size);
	if (memory == NULL) {
		if (!has_complained())
			complain("out of memory (%zu bytes)", size);
		exit(FAILED);
	}
	return memory;
}

char *make_text(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	va_list again;
	va_copy(again, arguments);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): loses sight of it with several files at once */
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	char *text = make((size_t)(length < 0 ? 0 : length) + 1, 1);
	if (length >= 0)
		vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	return text;
}
