/* Networks in files: every bit comes back, damage is noticed. */
#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "saved.h"
#include "support/heap.h"

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
		cmocka_unit_test(a_file_cut_anywhere_is_refused),
		cmocka_unit_test(a_flipped_bit_anywhere_is_noticed),
		cmocka_unit_test(random_bytes_in_a_file_never_harm),
		cmocka_unit_test(any_allocation_may_fail),
	};
	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
