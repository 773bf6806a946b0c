/* Schedules of the learning rate: settings, closed formulas, the plateau, state. */
#include <math.h>
#include <stdlib.h>

#include "support/test.h"

enum { ITEMS = 9 };

static mlp_rate_schedule *make(mlp_rate_schedule_kind kind)
{
	mlp_rate_schedule *schedule;
	assert_ok(mlp_rate_schedule_create(kind, &schedule));
	assert_non_null(schedule);
	return schedule;
}

static void assert_close(double actual, double expected)
{
	if (!(fabs(actual - expected) <= 1e-14 + 1e-14 * fabs(expected)))
		fail_msg("%.17g instead of %.17g", actual, expected);
}

static void set(mlp_rate_schedule *schedule, mlp_rate_schedule_item item, double value)
{
	assert_ok(mlp_rate_schedule_set(schedule, item, value));
	assert_true(mlp_rate_schedule_get(schedule, item) == value);
}

static void creation_tells_its_kind_and_refuses_unknown_ones(void **state)
{
	(void)state;
	for (int kind = MLP_RATE_CONSTANT; kind <= MLP_RATE_PLATEAU; kind++) {
		mlp_rate_schedule *schedule = make((mlp_rate_schedule_kind)kind);
		assert_int_equal(mlp_rate_schedule_kind_of(schedule), kind);
		assert_int_equal(mlp_rate_schedule_from_name(
					 mlp_rate_schedule_name((mlp_rate_schedule_kind)kind)),
				 kind);
		mlp_rate_schedule_free(schedule);
	}
	mlp_rate_schedule *schedule = (mlp_rate_schedule *)state;
	assert_fails(MLP_ERR_VALUE, "kind of schedule is 6, unknown",
		     mlp_rate_schedule_create((mlp_rate_schedule_kind)6, &schedule));
	assert_null(schedule);
	assert_fails(MLP_ERR_VALUE, "unknown",
		     mlp_rate_schedule_create((mlp_rate_schedule_kind)0, &schedule));
	assert_fails(MLP_ERR_NULL, "schedule is NULL",
		     mlp_rate_schedule_create(MLP_RATE_STEP, NULL));
	assert_null(mlp_rate_schedule_name((mlp_rate_schedule_kind)0));
	assert_null(mlp_rate_schedule_name((mlp_rate_schedule_kind)6));
	assert_null(mlp_rate_schedule_name((mlp_rate_schedule_kind)-1));
	assert_int_equal(mlp_rate_schedule_from_name("cosin"), 0);
	assert_int_equal(mlp_rate_schedule_from_name(NULL), 0);
	assert_int_equal(mlp_rate_schedule_kind_of(NULL), 0);
	mlp_rate_schedule_free(NULL);
}

/* The settings of each kind, by the numbers of mlp_rate_schedule_item. */
static const int has[][ITEMS + 1] = {
	[MLP_RATE_CONSTANT] = {0, 1, 1},
	[MLP_RATE_STEP] = {0, 1, 1, 1, 1},
	[MLP_RATE_EXPONENTIAL] = {0, 1, 1, 1},
	[MLP_RATE_COSINE] = {0, 1, 1, 0, 0, 1, 1},
	[MLP_RATE_PLATEAU] = {0, 1, 1, 1, 0, 0, 1, 1, 1, 1},
};

