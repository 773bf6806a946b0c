/* The choices of mlp_workspace_set_tuning() by name. */
#ifndef BENCH_TUNING_H
#define BENCH_TUNING_H

#include <stdbool.h>
#include <stdint.h>

#include "options.h"

/* "products", "schedule", "instructions" */
const char *tuning_name(mlp_tuning tuning);

/* "own", "samples", "avx2"; "?" for a value that has no name here. */
const char *tuning_value_name(mlp_tuning tuning, int64_t value);

/* Reads "products=own,schedule=samples": any of the three, separated by commas. */
bool tuning_read(const char *text, int64_t values[TUNING_COUNT]);

#endif
