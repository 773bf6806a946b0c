/* Second derivatives of activations and losses. */
#include "kernels/curvature.h"

#include <math.h>
#include <string.h>

#include "kernels/map.h"
#include "kernels/vmath.h"

#define INV_SQRT_2_PI ((REAL)0.39894228040143267794)

/* Klambauer et al. 2017, eq. 14: their product, all that the second derivative needs. */
#define SELU_C_A ((REAL)1.7580993408473768599402175208123)

/* ---- sigma'', from x where it determines it --------------------------------------------------- */

VECTOR_INLINE VECTOR sigmoid_curvature(VECTOR x, VECTOR a)
{
	(void)a;
	return x * (1 - x) * (1 - 2 * x);
}

VECTOR_INLINE VECTOR tanh_curvature(VECTOR x, VECTOR a)
{
	(void)a;
	return -2 * x * (1 - x * x);
}

VECTOR_INLINE VECTOR elu_curvature(VECTOR x, VECTOR a)
{
	return vector_unless(x > 0, x + a);
}

/* p (1 - p), p = 1 - exp(-x) */
VECTOR_INLINE VECTOR softplus_curvature(VECTOR x, VECTOR a)
{
	(void)a;
	return -vector_expm1_negative(-x) * vector_exp_negative(-x);
}

/* -2 / (1 + |s|)^3 with the sign of s; it jumps at 0, where it is taken as 0 */
VECTOR_INLINE VECTOR softsign_curvature(VECTOR s, VECTOR a)
{
	(void)a;
	VECTOR d = 1 + vector_abs(s);
	VECTOR magnitude = vector_unless(s == 0, 2 / (d * d * d));
	return -vector_with_sign(magnitude, s);
}

/* phi(s) (2 - s^2) */
VECTOR_INLINE VECTOR gelu_curvature(VECTOR s, VECTOR a)
{
	(void)a;
	VECTOR t = vector_abs(s);
	VECTOR_INT far = t > -PHI_LEAST;
	t = vector_unless(far, t);
	return vector_unless(far, bell_times(INV_SQRT_2_PI * (2 - t * t), t));
}

/* p (1 - p) (2 + s (1 - 2 p)), an even function: with e = exp(-|s|), p = 1 / (1 + e) */
VECTOR_INLINE VECTOR silu_curvature(VECTOR s, VECTOR a)
{
	(void)a;
	VECTOR t = vector_abs(s), e = vector_exp_negative(-t), p = 1 / (1 + e);
	return e * p * p * (2 - t * (1 - e) * p);
}

VECTOR_INLINE VECTOR sine_curvature(VECTOR x, VECTOR a)
{
	(void)a;
	return -x;
}

/* Rds += curvature(v) .* Rs .* dx, v being s or x */
VECTOR_INLINE void map_curvature(function *curvature, REAL a, const REAL *v, const REAL *Rs,
				 const REAL *dx, size_t n, REAL *Rds)
{
	VECTOR parameter = vector_all(a);
	for (size_t i = 0; i < n; i += LANES) {
		VECTOR c = curvature(vector_load_most(v + i, n - i, 0), parameter);
		c *= vector_load_most(Rs + i, n - i, 0) * vector_load_most(dx + i, n - i, 0);
		vector_store_most(Rds + i, n - i, vector_load_most(Rds + i, n - i, 0) + c);
	}
}

void KERNEL(activation_curvature)(mlp_activation activation, REAL a, const REAL *s, const REAL *x,
				  const REAL *Rs, const REAL *dx, size_t n, REAL *Rds)
{
	switch (activation) {
	case MLP_IDENTITY: /* straight, in one piece or two */
	case MLP_RELU:
	case MLP_LEAKY_RELU:
	case MLP_SOFTMAX: /* not of single values: below */
		return;
	case MLP_SIGMOID:
		map_curvature(sigmoid_curvature, a, x, Rs, dx, n, Rds);
		return;
	case MLP_TANH:
		map_curvature(tanh_curvature, a, x, Rs, dx, n, Rds);
		return;
	case MLP_ELU:
		map_curvature(elu_curvature, a, x, Rs, dx, n, Rds);
		return;
	case MLP_SELU:
		map_curvature(elu_curvature, SELU_C_A, x, Rs, dx, n, Rds);
		return;
	case MLP_SOFTPLUS:
		map_curvature(softplus_curvature, a, x, Rs, dx, n, Rds);
		return;
	case MLP_SOFTSIGN:
		map_curvature(softsign_curvature, a, s, Rs, dx, n, Rds);
		return;
	case MLP_GELU:
		map_curvature(gelu_curvature, a, s, Rs, dx, n, Rds);
		return;
	case MLP_SILU:
		map_curvature(silu_curvature, a, s, Rs, dx, n, Rds);
		return;
	case MLP_SIN:
		map_curvature(sine_curvature, a, x, Rs, dx, n, Rds);
		return;
	case MLP_ACTIVATION_MAX_ENUM:
		break;
	}
}

