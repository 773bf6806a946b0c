/* Networks and batches for tests of the ways to compute them. */
#ifndef MLP_TESTS_PROPERTY_NETS_H
#define MLP_TESTS_PROPERTY_NETS_H

#include "task.h"

struct net {
	int64_t width_count, widths[5];
};

enum { TINY, MEDIUM, NARROW, ODD, WIDE, NETS };

static const struct net nets[NETS] = {
	[TINY] = {3, {3, 4, 2}},           [MEDIUM] = {4, {100, 80, 60, 7}},
	[NARROW] = {5, {5, 1, 70, 1, 3}},  [ODD] = {5, {65, 17, 129, 63, 9}},
	[WIDE] = {4, {300, 400, 200, 10}}, /* its layers are divided into several tasks */
};

static const int64_t batches[] = {1, 2, 7, 31, 33, 64, 65, 100, 128, 255, 257, 600};

enum { BATCHES = sizeof(batches) / sizeof(batches[0]) };

/* Losses, activations that keep s and that do not, frozen layers and missing biases take turns. */
static inline struct task net_task(size_t net, int64_t batch, size_t turn)
{
	struct task task = task_create(nets[net].widths, nets[net].width_count, batch, turn % 3,
				       31 * net + turn + 1);
	const mlp_loss losses[] = {MLP_CROSS_ENTROPY, MLP_SQUARED_ERROR, MLP_BINARY_CROSS_ENTROPY,
				   MLP_LOG_COSH};
	int64_t last = (int64_t)task.layer_count;
	if (turn % 2 == 1)
		assert_ok(mlp_network_set_activation(task.net, 1, MLP_GELU));
	task_set_loss(&task, losses[turn % 4], turn % 8 < 4);
	if (turn % 8 == 4)
		task.parameter = 0.2; /* of the cross entropy: labels are smoothed */
	task.weighted = turn % 3 == 1;
	task.reduction = turn % 5 == 2 ? MLP_SUM : MLP_MEAN;
	if (turn % 4 == 1)
		assert_ok(mlp_network_set_frozen(task.net, 1, 1));
	if (turn % 4 == 3)
		assert_ok(mlp_network_set_frozen(task.net, last, 1));
	if (turn % 3 == 2)
		assert_ok(mlp_network_set_bias(task.net, 1 + (int64_t)turn % last, 0));
	return task;
}

#endif
