/* Names of activations, losses and ways to scale, and which losses read logits. */
#include "support/test.h"

static void activation_names_go_there_and_back(void **state)
{
	(void)state;
	const char *const names[] = {"identity", "sigmoid", "tanh",     "relu",     "leaky_relu",
				     "elu",      "selu",    "softplus", "softsign", "gelu",
				     "silu",     "sin",     "softmax"};
	for (int i = 0; i < MLP_SOFTMAX; i++) {
		assert_string_equal(mlp_activation_name((mlp_activation)(i + 1)), names[i]);
		assert_int_equal(mlp_activation_from_name(names[i]), i + 1);
	}
}

static void loss_names_go_there_and_back(void **state)
{
	(void)state;
	const char *const names[] = {"squared_error",        "absolute_error", "huber",  "log_cosh",
				     "binary_cross_entropy", "cross_entropy",  "poisson"};
	for (int i = 0; i < MLP_POISSON; i++) {
		assert_string_equal(mlp_loss_name((mlp_loss)(i + 1)), names[i]);
		assert_int_equal(mlp_loss_from_name(names[i]), i + 1);
	}
}

static void names_of_scalings_go_there_and_back(void **state)
{
	(void)state;
	const char *const names[] = {"none", "standard", "min_max"};
	for (int i = 0; i < MLP_SCALING_MIN_MAX; i++) {
		assert_string_equal(mlp_scaling_name((mlp_scaling)(i + 1)), names[i]);
		assert_int_equal(mlp_scaling_from_name(names[i]), i + 1);
	}
	assert_null(mlp_scaling_name((mlp_scaling)(MLP_SCALING_MIN_MAX + 1)));
	assert_int_equal(mlp_scaling_from_name("relu"), 0);
	assert_int_equal(mlp_scaling_from_name(NULL), 0);
}

static void numbers_that_are_none_have_no_name(void **state)
{
	(void)state;
	const int unknown[] = {0, -1, 1000, INT32_MIN, INT32_MAX};
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		assert_null(mlp_activation_name((mlp_activation)unknown[i]));
		assert_null(mlp_loss_name((mlp_loss)unknown[i]));
		assert_null(mlp_scaling_name((mlp_scaling)unknown[i]));
		assert_null(mlp_metric_name((mlp_metric)unknown[i]));
		assert_null(mlp_optimizer_name((mlp_optimizer_kind)unknown[i]));
		assert_null(mlp_hyper_name((mlp_hyper)unknown[i]));
		assert_null(mlp_rate_schedule_name((mlp_rate_schedule_kind)unknown[i]));
	}
	assert_null(mlp_activation_name((mlp_activation)(MLP_SOFTMAX + 1)));
	assert_null(mlp_loss_name((mlp_loss)(MLP_POISSON + 1)));
}

static void names_that_are_none_have_no_number(void **state)
{
	(void)state;
	const char *const unknown[] = {NULL, "", "rel", "relu ", " relu", "Relu", "RELU", "relu6"};
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		assert_int_equal(mlp_activation_from_name(unknown[i]), 0);
		assert_int_equal(mlp_loss_from_name(unknown[i]), 0);
	}
	assert_int_equal(mlp_activation_from_name("huber"), 0);
	assert_int_equal(mlp_loss_from_name("relu"), 0);
}

static void cross_entropies_and_poisson_read_logits(void **state)
{
	(void)state;
	for (int loss = 1; loss <= MLP_POISSON; loss++)
		assert_int_equal(mlp_loss_reads_logits((mlp_loss)loss),
				 loss == MLP_BINARY_CROSS_ENTROPY || loss == MLP_CROSS_ENTROPY ||
					 loss == MLP_POISSON);
	assert_fails(MLP_ERR_VALUE, "loss is 0", mlp_loss_reads_logits((mlp_loss)0));
	assert_fails(MLP_ERR_VALUE, "loss is 8", mlp_loss_reads_logits((mlp_loss)8));
	assert_fails(MLP_ERR_VALUE, "loss is", mlp_loss_reads_logits((mlp_loss)-1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(activation_names_go_there_and_back),
		cmocka_unit_test(loss_names_go_there_and_back),
		cmocka_unit_test(names_of_scalings_go_there_and_back),
		cmocka_unit_test(numbers_that_are_none_have_no_name),
		cmocka_unit_test(names_that_are_none_have_no_number),
		cmocka_unit_test(cross_entropies_and_poisson_read_logits),
	};
	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
