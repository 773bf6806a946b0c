/* Every refusal of evaluate, gradient and train_step, with targets and with classes. Each case spoils
 * one argument of a call that is otherwise good, and the call must leave the network as it was. */
#include <math.h>

#include "unit/real.h"
#include "unit/refusal.h"

enum { IN = 3, OUT = 3, B = 3, MOST = 4, P = 4 * 4 + 3 * 5 }; /* 3-4-3 */

static const int64_t far = INT64_MAX / 2;

enum kind { EVALUATE, EVALUATE_CLASS, GRADIENT, GRADIENT_CLASS, STEP, STEP_CLASS, KINDS };

static struct {
	mlp_network *net;
	mlp_workspace *training, *trace, *inference;
	REAL x[MOST * IN], target[MOST * OUT], weight[MOST];
	REAL y[MOST * OUT], grad[P], dx0[MOST * IN];
	int64_t classes[MOST];
	double value[MOST];
} f;

static int set_up(void **state)
{
	(void)state;
	uint64_t seed = 5;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){IN, 4, OUT}, 3, &f.net));
	assert_ok(mlp_workspace_create(f.net, MOST, MLP_TRAINING, &f.training));
	assert_ok(mlp_workspace_create(f.net, MOST, MLP_TRACE, &f.trace));
	assert_ok(mlp_workspace_create(f.net, MOST, MLP_INFERENCE, &f.inference));
	random_fill(&seed, f.x, MOST * IN, 1);
	random_fill(&seed, f.target, MOST * OUT, 1);
	for (size_t i = 0; i < MOST * OUT; i++) /* probabilities and counts: any loss takes them */
		f.target[i] = (REAL)fabs((double)f.target[i]);
	for (int i = 0; i < MOST; i++) {
		f.weight[i] = (REAL)(i + 1);
		f.classes[i] = i % OUT;
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	mlp_workspace_free(f.training);
	mlp_workspace_free(f.trace);
	mlp_workspace_free(f.inference);
	mlp_network_free(f.net);
	return 0;
}

struct arguments {
	mlp_network *net;
	mlp_workspace *ws;
	const REAL *x, *target, *weight;
	const int64_t *classes;
	int64_t ld_x, ld_target, batch;
	int loss, reduction;
	double parameter, eta, *value;
	REAL *y, *grad, *dx0;
	int64_t ld_y, ld_dx0;
};

static struct arguments good(mlp_workspace *ws)
{
	return (struct arguments){.net = f.net,
				  .ws = ws,
				  .x = f.x,
				  .target = f.target,
				  .weight = f.weight,
				  .classes = f.classes,
				  .ld_x = IN,
				  .ld_target = OUT,
				  .batch = B,
				  .loss = MLP_CROSS_ENTROPY,
				  .reduction = MLP_MEAN,
				  .eta = 0.125,
				  .value = f.value,
				  .y = f.y,
				  .grad = f.grad,
				  .dx0 = f.dx0,
				  .ld_y = OUT,
				  .ld_dx0 = IN};
}

static mlp_status call(enum kind kind, const struct arguments *a)
{
	mlp_loss loss = (mlp_loss)a->loss;
	mlp_reduction reduction = (mlp_reduction)a->reduction;
	switch (kind) {
	case EVALUATE:
		return FN(evaluate)(a->net, a->ws, a->x, a->ld_x, a->target, a->ld_target,
				    a->weight, a->batch, loss, a->parameter, reduction, a->value,
				    a->y, a->ld_y);
	case EVALUATE_CLASS:
		return FN(evaluate_class)(a->net, a->ws, a->x, a->ld_x, a->classes, a->weight,
					  a->batch, loss, a->parameter, reduction, a->value, a->y,
					  a->ld_y);
	case GRADIENT:
		return FN(gradient)(a->net, a->ws, a->x, a->ld_x, a->target, a->ld_target,
				    a->weight, a->batch, loss, a->parameter, reduction, 0, a->value,
				    a->grad, a->dx0, a->ld_dx0);
	case GRADIENT_CLASS:
		return FN(gradient_class)(a->net, a->ws, a->x, a->ld_x, a->classes, a->weight,
					  a->batch, loss, a->parameter, reduction, 0, a->value,
					  a->grad, a->dx0, a->ld_dx0);
	case STEP:
		return FN(train_step)(a->net, a->ws, a->x, a->ld_x, a->target, a->ld_target,
				      a->weight, a->batch, loss, a->parameter, reduction, a->eta,
				      a->value);
	default:
		return FN(train_step_class)(a->net, a->ws, a->x, a->ld_x, a->classes, a->weight,
					    a->batch, loss, a->parameter, reduction, a->eta,
					    a->value);
	}
}

