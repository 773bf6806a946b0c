/* Activation functions, value and derivative.
 *
 * Every formula is the one that stays accurate at large |s|. NaN goes through: comparisons are
 * written so that it takes the branch that computes with s. */
#include "kernels/activation.h"

#include <math.h>
#include <stdbool.h>

#include "kernels/logistic.h"

/* Self-normalising constants, Klambauer et al. 2017, eq. 14. */
#define SELU_A ((REAL)1.6732632423543772848170429916717)
#define SELU_C ((REAL)1.0507009873554804934193349852946)

#define SQRT_HALF     0.70710678118654752440
#define INV_SQRT_2_PI ((REAL)0.39894228040143267794)

/* Beyond this |s| the normal and the logistic tails times s are below the smallest number. */
#define TAIL ((REAL)(sizeof(REAL) == 4 ? 120 : 800))

/* Both values are computed, then one is taken: compilers make vector code of that, where a branch on
 * the sign of s would be mispredicted every other time. */
static REAL select(bool condition, REAL yes, REAL no)
{
	return condition ? yes : no;
}

/* With slope 0 a leaky ReLU is a ReLU, and infinity times 0 not asked for. */
static mlp_activation plain(mlp_activation activation, REAL a)
{
	return activation == MLP_LEAKY_RELU && a == 0 ? MLP_RELU : activation;
}

static REAL elu(REAL a, REAL s)
{
	return s > 0 ? s : a * MATH(expm1)(s);
}

static REAL softplus(REAL s)
{
	return (s < 0 ? 0 : s) + MATH(log1p)(MATH(exp)(-MATH(fabs)(s)));
}

static REAL softsign(REAL s)
{
	REAL magnitude = MATH(fabs)(s);
	return magnitude > REAL_MAX ? MATH(copysign)(1, s) : s / (1 + magnitude);
}

/* The distribution function Phi of the normal distribution, accurate in its lower tail. */
static REAL normal_cdf(REAL s)
{
	/* in double for float too: the tail multiplies the rounding of s / sqrt 2 by s^2 */
	return (REAL)(0.5 * erfc(-SQRT_HALF * (double)s));
}

static REAL gelu(REAL s)
{
	return s < -TAIL ? 0 : s * normal_cdf(s);
}

static REAL gelu_derivative(REAL s)
{
	if (MATH(fabs)(s) > TAIL)
		return s > 0;
	return normal_cdf(s) + s * INV_SQRT_2_PI * MATH(exp)((REAL)-0.5 * s * s);
}

static REAL silu(REAL s)
{
	return s < -TAIL ? 0 : s * KERNEL(logistic)(s);
}

static REAL silu_derivative(REAL s)
{
	if (MATH(fabs)(s) > TAIL)
		return s > 0;
	return KERNEL(logistic)(s) * (1 + s * KERNEL(logistic)(-s));
}

static REAL softsign_derivative(REAL s)
{
	REAL d = 1 + MATH(fabs)(s);
	return 1 / (d * d);
}

void KERNEL(activation_forward)(mlp_activation activation, REAL a, const REAL *s, size_t n, REAL *x)
{
	switch (plain(activation, a)) {
	case MLP_IDENTITY:
	case MLP_SOFTMAX: /* not of single values; see below */
		INDEPENDENT_ROUNDS
		for (size_t i = 0; i < n; i++)
			x[i] = s[i];
		return;
	case MLP_SIGMOID:
		for (size_t i = 0; i < n; i++)
			x[i] = KERNEL(logistic)(s[i]);
		return;
	case MLP_TANH:
		for (size_t i = 0; i < n; i++)
			x[i] = MATH(tanh)(s[i]);
		return;
	case MLP_RELU:
		INDEPENDENT_ROUNDS
		for (size_t i = 0; i < n; i++)
			x[i] = select(s[i] <= 0, 0, s[i]);
		return;
	case MLP_LEAKY_RELU:
		INDEPENDENT_ROUNDS
		for (size_t i = 0; i < n; i++)
			x[i] = s[i] * select(s[i] <= 0, a, 1);
		return;
	case MLP_ELU:
		for (size_t i = 0; i < n; i++)
			x[i] = elu(a, s[i]);
		return;
	case MLP_SELU:
		for (size_t i = 0; i < n; i++)
			x[i] = SELU_C * elu(SELU_A, s[i]);
		return;
	case MLP_SOFTPLUS:
		for (size_t i = 0; i < n; i++)
			x[i] = softplus(s[i]);
		return;
	case MLP_SOFTSIGN:
		for (size_t i = 0; i < n; i++)
			x[i] = softsign(s[i]);
		return;
	case MLP_GELU:
		for (size_t i = 0; i < n; i++)
			x[i] = gelu(s[i]);
		return;
	case MLP_SILU:
		for (size_t i = 0; i < n; i++)
			x[i] = silu(s[i]);
		return;
	case MLP_SIN:
		for (size_t i = 0; i < n; i++)
			x[i] = MATH(sin)(s[i]);
		return;
	}
}

