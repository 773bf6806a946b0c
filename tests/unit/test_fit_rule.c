/* The numbers that mlp_fit and the command train by, where they change. */
#include <math.h>

#include "support/test.h"

static void batches_grow_with_the_rows(void **state)
{
	(void)state;
	const int64_t rows[] = {1, 499, 500, 1999, 2000, 19999, 20000, 199999, 200000, INT64_MAX};
	const int64_t batches[] = {16, 16, 32, 32, 64, 64, 128, 128, 256, 256};
	for (int i = 0; i < 10; i++)
		assert_int_equal(mlp_fit_batch(rows[i]), batches[i]);
}

static void epochs_are_for_ten_thousand_steps(void **state)
{
	(void)state;
	assert_int_equal(mlp_fit_epochs(1, 16), 1000);
	assert_int_equal(mlp_fit_epochs(160, 16), 1000);
	assert_int_equal(mlp_fit_epochs(320, 16), 500);
	assert_int_equal(mlp_fit_epochs(321, 16), 498);
	assert_int_equal(mlp_fit_epochs(60000, 128), 200);
	assert_int_equal(mlp_fit_epochs(1, INT64_MAX), 1000);
	assert_int_equal(mlp_fit_epochs(INT64_MAX, 1), 200);
}

static void penalties_shrink_with_the_rows(void **state)
{
	(void)state;
	assert_true(mlp_fit_l2(1) == 0.01 && mlp_fit_l2(1000) == 0.01);
	assert_true(mlp_fit_l2(4000) == 0.0025);
	assert_true(mlp_fit_l2(49999) > 0 && mlp_fit_l2(50000) == 0);
}

static void a_fifth_is_held_back_of_rows_that_are_not_too_few(void **state)
{
	(void)state;
	assert_true(mlp_fit_validation_fraction(19) == 0);
	assert_true(mlp_fit_validation_fraction(20) == 0.2);
	assert_int_equal(mlp_fit_patience(), 20);
}

static void counts_below_1_are_refused(void **state)
{
	(void)state;
	assert_fails(MLP_ERR_SIZE, "rows is 0", (mlp_status)mlp_fit_batch(0));
	assert_fails(MLP_ERR_SIZE, "rows is -1", (mlp_status)mlp_fit_epochs(-1, 16));
	assert_fails(MLP_ERR_SIZE, "batch is 0", (mlp_status)mlp_fit_epochs(16, 0));
	assert_true(isnan(mlp_fit_l2(0)) && isnan(mlp_fit_validation_fraction(0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(batches_grow_with_the_rows),
		cmocka_unit_test(epochs_are_for_ten_thousand_steps),
		cmocka_unit_test(penalties_shrink_with_the_rows),
		cmocka_unit_test(a_fifth_is_held_back_of_rows_that_are_not_too_few),
		cmocka_unit_test(counts_below_1_are_refused),
	};
	return cmocka_run_group_tests_name("fit rule", tests, NULL, NULL);
}
