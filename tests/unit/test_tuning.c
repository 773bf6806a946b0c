/* Tuning and the pool of a workspace: every documented status, what getters tell, and what a failed call
 * leaves behind. */
#include <stdlib.h>

#include "support/heap.h"
#include "support/host.h"
#include "support/test.h"

static mlp_network *net;
static mlp_workspace *ws;

static int make(void **state)
{
	(void)state;
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){300, 400, 10}, 3, &net));
	assert_ok(mlp_workspace_create(net, 300, MLP_TRAINING, &ws));
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	mlp_workspace_free(ws);
	mlp_network_free(net);
	return 0;
}

static void choices_are_kept_and_0_brings_the_librarys_own_back(void **state)
{
	(void)state;
	const struct {
		mlp_tuning tuning;
		int64_t last;
	} all[] = {{MLP_TUNING_PRODUCTS, MLP_PRODUCTS_WHOLE},
		   {MLP_TUNING_SCHEDULE, MLP_SCHEDULE_OUTPUTS},
		   {MLP_TUNING_INSTRUCTIONS, MLP_INSTRUCTIONS_AVX512}};
	for (size_t i = 0; i < 3; i++) {
		int64_t own = mlp_workspace_tuning(ws, all[i].tuning, 64);
		assert_true(own >= 1 && own <= all[i].last);
		for (int64_t value = 1; value <= all[i].last; value++) {
			mlp_status status = mlp_workspace_set_tuning(ws, all[i].tuning, value);
			if (status != MLP_OK) { /* only the processor may refuse */
				assert_int_equal(all[i].tuning, MLP_TUNING_INSTRUCTIONS);
				assert_int_equal(status, MLP_ERR_VALUE);
				assert_true(value > own);
				continue;
			}
			assert_int_equal(mlp_workspace_tuning(ws, all[i].tuning, 64), value);
			assert_int_equal(mlp_workspace_tuning(ws, all[i].tuning, 1), value);
			assert_fails(MLP_ERR_VALUE, "unknown",
				     mlp_workspace_set_tuning(ws, all[i].tuning, all[i].last + 1));
			assert_fails(MLP_ERR_VALUE, "unknown",
				     mlp_workspace_set_tuning(ws, all[i].tuning, -1));
			assert_int_equal(mlp_workspace_tuning(ws, all[i].tuning, 64), value);
		}
		assert_ok(mlp_workspace_set_tuning(ws, all[i].tuning, 0));
		assert_int_equal(mlp_workspace_tuning(ws, all[i].tuning, 64), own);
	}
}

static void values_that_an_int_would_cut_off_are_refused(void **state)
{
	(void)state;
	const int64_t wrong[] = {INT64_MAX, INT64_MIN, INT64_C(1) << 32, (INT64_C(1) << 32) + 1};
	for (int tuning = MLP_TUNING_PRODUCTS; tuning <= MLP_TUNING_INSTRUCTIONS; tuning++)
		for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
			assert_fails(MLP_ERR_VALUE, "unknown",
				     mlp_workspace_set_tuning(ws, (mlp_tuning)tuning, wrong[i]));
}

static void unknown_tunings_null_and_batches_out_of_range_are_refused(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		mlp_tuning unknown = (mlp_tuning)(i == 0 ? 0 : MLP_TUNING_INSTRUCTIONS + 1);
		assert_fails(MLP_ERR_VALUE, "tuning is", mlp_workspace_set_tuning(ws, unknown, 0));
		assert_fails(MLP_ERR_VALUE, "tuning is", mlp_workspace_tuning(ws, unknown, 1));
	}
	assert_fails(MLP_ERR_NULL, "ws is NULL",
		     mlp_workspace_set_tuning(NULL, MLP_TUNING_PRODUCTS, 0));
	assert_fails(MLP_ERR_NULL, "ws is NULL",
		     mlp_workspace_tuning(NULL, MLP_TUNING_PRODUCTS, 1));
	assert_fails(MLP_ERR_SIZE, "batch is 0", mlp_workspace_tuning(ws, MLP_TUNING_SCHEDULE, 0));
	assert_fails(MLP_ERR_SIZE, "batch is -1",
		     mlp_workspace_tuning(ws, MLP_TUNING_SCHEDULE, -1));
	assert_fails(MLP_ERR_BATCH, "holds 300",
		     mlp_workspace_tuning(ws, MLP_TUNING_SCHEDULE, 301));
	assert_int_equal(mlp_workspace_tuning(ws, MLP_TUNING_SCHEDULE, 300), MLP_SCHEDULE_SAMPLES);
}

static void best_instructions_are_those_of_build_info(void **state)
{
	(void)state;
	const char *names[] = {"baseline", "AVX2", "AVX-512"};
	int64_t best = mlp_workspace_tuning(ws, MLP_TUNING_INSTRUCTIONS, 1);
	assert_string_equal(mlp_build_info(MLP_BUILD_INSTRUCTIONS), names[best - 1]);
}

