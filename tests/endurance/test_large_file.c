/* A model file of more than 2^32 bytes, sparse on the disk: refused by a limit before any memory is asked for,
 * and loaded right.
 * usage: test_endurance_large_file [all] (without: the limits only, which need no memory) */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "held.h"

/* 4.3 GB of weights */
enum { IN = 32768, OUT = 32800 };

#define PARAMETERS ((int64_t)OUT * IN + OUT)
#define PATH       "test_endurance_large_file.safetensors"

/* Parameters that are not 0: at both ends, and around the bytes 2^31 and 2^32 of the tensors. */
static const struct {
	int64_t index;
	float value;
} marks[] = {{0, 1.5F},
	     {IN - 1, 2},
	     {(INT64_C(1) << 29) - 1, 3},
	     {INT64_C(1) << 29, -4},
	     {(INT64_C(1) << 30) - 1, 5},
	     {INT64_C(1) << 30, -6},
	     {(INT64_C(1) << 30) + 12345, 7},
	     {(int64_t)OUT * IN - 1, 8},
	     {(int64_t)OUT * IN, 0.25F},
	     {PARAMETERS - 1, -0.5F}};

enum { MARKS = sizeof(marks) / sizeof(marks[0]) };

/* ---- the file ------------------------------------------------------------------------------- */

