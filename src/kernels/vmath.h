/* Elementary functions of whole vectors, without branches, tables or calls: arguments are reduced as
 * Cody and Waite (Software Manual for the Elementary Functions, 1980) do it, and a polynomial or a ratio
 * does the rest. Each result is within 4 units in the last place of the exact one (Phi: 5), over the whole
 * range that its comment names, denormal numbers included; NaN goes through. A lane's result depends on
 * nothing but its argument.
 *
 * No step needs a fused multiply-add to be exact, and none is harmed by one. */
#ifndef MLP_KERNELS_VMATH_H
#define MLP_KERNELS_VMATH_H

#include "kernels/vcoefficients.h"
#include "kernels/vector.h"

#if MLP_REAL_BITS == 32
#define EXP_LEAST     ((REAL)-104)        /* exp x rounds to 0 here, */
#define EXP_MOST      ((REAL)89)          /* and to infinity here */
#define LN_2_HIGH     ((REAL)0.693359375) /* 10 bits: exact times an exponent */
#define LN_2_LOW      ((REAL)-2.12194440054690583e-4)
#define ROUND_AWAY    ((REAL)12582912) /* 1.5 2^23: numbers of this size have no fraction */
#define SILU_LEAST    ((REAL)-120)     /* x exp x is 0 here */
#define PHI_LEAST     ((REAL)-14.5)    /* x Phi(x) is 0 here */
#define HALF_MANTISSA 0xfff            /* the lower 12 of 24 bits */
enum { MANTISSA_BITS = 23, EXPONENT_BIAS = 127 };
#else
#define EXP_LEAST     ((REAL)-746)
#define EXP_MOST      ((REAL)710)
#define LN_2_HIGH     ((REAL)0.69314718036912381649) /* 32 bits */
#define LN_2_LOW      ((REAL)1.9082149292705877e-10)
#define ROUND_AWAY    ((REAL)6755399441055744) /* 1.5 2^52 */
#define SILU_LEAST    ((REAL)-800)
#define PHI_LEAST     ((REAL)-39)
#define HALF_MANTISSA 0x7ffffff /* the lower 27 of 53 bits */
enum { MANTISSA_BITS = 52, EXPONENT_BIAS = 1023 };
#endif

#define LOG_2_E   ((REAL)1.4426950408889634074)
#define SQRT_2_PI ((REAL)2.5066282746310005024)
#define LN_2      ((REAL)0.69314718055994530942)

#define POLYNOMIAL(x, c) polynomial(x, c, sizeof(c) / sizeof((c)[0]))

/* sum of c_i x^i over i < n. Four terms at a time (Estrin): fewer steps wait for one another than in
 * Horner's scheme, and fewer roundings meet where the high powers are the large ones. */
VECTOR_INLINE VECTOR polynomial(VECTOR x, const REAL *c, size_t n)
{
	VECTOR x2 = x * x, x4 = x2 * x2, sum = vector_all(0);
	for (size_t k = (n + 3) / 4 * 4; k > 0;) {
		k -= 4;
		VECTOR lower = vector_all(c[k]), upper = vector_all(k + 2 < n ? c[k + 2] : 0);
		if (k + 1 < n)
			lower = lower + c[k + 1] * x;
		if (k + 3 < n)
			upper = upper + c[k + 3] * x;
		if (k + 2 < n)
			lower = lower + upper * x2;
		sum = k + 4 < n ? sum * x4 + lower : lower;
	}
	return sum;
}

/* x + low = n ln 2 + r, n an integer and |r| <= ln 2 / 2: expm1(r) = r + r^2 P(r) is returned, and
 * *exponent is n + 2 EXPONENT_BIAS. `low` is small beside x. */
VECTOR_INLINE VECTOR exp_reduced(VECTOR x, VECTOR low, VECTOR_BITS *exponent)
{
	VECTOR away = (x + low) * LOG_2_E + ROUND_AWAY;
	VECTOR n = away - ROUND_AWAY;
	VECTOR r = ((x - n * LN_2_HIGH) + low) - n * LN_2_LOW;
	*exponent = (VECTOR_BITS)away - (VECTOR_BITS)vector_all(ROUND_AWAY) + 2 * EXPONENT_BIAS;
	return r + r * r * POLYNOMIAL(r, exp_c);
}

/* factor exp(x + low), for x + low from SILU_LEAST to EXP_MOST. 2^n is multiplied in two halves, of
 * which only the last can round, or overflow, where the result does. */
