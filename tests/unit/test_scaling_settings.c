/* Scaling and domain: what is set is read back, and goes with copies; what is fitted; every status. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "real.h"
#include "refusal.h"

enum { IN = 3, OUT = 2 };

static const double nan_double = (double)NAN, inf = (double)INFINITY;

static mlp_network *make(void)
{
	mlp_network *net;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){IN, 4, OUT}, 3, &net));
	return net;
}

#define assert_values(actual, n, ...)                                                              \
	assert_memory_equal(actual, ((const double[]){__VA_ARGS__}), (n) * sizeof(double))

/* ---- set and get ---------------------------------------------------------------------------- */

static void what_is_set_is_read_back(void **state)
{
	(void)state;
	mlp_network *net = make();
	double a[IN], b[IN];
	assert_int_equal(mlp_network_has_input_scaling(net), 0);
	assert_int_equal(mlp_network_has_output_scaling(net), 0);
	assert_int_equal(mlp_network_has_domain(net), 0);
	assert_ok(mlp_network_get_input_scaling(net, a, b));
	assert_values(a, IN, 0, 0, 0);
	assert_values(b, IN, 1, 1, 1);
	assert_ok(mlp_network_get_output_scaling(net, a, b));
	assert_values(a, OUT, 0, 0);
	assert_values(b, OUT, 1, 1);
	assert_ok(mlp_network_get_domain(net, a, b));
	assert_values(a, IN, -inf, -inf, -inf);
	assert_values(b, IN, inf, inf, inf);

	assert_ok(mlp_network_set_input_scaling(net, (const double[]){0.1, -2, 3},
						(const double[]){0.3, 1e-30, 1e30}));
	assert_ok(mlp_network_set_output_scaling(net, (const double[]){4, 5},
						 (const double[]){6, 7}));
	assert_ok(mlp_network_set_domain(net, (const double[]){-inf, 0.1, 2},
					 (const double[]){0, inf, 2}));
	assert_int_equal(mlp_network_has_input_scaling(net), 1);
	assert_int_equal(mlp_network_has_output_scaling(net), 1);
	assert_int_equal(mlp_network_has_domain(net), 1);
	assert_ok(mlp_network_get_input_scaling(net, a, NULL));
	assert_ok(mlp_network_get_input_scaling(net, NULL, b));
	assert_values(a, IN, 0.1, -2, 3); /* the doubles that were given, in a float network too */
	assert_values(b, IN, 0.3, 1e-30, 1e30);
	assert_ok(mlp_network_get_output_scaling(net, a, b));
	assert_values(a, OUT, 4, 5);
	assert_values(b, OUT, 6, 7);
	assert_ok(mlp_network_get_domain(net, a, b));
	assert_values(a, IN, -inf, 0.1, 2);
	assert_values(b, IN, 0, inf, 2);

	assert_ok(mlp_network_set_input_scaling(net, NULL, NULL));
	assert_ok(mlp_network_set_output_scaling(net, NULL, NULL));
	assert_ok(mlp_network_set_domain(net, NULL, NULL));
	assert_int_equal(mlp_network_has_input_scaling(net), 0);
	assert_int_equal(mlp_network_has_output_scaling(net), 0);
	assert_int_equal(mlp_network_has_domain(net), 0);
	assert_ok(mlp_network_get_output_scaling(net, a, b));
	assert_values(b, OUT, 1, 1);
	mlp_network_free(net);
}

