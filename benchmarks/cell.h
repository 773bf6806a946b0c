/* One cell of the benchmark: what is measured for a net at a batch size. */
#ifndef BENCH_CELL_H
#define BENCH_CELL_H

#include "options.h"
#include "result.h"

/* Fills `result`, whose net, batch and conditions.workers are set. */
void cell_measure_f32(const struct options *options, struct result *result);
void cell_measure_f64(const struct options *options, struct result *result);

/* The same for STEP, PLAIN_STEP, PEAK and FMA only. */
void cell_measure_step_f32(const struct options *options, struct result *result);
void cell_measure_step_f64(const struct options *options, struct result *result);

#endif
