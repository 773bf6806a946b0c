/* Infinite and NaN losses and gradients: reported, and the network unchanged. */
#include <math.h>

#include "unit/real.h"
#include "unit/refusal.h"

enum { IN = 2, OUT = 2, B = 3, P = 3 * 3 + 2 * 4 }; /* 2-3-2 */

static const REAL nan_value = (REAL)NAN, infinite = (REAL)INFINITY;
static const mlp_mode modes[] = {MLP_TRAINING, MLP_TRACE};

static REAL x[B * IN] = {1, 2, -1, 1, 2, -2}, target[B * OUT] = {1, 0, 0, 1, 1, 0};
static const int64_t classes[B] = {0, 1, 0};

static mlp_network *make(void)
{
	mlp_network *net;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){IN, 3, OUT}, 3, &net));
	return net;
}

static mlp_workspace *make_workspace(const mlp_network *net, mlp_mode mode)
{
	mlp_workspace *ws;
	assert_ok(mlp_workspace_create(net, B, mode, &ws));
	return ws;
}

/* All calls with a loss, on the data as it is, report it and keep the network. */
static void assert_reported(mlp_network *net, const char *words)
{
	REAL grad[P];
	double value[B];
	for (int i = 0; i < 2; i++) {
		mlp_workspace *ws = make_workspace(net, modes[i]);
		assert_refused(net, MLP_ERR_NONFINITE, words,
			       FN(evaluate)(net, ws, x, IN, target, OUT, NULL, B, MLP_SQUARED_ERROR,
					    0, MLP_MEAN, value, NULL, 0));
		assert_refused(net, MLP_ERR_NONFINITE, words,
			       FN(evaluate)(net, ws, x, IN, target, OUT, NULL, B, MLP_SQUARED_ERROR,
					    0, MLP_NONE, value, NULL, 0));
		assert_refused(net, MLP_ERR_NONFINITE, words,
			       FN(gradient)(net, ws, x, IN, target, OUT, NULL, B, MLP_SQUARED_ERROR,
					    0, MLP_SUM, 0, value, grad, NULL, 0));
		assert_refused(net, MLP_ERR_NONFINITE, words,
			       FN(train_step)(net, ws, x, IN, target, OUT, NULL, B,
					      MLP_SQUARED_ERROR, 0, MLP_MEAN, 0.5, value));
		assert_refused(net, MLP_ERR_NONFINITE, words,
			       FN(train_step)(net, ws, x, IN, target, OUT, NULL, B,
					      MLP_SQUARED_ERROR, 0, MLP_MEAN, 0, value));
		mlp_workspace_free(ws);
	}
}

static void bad_inputs_targets_and_weights_are_reported_with_their_row(void **state)
{
	(void)state;
	mlp_network *net = make();
	const REAL bad[] = {nan_value, infinite, -infinite};
	for (int i = 0; i < 3; i++) {
		REAL kept = x[1 * IN];
		x[1 * IN] = nan_value; /* an infinite one may be cut off by the ReLU */
		assert_reported(net, "row 1 ");
		x[1 * IN] = kept;
		kept = target[2 * OUT + 1];
		target[2 * OUT + 1] = bad[i];
		assert_reported(net, "row 2 ");
		target[2 * OUT + 1] = kept;
		FN(network_parameters)(net)[P - 1] = bad[i]; /* the last bias */
		assert_reported(net, "row 0 ");
		FN(network_parameters)(net)[P - 1] = 0;
	}
	mlp_network_free(net);
}