static void copies_have_the_same(void **state)
{
	(void)state;
	mlp_network *net = make(), *copy;
	assert_ok(mlp_network_set_input_scaling(net, (const double[]){0.1, -2, 3},
						(const double[]){0.3, 1e-30, 1e30}));
	assert_ok(mlp_network_set_output_scaling(net, (const double[]){4, 5},
						 (const double[]){6, 0.7}));
	assert_ok(mlp_network_set_domain(net, (const double[]){-inf, 0.1, 2},
					 (const double[]){0, inf, 2}));
	assert_ok(mlp_network_set_dropout(net, 0, 0.25));
	assert_ok(mlp_network_set_dropout(net, 1, 0.5));
	for (int dtype = 0; dtype < 3; dtype++) {
		double a[IN], b[IN];
		if (dtype == 0)
			assert_ok(mlp_network_clone(net, &copy));
		else
			assert_ok(mlp_network_convert(net, dtype == 1 ? MLP_F32 : MLP_F64, &copy));
		assert_ok(mlp_network_get_input_scaling(copy, a, b));
		assert_values(a, IN, 0.1, -2, 3);
		assert_values(b, IN, 0.3, 1e-30, 1e30);
		assert_ok(mlp_network_get_output_scaling(copy, a, b));
		assert_values(a, OUT, 4, 5);
		assert_values(b, OUT, 6, 0.7);
		assert_ok(mlp_network_get_domain(copy, a, b));
		assert_values(a, IN, -inf, 0.1, 2);
		assert_values(b, IN, 0, inf, 2);
		assert_true(mlp_network_dropout(copy, 0) == 0.25);
		assert_true(mlp_network_dropout(copy, 1) == 0.5);
		mlp_network_free(copy);
	}
#if MLP_REAL_BITS == 64
	const double too_much[][2] = {{1e300, 1}, {1, 1e300}, {1, 1e-300}, {-1e39, 1}};
	for (size_t k = 0; k < 4; k++) {
		const double shift[] = {0, too_much[k][0], 0}, scale[] = {1, too_much[k][1], 1};
		assert_ok(mlp_network_set_input_scaling(net, shift, scale));
		assert_refused(net, MLP_ERR_OVERFLOW, "feature 1",
			       mlp_network_convert(net, MLP_F32, &copy));
		assert_null(copy);
	}
#endif
	mlp_network_free(net);
}

static void setters_refuse(void **state)
{
	(void)state;
	mlp_network *net = make();
	const double v[IN] = {1, 2, 3};
	double a[IN];
	assert_fails(MLP_ERR_NULL, "net", mlp_network_set_input_scaling(NULL, v, v));
	assert_fails(MLP_ERR_NULL, "net", mlp_network_set_output_scaling(NULL, v, v));
	assert_fails(MLP_ERR_NULL, "net", mlp_network_set_domain(NULL, v, v));
	assert_fails(MLP_ERR_NULL, "net", mlp_network_get_input_scaling(NULL, a, a));
	assert_fails(MLP_ERR_NULL, "net", mlp_network_get_output_scaling(NULL, a, a));
	assert_fails(MLP_ERR_NULL, "net", mlp_network_get_domain(NULL, a, a));
	assert_fails(MLP_ERR_NULL, "net", mlp_network_has_input_scaling(NULL));
	assert_fails(MLP_ERR_NULL, "net", mlp_network_has_output_scaling(NULL));
	assert_fails(MLP_ERR_NULL, "net", mlp_network_has_domain(NULL));
	assert_fails(MLP_ERR_NULL, "net", mlp_network_fold_scaling(NULL));
	assert_refused(net, MLP_ERR_NULL, "shift", mlp_network_set_input_scaling(net, NULL, v));
	assert_refused(net, MLP_ERR_NULL, "scale", mlp_network_set_input_scaling(net, v, NULL));
	assert_refused(net, MLP_ERR_NULL, "shift", mlp_network_set_output_scaling(net, NULL, v));
	assert_refused(net, MLP_ERR_NULL, "scale", mlp_network_set_output_scaling(net, v, NULL));
	assert_refused(net, MLP_ERR_NULL, "lowest", mlp_network_set_domain(net, NULL, v));
	assert_refused(net, MLP_ERR_NULL, "highest", mlp_network_set_domain(net, v, NULL));

	assert_ok(mlp_network_set_input_scaling(net, v, v));
	assert_ok(mlp_network_set_output_scaling(net, v, v));
	assert_ok(mlp_network_set_domain(net, v, v));
	const double least = REAL_DTYPE == MLP_F32 ? 1.2e-38 : 2.3e-308;
	const double most = REAL_DTYPE == MLP_F32 ? 8.5e37 : 4.4e307;
	const double bad[] = {nan_double, inf, -inf, 0, -1, least / 2, most * 2};
	for (size_t k = 0; k < 7; k++) {
		const double spoilt[IN] = {1, bad[k], 1};
		assert_refused(net, MLP_ERR_VALUE, "scale of feature 1",
			       mlp_network_set_input_scaling(net, v, spoilt));
		assert_refused(net, MLP_ERR_VALUE, "scale of feature 1",
			       mlp_network_set_output_scaling(net, v, spoilt));
		if (k >= 3)
			continue;
		assert_refused(net, MLP_ERR_VALUE, "shift of feature 1",
			       mlp_network_set_input_scaling(net, spoilt, v));
	}
	assert_refused(net, MLP_ERR_VALUE, "domain of input 1",
		       mlp_network_set_domain(net, v, (const double[]){1, 1.5, 3}));
	assert_refused(net, MLP_ERR_VALUE, "domain of input 2",
		       mlp_network_set_domain(net, v, (const double[]){1, 2, nan_double}));
	assert_refused(net, MLP_ERR_VALUE, "domain of input 0",
		       mlp_network_set_domain(net, (const double[]){nan_double, 2, 3}, v));
	assert_ok(mlp_network_get_input_scaling(net, a, NULL));
	assert_values(a, IN, 1, 2, 3);
	assert_ok(mlp_network_get_output_scaling(net, NULL, a));
	assert_values(a, OUT, 1, 2);
	assert_ok(mlp_network_get_domain(net, NULL, a));
	assert_values(a, IN, 1, 2, 3);
	assert_ok(mlp_network_set_input_scaling(net, v, (const double[]){least, most, 1}));
	mlp_network_free(net);
}