/* Blocks of samples may lie elsewhere after it. */
static void other_products_make_a_forward_pass_useless(void **state)
{
	(void)state;
	float *x = calloc(300, sizeof(float)), dl[10] = {0};
	assert_ok(mlp_forward_f32(net, ws, x, 300, 1, NULL, 0));
	assert_ok(mlp_backward_f32(net, ws, dl, 10, 1, 0, NULL, NULL, 0));
	int64_t other = mlp_workspace_tuning(ws, MLP_TUNING_PRODUCTS, 1) == MLP_PRODUCTS_WHOLE
				? MLP_PRODUCTS_OWN
				: MLP_PRODUCTS_WHOLE;
	assert_ok(mlp_workspace_set_tuning(ws, MLP_TUNING_PRODUCTS, other));
	assert_fails(MLP_ERR_STATE, "without a forward pass",
		     mlp_backward_f32(net, ws, dl, 10, 1, 0, NULL, NULL, 0));
	assert_ok(mlp_workspace_set_tuning(ws, MLP_TUNING_PRODUCTS, 0));
	free(x);
}

static void tuning_that_moves_nothing_leaves_a_forward_pass_useful(void **state)
{
	(void)state;
	float *x = calloc(300, sizeof(float)), dl[10] = {0}, y[10], out[10];
	assert_ok(mlp_forward_f32(net, ws, x, 300, 1, y, 10));
	int64_t products = mlp_workspace_tuning(ws, MLP_TUNING_PRODUCTS, 1);
	assert_ok(mlp_workspace_set_tuning(ws, MLP_TUNING_PRODUCTS, products));
	assert_ok(mlp_workspace_set_tuning(ws, MLP_TUNING_INSTRUCTIONS, MLP_INSTRUCTIONS_BASELINE));
	assert_ok(mlp_workspace_set_tuning(ws, MLP_TUNING_SCHEDULE, MLP_SCHEDULE_SAMPLES));
	assert_ok(mlp_workspace_read_f32(ws, MLP_X, mlp_network_layer_count(net), 1, out, 10));
	assert_memory_equal(out, y, sizeof(y));
	assert_ok(mlp_backward_f32(net, ws, dl, 10, 1, 0, NULL, NULL, 0));
	for (int tuning = MLP_TUNING_PRODUCTS; tuning <= MLP_TUNING_INSTRUCTIONS; tuning++)
		assert_ok(mlp_workspace_set_tuning(ws, (mlp_tuning)tuning, 0));
	free(x);
}

/* ---- pool ----------------------------------------------------------------------------------- */

enum { B = 200 };

struct fixture {
	struct heap heap;
	mlp_network *net;
	mlp_workspace *ws;
	float x[B][20], y[B][5];
};

/* y of the workspace is what mlp_predict_f32() says. */
static void check_forward(struct fixture *f)
{
	float expected[B][5];
	assert_ok(mlp_predict_f32(f->net, f->x[0], 20, B, expected[0], 5));
	assert_ok(mlp_forward_f32(f->net, f->ws, f->x[0], 20, B, f->y[0], 5));
	assert_memory_equal(f->y, expected, sizeof(expected));
}

static void fixture_create(struct fixture *f, mlp_mode mode)
{
	uint64_t seed = 3;
	memset(f, 0, sizeof(*f));
	const mlp_allocator allocator = heap_allocator(&f->heap);
	assert_ok(mlp_network_create_with(MLP_F32, (const int64_t[]){20, 300, 300, 5}, 4,
					  &allocator, &f->net));
	random_fill_f32(&seed, f->x[0], sizeof(f->x) / sizeof(float), 1);
	assert_ok(mlp_workspace_create(f->net, B, mode, &f->ws));
}

static void fixture_free(struct fixture *f)
{
	mlp_workspace_free(f->ws);
	mlp_network_free(f->net);
	assert_int_equal(f->heap.in_use, 0);
	assert_int_equal(f->heap.blocks, 0);
}

static void pool_may_be_given_replaced_and_taken_away(void **state)
{
	(void)state;
	for (int mode = MLP_INFERENCE; mode <= MLP_TRACE; mode++) {
		struct fixture f;
		mlp_pool *pools[3];
		fixture_create(&f, (mlp_mode)mode);
		int64_t bare = f.heap.in_use;
		assert_ok(mlp_pool_create(2, &pools[0]));
		assert_ok(mlp_pool_create(4, &pools[1]));
		assert_ok(mlp_pool_create_from(3, host_serial, NULL, &pools[2]));
		for (int round = 0; round < 2; round++)
			for (int i = 0; i < 3; i++) {
				assert_ok(mlp_workspace_set_pool(f.ws, pools[i]));
				assert_true(f.heap.blocks <= 3); /* network, workspace, workers */
				check_forward(&f);
			}
		int64_t tasks = mlp_pool_tasks(pools[0], 0) + mlp_pool_tasks(pools[0], 1);
		assert_true(tasks > 0);
		assert_ok(mlp_workspace_set_pool(f.ws, NULL));
		assert_int_equal(f.heap.in_use, bare);
		check_forward(&f);
		assert_ok(mlp_workspace_set_pool(f.ws, pools[1]));
		fixture_free(&f);
		for (int i = 0; i < 3; i++)
			mlp_pool_free(pools[i]);
	}
}

