/* Orders of rows: every row once, every order as likely as any other, the same for the same seed and epoch. */
#include "property/training.h"
#include "trainer/shuffle.h"

/* Rows that train, in the order of an epoch. */
static void order_of(int64_t *order, int64_t rows, uint64_t seed, int64_t epoch, bool shuffles)
{
	for (int64_t n = 0; n < rows; n++)
		order[n] = n;
	if (shuffles)
		mlp_shuffle(order, rows, seed, epoch);
}

static void an_epoch_has_every_row_once_in_an_order_of_its_own(void **state)
{
	(void)state;
	int64_t before[ROWS], order[ROWS];
	order_of(before, ROWS, 1, 0, false);
	for (int64_t epoch = 1; epoch < 50; epoch++) {
		bool seen[ROWS] = {false};
		order_of(order, ROWS, 1, epoch, true);
		for (int64_t n = 0; n < ROWS; n++) {
			assert_in_range(order[n], 0, ROWS - 1);
			assert_false(seen[order[n]]);
			seen[order[n]] = true;
		}
		assert_memory_not_equal(order, before, sizeof(order));
		memcpy(before, order, sizeof(order));
		order_of(order, ROWS, 1, epoch, true);
		assert_memory_equal(order, before, sizeof(order));
		order_of(order, ROWS, 2, epoch, true);
		assert_memory_not_equal(order, before, sizeof(order));
	}
}

/* Every one of the 24 orders of 4 rows comes about equally often: chi-squared with 23 degrees of freedom. */
static void every_order_is_equally_likely(void **state)
{
	(void)state;
	int counts[256] = {0};
	const int draws = 24000;
	for (int64_t epoch = 0; epoch < draws; epoch++) {
		int64_t o[4];
		order_of(o, 4, 9, epoch, true);
		counts[o[0] * 64 + o[1] * 16 + o[2] * 4 + o[3]]++;
	}
	double chi = 0;
	int found = 0;
	for (int i = 0; i < 256; i++)
		if (counts[i] > 0) {
			chi += (counts[i] - 1000.0) * (counts[i] - 1000.0) / 1000.0;
			found++;
		}
	assert_int_equal(found, 24);
	assert_true(chi < 50); /* once in a thousand seeds */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_epoch_has_every_row_once_in_an_order_of_its_own),
		cmocka_unit_test(every_order_is_equally_likely),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
