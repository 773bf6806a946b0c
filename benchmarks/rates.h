/* What one core can do: the report of --peak. */
#ifndef BENCH_RATES_H
#define BENCH_RATES_H

#include "options.h"
#include "result.h"

enum { RATE_SIZES = 4 }; /* 64, 128, 256, 512 */

struct rates {
	size_t samples;
	int sizes[RATE_SIZES];
	double products[RATE_SIZES]; /* GFLOP/s of whole square products */
	double fma;                  /* GFLOP/s of multiply-adds in registers */
	const char *fma_way;
};

void rates_measure_f32(const struct options *options, struct rates *rates);
void rates_measure_f64(const struct options *options, struct rates *rates);

#endif
