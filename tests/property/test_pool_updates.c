/* An update that the workers of a pool share, chunk by chunk: a gradient that is not finite is found wherever
 * it is, the lowest layer that has one is named, what is not trained is not looked at, and nothing has
 * changed after a failure. */
#include <math.h>
#include <stdlib.h>

#include "nets.h"
#include "settings.h"

enum { CHUNK = 65536, LAYERS = 3 }; /* CHUNK as in src/engine/update.c */

static mlp_pool *pools[CREWS];

static struct {
	struct task task;
	mlp_workspace *ws;
	REAL *parameters; /* of task.net */
	REAL *before, *grad, *grad_before;
	size_t count, first[LAYERS + 2], bias[LAYERS + 2]; /* of the parameters of each layer */
} f;

static int set_up(void **state)
{
	(void)state;
	crews_create(pools);
	f.task = task_create(nets[WIDE].widths, nets[WIDE].width_count, 1, 0, 12);
	f.ws = task_workspace(&f.task, MLP_TRAINING);
	f.parameters = FN(network_parameters)(f.task.net);
	f.before = task_parameters(&f.task);
	f.grad = task_array(&f.task);
	f.grad_before = task_array(&f.task);
	f.count = f.task.parameter_count;
	for (int64_t l = 1; l <= LAYERS; l++) {
		int64_t w, b;
		assert_ok(mlp_network_layout(f.task.net, l, &w, &b));
		f.first[l] = (size_t)w;
		f.bias[l] = (size_t)b;
	}
	f.first[LAYERS + 1] = f.count;
	for (size_t i = 0; i < f.count; i++)
		f.grad[i] = f.grad_before[i] = (REAL)0.5 + (REAL)(i % 3);
	assert_true(f.task.layer_count == LAYERS && f.count > (size_t)3 * CHUNK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(f.before);
	free(f.grad);
	free(f.grad_before);
	mlp_workspace_free(f.ws);
	task_free(&f.task);
	crews_free(pools);
	return 0;
}

static void put(size_t begin, size_t end, REAL value)
{
	for (size_t i = begin; i < end; i++)
		f.grad[i] = f.grad_before[i] = value;
}

static bool is_same(size_t begin, size_t end)
{
	return memcmp(f.parameters + begin, f.before + begin, (end - begin) * sizeof(REAL)) == 0;
}

static void undo(void)
{
	memcpy(f.parameters, f.before, f.count * sizeof(REAL));
}

/* The first and last parameter of every chunk and of every layer. */
static size_t list_edges(size_t edges[])
{
	size_t n = 0;
	for (size_t i = 0; i < f.count; i += CHUNK) {
		edges[n++] = i;
		edges[n++] = (i + CHUNK < f.count ? i + CHUNK : f.count) - 1;
	}
	for (size_t l = 2; l <= LAYERS; l++) {
		edges[n++] = f.first[l] - 1;
		edges[n++] = f.first[l];
	}
	return n;
}

enum { MOST_EDGES = 32 };

static size_t layer_of(size_t i)
{
	size_t l = LAYERS;
	while (i < f.first[l])
		l--;
	return l;
}

static int64_t tasks_of(const mlp_pool *pool)
{
	int64_t sum = 0;
	for (int64_t w = 0; w < mlp_pool_workers(pool); w++)
		sum += mlp_pool_tasks(pool, w);
	return sum;
}

/* Without a workspace, with one that has no pool, and with every crew. */
static void assert_update_refused(size_t layer)
{
	char words[40];
	snprintf(words, sizeof(words), "the gradient of layer %zu is", layer);
	assert_fails(MLP_ERR_NONFINITE, words, FN(update)(f.task.net, NULL, f.grad, 0.5));
	assert_ok(mlp_workspace_set_pool(f.ws, NULL));
	assert_fails(MLP_ERR_NONFINITE, words, FN(update)(f.task.net, f.ws, f.grad, 0.5));
	for (size_t i = 0; i < CREWS; i++) {
		int64_t tasks = tasks_of(pools[i]);
		assert_ok(mlp_workspace_set_pool(f.ws, pools[i]));
		assert_fails(MLP_ERR_NONFINITE, words, FN(update)(f.task.net, f.ws, f.grad, 0.5));
		/* the search alone, and else CHUNK has changed */
		assert_int_equal(tasks_of(pools[i]) - tasks, (f.count + CHUNK - 1) / CHUNK);
	}
	assert_true(is_same(0, f.count));
	assert_same_bits(f.grad, f.grad_before, f.count);
}

static void a_value_that_is_not_finite_is_found_at_every_edge_of_a_chunk(void **state)
{
	(void)state;
	const REAL bad[] = {(REAL)INFINITY, (REAL)-INFINITY, (REAL)NAN};
	size_t edges[MOST_EDGES], n = list_edges(edges);
	for (size_t i = 0; i < n; i++) {
		put(edges[i], edges[i] + 1, bad[i % 3]);
		assert_update_refused(layer_of(edges[i]));
		put(edges[i], edges[i] + 1, 1);
	}
}

static void the_lowest_layer_is_named(void **state)
{
	(void)state;
	size_t edges[MOST_EDGES], n = list_edges(edges);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			if (layer_of(edges[i]) >= layer_of(edges[j]))
				continue;
			put(edges[i], edges[i] + 1, (REAL)NAN);
			put(edges[j], edges[j] + 1, (REAL)INFINITY);
			assert_update_refused(layer_of(edges[i]));
			put(edges[i], edges[i] + 1, 1);
			put(edges[j], edges[j] + 1, 1);
		}
}

