/* The report for programs: one JSON object a line. */
#ifndef BENCH_JSON_H
#define BENCH_JSON_H

#include "options.h"
#include "result.h"

void json_cell(const struct options *options, const struct result *result);

#endif
