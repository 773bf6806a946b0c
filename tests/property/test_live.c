/* Live weights: readers see whole networks while a trainer publishes, whatever they hold. To be run under
 * ThreadSanitizer too. CMocka's assertions may not be used in threads: they count what goes wrong. */
#include <pthread.h>
#include <stdatomic.h>

#include "support/heap.h"
#include "support/stamped.h"

enum { READERS = 4, VERSIONS = 3000 };

/* ---- threads ---- */

struct reader {
	mlp_live *live;
	atomic_bool *ends;
	size_t holds;    /* snapshots at a time */
	atomic_int seen; /* versions that were new */
	int failures;
};

static void *read_all_the_time(void *argument)
{
	enum { MOST = 4 };
	struct reader *reader = argument;
	uint64_t last = 0;
	while (!atomic_load(reader->ends)) {
		const mlp_network *held[MOST];
		uint64_t versions[MOST];
		for (size_t i = 0; i < reader->holds; i++) {
			uint64_t before = mlp_live_version(reader->live);
			held[i] = mlp_live_acquire(reader->live);
			versions[i] = mlp_live_version_of(reader->live, held[i]);
			reader->failures += versions[i] < before || versions[i] < last;
			if (versions[i] > last)
				atomic_fetch_add(&reader->seen, 1);
			last = versions[i];
		}
		for (size_t i = 0; i < reader->holds; i++)
			reader->failures += !is_stamped(held[i], versions[i]);
		for (size_t i = 0; i < reader->holds; i++)
			mlp_live_release(reader->live, held[i]);
	}
	return NULL;
}

static void *compute_all_the_time(void *argument)
{
	struct reader *reader = argument;
	const mlp_network *first = mlp_live_acquire(reader->live);
	mlp_workspace *ws;
	const float x[3] = {1, 1, 1};
	if (mlp_workspace_create(first, 1, MLP_INFERENCE, &ws) != MLP_OK)
		reader->failures++;
	mlp_live_release(reader->live, first);
	while (!atomic_load(reader->ends)) {
		const mlp_network *net = mlp_live_acquire(reader->live);
		double v = (double)mlp_live_version_of(reader->live, net);
		float y[2];
		reader->failures += mlp_forward_f32(net, ws, x, 3, 1, y, 2) != MLP_OK;
		double expected = v * 40 * (4 * v) + v; /* 40 ReLU units of 3 inputs and a bias */
		for (int i = 0; i < 2; i++)
			reader->failures += (double)y[i] < expected * (1 - 1e-5) ||
					    (double)y[i] > expected * (1 + 1e-5);
		atomic_fetch_add(&reader->seen, 1);
		mlp_live_release(reader->live, net);
	}
	mlp_workspace_free(ws);
	return NULL;
}

static bool all_have_seen(struct reader *readers, int versions)
{
	for (size_t i = 0; i < READERS; i++)
		if (atomic_load(&readers[i].seen) < versions)
			return false;
	return true;
}

static void readers_see_whole_networks_while_a_trainer_publishes(void **state)
{
	(void)state;
	mlp_network *net = create(NULL);
	mlp_live *live;
	stamp(net, 1);
	assert_ok(mlp_live_create(net, &live));
	pthread_t threads[READERS];
	atomic_bool ends = false;
	struct reader readers[READERS];
	for (size_t i = 0; i < READERS; i++) {
		readers[i] = (struct reader){.live = live, .ends = &ends, .holds = 1 + i};
		assert_int_equal(pthread_create(&threads[i], NULL,
						i == 0 ? compute_all_the_time : read_all_the_time,
						&readers[i]),
				 0);
	}
	for (uint64_t version = 2; version <= VERSIONS || !all_have_seen(readers, 50); version++) {
		assert_true(version < 10000000);
		stamp(net, version);
		assert_ok(mlp_live_publish(live, net));
		assert_true(mlp_live_version(live) == version);
	}
	atomic_store(&ends, true);
	for (size_t i = 0; i < READERS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(readers[i].failures, 0);
	}
	/* what readers held at once, the current one, and one to write to */
	assert_in_range(mlp_live_networks(live), 2, 1 + 2 + 3 + 4 + 2);
	mlp_live_free(live);
	mlp_network_free(net);
}

