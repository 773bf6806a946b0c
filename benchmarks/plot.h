/* The drawing: time and backward/forward against the batch size, through gnuplot. */
#ifndef BENCH_PLOT_H
#define BENCH_PLOT_H

#include <stdbool.h>

#include "options.h"
#include "result.h"

/* Draws options->plot. Where there is no gnuplot, says so on stderr, leaves the file alone and
 * returns true; false, with a line on stderr, if the drawing fails. */
bool plot_draw(const struct options *options, const struct result *results, size_t count);

#endif
