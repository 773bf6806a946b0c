/* From tables to matrices: of the training data, and of new data that is like it or is not. */
#include <math.h>
#include <stdlib.h>

#include "files.h"

/* New data, read as an encoding wants it. */
static struct matrices *apply(const struct encoding *encoding, const char *text,
			      enum matrices_targets targets)
{
	const struct read_options options = {.kind = targets == TARGETS_NO ? encoding_input_kind
									   : encoding_column_kind,
					     .kind_context = encoding};
	struct table *table = table_of_text(text, &options);
	struct data_error error = {0};
	struct matrices *matrices;
	if (!matrices_create(encoding, table, targets, MLP_F64, &matrices, &error))
		fail_msg("%s", error.line);
	table_free(table);
	return matrices;
}

static void assert_apply_fails(const struct encoding *encoding, const char *text,
			       enum matrices_targets targets, const char *line)
{
	const struct read_options options = {.kind = encoding_column_kind,
					     .kind_context = encoding};
	struct table *table = table_of_text(text, &options);
	struct data_error error = {0};
	struct matrices *matrices = (struct matrices *)&error;
	assert_false(matrices_create(encoding, table, targets, MLP_F32, &matrices, &error));
	assert_null(matrices);
	assert_string_equal(error.line, line);
	table_free(table);
}

static void classes_weights_and_one_hot_inputs(void **state)
{
	(void)state;
	const char *text = "c,x,w,y\nu,1,.5,no\nv,2,1,yes\nu,3,0,no\n";
	const struct encoding_options choices = {.weight = "w"};
	struct encoding *encoding = encoding_of(text, &choices);
	struct matrices *matrices = apply(encoding, text, TARGETS_YES);
	const double x[] = {1, 0, 1, 0, 1, 2, 1, 0, 3}, weight[] = {.5, 1, 0};
	const int64_t classes[] = {0, 1, 0};
	assert_int_equal(matrices->rows, 3);
	assert_int_equal(matrices->inputs, 3);
	assert_int_equal(matrices->outputs, 2);
	assert_memory_equal(matrices->x, x, sizeof x);
	assert_memory_equal(matrices->weight, weight, sizeof weight);
	assert_memory_equal(matrices->classes, classes, sizeof classes);
	assert_null(matrices->target);
	assert_null(matrices->row_of);
	matrices_free(matrices);
	encoding_free(encoding);
}

static void several_targets_in_the_order_of_the_option(void **state)
{
	(void)state;
	const char *text = "a,b,c\n1,2,3\n4,5.5,6\n";
	const struct encoding_options choices = {.target = "c,a"};
	struct encoding *encoding = encoding_of(text, &choices);
	struct matrices *matrices = apply(encoding, text, TARGETS_YES);
	const double target[] = {3, 1, 6, 4}, x[] = {2, 5.5};
	assert_memory_equal(matrices->target, target, sizeof target);
	assert_memory_equal(matrices->x, x, sizeof x);
	assert_null(matrices->classes);
	matrices_free(matrices);
	encoding_free(encoding);
}

static void floats_are_the_doubles_rounded(void **state)
{
	(void)state;
	struct encoding *encoding = encoding_of("a,b\n.1,.25\n.2,.75\n", NULL);
	struct table *table = table_of_text("a,b\n.1,.25\n.2,.75\n", NULL);
	struct matrices *matrices;
	assert_true(matrices_create(encoding, table, TARGETS_YES, MLP_F32, &matrices, NULL));
	assert_true(((float *)matrices->x)[1] == 0.2F);
	assert_true(((float *)matrices->target)[1] == 0.75F);
	matrices_free(matrices);
	table_free(table);
	encoding_free(encoding);
}

static void rows_that_are_dropped_are_known(void **state)
{
	(void)state;
	const char *text = "x,y\n1,.5\n,.6\n3,\n4,.8\n";
	const struct encoding_options choices = {.missing = MISSING_DROP_ROW};
	struct encoding *encoding = encoding_of(text, &choices);
	struct matrices *matrices = apply(encoding, text, TARGETS_YES);
	const double x[] = {1, 4}, target[] = {.5, .8};
	const int64_t row_of[] = {0, 3};
	assert_int_equal(matrices->rows, 2);
	assert_int_equal(matrices->table_rows, 4);
	assert_memory_equal(matrices->x, x, sizeof x);
	assert_memory_equal(matrices->target, target, sizeof target);
	assert_memory_equal(matrices->row_of, row_of, sizeof row_of);
	matrices_free(matrices);
	matrices = apply(encoding, text, TARGETS_NO); /* a missing target does not matter then */
	assert_int_equal(matrices->rows, 3);
	matrices_free(matrices);
	encoding_free(encoding);
}

static void missing_values_become_those_of_training(void **state)
{
	(void)state;
	const struct encoding_options choices = {.missing = MISSING_MEAN};
	struct encoding *encoding = encoding_of("x,c,y\n1,a,.5\n,b,.6\n2,,.7\n6,b,.8\n", &choices);
	struct matrices *matrices = apply(encoding, "x,c\n,\n8,a\n", TARGETS_NO);
	const double x[] = {3, 0, 0, 1, 8, 1, 0, 0};
	assert_memory_equal(matrices->x, x, sizeof x);
	matrices_free(matrices);
	encoding_free(encoding);
}

