/* Files that others wrote: which chains of tensors are networks, and which are refused, by name. */
#include <math.h>
#include <stdlib.h>

#include "support/bytes.h"
#include "support/test.h"

/* A file made of a list such as "a.weight:F32:2,3 a.bias:F32:2", with these data. */
struct tensor_list {
	char header[8192];
	size_t bytes;
};

static size_t element_size(const char *type)
{
	return strcmp(type, "F64") == 0 || strcmp(type, "I64") == 0 ? 8
	       : strcmp(type, "F32") == 0                           ? 4
								    : 2;
}

static struct bytes make_file(const char *list, const void *data)
{
	struct tensor_list made = {{0}, 0};
	char copy[4096];
	strcpy(copy, list);
	strcpy(made.header, "{");
	char *state, *item = strtok_r(copy, " ", &state);
	for (; item != NULL; item = strtok_r(NULL, " ", &state)) {
		char *type = strchr(item, ':'), *shape = strchr(type + 1, ':');
		*type++ = '\0';
		*shape++ = '\0';
		size_t bytes = element_size(type);
		for (char *end = shape; *end != '\0'; end += *end == ',')
			bytes *= strtoul(end, &end, 10);
		size_t length = strlen(made.header);
		snprintf(made.header + length, sizeof(made.header) - length,
			 "%s\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%zu,%zu]}",
			 length > 1 ? "," : "", item, type, shape, made.bytes, made.bytes + bytes);
		made.bytes += bytes;
	}
	strcat(made.header, "}");
	struct bytes file = bytes_of_header(made.header, made.bytes);
	if (data != NULL)
		memcpy(file.data + file.size - made.bytes, data, made.bytes);
	return file;
}

static mlp_status load(const char *list, const void *data, const mlp_load_options *options,
		       mlp_network **net)
{
	struct bytes file = make_file(list, data);
	mlp_status status = mlp_network_load_memory(file.data, file.size, options, net);
	bytes_free(&file);
	return status;
}

/* The widths, as text: "3 4 2", with "-" behind a layer without bias. */
static const char *shape_of(const mlp_network *net)
{
	static char text[256];
	int length = snprintf(text, sizeof(text), "%d", (int)mlp_network_width(net, 0));
	for (int64_t l = 1; l <= mlp_network_layer_count(net); l++)
		length += snprintf(text + length, sizeof(text) - (size_t)length, " %d%s",
				   (int)mlp_network_width(net, l),
				   mlp_network_has_bias(net, l) ? "" : "-");
	return text;
}

