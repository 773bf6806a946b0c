/* Exported networks: the C file compiles without a warning, as C99 and as C++, passes its own test, and computes what
 * the library computes. Arguments: the C compiler, the C++ compiler, a folder to work in. */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/bytes.h"
#include "support/heap.h"
#include "support/test.h"

static const char *c_compiler, *cxx_compiler, *folder;

enum { INPUTS = 3, OUTPUTS = 2 };

/* Run a command; true if it succeeds. */
static bool run(const char *command)
{
	fflush(stdout);
	return system(command) == 0; /* NOLINT: what is run is made here */
}

static void compile(const char *name, const char *compiler, const char *options)
{
	char command[4096];
	snprintf(command, sizeof(command),
		 "%s %s -Wall -Wextra -pedantic -Werror -D%s_MAIN -o %s/%s %s/%s.c -lm", compiler,
		 options, name, folder, name, folder, name);
	if (!run(command))
		fail_msg("%s", command);
}

static void read_outputs(const char *name, const double *x, double *y, int count)
{
	char command[4096];
	int length = snprintf(command, sizeof(command), "%s/%s", folder, name);
	for (int i = 0; i < INPUTS; i++)
		length += snprintf(command + length, sizeof(command) - (size_t)length, " %.17g",
				   x[i]);
	FILE *pipe = popen(command, "r"); /* NOLINT: what is run is made here */
	assert_non_null(pipe);
	for (int i = 0; i < count; i++)
		assert_int_equal(fscanf(pipe, "%lf", &y[i]), 1);
	assert_int_equal(pclose(pipe), 0);
}

static void predict(const mlp_network *net, const double *x, double *y)
{
	float x32[INPUTS], y32[OUTPUTS];
	if (mlp_network_dtype(net) == MLP_F64) {
		assert_ok(mlp_predict_f64(net, x, INPUTS, 1, y, OUTPUTS));
		return;
	}
	for (int i = 0; i < INPUTS; i++)
		x32[i] = (float)x[i];
	assert_ok(mlp_predict_f32(net, x32, INPUTS, 1, y32, OUTPUTS));
	for (int i = 0; i < OUTPUTS; i++)
		y[i] = (double)y32[i];
}

/* The program says what the library says. */
static void compare(const mlp_network *net, const char *name)
{
	const double x[][INPUTS] = {{0.1, -0.7, 0.9}, {0, 0, 0}, {-25, 3, 40}, {1e-3, 2, -1}};
	const double tolerance = mlp_network_dtype(net) == MLP_F32 ? 2e-5 : 1e-13;
	char command[256];
	snprintf(command, sizeof(command), "%s/%s >%s/%s.out", folder, name, folder, name);
	assert_true(run(command));
	snprintf(command, sizeof(command), "%s/%s 1 2 3x 2>%s/%s.out", folder, name, folder, name);
	assert_false(run(command)); /* what is no number */
	for (size_t n = 0; n < sizeof(x) / sizeof(x[0]); n++) {
		double y[OUTPUTS], expected[OUTPUTS];
		read_outputs(name, x[n], y, OUTPUTS);
		predict(net, x[n], expected);
		assert_allclose_f64(y, expected, OUTPUTS, tolerance, tolerance);
	}
}

static void export(const mlp_network *net, const char *name)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/%s.c", folder, name);
	assert_ok(mlp_export_c(net, name, path));
}

static mlp_network *make_network(mlp_dtype dtype)
{
	mlp_network *net;
	assert_ok(mlp_network_create(dtype, (const int64_t[]){INPUTS, 7, 5, OUTPUTS}, 4, &net));
	assert_ok(mlp_network_init(net, MLP_ALL_LAYERS, MLP_INIT_UNIFORM, 0.8, 11));
	const float b32[7] = {0.1F, -0.2F, 0.3F, -0.4F, 0.5F, -0.6F, 0.7F};
	const double b64[7] = {0.1, -0.2, 0.3, -0.4, 0.5, -0.6, 0.7};
	for (int64_t l = 1; l <= 3; l++)
		assert_ok(dtype == MLP_F32 ? mlp_network_set_biases_f32(net, l, b32)
					   : mlp_network_set_biases_f64(net, l, b64));
	return net;
}

