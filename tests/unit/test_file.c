/* Networks in files: every bit comes back, and every status of the manual. */
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "real.h"
#include "support/bytes.h"
#include "support/heap.h"
#include "support/test.h"

static mlp_network *make_network(const int64_t *widths, int64_t count)
{
	mlp_network *net;
	uint64_t seed = 5;
	assert_ok(mlp_network_create(REAL_DTYPE, widths, count, &net));
	random_fill(&seed, FN(network_parameters)(net), (size_t)mlp_network_parameter_count(net),
		    1);
	return net;
}

static struct bytes save(const mlp_network *net)
{
	struct bytes bytes = {0};
	assert_ok(mlp_network_save_to(net, bytes_write, &bytes));
	return bytes;
}

static void assert_same_list(const double *a, const double *b, size_t count)
{
	assert_memory_equal(a, b, count * sizeof(double));
}

/* Everything that can be asked; parameters bit by bit. */
static void assert_same(const mlp_network *a, const mlp_network *b)
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

static void assert_comes_back(const mlp_network *net)
{
	struct bytes bytes = save(net);
	mlp_network *back;
	assert_ok(mlp_network_load_memory(bytes.data, bytes.size, NULL, &back));
	assert_same(net, back);
	mlp_network_free(back);
	bytes_free(&bytes);
}

/* ---- there and back ------------------------------------------------------------------------- */

static void every_activation_comes_back(void **state)
{
	(void)state;
	for (int kind = MLP_IDENTITY; kind <= MLP_SOFTMAX; kind++) {
		mlp_network *net = make_network((const int64_t[]){3, 4, 2}, 3);
		if (kind != MLP_SOFTMAX)
			assert_ok(mlp_network_set_activation(net, 1, (mlp_activation)kind));
		assert_ok(mlp_network_set_activation(net, 2, (mlp_activation)kind));
		if (kind == MLP_LEAKY_RELU || kind == MLP_ELU)
			assert_ok(mlp_network_set_activation_parameter(net, 1, 0.1234567891234567));
		assert_comes_back(net);
		mlp_network_free(net);
	}
}

static void every_setting_comes_back(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){3, 4, 5, 2}, 4);
	const double shift[] = {0.1, -1e-3, 12345.678901234567}, scale[] = {1.0 / 3, 2e-7, 1e5};
	const double lowest[] = {-(double)INFINITY, -0.0, 0.1},
		     highest[] = {0, 0.3, (double)INFINITY};
	assert_ok(mlp_network_set_frozen(net, 2, 1));
	assert_ok(mlp_network_set_bias(net, 1, 0));
	assert_ok(mlp_network_set_bias(net, 3, 0));
	assert_ok(mlp_network_set_dropout(net, 0, 0.1));
	assert_ok(mlp_network_set_dropout(net, 2, 0.7));
	assert_comes_back(net);
	assert_ok(mlp_network_set_input_scaling(net, shift, scale));
	assert_comes_back(net);
	assert_ok(mlp_network_set_output_scaling(net, shift, scale));
	assert_ok(mlp_network_set_domain(net, lowest, highest));
	assert_comes_back(net);
	mlp_network_free(net);
}

static void odd_numbers_come_back_bit_for_bit(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){4, 3}, 2);
	REAL *p = FN(network_parameters)(net);
	const unsigned char payload[8] = {0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xf1, 0x7f};
	memset(p, 0xff, sizeof(REAL)); /* NaN, and one with a payload that does not signal */
	memcpy(p + 1, payload + 8 - sizeof(REAL), sizeof(REAL));
	p[2] = -(REAL)0;
	p[3] = (REAL)INFINITY;
	p[4] = -REAL_MOST;
	memset(p + 5, 0, sizeof(REAL));
	((unsigned char *)(p + 5))[0] = 1; /* the smallest there is */
	assert_comes_back(net);
	mlp_network_free(net);
}

static void networks_of_one_unit_and_of_many_layers_come_back(void **state)
{
	(void)state;
	int64_t widths[42];
	mlp_network *net = make_network((const int64_t[]){1, 1}, 2);
	assert_comes_back(net);
	mlp_network_free(net);
	for (int i = 0; i < 42; i++)
		widths[i] = 1 + i % 3;
	net = make_network(widths, 42);
	assert_comes_back(net);
	mlp_network_free(net);
}

