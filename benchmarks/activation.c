/* Activation functions for the plain loop. Straight from the formulas; libmlp's own are the careful
 * ones, and written by somebody else. */
#include "activation.h"

#include <math.h>
#include <string.h>

#define SELU_A ((REAL)1.6732632423543772)
#define SELU_C ((REAL)1.0507009873554805)

#define SQRT_HALF     ((REAL)0.70710678118654752)
#define INV_SQRT_2_PI ((REAL)0.39894228040143268)

static REAL sigmoid(REAL s)
{
	return 1 / (1 + MATH(exp)(-s));
}

static REAL normal_cdf(REAL s)
{
	return (REAL)0.5 * (1 + MATH(erf)(SQRT_HALF * s));
}

static REAL normal_density(REAL s)
{
	return INV_SQRT_2_PI * MATH(exp)((REAL)-0.5 * s * s);
}

static REAL silu_derivative(REAL s)
{
	REAL g = sigmoid(s);
	return g * (1 + s * (1 - g));
}

static REAL softsign_derivative(REAL s)
{
	REAL d = 1 + MATH(fabs)(s);
	return 1 / (d * d);
}

bool FN(activation_needs_s)(mlp_activation activation)
{
	return activation == MLP_SOFTSIGN || activation == MLP_GELU || activation == MLP_SILU ||
	       activation == MLP_SIN;
}

void FN(activation_forward)(mlp_activation activation, REAL a, const REAL *s, size_t n, REAL *x)
{
	switch (activation) {
	case MLP_SIGMOID:
		for (size_t i = 0; i < n; i++)
			x[i] = sigmoid(s[i]);
		return;
	case MLP_TANH:
		for (size_t i = 0; i < n; i++)
			x[i] = MATH(tanh)(s[i]);
		return;
	case MLP_RELU:
		for (size_t i = 0; i < n; i++)
			x[i] = s[i] > 0 ? s[i] : 0;
		return;
	case MLP_LEAKY_RELU:
		for (size_t i = 0; i < n; i++)
			x[i] = s[i] > 0 ? s[i] : a * s[i];
		return;
	case MLP_ELU:
		for (size_t i = 0; i < n; i++)
			x[i] = s[i] > 0 ? s[i] : a * MATH(expm1)(s[i]);
		return;
	case MLP_SELU:
		for (size_t i = 0; i < n; i++)
			x[i] = SELU_C * (s[i] > 0 ? s[i] : SELU_A * MATH(expm1)(s[i]));
		return;
	case MLP_SOFTPLUS:
		for (size_t i = 0; i < n; i++)
			x[i] = (s[i] > 0 ? s[i] : 0) + MATH(log1p)(MATH(exp)(-MATH(fabs)(s[i])));
		return;
	case MLP_SOFTSIGN:
		for (size_t i = 0; i < n; i++)
			x[i] = s[i] / (1 + MATH(fabs)(s[i]));
		return;
	case MLP_GELU:
		for (size_t i = 0; i < n; i++)
			x[i] = s[i] * normal_cdf(s[i]);
		return;
	case MLP_SILU:
		for (size_t i = 0; i < n; i++)
			x[i] = s[i] * sigmoid(s[i]);
		return;
	case MLP_SIN:
		for (size_t i = 0; i < n; i++)
			x[i] = MATH(sin)(s[i]);
		return;
	case MLP_IDENTITY:
	case MLP_SOFTMAX: /* refused by the options */
		if (x != s)
			memcpy(x, s, n * sizeof(REAL));
		return;
	case MLP_ACTIVATION_MAX_ENUM:
		return;
	}
}

void FN(activation_backward)(mlp_activation activation, REAL a, const REAL *s, const REAL *x,
			     size_t n, REAL *ds)
{
	switch (activation) {
	case MLP_SIGMOID:
		for (size_t i = 0; i < n; i++)
			ds[i] *= x[i] * (1 - x[i]);
		return;
	case MLP_TANH:
		for (size_t i = 0; i < n; i++)
			ds[i] *= 1 - x[i] * x[i];
		return;
	case MLP_RELU:
		for (size_t i = 0; i < n; i++)
			ds[i] *= x[i] > 0 ? 1 : 0;
		return;
	case MLP_LEAKY_RELU:
		for (size_t i = 0; i < n; i++)
			ds[i] *= x[i] > 0 ? 1 : a;
		return;
	case MLP_ELU:
		for (size_t i = 0; i < n; i++)
			ds[i] *= x[i] > 0 ? 1 : x[i] + a;
		return;
	case MLP_SELU:
		for (size_t i = 0; i < n; i++)
			ds[i] *= x[i] > 0 ? SELU_C : x[i] + SELU_C * SELU_A;
		return;
	case MLP_SOFTPLUS:
		for (size_t i = 0; i < n; i++)
			ds[i] *= 1 - MATH(exp)(-x[i]);
		return;
	case MLP_SOFTSIGN:
		for (size_t i = 0; i < n; i++)
			ds[i] *= softsign_derivative(s[i]);
		return;
	case MLP_GELU:
		for (size_t i = 0; i < n; i++)
			ds[i] *= normal_cdf(s[i]) + s[i] * normal_density(s[i]);
		return;
	case MLP_SILU:
		for (size_t i = 0; i < n; i++)
			ds[i] *= silu_derivative(s[i]);
		return;
	case MLP_SIN:
		for (size_t i = 0; i < n; i++)
			ds[i] *= MATH(cos)(s[i]);
		return;
	case MLP_IDENTITY:
	case MLP_SOFTMAX: /* refused by the options */
	case MLP_ACTIVATION_MAX_ENUM:
		return;
	}
}
