/* A BLAS that reaches a cancellation point with a lock held, as MKL does when it is first called: a thread that is
 * cancelled there comes to the end of the call, and others go on. This program brings its own single-precision gemm,
 * which the dynamic linker prefers to the real one; with SERIAL_BLAS it says that it is an OpenBLAS without threads,
 * for which calls take turns. */
#include "support/cancelled.h"
#include "support/gemm.h"
#include "support/watchdog.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int calls;

static void reach_a_cancellation_point(void)
{
	pthread_mutex_lock(&lock);
	calls++;
	pthread_testcancel();
	pthread_mutex_unlock(&lock);
}

#ifdef SERIAL_BLAS
int openblas_get_parallel(void);
char *openblas_get_config(void);
void openblas_set_num_threads(int threads);
int openblas_get_num_threads(void);

int openblas_get_parallel(void)
{
	return 0;
}

char *openblas_get_config(void)
{
	static char config[] = "a gemm that is cancelled";
	return config;
}

void openblas_set_num_threads(int threads)
{
	(void)threads;
	reach_a_cancellation_point();
}

int openblas_get_num_threads(void)
{
	reach_a_cancellation_point();
	return 1;
}
#endif

void cblas_sgemm(int order, int trans_a, int trans_b, int m, int n, int k, float alpha,
		 const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);

void cblas_sgemm(int order, int trans_a, int trans_b, int m, int n, int k, float alpha,
		 const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc)
{
	(void)order;
	reach_a_cancellation_point();
	naive_sgemm(trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

static mlp_status predict(void *context)
{
	float x[LESSON_IN] = {0}, y[LESSON_OUT];
	return mlp_predict_f32(context, x, LESSON_IN, 1, y, LESSON_OUT);
}

static void the_first_call_of_the_blas_is_finished(void **state)
{
	(void)state;
	mlp_network *net = make_network();
	assert_call_is_finished(predict, net);
	assert_true(calls > 0);
#ifdef SERIAL_BLAS
	assert_int_equal(mlp_has_feature(MLP_FEATURE_BLAS_LOCK), 1);
#endif
	assert_ok(predict(net));
	mlp_network_free(net);
}

#ifdef SERIAL_BLAS
static mlp_status set_threads(void *context)
{
	(void)context;
	return mlp_blas_set_threads(1);
}

static mlp_status ask_for_threads(void *context)
{
	(void)context;
	return mlp_blas_threads() == 1 ? MLP_OK : MLP_ERR_STATE;
}

static void calls_about_its_threads_are_finished(void **state)
{
	(void)state;
	const int before = calls;
	assert_call_is_finished(set_threads, NULL);
	assert_call_is_finished(ask_for_threads, NULL);
	assert_true(calls >= before + 2);
}
#endif

static int all_tests(void *context)
{
	(void)context;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_call_of_the_blas_is_finished),
#ifdef SERIAL_BLAS
		cmocka_unit_test(calls_about_its_threads_are_finished),
#endif
	};
	return cmocka_run_group_tests_name("cancel_blas", tests, NULL, NULL);
}

int main(void)
{
	return watchdog_run(280, all_tests, NULL);
}
