/* The figures that libmlp is to reach. */
#ifndef BENCH_MATRIX_H
#define BENCH_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A figure to reach and a better one; 0: none. */
struct goal {
	double reach, stretch;
};

/* A training step: f32, ReLU. */
struct step_goal {
	const char *widths;
	int64_t batch, workers;
	struct goal plain; /* time of the step / that of the plain loop: at most */
	struct goal
		share; /* flop rate of the step / (that of a 64x64x64 product x workers): at least */
};

extern const struct step_goal step_goals[];
extern const size_t step_goal_count;

/* Time of the forward pass of one sample by two workers / that by one: at most. */
#define LATENCY_WIDTHS "784,512,256,10"
enum { LATENCY_WORKERS = 2 };
extern const struct goal latency_goal;

/* Median step beside busy processes / median step without: at most. */
#define CONTENTION_WIDTHS "784,512,256,10"
enum { CONTENTION_BATCH = 128, CONTENTION_WORKERS = 2, CONTENTION_BUSY = 1 };
extern const struct goal contention_goal;

/* Largest / smallest time per flop over the cells of --flatness: at most. */
extern const struct goal flatness_goal;

/* "stretch", "reached" or "missed"; "" without a goal. */
const char *verdict_at_most(double value, const struct goal *goal);
const char *verdict_at_least(double value, const struct goal *goal);

#endif
