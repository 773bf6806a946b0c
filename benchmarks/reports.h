/* The reports, one for each mode. Each measures, and prints for people or for programs. They return
 * false, with a line on stderr, if libmlp and the plain loop disagree or something could not be measured. */
#ifndef BENCH_REPORTS_H
#define BENCH_REPORTS_H

#include <stdbool.h>

#include "options.h"
#include "result.h"

bool report_cells(const struct options *options);
bool report_contention(const struct options *options);
bool report_denormal(const struct options *options);
bool report_flatness(struct options *options);
bool report_matrix(const struct options *options);
bool report_optimizers(const struct options *options);
bool report_peak(const struct options *options);

/* Whether libmlp and the plain loop came to the same weights; says so if not. */
bool agrees(const struct net *net, int64_t batch, const struct agreement *agreement);

#endif
