/* The n-th allocation fails, once and from then on, for every n until the whole sequence succeeds:
 * the right status, no leak, nothing changed. */
#include <stdlib.h>

#include "support/test.h"

struct heap {
	int64_t calls;    /* allocations asked for so far */
	int64_t fails_at; /* number of the one that fails */
	int fails_after;  /* and all after it */
	int64_t in_use;   /* bytes */
	int64_t refused;  /* allocations that failed */
};

static void *allocate(void *context, size_t alignment, size_t size)
{
	struct heap *heap = context;
	heap->calls++;
	if (heap->calls == heap->fails_at || (heap->fails_after && heap->calls > heap->fails_at)) {
		heap->refused++;
		return NULL;
	}
	heap->in_use += (int64_t)size;
	return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static void deallocate(void *context, void *memory, size_t alignment, size_t size)
{
	struct heap *heap = context;
	(void)alignment;
	heap->in_use -= (int64_t)size;
	free(memory);
}

/* Everything in the library that allocates, in one go; stops at the first failure. */
static mlp_status use_everything(const mlp_allocator *allocator)
{
	mlp_network *net = NULL, *clone = NULL, *converted = NULL;
	mlp_workspace *ws[3] = {NULL, NULL, NULL};
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
	if (status == MLP_OK)
		status = mlp_predict_f32(net, x[0], 3, 2, y[0], 2);
	for (int i = 0; i < 3; i++)
		mlp_workspace_free(ws[i]);
	mlp_network_free(converted);
	mlp_network_free(clone);
	mlp_network_free(net);
	return status;
}

static void sweep(int fails_after)
{
	enum { MOST = 100 };
	int64_t n = 1;
	for (; n < MOST; n++) {
		struct heap heap = {.fails_at = n, .fails_after = fails_after};
		const mlp_allocator allocator = {sizeof(allocator), allocate, deallocate, &heap};
		mlp_status status = use_everything(&allocator);
		assert_int_equal(heap.in_use, 0);
		if (heap.refused == 0) { /* fewer than n allocations are needed */
			assert_int_equal(status, MLP_OK);
			break;
		}
		assert_int_equal(status, MLP_ERR_MEMORY);
		assert_non_null(strstr(mlp_last_error(), "out of memory for"));
	}
	assert_true(n > 6 && n < MOST);
}

static void any_single_allocation_may_fail(void **state)
{
	(void)state;
	sweep(0);
}

static void memory_may_run_out_at_any_allocation(void **state)
{
	(void)state;
	sweep(1);
}

static void computing_does_not_allocate(void **state)
{
	(void)state;
	struct heap heap = {0};
	const mlp_allocator allocator = {sizeof(allocator), allocate, deallocate, &heap};
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
