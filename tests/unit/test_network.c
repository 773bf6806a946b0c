/* Networks: creation, its refusals, and what the getters say. */
#include <math.h>

#include "support/test.h"

static const mlp_dtype dtypes[] = {MLP_F32, MLP_F64};

static void new_network_has_the_documented_defaults(void **state)
{
	(void)state;
	const int64_t widths[] = {3, 5, 4, 2};
	for (int i = 0; i < 2; i++) {
		mlp_network *net;
		assert_ok(mlp_network_create(dtypes[i], widths, 4, &net));
		assert_int_equal(mlp_network_dtype(net), dtypes[i]);
		assert_int_equal(mlp_network_layer_count(net), 3);
		assert_int_equal(mlp_network_parameter_count(net), 5 * 4 + 4 * 6 + 2 * 5);
		for (int64_t l = 0; l <= 3; l++)
			assert_int_equal(mlp_network_width(net, l), widths[l]);
		for (int64_t l = 1; l <= 3; l++) {
			assert_int_equal(mlp_network_activation(net, l),
					 l < 3 ? MLP_RELU : MLP_IDENTITY);
			assert_true(mlp_network_activation_parameter(net, l) == 0);
			assert_int_equal(mlp_network_has_bias(net, l), 1);
			assert_int_equal(mlp_network_is_frozen(net, l), 0);
		}
		mlp_network_free(net);
	}
}

static void new_network_has_the_parameters_of_he_uniform_with_seed_0(void **state)
{
	(void)state;
	const int64_t widths[] = {3, 5, 4, 2};
	mlp_network *net, *drawn;
	assert_ok(mlp_network_create(MLP_F64, widths, 4, &net));
	assert_ok(mlp_network_create(MLP_F64, widths, 4, &drawn));
	assert_ok(mlp_network_init(drawn, MLP_ALL_LAYERS, MLP_INIT_UNIFORM, 9, 77));
	assert_ok(mlp_network_init(drawn, MLP_ALL_LAYERS, MLP_INIT_HE_UNIFORM, 0, 0));
	assert_memory_equal(mlp_network_parameters_f64(net), mlp_network_parameters_f64(drawn),
			    54 * sizeof(double));
	mlp_network_free(net);
	mlp_network_free(drawn);
}

static void smallest_network_has_one_weight_and_one_bias(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		mlp_network *net;
		assert_ok(mlp_network_create(dtypes[i], (const int64_t[]){1, 1}, 2, &net));
		assert_int_equal(mlp_network_layer_count(net), 1);
		assert_int_equal(mlp_network_parameter_count(net), 2);
		assert_int_equal(mlp_network_activation(net, 1), MLP_IDENTITY);
		mlp_network_free(net);
	}
}

static void network_of_200_layers_keeps_all_its_widths(void **state)
{
	(void)state;
	int64_t widths[201], count = 0;
	for (int64_t l = 0; l <= 200; l++)
		widths[l] = 1 + l % 7;
	for (int64_t l = 1; l <= 200; l++)
		count += widths[l] * (widths[l - 1] + 1);
	mlp_network *net;
	assert_ok(mlp_network_create(MLP_F32, widths, 201, &net));
	assert_int_equal(mlp_network_layer_count(net), 200);
	assert_int_equal(mlp_network_parameter_count(net), count);
	for (int64_t l = 0; l <= 200; l++)
		assert_int_equal(mlp_network_width(net, l), widths[l]);
	assert_int_equal(mlp_network_activation(net, 199), MLP_RELU);
	assert_int_equal(mlp_network_activation(net, 200), MLP_IDENTITY);
	mlp_network_free(net);
}

static void network_keeps_no_reference_to_the_widths(void **state)
{
	(void)state;
	int64_t widths[] = {3, 2};
	mlp_network *net;
	assert_ok(mlp_network_create(MLP_F32, widths, 2, &net));
	widths[0] = widths[1] = 99;
	assert_int_equal(mlp_network_width(net, 0), 3);
	assert_int_equal(mlp_network_width(net, 1), 2);
	mlp_network_free(net);
}

