/* Writes the first files of the corpora of models and checkpoints: make_seeds FOLDER, in which model and checkpoint
 * are folders. */
#include <stdbool.h>
#include <string.h>

#include <mlp/mlp.h>

#include "fuzz/fuzz.h"

static const char *folder;

#define OK(call) REQUIRE((call) == MLP_OK, "%s", mlp_last_error())

static const char *path_of(const char *target, const char *name)
{
	static char path[512];
	snprintf(path, sizeof(path), "%s/%s/%s", folder, target, name);
	return path;
}

static mlp_network *network(mlp_dtype dtype, const int64_t *widths, int64_t count)
{
	mlp_network *net;
	OK(mlp_network_create(dtype, widths, count, &net));
	OK(mlp_network_init(net, MLP_ALL_LAYERS, MLP_INIT_GLOROT_UNIFORM, 0, 1));
	return net;
}

static void save(mlp_network *net, const char *name)
{
	OK(mlp_network_save(net, path_of("model", name)));
	mlp_network_free(net);
}

/* Everything that can be set on a network. */
static mlp_network *rich_network(mlp_dtype dtype)
{
	const double ones[] = {1, 2, 0.5}, zeros[] = {0, -1, 3};
	mlp_network *net = network(dtype, (const int64_t[]){3, 4, 2}, 3);
	OK(mlp_network_set_activation(net, 1, MLP_ELU));
	OK(mlp_network_set_activation_parameter(net, 1, 0.75));
	OK(mlp_network_set_bias(net, 1, 0));
	OK(mlp_network_set_frozen(net, 2, 1));
	OK(mlp_network_set_dropout(net, 0, 0.25));
	OK(mlp_network_set_dropout(net, 1, 0.5));
	OK(mlp_network_set_input_scaling(net, zeros, ones));
	OK(mlp_network_set_output_scaling(net, zeros, ones));
	OK(mlp_network_set_domain(net, zeros, (const double[]){1, 1, 4}));
	OK(mlp_network_set_note(net, "data", "made"));
	return net;
}

static void models(void)
{
	const int64_t one[] = {1, 1}, deep[] = {2, 3, 3, 3, 1};
	save(network(MLP_F32, one, 2), "one");
	save(network(MLP_F64, one, 2), "one-f64");
	mlp_network *net = network(MLP_F32, deep, 5);
	OK(mlp_network_set_activation(net, 1, MLP_LEAKY_RELU));
	OK(mlp_network_set_activation(net, 2, MLP_GELU));
	OK(mlp_network_set_activation(net, 3, MLP_SIN));
	save(net, "deep");
	net = network(MLP_F32, (const int64_t[]){2, 3}, 2);
	OK(mlp_network_set_activation(net, 1, MLP_SOFTMAX));
	save(net, "softmax");
	save(rich_network(MLP_F32), "rich");
	save(rich_network(MLP_F64), "rich-f64");
}

/* Files of others: header and zeros. */
static void foreign(const char *name, const char *header, size_t zeros)
{
	FILE *file = fopen(path_of("model", name), "wb");
	REQUIRE(file != NULL, "%s", name);
	for (int i = 0; i < 8; i++)
		fputc((int)((uint64_t)strlen(header) >> (8 * i) & 255), file);
	fputs(header, file);
	for (size_t i = 0; i < zeros; i++)
		fputc(0, file);
	fclose(file);
}

#define TENSOR(name, type, shape, offsets)                                                         \
	"\"" name "\":{\"dtype\":\"" type "\",\"shape\":[" shape "],\"data_offsets\":[" offsets "]}"

static void foreign_models(void)
{
	foreign("torch",
		"{" TENSOR("fc.2.weight", "F32", "2,3", "0,24") "," TENSOR(
			"fc.10.weight", "F32", "1,2", "24,32") "," TENSOR("fc.10.bias", "F32", "1",
									  "32,36") "}",
		36);
	foreign("bare",
		"{" TENSOR("w1", "F16", "2,3", "0,12") "," TENSOR(
			"b1", "BF16", "2", "12,16") "," TENSOR("w2", "F64", "1,2", "16,32") "}",
		32);
	foreign("gap", "{" TENSOR("w1", "F32", "1,1", "4,8") "}", 8);
	foreign("chain",
		"{" TENSOR("w1", "F32", "1,1", "0,4") "," TENSOR("w2", "F32", "1,2", "4,12") "}",
		12);
	foreign("metadata",
		"{\"__metadata__\":{\"format\":\"pt\"}," TENSOR("w", "F32", "1,1", "0,4") "}  ", 4);
}

/* More of something than the target's limits allow: a chain of `layers` layers of 1 x 1. */
static void long_chain(int layers)
{
	static char header[20000];
	int used = snprintf(header, sizeof(header), "{");
	for (int l = 0; l < layers; l++)
		used += snprintf(header + used, sizeof(header) - (size_t)used,
				 "%s\"%d.w\":{\"dtype\":\"F16\",\"shape\":[1,1],"
				 "\"data_offsets\":[%d,%d]}",
				 l > 0 ? "," : "", l, 2 * l, 2 * l + 2);
	snprintf(header + used, sizeof(header) - (size_t)used, "}");
	char name[32];
	snprintf(name, sizeof(name), "layers-%d", layers);
	foreign(name, header, 2 * (size_t)layers);
}

