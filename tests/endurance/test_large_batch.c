/* Batches whose bytes, and whose numbers, pass 2^31 and 2^32: the same bits as those of a small batch with the
 * same rows. Rows far apart cost addresses, not memory; many rows cost a workspace.
 * usage: test_endurance_large_batch_f32 [all] (without: rows far apart only) */
#define _GNU_SOURCE /* MAP_ANONYMOUS, MAP_NORESERVE, madvise; NOLINT: the name is the C library's */
#include <sys/mman.h>

#include "held.h"
#include "property/real.h"

/* So many zeros, which cost memory only where they are written to; NULL: there are not so many addresses. */
static void *reserve(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return NULL;
	madvise(memory, bytes, MADV_NOHUGEPAGE); /* a row is to cost 4 KB, not 2 MB */
	return memory;
}

static void skip_without(bool there, const char *what)
{
	if (there)
		return;
	print_message("skipped: %s\n", what);
	skip();
}

/* ---- rows far apart ------------------------------------------------------------------------- */

enum {
	IN = 5,
	HIDDEN = 7,
	OUT = 3,
	ROWS = 600,
	PARAMETERS = HIDDEN * (IN + 1) + OUT * (HIDDEN + 1)
};

/* The last row begins beyond 2^31 numbers. */
static const int64_t ld = INT64_C(1) << 22;

/* The same rows, close together and far apart. */
struct pair {
	REAL *near, *far;
	int64_t width;
};

static const size_t far_bytes = ((size_t)(ROWS - 1) * ((size_t)1 << 22) + 64) * sizeof(REAL);

static struct pair make_pair(int64_t width, uint64_t *random)
{
	struct pair pair = {calloc((size_t)(ROWS * width), sizeof(REAL)), reserve(far_bytes),
			    width};
	assert_non_null(pair.near);
	skip_without(pair.far != NULL, "no 20 GB of addresses");
	for (int64_t n = 0; n < ROWS; n++)
		for (int64_t i = 0; i < width; i++)
			pair.far[n * ld + i] = pair.near[n * width + i] = (REAL)random_real(random);
	return pair;
}

static void check_pair(const char *what, const struct pair *pair)
{
	for (int64_t n = 0; n < ROWS; n++)
		if (memcmp(pair->far + n * ld, pair->near + n * pair->width,
			   (size_t)pair->width * sizeof(REAL)) != 0)
			fail_msg("%s: row %d differs", what, (int)n);
}

static void free_pair(struct pair *pair)
{
	free(pair->near);
	munmap(pair->far, far_bytes);
}

static mlp_network *make_network(void)
{
	const int64_t widths[] = {IN, HIDDEN, OUT};
	mlp_network *net;
	assert_ok(mlp_network_create(REAL_DTYPE, widths, 3, &net));
	assert_ok(mlp_network_set_activation(net, 1, MLP_TANH));
	assert_ok(mlp_network_init(net, MLP_ALL_LAYERS, MLP_INIT_GLOROT_UNIFORM, 0, 3));
	return net;
}

static void rows_far_apart_give_what_they_give_close_together(void **state)
{
	(void)state;
	uint64_t random = 11;
	struct pair x = make_pair(IN, &random), target = make_pair(OUT, &random);
	struct pair y = make_pair(OUT, &random), dx = make_pair(IN, &random);
	mlp_network *nets[2] = {make_network(), make_network()};
	mlp_workspace *ws;
	REAL grads[2][PARAMETERS];
	double values[2];
	assert_ok(mlp_workspace_create(nets[0], ROWS, MLP_TRAINING, &ws));
	for (int far = 0; far < 2; far++) {
		mlp_network *net = nets[far];
		REAL *xs = far ? x.far : x.near, *ts = far ? target.far : target.near;
		REAL *ys = far ? y.far : y.near, *dxs = far ? dx.far : dx.near;
		const int64_t ld_in = far ? ld : IN, ld_out = far ? ld : OUT;
		assert_ok(FN(predict)(net, xs, ld_in, ROWS, ys, ld_out));
		assert_ok(FN(forward)(net, ws, xs, ld_in, ROWS, ys, ld_out));
		assert_ok(FN(gradient)(net, ws, xs, ld_in, ts, ld_out, NULL, ROWS,
				       MLP_SQUARED_ERROR, 0, MLP_MEAN, 0, &values[far], grads[far],
				       dxs, ld_in));
		assert_ok(FN(train_step)(net, ws, xs, ld_in, ts, ld_out, NULL, ROWS,
					 MLP_SQUARED_ERROR, 0, MLP_MEAN, 0.1, NULL));
	}
	check_pair("outputs", &y);
	check_pair("gradient at the input", &dx);
	assert_true(values[0] == values[1]);
	assert_same_bits(grads[1], grads[0], PARAMETERS);
	assert_same_bits(FN(network_const_parameters)(nets[1]),
			 FN(network_const_parameters)(nets[0]), PARAMETERS);
	mlp_workspace_free(ws);
	for (int far = 0; far < 2; far++)
		mlp_network_free(nets[far]);
	free_pair(&x);
	free_pair(&target);
	free_pair(&y);
	free_pair(&dx);
}

