/* A BLAS that computes nonsense is noticed before anything is computed with it. This program brings
 * its own single-precision gemm, which the dynamic linker prefers to the real one. */
#include "support/gemm.h"
#include "support/test.h"

void cblas_sgemm(int order, int trans_a, int trans_b, int m, int n, int k, float alpha,
		 const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);

/* Leaves the last element of the product out. */
void cblas_sgemm(int order, int trans_a, int trans_b, int m, int n, int k, float alpha,
		 const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc)
{
	(void)order;
	float *last = &c[(m - 1) * ldc + n - 1], before = *last;
	naive_sgemm(trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
	*last = before;
}

static void workspace_on_a_blas_with_wrong_products_is_refused(void **state)
{
	(void)state;
	mlp_network *net;
	mlp_workspace *ws = (mlp_workspace *)&net;
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){3, 2}, 2, &net));
	for (int again = 0; again < 2; again++) {
		assert_fails(MLP_ERR_BLAS, "wrong f32 products",
			     mlp_workspace_create(net, 4, MLP_TRAINING, &ws));
		assert_null(ws);
	}
	float x[3] = {0}, y[2];
	assert_fails(MLP_ERR_BLAS, "f32", mlp_predict_f32(net, x, 3, 1, y, 2));
	mlp_network_free(net);
}

static void other_element_type_of_the_same_blas_is_not(void **state)
{
	(void)state;
	mlp_network *net;
	mlp_workspace *ws;
	assert_ok(mlp_network_create(MLP_F64, (const int64_t[]){3, 2}, 2, &net));
	assert_ok(mlp_workspace_create(net, 4, MLP_TRAINING, &ws));
	mlp_workspace_free(ws);
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(workspace_on_a_blas_with_wrong_products_is_refused),
		cmocka_unit_test(other_element_type_of_the_same_blas_is_not),
	};
	return cmocka_run_group_tests_name("broken_blas", tests, NULL, NULL);
}