static void named_columns_may_come_in_any_order_among_others(void **state)
{
	(void)state;
	struct encoding *encoding = encoding_of("a,b,y\n1,u,.5\n2,v,.6\n", NULL);
	struct matrices *matrices = apply(encoding, "b,junk,a\nv,what?,7\nu,,8\n", TARGETS_NO);
	const double x[] = {7, 0, 1, 8, 1, 0};
	assert_memory_equal(matrices->x, x, sizeof x);
	assert_null(matrices->target);
	matrices_free(matrices);
	matrices = apply(encoding, "b,a\nv,7\n", TARGETS_IF_THERE);
	assert_null(matrices->target);
	matrices_free(matrices);
	matrices = apply(encoding, "b,y,a\nv,.5,7\n", TARGETS_IF_THERE);
	assert_true(*(double *)matrices->target == .5);
	matrices_free(matrices);
	encoding_free(encoding);
}

static void columns_without_names_go_by_place(void **state)
{
	(void)state;
	const struct encoding_options choices = {.target = "2", .ignore = "4"};
	struct encoding *encoding = encoding_of("1,.5,u,9\n2,.6,v,9\n", &choices);
	static const char *const texts[] = {"7,.1,v,0\n", "7,v,0\n", "7,v\n"};
	const double x[] = {7, 0, 1};
	for (int i = 0; i < 3; i++) {
		struct matrices *matrices = apply(encoding, texts[i], TARGETS_NO);
		assert_memory_equal(matrices->x, x, sizeof x);
		matrices_free(matrices);
	}
	assert_apply_fails(
		encoding, "1,2,3,4,5\n", TARGETS_NO,
		"t.csv: expected 4 columns as in training, or 3 without targets, found 5");
	assert_apply_fails(encoding, "7,v\n", TARGETS_YES, "t.csv: target column 2 is missing");
	encoding_free(encoding);
}

static void new_data_is_checked(void **state)
{
	(void)state;
	struct encoding *encoding = encoding_of("age,c,y\n1,u,no\n2,v,yes\n", NULL);
	assert_apply_fails(encoding, "c,y\nu,no\n", TARGETS_NO, "t.csv: column 'age' is missing");
	assert_apply_fails(encoding, "age,c\n1,u\n", TARGETS_YES,
			   "t.csv: target column 'y' is missing");
	assert_apply_fails(encoding, "age,c\n1,u\n2,x\n", TARGETS_NO,
			   "t.csv:3:2: column 'c': category 'x' was not seen in training");
	assert_apply_fails(encoding, "age,c,y\n1,u,no\n2,v,maybe\n", TARGETS_YES,
			   "t.csv:3:3: column 'y': class 'maybe' was not seen in training");
	assert_apply_fails(
		encoding, "age,c\n1,u\n,v\n", TARGETS_NO,
		"t.csv:3:1: column 'age': expected a value, found a missing one, which "
		"training did not allow (train with --missing mean, median or drop-row)");
	assert_apply_fails(encoding, "age,c\n1,u\n1e300,v\n", TARGETS_NO,
			   "t.csv:3:1: column 'age': expected a number that fits a float, found "
			   "1e+300");
	encoding_free(encoding);
}

/* Of a table that was read without the encoding, whose columns are what they look like. */
static void text_is_refused_where_numbers_were(void **state)
{
	(void)state;
	const struct encoding_options choices = {.target = "y,z", .weight = "w"};
	struct encoding *encoding = encoding_of("a,b,w,y,z\n1,2,1,3,4\n2,3,1,4,5.5\n", &choices);
	const char *names[] = {"a", "b", "w", "y", "z"};
	for (int bad = 0; bad < 5; bad++) {
		char text[64] = "a,b,w,y,z\n", line[128];
		for (int i = 0; i < 5; i++)
			strcat(strcat(text, i == bad ? "text" : "1"), i < 4 ? "," : "\n");
		snprintf(line, sizeof line,
			 "t.csv: column '%s': expected numbers as in training, found text",
			 names[bad]);
		struct table *table = table_of_text(text, NULL);
		struct data_error error = {0};
		struct matrices *matrices;
		assert_false(
			matrices_create(encoding, table, TARGETS_YES, MLP_F32, &matrices, &error));
		assert_string_equal(error.line, line);
		table_free(table);
	}
	encoding_free(encoding);
}

static void an_unseen_category_may_be_nothing(void **state)
{
	(void)state;
	const struct encoding_options choices = {.unseen = UNSEEN_ZERO};
	struct encoding *encoding = encoding_of("a,c,y\n1,u,.5\n2,v,.6\n", &choices);
	struct matrices *matrices = apply(encoding, "a,c\n7,x\n", TARGETS_NO);
	const double x[] = {7, 0, 0};
	assert_memory_equal(matrices->x, x, sizeof x);
	matrices_free(matrices);
	encoding_free(encoding);
}

