/* Row-major products in three loops under CBLAS's name. */
#ifndef MLP_TESTS_SUPPORT_OWN_GEMM_H
#define MLP_TESTS_SUPPORT_OWN_GEMM_H

void cblas_sgemm(int order, int trans_a, int trans_b, int m, int n, int k, float alpha,
		 const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);

/* How often it was called. */
int own_gemm_calls(void);

#endif
