/* A network from anywhere, used. */
#include "fuzz/try_network.h"

#include "fuzz/fuzz.h"

enum { ROWS = 3 };

mlp_load_options *small_options(void)
{
	static mlp_load_options *options;
	if (options == NULL) {
		REQUIRE(mlp_load_options_create(&options) == MLP_OK, "no options");
		mlp_load_options_set(options, MLP_LOAD_MAX_BYTES, 1 << 16);
		mlp_load_options_set(options, MLP_LOAD_MAX_HEADER_BYTES, 1 << 15);
		mlp_load_options_set(options, MLP_LOAD_MAX_TENSORS, 100);
		mlp_load_options_set(options, MLP_LOAD_MAX_LAYERS, 30);
		mlp_load_options_set(options, MLP_LOAD_MAX_WIDTH, 1 << 10);
		mlp_load_options_set(options, MLP_LOAD_MAX_PARAMETERS, 1 << 14);
	}
	return options;
}

void require_status(mlp_status status, const mlp_status *allowed, const char *what)
{
	while (*allowed != status && *allowed != MLP_OK)
		allowed++;
	REQUIRE(status == *allowed, "%s: %s: %s", what, mlp_status_name(status), mlp_last_error());
	REQUIRE(status == MLP_OK || mlp_last_error()[0] != 0, "%s: no line", what);
}

struct bytes given(const uint8_t *data, size_t size)
{
	return (struct bytes){.data = (unsigned char *)data, .size = size, .most = 1000};
}

struct bytes saved(const mlp_network *net)
{
	struct bytes bytes = {0};
	mlp_status status = mlp_network_save_to(net, bytes_write, &bytes);
	REQUIRE(status == MLP_OK, "%s", mlp_last_error());
	return bytes;
}

static void require_same_bytes(const struct bytes *a, const struct bytes *b, const char *what)
{
	REQUIRE(a->size == b->size && memcmp(a->data, b->data, a->size) == 0,
		"%s: %zu bytes become %zu, or others", what, a->size, b->size);
}

static void save_and_load(const mlp_network *net, const struct bytes *file)
{
	mlp_network *again, *clone;
	REQUIRE(mlp_network_load_memory(file->data, file->size, NULL, &again) == MLP_OK, "%s",
		mlp_last_error());
	struct bytes file_again = saved(again);
	require_same_bytes(file, &file_again, "a network that is loaded");
	bytes_free(&file_again);
	mlp_network_free(again);
	REQUIRE(mlp_network_clone(net, &clone) == MLP_OK, "%s", mlp_last_error());
	file_again = saved(clone);
	require_same_bytes(file, &file_again, "a clone");
	bytes_free(&file_again);
	mlp_network_fold_scaling(clone);
	mlp_network_free(clone);
}

static void predict(const mlp_network *net)
{
	static const mlp_status allowed[] = {MLP_ERR_NONFINITE, MLP_OK};
	size_t n_0 = (size_t)mlp_network_width(net, 0);
	size_t n_L = (size_t)mlp_network_width(net, mlp_network_layer_count(net));
	void *inputs = calloc(ROWS * n_0, sizeof(double)),
	     *outputs = calloc(ROWS * n_L, sizeof(double));
	REQUIRE(inputs != NULL && outputs != NULL, "out of memory");
	mlp_status status;
	if (mlp_network_dtype(net) == MLP_F64) {
		double *x = inputs;
		for (size_t i = 0; i < ROWS * n_0; i++)
			x[i] = (double)i / 8 - 1;
		status = mlp_predict_f64(net, x, (int64_t)n_0, ROWS, outputs, (int64_t)n_L);
	} else {
		float *x = inputs;
		for (size_t i = 0; i < ROWS * n_0; i++)
			x[i] = (float)i / 8 - 1;
		status = mlp_predict_f32(net, x, (int64_t)n_0, ROWS, outputs, (int64_t)n_L);
	}
	require_status(status, allowed, "predict");
	free(inputs);
	free(outputs);
}

static void export(const mlp_network *net)
{
	static const mlp_status allowed[] = {MLP_ERR_NONFINITE, MLP_OK};
	struct bytes text = {0};
	require_status(mlp_export_c_to(net, "model", bytes_write, &text), allowed, "export");
	bytes_free(&text);
}

static void convert(const mlp_network *net)
{
	static const mlp_status allowed[] = {MLP_ERR_OVERFLOW, MLP_OK};
	mlp_dtype other = mlp_network_dtype(net) == MLP_F32 ? MLP_F64 : MLP_F32;
	mlp_network *copy;
	require_status(mlp_network_convert(net, other, &copy), allowed, "convert");
	mlp_network_free(copy);
}

void try_network(const mlp_network *net)
{
	struct bytes file = saved(net);
	save_and_load(net, &file);
	predict(net);
	export(net);
	convert(net);
	struct bytes after = saved(net);
	require_same_bytes(&file, &after, "a network that was used");
	bytes_free(&after);
	bytes_free(&file);
}
