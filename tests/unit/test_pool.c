/* Pools: creation, what they tell, and pinning. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* sched_getaffinity */
#endif
#include <sched.h>
#include <stdlib.h>

#include "support/host.h"
#include "support/test.h"

static mlp_pool *make(int64_t workers)
{
	mlp_pool *pool;
	assert_ok(mlp_pool_create(workers, &pool));
	assert_non_null(pool);
	return pool;
}

static void pools_of_every_size_in_range_tell_their_workers(void **state)
{
	(void)state;
	const int64_t sizes[] = {1, 2, 3, 8, 1024};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		mlp_pool *host;
		if (sizes[i] <= 8) { /* valgrind cannot take 1024: property/test_pool_runs.c */
			mlp_pool *pool = make(sizes[i]);
			assert_int_equal(mlp_pool_workers(pool), sizes[i]);
			mlp_pool_free(pool);
		}
		assert_ok(mlp_pool_create_from(sizes[i], host_serial, NULL, &host));
		assert_int_equal(mlp_pool_workers(host), sizes[i]);
		mlp_pool_free(host);
	}
	mlp_pool_free(NULL);
	assert_fails(MLP_ERR_NULL, "pool is NULL", mlp_pool_workers(NULL));
}

static void size_0_is_the_number_of_usable_cores(void **state)
{
	(void)state;
	mlp_pool *pool = make(0);
#ifdef __linux__
	cpu_set_t set;
	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	assert_int_equal(mlp_pool_workers(pool), CPU_COUNT(&set));
#endif
	assert_true(mlp_pool_workers(pool) >= 1);
	mlp_pool_free(pool);
}

static void creation_refuses_what_is_out_of_range_and_leaves_null(void **state)
{
	(void)state;
	const int64_t wrong[] = {-1, 1025, INT64_MIN, INT64_MAX};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		mlp_pool *pool = (mlp_pool *)&wrong;
		assert_fails(MLP_ERR_SIZE, "workers is ", mlp_pool_create(wrong[i], &pool));
		assert_null(pool);
		pool = (mlp_pool *)&wrong;
		assert_fails(MLP_ERR_SIZE, "must be in 1 .. 1024",
			     mlp_pool_create_from(wrong[i], host_serial, NULL, &pool));
		assert_null(pool);
	}
	mlp_pool *pool = (mlp_pool *)&wrong;
	assert_fails(MLP_ERR_SIZE, "workers is 0",
		     mlp_pool_create_from(0, host_serial, NULL, &pool));
	assert_null(pool);
	pool = (mlp_pool *)&wrong;
	assert_fails(MLP_ERR_NULL, "parallel_for", mlp_pool_create_from(2, NULL, NULL, &pool));
	assert_null(pool);
	assert_fails(MLP_ERR_NULL, "pool is NULL", mlp_pool_create(2, NULL));
	assert_fails(MLP_ERR_NULL, "pool is NULL",
		     mlp_pool_create_from(2, host_serial, NULL, NULL));
}

static void workers_of_a_new_pool_have_done_nothing(void **state)
{
	(void)state;
	mlp_pool *pool = make(3);
	for (int64_t i = 0; i < 3; i++)
		assert_int_equal(mlp_pool_tasks(pool, i), 0);
	assert_fails(MLP_ERR_INDEX, "worker is 3, the pool has 3", mlp_pool_tasks(pool, 3));
	assert_fails(MLP_ERR_INDEX, "worker is -1", mlp_pool_tasks(pool, -1));
	assert_fails(MLP_ERR_NULL, "pool is NULL", mlp_pool_tasks(NULL, 0));
	mlp_pool_free(pool);
}

static void pinning_refuses_wrong_arguments(void **state)
{
	(void)state;
	mlp_pool *pool = make(2), *host;
	int64_t cpus[2] = {0, 0};
	assert_ok(mlp_pool_create_from(2, host_serial, NULL, &host));
	assert_fails(MLP_ERR_NULL, "pool is NULL", mlp_pool_pin(NULL, cpus, 2));
	assert_fails(MLP_ERR_NULL, "cpus is NULL", mlp_pool_pin(pool, NULL, 2));
	assert_fails(MLP_ERR_SIZE, "count is 1", mlp_pool_pin(pool, cpus, 1));
	assert_fails(MLP_ERR_SIZE, "count is 3", mlp_pool_pin(pool, cpus, 3));
	assert_fails(MLP_ERR_SIZE, "count is -1", mlp_pool_pin(pool, cpus, -1));
	assert_fails(MLP_ERR_STATE, "host's threads", mlp_pool_pin(host, cpus, 2));
	mlp_pool_free(host);
	mlp_pool_free(pool);
}

