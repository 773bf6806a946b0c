/* The cost of a pass against the formulas of the header, worked out anew. */
#include "support/test.h"

struct cost {
	int64_t flop, bytes;
};

static struct cost cost_of(const mlp_network *net, mlp_pass pass, int64_t batch)
{
	struct cost cost = {-1, -1};
	assert_ok(mlp_network_cost(net, pass, batch, &cost.flop, &cost.bytes));
	return cost;
}

/* The table of the header, sum by sum. */
static struct cost formula(const int64_t *n, int64_t count, int64_t e, mlp_pass pass, int64_t batch)
{
	int64_t S = 0, units = 0, sides = 0, dx = 0;
	for (int64_t l = 1; l < count; l++) {
		S += n[l] * n[l - 1];
		units += n[l];
		sides += n[l - 1] + n[l];
		if (l > 1 || pass == MLP_PASS_BACKWARD_INPUT)
			dx += n[l] * n[l - 1] + batch * n[l - 1];
	}
	int64_t P = S + units;
	switch (pass) {
	case MLP_PASS_FORWARD:
		return (struct cost){2 * batch * S, e * (P + batch * sides)};
	case MLP_PASS_BACKWARD:
		return (struct cost){2 * batch * (2 * S - n[1] * n[0]),
				     e * (P + batch * sides + dx)};
	case MLP_PASS_BACKWARD_INPUT:
		return (struct cost){4 * batch * S, e * (P + batch * sides + dx)};
	case MLP_PASS_UPDATE:
		return (struct cost){2 * P, 3 * e * P};
	case MLP_PASS_MAX_ENUM:
		break;
	}
	return (struct cost){0, 0};
}

static const struct {
	int64_t widths[8], count;
} nets[] = {
	{{1, 1}, 2},
	{{7, 3}, 2},
	{{3, 5, 2}, 3},
	{{17, 64, 64, 6}, 4},
	{{784, 512, 256, 10}, 4},
	{{1, 9, 1, 9, 1, 9, 1, 2}, 8},
};
static const mlp_dtype dtypes[] = {MLP_F32, MLP_F64};

static void costs_are_those_of_the_header(void **state)
{
	(void)state;
	const int64_t batches[] = {1, 2, 128, 1000000};
	for (size_t i = 0; i < sizeof(nets) / sizeof(nets[0]); i++) {
		for (int type = 0; type < 2; type++) {
			mlp_network *net;
			assert_ok(mlp_network_create(dtypes[type], nets[i].widths, nets[i].count,
						     &net));
			for (int pass = MLP_PASS_FORWARD; pass <= MLP_PASS_UPDATE; pass++) {
				for (int k = 0; k < 4; k++) {
					struct cost cost = cost_of(net, (mlp_pass)pass, batches[k]);
					struct cost expected = formula(
						nets[i].widths, nets[i].count, type == 0 ? 4 : 8,
						(mlp_pass)pass, batches[k]);
					assert_int_equal(cost.flop, expected.flop);
					assert_int_equal(cost.bytes, expected.bytes);
				}
			}
			mlp_network_free(net);
		}
	}
}

/* 3-5-2, batch 10: worked out by hand, so that the formula above is not its own judge. */
static void costs_of_a_small_network_are_those_on_paper(void **state)
{
	(void)state;
	mlp_network *net;
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){3, 5, 2}, 3, &net));
	struct cost forward = cost_of(net, MLP_PASS_FORWARD, 10);
	assert_int_equal(forward.flop, 500);             /* 2 * 10 * (15 + 10) */
	assert_int_equal(forward.bytes, 4 * (32 + 150)); /* w, b: 32; x, s: 30 + 50 + 50 + 20 */
	struct cost backward = cost_of(net, MLP_PASS_BACKWARD, 10);
	assert_int_equal(backward.flop, 700);                  /* dw: 300 + 200, dx(1): 200 */
	assert_int_equal(backward.bytes, 4 * (182 + 10 + 50)); /* and w(2), dx(1) */
	struct cost input = cost_of(net, MLP_PASS_BACKWARD_INPUT, 10);
	assert_int_equal(input.flop, 1000);
	assert_int_equal(input.bytes, 4 * (182 + 10 + 50 + 15 + 30)); /* and w(1), dx(0) */
	struct cost update = cost_of(net, MLP_PASS_UPDATE, 10);
	assert_int_equal(update.flop, 64);
	assert_int_equal(update.bytes, 4 * 96);
	mlp_network_free(net);
}

static void backward_with_input_gradient_is_twice_the_forward_flop(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(nets) / sizeof(nets[0]); i++) {
		mlp_network *net;
		assert_ok(mlp_network_create(MLP_F32, nets[i].widths, nets[i].count, &net));
		for (int64_t batch = 1; batch < 1000; batch = 3 * batch + 1)
			assert_int_equal(cost_of(net, MLP_PASS_BACKWARD_INPUT, batch).flop,
					 2 * cost_of(net, MLP_PASS_FORWARD, batch).flop);
		mlp_network_free(net);
	}
}

static void update_ignores_the_batch(void **state)
{
	(void)state;
	const int64_t batches[] = {1, 0, -1, 77, INT64_MIN, INT64_MAX};
	mlp_network *net;
	assert_ok(mlp_network_create(MLP_F64, (const int64_t[]){3, 5, 2}, 3, &net));
	for (int i = 0; i < 6; i++) {
		assert_int_equal(cost_of(net, MLP_PASS_UPDATE, batches[i]).flop, 64);
		assert_int_equal(cost_of(net, MLP_PASS_UPDATE, batches[i]).bytes, 8 * 96);
	}
	mlp_network_free(net);
}

