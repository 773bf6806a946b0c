/* What is measured, and what one cell of the benchmark (a net at a batch size) gives. */
#ifndef BENCH_RESULT_H
#define BENCH_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options.h"

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
	PEAK,          /* one 64x64x64 product in cache, on one core */
	FMA,           /* multiply-adds in registers, on one core */
	THING_COUNT
};

/* Seconds of one call. */
struct timing {
	double best, median;
	double slow; /* 99 of 100 calls are not slower */
	const char
		*way; /* of several ways to compute it, the fastest: "feature-major"; "" if one */
};

/* How well libmlp and the plain loop agree: 10 steps of both from the same weights. */
struct agreement {
	double eta;
	double moved;     /* how far the weights went, largest absolute value */
	double deviation; /* how far libmlp's and the plain loop's are apart, ditto */
	double tolerance; /* how far they may be apart */
};

/* How a measurement went. */
struct conditions {
	int64_t workers;      /* of libmlp; threads of the BLAS in tasks that are not ours */
	int64_t blas_threads; /* those that it had then; 0: it cannot be told or asked */
	bool settled;         /* all threads slept before each change of sides */
};

struct result {
	const struct net *net;
	int64_t batch; /* rows */
	struct conditions conditions;
	size_t rounds; /* samples of each timing */
	struct timing times[THING_COUNT];
	int64_t flop[THING_COUNT];
	int64_t tuning[TUNING_COUNT]; /* what libmlp chose, or was told, by mlp_tuning */
	struct agreement agreement;
};

static inline double gflops(const struct result *result, enum thing thing)
{
	return 1e-9 * (double)result->flop[thing] / result->times[thing].best;
}

/* Of what all workers' cores together do at the rate of `yardstick`, PEAK or FMA: the part. */
static inline double share(const struct result *result, enum thing thing, enum thing yardstick)
{
	return gflops(result, thing) /
	       (gflops(result, yardstick) * (double)result->conditions.workers);
}

#endif
