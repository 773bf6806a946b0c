/* mlp_network_digest(): the same for the same network everywhere, another for whatever differs. */
#include <math.h>
#include <stdbool.h>

#include "saved.h"

static const int64_t widths[] = {5, 4, 3, 2};

enum { LAYERS = 3, INPUTS = 5, OUTPUTS = 2 };

static uint64_t digest_of(const mlp_network *net)
{
	uint64_t digest = 0;
	assert_ok(mlp_network_digest(net, &digest));
	return digest;
}

/* From the description in digest.c and the header, by Python's zlib. */
static void the_digest_is_the_same_on_every_machine(void **state)
{
	(void)state;
	const REAL parameters[] = {1, -2, (REAL)0.5};
	mlp_network *net;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){2, 1}, 2, &net));
	assert_ok(FN(network_set_parameters)(net, parameters, 3));
	assert_true(digest_of(net) == (MLP_REAL_BITS == 32 ? UINT64_C(0xb7a24def332b058b)
							   : UINT64_C(0xa2610cd86b6dfd22)));
	mlp_network_free(net);
}

/* Everything that can be set, set. */
static mlp_network *make_rich(void)
{
	const double shift[INPUTS] = {0, -0.0, 1e-3, -7, 1e10}, scale[INPUTS] = {1, 2, 0.1, 5, 1e3};
	const double lowest[INPUTS] = {-1, -2, -INFINITY, 0, 1}, highest[INPUTS] = {1, 2, 0, 0, 9};
	mlp_network *net = make_network(widths, LAYERS + 1);
	assert_ok(mlp_network_set_activation(net, 1, MLP_LEAKY_RELU));
	assert_ok(mlp_network_set_activation_parameter(net, 1, 0.3));
	assert_ok(mlp_network_set_activation(net, 2, MLP_GELU));
	assert_ok(mlp_network_set_bias(net, 2, 0));
	assert_ok(mlp_network_set_frozen(net, 1, 1));
	assert_ok(mlp_network_set_dropout(net, 0, 0.125));
	assert_ok(mlp_network_set_dropout(net, 2, -0.0));
	assert_ok(mlp_network_set_input_scaling(net, shift, scale));
	assert_ok(mlp_network_set_output_scaling(net, shift + 3, scale + 2));
	assert_ok(mlp_network_set_domain(net, lowest, highest));
	assert_ok(mlp_network_set_note(net, "author", "nobody"));
	return net;
}

static void copies_and_files_keep_the_digest(void **state)
{
	(void)state;
	mlp_network *net = make_rich(), *copy;
	mlp_live *live;
	/* the place of a bias that is switched off is not in a file */
	int64_t place;
	assert_ok(mlp_network_layout(net, 2, NULL, &place));
	FN(network_parameters)(net)[place] = (REAL)NAN;
	/* every bit counts: these are kept too */
	REAL *w = FN(network_parameters)(net);
	w[0] = (REAL)NAN, w[1] = (REAL)-INFINITY, w[2] = (REAL)-0.0, w[3] = REAL_MOST;
	w[4] = MLP_REAL_BITS == 32 ? (REAL)FLT_TRUE_MIN : (REAL)DBL_TRUE_MIN;
	const uint64_t digest = digest_of(net);

	assert_ok(mlp_network_clone(net, &copy));
	assert_true(digest_of(copy) == digest);
	mlp_network_free(copy);

	struct bytes bytes = save(net);
	assert_ok(mlp_network_load_memory(bytes.data, bytes.size, NULL, &copy));
	assert_true(digest_of(copy) == digest);
	mlp_network_free(copy);
	bytes_free(&bytes);

	assert_ok(mlp_live_create(net, &live));
	const mlp_network *now = mlp_live_acquire(live);
	assert_true(digest_of(now) == digest);
	mlp_live_release(live, now);
	mlp_live_free(live);

	assert_ok(mlp_network_set_note(net, "author", "somebody"));
	assert_true(digest_of(net) == digest);
	mlp_network_free(net);
}

static void every_bit_of_every_parameter_changes_it(void **state)
{
	(void)state;
	mlp_network *net = make_rich();
	const uint64_t digest = digest_of(net);
	int64_t place;
	assert_ok(mlp_network_layout(net, 2, NULL, &place));
	unsigned char *bytes = (unsigned char *)FN(network_parameters)(net);
	const int64_t count = mlp_network_parameter_count(net);
	for (int64_t i = 0; i < count; i++)
		for (size_t bit = 0; bit < 8 * sizeof(REAL); bit++) {
			const bool used = i < place || i >= place + mlp_network_width(net, 2);
			unsigned char *byte = &bytes[(size_t)i * sizeof(REAL) + bit / 8];
			*byte ^= (unsigned char)(1U << bit % 8);
			assert_true((digest_of(net) != digest) == used);
			assert_true(digest_of(net) >> 32 == digest >> 32);
			*byte ^= (unsigned char)(1U << bit % 8);
		}
	assert_true(digest_of(net) == digest);
	mlp_network_free(net);
}

/* Changes one setting by a call that must succeed. */
typedef mlp_status (*change)(mlp_network *net);

