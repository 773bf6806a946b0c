/* The BLAS's number of threads, on whatever BLAS this runs. */
#include "support/test.h"

static void number_that_was_set_is_told(void **state)
{
	(void)state;
	const char *blas = mlp_build_info(MLP_BUILD_BLAS);
	int serial = strcmp(mlp_build_info(MLP_BUILD_BLAS_THREADS), "serial") == 0;
	if (strcmp(blas, "OpenBLAS") != 0) {
		if (mlp_blas_set_threads(2) != MLP_OK)
			assert_fails(MLP_ERR_STATE, "no known function", mlp_blas_set_threads(2));
		if (mlp_blas_threads() < 1)
			assert_fails(MLP_ERR_STATE, "does not tell", mlp_blas_threads());
		print_message("%s: %d threads\n", blas, (int)mlp_blas_threads());
		return;
	}
	for (int64_t threads = 2; threads >= 1; threads--) {
		assert_ok(mlp_blas_set_threads(threads));
		assert_int_equal(mlp_blas_threads(), serial ? 1 : threads);
	}
}

static void numbers_out_of_range_are_refused(void **state)
{
	(void)state;
	int64_t before = mlp_blas_threads();
	const int64_t wrong[] = {0, -1, (int64_t)INT32_MAX + 1, INT64_MAX, INT64_MIN};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_fails(MLP_ERR_SIZE, "threads is ", mlp_blas_set_threads(wrong[i]));
	assert_int_equal(mlp_blas_threads(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(number_that_was_set_is_told),
		cmocka_unit_test(numbers_out_of_range_are_refused),
	};
	return cmocka_run_group_tests_name("blas_threads", tests, NULL, NULL);
}
