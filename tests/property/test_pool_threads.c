/* What a pool's threads are to the process they are guests in: they wake for work and sleep without, take
 * none of its signals, and leave floating-point modes as they find them. */
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "base/float_mode.h"
#include "base/workers.h"
#include "record.h"
#include "support/host.h"
#include "support/test.h"

static void nap(long milliseconds)
{
	nanosleep(&(struct timespec){.tv_nsec = milliseconds * 1000000}, NULL);
}

static void every_worker_wakes_and_works(void **state)
{
	(void)state;
	const size_t worker_counts[] = {1, 2, 3, 8};
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
	(void)index;
	if (times->first[worker] == 0)
		times->first[worker] = processor_seconds();
	compute_50_us(NULL);
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
	compute_50_us(NULL);
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

/* The floating-point mode that tasks are to have, and how many had another. */
struct modes {
	unsigned long long expected;
	atomic_int others;
};

static void look_at_mode(void *data)
{
	struct modes *modes = data;
	compute_50_us(NULL);
	if (mlp_float_mode() != modes->expected)
		atomic_fetch_add(&modes->others, 1);
}

static void check_modes(mlp_pool *pool)
{
	for (int flush = 0; flush < 2; flush++) {
		unsigned long long old = mlp_float_mode();
		if (flush)
			mlp_denormals_flush();
		struct modes modes = {.expected = mlp_float_mode()};
		struct record record = {
			.workers = 3, .count = 100, .body = look_at_mode, .data = &modes};
		mlp_pool_run(pool, 100, note, &record);
		assert_true(mlp_float_mode() == modes.expected);
		mlp_set_float_mode(old);
		assert_true(is_complete(&record, 1));
		assert_int_equal(atomic_load(&modes.others), 0);
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
	mlp_set_float_mode(*(unsigned long long *)context);
	host_threads(NULL, count, host_thread_keeps_its_mode, &inner);
	mlp_set_float_mode(mode);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_worker_wakes_and_works),
		cmocka_unit_test(workers_without_work_use_no_processor_time),
		cmocka_unit_test(workers_take_no_signals_but_those_of_their_own_faults),
		cmocka_unit_test(tasks_compute_in_the_callers_mode_and_hosts_keep_theirs),
	};
	return cmocka_run_group_tests_name("pool_threads", tests, NULL, NULL);
}
