/* A child forked while another thread has its turn in a BLAS without threads does not wait for it for
 * ever. This program says that it runs on such a BLAS. */
#include <pthread.h>

#include "blas/provider.h"
#include "child.h"

int openblas_get_parallel(void);

int openblas_get_parallel(void)
{
	return 0;
}

static pthread_barrier_t inside, leave;

static void *hold_the_turn(void *argument)
{
	(void)argument;
	int old = mlp_blas_enter();
	pthread_barrier_wait(&inside);
	pthread_barrier_wait(&leave);
	mlp_blas_leave(old);
	return NULL;
}

static int takes_its_turn(void *context)
{
	(void)context;
	for (int i = 0; i < 3; i++)
		mlp_blas_leave(mlp_blas_enter());
	return 0;
}

static void child_takes_its_turn_and_the_parent_keeps_its_own(void **state)
{
	(void)state;
	pthread_t thread;
	assert_true(mlp_blas_takes_turns());
	for (int i = 0; i < 3; i++) {
		pthread_barrier_init(&inside, NULL, 2);
		pthread_barrier_init(&leave, NULL, 2);
		assert_int_equal(pthread_create(&thread, NULL, hold_the_turn, NULL), 0);
		pthread_barrier_wait(&inside);
		assert_child_succeeds(takes_its_turn, NULL);
		pthread_barrier_wait(&leave);
		assert_int_equal(pthread_join(thread, NULL), 0);
		takes_its_turn(NULL);
		pthread_barrier_destroy(&inside);
		pthread_barrier_destroy(&leave);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(child_takes_its_turn_and_the_parent_keeps_its_own),
	};
	return cmocka_run_group_tests_name("fork_turn", tests, NULL, NULL);
}
