/* Parameters: their layout, and reading and writing them in every way. */
#include "unit/real.h"
#include "unit/refusal.h"

enum { P = 4 * 4 + 2 * 5 }; /* 3-4-2: w1 at 0, b1 at 12, w2 at 16, b2 at 24 */

static const REAL canary = (REAL)-777;

/* Parameter i has the value i. */
static mlp_network *make(void)
{
	mlp_network *net;
	REAL p[P];
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){3, 4, 2}, 3, &net));
	for (int i = 0; i < P; i++)
		p[i] = (REAL)i;
	assert_ok(FN(network_set_parameters)(net, p, P));
	return net;
}

static void layout_is_w_and_b_of_each_layer_without_gaps(void **state)
{
	(void)state;
	mlp_network *net = make();
	int64_t w, b;
	assert_int_equal(mlp_network_parameter_count(net), P);
	assert_ok(mlp_network_layout(net, 1, &w, &b));
	assert_int_equal(w, 0);
	assert_int_equal(b, 12);
	assert_ok(mlp_network_layout(net, 2, &w, &b));
	assert_int_equal(w, 16);
	assert_int_equal(b, 24);
	w = b = -5;
	assert_ok(mlp_network_layout(net, 2, &w, NULL));
	assert_ok(mlp_network_layout(net, 1, NULL, &b));
	assert_ok(mlp_network_layout(net, 1, NULL, NULL));
	assert_int_equal(w, 16);
	assert_int_equal(b, 12);
	mlp_network_free(net);
}

static void layout_refuses_layers_that_do_not_exist(void **state)
{
	(void)state;
	mlp_network *net = make();
	const int64_t missing[] = {0, 3, -1, -2, INT64_MIN, INT64_MAX};
	int64_t w, b;
	for (int i = 0; i < COUNT(missing); i++)
		assert_refused(net, MLP_ERR_INDEX, "layer is",
			       mlp_network_layout(net, missing[i], &w, &b));
	assert_refused(NULL, MLP_ERR_NULL, "net", mlp_network_layout(NULL, 1, &w, &b));
	mlp_network_free(net);
}

static void weights_are_rows_of_n_in_and_biases_follow(void **state)
{
	(void)state;
	mlp_network *net = make();
	REAL w[4 * 3], b[4];
	assert_ok(FN(network_get_weights)(net, 1, w, 3));
	assert_ok(FN(network_get_biases)(net, 1, b));
	for (int i = 0; i < 4; i++) {
		for (int j = 0; j < 3; j++)
			assert_true(w[i * 3 + j] == (REAL)(3 * i + j));
		assert_true(b[i] == (REAL)(12 + i));
	}
	assert_ok(FN(network_get_weights)(net, 2, w, 4));
	assert_ok(FN(network_get_biases)(net, 2, b));
	for (int i = 0; i < 8; i++)
		assert_true(w[i] == (REAL)(16 + i));
	assert_true(b[0] == 24 && b[1] == 25);
	mlp_network_free(net);
}

static void flat_copies_carry_every_bit(void **state)
{
	(void)state;
	mlp_network *net = make();
	REAL in[P + 2], out[P + 2];
	for (int i = 0; i < P + 2; i++) {
		in[i] = (REAL)(i % 2 == 0 ? -0.0 : 1) / (REAL)(i % 5); /* nan, inf, -0 */
		out[i] = canary;
	}
	assert_ok(FN(network_set_parameters)(net, in + 1, P));
	assert_ok(FN(network_get_parameters)(net, out + 1, P));
	assert_memory_equal(in + 1, out + 1, P * sizeof(REAL));
	assert_true(out[0] == canary && out[P + 1] == canary);
	mlp_network_free(net);
}

static void padded_weights_leave_the_gaps_alone(void **state)
{
	(void)state;
	mlp_network *net = make();
	enum { LD = 7, ROWS = 4, SIZE = LD * (ROWS - 1) + 3 }; /* the last row has no padding */
	REAL w[SIZE];
	for (int i = 0; i < SIZE; i++)
		w[i] = canary;
	assert_ok(FN(network_get_weights)(net, 1, w, LD));
	for (int i = 0; i < SIZE; i++)
		assert_true(w[i] == (i % LD < 3 ? (REAL)(i / LD * 3 + i % LD) : canary));
	for (int i = 0; i < SIZE; i++)
		w[i] = i % LD < 3 ? (REAL)(100 + i) : canary;
	assert_ok(FN(network_set_weights)(net, 1, w, LD));
	const REAL *p = FN(network_const_parameters)(net);
	for (int i = 0; i < P; i++)
		assert_true(p[i] == (i < 12 ? (REAL)(100 + i / 3 * LD + i % 3) : (REAL)i));
	mlp_network_free(net);
}

