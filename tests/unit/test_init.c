/* Initial parameters: distributions, seeds, and golden values. */
#include <math.h>
#include <stdlib.h>

#include "support/test.h"

enum { N_IN = 200, N_OUT = 300, WEIGHTS = N_IN * N_OUT };

/* Each distribution by its standard deviation; half range 0: normal. */
struct distribution {
	mlp_init init;
	double parameter, variance, half_range;
};

static const struct distribution distributions[] = {
	{MLP_INIT_HE_UNIFORM, 0, 2.0 / N_IN, 0.17320508075688773}, /* sqrt(6 / 200) */
	{MLP_INIT_HE_NORMAL, 0, 2.0 / N_IN, 0},
	{MLP_INIT_GLOROT_UNIFORM, 0, 2.0 / (N_IN + N_OUT), 0.10954451150103323}, /* sqrt(6 / 500) */
	{MLP_INIT_GLOROT_NORMAL, 0, 2.0 / (N_IN + N_OUT), 0},
	{MLP_INIT_LECUN_NORMAL, 0, 1.0 / N_IN, 0},
	{MLP_INIT_UNIFORM, 2.5, 2.5 * 2.5 / 3, 2.5},
};
enum { DISTRIBUTIONS = sizeof(distributions) / sizeof(distributions[0]) };

static mlp_network *make(mlp_dtype dtype, const int64_t *widths, int64_t count)
{
	mlp_network *net;
	assert_ok(mlp_network_create(dtype, widths, count, &net));
	return net;
}

static mlp_network *make_large(mlp_dtype dtype)
{
	return make(dtype, (const int64_t[]){N_IN, N_OUT}, 2);
}

/* Bounds of five standard errors: a correct generator fails one seed in a million. */
static void weights_have_the_mean_and_variance_of_their_distribution(void **state)
{
	(void)state;
	mlp_network *net = make_large(MLP_F64);
	const double *w = mlp_network_const_parameters_f64(net);
	for (int k = 0; k < DISTRIBUTIONS; k++) {
		const struct distribution *d = &distributions[k];
		assert_ok(mlp_network_init(net, 1, d->init, d->parameter, 11));
		double mean = 0, square = 0, fourth = 0;
		for (int i = 0; i < WEIGHTS; i++) {
			mean += w[i] / WEIGHTS;
			square += w[i] * w[i] / WEIGHTS;
			fourth += w[i] * w[i] * w[i] * w[i] / WEIGHTS;
		}
		double kurtosis = d->half_range > 0 ? 1.8 : 3;
		double error = 5 / sqrt(WEIGHTS);
		assert_true(fabs(mean) < error * sqrt(d->variance));
		assert_true(fabs(square / d->variance - 1) < error * sqrt(kurtosis - 1));
		assert_true(fabs(fourth / (square * square) - kurtosis) < 0.1);
	}
	mlp_network_free(net);
}

static void weights_fill_the_range_of_their_distribution(void **state)
{
	(void)state;
	mlp_network *net = make_large(MLP_F64);
	const double *w = mlp_network_const_parameters_f64(net);
	for (int k = 0; k < DISTRIBUTIONS; k++) {
		const struct distribution *d = &distributions[k];
		assert_ok(mlp_network_init(net, 1, d->init, d->parameter, 12));
		double low = 0, high = 0;
		for (int i = 0; i < WEIGHTS; i++) {
			low = fmin(low, w[i]);
			high = fmax(high, w[i]);
		}
		if (d->half_range > 0) {
			assert_true(low >= -d->half_range && low < -0.999 * d->half_range);
			assert_true(high <= d->half_range && high > 0.999 * d->half_range);
		} else { /* the largest of 60000 normal numbers */
			double sigma = sqrt(d->variance);
			assert_true(-low > 3.5 * sigma && -low < 6 * sigma);
			assert_true(high > 3.5 * sigma && high < 6 * sigma);
		}
	}
	mlp_network_free(net);
}

