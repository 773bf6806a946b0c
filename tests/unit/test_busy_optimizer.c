/* An optimizer in the middle of an iteration: what would pull the ground from under it is refused, and the
 * iteration ends as if nothing had been tried. */
#include <math.h>

#include "real.h"
#include "support/test.h"

enum { P = 3 * 4 + 4 + 4 * 2 + 2, KINDS = MLP_LBFGS, STEPS = 6 };

static const char at_work[] = "the optimizer is at work";

struct meddler {
	mlp_optimizer *optimizer; /* NULL: a closure that leaves it alone */
	mlp_network *net;
	mlp_workspace *ws;
	int calls;
};

static mlp_status closure(void *context, const mlp_network *net, double *value, REAL *grad);

static void meddle(const struct meddler *m)
{
	const REAL zeros[8] = {0};
	REAL grad[P] = {0};
	assert_fails(MLP_ERR_STATE, at_work, mlp_optimizer_reset(m->optimizer));
	assert_fails(MLP_ERR_STATE, at_work, mlp_optimizer_set_scalar(m->optimizer, 0, 3));
	for (int hyper = 1; hyper <= MLP_HYPER_TRIALS; hyper++) {
		double lowest;
		if (mlp_optimizer_bounds(m->optimizer, (mlp_hyper)hyper, &lowest, NULL) == MLP_OK)
			assert_fails(MLP_ERR_STATE, at_work,
				     mlp_optimizer_set(m->optimizer, (mlp_hyper)hyper, lowest));
	}
	assert_fails(MLP_ERR_STATE, at_work,
		     FN(optimizer_update)(m->optimizer, m->net, NULL, grad));
	assert_fails(MLP_ERR_STATE, at_work,
		     FN(optimizer_step)(m->optimizer, m->net, m->ws, zeros, 3, zeros, 2, NULL, 1,
					MLP_SQUARED_ERROR, 0, MLP_MEAN, NULL));
	assert_fails(MLP_ERR_STATE, at_work,
		     FN(optimizer_minimize)(m->optimizer, m->net, NULL, closure, (void *)m, NULL));
	/* what only looks may look */
	assert_true(mlp_optimizer_steps(m->optimizer) >= 0);
	assert_non_null(FN(optimizer_slot)(m->optimizer, 0));
}

/* Sum of (i + 1) (w_i - 1)^2 + (w_i - 1)^4. */
static mlp_status closure(void *context, const mlp_network *net, double *value, REAL *grad)
{
	struct meddler *m = context;
	const REAL *w = FN(network_const_parameters)(net);
	m->calls++;
	if (m->optimizer != NULL)
		meddle(m);
	*value = 0;
	for (int i = 0; i < P; i++) {
		double d = (double)w[i] - 1;
		*value += (i + 1) * d * d + d * d * d * d;
		grad[i] = (REAL)(2 * (i + 1) * d + 4 * d * d * d);
	}
	return MLP_OK;
}

static mlp_network *make(void)
{
	mlp_network *net;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){3, 4, 2}, 3, &net));
	return net;
}

static void an_iteration_ends_as_if_nothing_had_been_tried(void **state)
{
	(void)state;
	for (int kind = 1; kind <= KINDS; kind++) {
		mlp_network *net = make(), *calm = make();
		mlp_optimizer *optimizer, *undisturbed;
		struct meddler meddler = {.net = net}, quiet = {0};
		assert_ok(mlp_workspace_create(net, 1, MLP_TRAINING, &meddler.ws));
		assert_ok(mlp_optimizer_create(net, (mlp_optimizer_kind)kind, &optimizer));
		assert_ok(mlp_optimizer_create(net, (mlp_optimizer_kind)kind, &undisturbed));
		meddler.optimizer = optimizer;
		for (int i = 0; i < STEPS; i++) {
			double value, other;
			assert_ok(FN(optimizer_minimize)(optimizer, net, NULL, closure, &meddler,
							 &value));
			assert_ok(FN(optimizer_minimize)(undisturbed, calm, NULL, closure, &quiet,
							 &other));
			assert_true(value == other);
			assert_memory_equal(FN(network_const_parameters)(net),
					    FN(network_const_parameters)(calm), P * sizeof(REAL));
		}
		assert_int_equal(meddler.calls, quiet.calls);
		assert_int_equal(mlp_optimizer_steps(optimizer), STEPS);
		mlp_optimizer_free(optimizer);
		mlp_optimizer_free(undisturbed);
		mlp_workspace_free(meddler.ws);
		mlp_network_free(net);
		mlp_network_free(calm);
	}
}

static mlp_status failing(void *context, const mlp_network *net, double *value, REAL *grad)
{
	(void)net;
	(void)grad;
	*value = 0;
	return *(mlp_status *)context;
}

static void after_a_failure_it_is_at_work_no_more(void **state)
{
	(void)state;
	mlp_network *net = make();
	for (int kind = 1; kind <= KINDS; kind++) {
		mlp_optimizer *optimizer;
		mlp_status status = MLP_ERR_CALLBACK;
		assert_ok(mlp_optimizer_create(net, (mlp_optimizer_kind)kind, &optimizer));
		assert_int_equal(
			FN(optimizer_minimize)(optimizer, net, NULL, failing, &status, NULL),
			MLP_ERR_CALLBACK);
		assert_ok(mlp_optimizer_reset(optimizer));
		assert_ok(mlp_optimizer_set_scalar(optimizer, 0, 3));
		if (kind == MLP_LBFGS)
			assert_ok(mlp_optimizer_set(optimizer, MLP_HYPER_HISTORY, 3));
		mlp_optimizer_free(optimizer);
	}
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_iteration_ends_as_if_nothing_had_been_tried),
		cmocka_unit_test(after_a_failure_it_is_at_work_no_more),
	};
	return cmocka_run_group_tests_name("busy optimizer", tests, NULL, NULL);
}