static int has_targets(enum kind kind)
{
	return kind == EVALUATE || kind == GRADIENT || kind == STEP;
}

static int has_output(enum kind kind)
{
	return kind == EVALUATE || kind == EVALUATE_CLASS;
}

/* For each kind of call on each workspace it takes: */
#define FOR_ALL_CALLS(kind, ws)                                                                    \
	for (enum kind kind = 0; kind < KINDS; kind++)                                             \
		for (mlp_workspace *ws = has_output(kind) ? f.inference : f.training; ws != NULL;  \
		     ws = ws == f.inference  ? f.training                                          \
			  : ws == f.training ? f.trace                                             \
					     : NULL)

#define CASE(expected, words, change)                                                              \
	do {                                                                                       \
		struct arguments a = good(ws);                                                     \
		change;                                                                            \
		assert_refused(f.net, expected, words, call(kind, &a));                            \
	} while (0)

static void good_arguments_are_good(void **state)
{
	(void)state;
	FOR_ALL_CALLS(kind, ws)
	{
		struct arguments a = good(ws);
		assert_ok(call(kind, &a));
		a.weight = NULL;
		a.y = a.grad = a.dx0 = NULL;
		a.ld_y = a.ld_dx0 = -1; /* ignored */
		assert_ok(call(kind, &a));
		if (has_output(kind))
			a.reduction = MLP_NONE;
		else
			a.value = NULL;
		assert_ok(call(kind, &a));
	}
}

static void what_every_call_refuses(void **state)
{
	(void)state;
	FOR_ALL_CALLS(kind, ws)
	{
		CASE(MLP_ERR_NULL, "net is NULL", a.net = NULL);
		CASE(MLP_ERR_NULL, "ws is NULL", a.ws = NULL);
		CASE(MLP_ERR_NULL, "x is NULL", a.x = NULL);
		CASE(MLP_ERR_NULL, "target is NULL", (a.target = NULL, a.classes = NULL));
		CASE(MLP_ERR_SIZE, "batch is 0", a.batch = 0);
		CASE(MLP_ERR_SIZE, "batch is -1", a.batch = -1);
		CASE(MLP_ERR_BATCH, "batch is 5, workspace holds 4", a.batch = MOST + 1);
		CASE(MLP_ERR_STRIDE, "x: leading dimension is 2", a.ld_x = IN - 1);
		CASE(MLP_ERR_OVERFLOW, "x: ", a.ld_x = far);
		CASE(MLP_ERR_VALUE, "loss is 0", a.loss = 0);
		CASE(MLP_ERR_VALUE, "loss is 8", a.loss = 8);
		CASE(MLP_ERR_VALUE, "loss is", a.loss = -1);
		CASE(MLP_ERR_VALUE, "must be >= 0 and < 1", a.parameter = 1);
		CASE(MLP_ERR_VALUE, "must be >= 0 and < 1", a.parameter = -0.5);
		CASE(MLP_ERR_VALUE, "must be >= 0 and < 1", a.parameter = (double)NAN);
		CASE(MLP_ERR_VALUE, "reduction is 0", a.reduction = 0);
		CASE(MLP_ERR_VALUE, "reduction is 4", a.reduction = 4);
		CASE(MLP_ERR_VALUE, "reduction is", a.reduction = -1);
		CASE(MLP_ERR_VALUE, "weight", a.reduction = MLP_NONE);
	}
}

static void what_calls_with_targets_refuse(void **state)
{
	(void)state;
	const double bad[] = {0, -1, -0.0, (double)NAN, (double)INFINITY};
	FOR_ALL_CALLS(kind, ws)
	{
		if (!has_targets(kind))
			continue;
		REAL outside[B * OUT] = {0};
		outside[OUT + 2] = (REAL)-0.25;
		CASE(MLP_ERR_VALUE, "cross_entropy: target 2 of row 1 is negative",
		     a.target = outside);
		CASE(MLP_ERR_VALUE, "poisson: target 2 of row 1 is negative",
		     (a.target = outside, a.loss = MLP_POISSON));
		outside[OUT + 2] = (REAL)1.25;
		CASE(MLP_ERR_VALUE, "binary_cross_entropy: target 2 of row 1 is outside of 0 .. 1",
		     (a.target = outside, a.loss = MLP_BINARY_CROSS_ENTROPY));
		CASE(MLP_ERR_STRIDE, "target: leading dimension is 2", a.ld_target = OUT - 1);
		CASE(MLP_ERR_OVERFLOW, "target: ", a.ld_target = far);
		for (int i = 0; i < COUNT(bad); i++)
			CASE(MLP_ERR_VALUE, "Huber", (a.loss = MLP_HUBER, a.parameter = bad[i]));
		for (int loss = 1; loss <= MLP_POISSON; loss++)
			if (loss != MLP_HUBER && loss != MLP_CROSS_ENTROPY)
				CASE(MLP_ERR_VALUE, "must be 0",
				     (a.loss = loss, a.parameter = 0.5));
	}
}