static void neighbouring_weights_are_not_correlated(void **state)
{
	(void)state;
	mlp_network *net = make_large(MLP_F64);
	const double *w = mlp_network_const_parameters_f64(net);
	for (int k = 0; k < DISTRIBUTIONS; k++) {
		const struct distribution *d = &distributions[k];
		assert_ok(mlp_network_init(net, 1, d->init, d->parameter, 13));
		for (int lag = 1; lag <= 3; lag++) {
			double sum = 0;
			for (int i = lag; i < WEIGHTS; i++)
				sum += w[i] * w[i - lag] / d->variance / WEIGHTS;
			assert_true(fabs(sum) < 5 / sqrt(WEIGHTS));
		}
	}
	mlp_network_free(net);
}

/* A change of the generator changes every program's results: these come from an independent
 * implementation of splitmix64, xoshiro256** and the polar method. */
static void first_weights_are_those_of_every_earlier_version(void **state)
{
	(void)state;
	const struct {
		mlp_init init;
		double parameter;
		uint64_t seed;
		int64_t layer;
		double w[4];
	} cases[] = {
		{MLP_INIT_UNIFORM,
		 1,
		 0,
		 1,
		 {0x1.bdd758a866ea4p-1, 0x1.d2920a6c6ebe0p-4, 0x1.0158c2c718506p-1,
		  -0x1.9255d2aec9578p-3}},
		{MLP_INIT_UNIFORM,
		 1,
		 42,
		 2,
		 {-0x1.58eb5e534b6e0p-2, 0x1.a51b65fae7222p-1, -0x1.44d2d7bc00a38p-2,
		  -0x1.75a03b6240970p-1}},
		{MLP_INIT_LECUN_NORMAL, /* n_in = 4: half a normal number */
		 0,
		 42,
		 1,
		 {-0.6235555667139028 / 2, -0.07802222121046992 / 2, -0.20185461574467153 / 2,
		  1.2503531276322544 / 2}},
		{MLP_INIT_HE_NORMAL, /* n_in = 8 */
		 0,
		 0,
		 2,
		 {-0.7103601518069005 / 2, -0.147552765105848 / 2, -0.46021802699394154 / 2,
		  1.1591438179917384 / 2}},
	};
	mlp_network *net = make(MLP_F64, (const int64_t[]){4, 8, 3}, 3);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t offset;
		assert_ok(mlp_network_init(net, MLP_ALL_LAYERS, cases[i].init, cases[i].parameter,
					   cases[i].seed));
		assert_ok(mlp_network_layout(net, cases[i].layer, &offset, NULL));
		assert_allclose_f64(mlp_network_const_parameters_f64(net) + offset, cases[i].w, 4,
				    cases[i].init == MLP_INIT_UNIFORM ? 0 : 1e-14, 0);
	}
	mlp_network_free(net);
}

enum { SMALL = 6 * 6 + 6 * 7 + 6 * 7 }; /* 5-6-6-6 */

static mlp_network *make_small(mlp_dtype dtype)
{
	return make(dtype, (const int64_t[]){5, 6, 6, 6}, 4);
}

static void same_seed_gives_the_same_bits(void **state)
{
	(void)state;
	mlp_network *a = make_small(MLP_F64), *b = make_small(MLP_F64);
	for (int k = 0; k < DISTRIBUTIONS; k++) {
		const struct distribution *d = &distributions[k];
		const uint64_t seeds[] = {0, 1, UINT64_MAX};
		for (int i = 0; i < 3; i++) {
			assert_ok(mlp_network_init(a, MLP_ALL_LAYERS, d->init, d->parameter,
						   seeds[i]));
			assert_ok(mlp_network_init(b, 2, MLP_INIT_UNIFORM, 1, 99));
			assert_ok(mlp_network_init(b, MLP_ALL_LAYERS, d->init, d->parameter,
						   seeds[i]));
			assert_memory_equal(mlp_network_parameters_f64(a),
					    mlp_network_parameters_f64(b), SMALL * sizeof(double));
		}
	}
	mlp_network_free(a);
	mlp_network_free(b);
}

