/* The memory of a workspace: its size is the one that was told, whatever it holds at the beginning has no
 * influence, and nothing is written before or behind it, though kernels work on whole vectors. */
#include <stdlib.h>

#include "nets.h"
#include "outcome.h"
#include "settings.h"

enum { GUARD = 4096, PLACES = 8 };

struct place {
	unsigned char *raw, *memory;
	size_t size;
};

/* Hands out memory between two guards, all of it filled with one byte. */
struct heap {
	unsigned char fill;
	size_t last_size;
	struct place places[PLACES];
};

static void *allocate(void *context, size_t alignment, size_t size)
{
	struct heap *heap = context;
	for (size_t i = 0; i < PLACES; i++) {
		struct place *place = &heap->places[i];
		if (place->raw != NULL)
			continue;
		size_t all = 2 * GUARD + (size + alignment - 1) / alignment * alignment;
		place->raw = aligned_alloc(alignment, all);
		assert_non_null(place->raw);
		memset(place->raw, heap->fill, all);
		place->memory = place->raw + GUARD;
		place->size = heap->last_size = size;
		return place->memory;
	}
	return NULL;
}

static void check_guards(const struct heap *heap)
{
	for (size_t i = 0; i < PLACES; i++) {
		const struct place *place = &heap->places[i];
		for (size_t byte = 0; byte < GUARD && place->raw != NULL; byte++) {
			assert_int_equal(place->raw[byte], heap->fill);
			assert_int_equal(place->memory[place->size + byte], heap->fill);
		}
	}
}

static void deallocate(void *context, void *memory, size_t alignment, size_t size)
{
	struct heap *heap = context;
	(void)alignment;
	check_guards(heap);
	for (size_t i = 0; i < PLACES; i++) {
		struct place *place = &heap->places[i];
		if (place->raw == NULL || place->memory != memory)
			continue;
		assert_int_equal(place->size, size);
		free(place->raw);
		*place = (struct place){0};
		return;
	}
	fail_msg("memory comes back that was never given");
}

static bool is_empty(const struct heap *heap)
{
	for (size_t i = 0; i < PLACES; i++)
		if (heap->places[i].raw != NULL)
			return false;
	return true;
}

/* A task whose network, and all that is made of it, lies between guards. */
static struct task guarded_task(struct heap *heap, const int64_t *widths, int64_t width_count,
				int64_t batch, size_t turn)
{
	const mlp_allocator allocator = {sizeof(allocator), allocate, deallocate, heap};
	struct task task = task_create(widths, width_count, batch, turn % 2, turn + 5);
	mlp_network *net;
	assert_ok(mlp_network_create_with(REAL_DTYPE, widths, width_count, &allocator, &net));
	assert_ok(FN(network_set_parameters)(net, FN(network_const_parameters)(task.net),
					     (int64_t)task.parameter_count));
	assert_ok(mlp_network_set_activation(net, MLP_HIDDEN_LAYERS,
					     turn % 2 == 0 ? MLP_TANH : MLP_SILU));
	mlp_network_free(task.net);
	task.net = net;
	task_set_loss(&task, turn % 3 == 0 ? MLP_CROSS_ENTROPY : MLP_LOG_COSH, true);
	return task;
}

static const int64_t odd[] = {1, 2, 3, 15, 17, 63, 65, 1};
static const int64_t odd_batches[] = {1, 2, 63, 64, 65, 300};

/* Forward, backward and training, or forward alone; inference leaves only y and the losses. */
static struct outcome compute(const struct task *task, mlp_workspace *ws)
{
	if (mlp_workspace_mode(ws) != MLP_INFERENCE)
		return outcome_compute(task, ws);
	struct rows y = rows_create(task->batch, task->dl.width, 1);
	struct outcome made = {.y_count = task->batch * task->dl.width, .batch = task->batch};
	made.rows = calloc(task->batch, sizeof(double));
	assert_non_null(made.rows);
	assert_ok(FN(forward)(task->net, ws, task->x.data, (int64_t)task->x.ld,
			      (int64_t)task->batch, y.data, (int64_t)y.ld));
	assert_ok(FN(evaluate)(task->net, ws, task->x.data, (int64_t)task->x.ld, task->target.data,
			       (int64_t)task->target.ld, NULL, (int64_t)task->batch, task->loss,
			       task->parameter, MLP_NONE, made.rows, NULL, 0));
	made.y = rows_packed(&y);
	rows_free(&y);
	return made;
}

static bool is_same(const struct outcome *a, const struct outcome *b)
{
	if (a->grad != NULL)
		return outcome_difference(a, b) == NULL;
	return memcmp(a->y, b->y, a->y_count * sizeof(REAL)) == 0 &&
	       memcmp(a->rows, b->rows, a->batch * sizeof(double)) == 0;
}

static void check_fills(size_t first, int64_t width_count, int64_t batch, int mode, mlp_pool *pool,
			size_t turn)
{
	struct outcome outcomes[2][MOST_SETTINGS];
	size_t count = 0;
	for (size_t fill = 0; fill < 2; fill++) {
		struct heap heap = {.fill = fill == 0 ? 0 : 0xff}; /* zeros, or NaN everywhere */
		struct task task = guarded_task(&heap, odd + first, width_count, batch, turn);
		mlp_workspace *ws = task_workspace(&task, (mlp_mode)mode);
		struct setting settings[MOST_SETTINGS];
		count = settings_list(ws, settings);
		assert_ok(mlp_workspace_set_pool(ws, pool));
		for (size_t i = 0; i < count; i++) {
			setting_apply(ws, settings[i]);
			outcomes[fill][i] = compute(&task, ws);
			check_guards(&heap);
		}
		mlp_workspace_free(ws);
		task_free(&task);
		assert_true(is_empty(&heap));
	}
	for (size_t i = 0; i < count; i++) {
		assert_true(is_same(&outcomes[0][i], &outcomes[1][i]));
		outcome_free(&outcomes[0][i]);
		outcome_free(&outcomes[1][i]);
	}
}

static void nothing_outside_is_written_and_nothing_left_behind_is_read(void **state)
{
	(void)state;
	mlp_pool *pool;
	assert_ok(mlp_pool_create_from(3, host_reversed, NULL, &pool));
	for (size_t first = 0; first < 5; first++)
		for (size_t k = 0; k < sizeof(odd_batches) / sizeof(odd_batches[0]); k++)
			for (int mode = MLP_INFERENCE; mode <= MLP_TRACE; mode++)
				check_fills(first, 4, odd_batches[k], mode,
					    (first + k) % 2 == 0 ? NULL : pool, first + k);
	mlp_pool_free(pool);
}

static void size_is_what_is_asked_of_the_allocator(void **state)
{
	(void)state;
	const int64_t sizes[] = {1, 2, 63, 64, 65, 256, 257, 1000};
	for (size_t first = 0; first < 5; first++)
		for (int mode = MLP_INFERENCE; mode <= MLP_TRACE; mode++)
			for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
				struct heap heap = {.fill = 0};
				struct task task = guarded_task(&heap, odd + first, 4, 1, first);
				size_t bytes;
				mlp_workspace *ws;
				assert_ok(mlp_workspace_size(task.net, sizes[k], (mlp_mode)mode,
							     &bytes));
				assert_ok(mlp_workspace_create(task.net, sizes[k], (mlp_mode)mode,
							       &ws));
				assert_int_equal(heap.last_size, bytes);
				mlp_workspace_free(ws);
				task_free(&task);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_outside_is_written_and_nothing_left_behind_is_read),
		cmocka_unit_test(size_is_what_is_asked_of_the_allocator),
	};
	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