static void classes_of_infinite_logits_are_reported(void **state)
{
	(void)state;
	mlp_network *net = make();
	mlp_workspace *ws = make_workspace(net, MLP_TRAINING);
	double value;
	for (int softmax = 0; softmax < 2; softmax++) {
		assert_ok(mlp_network_set_activation(net, 2, softmax ? MLP_SOFTMAX : MLP_IDENTITY));
		FN(network_parameters)(net)[P - 1] = infinite;
		assert_refused(net, MLP_ERR_NONFINITE, "row",
			       FN(evaluate_class)(net, ws, x, IN, classes, NULL, B,
						  MLP_CROSS_ENTROPY, 0, MLP_MEAN, &value, NULL, 0));
		assert_refused(net, MLP_ERR_NONFINITE, "row",
			       FN(gradient_class)(net, ws, x, IN, classes, NULL, B,
						  MLP_CROSS_ENTROPY, 0, MLP_MEAN, 0, &value, NULL,
						  NULL, 0));
		assert_refused(net, MLP_ERR_NONFINITE, "row",
			       FN(train_step_class)(net, ws, x, IN, classes, NULL, B,
						    MLP_CROSS_ENTROPY, 0, MLP_MEAN, 1, &value));
	}
	mlp_workspace_free(ws);
	mlp_network_free(net);
}

/* x(1) = 0, so the loss is finite; dl/ds(1) = big * big is not. */
static void infinite_delta_below_a_finite_loss_is_reported(void **state)
{
	(void)state;
	const REAL big = REAL_BIG, one = 1, p[4] = {0, 0, REAL_BIG, 0};
	for (int i = 0; i < 2; i++) {
		mlp_network *net;
		REAL grad[4] = {7, 7, 7, 7};
		double value = 0;
		assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){1, 1, 1}, 3, &net));
		assert_ok(mlp_network_set_activation(net, 1, MLP_IDENTITY));
		assert_ok(FN(network_set_parameters)(net, p, 4));
		mlp_workspace *ws = make_workspace(net, modes[i]);
		assert_ok(FN(evaluate)(net, ws, &one, 1, &one, 1, &big, 1, MLP_ABSOLUTE_ERROR, 0,
				       MLP_SUM, &value, NULL, 0));
		assert_true(isfinite(value));
		assert_refused(net, MLP_ERR_NONFINITE, "dl/ds",
			       FN(gradient)(net, ws, &one, 1, &one, 1, &big, 1, MLP_ABSOLUTE_ERROR,
					    0, MLP_SUM, 1, &value, NULL, NULL, 0));
		assert_refused(net, MLP_ERR_NONFINITE, "dl/ds",
			       FN(train_step)(net, ws, &one, 1, &one, 1, &big, 1,
					      MLP_ABSOLUTE_ERROR, 0, MLP_SUM, 1, &value));
		assert_ok(FN(forward)(net, ws, &one, 1, 1, NULL, 0));
		assert_refused(net, MLP_ERR_NONFINITE, "dl/ds",
			       FN(backward)(net, ws, &big, 1, 1, 1, grad, NULL, 0));
		assert_refused(net, MLP_ERR_NONFINITE, "dl/ds",
			       FN(backward_logits)(net, ws, &big, 1, 1, 0, grad, NULL, 0));
		for (int k = 0; k < 4; k++) /* documented: grad is untouched */
			assert_true(grad[k] == 7);
		mlp_workspace_free(ws);
		mlp_network_free(net);
	}
}

/* Infinite inputs saturate a frozen layer; its own gradient, which nobody wants, would not be finite. A
 * trace shows every gradient, so it looks at all of them. */
static void what_goes_only_into_frozen_layers_need_not_be_finite(void **state)
{
	(void)state;
	for (int frozen = 0; frozen < 2; frozen++)
		for (int i = 0; i < 2; i++)
			for (int64_t schedule = 1; schedule <= 2; schedule++) {
				mlp_network *net = make();
				REAL *w = FN(network_parameters)(net);
				for (int k = 0; k < P; k++)
					w[k] = (REAL)0.5;
				assert_ok(mlp_network_set_activation(net, 1, MLP_TANH));
				assert_ok(mlp_network_set_frozen(net, 1, frozen));
				mlp_workspace *ws = make_workspace(net, modes[i]);
				assert_ok(mlp_workspace_set_tuning(ws, MLP_TUNING_SCHEDULE,
								   schedule));
				x[2] = infinite;
				mlp_status status =
					FN(train_step)(net, ws, x, IN, target, OUT, NULL, B,
						       MLP_SQUARED_ERROR, 0, MLP_MEAN, 0.5, NULL);
				x[2] = -1;
				assert_int_equal(status, frozen && modes[i] == MLP_TRAINING
								 ? MLP_OK
								 : MLP_ERR_NONFINITE);
				mlp_workspace_free(ws);
				mlp_network_free(net);
			}
}

