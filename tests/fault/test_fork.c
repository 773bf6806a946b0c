/* A child that inherits a pool through fork has none of its workers: it may free the pool, is refused
 * any other use, and never hangs. The parent's pool goes on. */
#include <pthread.h>
#include <stdatomic.h>

#include "base/workers.h"
#include "child.h"
#include "support/host.h"

static void count(void *context, size_t index, size_t worker)
{
	(void)index;
	(void)worker;
	atomic_fetch_add((atomic_int *)context, 1);
}

static bool runs(mlp_pool *pool)
{
	atomic_int done = 0;
	mlp_pool_run(pool, 100, count, &done);
	return atomic_load(&done) == 100;
}

static int refuses_and_frees(void *context)
{
	mlp_pool *pool = context;
	int64_t workers = mlp_pool_workers(pool), cpus[8] = {0};
	CHILD_EXPECTS(workers == 3);
	CHILD_EXPECTS(!mlp_pool_is_usable(pool));
	CHILD_EXPECTS(mlp_pool_is_usable(NULL));
	CHILD_EXPECTS(mlp_pool_pin(pool, cpus, workers) == MLP_ERR_STATE);
	CHILD_EXPECTS(mlp_pool_tasks(pool, 0) >= 0);
	mlp_pool_free(pool);
	return 0;
}

static void child_is_refused_and_may_free(void **state)
{
	(void)state;
	mlp_pool *own, *host;
	assert_ok(mlp_pool_create(3, &own));
	assert_ok(mlp_pool_create_from(3, host_serial, NULL, &host));
	for (int i = 0; i < 5; i++) {
		assert_child_succeeds(refuses_and_frees, own);
		assert_child_succeeds(refuses_and_frees, host);
		assert_true(mlp_pool_is_usable(own) && mlp_pool_is_usable(host));
		assert_true(runs(own) && runs(host));
	}
	mlp_pool_free(own);
	mlp_pool_free(host);
}

/* A workspace with the inherited pool. */
struct inherited {
	mlp_pool *pool;
	mlp_network *net;
	mlp_workspace *ws;
};

enum { B = 100, IN = 50, OUT = 3 };

static float x[B][IN], y[B][OUT], grad[(IN + 1) * 300 + 301 * OUT];
static int64_t classes[B];

static int is_refused_until_another_pool_is_given(void *context)
{
	struct inherited *it = context;
	double loss;
	for (int with = 1; with >= 0; with--) {
		mlp_status expected = with ? MLP_ERR_STATE : MLP_OK;
		if (!with) {
			CHILD_EXPECTS(mlp_workspace_set_pool(it->ws, it->pool) == MLP_ERR_STATE);
			CHILD_EXPECTS(mlp_workspace_set_pool(it->ws, NULL) == MLP_OK);
			mlp_pool_free(it->pool);
		}
		CHILD_EXPECTS(mlp_forward_f32(it->net, it->ws, x[0], IN, B, y[0], OUT) == expected);
		CHILD_EXPECTS(mlp_backward_f32(it->net, it->ws, y[0], OUT, B, 0, grad, NULL, 0) ==
			      expected);
		CHILD_EXPECTS(mlp_backward_logits_f32(it->net, it->ws, y[0], OUT, B, 0, grad, NULL,
						      0) == expected);
		CHILD_EXPECTS(mlp_update_f32(it->net, it->ws, grad, 0.1) == expected);
		CHILD_EXPECTS(mlp_evaluate_class_f32(it->net, it->ws, x[0], IN, classes, NULL, B,
						     MLP_CROSS_ENTROPY, 0, MLP_MEAN, &loss, NULL,
						     0) == expected);
		CHILD_EXPECTS(mlp_gradient_class_f32(it->net, it->ws, x[0], IN, classes, NULL, B,
						     MLP_CROSS_ENTROPY, 0, MLP_MEAN, 0, &loss, grad,
						     NULL, 0) == expected);
		CHILD_EXPECTS(mlp_train_step_class_f32(it->net, it->ws, x[0], IN, classes, NULL, B,
						       MLP_CROSS_ENTROPY, 0, MLP_MEAN, 0.1,
						       &loss) == expected);
		CHILD_EXPECTS(mlp_update_f32(it->net, NULL, grad, 0.1) == MLP_OK);
	}
	mlp_workspace_free(it->ws);
	mlp_network_free(it->net);
	return 0;
}