static void every_activation_computes_the_same(void **state)
{
	(void)state;
	for (int i = 0; i < 2 * MLP_SOFTMAX; i++) {
		const mlp_activation kind = (mlp_activation)(1 + i / 2);
		mlp_network *net = make_network(i % 2 == 0 ? MLP_F32 : MLP_F64);
		char name[64];
		if (kind != MLP_SOFTMAX)
			assert_ok(mlp_network_set_activation(net, MLP_HIDDEN_LAYERS, kind));
		assert_ok(mlp_network_set_activation(net, 3, kind));
		if (kind == MLP_LEAKY_RELU || kind == MLP_ELU)
			assert_ok(mlp_network_set_activation_parameter(net, 2, 0.3));
		snprintf(name, sizeof(name), "%s_f%d", mlp_activation_name(kind),
			 i % 2 == 0 ? 32 : 64);
		export(net, name);
		compile(name, c_compiler, "-std=c99");
		compare(net, name);
		mlp_network_free(net);
	}
}

/* Scaling, no bias, everything at once; as C++ too. */
static void everything_that_can_be_set_is_exported(void **state)
{
	(void)state;
	const double shift[] = {1, -20, 0.3}, scale[] = {2, 50, 0.1};
	const char *const standards[] = {"-x c++ -std=c++11", "-x c++ -std=c++17"};
	for (int bits = 32; bits <= 64; bits += 32) {
		mlp_network *net = make_network(bits == 32 ? MLP_F32 : MLP_F64);
		assert_ok(mlp_network_set_activation(net, 1, MLP_GELU));
		assert_ok(mlp_network_set_activation(net, 2, MLP_SELU));
		assert_ok(mlp_network_set_bias(net, 2, 0));
		assert_ok(mlp_network_set_dropout(net, 1, 0.5)); /* of no effect */
		assert_ok(mlp_network_set_input_scaling(net, shift, scale));
		assert_ok(mlp_network_set_output_scaling(net, shift, scale));
		export(net, "all");
		compile("all", c_compiler, "-std=c99");
		compare(net, "all");
		for (int i = 0; i < 2; i++) {
			compile("all", cxx_compiler, standards[i]);
			compare(net, "all");
		}
		mlp_network_free(net);
	}
}

static void small_networks_are_exported(void **state)
{
	(void)state;
	const double shift[] = {1, -20, 0.3}, scale[] = {2, 50, 0.1};
	for (int scaled = 0; scaled < 2; scaled++) {
		for (int bias = 0; bias < 2; bias++) {
			mlp_network *net;
			assert_ok(mlp_network_create(MLP_F64, (const int64_t[]){INPUTS, OUTPUTS}, 2,
						     &net));
			assert_ok(mlp_network_set_bias(net, 1, bias));
			if (scaled)
				assert_ok(mlp_network_set_input_scaling(net, shift, scale));
			export(net, "small");
			compile("small", c_compiler, "-std=c99");
			compare(net, "small");
			mlp_network_free(net);
		}
	}
}

/* A changed weight is what the self-test is for. */
static void the_self_test_sees_a_wrong_weight(void **state)
{
	(void)state;
	mlp_network *net = make_network(MLP_F32);
	struct bytes text = {0};
	char path[256], command[256];
	assert_ok(mlp_export_c_to(net, "wrong", bytes_write, &text));
	bytes_write(&text, "", 1);
	char *weight = strstr((char *)text.data, "wrong_b3[]");
	weight = strstr(weight, "1.");
	*weight = '2'; /* 0.1 becomes 0.2 */
	snprintf(path, sizeof(path), "%s/wrong.c", folder);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs((char *)text.data, file);
	fclose(file);
	compile("wrong", c_compiler, "-std=c99");
	snprintf(command, sizeof(command), "%s/wrong >%s/wrong.out", folder, folder);
	assert_false(run(command));
	bytes_free(&text);
	mlp_network_free(net);
}

/* What the self-test allows for is rounding of the outputs, not that of inputs which are large beside what their
 * scaling makes of them. */
static void the_self_test_is_exact_where_inputs_are_narrow(void **state)
{
	(void)state;
	for (int is_double = 0; is_double <= 1; is_double++) {
		mlp_network *net;
		struct bytes text = {0};
		assert_ok(mlp_network_create(is_double ? MLP_F64 : MLP_F32, (const int64_t[]){1, 1},
					     2, &net));
		if (is_double)
			mlp_network_parameters_f64(net)[0] = 1;
		else
			mlp_network_parameters_f32(net)[0] = 1;
		assert_ok(mlp_network_set_input_scaling(net, &(double){1e6}, &(double){1}));
		assert_ok(mlp_export_c_to(net, "narrow", bytes_write, &text));
		bytes_write(&text, "", 1);
		const char *allowed = strstr((char *)text.data, ") <= ");
		assert_non_null(allowed);
		const double tolerance = strtod(allowed + 5, NULL);
		assert_true(tolerance > 0 && tolerance < (is_double ? 1e-8 : 1e-3));
		bytes_free(&text);
		mlp_network_free(net);
	}
}

