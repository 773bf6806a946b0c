/* A run does each of its tasks exactly once, whoever runs it, and leaves its results to the caller. */
#include <pthread.h>
#include <stdatomic.h>

#include "base/workers.h"
#include "record.h"
#include "support/host.h"
#include "support/test.h"

static const size_t worker_counts[] = {1, 2, 3, 8};
static const size_t task_counts[] = {0, 1, 2, 7, MOST_TASKS};

static int64_t all_tasks(const mlp_pool *pool)
{
	int64_t sum = 0;
	for (int64_t w = 0; w < mlp_pool_workers(pool); w++)
		sum += mlp_pool_tasks(pool, w);
	return sum;
}

static void check_pool(mlp_pool *pool, size_t workers)
{
	int64_t expected = all_tasks(pool);
	for (size_t i = 0; i < sizeof(task_counts) / sizeof(task_counts[0]); i++) {
		struct record record = {.workers = workers, .count = task_counts[i]};
		for (int times = 1; times <= 20; times++) {
			mlp_pool_run(pool, record.count, note, &record);
			assert_true(is_complete(&record, times));
			expected += (int64_t)record.count;
			assert_int_equal(all_tasks(pool), expected);
		}
	}
}

static void every_task_is_done_exactly_once_by_threads_of_our_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(worker_counts) / sizeof(worker_counts[0]); i++) {
		mlp_pool *pool;
		assert_ok(mlp_pool_create((int64_t)worker_counts[i], &pool));
		check_pool(pool, worker_counts[i]);
		mlp_pool_free(pool);
	}
}

static void every_task_is_done_exactly_once_whatever_the_host_does(void **state)
{
	(void)state;
	const mlp_parallel_for hosts[] = {host_serial, host_reversed, host_skips_odd_jobs,
					  host_skips_all_jobs, host_threads};
	for (size_t h = 0; h < sizeof(hosts) / sizeof(hosts[0]); h++) {
		for (size_t i = 0; i < sizeof(worker_counts) / sizeof(worker_counts[0]); i++) {
			mlp_pool *pool;
			assert_ok(mlp_pool_create_from((int64_t)worker_counts[i], hosts[h], NULL,
						       &pool));
			check_pool(pool, worker_counts[i]);
			mlp_pool_free(pool);
		}
	}
}

static void more_jobs_than_ranges_are_served(void **state)
{
	(void)state;
	mlp_pool *pool;
	assert_ok(mlp_pool_create_from(MOST_WORKERS, host_reversed, NULL, &pool));
	check_pool(pool, MOST_WORKERS);
	mlp_pool_free(pool);
}

static void without_a_pool_tasks_run_in_order_as_worker_0(void **state)
{
	(void)state;
	struct record record = {.workers = 1, .count = 10};
	mlp_pool_run(NULL, 10, note, &record);
	assert_true(is_complete(&record, 1));
	assert_true(mlp_pool_is_usable(NULL));
}

/* Short runs of changing length and place: a worker that is late for one must not touch another. */
static void late_workers_stay_out_of_later_runs(void **state)
{
	(void)state;
	static struct record records[3];
	mlp_pool *pool;
	assert_ok(mlp_pool_create(3, &pool));
	for (int run = 0; run < 20000; run++) {
		struct record *record = &records[run % 3];
		*record = (struct record){.workers = 3, .count = (size_t)(2 + run % 5)};
		mlp_pool_run(pool, record->count, note, record);
		assert_true(is_complete(record, 1));
	}
	mlp_pool_free(pool);
}

struct table {
	size_t rows[64];
};

static void add_neighbours(void *context, size_t index, size_t worker)
{
	struct table *tables = context;
	(void)worker;
	tables[1].rows[index] = tables[0].rows[index] + tables[0].rows[(index + 1) % 64];
}

/* Each run reads what other workers wrote in the one before, with plain loads and stores. */
static void results_are_visible_to_the_caller_and_to_later_runs(void **state)
{
	(void)state;
	mlp_pool *pool;
	assert_ok(mlp_pool_create(3, &pool));
	struct table tables[2], expected[2];
	for (size_t i = 0; i < 64; i++)
		tables[0].rows[i] = expected[0].rows[i] = i;
	for (int run = 0; run < 2000; run++) {
		mlp_pool_run(pool, 64, add_neighbours, tables);
		mlp_pool_run(NULL, 64, add_neighbours, expected);
		assert_memory_equal(tables[1].rows, expected[1].rows, sizeof(struct table));
		tables[0] = tables[1];
		expected[0] = expected[1];
	}
	mlp_pool_free(pool);
}

struct host_caller {
	mlp_pool *pool;
	pthread_barrier_t *start;
	int failures;
};

