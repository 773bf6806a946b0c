/* The BLAS products of libmlp, row-major, for one element type. Sizes and strides must fit an int;
 * widths are checked where a network is made, and blocks have few samples. */
#ifndef MLP_BLAS_BLAS_H
#define MLP_BLAS_BLAS_H

#include <stddef.h>

#include "base/real.h"

/* c (m x n) += alpha a b         a m x k, b k x n */
void FN(gemm_nn)(size_t m, size_t n, size_t k, REAL alpha, const REAL *a, size_t lda, const REAL *b,
		 size_t ldb, REAL *c, size_t ldc);

/* c (m x n) += alpha a^T b       a k x m, b k x n */
void FN(gemm_tn)(size_t m, size_t n, size_t k, REAL alpha, const REAL *a, size_t lda, const REAL *b,
		 size_t ldb, REAL *c, size_t ldc);

/* c (m x n) += alpha a b^T       a m x k, b n x k */
void FN(gemm_nt)(size_t m, size_t n, size_t k, REAL alpha, const REAL *a, size_t lda, const REAL *b,
		 size_t ldb, REAL *c, size_t ldc);

/* y (m) += alpha a x             a m x n, x n */
void FN(gemv_n)(size_t m, size_t n, REAL alpha, const REAL *a, size_t lda, const REAL *x, REAL *y);

/* y (n) += alpha a^T x           a m x n, x m */
void FN(gemv_t)(size_t m, size_t n, REAL alpha, const REAL *a, size_t lda, const REAL *x, REAL *y);

/* a (m x n) += alpha x y^T       x m, y n */
void FN(ger)(size_t m, size_t n, REAL alpha, const REAL *x, const REAL *y, REAL *a, size_t lda);

/* y (n) += alpha x               OpenBLAS wakes threads above n = 10 000 */
void FN(axpy)(size_t n, REAL alpha, const REAL *x, REAL *y);

/* x^T y, of n values             the same holds */
REAL FN(dot)(size_t n, const REAL *x, const REAL *y);

#endif
