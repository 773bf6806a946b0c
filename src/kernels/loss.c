/* Losses of single rows. The value is summed in double whatever the element type, in an order that
 * depends on the width alone. dl may be y: each number is read before its place is written. */
#include "kernels/loss.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "kernels/smooth.h"
#include "kernels/vmath.h"

/* ---- of single outputs, without exponentials: value and slope as functions of y - t ------------- */

typedef double value_function(double e, double a);
typedef REAL slope_function(REAL d, REAL a);

VECTOR_INLINE double squared(double e, double a)
{
	(void)a;
	return 0.5 * e * e;
}

VECTOR_INLINE REAL difference(REAL d, REAL a)
{
	(void)a;
	return d;
}

VECTOR_INLINE double absolute(double e, double a)
{
	(void)a;
	return fabs(e);
}

VECTOR_INLINE REAL sign(REAL d, REAL a)
{
	(void)a;
	return d == 0 ? 0 : MATH(copysign)(1, d);
}

VECTOR_INLINE double huber(double e, double a)
{
	return fabs(e) > a ? a * (fabs(e) - 0.5 * a) : 0.5 * e * e;
}

VECTOR_INLINE REAL clipped(REAL d, REAL a)
{
	return MATH(fabs)(d) > a ? MATH(copysign)(a, d) : d;
}

/* As many running sums as a vector has lanes; what is left of the row comes after them. */
VECTOR_INLINE double each(value_function *value, slope_function *slope, REAL a, const REAL *y,
			  const REAL *t, size_t width, REAL scale, REAL *dl)
{
	double sum = 0;
	size_t i = 0;
	if (width >= LANES) {
		double sums[LANES] = {0};
		for (; i + LANES <= width; i += LANES) {
			VECTOR yi = vector_load(y + i), ti = vector_load(t + i);
			REAL slopes[LANES];
			for (size_t j = 0; j < LANES; j++)
				sums[j] += value((double)yi[j] - (double)ti[j], (double)a);
			for (size_t j = 0; j < LANES; j++)
				slopes[j] = scale * slope(yi[j] - ti[j], a);
			if (dl != NULL)
				memcpy(dl + i, slopes, sizeof(slopes));
		}
		sum = sum_of_lanes(sums);
	}
	for (; i < width; i++) {
		REAL d = y[i] - t[i];
		sum += value((double)y[i] - (double)t[i], (double)a);
		if (dl != NULL)
			dl[i] = scale * slope(d, a);
	}
	return sum;
}

/* ---- of single outputs, with exponentials ------------------------------------------------------ */

static double each_smooth(mlp_loss loss, const REAL *y, const REAL *t, size_t width, REAL scale,
			  REAL *dl)
{
	enum { CHUNK = 32 };
	double sum = 0;
	for (size_t i = 0; i < width; i += CHUNK) {
		size_t n = width - i < CHUNK ? width - i : CHUNK;
		double y_wide[CHUNK], t_wide[CHUNK], value[CHUNK], slope[CHUNK];
		for (size_t j = 0; j < n; j++) {
			y_wide[j] = (double)y[i + j];
			t_wide[j] = (double)t[i + j];
		}
		size_t padded = n;
		for (; padded % DOUBLE_LANES != 0; padded++)
			y_wide[padded] = t_wide[padded] = 0;
		DOUBLE_KERNEL(smooth_losses)(loss, y_wide, t_wide, padded, value, slope);
		for (size_t j = 0; j < n; j++)
			sum += value[j];
		for (size_t j = 0; dl != NULL && j < n; j++)
			dl[i + j] = scale * (REAL)slope[j];
	}
	return sum;
}

/* ---- of whole rows ---------------------------------------------------------------------------- */

/* Number of the first of the largest. */
static size_t largest_of(const REAL *s, size_t width)
{
	REAL largest = s[0];
	size_t i = 1, k = 0;
	if (width >= 2 * LANES) {
		VECTOR most = vector_load(s);
		for (i = LANES; i + LANES <= width; i += LANES)
			most = vector_at_least(most, vector_load(s + i));
		for (size_t j = 0; j < LANES; j++)
			largest = most[j] > largest ? most[j] : largest;
	}
	for (; i < width; i++)
		largest = s[i] > largest ? s[i] : largest;
	while (k < width && s[k] != largest)
		k++;
	return k < width ? k : 0; /* NaN equals nothing */
}

