/* Losses and activations of extreme outputs, targets, weights and parameters: what is returned as a number is
 * that of the formula, in a type with more range; where the formula is beyond the type it is an error. */
#include "extreme.h"

/* Narrower and wider than a vector of any instruction set. */
static const size_t widths[] = {1, 2, 37};

enum { MOST_WIDTH = 37, ROWS = 3, WIDTHS = sizeof(widths) / sizeof(widths[0]) };

static const long double tolerance = sizeof(REAL) == 4 ? 3e-6L : 1e-13L;

/* ---- the formulas, stably, in long double --------------------------------------------------- */

static long double reference_one(mlp_loss loss, long double a, long double y, long double t,
				 long double *slope)
{
	const long double d = y - t, e = expl(-fabsl(y));
	switch (loss) {
	case MLP_SQUARED_ERROR:
		*slope = d;
		return d * d / 2;
	case MLP_ABSOLUTE_ERROR:
		*slope = d > 0 ? 1 : d < 0 ? -1 : d;
		return fabsl(d);
	case MLP_HUBER:
		*slope = d > a ? a : d < -a ? -a : d;
		return fabsl(d) > a ? a * (fabsl(d) - a / 2) : d * d / 2;
	case MLP_LOG_COSH:
		*slope = tanhl(d);
		return fabsl(d) < 1e-3L ? d * d / 2 - d * d * d * d / 12
					: fabsl(d) + log1pl(expl(-2 * fabsl(d))) - logl(2);
	case MLP_BINARY_CROSS_ENTROPY:
		*slope = (y < 0 ? e / (1 + e) : 1 / (1 + e)) - t;
		return (y < 0 ? 0 : y) - t * y + log1pl(e);
	default: /* MLP_POISSON */
		*slope = expl(y) - t;
		return expl(y) - t * y;
	}
}

static long double reference_entropy(const REAL *s, const REAL *t, size_t width,
				     long double *slopes)
{
	long double most = (long double)s[0], sum = 0, sum_t = 0, value = 0;
	for (size_t i = 1; i < width; i++)
		most = (long double)s[i] > most ? (long double)s[i] : most;
	for (size_t i = 0; i < width; i++) {
		slopes[i] = expl((long double)s[i] - most);
		sum += slopes[i];
		sum_t += (long double)t[i];
		if (t[i] != 0)
			value += (long double)t[i] * (most - (long double)s[i]);
	}
	for (size_t i = 0; i < width; i++)
		slopes[i] = slopes[i] / sum * sum_t - (long double)t[i];
	return value + sum_t * logl(sum);
}

struct row {
	long double value, slopes[MOST_WIDTH];
	bool far; /* a difference on the way is beyond the type */
};

static struct row reference_row(mlp_loss loss, REAL a, const REAL *y, const REAL *t, size_t width)
{
	struct row row = {0};
	if (loss == MLP_CROSS_ENTROPY)
		row.value = reference_entropy(y, t, width, row.slopes);
	for (size_t i = 0; i < width; i++) {
		const long double d = (long double)y[i] - (long double)t[i];
		row.far = row.far || fabsl(d) > (long double)REAL_MAX ||
			  fabsl((long double)y[i] - (long double)y[0]) > (long double)REAL_MAX;
		if (loss != MLP_CROSS_ENTROPY)
			row.value += reference_one(loss, (long double)a, (long double)y[i],
						   (long double)t[i], &row.slopes[i]);
	}
	return row;
}

/* ---- against the library -------------------------------------------------------------------- */

static bool is_representable(const struct row *row, size_t width)
{
	bool fits = isfinite((double)row->value);
	for (size_t i = 0; i < width; i++)
		fits = fits && isfinite((REAL)row->slopes[i]);
	return fits;
}

static bool is_near(long double actual, long double expected, long double scale)
{
	return fabsl(actual - expected) <=
	       tolerance * (fabsl(expected) + scale) + 4 * (long double)REAL_TRUE_MIN;
}

/* What rounding may leave of a value that is a difference of large terms. */
static long double terms(mlp_loss loss, const REAL *y, const REAL *t, size_t width)
{
	long double sum = 0;
	for (size_t i = 0; i < width; i++)
		if (loss == MLP_POISSON || loss == MLP_BINARY_CROSS_ENTROPY)
			sum += fabsl((long double)t[i] * (long double)y[i]) +
			       fabsl((long double)y[i]);
		else if (loss == MLP_CROSS_ENTROPY)
			sum += fabsl((long double)t[i]);
	return sum;
}