static void chains_are_networks(void **state)
{
	(void)state;
	const struct {
		const char *list, *shape;
	} cases[] = {
		{"0.weight:F32:4,3 0.bias:F32:4 2.weight:F32:2,4 2.bias:F32:2", "3 4 2"},
		{"2.bias:F32:2 2.weight:F32:2,4 0.bias:F32:4 0.weight:F32:4,3", "3 4 2"},
		{"fc1.weight:F32:4,3 fc1.bias:F32:4 fc2.weight:F32:2,4", "3 4 2-"},
		{"w:F32:4,3", "3 4-"},
		{"weight:F32:4,3 bias:F32:4", "3 4"},
		{"w1:F32:4,3 w2:F32:2,4 b1:F32:4 b2:F32:2", "3 4 2"},
		{"net.layers.2.weight:F32:5,4 net.layers.10.weight:F32:6,5 "
		 "net.layers.1.weight:F32:4,3 net.layers.10.bias:F32:6",
		 "3 4- 5- 6"},
		{"a.0.w:F64:1,1 a.1.w:F64:1,1 a.2.w:F64:1,1 a.2.b:F64:1", "1 1- 1- 1"},
		{"encoder.weight:F16:4,3 head.weight:BF16:2,4 head.bias:F32:2", "3 4- 2"},
		{"l9.w:F32:2,1 l10.w:F32:3,2 l11.w:F32:4,3", "1 2- 3- 4-"},
		{"l099.w:F32:2,1 l100.w:F32:3,2", "1 2- 3-"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		mlp_network *net;
		assert_ok(load(cases[i].list, NULL, NULL, &net));
		assert_string_equal(shape_of(net), cases[i].shape);
		mlp_network_free(net);
	}
}

static void what_is_no_chain_is_refused_by_name(void **state)
{
	(void)state;
	const struct {
		const char *list, *words;
	} cases[] = {
		{"", "no tensors"},
		{"0.weight:F32:4,3 2.weight:F32:2,5",
		 "'2.weight' is 2 x 5, but the layer before it has 4 outputs"},
		{"0.weight:F32:4,3 0.bias:F32:3",
		 "'0.bias' has 3 values, but the weights of its layer are 4 x 3"},
		{"0.bias:F32:3", "'0.bias' is a bias of 3 values, but no weights"},
		{"0.weight:F32:4,3 1.bias:F32:4", "'1.bias' is a bias of 4 values, but no weights"},
		{"rnn.weight_hh:F32:4,4 rnn.weight_ih:F32:4,4",
		 "'rnn.weight_ih' is 4 x 4, but its layer has other weights, of 4 x 4"},
		{"0.weight:F32:4,3 0.bias:F32:4 0.running_mean:F32:4",
		 "'0.running_mean' has 4 values, but its layer has another bias, of 4"},
		{"0.weight:F32:4,3 0.steps:I64:", "'0.steps' is of an element type"},
		{"0.weight:I64:4,3", "'0.weight' is of an element type"},
		{"conv.weight:F32:4,3,3,3", "'conv.weight' has 4 dimensions"},
		{"a.weight:F32:4,3 a.scale:F32:", "'a.scale' has 0 dimensions"},
		{"0.weight:F32:0,3", "'0.weight' is empty"},
		{"a.1.weight:F32:1,1 a.01.weight:F32:1,1", "which comes first is not clear"},
		{"w1:F32:4,3 v1:F32:4,3", "'w1' is 4 x 3, but its layer has other weights"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		mlp_network *net = (mlp_network *)1;
		assert_fails(MLP_ERR_FORMAT, cases[i].words, load(cases[i].list, NULL, NULL, &net));
		assert_null(net);
	}
}

static void long_names_are_cut_in_errors(void **state)
{
	(void)state;
	char list[600];
	mlp_network *net;
	memset(list, 'n', 500);
	strcpy(list + 500, ":F32:4,3,2");
	assert_fails(MLP_ERR_FORMAT, "nnn...' has 3 dimensions", load(list, NULL, NULL, &net));
}

static void parameters_land_where_they_belong(void **state)
{
	(void)state;
	const float data[] = {10, 11, 1, 2, 3, 4, 5, 6, 7, 8, 9};
	mlp_network *net;
	float b[2], w[2];
	assert_ok(load("l.2.bias:F32:1 l.2.weight:F32:1,2 l.1.weight:F32:2,3 l.1.bias:F32:2", data,
		       NULL, &net));
	assert_ok(mlp_network_get_biases_f32(net, 2, b));
	assert_true(b[0] == 10);
	assert_ok(mlp_network_get_weights_f32(net, 2, w, 2));
	assert_true(w[0] == 11 && w[1] == 1);
	const float *p = mlp_network_const_parameters_f32(net);
	const float expected[] = {2, 3, 4, 5, 6, 7, 8, 9, 11, 1, 10};
	assert_memory_equal(p, expected, sizeof(expected));
	mlp_network_free(net);
}

/* 1, -2, 2^-24 (denormal), 65504; and BF16's 1, -2, infinity */
static void half_precision_is_converted_exactly(void **state)
{
	(void)state;
	const uint16_t data[] = {0x3c00, 0xc000, 0x0001, 0x7bff, 0x3f80, 0xc000, 0x7f80, 0x4000};
	const float expected[] = {1, -2, 0x1p-24F, 65504, 1, -2, INFINITY, 2};
	mlp_network *net;
	assert_ok(load("0.weight:F16:2,2 1.weight:BF16:2,2", data, NULL, &net));
	assert_int_equal(mlp_network_dtype(net), MLP_F32);
	const float *p = mlp_network_const_parameters_f32(net);
	assert_memory_equal(p, expected, 4 * sizeof(float));
	assert_memory_equal(p + 6, expected + 4, 4 * sizeof(float));
	mlp_network_free(net);
}

static void mixed_types_become_the_widest(void **state)
{
	(void)state;
	struct {
		double w[2];
		float b[2];
		uint16_t v[2];
	} data = {{0.1, 1e300}, {3.5F, -1}, {0x3c00, 0x4000}};
	mlp_network *net;
	assert_ok(load("0.weight:F64:2,1 0.bias:F32:2 1.weight:F16:1,2", &data, NULL, &net));
	assert_int_equal(mlp_network_dtype(net), MLP_F64);
	const double expected[] = {0.1, 1e300, 3.5, -1, 1, 2};
	assert_memory_equal(mlp_network_const_parameters_f64(net), expected, sizeof(expected));
	mlp_network_free(net);
}

/* ---- options -------------------------------------------------------------------------------- */

static void options_choose_activations_and_type(void **state)
{
	(void)state;
	const char *const list = "0.weight:F64:4,3 1.weight:F64:4,4 2.weight:F64:2,4";
	mlp_load_options *options;
	mlp_network *net;
	assert_ok(load(list, NULL, NULL, &net));
	assert_int_equal(mlp_network_activation(net, 1), MLP_RELU);
	assert_int_equal(mlp_network_activation(net, 3), MLP_IDENTITY);
	mlp_network_free(net);
	assert_ok(mlp_load_options_create(&options));
	assert_ok(mlp_load_options_set_activations(options, MLP_TANH, MLP_SOFTMAX));
	assert_ok(mlp_load_options_set_dtype(options, MLP_F32));
	assert_ok(load(list, NULL, options, &net));
	assert_int_equal(mlp_network_dtype(net), MLP_F32);
	assert_int_equal(mlp_network_activation(net, 1), MLP_TANH);
	assert_int_equal(mlp_network_activation(net, 2), MLP_TANH);
	assert_int_equal(mlp_network_activation(net, 3), MLP_SOFTMAX);
	mlp_network_free(net);
	const double large[1] = {1e300};
	assert_fails(MLP_ERR_OVERFLOW, "too large for float",
		     load("0.weight:F64:1,1", large, options, &net));
	assert_null(net);
	/* a file that says what it is does not care */
	struct bytes bytes = {0};
	mlp_network *own;
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){2, 2, 2}, 3, &own));
	assert_ok(mlp_network_save_to(own, bytes_write, &bytes));
	assert_ok(mlp_network_load_memory(bytes.data, bytes.size, options, &net));
	assert_int_equal(mlp_network_activation(net, 2), MLP_IDENTITY);
	mlp_network_free(net);
	mlp_network_free(own);
	bytes_free(&bytes);
	mlp_load_options_free(options);
	mlp_load_options_free(NULL);
}

