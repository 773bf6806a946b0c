/* Dropout: rates, seeds and passes that are set and read back, and what is refused. */
#include <math.h>

#include "refusal.h"

static mlp_network *make(void)
{
	mlp_network *net;
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){3, 4, 5, 2}, 4, &net));
	return net;
}

static void rates_are_set_layer_by_layer(void **state)
{
	(void)state;
	mlp_network *net = make();
	for (int64_t l = 0; l < 3; l++)
		assert_true(mlp_network_dropout(net, l) == 0);
	assert_ok(mlp_network_set_dropout(net, 0, 0.125));
	assert_ok(mlp_network_set_dropout(net, MLP_HIDDEN_LAYERS, 0.5));
	assert_ok(mlp_network_set_dropout(net, 2, 0.999999999999));
	assert_true(mlp_network_dropout(net, 0) == 0.125);
	assert_true(mlp_network_dropout(net, 1) == 0.5);
	assert_true(mlp_network_dropout(net, 2) == 0.999999999999);
	assert_ok(mlp_network_set_dropout(net, 2, 0));
	assert_true(mlp_network_dropout(net, 2) == 0);
	mlp_network_free(net);
}

static void bad_rates_and_layers_are_refused(void **state)
{
	(void)state;
	mlp_network *net = make();
	const double bad[] = {1, -0.5, 1.5, (double)NAN, (double)INFINITY, -1e-300};
	const int64_t none[] = {3, 4, -1, -3, INT64_MAX, INT64_MIN};
	assert_ok(mlp_network_set_dropout(net, 1, 0.25));
	assert_fails(MLP_ERR_NULL, "net", mlp_network_set_dropout(NULL, 1, 0.5));
	assert_true(isnan(mlp_network_dropout(NULL, 1)));
	for (size_t i = 0; i < 6; i++) {
		assert_refused(net, MLP_ERR_VALUE, "rate is",
			       mlp_network_set_dropout(net, 1, bad[i]));
		assert_refused(net, MLP_ERR_INDEX, "must be in 0 .. 2",
			       mlp_network_set_dropout(net, none[i], 0.5));
		assert_true(isnan(mlp_network_dropout(net, none[i])));
	}
	assert_true(mlp_network_dropout(net, 1) == 0.25);
	mlp_network_free(net);
}

static void a_single_layer_has_no_hidden_ones(void **state)
{
	(void)state;
	mlp_network *net;
	assert_ok(mlp_network_create(MLP_F64, (const int64_t[]){3, 2}, 2, &net));
	assert_ok(mlp_network_set_dropout(net, MLP_HIDDEN_LAYERS, 0.5));
	assert_true(mlp_network_dropout(net, 0) == 0);
	assert_refused(net, MLP_ERR_INDEX, "must be in 0 .. 0",
		       mlp_network_set_dropout(net, 1, 0.5));
	mlp_network_free(net);
}

static void seeds_and_passes_are_read_back(void **state)
{
	(void)state;
	mlp_network *net = make();
	mlp_workspace *ws;
	assert_ok(mlp_workspace_create(net, 2, MLP_TRAINING, &ws));
	assert_true(mlp_workspace_dropout_seed(ws) == 0 && mlp_workspace_dropout_pass(ws) == 0);
	assert_ok(mlp_workspace_set_dropout(ws, UINT64_MAX, 12345678901234567U));
	assert_true(mlp_workspace_dropout_seed(ws) == UINT64_MAX);
	assert_true(mlp_workspace_dropout_pass(ws) == 12345678901234567U);
	assert_fails(MLP_ERR_NULL, "ws", mlp_workspace_set_dropout(NULL, 1, 1));
	assert_true(mlp_workspace_dropout_seed(NULL) == 0);
	assert_true(mlp_workspace_dropout_pass(NULL) == 0);
	mlp_workspace_free(ws);
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_are_set_layer_by_layer),
		cmocka_unit_test(bad_rates_and_layers_are_refused),
		cmocka_unit_test(a_single_layer_has_no_hidden_ones),
		cmocka_unit_test(seeds_and_passes_are_read_back),
	};
	return cmocka_run_group_tests_name("dropout_settings", tests, NULL, NULL);
}
