/* The element type. Files that work on numbers are written once and compiled twice, with
 * MLP_REAL_BITS 32 and 64; FN(name) is mlp_name_f32 or mlp_name_f64. */
#ifndef MLP_BASE_REAL_H
#define MLP_BASE_REAL_H

#include <float.h>
#include <stdint.h>

#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__
#error "-ffast-math and -ffinite-math-only would switch off every check for infinity and NaN"
#endif

#if MLP_REAL_BITS == 32
typedef float REAL;
typedef uint32_t REAL_BITS;
#define FN(name)       mlp_##name##_f32
#define MATH(function) function##f /* expf, tanhf, ... of <math.h> */
#define REAL_DTYPE     MLP_F32
#define REAL_MAX       FLT_MAX
#define REAL_EPSILON   FLT_EPSILON
#elif MLP_REAL_BITS == 64
typedef double REAL;
typedef uint64_t REAL_BITS;
#define FN(name)       mlp_##name##_f64
#define MATH(function) function
#define REAL_DTYPE     MLP_F64
#define REAL_MAX       DBL_MAX
#define REAL_EPSILON   DBL_EPSILON
#else
#error "compile with -DMLP_REAL_BITS=32 or 64"
#endif

#endif
