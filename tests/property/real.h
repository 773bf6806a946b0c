/* The element type of a test that is compiled for both: MLP_REAL_BITS is 32 or 64, and FN(name) is
 * mlp_name_f32 or mlp_name_f64. */
#ifndef MLP_TESTS_PROPERTY_REAL_H
#define MLP_TESTS_PROPERTY_REAL_H

#include "support/test.h"

#include <float.h>

#if MLP_REAL_BITS == 32
typedef float REAL;
#define FN(name)                             mlp_##name##_f32
#define REAL_DTYPE                           MLP_F32
#define REAL_MAX                             FLT_MAX
#define REAL_MIN                             FLT_MIN
#define REAL_TRUE_MIN                        FLT_TRUE_MIN
#define REAL_EPSILON                         FLT_EPSILON
#define TOLERANCE                            1e-4
#define PICK(for_float, for_double)          (for_float)
#define assert_allclose(a, e, n, rtol, atol) assert_allclose_f32(a, e, n, rtol, atol)
#else
typedef double REAL;
#define FN(name)                             mlp_##name##_f64
#define REAL_DTYPE                           MLP_F64
#define REAL_MAX                             DBL_MAX
#define REAL_MIN                             DBL_MIN
#define REAL_TRUE_MIN                        DBL_TRUE_MIN
#define REAL_EPSILON                         DBL_EPSILON
#define TOLERANCE                            1e-10
#define PICK(for_float, for_double)          (for_double)
#define assert_allclose(a, e, n, rtol, atol) assert_allclose_f64(a, e, n, rtol, atol)
#endif

/* Of two arrays of n values, the same bits. */
#define assert_same_bits(actual, expected, n)                                                      \
	assert_memory_equal(actual, expected, (n) * sizeof(REAL))

#endif