static void what_cannot_be_exported_is_refused(void **state)
{
	(void)state;
	mlp_network *net = make_network(MLP_F32);
	struct bytes text = {0};
	char longest[65];
	memset(longest, 'a', 64);
	longest[64] = '\0';
	assert_fails(MLP_ERR_NULL, "net", mlp_export_c(NULL, "x", "x"));
	assert_fails(MLP_ERR_NULL, "path", mlp_export_c(net, "x", NULL));
	assert_fails(MLP_ERR_NULL, "name", mlp_export_c(net, NULL, "x"));
	assert_fails(MLP_ERR_NULL, "net", mlp_export_c_to(NULL, "x", bytes_write, &text));
	assert_fails(MLP_ERR_NULL, "write", mlp_export_c_to(net, "x", NULL, NULL));
	assert_fails(MLP_ERR_NULL, "name", mlp_export_c_to(net, NULL, bytes_write, &text));
	assert_fails(MLP_ERR_VALUE, "letter", mlp_export_c_to(net, "", bytes_write, &text));
	assert_fails(MLP_ERR_VALUE, "letter", mlp_export_c_to(net, "_a", bytes_write, &text));
	assert_fails(MLP_ERR_VALUE, "letter", mlp_export_c_to(net, "1a", bytes_write, &text));
	assert_fails(MLP_ERR_VALUE, "character 2", mlp_export_c_to(net, "a b", bytes_write, &text));
	assert_fails(MLP_ERR_VALUE, "more than 63",
		     mlp_export_c_to(net, longest, bytes_write, &text));
	assert_ok(mlp_export_c_to(net, longest + 1, bytes_write, &text));
	bytes_free(&text);
	assert_fails(MLP_ERR_IO, "No such file", mlp_export_c(net, "x", "/none/x.c"));
	text.fails_at = 1;
	assert_fails(MLP_ERR_CALLBACK, "returned 7", mlp_export_c_to(net, "x", bytes_write, &text));
	assert_int_equal(text.calls, 1);
	bytes_free(&text);
	float *p = mlp_network_parameters_f32(net);
	p[30] = NAN;
	assert_fails(MLP_ERR_NONFINITE, "parameter 30, of layer 2",
		     mlp_export_c_to(net, "x", bytes_write, &text));
	for (int i = 0; i < 30; i++)
		p[i] = 3e38F;
	p[30] = 3e38F;
	assert_fails(MLP_ERR_NONFINITE, "self-test", mlp_export_c_to(net, "x", bytes_write, &text));
	assert_int_equal(text.size, 0);
	mlp_network_free(net);
}

static void any_allocation_may_fail(void **state)
{
	(void)state;
	mlp_status status = MLP_ERR_MEMORY;
	for (int64_t n = 1; status != MLP_OK; n++) {
		struct heap heap = {0};
		const mlp_allocator allocator = heap_allocator(&heap);
		struct bytes text = {0};
		mlp_network *net;
		assert_ok(mlp_network_create_with(MLP_F32, (const int64_t[]){3, 2}, 2, &allocator,
						  &net));
		heap.refuses_at = heap.calls + n;
		status = mlp_export_c_to(net, "x", bytes_write, &text);
		assert_int_equal(status, heap.refused > 0 ? MLP_ERR_MEMORY : MLP_OK);
		mlp_network_free(net);
		assert_int_equal(heap.blocks, 0);
		bytes_free(&text);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_activation_computes_the_same),
		cmocka_unit_test(everything_that_can_be_set_is_exported),
		cmocka_unit_test(small_networks_are_exported),
		cmocka_unit_test(the_self_test_sees_a_wrong_weight),
		cmocka_unit_test(the_self_test_is_exact_where_inputs_are_narrow),
		cmocka_unit_test(what_cannot_be_exported_is_refused),
		cmocka_unit_test(any_allocation_may_fail),
	};
	if (argc != 4) {
		fprintf(stderr, "usage: %s CC CXX FOLDER\n", argv[0]);
		return 2;
	}
	c_compiler = argv[1];
	cxx_compiler = argv[2];
	folder = argv[3];
	return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
