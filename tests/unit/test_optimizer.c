/* Optimizers as objects: creation, names, numbers and their bounds, slots and scalars. */
#include <float.h>
#include <math.h>

#include "real.h"
#include "support/test.h"

enum { KINDS = MLP_LBFGS, HYPERS = MLP_HYPER_TRIALS };

static mlp_network *net;

static int set_up(void **state)
{
	(void)state;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){3, 4, 2}, 3, &net));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	mlp_network_free(net);
	return 0;
}

static mlp_optimizer *create(int kind)
{
	mlp_optimizer *optimizer;
	assert_ok(mlp_optimizer_create(net, (mlp_optimizer_kind)kind, &optimizer));
	return optimizer;
}

static void names_go_there_and_back(void **state)
{
	(void)state;
	const char *const kinds[] = {"sgd", "rmsprop", "adam", "adamw", "irprop-", "lbfgs"};
	const char *const hypers[] = {
		"eta",      "momentum",  "nesterov",     "rho",          "beta_1",    "beta_2",
		"epsilon",  "l2",        "weight_decay", "decay_biases", "clip_norm", "clip_value",
		"max_norm", "eta_minus", "eta_plus",     "delta_0",      "delta_min", "delta_max",
		"history",  "c1",        "c2",           "trials"};
	for (int i = 1; i <= KINDS; i++) {
		assert_string_equal(mlp_optimizer_name((mlp_optimizer_kind)i), kinds[i - 1]);
		assert_int_equal(mlp_optimizer_from_name(kinds[i - 1]), i);
	}
	for (int i = 1; i <= HYPERS; i++) {
		assert_string_equal(mlp_hyper_name((mlp_hyper)i), hypers[i - 1]);
		assert_int_equal(mlp_hyper_from_name(hypers[i - 1]), i);
	}
	const int none[] = {0, -1, 1000};
	for (int i = 0; i < 3; i++) {
		assert_null(mlp_optimizer_name((mlp_optimizer_kind)none[i]));
		assert_null(mlp_hyper_name((mlp_hyper)none[i]));
	}
	assert_null(mlp_optimizer_name((mlp_optimizer_kind)(KINDS + 1)));
	assert_null(mlp_hyper_name((mlp_hyper)(HYPERS + 1)));
	assert_int_equal(mlp_optimizer_from_name(NULL), 0);
	assert_int_equal(mlp_optimizer_from_name("Adam"), 0);
	assert_int_equal(mlp_hyper_from_name(NULL), 0);
	assert_int_equal(mlp_hyper_from_name("adam"), 0);
}

static void bad_creations_are_refused(void **state)
{
	(void)state;
	mlp_optimizer *optimizer = (mlp_optimizer *)state;
	assert_fails(MLP_ERR_NULL, "optimizer is NULL", mlp_optimizer_create(net, MLP_SGD, NULL));
	assert_fails(MLP_ERR_NULL, "net is NULL", mlp_optimizer_create(NULL, MLP_SGD, &optimizer));
	assert_null(optimizer);
	const int bad[] = {0, -1, KINDS + 1};
	for (int i = 0; i < 3; i++) {
		optimizer = (mlp_optimizer *)state;
		assert_fails(MLP_ERR_VALUE, "kind is",
			     mlp_optimizer_create(net, (mlp_optimizer_kind)bad[i], &optimizer));
		assert_null(optimizer);
	}
	mlp_optimizer_free(NULL);
}

static void getters_say_so_for_null(void **state)
{
	(void)state;
	assert_int_equal(mlp_optimizer_kind_of(NULL), 0);
	assert_fails(MLP_ERR_NULL, "optimizer is NULL", mlp_optimizer_set(NULL, MLP_HYPER_ETA, 1));
	assert_true(isnan(mlp_optimizer_get(NULL, MLP_HYPER_ETA)));
	assert_fails(MLP_ERR_NULL, "optimizer is NULL",
		     mlp_optimizer_bounds(NULL, MLP_HYPER_ETA, NULL, NULL));
	assert_fails(MLP_ERR_NULL, "optimizer is NULL", mlp_optimizer_reset(NULL));
	assert_int_equal(mlp_optimizer_steps(NULL), MLP_ERR_NULL);
	assert_int_equal(mlp_optimizer_slot_count(NULL), MLP_ERR_NULL);
	assert_null(mlp_optimizer_slot_name(NULL, 0));
	assert_null(FN(optimizer_slot)(NULL, 0));
	assert_int_equal(mlp_optimizer_scalar_count(NULL), MLP_ERR_NULL);
	assert_null(mlp_optimizer_scalar_name(NULL, 0));
	assert_true(isnan(mlp_optimizer_scalar(NULL, 0)));
	assert_fails(MLP_ERR_NULL, "optimizer is NULL", mlp_optimizer_set_scalar(NULL, 0, 1));
}

