/* Sine and cosine of whole vectors, within 4 units in the last place for |x| <= SIN_MOST. */
#ifndef MLP_KERNELS_VSIN_H
#define MLP_KERNELS_VSIN_H

#include "kernels/vmath.h"

/* Beyond this, too few digits are left of x - n pi / 2: libm's functions know hundreds of digits of pi. */
#define SIN_MOST ((REAL)100000)

/* x - n pi / 2 for whole n from 0 to 2^16, pi / 2 in parts that are so short that their products with n
 * are exact; then each difference is, too, wherever much cancels (Cody and Waite). */
VECTOR_INLINE VECTOR minus_half_pi(VECTOR x, VECTOR n)
{
#if MLP_REAL_BITS == 32
	/* 16 bits a part, and 8 bits each of n's upper and lower half */
	const REAL part[] = {1.57080078125F, -4.4543994590640068e-6F, -5.5644377994212846e-11F};
	const REAL rest = 6.123234e-17F;
	VECTOR shifted = n + 256 * ROUND_AWAY, upper = shifted - 256 * ROUND_AWAY;
	VECTOR lower = n - upper;
	for (size_t i = 0; i < 3; i++)
		x = (x - upper * part[i]) - lower * part[i];
	return x - n * rest;
#else
	/* 33 bits a part, as in fdlibm's __ieee754_rem_pio2 */
	return (((x - n * 1.57079632673412561417) - n * 6.07710050630396597660e-11) -
		n * 2.02226624871116645580e-21) -
	       n * 8.47842766036889956997e-32;
#endif
}

/* sin(|x| + quarters pi / 2) of quadrant n, from r = |x| - n pi / 2: the signs of both factors are put on it */
VECTOR_INLINE VECTOR sin_shifted(VECTOR x, REAL_BITS quarters, VECTOR_INT sign)
{
	VECTOR magnitude = vector_abs(x);
	VECTOR away = magnitude * (REAL)0.63661977236758134308 + ROUND_AWAY;
	VECTOR r = minus_half_pi(magnitude, away - ROUND_AWAY), z = r * r;
	VECTOR_BITS quadrant = (VECTOR_BITS)away + quarters; /* its lower two bits */
	VECTOR sine = r + r * z * POLYNOMIAL(z, sin_c);
	VECTOR cosine = (1 - z * (REAL)0.5) + z * z * POLYNOMIAL(z, cos_c);
	VECTOR_INT odd = -(VECTOR_INT)(quadrant & 1);
	VECTOR_INT flip = (VECTOR_INT)((quadrant >> 1) << (sizeof(REAL) * 8 - 1));
	return (VECTOR)((VECTOR_INT)vector_select(odd, cosine, sine) ^ flip ^ sign);
}

VECTOR_INLINE VECTOR vector_sin(VECTOR x)
{
	return sin_shifted(x, 0, vector_sign(x));
}

VECTOR_INLINE VECTOR vector_cos(VECTOR x)
{
	return sin_shifted(x, 1, (VECTOR_INT){0});
}

#endif