struct writer {
	mlp_live *live;
	uint64_t stamp;
	int failures;
};

static void *publish_often(void *argument)
{
	struct writer *writer = argument;
	mlp_network *net;
	if (mlp_network_create(MLP_F32, widths, 3, &net) != MLP_OK) {
		writer->failures++;
		return NULL;
	}
	stamp(net, writer->stamp);
	for (int i = 0; i < 500; i++) {
		writer->failures += mlp_live_publish(writer->live, net) != MLP_OK;
		const mlp_network *now = mlp_live_acquire(writer->live);
		writer->failures +=
			!is_stamped(now, 1) && !is_stamped(now, 2) && !is_stamped(now, 3);
		mlp_live_release(writer->live, now);
	}
	mlp_network_free(net);
	return NULL;
}

static void several_threads_may_publish(void **state)
{
	(void)state;
	mlp_network *net = create(NULL);
	mlp_live *live;
	stamp(net, 1);
	assert_ok(mlp_live_create(net, &live));
	pthread_t threads[3];
	struct writer writers[3];
	for (size_t i = 0; i < 3; i++) {
		writers[i] = (struct writer){live, i + 1, 0};
		assert_int_equal(pthread_create(&threads[i], NULL, publish_often, &writers[i]), 0);
	}
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(writers[i].failures, 0);
	}
	assert_true(mlp_live_version(live) == 1501);
	mlp_live_free(live);
	mlp_network_free(net);
}

/* ---- one thread ---- */

static void a_held_snapshot_stays_as_it_is(void **state)
{
	(void)state;
	enum { HELD = 20 };
	mlp_network *net = create(NULL);
	mlp_live *live;
	const mlp_network *held[HELD + 1];
	stamp(net, 1);
	assert_ok(mlp_live_create(net, &live));
	for (uint64_t version = 1; version <= HELD; version++) {
		held[version] = mlp_live_acquire(live);
		stamp(net, version + 1);
		assert_ok(mlp_live_publish(live, net));
	}
	assert_int_equal(mlp_live_networks(live), HELD + 1);
	for (uint64_t version = 1; version <= HELD; version++) {
		assert_true(is_stamped(held[version], version));
		assert_true(mlp_live_version_of(live, held[version]) == version);
		mlp_live_release(live, held[version]);
	}
	for (int i = 0; i < 100; i++)
		assert_ok(mlp_live_publish(live, net));
	assert_int_equal(mlp_live_networks(live), HELD + 1); /* used again */
	mlp_live_free(live);
	mlp_network_free(net);
}

static void without_readers_two_networks_are_enough(void **state)
{
	(void)state;
	struct heap heap = {0};
	const mlp_allocator allocator = heap_allocator(&heap);
	mlp_network *net = create(&allocator), *other = create(NULL);
	mlp_live *live;
	assert_ok(mlp_live_create(net, &live));
	assert_ok(mlp_live_publish(live, other)); /* in memory of the first one's allocator */
	int64_t calls = heap.calls, blocks = heap.blocks;
	assert_int_equal(blocks, 1 + 1 + 2 * 2);
	for (int i = 0; i < 50; i++) {
		assert_ok(mlp_live_publish(live, i % 2 == 0 ? net : other));
		mlp_live_release(live, mlp_live_acquire(live));
	}
	assert_int_equal(heap.calls, calls);
	assert_int_equal(mlp_live_networks(live), 2);
	mlp_live_free(live);
	mlp_network_free(net);
	mlp_network_free(other);
	assert_int_equal(heap.in_use, 0);
	assert_int_equal(heap.blocks, 0);
}