static void each_kind_has_its_settings_within_bounds_and_no_others(void **state)
{
	(void)state;
	for (int kind = MLP_RATE_CONSTANT; kind <= MLP_RATE_PLATEAU; kind++) {
		mlp_rate_schedule *schedule = make((mlp_rate_schedule_kind)kind);
		for (int i = -1; i <= ITEMS + 1; i++) {
			mlp_rate_schedule_item item = (mlp_rate_schedule_item)i;
			double low = 7, high = 7;
			if (i < 1 || i > ITEMS || !has[kind][i]) {
				assert_fails(MLP_ERR_VALUE, "has no setting",
					     mlp_rate_schedule_set(schedule, item, 1));
				assert_fails(MLP_ERR_VALUE, "has no setting",
					     mlp_rate_schedule_bounds(schedule, item, &low, &high));
				assert_true(isnan(mlp_rate_schedule_get(schedule, item)));
				assert_true(low == 7 && high == 7);
				continue;
			}
			assert_ok(mlp_rate_schedule_bounds(schedule, item, &low, &high));
			assert_ok(mlp_rate_schedule_bounds(schedule, item, NULL, NULL));
			double initial = mlp_rate_schedule_get(schedule, item);
			assert_true(initial >= low && initial <= high);
			const double wrong[] = {low == 0 ? -1e-300 : 0, NAN, INFINITY, -INFINITY,
						high < 2 ? 1.5 : INFINITY};
			for (size_t n = 0; n < sizeof(wrong) / sizeof(wrong[0]); n++)
				assert_fails(MLP_ERR_VALUE, ", must be ",
					     mlp_rate_schedule_set(schedule, item, wrong[n]));
			assert_true(mlp_rate_schedule_get(schedule, item) == initial);
			set(schedule, item, low);
			set(schedule, item, high);
		}
		mlp_rate_schedule_free(schedule);
	}
	mlp_rate_schedule *schedule = make(MLP_RATE_PLATEAU);
	assert_fails(MLP_ERR_VALUE, "1.50000",
		     mlp_rate_schedule_set(schedule, MLP_RATE_PATIENCE, 1.5));
	assert_fails(MLP_ERR_VALUE, "5.00000e-1",
		     mlp_rate_schedule_set(schedule, MLP_RATE_COOLDOWN, 0.5));
	mlp_rate_schedule_free(schedule);
	assert_fails(MLP_ERR_NULL, "schedule", mlp_rate_schedule_set(NULL, MLP_RATE_WARMUP, 1));
	assert_fails(MLP_ERR_NULL, "schedule",
		     mlp_rate_schedule_bounds(NULL, MLP_RATE_WARMUP, NULL, NULL));
	assert_true(isnan(mlp_rate_schedule_get(NULL, MLP_RATE_WARMUP)));
}

static void factors_follow_the_closed_formulas(void **state)
{
	(void)state;
	for (double warmup = 0; warmup <= 4; warmup += 2) {
		mlp_rate_schedule *constant = make(MLP_RATE_CONSTANT), *step = make(MLP_RATE_STEP),
				  *exponential = make(MLP_RATE_EXPONENTIAL),
				  *cosine = make(MLP_RATE_COSINE);
		mlp_rate_schedule *all[] = {constant, step, exponential, cosine};
		for (size_t i = 0; i < 4; i++) {
			set(all[i], MLP_RATE_WARMUP, warmup);
			set(all[i], MLP_RATE_WARMUP_FACTOR, 0.25);
		}
		set(step, MLP_RATE_EVERY, 3);
		set(step, MLP_RATE_FACTOR, 0.5);
		set(exponential, MLP_RATE_FACTOR, 0.9);
		set(cosine, MLP_RATE_EPOCHS, 20);
		set(cosine, MLP_RATE_LOWEST, 0.1);
		for (double t = 0; t <= 30; t += 0.25) {
			double u = t > warmup ? t - warmup : 0, end = 20 - warmup;
			double ramp = t < warmup ? 0.25 + 0.75 * t / warmup : 1;
			assert_close(mlp_rate_schedule_factor(constant, t), ramp);
			assert_close(mlp_rate_schedule_factor(step, t),
				     ramp * pow(0.5, floor(u / 3)));
			assert_close(mlp_rate_schedule_factor(exponential, t), ramp * pow(0.9, u));
			double fall = u < end ? 0.1 + 0.45 * (1 + cos(acos(-1) * u / end)) : 0.1;
			assert_close(mlp_rate_schedule_factor(cosine, t), ramp * fall);
		}
		for (size_t i = 0; i < 4; i++)
			mlp_rate_schedule_free(all[i]);
	}
	mlp_rate_schedule *cosine = make(MLP_RATE_COSINE);
	set(cosine, MLP_RATE_WARMUP, 5);
	set(cosine, MLP_RATE_EPOCHS, 3); /* over before it begins */
	assert_close(mlp_rate_schedule_factor(cosine, 5), 0);
	assert_true(isnan(mlp_rate_schedule_factor(cosine, -0.5)));
	assert_true(isnan(mlp_rate_schedule_factor(cosine, NAN)));
	assert_true(isnan(mlp_rate_schedule_factor(NULL, 0)));
	mlp_rate_schedule_free(cosine);
}

