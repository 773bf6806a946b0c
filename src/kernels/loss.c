/* Losses of single rows. The value is summed in double in the order of the outputs, whatever the
 * element type; the derivative is computed in the element type. */
#include "kernels/loss.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "kernels/logistic.h"

/* log cosh d: from sinh where cosh is near 1, from the exponential where it would overflow. */
static double log_cosh(double d)
{
	d = fabs(d);
	if (d < 1) {
		double half = sinh(d / 2);
		return log1p(2 * half * half);
	}
	return d - log(2) + log1p(exp(-2 * d));
}

/* Loss of one output and its derivative with respect to y. */
static double loss_one(mlp_loss loss, REAL a, REAL y, REAL t, REAL *derivative)
{
	REAL d = y - t;
	double e = (double)y - (double)t;
	switch (loss) {
	case MLP_SQUARED_ERROR:
		*derivative = d;
		return 0.5 * e * e;
	case MLP_ABSOLUTE_ERROR:
		*derivative = d == 0 ? 0 : MATH(copysign)(1, d);
		return fabs(e);
	case MLP_HUBER:
		if (MATH(fabs)(d) > a) {
			*derivative = MATH(copysign)(a, d);
			return (double)a * (fabs(e) - 0.5 * (double)a);
		}
		*derivative = d;
		return 0.5 * e * e;
	case MLP_LOG_COSH:
		*derivative = MATH(tanh)(d);
		return log_cosh(e);
	case MLP_BINARY_CROSS_ENTROPY:
		/* by the smaller of the two probabilities, so that nothing cancels near saturation */
		*derivative = y < 0 ? KERNEL(logistic)(y) - t : (1 - t) - KERNEL(logistic)(-y);
		return (y < 0 ? 0 : (double)y) - (double)t * (double)y +
		       log1p(exp(-fabs((double)y)));
	case MLP_POISSON:
		*derivative = MATH(exp)(y) - t;
		return exp((double)y) - (double)t * (double)y;
	case MLP_CROSS_ENTROPY: /* not of single outputs; see below */
		break;
	}
	*derivative = 0;
	return 0;
}

/* Target probability of output i: t[i], or 1 for the class c if t is NULL. */
static double probability(const REAL *t, size_t c, size_t i)
{
	return t != NULL ? (double)t[i] : (double)(i == c);
}

/* sum_i t_i (log sum_j exp s_j - s_i), and p sum t - t with p the softmax of s. The largest s, number
 * k, is kept apart: with rest = sum of exp(s_j - s_k) over j != k, log sum = s_k + log1p(rest) and
 * p_k - 1 = -rest / (1 + rest) keep their digits when p_k is nearly 1. */
static double cross_entropy(const REAL *s, const REAL *t, size_t c, size_t width, REAL scale,
			    REAL *dl)
{
	size_t k = 0;
	for (size_t i = 1; i < width; i++)
		k = s[i] > s[k] ? i : k;
	const REAL largest = s[k];
	double rest = 0, other_t = 0, value = 0;
	for (size_t i = 0; i < width; i++) {
		rest += i == k ? 0 : (double)MATH(exp)(s[i] - largest);
		other_t += i == k ? 0 : probability(t, c, i);
	}
	double log_sum = log1p(rest), sum_t = other_t + probability(t, c, k);
	for (size_t i = 0; i < width; i++) {
		double ti = probability(t, c, i);
		if (ti != 0) /* a class of probability 0 may have the logit -inf */
			value += ti * (log_sum + ((double)largest - (double)s[i]));
	}
	if (dl == NULL)
		return value;
	double factor = sum_t / (1 + rest);
	for (size_t i = 0; i < width; i++) {
		double slope =
			i == k ? other_t - rest * factor
			       : (double)MATH(exp)(s[i] - largest) * factor - probability(t, c, i);
		dl[i] = scale * (REAL)slope;
	}
	return value;
}

static REAL row_scale(const struct mlp_objective *objective, size_t row)
{
	double weight = objective->weight == NULL ? 1 : (double)objective->weight[row];
	return (REAL)(weight / objective->divisor);
}

/* A row of weight 0 is left out whatever its target is: 0 times NaN would not be 0. */
static bool is_left_out(const struct mlp_objective *objective, size_t row)
{
	return objective->weight != NULL && objective->weight[row] == 0;
}

double KERNEL(loss_row)(const struct mlp_objective *objective, size_t row, const REAL *y,
			size_t width, REAL *dl)
{
	if (is_left_out(objective, row)) {
		if (dl != NULL)
			memset(dl, 0, width * sizeof(REAL));
		return 0;
	}
	REAL scale = row_scale(objective, row);
	if (objective->classes != NULL)
		return cross_entropy(y, NULL, (size_t)objective->classes[row], width, scale, dl);
	const REAL *t = objective->values + row * objective->ld;
	if (objective->loss == MLP_CROSS_ENTROPY)
		return cross_entropy(y, t, 0, width, scale, dl);
	double value = 0;
	for (size_t i = 0; i < width; i++) {
		REAL derivative;
		value += loss_one(objective->loss, objective->parameter, y[i], t[i], &derivative);
		if (dl != NULL)
			dl[i] = scale * derivative;
	}
	return value;
}

/* Cross entropy of a probability x: -t / x, and of its complement; a term of probability 0 is 0. */
static REAL entropy_slope(REAL t, REAL x)
{
	return t == 0 ? 0 : -t / x;
}

/* softmax -t / x, sigmoid -t / x + (1 - t) / (1 - x) */
void KERNEL(loss_row_dx)(const struct mlp_objective *objective, size_t row, const REAL *x,
			 size_t width, REAL *dl)
{
	if (is_left_out(objective, row)) {
		memset(dl, 0, width * sizeof(REAL));
		return;
	}
	REAL scale = row_scale(objective, row);
	const REAL *t = objective->classes == NULL ? objective->values + row * objective->ld : NULL;
	for (size_t i = 0; i < width; i++) {
		REAL ti = t != NULL ? t[i] : (REAL)((size_t)objective->classes[row] == i);
		dl[i] = entropy_slope(ti, x[i]);
		if (objective->loss == MLP_BINARY_CROSS_ENTROPY)
			dl[i] -= entropy_slope(1 - ti, 1 - x[i]);
		dl[i] *= scale;
	}
}
