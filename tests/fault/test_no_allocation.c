/* Once a workspace is made and has its pool, no computation asks for memory: neither the network's allocator nor
 * the C library. This program brings functions of its own in place of malloc and its kin, which the
 * dynamic linker prefers for libmlp and the BLAS alike, and counts their calls. */
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "support/host.h"
#include "support/test.h"

#ifdef __GLIBC__

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static atomic_int calls;

void *malloc(size_t size)
{
	atomic_fetch_add(&calls, 1);
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	atomic_fetch_add(&calls, 1);
	return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	atomic_fetch_add(&calls, 1);
	return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	atomic_fetch_add(&calls, 1);
	return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
	atomic_fetch_add(&calls, 1);
	*memory = __libc_memalign(alignment, size);
	return *memory != NULL ? 0 : 12;
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
	atomic_fetch_add(&calls, 1);
	return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
}

static void *allocate(void *context, size_t alignment, size_t size)
{
	atomic_fetch_add((atomic_int *)context, 1);
	return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static void deallocate(void *context, void *memory, size_t alignment, size_t size)
{
	(void)context;
	(void)alignment;
	(void)size;
	free(memory);
}

enum { B = 300, IN = 70, HIDDEN = 300, OUT = 10 };

static float x[B][IN], t[B][OUT], y[B][OUT], grad[HIDDEN * (IN + 1) + OUT * (HIDDEN + 1)],
	dl_dx0[B][IN];
static int64_t classes[B];
static double rows[B];

/* Every call that computes in a workspace, for a batch; assertions allocate only when they fail. */
static void compute_everything(mlp_network *net, mlp_workspace *ws, int64_t batch)
{
	double loss;
	assert_ok(mlp_forward_f32(net, ws, x[0], IN, batch, y[0], OUT));
	assert_ok(mlp_evaluate_f32(net, ws, x[0], IN, t[0], OUT, NULL, batch, MLP_SQUARED_ERROR, 0,
				   MLP_NONE, rows, y[0], OUT));
	assert_ok(mlp_evaluate_class_f32(net, ws, x[0], IN, classes, NULL, batch, MLP_CROSS_ENTROPY,
					 0, MLP_MEAN, &loss, NULL, 0));
	if (mlp_workspace_mode(ws) == MLP_INFERENCE)
		return;
	assert_ok(mlp_forward_f32(net, ws, x[0], IN, batch, NULL, 0));
	assert_ok(mlp_backward_f32(net, ws, y[0], OUT, batch, 0, grad, dl_dx0[0], IN));
	assert_ok(mlp_backward_logits_f32(net, ws, y[0], OUT, batch, 1, grad, NULL, 0));
	assert_ok(mlp_gradient_f32(net, ws, x[0], IN, t[0], OUT, NULL, batch, MLP_SQUARED_ERROR, 0,
				   MLP_MEAN, 1, &loss, grad, dl_dx0[0], IN));
	assert_ok(mlp_gradient_class_f32(net, ws, x[0], IN, classes, NULL, batch, MLP_CROSS_ENTROPY,
					 0, MLP_MEAN, 0, &loss, grad, NULL, 0));
	assert_ok(mlp_update_f32(net, ws, grad, 1e-6));
	assert_ok(mlp_update_f32(net, NULL, grad, 1e-6));
	assert_ok(mlp_train_step_f32(net, ws, x[0], IN, t[0], OUT, NULL, batch, MLP_SQUARED_ERROR,
				     0, MLP_MEAN, 1e-6, &loss));
	assert_ok(mlp_train_step_class_f32(net, ws, x[0], IN, classes, NULL, batch,
					   MLP_CROSS_ENTROPY, 0, MLP_MEAN, 1e-6, &loss));
	assert_ok(mlp_workspace_read_f32(ws, MLP_X, 2, batch, y[0], OUT));
}

/* Scaling and dropout, where losses allow it: set between computations. */
static void compute_scaled(mlp_network *net, mlp_workspace *ws, int64_t batch)
{
	double loss;
	int64_t outside;
	assert_ok(mlp_network_fit_input_scaling_f32(net, MLP_SCALING_STANDARD, x[0], IN, B));
	assert_ok(mlp_network_fit_output_scaling_f32(net, MLP_SCALING_MIN_MAX, t[0], OUT, B));
	assert_ok(mlp_network_fit_domain_f32(net, x[0], IN, B));
	assert_ok(mlp_network_outside_f32(net, x[0], IN, B, 0, classes, &outside));
	assert_ok(mlp_forward_f32(net, ws, x[0], IN, batch, y[0], OUT));
	if (mlp_workspace_mode(ws) != MLP_INFERENCE) {
		assert_ok(mlp_network_set_dropout(net, 0, 0.2));
		assert_ok(mlp_network_set_dropout(net, 1, 0.5));
		assert_ok(mlp_gradient_f32(net, ws, x[0], IN, t[0], OUT, NULL, batch,
					   MLP_SQUARED_ERROR, 0, MLP_MEAN, 0, &loss, grad,
					   dl_dx0[0], IN));
		assert_ok(mlp_train_step_f32(net, ws, x[0], IN, t[0], OUT, NULL, batch,
					     MLP_SQUARED_ERROR, 0, MLP_MEAN, 1e-6, &loss));
		assert_ok(mlp_network_set_dropout(net, 0, 0));
		assert_ok(mlp_network_set_dropout(net, 1, 0));
	}
	assert_ok(mlp_network_fold_scaling(net));
}

enum { OPTIMIZERS = MLP_LBFGS };

static mlp_status closure(void *context, const mlp_network *net, double *value, float *gradient)
{
	return mlp_gradient_f32(net, context, x[0], IN, t[0], OUT, NULL, 2, MLP_SQUARED_ERROR, 0,
				MLP_MEAN, 0, value, gradient, NULL, 0);
}

/* Every call of every optimizer; their numbers are such that the parameters hardly move. */
static void optimize(mlp_optimizer *optimizers[OPTIMIZERS + 1], mlp_network *net, mlp_workspace *ws,
		     int64_t batch)
{
	for (int kind = 1; kind <= OPTIMIZERS && mlp_workspace_mode(ws) != MLP_INFERENCE; kind++) {
		mlp_optimizer *optimizer = optimizers[kind];
		for (int clipped = 0; clipped < (kind <= MLP_ADAMW ? 2 : 1); clipped++) {
			if (kind <= MLP_ADAMW)
				assert_ok(
					mlp_optimizer_set(optimizer, MLP_HYPER_CLIP_NORM, clipped));
			assert_ok(mlp_optimizer_step_f32(optimizer, net, ws, x[0], IN, t[0], OUT,
							 NULL, batch, MLP_SQUARED_ERROR, 0,
							 MLP_MEAN, NULL));
			assert_ok(mlp_optimizer_step_class_f32(
				optimizer, net, ws, x[0], IN, classes, NULL, batch,
				MLP_CROSS_ENTROPY, 0, MLP_MEAN, NULL));
			if (kind != MLP_LBFGS)
				assert_ok(mlp_optimizer_update_f32(optimizer, net, ws, grad));
			assert_ok(
				mlp_optimizer_minimize_f32(optimizer, net, ws, closure, ws, NULL));
		}
	}
}

static void check(mlp_pool *pool, mlp_mode mode, int64_t products, int64_t schedule)
{
	const int64_t batches[] = {1, 2, 64, 65, 256, B};
	atomic_int asked = 0;
	const mlp_allocator allocator = {sizeof(allocator), allocate, deallocate, &asked};
	mlp_network *net;
	mlp_workspace *ws;
	assert_ok(mlp_network_create_with(MLP_F32, (const int64_t[]){IN, HIDDEN, OUT}, 3,
					  &allocator, &net));
	assert_ok(mlp_workspace_create(net, B, mode, &ws));
	assert_ok(mlp_workspace_set_tuning(ws, MLP_TUNING_PRODUCTS, products));
	assert_ok(mlp_workspace_set_tuning(ws, MLP_TUNING_SCHEDULE, schedule));
	assert_ok(mlp_workspace_set_pool(ws, pool));
	mlp_optimizer *optimizers[OPTIMIZERS + 1] = {NULL};
	for (int kind = 1; kind <= OPTIMIZERS; kind++) {
		assert_ok(mlp_optimizer_create(net, (mlp_optimizer_kind)kind, &optimizers[kind]));
		if (kind < MLP_LBFGS)
			assert_ok(mlp_optimizer_set(optimizers[kind], MLP_HYPER_MAX_NORM, 10));
		if (kind <= MLP_ADAMW)
			assert_ok(mlp_optimizer_set(optimizers[kind], MLP_HYPER_ETA, 1e-6));
	}
	assert_ok(mlp_optimizer_set(optimizers[MLP_LBFGS], MLP_HYPER_TRIALS, 2));
	/* What a BLAS asks for itself is its own affair: buffers at the first call from each thread, a
	 * list of jobs for its threads, or (BLIS) something at every call. */
	bool strict = products == MLP_PRODUCTS_OWN ||
		      (products == MLP_PRODUCTS_TILES && pool == NULL &&
		       strcmp(mlp_build_info(MLP_BUILD_BLAS), "OpenBLAS") == 0);
	for (size_t i = 0; i < 6 && products != MLP_PRODUCTS_OWN; i++) {
		compute_everything(net, ws, batches[i]);
		if (i % 3 == 0)
			optimize(optimizers, net, ws, batches[i]);
	}
	int before = atomic_load(&calls), asked_before = atomic_load(&asked);
	for (size_t i = 0; i < 6; i++) {
		compute_everything(net, ws, batches[i]);
		compute_scaled(net, ws, batches[i]);
		if (i % 3 == 0)
			optimize(optimizers, net, ws, batches[i]);
	}
	int after = atomic_load(&calls);
	assert_int_equal(atomic_load(&asked), asked_before);
	if (strict)
		assert_int_equal(after, before);
	else if (after != before)
		print_message("products %d, schedule %d: the BLAS allocates, %d times\n",
			      (int)products, (int)schedule, after - before);
	for (int kind = 1; kind <= OPTIMIZERS; kind++)
		mlp_optimizer_free(optimizers[kind]);
	mlp_workspace_free(ws);
	mlp_network_free(net);
}

static void functions_of_this_program_are_counted(void **state)
{
	(void)state;
	int before = atomic_load(&calls);
	mlp_network *net;
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){3, 2}, 2, &net));
	mlp_network_free(net);
	assert_true(atomic_load(&calls) > before);
}

static void computing_asks_for_no_memory(void **state)
{
	(void)state;
	mlp_pool *pools[3] = {NULL};
	for (size_t i = 0; i < B; i++)
		x[i][i % IN] = 1;
	assert_ok(mlp_pool_create(3, &pools[1]));
	assert_ok(mlp_pool_create_from(3, host_serial, NULL, &pools[2]));
	for (size_t i = 0; i < 3; i++)
		for (int mode = MLP_INFERENCE; mode <= MLP_TRACE; mode++)
			for (int64_t products = 1; products <= MLP_PRODUCTS_WHOLE; products++)
				for (int64_t schedule = 1; schedule <= 2; schedule++)
					check(pools[i], (mlp_mode)mode, products, schedule);
	mlp_pool_free(pools[1]);
	mlp_pool_free(pools[2]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_of_this_program_are_counted),
		cmocka_unit_test(computing_asks_for_no_memory),
	};
	return cmocka_run_group_tests_name("no_allocation", tests, NULL, NULL);
}

#else

int main(void)
{
	print_message("not the GNU C library: malloc cannot be replaced in this way\n");
	return 0;
}

#endif
