/* Networks: what can be set for each layer. A refused setter changes no layer. */
#include <math.h>

#include "support/test.h"

enum { LAYERS = 4 };

/* Everything that can be set, of every layer. */
struct settings {
	mlp_activation activation[LAYERS + 1];
	double parameter[LAYERS + 1];
	int bias[LAYERS + 1], frozen[LAYERS + 1];
};

static void read_settings(const mlp_network *net, struct settings *s)
{
	memset(s, 0, sizeof(*s)); /* they are compared byte by byte */
	for (int64_t l = 1; l <= mlp_network_layer_count(net); l++) {
		s->activation[l] = mlp_network_activation(net, l);
		s->parameter[l] = mlp_network_activation_parameter(net, l);
		s->bias[l] = mlp_network_has_bias(net, l);
		s->frozen[l] = mlp_network_is_frozen(net, l);
	}
}

/* The call is refused, and every setting stays. */
#define assert_keeps(net, expected, words, call)                                                   \
	do {                                                                                       \
		struct settings before_, after_;                                                   \
		read_settings(net, &before_);                                                      \
		assert_fails(expected, words, call);                                               \
		read_settings(net, &after_);                                                       \
		assert_memory_equal(&before_, &after_, sizeof(before_));                           \
	} while (0)

/* Four layers, each with its own settings. */
static mlp_network *make(void)
{
	mlp_network *net;
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){2, 3, 4, 3, 2}, LAYERS + 1, &net));
	assert_ok(mlp_network_set_activation(net, 1, MLP_ELU));
	assert_ok(mlp_network_set_activation_parameter(net, 1, 0.25));
	assert_ok(mlp_network_set_activation(net, 2, MLP_TANH));
	assert_ok(mlp_network_set_activation(net, 3, MLP_LEAKY_RELU));
	assert_ok(mlp_network_set_bias(net, 2, 0));
	assert_ok(mlp_network_set_frozen(net, 3, 1));
	return net;
}

/* Which layers a setter with this layer number must reach: bit l. */
static unsigned reached(int64_t layer)
{
	return layer == MLP_ALL_LAYERS      ? 0x1eU
	       : layer == MLP_HIDDEN_LAYERS ? 0x0eU
					    : 1U << (unsigned)layer;
}

static const int64_t targets[] = {1, 2, 3, 4, MLP_ALL_LAYERS, MLP_HIDDEN_LAYERS};
enum { TARGETS = sizeof(targets) / sizeof(targets[0]) };

static void setters_reach_exactly_the_layers_they_name(void **state)
{
	(void)state;
	for (int i = 0; i < TARGETS; i++) {
		mlp_network *net = make();
		assert_ok(mlp_network_set_activation(net, MLP_ALL_LAYERS, MLP_ELU));
		assert_ok(mlp_network_set_bias(net, MLP_ALL_LAYERS, 1));
		assert_ok(mlp_network_set_frozen(net, MLP_ALL_LAYERS, 0));
		assert_ok(mlp_network_set_activation_parameter(net, targets[i], 0.5));
		assert_ok(mlp_network_set_bias(net, targets[i], 0));
		assert_ok(mlp_network_set_frozen(net, targets[i], 1));
		for (int64_t l = 1; l <= LAYERS; l++) {
			int hit = (reached(targets[i]) >> l) & 1U;
			assert_true(mlp_network_activation_parameter(net, l) == (hit ? 0.5 : 1));
			assert_int_equal(mlp_network_has_bias(net, l), !hit);
			assert_int_equal(mlp_network_is_frozen(net, l), hit);
		}
		assert_ok(mlp_network_set_activation(net, targets[i], MLP_SIN));
		for (int64_t l = 1; l <= LAYERS; l++)
			assert_int_equal(mlp_network_activation(net, l),
					 (reached(targets[i]) >> l) & 1U ? MLP_SIN : MLP_ELU);
		mlp_network_free(net);
	}
}

