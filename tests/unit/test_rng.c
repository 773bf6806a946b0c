/* The random numbers: the published generator, its streams, and their distributions. */
#include "base/rng.h"

#include <math.h>

#include "support/test.h"

/* Blackman and Vigna's xoshiro256starstar.c from the state 1, 2, 3, 4. */
static void generator_is_xoshiro256_starstar(void **state)
{
	(void)state;
	const uint64_t published[] = {11520U,
				      0U,
				      1509978240U,
				      1215971899390074240U,
				      1216172134540287360U,
				      607988272756665600U,
				      16172922978634559625U,
				      8476171486693032832U,
				      10595114339597558777U,
				      2904607092377533576U};
	struct mlp_rng rng = {.state = {1, 2, 3, 4}};
	for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++)
		assert_true(mlp_rng_next(&rng) == published[i]);
}

static void seeding_is_as_in_every_earlier_version(void **state)
{
	(void)state;
	struct mlp_rng rng;
	mlp_rng_seed(&rng, 7, 3);
	assert_true(mlp_rng_next(&rng) == 0x25ce019f28f873d0U);
	assert_true(mlp_rng_next(&rng) == 0xf90b55b952b51d8dU);
	assert_true(mlp_rng_next(&rng) == 0x3a2076c5c2f92a38U);
}

static void seeding_starts_all_over(void **state)
{
	(void)state;
	struct mlp_rng rng;
	mlp_rng_seed(&rng, 7, 3);
	double first = mlp_rng_normal(&rng); /* leaves the second of its pair behind */
	assert_true(rng.has_spare);
	mlp_rng_seed(&rng, 7, 3);
	assert_true(mlp_rng_normal(&rng) == first);
}

static void streams_differ_and_swapping_seed_and_stream_matters(void **state)
{
	(void)state;
	enum { N = 20 };
	uint64_t seen[N * N];
	for (uint64_t seed = 0; seed < N; seed++) {
		for (uint64_t stream = 0; stream < N; stream++) {
			struct mlp_rng rng;
			mlp_rng_seed(&rng, seed, stream);
			seen[seed * N + stream] = mlp_rng_next(&rng);
		}
	}
	for (int i = 0; i < N * N; i++)
		for (int j = 0; j < i; j++)
			assert_true(seen[i] != seen[j]);
}

static void no_seed_gives_the_forbidden_state_zero(void **state)
{
	(void)state;
	const uint64_t seeds[] = {0, 1, 0x9e3779b97f4a7c15U, 0x61c8864680b583ebU, UINT64_MAX};
	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
		struct mlp_rng rng;
		mlp_rng_seed(&rng, seeds[i], 0);
		assert_true((rng.state[0] | rng.state[1] | rng.state[2] | rng.state[3]) != 0);
	}
}

static void uniform_numbers_lie_in_0_to_1_without_1(void **state)
{
	(void)state;
	enum { N = 100000 };
	struct mlp_rng rng;
	mlp_rng_seed(&rng, 1, 1);
	double mean = 0, square = 0, low = 1, high = 0;
	for (int i = 0; i < N; i++) {
		double u = mlp_rng_uniform(&rng);
		assert_true(u >= 0 && u < 1);
		assert_true(u * 0x1p53 == floor(u * 0x1p53)); /* a multiple of 2^-53 */
		mean += u / N;
		square += (u - 0.5) * (u - 0.5) / N;
		low = fmin(low, u);
		high = fmax(high, u);
	}
	assert_true(fabs(mean - 0.5) < 5 * sqrt(1.0 / 12 / N));
	assert_true(fabs(square * 12 - 1) < 5 * sqrt(0.8 / N));
	assert_true(low < 1e-3 && high > 1 - 1e-3);
	/* the extremes: all bits 0, all bits 1 */
	struct mlp_rng zero = {.state = {1, 0, 3, 4}};
	assert_true(mlp_rng_uniform(&zero) == 0);
}

static void normal_numbers_have_the_moments_and_the_tails_of_the_normal(void **state)
{
	(void)state;
	enum { N = 200000 };
	struct mlp_rng rng;
	mlp_rng_seed(&rng, 2, 1);
	double m1 = 0, m2 = 0, m3 = 0, m4 = 0, previous = 0, product = 0;
	int within[3] = {0};
	for (int i = 0; i < N; i++) {
		double z = mlp_rng_normal(&rng);
		m1 += z / N;
		m2 += z * z / N;
		m3 += z * z * z / N;
		m4 += z * z * z * z / N;
		product += z * previous / N;
		previous = z;
		for (int k = 0; k < 3; k++)
			within[k] += fabs(z) < k + 1;
	}
	double error = 5 / sqrt(N);
	assert_true(fabs(m1) < error);
	assert_true(fabs(m2 - 1) < error * sqrt(2));
	assert_true(fabs(m3) < error * sqrt(15));
	assert_true(fabs(m4 - 3) < error * sqrt(96));
	assert_true(fabs(product) < error); /* the two numbers of a pair are independent */
	for (int k = 0; k < 3; k++) {
		double expected = erf((k + 1) / sqrt(2));
		assert_true(fabs((double)within[k] / N - expected) <
			    error * sqrt(expected * (1 - expected)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(generator_is_xoshiro256_starstar),
		cmocka_unit_test(seeding_is_as_in_every_earlier_version),
		cmocka_unit_test(seeding_starts_all_over),
		cmocka_unit_test(streams_differ_and_swapping_seed_and_stream_matters),
		cmocka_unit_test(no_seed_gives_the_forbidden_state_zero),
		cmocka_unit_test(uniform_numbers_lie_in_0_to_1_without_1),
		cmocka_unit_test(normal_numbers_have_the_moments_and_the_tails_of_the_normal),
	};
	return cmocka_run_group_tests_name("rng", tests, NULL, NULL);
}
