/* Every refusal of predict, forward, backward, update and workspace_read. Each case spoils one
 * argument of a call that is otherwise good. */
#include <math.h>

#include "unit/real.h"
#include "unit/refusal.h"

enum { IN = 3, OUT = 2, B = 3, MOST = 4, P = 4 * 4 + 2 * 5 }; /* 3-4-2 */

static const int64_t far = INT64_MAX / 2; /* ld x (rows - 1) does not fit the address space */

static struct {
	mlp_network *net, *twin;
	mlp_workspace *training, *trace, *inference;
	REAL x[MOST * IN], y[MOST * OUT], dy[MOST * OUT], dx0[MOST * IN], grad[P];
} f;

static OTHER_REAL other[P]; /* data for the call with the wrong suffix */

static int set_up(void **state)
{
	(void)state;
	uint64_t seed = 3;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){IN, 4, OUT}, 3, &f.net));
	assert_ok(mlp_network_set_activation(f.net, MLP_HIDDEN_LAYERS, MLP_TANH));
	assert_ok(mlp_network_clone(f.net, &f.twin));
	assert_ok(mlp_workspace_create(f.net, MOST, MLP_TRAINING, &f.training));
	assert_ok(mlp_workspace_create(f.net, MOST, MLP_TRACE, &f.trace));
	assert_ok(mlp_workspace_create(f.net, MOST, MLP_INFERENCE, &f.inference));
	random_fill(&seed, f.x, MOST * IN, 1);
	random_fill(&seed, f.dy, MOST * OUT, 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	mlp_workspace_free(f.training);
	mlp_workspace_free(f.trace);
	mlp_workspace_free(f.inference);
	mlp_network_free(f.net);
	mlp_network_free(f.twin);
	return 0;
}

/* The arguments of any of these calls. */
struct arguments {
	const mlp_network *net;
	mlp_workspace *ws;
	const REAL *x; /* or dl_dx, dl_ds */
	int64_t ld_x, batch;
	REAL *y, *grad, *dx0;
	int64_t ld_y, ld_dx0;
};

/* Refuse the call with one argument changed. */
#define SPOILT(good, call, expected, words, change)                                                \
	do {                                                                                       \
		struct arguments a = good;                                                         \
		change;                                                                            \
		assert_refused(f.net, expected, words, call(&a));                                  \
	} while (0)

static struct arguments good_forward(mlp_workspace *ws)
{
	return (struct arguments){
		.net = f.net, .ws = ws, .x = f.x, .ld_x = IN, .batch = B, .y = f.y, .ld_y = OUT};
}

static mlp_status predict(const struct arguments *a)
{
	return FN(predict)(a->net, a->x, a->ld_x, a->batch, a->y, a->ld_y);
}

static mlp_status forward(const struct arguments *a)
{
	return FN(forward)(a->net, a->ws, a->x, a->ld_x, a->batch, a->y, a->ld_y);
}

static void predict_refuses_every_bad_argument(void **state)
{
	(void)state;
#define CASE(expected, words, change) SPOILT(good_forward(NULL), predict, expected, words, change)
	CASE(MLP_ERR_NULL, "net is NULL", a.net = NULL);
	CASE(MLP_ERR_NULL, "x is NULL", a.x = NULL);
	CASE(MLP_ERR_NULL, "y is NULL", a.y = NULL);
	CASE(MLP_ERR_SIZE, "batch is 0", a.batch = 0);
	CASE(MLP_ERR_SIZE, "batch is -1", a.batch = -1);
	CASE(MLP_ERR_SIZE, "batch is -9223372036854775808", a.batch = INT64_MIN);
	CASE(MLP_ERR_OVERFLOW, "9223372036854775807", a.batch = INT64_MAX);
	CASE(MLP_ERR_STRIDE, "x: leading dimension is 2", a.ld_x = IN - 1);
	CASE(MLP_ERR_STRIDE, "x: leading dimension is -3", a.ld_x = -IN);
	CASE(MLP_ERR_STRIDE, "y: leading dimension is 1", a.ld_y = OUT - 1);
	CASE(MLP_ERR_STRIDE, "y: leading dimension is 0", a.ld_y = 0);
	CASE(MLP_ERR_OVERFLOW, "x:", a.ld_x = far);
	CASE(MLP_ERR_OVERFLOW, "y:", a.ld_y = far);
	CASE(MLP_ERR_OVERFLOW, "y:", a.ld_y = INT64_MAX);
#undef CASE
	assert_refused(f.net, MLP_ERR_DTYPE, "the call is for",
		       OTHER_FN(predict)(f.net, other, IN, B, other, OUT));
	struct arguments a = good_forward(NULL);
	assert_ok(predict(&a));
}