static void fail_row(mlp_loss loss, const REAL *y, const REAL *t, size_t width, mlp_status status,
		     double value, const struct row *expected)
{
	fail_msg("%s, width %zu: y %g %g, t %g %g: %s, value %g, expected %Lg, slope %Lg",
		 mlp_loss_name(loss), width, (double)y[0], (double)y[width - 1], (double)t[0],
		 (double)t[width - 1], mlp_status_name(status), value, expected->value,
		 expected->slopes[0]);
}

static bool target_is_allowed(mlp_loss loss, const REAL *t, size_t width)
{
	for (size_t i = 0; i < width; i++)
		if (mlp_loss_reads_logits(loss) == 1 &&
		    (t[i] < 0 || t[i] > (loss == MLP_BINARY_CROSS_ENTROPY ? 1 : REAL_MAX)))
			return false;
	return true;
}

static void check_row(mlp_loss loss, REAL a, const REAL *y, const REAL *t, size_t width)
{
	const int64_t n = (int64_t)width;
	REAL slopes[MOST_WIDTH];
	double value = 7;
	const struct row expected = reference_row(loss, a, y, t, width);
	const mlp_status status =
		FN(loss)(loss, (double)a, y, n, t, n, NULL, 1, n, MLP_SUM, &value, slopes, n);
	if (!target_is_allowed(loss, t, width)) {
		assert_int_equal(status, MLP_ERR_VALUE);
		assert_true(value == 7);
		return;
	}
	const bool fits = is_representable(&expected, width);
	bool right =
		status == MLP_OK ? fits : status == MLP_ERR_NONFINITE && (!fits || expected.far);
	if (status == MLP_OK)
		right = right &&
			is_near((long double)value, expected.value, terms(loss, y, t, width));
	for (size_t i = 0; i < width && status == MLP_OK; i++)
		right = right && is_near((long double)slopes[i], expected.slopes[i],
					 fabsl((long double)t[i]));
	if (!right)
		fail_row(loss, y, t, width, status, value, &expected);
}

static void every_loss_of_extreme_outputs_and_targets_is_right_or_an_error(void **state)
{
	(void)state;
	for (int loss = MLP_SQUARED_ERROR; loss <= MLP_POISSON; loss++)
		for (size_t w = 0; w < WIDTHS; w++)
			for (size_t at = 0; at < widths[w]; at += 18)
				for (int i = 0; i < EXTREMES; i++)
					for (int j = 0; j < EXTREMES; j++) {
						REAL y[MOST_WIDTH], t[MOST_WIDTH];
						for (size_t k = 0; k < MOST_WIDTH; k++) {
							y[k] = (REAL)0.25 * (REAL)(k % 5);
							t[k] = (REAL)(k % 2);
						}
						y[at] = extremes[i];
						t[at] = extremes[j];
						check_row((mlp_loss)loss, loss == MLP_HUBER, y, t,
							  widths[w]);
					}
}

static void every_huber_parameter_is_right_or_refused(void **state)
{
	(void)state;
	const REAL y[2] = {3, -4}, t[2] = {0, 1};
	for (int i = 0; i < DOUBLE_EXTREMES; i++) {
		const double a = double_extremes[i];
		double value;
		if (isfinite((REAL)a) && (REAL)a > 0)
			check_row(MLP_HUBER, (REAL)a, y, t, 2);
		else
			assert_fails(MLP_ERR_VALUE, "parameter",
				     FN(loss)(MLP_HUBER, a, y, 2, t, 2, NULL, 1, 2, MLP_SUM, &value,
					      NULL, 0));
	}
}