/* Weights and biases one after the other, as the parameters of a network are; false: no such file can be. */
static bool write_file(void)
{
	char header[512];
	const int64_t weights = (int64_t)OUT * IN * 4, end = PARAMETERS * 4;
	int length = snprintf(header, sizeof(header),
			      "{\"0.weight\":{\"dtype\":\"F32\",\"shape\":[%d,%d],"
			      "\"data_offsets\":[0,%lld]},\"0.bias\":{\"dtype\":\"F32\","
			      "\"shape\":[%d],\"data_offsets\":[%lld,%lld]}}",
			      OUT, IN, (long long)weights, OUT, (long long)weights, (long long)end);
	while (length % 8 != 0)
		header[length++] = ' ';
	const uint64_t size = (uint64_t)length;
	const off_t data = (off_t)sizeof(size) + length;
	int file = open(PATH, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	bool ok = file >= 0 && pwrite(file, &size, sizeof(size), 0) == (ssize_t)sizeof(size) &&
		  pwrite(file, header, (size_t)length, sizeof(size)) == length &&
		  ftruncate(file, data + (off_t)end) == 0;
	for (size_t i = 0; ok && i < MARKS; i++)
		ok = pwrite(file, &marks[i].value, 4, data + (off_t)(marks[i].index * 4)) == 4;
	return file >= 0 && close(file) == 0 && ok;
}

/* ---- memory --------------------------------------------------------------------------------- */

/* An allocator that has so much and no more. */
struct store {
	size_t size, in_use, most;
};

static void *take(void *context, size_t alignment, size_t size)
{
	struct store *store = context;
	store->most = size > store->most ? size : store->most;
	if (size > store->size - store->in_use)
		return NULL;
	store->in_use += size;
	return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static void give_back(void *context, void *memory, size_t alignment, size_t size)
{
	struct store *store = context;
	(void)alignment;
	store->in_use -= size;
	free(memory);
}

static mlp_load_options *options_with(struct store *store)
{
	mlp_allocator allocator = {sizeof(allocator), take, give_back, store};
	mlp_load_options *options;
	assert_ok(mlp_load_options_create(&options));
	assert_ok(mlp_load_options_set_allocator(options, &allocator));
	return options;
}

/* ---- tests ---------------------------------------------------------------------------------- */

static void a_limit_refuses_it_before_memory_is_asked_for(void **state)
{
	(void)state;
	enum { LITTLE = 1 << 20 };
	static const struct {
		mlp_load_limit limit;
		int64_t value;
	} cases[] = {{MLP_LOAD_MAX_BYTES, INT64_C(1) << 32},
		     {MLP_LOAD_MAX_PARAMETERS, INT64_C(1) << 30},
		     {MLP_LOAD_MAX_WIDTH, OUT - 1}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store store = {.size = SIZE_MAX};
		mlp_load_options *options = options_with(&store);
		mlp_network *net;
		assert_ok(mlp_load_options_set(options, cases[i].limit, cases[i].value));
		struct held before = what_is_held();
		assert_int_equal(mlp_network_load(PATH, options, &net), MLP_ERR_LIMIT);
		assert_null(net);
		struct held after = what_is_held();
		assert_true(after.resident < before.resident + (16L << 20));
		assert_true(store.most <= LITTLE);
		assert_int_equal(store.in_use, 0);
		mlp_load_options_free(options);
	}
}

/* With an allocator that has no more than this. */
static void no_memory_for_it_is_an_error(void **state)
{
	(void)state;
	struct store store = {.size = (size_t)1 << 32};
	mlp_load_options *options = options_with(&store);
	mlp_network *net;
	assert_int_equal(mlp_network_load(PATH, options, &net), MLP_ERR_MEMORY);
	assert_null(net);
	assert_true(store.most > (size_t)1 << 32);
	assert_int_equal(store.in_use, 0);
	mlp_load_options_free(options);
}

/* What mlp_network_save_to() writes: its header, and how many bytes of the data are not 0. */
struct saved {
	uint64_t header, bytes;
	int64_t others;
};

static int look_at(void *context, const void *data, size_t size)
{
	struct saved *saved = context;
	const unsigned char *bytes = data;
	for (size_t i = 0; i < size; i++, saved->bytes++) {
		if (saved->bytes < 8)
			saved->header += (uint64_t)bytes[i] << 8 * saved->bytes;
		else if (saved->bytes >= 8 + saved->header)
			saved->others += bytes[i] != 0;
	}
	return 0;
}

static void check_saved(const mlp_network *net)
{
	struct saved saved = {0};
	int64_t others = 0;
	for (size_t i = 0; i < MARKS; i++)
		for (size_t k = 0; k < sizeof(float); k++)
			others += ((const char *)&marks[i].value)[k] != 0;
	assert_ok(mlp_network_save_to(net, look_at, &saved));
	assert_true(saved.bytes == 8 + saved.header + (uint64_t)PARAMETERS * sizeof(float));
	assert_int_equal(saved.others, others);
}

/* One sample of ones: each output is the sum of its row of w, and its bias. */
static void check_outputs(const mlp_network *net)
{
	static float x[IN], y[OUT];
	for (int i = 0; i < IN; i++)
		x[i] = 1;
	assert_ok(mlp_predict_f32(net, x, IN, 1, y, OUT));
	for (int64_t i = 0; i < OUT; i++) {
		float sum = 0;
		for (size_t k = 0; k < MARKS; k++)
			if (marks[k].index < (int64_t)OUT * IN
				    ? marks[k].index / IN == i
				    : marks[k].index - (int64_t)OUT * IN == i)
				sum += marks[k].value;
		if (y[i] != sum)
			fail_msg("output %d is %g, must be %g", (int)i, (double)y[i], (double)sum);
	}
}

static void it_is_loaded_right(void **state)
{
	(void)state;
	const long needed = 5L << 30;
	const long there = read_kilobytes("/proc/meminfo", "MemAvailable:");
	if (there < needed) {
		print_message("skipped: %.1f GB of memory are available, %.1f are needed\n",
			      (double)there / 1e9, (double)needed / 1e9);
		skip();
	}
	mlp_network *net;
	assert_ok(mlp_network_load(PATH, NULL, &net));
	assert_int_equal(mlp_network_parameter_count(net), PARAMETERS);
	const float *p = mlp_network_const_parameters_f32(net);
	int64_t wrong = 0;
	for (int64_t i = 0; i < PARAMETERS; i++)
		wrong += p[i] != 0;
	assert_int_equal(wrong, MARKS);
	for (size_t i = 0; i < MARKS; i++)
		assert_true(p[marks[i].index] == marks[i].value);
	check_outputs(net);
	check_saved(net);
	printf("loaded, computed with and saved: %.2f GB of parameters\n",
	       (double)PARAMETERS * 4e-9);
	mlp_network_free(net);
}

int main(int count, char **words)
{
	const bool has_all = count > 1 && strcmp(words[1], "all") == 0;
	signal(SIGXFSZ, SIG_IGN); /* over a limit (ulimit -f) there is an error instead */
	if (!write_file()) {
		printf("skipped: no file of %.1f GB can be made here\n", (double)PARAMETERS * 4e-9);
		unlink(PATH);
		return 77;
	}
	const struct CMUnitTest small[] = {
		cmocka_unit_test(a_limit_refuses_it_before_memory_is_asked_for),
		cmocka_unit_test(no_memory_for_it_is_an_error),
	};
	const struct CMUnitTest large[] = {cmocka_unit_test(it_is_loaded_right)};
	int failures = cmocka_run_group_tests(small, NULL, NULL);
	if (has_all)
		failures += cmocka_run_group_tests(large, NULL, NULL);
	unlink(PATH);
	return failures;
}