/* As the header has it. */
static const char *const owners[HYPERS + 1] = {
	[MLP_HYPER_ETA] = "1234",
	[MLP_HYPER_MOMENTUM] = "12",
	[MLP_HYPER_NESTEROV] = "1",
	[MLP_HYPER_RHO] = "2",
	[MLP_HYPER_BETA_1] = "34",
	[MLP_HYPER_BETA_2] = "34",
	[MLP_HYPER_EPSILON] = "234",
	[MLP_HYPER_L2] = "123456",
	[MLP_HYPER_WEIGHT_DECAY] = "1234",
	[MLP_HYPER_DECAY_BIASES] = "123456",
	[MLP_HYPER_CLIP_NORM] = "1234",
	[MLP_HYPER_CLIP_VALUE] = "1234",
	[MLP_HYPER_MAX_NORM] = "12345",
	[MLP_HYPER_ETA_MINUS] = "5",
	[MLP_HYPER_ETA_PLUS] = "5",
	[MLP_HYPER_DELTA_0] = "5",
	[MLP_HYPER_DELTA_MIN] = "5",
	[MLP_HYPER_DELTA_MAX] = "5",
	[MLP_HYPER_HISTORY] = "6",
	[MLP_HYPER_C1] = "6",
	[MLP_HYPER_C2] = "6",
	[MLP_HYPER_TRIALS] = "6",
};

static void check_bounds(mlp_optimizer *optimizer, mlp_hyper hyper)
{
	double lowest, highest, preset = mlp_optimizer_get(optimizer, hyper);
	assert_ok(mlp_optimizer_bounds(optimizer, hyper, &lowest, &highest));
	assert_ok(mlp_optimizer_bounds(optimizer, hyper, NULL, NULL));
	assert_true(lowest <= preset && preset <= highest);
	assert_true(isfinite((REAL)lowest) && isfinite((REAL)highest));
	const double good[] = {lowest, preset};
	for (int i = 0; i < 2; i++) {
		assert_ok(mlp_optimizer_set(optimizer, hyper, good[i]));
		assert_true(mlp_optimizer_get(optimizer, hyper) == good[i]);
	}
	if (hyper != MLP_HYPER_HISTORY)
		assert_ok(mlp_optimizer_set(optimizer, hyper, highest));
	assert_ok(mlp_optimizer_set(optimizer, hyper, preset));
	const double bad[] = {nextafter(lowest, -1e308), nextafter(highest, (double)INFINITY),
			      (double)NAN, (double)INFINITY, -(double)INFINITY};
	for (int i = 0; i < 5; i++) {
		assert_fails(MLP_ERR_VALUE, "out of the bounds",
			     mlp_optimizer_set(optimizer, hyper, bad[i]));
		assert_true(mlp_optimizer_get(optimizer, hyper) == preset);
	}
}

static void numbers_are_taken_within_their_bounds_by_those_who_have_them(void **state)
{
	(void)state;
	for (int kind = 1; kind <= KINDS; kind++) {
		mlp_optimizer *optimizer = create(kind);
		assert_int_equal(mlp_optimizer_kind_of(optimizer), kind);
		for (int hyper = 1; hyper <= HYPERS; hyper++) {
			if (strchr(owners[hyper], '0' + kind) != NULL) {
				check_bounds(optimizer, (mlp_hyper)hyper);
				continue;
			}
			assert_true(isnan(mlp_optimizer_get(optimizer, (mlp_hyper)hyper)));
			assert_fails(MLP_ERR_VALUE, mlp_hyper_name((mlp_hyper)hyper),
				     mlp_optimizer_set(optimizer, (mlp_hyper)hyper, 0.5));
			assert_fails(MLP_ERR_VALUE, "no hyper-parameter",
				     mlp_optimizer_bounds(optimizer, (mlp_hyper)hyper, NULL, NULL));
		}
		const int unknown[] = {0, -1, HYPERS + 1};
		for (int i = 0; i < 3; i++)
			assert_fails(MLP_ERR_VALUE, "unknown",
				     mlp_optimizer_set(optimizer, (mlp_hyper)unknown[i], 1));
		mlp_optimizer_free(optimizer);
	}
}

static void some_numbers_are_integers(void **state)
{
	(void)state;
	mlp_optimizer *sgd = create(MLP_SGD), *lbfgs = create(MLP_LBFGS);
	assert_fails(MLP_ERR_VALUE, "integer", mlp_optimizer_set(sgd, MLP_HYPER_NESTEROV, 0.5));
	assert_fails(MLP_ERR_VALUE, "integer", mlp_optimizer_set(sgd, MLP_HYPER_DECAY_BIASES, 0.5));
	assert_fails(MLP_ERR_VALUE, "integer", mlp_optimizer_set(lbfgs, MLP_HYPER_HISTORY, 2.5));
	assert_fails(MLP_ERR_VALUE, "integer", mlp_optimizer_set(lbfgs, MLP_HYPER_TRIALS, 2.5));
	mlp_optimizer_free(sgd);
	mlp_optimizer_free(lbfgs);
}

