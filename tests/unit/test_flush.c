/* Denormal numbers in computations: kept unless the workspace was told to flush them, on every worker;
 * and the floating-point mode of the caller and of a host's threads is what it was. */
#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/float_mode.h"
#include "support/host.h"
#include "support/test.h"

enum { B = 256, WIDTH = 256, OUT = 4 };

static float x[B][WIDTH], t[B][OUT], y[B][OUT], grad[(WIDTH + 1) * (WIDTH + OUT)], dl[B][OUT];

static atomic_int other_modes, jobs;

struct watched {
	mlp_job job;
	void *data;
	unsigned long long mode;
};

static void look_before_and_after(void *data, int64_t index)
{
	struct watched *watched = data;
	mlp_set_float_mode(watched->mode); /* whatever thread this is */
	watched->job(watched->data, index);
	if (mlp_float_mode() != watched->mode)
		atomic_fetch_add(&other_modes, 1);
	atomic_fetch_add(&jobs, 1);
}

/* Threads that are started in the mode that the test began in, not in that of the call. */
static void host_that_looks(void *context, int64_t count, mlp_job job, void *job_data)
{
	struct watched watched = {job, job_data, *(const unsigned long long *)context};
	host_threads(NULL, count, look_before_and_after, &watched);
}

/* Weights so small that s(1) = 256 w x is denormal, and makes normal outputs of big weights. */
static mlp_network *denormal_net(void)
{
	mlp_network *net;
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){WIDTH, WIDTH, OUT}, 3, &net));
	assert_ok(mlp_network_set_activation(net, MLP_ALL_LAYERS, MLP_IDENTITY));
	float *w = mlp_network_parameters_f32(net);
	int64_t w2, b2;
	assert_ok(mlp_network_layout(net, 2, &w2, &b2));
	for (int64_t i = 0; i < w2; i++)
		w[i] = i < WIDTH * WIDTH ? FLT_MIN : 0;
	for (int64_t i = w2; i < b2 + OUT; i++)
		w[i] = i < b2 ? 1e30F : 0;
	for (int j = 0; j < B; j++) {
		for (int i = 0; i < WIDTH; i++)
			x[j][i] =
				1.0F / 1024; /* w x is denormal, and so is the sum of 256 of them */
		for (int i = 0; i < OUT; i++) {
			t[j][i] = 0;
			dl[j][i] = FLT_MIN / 1024;
		}
	}
	return net;
}

/* Whether every output is 0; else every one is 256 FLT_MIN / 1024 x 256 x 1e30. */
static bool all_zero(void)
{
	bool zero = y[0][0] == 0;
	for (int j = 0; j < B; j++)
		for (int i = 0; i < OUT; i++) {
			if (zero)
				assert_true(y[j][i] == 0);
			else
				assert_true(y[j][i] > 7e-7F && y[j][i] < 8e-7F);
		}
	return zero;
}

/* The call returns `expected`, and the caller's mode is the same before and after it. */
#define assert_mode_stays(expected, call)                                                          \
	do {                                                                                       \
		const unsigned long long mode_ = mlp_float_mode();                                 \
		assert_int_equal(call, expected);                                                  \
		assert_true(mlp_float_mode() == mode_);                                            \
	} while (0)

/* Backward from a denormal dl: db(2), the sum of 256 of them, is denormal too; dl/dx(1) = w^T dl is not,
 * unless dl counts as zero; dw(2) = dl x(1)^T is 0 in any mode. */
static void check_backward(const mlp_network *net, mlp_workspace *ws, bool zero)
{
	int64_t w1, b1, w2, b2;
	assert_ok(mlp_network_layout(net, 1, &w1, &b1));
	assert_ok(mlp_network_layout(net, 2, &w2, &b2));
	assert_mode_stays(MLP_OK, mlp_backward_f32(net, ws, dl[0], OUT, B, 0, grad, NULL, 0));
	for (int64_t i = w1; i < w2; i++)
		assert_true((grad[i] == 0) == zero);
	for (int64_t i = w2; i < b2; i++)
		assert_true(grad[i] == 0);
	for (int64_t i = b2; i < b2 + OUT; i++)
		assert_true(grad[i] == (zero ? 0 : FLT_MIN / 4));
}

