/* The calls of libmlp that are measured. */
#ifndef BENCH_OURS_H
#define BENCH_OURS_H

#include <mlp/mlp.h>

#include "options.h"
#include "real.h"

/* One pair of network and workspace for forward, backward and update, another for the step, as a
 * step changes what a backward pass relies on. */
struct FN(ours) {
	mlp_network *net, *step_net;
	mlp_workspace *ws, *step_ws;
	mlp_pool *pool; /* NULL: one worker, the calling thread */
	int64_t batch, inputs, outputs;
	const REAL *x, *target; /* batch x inputs, batch x outputs; the caller's */
	REAL *y, *dl_dy, *dl_dx0, *grad;
	double eta;  /* 0 at first */
	double loss; /* of the last step, before its update */
};

/* Both networks are copies of `net`, both workspaces computed by `workers` and tuned as the options
 * ask. A forward pass has been made, dl_dy is the gradient of the squared error (mean over the rows)
 * at its outputs, and grad that of the parameters. */
void FN(ours_init)(struct FN(ours) * ours, const struct options *options, const mlp_network *net,
		   int64_t batch, int64_t workers, const REAL *x, const REAL *target);
void FN(ours_free)(struct FN(ours) * ours);

/* Denormal numbers count as zero from now on. */
void FN(ours_flush_denormals)(struct FN(ours) * ours);

/* What is measured; the context is an ours. */
void FN(ours_forward)(void *context);
void FN(ours_backward)(void *context);
void FN(ours_backward_input)(void *context);
void FN(ours_update)(void *context);
void FN(ours_step)(void *context);

#endif
