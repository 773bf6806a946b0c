/* Arrays: .npy, IDX and libfann's files, byte by byte. (.npz: test_npz.c, and NumPy's own files:
 * check_numpy.py.) */
#include <math.h>
#include <stdlib.h>

#include "files.h"

static unsigned char bytes[4096];

static struct table *table_of_npy(int version, const char *type, const char *order,
				  const char *shape, const void *values, size_t size)
{
	size_t used = put_npy(bytes, version, type, order, shape, values, size);
	file_write("t.npy", bytes, used);
	return table_of("t.npy", NULL);
}

static void every_type_of_npy_is_read(void **state)
{
	(void)state;
	static const struct {
		const char *type;
		unsigned char values[16]; /* two of them */
		size_t size;
		double expected[2];
	} cases[] = {
		{"<f8", {0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0}, 16, {1.5, -2}},
		{">f8", {0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0}, 16, {1.5, -2}},
		{"<f4", {0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0}, 8, {1.5, -2}},
		{">f4", {0x3f, 0xc0, 0, 0, 0xc0}, 8, {1.5, -2}},
		{"<f2", {0, 0x3e, 1, 0x80}, 4, {1.5, -0x1p-24}},
		{">f2", {0x7b, 0xff, 0x04, 0}, 4, {65504, 0x1p-14}},
		{"|i1", {1, 0xfe}, 2, {1, -2}},
		{"|u1", {1, 0xfe}, 2, {1, 254}},
		{"<i2", {1, 0, 0xfe, 0xff}, 4, {1, -2}},
		{">i2", {0, 1, 0xff, 0xfe}, 4, {1, -2}},
		{"<u2", {1, 0, 0xfe, 0xff}, 4, {1, 65534}},
		{"<i4", {1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff}, 8, {1, -2}},
		{">u4", {0, 0, 0, 1, 0xff, 0xff, 0xff, 0xfe}, 8, {1, 4294967294}},
		{"<i8",
		 {1, 0, 0, 0, 0, 0, 0, 0, 0xfe, 255, 255, 255, 255, 255, 255, 255},
		 16,
		 {1, -2}},
		{">u8", {0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0}, 16, {1, 256}},
		{"|b1", {0, 1}, 2, {0, 1}}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct table *table = table_of_npy(1, cases[i].type, "False", "(2,)",
						   cases[i].values, cases[i].size);
		assert_values(table, 2, 1, cases[i].expected);
		table_free(table);
	}
}

static void versions_orders_and_dimensions_of_npy(void **state)
{
	(void)state;
	const unsigned char values[] = {1, 2, 3, 4, 5, 6, 7, 8};
	for (int version = 1; version <= 3; version++) {
		struct table *table = table_of_npy(version, "|u1", "False", "(2, 3)", values, 6);
		assert_values(table, 2, 3, (const double[]){1, 2, 3, 4, 5, 6});
		assert_int_equal(table->targets, 1);
		table_free(table);
	}
	struct table *table = table_of_npy(1, "|u1", "True", "(2, 3)", values, 6);
	assert_values(table, 2, 3, (const double[]){1, 3, 5, 2, 4, 6});
	table_free(table);
	table = table_of_npy(1, "|u1", "False", "(2, 2, 2)", values, 8);
	assert_values(table, 2, 4, (const double[]){1, 2, 3, 4, 5, 6, 7, 8});
	table_free(table);
	table = table_of_npy(1, "|u1", "False", "()", values, 1);
	assert_values(table, 1, 1, (const double[]){1});
	table_free(table);
}