static void *call_often(void *argument)
{
	struct host_caller *self = argument;
	pthread_barrier_wait(self->start);
	for (int run = 0; run < 300; run++) {
		struct record record = {.workers = 3,
					.count = (size_t)(1 + run % 40),
					.body = run % 40 < 3 ? compute_50_us : NULL};
		mlp_pool_run(self->pool, record.count, note, &record);
		self->failures += !is_complete(&record, 1);
	}
	return NULL;
}

static void check_callers_of(mlp_pool *pool)
{
	enum { CALLERS = 4 };
	pthread_t threads[CALLERS];
	pthread_barrier_t start;
	assert_int_equal(pthread_barrier_init(&start, NULL, CALLERS), 0);
	struct host_caller callers[CALLERS];
	for (int i = 0; i < CALLERS; i++) {
		callers[i] = (struct host_caller){pool, &start, 0};
		assert_int_equal(pthread_create(&threads[i], NULL, call_often, &callers[i]), 0);
	}
	int64_t expected = 0;
	for (int run = 0; run < 300; run++)
		expected += 1 + run % 40;
	for (int i = 0; i < CALLERS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(callers[i].failures, 0);
	}
	pthread_barrier_destroy(&start);
	assert_int_equal(all_tasks(pool), CALLERS * expected);
	mlp_pool_free(pool);
}

static void several_threads_may_run_on_one_pool(void **state)
{
	(void)state;
	mlp_pool *pool;
	assert_ok(mlp_pool_create(3, &pool));
	check_callers_of(pool);
	assert_ok(mlp_pool_create_from(3, host_serial, NULL, &pool));
	check_callers_of(pool);
}

static void add_one(void *context, size_t index, size_t worker)
{
	(void)index;
	(void)worker;
	atomic_fetch_add((atomic_int *)context, 1);
}

/* A job system may let a thread that waits for its jobs begin other work, which runs on the pool. */
static mlp_pool *busy_pool;
static int depth, inner_failures;

static void host_does_other_work_meanwhile(void *context, int64_t count, mlp_job job,
					   void *job_data)
{
	if (depth++ == 0) {
		struct record record = {.workers = 2, .count = 5};
		mlp_pool_run(busy_pool, 5, note, &record);
		inner_failures += !is_complete(&record, 1);
	}
	host_serial(context, count, job, job_data);
	depth--;
}

static void runs_on_a_host_may_begin_inside_each_other(void **state)
{
	(void)state;
	assert_ok(mlp_pool_create_from(2, host_does_other_work_meanwhile, NULL, &busy_pool));
	struct record record = {.workers = 2, .count = 9};
	mlp_pool_run(busy_pool, 9, note, &record);
	assert_true(is_complete(&record, 1));
	assert_int_equal(inner_failures, 0);
	mlp_pool_free(busy_pool);
}

/* Here, not among the unit tests: valgrind has room for 500 threads. */
static void largest_pool_works(void **state)
{
	(void)state;
	static atomic_int done;
	mlp_pool *pool;
	int64_t workers = 1024;
	while (mlp_pool_create(workers, &pool) == MLP_ERR_SYSTEM && workers > 64)
		workers /= 2; /* a limit of this machine's, of threads or of addresses */
	assert_non_null(pool);
	assert_int_equal(mlp_pool_workers(pool), workers);
	for (int run = 1; run <= 3; run++) {
		mlp_pool_run(pool, 5000, add_one, &done);
		assert_int_equal(atomic_load(&done), run * 5000);
	}
	mlp_pool_free(pool);
}

static void pools_come_and_go(void **state)
{
	(void)state;
	for (int i = 0; i < 300; i++) {
		mlp_pool *pool;
		assert_ok(mlp_pool_create(1 + i % 4, &pool));
		struct record record = {.workers = (size_t)(1 + i % 4), .count = 5};
		for (int run = 0; run < i % 3; run++)
			mlp_pool_run(pool, 5, note, &record);
		assert_true(is_complete(&record, i % 3));
		mlp_pool_free(pool);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_task_is_done_exactly_once_by_threads_of_our_own),
		cmocka_unit_test(every_task_is_done_exactly_once_whatever_the_host_does),
		cmocka_unit_test(more_jobs_than_ranges_are_served),
		cmocka_unit_test(without_a_pool_tasks_run_in_order_as_worker_0),
		cmocka_unit_test(late_workers_stay_out_of_later_runs),
		cmocka_unit_test(results_are_visible_to_the_caller_and_to_later_runs),
		cmocka_unit_test(several_threads_may_run_on_one_pool),
		cmocka_unit_test(runs_on_a_host_may_begin_inside_each_other),
		cmocka_unit_test(largest_pool_works),
		cmocka_unit_test(pools_come_and_go),
	};
	return cmocka_run_group_tests_name("pool_runs", tests, NULL, NULL);
}
