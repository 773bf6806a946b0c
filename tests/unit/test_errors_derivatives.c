/* Every refusal of the derivatives, on a call that is otherwise good; what each leaves in its
 * workspace; memory that runs out. */
#include <math.h>

#include "support/heap.h"
#include "unit/real.h"
#include "unit/refusal.h"

enum { IN = 3, OUT = 2, B = 3, MOST = 4, P = 4 * 4 + 2 * 5 }; /* 3-4-2 */

static const int64_t far = INT64_MAX / 2;

enum kind {
	VJP,
	JVP,
	JACOBIAN,
	HV,
	HV_CLASS,
	NORMS,
	NORMS_CLASS,
	ROWS,
	ROWS_CLASS,
	CHECK,
	CHECK_CLASS,
	KINDS
};

static struct {
	mlp_network *net;
	mlp_workspace *training, *trace, *inference;
	REAL x[MOST * IN], target[MOST * OUT], weight[MOST], v[P], y[MOST * OUT], out[MOST * P];
	int64_t classes[MOST];
	double norms[MOST];
} f;

struct arguments {
	const mlp_network *net;
	mlp_workspace *ws;
	const REAL *x, *target, *weight, *v;
	const int64_t *classes;
	int64_t ld_x, ld_target, ld_v, ld_y, ld_out, batch;
	int loss, reduction;
	double parameter, step, *norms;
	REAL *y, *out;
};

static struct arguments good(mlp_workspace *ws)
{
	return (struct arguments){.net = f.net,
				  .ws = ws,
				  .x = f.x,
				  .target = f.target,
				  .weight = f.weight,
				  .v = f.v,
				  .classes = f.classes,
				  .ld_x = IN,
				  .ld_target = OUT,
				  .ld_v = IN,
				  .ld_y = OUT,
				  .ld_out = P,
				  .batch = B,
				  .loss = MLP_CROSS_ENTROPY,
				  .reduction = MLP_MEAN,
				  .norms = f.norms,
				  .y = f.y,
				  .out = f.out};
}

static mlp_status call_with_loss(enum kind kind, const struct arguments *a)
{
	mlp_loss loss = (mlp_loss)a->loss;
	mlp_reduction reduction = (mlp_reduction)a->reduction;
	switch (kind) {
	case HV:
		return FN(hessian_vector)(a->net, a->ws, a->x, a->ld_x, a->target, a->ld_target,
					  a->weight, a->batch, loss, a->parameter, reduction, a->v,
					  a->out);
	case HV_CLASS:
		return FN(hessian_vector_class)(a->net, a->ws, a->x, a->ld_x, a->classes, a->weight,
						a->batch, loss, a->parameter, reduction, a->v,
						a->out);
	case NORMS:
		return FN(gradient_norms)(a->net, a->ws, a->x, a->ld_x, a->target, a->ld_target,
					  a->weight, a->batch, loss, a->parameter, a->norms);
	case NORMS_CLASS:
		return FN(gradient_norms_class)(a->net, a->ws, a->x, a->ld_x, a->classes, a->weight,
						a->batch, loss, a->parameter, a->norms);
	case ROWS:
		return FN(gradient_rows)(a->net, a->ws, a->x, a->ld_x, a->target, a->ld_target,
					 a->weight, a->batch, loss, a->parameter, a->out,
					 a->ld_out);
	case ROWS_CLASS:
		return FN(gradient_rows_class)(a->net, a->ws, a->x, a->ld_x, a->classes, a->weight,
					       a->batch, loss, a->parameter, a->out, a->ld_out);
	case CHECK:
		return FN(gradient_check)(a->net, a->x, a->ld_x, a->target, a->ld_target, a->weight,
					  a->batch, loss, a->parameter, reduction, a->step, NULL,
					  NULL, NULL, a->norms);
	default:
		return FN(gradient_check_class)(a->net, a->x, a->ld_x, a->classes, a->weight,
						a->batch, loss, a->parameter, reduction, a->step,
						NULL, NULL, NULL, a->norms);
	}
}

