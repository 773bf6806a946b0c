/* What the calls of an optimizer refuse: the status, and that neither network nor optimizer have changed. */
#include <math.h>

#include "real.h"
#include "refusal.h"

enum {
	IN = 3,
	HIDDEN = 4,
	OUT = 2,
	B = 3,
	P = HIDDEN * (IN + 1) + OUT * (HIDDEN + 1),
	KINDS = MLP_LBFGS
};

static struct {
	mlp_network *net;
	mlp_workspace *training, *inference;
	mlp_optimizer *optimizers[KINDS + 1];
	REAL x[B * IN], target[B * OUT], grad[P];
	int64_t classes[B];
	double value;
} f;

static int set_up(void **state)
{
	(void)state;
	uint64_t seed = 5;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){IN, HIDDEN, OUT}, 3, &f.net));
	assert_ok(mlp_workspace_create(f.net, B, MLP_TRAINING, &f.training));
	assert_ok(mlp_workspace_create(f.net, B, MLP_INFERENCE, &f.inference));
	for (int kind = 1; kind <= KINDS; kind++)
		assert_ok(
			mlp_optimizer_create(f.net, (mlp_optimizer_kind)kind, &f.optimizers[kind]));
	random_fill(&seed, f.x, B * IN, 1);
	random_fill(&seed, f.target, B * OUT, 1);
	random_fill(&seed, f.grad, P, 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (int kind = 1; kind <= KINDS; kind++)
		mlp_optimizer_free(f.optimizers[kind]);
	mlp_workspace_free(f.training);
	mlp_workspace_free(f.inference);
	mlp_network_free(f.net);
	return 0;
}

static mlp_status closure(void *context, const mlp_network *net, double *value, REAL *grad)
{
	(void)net;
	memcpy(grad, f.grad, sizeof(f.grad));
	*value = *(double *)context;
	return *value < 0 ? MLP_ERR_CALLBACK : MLP_OK;
}

static mlp_status update(mlp_optimizer *o, mlp_network *net, mlp_workspace *ws, const REAL *grad)
{
	return FN(optimizer_update)(o, net, ws, grad);
}

static mlp_status step(mlp_optimizer *o, mlp_network *net, mlp_workspace *ws)
{
	return FN(optimizer_step)(o, net, ws, f.x, IN, f.target, OUT, NULL, B, MLP_SQUARED_ERROR, 0,
				  MLP_MEAN, &f.value);
}

static mlp_status step_class(mlp_optimizer *o, mlp_network *net, mlp_workspace *ws)
{
	return FN(optimizer_step_class)(o, net, ws, f.x, IN, f.classes, NULL, B, MLP_CROSS_ENTROPY,
					0, MLP_MEAN, &f.value);
}

static mlp_status minimize(mlp_optimizer *o, mlp_network *net, mlp_workspace *ws)
{
	double value = 1;
	return FN(optimizer_minimize)(o, net, ws, closure, &value, NULL);
}

/* Nothing has been kept of any step. */
static void check_untouched(mlp_optimizer *o)
{
	assert_int_equal(mlp_optimizer_steps(o), 0);
	for (int64_t i = 0; i < mlp_optimizer_slot_count(o); i++)
		for (int k = 0; k < P; k++)
			assert_true(FN(optimizer_slot)(o, i)[k] == 0);
}

/* The call is refused, and neither network nor optimizer have changed. */
#define assert_kept(o, expected, words, call)                                                      \
	do {                                                                                       \
		assert_refused(f.net, expected, words, call);                                      \
		check_untouched(o);                                                                \
	} while (0)

#define FOR_ALL_KINDS(o)                                                                           \
	for (int kind = 1; kind <= KINDS; kind++)                                                  \
		for (mlp_optimizer *o = f.optimizers[kind]; o != NULL; o = NULL)

/* All calls with these three; an update of L-BFGS has a refusal of its own. */
#define ALL_CALLS(o, expected, words, with, net, ws)                                               \
	do {                                                                                       \
		assert_kept(o, expected, words, step(with, net, ws));                              \
		assert_kept(o, expected, words, step_class(with, net, ws));                        \
	} while (0)
#define ALL_UPDATES(o, expected, words, with, net, ws)                                             \
	do {                                                                                       \
		assert_kept(o, expected, words, update(with, net, ws, f.grad));                    \
		assert_kept(o, expected, words, minimize(with, net, ws));                          \
	} while (0)

