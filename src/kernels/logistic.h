/* The logistic function, needed by activations and losses alike. */
#ifndef MLP_KERNELS_LOGISTIC_H
#define MLP_KERNELS_LOGISTIC_H

#include <math.h>

#include "kernels/vector.h"

/* 1 / (1 + exp(-s)); the exponential never overflows, and small results keep all their digits. */
static inline REAL KERNEL(logistic)(REAL s)
{
	REAL e = MATH(exp)(-MATH(fabs)(s));
	return (s < 0 ? e : 1) / (1 + e);
}

#endif