static mlp_status call(enum kind kind, const struct arguments *a)
{
	switch (kind) {
	case VJP:
		return FN(vjp)(a->net, a->ws, a->x, a->ld_x, a->batch, a->v, a->ld_v, a->y, a->ld_y,
			       a->out, a->ld_out);
	case JVP:
		return FN(jvp)(a->net, a->ws, a->x, a->ld_x, a->batch, a->v, a->ld_v, a->y, a->ld_y,
			       a->out, a->ld_out);
	case JACOBIAN:
		return FN(jacobian)(a->net, a->ws, a->x, a->ld_x, a->batch, a->y, a->ld_y, a->out,
				    a->ld_out);
	default:
		return call_with_loss(kind, a);
	}
}

static bool has_loss(enum kind kind)
{
	return kind >= HV;
}

static bool has_targets(enum kind kind)
{
	return kind == HV || kind == NORMS || kind == ROWS || kind == CHECK;
}

static bool has_classes(enum kind kind)
{
	return has_loss(kind) && !has_targets(kind);
}

static bool has_reduction(enum kind kind)
{
	return kind == HV || kind == HV_CLASS || kind >= CHECK;
}

static bool has_workspace(enum kind kind)
{
	return kind < CHECK;
}

static bool has_v(enum kind kind)
{
	return kind == VJP || kind == JVP || kind == HV || kind == HV_CLASS;
}

static bool has_norms(enum kind kind)
{
	return kind == NORMS || kind == NORMS_CLASS || kind >= CHECK;
}