/* ---- more rows than there is room for ----------------------------------------------------------- */

static void rows_beyond_the_address_space_are_an_error(void **state)
{
	(void)state;
	mlp_network *net = make_network();
	mlp_workspace *ws;
	REAL x[IN] = {0}, y[OUT];
	assert_int_equal(FN(predict)(net, x, INT64_C(1) << 32, INT64_C(1) << 40, y, OUT),
			 MLP_ERR_OVERFLOW);
	assert_int_equal(FN(predict)(net, x, IN, INT64_C(1) << 62, y, OUT), MLP_ERR_OVERFLOW);
	assert_int_equal(mlp_workspace_create(net, INT64_C(1) << 62, MLP_TRAINING, &ws),
			 MLP_ERR_OVERFLOW);
	assert_null(ws);
	assert_int_equal(mlp_workspace_create(net, INT64_C(1) << 45, MLP_TRAINING, &ws),
			 MLP_ERR_MEMORY); /* 2^52 bytes and more: no processor has them */
	assert_null(ws);
	mlp_network_free(net);
}

/* ---- many rows -------------------------------------------------------------------------------- */

enum { WIDE = 2, MARKS = 8 };

/* Bytes of an array of inputs pass 2^32; where there is no memory for that, 2^31 (for f64 2^32). */
static const int64_t counts[] = {(INT64_C(1) << 29) + 3000001, (INT64_C(1) << 28) + 3000001};

/* The k-th of `many` rows that is not 0: at both ends, and where the bytes of inputs, targets and losses pass
 * powers of 2. */
static int64_t marked(int k, int64_t many)
{
	const int64_t rows[MARKS] = {0,
				     1,
				     (INT64_C(1) << 27) - 1,
				     INT64_C(1) << 27,
				     (INT64_C(1) << 28) - 1,
				     INT64_C(1) << 28,
				     many > INT64_C(1) << 29 ? INT64_C(1) << 29 : many - 300,
				     many - 1};
	return rows[k];
}

/* Integers, whose sums are exact in any order. */
static REAL mark(int k, int i)
{
	return (REAL)((k + 1) * (i == 0 ? 1 : -3));
}

static mlp_network *make_sum(void)
{
	const int64_t widths[] = {WIDE, 1};
	mlp_network *net;
	assert_ok(mlp_network_create(REAL_DTYPE, widths, 2, &net));
	REAL *p = FN(network_parameters)(net);
	p[0] = 2;
	p[1] = -1;
	p[2] = 0;
	return net;
}

static bool is_there(size_t bytes, const char *for_what)
{
	const double there = (double)read_kilobytes("/proc/meminfo", "MemAvailable:");
	print_message("%s: %.1f GB of memory are needed, %.1f are available\n", for_what,
		      (double)bytes / 1e9, there / 1e9);
	return (double)bytes < there;
}