static void npy_files_that_cannot_be_read(void **state)
{
	(void)state;
	static const struct {
		const char *type, *order, *shape;
		size_t size;
		const char *line;
	} cases[] = {
		{"<f4", "False", "(2, 2)", 15,
		 "t.npy: truncated: expected 16 bytes of values by its header, found 15"},
		{"<f4", "False", "(2, 2)", 17,
		 "t.npy: too long: expected 16 bytes of values by its header, found 17"},
		{"<f4", "False", "(1000000000000, 1000000)", 16,
		 "t.npy: truncated: expected 4000000000000000000 bytes of values by its header, "
		 "found 16"},
		{"<f4", "False", "(9223372036854775000, 8)", 16,
		 "t.npy: truncated: expected 18446744073709551615 bytes of values by its header, "
		 "found 16"},
		{"<f4", "False", "(0, 4611686018427387904, 4611686018427387904)", 0,
		 "t.npy: expected values, found none"},
		{"<f4", "True", "(2, 2, 1)", 16,
		 "t.npy: an array in Fortran's order can have 2 dimensions here, found 3"},
		{"|O", "False", "(2,)", 16,
		 "t.npy: expected numbers (f2 f4 f8, i1 .. i8, u1 .. u8, b1), found type '|O'"},
		{"<c16", "False", "(2,)", 32,
		 "t.npy: expected numbers (f2 f4 f8, i1 .. i8, u1 .. u8, b1), found type '<c16'"}};
	static const unsigned char zeros[64];
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t used = put_npy(bytes, 1, cases[i].type, cases[i].order, cases[i].shape,
				      zeros, cases[i].size);
		file_write("t.npy", bytes, used);
		assert_read_fails("t.npy", NULL, cases[i].line);
	}
	file_write("t.npy", "\x93NUMPY\x04\x00\x10\x00{}", 12);
	assert_read_fails("t.npy", NULL, "t.npy: expected .npy version 1, 2 or 3, found 4");
	file_write("t.npy", "\x93NUMPY\x01\x00\x10\x00{}", 12);
	assert_read_fails("t.npy", NULL,
			  "t.npy: truncated: expected a header of 16 bytes, found 2");
	file_write("t.npy", "\x93NUMPY\x01\x00\x02\x00{}", 12);
	assert_read_fails(
		"t.npy", NULL,
		"t.npy: .npy header: expected 'descr', 'fortran_order' and 'shape', found "
		"'{}'");
}

static void write_mnist(const char *images, const char *labels, bool gzip)
{
	void (*write)(const char *, const void *, size_t) = gzip ? file_write_gzip : file_write;
	const unsigned shape[] = {3, 2, 2};
	const unsigned char pixels[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255},
			    digits[] = {7, 0, 9};
	write(images, bytes, put_idx(bytes, 8, 3, shape, pixels, sizeof pixels));
	if (labels != NULL)
		write(labels, bytes, put_idx(bytes, 8, 1, shape, digits, sizeof digits));
}

static void images_find_their_labels(void **state)
{
	(void)state;
	static const struct {
		const char *images, *labels, *option;
		bool gzip;
	} cases[] = {{"a-images-idx3-ubyte", "a-labels-idx1-ubyte", NULL, false},
		     {"b-images-idx3-ubyte.gz", "b-labels-idx1-ubyte.gz", NULL, true},
		     {"c-images-idx3-ubyte", "c-labels-idx1-ubyte.gz", NULL, false},
		     {"d-images-idx3-ubyte.gz", "d-labels-idx1-ubyte", NULL, true},
		     {"e-images.idx3-ubyte", "e-labels.idx1-ubyte", NULL, false},
		     {"pixels", "digits", "digits", false}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct read_options options = {.labels = cases[i].option};
		write_mnist(cases[i].images, cases[i].labels, cases[i].gzip);
		struct table *table = table_of(cases[i].images, &options);
		assert_values(table, 3, 5,
			      (const double[]){0, 1, 2, 3, 7, 4, 5, 6, 7, 0, 8, 9, 10, 255, 9});
		assert_int_equal(table->targets, 1);
		assert_true(table->targets_are_classes);
		table_free(table);
	}
}

static void images_go_without_labels(void **state)
{
	(void)state;
	write_mnist("z-images-idx3-ubyte", NULL, false);
	struct table *table = table_of("z-images-idx3-ubyte", NULL);
	assert_int_equal(table->column_count, 4);
	assert_int_equal(table->targets, 0);
	table_free(table);
}

static void big_endian_values_of_idx(void **state)
{
	(void)state;
	const unsigned shape[] = {2};
	const unsigned char values[] = {0x3f, 0xc0, 0, 0, 0xc0, 0, 0, 0};
	file_write("t.idx", bytes, put_idx(bytes, 0x0d, 1, shape, values, sizeof values));
	struct table *table = table_of("t.idx", NULL);
	assert_values(table, 2, 1, (const double[]){1.5, -2});
	table_free(table);
}