static int set_up(void **state)
{
	(void)state;
	uint64_t seed = 5;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){IN, 4, OUT}, 3, &f.net));
	assert_ok(mlp_network_set_activation(f.net, 1, MLP_TANH));
	assert_ok(mlp_workspace_create(f.net, MOST, MLP_TRAINING, &f.training));
	assert_ok(mlp_workspace_create(f.net, MOST, MLP_TRACE, &f.trace));
	assert_ok(mlp_workspace_create(f.net, MOST, MLP_INFERENCE, &f.inference));
	random_fill(&seed, f.x, MOST * IN, 1);
	random_fill(&seed, f.v, P, 1);
	for (int i = 0; i < MOST; i++) {
		f.weight[i] = (REAL)(i + 1);
		f.classes[i] = i % OUT;
		f.target[i * OUT + i % OUT] = 1;
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

#define FOR_ALL_CALLS(kind, ws)                                                                    \
	for (enum kind kind = 0; kind < KINDS; kind++)                                             \
		for (mlp_workspace *ws = f.training; ws != NULL;                                   \
		     ws = ws == f.training ? f.trace : NULL)

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

/* A number that is not finite, in the inputs, the vector, or made by them, is never returned as if it
 * were. */
static void what_is_not_finite_is_reported(void **state)
{
	(void)state;
	const REAL bad[] = {(REAL)NAN, (REAL)INFINITY, -(REAL)INFINITY};
	REAL *p = FN(network_parameters)(f.net), kept = p[3];
	FOR_ALL_CALLS(kind, ws)
	{
		struct arguments a = good(ws);
		REAL x = f.x[1], v = f.v[1];
		f.x[1] = (REAL)NAN;
		assert_refused(f.net, MLP_ERR_NONFINITE, "not a number", call(kind, &a));
		f.x[1] = x;
		for (int i = 0; i < 3 && has_v(kind); i++) {
			f.v[1] = bad[i];
			assert_refused(f.net, MLP_ERR_NONFINITE, "infinite", call(kind, &a));
		}
		f.v[1] = v;
		p[3] = (REAL)NAN;
		assert_int_equal(call(kind, &a), MLP_ERR_NONFINITE);
		p[3] = kept;
		assert_ok(call(kind, &a));
	}
	/* finite factors of an infinite product */
	for (int i = 0; i < 2 * 4; i++)
		p[4 * 4 + i] = REAL_BIG;
	for (int i = 0; i < P; i++)
		f.v[i] = REAL_BIG;
	FOR_ALL_CALLS(kind, ws)
	{
		struct arguments a = good(ws);
		a.y = NULL;
		if (kind == VJP || kind == JVP)
			assert_refused(f.net, MLP_ERR_NONFINITE, "infinite", call(kind, &a));
	}
	assert_ok(mlp_network_init(f.net, MLP_ALL_LAYERS, MLP_INIT_HE_UNIFORM, 0, 0));
	uint64_t seed = 6;
	random_fill(&seed, f.v, P, 1);
}

/* After a call that went through, a backward pass may follow; after one that reported NaN, none. */
static void what_is_left_in_the_workspace(void **state)
{
	(void)state;
	REAL grad[P];
	FOR_ALL_CALLS(kind, ws)
	{
		if (!has_workspace(kind))
			continue;
		struct arguments a = good(ws);
		assert_ok(call(kind, &a));
		REAL s[B * 4];
		assert_ok(FN(workspace_read)(ws, MLP_X, 2, B, s, OUT));
		if (ws == f.trace && kind != JVP && kind != JACOBIAN) {
			assert_ok(FN(workspace_read)(ws, MLP_DL_DS, 1, B, s, 4));
			assert_ok(FN(workspace_read)(ws, MLP_DL_DX, 2, B, s, OUT));
		} else if (ws == f.trace) {
			assert_fails(MLP_ERR_STATE, "no backward",
				     FN(workspace_read)(ws, MLP_DL_DS, 1, B, s, 4));
		}
		assert_ok(FN(backward)(f.net, ws, f.v, OUT, B, 0, grad, NULL, 0));
		if (kind == JVP || kind == JACOBIAN)
			continue;
		REAL x = f.x[1];
		f.x[1] = (REAL)NAN;
		assert_int_equal(call(kind, &a), MLP_ERR_NONFINITE);
		f.x[1] = x;
		assert_fails(MLP_ERR_STATE, "not finite",
			     FN(backward)(f.net, ws, f.v, OUT, B, 0, grad, NULL, 0));
	}
}

/* The n-th allocation fails: no leak, and the forward pass of before is still good, as nothing was
 * begun. */
static void memory_may_run_out(void **state)
{
	(void)state;
	struct heap heap = {0};
	const mlp_allocator allocator = heap_allocator(&heap);
	mlp_network *net;
	mlp_workspace *ws;
	REAL grad[P];
	assert_ok(mlp_network_create_with(REAL_DTYPE, (const int64_t[]){IN, 4, OUT}, 3, &allocator,
					  &net));
	assert_ok(mlp_workspace_create(net, MOST, MLP_TRAINING, &ws));
	for (enum kind kind = 0; kind < KINDS; kind++) {
		struct arguments a = good(ws);
		a.net = net;
		for (int64_t n = 1;; n++) {
			assert_true(n < 10);
			assert_ok(FN(forward)(net, ws, f.x, IN, B, NULL, 0));
			int64_t calls = heap.calls, in_use = heap.in_use;
			heap.refused = 0;
			heap.refuses_at = calls + n;
			mlp_status status = call(kind, &a);
			heap.refuses_at = -1;
			assert_int_equal(heap.in_use, in_use);
			if (heap.refused == 0) {
				assert_int_equal(status, MLP_OK);
				if (kind == VJP || kind == NORMS || kind == NORMS_CLASS)
					assert_int_equal(heap.calls, calls);
				else
					assert_true(heap.calls > calls);
				break;
			}
			assert_int_equal(status, MLP_ERR_MEMORY);
			assert_ok(FN(backward)(net, ws, f.v, OUT, B, 0, grad, NULL, 0));
		}
	}
	mlp_workspace_free(ws);
	mlp_network_free(net);
	assert_int_equal(heap.in_use, 0);
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
		cmocka_unit_test(what_is_not_finite_is_reported),
		cmocka_unit_test(what_is_left_in_the_workspace),
		cmocka_unit_test(memory_may_run_out),
	};
	return cmocka_run_group_tests_name("errors of derivatives", tests, set_up, tear_down);
}