static void numbers_below_1_are_below_1_in_the_element_type(void **state)
{
	(void)state;
	double highest, lowest;
	mlp_optimizer *adam = create(MLP_ADAM);
	assert_ok(mlp_optimizer_bounds(adam, MLP_HYPER_BETA_1, NULL, &highest));
	assert_ok(mlp_optimizer_bounds(adam, MLP_HYPER_EPSILON, &lowest, NULL));
	assert_true((REAL)highest < 1 && (double)(REAL)highest == highest);
	assert_true((REAL)lowest > 0 && (double)(REAL)lowest == lowest);
	mlp_optimizer_free(adam);
}

static void defaults_are_those_of_the_header(void **state)
{
	(void)state;
	const struct {
		int kind;
		mlp_hyper hyper;
		double value;
	} presets[] = {
		{MLP_SGD, MLP_HYPER_ETA, 0.01},
		{MLP_RMSPROP, MLP_HYPER_ETA, 0.001},
		{MLP_RMSPROP, MLP_HYPER_RHO, 0.9},
		{MLP_ADAM, MLP_HYPER_ETA, 0.001},
		{MLP_ADAM, MLP_HYPER_BETA_1, 0.9},
		{MLP_ADAM, MLP_HYPER_BETA_2, 0.999},
		{MLP_ADAM, MLP_HYPER_EPSILON, 1e-8},
		{MLP_ADAM, MLP_HYPER_WEIGHT_DECAY, 0},
		{MLP_ADAMW, MLP_HYPER_WEIGHT_DECAY, 0.01},
		{MLP_IRPROP_MINUS, MLP_HYPER_ETA_MINUS, 0.5},
		{MLP_IRPROP_MINUS, MLP_HYPER_ETA_PLUS, 1.2},
		{MLP_IRPROP_MINUS, MLP_HYPER_DELTA_0, 0.0125},
		{MLP_IRPROP_MINUS, MLP_HYPER_DELTA_MIN, 1e-6},
		{MLP_IRPROP_MINUS, MLP_HYPER_DELTA_MAX, 50},
		{MLP_LBFGS, MLP_HYPER_HISTORY, 10},
		{MLP_LBFGS, MLP_HYPER_C1, 1e-4},
		{MLP_LBFGS, MLP_HYPER_C2, 0.9},
		{MLP_LBFGS, MLP_HYPER_TRIALS, 25},
	};
	for (int64_t i = 0; i < COUNT(presets); i++) {
		mlp_optimizer *optimizer = create(presets[i].kind);
		assert_true(mlp_optimizer_get(optimizer, presets[i].hyper) == presets[i].value);
		mlp_optimizer_free(optimizer);
	}
}

static void check_slots(int kind, int64_t count, const char *const *names)
{
	mlp_optimizer *optimizer = create(kind);
	int64_t n = mlp_network_parameter_count(net);
	assert_int_equal(mlp_optimizer_slot_count(optimizer), count);
	for (int64_t i = 0; i < count; i++) {
		REAL *slot = FN(optimizer_slot)(optimizer, i);
		assert_string_equal(mlp_optimizer_slot_name(optimizer, i), names[i]);
		assert_non_null(slot);
		assert_int_equal((uintptr_t)slot % 64, 0);
		assert_null(OTHER_FN(optimizer_slot)(optimizer, i));
		assert_non_null(strstr(mlp_last_error(), "the call is for f"));
		for (int64_t k = 0; k < n; k++) {
			assert_true(slot[k] == 0);
			slot[k] = (REAL)(i + 1);
		}
	}
	for (int64_t i = 0; i < count; i++) /* none lies over another */
		for (int64_t k = 0; k < n; k++)
			assert_true(FN(optimizer_slot)(optimizer, i)[k] == (REAL)(i + 1));
	const int64_t none[] = {-1, count, INT64_MAX};
	for (int i = 0; i < 3; i++) {
		assert_null(FN(optimizer_slot)(optimizer, none[i]));
		assert_null(mlp_optimizer_slot_name(optimizer, none[i]));
	}
	mlp_optimizer_free(optimizer);
}

