/* Workspaces: creation, size, and which networks they serve. */
#include <errno.h>
#include <pthread.h>

#include "support/test.h"

static const mlp_dtype dtypes[] = {MLP_F32, MLP_F64};

static mlp_network *make(mlp_dtype dtype, const int64_t *widths, int64_t count)
{
	mlp_network *net;
	assert_ok(mlp_network_create(dtype, widths, count, &net));
	return net;
}

static const int64_t shape[] = {3, 5, 4, 2};

static void *create_workspace(void *network)
{
	mlp_workspace *ws;
	mlp_status status = mlp_workspace_create(network, 2, MLP_INFERENCE, &ws);
	mlp_workspace_free(ws);
	return status == MLP_OK ? network : NULL;
}

/* Runs first, so that the self-test of the BLAS runs in these threads. Libraries' thread-local variables are on the
 * stack as well, 143 kB of them in OpenBLAS 0.3.34: with less than that and a little, there is no thread. */
static void first_workspace_is_made_in_a_thread_with_a_stack_of_128_kB(void **state)
{
	(void)state;
	const size_t step = (size_t)128 * 1024;
	pthread_attr_t attributes;
	assert_int_equal(pthread_attr_init(&attributes), 0);
	for (int type = 0; type < 2; type++) {
		mlp_network *net = make(dtypes[type], shape, 4);
		pthread_t thread;
		void *result;
		int refused = EINVAL;
		for (size_t size = step; size <= 8 * step && refused == EINVAL; size += step) {
			assert_int_equal(pthread_attr_setstacksize(&attributes, size), 0);
			refused = pthread_create(&thread, &attributes, create_workspace, net);
		}
		assert_int_equal(refused, 0);
		assert_int_equal(pthread_join(thread, &result), 0);
		assert_ptr_equal(result, net);
		mlp_network_free(net);
	}
	assert_int_equal(pthread_attr_destroy(&attributes), 0);
}

static void workspace_tells_its_batch_and_mode(void **state)
{
	(void)state;
	for (int type = 0; type < 2; type++) {
		mlp_network *net = make(dtypes[type], shape, 4);
		for (int mode = MLP_INFERENCE; mode <= MLP_TRACE; mode++) {
			for (int64_t batch = 1; batch <= 1000; batch = 7 * batch + 1) {
				mlp_workspace *ws;
				assert_ok(mlp_workspace_create(net, batch, (mlp_mode)mode, &ws));
				assert_int_equal(mlp_workspace_max_batch(ws), batch);
				assert_int_equal(mlp_workspace_mode(ws), mode);
				mlp_workspace_free(ws);
			}
		}
		mlp_network_free(net);
	}
	assert_fails(MLP_ERR_NULL, "ws", mlp_workspace_max_batch(NULL));
	assert_int_equal(mlp_workspace_mode(NULL), 0);
	mlp_workspace_free(NULL);
}

