/* CSV files as they are found: what is read from them, and what is guessed. */
#include <math.h>

#include "files.h"

static void header_and_delimiter_are_guessed(void **state)
{
	(void)state;
	static const struct {
		const char *text, *note;
	} cases[] = {
		{"a,b\n1,2\n3,4\n", "CSV, delimiter ',', header"},
		{"1,2\n3,4\n", "CSV, delimiter ',', no header"},
		{"a;b\n1;2\n3;4\n", "CSV, delimiter ';', header"},
		{"a\tb\n1\t2\n3\t4\n", "CSV, delimiter 'tab', header"},
		{"a|b\n1|2\n3|4\n", "CSV, delimiter '|', header"},
		{"a\n1\n2\n", "CSV, delimiter ',', header"},
		{"x y,z\nred,blue\ngreen,red\n", "CSV, delimiter ',', header"},
		{"red,blue\ngreen,red\nred,blue\n", "CSV, delimiter ',', no header"},
		{"a;\"b,c\"\n\"1,5\";2\n\"2,5\";3\n", "CSV, delimiter ';', decimal comma, header"},
		{"text,n\n\"a;b\",1\nc,2\n", "CSV, delimiter ',', header"},
		{"a;b\n1,5;2\n-2,5e3;3\n", "CSV, delimiter ';', decimal comma, header"},
		{"1,5;2\n2,5;3\n3;4\n", "CSV, delimiter ';', decimal comma, no header"},
		{"a;b\n1,5;2.5\n", "CSV, delimiter ';', header"},
		{"a;b\n1,234,567;2\n", "CSV, delimiter ';', header"},
		{"NA,?\n1,2\n", "CSV, delimiter ',', no header"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct table *table = table_of_text(cases[i].text, NULL);
		assert_string_equal(table->note, cases[i].note);
		table_free(table);
	}
}

static void header_and_delimiter_can_be_told(void **state)
{
	(void)state;
	const struct read_options no = {.header = READ_HEADER_NO, .delimiter = ';'};
	struct table *table = table_of_text("a,b;1\nc;2\n", &no);
	assert_int_equal(table->rows, 2);
	assert_string_equal(text_at(table, 0, 0), "a,b");
	assert_false(table->has_names);
	assert_string_equal(table->columns[1].name, "c2");
	table_free(table);
	const struct read_options yes = {.header = READ_HEADER_YES};
	table = table_of_text("2019,2020\n1,2\n", &yes);
	assert_values(table, 1, 2, (const double[]){1, 2});
	assert_string_equal(table->columns[0].name, "2019");
	table_free(table);
}

static void commas_are_decimals_where_they_are_not_between_columns(void **state)
{
	(void)state;
	struct table *table = table_of_text("a;b\n1,5;-2,25e1\n 3 ;,5\n;0,1\n", NULL);
	assert_values(table, 3, 2, (const double[]){1.5, -22.5, 3, .5, NAN, .1});
	table_free(table);
	const struct read_options comma = {.decimal = ','};
	table = table_of_text("a,b\n\"1,5\",2\n\"2,5\",3\n", &comma);
	assert_values(table, 2, 2, (const double[]){1.5, 2, 2.5, 3});
	table_free(table);
	const struct read_options point = {.decimal = '.'};
	table = table_of_text("a;b\n1,5;2\n2,5;3\n", &point);
	assert_string_equal(text_at(table, 0, 0), "1,5");
	table_free(table);
}

static void numbers_and_missing_ones_are_read(void **state)
{
	(void)state;
	struct table *table =
		table_of_text("a,b\n1, -2.5 \n,1e3\nNA,?\n\"7\",NaN\nnull,.5\n", NULL);
	assert_values(table, 5, 2, (const double[]){1, -2.5, NAN, 1000, NAN, NAN, 7, NAN, NAN, .5});
	table_free(table);
}

static void ends_of_lines_do_not_matter(void **state)
{
	(void)state;
	static const char *const texts[] = {"a,b\n1,2\n3,4\n",
					    "a,b\n1,2\n3,4",
					    "a,b\r\n1,2\r\n3,4\r\n",
					    "a,b\r\n1,2\r\n3,4",
					    ("\xef\xbb\xbf"
					     "a,b\n1,2\n3,4\n"),
					    "\na,b\n\n1,2\n\n\n3,4\n\n",
					    "a,b\r1,2\r3,4\r"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct table *table = table_of_text(texts[i], NULL);
		assert_values(table, 2, 2, (const double[]){1, 2, 3, 4});
		assert_string_equal(table->columns[0].name, "a");
		table_free(table);
	}
}

static void quoted_fields_hold_anything(void **state)
{
	(void)state;
	struct table *table = table_of_text("name,n\n\"a, b\",1\n\"two\nlines\",2\n\"say "
					    "\"\"hi\"\"\",3\n\" blanks \",4\n\"\",5\n",
					    NULL);
	static const char *const texts[] = {"a, b", "two\nlines", "say \"hi\"", " blanks "};
	assert_int_equal(table->rows, 5);
	for (int i = 0; i < 4; i++)
		assert_string_equal(text_at(table, i, 0), texts[i]);
	assert_null(text_at(table, 4, 0));
	table_free(table);
}

static void rows_know_their_lines(void **state)
{
	(void)state;
	struct table *table = table_of_text("a,b\n\nx,1\n\"y\n\nz\",2\nx,3\n", NULL);
	static const char *const places[] = {"t.csv:3:2: column 'b'", "t.csv:4:2: column 'b'",
					     "t.csv:7:2: column 'b'"};
	char place[TABLE_PLACE_SIZE];
	for (int row = 0; row < 3; row++)
		assert_string_equal(table_place(table, row, 1, place), places[row]);
	assert_string_equal(table_place(table, 2, -1, place), "t.csv:7");
	table_free(table);
}

static void most_values_decide_what_a_column_is(void **state)
{
	(void)state;
	struct table *table = table_of_text("a,b,c\nx,1,?\ny,2,\n3,3,NA\n", NULL);
	assert_non_null(table->columns[0].texts);
	assert_null(table->columns[1].texts);
	assert_null(table->columns[2].texts);
	assert_string_equal(text_at(table, 2, 0), "3");
	table_free(table);
}

static enum column_kind second_is_text(const void *context, const struct column_names *names,
				       int64_t place)
{
	assert_ptr_equal(context, NULL);
	assert_int_equal(names->count, 3);
	assert_string_equal(names->names[1], "b");
	return place == 1 ? COLUMN_TEXT : place == 2 ? COLUMN_SKIP : COLUMN_NUMBERS;
}

static void a_column_is_what_the_caller_says(void **state)
{
	(void)state;
	const struct read_options options = {.kind = second_is_text};
	struct table *table = table_of_text("a,b,c\n1,01,x\n2,1,\xff\n", &options);
	assert_string_equal(text_at(table, 0, 1), "01");
	assert_string_equal(text_at(table, 1, 1), "1");
	assert_true(isnan(value_at(table, 0, 2)));
	table_free(table);
	assert_text_fails("a,b,c\nx,1,2\n", &options,
			  "t.csv:2:1: expected a number in column 'a', found 'x'");
}

static void gzip_makes_no_difference(void **state)
{
	(void)state;
	const char *text = "a,b\n1,2\n3,4\n";
	file_write_gzip("t.csv.gz", text, strlen(text));
	struct table *table = table_of("t.csv.gz", NULL);
	assert_values(table, 2, 2, (const double[]){1, 2, 3, 4});
	table_free(table);
}

static void a_dash_is_standard_input(void **state)
{
	(void)state;
	file_write_text("t.csv", "1,2\n3,4\n");
	assert_non_null(freopen("t.csv", "r", stdin));
	struct table *table = table_of("-", NULL);
	assert_values(table, 2, 2, (const double[]){1, 2, 3, 4});
	table_free(table);
	file_write_text("t.csv", "1,2\n3,x\n4,5\n");
	assert_non_null(freopen("t.csv", "r", stdin));
	assert_read_fails("-", NULL, "standard input:2:2: expected a number, found 'x'");
}

/* More than the first look takes in, so that chunks end within lines, fields and quotes. */
static void long_files_are_read_whole(void **state)
{
	(void)state;
	enum { ROWS = 60000 };
	FILE *file = fopen("long.csv", "w");
	for (int i = 0; i < ROWS; i++)
		fprintf(file, "%d,\"t%d\n\"\"\",%d.25\n", i, i % 7, -i);
	fclose(file);
	struct table *table = table_of("long.csv", NULL);
	assert_int_equal(table->rows, ROWS);
	for (int i = 0; i < ROWS; i++) {
		char text[16], place[TABLE_PLACE_SIZE], expected[TABLE_PLACE_SIZE];
		snprintf(text, sizeof text, "t%d\n\"", i % 7);
		assert_true(value_at(table, i, 0) == i);
		assert_string_equal(text_at(table, i, 1), text);
		assert_true(value_at(table, i, 2) == -i - .25 + (i == 0 ? .5 : 0));
		snprintf(expected, sizeof expected, "long.csv:%d:1", 2 * i + 1);
		assert_string_equal(table_place(table, i, 0, place), expected);
	}
	table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_and_delimiter_are_guessed),
		cmocka_unit_test(header_and_delimiter_can_be_told),
		cmocka_unit_test(commas_are_decimals_where_they_are_not_between_columns),
		cmocka_unit_test(numbers_and_missing_ones_are_read),
		cmocka_unit_test(ends_of_lines_do_not_matter),
		cmocka_unit_test(quoted_fields_hold_anything),
		cmocka_unit_test(rows_know_their_lines),
		cmocka_unit_test(most_values_decide_what_a_column_is),
		cmocka_unit_test(a_column_is_what_the_caller_says),
		cmocka_unit_test(gzip_makes_no_difference),
		cmocka_unit_test(a_dash_is_standard_input),
		cmocka_unit_test(long_files_are_read_whole),
	};
	return cmocka_run_group_tests(tests, files_begin, files_end);
}
