/* Losses of single rows. The value is summed in double whatever the element type, in an order that
 * depends on the width and the instruction set alone. dl may be y: each number is read before its place
 * is written. */
#include "kernels/loss.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "kernels/smooth.h"
#include "kernels/vmath.h"

/* ---- of single outputs, one by one: what is left of a row beside whole vectors ------------------- */

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
VECTOR_INLINE double loss_one(mlp_loss loss, double a, double y, double t, double *slope)
{
	double d = y - t, e;
	switch (loss) {
	case MLP_SQUARED_ERROR:
		*slope = d;
		return 0.5 * d * d;
	case MLP_ABSOLUTE_ERROR:
		*slope = d == 0 ? 0 : copysign(1, d);
		return fabs(d);
	case MLP_HUBER:
		*slope = fabs(d) > a ? copysign(a, d) : d;
		return fabs(d) > a ? a * (fabs(d) - 0.5 * a) : 0.5 * d * d;
	case MLP_LOG_COSH:
		*slope = tanh(d);
		return log_cosh(d);
	case MLP_BINARY_CROSS_ENTROPY:
		/* by the smaller of the two probabilities, so that nothing cancels near saturation */
		e = exp(-fabs(y));
		*slope = y < 0 ? e / (1 + e) - t : (1 - t) - e / (1 + e);
		return (y < 0 ? 0 : y) - t * y + log1p(e);
	case MLP_POISSON:
		e = exp(y);
		*slope = e - t;
		return e - t * y;
	case MLP_CROSS_ENTROPY: /* not of single outputs */
	case MLP_LOSS_MAX_ENUM:
		break;
	}
	*slope = 0;
	return 0;
}

VECTOR_INLINE double each_one(mlp_loss loss, REAL a, const REAL *y, const REAL *t, size_t width,
			      REAL scale, REAL *dl)
{
	double sum = 0;
	for (size_t i = 0; i < width; i++) {
		double slope;
		sum += loss_one(loss, (double)a, (double)y[i], (double)t[i], &slope);
		if (dl != NULL)
			dl[i] = scale * (REAL)slope;
	}
	return sum;
}

/* ---- of single outputs, without exponentials ---------------------------------------------------- */

/* The slope as a function of d = y - t, and the value of it and of e, the same difference in double. */
typedef VECTOR slope_function(VECTOR d, VECTOR a);
typedef double value_function(double e, double slope);

VECTOR_INLINE VECTOR difference(VECTOR d, VECTOR a)
{
	(void)a;
	return d;
}

VECTOR_INLINE double half_square(double e, double slope)
{
	(void)slope;
	return 0.5 * e * e;
}

VECTOR_INLINE VECTOR sign(VECTOR d, VECTOR a)
{
	(void)a;
	return vector_with_sign(vector_unless(d == 0, vector_all(1)), d);
}

VECTOR_INLINE double magnitude(double e, double slope)
{
	return e * slope;
}

VECTOR_INLINE VECTOR clipped(VECTOR d, VECTOR a)
{
	return vector_at_most(vector_at_least(d, -a), a);
}

/* e^2 / 2, and its tangent from |e| = a on. That the slope is rounded to float does not matter: near
 * slope = e the value is flat as a function of it. */
VECTOR_INLINE double huber(double e, double slope)
{
	return slope * (e - 0.5 * slope);
}