/* A host's decimal comma, if this machine has such a locale. */
static void the_hosts_locale_does_not_matter(void **state)
{
	(void)state;
	const char *const comma[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"};
	mlp_network *net = make_network((const int64_t[]){3, 4, 3}, 3), *back;
	assert_ok(mlp_network_set_activation(net, 1, MLP_ELU));
	assert_ok(mlp_network_set_activation_parameter(net, 1, 0.1));
	struct bytes plain = save(net);
	for (size_t i = 0; i < 3; i++)
		if (setlocale(LC_ALL, comma[i]) != NULL)
			break;
	struct bytes other = save(net);
	assert_int_equal(plain.size, other.size);
	assert_memory_equal(plain.data, other.data, plain.size);
	assert_ok(mlp_network_load_memory(plain.data, plain.size, NULL, &back));
	setlocale(LC_ALL, "C");
	assert_same(net, back);
	mlp_network_free(back);
	mlp_network_free(net);
	bytes_free(&plain);
	bytes_free(&other);
}

static void the_same_network_gives_the_same_bytes(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){3, 4, 2}, 3), *clone;
	assert_ok(mlp_network_clone(net, &clone));
	struct bytes a = save(net), b = save(clone);
	assert_int_equal(a.size, b.size);
	assert_memory_equal(a.data, b.data, a.size);
	bytes_free(&a);
	bytes_free(&b);
	mlp_network_free(clone);
	mlp_network_free(net);
}

/* ---- ways ----------------------------------------------------------------------------------- */

static char folder[] = "/tmp/mlp-test-file-XXXXXX";

static const char *path_of(const char *name)
{
	static char path[256];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder); /* empty, or a temporary file was left */
}

static void files_come_back_and_keep_their_permissions(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){3, 4, 2}, 3), *back;
	struct stat facts;
	errno = 1234;
	assert_ok(mlp_network_save(net, path_of("a")));
	assert_ok(mlp_network_load(path_of("a"), NULL, &back));
	assert_int_equal(errno, 1234);
	assert_same(net, back);
	mlp_network_free(back);
	assert_int_equal(chmod(path_of("a"), 0640), 0);
	FN(network_parameters)(net)[0] = 17;
	assert_ok(mlp_network_save(net, path_of("a")));
	assert_int_equal(stat(path_of("a"), &facts), 0);
	assert_int_equal(facts.st_mode & 07777, 0640);
	assert_ok(mlp_network_load(path_of("a"), NULL, &back));
	assert_same(net, back);
	mlp_network_free(back);
	assert_int_equal(unlink(path_of("a")), 0);
	mlp_network_free(net);
}

static void a_new_file_has_the_permissions_that_the_process_gives(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){1, 1}, 2);
	struct stat facts;
	mode_t mask = umask(027);
	assert_ok(mlp_network_save(net, path_of("a")));
	umask(mask);
	assert_int_equal(stat(path_of("a"), &facts), 0);
	assert_int_equal(facts.st_mode & 07777, 0640);
	assert_int_equal(unlink(path_of("a")), 0);
	mlp_network_free(net);
}

static void a_symbolic_link_stays_and_its_file_is_replaced(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){1, 1}, 2), *back;
	struct stat facts;
	char target[256];
	assert_ok(mlp_network_save(net, path_of("a")));
	strcpy(target, path_of("a"));
	assert_int_equal(symlink("a", path_of("link")), 0);
	FN(network_parameters)(net)[0] = 17;
	assert_ok(mlp_network_save(net, path_of("link")));
	assert_int_equal(lstat(path_of("link"), &facts), 0);
	assert_true(S_ISLNK(facts.st_mode));
	assert_ok(mlp_network_load(target, NULL, &back));
	assert_same(net, back);
	mlp_network_free(back);
	unlink(target);
	assert_fails(MLP_ERR_IO, "/link': No such file", mlp_network_save(net, path_of("link")));
	unlink(path_of("link"));
	mlp_network_free(net);
}

static void what_cannot_be_a_file_is_refused(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){1, 1}, 2), *back = net;
	char longest[5000];
	memset(longest, 'x', sizeof(longest));
	longest[4999] = '\0';
	assert_fails(MLP_ERR_IO, "': Is a directory", mlp_network_save(net, folder));
	assert_fails(MLP_ERR_IO, "a/b/c': No such file", mlp_network_save(net, path_of("a/b/c")));
	assert_fails(MLP_ERR_IO, "no-file/': ", mlp_network_save(net, path_of("no-file/")));
	assert_fails(MLP_ERR_IO, "'': No such file", mlp_network_save(net, ""));
	assert_fails(MLP_ERR_IO, "no regular file: '/dev/null'",
		     mlp_network_save(net, "/dev/null"));
	assert_fails(MLP_ERR_IO, "xxx': File name too long", mlp_network_save(net, longest));
	assert_fails(MLP_ERR_IO, "': Is a directory", mlp_network_load(folder, NULL, &back));
	assert_null(back);
	assert_fails(MLP_ERR_IO, "none': No such file",
		     mlp_network_load(path_of("none"), NULL, &back));
	assert_fails(MLP_ERR_FORMAT, "ends 8 bytes too early",
		     mlp_network_load("/dev/null", NULL, &back));
	if (geteuid() != 0) { /* root may do everything */
		assert_int_equal(chmod(folder, 0500), 0);
		assert_fails(MLP_ERR_IO, "Permission denied", mlp_network_save(net, path_of("a")));
		assert_int_equal(chmod(folder, 0700), 0);
	}
	mlp_network_free(net);
}