static void creation_refuses_what_is_out_of_range_and_leaves_null(void **state)
{
	(void)state;
	const int64_t good[] = {3, 2, 1};
	const int64_t zero[] = {3, 0, 1}, negative[] = {3, 2, -1}, wide[] = {2147483648, 2, 1};
	const struct {
		int dtype;
		const int64_t *widths;
		int64_t count;
		mlp_status status;
		const char *words;
	} cases[] = {
		{MLP_F32, NULL, 3, MLP_ERR_NULL, "widths is NULL"},
		{0, good, 3, MLP_ERR_VALUE, "dtype is 0"},
		{3, good, 3, MLP_ERR_VALUE, "dtype is 3"},
		{-1, good, 3, MLP_ERR_VALUE, "dtype is "},
		{MLP_F32, good, 1, MLP_ERR_SIZE, "width_count is 1"},
		{MLP_F32, good, 0, MLP_ERR_SIZE, "width_count is 0"},
		{MLP_F32, good, -1, MLP_ERR_SIZE, "width_count is -1"},
		{MLP_F32, good, INT64_MIN, MLP_ERR_SIZE, "-9223372036854775808"},
		{MLP_F32, good, INT64_MAX, MLP_ERR_SIZE, "9223372036854775807"},
		{MLP_F64, zero, 3, MLP_ERR_SIZE, "n_1 is 0"},
		{MLP_F64, negative, 3, MLP_ERR_SIZE, "n_2 is -1"},
		{MLP_F64, wide, 3, MLP_ERR_SIZE, "n_0 is 2147483648"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		mlp_network *net = (mlp_network *)&net;
		assert_fails(cases[i].status, cases[i].words,
			     mlp_network_create((mlp_dtype)cases[i].dtype, cases[i].widths,
						cases[i].count, &net));
		assert_null(net);
	}
	assert_fails(MLP_ERR_NULL, "net is NULL", mlp_network_create(MLP_F32, good, 3, NULL));
	assert_fails(MLP_ERR_NULL, "net is NULL",
		     mlp_network_create_with(MLP_F32, good, 3, NULL, NULL));
}

/* An allocator without memory: creation gets as far as asking it, or stops before. */
static void *no_memory(void *asked, size_t alignment, size_t size)
{
	(void)alignment;
	*(size_t *)asked = size;
	return NULL;
}

static void no_return(void *context, void *memory, size_t alignment, size_t size)
{
	(void)context;
	(void)memory;
	(void)alignment;
	(void)size;
	fail_msg("nothing was allocated, nothing can be given back");
}

static void parameters_beyond_the_address_space_are_an_overflow(void **state)
{
	(void)state;
	enum { MOST = 2147483647, G = 1 << 30 };
	const int64_t square[] = {MOST, MOST}, cube[] = {MOST, MOST, MOST};
	const int64_t limit[] = {G - 1, G};         /* 2^60 parameters */
	const int64_t sum[] = {G - 1, G / 2, G, 1}; /* 2^59 + 2^59 + ... */
	const int64_t widest[] = {MOST, 1, MOST};
	const struct {
		mlp_dtype dtype;
		const int64_t *widths;
		int64_t count;
		mlp_status status;
	} cases[] = {
		{MLP_F32, square, 2, MLP_ERR_OVERFLOW}, {MLP_F64, square, 2, MLP_ERR_OVERFLOW},
		{MLP_F32, cube, 3, MLP_ERR_OVERFLOW},   {MLP_F64, cube, 3, MLP_ERR_OVERFLOW},
		{MLP_F32, limit, 2, MLP_ERR_MEMORY},    {MLP_F64, limit, 2, MLP_ERR_OVERFLOW},
		{MLP_F32, sum, 4, MLP_ERR_MEMORY},      {MLP_F64, sum, 4, MLP_ERR_OVERFLOW},
		{MLP_F32, widest, 3, MLP_ERR_MEMORY},   {MLP_F64, widest, 3, MLP_ERR_MEMORY},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t asked = 0;
		const mlp_allocator allocator = {sizeof(allocator), no_memory, no_return, &asked};
		mlp_network *net = (mlp_network *)&net;
		assert_fails(cases[i].status, "",
			     mlp_network_create_with(cases[i].dtype, cases[i].widths,
						     cases[i].count, &allocator, &net));
		assert_null(net);
		assert_int_equal(asked != 0, cases[i].status == MLP_ERR_MEMORY);
		if (cases[i].widths == limit && asked != 0)
			assert_true(asked >= (size_t)1 << 62);
	}
}

static void getters_name_what_is_missing(void **state)
{
	(void)state;
	mlp_network *net;
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){3, 5, 2}, 3, &net));
	const int64_t missing[] = {-1, -2, -3, 3, INT64_MIN, INT64_MAX};
	for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++) {
		char words[32];
		snprintf(words, sizeof(words), "layer is %lld,", (long long)missing[i]);
		assert_fails(MLP_ERR_INDEX, words, mlp_network_width(net, missing[i]));
		assert_fails(MLP_ERR_INDEX, words, mlp_network_has_bias(net, missing[i]));
		assert_fails(MLP_ERR_INDEX, words, mlp_network_is_frozen(net, missing[i]));
		assert_int_equal(mlp_network_activation(net, missing[i]), 0);
		assert_true(isnan(mlp_network_activation_parameter(net, missing[i])));
	}
	assert_int_equal(mlp_network_width(net, 0), 3);
	assert_fails(MLP_ERR_INDEX, "layer is 0", mlp_network_has_bias(net, 0));
	assert_fails(MLP_ERR_INDEX, "layer is 0", mlp_network_is_frozen(net, 0));
	assert_int_equal(mlp_network_activation(net, 0), 0);
	assert_true(isnan(mlp_network_activation_parameter(net, 0)));
	mlp_network_free(net);
}