static void losses_of_own_arrays_are_reported_with_their_row(void **state)
{
	(void)state;
	REAL y[B * OUT] = {0, 1, 2, 3, 4, 5}, t[B * OUT] = {0};
	double value[B];
	const REAL bad[] = {nan_value, infinite, -infinite};
	for (int i = 0; i < 3; i++) {
		y[2 * OUT] = bad[i];
		for (int reduction = MLP_MEAN; reduction <= MLP_NONE; reduction++) {
			mlp_reduction r = (mlp_reduction)reduction;
			assert_refused(NULL, MLP_ERR_NONFINITE, "row 2 ",
				       FN(loss)(MLP_SQUARED_ERROR, 0, y, OUT, t, OUT, NULL, B, OUT,
						r, value, NULL, 0));
			if (i < 2)
				assert_refused(NULL, MLP_ERR_NONFINITE, "row 2 ",
					       FN(loss_class)(MLP_CROSS_ENTROPY, 0, y, OUT,
							      (const int64_t[]){0, 0, 1}, NULL, B,
							      OUT, r, value, NULL, 0));
		}
	}
}

/* No sum is asked for, so none can overflow: mlp_loss_f64() has it so. */
static void sum_of_single_losses_may_overflow(void **state)
{
	(void)state;
	mlp_network *net = make();
	mlp_workspace *ws = make_workspace(net, MLP_INFERENCE);
	REAL far[B * OUT] = {REAL_MOST, 0, REAL_MOST, 0, REAL_MOST, 0}, zero[B * OUT] = {0};
	double value[B];
	memset(FN(network_parameters)(net), 0, P * sizeof(REAL)); /* all outputs are 0 */
	assert_ok(FN(loss)(MLP_ABSOLUTE_ERROR, 0, zero, OUT, far, OUT, NULL, B, OUT, MLP_NONE,
			   value, NULL, 0));
	mlp_status status = FN(evaluate)(net, ws, x, IN, far, OUT, NULL, B, MLP_ABSOLUTE_ERROR, 0,
					 MLP_NONE, value, NULL, 0);
	mlp_workspace_free(ws);
	mlp_network_free(net);
	assert_int_equal(status, MLP_OK);
	for (int n = 0; n < B; n++)
		assert_true(value[n] == (double)REAL_MOST);
}

/* 1 / sum of weights overflows, the mean does not. */
static void mean_with_tiny_weights_is_the_mean(void **state)
{
	(void)state;
	const REAL tiny = MLP_REAL_BITS == 32 ? (REAL)FLT_TRUE_MIN : (REAL)1e-310;
	const REAL weight[B] = {tiny, tiny, tiny};
	REAL zero[B * OUT] = {0}, t[B * OUT] = {1, 2, 3, 4, 5, 6}, plain[B * OUT], tried[B * OUT];
	double expected, value = 0;
	assert_ok(FN(loss)(MLP_SQUARED_ERROR, 0, zero, OUT, t, OUT, NULL, B, OUT, MLP_MEAN,
			   &expected, plain, OUT));
	assert_ok(FN(loss)(MLP_SQUARED_ERROR, 0, zero, OUT, t, OUT, weight, B, OUT, MLP_MEAN,
			   &value, tried, OUT));
	assert_allclose_f64(&value, &expected, 1, 1e-10, 0);
	for (int i = 0; i < B * OUT; i++)
		assert_true(fabs((double)tried[i] - (double)plain[i]) < 1e-5);
}

/* "After a failure every object is as it was": the workspace either still holds the forward pass, or
 * it says that it does not. It must not go backward through what the failed call left behind. */