static void every_activation_brings_its_default_parameter(void **state)
{
	(void)state;
	mlp_network *net = make();
	for (int kind = MLP_IDENTITY; kind <= MLP_SOFTMAX; kind++) {
		double expected = kind == MLP_LEAKY_RELU ? 0.01 : kind == MLP_ELU ? 1 : 0;
		assert_ok(mlp_network_set_activation(net, 4, MLP_ELU));
		assert_ok(mlp_network_set_activation_parameter(net, 4, 7));
		assert_ok(mlp_network_set_activation(net, 4, (mlp_activation)kind));
		assert_int_equal(mlp_network_activation(net, 4), kind);
		assert_true(mlp_network_activation_parameter(net, 4) == expected);
	}
	mlp_network_free(net);
}

static void softmax_is_for_the_output_layer_only(void **state)
{
	(void)state;
	mlp_network *net = make();
	const int64_t refused[] = {1, 2, 3, MLP_HIDDEN_LAYERS, MLP_ALL_LAYERS};
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_keeps(net, MLP_ERR_VALUE, "softmax",
			     mlp_network_set_activation(net, refused[i], MLP_SOFTMAX));
	assert_ok(mlp_network_set_activation(net, 4, MLP_SOFTMAX));
	assert_int_equal(mlp_network_activation(net, 4), MLP_SOFTMAX);
	mlp_network_free(net);
}

static void network_of_one_layer_has_no_hidden_layers(void **state)
{
	(void)state;
	mlp_network *net;
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){2, 3}, 2, &net));
	assert_ok(mlp_network_set_activation(net, 1, MLP_ELU));
	struct settings before, after;
	read_settings(net, &before);
	assert_ok(mlp_network_set_activation(net, MLP_HIDDEN_LAYERS, MLP_TANH));
	assert_ok(mlp_network_set_activation_parameter(net, MLP_HIDDEN_LAYERS, 3));
	assert_ok(mlp_network_set_bias(net, MLP_HIDDEN_LAYERS, 0));
	assert_ok(mlp_network_set_frozen(net, MLP_HIDDEN_LAYERS, 1));
	double weight = (double)mlp_network_parameters_f32(net)[0];
	assert_ok(mlp_network_init(net, MLP_HIDDEN_LAYERS, MLP_INIT_UNIFORM, 1, 5));
	assert_true((double)mlp_network_parameters_f32(net)[0] == weight);
	read_settings(net, &after);
	assert_memory_equal(&before, &after, sizeof(before));
	assert_ok(mlp_network_set_activation(net, MLP_ALL_LAYERS, MLP_SOFTMAX));
	mlp_network_free(net);
}

static void setters_refuse_layers_that_do_not_exist(void **state)
{
	(void)state;
	mlp_network *net = make();
	const int64_t missing[] = {0, -3, LAYERS + 1, INT64_MIN, INT64_MAX};
	for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++) {
		char words[40];
		snprintf(words, sizeof(words), "layer is %lld,", (long long)missing[i]);
		assert_keeps(net, MLP_ERR_INDEX, words,
			     mlp_network_set_activation(net, missing[i], MLP_TANH));
		assert_keeps(net, MLP_ERR_INDEX, words,
			     mlp_network_set_activation_parameter(net, missing[i], 1));
		assert_keeps(net, MLP_ERR_INDEX, words, mlp_network_set_bias(net, missing[i], 0));
		assert_keeps(net, MLP_ERR_INDEX, words, mlp_network_set_frozen(net, missing[i], 1));
	}
	mlp_network_free(net);
}

static void setters_refuse_no_network(void **state)
{
	(void)state;
	assert_fails(MLP_ERR_NULL, "net", mlp_network_set_activation(NULL, 1, MLP_TANH));
	assert_fails(MLP_ERR_NULL, "net", mlp_network_set_activation_parameter(NULL, 1, 1));
	assert_fails(MLP_ERR_NULL, "net", mlp_network_set_bias(NULL, 1, 0));
	assert_fails(MLP_ERR_NULL, "net", mlp_network_set_frozen(NULL, 1, 1));
}

static void unknown_activations_are_refused(void **state)
{
	(void)state;
	mlp_network *net = make();
	const int unknown[] = {0, -1, MLP_SOFTMAX + 1, 12345, INT32_MIN, INT32_MAX};
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		for (int j = 0; j < TARGETS; j++)
			assert_keeps(net, MLP_ERR_VALUE, "activation is",
				     mlp_network_set_activation(net, targets[j],
								(mlp_activation)unknown[i]));
	mlp_network_free(net);
}