#ifdef __linux__
static void pinning_takes_processors_that_are_allowed_and_no_others(void **state)
{
	(void)state;
	mlp_pool *pool = make(2);
	cpu_set_t set;
	int allowed = 0;
	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	while (!CPU_ISSET((size_t)allowed, &set))
		allowed++;
	const int64_t wrong[] = {-1, CPU_SETSIZE - 1, CPU_SETSIZE, INT64_MAX, INT64_MIN};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_fails(MLP_ERR_VALUE, "cpus[1] is ",
			     mlp_pool_pin(pool, (int64_t[]){allowed, wrong[i]}, 2));
		assert_ok(mlp_pool_pin(pool, (int64_t[]){wrong[i], allowed}, 2));
	}
	mlp_pool_free(pool);
	pool = make(1);
	assert_ok(mlp_pool_pin(pool, (int64_t[]){-1}, 1));
	mlp_pool_free(pool);
}
#endif

/* How often the host was asked to run jobs. */
static void host_counts(void *context, int64_t count, mlp_job job, void *job_data)
{
	++*(int *)context;
	host_serial(NULL, count, job, job_data);
}

static int host_calls_of_everything(int64_t width, int64_t batch)
{
	const int64_t widths[] = {width, width, 1};
	int calls = 0;
	mlp_pool *pool;
	mlp_network *net;
	mlp_workspace *ws;
	double value;
	float *x = calloc((size_t)(batch * width), sizeof(float));
	float *t = calloc((size_t)batch, sizeof(float));
	float *dl_dx0 = calloc((size_t)(batch * width), sizeof(float));
	assert_ok(mlp_pool_create_from(4, host_counts, &calls, &pool));
	assert_ok(mlp_network_create(MLP_F32, widths, 3, &net));
	assert_ok(mlp_workspace_create(net, batch, MLP_TRAINING, &ws));
	assert_ok(mlp_workspace_set_pool(ws, pool));
	float *grad = calloc((size_t)mlp_network_parameter_count(net), sizeof(float));
	assert_true(x != NULL && t != NULL && dl_dx0 != NULL && grad != NULL);
	assert_ok(mlp_gradient_f32(net, ws, x, width, t, 1, NULL, batch, MLP_SQUARED_ERROR, 0,
				   MLP_MEAN, 0, &value, grad, dl_dx0, width));
	assert_ok(mlp_update_f32(net, ws, grad, 0.1));
	assert_ok(mlp_train_step_f32(net, ws, x, width, t, 1, NULL, batch, MLP_SQUARED_ERROR, 0,
				     MLP_MEAN, 0.1, &value));
	mlp_workspace_free(ws);
	mlp_network_free(net);
	mlp_pool_free(pool);
	free(x);
	free(t);
	free(dl_dx0);
	free(grad);
	return calls;
}

static void host_is_asked_only_for_what_is_worth_sharing(void **state)
{
	(void)state;
	assert_int_equal(host_calls_of_everything(2, 300), 0);
	assert_int_equal(host_calls_of_everything(8, 1000), 0);
	assert_true(host_calls_of_everything(300, 600) >= 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pools_of_every_size_in_range_tell_their_workers),
		cmocka_unit_test(size_0_is_the_number_of_usable_cores),
		cmocka_unit_test(creation_refuses_what_is_out_of_range_and_leaves_null),
		cmocka_unit_test(workers_of_a_new_pool_have_done_nothing),
		cmocka_unit_test(pinning_refuses_wrong_arguments),
#ifdef __linux__
		cmocka_unit_test(pinning_takes_processors_that_are_allowed_and_no_others),
#endif
		cmocka_unit_test(host_is_asked_only_for_what_is_worth_sharing),
	};
	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
