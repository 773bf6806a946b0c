/* One JSON object a line. */
#ifndef MLP_TOOLS_JSON_H
#define MLP_TOOLS_JSON_H

#include <jansson.h>
#include <stdint.h>

/* A member; a number that JSON cannot say becomes null, text that is no UTF-8 is shown with \xNN in it. Out of
 * memory ends the command. */
void set_number(json_t *object, const char *name, double value);
void set_integer(json_t *object, const char *name, int64_t value);
void set_text(json_t *object, const char *name, const char *value);
void set_truth(json_t *object, const char *name, int value);
void set_value(json_t *object, const char *name, json_t *value); /* takes the value */
void append_value(json_t *array, json_t *value);                 /* takes the value */

/* A string as set_text() makes it. */
json_t *text_value(const char *text);

/* Writes the object on stdout, ends the line and frees the object; the second lets it be read at once. */
void put_json_line(json_t *object);
void write_json_line(json_t *object);

#endif
