/* What the calls of an mlp_live refuse, and memory that runs out. */
#include "support/heap.h"
#include "support/stamped.h"

static void other_shapes_are_refused(void **state)
{
	(void)state;
	mlp_network *net = create(NULL), *other;
	mlp_live *live;
	stamp(net, 1);
	assert_ok(mlp_live_create(net, &live));
	const int64_t others[][4] = {{3, 41, 2}, {4, 40, 2}, {3, 40, 1}, {3, 40, 2, 2}};
	for (size_t i = 0; i < 4; i++) {
		assert_ok(mlp_network_create(MLP_F32, others[i], i < 3 ? 3 : 4, &other));
		assert_fails(MLP_ERR_SHAPE, "published so far: ", mlp_live_publish(live, other));
		mlp_network_free(other);
	}
	assert_ok(mlp_network_convert(net, MLP_F64, &other));
	assert_fails(MLP_ERR_SHAPE, "f32, network is f64", mlp_live_publish(live, other));
	mlp_network_free(other);
	assert_true(mlp_live_version(live) == 1);
	const mlp_network *now = mlp_live_acquire(live);
	assert_true(is_stamped(now, 1));
	mlp_live_release(live, now);
	mlp_live_free(live);
	mlp_network_free(net);
}

static void null_and_strangers(void **state)
{
	(void)state;
	mlp_network *net = create(NULL);
	mlp_live *live, *none = (mlp_live *)net;
	assert_fails(MLP_ERR_NULL, "live is NULL", mlp_live_create(net, NULL));
	assert_fails(MLP_ERR_NULL, "net is NULL", mlp_live_create(NULL, &none));
	assert_null(none);
	assert_ok(mlp_live_create(net, &live));
	assert_fails(MLP_ERR_NULL, "live is NULL", mlp_live_publish(NULL, net));
	assert_fails(MLP_ERR_NULL, "net is NULL", mlp_live_publish(live, NULL));
	assert_fails(MLP_ERR_NULL, "live is NULL", mlp_live_networks(NULL));
	assert_null(mlp_live_acquire(NULL));
	assert_true(mlp_live_version(NULL) == 0);
	assert_true(mlp_live_version_of(NULL, net) == 0);
	assert_true(mlp_live_version_of(live, NULL) == 0);
	assert_true(mlp_live_version_of(live, net) == 0);
	mlp_live_release(NULL, net);
	mlp_live_release(live, NULL);
	mlp_live_release(live, net);
	assert_ok(mlp_live_publish(live, net));
	mlp_live_free(live);
	mlp_live_free(NULL);
	mlp_network_free(net);
}

/* The n-th allocation fails: nothing leaks, and readers still see what they saw. */
static void memory_may_run_out(void **state)
{
	(void)state;
	for (int64_t n = 1;; n++) {
		assert_true(n < 20);
		struct heap heap = {0};
		const mlp_allocator allocator = heap_allocator(&heap);
		mlp_network *net = create(&allocator);
		stamp(net, 1);
		heap.refuses_at = heap.calls + n;
		mlp_live *live;
		mlp_status status = mlp_live_create(net, &live);
		if (status == MLP_OK) {
			const mlp_network *first = mlp_live_acquire(live);
			stamp(net, 2);
			status = mlp_live_publish(live, net);
			uint64_t version = status == MLP_OK ? 2 : 1;
			const mlp_network *now = mlp_live_acquire(live);
			assert_true(is_stamped(first, 1));
			assert_true(is_stamped(now, version));
			assert_true(mlp_live_version(live) == version);
			mlp_live_release(live, first);
			mlp_live_release(live, now);
			assert_ok(mlp_live_publish(live, net));
		} else {
			assert_null(live);
		}
		assert_int_equal(status, heap.refused == 0 ? MLP_OK : MLP_ERR_MEMORY);
		mlp_live_free(live);
		mlp_network_free(net);
		assert_int_equal(heap.in_use, 0);
		if (heap.refused == 0)
			break;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_shapes_are_refused),
		cmocka_unit_test(null_and_strangers),
		cmocka_unit_test(memory_may_run_out),
	};
	return cmocka_run_group_tests_name("errors of live", tests, NULL, NULL);
}