/* Streams (seed, layer): none may be the shift or the copy of another. */
static void seeds_and_layers_have_streams_of_their_own(void **state)
{
	(void)state;
	enum { SEEDS = 8, LAYERS = 3, STREAMS = SEEDS * LAYERS };
	const uint64_t seeds[SEEDS] = {0, 1, 2, 3, 4, 255, (uint64_t)1 << 32, UINT64_MAX};
	mlp_network *net = make(MLP_F64, (const int64_t[]){4, 4, 4, 4}, 4);
	double seen[STREAMS][16];
	int count = 0;
	for (int i = 0; i < SEEDS; i++) {
		assert_ok(mlp_network_init(net, MLP_ALL_LAYERS, MLP_INIT_UNIFORM, 1, seeds[i]));
		for (int64_t l = 1; l <= LAYERS; l++)
			assert_ok(mlp_network_get_weights_f64(net, l, seen[count++], 4));
	}
	for (int i = 0; i < STREAMS; i++)
		for (int j = 0; j < i; j++)
			for (int k = 0; k < 16; k++)
				for (int m = 0; m < 16; m++)
					assert_true(seen[i][k] != seen[j][m]);
	mlp_network_free(net);
}

static void drawing_layers_one_by_one_is_drawing_them_together(void **state)
{
	(void)state;
	mlp_network *all = make_small(MLP_F32), *one = make_small(MLP_F32);
	for (int k = 0; k < DISTRIBUTIONS; k++) {
		const struct distribution *d = &distributions[k];
		assert_ok(mlp_network_init(all, MLP_ALL_LAYERS, d->init, d->parameter, 5));
		for (int64_t l = 3; l >= 1; l--)
			assert_ok(mlp_network_init(one, l, d->init, d->parameter, 5));
		assert_memory_equal(mlp_network_parameters_f32(all),
				    mlp_network_parameters_f32(one), SMALL * sizeof(float));
		assert_ok(mlp_network_init(one, MLP_ALL_LAYERS, MLP_INIT_UNIFORM, 1, 6));
		assert_ok(mlp_network_init(one, 3, d->init, d->parameter, 5));
		assert_ok(mlp_network_init(one, MLP_HIDDEN_LAYERS, d->init, d->parameter, 5));
		assert_memory_equal(mlp_network_parameters_f32(all),
				    mlp_network_parameters_f32(one), SMALL * sizeof(float));
	}
	mlp_network_free(all);
	mlp_network_free(one);
}

static void float_network_gets_the_double_network_rounded(void **state)
{
	(void)state;
	mlp_network *f32 = make_small(MLP_F32), *f64 = make_small(MLP_F64);
	for (int k = 0; k < DISTRIBUTIONS; k++) {
		const struct distribution *d = &distributions[k];
		assert_ok(mlp_network_init(f32, MLP_ALL_LAYERS, d->init, d->parameter, 8));
		assert_ok(mlp_network_init(f64, MLP_ALL_LAYERS, d->init, d->parameter, 8));
		for (int i = 0; i < SMALL; i++)
			assert_true(mlp_network_parameters_f32(f32)[i] ==
				    (float)mlp_network_parameters_f64(f64)[i]);
	}
	mlp_network_free(f32);
	mlp_network_free(f64);
}

static void drawing_a_layer_zeroes_its_biases_and_leaves_other_layers_alone(void **state)
{
	(void)state;
	mlp_network *net = make_small(MLP_F64);
	double *p = mlp_network_parameters_f64(net);
	int64_t w, b;
	assert_ok(mlp_network_layout(net, 2, &w, &b));
	assert_ok(mlp_network_set_frozen(net, 2, 1)); /* frozen layers too */
	for (int i = 0; i < SMALL; i++)
		p[i] = 1000 + i;
	assert_ok(mlp_network_init(net, 2, MLP_INIT_HE_NORMAL, 0, 1));
	for (int i = 0; i < SMALL; i++) {
		if (i < w || i >= b + 6)
			assert_true(p[i] == 1000 + i);
		else
			assert_true(i < b ? p[i] != 0 && fabs(p[i]) < 10 : p[i] == 0);
	}
	mlp_network_free(net);
}