static void a_plateau_reduces_after_its_patience_and_not_below_the_lowest(void **state)
{
	(void)state;
	mlp_rate_schedule *plateau = make(MLP_RATE_PLATEAU);
	set(plateau, MLP_RATE_PATIENCE, 2);
	set(plateau, MLP_RATE_FACTOR, 0.5);
	set(plateau, MLP_RATE_COOLDOWN, 1);
	set(plateau, MLP_RATE_LOWEST, 0.2);
	set(plateau, MLP_RATE_MIN_DELTA, 0.01);
	/* 0.995 is no improvement on 1; three bad ones reduce; the next is not counted */
	const double values[] = {1, 0.995, 1, NAN, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0.5, 0.4, 0.39};
	const double expected[] = {1,    1,    1,    0.5, 0.5, 0.5, 0.5, 0.25,
				   0.25, 0.25, 0.25, 0.2, 0.2, 0.2, 0.2, 0.2};
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		assert_ok(mlp_rate_schedule_observe(plateau, values[i]));
		assert_close(mlp_rate_schedule_factor(plateau, (double)i + 1), expected[i]);
	}
	assert_ok(mlp_rate_schedule_reset(plateau));
	assert_close(mlp_rate_schedule_factor(plateau, 0), 1);
	mlp_rate_schedule_free(plateau);
	mlp_rate_schedule *step = make(MLP_RATE_STEP);
	for (int i = 0; i < 50; i++)
		assert_ok(mlp_rate_schedule_observe(step, 1));
	assert_close(mlp_rate_schedule_factor(step, 1), 1);
	mlp_rate_schedule_free(step);
	assert_fails(MLP_ERR_NULL, "schedule", mlp_rate_schedule_observe(NULL, 1));
	assert_fails(MLP_ERR_NULL, "schedule", mlp_rate_schedule_reset(NULL));
}

static void a_negative_best_value_improves_downward(void **state)
{
	(void)state;
	mlp_rate_schedule *plateau = make(MLP_RATE_PLATEAU);
	set(plateau, MLP_RATE_PATIENCE, 0);
	set(plateau, MLP_RATE_MIN_DELTA, 0.1);
	assert_ok(mlp_rate_schedule_observe(plateau, -1));
	assert_ok(mlp_rate_schedule_observe(plateau, -1.2));
	assert_close(mlp_rate_schedule_factor(plateau, 0), 1);
	assert_ok(mlp_rate_schedule_observe(plateau, -1.21));
	assert_close(mlp_rate_schedule_factor(plateau, 0), 0.1);
	mlp_rate_schedule_free(plateau);
}

static void minus_infinity_is_no_improvement(void **state)
{
	(void)state;
	mlp_rate_schedule *plateau = make(MLP_RATE_PLATEAU);
	set(plateau, MLP_RATE_PATIENCE, 1);
	assert_ok(mlp_rate_schedule_observe(plateau, -INFINITY));
	assert_ok(mlp_rate_schedule_observe(plateau, 1));
	assert_ok(mlp_rate_schedule_observe(plateau, -INFINITY));
	assert_close(mlp_rate_schedule_factor(plateau, 0), 1);
	assert_ok(mlp_rate_schedule_observe(plateau, INFINITY));
	assert_close(mlp_rate_schedule_factor(plateau, 0), 0.1);
	assert_ok(mlp_rate_schedule_observe(plateau, 0.5));
	assert_true(mlp_rate_schedule_state(plateau, 1) == 0.5);
	mlp_rate_schedule_free(plateau);
}

