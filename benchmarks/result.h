/* What is measured, and what one cell of the benchmark (a net at a batch size) gives. */
#ifndef BENCH_RESULT_H
#define BENCH_RESULT_H

#include <stddef.h>
#include <stdint.h>

/* The computations that are timed. */
enum thing {
	FORWARD,
	BACKWARD,       /* with the gradient array, without dl/dx(0) */
	BACKWARD_INPUT, /* with both */
	UPDATE,
	STEP,
	BLAS_FORWARD,  /* the products of FORWARD alone */
	BLAS_BACKWARD, /* the products of BACKWARD alone */
	PLAIN_STEP,    /* the plain loop's STEP */
	PEAK,          /* one 64x64x64 product in cache */
	THING_COUNT
};

/* Seconds of one call. */
struct timing {
	double best, median;
	const char
		*way; /* of several ways to compute it, the fastest: "feature-major"; "" if one */
};

struct result {
	size_t net;    /* index into the options' nets */
	int64_t batch; /* rows */
	size_t rounds; /* samples of each timing */
	struct timing times[THING_COUNT];
	int64_t flop[THING_COUNT];
	double eta;       /* of the comparison with the plain loop, 10 steps of both: */
	double moved;     /* how far the weights went, largest absolute value */
	double deviation; /* how far libmlp's and the plain loop's are apart, ditto */
	double tolerance; /* how far they may be apart */
};

static inline double gflops(const struct result *result, enum thing thing)
{
	return 1e-9 * (double)result->flop[thing] / result->times[thing].best;
}

#endif
