/* The trainer and memory: the n-th allocation fails, for every n; and between two batches there is none. */
#include <unistd.h>

#include "support/heap.h"
#include "support/test.h"

enum { ROWS = 40 };

static float x[ROWS * 2], target[ROWS];
static char path[64];

struct watch {
	const struct heap *heap;
	int64_t first, last, events; /* allocations at the first event and the last */
	int64_t stops_after;         /* events; 0: never */
	bool refuses;                /* all memory from the first event on */
	struct heap *refusing;
};

static int look(void *context, const mlp_trainer *trainer, mlp_event event)
{
	struct watch *watch = context;
	(void)trainer;
	(void)event;
	if (watch->events++ == 0)
		watch->first = watch->heap->calls;
	watch->last = watch->heap->calls;
	if (watch->refuses)
		watch->refusing->and_after = true;
	return watch->events == watch->stops_after;
}

static mlp_status set_up(mlp_network *net, mlp_trainer **trainer)
{
	mlp_status status = mlp_trainer_create(net, MLP_ADAM, trainer);
	if (status == MLP_OK)
		status = mlp_trainer_set(*trainer, MLP_TRAINER_EPOCHS, 3);
	if (status == MLP_OK)
		status = mlp_trainer_set(*trainer, MLP_TRAINER_VALIDATION_FRACTION, 0.25);
	if (status == MLP_OK)
		status = mlp_trainer_set_data_f32(*trainer, x, 2, target, 1, NULL, ROWS);
	return status;
}

static void nothing_allocates_between_the_first_batch_and_the_last(void **state)
{
	(void)state;
	struct heap heap = {0};
	const mlp_allocator allocator = heap_allocator(&heap);
	struct watch watch = {.heap = &heap};
	mlp_network *net;
	mlp_trainer *trainer;
	assert_ok(
		mlp_network_create_with(MLP_F32, (const int64_t[]){2, 5, 1}, 3, &allocator, &net));
	assert_ok(set_up(net, &trainer));
	assert_ok(mlp_trainer_set_progress(trainer, look, &watch));
	assert_ok(mlp_trainer_run(trainer));
	assert_int_equal(watch.events, 6);
	assert_int_equal(watch.first, watch.last);
	mlp_trainer_free(trainer);
	mlp_network_free(net);
	assert_int_equal(heap.blocks, 0);
}

/* Epochs without end cost memory as they come; where there is none for the next, the trainer can go on later. */
static void the_history_grows_with_the_epochs(void **state)
{
	(void)state;
	struct heap heap = {0};
	const mlp_allocator allocator = heap_allocator(&heap);
	struct watch watch = {.heap = &heap};
	mlp_network *net;
	mlp_trainer *trainer;
	assert_ok(mlp_network_create_with(MLP_F32, (const int64_t[]){2, 1}, 2, &allocator, &net));
	assert_ok(set_up(net, &trainer));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 0x1p31));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_RESTORE_BEST, 0));
	assert_ok(mlp_trainer_set_progress(trainer, look, &watch));
	watch.stops_after = 1;
	assert_ok(mlp_trainer_run(trainer));
	watch.stops_after = 0;
	assert_in_range(heap.in_use, 0, 1 << 20);
	/* the run asks for its arrays again, then for the history when that is full */
	heap.refuses_at = 0;
	watch.refuses = true;
	watch.refusing = &heap;
	assert_int_equal(mlp_trainer_run(trainer), MLP_ERR_MEMORY);
	const int64_t done = mlp_trainer_epochs_done(trainer);
	assert_int_equal(done, 1024);
	heap.and_after = false;
	watch.refuses = false;
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 3000));
	assert_ok(mlp_trainer_run(trainer));
	assert_int_equal(mlp_trainer_epochs_done(trainer), 3000);
	for (int64_t epoch = 1; epoch <= 3000; epoch++)
		assert_true(mlp_trainer_history(trainer, MLP_SPLIT_VALIDATION, MLP_METRIC_LOSS,
						epoch) > 0);
	mlp_trainer_free(trainer);
	mlp_network_free(net);
	assert_int_equal(heap.blocks, 0);
}

