/* Every refusal of the derivatives, on a call that is otherwise good. */
#include "unit/derivatives.h"

static const int64_t far = INT64_MAX / 2;

#define CASE(expected, words, change)                                                              \
	do {                                                                                       \
		struct arguments a = good(ws);                                                     \
		change;                                                                            \
		assert_refused(f.net, expected, words, call(kind, &a));                            \
	} while (0)

#define CASE_IF(condition, expected, words, change)                                                \
	do {                                                                                       \
		if (condition)                                                                     \
			CASE(expected, words, change);                                             \
	} while (0)

static void good_arguments_are_good(void **state)
{
	(void)state;
	FOR_ALL_CALLS(kind, ws)
	{
		struct arguments a = good(ws);
		assert_ok(call(kind, &a));
		a.weight = NULL;
		a.y = NULL;
		a.ld_y = -1; /* ignored */
		a.batch = 1;
		assert_ok(call(kind, &a));
	}
}

static void what_every_call_refuses(void **state)
{
	(void)state;
	FOR_ALL_CALLS(kind, ws)
	{
		CASE(MLP_ERR_NULL, "net is NULL", a.net = NULL);
		CASE(MLP_ERR_NULL, "x is NULL", a.x = NULL);
		CASE(MLP_ERR_SIZE, "is 0, must be at least 1", a.batch = 0);
		CASE(MLP_ERR_SIZE, "is -1, must be at least 1", a.batch = -1);
		CASE(MLP_ERR_STRIDE, "x: leading dimension is 2", a.ld_x = IN - 1);
		CASE(MLP_ERR_OVERFLOW, "x: ", a.ld_x = far);
		CASE_IF(has_workspace(kind), MLP_ERR_NULL, "ws is NULL", a.ws = NULL);
		CASE_IF(has_workspace(kind), MLP_ERR_BATCH, "batch is 5, workspace holds 4",
			a.batch = MOST + 1);
		CASE_IF(has_workspace(kind), MLP_ERR_STATE, "inference", a.ws = f.inference);
		CASE_IF(has_v(kind), MLP_ERR_NULL, "v is NULL", a.v = NULL);
		CASE_IF(has_norms(kind), MLP_ERR_NULL, " is NULL", a.norms = NULL);
		CASE_IF(!has_norms(kind), MLP_ERR_NULL, " is NULL", a.out = NULL);
	}
}

static void strides_of_inputs_and_results(void **state)
{
	(void)state;
	FOR_ALL_CALLS(kind, ws)
	{
		int64_t width = kind == VJP        ? IN
				: kind == JVP      ? OUT
				: kind == JACOBIAN ? IN * OUT
						   : P;
		bool has_ld = !has_loss(kind) || kind == ROWS || kind == ROWS_CLASS;
		CASE_IF(has_ld, MLP_ERR_STRIDE, "leading dimension is", a.ld_out = width - 1);
		CASE_IF(has_ld, MLP_ERR_OVERFLOW, "exceed the address space", a.ld_out = far);
		CASE_IF(!has_loss(kind), MLP_ERR_STRIDE, "y: leading dimension is 1",
			a.ld_y = OUT - 1);
		CASE_IF(!has_loss(kind), MLP_ERR_OVERFLOW, "y: ", a.ld_y = far);
		CASE_IF(kind == VJP, MLP_ERR_STRIDE, "v: leading dimension is 1", a.ld_v = OUT - 1);
		CASE_IF(kind == JVP, MLP_ERR_STRIDE, "v: leading dimension is 2", a.ld_v = IN - 1);
		CASE_IF(kind <= JVP, MLP_ERR_OVERFLOW, "v: ", a.ld_v = far);
	}
}

