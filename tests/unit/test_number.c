/* Numbers as text and back: against printf and strtod, bit by bit. */
#include "file/number.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "file/half.h"
#include "support/test.h"

enum { DRAWS = 20000 };

static double of_bits(uint64_t bits)
{
	double number;
	memcpy(&number, &bits, sizeof(number));
	return number;
}

static uint64_t draw_bits(uint64_t *state)
{
	uint64_t bits = 0;
	for (int i = 0; i < 8; i++)
		bits = bits << 8 | (uint64_t)random_integer(state, 0, 255);
	return bits;
}

static const double special[] = {0.0,
				 -0.0,
				 1,
				 -1,
				 0.1,
				 1e-3,
				 9.5,
				 99999999.5,
				 1e22,
				 DBL_MAX,
				 DBL_MIN,
				 -DBL_MAX,
				 0x1p-1074,
				 -0x1p-1074,
				 0x1.8p-1073,
				 FLT_MAX,
				 FLT_MIN,
				 0x1p-149,
				 9.9999999999999999e22,
				 0x1.fffffffffffffp-1,
				 1234567890123456.5};

/* Every number that is tried: special ones, then random bits, then ones near 1. */
static double number_at(int i, uint64_t *state)
{
	const int specials = (int)(sizeof(special) / sizeof(special[0]));
	if (i < specials)
		return special[i];
	return i % 2 == 0 ? of_bits(draw_bits(state)) : random_real(state);
}

static void hexadecimal_numbers_come_back_bit_for_bit(void **state)
{
	(void)state;
	uint64_t seed = 1;
	for (int i = 0; i < DRAWS; i++) {
		char text[MLP_NUMBER_SIZE];
		double number = number_at(i, &seed), back = 7;
		const char *at = text;
		mlp_print_hex(number, text);
		assert_true(mlp_parse_hex(&at, &back));
		assert_int_equal(*at, 0);
		if (isnan(number)) {
			assert_true(isnan(back));
			continue;
		}
		assert_memory_equal(&number, &back, sizeof(number));
		double by_c = strtod(text, NULL);
		assert_memory_equal(&number, &by_c, sizeof(number));
	}
}

static void decimal_numbers_are_those_of_printf(void **state)
{
	(void)state;
	uint64_t seed = 2;
	for (int i = 0; i < DRAWS; i++) {
		char text[MLP_NUMBER_SIZE];
		double number = number_at(i, &seed);
		if (!isfinite(number))
			continue;
		mlp_print_decimal(number, 17, text);
		double back = strtod(text, NULL);
		assert_memory_equal(&number, &back, sizeof(number));
		char expected[64]; /* 17 digits, rounded: the same number as ours to the last */
		snprintf(expected, sizeof(expected), "%.16e", number);
		assert_true(strtod(expected, NULL) == back);
		float narrow = (float)number, narrow_back;
		if (!isfinite(narrow))
			continue;
		mlp_print_decimal((double)narrow, 9, text);
		narrow_back = strtof(text, NULL);
		assert_memory_equal(&narrow, &narrow_back, sizeof(narrow));
	}
}

static void decimal_numbers_look_as_one_writes_them(void **state)
{
	(void)state;
	const struct {
		double number;
		int digits;
		const char *text;
	} cases[] = {
		{0, 9, "0.0"},
		{-0.0, 9, "-0.0"},
		{1, 9, "1.0"},
		{-2.5, 9, "-2.5"},
		{0.1, 17, "1.0000000000000001e-1"},
		{10, 9, "1.0e+1"},
		{0.5, 9, "5.0e-1"},
		{9.9996, 4, "1.0e+1"},
		{1e100, 9, "1.0e+100"},
		{123456, 3, "1.23e+5"},
		{123556, 3, "1.24e+5"},
		{5e-324, 17, "4.9406564584124654e-324"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[MLP_NUMBER_SIZE];
		mlp_print_decimal(cases[i].number, cases[i].digits, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void hexadecimal_numbers_look_as_c_and_python_read_them(void **state)
{
	(void)state;
	const struct {
		double number;
		const char *text;
	} cases[] = {
		{0, "0x0p+0"},
		{-0.0, "-0x0p+0"},
		{1, "0x1p+0"},
		{-2.5, "-0x1.4p+1"},
		{0.01, "0x1.47ae147ae147bp-7"},
		{0x1p-1074, "0x0.0000000000001p-1022"},
		{(double)INFINITY, "inf"},
		{-(double)INFINITY, "-inf"},
		{(double)NAN, "nan"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[MLP_NUMBER_SIZE];
		mlp_print_hex(cases[i].number, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void what_is_no_number_is_not_read(void **state)
{
	(void)state;
	const char *const wrong[] = {"",
				     "1",
				     "0x",
				     "0x2p+0",
				     "0x1",
				     "0x1p",
				     "0x1p+",
				     "0x1p0",
				     "0x1.p+0",
				     "0x1p+1024",
				     "-nan",
				     "+0x1p+0",
				     "0x1.00000000000000p+0",
				     "0x1p+99999999999999999999",
				     "- inf",
				     "0X1P+0",
				     " 0x1p+0",
				     "in",
				     "0x1,5p+0"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *text = wrong[i];
		double number;
		assert_false(mlp_parse_hex(&text, &number));
		assert_ptr_equal(text, wrong[i]);
	}
	const char *const not_whole[] = {"", "-1", "x", " 1", "18446744073709551616"};
	for (size_t i = 0; i < sizeof(not_whole) / sizeof(not_whole[0]); i++) {
		const char *text = not_whole[i];
		uint64_t number;
		assert_false(mlp_parse_unsigned(&text, &number));
	}
}

static void whole_numbers_go_there_and_back(void **state)
{
	(void)state;
	const uint64_t numbers[] = {0, 1, 10, 1234567890123456789U, UINT64_MAX};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		char text[MLP_NUMBER_SIZE];
		const char *at = text;
		uint64_t back;
		mlp_print_unsigned(numbers[i], text);
		assert_true(mlp_parse_unsigned(&at, &back));
		assert_true(back == numbers[i] && *at == '\0');
	}
}

/* All 65536 of them, by the definition of the format. */
static void half_precision_is_exact(void **state)
{
	(void)state;
	for (uint32_t half = 0; half <= 0xffff; half++) {
		const int exponent = (int)(half >> 10 & 31), mantissa = (int)(half & 0x3ff);
		double expected = exponent == 0 ? ldexp(mantissa, -24)
				  : exponent == 31
					  ? (mantissa == 0 ? (double)INFINITY : (double)NAN)
					  : ldexp(1024 + mantissa, exponent - 25);
		float number = mlp_float_of_f16((uint16_t)half);
		assert_int_equal(signbit(number) != 0, half >> 15);
		if (isnan(expected))
			assert_true(isnan(number));
		else
			assert_true((double)fabsf(number) == expected);
		float brain = mlp_float_of_bf16((uint16_t)half);
		uint32_t bits;
		memcpy(&bits, &brain, sizeof(bits));
		assert_int_equal(bits, half << 16);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hexadecimal_numbers_come_back_bit_for_bit),
		cmocka_unit_test(decimal_numbers_are_those_of_printf),
		cmocka_unit_test(decimal_numbers_look_as_one_writes_them),
		cmocka_unit_test(hexadecimal_numbers_look_as_c_and_python_read_them),
		cmocka_unit_test(what_is_no_number_is_not_read),
		cmocka_unit_test(whole_numbers_go_there_and_back),
		cmocka_unit_test(half_precision_is_exact),
	};
	return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