static void predict_checks_its_arguments_before_it_asks_for_memory(void **state)
{
	(void)state;
	const int64_t huge = INT64_C(1) << 50; /* rows that no memory holds */
	assert_refused(f.net, MLP_ERR_NULL, "x is NULL",
		       FN(predict)(f.net, NULL, IN, huge, f.y, OUT));
	assert_refused(f.net, MLP_ERR_STRIDE, "y: leading dimension is 0",
		       FN(predict)(f.net, f.x, IN, huge, f.y, 0));
}

static void forward_refuses_every_bad_argument(void **state)
{
	(void)state;
	mlp_workspace *const all[] = {f.inference, f.training, f.trace};
	for (int i = 0; i < 3; i++) {
#define CASE(expected, words, change) SPOILT(good_forward(all[i]), forward, expected, words, change)
		CASE(MLP_ERR_NULL, "net is NULL", a.net = NULL);
		CASE(MLP_ERR_NULL, "ws is NULL", a.ws = NULL);
		CASE(MLP_ERR_NULL, "x is NULL", a.x = NULL);
		CASE(MLP_ERR_SIZE, "batch is 0", a.batch = 0);
		CASE(MLP_ERR_SIZE, "batch is -1", a.batch = -1);
		CASE(MLP_ERR_BATCH, "batch is 5, workspace holds 4", a.batch = MOST + 1);
		CASE(MLP_ERR_BATCH, "9223372036854775807", a.batch = INT64_MAX);
		CASE(MLP_ERR_STRIDE, "x: leading dimension is 2", a.ld_x = IN - 1);
		CASE(MLP_ERR_STRIDE, "y: leading dimension is 1", a.ld_y = OUT - 1);
		CASE(MLP_ERR_OVERFLOW, "x:", a.ld_x = far);
		CASE(MLP_ERR_OVERFLOW, "y:", a.ld_y = far);
#undef CASE
		assert_refused(f.net, MLP_ERR_DTYPE, "the call is for",
			       OTHER_FN(forward)(f.net, all[i], other, IN, B, other, OUT));
		struct arguments a = good_forward(all[i]);
		assert_ok(forward(&a));
		a.batch = 1; /* then a leading dimension is never multiplied */
		a.ld_x = a.ld_y = INT64_MAX;
		assert_ok(forward(&a));
		a = good_forward(all[i]);
		a.y = NULL;
		a.ld_y = -1; /* ignored */
		if (all[i] == f.inference)
			assert_refused(f.net, MLP_ERR_NULL, "y is NULL", forward(&a));
		else
			assert_ok(forward(&a));
	}
}

static struct arguments good_backward(mlp_workspace *ws)
{
	struct arguments a = good_forward(ws);
	assert_ok(forward(&a));
	return (struct arguments){.net = f.net,
				  .ws = ws,
				  .x = f.dy,
				  .ld_x = OUT,
				  .batch = B,
				  .grad = f.grad,
				  .dx0 = f.dx0,
				  .ld_dx0 = IN};
}

static mlp_status backward(const struct arguments *a)
{
	return FN(backward)(a->net, a->ws, a->x, a->ld_x, a->batch, 0, a->grad, a->dx0, a->ld_dx0);
}

static mlp_status backward_logits(const struct arguments *a)
{
	return FN(backward_logits)(a->net, a->ws, a->x, a->ld_x, a->batch, 0, a->grad, a->dx0,
				   a->ld_dx0);
}

static mlp_status (*const backwards[])(const struct arguments *) = {backward, backward_logits};

