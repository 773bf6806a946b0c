/* The line search alone, on functions of one number: what it ends at, however few evaluations it may take. */
#include "optimizer/line_search.h"

#include <math.h>

#include "support/test.h"

enum { MOST_TRIALS = 25 };

/* f and its slope at alpha */
typedef void (*function)(double alpha, double *value, double *slope);

static void bowl(double a, double *value, double *slope)
{
	*value = (a - 1) * (a - 1);
	*slope = 2 * (a - 1);
}

/* Its minimum is far beyond the first step. */
static void long_way(double a, double *value, double *slope)
{
	*value = (a - 700) * (a - 700) / 700;
	*slope = 2 * (a - 700) / 700;
}

/* And here far before it. */
static void narrow(double a, double *value, double *slope)
{
	*value = pow(1000 * a - 1, 4);
	*slope = 4000 * pow(1000 * a - 1, 3);
}

/* Descends into waves, each with a minimum of its own. */
static void waves(double a, double *value, double *slope)
{
	*value = -a / 10 + sin(40 * a) / 40 * exp(-a);
	*slope = -0.1 + cos(40 * a) * exp(-a) - sin(40 * a) / 40 * exp(-a);
	*value -= a;
	*slope -= 1;
}

/* Steep on both sides of a minimum that is never flat enough: points get lower, and others do not. */
static void edge(double a, double *value, double *slope)
{
	*value = pow(fabs(a - 0.37), 1.1) + 0.01 * sin(100 * a);
	*slope = 1.1 * copysign(pow(fabs(a - 0.37), 0.1), a - 0.37) + cos(100 * a);
}

/* A wall that no number describes. */
static void wall(double a, double *value, double *slope)
{
	*value = a < 0.3 ? (a - 0.2) * (a - 0.2) : (double)INFINITY;
	*slope = a < 0.3 ? 2 * (a - 0.2) : (double)NAN;
}

static const function functions[] = {bowl, long_way, narrow, waves, edge, wall};

enum { FUNCTIONS = sizeof(functions) / sizeof(functions[0]) };

struct trial {
	function f;
	int evaluations;
	double last, lowest; /* alpha of the last one; least value of those that decrease enough */
	struct mlp_point start;
	double c1;
};

static mlp_status evaluate(void *context, struct mlp_point *point)
{
	struct trial *trial = context;
	trial->evaluations++;
	trial->last = point->alpha;
	trial->f(point->alpha, &point->value, &point->slope);
	double bound = trial->start.value + trial->c1 * point->alpha * trial->start.slope;
	if (point->value <= bound && point->value < trial->lowest)
		trial->lowest = point->value;
	return MLP_OK;
}

/* Both conditions are "at most": here both sides are equal, and no digit is rounded. */
static void the_bounds_themselves_satisfy_the_conditions(void **state)
{
	(void)state;
	struct trial trial = {.f = bowl, .c1 = 0.25};
	bowl(0, &trial.start.value, &trial.start.slope);
	const struct mlp_line line = {.evaluate = evaluate,
				      .context = &trial,
				      .start = trial.start,
				      .c1 = trial.c1,
				      .c2 = 0.5,
				      .trials = MOST_TRIALS};
	struct mlp_point end;
	assert_ok(mlp_line_search(&line, 1.5, &end));
	assert_true(end.value == trial.start.value + line.c1 * 1.5 * trial.start.slope);
	assert_true(end.slope == -line.c2 * trial.start.slope);
	assert_int_equal(trial.evaluations, 1);
}

static void it_ends_at_the_lowest_point_that_it_has_seen(void **state)
{
	(void)state;
	const double firsts[] = {1e-3, 0.1, 1, 30};
	int once_more = 0;
	for (int f = 0; f < FUNCTIONS; f++)
		for (int i = 0; i < 4; i++)
			for (int trials = 1; trials <= MOST_TRIALS; trials++) {
				struct trial trial = {.f = functions[f], .c1 = 1e-4};
				trial.f(0, &trial.start.value, &trial.start.slope);
				trial.lowest = trial.start.value;
				struct mlp_line line = {.evaluate = evaluate,
							.context = &trial,
							.start = trial.start,
							.c1 = trial.c1,
							.c2 = 0.5,
							.trials = trials};
				struct mlp_point end;
				assert_ok(mlp_line_search(&line, firsts[i], &end));
				/* once more, perhaps, to be at the point where it ends */
				assert_in_range(trial.evaluations, 1, trials + 1);
				assert_true(end.value == trial.lowest);
				once_more += trial.evaluations > trials;
				if (end.alpha == 0) {
					assert_true(end.value == trial.start.value);
					continue;
				}
				assert_true(end.alpha == trial.last);
				double value, slope;
				trial.f(end.alpha, &value, &slope);
				assert_true(value == end.value && slope == end.slope);
				assert_true(value < trial.start.value);
			}
	assert_true(once_more > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_bounds_themselves_satisfy_the_conditions),
		cmocka_unit_test(it_ends_at_the_lowest_point_that_it_has_seen),
	};
	return cmocka_run_group_tests_name("line_search", tests, NULL, NULL);
}