static void slots_have_names_and_are_arrays_of_their_own(void **state)
{
	(void)state;
	check_slots(MLP_SGD, 1, (const char *const[]){"momentum"});
	check_slots(MLP_RMSPROP, 2, (const char *const[]){"square", "momentum"});
	check_slots(MLP_ADAM, 2, (const char *const[]){"mean", "square"});
	check_slots(MLP_ADAMW, 2, (const char *const[]){"mean", "square"});
	check_slots(MLP_IRPROP_MINUS, 2, (const char *const[]){"step_size", "gradient"});
	check_slots(
		MLP_LBFGS, 22,
		(const char *const[]){"parameters",  "gradient",    "history_s_0", "history_y_0",
				      "history_s_1", "history_y_1", "history_s_2", "history_y_2",
				      "history_s_3", "history_y_3", "history_s_4", "history_y_4",
				      "history_s_5", "history_y_5", "history_s_6", "history_y_6",
				      "history_s_7", "history_y_7", "history_s_8", "history_y_8",
				      "history_s_9", "history_y_9"});
}

static void history_can_be_set(void **state)
{
	(void)state;
	mlp_optimizer *optimizer = create(MLP_LBFGS);
	assert_ok(mlp_optimizer_set(optimizer, MLP_HYPER_HISTORY, 1024));
	assert_int_equal(mlp_optimizer_slot_count(optimizer), 2 + 2048);
	assert_string_equal(mlp_optimizer_slot_name(optimizer, 2049), "history_y_1023");
	assert_true(FN(optimizer_slot)(optimizer, 2049)[25] == 0);
	assert_ok(mlp_optimizer_set(optimizer, MLP_HYPER_HISTORY, 1));
	assert_int_equal(mlp_optimizer_slot_count(optimizer), 4);
	mlp_optimizer_free(optimizer);
}

static void scalars_are_restored_within_what_they_can_be(void **state)
{
	(void)state;
	const char *const names[] = {"steps", "pairs", "next",       "known",
				     "loss",  "value", "step_length"};
	const double most[] = {9007199254740992, 10, 9, 1};
	for (int kind = 1; kind <= KINDS; kind++) {
		mlp_optimizer *optimizer = create(kind);
		int64_t count = mlp_optimizer_scalar_count(optimizer);
		assert_int_equal(count, kind == MLP_LBFGS ? COUNT(names) : 1);
		for (int64_t i = 0; i < count; i++) {
			assert_string_equal(mlp_optimizer_scalar_name(optimizer, i), names[i]);
			assert_true(mlp_optimizer_scalar(optimizer, i) == 0);
			assert_fails(MLP_ERR_VALUE, "cannot be",
				     mlp_optimizer_set_scalar(optimizer, i, (double)NAN));
			assert_fails(MLP_ERR_VALUE, "cannot be",
				     mlp_optimizer_set_scalar(optimizer, i, (double)INFINITY));
			assert_ok(mlp_optimizer_set_scalar(optimizer, i, 1));
			assert_true(mlp_optimizer_scalar(optimizer, i) == 1);
			if (i >= COUNT(most))
				continue;
			assert_ok(mlp_optimizer_set_scalar(optimizer, i, most[i]));
			const double bad[] = {-1, 0.5, most[i] * 2 + 1};
			for (int k = 0; k < 3; k++)
				assert_fails(MLP_ERR_VALUE, "cannot be",
					     mlp_optimizer_set_scalar(optimizer, i, bad[k]));
			assert_true(mlp_optimizer_scalar(optimizer, i) == most[i]);
		}
		assert_int_equal(mlp_optimizer_steps(optimizer), INT64_C(1) << 53);
		assert_fails(MLP_ERR_INDEX, "scalar is -1",
			     mlp_optimizer_set_scalar(optimizer, -1, 0));
		assert_fails(MLP_ERR_INDEX, "scalar is",
			     mlp_optimizer_set_scalar(optimizer, count, 0));
		assert_null(mlp_optimizer_scalar_name(optimizer, count));
		assert_true(isnan(mlp_optimizer_scalar(optimizer, -1)));
		assert_ok(mlp_optimizer_reset(optimizer));
		assert_int_equal(mlp_optimizer_steps(optimizer), 0);
		mlp_optimizer_free(optimizer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_go_there_and_back),
		cmocka_unit_test(bad_creations_are_refused),
		cmocka_unit_test(getters_say_so_for_null),
		cmocka_unit_test(numbers_are_taken_within_their_bounds_by_those_who_have_them),
		cmocka_unit_test(some_numbers_are_integers),
		cmocka_unit_test(numbers_below_1_are_below_1_in_the_element_type),
		cmocka_unit_test(defaults_are_those_of_the_header),
		cmocka_unit_test(slots_have_names_and_are_arrays_of_their_own),
		cmocka_unit_test(history_can_be_set),
		cmocka_unit_test(scalars_are_restored_within_what_they_can_be),
	};
	return cmocka_run_group_tests_name("optimizer", tests, set_up, tear_down);
}