static mlp_status change_activation(mlp_network *net)
{
	return mlp_network_set_activation(net, 3, MLP_TANH);
}
static mlp_status change_parameter(mlp_network *net)
{
	return mlp_network_set_activation_parameter(net, 1, nextafter(0.3, 1));
}
static mlp_status change_bias(mlp_network *net)
{
	return mlp_network_set_bias(net, 3, 0);
}
static mlp_status change_frozen(mlp_network *net)
{
	return mlp_network_set_frozen(net, 3, 1);
}
static mlp_status change_input_dropout(mlp_network *net)
{
	return mlp_network_set_dropout(net, 0, nextafter(0.125, 1));
}
static mlp_status change_hidden_dropout(mlp_network *net)
{
	return mlp_network_set_dropout(net, 1, 1e-300);
}
static mlp_status change_input_scaling(mlp_network *net)
{
	double shift[INPUTS], scale[INPUTS];
	assert_ok(mlp_network_get_input_scaling(net, shift, scale));
	scale[INPUTS - 1] = nextafter(scale[INPUTS - 1], 0);
	return mlp_network_set_input_scaling(net, shift, scale);
}
static mlp_status change_sign_of_a_shift(mlp_network *net)
{
	double shift[INPUTS], scale[INPUTS];
	assert_ok(mlp_network_get_input_scaling(net, shift, scale));
	shift[0] = -0.0;
	return mlp_network_set_input_scaling(net, shift, scale);
}
static mlp_status drop_input_scaling(mlp_network *net)
{
	return mlp_network_set_input_scaling(net, NULL, NULL);
}
static mlp_status change_output_scaling(mlp_network *net)
{
	double shift[OUTPUTS], scale[OUTPUTS];
	assert_ok(mlp_network_get_output_scaling(net, shift, scale));
	shift[1] = nextafter(shift[1], 0);
	return mlp_network_set_output_scaling(net, shift, scale);
}
static mlp_status drop_output_scaling(mlp_network *net)
{
	return mlp_network_set_output_scaling(net, NULL, NULL);
}
static mlp_status change_domain(mlp_network *net)
{
	double lowest[INPUTS], highest[INPUTS];
	assert_ok(mlp_network_get_domain(net, lowest, highest));
	highest[3] = 1;
	return mlp_network_set_domain(net, lowest, highest);
}
static mlp_status drop_domain(mlp_network *net)
{
	return mlp_network_set_domain(net, NULL, NULL);
}

static void every_setting_changes_it(void **state)
{
	(void)state;
	static const change changes[] = {
		change_activation,     change_parameter,       change_bias,
		change_frozen,         change_input_dropout,   change_hidden_dropout,
		change_input_scaling,  change_sign_of_a_shift, drop_input_scaling,
		change_output_scaling, drop_output_scaling,    change_domain,
		drop_domain,
	};
	enum { CHANGES = sizeof(changes) / sizeof(changes[0]) };
	mlp_network *net = make_rich();
	uint64_t digests[CHANGES + 1] = {[CHANGES] = digest_of(net)};
	for (int i = 0; i < CHANGES; i++) {
		mlp_network *copy;
		assert_ok(mlp_network_clone(net, &copy));
		assert_ok(changes[i](copy));
		digests[i] = digest_of(copy);
		mlp_network_free(copy);
	}
	for (int i = 0; i <= CHANGES; i++)
		for (int j = 0; j < i; j++)
			assert_true(digests[i] >> 32 != digests[j] >> 32);
	mlp_network_free(net);
}

/* Networks of equal parameters. */
static void the_shape_and_the_element_type_change_it(void **state)
{
	(void)state;
	static const int64_t shapes[][3] = {{1, 5, 0}, {4, 2, 0}, {2, 2, 1}, {9, 1, 0}};
	mlp_network *nets[5];
	for (int i = 0; i < 4; i++) {
		const int64_t count = shapes[i][2] == 0 ? 2 : 3;
		assert_ok(mlp_network_create(REAL_DTYPE, shapes[i], count, &nets[i]));
		memset(FN(network_parameters)(nets[i]), 0,
		       (size_t)mlp_network_parameter_count(nets[i]) * sizeof(REAL));
	}
	assert_ok(
		mlp_network_convert(nets[0], REAL_DTYPE == MLP_F32 ? MLP_F64 : MLP_F32, &nets[4]));
	for (int i = 0; i < 5; i++)
		for (int j = 0; j < i; j++)
			assert_true(digest_of(nets[i]) >> 32 != digest_of(nets[j]) >> 32);
	for (int i = 0; i < 5; i++)
		mlp_network_free(nets[i]);
}

static void the_digest_needs_both_pointers(void **state)
{
	(void)state;
	mlp_network *net = make_rich();
	uint64_t digest = 7;
	assert_fails(MLP_ERR_NULL, "net is NULL", mlp_network_digest(NULL, &digest));
	assert_true(digest == 7);
	assert_fails(MLP_ERR_NULL, "digest is NULL", mlp_network_digest(net, NULL));
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_digest_is_the_same_on_every_machine),
		cmocka_unit_test(copies_and_files_keep_the_digest),
		cmocka_unit_test(every_bit_of_every_parameter_changes_it),
		cmocka_unit_test(every_setting_changes_it),
		cmocka_unit_test(the_shape_and_the_element_type_change_it),
		cmocka_unit_test(the_digest_needs_both_pointers),
	};
	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