static void backward_refuses_every_bad_argument(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		mlp_workspace *ws = i < 2 ? f.training : f.trace;
		const char *name = i % 2 == 0 ? "dl_dx" : "dl_ds";
#define CASE(expected, words, change)                                                              \
	SPOILT(good_backward(ws), backwards[i % 2], expected, words, change)
		CASE(MLP_ERR_NULL, "net is NULL", a.net = NULL);
		CASE(MLP_ERR_NULL, "ws is NULL", a.ws = NULL);
		CASE(MLP_ERR_NULL, name, a.x = NULL);
		CASE(MLP_ERR_SIZE, "batch is 0", a.batch = 0);
		CASE(MLP_ERR_SIZE, "batch is -1", a.batch = -1);
		CASE(MLP_ERR_BATCH, "batch is 5, workspace holds 4", a.batch = MOST + 1);
		CASE(MLP_ERR_STRIDE, name, a.ld_x = OUT - 1);
		CASE(MLP_ERR_STRIDE, "dl_dx0: leading dimension is 2", a.ld_dx0 = IN - 1);
		CASE(MLP_ERR_OVERFLOW, name, a.ld_x = far);
		CASE(MLP_ERR_OVERFLOW, "dl_dx0:", a.ld_dx0 = far);
		CASE(MLP_ERR_STATE, "batch is 2, the forward pass had 3", a.batch = B - 1);
		CASE(MLP_ERR_STATE, "another network", a.net = f.twin);
		CASE(MLP_ERR_STATE, "inference", a.ws = f.inference);
#undef CASE
		struct arguments a = good_backward(ws);
		assert_ok(backwards[i % 2](&a));
		a.dx0 = NULL;
		a.ld_dx0 = -1; /* ignored */
		assert_ok(backwards[i % 2](&a));
		a.grad = NULL;
		assert_ok(backwards[i % 2](&a));
	}
	assert_refused(f.net, MLP_ERR_DTYPE, "the call is for",
		       OTHER_FN(backward)(f.net, f.training, other, OUT, B, 0, other, NULL, 0));
	assert_refused(
		f.net, MLP_ERR_DTYPE, "the call is for",
		OTHER_FN(backward_logits)(f.net, f.training, other, OUT, B, 0, other, NULL, 0));
}

static void backward_needs_a_forward_pass_with_the_same_parameters(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		mlp_workspace *fresh;
		assert_ok(mlp_workspace_create(f.net, MOST, MLP_TRAINING, &fresh));
		struct arguments a = good_backward(f.training);
		a.ws = fresh;
		assert_refused(f.net, MLP_ERR_STATE, "without a forward pass", backwards[i](&a));
		assert_ok(FN(train_step)(f.net, fresh, f.x, IN, f.dy, OUT, NULL, B,
					 MLP_SQUARED_ERROR, 0, MLP_MEAN, 0.01, NULL));
		assert_refused(f.net, MLP_ERR_STATE, "training step", backwards[i](&a));
		a = good_backward(fresh);
		assert_ok(backwards[i](&a));
		mlp_workspace_free(fresh);
	}
}

/* A refused call leaves the forward pass in the workspace as it was. */
static void refused_calls_do_not_disturb_a_workspace(void **state)
{
	(void)state;
	REAL before[P], dx0[B * IN];
	struct arguments a = good_backward(f.training);
	assert_ok(backward(&a));
	memcpy(before, f.grad, sizeof(before));
	memcpy(dx0, f.dx0, sizeof(dx0));
	assert_fails(MLP_ERR_STRIDE, "",
		     FN(forward)(f.net, f.training, f.dy, IN - 1, B - 1, f.y, OUT));
	assert_fails(MLP_ERR_NULL, "", FN(forward)(f.twin, f.training, NULL, IN, B, f.y, OUT));
	assert_fails(MLP_ERR_VALUE, "",
		     FN(train_step)(f.net, f.training, f.dy, IN, f.x, OUT, NULL, 1,
				    MLP_SQUARED_ERROR, 0, MLP_MEAN, (double)NAN, NULL));
	assert_fails(MLP_ERR_VALUE, "",
		     FN(gradient)(f.net, f.training, f.dy, IN, f.x, OUT, NULL, 1, MLP_SQUARED_ERROR,
				  0, MLP_NONE, 0, NULL, NULL, NULL, 0));
	assert_ok(backward(&a));
	assert_memory_equal(before, f.grad, sizeof(before));
	assert_memory_equal(dx0, f.dx0, sizeof(dx0));
}

