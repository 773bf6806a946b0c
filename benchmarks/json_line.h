/* One JSON object on a line of standard output. The program never calls setlocale(), so that numbers
 * have a point wherever it runs. */
#ifndef BENCH_JSON_LINE_H
#define BENCH_JSON_LINE_H

#include <stdint.h>

#include "result.h"

/* Begins the object with {"report": "..."}. */
void json_begin(const char *report);

/* Members. A string may hold anything; a number that is not finite becomes null. */
void json_string(const char *key, const char *text);
void json_number(const char *key, double value);
void json_integer(const char *key, int64_t value);
void json_bool(const char *key, bool value);

/* A member that is a list of objects. */
void json_begin_list(const char *key);
void json_begin_item(void);
void json_end_item(void);
void json_end_list(void);

/* dtype, activation and flush_denormals; workers, cores, blas_threads_set and settled. */
void json_options(const struct options *options);
void json_conditions(const struct conditions *conditions);

/* Ends the object and the line, with the version of libmlp and the BLAS. */
void json_end(void);

#endif