static void what_every_call_refuses(void **state)
{
	(void)state;
	mlp_network *other, *wider, *deeper;
	mlp_workspace *strange;
	mlp_optimizer *for_other;
	assert_ok(mlp_network_create(OTHER_DTYPE, (const int64_t[]){IN, HIDDEN, OUT}, 3, &other));
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){IN, 5, OUT}, 3, &wider));
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){IN, HIDDEN, OUT, OUT}, 4,
				     &deeper));
	assert_ok(mlp_workspace_create(wider, B, MLP_TRAINING, &strange));
	assert_ok(mlp_optimizer_create(other, MLP_ADAM, &for_other));
	FOR_ALL_KINDS(o)
	{
		ALL_CALLS(o, MLP_ERR_NULL, "optimizer is NULL", NULL, f.net, f.training);
		ALL_UPDATES(o, MLP_ERR_NULL, "optimizer is NULL", NULL, f.net, f.training);
		ALL_CALLS(o, MLP_ERR_NULL, "net is NULL", o, NULL, f.training);
		ALL_UPDATES(o, MLP_ERR_NULL, "net is NULL", o, NULL, f.training);
		ALL_CALLS(o, MLP_ERR_DTYPE, "the call is for", o, other, f.training);
		ALL_UPDATES(o, MLP_ERR_DTYPE, "the call is for", o, other, f.training);
		ALL_CALLS(o, MLP_ERR_SHAPE, "optimizer is for n_1 = 4", o, wider, strange);
		ALL_UPDATES(o, MLP_ERR_SHAPE, "optimizer is for n_1 = 4", o, wider, NULL);
		ALL_UPDATES(o, MLP_ERR_SHAPE, "optimizer is for 2 layers", o, deeper, NULL);
		ALL_CALLS(o, MLP_ERR_SHAPE, "optimizer is for f", for_other, f.net, f.training);
		ALL_UPDATES(o, MLP_ERR_SHAPE, "optimizer is for f", for_other, f.net, NULL);
		ALL_CALLS(o, MLP_ERR_SHAPE, "workspace is for n_1", o, f.net, strange);
		ALL_UPDATES(o, MLP_ERR_SHAPE, "workspace is for n_1", o, f.net, strange);
		ALL_CALLS(o, MLP_ERR_NULL, "ws is NULL", o, f.net, NULL);
		ALL_CALLS(o, MLP_ERR_STATE, "inference", o, f.net, f.inference);
		assert_kept(o, MLP_ERR_NULL, "closure is NULL",
			    FN(optimizer_minimize)(o, f.net, NULL, NULL, NULL, NULL));
		assert_kept(o, MLP_ERR_NULL, "grad is NULL", update(o, f.net, NULL, NULL));
	}
	mlp_optimizer_free(for_other);
	mlp_workspace_free(strange);
	mlp_network_free(other);
	mlp_network_free(wider);
	mlp_network_free(deeper);
}

static void steps_check_their_data(void **state)
{
	(void)state;
#define STEP(x, ld_x, target, batch, loss, parameter, reduction)                                   \
	FN(optimizer_step)                                                                         \
	(o, f.net, f.training, x, ld_x, target, OUT, NULL, batch, loss, parameter, reduction, NULL)
	FOR_ALL_KINDS(o)
	{
		assert_kept(o, MLP_ERR_NULL, "x is NULL",
			    STEP(NULL, IN, f.target, B, MLP_SQUARED_ERROR, 0, MLP_MEAN));
		assert_kept(o, MLP_ERR_NULL, "target is NULL",
			    STEP(f.x, IN, NULL, B, MLP_SQUARED_ERROR, 0, MLP_MEAN));
		assert_kept(o, MLP_ERR_STRIDE,
			    "x: ", STEP(f.x, IN - 1, f.target, B, MLP_SQUARED_ERROR, 0, MLP_MEAN));
		assert_kept(o, MLP_ERR_BATCH, "batch is 4",
			    STEP(f.x, IN, f.target, B + 1, MLP_SQUARED_ERROR, 0, MLP_MEAN));
		assert_kept(o, MLP_ERR_SIZE, "batch is 0",
			    STEP(f.x, IN, f.target, 0, MLP_SQUARED_ERROR, 0, MLP_MEAN));
		assert_kept(o, MLP_ERR_VALUE, "Huber",
			    STEP(f.x, IN, f.target, B, MLP_HUBER, 0, MLP_MEAN));
		assert_kept(o, MLP_ERR_VALUE, "reduction",
			    STEP(f.x, IN, f.target, B, MLP_SQUARED_ERROR, 0, MLP_NONE));
		f.classes[1] = OUT;
		assert_kept(o, MLP_ERR_INDEX, "row 1", step_class(o, f.net, f.training));
		f.classes[1] = 0;
	}
}

