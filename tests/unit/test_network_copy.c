/* Networks: clones, and copies into the other element type. */
#include <float.h>
#include <math.h>

#include "support/test.h"

enum { COUNT = 5 * 4 + 2 * 6 }; /* parameters of 3-5-2 */

static mlp_network *make(mlp_dtype dtype)
{
	mlp_network *net;
	assert_ok(mlp_network_create(dtype, (const int64_t[]){3, 5, 2}, 3, &net));
	assert_ok(mlp_network_set_activation(net, 1, MLP_LEAKY_RELU));
	assert_ok(mlp_network_set_activation_parameter(net, 1, 0.3));
	assert_ok(mlp_network_set_activation(net, 2, MLP_SOFTMAX));
	assert_ok(mlp_network_set_bias(net, 2, 0));
	assert_ok(mlp_network_set_frozen(net, 1, 1));
	return net;
}

static void assert_same_settings(const mlp_network *a, const mlp_network *b)
{
	assert_int_equal(mlp_network_layer_count(a), mlp_network_layer_count(b));
	assert_int_equal(mlp_network_parameter_count(a), mlp_network_parameter_count(b));
	for (int64_t l = 0; l <= mlp_network_layer_count(a); l++)
		assert_int_equal(mlp_network_width(a, l), mlp_network_width(b, l));
	for (int64_t l = 1; l <= mlp_network_layer_count(a); l++) {
		assert_int_equal(mlp_network_activation(a, l), mlp_network_activation(b, l));
		assert_true(mlp_network_activation_parameter(a, l) ==
			    mlp_network_activation_parameter(b, l));
		assert_int_equal(mlp_network_has_bias(a, l), mlp_network_has_bias(b, l));
		assert_int_equal(mlp_network_is_frozen(a, l), mlp_network_is_frozen(b, l));
	}
}

static void clone_has_every_setting_and_every_bit(void **state)
{
	(void)state;
	mlp_network *net = make(MLP_F32), *clone;
	uint32_t odd[] = {0x7fc12345, 0x7f812345, 0x80000000, 0x00000001, 0xff800000};
	memcpy(mlp_network_parameters_f32(net), odd, sizeof(odd)); /* NaNs, -0, denormal, -inf */
	assert_ok(mlp_network_clone(net, &clone));
	assert_ptr_not_equal(net, clone);
	assert_int_equal(mlp_network_dtype(clone), MLP_F32);
	assert_same_settings(net, clone);
	assert_memory_equal(mlp_network_parameters_f32(net), mlp_network_parameters_f32(clone),
			    COUNT * sizeof(float));
	mlp_network_free(net);
	mlp_network_free(clone);
}

static void clone_lives_its_own_life(void **state)
{
	(void)state;
	mlp_network *net = make(MLP_F64), *clone;
	double before[COUNT], after[COUNT];
	assert_ok(mlp_network_clone(net, &clone));
	assert_ok(mlp_network_get_parameters_f64(clone, before, COUNT));
	assert_ok(mlp_network_init(net, MLP_ALL_LAYERS, MLP_INIT_UNIFORM, 3, 4));
	assert_ok(mlp_network_set_activation(net, MLP_ALL_LAYERS, MLP_SIN));
	assert_ok(mlp_network_set_bias(net, MLP_ALL_LAYERS, 0));
	assert_ok(mlp_network_set_frozen(net, MLP_ALL_LAYERS, 1));
	mlp_network_free(net);
	assert_ok(mlp_network_get_parameters_f64(clone, after, COUNT));
	assert_memory_equal(before, after, sizeof(before));
	net = make(MLP_F64);
	assert_same_settings(net, clone);
	assert_ok(mlp_network_init(clone, MLP_ALL_LAYERS, MLP_INIT_UNIFORM, 3, 4));
	assert_ok(mlp_network_get_parameters_f64(net, after, COUNT));
	assert_memory_equal(before, after, sizeof(before));
	mlp_network_free(net);
	mlp_network_free(clone);
}

static void float_to_double_is_exact(void **state)
{
	(void)state;
	mlp_network *net = make(MLP_F32), *copy;
	float odd[] = {FLT_MAX, -FLT_MIN, FLT_TRUE_MIN, -0.0F, 0.1F, INFINITY, -INFINITY, NAN};
	memcpy(mlp_network_parameters_f32(net), odd, sizeof(odd));
	assert_ok(mlp_network_convert(net, MLP_F64, &copy));
	assert_int_equal(mlp_network_dtype(copy), MLP_F64);
	assert_same_settings(net, copy);
	const float *from = mlp_network_const_parameters_f32(net);
	const double *to = mlp_network_const_parameters_f64(copy);
	for (int i = 0; i < COUNT; i++) {
		assert_true(isnan(from[i]) ? isnan(to[i]) : to[i] == (double)from[i]);
		assert_int_equal(signbit(from[i]) != 0, signbit(to[i]) != 0);
	}
	mlp_network_free(net);
	mlp_network_free(copy);
}

