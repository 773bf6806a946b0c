/* A run does each of its tasks exactly once, whoever runs it, and leaves its results to the caller. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

#include "base/denormals.h"
#include "base/workers.h"
#include "support/host.h"
#include "support/test.h"

enum { MOST_TASKS = 1000, MOST_WORKERS = 100 };

/* What the tasks of one run leave. CMocka's assertions may not be used in them. */
struct record {
	size_t workers, count;
	int times[MOST_TASKS]; /* plain numbers: a race would be ThreadSanitizer's to find */
	atomic_int wrong;      /* index or worker out of range, or a worker at two tasks at once */
	atomic_int busy[MOST_WORKERS];
	void (*body)(struct record *record, size_t index);
	atomic_int other_mode;
	unsigned long long mode;
};

static void note(void *context, size_t index, size_t worker)
{
	struct record *record = context;
	if (index >= record->count || worker >= record->workers ||
	    atomic_exchange(&record->busy[worker], 1) != 0) {
		atomic_fetch_add(&record->wrong, 1);
		return;
	}
	record->times[index]++;
	if (record->body != NULL)
		record->body(record, index);
	atomic_store(&record->busy[worker], 0);
}

static bool is_complete(struct record *record, int times)
{
	for (size_t i = 0; i < record->count; i++)
		if (record->times[i] != times)
			return false;
	return atomic_load(&record->wrong) == 0;
}

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

static void compute_50_us(struct record *record, size_t index)
{
	(void)record;
	(void)index;
	struct timespec start, now;
	clock_gettime(CLOCK_MONOTONIC, &start);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while ((now.tv_sec - start.tv_sec) * 1000000000 + now.tv_nsec - start.tv_nsec < 50000);
}

static void nap(long milliseconds)
{
	nanosleep(&(struct timespec){.tv_nsec = milliseconds * 1000000}, NULL);
}

static void every_worker_wakes_and_works(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(worker_counts) / sizeof(worker_counts[0]); i++) {
		size_t workers = worker_counts[i];
		mlp_pool *pool;
		assert_ok(mlp_pool_create((int64_t)workers, &pool));
		nap(20); /* they fall asleep */
		bool all = false;
		for (int run = 0; run < 200 && !all; run++) { /* the machine may be busy */
			struct record record = {
				.workers = workers, .count = 200, .body = compute_50_us};
			mlp_pool_run(pool, 200, note, &record);
			assert_true(is_complete(&record, 1));
			all = true;
			for (size_t w = 0; w < workers; w++)
				all = all && mlp_pool_tasks(pool, (int64_t)w) > 0;
		}
		assert_true(all);
		mlp_pool_free(pool);
	}
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
	assert_ok(mlp_pool_create(1024, &pool));
	assert_int_equal(mlp_pool_workers(pool), 1024);
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

static void look_at_mode(struct record *record, size_t index)
{
	compute_50_us(record, index);
	if (mlp_float_mode() != record->mode)
		atomic_fetch_add(&record->other_mode, 1);
}

static void check_modes(mlp_pool *pool)
{
	for (int flush = 0; flush < 2; flush++) {
		unsigned long long old = mlp_float_mode();
		if (flush)
			mlp_denormals_flush();
		struct record record = {
			.workers = 3, .count = 100, .body = look_at_mode, .mode = mlp_float_mode()};
		mlp_pool_run(pool, 100, note, &record);
		assert_true(mlp_float_mode() == record.mode);
		mlp_denormals_restore(old);
		assert_true(is_complete(&record, 1));
		assert_int_equal(atomic_load(&record.other_mode), 0);
	}
	mlp_pool_free(pool);
}

static atomic_int changed_modes;

static void host_thread_keeps_its_mode(void *data, int64_t index)
{
	struct host_thread *inner = data;
	unsigned long long before = mlp_float_mode();
	inner->job(inner->job_data, index);
	if (mlp_float_mode() != before)
		atomic_fetch_add(&changed_modes, 1);
}

/* Its threads round and flush as the process began, not as the caller. */
static void host_that_watches(void *context, int64_t count, mlp_job job, void *job_data)
{
	struct host_thread inner = {.job = job, .job_data = job_data};
	unsigned long long mode = mlp_float_mode();
	mlp_denormals_restore(*(unsigned long long *)context);
	host_threads(NULL, count, host_thread_keeps_its_mode, &inner);
	mlp_denormals_restore(mode);
}

