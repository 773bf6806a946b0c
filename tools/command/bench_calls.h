/* The calls that mlp bench times, for either element type. */
#ifndef MLP_TOOLS_BENCH_CALLS_H
#define MLP_TOOLS_BENCH_CALLS_H

#include <mlp/mlp.h>

struct bench {
	mlp_network *net;
	mlp_pool *pool;
	mlp_workspace *ws;
	mlp_optimizer *optimizer;
	mlp_loss loss;
	void *x, *target, *y, *grad;
	int64_t batch;     /* of the call to be timed */
	mlp_status status; /* of the first call that failed */
};

typedef void (*bench_call)(struct bench *bench);

/* Rows of random numbers (around the means that the network's scaling knows), and what the calls need. */
mlp_status bench_prepare(struct bench *bench, int64_t batch, uint64_t seed);
void bench_free(struct bench *bench);

void bench_forward(struct bench *bench);
void bench_gradient(struct bench *bench);
void bench_step(struct bench *bench);

#endif
