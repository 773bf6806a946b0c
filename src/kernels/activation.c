/* Activation functions, value and derivative, on whole vectors.
 *
 * Every formula is the one that stays accurate at large |s|. NaN goes through: comparisons are
 * written so that it takes the branch that computes with s. Both branches of a choice are computed and
 * one is taken, as vectors must. */
#include "kernels/activation.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "kernels/map.h"
#include "kernels/vmath.h"
#include "kernels/vsin.h"

/* Self-normalising constants, Klambauer et al. 2017, eq. 14. */
#define SELU_A ((REAL)1.6732632423543772848170429916717)
#define SELU_C ((REAL)1.0507009873554804934193349852946)

#define INV_SQRT_2_PI ((REAL)0.39894228040143267794)

/* With slope 0 a leaky ReLU is a ReLU, and infinity times 0 not asked for. */
static mlp_activation plain(mlp_activation activation, REAL a)
{
	return activation == MLP_LEAKY_RELU && a == 0 ? MLP_RELU : activation;
}

/* ---- values --------------------------------------------------------------------------------- */

VECTOR_INLINE VECTOR sigmoid(VECTOR s, VECTOR a)
{
	(void)a;
	return vector_logistic(s);
}

VECTOR_INLINE VECTOR hyperbolic_tangent(VECTOR s, VECTOR a)
{
	(void)a;
	return vector_tanh(s);
}

VECTOR_INLINE VECTOR relu(VECTOR s, VECTOR a)
{
	(void)a;
	return vector_select(s <= 0, vector_all(0), s);
}

VECTOR_INLINE VECTOR leaky_relu(VECTOR s, VECTOR a)
{
	return s * vector_select(s <= 0, a, vector_all(1));
}

VECTOR_INLINE VECTOR elu(VECTOR s, VECTOR a)
{
	VECTOR negative = vector_select(s > 0, vector_all(0), s);
	return vector_select(s > 0, s, a * vector_expm1_negative(negative));
}

VECTOR_INLINE VECTOR selu(VECTOR s, VECTOR a)
{
	(void)a;
	return SELU_C * elu(s, vector_all(SELU_A));
}

/* max(s, 0) + log(1 + exp(-|s|)) */
VECTOR_INLINE VECTOR softplus(VECTOR s, VECTOR a)
{
	(void)a;
	VECTOR e = vector_exp_negative(-vector_abs(s));
	return vector_at_least(s, vector_all(0)) + vector_log1p_unit(e);
}

VECTOR_INLINE VECTOR softsign(VECTOR s, VECTOR a)
{
	(void)a;
	VECTOR magnitude = vector_abs(s);
	VECTOR one = vector_with_sign(vector_all(1), s);
	return vector_select(magnitude > REAL_MAX, one, s / (1 + magnitude));
}

/* Far out, where nothing is left of a tail, t is taken as 0, and no time is spent on denormal numbers. */

/* s Phi(s) = max(s, 0) - |s| Phi(-|s|); the tail's factors are small only together, so that the product
 * is rounded once where it is denormal. */
VECTOR_INLINE VECTOR gelu(VECTOR s, VECTOR a)
{
	(void)a;
	VECTOR t = vector_abs(s);
	t = vector_unless(t > -PHI_LEAST, t);
	VECTOR tail = bell_times(t * scaled_normal_tail(t), t);
	return vector_select(s <= 0, vector_all(0), s) - tail;
}

/* t = |s|, e = exp(-|s|) */
VECTOR_INLINE void silu_parts(VECTOR s, VECTOR *t, VECTOR *e)
{
	VECTOR_INT far = vector_abs(s) > -SILU_LEAST;
	*t = vector_unless(far, vector_abs(s));
	*e = vector_unless(far, exp_times(vector_all(1), -*t, NOTHING));
}

/* s / (1 + exp(-s)), with the exponential of -|s| */
VECTOR_INLINE VECTOR silu(VECTOR s, VECTOR a)
{
	(void)a;
	VECTOR t, e;
	silu_parts(s, &t, &e);
	return vector_select(s < 0, exp_times(-t, -t, NOTHING), s) / (1 + e);
}

