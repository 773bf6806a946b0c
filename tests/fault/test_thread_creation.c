/* A system that starts no more threads: the pool is refused, and the threads that were started end.
 * The linker puts the function below in place of pthread_create. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#include "support/test.h"

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
			  void *(*start)(void *), void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
			  void *(*start)(void *), void *argument);

static int allowed, started;
static atomic_int ended;

struct body {
	void *(*start)(void *);
	void *argument;
};

static struct body bodies[16];

static void *run_and_count(void *argument)
{
	struct body *body = argument;
	void *result = body->start(body->argument);
	atomic_fetch_add(&ended, 1);
	return result;
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
			  void *(*start)(void *), void *argument)
{
	if (started >= allowed)
		return EAGAIN;
	struct body *body = &bodies[started++];
	*body = (struct body){start, argument};
	return __real_pthread_create(thread, attributes, run_and_count, body);
}

static void pool_is_refused_at_the_first_thread_that_does_not_start(void **state)
{
	(void)state;
	for (allowed = 0; allowed < 7; allowed++) {
		mlp_pool *pool = (mlp_pool *)&allowed;
		char words[40];
		started = 0;
		atomic_store(&ended, 0);
		snprintf(words, sizeof(words), "starts %d of 7 threads", allowed);
		assert_fails(MLP_ERR_SYSTEM, words, mlp_pool_create(8, &pool));
		assert_null(pool);
		assert_int_equal(started, allowed);
		assert_int_equal(atomic_load(&ended), allowed);
	}
	mlp_pool *pool;
	started = 0;
	atomic_store(&ended, 0);
	assert_ok(mlp_pool_create(8, &pool));
	mlp_pool_free(pool);
	assert_int_equal(started, 7);
	assert_int_equal(atomic_load(&ended), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pool_is_refused_at_the_first_thread_that_does_not_start),
	};
	return cmocka_run_group_tests_name("thread_creation", tests, NULL, NULL);
}