static void settings_and_state_copied_go_on_alike(void **state)
{
	(void)state;
	uint64_t seed = 5;
	mlp_rate_schedule *one = make(MLP_RATE_PLATEAU);
	set(one, MLP_RATE_PATIENCE, 1);
	set(one, MLP_RATE_COOLDOWN, 2);
	for (int i = 0; i < 40; i++) {
		mlp_rate_schedule *two = make(MLP_RATE_PLATEAU);
		for (int item = 1; item <= ITEMS; item++)
			if (has[MLP_RATE_PLATEAU][item])
				set(two, (mlp_rate_schedule_item)item,
				    mlp_rate_schedule_get(one, (mlp_rate_schedule_item)item));
		assert_int_equal(mlp_rate_schedule_state_count(one), 4);
		for (int64_t s = 0; s < 4; s++)
			assert_ok(mlp_rate_schedule_set_state(two, s,
							      mlp_rate_schedule_state(one, s)));
		double value = random_real(&seed);
		assert_ok(mlp_rate_schedule_observe(one, value));
		assert_ok(mlp_rate_schedule_observe(two, value));
		for (int64_t s = 0; s < 4; s++)
			assert_true(mlp_rate_schedule_state(one, s) ==
				    mlp_rate_schedule_state(two, s));
		mlp_rate_schedule_free(one);
		one = two;
	}
	mlp_rate_schedule_free(one);
}

static void a_state_that_cannot_be_is_refused(void **state)
{
	(void)state;
	mlp_rate_schedule *plateau = make(MLP_RATE_PLATEAU), *step = make(MLP_RATE_STEP);
	const char *const names[] = {"factor", "best", "bad", "cooldown"};
	for (int64_t i = 0; i < 4; i++) {
		assert_string_equal(mlp_rate_schedule_state_name(plateau, i), names[i]);
		assert_fails(MLP_ERR_VALUE, "never has",
			     mlp_rate_schedule_set_state(plateau, i, NAN));
		if (i != 1)
			assert_fails(MLP_ERR_VALUE, "never has",
				     mlp_rate_schedule_set_state(plateau, i, -1));
	}
	assert_fails(MLP_ERR_VALUE, "never has", mlp_rate_schedule_set_state(plateau, 0, 1.5));
	assert_fails(MLP_ERR_VALUE, "never has",
		     mlp_rate_schedule_set_state(plateau, 1, -INFINITY));
	assert_fails(MLP_ERR_VALUE, "never has", mlp_rate_schedule_set_state(plateau, 2, 1.5));
	assert_fails(MLP_ERR_INDEX, "value 4", mlp_rate_schedule_set_state(plateau, 4, 0));
	assert_fails(MLP_ERR_INDEX, "value -1", mlp_rate_schedule_set_state(plateau, -1, 0));
	assert_fails(MLP_ERR_INDEX, "value 0", mlp_rate_schedule_set_state(step, 0, 0));
	assert_fails(MLP_ERR_NULL, "schedule", mlp_rate_schedule_set_state(NULL, 0, 0));
	assert_fails(MLP_ERR_NULL, "schedule", mlp_rate_schedule_state_count(NULL));
	assert_int_equal(mlp_rate_schedule_state_count(step), 0);
	assert_null(mlp_rate_schedule_state_name(step, 0));
	assert_null(mlp_rate_schedule_state_name(plateau, 4));
	assert_true(isnan(mlp_rate_schedule_state(plateau, 4)));
	assert_true(isnan(mlp_rate_schedule_state(NULL, 0)));
	mlp_rate_schedule_free(plateau);
	mlp_rate_schedule_free(step);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(creation_tells_its_kind_and_refuses_unknown_ones),
		cmocka_unit_test(each_kind_has_its_settings_within_bounds_and_no_others),
		cmocka_unit_test(factors_follow_the_closed_formulas),
		cmocka_unit_test(a_plateau_reduces_after_its_patience_and_not_below_the_lowest),
		cmocka_unit_test(a_negative_best_value_improves_downward),
		cmocka_unit_test(minus_infinity_is_no_improvement),
		cmocka_unit_test(settings_and_state_copied_go_on_alike),
		cmocka_unit_test(a_state_that_cannot_be_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
