/* Names of activations, losses, ways to scale, optimizers and their numbers, for programs that read them
 * from people. */
#include <string.h>

#include "base/status.h"
#include "kernels/kinds.h"

static const char *const activations[] = {
	[MLP_IDENTITY] = "identity",
	[MLP_SIGMOID] = "sigmoid",
	[MLP_TANH] = "tanh",
	[MLP_RELU] = "relu",
	[MLP_LEAKY_RELU] = "leaky_relu",
	[MLP_ELU] = "elu",
	[MLP_SELU] = "selu",
	[MLP_SOFTPLUS] = "softplus",
	[MLP_SOFTSIGN] = "softsign",
	[MLP_GELU] = "gelu",
	[MLP_SILU] = "silu",
	[MLP_SIN] = "sin",
	[MLP_SOFTMAX] = "softmax",
};

static const char *const losses[] = {
	[MLP_SQUARED_ERROR] = "squared_error",
	[MLP_ABSOLUTE_ERROR] = "absolute_error",
	[MLP_HUBER] = "huber",
	[MLP_LOG_COSH] = "log_cosh",
	[MLP_BINARY_CROSS_ENTROPY] = "binary_cross_entropy",
	[MLP_CROSS_ENTROPY] = "cross_entropy",
	[MLP_POISSON] = "poisson",
};

static const char *const optimizers[] = {
	[MLP_SGD] = "sgd",     [MLP_RMSPROP] = "rmsprop",      [MLP_ADAM] = "adam",
	[MLP_ADAMW] = "adamw", [MLP_IRPROP_MINUS] = "irprop-", [MLP_LBFGS] = "lbfgs",
};

static const char *const hypers[] = {
	[MLP_HYPER_ETA] = "eta",
	[MLP_HYPER_MOMENTUM] = "momentum",
	[MLP_HYPER_NESTEROV] = "nesterov",
	[MLP_HYPER_RHO] = "rho",
	[MLP_HYPER_BETA_1] = "beta_1",
	[MLP_HYPER_BETA_2] = "beta_2",
	[MLP_HYPER_EPSILON] = "epsilon",
	[MLP_HYPER_L2] = "l2",
	[MLP_HYPER_WEIGHT_DECAY] = "weight_decay",
	[MLP_HYPER_DECAY_BIASES] = "decay_biases",
	[MLP_HYPER_CLIP_NORM] = "clip_norm",
	[MLP_HYPER_CLIP_VALUE] = "clip_value",
	[MLP_HYPER_MAX_NORM] = "max_norm",
	[MLP_HYPER_ETA_MINUS] = "eta_minus",
	[MLP_HYPER_ETA_PLUS] = "eta_plus",
	[MLP_HYPER_DELTA_0] = "delta_0",
	[MLP_HYPER_DELTA_MIN] = "delta_min",
	[MLP_HYPER_DELTA_MAX] = "delta_max",
	[MLP_HYPER_HISTORY] = "history",
	[MLP_HYPER_C1] = "c1",
	[MLP_HYPER_C2] = "c2",
	[MLP_HYPER_TRIALS] = "trials",
};

static const char *const scalings[] = {
	[MLP_SCALING_NONE] = "none",
	[MLP_SCALING_STANDARD] = "standard",
	[MLP_SCALING_MIN_MAX] = "min_max",
};

enum {
	ACTIVATIONS = sizeof(activations) / sizeof(activations[0]),
	LOSSES = sizeof(losses) / sizeof(losses[0]),
	OPTIMIZERS = sizeof(optimizers) / sizeof(optimizers[0]),
	HYPERS = sizeof(hypers) / sizeof(hypers[0]),
	SCALINGS = sizeof(scalings) / sizeof(scalings[0])
};

static const char *name_of(const char *const *names, int count, int number)
{
	return number > 0 && number < count ? names[number] : NULL;
}

static int number_of(const char *const *names, int count, const char *name)
{
	for (int i = 1; i < count && name != NULL; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return 0;
}

const char *mlp_activation_name(mlp_activation activation)
{
	return name_of(activations, ACTIVATIONS, (int)activation);
}

mlp_activation mlp_activation_from_name(const char *name)
{
	return (mlp_activation)number_of(activations, ACTIVATIONS, name);
}

const char *mlp_loss_name(mlp_loss loss)
{
	return name_of(losses, LOSSES, (int)loss);
}

mlp_loss mlp_loss_from_name(const char *name)
{
	return (mlp_loss)number_of(losses, LOSSES, name);
}

int mlp_loss_reads_logits(mlp_loss loss)
{
	if (mlp_loss_name(loss) == NULL)
		return mlp_fail(MLP_ERR_VALUE, "loss is %, unknown", (int)loss);
	return mlp_reads_logits(loss);
}

const char *mlp_optimizer_name(mlp_optimizer_kind kind)
{
	return name_of(optimizers, OPTIMIZERS, (int)kind);
}

mlp_optimizer_kind mlp_optimizer_from_name(const char *name)
{
	return (mlp_optimizer_kind)number_of(optimizers, OPTIMIZERS, name);
}

const char *mlp_hyper_name(mlp_hyper hyper)
{
	return name_of(hypers, HYPERS, (int)hyper);
}

mlp_hyper mlp_hyper_from_name(const char *name)
{
	return (mlp_hyper)number_of(hypers, HYPERS, name);
}

const char *mlp_scaling_name(mlp_scaling scaling)
{
	return name_of(scalings, SCALINGS, (int)scaling);
}

mlp_scaling mlp_scaling_from_name(const char *name)
{
	return (mlp_scaling)number_of(scalings, SCALINGS, name);
}