static void a_pipe_is_read_to_its_end(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){3, 4, 2}, 3), *back;
	struct bytes bytes = save(net);
	int ends[2];
	char path[64];
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], bytes.data, bytes.size), (ssize_t)bytes.size);
	close(ends[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	assert_ok(mlp_network_load(path, NULL, &back));
	close(ends[0]);
	assert_same(net, back);
	mlp_network_free(back);
	mlp_network_free(net);
	bytes_free(&bytes);
}

static void callbacks_may_give_and_take_any_pieces(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){3, 4, 2}, 3);
	struct bytes bytes = save(net);
	for (bytes.most = 0; bytes.most < 20; bytes.most += 7) {
		mlp_network *back;
		bytes.position = 0;
		assert_ok(mlp_network_load_from(bytes_read, &bytes, NULL, &back));
		assert_same(net, back);
		mlp_network_free(back);
	}
	mlp_network_free(net);
	bytes_free(&bytes);
}

static int64_t gives_too_much(void *context, void *data, size_t size)
{
	(void)context;
	memset(data, 0, size);
	return (int64_t)size + 1;
}

static void callbacks_that_fail_are_reported(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){3, 4, 2}, 3), *back = net;
	struct bytes whole = save(net);
	int64_t n = 1;
	for (;; n++) {
		struct bytes bytes = {.fails_at = n};
		mlp_status status = mlp_network_save_to(net, bytes_write, &bytes);
		assert_int_equal(bytes.calls <= n, 1); /* not called again */
		bytes_free(&bytes);
		if (status == MLP_OK)
			break;
		assert_fails(MLP_ERR_CALLBACK, "returned 7", status);
	}
	assert_int_equal(n, 7); /* length, header, four tensors */
	whole.fails_at = whole.calls + 1;
	assert_fails(MLP_ERR_CALLBACK, "returned -1",
		     mlp_network_load_from(bytes_read, &whole, NULL, &back));
	assert_null(back);
	assert_fails(MLP_ERR_CALLBACK, "returned",
		     mlp_network_load_from(gives_too_much, NULL, NULL, &back));
	mlp_network_free(net);
	bytes_free(&whole);
}

static void null_is_refused(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){1, 1}, 2), *back = net;
	assert_fails(MLP_ERR_NULL, "net is NULL", mlp_network_save(NULL, "x"));
	assert_fails(MLP_ERR_NULL, "path is NULL", mlp_network_save(net, NULL));
	assert_fails(MLP_ERR_NULL, "net is NULL", mlp_network_save_to(NULL, bytes_write, NULL));
	assert_fails(MLP_ERR_NULL, "write is NULL", mlp_network_save_to(net, NULL, NULL));
	assert_fails(MLP_ERR_NULL, "net is NULL", mlp_network_load("x", NULL, NULL));
	assert_fails(MLP_ERR_NULL, "net is NULL", mlp_network_load_memory("", 0, NULL, NULL));
	assert_fails(MLP_ERR_NULL, "net is NULL",
		     mlp_network_load_from(bytes_read, NULL, NULL, NULL));
	assert_fails(MLP_ERR_NULL, "path is NULL", mlp_network_load(NULL, NULL, &back));
	assert_null(back);
	assert_fails(MLP_ERR_NULL, "data is NULL", mlp_network_load_memory(NULL, 8, NULL, &back));
	assert_fails(MLP_ERR_NULL, "read is NULL", mlp_network_load_from(NULL, NULL, NULL, &back));
	mlp_network_free(net);
}

/* ---- damage --------------------------------------------------------------------------------- */

static void a_file_cut_anywhere_is_refused(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){3, 4, 2}, 3), *back;
	struct bytes bytes = save(net);
	for (size_t size = 0; size < bytes.size; size++) {
		/* in memory of this very size, so that a sanitizer sees every byte read beyond it */
		unsigned char *copy = malloc(size + (size == 0));
		memcpy(copy, bytes.data, size);
		assert_int_equal(mlp_network_load_memory(copy, size, NULL, &back), MLP_ERR_FORMAT);
		assert_null(back);
		free(copy);
	}
	bytes_write(&bytes, "", 1);
	assert_fails(MLP_ERR_FORMAT, "1 bytes of the file belong to no tensor",
		     mlp_network_load_memory(bytes.data, bytes.size, NULL, &back));
	mlp_network_free(net);
	bytes_free(&bytes);
}