static void workspace_may_be_freed_after_its_pool(void **state)
{
	(void)state;
	struct fixture f;
	mlp_pool *pool;
	fixture_create(&f, MLP_TRAINING);
	assert_ok(mlp_pool_create(2, &pool));
	assert_ok(mlp_workspace_set_pool(f.ws, pool));
	mlp_pool_free(pool);
	fixture_free(&f);
}

static void refused_memory_leaves_the_workspace_as_it_was(void **state)
{
	(void)state;
	for (int mode = MLP_INFERENCE; mode <= MLP_TRACE; mode++) {
		struct fixture f;
		mlp_pool *first, *second;
		fixture_create(&f, (mlp_mode)mode);
		assert_ok(mlp_pool_create(2, &first));
		assert_ok(mlp_pool_create(5, &second));
		for (int with = 0; with < 2; with++) {
			assert_ok(mlp_workspace_set_pool(f.ws, with ? first : NULL));
			int64_t in_use = f.heap.in_use;
			f.heap.and_after = true;
			assert_fails(MLP_ERR_MEMORY, "out of memory",
				     mlp_workspace_set_pool(f.ws, second));
			f.heap.and_after = false;
			assert_int_equal(f.heap.in_use, in_use);
			check_forward(&f);
		}
		for (int64_t w = 0; w < 5; w++)
			assert_int_equal(mlp_pool_tasks(second, w), 0);
		int64_t tasks = mlp_pool_tasks(first, 0) + mlp_pool_tasks(first, 1);
		check_forward(&f);
		assert_true(mlp_pool_tasks(first, 0) + mlp_pool_tasks(first, 1) > tasks);
		f.heap.and_after = true; /* nothing is asked for */
		assert_ok(mlp_workspace_set_pool(f.ws, NULL));
		f.heap.and_after = false;
		check_forward(&f);
		fixture_free(&f);
		mlp_pool_free(first);
		mlp_pool_free(second);
	}
}

static void small_networks_wake_no_worker(void **state)
{
	(void)state;
	enum { BATCH = 32 };
	mlp_network *small;
	mlp_workspace *small_ws;
	mlp_pool *pool;
	float x[BATCH * 8] = {0}, t[BATCH] = {0}, y[BATCH];
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){8, 16, 16, 1}, 4, &small));
	assert_ok(mlp_workspace_create(small, BATCH, MLP_TRAINING, &small_ws));
	assert_ok(mlp_pool_create(2, &pool));
	assert_ok(mlp_workspace_set_pool(small_ws, pool));
	for (int step = 0; step < 200; step++) {
		assert_ok(mlp_train_step_f32(small, small_ws, x, 8, t, 1, NULL, BATCH,
					     MLP_SQUARED_ERROR, 0, MLP_MEAN, 0.1, NULL));
		assert_ok(mlp_forward_f32(small, small_ws, x, 8, BATCH, y, 1));
	}
	assert_int_equal(mlp_pool_tasks(pool, 1), 0);
	mlp_workspace_free(small_ws);
	mlp_pool_free(pool);
	mlp_network_free(small);
}

static void null_workspace_is_refused(void **state)
{
	(void)state;
	mlp_pool *pool;
	assert_ok(mlp_pool_create(1, &pool));
	assert_fails(MLP_ERR_NULL, "ws is NULL", mlp_workspace_set_pool(NULL, pool));
	assert_fails(MLP_ERR_NULL, "ws is NULL", mlp_workspace_set_pool(NULL, NULL));
	assert_fails(MLP_ERR_NULL, "ws is NULL", mlp_workspace_set_flush_denormals(NULL, 1));
	mlp_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(choices_are_kept_and_0_brings_the_librarys_own_back),
		cmocka_unit_test(values_that_an_int_would_cut_off_are_refused),
		cmocka_unit_test(unknown_tunings_null_and_batches_out_of_range_are_refused),
		cmocka_unit_test(best_instructions_are_those_of_build_info),
		cmocka_unit_test(other_products_make_a_forward_pass_useless),
		cmocka_unit_test(tuning_that_moves_nothing_leaves_a_forward_pass_useful),
		cmocka_unit_test(pool_may_be_given_replaced_and_taken_away),
		cmocka_unit_test(workspace_may_be_freed_after_its_pool),
		cmocka_unit_test(refused_memory_leaves_the_workspace_as_it_was),
		cmocka_unit_test(small_networks_wake_no_worker),
		cmocka_unit_test(null_workspace_is_refused),
	};
	return cmocka_run_group_tests_name("tuning", tests, make, unmake);
}
