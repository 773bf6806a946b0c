/* The element type of a test that is compiled twice, with MLP_REAL_BITS 32 and 64, as the library's
 * own sources are. FN(name) is the call under test, OTHER_FN(name) the one with the wrong suffix. */
#ifndef MLP_TESTS_UNIT_REAL_H
#define MLP_TESTS_UNIT_REAL_H

#include <float.h>

#if MLP_REAL_BITS == 32
typedef float REAL;
typedef double OTHER_REAL;
#define FN(name)       mlp_##name##_f32
#define OTHER_FN(name) mlp_##name##_f64
#define REAL_DTYPE     MLP_F32
#define OTHER_DTYPE    MLP_F64
#define REAL_BIG       1e30F /* its square is not finite */
#define REAL_MOST      FLT_MAX
#define random_fill    random_fill_f32
#else
typedef double REAL;
typedef float OTHER_REAL;
#define FN(name)       mlp_##name##_f64
#define OTHER_FN(name) mlp_##name##_f32
#define REAL_DTYPE     MLP_F64
#define OTHER_DTYPE    MLP_F32
#define REAL_BIG       1e200
#define REAL_MOST      DBL_MAX
#define random_fill    random_fill_f64
#endif

#define COUNT(array) ((int64_t)(sizeof(array) / sizeof((array)[0])))

#endif
