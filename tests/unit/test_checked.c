/* Sums and products of sizes, at the limit and one beyond it. */
#include "base/checked.h"

#include "support/test.h"

static void sums_reach_the_limit_and_no_more(void **state)
{
	(void)state;
	int64_t sum = -1;
	assert_true(mlp_checked_add(3, 4, 7, &sum));
	assert_int_equal(sum, 7);
	assert_false(mlp_checked_add(3, 5, 7, &sum));
	assert_false(mlp_checked_add(8, 0, 7, &sum));
	assert_false(mlp_checked_add(0, 8, 7, &sum));
	assert_int_equal(sum, 7);
	assert_true(mlp_checked_add(INT64_MAX - 1, 1, INT64_MAX, &sum));
	assert_true(sum == INT64_MAX);
	assert_false(mlp_checked_add(INT64_MAX, 1, INT64_MAX, &sum));
}

static void products_reach_the_limit_and_no_more(void **state)
{
	(void)state;
	int64_t product = -1;
	assert_true(mlp_checked_multiply(3, 4, 12, &product));
	assert_int_equal(product, 12);
	assert_true(mlp_checked_multiply(3, 4, 14, &product));
	assert_false(mlp_checked_multiply(3, 4, 11, &product));
	assert_false(mlp_checked_multiply(5, 1, 4, &product));
	assert_int_equal(product, 12);
	assert_true(mlp_checked_multiply(INT64_MAX, 0, 0, &product));
	assert_int_equal(product, 0);
	assert_true(mlp_checked_multiply(0, INT64_MAX, 0, &product));
	assert_true(mlp_checked_multiply(INT64_MAX, 1, INT64_MAX, &product));
	assert_false(mlp_checked_multiply(INT64_C(1) << 32, INT64_C(1) << 31, INT64_MAX, &product));
}

static void sums_of_products_reach_the_limit_and_no_more(void **state)
{
	(void)state;
	int64_t sum = 2;
	assert_true(mlp_checked_multiply_add(3, 4, 14, &sum));
	assert_int_equal(sum, 14);
	assert_false(mlp_checked_multiply_add(1, 1, 14, &sum));
	assert_false(mlp_checked_multiply_add(INT64_MAX, 2, INT64_MAX, &sum));
	assert_int_equal(sum, 14);
	assert_true(mlp_checked_multiply_add(0, 5, 14, &sum));
	assert_int_equal(sum, 14);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_reach_the_limit_and_no_more),
		cmocka_unit_test(products_reach_the_limit_and_no_more),
		cmocka_unit_test(sums_of_products_reach_the_limit_and_no_more),
	};
	return cmocka_run_group_tests_name("checked", tests, NULL, NULL);
}
