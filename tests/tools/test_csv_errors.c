/* CSV files that cannot be read: the error names file, line and column, and what was expected. */
#include <sys/stat.h>

#include "files.h"

static void each_error_says_where_and_what(void **state)
{
	(void)state;
	static const struct {
		const char *text, *line;
	} cases[] = {
		{"a,b\n1,2\n3,abc\n", "t.csv:3:2: expected a number in column 'b', found 'abc'"},
		{"1,2\n3,4\n\n5,x y\n", "t.csv:4:2: expected a number, found 'x y'"},
		{"a,b\n1,2\n3,inf\n",
		 "t.csv:3:2: expected a finite number in column 'b', found 'inf'"},
		{"a,b\n1,2\n3,1e999\n",
		 "t.csv:3:2: expected a finite number in column 'b', found '1e999'"},
		{"a,b\n1,2\n3,0x10\n", "t.csv:3:2: expected a number in column 'b', found '0x10'"},
		{"a,b\n1,2\n3\n", "t.csv:3: expected 2 fields as in the first row, found 1"},
		{"a,b\n1,2\n3,4,5\n", "t.csv:3: expected 2 fields as in the first row, found 3"},
		{"a\n1\n2,3\n", "t.csv:3: expected 1 field as in the first row, found 2"},
		{"a,b\n", "t.csv: expected rows below the header, found none"},
		{"", "t.csv: is empty"},
		{"\n\n \n", "t.csv: expected rows, found none"},
		{"a,b,a\n1,2,3\n", "t.csv: header, field 3: expected a name of its own, found 'a', "
				   "which is column 1 too"},
		{"a,b\nx,\"1\ny,2\n", "t.csv:2:2: the quote that opens here is never closed"},
		{"a,b\n\"x\ny\",\"1\n", "t.csv:3:2: the quote that opens here is never closed"},
		{"a,b\nx,1\ny\"z,2\n",
		 "t.csv:3:1: a quote within a field that does not begin with one"},
		{"a,b\nx,1\n\"y\"z,2\n", "t.csv:3:1: expected a delimiter after the closing quote "
					 "(a quote within quotes is "
					 "doubled)"},
		{"a,b\nx,1\n\xff\xfe,2\n",
		 "t.csv:3:1: expected text in UTF-8 in column 'a', found '\\xff\\xfe'"},
		{"a,\xe9\nx,1\n", "t.csv: header, field 2: expected text in UTF-8, found '\\xe9'"},
		{"\xff\xfe"
		 "a",
		 "t.csv: expected text in UTF-8, found UTF-16"},
		{"a,b\n1,2\n3,\"two\nlines\"\n",
		 "t.csv:3:2: expected a number in column 'b', found 'two\\x0alines'"},
		{"a,b\n1,2\n3,012345678901234567890123456789012345678901234567890123456789x\n",
		 "t.csv:3:2: expected a number in column 'b', found "
		 "'012345678901234567890123456789012345678901...'"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_text_fails(cases[i].text, NULL, cases[i].line);
}

static void a_byte_0_is_no_text(void **state)
{
	(void)state;
	const char bytes[] = "a,b\n1,2\n1,2\n1,2\n1,\0002\n";
	file_write("t.csv", bytes, sizeof bytes - 1);
	assert_read_fails("t.csv", NULL, "t.csv:5: expected text, found a byte 0");
	file_write("t.csv", "\1\2\0\3", 4);
	assert_read_fails(
		"t.csv", NULL,
		"t.csv: unknown format, expected CSV, NumPy's .npy or .npz, IDX (MNIST) or "
		"libfann's .train");
}

static void files_that_cannot_be_opened(void **state)
{
	(void)state;
	assert_read_fails("none.csv", NULL,
			  "none.csv: cannot be opened: No such file or directory");
	assert_read_fails(".", NULL, ".: is a directory, expected a file");
	assert_read_fails("no\nsuch", NULL, "no?such: cannot be opened: No such file or directory");
}

/* Linux has a file that opens and cannot be read from its beginning. */
static void files_that_cannot_be_read(void **state)
{
	(void)state;
	const char *name = "/proc/self/mem";
	FILE *file = fopen(name, "r");
	if (file == NULL)
		skip();
	fclose(file);
	assert_read_fails(name, NULL, "/proc/self/mem: cannot be read: Input/output error");
}

static void broken_gzip_is_an_error(void **state)
{
	(void)state;
	const char *text = "a,b\n1,2\n3,4\n5,6\n";
	file_write_gzip("t.gz", text, strlen(text));
	size_t size;
	FILE *file = fopen("t.gz", "rb");
	char bytes[256];
	size = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	for (size_t i = 11; i < size; i++) {
		file_write("cut.gz", bytes, i);
		assert_read_fails("cut.gz", NULL,
				  "cut.gz: the gzip'd file is truncated: its end is missing");
	}
	bytes[size - 5] = (char)(bytes[size - 5] ^ 1); /* of the checksum */
	file_write("bad.gz", bytes, size);
	assert_read_fails("bad.gz", NULL,
			  "bad.gz: the gzip'd file is corrupt: incorrect data check");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_error_says_where_and_what),
		cmocka_unit_test(a_byte_0_is_no_text),
		cmocka_unit_test(files_that_cannot_be_opened),
		cmocka_unit_test(files_that_cannot_be_read),
		cmocka_unit_test(broken_gzip_is_an_error),
	};
	return cmocka_run_group_tests(tests, files_begin, files_end);
}