static void bad_weights_are_refused(void **state)
{
	(void)state;
	const struct encoding_options choices = {.weight = "w"};
	struct encoding *encoding = encoding_of("a,w,y\n1,1,.5\n2,1,.6\n", &choices);
	assert_apply_fails(
		encoding, "a,w,y\n1,1,.5\n2,-1,.6\n", TARGETS_YES,
		"t.csv:3:2: column 'w': expected a weight that is not negative, found -1");
	assert_apply_fails(encoding, "a,w,y\n1,,.5\n2,1,.6\n", TARGETS_YES,
			   "t.csv:2:2: column 'w': expected a value, found a missing one of the "
			   "weights");
	encoding_free(encoding);
}

/* An array's numbers as categories, and an infinite one. */
static void arrays_are_encoded_like_text(void **state)
{
	(void)state;
	unsigned char bytes[512];
	const float values[] = {10, .5F, 0, 2, 1.5F, 1, 10, 2, 0};
	file_write("a.npy", bytes,
		   put_npy(bytes, 1, "<f4", "False", "(3, 3)", values, sizeof values));
	const struct encoding_options choices = {.categorical = "1"};
	struct table *table = table_of("a.npy", NULL);
	struct encoding *encoding;
	struct matrices *matrices;
	struct data_error error = {0};
	assert_true(encoding_create(table, &choices, &encoding, NULL));
	assert_string_equal(encoding->feature_names[1], "c1=10");
	assert_true(matrices_create(encoding, table, TARGETS_YES, MLP_F64, &matrices, NULL));
	const double x[] = {0, 1, .5, 1, 0, 1.5, 0, 1, 2};
	const int64_t classes[] = {0, 1, 0};
	assert_memory_equal(matrices->x, x, sizeof x);
	assert_memory_equal(matrices->classes, classes, sizeof classes);
	matrices_free(matrices);
	table_free(table);
	const float infinite[] = {10, .5F, 0, 2, INFINITY, 1, 10, 2, 0};
	file_write("a.npy", bytes,
		   put_npy(bytes, 1, "<f4", "False", "(3, 3)", infinite, sizeof infinite));
	table = table_of("a.npy", NULL);
	assert_false(matrices_create(encoding, table, TARGETS_YES, MLP_F64, &matrices, &error));
	assert_string_equal(error.line,
			    "a.npy: row 2, column 2: expected a finite number, found inf");
	table_free(table);
	encoding_free(encoding);
}

/* More rows than are filled at a time, some dropped: each is where it belongs. */
static void many_rows_keep_their_places(void **state)
{
	(void)state;
	enum { ROWS = 3000 };
	FILE *file = fopen("many.csv", "w");
	fputs("x,c,y\n", file);
	for (int i = 0; i < ROWS; i++)
		fprintf(file, i % 7 == 3 ? ",u,1.5\n" : "%d,%c,%d.5\n", i, 'a' + i % 5, i);
	fclose(file);
	const struct encoding_options choices = {.missing = MISSING_DROP_ROW};
	struct table *table = table_of("many.csv", NULL);
	struct encoding *encoding;
	struct matrices *matrices;
	assert_true(encoding_create(table, &choices, &encoding, NULL));
	assert_true(matrices_create(encoding, table, TARGETS_YES, MLP_F64, &matrices, NULL));
	assert_int_equal(matrices->inputs, 6);
	for (int64_t at = 0; at < matrices->rows; at++) {
		int64_t row = matrices->row_of[at];
		assert_true(row % 7 != 3 && (at == 0 || row > matrices->row_of[at - 1]));
		assert_true(((double *)matrices->x)[at * 6] == (double)row);
		assert_true(((double *)matrices->x)[at * 6 + 1 + row % 5] == 1);
		assert_true(((double *)matrices->target)[at] == (double)row + .5);
	}
	assert_int_equal(matrices->rows, ROWS - (ROWS + 3) / 7);
	matrices_free(matrices);
	encoding_free(encoding);
	table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes_weights_and_one_hot_inputs),
		cmocka_unit_test(several_targets_in_the_order_of_the_option),
		cmocka_unit_test(floats_are_the_doubles_rounded),
		cmocka_unit_test(rows_that_are_dropped_are_known),
		cmocka_unit_test(missing_values_become_those_of_training),
		cmocka_unit_test(named_columns_may_come_in_any_order_among_others),
		cmocka_unit_test(columns_without_names_go_by_place),
		cmocka_unit_test(new_data_is_checked),
		cmocka_unit_test(text_is_refused_where_numbers_were),
		cmocka_unit_test(an_unseen_category_may_be_nothing),
		cmocka_unit_test(bad_weights_are_refused),
		cmocka_unit_test(arrays_are_encoded_like_text),
		cmocka_unit_test(many_rows_keep_their_places),
	};
	return cmocka_run_group_tests(tests, files_begin, files_end);
}