static void limits_are_kept(void **state)
{
	(void)state;
	const char *const list = "0.weight:F32:4,3 0.bias:F32:4 1.weight:F32:2,4 1.bias:F32:2";
	const struct {
		mlp_load_limit limit;
		int64_t enough;
		const char *words;
	} cases[] = {
		{MLP_LOAD_MAX_TENSORS, 4, "4 tensors, the limit is 3"},
		{MLP_LOAD_MAX_LAYERS, 2, "2 layers, the limit is 1"},
		{MLP_LOAD_MAX_WIDTH, 4, "n_1 = 4, the limit is 3"},
		{MLP_LOAD_MAX_PARAMETERS, 26, "more than 25 parameters"},
	};
	mlp_network *net;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		mlp_load_options *options;
		assert_ok(mlp_load_options_create(&options));
		assert_ok(mlp_load_options_set(options, cases[i].limit, cases[i].enough));
		assert_int_equal(mlp_load_options_get(options, cases[i].limit), cases[i].enough);
		assert_ok(load(list, NULL, options, &net));
		mlp_network_free(net);
		assert_ok(mlp_load_options_set(options, cases[i].limit, cases[i].enough - 1));
		assert_fails(MLP_ERR_LIMIT, cases[i].words, load(list, NULL, options, &net));
		assert_null(net);
		mlp_load_options_free(options);
	}
	struct bytes file = make_file(list, NULL);
	for (int i = 0; i < 2; i++) {
		mlp_load_limit limit = i == 0 ? MLP_LOAD_MAX_BYTES : MLP_LOAD_MAX_HEADER_BYTES;
		int64_t enough = (int64_t)file.size - (i == 0 ? 0 : 8 + 4 * 26);
		mlp_load_options *options;
		assert_ok(mlp_load_options_create(&options));
		assert_ok(mlp_load_options_set(options, limit, enough));
		file.position = 0;
		assert_ok(mlp_network_load_from(bytes_read, &file, options, &net));
		mlp_network_free(net);
		assert_ok(mlp_load_options_set(options, limit, enough - 1));
		file.position = 0;
		assert_fails(MLP_ERR_LIMIT, "the limit is",
			     mlp_network_load_from(bytes_read, &file, options, &net));
		assert_fails(MLP_ERR_LIMIT, "the limit is",
			     mlp_network_load_memory(file.data, file.size, options, &net));
		mlp_load_options_free(options);
	}
	bytes_free(&file);
}