/* Headers that are JSON, and no safetensors file's. */
static void odd_models(void)
{
	foreign("metadata-number", "{\"__metadata__\":7," TENSOR("w", "F32", "1,1", "0,4") "}", 4);
	foreign("metadata-value",
		"{\"__metadata__\":{\"a\":7}," TENSOR("w", "F32", "1,1", "0,4") "}", 4);
	foreign("entry", "{\"w\":7}", 0);
	foreign("nothing", "{}", 0);
	foreign("array", "[]", 0);
	foreign("twice",
		"{" TENSOR("w", "F32", "1,1", "0,4") "," TENSOR("w", "F32", "1,1", "0,4") "}", 4);
	foreign("rank", "{" TENSOR("w", "F32", "1,1,1,1,1,1,1,1,1,1", "0,4") "}", 4);
	foreign("wide", "{" TENSOR("w", "F16", "1,1025", "0,2050") "}", 2050);
	foreign("wider", "{" TENSOR("w", "F16", "0,9223372036854775807", "0,0") "}", 0);
	foreign("large", "{" TENSOR("w", "F16", "9223372036854775807,2", "0,4") "}", 4);
	foreign("nested", "{\"w\":{\"shape\":[[[[[[[[1]]]]]]]]}}", 0);
	foreign("values", "{\"w\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}", 0);
	long_chain(31);
	long_chain(101);
}

static void checkpoint(const char *name, mlp_optimizer_kind kind, mlp_network *net, int epochs)
{
	float x[6 * 3], t[6 * 2];
	double x64[6 * 3], t64[6 * 2];
	const int64_t classes[6] = {0, 1, 0, 1, 1, 0};
	mlp_trainer *trainer;
	mlp_rate_schedule *schedule;
	for (int i = 0; i < 18; i++)
		x[i] = (float)(x64[i] = i % 5 / 2.0);
	for (int i = 0; i < 12; i++)
		t[i] = (float)(t64[i] = i % 3 / 4.0);
	OK(mlp_trainer_create(net, kind, &trainer));
	OK(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, epochs));
	OK(mlp_trainer_set(trainer, MLP_TRAINER_BATCH, 2));
	OK(mlp_trainer_set(trainer, MLP_TRAINER_VALIDATION_FRACTION, epochs > 1 ? 0.3 : 0));
	OK(mlp_trainer_set_seed(trainer, 7));
	bool by_class = mlp_network_activation(net, mlp_network_layer_count(net)) == MLP_SOFTMAX;
	if (by_class) {
		OK(mlp_trainer_set_class_weights(trainer, (const double[]){1, 2}, 2));
		OK(mlp_trainer_set_data_class_f32(trainer, x, 3, classes, NULL, 6));
	} else if (mlp_network_dtype(net) == MLP_F32) {
		OK(mlp_trainer_set_data_f32(trainer, x, 3, t, 2, NULL, 6));
	} else {
		OK(mlp_trainer_set_data_f64(trainer, x64, 3, t64, 2, NULL, 6));
	}
	if (kind == MLP_SGD || kind == MLP_ADAM) {
		OK(mlp_rate_schedule_create(kind == MLP_SGD ? MLP_RATE_PLATEAU : MLP_RATE_COSINE,
					    &schedule));
		OK(mlp_trainer_set_schedule(trainer, schedule));
		mlp_rate_schedule_free(schedule);
	}
	if (epochs > 0)
		OK(mlp_trainer_run(trainer));
	OK(mlp_trainer_save(trainer, path_of("checkpoint", name)));
	mlp_trainer_free(trainer);
	mlp_network_free(net);
}

static void checkpoints(void)
{
	const int64_t widths[] = {3, 4, 2};
	static const mlp_optimizer_kind kinds[] = {MLP_SGD,   MLP_RMSPROP,      MLP_ADAM,
						   MLP_ADAMW, MLP_IRPROP_MINUS, MLP_LBFGS};
	for (int i = 0; i < 6; i++) {
		checkpoint(mlp_optimizer_name(kinds[i]), kinds[i], network(MLP_F32, widths, 3), 3);
		char name[64];
		snprintf(name, sizeof(name), "%s-f64", mlp_optimizer_name(kinds[i]));
		checkpoint(name, kinds[i], network(MLP_F64, widths, 3), 2);
	}
	checkpoint("fresh", MLP_ADAM, network(MLP_F32, widths, 3), 0);
	checkpoint("rich", MLP_SGD, rich_network(MLP_F32), 1);
	mlp_network *net = network(MLP_F32, widths, 3);
	OK(mlp_network_set_activation(net, 2, MLP_SOFTMAX));
	checkpoint("classes", MLP_ADAM, net, 2);
}

int main(int argc, char **argv)
{
	REQUIRE(argc == 2, "make_seeds FOLDER");
	folder = argv[1];
	models();
	foreign_models();
	odd_models();
	checkpoints();
	return 0;
}
