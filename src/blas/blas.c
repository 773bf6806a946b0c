/* CBLAS behind the few products that libmlp needs. Enumerators and ints only, never the typedef
 * names, which differ between OpenBLAS, netlib, BLIS and MKL. */
#include "blas/blas.h"

#include "blas/cblas_names.h"
#include "blas/provider.h"

#if MLP_REAL_BITS == 32
#define CALL(name) MLP_CBLAS(s##name)
#else
#define CALL(name) MLP_CBLAS(d##name)
#endif

static void gemm(enum CBLAS_TRANSPOSE trans_a, enum CBLAS_TRANSPOSE trans_b, size_t m, size_t n,
		 size_t k, REAL alpha, const REAL *a, size_t lda, const REAL *b, size_t ldb,
		 REAL *c, size_t ldc)
{
	int old = mlp_blas_enter();
	CALL(gemm)
	(CblasRowMajor, trans_a, trans_b, (int)m, (int)n, (int)k, alpha, a, (int)lda, b, (int)ldb,
	 1, c, (int)ldc);
	mlp_blas_leave(old);
}

void FN(gemm_nn)(size_t m, size_t n, size_t k, REAL alpha, const REAL *a, size_t lda, const REAL *b,
		 size_t ldb, REAL *c, size_t ldc)
{
	gemm(CblasNoTrans, CblasNoTrans, m, n, k, alpha, a, lda, b, ldb, c, ldc);
}

void FN(gemm_tn)(size_t m, size_t n, size_t k, REAL alpha, const REAL *a, size_t lda, const REAL *b,
		 size_t ldb, REAL *c, size_t ldc)
{
	gemm(CblasTrans, CblasNoTrans, m, n, k, alpha, a, lda, b, ldb, c, ldc);
}

void FN(gemm_nt)(size_t m, size_t n, size_t k, REAL alpha, const REAL *a, size_t lda, const REAL *b,
		 size_t ldb, REAL *c, size_t ldc)
{
	gemm(CblasNoTrans, CblasTrans, m, n, k, alpha, a, lda, b, ldb, c, ldc);
}

void FN(gemv_n)(size_t m, size_t n, REAL alpha, const REAL *a, size_t lda, const REAL *x, REAL *y)
{
	int old = mlp_blas_enter();
	CALL(gemv)
	(CblasRowMajor, CblasNoTrans, (int)m, (int)n, alpha, a, (int)lda, x, 1, 1, y, 1);
	mlp_blas_leave(old);
}

void FN(gemv_t)(size_t m, size_t n, REAL alpha, const REAL *a, size_t lda, const REAL *x, REAL *y)
{
	int old = mlp_blas_enter();
	CALL(gemv)(CblasRowMajor, CblasTrans, (int)m, (int)n, alpha, a, (int)lda, x, 1, 1, y, 1);
	mlp_blas_leave(old);
}

void FN(ger)(size_t m, size_t n, REAL alpha, const REAL *x, const REAL *y, REAL *a, size_t lda)
{
	int old = mlp_blas_enter();
	CALL(ger)(CblasRowMajor, (int)m, (int)n, alpha, x, 1, y, 1, a, (int)lda);
	mlp_blas_leave(old);
}

void FN(axpy)(size_t n, REAL alpha, const REAL *x, REAL *y)
{
	CALL(axpy)((int)n, alpha, x, 1, y, 1);
}

REAL FN(dot)(size_t n, const REAL *x, const REAL *y)
{
	return CALL(dot)((int)n, x, 1, y, 1);
}
