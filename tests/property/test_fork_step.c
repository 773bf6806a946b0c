/* A fork in the middle of steps on a pool and of a publication: the child computes again, publishes, frees what it
 * inherited and ends; the parent goes on to the bits that it would have made anyway. */
#include <pthread.h>
#include <stdatomic.h>

#include "fault/child.h"
#include "support/lessons.h"
#include "support/watchdog.h"

enum { FORKS = 25, CHILD_STEPS = 4 };

static int factor = 1;
static struct lesson lesson;
static float expected[LESSON_PARAMETERS];

/* What parent and child have in common. */
static struct {
	mlp_pool *pool;
	mlp_network *net;
	mlp_workspace *ws;
	mlp_live *live;
	atomic_bool over;
	atomic_int steps;
	int failures;
} common;

static void *step_all_the_time(void *argument)
{
	(void)argument;
	do {
		common.failures += lesson_step(&lesson, common.net, common.ws) != MLP_OK;
		atomic_fetch_add(&common.steps, 1);
	} while (!atomic_load(&common.over));
	return NULL;
}

static void *publish_all_the_time(void *argument)
{
	mlp_network *net = argument;
	while (!atomic_load(&common.over))
		common.failures += mlp_live_publish(common.live, net) != MLP_OK;
	return NULL;
}

static int computes_again(void *context)
{
	(void)context;
	CHILD_EXPECTS(lesson_is_learned(&lesson, NULL, CHILD_STEPS, expected));
	mlp_pool *pool;
	CHILD_EXPECTS(mlp_pool_create(3, &pool) == MLP_OK);
	CHILD_EXPECTS(lesson_is_learned(&lesson, pool, CHILD_STEPS, expected));
	mlp_pool_free(pool);
	/* the inherited workspace, in the middle of a step of the parent's */
	CHILD_EXPECTS(lesson_step(&lesson, common.net, common.ws) == MLP_ERR_STATE);
	CHILD_EXPECTS(mlp_workspace_set_pool(common.ws, NULL) == MLP_OK);
	CHILD_EXPECTS(lesson_step(&lesson, common.net, common.ws) == MLP_OK);
	mlp_pool_free(common.pool);
	mlp_workspace_free(common.ws);
	mlp_network_free(common.net);
	return 0;
}

/* Training on a pool in one thread, forking in this one. */
static void check_forks(mlp_products products)
{
	pthread_t thread;
	static float parameters[LESSON_PARAMETERS], whole[LESSON_PARAMETERS];
	lesson_fill(&lesson, products);
	atomic_store(&common.over, false);
	atomic_store(&common.steps, 0);
	common.failures = 0;
	assert_ok(lesson_take(&lesson, NULL, CHILD_STEPS, expected));
	assert_ok(mlp_pool_create(3, &common.pool));
	assert_ok(lesson_network(&common.net));
	assert_ok(lesson_workspace(&lesson, common.net, common.pool, &common.ws));
	assert_int_equal(pthread_create(&thread, NULL, step_all_the_time, NULL), 0);
	for (int i = 0; i < FORKS * factor; i++) {
		int before = atomic_load(&common.steps);
		assert_child_succeeds(computes_again, NULL);
		while (atomic_load(&common.steps) == before) /* the parent goes on */
			usleep(100);
	}
	atomic_store(&common.over, true);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(common.failures, 0);
	assert_ok(mlp_network_get_parameters_f32(common.net, parameters, LESSON_PARAMETERS));
	assert_ok(lesson_take(&lesson, NULL, atomic_load(&common.steps), whole));
	assert_memory_equal(parameters, whole, sizeof(whole));
	mlp_workspace_free(common.ws);
	mlp_network_free(common.net);
	mlp_pool_free(common.pool);
}

static void child_of_a_fork_in_a_step_computes_again(void **state)
{
	(void)state;
	check_forks(MLP_PRODUCTS_OWN);
}

static int reads_and_publishes(void *context)
{
	mlp_network *net = context;
	const mlp_network *now = mlp_live_acquire(common.live);
	CHILD_EXPECTS(now != NULL);
	mlp_live_release(common.live, now);
	uint64_t version = mlp_live_version(common.live);
	CHILD_EXPECTS(mlp_live_publish(common.live, net) == MLP_OK);
	CHILD_EXPECTS(mlp_live_version(common.live) > version);
	mlp_live_free(common.live);
	mlp_network_free(net);
	return 0;
}

static void child_of_a_fork_in_a_publication_publishes(void **state)
{
	(void)state;
	pthread_t thread;
	mlp_network *net;
	assert_ok(lesson_network(&net));
	assert_ok(mlp_live_create(net, &common.live));
	atomic_store(&common.over, false);
	common.failures = 0;
	assert_int_equal(pthread_create(&thread, NULL, publish_all_the_time, net), 0);
	for (int i = 0; i < FORKS * factor; i++)
		assert_child_succeeds(reads_and_publishes, net);
	atomic_store(&common.over, true);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(common.failures, 0);
	assert_ok(mlp_live_publish(common.live, net));
	mlp_live_free(common.live);
	mlp_network_free(net);
}

static int all_tests(void *context)
{
	(void)context;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(child_of_a_fork_in_a_step_computes_again),
		cmocka_unit_test(child_of_a_fork_in_a_publication_publishes),
	};
	return cmocka_run_group_tests_name("fork_step", tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	factor = watchdog_factor(argc, argv);
	return watchdog_run(280.0 * factor, all_tests, NULL);
}