static void failed_step_leaves_no_wrong_forward_pass_behind(void **state)
{
	(void)state;
	mlp_network *net = make();
	REAL before[P], after[P], bad[B * IN], dy[B * OUT] = {1, 1, 1, 1, 1, 1};
	double value;
	for (int i = 0; i < B * IN; i++)
		bad[i] = nan_value;
	for (int i = 0; i < 2; i++) {
		for (int kind = 0; kind < 3; kind++) {
			mlp_workspace *ws = make_workspace(net, modes[i]);
			assert_ok(FN(forward)(net, ws, x, IN, B, NULL, 0));
			assert_ok(FN(backward)(net, ws, dy, OUT, B, 0, before, NULL, 0));
			assert_int_equal(
				kind == 0   ? FN(evaluate_class)(net, ws, bad, IN, classes, NULL, B,
                                                               MLP_CROSS_ENTROPY, 0, MLP_SUM,
                                                               &value, NULL, 0)
				: kind == 1 ? FN(gradient_class)(net, ws, bad, IN, classes, NULL, B,
								 MLP_CROSS_ENTROPY, 0, MLP_SUM, 0,
								 &value, NULL, NULL, 0)
					    : FN(train_step_class)(net, ws, bad, IN, classes, NULL,
								   B, MLP_CROSS_ENTROPY, 0, MLP_SUM,
								   1, &value),
				MLP_ERR_NONFINITE);
			memset(after, 0, sizeof(after));
			mlp_status status = FN(backward)(net, ws, dy, OUT, B, 0, after, NULL, 0);
			mlp_workspace_free(ws);
			if (status == MLP_OK)
				assert_memory_equal(before, after, sizeof(before));
			else
				assert_int_equal(status, MLP_ERR_STATE);
		}
	}
	mlp_network_free(net);
}

static void failed_backward_pass_leaves_the_forward_pass_as_it_was(void **state)
{
	(void)state;
	mlp_network *net = make();
	REAL before[P], after[P], dy[B * OUT] = {1, 2, 3, 4, 5, 6}, bad[B * OUT] = {0};
	bad[B * OUT - 1] = nan_value;
	for (int i = 0; i < 2; i++) {
		mlp_workspace *ws = make_workspace(net, modes[i]);
		assert_ok(FN(forward)(net, ws, x, IN, B, NULL, 0));
		assert_ok(FN(backward)(net, ws, dy, OUT, B, 0, before, NULL, 0));
		assert_refused(net, MLP_ERR_NONFINITE, "dl/ds",
			       FN(backward)(net, ws, bad, OUT, B, 0, after, NULL, 0));
		assert_ok(FN(backward)(net, ws, dy, OUT, B, 0, after, NULL, 0));
		assert_memory_equal(before, after, sizeof(before));
		mlp_workspace_free(ws);
	}
	mlp_network_free(net);
}

/* "Values are not inspected in a forward pass." */
static void forward_lets_infinities_and_nan_through(void **state)
{
	(void)state;
	mlp_network *net = make();
	REAL y[OUT], in[IN] = {nan_value, 1};
	assert_ok(FN(predict)(net, in, IN, 1, y, OUT));
	assert_true(isnan(y[0]) && isnan(y[1]));
	FN(network_parameters)(net)[P - 1] = infinite;
	assert_ok(FN(predict)(net, x, IN, 1, y, OUT));
	assert_true(isfinite(y[0]) && y[1] == infinite);
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_inputs_targets_and_weights_are_reported_with_their_row),
		cmocka_unit_test(classes_of_infinite_logits_are_reported),
		cmocka_unit_test(infinite_delta_below_a_finite_loss_is_reported),
		cmocka_unit_test(what_goes_only_into_frozen_layers_need_not_be_finite),
		cmocka_unit_test(losses_of_own_arrays_are_reported_with_their_row),
		cmocka_unit_test(sum_of_single_losses_may_overflow),
		cmocka_unit_test(mean_with_tiny_weights_is_the_mean),
		cmocka_unit_test(failed_step_leaves_no_wrong_forward_pass_behind),
		cmocka_unit_test(failed_backward_pass_leaves_the_forward_pass_as_it_was),
		cmocka_unit_test(forward_lets_infinities_and_nan_through),
	};
	return cmocka_run_group_tests_name("not finite", tests, NULL, NULL);
}
