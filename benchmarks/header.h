/* The first lines for people: what is being run, and on what. */
#ifndef BENCH_HEADER_H
#define BENCH_HEADER_H

#include "options.h"
#include "result.h"

void header_print(const struct options *options);

/* A line about conditions that were not as asked for, if any; and one about a processor with fewer cores than
 * workers. */
void header_print_conditions(const struct conditions *conditions);

#endif
