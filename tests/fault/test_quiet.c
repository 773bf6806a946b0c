/* OpenBLAS on OpenMP stays on the calling thread while it is told to be quiet, and the host's setting
 * comes back. This program says that it is such an OpenBLAS, and brings the OpenMP. */
#include "blas/provider.h"
#include "support/test.h"

int openblas_get_parallel(void);
int omp_get_max_threads(void);
void omp_set_num_threads(int threads);

static int omp_threads, omp_settings;

int openblas_get_parallel(void)
{
	return 2;
}

int omp_get_max_threads(void)
{
	return omp_threads;
}

void omp_set_num_threads(int threads)
{
	omp_threads = threads;
	omp_settings++;
}

static void setting_of_the_host_comes_back(void **state)
{
	(void)state;
	for (omp_threads = 1; omp_threads <= 3; omp_threads++) {
		int before = omp_threads;
		int old = mlp_blas_quiet_begin();
		assert_int_equal(omp_threads, 1);
		int inner = mlp_blas_quiet_begin();
		assert_int_equal(omp_threads, 1);
		mlp_blas_quiet_end(inner);
		assert_int_equal(omp_threads, 1);
		mlp_blas_quiet_end(old);
		assert_int_equal(omp_threads, before);
	}
}

static void nothing_is_set_where_one_thread_is_the_setting_already(void **state)
{
	(void)state;
	omp_threads = 1;
	omp_settings = 0;
	mlp_blas_quiet_end(mlp_blas_quiet_begin());
	assert_int_equal(omp_settings, 0);
}

static void number_of_threads_is_that_of_openmp(void **state)
{
	(void)state;
	omp_threads = 7;
	assert_int_equal(mlp_blas_threads(), 7);
	assert_string_equal(mlp_build_info(MLP_BUILD_BLAS_THREADS), "openmp");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(setting_of_the_host_comes_back),
		cmocka_unit_test(nothing_is_set_where_one_thread_is_the_setting_already),
		cmocka_unit_test(number_of_threads_is_that_of_openmp),
	};
	return cmocka_run_group_tests_name("quiet", tests, NULL, NULL);
}