static void creation_refuses_what_is_out_of_range_and_leaves_null(void **state)
{
	(void)state;
	mlp_network *net = make(MLP_F32, shape, 4);
	const struct {
		const mlp_network *net;
		int64_t batch;
		int mode;
		mlp_status status;
		const char *words;
	} cases[] = {
		{NULL, 1, MLP_TRAINING, MLP_ERR_NULL, "net is NULL"},
		{net, 0, MLP_TRAINING, MLP_ERR_SIZE, "batch is 0"},
		{net, -1, MLP_INFERENCE, MLP_ERR_SIZE, "batch is -1"},
		{net, INT64_MIN, MLP_TRACE, MLP_ERR_SIZE, "-9223372036854775808"},
		{net, 1, 0, MLP_ERR_VALUE, "mode is 0"},
		{net, 1, 4, MLP_ERR_VALUE, "mode is 4"},
		{net, 1, -1, MLP_ERR_VALUE, "mode is"},
		{net, INT64_MAX, MLP_INFERENCE, MLP_ERR_OVERFLOW, "9223372036854775807"},
		{net, INT64_MAX, MLP_TRAINING, MLP_ERR_OVERFLOW, "9223372036854775807"},
		{net, INT64_MAX / 8, MLP_TRACE, MLP_ERR_OVERFLOW, ""},
		{net, INT64_MAX / 8 + 1, MLP_INFERENCE, MLP_ERR_OVERFLOW, ""},
		{net, (int64_t)1 << 61, MLP_TRAINING, MLP_ERR_OVERFLOW, ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		mlp_workspace *ws = (mlp_workspace *)&ws;
		size_t bytes;
		mlp_mode mode = (mlp_mode)cases[i].mode;
		assert_fails(cases[i].status, cases[i].words,
			     mlp_workspace_create(cases[i].net, cases[i].batch, mode, &ws));
		assert_null(ws);
		assert_fails(cases[i].status, cases[i].words,
			     mlp_workspace_size(cases[i].net, cases[i].batch, mode, &bytes));
	}
	assert_fails(MLP_ERR_NULL, "workspace is NULL",
		     mlp_workspace_create(net, 1, MLP_TRAINING, NULL));
	assert_fails(MLP_ERR_NULL, "bytes is NULL", mlp_workspace_size(net, 1, MLP_TRAINING, NULL));
	mlp_network_free(net);
}

static size_t size_of(const mlp_network *net, int64_t batch, mlp_mode mode)
{
	size_t bytes;
	assert_ok(mlp_workspace_size(net, batch, mode, &bytes));
	return bytes;
}

/* "hardly": a double per row, where a training workspace keeps every activation. */
static void inference_size_hardly_grows_with_the_batch(void **state)
{
	(void)state;
	mlp_network *net = make(MLP_F32, (const int64_t[]){64, 512, 256, 10}, 4);
	size_t small = size_of(net, 256, MLP_INFERENCE);
	size_t large = size_of(net, 256 + 100000, MLP_INFERENCE);
	assert_in_range(large - small, 0, 100000 * sizeof(double) + 64); /* losses, one a row */
	assert_true(size_of(net, 1, MLP_INFERENCE) < small);
	size_t grows = size_of(net, 256 + 100000, MLP_TRAINING) - size_of(net, 256, MLP_TRAINING);
	assert_true(grows >= (size_t)100000 * (64 + 512 + 256 + 10) * sizeof(float));
	assert_true(size_of(net, 1000, MLP_TRACE) > size_of(net, 1000, MLP_TRAINING));
	assert_true(size_of(net, 1000, MLP_TRAINING) > size_of(net, 1000, MLP_INFERENCE));
	mlp_network_free(net);
}

/* Forward, backward in one go: output and gradient of a batch of 4. */
static void compute(const mlp_network *net, mlp_workspace *ws, double *y, double *grad)
{
	uint64_t seed = 9;
	double x[12], dy[8];
	random_fill_f64(&seed, x, 12, 1);
	random_fill_f64(&seed, dy, 8, 1);
	assert_ok(mlp_forward_f64(net, ws, x, 3, 4, y, 2));
	assert_ok(mlp_backward_f64(net, ws, dy, 2, 4, 0, grad, NULL, 0));
}

static void workspace_serves_clones_and_outlives_its_network(void **state)
{
	(void)state;
	mlp_network *net = make(MLP_F64, shape, 4), *clone;
	mlp_workspace *ws;
	double y[2][8], grad[2][54];
	assert_ok(mlp_workspace_create(net, 4, MLP_TRAINING, &ws));
	compute(net, ws, y[0], grad[0]);
	assert_ok(mlp_network_clone(net, &clone));
	memset(mlp_network_parameters_f64(net), 0, 54 * sizeof(double));
	mlp_network_free(net);
	compute(clone, ws, y[1], grad[1]);
	assert_memory_equal(y[0], y[1], sizeof(y[0]));
	assert_memory_equal(grad[0], grad[1], sizeof(grad[0]));
	mlp_network_free(clone);
	assert_int_equal(mlp_workspace_max_batch(ws), 4);
	mlp_workspace_free(ws);
}

static void workspace_of_another_shape_is_refused_with_the_numbers(void **state)
{
	(void)state;
	const struct {
		int64_t widths[5], count;
		mlp_dtype dtype;
		const char *words;
	} cases[] = {
		{{4, 5, 4, 2}, 4, MLP_F64, "n_0 = 4, network has 3"},
		{{3, 6, 4, 2}, 4, MLP_F64, "n_1 = 6, network has 5"},
		{{3, 5, 5, 2}, 4, MLP_F64, "n_2 = 5, network has 4"},
		{{3, 5, 4, 1}, 4, MLP_F64, "n_3 = 1, network has 2"},
		{{3, 5, 4}, 3, MLP_F64, "2 layers, network has 3"},
		{{3, 5, 4, 2, 2}, 5, MLP_F64, "4 layers, network has 3"},
		{{3, 5, 4, 2}, 4, MLP_F32, "f32 networks, network is f64"},
	};
	mlp_network *net = make(MLP_F64, shape, 4);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		mlp_network *other = make(cases[i].dtype, cases[i].widths, cases[i].count);
		for (int mode = MLP_INFERENCE; mode <= MLP_TRACE; mode++) {
			mlp_workspace *ws;
			double x[3] = {0}, y[2] = {0}, value;
			int64_t c = 0;
			assert_ok(mlp_workspace_create(other, 1, (mlp_mode)mode, &ws));
			assert_fails(MLP_ERR_SHAPE, cases[i].words,
				     mlp_forward_f64(net, ws, x, 3, 1, y, 2));
			assert_fails(MLP_ERR_SHAPE, cases[i].words,
				     mlp_backward_f64(net, ws, y, 2, 1, 0, NULL, NULL, 0));
			assert_fails(MLP_ERR_SHAPE, cases[i].words,
				     mlp_backward_logits_f64(net, ws, y, 2, 1, 0, NULL, NULL, 0));
			assert_fails(MLP_ERR_SHAPE, cases[i].words,
				     mlp_evaluate_class_f64(net, ws, x, 3, &c, NULL, 1,
							    MLP_CROSS_ENTROPY, 0, MLP_MEAN, &value,
							    NULL, 0));
			assert_fails(MLP_ERR_SHAPE, cases[i].words,
				     mlp_gradient_class_f64(net, ws, x, 3, &c, NULL, 1,
							    MLP_CROSS_ENTROPY, 0, MLP_MEAN, 0,
							    &value, NULL, NULL, 0));
			assert_fails(MLP_ERR_SHAPE, cases[i].words,
				     mlp_train_step_class_f64(net, ws, x, 3, &c, NULL, 1,
							      MLP_CROSS_ENTROPY, 0, MLP_MEAN, 1,
							      &value));
			mlp_workspace_free(ws);
		}
		mlp_network_free(other);
	}
	mlp_network_free(net);
}

