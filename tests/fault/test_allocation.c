/* The n-th allocation fails, once and from then on, for every n until the whole sequence succeeds:
 * the right status, no leak, nothing changed. */
#include "support/heap.h"
#include "support/host.h"
#include "support/test.h"

/* Everything in the library that asks the network's allocator, in one go; stops at the first failure. (Pools
 * belong to no network and ask the C library: test_pool_creation.c.) */
static mlp_status use_everything(const mlp_allocator *allocator, mlp_pool *pool)
{
	mlp_network *net = NULL, *clone = NULL, *converted = NULL;
	mlp_workspace *ws[3] = {NULL, NULL, NULL};
	mlp_optimizer *optimizers[MLP_LBFGS + 1] = {NULL};
	const float x[2][3] = {{1, 2, 3}, {4, 5, 6}};
	float y[2][2];
	mlp_status status =
		mlp_network_create_with(MLP_F32, (const int64_t[]){3, 4, 2}, 3, allocator, &net);
	if (status == MLP_OK)
		status = mlp_network_clone(net, &clone);
	if (status == MLP_OK)
		status = mlp_network_convert(net, MLP_F64, &converted);
	for (int mode = MLP_INFERENCE; mode <= MLP_TRACE && status == MLP_OK; mode++)
		status = mlp_workspace_create(clone, 2, (mlp_mode)mode, &ws[mode - 1]);
	for (int i = 0; i < 3 && status == MLP_OK; i++)
		status = mlp_workspace_set_pool(ws[i], pool);
	if (status == MLP_OK)
		status = mlp_predict_f32(net, x[0], 3, 2, y[0], 2);
	for (int kind = 1; kind <= MLP_LBFGS && status == MLP_OK; kind++)
		status = mlp_optimizer_create(net, (mlp_optimizer_kind)kind, &optimizers[kind]);
	if (status == MLP_OK) {
		status = mlp_optimizer_set(optimizers[MLP_LBFGS], MLP_HYPER_HISTORY, 20);
		assert_true(mlp_optimizer_get(optimizers[MLP_LBFGS], MLP_HYPER_HISTORY) ==
			    (status == MLP_OK ? 20 : 10));
		assert_int_equal(mlp_optimizer_slot_count(optimizers[MLP_LBFGS]),
				 status == MLP_OK ? 42 : 22);
	}
	for (int kind = 1; kind <= MLP_LBFGS; kind++)
		mlp_optimizer_free(optimizers[kind]);
	for (int i = 0; i < 3; i++)
		mlp_workspace_free(ws[i]);
	mlp_network_free(converted);
	mlp_network_free(clone);
	mlp_network_free(net);
	return status;
}

static void sweep(bool and_all_after_it)
{
	enum { MOST = 100 };
	int64_t n = 1;
	mlp_pool *pool;
	assert_ok(mlp_pool_create_from(3, host_serial, NULL, &pool));
	for (; n < MOST; n++) {
		struct heap heap = {.refuses_at = n, .and_after = and_all_after_it};
		const mlp_allocator allocator = heap_allocator(&heap);
		mlp_status status = use_everything(&allocator, pool);
		assert_int_equal(heap.in_use, 0);
		assert_int_equal(heap.blocks, 0);
		if (heap.refused == 0) { /* fewer than n allocations are needed */
			assert_int_equal(status, MLP_OK);
			break;
		}
		assert_int_equal(status, MLP_ERR_MEMORY);
		assert_non_null(strstr(mlp_last_error(), "out of memory for"));
	}
	assert_true(n > 17 && n < MOST);
	mlp_pool_free(pool);
}

static void any_single_allocation_may_fail(void **state)
{
	(void)state;
	sweep(false);
}

static void memory_may_run_out_at_any_allocation(void **state)
{
	(void)state;
	sweep(true);
}

static void computing_does_not_allocate(void **state)
{
	(void)state;
	struct heap heap = {0};
	const mlp_allocator allocator = heap_allocator(&heap);
	mlp_network *net;
	mlp_workspace *ws;
	const float x[2][3] = {{1, 2, 3}, {4, 5, 6}}, t[2][2] = {{0, 1}, {1, 0}};
	float y[2][2], grad[4 * 4 + 5 * 2], dl_dx0[2][3];
	double loss;
	assert_ok(
		mlp_network_create_with(MLP_F32, (const int64_t[]){3, 4, 2}, 3, &allocator, &net));
	assert_ok(mlp_workspace_create(net, 2, MLP_TRACE, &ws));
	int64_t before = heap.calls;
	assert_ok(mlp_forward_f32(net, ws, x[0], 3, 2, y[0], 2));
	assert_ok(mlp_backward_f32(net, ws, y[0], 2, 2, 0, grad, dl_dx0[0], 3));
	assert_ok(mlp_gradient_f32(net, ws, x[0], 3, t[0], 2, NULL, 2, MLP_SQUARED_ERROR, 0,
				   MLP_MEAN, 1, &loss, grad, NULL, 0));
	assert_ok(mlp_update_f32(net, ws, grad, 0.1));
	assert_ok(mlp_update_f32(net, NULL, grad, 0.1));
	assert_ok(mlp_train_step_f32(net, ws, x[0], 3, t[0], 2, NULL, 2, MLP_SQUARED_ERROR, 0,
				     MLP_MEAN, 0.1, &loss));
	assert_int_equal(heap.calls, before);
	mlp_workspace_free(ws);
	mlp_network_free(net);
	assert_int_equal(heap.in_use, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_single_allocation_may_fail),
		cmocka_unit_test(memory_may_run_out_at_any_allocation),
		cmocka_unit_test(computing_does_not_allocate),
	};
	return cmocka_run_group_tests_name("allocation", tests, NULL, NULL);
}