static void getters_of_no_network_say_so(void **state)
{
	(void)state;
	assert_int_equal(mlp_network_dtype(NULL), 0);
	assert_fails(MLP_ERR_NULL, "net", mlp_network_layer_count(NULL));
	assert_fails(MLP_ERR_NULL, "net", mlp_network_parameter_count(NULL));
	assert_fails(MLP_ERR_NULL, "net", mlp_network_width(NULL, 0));
	assert_fails(MLP_ERR_NULL, "net", mlp_network_has_bias(NULL, 1));
	assert_fails(MLP_ERR_NULL, "net", mlp_network_is_frozen(NULL, 1));
	assert_int_equal(mlp_network_activation(NULL, 1), 0);
	assert_true(isnan(mlp_network_activation_parameter(NULL, 1)));
}

static void freeing_no_network_does_nothing(void **state)
{
	(void)state;
	mlp_network_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_network_has_the_documented_defaults),
		cmocka_unit_test(new_network_has_the_parameters_of_he_uniform_with_seed_0),
		cmocka_unit_test(smallest_network_has_one_weight_and_one_bias),
		cmocka_unit_test(network_of_200_layers_keeps_all_its_widths),
		cmocka_unit_test(network_keeps_no_reference_to_the_widths),
		cmocka_unit_test(creation_refuses_what_is_out_of_range_and_leaves_null),
		cmocka_unit_test(parameters_beyond_the_address_space_are_an_overflow),
		cmocka_unit_test(getters_name_what_is_missing),
		cmocka_unit_test(getters_of_no_network_say_so),
		cmocka_unit_test(freeing_no_network_does_nothing),
	};
	return cmocka_run_group_tests_name("network", tests, NULL, NULL);
}