static void activation_parameter_must_be_finite_and_not_negative(void **state)
{
	(void)state;
	mlp_network *net = make();
	const double bad[] = {-1e-300, -1, (double)NAN, (double)INFINITY, -(double)INFINITY};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_keeps(net, MLP_ERR_VALUE, "parameter is",
			     mlp_network_set_activation_parameter(net, 1, bad[i]));
		assert_keeps(net, MLP_ERR_VALUE, "",
			     mlp_network_set_activation_parameter(net, MLP_ALL_LAYERS, bad[i]));
	}
	assert_ok(mlp_network_set_activation_parameter(net, 1, 0));
	assert_true(mlp_network_activation_parameter(net, 1) == 0);
	assert_ok(mlp_network_set_activation_parameter(net, 3, 1e30));
	assert_true(mlp_network_activation_parameter(net, 3) == 1e30);
	mlp_network_free(net);
}

/* As a learning rate is: what is infinite in the network's type is not finite. */
static void activation_parameter_too_large_for_float_is_refused_by_float_networks(void **state)
{
	(void)state;
	mlp_network *net = make(), *wide;
	assert_ok(mlp_network_convert(net, MLP_F64, &wide));
	assert_ok(mlp_network_set_activation_parameter(wide, 1, 1e300));
	assert_true(mlp_network_activation_parameter(wide, 1) == 1e300);
	mlp_network_free(wide);
	assert_keeps(net, MLP_ERR_VALUE, "1.00000e300",
		     mlp_network_set_activation_parameter(net, 1, 1e300));
	mlp_network_free(net);
}

static void parameter_of_an_activation_without_one_is_refused_for_all_layers_together(void **state)
{
	(void)state;
	mlp_network *net = make(); /* elu, tanh, leaky relu, identity */
	assert_keeps(net, MLP_ERR_VALUE, "layer 2",
		     mlp_network_set_activation_parameter(net, 2, 0.5));
	assert_keeps(net, MLP_ERR_VALUE, "layer 2",
		     mlp_network_set_activation_parameter(net, MLP_HIDDEN_LAYERS, 0.5));
	assert_ok(mlp_network_set_activation(net, 2, MLP_ELU));
	assert_keeps(net, MLP_ERR_VALUE, "layer 4",
		     mlp_network_set_activation_parameter(net, MLP_ALL_LAYERS, 0.5));
	assert_ok(mlp_network_set_activation_parameter(net, MLP_HIDDEN_LAYERS, 0.5));
	mlp_network_free(net);
}

static void any_number_but_0_switches_on(void **state)
{
	(void)state;
	mlp_network *net = make();
	const int on[] = {1, -1, 2, 256, INT32_MIN};
	for (size_t i = 0; i < sizeof(on) / sizeof(on[0]); i++) {
		assert_ok(mlp_network_set_bias(net, 1, on[i]));
		assert_ok(mlp_network_set_frozen(net, 1, on[i]));
		assert_int_equal(mlp_network_has_bias(net, 1), 1);
		assert_int_equal(mlp_network_is_frozen(net, 1), 1);
		assert_ok(mlp_network_set_bias(net, 1, 0));
		assert_ok(mlp_network_set_frozen(net, 1, 0));
		assert_int_equal(mlp_network_has_bias(net, 1), 0);
		assert_int_equal(mlp_network_is_frozen(net, 1), 0);
	}
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(setters_reach_exactly_the_layers_they_name),
		cmocka_unit_test(every_activation_brings_its_default_parameter),
		cmocka_unit_test(softmax_is_for_the_output_layer_only),
		cmocka_unit_test(network_of_one_layer_has_no_hidden_layers),
		cmocka_unit_test(setters_refuse_layers_that_do_not_exist),
		cmocka_unit_test(setters_refuse_no_network),
		cmocka_unit_test(unknown_activations_are_refused),
		cmocka_unit_test(activation_parameter_must_be_finite_and_not_negative),
		cmocka_unit_test(
			activation_parameter_too_large_for_float_is_refused_by_float_networks),
		cmocka_unit_test(
			parameter_of_an_activation_without_one_is_refused_for_all_layers_together),
		cmocka_unit_test(any_number_but_0_switches_on),
	};
	return cmocka_run_group_tests_name("network settings", tests, NULL, NULL);
}