static void many_rows_are_predicted_as_a_few_are(void **state)
{
	(void)state;
	const int64_t many = counts[0];
	const size_t out_bytes = (size_t)many * sizeof(REAL);
	skip_without(is_there(out_bytes + out_bytes / 4, "many rows forward"), "too little memory");
	mlp_network *net = make_sum();
	REAL *x = reserve((size_t)many * WIDE * sizeof(REAL)), *y = reserve(out_bytes);
	skip_without(x != NULL && y != NULL, "too few addresses");
	for (int k = 0; k < MARKS; k++)
		for (int i = 0; i < WIDE; i++)
			x[marked(k, many) * WIDE + i] = mark(k, i);
	for (int64_t n = 0; n < many; n++)
		y[n] = 1; /* what is not written stays 1 */
	assert_ok(FN(predict)(net, x, WIDE, many, y, 1));
	int64_t others = 0;
	for (int64_t n = 0; n < many; n++)
		others += y[n] != 0;
	assert_int_equal(others, MARKS);
	for (int k = 0; k < MARKS; k++)
		assert_true(y[marked(k, many)] == 2 * mark(k, 0) - mark(k, 1));
	printf("%lld rows predicted\n", (long long)many);
	munmap(x, (size_t)many * WIDE * sizeof(REAL));
	munmap(y, out_bytes);
	mlp_network_free(net);
}

/* Loss, gradient and a step of the rows x; the same numbers whatever rows of zeros are among them. */
static void train(mlp_network *net, const REAL *x, const REAL *target, int64_t rows, REAL *grad,
		  double *value)
{
	mlp_workspace *ws;
	assert_ok(mlp_workspace_create(net, rows, MLP_TRAINING, &ws));
	assert_ok(FN(gradient)(net, ws, x, WIDE, target, 1, NULL, rows, MLP_SQUARED_ERROR, 0,
			       MLP_SUM, 0, value, grad, NULL, 0));
	assert_ok(FN(train_step)(net, ws, x, WIDE, target, 1, NULL, rows, MLP_SQUARED_ERROR, 0,
				 MLP_SUM, 0.125, NULL));
	mlp_workspace_free(ws);
}

static void many_rows_train_as_a_few_do(void **state)
{
	(void)state;
	size_t bytes = 0;
	int64_t many = 0;
	bool enough = false;
	mlp_network *net = make_sum(), *small = make_sum();
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]) && !enough; i++) {
		many = counts[i];
		assert_ok(mlp_workspace_size(net, many, MLP_TRAINING, &bytes));
		enough = is_there(bytes + bytes / 4, "many rows in training");
	}
	skip_without(enough, "too little memory");
	const size_t x_bytes = (size_t)many * WIDE * sizeof(REAL);
	const size_t target_bytes = (size_t)many * sizeof(REAL);
	REAL *x = reserve(x_bytes), *target = reserve(target_bytes);
	skip_without(x != NULL && target != NULL, "too few addresses");
	REAL few[MARKS * WIDE], few_targets[MARKS], grads[2][WIDE + 1];
	double values[2];
	for (int k = 0; k < MARKS; k++) {
		target[marked(k, many)] = few_targets[k] = (REAL)(k % 3);
		for (int i = 0; i < WIDE; i++)
			x[marked(k, many) * WIDE + i] = few[k * WIDE + i] = mark(k, i);
	}
	train(net, x, target, many, grads[0], &values[0]);
	train(small, few, few_targets, MARKS, grads[1], &values[1]);
	assert_true(values[0] > 0 && values[0] == values[1]);
	assert_same_bits(grads[0], grads[1], WIDE + 1);
	assert_same_bits(FN(network_const_parameters)(net), FN(network_const_parameters)(small),
			 WIDE + 1);
	printf("%lld rows trained, workspace of %.1f GB\n", (long long)many, (double)bytes / 1e9);
	munmap(x, x_bytes);
	munmap(target, target_bytes);
	mlp_network_free(net);
	mlp_network_free(small);
}

int main(int count, char **words)
{
	const bool has_all = count > 1 && strcmp(words[1], "all") == 0;
	const struct CMUnitTest small[] = {
		cmocka_unit_test(rows_far_apart_give_what_they_give_close_together),
		cmocka_unit_test(rows_beyond_the_address_space_are_an_error),
	};
	const struct CMUnitTest large[] = {
		cmocka_unit_test(many_rows_are_predicted_as_a_few_are),
		cmocka_unit_test(many_rows_train_as_a_few_do),
	};
	int failures = cmocka_run_group_tests(small, NULL, NULL);
	return has_all ? failures + cmocka_run_group_tests(large, NULL, NULL) : failures;
}