/* Label smoothing, and the parameter of losses that have none. */
static void every_other_parameter_is_taken_or_refused(void **state)
{
	(void)state;
	const REAL y[2] = {3, -4}, t[2] = {0, 1};
	const int64_t one = 1;
	for (int i = 0; i < DOUBLE_EXTREMES; i++)
		for (int loss = MLP_SQUARED_ERROR; loss <= MLP_POISSON; loss++) {
			const double a = double_extremes[i];
			const bool smooths = loss == MLP_CROSS_ENTROPY;
			const bool valid = smooths ? a >= 0 && (REAL)a < 1 : a == 0;
			const mlp_status expected = valid ? MLP_OK : MLP_ERR_VALUE;
			double value = 0;
			if (loss == MLP_HUBER)
				continue;
			assert_int_equal(FN(loss)((mlp_loss)loss, a, y, 2, t, 2, NULL, 1, 2,
						  MLP_SUM, &value, NULL, 0),
					 expected);
			assert_true(isfinite(value));
			if (smooths) {
				assert_int_equal(FN(loss_class)(MLP_CROSS_ENTROPY, a, y, 2, &one,
								NULL, 1, 2, MLP_SUM, &value, NULL,
								0),
						 expected);
				assert_true(isfinite(value));
			}
		}
}

/* Classes are targets of 0 and 1. */
static void every_class_loss_is_that_of_its_probabilities(void **state)
{
	(void)state;
	for (size_t w = 0; w < WIDTHS; w++)
		for (int i = 0; i < EXTREMES; i++)
			for (int64_t c = 0; c < (int64_t)widths[w]; c += 18) {
				const int64_t n = (int64_t)widths[w];
				REAL s[MOST_WIDTH] = {0, 1, -1}, t[MOST_WIDTH] = {0}, a[MOST_WIDTH],
				     b[MOST_WIDTH];
				double by_class = 0, by_value = 0;
				s[n / 2] = extremes[i];
				t[c] = 1;
				const mlp_status one = FN(loss_class)(MLP_CROSS_ENTROPY, 0, s, n,
								      &c, NULL, 1, n, MLP_SUM,
								      &by_class, a, n),
						 two = FN(loss)(MLP_CROSS_ENTROPY, 0, s, n, t, n,
								NULL, 1, n, MLP_SUM, &by_value, b,
								n);
				assert_int_equal(one, two);
				if (one != MLP_OK)
					continue;
				/* a compiler may join product and difference in one of them */
				assert_true(fabs(by_class - by_value) <=
					    REAL_EPSILON * fabs(by_value));
				for (size_t k = 0; k < widths[w]; k++)
					assert_true(fabs((double)a[k] - (double)b[k]) <=
						    REAL_EPSILON);
			}
}

/* sum w l / sum w, in long double. */
static void every_weight_counts_by_its_share_or_is_refused(void **state)
{
	(void)state;
	const REAL y[ROWS] = {1, 5, -3}, t[ROWS] = {0};
	for (int i = 0; i < EXTREMES; i++)
		for (int j = 0; j < EXTREMES; j++)
			for (int mean = 0; mean < 2; mean++) {
				const REAL w[ROWS] = {extremes[i], 1, extremes[j]};
				long double sum = 0, total = 0;
				bool valid = true;
				for (int n = 0; n < ROWS; n++) {
					valid = valid && isfinite(w[n]) && w[n] >= 0;
					sum += (long double)w[n] * fabsl((long double)y[n]);
					total += (long double)w[n];
				}
				valid = valid && total <= (long double)DBL_MAX;
				double value = 7;
				REAL slopes[ROWS];
				const mlp_status status =
					FN(loss)(MLP_ABSOLUTE_ERROR, 0, y, 1, t, 1, w, ROWS, 1,
						 mean ? MLP_MEAN : MLP_SUM, &value, slopes, 1);
				const long double expected = mean ? sum / total : sum;
				if (!valid) {
					assert_int_equal(status, MLP_ERR_VALUE);
					assert_true(value == 7);
					continue;
				}
				/* an honest error only where w l or its sum is beyond double */
				if (status != MLP_OK) {
					assert_int_equal(status, MLP_ERR_NONFINITE);
					assert_true(sum > (long double)DBL_MAX);
					continue;
				}
				if (!is_near((long double)value, expected, 0))
					fail_msg("weights %g %g: %g instead of %Lg", (double)w[0],
						 (double)w[2], value, expected);
				for (int n = 0; n < ROWS; n++)
					assert_true(is_near((long double)slopes[n],
							    (mean ? (long double)w[n] / total
								  : (long double)w[n]) *
								    (y[n] > 0 ? 1 : -1),
							    0));
			}
}

/* ---- activations ---------------------------------------------------------------------------- */

