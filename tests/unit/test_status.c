/* Status names, and the formatter of error lines. */
#include "base/status.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "support/test.h"

static void every_status_has_its_name(void **state)
{
	(void)state;
	const struct {
		mlp_status status;
		int number; /* never renumbered */
		const char *name;
	} cases[] = {
		{MLP_OK, 0, "MLP_OK"},
		{MLP_ERR_NULL, -1, "MLP_ERR_NULL"},
		{MLP_ERR_VALUE, -2, "MLP_ERR_VALUE"},
		{MLP_ERR_SIZE, -3, "MLP_ERR_SIZE"},
		{MLP_ERR_OVERFLOW, -4, "MLP_ERR_OVERFLOW"},
		{MLP_ERR_STRIDE, -5, "MLP_ERR_STRIDE"},
		{MLP_ERR_DTYPE, -6, "MLP_ERR_DTYPE"},
		{MLP_ERR_INDEX, -7, "MLP_ERR_INDEX"},
		{MLP_ERR_BATCH, -8, "MLP_ERR_BATCH"},
		{MLP_ERR_SHAPE, -9, "MLP_ERR_SHAPE"},
		{MLP_ERR_STATE, -10, "MLP_ERR_STATE"},
		{MLP_ERR_LOSS, -11, "MLP_ERR_LOSS"},
		{MLP_ERR_NONFINITE, -12, "MLP_ERR_NONFINITE"},
		{MLP_ERR_MEMORY, -13, "MLP_ERR_MEMORY"},
		{MLP_ERR_VERSION, -14, "MLP_ERR_VERSION"},
		{MLP_ERR_BLAS, -15, "MLP_ERR_BLAS"},
		{MLP_ERR_SYSTEM, -16, "MLP_ERR_SYSTEM"},
		{MLP_ERR_IO, -17, "MLP_ERR_IO"},
		{MLP_ERR_FORMAT, -18, "MLP_ERR_FORMAT"},
		{MLP_ERR_LIMIT, -19, "MLP_ERR_LIMIT"},
		{MLP_ERR_CALLBACK, -20, "MLP_ERR_CALLBACK"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(cases[i].status, cases[i].number);
		assert_string_equal(mlp_status_name(cases[i].status), cases[i].name);
	}
}

static void numbers_that_are_no_status_are_unknown(void **state)
{
	(void)state;
	const int unknown[] = {1, -21, 1000, INT32_MIN, INT32_MAX};
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		assert_string_equal(mlp_status_name((mlp_status)unknown[i]), "unknown status");
}

static void failing_returns_the_status_and_leaves_the_line(void **state)
{
	(void)state;
	assert_int_equal(mlp_fail(MLP_ERR_BATCH, "plain"), MLP_ERR_BATCH);
	assert_string_equal(mlp_last_error(), "plain");
	assert_int_equal(mlp_fail_named(MLP_ERR_NULL, "w", " is NULL"), MLP_ERR_NULL);
	assert_string_equal(mlp_last_error(), "w is NULL");
	assert_int_equal(mlp_fail_real(MLP_ERR_VALUE, "no number", 1), MLP_ERR_VALUE);
	assert_string_equal(mlp_last_error(), "no number");
}

static void shorter_line_replaces_a_longer_one_completely(void **state)
{
	(void)state;
	mlp_fail(MLP_ERR_NULL, "a rather long line about %", 12345);
	mlp_fail(MLP_ERR_NULL, "short");
	assert_string_equal(mlp_last_error(), "short");
}

static void every_percent_sign_takes_the_next_number(void **state)
{
	(void)state;
	mlp_fail(MLP_ERR_SIZE, "%", 0);
	assert_string_equal(mlp_last_error(), "0");
	mlp_fail(MLP_ERR_SIZE, "%%%", 1, 20, 300);
	assert_string_equal(mlp_last_error(), "120300");
	mlp_fail_named(MLP_ERR_SIZE, "x", ": % of % (%) at %.", 1, -2, 3, -40);
	assert_string_equal(mlp_last_error(), "x: 1 of -2 (3) at -40.");
}

static void extreme_numbers_are_written_in_full(void **state)
{
	(void)state;
	const int64_t numbers[] = {0,         -1,        9,         10,         -10, 99, 1,   7,
				   INT64_MAX, INT64_MIN, INT32_MIN, -INT64_MAX, -9,  5,  100, 101};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		char expected[40];
		snprintf(expected, sizeof(expected), "[%lld]", (long long)numbers[i]);
		mlp_fail(MLP_ERR_SIZE, "[%]", numbers[i]);
		assert_string_equal(mlp_last_error(), expected);
	}
}