static void setting_one_layer_leaves_the_others_alone(void **state)
{
	(void)state;
	mlp_network *net = make();
	const REAL w[8] = {50, 51, 52, 53, 54, 55, 56, 57}, b[2] = {60, 61};
	const REAL *p = FN(network_const_parameters)(net);
	assert_ok(mlp_network_set_frozen(net, 2, 1)); /* frozen layers can be set */
	assert_ok(FN(network_set_weights)(net, 2, w, 4));
	for (int i = 0; i < P; i++)
		assert_true(p[i] == (REAL)(i >= 16 && i < 24 ? 50 + i - 16 : i));
	assert_ok(FN(network_set_biases)(net, 2, b));
	for (int i = 0; i < P; i++)
		assert_true(p[i] == (REAL)(i < 16 ? i : i < 24 ? 50 + i - 16 : 60 + i - 24));
	mlp_network_free(net);
}

static void pointers_are_aligned_and_alias_the_parameters(void **state)
{
	(void)state;
	mlp_network *net = make();
	REAL *p = FN(network_parameters)(net), b[2], all[P];
	assert_ptr_equal(p, FN(network_const_parameters)(net));
	assert_int_equal((uintptr_t)p % 64, 0);
	p[25] = 99;
	assert_ok(FN(network_get_biases)(net, 2, b));
	assert_true(b[1] == 99);
	b[0] = 98;
	assert_ok(FN(network_set_biases)(net, 2, b));
	assert_true(p[24] == 98);
	assert_ok(FN(network_get_parameters)(net, all, P));
	assert_memory_equal(p, all, sizeof(all));
	mlp_network_free(net);
}

static void pointers_of_no_network_or_another_type_are_null(void **state)
{
	(void)state;
	mlp_network *net = make();
	assert_null(OTHER_FN(network_parameters)(net));
	assert_non_null(strstr(mlp_last_error(), "the call is for"));
	assert_null(OTHER_FN(network_const_parameters)(net));
	assert_null(FN(network_parameters)(NULL));
	assert_null(FN(network_const_parameters)(NULL));
	mlp_network_free(net);
}

static void layer_without_bias_shows_zeros_and_refuses_biases(void **state)
{
	(void)state;
	mlp_network *net = make();
	REAL b[5] = {9, 9, 9, 9, canary};
	int64_t w_offset, b_offset;
	assert_ok(mlp_network_set_bias(net, 1, 0));
	assert_ok(FN(network_get_biases)(net, 1, b));
	for (int i = 0; i < 4; i++)
		assert_true(b[i] == 0);
	assert_true(b[4] == canary);
	assert_refused(net, MLP_ERR_STATE, "layer 1", FN(network_set_biases)(net, 1, b));
	assert_int_equal(mlp_network_parameter_count(net), P); /* the layout stays */
	assert_ok(mlp_network_layout(net, 2, &w_offset, &b_offset));
	assert_int_equal(w_offset, 16);
	assert_int_equal(b_offset, 24);
	assert_ok(FN(network_get_biases)(net, 2, b));
	assert_true(b[0] == 24);
	mlp_network_free(net);
}

static void place_of_a_bias_switched_off_is_ignored(void **state)
{
	(void)state;
	mlp_network *net = make();
	const REAL x[3] = {1, 2, 3};
	REAL with[2], without[2];
	for (int64_t l = 1; l <= 2; l++)
		assert_ok(FN(network_set_biases)(net, l, (const REAL[4]){0}));
	assert_ok(FN(predict)(net, x, 3, 1, with, 2));
	assert_ok(mlp_network_set_bias(net, MLP_ALL_LAYERS, 0));
	for (int i = 0; i < P; i++)
		if ((i >= 12 && i < 16) || i >= 24)
			FN(network_parameters)(net)[i] = canary;
	assert_ok(FN(predict)(net, x, 3, 1, without, 2));
	assert_memory_equal(with, without, sizeof(with));
	assert_true(with[0] != 0);
	assert_ok(mlp_network_set_bias(net, MLP_ALL_LAYERS, 1));
	assert_true(FN(network_const_parameters)(net)[25] == canary); /* it was kept */
	mlp_network_free(net);
}

