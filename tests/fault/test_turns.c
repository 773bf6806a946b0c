/* A BLAS without threads is not thread-safe: libmlp's calls take turns. This program brings a gemm of
 * its own that counts who is inside, and says that it is an OpenBLAS without threads. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "support/gemm.h"
#include "support/test.h"

enum { THREADS = 4, STEPS = 200, B = 8 };

static atomic_int inside, most_inside, calls;

int openblas_get_parallel(void);
char *openblas_get_config(void);
void cblas_sgemm(int order, int trans_a, int trans_b, int m, int n, int k, float alpha,
		 const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);

int openblas_get_parallel(void)
{
	return 0;
}

char *openblas_get_config(void)
{
	static char config[] = "a gemm that counts";
	return config;
}

void cblas_sgemm(int order, int trans_a, int trans_b, int m, int n, int k, float alpha,
		 const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc)
{
	(void)order;
	int now = atomic_fetch_add(&inside, 1) + 1;
	if (now > atomic_load(&most_inside))
		atomic_store(&most_inside, now);
	atomic_fetch_add(&calls, 1);
	sched_yield(); /* an invitation to the others */
	naive_sgemm(trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
	atomic_fetch_sub(&inside, 1);
}

static void *train(void *argument)
{
	const mlp_network *shared = argument;
	float x[B][5], t[B][2];
	uint64_t seed = 1;
	mlp_network *net;
	mlp_workspace *ws;
	random_fill_f32(&seed, x[0], sizeof(x) / sizeof(float), 1);
	random_fill_f32(&seed, t[0], sizeof(t) / sizeof(float), 1);
	if (mlp_network_clone(shared, &net) != MLP_OK ||
	    mlp_workspace_create(net, B, MLP_TRAINING, &ws) != MLP_OK ||
	    mlp_workspace_set_tuning(ws, MLP_TUNING_PRODUCTS, MLP_PRODUCTS_WHOLE) != MLP_OK)
		return NULL;
	mlp_status status = MLP_OK;
	for (int step = 0; step < STEPS && status == MLP_OK; step++)
		status = mlp_train_step_f32(net, ws, x[0], 5, t[0], 2, NULL, B, MLP_SQUARED_ERROR,
					    0, MLP_MEAN, 0.01, NULL);
	mlp_workspace_free(ws);
	mlp_network_free(net);
	return status == MLP_OK ? argument : NULL;
}

static void threads_are_never_inside_a_serial_blas_together(void **state)
{
	(void)state;
	pthread_t threads[THREADS];
	mlp_network *net;
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){5, 7, 2}, 3, &net));
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, train, net), 0);
	for (int i = 0; i < THREADS; i++) {
		void *result;
		assert_int_equal(pthread_join(threads[i], &result), 0);
		assert_non_null(result);
	}
	assert_true(atomic_load(&calls) > THREADS * STEPS);
	assert_int_equal(atomic_load(&most_inside), 1);
	mlp_network_free(net);
}

static void the_user_is_told(void **state)
{
	(void)state;
	assert_int_equal(mlp_has_feature(MLP_FEATURE_BLAS_LOCK), 1);
	assert_string_equal(mlp_build_info(MLP_BUILD_BLAS), "OpenBLAS");
	assert_string_equal(mlp_build_info(MLP_BUILD_BLAS_CONFIG), "a gemm that counts");
	assert_string_equal(mlp_build_info(MLP_BUILD_BLAS_THREADS), "serial");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_are_never_inside_a_serial_blas_together),
		cmocka_unit_test(the_user_is_told),
	};
	return cmocka_run_group_tests_name("turns", tests, NULL, NULL);
}
