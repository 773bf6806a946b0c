/* Optimizers with every option, for tests of what they do. */
#ifndef MLP_TESTS_PROPERTY_OPTIMIZERS_H
#define MLP_TESTS_PROPERTY_OPTIMIZERS_H

#include "task.h"

enum { MOST_HYPERS = 6 };

struct choice {
	const char *name;
	mlp_optimizer_kind kind;
	struct {
		mlp_hyper hyper;
		double value;
	} hypers[MOST_HYPERS];
};

static const struct choice choices[] = {
	{"sgd", MLP_SGD, {{MLP_HYPER_ETA, 0.05}}},
	{"sgd, l2, decay", MLP_SGD, {{MLP_HYPER_L2, 0.1}, {MLP_HYPER_WEIGHT_DECAY, 0.5}}},
	{"momentum", MLP_SGD, {{MLP_HYPER_MOMENTUM, 0.9}}},
	{"momentum, l2 of all",
	 MLP_SGD,
	 {{MLP_HYPER_MOMENTUM, 0.5}, {MLP_HYPER_L2, 0.2}, {MLP_HYPER_DECAY_BIASES, 1}}},
	{"nesterov", MLP_SGD, {{MLP_HYPER_MOMENTUM, 0.9}, {MLP_HYPER_NESTEROV, 1}}},
	{"nesterov without momentum", MLP_SGD, {{MLP_HYPER_NESTEROV, 1}}},
	{"rmsprop", MLP_RMSPROP, {{MLP_HYPER_RHO, 0.99}}},
	{"rmsprop, momentum, l2", MLP_RMSPROP, {{MLP_HYPER_MOMENTUM, 0.8}, {MLP_HYPER_L2, 0.1}}},
	{"adam", MLP_ADAM, {{MLP_HYPER_EPSILON, 1e-6}}},
	{"adam, l2 of all", MLP_ADAM, {{MLP_HYPER_L2, 0.1}, {MLP_HYPER_DECAY_BIASES, 1}}},
	{"adamw", MLP_ADAMW, {{MLP_HYPER_BETA_1, 0.8}, {MLP_HYPER_BETA_2, 0.99}}},
	{"adamw, decay of all",
	 MLP_ADAMW,
	 {{MLP_HYPER_WEIGHT_DECAY, 2}, {MLP_HYPER_ETA, 0.01}, {MLP_HYPER_DECAY_BIASES, 1}}},
	{"irprop-", MLP_IRPROP_MINUS, {{MLP_HYPER_DELTA_0, 0.01}}},
	{"irprop-, bounds, l2",
	 MLP_IRPROP_MINUS,
	 {{MLP_HYPER_DELTA_MIN, 0.01}, {MLP_HYPER_DELTA_MAX, 0.02}, {MLP_HYPER_L2, 0.1}}},
	{"clip by value", MLP_SGD, {{MLP_HYPER_MOMENTUM, 0.9}, {MLP_HYPER_CLIP_VALUE, 0.001}}},
	{"clip by norm", MLP_SGD, {{MLP_HYPER_MOMENTUM, 0.9}, {MLP_HYPER_CLIP_NORM, 0.01}}},
	{"norm not reached", MLP_ADAM, {{MLP_HYPER_CLIP_NORM, 1e6}}},
	{"clip by both, l2",
	 MLP_ADAM,
	 {{MLP_HYPER_CLIP_VALUE, 0.01}, {MLP_HYPER_CLIP_NORM, 0.02}, {MLP_HYPER_L2, 0.1}}},
	{"max-norm", MLP_SGD, {{MLP_HYPER_ETA, 0.5}, {MLP_HYPER_MAX_NORM, 0.9}}},
	{"adamw, max-norm", MLP_ADAMW, {{MLP_HYPER_ETA, 0.1}, {MLP_HYPER_MAX_NORM, 1.1}}},
};

enum { CHOICES = sizeof(choices) / sizeof(choices[0]) };

static inline mlp_optimizer *choose(const mlp_network *net, const struct choice *choice)
{
	mlp_optimizer *optimizer;
	assert_ok(mlp_optimizer_create(net, choice->kind, &optimizer));
	for (size_t i = 0; i < MOST_HYPERS && choice->hypers[i].hyper != 0; i++)
		assert_ok(mlp_optimizer_set(optimizer, choice->hypers[i].hyper,
					    choice->hypers[i].value));
	return optimizer;
}

/* One step on the task's batch: returns the loss. */
static inline double optimizer_step(const struct task *task, mlp_optimizer *optimizer,
				    mlp_workspace *ws)
{
	double value;
	assert_ok(FN(optimizer_step)(optimizer, task->net, ws, task->x.data, (int64_t)task->x.ld,
				     task->target.data, (int64_t)task->target.ld, task_weight(task),
				     (int64_t)task->batch, task->loss, task->parameter,
				     task->reduction, &value));
	return value;
}

/* Parameters, slots and scalars of two have the same bits. */
static inline void check_same_state(const char *name, const mlp_network *net,
				    mlp_optimizer *optimizer, const mlp_network *other_net,
				    mlp_optimizer *other)
{
	size_t bytes = (size_t)mlp_network_parameter_count(net) * sizeof(REAL);
	if (memcmp(FN(network_const_parameters)(net), FN(network_const_parameters)(other_net),
		   bytes) != 0)
		fail_msg("%s: other parameters", name);
	for (int64_t i = 0; i < mlp_optimizer_slot_count(optimizer); i++)
		if (memcmp(FN(optimizer_slot)(optimizer, i), FN(optimizer_slot)(other, i), bytes) !=
		    0)
			fail_msg("%s: another slot %s", name,
				 mlp_optimizer_slot_name(optimizer, i));
	for (int64_t i = 0; i < mlp_optimizer_scalar_count(optimizer); i++)
		if (mlp_optimizer_scalar(optimizer, i) != mlp_optimizer_scalar(other, i))
			fail_msg("%s: another %s", name, mlp_optimizer_scalar_name(optimizer, i));
}

#endif