static void what_calls_with_classes_refuse(void **state)
{
	(void)state;
	const int64_t bad[] = {-1, OUT, INT64_MIN, INT64_MAX};
	FOR_ALL_CALLS(kind, ws)
	{
		for (int i = 0; i < COUNT(bad) && !has_targets(kind); i++) {
			char words[64];
			int row = i % B;
			snprintf(words, sizeof(words), "row %d is %lld, ", row, (long long)bad[i]);
			f.classes[row] = bad[i];
			CASE(MLP_ERR_INDEX, words, (void)0);
			f.classes[row] = row;
		}
	}
	f.classes[MOST - 1] = -1; /* beyond the batch: nobody looks */
	struct arguments a = good(f.training);
	assert_ok(call(EVALUATE_CLASS, &a));
	f.classes[MOST - 1] = 0;
}

static void only_cross_entropy_takes_class_indices(void **state)
{
	(void)state;
	FOR_ALL_CALLS(kind, ws)
	{
		for (int loss = 1; loss <= MLP_POISSON && !has_targets(kind); loss++) {
			char words[64];
			if (loss == MLP_CROSS_ENTROPY)
				continue;
			snprintf(words, sizeof(words), "%s takes no class indices",
				 mlp_loss_name((mlp_loss)loss));
			CASE(MLP_ERR_LOSS, words, a.loss = loss);
			CASE(MLP_ERR_LOSS, words, (a.loss = loss, a.parameter = 1));
		}
	}
}

static void class_of_a_row_of_weight_0_is_not_looked_at(void **state)
{
	(void)state;
	const REAL weight[B] = {1, 0, 2};
	f.classes[1] = -77;
	FOR_ALL_CALLS(kind, ws)
	{
		struct arguments a = good(ws);
		a.weight = weight;
		assert_ok(call(kind, &a));
		assert_true(isfinite(f.value[0]));
	}
	f.classes[1] = 1;
}

static void bad_sample_weights_are_refused(void **state)
{
	(void)state;
	REAL negative[B] = {1, 1, (REAL)-0.5}, zero[B] = {0};
	REAL nan[B] = {(REAL)NAN, 1, 1}, inf[B] = {1, (REAL)INFINITY, 1};
	FOR_ALL_CALLS(kind, ws)
	{
		CASE(MLP_ERR_VALUE, "weight of row 2", a.weight = negative);
		CASE(MLP_ERR_VALUE, "weight of row 0", a.weight = nan);
		CASE(MLP_ERR_VALUE, "weight of row 1", a.weight = inf);
		CASE(MLP_ERR_VALUE, "weights of 3 rows sum to 0", a.weight = zero);
		CASE(MLP_ERR_VALUE, "sum to 0", (a.weight = zero, a.reduction = MLP_SUM));
#if MLP_REAL_BITS == 64
		REAL huge[B] = {REAL_MOST, REAL_MOST, 0};
		CASE(MLP_ERR_VALUE, "sum to infinity", a.weight = huge);
#endif
	}
}

