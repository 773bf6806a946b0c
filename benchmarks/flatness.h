/* Whether the time per flop of a training step depends on batch and widths. */
#ifndef BENCH_FLATNESS_H
#define BENCH_FLATNESS_H

#include "options.h"
#include "result.h"

enum { FLATNESS_CELLS = 24 };

struct flatness {
	struct conditions conditions;
	size_t samples, count;
	double peak; /* GFLOP/s of 64x64x64, one core */
	struct flatness_cell {
		const struct net *net;
		int64_t batch;
		double flop;
		struct timing step;
	} cells[FLATNESS_CELLS];
};

/* Every net of the options at every batch size; if they have neither, square nets of three layers: width
 * 512 at batches 128 .. 8192, and widths 256 .. 2048 at batch 512. The nets are added to the options.
 * False, with a line on stderr, if they are too many. */
bool flatness_choose(struct options *options, struct flatness *flatness);

/* Fills the rest; conditions.workers is set. All cells take turns. */
void flatness_measure_f32(const struct options *options, struct flatness *flatness);
void flatness_measure_f64(const struct options *options, struct flatness *flatness);

/* Seconds per flop, largest over smallest. */
double flatness_ratio(const struct flatness *flatness);

/* Prints: a block for people; the members of a JSON object. */
void flatness_print(const struct flatness *flatness);
void flatness_json(const struct options *options, const struct flatness *flatness);

#endif
