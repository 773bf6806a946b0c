/* Writes a network of either type into a folder, for check_safetensors.py to look at. Argument: the folder. */
#include <stdlib.h>

#include "support/test.h"

static const char *folder;

static mlp_network *make_network(mlp_dtype dtype)
{
	const double shift[] = {0.1, 0.2, 0.3}, scale[] = {1, 2, 3};
	mlp_network *net;
	assert_ok(mlp_network_create(dtype, (const int64_t[]){3, 2, 1, 2}, 4, &net));
	for (int i = 0; i < 15; i++)
		if (dtype == MLP_F32)
			mlp_network_parameters_f32(net)[i] = (float)i + 1;
		else
			mlp_network_parameters_f64(net)[i] = i + 1;
	assert_ok(mlp_network_set_activation(net, 1, MLP_TANH));
	assert_ok(mlp_network_set_activation(net, 2, MLP_LEAKY_RELU));
	assert_ok(mlp_network_set_activation_parameter(net, 2, 0.1));
	assert_ok(mlp_network_set_bias(net, 2, 0));
	assert_ok(mlp_network_set_frozen(net, 2, 1));
	assert_ok(mlp_network_set_dropout(net, 1, 0.25));
	assert_ok(mlp_network_set_input_scaling(net, shift, scale));
	assert_ok(mlp_network_set_domain(net, shift, scale));
	return net;
}

static void files_are_written_for_the_script(void **state)
{
	(void)state;
	for (int bits = 32; bits <= 64; bits += 32) {
		mlp_network *net = make_network(bits == 32 ? MLP_F32 : MLP_F64);
		char path[512];
		snprintf(path, sizeof(path), "%s/f%d.safetensors", folder, bits);
		assert_ok(mlp_network_save(net, path));
		mlp_network_free(net);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(files_are_written_for_the_script)};
	if (argc != 2)
		return 2;
	folder = argv[1];
	return cmocka_run_group_tests_name("file_format", tests, NULL, NULL);
}
