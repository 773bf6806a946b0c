/* Two BLAS libraries in one process: what libmlp takes its BLAS for is the one that computes its products, not
 * the one whose functions the linker finds first. Built twice. The products come from a library without hooks
 * (HAS_HOOKS 0), as netlib's BLAS is, or from one whose hooks are in a library that it is linked to (1), as
 * Debian's libblas.so.3 of OpenBLAS is. An OpenBLAS without threads comes before those. */
#include "support/own_gemm.h"
#include "support/test.h"

int openblas_get_parallel(void);

static void both_are_here(void **state)
{
	(void)state;
	mlp_network *net;
	mlp_workspace *ws;
	assert_int_equal(openblas_get_parallel(), 0);
	int before = own_gemm_calls();
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){3, 2}, 2, &net));
	assert_ok(mlp_workspace_create(net, 4, MLP_TRAINING, &ws));
	assert_true(own_gemm_calls() > before); /* the self-test */
	mlp_workspace_free(ws);
	mlp_network_free(net);
}

static void blas_is_the_one_that_computes(void **state)
{
	(void)state;
	assert_int_equal(mlp_has_feature(MLP_FEATURE_BLAS_LOCK), 0);
	if (HAS_HOOKS) {
		assert_string_equal(mlp_build_info(MLP_BUILD_BLAS), "OpenBLAS");
		assert_string_equal(mlp_build_info(MLP_BUILD_BLAS_CONFIG), "with threads");
		assert_string_equal(mlp_build_info(MLP_BUILD_BLAS_THREADS), "pthread");
	} else {
		assert_string_equal(mlp_build_info(MLP_BUILD_BLAS), "CBLAS");
		assert_string_equal(mlp_build_info(MLP_BUILD_BLAS_CONFIG), "");
		assert_string_equal(mlp_build_info(MLP_BUILD_BLAS_THREADS), "unknown");
	}
}

static void threads_are_set_where_the_products_are(void **state)
{
	(void)state;
	if (HAS_HOOKS) {
		assert_ok(mlp_blas_set_threads(3));
		assert_int_equal(mlp_blas_threads(), 3);
	} else {
		assert_fails(MLP_ERR_STATE, "no known function", mlp_blas_set_threads(3));
		assert_fails(MLP_ERR_STATE, "does not tell", mlp_blas_threads());
	}
}

/* Not where a library is loaded before all others. */
static int products_are_ours(void)
{
	const float two = 2;
	float product = 0;
	int before = own_gemm_calls();
	cblas_sgemm(101, 111, 111, 1, 1, 1, 1, &two, 1, &two, 1, 0, &product, 1);
	return own_gemm_calls() > before;
}

int main(void)
{
	if (!products_are_ours()) {
		printf("skipped: another BLAS comes first (LD_PRELOAD)\n");
		return 77;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_are_here),
		cmocka_unit_test(blas_is_the_one_that_computes),
		cmocka_unit_test(threads_are_set_where_the_products_are),
	};
	return cmocka_run_group_tests_name("two_blas", tests, NULL, NULL);
}