static void check_failures(mlp_network *net, mlp_workspace *ws)
{
	double loss, rows[B];
	assert_mode_stays(MLP_ERR_BATCH, mlp_forward_f32(net, ws, x[0], WIDTH, B + 1, y[0], OUT));
	if (mlp_workspace_mode(ws) != MLP_INFERENCE) {
		assert_ok(mlp_forward_f32(net, ws, x[0], WIDTH, B, NULL, 0));
		dl[B - 1][0] = (float)INFINITY;
		assert_mode_stays(MLP_ERR_NONFINITE,
				  mlp_backward_f32(net, ws, dl[0], OUT, B, 0, grad, NULL, 0));
		dl[B - 1][0] = dl[0][0];
	}
	x[0][1] = (float)INFINITY;
	assert_mode_stays(MLP_ERR_NONFINITE,
			  mlp_evaluate_f32(net, ws, x[0], WIDTH, t[0], OUT, NULL, B,
					   MLP_SQUARED_ERROR, 0, MLP_NONE, rows, NULL, 0));
	if (mlp_workspace_mode(ws) != MLP_INFERENCE) {
		assert_mode_stays(MLP_ERR_NONFINITE,
				  mlp_gradient_f32(net, ws, x[0], WIDTH, t[0], OUT, NULL, B,
						   MLP_SQUARED_ERROR, 0, MLP_MEAN, 1, &loss, grad,
						   NULL, 0));
		assert_mode_stays(MLP_ERR_NONFINITE,
				  mlp_train_step_f32(net, ws, x[0], WIDTH, t[0], OUT, NULL, B,
						     MLP_SQUARED_ERROR, 0, MLP_MEAN, 0, &loss));
	}
	x[0][1] = x[0][0];
	const float before = grad[0];
	grad[0] = (float)INFINITY;
	assert_mode_stays(MLP_ERR_NONFINITE, mlp_update_f32(net, ws, grad, 0));
	grad[0] = before;
}

/* All calls that compute. */
static void compute_everything(mlp_network *net, mlp_workspace *ws, bool zero)
{
	double loss, rows[B];
	assert_mode_stays(MLP_OK, mlp_forward_f32(net, ws, x[0], WIDTH, B, y[0], OUT));
	assert_true(all_zero() == zero);
	if (mlp_workspace_mode(ws) != MLP_INFERENCE) {
		check_backward(net, ws, zero);
		assert_mode_stays(MLP_OK, mlp_gradient_f32(net, ws, x[0], WIDTH, t[0], OUT, NULL, B,
							   MLP_SQUARED_ERROR, 0, MLP_MEAN, 1, &loss,
							   grad, NULL, 0));
		assert_true((loss == 0) == zero);
		assert_mode_stays(MLP_OK,
				  mlp_train_step_f32(net, ws, x[0], WIDTH, t[0], OUT, NULL, B,
						     MLP_SQUARED_ERROR, 0, MLP_MEAN, 0, &loss));
		assert_true((loss == 0) == zero);
	}
	assert_mode_stays(MLP_OK,
			  mlp_evaluate_f32(net, ws, x[0], WIDTH, t[0], OUT, NULL, B,
					   MLP_SQUARED_ERROR, 0, MLP_NONE, rows, y[0], OUT));
	assert_true(all_zero() == zero);
	assert_mode_stays(MLP_OK, mlp_update_f32(net, ws, grad, 0));
	check_failures(net, ws);
}

/* An update of denormal steps: w is 0, so that they are all there is to see. */
static void check_update(mlp_workspace *ws, bool flush)
{
	mlp_network *net;
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){WIDTH, WIDTH, OUT}, 3, &net));
	float *w = mlp_network_parameters_f32(net);
	int64_t count = mlp_network_parameter_count(net);
	for (int64_t i = 0; i < count; i++) {
		w[i] = 0;
		grad[i] = FLT_MIN;
	}
	assert_mode_stays(MLP_OK, mlp_update_f32(net, ws, grad, -0.25));
	for (int64_t i = 0; i < count; i++)
		assert_true(w[i] == (flush ? 0 : FLT_MIN / 4));
	mlp_network_free(net);
}

static mlp_workspace *workspace(const mlp_network *net, mlp_pool *pool, int mode, int64_t products,
				int64_t schedule)
{
	mlp_workspace *ws;
	assert_ok(mlp_workspace_create(net, B, (mlp_mode)mode, &ws));
	assert_ok(mlp_workspace_set_tuning(ws, MLP_TUNING_PRODUCTS, products));
	assert_ok(mlp_workspace_set_tuning(ws, MLP_TUNING_SCHEDULE, schedule));
	assert_ok(mlp_workspace_set_pool(ws, pool));
	return ws;
}