static long double reference_sigma(mlp_activation sigma, long double a, long double s)
{
	const long double c = 1.0507009873554804934193349852946L,
			  selu = 1.6732632423543772848170429916717L, e = expl(-fabsl(s));
	switch (sigma) {
	case MLP_IDENTITY:
		return s;
	case MLP_SIGMOID:
		return s < 0 ? e / (1 + e) : 1 / (1 + e);
	case MLP_TANH:
		return tanhl(s);
	case MLP_RELU:
		return s > 0 ? s : 0;
	case MLP_LEAKY_RELU:
		return s > 0 ? s : a == 0 ? 0 : a * s;
	case MLP_ELU:
		return s > 0 ? s : a * expm1l(s);
	case MLP_SELU:
		return s > 0 ? c * s : c * selu * expm1l(s);
	case MLP_SOFTPLUS:
		return (s > 0 ? s : 0) + log1pl(e);
	case MLP_SOFTSIGN:
		return isinf(s) ? copysignl(1, s) : s / (1 + fabsl(s));
	case MLP_GELU:
		return isinf(s) ? (s > 0 ? s : 0) : s * erfcl(-s / sqrtl(2)) / 2;
	case MLP_SILU:
		return s < 0 ? (isinf(s) ? 0 : s * e / (1 + e)) : s / (1 + e);
	default: /* MLP_SIN */
		return sinl(s);
	}
}

static void every_activation_of_extreme_sums_is_that_of_ieee_754(void **state)
{
	(void)state;
	for (int sigma = MLP_IDENTITY; sigma <= MLP_SIN; sigma++)
		for (int i = 0; i < EXTREMES; i++)
			for (int a = 0; a < 3; a++) {
				const bool takes_parameter =
					sigma == MLP_LEAKY_RELU || sigma == MLP_ELU;
				const REAL s = extremes[i], parameter = !takes_parameter ? 0
									: a == 0 ? (REAL)0.01
									: a == 1 ? REAL_TRUE_MIN
										 : 0;
				REAL x, slope;
				assert_ok(FN(activation)((mlp_activation)sigma, (double)parameter,
							 &s, 1, &x, &slope));
				const long double expected =
					isnan(s) ? (long double)NAN
						 : reference_sigma((mlp_activation)sigma,
								   (long double)parameter,
								   (long double)s);
				const bool right = isnan(expected) ? isnan(x)
						   : !isfinite((REAL)expected)
							   ? isinf(x) && (x > 0) == (expected > 0)
							   : is_near((long double)x, expected, 0);
				/* the derivative of the identity is 1 everywhere, at NaN too */
				if (!right || (isnan(slope) && !isnan(x)))
					fail_msg("%s of %g: %g, slope %g, expected %Lg",
						 mlp_activation_name((mlp_activation)sigma),
						 (double)s, (double)x, (double)slope, expected);
			}
}

static void every_activation_parameter_is_taken_or_refused(void **state)
{
	(void)state;
	const REAL s = -2;
	REAL x = 0;
	for (int i = 0; i < DOUBLE_EXTREMES; i++)
		for (int sigma = MLP_IDENTITY; sigma <= MLP_SIN; sigma++) {
			const double a = double_extremes[i];
			const bool takes_parameter = sigma == MLP_LEAKY_RELU || sigma == MLP_ELU;
			const bool valid = takes_parameter ? isfinite((REAL)a) && a >= 0 : a == 0;
			x = 7;
			assert_int_equal(FN(activation)((mlp_activation)sigma, a, &s, 1, &x, NULL),
					 valid ? MLP_OK : MLP_ERR_VALUE);
			if (!valid)
				assert_true(x == 7);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_loss_of_extreme_outputs_and_targets_is_right_or_an_error),
		cmocka_unit_test(every_huber_parameter_is_right_or_refused),
		cmocka_unit_test(every_other_parameter_is_taken_or_refused),
		cmocka_unit_test(every_class_loss_is_that_of_its_probabilities),
		cmocka_unit_test(every_weight_counts_by_its_share_or_is_refused),
		cmocka_unit_test(every_activation_of_extreme_sums_is_that_of_ieee_754),
		cmocka_unit_test(every_activation_parameter_is_taken_or_refused),
	};
	return cmocka_run_group_tests_name("extreme losses", tests, NULL, NULL);
}