static void double_to_float_rounds_to_nearest(void **state)
{
	(void)state;
	const struct {
		double from;
		float to;
	} cases[] = {
		{1 + 0x1p-24, 1}, /* ties go to the even one */
		{1 + 3 * 0x1p-24, 1 + 0x1p-22F},
		{1 + 0x1.1p-24, 1 + 0x1p-23F},
		{0.1, 0.1F},
		{-0.3, -0.3F},
		{0x1.fffffefp127, FLT_MAX}, /* just below the half way to infinity */
		{1e-300, 0},
		{-0.0, -0.0F},
		{(double)INFINITY, INFINITY},
		{-(double)INFINITY, -INFINITY},
	};
	mlp_network *net = make(MLP_F64), *copy;
	double *from = mlp_network_parameters_f64(net);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		from[i] = cases[i].from;
	from[COUNT - 1] = (double)NAN;
	assert_ok(mlp_network_convert(net, MLP_F32, &copy));
	assert_int_equal(mlp_network_dtype(copy), MLP_F32);
	assert_same_settings(net, copy);
	const float *to = mlp_network_const_parameters_f32(copy);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_memory_equal(&to[i], &cases[i].to, sizeof(float));
	assert_true(isnan(to[COUNT - 1]));
	mlp_network_free(net);
	mlp_network_free(copy);
}

static void converting_to_its_own_type_is_cloning(void **state)
{
	(void)state;
	mlp_network *net = make(MLP_F64), *copy;
	mlp_network_parameters_f64(net)[0] = 1e300;
	assert_ok(mlp_network_convert(net, MLP_F64, &copy));
	assert_ptr_not_equal(net, copy);
	assert_same_settings(net, copy);
	assert_memory_equal(mlp_network_parameters_f64(net), mlp_network_parameters_f64(copy),
			    COUNT * sizeof(double));
	mlp_network_free(net);
	mlp_network_free(copy);
}

static void finite_parameter_too_large_for_float_is_an_overflow(void **state)
{
	(void)state;
	const double large[] = {1e300, -1e300, DBL_MAX, 0x1.ffffffp127, -0x1p128};
	const int place[] = {0, 17, COUNT - 1};
	mlp_network *net = make(MLP_F64);
	for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
		int64_t at = place[i % 3];
		double kept = mlp_network_parameters_f64(net)[at];
		mlp_network_parameters_f64(net)[at] = large[i];
		char words[40];
		snprintf(words, sizeof(words), "parameter %d ", (int)at);
		mlp_network *copy = net;
		assert_fails(MLP_ERR_OVERFLOW, words, mlp_network_convert(net, MLP_F32, &copy));
		assert_null(copy);
		mlp_network_parameters_f64(net)[at] = kept;
	}
	mlp_network_free(net);
}

/* Otherwise the copy would hold what its own setter refuses. */
static void activation_parameter_too_large_for_float_is_an_overflow(void **state)
{
	(void)state;
	for (int64_t layer = 1; layer <= 2; layer++) {
		mlp_network *net = make(MLP_F64), *copy = net;
		assert_int_equal(mlp_network_layer_count(net), 2);
		assert_ok(mlp_network_set_activation(net, layer, MLP_LEAKY_RELU));
		assert_ok(mlp_network_set_activation_parameter(net, layer, 1e300));
		mlp_status status = mlp_network_convert(net, MLP_F32, &copy);
		if (status == MLP_OK)
			mlp_network_free(copy);
		mlp_network_free(net);
		assert_int_equal(status, MLP_ERR_OVERFLOW);
	}
}

static void copying_refuses_null_and_unknown_types(void **state)
{
	(void)state;
	mlp_network *net = make(MLP_F32), *copy = net;
	assert_fails(MLP_ERR_NULL, "NULL", mlp_network_clone(net, NULL));
	assert_fails(MLP_ERR_NULL, "net is NULL", mlp_network_clone(NULL, &copy));
	assert_null(copy);
	assert_fails(MLP_ERR_NULL, "NULL", mlp_network_convert(net, MLP_F64, NULL));
	copy = net;
	assert_fails(MLP_ERR_NULL, "net is NULL", mlp_network_convert(NULL, MLP_F64, &copy));
	assert_null(copy);
	const int unknown[] = {0, 3, -1, 1000};
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		copy = net;
		assert_fails(MLP_ERR_VALUE, "dtype is",
			     mlp_network_convert(net, (mlp_dtype)unknown[i], &copy));
		assert_null(copy);
	}
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clone_has_every_setting_and_every_bit),
		cmocka_unit_test(clone_lives_its_own_life),
		cmocka_unit_test(float_to_double_is_exact),
		cmocka_unit_test(double_to_float_rounds_to_nearest),
		cmocka_unit_test(converting_to_its_own_type_is_cloning),
		cmocka_unit_test(finite_parameter_too_large_for_float_is_an_overflow),
		cmocka_unit_test(activation_parameter_too_large_for_float_is_an_overflow),
		cmocka_unit_test(copying_refuses_null_and_unknown_types),
	};
	return cmocka_run_group_tests_name("network copy", tests, NULL, NULL);
}