void KERNEL(activation_backward)(mlp_activation activation, REAL a, const REAL *s, const REAL *x,
				 const REAL *dx, size_t n, REAL *ds)
{
	switch (plain(activation, a)) {
	case MLP_IDENTITY:
	case MLP_SOFTMAX: /* not of single values; see below */
		INDEPENDENT_ROUNDS
		for (size_t i = 0; i < n; i++)
			ds[i] = dx[i];
		return;
	case MLP_SIGMOID:
		INDEPENDENT_ROUNDS
		for (size_t i = 0; i < n; i++)
			ds[i] = dx[i] * (x[i] * (1 - x[i]));
		return;
	case MLP_TANH:
		INDEPENDENT_ROUNDS
		for (size_t i = 0; i < n; i++)
			ds[i] = dx[i] * (1 - x[i] * x[i]);
		return;
	case MLP_RELU:
		INDEPENDENT_ROUNDS
		for (size_t i = 0; i < n; i++)
			ds[i] = select(x[i] <= 0, 0, dx[i]);
		return;
	case MLP_LEAKY_RELU:
		INDEPENDENT_ROUNDS
		for (size_t i = 0; i < n; i++)
			ds[i] = dx[i] * select(x[i] <= 0, a, 1);
		return;
	case MLP_ELU:
		INDEPENDENT_ROUNDS
		for (size_t i = 0; i < n; i++)
			ds[i] = dx[i] * select(x[i] <= 0, x[i] + a, 1);
		return;
	case MLP_SELU:
		INDEPENDENT_ROUNDS
		for (size_t i = 0; i < n; i++)
			ds[i] = dx[i] * select(x[i] <= 0, x[i] + SELU_C * SELU_A, SELU_C);
		return;
	case MLP_SOFTPLUS:
		for (size_t i = 0; i < n; i++)
			ds[i] = dx[i] * -MATH(expm1)(-x[i]);
		return;
	case MLP_SOFTSIGN:
		INDEPENDENT_ROUNDS
		for (size_t i = 0; i < n; i++)
			ds[i] = dx[i] * softsign_derivative(s[i]);
		return;
	case MLP_GELU:
		for (size_t i = 0; i < n; i++)
			ds[i] = dx[i] * gelu_derivative(s[i]);
		return;
	case MLP_SILU:
		for (size_t i = 0; i < n; i++)
			ds[i] = dx[i] * silu_derivative(s[i]);
		return;
	case MLP_SIN:
		for (size_t i = 0; i < n; i++)
			ds[i] = dx[i] * MATH(cos)(s[i]);
		return;
	}
}

void KERNEL(softmax_forward)(const REAL *s, size_t n, size_t lanes, REAL *x)
{
	for (size_t j = 0; j < lanes; j++) {
		REAL largest = s[j];
		for (size_t i = 1; i < n; i++)
			largest = s[i * lanes + j] > largest ? s[i * lanes + j] : largest;
		double sum = 0; /* of as many terms as there are classes, perhaps millions */
		for (size_t i = 0; i < n; i++) {
			x[i * lanes + j] = MATH(exp)(s[i * lanes + j] - largest);
			sum += (double)x[i * lanes + j];
		}
		for (size_t i = 0; i < n; i++)
			x[i * lanes + j] = (REAL)((double)x[i * lanes + j] / sum);
	}
}

void KERNEL(softmax_backward)(const REAL *x, const REAL *dx, size_t n, size_t lanes, REAL *ds)
{
	for (size_t j = 0; j < lanes; j++) {
		double dot = 0;
		for (size_t i = 0; i < n; i++)
			dot += (double)x[i * lanes + j] * (double)dx[i * lanes + j];
		for (size_t i = 0; i < n; i++)
			ds[i * lanes + j] =
				x[i * lanes + j] * (REAL)((double)dx[i * lanes + j] - dot);
	}
}
