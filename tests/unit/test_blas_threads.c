/* The BLAS's number of threads, on whatever BLAS this runs. */
#include <stdbool.h>

#include "support/test.h"

/* MKL may use fewer than it is told to; of a BLAS that libmlp does not know nothing is set or told. */
static void number_that_was_set_is_told(void **state)
{
	(void)state;
	const char *blas = mlp_build_info(MLP_BUILD_BLAS);
	bool serial = strcmp(mlp_build_info(MLP_BUILD_BLAS_THREADS), "serial") == 0;
	bool obeys = strcmp(blas, "OpenBLAS") == 0 || strcmp(blas, "BLIS") == 0;
	bool can_set = obeys || mlp_blas_set_threads(1) == MLP_OK;
	for (int64_t threads = 3; threads >= 1; threads--) {
		if (!can_set) {
			assert_fails(MLP_ERR_STATE, "no known function",
				     mlp_blas_set_threads(threads));
			assert_fails(MLP_ERR_STATE, "does not tell", mlp_blas_threads());
			continue;
		}
		assert_ok(mlp_blas_set_threads(threads));
		if (obeys)
			assert_int_equal(mlp_blas_threads(), serial ? 1 : threads);
		else
			assert_true(mlp_blas_threads() >= 1 && mlp_blas_threads() <= threads);
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
