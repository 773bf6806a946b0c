/* What the kinds of activations and losses need: facts that hold for every element type. */
#ifndef MLP_KERNELS_KINDS_H
#define MLP_KERNELS_KINDS_H

#include <mlp/mlp.h>
#include <stdbool.h>

/* Whether the derivative is computed from s; else from x alone, and s need not be kept. */
static inline bool mlp_derivative_needs_s(mlp_activation activation)
{
	return activation == MLP_SOFTSIGN || activation == MLP_GELU || activation == MLP_SILU ||
	       activation == MLP_SIN;
}

/* Whether the derivative is a function of the size of x, not of its sign alone. */
static inline bool mlp_derivative_needs_size(mlp_activation activation)
{
	return !mlp_derivative_needs_s(activation) && activation != MLP_IDENTITY &&
	       activation != MLP_RELU && activation != MLP_LEAKY_RELU;
}

static inline bool mlp_activation_has_parameter(mlp_activation activation)
{
	return activation == MLP_LEAKY_RELU || activation == MLP_ELU;
}

static inline double mlp_activation_default_parameter(mlp_activation activation)
{
	return activation == MLP_LEAKY_RELU ? 0.01 : activation == MLP_ELU ? 1 : 0;
}

/* Whether a loss reads the logits s(L); else it reads the outputs x(L). */
static inline bool mlp_reads_logits(mlp_loss loss)
{
	return loss == MLP_BINARY_CROSS_ENTROPY || loss == MLP_CROSS_ENTROPY || loss == MLP_POISSON;
}

#endif