/* [begin, end) is not trained: no value there is looked at, and every other parameter moves, as far with
 * every crew. */
static void check_left_out(size_t begin, size_t end)
{
	REAL *expected = task_array(&f.task);
	put(begin, end, (REAL)NAN);
	for (size_t crew = 0; crew <= CREWS; crew++) {
		assert_ok(mlp_workspace_set_pool(f.ws, crew == 0 ? NULL : pools[crew - 1]));
		assert_ok(FN(update)(f.task.net, f.ws, f.grad, 0.5));
		assert_true(is_same(begin, end));
		for (size_t i = 0; i < f.count; i++)
			assert_true(f.parameters[i] != f.before[i] || (i >= begin && i < end));
		if (crew == 0)
			memcpy(expected, f.parameters, f.count * sizeof(REAL));
		assert_same_bits(f.parameters, expected, f.count);
		undo();
	}
	for (size_t l = 1; l <= LAYERS; l++) { /* what is bad elsewhere is named all the same */
		size_t i = f.first[l];
		if (i >= begin && i < end)
			continue;
		put(i, i + 1, (REAL)INFINITY);
		assert_update_refused(l);
		put(i, i + 1, 1);
	}
	put(begin, end, 1);
	free(expected);
}

static void a_frozen_layer_is_not_looked_at(void **state)
{
	(void)state;
	for (int64_t l = 1; l <= LAYERS; l++) {
		assert_ok(mlp_network_set_frozen(f.task.net, l, 1));
		check_left_out(f.first[l], f.first[l + 1]);
		assert_ok(mlp_network_set_frozen(f.task.net, l, 0));
	}
}

static void a_bias_switched_off_is_not_looked_at(void **state)
{
	(void)state;
	for (int64_t l = 1; l <= LAYERS; l++) {
		assert_ok(mlp_network_set_bias(f.task.net, l, 0));
		check_left_out(f.bias[l], f.first[l + 1]);
		assert_ok(mlp_network_set_bias(f.task.net, l, 1));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_that_is_not_finite_is_found_at_every_edge_of_a_chunk),
		cmocka_unit_test(the_lowest_layer_is_named),
		cmocka_unit_test(a_frozen_layer_is_not_looked_at),
		cmocka_unit_test(a_bias_switched_off_is_not_looked_at),
	};
	return cmocka_run_group_tests_name("pool_updates", tests, set_up, tear_down);
}
