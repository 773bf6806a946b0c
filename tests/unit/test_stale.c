/* A forward pass is of no use any more once its network is set to something else: backward says so. */
#include "support/test.h"
#include "unit/real.h"

static mlp_network *net;
static mlp_workspace *ws;

static int set_up(void **state)
{
	(void)state;
	if (mlp_network_create(REAL_DTYPE, (const int64_t[]){2, 2, 1}, 3, &net) != MLP_OK)
		return 1;
	return mlp_workspace_create(net, 2, MLP_TRAINING, &ws) != MLP_OK;
}

static int tear_down(void **state)
{
	(void)state;
	mlp_workspace_free(ws);
	mlp_network_free(net);
	return 0;
}

static const REAL x[4] = {1, 2, 3, 4}, dl[2] = {1, 1};

static mlp_status forward(void)
{
	return FN(forward)(net, ws, x, 2, 2, NULL, 0);
}

static mlp_status backward(void)
{
	return FN(backward)(net, ws, dl, 1, 2, 0, NULL, NULL, 0);
}

#define assert_makes_stale(call)                                                                   \
	do {                                                                                       \
		assert_ok(forward());                                                              \
		assert_ok(backward());                                                             \
		assert_ok(call);                                                                   \
		assert_fails(MLP_ERR_STATE, "other parameters or settings", backward());           \
	} while (0)

static void backward_after_a_change_of_parameters_is_refused(void **state)
{
	(void)state;
	REAL values[9] = {0};
	assert_int_equal(mlp_network_parameter_count(net), 9);
	assert_makes_stale(FN(network_set_parameters)(net, values, 9));
	assert_makes_stale(FN(network_set_weights)(net, 1, values, 2));
	assert_makes_stale(FN(network_set_biases)(net, 2, values));
	assert_makes_stale(mlp_network_init(net, 1, MLP_INIT_HE_NORMAL, 0, 1));
	for (int i = 0; i < 9; i++)
		values[i] = 1;
	assert_makes_stale(FN(update)(net, NULL, values, 0.5));
	assert_makes_stale(FN(update)(net, ws, values, 0.5));
}

static void backward_after_a_change_of_settings_is_refused(void **state)
{
	(void)state;
	assert_makes_stale(mlp_network_set_activation(net, 1, MLP_LEAKY_RELU));
	assert_makes_stale(mlp_network_set_activation_parameter(net, 1, 0.5));
	assert_makes_stale(mlp_network_set_bias(net, 1, 0));
}

static void backward_after_a_training_step_in_another_workspace_is_refused(void **state)
{
	(void)state;
	mlp_workspace *other;
	assert_ok(mlp_workspace_create(net, 2, MLP_TRAINING, &other));
	assert_makes_stale(FN(train_step)(net, other, x, 2, dl, 1, NULL, 2, MLP_SQUARED_ERROR, 0,
					  MLP_MEAN, 0.01, NULL));
	mlp_workspace_free(other);
}

static void freezing_and_failed_calls_change_nothing_that_backward_needs(void **state)
{
	(void)state;
	const REAL values[9] = {0};
	assert_ok(forward());
	assert_ok(mlp_network_set_frozen(net, 1, 1));
	assert_fails(MLP_ERR_SIZE, "count", FN(network_set_parameters)(net, values, 8));
	assert_fails(MLP_ERR_VALUE, "unknown",
		     mlp_network_set_activation(net, 1, (mlp_activation)99));
	assert_ok(FN(update)(net, ws, values, 0));
	assert_ok(backward());
}

static void steps_that_change_nothing_leave_passes_of_other_workspaces_useful(void **state)
{
	(void)state;
	mlp_workspace *other;
	assert_ok(mlp_workspace_create(net, 2, MLP_TRAINING, &other));
	assert_ok(forward());
	assert_ok(FN(train_step)(net, other, x, 2, dl, 1, NULL, 2, MLP_SQUARED_ERROR, 0, MLP_MEAN,
				 0, NULL));
	assert_ok(backward());
	assert_ok(mlp_network_set_frozen(net, 1, 1));
	assert_ok(mlp_network_set_frozen(net, 2, 1));
	assert_ok(FN(train_step)(net, other, x, 2, dl, 1, NULL, 2, MLP_SQUARED_ERROR, 0, MLP_MEAN,
				 0.5, NULL));
	assert_ok(backward());
	mlp_workspace_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(backward_after_a_change_of_parameters_is_refused,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(backward_after_a_change_of_settings_is_refused,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			backward_after_a_training_step_in_another_workspace_is_refused, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			freezing_and_failed_calls_change_nothing_that_backward_needs, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			steps_that_change_nothing_leave_passes_of_other_workspaces_useful, set_up,
			tear_down),
	};
	return cmocka_run_group_tests_name("stale", tests, NULL, NULL);
}
