/* The rate of multiply-adds in registers: what a core can do at most, whatever the product. */
#ifndef BENCH_FMA_H
#define BENCH_FMA_H

#include <stdint.h>

#include "measure.h"
#include "real.h"

/* Of one call: the same number for every instruction set, so that times can be compared. */
#define FMA_FLOP INT64_C(393216)

/* Adds a task of thing FMA for every instruction set that the processor has: chains of x <- x a + b,
 * as many side by side as hide the latency. (The baseline of x86-64 multiplies and adds in two
 * instructions.) */
void FN(fma_add)(struct tasks *tasks);

#endif