static void what_calls_with_a_loss_refuse(void **state)
{
	(void)state;
	const double bad_steps[] = {-1e-9, 0.2, (double)NAN, (double)INFINITY};
	FOR_ALL_CALLS(kind, ws)
	{
		if (!has_loss(kind))
			continue;
		CASE(MLP_ERR_NULL, "target is NULL", (a.target = NULL, a.classes = NULL));
		CASE(MLP_ERR_VALUE, "loss is 0", a.loss = 0);
		CASE(MLP_ERR_VALUE, "loss is 8", a.loss = 8);
		CASE(MLP_ERR_VALUE, "parameter is", a.parameter = -0.5);
		CASE_IF(has_targets(kind), MLP_ERR_VALUE, "Huber", a.loss = MLP_HUBER);
		CASE_IF(has_targets(kind), MLP_ERR_STRIDE, "target: ", a.ld_target = OUT - 1);
		CASE_IF(has_targets(kind), MLP_ERR_OVERFLOW, "target: ", a.ld_target = far);
		CASE_IF(has_classes(kind), MLP_ERR_LOSS, "class indices", a.loss = MLP_LOG_COSH);
		CASE_IF(has_reduction(kind), MLP_ERR_VALUE, "reduction is 0", a.reduction = 0);
		CASE_IF(has_reduction(kind), MLP_ERR_VALUE, "reduction is 4", a.reduction = 4);
		CASE_IF(has_reduction(kind), MLP_ERR_VALUE, "must be mean or sum",
			(a.reduction = MLP_NONE, a.weight = NULL));
		f.weight[1] = -1;
		CASE(MLP_ERR_VALUE, "weight of row 1", (void)0);
		f.weight[1] = 2;
		f.classes[2] = OUT;
		CASE_IF(has_classes(kind), MLP_ERR_INDEX, "class of row 2 is 2", (void)0);
		f.classes[2] = 0;
		assert_ok(mlp_network_set_activation(f.net, 2, MLP_TANH));
		CASE(MLP_ERR_LOSS, "logits", (void)0);
		assert_ok(mlp_network_set_activation(f.net, 2, MLP_IDENTITY));
		for (int i = 0; i < COUNT(bad_steps) && kind >= CHECK; i++)
			CASE(MLP_ERR_VALUE, "step is", a.step = bad_steps[i]);
	}
}

static void calls_with_the_wrong_suffix_are_refused(void **state)
{
	(void)state;
	OTHER_REAL o[MOST * P] = {0};
	const int64_t c[B] = {0};
	double d[B];
	mlp_workspace *ws = f.training;
#define WRONG(call) assert_refused(f.net, MLP_ERR_DTYPE, "the call is for", call)
	WRONG(OTHER_FN(vjp)(f.net, ws, o, IN, B, o, OUT, NULL, 0, o, IN));
	WRONG(OTHER_FN(jvp)(f.net, ws, o, IN, B, o, IN, NULL, 0, o, OUT));
	WRONG(OTHER_FN(jacobian)(f.net, ws, o, IN, B, NULL, 0, o, IN * OUT));
	WRONG(OTHER_FN(hessian_vector)(f.net, ws, o, IN, o, OUT, NULL, B, MLP_SQUARED_ERROR, 0,
				       MLP_SUM, o, o));
	WRONG(OTHER_FN(hessian_vector_class)(f.net, ws, o, IN, c, NULL, B, MLP_CROSS_ENTROPY, 0,
					     MLP_SUM, o, o));
	WRONG(OTHER_FN(gradient_norms)(f.net, ws, o, IN, o, OUT, NULL, B, MLP_SQUARED_ERROR, 0, d));
	WRONG(OTHER_FN(gradient_norms_class)(f.net, ws, o, IN, c, NULL, B, MLP_CROSS_ENTROPY, 0,
					     d));
	WRONG(OTHER_FN(gradient_rows)(f.net, ws, o, IN, o, OUT, NULL, B, MLP_SQUARED_ERROR, 0, o,
				      P));
	WRONG(OTHER_FN(gradient_rows_class)(f.net, ws, o, IN, c, NULL, B, MLP_CROSS_ENTROPY, 0, o,
					    P));
	WRONG(OTHER_FN(gradient_check)(f.net, o, IN, o, OUT, NULL, B, MLP_SQUARED_ERROR, 0, MLP_SUM,
				       0, NULL, NULL, NULL, d));
	WRONG(OTHER_FN(gradient_check_class)(f.net, o, IN, c, NULL, B, MLP_CROSS_ENTROPY, 0,
					     MLP_SUM, 0, NULL, NULL, NULL, d));
#undef WRONG
}

static void other_shapes_are_refused(void **state)
{
	(void)state;
	mlp_network *other;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){IN, 5, OUT}, 3, &other));
	for (enum kind kind = 0; has_workspace(kind); kind++) {
		struct arguments a = good(f.training);
		a.net = other;
		a.v = f.out;
		a.out = f.out;
		assert_refused(other, MLP_ERR_SHAPE, "workspace is for n_1 = 4, network has 5",
			       call(kind, &a));
	}
	mlp_network_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_arguments_are_good),
		cmocka_unit_test(what_every_call_refuses),
		cmocka_unit_test(strides_of_inputs_and_results),
		cmocka_unit_test(what_calls_with_a_loss_refuse),
		cmocka_unit_test(calls_with_the_wrong_suffix_are_refused),
		cmocka_unit_test(other_shapes_are_refused),
	};
	return cmocka_run_group_tests_name("errors of derivatives", tests, set_up, tear_down);
}