static void computing_with_an_inherited_pool_is_refused(void **state)
{
	(void)state;
	for (int host = 0; host < 2; host++) {
		struct inherited it;
		assert_ok(host ? mlp_pool_create_from(3, host_serial, NULL, &it.pool)
			       : mlp_pool_create(3, &it.pool));
		assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){IN, 300, OUT}, 3, &it.net));
		assert_ok(mlp_workspace_create(it.net, B, MLP_TRAINING, &it.ws));
		assert_ok(mlp_workspace_set_tuning(it.ws, MLP_TUNING_PRODUCTS, MLP_PRODUCTS_OWN));
		assert_ok(mlp_workspace_set_pool(it.ws, it.pool));
		for (int i = 0; i < 3; i++) {
			assert_ok(mlp_forward_f32(it.net, it.ws, x[0], IN, B, y[0], OUT));
			assert_child_succeeds(is_refused_until_another_pool_is_given, &it);
		}
		mlp_workspace_free(it.ws);
		mlp_network_free(it.net);
		mlp_pool_free(it.pool);
	}
}

static atomic_bool over;

static void *run_all_the_time(void *pool)
{
	int failures = 0;
	while (!atomic_load(&over))
		failures += !runs(pool);
	return failures == 0 ? pool : NULL;
}

static void child_of_a_fork_in_the_middle_of_a_run_may_free(void **state)
{
	(void)state;
	mlp_pool *pool;
	pthread_t thread;
	void *result;
	assert_ok(mlp_pool_create(3, &pool));
	assert_int_equal(pthread_create(&thread, NULL, run_all_the_time, pool), 0);
	for (int i = 0; i < 30; i++)
		assert_child_succeeds(refuses_and_frees, pool);
	atomic_store(&over, true);
	assert_int_equal(pthread_join(thread, &result), 0);
	assert_ptr_equal(result, pool);
	mlp_pool_free(pool);
}

static int frees_the_new_pool(void *context)
{
	CHILD_EXPECTS(!mlp_pool_is_usable(context));
	mlp_pool_free(context);
	return 0;
}

static int makes_a_pool_of_its_own(void *inherited)
{
	mlp_pool *pool;
	CHILD_EXPECTS(mlp_pool_create(3, &pool) == MLP_OK);
	CHILD_EXPECTS(mlp_pool_is_usable(pool) && !mlp_pool_is_usable(inherited));
	CHILD_EXPECTS(runs(pool));
	pid_t grandchild = fork();
	if (grandchild == 0) {
		alarm(CHILD_SECONDS);
		_exit(frees_the_new_pool(pool));
	}
	int status;
	CHILD_EXPECTS(waitpid(grandchild, &status, 0) == grandchild && status == 0);
	CHILD_EXPECTS(runs(pool));
	mlp_pool_free(inherited);
	mlp_pool_free(pool);
	return 0;
}

static void child_may_make_a_pool_of_its_own(void **state)
{
	(void)state;
	mlp_pool *pool;
	assert_ok(mlp_pool_create(2, &pool));
	assert_true(runs(pool));
	assert_child_succeeds(makes_a_pool_of_its_own, pool);
	assert_true(runs(pool));
	mlp_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(child_is_refused_and_may_free),
		cmocka_unit_test(computing_with_an_inherited_pool_is_refused),
		cmocka_unit_test(child_of_a_fork_in_the_middle_of_a_run_may_free),
		cmocka_unit_test(child_may_make_a_pool_of_its_own),
	};
	return cmocka_run_group_tests_name("fork", tests, NULL, NULL);
}
