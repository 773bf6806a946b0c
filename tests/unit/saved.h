/* Networks for the tests of files, and whether two are the same, bit by bit. */
#ifndef MLP_TESTS_UNIT_SAVED_H
#define MLP_TESTS_UNIT_SAVED_H

#include "real.h"
#include "support/bytes.h"
#include "support/test.h"

static inline mlp_network *make_network(const int64_t *widths, int64_t count)
{
	mlp_network *net;
	uint64_t seed = 5;
	assert_ok(mlp_network_create(REAL_DTYPE, widths, count, &net));
	random_fill(&seed, FN(network_parameters)(net), (size_t)mlp_network_parameter_count(net),
		    1);
	return net;
}

static inline struct bytes save(const mlp_network *net)
{
	struct bytes bytes = {0};
	assert_ok(mlp_network_save_to(net, bytes_write, &bytes));
	return bytes;
}

static inline void assert_same_list(const double *a, const double *b, size_t count)
{
	assert_memory_equal(a, b, count * sizeof(double));
}

/* Everything that can be asked; parameters bit by bit. */
static inline void assert_same(const mlp_network *a, const mlp_network *b)
{
	const int64_t layers = mlp_network_layer_count(a);
	assert_int_equal(mlp_network_dtype(a), mlp_network_dtype(b));
	assert_int_equal(layers, mlp_network_layer_count(b));
	for (int64_t l = 0; l <= layers; l++) {
		assert_int_equal(mlp_network_width(a, l), mlp_network_width(b, l));
		double rates[2] = {mlp_network_dropout(a, l), mlp_network_dropout(b, l)};
		if (l < layers)
			assert_memory_equal(&rates[0], &rates[1], sizeof(double));
		if (l == 0)
			continue;
		double parameters[2] = {mlp_network_activation_parameter(a, l),
					mlp_network_activation_parameter(b, l)};
		assert_int_equal(mlp_network_activation(a, l), mlp_network_activation(b, l));
		assert_memory_equal(&parameters[0], &parameters[1], sizeof(double));
		assert_int_equal(mlp_network_has_bias(a, l), mlp_network_has_bias(b, l));
		assert_int_equal(mlp_network_is_frozen(a, l), mlp_network_is_frozen(b, l));
		int64_t w, bias, n_out = mlp_network_width(a, l),
				 n_in = mlp_network_width(a, l - 1);
		assert_ok(mlp_network_layout(a, l, &w, &bias));
		const REAL *p = FN(network_const_parameters)(a),
			   *q = FN(network_const_parameters)(b);
		assert_memory_equal(p + w, q + w, (size_t)(n_out * n_in) * sizeof(REAL));
		if (mlp_network_has_bias(a, l))
			assert_memory_equal(p + bias, q + bias, (size_t)n_out * sizeof(REAL));
	}
	enum { MOST = 64 };
	double lists[2][6][MOST];
	const mlp_network *nets[2] = {a, b};
	const size_t n_in = (size_t)mlp_network_width(a, 0),
		     n_out = (size_t)mlp_network_width(a, layers);
	assert_true(n_in <= MOST && n_out <= MOST);
	for (int i = 0; i < 2; i++) {
		assert_ok(mlp_network_get_input_scaling(nets[i], lists[i][0], lists[i][1]));
		assert_ok(mlp_network_get_output_scaling(nets[i], lists[i][2], lists[i][3]));
		assert_ok(mlp_network_get_domain(nets[i], lists[i][4], lists[i][5]));
	}
	for (int list = 0; list < 6; list++)
		assert_same_list(lists[0][list], lists[1][list],
				 list == 2 || list == 3 ? n_out : n_in);
	assert_int_equal(mlp_network_has_input_scaling(a), mlp_network_has_input_scaling(b));
	assert_int_equal(mlp_network_has_output_scaling(a), mlp_network_has_output_scaling(b));
	assert_int_equal(mlp_network_has_domain(a), mlp_network_has_domain(b));
}

static inline void assert_comes_back(const mlp_network *net)
{
	struct bytes bytes = save(net);
	mlp_network *back;
	assert_ok(mlp_network_load_memory(bytes.data, bytes.size, NULL, &back));
	assert_same(net, back);
	mlp_network_free(back);
	bytes_free(&bytes);
}

#endif
