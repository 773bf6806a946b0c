/* One cell of the benchmark. */
#include "cell.h"

#include <stdlib.h>

#include "agree.h"
#include "bare.h"
#include "fail.h"
#include "measure.h"
#include "ours.h"
#include "peak.h"
#include "plain.h"
#include "random.h"
#include "real.h"

/* So small that thousands of steps leave the weights where they are. */
#define MEASURED_ETA 1e-8

static mlp_network *make_network(const struct options *options, const struct net *net)
{
	mlp_network *network = NULL;
	check(mlp_network_create(REAL_DTYPE, net->widths, (int64_t)net->width_count, &network),
	      "mlp_network_create");
	check(mlp_network_set_activation(network, MLP_HIDDEN_LAYERS, options->activation),
	      "mlp_network_set_activation");
	return network;
}

static REAL *random_rows(int64_t batch, int64_t width, uint64_t state)
{
	REAL *rows = allocate((size_t)batch, (size_t)width, sizeof(REAL));
	for (size_t i = 0; i < (size_t)batch * (size_t)width; i++)
		rows[i] = (REAL)random_uniform(&state);
	return rows;
}

static void count_flop(const mlp_network *network, struct result *result)
{
	static const struct {
		enum thing thing;
		mlp_pass pass;
	} passes[] = {{FORWARD, MLP_PASS_FORWARD},
		      {BACKWARD, MLP_PASS_BACKWARD},
		      {BACKWARD_INPUT, MLP_PASS_BACKWARD_INPUT},
		      {UPDATE, MLP_PASS_UPDATE}};
	int64_t *flop = result->flop;
	for (size_t i = 0; i < sizeof passes / sizeof *passes; i++)
		check(mlp_network_cost(network, passes[i].pass, result->batch,
				       &flop[passes[i].thing], NULL),
		      "mlp_network_cost");
	/* the update of a step is part of its products */
	flop[STEP] = flop[PLAIN_STEP] = flop[FORWARD] + flop[BACKWARD];
	flop[BLAS_FORWARD] = flop[FORWARD];
	flop[BLAS_BACKWARD] = flop[BACKWARD];
	flop[PEAK] = INT64_C(2) * PEAK_SIZE * PEAK_SIZE * PEAK_SIZE;
}

/* Of several ways to compute the same thing, the one with the best time counts. */
static void collect(struct task *tasks, size_t count, struct result *result)
{
	for (size_t i = 0; i < count; i++) {
		struct timing timing = task_timing(&tasks[i], result->rounds);
		struct timing *kept = &result->times[tasks[i].thing];
		if (kept->way == NULL || timing.best < kept->best)
			*kept = timing;
	}
}

void FN(cell_measure)(const struct options *options, struct result *result)
{
	const struct net *net = &options->nets[result->net];
	mlp_network *network = make_network(options, net);
	count_flop(network, result);

	REAL *x = random_rows(result->batch, net->widths[0], 1);
	REAL *target = random_rows(result->batch, net->widths[net->width_count - 1], 2);
	struct FN(ours) ours;
	struct FN(plain) plain;
	struct FN(bare) bare;
	struct FN(peak) peak;
	FN(ours_init)(&ours, network, result->batch, x, target);
	FN(plain_init)(&plain, network, result->batch, x, target);
	FN(bare_init)(&bare, network, result->batch, x);
	FN(peak_init)(&peak);

	FN(agree)(&ours, &plain, result);
	ours.eta = plain.eta = MEASURED_ETA * result->eta;

	struct task tasks[] = {
		{PEAK, "", FN(peak_run), &peak, 0, NULL}, /* thrice: short, and all relies on it */
		{FORWARD, "", FN(ours_forward), &ours, 0, NULL},
		{BLAS_FORWARD, "sample-major", FN(bare_forward_samples), &bare, 0, NULL},
		{BLAS_FORWARD, "feature-major", FN(bare_forward_features), &bare, 0, NULL},
		{BACKWARD, "", FN(ours_backward), &ours, 0, NULL},
		{BLAS_BACKWARD, "sample-major", FN(bare_backward_samples), &bare, 0, NULL},
		{BLAS_BACKWARD, "feature-major", FN(bare_backward_features), &bare, 0, NULL},
		{PEAK, "", FN(peak_run), &peak, 0, NULL},
		{BACKWARD_INPUT, "", FN(ours_backward_input), &ours, 0, NULL},
		{UPDATE, "", FN(ours_update), &ours, 0, NULL},
		{STEP, "", FN(ours_step), &ours, 0, NULL},
		{PLAIN_STEP, "", FN(plain_step), &plain, 0, NULL},
		{PEAK, "", FN(peak_run), &peak, 0, NULL},
		/* one sample only */
		{BLAS_FORWARD, "gemv", FN(bare_forward_vectors), &bare, 0, NULL},
		{BLAS_BACKWARD, "ger, gemv", FN(bare_backward_vectors), &bare, 0, NULL},
	};
	size_t count = sizeof tasks / sizeof *tasks - (result->batch == 1 ? 0 : 2);
	result->rounds = measure(tasks, count, options->repetitions, options->seconds);
	collect(tasks, count, result);
	tasks_free(tasks, count);

	FN(peak_free)(&peak);
	FN(bare_free)(&bare);
	FN(plain_free)(&plain);
	FN(ours_free)(&ours);
	free(x);
	free(target);
	mlp_network_free(network);
}