static void biases_switched_off_and_frozen_layers_count_all_the_same(void **state)
{
	(void)state;
	mlp_network *net;
	assert_ok(mlp_network_create(MLP_F64, (const int64_t[]){3, 5, 2}, 3, &net));
	for (int pass = MLP_PASS_FORWARD; pass <= MLP_PASS_UPDATE; pass++) {
		assert_ok(mlp_network_set_bias(net, MLP_ALL_LAYERS, 1));
		assert_ok(mlp_network_set_frozen(net, MLP_ALL_LAYERS, 0));
		struct cost before = cost_of(net, (mlp_pass)pass, 6);
		assert_ok(mlp_network_set_bias(net, MLP_ALL_LAYERS, 0));
		assert_ok(mlp_network_set_frozen(net, MLP_ALL_LAYERS, 1));
		struct cost after = cost_of(net, (mlp_pass)pass, 6);
		assert_memory_equal(&before, &after, sizeof(before));
	}
	mlp_network_free(net);
}

static void each_number_can_be_had_alone(void **state)
{
	(void)state;
	mlp_network *net;
	int64_t flop = -1, bytes = -1;
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){3, 5, 2}, 3, &net));
	assert_ok(mlp_network_cost(net, MLP_PASS_FORWARD, 10, &flop, NULL));
	assert_ok(mlp_network_cost(net, MLP_PASS_FORWARD, 10, NULL, &bytes));
	assert_ok(mlp_network_cost(net, MLP_PASS_FORWARD, 10, NULL, NULL));
	assert_int_equal(flop, 500);
	assert_int_equal(bytes, 4 * 182);
	mlp_network_free(net);
}

/* The last batch that fits, and the first that does not. */
static void numbers_beyond_2_to_the_63_are_an_overflow(void **state)
{
	(void)state;
	const struct {
		int64_t widths[2];
		mlp_dtype dtype;
		mlp_pass pass;
		int64_t most;
	} cases[] = {
		{{100, 100}, MLP_F32, MLP_PASS_FORWARD, INT64_MAX / 20000}, /* by flop */
		{{100, 100}, MLP_F32, MLP_PASS_BACKWARD, INT64_MAX / 20000},
		{{100, 100}, MLP_F64, MLP_PASS_BACKWARD_INPUT, INT64_MAX / 40000},
		{{2, 3}, MLP_F64, MLP_PASS_FORWARD, (INT64_MAX - 72) / 40}, /* by bytes */
		{{2, 3}, MLP_F32, MLP_PASS_FORWARD, (INT64_MAX - 36) / 20},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		mlp_network *net;
		int64_t flop, bytes;
		assert_ok(mlp_network_create(cases[i].dtype, cases[i].widths, 2, &net));
		struct cost expected =
			formula(cases[i].widths, 2, cases[i].dtype == MLP_F32 ? 4 : 8,
				cases[i].pass, cases[i].most);
		struct cost cost = cost_of(net, cases[i].pass, cases[i].most);
		assert_int_equal(cost.flop, expected.flop);
		assert_int_equal(cost.bytes, expected.bytes);
		assert_fails(
			MLP_ERR_OVERFLOW, "",
			mlp_network_cost(net, cases[i].pass, cases[i].most + 1, &flop, &bytes));
		assert_fails(MLP_ERR_OVERFLOW, "9223372036854775807",
			     mlp_network_cost(net, cases[i].pass, INT64_MAX, &flop, &bytes));
		mlp_network_free(net);
	}
}

static void cost_refuses_what_is_out_of_range(void **state)
{
	(void)state;
	mlp_network *net;
	int64_t flop, bytes;
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){3, 5, 2}, 3, &net));
	assert_fails(MLP_ERR_NULL, "net",
		     mlp_network_cost(NULL, MLP_PASS_FORWARD, 1, &flop, &bytes));
	const int unknown[] = {0, 5, -1, 1000};
	for (int i = 0; i < 4; i++)
		assert_fails(MLP_ERR_VALUE, "pass is",
			     mlp_network_cost(net, (mlp_pass)unknown[i], 1, &flop, &bytes));
	for (int pass = MLP_PASS_FORWARD; pass <= MLP_PASS_BACKWARD_INPUT; pass++) {
		assert_fails(MLP_ERR_SIZE, "batch is 0",
			     mlp_network_cost(net, (mlp_pass)pass, 0, &flop, &bytes));
		assert_fails(MLP_ERR_SIZE, "batch is -9223372036854775808",
			     mlp_network_cost(net, (mlp_pass)pass, INT64_MIN, &flop, &bytes));
	}
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(costs_are_those_of_the_header),
		cmocka_unit_test(costs_of_a_small_network_are_those_on_paper),
		cmocka_unit_test(backward_with_input_gradient_is_twice_the_forward_flop),
		cmocka_unit_test(update_ignores_the_batch),
		cmocka_unit_test(biases_switched_off_and_frozen_layers_count_all_the_same),
		cmocka_unit_test(each_number_can_be_had_alone),
		cmocka_unit_test(numbers_beyond_2_to_the_63_are_an_overflow),
		cmocka_unit_test(cost_refuses_what_is_out_of_range),
	};
	return cmocka_run_group_tests_name("cost", tests, NULL, NULL);
}