static void tasks_compute_in_the_callers_mode_and_hosts_keep_theirs(void **state)
{
	(void)state;
	mlp_pool *pool;
	unsigned long long mode = mlp_float_mode();
	assert_ok(mlp_pool_create(3, &pool));
	check_modes(pool);
	assert_ok(mlp_pool_create_from(3, host_that_watches, &mode, &pool));
	check_modes(pool);
	assert_int_equal(atomic_load(&changed_modes), 0);
}

/* Which of some signals each worker's thread would take; slow, so that all workers come to work. */
static void look_at_signals(void *context, size_t index, size_t worker)
{
	atomic_int *open = context;
	sigset_t mask;
	(void)index;
	pthread_sigmask(SIG_BLOCK, NULL, &mask);
	for (int signal = SIGHUP; signal <= SIGTERM; signal++)
		if (!sigismember(&mask, signal))
			atomic_fetch_or(&open[worker], 1 << signal);
	compute_50_us(NULL, 0);
}

static void workers_take_no_signals_but_those_of_their_own_faults(void **state)
{
	(void)state;
	const int faults = 1 << SIGSEGV | 1 << SIGBUS | 1 << SIGFPE | 1 << SIGILL | 1 << SIGTRAP |
			   1 << SIGKILL;
	mlp_pool *pool;
	sigset_t before, after;
	sigemptyset(&before);
	sigaddset(&before, SIGHUP);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	assert_ok(mlp_pool_create(2, &pool));
	pthread_sigmask(SIG_BLOCK, NULL, &after);
	for (int signal = SIGHUP; signal <= SIGTERM; signal++)
		assert_int_equal(sigismember(&before, signal), sigismember(&after, signal));
	sigemptyset(&before);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	atomic_int open[2] = {0, 0};
	for (int run = 0; run < 200 && mlp_pool_tasks(pool, 1) == 0; run++)
		mlp_pool_run(pool, 100, look_at_signals, open);
	assert_int_equal(atomic_load(&open[1]) & ~faults, 0);
	assert_true((atomic_load(&open[1]) & 1 << SIGSEGV) != 0);
	mlp_pool_free(pool);
}

/* Processor time of each worker's thread, in seconds: at its first task, and after its last one. */
struct times {
	double first[2], last[2];
};

static double processor_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void look_at_clock(void *context, size_t index, size_t worker)
{
	struct times *times = context;
	if (times->first[worker] == 0)
		times->first[worker] = processor_seconds();
	compute_50_us(NULL, index);
	times->last[worker] = processor_seconds();
}

/* Until worker 1 has had a task. */
static struct times times_of_workers(mlp_pool *pool)
{
	struct times times = {{0}, {0}};
	for (int run = 0; run < 200 && times.first[1] == 0; run++)
		mlp_pool_run(pool, 100, look_at_clock, &times);
	assert_true(times.first[1] > 0);
	return times;
}

static void workers_without_work_use_no_processor_time(void **state)
{
	(void)state;
	mlp_pool *pool;
	assert_ok(mlp_pool_create(2, &pool));
	struct times before = times_of_workers(pool);
	nap(200);
	struct times after = times_of_workers(pool);
	assert_true(after.first[1] - before.last[1] < 0.02);
	mlp_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_task_is_done_exactly_once_by_threads_of_our_own),
		cmocka_unit_test(every_task_is_done_exactly_once_whatever_the_host_does),
		cmocka_unit_test(more_jobs_than_ranges_are_served),
		cmocka_unit_test(without_a_pool_tasks_run_in_order_as_worker_0),
		cmocka_unit_test(every_worker_wakes_and_works),
		cmocka_unit_test(late_workers_stay_out_of_later_runs),
		cmocka_unit_test(results_are_visible_to_the_caller_and_to_later_runs),
		cmocka_unit_test(several_threads_may_run_on_one_pool),
		cmocka_unit_test(runs_on_a_host_may_begin_inside_each_other),
		cmocka_unit_test(largest_pool_works),
		cmocka_unit_test(pools_come_and_go),
		cmocka_unit_test(workers_without_work_use_no_processor_time),
		cmocka_unit_test(workers_take_no_signals_but_those_of_their_own_faults),
		cmocka_unit_test(tasks_compute_in_the_callers_mode_and_hosts_keep_theirs),
	};
	return cmocka_run_group_tests_name("pool_runs", tests, NULL, NULL);
}
