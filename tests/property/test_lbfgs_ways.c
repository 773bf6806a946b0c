/* L-BFGS and its workspace: the same bits for any number of workers, and denormal numbers as they are set. */
#include <math.h>
#include <string.h>

#include "optimizers.h"
#include "settings.h"

/* ---- a bowl on the parameters, none like the other -------------------------------------------- */

static mlp_status bowl(void *context, const mlp_network *net, double *value, REAL *grad)
{
	const REAL *w = FN(network_const_parameters)(net);
	int64_t count = mlp_network_parameter_count(net);
	(void)context;
	*value = 0;
	for (int64_t i = 0; i < count; i++) {
		double steep = 1 + (double)(i * 7919 % 101) / 10, d = (double)w[i] - sin((double)i);
		*value += 0.5 * steep * d * d + d * d * d * d;
		grad[i] = (REAL)(steep * d + 4 * d * d * d);
	}
	return MLP_OK;
}

/* Three chunks of parameters, with a frozen layer and a bias that is switched off between. */
static mlp_network *large_network(void)
{
	mlp_network *net;
	assert_ok(
		mlp_network_create(REAL_DTYPE, (const int64_t[]){300, 301, 20, 2000, 3}, 5, &net));
	assert_ok(mlp_network_set_frozen(net, 3, 1));
	assert_ok(mlp_network_set_bias(net, 2, 0));
	return net;
}

static void every_crew_makes_the_same_bits(void **state)
{
	(void)state;
	mlp_pool *pools[CREWS];
	const struct choice choice = {"lbfgs", MLP_LBFGS, {{MLP_HYPER_L2, 0.01}}};
	crews_create(pools);
	mlp_network *net = large_network();
	mlp_optimizer *optimizer = choose(net, &choice);
	assert_true(mlp_network_parameter_count(net) > 2 * 65536);
	for (int i = 0; i < 5; i++)
		assert_ok(FN(optimizer_minimize)(optimizer, net, NULL, bowl, NULL, NULL));
	assert_true(mlp_optimizer_scalar(optimizer, 1) > 2); /* pairs */
	for (size_t c = 0; c < CREWS; c++) {
		mlp_network *other = large_network();
		mlp_optimizer *with_crew = choose(other, &choice);
		mlp_workspace *ws;
		assert_ok(mlp_workspace_create(other, 1, MLP_INFERENCE, &ws));
		assert_ok(mlp_workspace_set_pool(ws, pools[c]));
		for (int i = 0; i < 5; i++)
			assert_ok(FN(optimizer_minimize)(with_crew, other, ws, bowl, NULL, NULL));
		check_same_state("lbfgs", net, optimizer, other, with_crew);
		mlp_workspace_free(ws);
		mlp_optimizer_free(with_crew);
		mlp_network_free(other);
	}
	mlp_optimizer_free(optimizer);
	mlp_network_free(net);
	crews_free(pools);
}

/* ---- denormal numbers ------------------------------------------------------------------------- */

/* Whether the thread computes with denormal numbers. */
static bool has_denormals(void)
{
	volatile REAL least = REAL_MIN;
	return least / 2 > 0;
}

/* The gradient of the second parameter is denormal. */
static mlp_status almost_flat(void *context, const mlp_network *net, double *value, REAL *grad)
{
	const REAL *w = FN(network_const_parameters)(net);
	double d = (double)w[0] - 1;
	(void)context;
	assert_true(has_denormals()); /* the host's code, in the host's mode */
	memset(grad, 0, (size_t)mlp_network_parameter_count(net) * sizeof(REAL));
	*value = d * d;
	grad[0] = (REAL)(2 * d);
	grad[1] = -REAL_MIN / 8;
	return MLP_OK;
}

static void denormals_count_as_the_workspace_says(void **state)
{
	(void)state;
	for (int flush = 0; flush < 2; flush++) {
		mlp_network *net;
		mlp_workspace *ws;
		mlp_optimizer *optimizer;
		assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){2, 1}, 2, &net));
		assert_ok(mlp_workspace_create(net, 1, MLP_INFERENCE, &ws));
		assert_ok(mlp_workspace_set_flush_denormals(ws, flush));
		assert_ok(mlp_optimizer_create(net, MLP_LBFGS, &optimizer));
		REAL *w = FN(network_parameters)(net);
		w[0] = w[1] = 0;
		assert_ok(FN(optimizer_minimize)(optimizer, net, ws, almost_flat, NULL, NULL));
		assert_true(w[0] > 0);
		const REAL zero = 0; /* bits, whatever the thread's mode */
		assert_int_equal(memcmp(&w[1], &zero, sizeof(zero)) == 0, flush);
		assert_true(has_denormals());
		mlp_optimizer_free(optimizer);
		mlp_workspace_free(ws);
		mlp_network_free(net);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_crew_makes_the_same_bits),
		cmocka_unit_test(denormals_count_as_the_workspace_says),
	};
	return cmocka_run_group_tests_name("ways of lbfgs", tests, NULL, NULL);
}