VECTOR_INLINE VECTOR sine(VECTOR s, VECTOR a)
{
	(void)a;
	return vector_sin(s);
}

/* ---- derivatives, from x where it determines them --------------------------------------------- */

VECTOR_INLINE VECTOR sigmoid_slope(VECTOR x, VECTOR a)
{
	(void)a;
	return x * (1 - x);
}

VECTOR_INLINE VECTOR tanh_slope(VECTOR x, VECTOR a)
{
	(void)a;
	return 1 - x * x;
}

VECTOR_INLINE VECTOR leaky_relu_slope(VECTOR x, VECTOR a)
{
	return vector_select(x <= 0, a, vector_all(1));
}

VECTOR_INLINE VECTOR elu_slope(VECTOR x, VECTOR a)
{
	return vector_select(x <= 0, x + a, vector_all(1));
}

VECTOR_INLINE VECTOR selu_slope(VECTOR x, VECTOR a)
{
	(void)a;
	return vector_select(x <= 0, x + SELU_C * SELU_A, vector_all(SELU_C));
}

VECTOR_INLINE VECTOR softplus_slope(VECTOR x, VECTOR a)
{
	(void)a;
	return -vector_expm1_negative(-x);
}

VECTOR_INLINE VECTOR softsign_slope(VECTOR s, VECTOR a)
{
	(void)a;
	VECTOR d = 1 + vector_abs(s);
	return 1 / (d * d);
}

/* Phi(s) + s phi(s): the one of -|s|, or 1 less that */
VECTOR_INLINE VECTOR gelu_slope(VECTOR s, VECTOR a)
{
	(void)a;
	VECTOR t = vector_abs(s);
	VECTOR_INT far = t > -PHI_LEAST;
	t = vector_unless(far, t);
	VECTOR left = bell_times(scaled_normal_tail(t) - t * INV_SQRT_2_PI, t);
	left = vector_unless(far, left);
	return vector_select(s > 0, 1 - left, left);
}

/* with p the logistic function: p(s) (1 + s p(-s)), of -|s|, or 1 less that */
VECTOR_INLINE VECTOR silu_slope(VECTOR s, VECTOR a)
{
	(void)a;
	VECTOR t, e;
	silu_parts(s, &t, &e);
	VECTOR p = 1 / (1 + e), left = e * p * (1 - t * p);
	return vector_select(s > 0, 1 - left, left);
}

VECTOR_INLINE VECTOR sine_slope(VECTOR s, VECTOR a)
{
	(void)a;
	return vector_cos(s);
}

/* ---- whole arrays --------------------------------------------------------------------------- */

/* ds = dx where x > 0, whatever dx is */
static void relu_backward(const REAL *x, const REAL *dx, size_t n, REAL *ds)
{
	size_t i = 0;
	for (; i + LANES <= n; i += LANES)
		vector_store(ds + i, vector_select(vector_load(x + i) <= 0, vector_all(0),
						   vector_load(dx + i)));
	for (; i < n; i++)
		ds[i] = x[i] <= 0 ? 0 : dx[i];
}

enum { CHUNK = 64 };

static bool any_beyond_sin_most(const REAL *s, size_t n)
{
	VECTOR_INT beyond = {0};
	size_t i = 0;
	for (; i + LANES <= n; i += LANES)
		beyond |= vector_abs(vector_load(s + i)) > SIN_MOST;
	REAL_INT any = 0;
	for (size_t lane = 0; lane < LANES; lane++)
		any |= beyond[lane];
	for (; i < n; i++)
		any |= MATH(fabs)(s[i]) > SIN_MOST;
	return any != 0;
}

/* Chunk by chunk, so that libm can step in where s is huge; s may be x, and is copied for that. */
static void sine_forward(const REAL *s, size_t n, REAL *x)
{
	for (size_t i = 0; i < n; i += CHUNK) {
		size_t m = n - i < CHUNK ? n - i : CHUNK;
		REAL copy[CHUNK];
		bool any = any_beyond_sin_most(s + i, m);
		if (any)
			memcpy(copy, s + i, m * sizeof(REAL));
		map(sine, 0, s + i, m, x + i);
		for (size_t j = 0; any && j < m; j++)
			if (MATH(fabs)(copy[j]) > SIN_MOST)
				x[i + j] = MATH(sin)(copy[j]);
	}
}

