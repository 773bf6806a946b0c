/* The product of CBLAS in three loops, for programs that bring a cblas_sgemm of their own. */
#ifndef MLP_TESTS_SUPPORT_GEMM_H
#define MLP_TESTS_SUPPORT_GEMM_H

enum { GEMM_TRANS = 112 }; /* CblasTrans */

/* c = alpha op(a) op(b) + beta c, row-major; op(a) is m x k, op(b) k x n. */
static inline void naive_sgemm(int trans_a, int trans_b, int m, int n, int k, float alpha,
			       const float *a, int lda, const float *b, int ldb, float beta,
			       float *c, int ldc)
{
	for (int i = 0; i < m; i++)
		for (int j = 0; j < n; j++) {
			float sum = 0;
			for (int p = 0; p < k; p++)
				sum += (trans_a == GEMM_TRANS ? a[p * lda + i] : a[i * lda + p]) *
				       (trans_b == GEMM_TRANS ? b[j * ldb + p] : b[p * ldb + j]);
			c[i * ldc + j] = alpha * sum + beta * c[i * ldc + j];
		}
}

#endif