/* As many running sums as a vector has lanes; what is left of the row comes after them. */
VECTOR_INLINE double each(slope_function *slope, value_function *value, mlp_loss loss, REAL a,
			  const REAL *y, const REAL *t, size_t width, REAL scale, REAL *dl)
{
	double sum[LANES] = {0};
	size_t whole = width - width % LANES;
	for (size_t i = 0; i < whole; i += LANES) {
		VECTOR yi = vector_load(y + i), ti = vector_load(t + i);
		VECTOR slopes = slope(yi - ti, vector_all(a));
		for (size_t j = 0; j < LANES; j++)
			sum[j] += value((double)yi[j] - (double)ti[j], (double)slopes[j]);
		if (dl != NULL)
			vector_store(dl + i, scale * slopes);
	}
	double rest = each_one(loss, a, y + whole, t + whole, width - whole, scale,
			       dl != NULL ? dl + whole : NULL);
	return whole == 0 ? rest : sum_of_lanes(sum) + rest;
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

/* What a row of logits is compared with: t, or 1 for the class c if t is NULL; of which, if labels are
 * smoothed, `keep` is kept and the rest shared out evenly, `share` for each. */
struct labels {
	const REAL *t;
	size_t c;
	bool smooth;
	REAL keep, share;
};

static REAL label_of(struct labels labels, size_t i)
{
	REAL t = labels.t != NULL ? labels.t[i] : (REAL)(labels.c == i);
	return labels.smooth ? labels.keep * t + labels.share : t;
}

/* Labels as they were given, from number i on, and 0 beyond the row. */
VECTOR_INLINE VECTOR given_from(struct labels labels, size_t width, size_t i)
{
	if (labels.t != NULL)
		return vector_load_most(labels.t + i, width - i, 0);
	if (labels.c - i >= LANES)
		return vector_all(0);
	return vector_select(lane_numbers() == (REAL_INT)(labels.c - i), vector_all(1),
			     vector_all(0));
}

/* Those that count, likewise. */
VECTOR_INLINE VECTOR labels_from(struct labels labels, size_t width, size_t i)
{
	VECTOR t = given_from(labels, width, i);
	if (!labels.smooth)
		return t;
	t = labels.keep * t + labels.share;
	if (width - i >= LANES)
		return t;
	return vector_unless(lane_numbers() >= (REAL_INT)(width - i), t);
}

struct row_sums {
	double rest;     /* exp(s_i - s_k) over all i but k, the number of the largest */
	double other_t;  /* t_i, likewise */
	double distance; /* t_i (s_k - s_i) over all */
	VECTOR e;        /* exponentials of the last vector, which may be incomplete */
};

/* The exponentials of all vectors but the last go to e (NULL: not wanted), which may be s. */
VECTOR_INLINE struct row_sums row_sums(const REAL *s, struct labels labels, size_t k, size_t width,
				       REAL *e)
{
	const bool one_class = labels.t == NULL && !labels.smooth;
	double rest[LANES] = {0}, other_t[LANES] = {0}, distance[LANES] = {0};
	const REAL largest = s[k];
	struct row_sums sums = {.other_t = labels.c != k,
				.distance = one_class ? (double)largest - (double)s[labels.c] : 0};
	for (size_t i = 0; i < width; i += LANES) {
		VECTOR si = vector_load_most(s + i, width - i, largest);
		sums.e = vector_exp_negative(si - largest);
		if (e != NULL && width - i > LANES)
			vector_store(e + i, sums.e);
		VECTOR_INT is_k = {0}, is_beyond = {0};
		if (k - i < LANES)
			is_k = lane_numbers() == (REAL_INT)(k - i);
		if (width - i < LANES)
			is_beyond = lane_numbers() >= (REAL_INT)(width - i);
		add_lanes(vector_unless(is_k | is_beyond, sums.e), rest);
		if (!one_class) {
			VECTOR ti = labels_from(labels, width, i);
			/* a class of probability 0 may have the logit -inf */
			VECTOR sj = vector_select(ti == 0, vector_all(largest), si);
			for (size_t j = 0; j < LANES; j++)
				distance[j] += (double)ti[j] * ((double)largest - (double)sj[j]);
			add_lanes(vector_unless(is_k, ti), other_t);
		}
	}
	sums.rest = sum_of_lanes(rest);
	if (!one_class) {
		sums.other_t = sum_of_lanes(other_t);
		sums.distance = sum_of_lanes(distance);
	}
	return sums;
}

/* sum_i t_i (log sum_j exp s_j - s_i), and p sum t - t with p the softmax of s. The largest s, number
 * k, is kept apart: with rest = sum of exp(s_j - s_k) over j != k, log sum = s_k + log1p(rest) and
 * p_k - 1 = -rest / (1 + rest) keep their digits when p_k is nearly 1. */
VECTOR_INLINE double cross_entropy(const REAL *s, struct labels labels, size_t width, REAL scale,
				   REAL *dl)
{
	size_t k = largest_of(s, width);
	double t_k = (double)label_of(labels, k);
	struct row_sums sums = row_sums(s, labels, k, width, dl);
	double sum_t = sums.other_t + t_k, factor = sum_t / (1 + sums.rest);
	if (dl != NULL) {
		size_t last = (width - 1) / LANES * LANES;
		for (size_t i = 0; i < last; i += LANES) {
			VECTOR p = vector_load(dl + i) * (REAL)factor;
			vector_store(dl + i, scale * (p - labels_from(labels, width, i)));
		}
		VECTOR p = sums.e * (REAL)factor;
		vector_store_most(dl + last, width - last,
				  scale * (p - labels_from(labels, width, last)));
		dl[k] = scale * (REAL)(sums.other_t - sums.rest * factor);
	}
	return sum_t * log1p(sums.rest) + sums.distance;
}

static double class_entropy(const REAL *s, size_t c, size_t width, REAL scale, REAL *dl)
{
	return cross_entropy(s, (struct labels){.c = c}, width, scale, dl);
}

static double target_entropy(const REAL *s, const REAL *t, size_t width, REAL scale, REAL *dl)
{
	return cross_entropy(s, (struct labels){.t = t}, width, scale, dl);
}

/* Of a class, or of targets, smoothed. */
static double smoothed_entropy(const REAL *s, struct labels labels, size_t width, REAL scale,
			       REAL *dl)
{
	labels.smooth = true;
	return cross_entropy(s, labels, width, scale, dl);
}

/* Labels of a row, smoothed by the loss's parameter: t' = (1 - parameter) t + parameter / width. */
static struct labels labels_of(const struct mlp_objective *objective, size_t row, size_t width)
{
	double parameter = (double)objective->parameter;
	struct labels labels = {.smooth = parameter > 0,
				.keep = (REAL)(1 - parameter),
				.share = (REAL)(parameter / (double)width)};
	if (objective->classes != NULL)
		labels.c = (size_t)objective->classes[row];
	else
		labels.t = objective->values + row * objective->ld;
	return labels;
}

double KERNEL(loss_row)(const struct mlp_objective *objective, size_t row, const REAL *y,
			size_t width, REAL *dl)
{
	if (FN(is_left_out)(objective, row)) {
		if (dl != NULL)
			memset(dl, 0, width * sizeof(REAL));
		return 0;
	}
	REAL scale = FN(row_scale)(objective, row);
	if (objective->loss == MLP_CROSS_ENTROPY && objective->parameter > 0)
		return smoothed_entropy(y, labels_of(objective, row, width), width, scale, dl);
	if (objective->classes != NULL)
		return class_entropy(y, (size_t)objective->classes[row], width, scale, dl);
	const REAL *t = objective->values + row * objective->ld;
	REAL a = objective->parameter;
	mlp_loss loss = objective->loss;
	switch (loss) {
	case MLP_SQUARED_ERROR:
		return each(difference, half_square, MLP_SQUARED_ERROR, a, y, t, width, scale, dl);
	case MLP_ABSOLUTE_ERROR:
		return each(sign, magnitude, MLP_ABSOLUTE_ERROR, a, y, t, width, scale, dl);
	case MLP_HUBER:
		return each(clipped, huber, MLP_HUBER, a, y, t, width, scale, dl);
	case MLP_LOG_COSH:
	case MLP_BINARY_CROSS_ENTROPY:
	case MLP_POISSON:
		if (width <= 2) /* a vector would not pay */
			return each_one(loss, a, y, t, width, scale, dl);
		return each_smooth(loss, y, t, width, scale, dl);
	case MLP_CROSS_ENTROPY:
	case MLP_LOSS_MAX_ENUM:
		break;
	}
	return target_entropy(y, t, width, scale, dl);
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
	if (FN(is_left_out)(objective, row)) {
		memset(dl, 0, width * sizeof(REAL));
		return;
	}
	REAL scale = FN(row_scale)(objective, row);
	struct labels labels = labels_of(objective, row, width);
	for (size_t i = 0; i < width; i++) {
		REAL ti = label_of(labels, i);
		dl[i] = entropy_slope(ti, x[i]);
		if (objective->loss == MLP_BINARY_CROSS_ENTROPY)
			dl[i] -= entropy_slope(1 - ti, 1 - x[i]);
		dl[i] *= scale;
	}
}