static void what_single_kinds_refuse(void **state)
{
	(void)state;
	const double bad[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
	FOR_ALL_CALLS(kind, ws)
	{
		if (has_output(kind)) {
			CASE(MLP_ERR_NULL, "value is NULL", a.value = NULL);
			CASE(MLP_ERR_STRIDE, "y: leading dimension is 2", a.ld_y = OUT - 1);
			CASE(MLP_ERR_OVERFLOW, "y: ", a.ld_y = far);
			continue;
		}
		CASE(MLP_ERR_VALUE, "reduction", (a.reduction = MLP_NONE, a.weight = NULL));
		CASE(MLP_ERR_STATE, "inference", a.ws = f.inference);
		if (kind == GRADIENT || kind == GRADIENT_CLASS) {
			CASE(MLP_ERR_STRIDE, "dl_dx0: leading dimension is 2", a.ld_dx0 = IN - 1);
			CASE(MLP_ERR_OVERFLOW, "dl_dx0: ", a.ld_dx0 = far);
			continue;
		}
		for (int i = 0; i < COUNT(bad); i++)
			CASE(MLP_ERR_VALUE, "eta is", a.eta = bad[i]);
#if MLP_REAL_BITS == 32
		CASE(MLP_ERR_VALUE, "eta is", a.eta = 1e300);
		CASE(MLP_ERR_VALUE, "eta is", a.eta = -1e300);
#endif
	}
}

static void calls_with_the_wrong_suffix_are_refused(void **state)
{
	(void)state;
	OTHER_REAL o[P] = {0};
	const int64_t c[B] = {0};
	mlp_workspace *ws = f.training;
#define WRONG(call) assert_refused(f.net, MLP_ERR_DTYPE, "the call is for", call)
	WRONG(OTHER_FN(evaluate)(f.net, ws, o, IN, o, OUT, NULL, B, MLP_SQUARED_ERROR, 0, MLP_SUM,
				 f.value, o, OUT));
	WRONG(OTHER_FN(evaluate_class)(f.net, ws, o, IN, c, NULL, B, MLP_CROSS_ENTROPY, 0, MLP_SUM,
				       f.value, o, OUT));
	WRONG(OTHER_FN(gradient)(f.net, ws, o, IN, o, OUT, NULL, B, MLP_SQUARED_ERROR, 0, MLP_SUM,
				 0, NULL, o, o, IN));
	WRONG(OTHER_FN(gradient_class)(f.net, ws, o, IN, c, NULL, B, MLP_CROSS_ENTROPY, 0, MLP_SUM,
				       0, NULL, o, o, IN));
	WRONG(OTHER_FN(train_step)(f.net, ws, o, IN, o, OUT, NULL, B, MLP_SQUARED_ERROR, 0, MLP_SUM,
				   1, NULL));
	WRONG(OTHER_FN(train_step_class)(f.net, ws, o, IN, c, NULL, B, MLP_CROSS_ENTROPY, 0,
					 MLP_SUM, 1, NULL));
#undef WRONG
}

/* Which output activations a loss takes, from the table of the header. */
static int goes_with(int loss, int output)
{
	switch (loss) {
	case MLP_BINARY_CROSS_ENTROPY:
		return output == MLP_SIGMOID || output == MLP_IDENTITY;
	case MLP_CROSS_ENTROPY:
		return output == MLP_SOFTMAX || output == MLP_IDENTITY;
	case MLP_POISSON:
		return output == MLP_IDENTITY;
	default:
		return 1;
	}
}

static void logit_losses_take_only_the_activations_whose_logits_they_read(void **state)
{
	(void)state;
	for (int output = MLP_IDENTITY; output <= MLP_SOFTMAX; output++) {
		assert_ok(mlp_network_set_activation(f.net, 2, (mlp_activation)output));
		FOR_ALL_CALLS(kind, ws)
		{
			for (int loss = 1; loss <= MLP_POISSON; loss++) {
				struct arguments a = good(ws);
				a.loss = has_targets(kind) ? loss : MLP_CROSS_ENTROPY;
				a.parameter = loss == MLP_HUBER && has_targets(kind) ? 1 : 0;
				if (goes_with(a.loss, output))
					assert_ok(call(kind, &a));
				else
					assert_refused(f.net, MLP_ERR_LOSS, "logits",
						       call(kind, &a));
			}
		}
	}
	assert_ok(mlp_network_set_activation(f.net, 2, MLP_IDENTITY));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_arguments_are_good),
		cmocka_unit_test(what_every_call_refuses),
		cmocka_unit_test(what_calls_with_targets_refuse),
		cmocka_unit_test(what_calls_with_classes_refuse),
		cmocka_unit_test(only_cross_entropy_takes_class_indices),
		cmocka_unit_test(class_of_a_row_of_weight_0_is_not_looked_at),
		cmocka_unit_test(bad_sample_weights_are_refused),
		cmocka_unit_test(what_single_kinds_refuse),
		cmocka_unit_test(calls_with_the_wrong_suffix_are_refused),
		cmocka_unit_test(logit_losses_take_only_the_activations_whose_logits_they_read),
	};
	return cmocka_run_group_tests_name("errors of steps", tests, set_up, tear_down);
}