/* These derivatives need s(l), which the workspace of a ReLU network does not keep. */
static void activation_that_needs_more_memory_is_refused_for_training(void **state)
{
	(void)state;
	const mlp_activation needy[] = {MLP_GELU, MLP_SILU, MLP_SIN, MLP_SOFTSIGN};
	for (int i = 0; i < 4; i++) {
		mlp_network *net = make(MLP_F64, shape, 4);
		mlp_workspace *ws[4];
		double y[3][8], grad[2][54], x[12];
		uint64_t seed = 9;
		random_fill_f64(&seed, x, 12, 1);
		for (int mode = MLP_INFERENCE; mode <= MLP_TRACE; mode++)
			assert_ok(mlp_workspace_create(net, 4, (mlp_mode)mode, &ws[mode]));
		assert_ok(mlp_network_set_activation(net, 2, needy[i]));
		assert_fails(MLP_ERR_SHAPE, "layer 2",
			     mlp_forward_f64(net, ws[MLP_TRAINING], x, 3, 4, y[0], 2));
		assert_ok(mlp_forward_f64(net, ws[MLP_INFERENCE], x, 3, 4, y[0], 2));
		compute(net, ws[MLP_TRACE], y[1], grad[0]); /* a trace keeps everything */
		mlp_workspace_free(ws[MLP_TRAINING]);
		assert_ok(mlp_workspace_create(net, 4, MLP_TRAINING, &ws[MLP_TRAINING]));
		compute(net, ws[MLP_TRAINING], y[2], grad[1]);
		assert_allclose_f64(y[1], y[0], 8, 1e-14, 1e-15);
		assert_allclose_f64(y[2], y[0], 8, 1e-14, 1e-15);
		assert_allclose_f64(grad[1], grad[0], 54, 1e-13, 1e-14);
		for (int mode = MLP_INFERENCE; mode <= MLP_TRACE; mode++)
			mlp_workspace_free(ws[mode]);
		mlp_network_free(net);
	}
}

static void activation_that_needs_less_memory_still_works(void **state)
{
	(void)state;
	mlp_network *net = make(MLP_F64, shape, 4);
	mlp_workspace *old, *fresh;
	double y[2][8], grad[2][54];
	assert_ok(mlp_network_set_activation(net, MLP_ALL_LAYERS, MLP_GELU));
	assert_ok(mlp_workspace_create(net, 4, MLP_TRAINING, &old));
	assert_ok(mlp_network_set_activation(net, MLP_ALL_LAYERS, MLP_TANH));
	assert_ok(mlp_workspace_create(net, 4, MLP_TRAINING, &fresh));
	compute(net, old, y[0], grad[0]);
	compute(net, fresh, y[1], grad[1]);
	assert_memory_equal(y[0], y[1], sizeof(y[0]));
	assert_memory_equal(grad[0], grad[1], sizeof(grad[0]));
	mlp_workspace_free(old);
	mlp_workspace_free(fresh);
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_workspace_is_made_in_a_thread_with_a_stack_of_128_kB),
		cmocka_unit_test(workspace_tells_its_batch_and_mode),
		cmocka_unit_test(creation_refuses_what_is_out_of_range_and_leaves_null),
		cmocka_unit_test(inference_size_hardly_grows_with_the_batch),
		cmocka_unit_test(workspace_serves_clones_and_outlives_its_network),
		cmocka_unit_test(workspace_of_another_shape_is_refused_with_the_numbers),
		cmocka_unit_test(activation_that_needs_more_memory_is_refused_for_training),
		cmocka_unit_test(activation_that_needs_less_memory_still_works),
	};
	return cmocka_run_group_tests_name("workspace", tests, NULL, NULL);
}