static void idx_files_that_cannot_be_read(void **state)
{
	(void)state;
	const unsigned two[] = {2, 2}, huge[] = {0xffffffffU, 0xffffffffU, 0xffffffffU},
		       none[] = {0, 0xffffffffU, 0xffffffffU, 0xffffffffU}, three[] = {3};
	const unsigned char values[8] = {0};
	file_write("t", bytes, put_idx(bytes, 8, 2, two, values, 3));
	assert_read_fails("t", NULL,
			  "t: truncated: expected 4 bytes of values by its header, found 3");
	file_write("t", bytes, put_idx(bytes, 8, 2, two, values, 5));
	assert_read_fails("t", NULL,
			  "t: too long: expected 4 bytes of values by its header, found 5");
	file_write("t", bytes, put_idx(bytes, 8, 3, huge, values, 3));
	assert_read_fails("t", NULL,
			  "t: truncated: expected 18446744073709551615 bytes of values by its "
			  "header, found 3");
	file_write("t", bytes, put_idx(bytes, 8, 4, none, values, 0));
	assert_read_fails("t", NULL, "t: expected values, found none");
	file_write("t", bytes, 7);
	assert_read_fails("t", NULL, "t: truncated: expected a header of 20 bytes, found 7");
	write_mnist("y-images-idx3-ubyte", NULL, false);
	file_write("y-labels-idx1-ubyte", bytes, put_idx(bytes, 8, 1, two, values, 2));
	assert_read_fails("y-images-idx3-ubyte", NULL,
			  "y-labels-idx1-ubyte: expected 3 labels, as many as images, found 2 x 1");
	file_write("y-labels-idx1-ubyte", bytes, put_idx(bytes, 8, 1, three, values, 2));
	assert_read_fails(
		"y-images-idx3-ubyte", NULL,
		"y-labels-idx1-ubyte: truncated: expected 3 bytes of values by its header, "
		"found 2");
	const struct read_options options = {.labels = "nowhere"};
	assert_read_fails("y-images-idx3-ubyte", &options,
			  "nowhere: cannot be opened: No such file or directory");
}

static void fann_files_have_inputs_and_outputs(void **state)
{
	(void)state;
	static const char *const texts[] = {"2 3 1\n1 2 3\n4\n5 6 7\n8\n",
					    "2 3 1\r\n1 2 3\r\n4\r\n5 6 7\r\n8",
					    "2 3 1 \n1 2 3 4 5\n\n6 7 8"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		file_write_text("t.train", texts[i]);
		struct table *table = table_of("t.train", NULL);
		assert_values(table, 2, 4, (const double[]){1, 2, 3, 4, 5, 6, 7, 8});
		assert_int_equal(table->format, TABLE_FANN);
		assert_int_equal(table->targets, 1);
		table_free(table);
	}
}

static void fann_files_that_cannot_be_read(void **state)
{
	(void)state;
	static const struct {
		const char *text, *line;
	} cases[] = {
		{"2 1 1\n1\n2\n3\n", "t:5: expected a number, found the end of the file"},
		{"2 1 1\n1\n2\n3 x\n", "t:4:2: expected a number, found 'x'"},
		{"1 1 1\n1\n2\n3\n", "t:4:1: expected the end, by the sizes in the first line, "
				     "found '3'"},
		{"1 1 1\n1\n-inf\n", "t:3:1: expected a finite number, found '-inf'"},
		{"0 1 1\n", "t:1:1: expected the number of pairs, at least 1, found '0'"},
		{"1 1 0\n1\n", "t:1:3: expected the number of outputs, in 1 .. 1000000, found '0'"},
		{"99999999999999999 1 1\n1\n2\n",
		 "t:1: expected 99999999999999999 pairs of 2 values, found bytes for at most 3 "
		 "values"},
		{"9999999999999999999999 1 1\n",
		 "t:1:1: expected the number of pairs, at least 1, found "
		 "'9999999999999999999999'"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		file_write_text("t", cases[i].text);
		assert_read_fails("t", NULL, cases[i].line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_of_npy_is_read),
		cmocka_unit_test(versions_orders_and_dimensions_of_npy),
		cmocka_unit_test(npy_files_that_cannot_be_read),
		cmocka_unit_test(images_find_their_labels),
		cmocka_unit_test(images_go_without_labels),
		cmocka_unit_test(big_endian_values_of_idx),
		cmocka_unit_test(idx_files_that_cannot_be_read),
		cmocka_unit_test(fann_files_have_inputs_and_outputs),
		cmocka_unit_test(fann_files_that_cannot_be_read),
	};
	return cmocka_run_group_tests(tests, files_begin, files_end);
}