static void options_refuse_what_is_none(void **state)
{
	(void)state;
	mlp_load_options *options;
	const mlp_allocator empty = {.struct_size = sizeof(empty)};
	assert_fails(MLP_ERR_NULL, "options is NULL", mlp_load_options_create(NULL));
	assert_ok(mlp_load_options_create(&options));
	assert_fails(MLP_ERR_NULL, "options", mlp_load_options_set(NULL, MLP_LOAD_MAX_BYTES, 1));
	assert_fails(MLP_ERR_VALUE, "limit is 0",
		     mlp_load_options_set(options, (mlp_load_limit)0, 1));
	assert_fails(MLP_ERR_VALUE, "limit is 7",
		     mlp_load_options_set(options, (mlp_load_limit)7, 1));
	assert_fails(MLP_ERR_VALUE, "value is 0",
		     mlp_load_options_set(options, MLP_LOAD_MAX_BYTES, 0));
	assert_int_equal(mlp_load_options_get(options, MLP_LOAD_MAX_BYTES), 1LL << 40);
	assert_int_equal(mlp_load_options_get(NULL, MLP_LOAD_MAX_BYTES), MLP_ERR_NULL);
	assert_int_equal(mlp_load_options_get(options, (mlp_load_limit)7), MLP_ERR_VALUE);
	assert_fails(MLP_ERR_NULL, "options", mlp_load_options_set_dtype(NULL, MLP_F32));
	assert_fails(MLP_ERR_VALUE, "dtype is 3",
		     mlp_load_options_set_dtype(options, (mlp_dtype)3));
	assert_ok(mlp_load_options_set_dtype(options, (mlp_dtype)0));
	assert_fails(MLP_ERR_NULL, "options",
		     mlp_load_options_set_activations(NULL, MLP_RELU, MLP_RELU));
	assert_fails(MLP_ERR_VALUE, "hidden layers is 99",
		     mlp_load_options_set_activations(options, (mlp_activation)99, MLP_RELU));
	assert_fails(MLP_ERR_VALUE, "output layer is 0",
		     mlp_load_options_set_activations(options, MLP_RELU, (mlp_activation)0));
	assert_fails(MLP_ERR_VALUE, "softmax",
		     mlp_load_options_set_activations(options, MLP_SOFTMAX, MLP_RELU));
	assert_fails(MLP_ERR_NULL, "options", mlp_load_options_set_allocator(NULL, NULL));
	assert_fails(MLP_ERR_NULL, "allocate", mlp_load_options_set_allocator(options, &empty));
	assert_ok(mlp_load_options_set_allocator(options, NULL));
	mlp_load_options_free(options);
}

/* ---- our metadata, wrong -------------------------------------------------------------------- */

static void assert_refused(const char *metadata, const char *words)
{
	char header[2048];
	mlp_network *net;
	snprintf(header, sizeof(header),
		 "{\"__metadata__\":{%s},"
		 "\"0.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]},"
		 "\"2.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[4,8]}}",
		 metadata);
	struct bytes file = bytes_of_header(header, 8);
	assert_fails(MLP_ERR_FORMAT, words,
		     mlp_network_load_memory(file.data, file.size, NULL, &net));
	bytes_free(&file);
}