VECTOR_INLINE VECTOR exp_times(VECTOR factor, VECTOR x, VECTOR low)
{
	VECTOR_BITS exponent;
	VECTOR m = exp_reduced(x, low, &exponent);
	VECTOR_BITS half = exponent >> 1;
	VECTOR scale = (VECTOR)(half << MANTISSA_BITS);
	VECTOR other = (VECTOR)((exponent - half) << MANTISSA_BITS);
	return (m * factor + factor) * scale * other;
}

/* exp x, everywhere */
VECTOR_INLINE VECTOR vector_exp(VECTOR x)
{
	x = vector_at_most(vector_at_least(x, vector_all(EXP_LEAST)), vector_all(EXP_MOST));
	return exp_times(vector_all(1), x, NOTHING);
}

/* exp x for x <= 0, or NaN. Where it is 0 nothing is computed that could be denormal, which is slow on
 * many processors: sums far out are not rare. */
VECTOR_INLINE VECTOR vector_exp_negative(VECTOR x)
{
	VECTOR_INT far = x < EXP_LEAST;
	return vector_unless(far, exp_times(vector_all(1), vector_unless(far, x), NOTHING));
}

/* exp x - 1 for x <= 0, or NaN: 2^n expm1(r) + (2^n - 1). Where x is so small that the result is -1,
 * it is held at a value that gives that; -0 stays -0. */
VECTOR_INLINE VECTOR vector_expm1_negative(VECTOR x)
{
	VECTOR_BITS exponent;
	VECTOR m = exp_reduced(vector_at_least(x, vector_all(-40)), NOTHING, &exponent);
	VECTOR scale = (VECTOR)((exponent - EXPONENT_BIAS) << MANTISSA_BITS);
	return vector_with_sign(m * scale + (scale - 1), x);
}

/* log(1 + u) for 0 <= u <= 1, or NaN: of u itself or, nearer to 1, of u / 2 - 1 / 2, with
 * f = s (2 + f): log(1 + f) = 2 atanh s = f - s (f - s^2 L(s^2)). */
VECTOR_INLINE VECTOR vector_log1p_unit(VECTOR u)
{
	VECTOR_INT upper = u > (REAL)0.41421356;
	VECTOR f = vector_select(upper, u * (REAL)0.5 - (REAL)0.5, u);
	VECTOR s = f / (f + 2), z = s * s;
	VECTOR log = f - s * (f - z * POLYNOMIAL(z, log_c));
	return log + vector_select(upper, vector_all(LN_2), vector_all(0));
}

/* tanh x everywhere: with m = exp(-2 |x|) - 1, it is -m / (2 + m) of x's sign */
VECTOR_INLINE VECTOR vector_tanh(VECTOR x)
{
	VECTOR m = vector_expm1_negative(-2 * vector_abs(x));
	return vector_with_sign(vector_abs(m) / (2 + m), x);
}

/* 1 / (1 + exp(-x)) everywhere; the exponential never overflows, small results keep their digits. */
VECTOR_INLINE VECTOR vector_logistic(VECTOR x)
{
	VECTOR e = vector_exp_negative(-vector_abs(x));
	return vector_select(x < 0, e, vector_all(1)) / (1 + e);
}

/* factor exp(-t^2 / 2) for 0 <= t <= -PHI_LEAST. The square is that of t's upper half, which is exact,
 * and a small rest: were it rounded, the exponential would lose digits. */
VECTOR_INLINE VECTOR bell_times(VECTOR factor, VECTOR t)
{
	VECTOR upper = (VECTOR)((VECTOR_INT)t & ~(REAL_INT)HALF_MANTISSA);
	return exp_times(factor, upper * upper * (REAL)-0.5,
			 (t - upper) * (t + upper) * (REAL)-0.5);
}

/* exp(t^2 / 2) Phi(-t) for 0 <= t <= -PHI_LEAST, Phi the distribution function of the normal
 * distribution: 1 / (2 + t sqrt(2 pi) + t P(t) / Q(t)), where the first two terms are right at both ends
 * and the rounding errors of P and Q count little everywhere. The second one, which is nearly all of it
 * in the tail, is added last. */
VECTOR_INLINE VECTOR scaled_normal_tail(VECTOR t)
{
	VECTOR q = POLYNOMIAL(t, phi_q);
	return q / (t * SQRT_2_PI * q + (2 * q + t * POLYNOMIAL(t, phi_p)));
}

#endif
