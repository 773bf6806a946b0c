/* The report for people: a block per cell, then the ratios of all cells. */
#ifndef BENCH_TABLE_H
#define BENCH_TABLE_H

#include "options.h"
#include "result.h"

/* The times of one cell. */
void table_cell(const struct result *result);

/* The ratios of all cells, and how well libmlp and the plain loop agree. */
void table_footer(const struct options *options, const struct result *results, size_t count);

#endif
