/* One JSON object a line. */
#include "cli/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/memory.h"
#include "cli/message.h"
#include "data/utf8.h"

static json_t *checked(json_t *value)
{
	if (value == NULL)
		end_without_memory();
	return value;
}

void set_value(json_t *object, const char *name, json_t *value)
{
	if (json_object_set_new(object, name, checked(value)) != 0)
		checked(NULL);
}

void append_value(json_t *array, json_t *value)
{
	if (json_array_append_new(array, checked(value)) != 0)
		checked(NULL);
}

void set_number(json_t *object, const char *name, double value)
{
	set_value(object, name, isfinite(value) ? json_real(value) : json_null());
}

void set_integer(json_t *object, const char *name, int64_t value)
{
	set_value(object, name, json_integer(value));
}

void set_truth(json_t *object, const char *name, int value)
{
	set_value(object, name, json_boolean(value));
}

json_t *text_value(const char *text)
{
	if (utf8_is_valid(text, strlen(text)))
		return checked(json_string(text));
	char *shown = make(4 * strlen(text) + 1, 1), *end = shown;
	for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++)
		end += snprintf(end, 5, *c < 0x80 ? "%c" : "\\x%02x", *c);
	json_t *value = json_string(shown);
	free(shown);
	return checked(value);
}

void set_text(json_t *object, const char *name, const char *value)
{
	set_value(object, name, text_value(value));
}

void begin_sure_json(void)
{
	json_set_alloc_funcs(make_bytes, free);
}

void end_sure_json(void)
{
	json_set_alloc_funcs(malloc, free);
}

void put_json_line(json_t *object, FILE *file)
{
	/* a stream that cannot be written is noticed, and told, when it is closed */
	if (json_dumpf(object, file, JSON_COMPACT | JSON_REAL_PRECISION(17)) != 0 && !ferror(file))
		checked(NULL);
	putc('\n', file);
	json_decref(object);
}

void write_json_line(json_t *object)
{
	put_json_line(object, stdout);
	flush_output();
}
