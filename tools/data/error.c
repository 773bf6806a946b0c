/* What went wrong, as one line. */
#include "data/error.h"

#include <stdio.h>
#include <string.h>

#include "data/utf8.h"

/* One line, all of it printable: names of files and columns can hold anything. */
static void clean(char *line)
{
	size_t length = strlen(line);
	for (size_t i = 0; i < length;) {
		size_t size = utf8_size(line + i, length - i);
		if (size == 0 && length - i < 4 && length > 4)
			line[i] = 0; /* a character that was cut */
		if (size == 0 || (unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = line[i] == 0 ? (char)0 : '?';
		i += size == 0 ? 1 : size;
	}
}

bool data_fail(struct data_error *error, enum data_error_kind kind, const char *format, ...)
{
	if (error == NULL)
		return false;
	error->kind = kind;
	va_list arguments;
	va_start(arguments, format);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): loses sight of it with several files at once */
	vsnprintf(error->line, sizeof error->line, format, arguments);
	va_end(arguments);
	clean(error->line);
	return false;
}

bool data_fail_memory(struct data_error *error)
{
	return data_fail(error, DATA_ERROR_MEMORY, "out of memory");
}

const char *data_quote(const char *text, size_t length, char quoted[DATA_QUOTE_SIZE])
{
	enum { LAST = DATA_QUOTE_SIZE - 5 }; /* room for ...' and 0 */
	size_t used = 0;
	quoted[used++] = '\'';
	for (size_t i = 0; i < length;) {
		size_t size = utf8_size(text + i, length - i);
		bool is_printable = size > 1 || (size == 1 && text[i] >= 0x20 && text[i] != 0x7f);
		if (used + (is_printable ? size : 4) > LAST) {
			memcpy(quoted + used, "...", 3);
			used += 3;
			break;
		}
		if (is_printable)
			memcpy(quoted + used, text + i, size);
		else
			snprintf(quoted + used, 5, "\\x%02x", (unsigned)(unsigned char)text[i]);
		used += is_printable ? size : 4;
		i += is_printable ? size : 1;
	}
	quoted[used++] = '\'';
	quoted[used] = 0;
	return quoted;
}