static void uniform_of_range_0_is_all_zero(void **state)
{
	(void)state;
	mlp_network *net = make_small(MLP_F64);
	assert_ok(mlp_network_init(net, MLP_ALL_LAYERS, MLP_INIT_UNIFORM, 0, 1));
	for (int i = 0; i < SMALL; i++)
		assert_true(mlp_network_parameters_f64(net)[i] == 0);
	mlp_network_free(net);
}

static void refused_drawing_changes_nothing(void **state)
{
	(void)state;
	const double nan = (double)NAN, inf = (double)INFINITY;
	const struct {
		int64_t layer;
		int init;
		double parameter;
		mlp_status status;
		const char *words;
	} cases[] = {
		{0, MLP_INIT_UNIFORM, 1, MLP_ERR_INDEX, "layer is 0"},
		{-3, MLP_INIT_UNIFORM, 1, MLP_ERR_INDEX, "layer is -3"},
		{4, MLP_INIT_UNIFORM, 1, MLP_ERR_INDEX, "layer is 4"},
		{1, 0, 0, MLP_ERR_VALUE, "init is 0"},
		{1, 7, 0, MLP_ERR_VALUE, "init is 7"},
		{1, -1, 0, MLP_ERR_VALUE, "init is"},
		{-1, MLP_INIT_UNIFORM, -0.5, MLP_ERR_VALUE, "-5.00000e-1"},
		{-1, MLP_INIT_UNIFORM, nan, MLP_ERR_VALUE, "nan"},
		{-1, MLP_INIT_UNIFORM, inf, MLP_ERR_VALUE, "inf"},
		{-1, MLP_INIT_HE_UNIFORM, 0.5, MLP_ERR_VALUE, "must be 0"},
		{-1, MLP_INIT_HE_NORMAL, nan, MLP_ERR_VALUE, "must be 0"},
		{-1, MLP_INIT_GLOROT_UNIFORM, -1, MLP_ERR_VALUE, "must be 0"},
		{-1, MLP_INIT_GLOROT_NORMAL, inf, MLP_ERR_VALUE, "must be 0"},
		{-1, MLP_INIT_LECUN_NORMAL, 1, MLP_ERR_VALUE, "must be 0"},
	};
	mlp_network *net = make_small(MLP_F64), *before;
	assert_ok(mlp_network_clone(net, &before));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_fails(cases[i].status, cases[i].words,
			     mlp_network_init(net, cases[i].layer, (mlp_init)cases[i].init,
					      cases[i].parameter, 3));
		assert_memory_equal(mlp_network_parameters_f64(net),
				    mlp_network_parameters_f64(before), SMALL * sizeof(double));
	}
	assert_fails(MLP_ERR_NULL, "net", mlp_network_init(NULL, 1, MLP_INIT_UNIFORM, 1, 3));
	mlp_network_free(net);
	mlp_network_free(before);
}

/* Otherwise a float network is filled with infinities, and the call says that all is well. */
static void range_too_large_for_float_is_refused_by_float_networks(void **state)
{
	(void)state;
	mlp_network *net = make_small(MLP_F32);
	assert_fails(MLP_ERR_VALUE, "1.00000e300",
		     mlp_network_init(net, MLP_ALL_LAYERS, MLP_INIT_UNIFORM, 1e300, 3));
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weights_have_the_mean_and_variance_of_their_distribution),
		cmocka_unit_test(weights_fill_the_range_of_their_distribution),
		cmocka_unit_test(neighbouring_weights_are_not_correlated),
		cmocka_unit_test(first_weights_are_those_of_every_earlier_version),
		cmocka_unit_test(same_seed_gives_the_same_bits),
		cmocka_unit_test(seeds_and_layers_have_streams_of_their_own),
		cmocka_unit_test(drawing_layers_one_by_one_is_drawing_them_together),
		cmocka_unit_test(float_network_gets_the_double_network_rounded),
		cmocka_unit_test(drawing_a_layer_zeroes_its_biases_and_leaves_other_layers_alone),
		cmocka_unit_test(uniform_of_range_0_is_all_zero),
		cmocka_unit_test(refused_drawing_changes_nothing),
		cmocka_unit_test(range_too_large_for_float_is_refused_by_float_networks),
	};
	return cmocka_run_group_tests_name("init", tests, NULL, NULL);
}
