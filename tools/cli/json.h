/* One JSON object a line. */
#ifndef MLP_TOOLS_JSON_H
#define MLP_TOOLS_JSON_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

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

/* Around whatever parses JSON, the library's loading included, or makes text of it: where there is no memory
 * jansson (2.14) takes a text for a wrong one, reads beyond its end, or leaves a name out. In between, out of
 * memory ends the command; no file may be half written then. */
void begin_sure_json(void);
void end_sure_json(void);

/* Writes the object in a file, or on stdout where it can be read at once, ends the line and frees the object. */
void put_json_line(json_t *object, FILE *file);
void write_json_line(json_t *object);

#endif
