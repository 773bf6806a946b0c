/* One thread trains and publishes after every step, fifteen compute with whatever is the latest: each of them sees
 * the very parameters of one step, and computes what the trainer computed with them, bit for bit. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "support/watchdog.h"
#include "task.h"

enum { READERS = 15, BATCH = 24, OUTPUTS = 5, MOST = 20000, LEAST = 200, SEEN = 8 };

static int factor = 1;
static const int64_t net_widths[] = {12, 32, OUTPUTS};

/* Of a version, written by the trainer before it is published: a sum of its parameters' bits, and of its outputs'. */
struct stamp {
	uint64_t parameters, outputs;
};

static struct stamp stamps[MOST + 1];

static uint64_t sum_bits(const REAL *values, size_t count, uint64_t sum)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t bits = 0;
		memcpy(&bits, &values[i], sizeof(REAL));
		sum = (sum ^ bits) * 1099511628211U;
	}
	return sum;
}

static mlp_status outputs_of(const mlp_network *net, mlp_workspace *ws, const struct task *task,
			     uint64_t *sum)
{
	REAL y[BATCH * OUTPUTS];
	mlp_status status =
		FN(forward)(net, ws, task->x.data, (int64_t)task->x.ld, BATCH, y, OUTPUTS);
	*sum = sum_bits(y, (size_t)BATCH * OUTPUTS, 0);
	return status;
}

struct reader {
	mlp_live *live;
	const struct task *task;
	atomic_bool *ends;
	atomic_int seen; /* versions that were new */
	int failures;
};

static void *read_all_the_time(void *argument)
{
	struct reader *reader = argument;
	const size_t count = reader->task->parameter_count;
	mlp_workspace *ws = NULL;
	uint64_t last = 0;
	while (!atomic_load(reader->ends)) {
		const mlp_network *now = mlp_live_acquire(reader->live);
		const uint64_t version = mlp_live_version_of(reader->live, now);
		uint64_t outputs = 0;
		if (ws == NULL)
			reader->failures +=
				mlp_workspace_create(now, BATCH, MLP_INFERENCE, &ws) != MLP_OK;
		reader->failures += version < last || version == 0 || version > MOST;
		reader->failures += outputs_of(now, ws, reader->task, &outputs) != MLP_OK;
		reader->failures += outputs != stamps[version].outputs;
		reader->failures += sum_bits(FN(network_const_parameters)(now), count, 0) !=
				    stamps[version].parameters;
		mlp_live_release(reader->live, now);
		if (version > last)
			atomic_fetch_add(&reader->seen, 1);
		last = version;
	}
	mlp_workspace_free(ws);
	return NULL;
}

static void stamp(const struct task *task, mlp_workspace *ws, uint64_t version)
{
	stamps[version].parameters =
		sum_bits(FN(network_const_parameters)(task->net), task->parameter_count, 0);
	assert_ok(outputs_of(task->net, ws, task, &stamps[version].outputs));
}

static bool all_have_seen(struct reader *readers, int versions)
{
	for (size_t i = 0; i < READERS; i++)
		if (atomic_load(&readers[i].seen) < versions)
			return false;
	return true;
}

static void check(mlp_pool *pool)
{
	struct task task = task_create(net_widths, 3, BATCH, 1, 90);
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING), *inference;
	mlp_live *live;
	assert_ok(mlp_workspace_set_pool(ws, pool));
	assert_ok(mlp_workspace_create(task.net, BATCH, MLP_INFERENCE, &inference));
	stamp(&task, inference, 1);
	assert_ok(mlp_live_create(task.net, &live));
	pthread_t threads[READERS];
	atomic_bool ends = false;
	struct reader readers[READERS];
	for (size_t i = 0; i < READERS; i++) {
		readers[i] = (struct reader){.live = live, .task = &task, .ends = &ends};
		assert_int_equal(pthread_create(&threads[i], NULL, read_all_the_time, &readers[i]),
				 0);
	}
	uint64_t version = 1;
	for (; version < MOST &&
	       (version < (uint64_t)LEAST * (uint64_t)factor || !all_have_seen(readers, SEEN));
	     version++) {
		task_step(&task, ws, 0.01);
		stamp(&task, inference, version + 1);
		assert_ok(mlp_live_publish(live, task.net));
	}
	atomic_store(&ends, true);
	for (size_t i = 0; i < READERS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(readers[i].failures, 0);
		assert_true(atomic_load(&readers[i].seen) > 0);
	}
	assert_true(mlp_live_version(live) == version);
	assert_in_range(mlp_live_networks(live), 1, READERS + 2);
	mlp_live_free(live);
	mlp_workspace_free(ws);
	mlp_workspace_free(inference);
	task_free(&task);
}

static void readers_compute_with_whole_networks_while_one_thread_trains(void **state)
{
	(void)state;
	check(NULL);
}

static void readers_compute_with_whole_networks_while_a_pool_trains(void **state)
{
	(void)state;
	mlp_pool *pool;
	assert_ok(mlp_pool_create(2, &pool));
	check(pool);
	mlp_pool_free(pool);
}

static int all_tests(void *context)
{
	(void)context;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(readers_compute_with_whole_networks_while_one_thread_trains),
		cmocka_unit_test(readers_compute_with_whole_networks_while_a_pool_trains),
	};
	return cmocka_run_group_tests_name("live_threads", tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	factor = watchdog_factor(argc, argv);
	return watchdog_run(280.0 * factor, all_tests, NULL);
}
