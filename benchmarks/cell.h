/* One cell of the benchmark: everything measured for a net at a batch size. */
#ifndef BENCH_CELL_H
#define BENCH_CELL_H

#include "options.h"
#include "result.h"

/* Fills `result`, whose net and batch are set. */
void cell_measure_f32(const struct options *options, struct result *result);
void cell_measure_f64(const struct options *options, struct result *result);

#endif
