/* Text on the page, and lists of facts. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/memory.h"
#include "report/parts.h"

/* Length of the UTF-8 sequence that begins here; 0 if it is none, which then must not get into the page. */
static int sequence(const unsigned char *c)
{
	int length = *c < 0x80 ? 1 : *c >= 0xc2 && *c < 0xe0 ? 2 : *c >= 0xe0 && *c < 0xf0 ? 3 : 0;
	if (*c >= 0xf0 && *c < 0xf5)
		length = 4;
	for (int i = 1; i < length; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	/* overlong forms, surrogates, and what lies above U+10FFFF */
	if ((*c == 0xe0 && c[1] < 0xa0) || (*c == 0xed && c[1] >= 0xa0) ||
	    (*c == 0xf0 && c[1] < 0x90) || (*c == 0xf4 && c[1] >= 0x90))
		return 0;
	return length;
}

static void put_character(FILE *file, const unsigned char *c, int length)
{
	static const char *const names[] = {['&'] = "&amp;",
					    ['<'] = "&lt;",
					    ['>'] = "&gt;",
					    ['"'] = "&quot;",
					    ['\''] = "&#39;"};
	if (length == 0)
		fputs("\xef\xbf\xbd", file); /* U+FFFD, the replacement character */
	else if (*c < sizeof names / sizeof names[0] && names[*c] != NULL)
		fputs(names[*c], file);
	else if (length > 1 || (*c >= 0x20 && *c != 0x7f) || *c == '\n')
		fwrite(c, 1, (size_t)length, file);
}

void put_text(FILE *file, const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c != '\0';) {
		int length = sequence(c);
		put_character(file, c, length);
		c += length > 0 ? length : 1;
	}
}

void put_format(FILE *file, const char *format, ...)
{
	char text[1000];
	va_list arguments;
	va_start(arguments, format);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): loses sight of it with several files at once */
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	put_text(file, text);
}

void add_fact(struct facts *facts, const char *name, const char *format, ...)
{
	char value[2000];
	va_list arguments;
	va_start(arguments, format);
	/* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): loses sight of it with several files at once */
	vsnprintf(value, sizeof value, format, arguments);
	va_end(arguments);
	struct fact *list = make((size_t)facts->count + 1, sizeof *list);
	if (facts->count > 0)
		memcpy(list, facts->list, (size_t)facts->count * sizeof *list);
	free(facts->list);
	list[facts->count] = (struct fact){make_text("%s", name), make_text("%s", value)};
	facts->list = list;
	facts->count++;
}

void free_facts(struct facts *facts)
{
	for (int64_t i = 0; i < facts->count; i++) {
		free(facts->list[i].name);
		free(facts->list[i].value);
	}
	free(facts->list);
	*facts = (struct facts){NULL, 0};
}