/* Of sample j alone: outputs are few beside the units of hidden layers. */
static void softmax_column(const REAL *x, const REAL *Rx, const REAL *dx, size_t n, size_t lanes,
			   REAL *Rds)
{
	double dot = 0, R_dot = 0;
	for (size_t i = 0; i < n * lanes; i += lanes) {
		dot += (double)x[i] * (double)dx[i];
		R_dot += (double)Rx[i] * (double)dx[i];
	}
	for (size_t i = 0; i < n * lanes; i += lanes)
		Rds[i] += (REAL)((double)Rx[i] * ((double)dx[i] - dot) - (double)x[i] * R_dot);
}

void KERNEL(softmax_curvature)(const REAL *x, const REAL *Rx, const REAL *dx, size_t n,
			       size_t lanes, REAL *Rds)
{
	for (size_t j = 0; j < lanes; j++)
		softmax_column(x + j, Rx + j, dx + j, n, lanes, Rds + j);
}

/* ---- losses, in double -------------------------------------------------------------------------- */

static double loss_one_curvature(mlp_loss loss, double a, double y, double t)
{
	double e;
	switch (loss) {
	case MLP_SQUARED_ERROR:
		return 1;
	case MLP_HUBER:
		return fabs(y - t) <= a;
	case MLP_LOG_COSH: /* 1 / cosh^2 */
		e = exp(-2 * fabs(y - t));
		return 4 * e / ((1 + e) * (1 + e));
	case MLP_BINARY_CROSS_ENTROPY: /* p (1 - p) */
		e = exp(-fabs(y));
		return e / ((1 + e) * (1 + e));
	case MLP_POISSON:
		return exp(y);
	case MLP_ABSOLUTE_ERROR:
	case MLP_CROSS_ENTROPY: /* not of single outputs: below */
	case MLP_LOSS_MAX_ENUM:
		break;
	}
	return 0;
}

/* sum t p .* (Ry - p . Ry), p the softmax of y */
static void cross_entropy_curvature(const REAL *y, double sum_t, size_t width, REAL scale,
				    const REAL *Ry, REAL *Rdl)
{
	double largest = (double)y[0], sum = 0, dot = 0;
	for (size_t i = 1; i < width; i++)
		largest = fmax(largest, (double)y[i]);
	for (size_t i = 0; i < width; i++) {
		double e = exp((double)y[i] - largest);
		sum += e;
		dot += e * (double)Ry[i];
	}
	dot /= sum;
	for (size_t i = 0; i < width; i++)
		Rdl[i] = scale *
			 (REAL)(sum_t * exp((double)y[i] - largest) / sum * ((double)Ry[i] - dot));
}

/* Of the labels, which the loss's parameter smooths: what it takes from them it gives back as 1. */
static double sum_of_labels(const REAL *t, double parameter, size_t width)
{
	double sum = 0;
	for (size_t i = 0; i < width; i++)
		sum += (double)t[i];
	return (1 - parameter) * sum + parameter;
}

void KERNEL(loss_row_curvature)(const struct mlp_objective *objective, size_t row, const REAL *y,
				size_t width, const REAL *Ry, REAL *Rdl)
{
	if (FN(is_left_out)(objective, row)) {
		memset(Rdl, 0, width * sizeof(REAL));
		return;
	}
	REAL scale = FN(row_scale)(objective, row);
	const REAL *t = objective->classes == NULL ? objective->values + row * objective->ld : NULL;
	if (objective->loss == MLP_CROSS_ENTROPY) {
		double sum_t =
			t == NULL ? 1 : sum_of_labels(t, (double)objective->parameter, width);
		cross_entropy_curvature(y, sum_t, width, scale, Ry, Rdl);
		return;
	}
	for (size_t i = 0; i < width; i++)
		Rdl[i] = scale *
			 (REAL)(loss_one_curvature(objective->loss, (double)objective->parameter,
						   (double)y[i], (double)t[i]) *
				(double)Ry[i]);
}