static void long_lines_are_cut_off_and_stay_terminated(void **state)
{
	(void)state;
	char text[1001], first[1001];
	for (int i = 0; i < 1000; i++)
		text[i] = (char)('a' + i % 26);
	text[1000] = '\0';
	mlp_fail(MLP_ERR_NULL, text);
	size_t length = strlen(mlp_last_error());
	assert_true(length >= 200 && length < 1000);
	assert_memory_equal(mlp_last_error(), text, length);
	mlp_fail_named(MLP_ERR_NULL, text, "tail");
	assert_int_equal(strlen(mlp_last_error()), length);
	memcpy(first, mlp_last_error(), length + 1);
	text[length - 3] = '%'; /* a number that does not fit any more */
	mlp_fail(MLP_ERR_NULL, text, INT64_MIN);
	assert_int_equal(strlen(mlp_last_error()), length);
	assert_memory_equal(mlp_last_error(), first, length - 3);
	assert_memory_equal(mlp_last_error() + length - 3, "-92", 3);
	mlp_fail_real(MLP_ERR_NULL, text, -1.5);
	assert_memory_equal(mlp_last_error() + length - 3, "-1.", 3);
}

/* The number in the line, which must be all of it. */
static double written(double number)
{
	char *end;
	mlp_fail_real(MLP_ERR_VALUE, "%", number);
	double read = strtod(mlp_last_error(), &end);
	if (*end != '\0' || end == mlp_last_error())
		fail_msg("\"%s\" is no number", mlp_last_error());
	const char *digits = mlp_last_error() + (mlp_last_error()[0] == '-');
	if (number - number == 0 && (digits[1] != '.' || strspn(digits + 2, "0123456789") != 5))
		fail_msg("\"%s\" has not six digits, one before the point", mlp_last_error());
	return read;
}

static void real_numbers_keep_five_digits(void **state)
{
	(void)state;
	const double numbers[] = {1,        0.1,      0.3,      2.0 / 3, 10,        99999,
				  999999.4, 999999.5, 999999.9, 1e5,     1e6,       1e22,
				  1e23,     1e-5,     1e-22,    1e-300,  1e-307,    DBL_MIN,
				  1e-310,   1.5e-323, 5e-324,   1e300,   1.7e308,   DBL_MAX,
				  9.99999,  9.999999, 9.999995, 1e-4,    9.9999e-5, 123456.5};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		for (int sign = -1; sign <= 1; sign += 2) {
			double number = sign * numbers[i], read = written(number);
			/* nothing is known below the smallest number: 5e-324 is 4.9e-324 */
			if (!(fabs(read - number) <= 0.6e-5 * fabs(number)))
				fail_msg("%.17g was written as \"%s\"", number, mlp_last_error());
		}
	}
}

static void real_numbers_of_every_magnitude_keep_five_digits(void **state)
{
	(void)state;
	uint64_t seed = 1;
	for (int exponent = -307; exponent <= 307; exponent++) {
		double number = (1 + 4.4 * (1 + random_real(&seed))) * pow(10, exponent);
		double read = written(number);
		if (!(fabs(read - number) <= 0.6e-5 * fabs(number)))
			fail_msg("%.17g was written as \"%s\"", number, mlp_last_error());
		/* powers of ten: where the exponent is easily one off */
		char power[16];
		snprintf(power, sizeof(power), "1e%d", exponent);
		number = strtod(power, NULL);
		read = written(number);
		if (!(fabs(read - number) <= 0.6e-5 * fabs(number)))
			fail_msg("%.17g was written as \"%s\"", number, mlp_last_error());
	}
}

static void zeros_infinities_and_nan_are_told_apart(void **state)
{
	(void)state;
	assert_true(written(0) == 0 && !signbit(written(0)));
	assert_true(written(-0.0) == 0 && signbit(written(-0.0)));
	assert_true(written((double)INFINITY) == (double)INFINITY);
	assert_true(written(-(double)INFINITY) == -(double)INFINITY);
	assert_true(isnan(written((double)NAN)));
	mlp_fail_real(MLP_ERR_VALUE, "a is %, not b", (double)NAN);
	assert_string_equal(mlp_last_error(), "a is nan, not b");
	mlp_fail_real(MLP_ERR_VALUE, "a is %, not b", -(double)INFINITY);
	assert_string_equal(mlp_last_error(), "a is -inf, not b");
}

static void a_beginning_goes_before_the_line_that_is_there(void **state)
{
	(void)state;
	mlp_fail(MLP_ERR_NONFINITE, "loss of row %", 5);
	assert_int_equal(mlp_fail_within(MLP_ERR_NONFINITE, "epoch %, batch %: ", 7, 3),
			 MLP_ERR_NONFINITE);
	assert_string_equal(mlp_last_error(), "epoch 7, batch 3: loss of row 5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_status_has_its_name),
		cmocka_unit_test(numbers_that_are_no_status_are_unknown),
		cmocka_unit_test(failing_returns_the_status_and_leaves_the_line),
		cmocka_unit_test(shorter_line_replaces_a_longer_one_completely),
		cmocka_unit_test(every_percent_sign_takes_the_next_number),
		cmocka_unit_test(extreme_numbers_are_written_in_full),
		cmocka_unit_test(long_lines_are_cut_off_and_stay_terminated),
		cmocka_unit_test(real_numbers_keep_five_digits),
		cmocka_unit_test(real_numbers_of_every_magnitude_keep_five_digits),
		cmocka_unit_test(zeros_infinities_and_nan_are_told_apart),
		cmocka_unit_test(a_beginning_goes_before_the_line_that_is_there),
	};
	return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