/* Everything of the trainer that asks for memory; stops at the first failure. */
static mlp_status use(const mlp_allocator *allocator)
{
	const mlp_metric metric = MLP_METRIC_R2;
	mlp_network *net = NULL;
	mlp_trainer *trainer = NULL, *second = NULL;
	mlp_workspace *ws = NULL;
	double value;
	mlp_status status =
		mlp_network_create_with(MLP_F32, (const int64_t[]){2, 5, 1}, 3, allocator, &net);
	if (status == MLP_OK)
		status = set_up(net, &trainer);
	if (status == MLP_OK)
		status = mlp_trainer_run(trainer);
	if (status == MLP_OK)
		status = mlp_trainer_set_checkpoint(trainer, path, 0);
	if (status == MLP_OK)
		status = mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 5);
	if (status == MLP_OK)
		status = mlp_trainer_run(trainer);
	if (status == MLP_OK)
		status = set_up(net, &second);
	if (status == MLP_OK)
		status = mlp_trainer_resume(second, path, NULL);
	if (status == MLP_OK && mlp_trainer_epochs_done(second) != 5)
		status = MLP_ERR_STATE;
	if (status == MLP_OK)
		status = mlp_workspace_create(net, 8, MLP_INFERENCE, &ws);
	if (status == MLP_OK)
		status = mlp_measure_f32(net, ws, x, 2, target, 1, NULL, ROWS, MLP_SQUARED_ERROR, 0,
					 &metric, 1, &value);
	if (status == MLP_OK)
		status = mlp_fit_f32(net, x, 2, target, 1, ROWS, 1, &value);
	mlp_workspace_free(ws);
	mlp_trainer_free(second);
	mlp_trainer_free(trainer);
	mlp_network_free(net);
	return status;
}

static void any_allocation_may_fail(void **state)
{
	(void)state;
	for (int and_after = 0; and_after <= 1; and_after++) {
		int64_t n = 1;
		for (; n < 2000; n++) {
			struct heap heap = {.refuses_at = n, .and_after = and_after};
			const mlp_allocator allocator = heap_allocator(&heap);
			mlp_status status = use(&allocator);
			assert_int_equal(heap.blocks, 0);
			assert_int_equal(heap.in_use, 0);
			assert_int_equal(status, heap.refused == 0 ? MLP_OK : MLP_ERR_MEMORY);
			if (heap.refused == 0)
				break;
		}
		assert_in_range(n, 20, 1999);
	}
}

/* So many arrays that the list of them has to grow while they are put down. */
static void a_checkpoint_has_all_its_arrays_or_is_none(void **state)
{
	(void)state;
	struct heap heap = {0};
	const mlp_allocator allocator = heap_allocator(&heap);
	mlp_network *net;
	mlp_trainer *trainer;
	assert_ok(mlp_network_create_with(MLP_F32, (const int64_t[]){2, 1}, 2, &allocator, &net));
	assert_ok(mlp_trainer_create(net, MLP_LBFGS, &trainer));
	assert_ok(mlp_optimizer_set(mlp_trainer_optimizer(trainer), MLP_HYPER_HISTORY, 100));
	for (int64_t n = 1;; n++) {
		unlink(path);
		heap.refuses_at = heap.calls + n;
		const int64_t refused = heap.refused;
		mlp_status status = mlp_trainer_save(trainer, path);
		if (heap.refused == refused) {
			assert_ok(status);
			assert_true(n > 5);
			break;
		}
		assert_int_equal(status, MLP_ERR_MEMORY);
		assert_int_equal(access(path, F_OK), -1);
	}
	heap.refuses_at = 0;
	assert_ok(mlp_trainer_resume(trainer, path, NULL));
	mlp_trainer_free(trainer);
	mlp_network_free(net);
	assert_int_equal(heap.blocks, 0);
}

static int begin(void **state)
{
	(void)state;
	uint64_t seed = 1;
	random_fill_f32(&seed, x, ROWS * 2, 1);
	random_fill_f32(&seed, target, ROWS, 1);
	snprintf(path, sizeof(path), "allocation-%ld", (long)getpid());
	return 0;
}

static int end(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_allocates_between_the_first_batch_and_the_last),
		cmocka_unit_test(the_history_grows_with_the_epochs),
		cmocka_unit_test(any_allocation_may_fail),
		cmocka_unit_test(a_checkpoint_has_all_its_arrays_or_is_none),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
