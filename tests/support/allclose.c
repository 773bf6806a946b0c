/* Comparing arrays: CMocka 1.1.5 compares floats only absolutely. */
#include <math.h>

#include "support/test.h"

/* How far beyond its tolerance a value is; <= 0: it is within. */
static double excess(double actual, double expected, double rtol, double atol)
{
	if (isnan(actual) || isnan(expected))
		return isnan(actual) && isnan(expected) ? 0 : (double)INFINITY;
	if (isinf(actual) || isinf(expected))
		return actual == expected ? 0 : (double)INFINITY;
	return fabs(actual - expected) - (atol + rtol * fabs(expected));
}

static void report(double actual, double expected, double over, size_t worst, size_t n,
		   const char *what, const char *file, int line)
{
	if (over <= 0)
		return;
	print_error("%s[%zu of %zu]: %.17g, expected %.17g (difference %.3g)\n", what, worst, n,
		    actual, expected, fabs(actual - expected));
	_fail(file, line);
}

void mlp_assert_allclose_f32(const float *actual, const float *expected, size_t n, double rtol,
			     double atol, const char *what, const char *file, int line)
{
	size_t worst = 0;
	double most = -1;
	for (size_t i = 0; i < n; i++) {
		double over = excess((double)actual[i], (double)expected[i], rtol, atol);
		if (over > most) {
			most = over;
			worst = i;
		}
	}
	if (n > 0)
		report((double)actual[worst], (double)expected[worst], most, worst, n, what, file,
		       line);
}

void mlp_assert_allclose_f64(const double *actual, const double *expected, size_t n, double rtol,
			     double atol, const char *what, const char *file, int line)
{
	size_t worst = 0;
	double most = -1;
	for (size_t i = 0; i < n; i++) {
		double over = excess(actual[i], expected[i], rtol, atol);
		if (over > most) {
			most = over;
			worst = i;
		}
	}
	if (n > 0)
		report(actual[worst], expected[worst], most, worst, n, what, file, line);
}