static void sine_backward(const REAL *s, const REAL *dx, size_t n, REAL *ds)
{
	for (size_t i = 0; i < n; i += CHUNK) {
		size_t m = n - i < CHUNK ? n - i : CHUNK;
		REAL copy[CHUNK];
		bool any = any_beyond_sin_most(s + i, m);
		if (any)
			memcpy(copy, dx + i, m * sizeof(REAL));
		map_slope(sine_slope, 0, s + i, dx + i, m, ds + i);
		for (size_t j = 0; any && j < m; j++)
			if (MATH(fabs)(s[i + j]) > SIN_MOST)
				ds[i + j] = copy[j] * MATH(cos)(s[i + j]);
	}
}

/* to may be from */
static void copy_values(const REAL *from, size_t n, REAL *to)
{
	if (n > 0)
		memmove(to, from, n * sizeof(REAL));
}

void KERNEL(activation_forward)(mlp_activation activation, REAL a, const REAL *s, size_t n, REAL *x)
{
	switch (plain(activation, a)) {
	case MLP_IDENTITY:
	case MLP_SOFTMAX: /* not of single values: softmax.c */
		copy_values(s, n, x);
		return;
	case MLP_SIGMOID:
		map(sigmoid, a, s, n, x);
		return;
	case MLP_TANH:
		map(hyperbolic_tangent, a, s, n, x);
		return;
	case MLP_RELU:
		map(relu, a, s, n, x);
		return;
	case MLP_LEAKY_RELU:
		map(leaky_relu, a, s, n, x);
		return;
	case MLP_ELU:
		map(elu, a, s, n, x);
		return;
	case MLP_SELU:
		map(selu, a, s, n, x);
		return;
	case MLP_SOFTPLUS:
		map(softplus, a, s, n, x);
		return;
	case MLP_SOFTSIGN:
		map(softsign, a, s, n, x);
		return;
	case MLP_GELU:
		map(gelu, a, s, n, x);
		return;
	case MLP_SILU:
		map(silu, a, s, n, x);
		return;
	case MLP_SIN:
		sine_forward(s, n, x);
		return;
	case MLP_ACTIVATION_MAX_ENUM:
		break;
	}
}

void KERNEL(activation_backward)(mlp_activation activation, REAL a, const REAL *s, const REAL *x,
				 const REAL *dx, size_t n, REAL *ds)
{
	switch (plain(activation, a)) {
	case MLP_IDENTITY:
	case MLP_SOFTMAX: /* not of single values: softmax.c */
		copy_values(dx, n, ds);
		return;
	case MLP_SIGMOID:
		map_slope(sigmoid_slope, a, x, dx, n, ds);
		return;
	case MLP_TANH:
		map_slope(tanh_slope, a, x, dx, n, ds);
		return;
	case MLP_RELU:
		relu_backward(x, dx, n, ds);
		return;
	case MLP_LEAKY_RELU:
		map_slope(leaky_relu_slope, a, x, dx, n, ds);
		return;
	case MLP_ELU:
		map_slope(elu_slope, a, x, dx, n, ds);
		return;
	case MLP_SELU:
		map_slope(selu_slope, a, x, dx, n, ds);
		return;
	case MLP_SOFTPLUS:
		map_slope(softplus_slope, a, x, dx, n, ds);
		return;
	case MLP_SOFTSIGN:
		map_slope(softsign_slope, a, s, dx, n, ds);
		return;
	case MLP_GELU:
		map_slope(gelu_slope, a, s, dx, n, ds);
		return;
	case MLP_SILU:
		map_slope(silu_slope, a, s, dx, n, ds);
		return;
	case MLP_SIN:
		sine_backward(s, dx, n, ds);
		return;
	case MLP_ACTIVATION_MAX_ENUM:
		break;
	}
}