static void softmax_and_scaled_outputs_exclude_each_other(void **state)
{
	(void)state;
	mlp_network *net = make();
	const double v[OUT] = {1, 2};
	const REAL t[OUT] = {1, 2};
	assert_ok(mlp_network_set_activation(net, 2, MLP_SOFTMAX));
	assert_refused(net, MLP_ERR_STATE, "softmax", mlp_network_set_output_scaling(net, v, v));
	assert_refused(net, MLP_ERR_STATE, "softmax",
		       FN(network_fit_output_scaling)(net, MLP_SCALING_STANDARD, t, OUT, 1));
	assert_int_equal(mlp_network_has_output_scaling(net), 0);
	assert_ok(mlp_network_set_output_scaling(net, NULL, NULL));
	assert_ok(FN(network_fit_output_scaling)(net, MLP_SCALING_NONE, NULL, 0, 0));
	assert_ok(mlp_network_set_activation(net, 2, MLP_SIGMOID));
	assert_ok(mlp_network_set_output_scaling(net, v, v));
	assert_refused(net, MLP_ERR_STATE, "scaled",
		       mlp_network_set_activation(net, 2, MLP_SOFTMAX));
	assert_int_equal(mlp_network_activation(net, 2), MLP_SIGMOID);
	mlp_network_free(net);
}