static void refusals_change_nothing(void **state)
{
	(void)state;
	mlp_network *net = make();
	REAL v[P] = {0};
	OTHER_REAL o[P] = {0};
	const int64_t far = INT64_MAX / 2;

	assert_refused(NULL, MLP_ERR_NULL, "net", FN(network_get_parameters)(NULL, v, P));
	assert_refused(NULL, MLP_ERR_NULL, "net", FN(network_set_parameters)(NULL, v, P));
	assert_refused(NULL, MLP_ERR_NULL, "net", FN(network_get_weights)(NULL, 1, v, 3));
	assert_refused(NULL, MLP_ERR_NULL, "net", FN(network_set_weights)(NULL, 1, v, 3));
	assert_refused(NULL, MLP_ERR_NULL, "net", FN(network_get_biases)(NULL, 1, v));
	assert_refused(NULL, MLP_ERR_NULL, "net", FN(network_set_biases)(NULL, 1, v));
	assert_refused(net, MLP_ERR_NULL, "parameters", FN(network_get_parameters)(net, NULL, P));
	assert_refused(net, MLP_ERR_NULL, "parameters", FN(network_set_parameters)(net, NULL, P));
	assert_refused(net, MLP_ERR_NULL, "w is NULL", FN(network_get_weights)(net, 1, NULL, 3));
	assert_refused(net, MLP_ERR_NULL, "w is NULL", FN(network_set_weights)(net, 1, NULL, 3));
	assert_refused(net, MLP_ERR_NULL, "b is NULL", FN(network_get_biases)(net, 1, NULL));
	assert_refused(net, MLP_ERR_NULL, "b is NULL", FN(network_set_biases)(net, 1, NULL));

	assert_refused(net, MLP_ERR_DTYPE, "f", OTHER_FN(network_get_parameters)(net, o, P));
	assert_refused(net, MLP_ERR_DTYPE, "f", OTHER_FN(network_set_parameters)(net, o, P));
	assert_refused(net, MLP_ERR_DTYPE, "f", OTHER_FN(network_get_weights)(net, 1, o, 3));
	assert_refused(net, MLP_ERR_DTYPE, "f", OTHER_FN(network_set_weights)(net, 1, o, 3));
	assert_refused(net, MLP_ERR_DTYPE, "f", OTHER_FN(network_get_biases)(net, 1, o));
	assert_refused(net, MLP_ERR_DTYPE, "f", OTHER_FN(network_set_biases)(net, 1, o));

	const int64_t wrong_counts[] = {0, -1, P - 1, P + 1, INT64_MIN, INT64_MAX};
	for (int i = 0; i < COUNT(wrong_counts); i++) {
		int64_t n = wrong_counts[i];
		assert_refused(net, MLP_ERR_SIZE, "26 param",
			       FN(network_get_parameters)(net, v, n));
		assert_refused(net, MLP_ERR_SIZE, "26 param",
			       FN(network_set_parameters)(net, v, n));
	}
	const int64_t missing[] = {0, 3, MLP_ALL_LAYERS, MLP_HIDDEN_LAYERS, INT64_MIN, INT64_MAX};
	for (int i = 0; i < COUNT(missing); i++) {
		int64_t l = missing[i];
		assert_refused(net, MLP_ERR_INDEX, "layer", FN(network_get_weights)(net, l, v, 9));
		assert_refused(net, MLP_ERR_INDEX, "layer", FN(network_set_weights)(net, l, v, 9));
		assert_refused(net, MLP_ERR_INDEX, "layer", FN(network_get_biases)(net, l, v));
		assert_refused(net, MLP_ERR_INDEX, "layer", FN(network_set_biases)(net, l, v));
	}
	const int64_t narrow[] = {2, 0, -3, INT64_MIN};
	for (int i = 0; i < COUNT(narrow); i++) {
		int64_t ld = narrow[i];
		assert_refused(net, MLP_ERR_STRIDE, "w:", FN(network_get_weights)(net, 1, v, ld));
		assert_refused(net, MLP_ERR_STRIDE, "w:", FN(network_set_weights)(net, 1, v, ld));
	}
	assert_refused(net, MLP_ERR_OVERFLOW, "w:", FN(network_get_weights)(net, 1, v, far));
	assert_refused(net, MLP_ERR_OVERFLOW, "w:", FN(network_set_weights)(net, 1, v, far));
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layout_is_w_and_b_of_each_layer_without_gaps),
		cmocka_unit_test(layout_refuses_layers_that_do_not_exist),
		cmocka_unit_test(weights_are_rows_of_n_in_and_biases_follow),
		cmocka_unit_test(flat_copies_carry_every_bit),
		cmocka_unit_test(padded_weights_leave_the_gaps_alone),
		cmocka_unit_test(setting_one_layer_leaves_the_others_alone),
		cmocka_unit_test(pointers_are_aligned_and_alias_the_parameters),
		cmocka_unit_test(pointers_of_no_network_or_another_type_are_null),
		cmocka_unit_test(layer_without_bias_shows_zeros_and_refuses_biases),
		cmocka_unit_test(place_of_a_bias_switched_off_is_ignored),
		cmocka_unit_test(refusals_change_nothing),
	};
	return cmocka_run_group_tests_name("parameters", tests, NULL, NULL);
}