/* Also where the gradient and eta are good, or eta is 0. */
static void update_refuses_a_workspace_of_another_shape(void **state)
{
	(void)state;
	const struct {
		int64_t widths[4], count;
		const char *words;
	} cases[] = {
		{{IN + 1, 4, OUT}, 3, "n_0 = 4, network has 3"},
		{{IN, 5, OUT}, 3, "n_1 = 5, network has 4"},
		{{IN, 4, OUT + 1}, 3, "n_2 = 3, network has 2"},
		{{IN, OUT}, 2, "1 layers, network has 2"},
		{{IN, 4, OUT, OUT}, 4, "3 layers, network has 2"},
	};
	REAL grad[P];
	for (int i = 0; i < P; i++)
		grad[i] = 1;
	for (int i = 0; i < COUNT(cases); i++) {
		mlp_network *wrong;
		assert_ok(mlp_network_create(REAL_DTYPE, cases[i].widths, cases[i].count, &wrong));
		for (int mode = MLP_INFERENCE; mode <= MLP_TRACE; mode++) {
			mlp_workspace *ws;
			assert_ok(mlp_workspace_create(wrong, 1, (mlp_mode)mode, &ws));
			assert_refused(f.net, MLP_ERR_SHAPE, cases[i].words,
				       FN(update)(f.net, ws, grad, 0.1));
			assert_refused(f.net, MLP_ERR_SHAPE, cases[i].words,
				       FN(update)(f.net, ws, grad, 0));
			mlp_workspace_free(ws);
		}
		mlp_network_free(wrong);
	}
	mlp_network *wrong;
	mlp_workspace *ws;
	mlp_dtype dtype = REAL_DTYPE == MLP_F32 ? MLP_F64 : MLP_F32;
	assert_ok(mlp_network_convert(f.net, dtype, &wrong));
	assert_ok(mlp_workspace_create(wrong, 1, MLP_TRAINING, &ws));
	assert_refused(f.net, MLP_ERR_SHAPE, "workspace is for f",
		       FN(update)(f.net, ws, grad, 0.1));
	mlp_workspace_free(ws);
	mlp_network_free(wrong);
}

static void update_refuses_every_bad_argument(void **state)
{
	(void)state;
	const double nan = (double)NAN, inf = (double)INFINITY;
	REAL grad[P] = {0};
	for (int i = 0; i < P; i++)
		grad[i] = 1;
	assert_refused(f.net, MLP_ERR_NULL, "net is NULL", FN(update)(NULL, f.training, grad, 0.1));
	assert_refused(f.net, MLP_ERR_NULL, "grad is NULL",
		       FN(update)(f.net, f.inference, NULL, 0.1));
	assert_refused(f.net, MLP_ERR_DTYPE, "call is for",
		       OTHER_FN(update)(f.net, f.training, other, 0.1));
	assert_refused(f.net, MLP_ERR_VALUE, "eta is nan", FN(update)(f.net, f.trace, grad, nan));
	assert_refused(f.net, MLP_ERR_VALUE, "eta is inf", FN(update)(f.net, NULL, grad, inf));
	assert_refused(f.net, MLP_ERR_VALUE, "eta is -inf", FN(update)(f.net, NULL, grad, -inf));
#if MLP_REAL_BITS == 32
	assert_refused(f.net, MLP_ERR_VALUE, "eta is ", FN(update)(f.net, NULL, grad, 1e300));
	assert_refused(f.net, MLP_ERR_VALUE, "eta is -", FN(update)(f.net, NULL, grad, -1e300));
#endif
	for (int i = 0; i < P; i++) { /* also in the last place of the last layer */
		const double bad[] = {nan, inf, -inf};
		grad[i] = (REAL)bad[i % 3];
		assert_refused(f.net, MLP_ERR_NONFINITE, i < 16 ? "layer 1" : "layer 2",
			       FN(update)(f.net, NULL, grad, 0.1));
		assert_refused(f.net, MLP_ERR_NONFINITE, "layer", FN(update)(f.net, NULL, grad, 0));
		grad[i] = 1;
	}
	grad[0] = (REAL)nan; /* of a layer that is not updated: nobody looks */
	assert_ok(mlp_network_set_frozen(f.net, 1, 1));
	assert_ok(FN(update)(f.net, NULL, grad, 0.1));
	assert_ok(mlp_network_set_frozen(f.net, 1, 0));
	grad[0] = 1;
	grad[P - 1] = (REAL)nan; /* the place of a bias that is switched off */
	assert_ok(mlp_network_set_bias(f.net, 2, 0));
	assert_ok(FN(update)(f.net, NULL, grad, 0.1));
	assert_ok(mlp_network_set_bias(f.net, 2, 1));
	for (int i = 0; i < P; i++)
		assert_true(isfinite(FN(network_const_parameters)(f.net)[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(predict_refuses_every_bad_argument),
		cmocka_unit_test(predict_checks_its_arguments_before_it_asks_for_memory),
		cmocka_unit_test(forward_refuses_every_bad_argument),
		cmocka_unit_test(backward_refuses_every_bad_argument),
		cmocka_unit_test(backward_needs_a_forward_pass_with_the_same_parameters),
		cmocka_unit_test(refused_calls_do_not_disturb_a_workspace),
		cmocka_unit_test(update_refuses_every_bad_argument),
		cmocka_unit_test(update_refuses_a_workspace_of_another_shape),
	};
	return cmocka_run_group_tests_name("errors of computations", tests, set_up, tear_down);
}