/* The number of each lane. */
static VECTOR_INT lane_numbers(void)
{
	REAL_INT number[LANES];
	VECTOR_INT v;
	for (size_t j = 0; j < LANES; j++)
		number[j] = (REAL_INT)j;
	memcpy(&v, number, sizeof(v));
	return v;
}

/* Sums over a row but for its largest logit, number k: of exp(s_i - s_k), and of t_i; and over all of it,
 * of t_i (s_k - s_i). */
struct row_sums {
	double rest, other_t, distance;
};

/* The exponentials go to e (NULL: not wanted), which may be s. */
static struct row_sums row_sums(const REAL *s, const REAL *t, size_t k, size_t width, REAL *e)
{
	double rest[LANES] = {0}, other_t[LANES] = {0}, distance[LANES] = {0};
	const REAL largest = s[k];
	for (size_t i = 0; i < width; i += LANES) {
		VECTOR si = vector_load_most(s + i, width - i, (REAL)-INFINITY);
		VECTOR ei = vector_exp_negative(si - largest), ti = NOTHING;
		if (t != NULL) {
			ti = vector_load_most(t + i, width - i, 0);
			for (size_t j = 0; j < LANES; j++) {
				/* a class of probability 0 may have the logit -inf */
				double far = (double)largest - (double)si[j];
				distance[j] += ti[j] != 0 ? (double)ti[j] * far : 0;
			}
		}
		if (e != NULL)
			vector_store_most(e + i, width - i, ei);
		if (k - i < LANES) {
			VECTOR_INT is_k = lane_numbers() == (REAL_INT)(k - i);
			ei = vector_select(is_k, vector_all(0), ei);
			ti = vector_select(is_k, vector_all(0), ti);
		}
		add_lanes(ei, rest);
		if (t != NULL)
			add_lanes(ti, other_t);
	}
	return (struct row_sums){sum_of_lanes(rest), sum_of_lanes(other_t), sum_of_lanes(distance)};
}

/* sum_i t_i (log sum_j exp s_j - s_i), and p sum t - t with p the softmax of s. The largest s, number
 * k, is kept apart: with rest = sum of exp(s_j - s_k) over j != k, log sum = s_k + log1p(rest) and
 * p_k - 1 = -rest / (1 + rest) keep their digits when p_k is nearly 1. */
static double cross_entropy(const REAL *s, const REAL *t, size_t width, REAL scale, REAL *dl)
{
	size_t k = largest_of(s, width);
	double t_k = (double)t[k];
	struct row_sums sums = row_sums(s, t, k, width, dl);
	double sum_t = sums.other_t + t_k;
	if (dl != NULL) {
		double factor = sum_t / (1 + sums.rest);
		INDEPENDENT_ROUNDS
		for (size_t i = 0; i < width; i++)
			dl[i] = scale * (REAL)((double)dl[i] * factor - (double)t[i]);
		dl[k] = scale * (REAL)(sums.other_t - sums.rest * factor);
	}
	return sum_t * log1p(sums.rest) + sums.distance;
}

/* The same for t = 1 at the class c and 0 elsewhere. */
static double class_entropy(const REAL *s, size_t c, size_t width, REAL scale, REAL *dl)
{
	size_t k = largest_of(s, width);
	double distance = (double)s[k] - (double)s[c];
	double rest = row_sums(s, NULL, k, width, dl).rest;
	if (dl != NULL) {
		double factor = 1 / (1 + rest), e_c = (double)dl[c];
		INDEPENDENT_ROUNDS
		for (size_t i = 0; i < width; i++)
			dl[i] = scale * (REAL)((double)dl[i] * factor);
		dl[k] = scale * (REAL)(1 - rest * factor);
		dl[c] = scale * (REAL)(c == k ? -rest * factor : e_c * factor - 1);
	}
	return log1p(rest) + distance;
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
		return class_entropy(y, (size_t)objective->classes[row], width, scale, dl);
	const REAL *t = objective->values + row * objective->ld;
	REAL a = objective->parameter;
	switch (objective->loss) {
	case MLP_SQUARED_ERROR:
		return each(squared, difference, a, y, t, width, scale, dl);
	case MLP_ABSOLUTE_ERROR:
		return each(absolute, sign, a, y, t, width, scale, dl);
	case MLP_HUBER:
		return each(huber, clipped, a, y, t, width, scale, dl);
	case MLP_LOG_COSH:
	case MLP_BINARY_CROSS_ENTROPY:
	case MLP_POISSON:
		return each_smooth(objective->loss, y, t, width, scale, dl);
	case MLP_CROSS_ENTROPY:
		break;
	}
	return cross_entropy(y, t, width, scale, dl);
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
