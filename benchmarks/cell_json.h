/* A cell for programs: one JSON object. */
#ifndef BENCH_CELL_JSON_H
#define BENCH_CELL_JSON_H

#include "options.h"
#include "result.h"

void cell_json(const struct options *options, const struct result *result);

/* Members that a cell shares with other reports: net, batch, conditions, rounds; best and median of
 * step and plain loop; the peaks, the shares, what libmlp chose, the agreement. */
void cell_json_step(const struct options *options, const struct result *result);

#endif
