/* A look at the BLAS library before its results are trusted. */
#ifndef MLP_BLAS_SELFTEST_H
#define MLP_BLAS_SELFTEST_H

#include <stdbool.h>

/* Whether a few products of each form agree with plain loops. Computed once per process, in under a
 * millisecond; the answer is remembered. */
bool mlp_blas_works_f32(void);
bool mlp_blas_works_f64(void);

#endif
