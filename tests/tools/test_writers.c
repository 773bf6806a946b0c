/* What is written is read back: CSV, .npy and .npz. */
#include <math.h>
#include <stdlib.h>

#include "files.h"

static void csv_reads_back_bit_by_bit(void **state)
{
	(void)state;
	uint64_t seed = 5;
	double values[300];
	for (int i = 0; i < 300; i++)
		values[i] = ldexp(random_real(&seed), (int)random_integer(&seed, -1000, 1000));
	struct csv_writer *writer = csv_writer_open("w.csv", ',', NULL);
	for (int i = 0; i < 300; i++) {
		csv_writer_number(writer, values[i], MLP_F64);
		if (i % 3 == 2)
			csv_writer_end_row(writer);
	}
	assert_true(csv_writer_close(writer, NULL));
	struct table *table = table_of("w.csv", NULL);
	assert_values(table, 100, 3, values);
	table_free(table);
}

static void csv_text_is_quoted_where_it_must(void **state)
{
	(void)state;
	struct csv_writer *writer = csv_writer_open("w.csv", ';', NULL);
	csv_writer_text(writer, "a,b");
	csv_writer_text(writer, "c;\"d\"");
	csv_writer_text(writer, " e\n");
	csv_writer_text(writer, "");
	csv_writer_end_row(writer);
	csv_writer_number(writer, NAN, MLP_F32);
	csv_writer_number(writer, (double)0.1f, MLP_F32);
	csv_writer_number(writer, 0.1, MLP_F64);
	csv_writer_integer(writer, -12);
	csv_writer_end_row(writer);
	assert_true(csv_writer_close(writer, NULL));
	size_t size;
	char *text = file_read("w.csv", &size);
	assert_string_equal(text, "a,b;\"c;\"\"d\"\"\";\" e\n\";\"\"\n;0.1;0.1;-12\n");
	free(text);
}

/* A byte order mark, a zip archive, libfann's first line. */
static void names_that_begin_as_other_files_do_are_kept(void **state)
{
	(void)state;
	static const char *const names[] = {"\xef\xbb\xbfname", "PK\3\4", "3 2 1"};
	for (int i = 0; i < 3; i++) {
		struct csv_writer *writer = csv_writer_open("w.csv", ',', NULL);
		csv_writer_text(writer, names[i]);
		csv_writer_end_row(writer);
		csv_writer_integer(writer, 1);
		csv_writer_end_row(writer);
		assert_true(csv_writer_close(writer, NULL));
		const struct read_options options = {.header = READ_HEADER_YES};
		struct table *table = table_of("w.csv", &options);
		assert_string_equal(table->columns[0].name, names[i]);
		table_free(table);
	}
}

static void failures_to_write_are_reported(void **state)
{
	(void)state;
	struct data_error error = {0};
	const float value = 1;
	const struct array array = {"w", &value, NUMBER_F32, 1, {1, 0}};
	assert_null(csv_writer_open("no/such", ',', &error));
	assert_string_equal(error.line, "no/such: cannot be written: No such file or directory");
	assert_false(npy_write("no/such", &array, &error));
	assert_string_equal(error.line, "no/such: cannot be written: No such file or directory");
	assert_false(npz_write("no/such", &array, 1, &error));
	assert_int_equal(error.kind, DATA_ERROR_FILE);
	struct csv_writer *writer = csv_writer_open("/dev/full", ',', &error);
	csv_writer_integer(writer, 1);
	assert_false(csv_writer_close(writer, &error));
	assert_string_equal(error.line, "/dev/full: cannot be written: No space left on device");
	assert_false(npy_write("/dev/full", &array, &error));
	assert_string_equal(error.line, "/dev/full: cannot be written: No space left on device");
}

static void npy_reads_back(void **state)
{
	(void)state;
	const double values[] = {1.5, -2, 3e300, 0, 5, 6};
	const struct array array = {"w", values, NUMBER_F64, 2, {3, 2}};
	assert_true(npy_write("w.npy", &array, NULL));
	struct table *table = table_of("w.npy", NULL);
	assert_values(table, 3, 2, values);
	table_free(table);
}

static void npz_reads_back_and_has_the_same_bytes_each_time(void **state)
{
	(void)state;
	const float x[] = {1.5F, -2, 3, 4};
	const int64_t y[] = {1, -7};
	const struct array arrays[] = {{"x", x, NUMBER_F32, 2, {2, 2}},
				       {"y", y, NUMBER_I64, 1, {2, 0}}};
	assert_true(npz_write("w.npz", arrays, 2, NULL));
	size_t first_size, second_size;
	char *first = file_read("w.npz", &first_size);
	struct table *table = table_of("w.npz", NULL);
	assert_values(table, 2, 3, (const double[]){1.5, -2, 1, 3, 4, -7});
	assert_int_equal(table->targets, 1);
	table_free(table);
	assert_true(npz_write("w.npz", arrays, 2, NULL)); /* over the first one */
	char *second = file_read("w.npz", &second_size);
	assert_int_equal(first_size, second_size);
	assert_memory_equal(first, second, first_size);
	free(first);
	free(second);
}

static void npz_arrays_are_chosen_by_name(void **state)
{
	(void)state;
	const float a[] = {1, 2}, b[] = {3, 4}, c[] = {5, 6, 7};
	const struct array arrays[] = {{"a", a, NUMBER_F32, 1, {2, 0}},
				       {"b", b, NUMBER_F32, 2, {2, 1}},
				       {"c", c, NUMBER_F32, 1, {3, 0}}};
	assert_true(npz_write("w.npz", arrays, 3, NULL));
	struct read_options options = {.x = "b", .y = "a"};
	struct table *table = table_of("w.npz", &options);
	assert_values(table, 2, 2, (const double[]){3, 1, 4, 2});
	table_free(table);
	options.y = NULL;
	table = table_of("w.npz", &options);
	assert_values(table, 2, 1, (const double[]){3, 4});
	table_free(table);
	options.y = "c";
	assert_read_fails("w.npz", &options,
			  "w.npz: array 'c.npy' has 3 rows, expected 2 as in 'b.npy'");
	options.y = "d";
	assert_read_fails("w.npz", &options,
			  "w.npz: expected an array d, found a.npy, b.npy, c.npy");
	assert_read_fails(
		"w.npz", NULL,
		"w.npz: expected an array x, X or data, found a.npy, b.npy, c.npy; --x and --y "
		"name those of inputs and targets");
	assert_true(npz_write("one.npz", arrays + 1, 1, NULL));
	table = table_of("one.npz", NULL);
	assert_values(table, 2, 1, (const double[]){3, 4});
	table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_reads_back_bit_by_bit),
		cmocka_unit_test(csv_text_is_quoted_where_it_must),
		cmocka_unit_test(names_that_begin_as_other_files_do_are_kept),
		cmocka_unit_test(failures_to_write_are_reported),
		cmocka_unit_test(npy_reads_back),
		cmocka_unit_test(npz_reads_back_and_has_the_same_bytes_each_time),
		cmocka_unit_test(npz_arrays_are_chosen_by_name),
	};
	return cmocka_run_group_tests(tests, files_begin, files_end);
}