#define OURS "\"mlp.format\":\"1\",\"mlp.crc32\":\"00000000\""

static void metadata_that_no_network_has_are_refused(void **state)
{
	(void)state;
	assert_refused("\"mlp.format\":\"2\"", "'2' is the file's format");
	assert_refused("\"mlp.kind\":\"network\"", "lack its format");
	assert_refused("\"mlp.format\":\"1\"", "lack its checksum");
	assert_refused(OURS, "name no activations");
	assert_refused(OURS ",\"mlp.activations\":\"relu\"", "entry 0 is wrong");
	assert_refused(OURS ",\"mlp.activations\":\"relu,relu,relu\"", "entry 1 is wrong");
	assert_refused(OURS ",\"mlp.activations\":\"relu,relux\"",
		       "'relux' is an activation, of layer 2");
	assert_refused(OURS ",\"mlp.activations\":\"softmax,relu\"", "softmax is for the output");
	assert_refused(OURS ",\"mlp.activations\":\"relu:0x1p+0,relu\"", "has no parameter");
	assert_refused(OURS ",\"mlp.activations\":\"elu:-0x1p+0,relu\"", "must be finite");
	assert_refused(OURS ",\"mlp.activations\":\"elu:1,relu\"", "entry 0 is wrong");
	assert_refused(OURS ",\"mlp.activations\":\"relurelurelurelurelurelurelurelurelu,relu\"",
		       "entry 0 is wrong");
#define SOUND OURS ",\"mlp.activations\":\"relu,relu\","
	assert_refused(SOUND "\"mlp.frozen\":\"0,2\"",
		       "'mlp.frozen' of the file's metadata: entry 1");
	assert_refused(SOUND "\"mlp.frozen\":\"0\"", "entry 0 is wrong");
	assert_refused(SOUND "\"mlp.dropout\":\"0x0p+0,0x1p+0\"", "rate");
	assert_refused(SOUND "\"mlp.dropout\":\"0x0p+0\"", "entry 0 is wrong");
	assert_refused(SOUND "\"mlp.input_shift\":\"0x0p+0\"", "is NULL");
	assert_refused(SOUND "\"mlp.input_shift\":\"0x0p+0\",\"mlp.input_scale\":\"0x0p+0\"",
		       "scale");
	assert_refused(SOUND "\"mlp.output_shift\":\"nan\",\"mlp.output_scale\":\"0x1p+0\"",
		       "shift");
	assert_refused(SOUND "\"mlp.domain_lowest\":\"0x1p+0\",\"mlp.domain_highest\":\"0x0p+0\"",
		       "");
	assert_refused(SOUND "\"a\":\"b\"", "damaged");
}

static void our_files_have_our_names(void **state)
{
	(void)state;
	mlp_network *net;
	struct bytes file = {0};
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){1, 1, 1}, 3, &net));
	assert_ok(mlp_network_save_to(net, bytes_write, &file));
	mlp_network_free(net);
	char *name = (char *)file.data;
	while (memcmp(name, "2.weight", 8) != 0)
		name++;
	name[0] = '3';
	assert_int_equal(mlp_network_load_memory(file.data, file.size, NULL, &net), MLP_ERR_FORMAT);
	name[0] = '2';
	name[7] = 'r';
	assert_fails(MLP_ERR_FORMAT, "'2.weighr' is not the name of layer 2's weights",
		     mlp_network_load_memory(file.data, file.size, NULL, &net));
	bytes_free(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chains_are_networks),
		cmocka_unit_test(what_is_no_chain_is_refused_by_name),
		cmocka_unit_test(long_names_are_cut_in_errors),
		cmocka_unit_test(parameters_land_where_they_belong),
		cmocka_unit_test(half_precision_is_converted_exactly),
		cmocka_unit_test(mixed_types_become_the_widest),
		cmocka_unit_test(options_choose_activations_and_type),
		cmocka_unit_test(limits_are_kept),
		cmocka_unit_test(options_refuse_what_is_none),
		cmocka_unit_test(metadata_that_no_network_has_are_refused),
		cmocka_unit_test(our_files_have_our_names),
	};
	return cmocka_run_group_tests_name("file_foreign", tests, NULL, NULL);
}