static void losses_that_read_logits_are_refused_with_scaled_outputs(void **state)
{
	(void)state;
	mlp_network *net = make();
	mlp_workspace *ws;
	const double v[OUT] = {1, 2};
	const REAL x[IN] = {1, 2, 3}, t[OUT] = {0, 1};
	const int64_t c[1] = {1};
	double value;
	assert_ok(mlp_workspace_create(net, 1, MLP_TRAINING, &ws));
	assert_ok(mlp_network_set_output_scaling(net, v, v));
	for (int loss = 1; loss <= MLP_POISSON; loss++) {
		mlp_loss kind = (mlp_loss)loss;
		if (!mlp_loss_reads_logits(kind))
			continue;
		assert_refused(net, MLP_ERR_LOSS, "scaled",
			       FN(evaluate)(net, ws, x, IN, t, OUT, NULL, 1, kind, 0, MLP_MEAN,
					    &value, NULL, 0));
		assert_refused(net, MLP_ERR_LOSS, "scaled",
			       FN(gradient)(net, ws, x, IN, t, OUT, NULL, 1, kind, 0, MLP_MEAN, 0,
					    &value, NULL, NULL, 0));
		assert_refused(net, MLP_ERR_LOSS, "scaled",
			       FN(train_step)(net, ws, x, IN, t, OUT, NULL, 1, kind, 0, MLP_MEAN,
					      0.1, &value));
	}
	assert_refused(net, MLP_ERR_LOSS, "scaled",
		       FN(train_step_class)(net, ws, x, IN, c, NULL, 1, MLP_CROSS_ENTROPY, 0,
					    MLP_MEAN, 0.1, &value));
	assert_true(mlp_workspace_dropout_pass(ws) == 0);
	/* another scaling is another network */
	assert_ok(FN(forward)(net, ws, x, IN, 1, NULL, 0));
	assert_ok(mlp_network_set_input_scaling(net, (const double[]){0, 0, 0},
						(const double[]){2, 2, 2}));
	assert_refused(net, MLP_ERR_STATE, "settings",
		       FN(backward)(net, ws, t, OUT, 1, 0, NULL, NULL, 0));
	mlp_workspace_free(ws);
	mlp_network_free(net);
}

static void folding_refuses(void **state)
{
	(void)state;
	mlp_network *net = make();
	const double none[IN] = {0}, one[IN] = {1, 1, 1}, shift[IN] = {0, 0, 1};
	assert_ok(mlp_network_fold_scaling(net)); /* nothing to fold */
	assert_ok(mlp_network_set_activation(net, 2, MLP_TANH));
	assert_ok(mlp_network_set_input_scaling(net, shift, one));
	assert_ok(mlp_network_set_output_scaling(net, none, one));
	assert_refused(net, MLP_ERR_STATE, "identity", mlp_network_fold_scaling(net));
	assert_ok(mlp_network_set_activation(net, 2, MLP_IDENTITY));
	assert_ok(mlp_network_set_bias(net, 1, 0));
	assert_refused(net, MLP_ERR_STATE, "layer 1 has no bias", mlp_network_fold_scaling(net));
	assert_ok(mlp_network_set_bias(net, 1, 1));
	assert_ok(mlp_network_set_output_scaling(net, (const double[]){0, -1}, one));
	assert_ok(mlp_network_set_bias(net, 2, 0));
	assert_refused(net, MLP_ERR_STATE, "layer 2 has no bias", mlp_network_fold_scaling(net));
	assert_ok(mlp_network_set_bias(net, 2, 1));

	const double big = REAL_DTYPE == MLP_F32 ? 1e37 : 1e307;
	REAL w[2 * 4] = {100, 100, 100, 100, 100, 100, 100, 100};
	assert_ok(FN(network_set_weights)(net, 2, w, 4));
	assert_ok(mlp_network_set_output_scaling(net, none, (const double[]){1, big}));
	assert_refused(net, MLP_ERR_OVERFLOW, "layer 2", mlp_network_fold_scaling(net));
	assert_ok(mlp_network_set_output_scaling(net, (const double[]){1, 2}, one));
	assert_ok(mlp_network_set_input_scaling(net, (const double[]){big, 0, 0},
						(const double[]){1 / big, 1, 1}));
	assert_refused(net, MLP_ERR_OVERFLOW, "layer 1", mlp_network_fold_scaling(net));
	assert_int_equal(mlp_network_has_input_scaling(net), 1);
	assert_int_equal(mlp_network_has_output_scaling(net), 1);
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_set_is_read_back),
		cmocka_unit_test(copies_have_the_same),
		cmocka_unit_test(setters_refuse),
		cmocka_unit_test(softmax_and_scaled_outputs_exclude_each_other),
		cmocka_unit_test(losses_that_read_logits_are_refused_with_scaled_outputs),
		cmocka_unit_test(folding_refuses),
	};
	return cmocka_run_group_tests_name("scaling_settings", tests, NULL, NULL);
}
