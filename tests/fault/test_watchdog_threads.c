/* The watchdog of the tests with threads reports what hangs, in whatever way, and nothing else. */
#include <pthread.h>

#include "support/test.h"
#include "support/watchdog.h"

static const double soon = 0.3, late = 60;

static int returns(void *context)
{
	return *(int *)context;
}

static void a_program_that_ends_gives_its_own_result(void **state)
{
	(void)state;
	for (int result = 0; result < 3; result++)
		assert_int_equal(watchdog_run(late, returns, &result), result);
}

static int crashes(void *context)
{
	(void)context;
	signal(SIGABRT, SIG_DFL);
	abort();
}

static void a_program_that_crashes_is_reported(void **state)
{
	(void)state;
	assert_int_equal(watchdog_run(late, crashes, NULL), WATCHDOG_SIGNALED + SIGABRT);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *waits_for_the_mutex(void *argument)
{
	pthread_mutex_lock(&mutex);
	return argument;
}

/* A deadlock of two threads, of which none takes a signal. */
static int hangs(void *context)
{
	(void)context;
	pthread_t thread;
	sigset_t all;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	pthread_mutex_lock(&mutex);
	if (pthread_create(&thread, NULL, waits_for_the_mutex, NULL) == 0)
		pthread_join(thread, NULL);
	return 0;
}

static int spins(void *context)
{
	for (volatile int *forever = context; *forever;)
		;
	return 0;
}

static int hangs_in_a_child(void *context)
{
	if (fork() == 0)
		return hangs(context);
	wait(NULL);
	return 0;
}

/* A pipe that the hung child inherits: at its end once all who hold it are gone. */
static void assert_nobody_holds(int descriptor)
{
	char byte;
	ssize_t n;
	do
		n = read(descriptor, &byte, 1);
	while (n < 0 && errno == EINTR);
	assert_int_equal(n, 0);
}

static void a_program_that_hangs_is_reported_and_nothing_of_it_is_left(void **state)
{
	(void)state;
	int yes = 1, ends[2];
	int (*const ways[])(void *) = {hangs, spins, hangs_in_a_child};
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		assert_int_equal(pipe(ends), 0);
		assert_int_equal(watchdog_run(soon, ways[i], &yes), WATCHDOG_EXPIRED);
		close(ends[1]);
		assert_nobody_holds(ends[0]);
		close(ends[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_that_ends_gives_its_own_result),
		cmocka_unit_test(a_program_that_crashes_is_reported),
		cmocka_unit_test(a_program_that_hangs_is_reported_and_nothing_of_it_is_left),
	};
	alarm(60); /* should the watchdog itself hang */
	return cmocka_run_group_tests_name("watchdog", tests, NULL, NULL);
}
