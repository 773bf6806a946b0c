/* Numbers from text and to text, and lists of texts. */
#include <math.h>
#include <stdlib.h>

#include "data/strings.h"
#include "files.h"

static void assert_as_strtod(const char *text)
{
	double number;
	assert_true(text_to_number(text, strlen(text), &number));
	double expected = strtod(text, NULL);
	if (memcmp(&number, &expected, sizeof number) != 0)
		fail_msg("%s: %.17g instead of %.17g", text, number, expected);
}

static void numbers_are_rounded_as_by_strtod(void **state)
{
	(void)state;
	static const char *const texts[] = {"0",
					    "-0",
					    "1.",
					    ".5",
					    "+3",
					    "1e22",
					    "1e23",
					    "1e-22",
					    "9007199254740992",
					    "9007199254740993",
					    "0.000000000000000000000000000001",
					    "1e400",
					    "4.9e-324",
					    "1e-400",
					    "123456789012345678901234567890",
					    "1e0000000000000000000001",
					    "00000000000000000000000000012.5",
					    "1e99999999999",
					    "8.5070591730234616e37"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_as_strtod(texts[i]);
	uint64_t seed = 11;
	for (int i = 0; i < 200000; i++) {
		char text[64];
		double number = ldexp(random_real(&seed), (int)random_integer(&seed, -80, 80));
		snprintf(text, sizeof text, i % 2 == 0 ? "%.*g" : "%.*f",
			 (int)random_integer(&seed, 0, 20), number);
		assert_as_strtod(text);
	}
}

static void what_is_no_number(void **state)
{
	(void)state;
	static const char *const texts[] = {"",      " ",    "-",   "+-1", "1e",  "1e+",
					    "e5",    ".",    "1 2", "1,5", "0x1", "nan",
					    "1.2.3", "infi", "--1", "1f"};
	double number;
	int64_t integer;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_false(text_to_number(texts[i], strlen(texts[i]), &number));
		assert_false(text_to_integer(texts[i], strlen(texts[i]), &integer));
	}
	assert_false(text_to_integer("1.0", 3, &integer));
	assert_false(text_to_integer("9999999999999999999", 19, &integer));
	assert_true(text_to_integer("-12", 3, &integer));
	assert_int_equal(integer, -12);
	assert_true(text_to_number("-Infinity", 9, &number));
	assert_true(number == -INFINITY);
	assert_false(text_to_number_with("1,5.", 4, ',', &number));
	assert_false(text_to_number_with("1,5,", 4, ',', &number));
	assert_false(text_to_number_with("1\0,5", 4, ',', &number)); /* where a string would end */
	assert_true(text_to_number_with("1,5", 3, ',', &number));
	assert_true(number == 1.5);
}

static void texts_of_numbers_are_the_shortest_that_read_back(void **state)
{
	(void)state;
	char text[NUMBER_TEXT_SIZE];
	assert_string_equal(number_to_text(0.1, MLP_F64, text), "0.1");
	assert_string_equal(number_to_text((double)0.1F, MLP_F32, text), "0.1");
	assert_string_equal(number_to_text(3, MLP_F64, text), "3");
	assert_string_equal(number_to_text(1.0 / 3, MLP_F64, text), "0.3333333333333333");
	assert_string_equal(number_to_text((double)(1.0F / 3), MLP_F32, text), "0.33333334");
	assert_string_equal(number_to_text(-INFINITY, MLP_F64, text), "-inf");
	uint64_t seed = 3;
	for (int i = 0; i < 20000; i++) {
		double number = ldexp(random_real(&seed), (int)random_integer(&seed, -1000, 1000));
		assert_true(strtod(number_to_text(number, MLP_F64, text), NULL) == number);
		float single =
			(float)ldexp(random_real(&seed), (int)random_integer(&seed, -100, 100));
		assert_true(strtof(number_to_text((double)single, MLP_F32, text), NULL) == single);
	}
}

static void texts_have_numbers_by_arrival_then_by_order(void **state)
{
	(void)state;
	struct strings strings = {0};
	int64_t *order;
	assert_int_equal(strings_find(&strings, "a", 1), -1);
	for (int i = 999; i >= 0; i--) {
		char text[8];
		int length = snprintf(text, sizeof text, "%d", i);
		assert_int_equal(strings_add(&strings, text, (size_t)length), 999 - i);
		assert_int_equal(strings_add(&strings, text, (size_t)length), 999 - i);
	}
	assert_true(strings_sort(&strings, &order)); /* as numbers: 2 before 10 */
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(atoi(strings.texts[i]), i);
		assert_int_equal(order[999 - i], i);
		assert_int_equal(strings_find(&strings, strings.texts[i], strlen(strings.texts[i])),
				 i);
	}
	free(order);
	assert_int_equal(strings_add(&strings, "x", 1), 1000);
	assert_true(strings_sort(&strings, &order)); /* as texts: 10 before 2 */
	assert_int_equal(strings_find(&strings, "x", 1), 1000);
	assert_true(strings_find(&strings, "10", 2) < strings_find(&strings, "2", 1));
	free(order);
	strings_free(&strings);
}

static void quoted_texts_are_printable_and_short(void **state)
{
	(void)state;
	char quoted[DATA_QUOTE_SIZE];
	assert_string_equal(data_quote("caf\xc3\xa9", 5, quoted), "'caf\xc3\xa9'");
	assert_string_equal(data_quote("a\0b\n\xc3", 5, quoted), "'a\\x00b\\x0a\\xc3'");
	for (size_t length = 0; length < 100; length++) {
		char text[100];
		memset(text, length % 2 == 0 ? 'x' : 1, sizeof text);
		assert_true(strlen(data_quote(text, length, quoted)) < DATA_QUOTE_SIZE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_rounded_as_by_strtod),
		cmocka_unit_test(what_is_no_number),
		cmocka_unit_test(texts_of_numbers_are_the_shortest_that_read_back),
		cmocka_unit_test(texts_have_numbers_by_arrival_then_by_order),
		cmocka_unit_test(quoted_texts_are_printable_and_short),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