static void check(mlp_pool *pool, int mode, int64_t products, int64_t schedule)
{
	mlp_network *net = denormal_net();
	mlp_workspace *ws = workspace(net, pool, mode, products, schedule);
	compute_everything(net, ws, false); /* off by default */
	check_update(ws, false);
	assert_ok(mlp_workspace_set_flush_denormals(ws, 1));
	compute_everything(net, ws, true);
	check_update(ws, true);
	assert_ok(mlp_workspace_set_flush_denormals(ws, 0));
	compute_everything(net, ws, false);
	/* a host that flushes by itself keeps doing so */
	unsigned long long before = mlp_denormals_flush();
	compute_everything(net, ws, true);
	mlp_set_float_mode(before);
	mlp_workspace_free(ws);
	mlp_network_free(net);
}

/* One layer and a dl of 2 FLT_MIN, from the caller or from a loss whose rows have that weight: everything
 * is a normal number up to dw = dl x^T, which is FLT_MIN / 2. */
static void check_gradients(mlp_pool *pool, int mode, int64_t products, int64_t schedule)
{
	enum { COUNT = (WIDTH + 1) * OUT };
	mlp_network *net;
	float weight[B], sums[3][COUNT];
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){WIDTH, OUT}, 2, &net));
	mlp_workspace *ws = workspace(net, pool, mode, products, schedule);
	float *w = mlp_network_parameters_f32(net);
	for (int j = 0; j < B; j++) {
		weight[j] = 2 * FLT_MIN;
		for (int i = 0; i < WIDTH; i++)
			x[j][i] = 1.0F / 1024;
		for (int i = 0; i < OUT; i++) {
			t[j][i] = -1;
			dl[j][i] = 2 * FLT_MIN;
		}
	}
	for (int flush = 0; flush <= 1; flush++) {
		assert_ok(mlp_workspace_set_flush_denormals(ws, flush));
		memset(w, 0, COUNT * sizeof(float));
		memset(sums, 0, sizeof(sums));
		assert_ok(mlp_forward_f32(net, ws, x[0], WIDTH, B, NULL, 0));
		assert_mode_stays(MLP_OK,
				  mlp_backward_f32(net, ws, dl[0], OUT, B, 0, sums[0], NULL, 0));
		assert_mode_stays(MLP_OK, mlp_gradient_f32(net, ws, x[0], WIDTH, t[0], OUT, weight,
							   B, MLP_SQUARED_ERROR, 0, MLP_SUM, 1,
							   NULL, sums[1], NULL, 0));
		assert_mode_stays(MLP_OK,
				  mlp_train_step_f32(net, ws, x[0], WIDTH, t[0], OUT, weight, B,
						     MLP_SQUARED_ERROR, 0, MLP_SUM, -1, NULL));
		memcpy(sums[2], w, sizeof(sums[2]));
		for (int k = 0; k < 3; k++)
			for (int i = 0; i < COUNT; i++)
				assert_true(sums[k][i] == (i >= WIDTH * OUT ? 512 * FLT_MIN
							   : flush          ? 0
									    : FLT_MIN / 2));
	}
	mlp_workspace_free(ws);
	mlp_network_free(net);
}

static void denormals_are_flushed_when_asked_for_and_modes_stay(void **state)
{
	(void)state;
	if (!mlp_can_flush_denormals())
		skip();
	unsigned long long mode = mlp_float_mode();
	mlp_pool *pools[3] = {NULL};
	assert_ok(mlp_pool_create(3, &pools[1]));
	assert_ok(mlp_pool_create_from(3, host_that_looks, &mode, &pools[2]));
	for (int i = 0; i < 3; i++)
		for (int ws_mode = MLP_INFERENCE; ws_mode <= MLP_TRACE; ws_mode++)
			for (int64_t products = 0; products <= MLP_PRODUCTS_TILES; products++)
				for (int64_t schedule = 1; schedule <= 2; schedule++) {
					check(pools[i], ws_mode, products, schedule);
					if (ws_mode != MLP_INFERENCE)
						check_gradients(pools[i], ws_mode, products,
								schedule);
				}
	assert_true(atomic_load(&jobs) > 0);
	assert_int_equal(atomic_load(&other_modes), 0);
	mlp_pool_free(pools[1]);
	mlp_pool_free(pools[2]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(denormals_are_flushed_when_asked_for_and_modes_stay),
	};
	return cmocka_run_group_tests_name("flush", tests, NULL, NULL);
}