static void everything_that_was_set_is_published(void **state)
{
	(void)state;
	const double shift[3] = {1, 2, 3}, scale[3] = {2, 3, 4};
	const float x[3] = {0.5F, -1, 2};
	mlp_network *net = create(NULL);
	mlp_live *live;
	assert_ok(mlp_live_create(net, &live));
	for (int turn = 0; turn < 4; turn++) { /* into new networks, and into used ones */
		const mlp_network *before = mlp_live_acquire(live);
		assert_ok(mlp_network_set_activation(net, 1, turn % 2 == 0 ? MLP_ELU : MLP_SIN));
		if (turn % 2 == 0)
			assert_ok(mlp_network_set_activation_parameter(net, 1, 0.25 + turn));
		assert_ok(mlp_network_set_bias(net, 2, turn % 2));
		assert_ok(mlp_network_set_frozen(net, 1, turn % 2));
		assert_ok(mlp_network_set_dropout(net, 1, turn % 2 == 0 ? 0.5 : 0));
		assert_ok(mlp_network_set_input_scaling(net, turn % 2 == 0 ? shift : NULL,
							turn % 2 == 0 ? scale : NULL));
		assert_ok(mlp_network_set_output_scaling(net, turn % 2 == 1 ? shift : NULL,
							 turn % 2 == 1 ? scale : NULL));
		assert_ok(mlp_network_set_domain(net, turn % 2 == 0 ? shift : NULL,
						 turn % 2 == 0 ? scale : NULL));
		assert_ok(mlp_live_publish(live, net));
		const mlp_network *now = mlp_live_acquire(live);
		assert_ptr_not_equal(now, before);
		assert_int_equal(mlp_network_activation(now, 1), mlp_network_activation(net, 1));
		assert_true(mlp_network_activation_parameter(now, 1) ==
			    mlp_network_activation_parameter(net, 1));
		assert_int_equal(mlp_network_has_bias(now, 2), turn % 2);
		assert_int_equal(mlp_network_is_frozen(now, 1), turn % 2);
		assert_true(mlp_network_dropout(now, 1) == mlp_network_dropout(net, 1));
		assert_int_equal(mlp_network_has_input_scaling(now), turn % 2 == 0);
		assert_int_equal(mlp_network_has_output_scaling(now), turn % 2 == 1);
		assert_int_equal(mlp_network_has_domain(now), turn % 2 == 0);
		float y[2], expected[2];
		assert_ok(mlp_predict_f32(now, x, 3, 1, y, 2));
		assert_ok(mlp_predict_f32(net, x, 3, 1, expected, 2));
		assert_memory_equal(y, expected, sizeof(y));
		mlp_live_release(live, now);
		mlp_live_release(live, before);
	}
	mlp_live_free(live);
	mlp_network_free(net);
}

/* A pass with one snapshot is none with the next, though both may be in the same memory. */
static void passes_with_older_snapshots_are_noticed(void **state)
{
	(void)state;
	const float x[3] = {0.5F, -1, 2}, dl[2] = {1, 1};
	float grad[P];
	mlp_network *net = create(NULL);
	mlp_live *live;
	mlp_workspace *ws;
	assert_ok(mlp_live_create(net, &live));
	assert_ok(mlp_workspace_create(net, 1, MLP_TRAINING, &ws));
	const mlp_network *first = mlp_live_acquire(live);
	assert_ok(mlp_forward_f32(first, ws, x, 3, 1, NULL, 0));
	mlp_live_release(live, first);
	for (int i = 0; i < 2; i++)
		assert_ok(mlp_live_publish(live, net));
	const mlp_network *third = mlp_live_acquire(live);
	assert_ptr_equal(third, first);
	assert_fails(MLP_ERR_STATE, "another network",
		     mlp_backward_f32(third, ws, dl, 2, 1, 0, grad, NULL, 0));
	mlp_live_release(live, third);
	mlp_workspace_free(ws);
	mlp_live_free(live);
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(readers_see_whole_networks_while_a_trainer_publishes),
		cmocka_unit_test(several_threads_may_publish),
		cmocka_unit_test(a_held_snapshot_stays_as_it_is),
		cmocka_unit_test(without_readers_two_networks_are_enough),
		cmocka_unit_test(everything_that_was_set_is_published),
		cmocka_unit_test(passes_with_older_snapshots_are_noticed),
	};
	return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
