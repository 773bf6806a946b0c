/* Pools made, used and freed in a loop, by several threads at once, while others compute with pools that stay:
 * every result has its bits, and no thread and no memory is left. */
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "support/lessons.h"
#include "support/watchdog.h"

enum { STEPS = 3, MAKERS = 4, USERS = 3, ROUNDS = 15 };

static int factor = 1;
static struct lesson lesson;
static float expected[LESSON_PARAMETERS];
static atomic_int makers_left;

struct actor {
	mlp_pool *pool; /* that stays */
	int number, failures;
};

static void *make_use_and_free(void *argument)
{
	struct actor *actor = argument;
	for (int round = 0; round < ROUNDS * factor; round++) {
		mlp_pool *pool;
		if (mlp_pool_create(1 + (actor->number + round) % 5, &pool) != MLP_OK) {
			actor->failures++;
			continue;
		}
		if (round % 3 != 0) /* now and then one is freed before its threads have begun */
			actor->failures += !lesson_is_learned(&lesson, pool, STEPS, expected);
		mlp_pool_free(pool);
	}
	atomic_fetch_sub(&makers_left, 1);
	return NULL;
}

static void *use_all_the_time(void *argument)
{
	struct actor *actor = argument;
	do
		actor->failures += !lesson_is_learned(&lesson, actor->pool, STEPS, expected);
	while (atomic_load(&makers_left) > 0);
	return NULL;
}

/* Threads of this process; -1: the system does not tell. */
static int count_threads(void)
{
	DIR *tasks = opendir("/proc/self/task");
	if (tasks == NULL)
		return -1;
	int count = 0;
	for (const struct dirent *task; (task = readdir(tasks)) != NULL;)
		count += task->d_name[0] != '.';
	closedir(tasks);
	return count;
}

/* A thread that was joined may be listed for a moment still. */
static void assert_threads(int expected_count)
{
	const struct timespec moment = {0, 10000000};
	for (int i = 0; i < 1000 && count_threads() != expected_count; i++)
		nanosleep(&moment, NULL);
	assert_int_equal(count_threads(), expected_count);
}

static void pools_are_made_and_freed_while_others_compute(void **state)
{
	(void)state;
	struct actor actors[MAKERS + USERS] = {{0}};
	pthread_t threads[MAKERS + USERS];
	mlp_pool *shared;
	const int before = count_threads();
	assert_ok(mlp_pool_create(3, &shared));
	atomic_store(&makers_left, MAKERS);
	for (int i = 0; i < MAKERS + USERS; i++) { /* the last computes alone */
		actors[i].number = i;
		actors[i].pool = i < MAKERS + USERS - 1 ? shared : NULL;
		assert_int_equal(pthread_create(&threads[i], NULL,
						i < MAKERS ? make_use_and_free : use_all_the_time,
						&actors[i]),
				 0);
	}
	for (int i = 0; i < MAKERS + USERS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(actors[i].failures, 0);
	}
	assert_int_equal(mlp_pool_workers(shared), 3);
	assert_true(lesson_is_learned(&lesson, shared, STEPS, expected));
	mlp_pool_free(shared);
	assert_threads(before);
}

static void *free_in_another_thread(void *pool)
{
	mlp_pool_free(pool);
	return NULL;
}

static void a_pool_is_freed_by_another_thread_than_made_it(void **state)
{
	(void)state;
	const int before = count_threads();
	for (int i = 0; i < 50 * factor; i++) {
		pthread_t thread;
		mlp_pool *pool;
		assert_ok(mlp_pool_create(3, &pool));
		assert_true(lesson_is_learned(&lesson, pool, STEPS, expected));
		assert_int_equal(pthread_create(&thread, NULL, free_in_another_thread, pool), 0);
		assert_int_equal(pthread_join(thread, NULL), 0);
	}
	assert_threads(before);
}

/* A workspace that goes from pool to pool, each of which is freed at once. */
static void a_workspace_outlives_its_pools(void **state)
{
	(void)state;
	enum { POOLS = 40 };
	static float whole[LESSON_PARAMETERS], parameters[LESSON_PARAMETERS];
	mlp_network *net;
	mlp_workspace *ws;
	assert_ok(lesson_take(&lesson, NULL, POOLS, whole));
	assert_ok(lesson_network(&net));
	assert_ok(lesson_workspace(&lesson, net, NULL, &ws));
	for (int i = 0; i < POOLS; i++) {
		mlp_pool *pool;
		assert_ok(mlp_pool_create(1 + i % 6, &pool));
		assert_ok(mlp_workspace_set_pool(ws, pool));
		assert_ok(lesson_step(&lesson, net, ws));
		assert_ok(mlp_workspace_set_pool(ws, NULL));
		mlp_pool_free(pool);
	}
	assert_ok(mlp_network_get_parameters_f32(net, parameters, LESSON_PARAMETERS));
	assert_memory_equal(parameters, whole, sizeof(whole));
	mlp_workspace_free(ws);
	mlp_network_free(net);
}

/* Threads that come, fail, and go: the line about it is theirs, and goes with them. */
static void *fail_and_end(void *argument)
{
	mlp_network *net;
	*(mlp_status *)argument = mlp_network_create(MLP_F32, NULL, 3, &net);
	return strlen(mlp_last_error()) > 0 ? argument : NULL;
}

static void threads_that_fail_and_end_leave_nothing(void **state)
{
	(void)state;
	enum { AT_ONCE = 8 };
	const int before = count_threads();
	for (int i = 0; i < 50 * factor; i++) {
		pthread_t threads[AT_ONCE];
		mlp_status status[AT_ONCE];
		void *told;
		for (int j = 0; j < AT_ONCE; j++)
			assert_int_equal(
				pthread_create(&threads[j], NULL, fail_and_end, &status[j]), 0);
		for (int j = 0; j < AT_ONCE; j++) {
			assert_int_equal(pthread_join(threads[j], &told), 0);
			assert_int_equal(status[j], MLP_ERR_NULL);
			assert_ptr_equal(told, &status[j]);
		}
	}
	assert_threads(before);
}

static int all_tests(void *context)
{
	(void)context;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pools_are_made_and_freed_while_others_compute),
		cmocka_unit_test(a_pool_is_freed_by_another_thread_than_made_it),
		cmocka_unit_test(a_workspace_outlives_its_pools),
		cmocka_unit_test(threads_that_fail_and_end_leave_nothing),
	};
	mlp_pool *first; /* with the first thread ThreadSanitizer starts one of its own */
	lesson_fill(&lesson, 0);
	if (lesson_take(&lesson, NULL, STEPS, expected) != MLP_OK ||
	    mlp_pool_create(2, &first) != MLP_OK)
		return EXIT_FAILURE;
	mlp_pool_free(first);
	return cmocka_run_group_tests_name("pool_lives", tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	factor = watchdog_factor(argc, argv);
	return watchdog_run(280.0 * factor, all_tests, NULL);
}