static void lbfgs_needs_an_objective(void **state)
{
	(void)state;
	mlp_optimizer *o = f.optimizers[MLP_LBFGS];
	assert_kept(o, MLP_ERR_STATE, "objective", update(o, f.net, NULL, f.grad));
}

static void numbers_that_are_not_finite_change_nothing(void **state)
{
	(void)state;
	const REAL bad[] = {(REAL)NAN, (REAL)INFINITY, -(REAL)INFINITY};
	FOR_ALL_KINDS(o)
	{
		for (int i = 0; i < 3; i++) {
			REAL good_x = f.x[4], good_grad = f.grad[P - 1];
			f.x[4] = bad[i];
			assert_kept(o, MLP_ERR_NONFINITE, "", step(o, f.net, f.training));
			if (kind <= MLP_ADAMW) {
				assert_ok(mlp_optimizer_set(o, MLP_HYPER_CLIP_NORM, 1));
				assert_kept(o, MLP_ERR_NONFINITE, "", step(o, f.net, f.training));
				assert_ok(mlp_optimizer_set(o, MLP_HYPER_CLIP_NORM, 0));
			}
			f.x[4] = good_x;
			f.grad[P - 1] = bad[i];
			if (kind != MLP_LBFGS)
				assert_kept(o, MLP_ERR_NONFINITE, "gradient of layer 2",
					    update(o, f.net, NULL, f.grad));
			assert_kept(o, MLP_ERR_NONFINITE, "gradient of layer 2",
				    minimize(o, f.net, NULL));
			f.grad[P - 1] = good_grad;
			double value = (double)bad[i] < 0 ? (double)INFINITY : (double)bad[i];
			assert_kept(o, MLP_ERR_NONFINITE, "objective is not finite",
				    FN(optimizer_minimize)(o, f.net, NULL, closure, &value, NULL));
		}
		double value = -1;
		assert_kept(o, MLP_ERR_CALLBACK, "",
			    FN(optimizer_minimize)(o, f.net, NULL, closure, &value, NULL));
	}
}

#if MLP_REAL_BITS == 64
static void a_norm_that_is_no_number_changes_nothing(void **state)
{
	(void)state;
	mlp_optimizer *o = f.optimizers[MLP_ADAM];
	double good = f.grad[0];
	f.grad[0] = 1e200;
	assert_ok(mlp_optimizer_set(o, MLP_HYPER_CLIP_NORM, 1));
	assert_kept(o, MLP_ERR_NONFINITE, "norm", update(o, f.net, NULL, f.grad));
	assert_ok(mlp_optimizer_set(o, MLP_HYPER_CLIP_NORM, 0));
	f.grad[0] = good;
}
#endif

static void good_calls_are_good(void **state)
{
	(void)state;
	FOR_ALL_KINDS(o)
	{
		int64_t steps = 0;
		assert_ok(step(o, f.net, f.training));
		assert_ok(step_class(o, f.net, f.training));
		steps += 2;
		assert_true(isfinite(f.value));
		if (kind != MLP_LBFGS) {
			assert_ok(update(o, f.net, NULL, f.grad));
			assert_ok(update(o, f.net, f.training, f.grad));
			assert_ok(update(o, f.net, f.inference, f.grad));
			assert_ok(minimize(o, f.net, f.inference));
			steps += 4;
		}
		assert_int_equal(mlp_optimizer_steps(o), steps);
		assert_ok(mlp_network_set_frozen(f.net, MLP_ALL_LAYERS, 1));
		REAL before[P];
		assert_ok(FN(network_get_parameters)(f.net, before, P));
		assert_ok(step(o, f.net, f.training));
		assert_memory_equal(before, FN(network_parameters)(f.net), sizeof(before));
		assert_ok(mlp_network_set_frozen(f.net, MLP_ALL_LAYERS, 0));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_every_call_refuses),
		cmocka_unit_test(steps_check_their_data),
		cmocka_unit_test(lbfgs_needs_an_objective),
		cmocka_unit_test(numbers_that_are_not_finite_change_nothing),
#if MLP_REAL_BITS == 64
		cmocka_unit_test(a_norm_that_is_no_number_changes_nothing),
#endif
		cmocka_unit_test(good_calls_are_good),
	};
	return cmocka_run_group_tests_name("errors of optimizers", tests, set_up, tear_down);
}
