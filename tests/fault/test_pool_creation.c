/* A system that has no memory for a pool, or starts no more threads: the pool is refused, and the threads
 * that were started end. The linker puts the functions below in place of the C library's. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "child.h"
#include "support/host.h"

void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
int __real_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void));
int __wrap_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void));
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
			  void *(*start)(void *), void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
			  void *(*start)(void *), void *argument);

static bool out_of_memory;
static int refusals; /* of memory */

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	if (!out_of_memory)
		return __real_aligned_alloc(alignment, size);
	refusals++;
	return NULL;
}

int __wrap_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
	if (!out_of_memory)
		return __real_pthread_atfork(prepare, parent, child);
	refusals++;
	return ENOMEM;
}

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

static mlp_status create(bool from_host, mlp_pool **pool)
{
	return from_host ? mlp_pool_create_from(8, host_serial, NULL, pool)
			 : mlp_pool_create(8, pool);
}

static int is_refused_without_a_fork_handler(void *context)
{
	(void)context;
	out_of_memory = true;
	for (int from_host = 0; from_host <= 1; from_host++) {
		mlp_pool *pool = (mlp_pool *)&allowed;
		CHILD_EXPECTS(create(from_host, &pool) == MLP_ERR_MEMORY);
		CHILD_EXPECTS(strcmp(mlp_last_error(), "out of memory for a fork handler") == 0);
		CHILD_EXPECTS(pool == NULL && started == 0);
	}
	CHILD_EXPECTS(refusals == 2);
	out_of_memory = false; /* a lack of memory is not remembered */
	allowed = 7;
	mlp_pool *pool;
	CHILD_EXPECTS(create(false, &pool) == MLP_OK);
	mlp_pool_free(pool);
	return 0;
}

/* Runs first, in a child: once a process has the handler, it keeps it. */
static void pool_is_refused_without_memory_for_a_fork_handler(void **state)
{
	(void)state;
	assert_child_succeeds(is_refused_without_a_fork_handler, NULL);
}

static void pool_is_refused_without_memory_for_it(void **state)
{
	(void)state;
	mlp_pool *pool;
	allowed = 7;
	for (int from_host = 0; from_host <= 1; from_host++) {
		assert_ok(create(from_host, &pool));
		mlp_pool_free(pool);
		pool = (mlp_pool *)&allowed;
		started = refusals = 0;
		out_of_memory = true;
		mlp_status status = create(from_host, &pool);
		out_of_memory = false;
		assert_fails(MLP_ERR_MEMORY, "out of memory for ", status);
		assert_null(pool);
		assert_int_equal(refusals, 1);
		assert_int_equal(started, 0);
		assert_ok(create(from_host, &pool));
		mlp_pool_free(pool);
		started = 0;
	}
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
		cmocka_unit_test(pool_is_refused_without_memory_for_a_fork_handler),
		cmocka_unit_test(pool_is_refused_without_memory_for_it),
		cmocka_unit_test(pool_is_refused_at_the_first_thread_that_does_not_start),
	};
	return cmocka_run_group_tests_name("pool_creation", tests, NULL, NULL);
}