/* Only blanks at the end of the header can change without being noticed, into other blanks. */
static void a_flipped_bit_anywhere_is_noticed(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){3, 3, 3}, 3), *back;
	assert_ok(mlp_network_set_activation(net, 1, MLP_LEAKY_RELU));
	assert_ok(mlp_network_set_frozen(net, 2, 1));
	struct bytes bytes = save(net);
	for (size_t i = 0; i < bytes.size; i++) {
		for (int bit = 0; bit < 8; bit++) {
			bytes.data[i] ^= (unsigned char)(1 << bit);
			mlp_status status =
				mlp_network_load_memory(bytes.data, bytes.size, NULL, &back);
			if (status == MLP_OK) {
				assert_same(net, back);
				mlp_network_free(back);
			} else if (status != MLP_ERR_FORMAT) {
				assert_int_equal(status, MLP_ERR_LIMIT);
			}
			bytes.data[i] ^= (unsigned char)(1 << bit);
		}
	}
	assert_comes_back(net);
	mlp_network_free(net);
	bytes_free(&bytes);
}

static void random_bytes_in_a_file_never_harm(void **state)
{
	(void)state;
	uint64_t seed = 3;
	mlp_network *net = make_network((const int64_t[]){3, 4, 2}, 3);
	struct bytes bytes = save(net);
	unsigned char *copy = malloc(bytes.size);
	for (int i = 0; i < 20000; i++) {
		memcpy(copy, bytes.data, bytes.size);
		for (int64_t n = random_integer(&seed, 1, 4); n > 0; n--)
			copy[random_integer(&seed, 8, (int64_t)bytes.size - 1)] =
				(unsigned char)random_integer(&seed, 0, 255);
		mlp_network *back;
		if (mlp_network_load_memory(copy, bytes.size, NULL, &back) == MLP_OK)
			assert_same(net, back);
		mlp_network_free(back);
	}
	free(copy);
	mlp_network_free(net);
	bytes_free(&bytes);
}

static void any_allocation_may_fail(void **state)
{
	(void)state;
	mlp_network *like = make_network((const int64_t[]){3, 4, 3}, 3);
	const double ones[] = {1, 1, 1};
	assert_ok(mlp_network_set_input_scaling(like, ones, ones));
	struct bytes file = save(like);
	mlp_status status = MLP_ERR_MEMORY;
	int64_t n = 1;
	for (; status != MLP_OK; n++) {
		struct heap heap = {0};
		const mlp_allocator allocator = heap_allocator(&heap);
		mlp_load_options *options;
		mlp_network *net = NULL;
		struct bytes bytes = {0};
		assert_ok(mlp_load_options_create(&options));
		assert_ok(mlp_load_options_set_allocator(options, &allocator));
		assert_ok(mlp_load_options_set_dtype(options, OTHER_DTYPE));
		heap.refuses_at = n;
		file.position = 0;
		status = mlp_network_load_from(bytes_read, &file, options, &net);
		if (status == MLP_OK)
			status = mlp_network_save_to(net, bytes_write, &bytes);
		assert_int_equal(status, heap.refused > 0 ? MLP_ERR_MEMORY : MLP_OK);
		mlp_network_free(net);
		mlp_load_options_free(options);
		assert_int_equal(heap.blocks, 0);
		assert_int_equal(heap.in_use, 0);
		bytes_free(&bytes);
	}
	assert_true(n > 10);
	mlp_network_free(like);
	bytes_free(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_activation_comes_back),
		cmocka_unit_test(every_setting_comes_back),
		cmocka_unit_test(odd_numbers_come_back_bit_for_bit),
		cmocka_unit_test(networks_of_one_unit_and_of_many_layers_come_back),
		cmocka_unit_test(the_hosts_locale_does_not_matter),
		cmocka_unit_test(the_same_network_gives_the_same_bytes),
		cmocka_unit_test(files_come_back_and_keep_their_permissions),
		cmocka_unit_test(a_new_file_has_the_permissions_that_the_process_gives),
		cmocka_unit_test(a_symbolic_link_stays_and_its_file_is_replaced),
		cmocka_unit_test(what_cannot_be_a_file_is_refused),
		cmocka_unit_test(a_pipe_is_read_to_its_end),
		cmocka_unit_test(callbacks_may_give_and_take_any_pieces),
		cmocka_unit_test(callbacks_that_fail_are_reported),
		cmocka_unit_test(null_is_refused),
		cmocka_unit_test(a_file_cut_anywhere_is_refused),
		cmocka_unit_test(a_flipped_bit_anywhere_is_noticed),
		cmocka_unit_test(random_bytes_in_a_file_never_harm),
		cmocka_unit_test(any_allocation_may_fail),
	};
	return cmocka_run_group_tests_name("file", tests, make_folder, remove_folder);
}
