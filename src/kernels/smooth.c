/* Losses of single outputs that take exponentials, on vectors of doubles: compiled for f64 alone. */
#include "kernels/smooth.h"

#include "kernels/vmath.h"

struct value_and_slope {
	VECTOR value, slope;
};

typedef struct value_and_slope smooth_function(VECTOR y, VECTOR t);

/* With d = |y - t|, m = exp(-d) - 1 and q = 1 + m: log cosh d is log(1 + m^2 / (2 q)) near 0, where
 * cosh is near 1, and d - log 2 + log(1 + q^2) further out; tanh d = (1 - q^2) / (1 + q^2). */
VECTOR_INLINE struct value_and_slope log_cosh(VECTOR y, VECTOR t)
{
	VECTOR e = y - t, d = vector_abs(e);
	VECTOR m = vector_expm1_negative(-d), q = 1 + m;
	VECTOR_INT far = d >= 1;
	VECTOR log = vector_log1p_unit(vector_select(far, q * q, m * m / (2 * q)));
	VECTOR tanh = vector_abs(m) * (1 + q) / (1 + q * q);
	return (struct value_and_slope){log + vector_select(far, d - LN_2, vector_all(0)),
					vector_with_sign(tanh, e)};
}

/* By the smaller of the two probabilities, e / (1 + e), so that nothing cancels near saturation. */
VECTOR_INLINE struct value_and_slope binary_cross_entropy(VECTOR y, VECTOR t)
{
	VECTOR e = vector_exp_negative(-vector_abs(y)), p = e / (1 + e);
	VECTOR loss = vector_select(y < 0, vector_all(0), y) - t * y + vector_log1p_unit(e);
	return (struct value_and_slope){loss, vector_select(y < 0, p - t, (1 - t) - p)};
}

VECTOR_INLINE struct value_and_slope poisson(VECTOR y, VECTOR t)
{
	VECTOR rate = vector_exp(y);
	return (struct value_and_slope){rate - t * y, rate - t};
}

VECTOR_INLINE void map_smooth(smooth_function *f, const double *y, const double *t, size_t n,
			      double *value, double *slope)
{
	for (size_t i = 0; i < n; i += LANES) {
		struct value_and_slope both = f(vector_load(y + i), vector_load(t + i));
		vector_store(value + i, both.value);
		vector_store(slope + i, both.slope);
	}
}

void DOUBLE_KERNEL(smooth_losses)(mlp_loss loss, const double *y, const double *t, size_t n,
				  double *value, double *slope)
{
	if (loss == MLP_LOG_COSH)
		map_smooth(log_cosh, y, t, n, value, slope);
	else if (loss == MLP_POISSON)
		map_smooth(poisson, y, t, n, value, slope);
	else
		map_smooth(binary_cross_entropy, y, t, n, value, slope);
}
