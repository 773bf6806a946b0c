/* The waits inside a pool are no cancellation points: for workers that are slower than their caller, for the turn of
 * another caller, for the end of a pool's threads. */
#include <stdatomic.h>
#include <time.h>

#include "base/workers.h"
#include "support/cancelled.h"
#include "support/watchdog.h"

enum { TASKS = 4, MILLISECONDS = 20 };

static void nap(long milliseconds)
{
	const struct timespec moment = {0, milliseconds * 1000000L};
	int state;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	nanosleep(&moment, NULL);
	pthread_setcancelstate(state, &state);
}

struct slow_run {
	mlp_pool *pool;
	atomic_int done, begun; /* tasks; those of workers */
};

/* The caller is done long before a worker is, and has to sleep for it. */
static void be_slow_on_workers(void *context, size_t index, size_t worker)
{
	struct slow_run *run = context;
	(void)index;
	if (worker != 0) {
		atomic_fetch_add(&run->begun, 1);
		nap(MILLISECONDS);
	}
	for (int i = 0; i < 5000 && atomic_load(&run->begun) == 0; i++)
		nap(1);
	atomic_fetch_add(&run->done, 1);
}

static mlp_status run_slowly(void *context)
{
	struct slow_run *run = context;
	atomic_store(&run->done, 0);
	atomic_store(&run->begun, 0);
	mlp_pool_run(run->pool, TASKS, be_slow_on_workers, run);
	return atomic_load(&run->done) == TASKS && atomic_load(&run->begun) > 0 ? MLP_OK
										: MLP_ERR_STATE;
}

static void a_caller_waits_for_its_workers(void **state)
{
	(void)state;
	struct slow_run run;
	assert_ok(mlp_pool_create(TASKS, &run.pool));
	for (int i = 0; i < 5; i++) {
		assert_call_is_finished(run_slowly, &run);
		assert_ok(run_slowly(&run));
	}
	mlp_pool_free(run.pool);
}

static void *run_in_another_thread(void *context)
{
	return run_slowly(context) == MLP_OK ? context : NULL;
}

static void a_caller_waits_for_its_turn(void **state)
{
	(void)state;
	struct slow_run run, other;
	assert_ok(mlp_pool_create(TASKS, &run.pool));
	other.pool = run.pool;
	for (int i = 0; i < 5; i++) {
		pthread_t thread;
		void *result;
		assert_int_equal(pthread_create(&thread, NULL, run_in_another_thread, &other), 0);
		assert_call_is_finished(run_slowly, &run);
		assert_int_equal(pthread_join(thread, &result), 0);
		assert_ptr_equal(result, &other);
	}
	mlp_pool_free(run.pool);
}

static mlp_status free_pool(void *pool)
{
	mlp_pool_free(pool);
	return MLP_OK;
}

static void the_end_of_a_pool_is_waited_for(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		mlp_pool *pool;
		assert_ok(mlp_pool_create(TASKS, &pool));
		assert_call_is_finished(free_pool, pool);
	}
}

static int all_tests(void *context)
{
	(void)context;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_caller_waits_for_its_workers),
		cmocka_unit_test(a_caller_waits_for_its_turn),
		cmocka_unit_test(the_end_of_a_pool_is_waited_for),
	};
	return cmocka_run_group_tests_name("cancel_wait", tests, NULL, NULL);
}

int main(void)
{
	return watchdog_run(60, all_tests, NULL);
}
