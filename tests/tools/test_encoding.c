/* What is decided from the training data: targets, task, classes, categories, what stands for missing
 * values; and that all of it survives as JSON. */
#include <math.h>
#include <stdlib.h>

#include "files.h"

static void assert_encoding_fails(const char *text, const struct encoding_options *choices,
				  const char *line)
{
	const struct read_options options = {.kind = encoding_options_column_kind,
					     .kind_context = choices};
	struct table *table = table_of_text(text, &options);
	struct data_error error = {0};
	struct encoding *encoding = (struct encoding *)&error;
	assert_false(encoding_create(table, choices, &encoding, &error));
	assert_null(encoding);
	assert_string_equal(error.line, line);
	table_free(table);
}

static void the_target_is_the_last_column_or_the_users(void **state)
{
	(void)state;
	static const struct {
		struct encoding_options choices;
		const char *target, *first_input;
		int64_t inputs;
	} cases[] = {{{.task = TASK_NUMBERS}, "c", "a", 2},
		     {{.target = "a"}, "a", "b", 2},
		     {{.target = "1"}, "a", "b", 2},
		     {{.target = "-2"}, "b", "a", 2},
		     {{.target = "b", .ignore = "a"}, "b", "c", 1},
		     {{.ignore = "c"}, "b", "a", 1},
		     {{.weight = "-1"}, "b", "a", 1}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct encoding *encoding =
			encoding_of("a,b,c\n1,2,3\n4,5.5,6\n7.5,8,9\n", &cases[i].choices);
		assert_string_equal(encoding->targets[0].name, cases[i].target);
		assert_string_equal(encoding->inputs[0].name, cases[i].first_input);
		assert_int_equal(encoding->input_count, cases[i].inputs);
		assert_int_equal(encoding->target_is_default, cases[i].choices.target == NULL);
		encoding_free(encoding);
	}
}

static void the_task_is_guessed_or_the_users(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum data_task task, expected;
		int64_t outputs;
	} cases[] = {{"x,y\n1,a\n2,b\n3,a\n", TASK_GUESS, TASK_CLASSES, 2},
		     {"x,y\n1,0\n2,1\n3,0\n", TASK_GUESS, TASK_CLASSES, 2},
		     {"x,y\n1,0\n2,1\n", TASK_GUESS, TASK_CLASSES, 2},
		     {"x,y\n1,0\n2,1\n3,2\n4,3\n", TASK_GUESS, TASK_NUMBERS, 1},
		     {"x,y\n1,0\n2,1\n3,2\n4,0\n5,1\n6,2\n", TASK_GUESS, TASK_CLASSES, 3},
		     {"x,y\n1,0\n2,1.5\n3,0\n", TASK_GUESS, TASK_NUMBERS, 1},
		     {"x,y\n1,0\n2,1.5\n3,0\n", TASK_CLASSES, TASK_CLASSES, 2},
		     {"x,y\n1,0\n2,1\n3,0\n", TASK_NUMBERS, TASK_NUMBERS, 1}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct encoding_options choices = {.task = cases[i].task};
		struct encoding *encoding = encoding_of(cases[i].text, &choices);
		assert_int_equal(encoding->task, cases[i].expected);
		assert_int_equal(encoding->is_guessed, cases[i].task == TASK_GUESS);
		assert_int_equal(encoding_output_count(encoding), cases[i].outputs);
		encoding_free(encoding);
	}
}

static void classes_have_an_order_that_does_not_depend_on_the_rows(void **state)
{
	(void)state;
	const struct encoding_options choices = {.task = TASK_CLASSES};
	struct encoding *encoding = encoding_of("x,y\n1,10\n2,9\n3,-1\n4,9\n", &choices);
	static const char *const numbers[] = {"-1", "9", "10"};
	for (int i = 0; i < 3; i++)
		assert_string_equal(encoding_output_name(encoding, i), numbers[i]);
	assert_true(encoding->class_values[2] == 10);
	encoding_free(encoding);
	encoding = encoding_of("x,y\n1,c\n2,a\n3,b\n4,a\n", &choices);
	static const char *const texts[] = {"a", "b", "c"};
	for (int i = 0; i < 3; i++)
		assert_string_equal(encoding_output_name(encoding, i), texts[i]);
	assert_null(encoding->class_values);
	encoding_free(encoding);
}

static void text_becomes_an_input_for_each_category(void **state)
{
	(void)state;
	const struct encoding_options choices = {.categorical = "size"};
	struct encoding *encoding = encoding_of(
		"colour,size,x,y\nred,10,1,.5\nblue,9,2,.6\nred,10,3,.7\ngreen,9,4,.8\n", &choices);
	static const char *const names[] = {"colour=blue", "colour=green", "colour=red",
					    "size=9",      "size=10",      "x"};
	assert_int_equal(encoding->feature_count, 6);
	for (int i = 0; i < 6; i++)
		assert_string_equal(encoding->feature_names[i], names[i]);
	assert_int_equal(encoding->inputs[2].first, 5);
	encoding_free(encoding);
}

static void missing_values_are_filled_from_the_rows_that_are_kept(void **state)
{
	(void)state;
	const char *text = "x,c,y\n1,a,.5\n,b,.6\n2,,.7\n6,b,.8\n";
	struct encoding_options choices = {.missing = MISSING_MEAN};
	struct encoding *encoding = encoding_of(text, &choices);
	assert_true(encoding->inputs[0].fill == 3);
	assert_int_equal(encoding->inputs[1].width, 3); /* a, b, (missing) */
	assert_int_equal(encoding->inputs[1].fill_category, 2);
	assert_string_equal(encoding->feature_names[3], "c=(missing)");
	encoding_free(encoding);
	choices.missing = MISSING_MEDIAN;
	choices.missing_text = MISSING_TEXT_FREQUENT;
	encoding = encoding_of(text, &choices);
	assert_true(encoding->inputs[0].fill == 2);
	assert_int_equal(encoding->inputs[1].width, 2);
	assert_int_equal(encoding->inputs[1].fill_category, 1);
	encoding_free(encoding);
	choices.missing = MISSING_DROP_ROW;
	encoding = encoding_of("x,c,y\n1,a,.5\n,b,.6\n2,c,.7\n6,a,\n", &choices);
	assert_int_equal(encoding->inputs[1].width, 2); /* b was in a row that was dropped */
	encoding_free(encoding);
}

static void what_cannot_be_encoded(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		struct encoding_options choices;
		const char *line;
	} cases[] = {
		{"a,b\n1,2\n", {.target = "c"}, "--target: there is no column 'c'"},
		{"1,2\n3,4\n",
		 {.target = "c"},
		 "--target: there is no column 'c': columns have no names here, expected a "
		 "number in 1 "
		 ".. 2"},
		{"a,b\n1,2\n",
		 {.target = "3"},
		 "--target: there is no column '3', expected a number in 1 .. 2, or -1 for "
		 "the last"},
		{"a,b\n1,2\n", {.target = "a,a"}, "--target: column 'a' is named twice"},
		{"a,b\n1,2\n",
		 {.target = "a", .ignore = "1"},
		 "--target: column 'a' has another role by another option"},
		{"a,b\n1,2\n", {.ignore = "z"}, "--ignore: there is no column 'z'"},
		{"a,b\n1,2\n", {.categorical = "z"}, "--categorical: there is no column 'z'"},
		{"a,b\n1,2\n", {.numeric = "z"}, "--numeric: there is no column 'z'"},
		{"a,b\n1,2\n",
		 {.target = "a", .ignore = "b"},
		 "t.csv: expected inputs, found no column left"},
		{"a\n1\n",
		 {0},
		 "t.csv: expected inputs and a target, found a single column; "
		 "--delimiter says what stands between columns"},
		{"a,b,c\n1,2,3\n4,,6\n7,8,\n",
		 {0},
		 "t.csv:3:2: column 'b': expected a value, found a missing one (--missing "
		 "mean, median "
		 "or drop-row takes such rows)"},
		{"a,b,c\n1,2,\n4,,6\n7,8,9\n",
		 {.missing = MISSING_MEAN},
		 "t.csv:2:3: column 'c': expected a value, found a missing one of the target "
		 "(--missing "
		 "drop-row leaves such rows out)"},
		{"a,b\n1,\n,2\n",
		 {.missing = MISSING_DROP_ROW},
		 "t.csv: expected rows without missing values, found none"},
		{"a,b\n,1\n,2\n",
		 {.missing = MISSING_MEAN},
		 "t.csv: column 'a' has no values at all; --ignore leaves it out"},
		{"a,b\n1,x\n2,x\n",
		 {0},
		 "t.csv: target 'b': expected two classes or more, found one value only"},
		{"a,b,c\n1,x,1\n2,y,2\n",
		 {.target = "a,b"},
		 "t.csv: target 'b': expected a column of numbers, found text"},
		{"a,b,c\n1,1,2\n2,1,3\n",
		 {.target = "a,b", .task = TASK_CLASSES},
		 "--target: expected one column for classes, or one of 0 and 1 for each, found 2"},
		{"a,b,c\n1,2,3\n1,2,4\n",
		 {0},
		 "t.csv: expected inputs that vary, found the same values in all 2 rows"},
		{"a,b\n1,0\n2,$1\n3,$2\n4,$3\n5,$4\n6,$5\n",
		 {0},
		 "t.csv: target 'b' has 6 different texts in 6 rows, such as '$1': expected "
		 "plain numbers, or classes that repeat (--task classes takes them all the "
		 "same)"},
		{"a,b\nx0,0\nx1,1\nx2,2\nx3,3\nx4,4\nx5,5\nx6,6\nx7,7\nx8,8\nx9,9.5\n",
		 {0},
		 "t.csv: column 'a' has 10 different texts in 10 rows, such as 'x0': expected "
		 "plain numbers, or categories that repeat; --ignore leaves it out, "
		 "--categorical takes it all the same"},
		{"a,b\nx,1\ny,2\nz,3\n",
		 {.max_categories = 2},
		 "t.csv: column 'a' has more than 2 different values: --ignore leaves it out, "
		 "--categorical takes it all the same"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_encoding_fails(cases[i].text, &cases[i].choices, cases[i].line);
}

static void assert_same(const struct encoding *a, const struct encoding *b)
{
	assert_int_equal(a->feature_count, b->feature_count);
	for (int64_t i = 0; i < a->feature_count; i++)
		assert_string_equal(a->feature_names[i], b->feature_names[i]);
	for (int64_t i = 0; i < a->input_count; i++) {
		assert_true(a->inputs[i].fill == b->inputs[i].fill ||
			    (isnan(a->inputs[i].fill) && isnan(b->inputs[i].fill)));
		assert_int_equal(a->inputs[i].fill_category, b->inputs[i].fill_category);
		assert_int_equal(a->inputs[i].place, b->inputs[i].place);
	}
	assert_int_equal(encoding_output_count(a), encoding_output_count(b));
	for (int64_t i = 0; i < encoding_output_count(a); i++)
		assert_string_equal(encoding_output_name(a, i), encoding_output_name(b, i));
	assert_int_equal(a->missing, b->missing);
	assert_int_equal(a->unseen, b->unseen);
	assert_int_equal(a->task, b->task);
	assert_int_equal(a->class_values == NULL, b->class_values == NULL);
	assert_int_equal(a->weight_place, b->weight_place);
}

static void what_hardly_repeats_is_taken_if_it_is_named(void **state)
{
	(void)state;
	const struct encoding_options classes = {.task = TASK_CLASSES};
	struct encoding *encoding = encoding_of("a,b\n1,u\n2,v\n3,w\n4,x\n5,y\n", &classes);
	assert_int_equal(encoding->classes->count, 5);
	encoding_free(encoding);
	const struct encoding_options named = {.categorical = "a"};
	encoding = encoding_of("a,b\nq,0\nr,1\ns,2\nt,3\nu,4\nv,5\nw,6\nx,7\ny,8\nz,9.5\n", &named);
	assert_int_equal(encoding->feature_count, 10);
	encoding_free(encoding);
}

static void ranges_tell_what_is_constant(void **state)
{
	(void)state;
	const struct encoding_options choices = {.missing = MISSING_MEAN, .categorical = "t"};
	struct encoding *encoding =
		encoding_of("a,k,m,t,y\n1,7,5,u,0.5\n-3,7,,u,2.5\n2,7,5,u,1\n", &choices);
	static const bool constant[] = {false, true, true, true};
	for (int64_t i = 0; i < 4; i++)
		assert_int_equal(encoding_input_is_constant(&encoding->inputs[i]), constant[i]);
	assert_true(encoding->inputs[0].lowest == -3 && encoding->inputs[0].highest == 2);
	assert_true(encoding->targets[0].lowest == 0.5 && encoding->targets[0].highest == 2.5);
	assert_true(isnan(encoding->inputs[3].lowest));
	char *text;
	struct data_error error = {0};
	assert_true(encoding_describe(encoding, &text, &error));
	assert_non_null(strstr(text, "constant: k, m, t (nothing to learn from)\n"));
	free(text);
	assert_true(encoding_to_json(encoding, &text, &error));
	encoding_free(encoding);
	assert_true(
		encoding_from_json(text, "m", &encoding, &error)); /* where ranges are not known */
	assert_true(isnan(encoding->inputs[1].lowest) && isnan(encoding->targets[0].lowest));
	free(text);
	encoding_free(encoding);
}

static void json_brings_an_encoding_back(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		struct encoding_options choices;
	} cases[] = {{"x,c,y\n1,a,.1\n,\"\xc3\xa9\n\"\"\",.2\n.3,,.3\n", {.missing = MISSING_MEAN}},
		     {"x,c,y\n1,a,u\n,b,v\n2,,u\n3,b,v\n",
		      {.missing = MISSING_DROP_ROW, .unseen = UNSEEN_ZERO}},
		     {"1,2,3,0\n3,4,5,1\n", {.weight = "2", .ignore = "1"}},
		     {"1,2,3\n3,4,5\n", {.target = "1,3"}}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct encoding *encoding = encoding_of(cases[i].text, &cases[i].choices), *back;
		struct data_error error = {0};
		char *json, *again, *words;
		assert_true(encoding_to_json(encoding, &json, &error));
		if (!encoding_from_json(json, "m", &back, &error))
			fail_msg("%s", error.line);
		assert_same(encoding, back);
		assert_true(encoding_to_json(back, &again, &error));
		assert_string_equal(json, again);
		assert_true(encoding_describe(back, &words, &error));
		assert_non_null(strstr(words, "target"));
		free(words);
		free(json);
		free(again);
		encoding_free(encoding);
		encoding_free(back);
	}
}

static void json_from_anywhere_is_checked(void **state)
{
	(void)state;
#define FRONT "{\"version\":1,\"columns\":3,\"inputs\":["
#define BACK                                                                                       \
	"],\"targets\":[{\"name\":\"y\",\"column\":3}],\"task\":\"numbers\",\"missing\":\"mean\"," \
	"\"unseen\":\"zero\"}"
	static const struct {
		const char *json, *line;
	} cases[] = {
		{"{",
		 "m: description of the data: 1:1: expected JSON: string or '}' expected near end "
		 "of file"},
		{"[]", "m: description of the data: \"version\": expected 1"},
		{"{\"version\":1}",
		 "m: description of the data: \"columns\": expected an integer in 1 .. 1000000"},
		{FRONT BACK, "m: description of the data: \"inputs\": expected a list of columns"},
		{FRONT "{\"name\":\"a\",\"column\":4}" BACK,
		 "m: description of the data: \"column\": expected an integer in 1 .. \"columns\""},
		{FRONT "{\"name\":1,\"column\":1}" BACK,
		 "m: description of the data: \"name\": expected a text"},
		{FRONT "{\"name\":\"a\",\"column\":3}" BACK,
		 "m: description of the data: \"targets\": expected columns that have no other "
		 "role"},
		{FRONT "{\"name\":\"a\",\"column\":2},{\"name\":\"b\",\"column\":1}" BACK,
		 "m: description of the data: \"inputs\": expected columns in order"},
		{FRONT "{\"name\":\"a\",\"column\":1,\"categories\":[\"u\",\"u\"]}" BACK,
		 "m: description of the data: \"categories\": expected different texts"},
		{FRONT "{\"name\":\"a\",\"column\":1,\"categories\":[\"u\",2]}" BACK,
		 "m: description of the data: \"categories\": expected a list of texts"},
		{FRONT
		 "{\"name\":\"a\",\"column\":1,\"categories\":[\"u\"],\"missing_category\":2}" BACK,
		 "m: description of the data: \"missing_category\": expected the number of one of "
		 "the "
		 "categories"},
		{FRONT "{\"name\":\"a\",\"column\":1,\"missing_value\":\"x\"}" BACK,
		 "m: description of the data: \"missing_value\": expected a number"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct data_error error = {0};
		struct encoding *encoding;
		assert_false(encoding_from_json(cases[i].json, "m", &encoding, &error));
		assert_null(encoding);
		assert_string_equal(error.line, cases[i].line);
	}
}

/* No change of a byte, and no end in between, may do worse than fail. */
static void broken_json_does_no_harm(void **state)
{
	(void)state;
	const struct encoding_options choices = {.missing = MISSING_MEAN, .weight = "w"};
	struct encoding *encoding = encoding_of("x,c,w,y\n1,a,1,u\n,b,1,v\n2,,1,u\n", &choices);
	char *json;
	assert_true(encoding_to_json(encoding, &json, NULL));
	encoding_free(encoding);
	for (size_t i = 0; json[i] != 0; i++) {
		char before = json[i];
		for (int change = 0; change < 5; change++) {
			json[i] = "\0009]x-"[change];
			encoding_from_json(json, "m", &encoding, NULL);
			encoding_free(encoding);
		}
		json[i] = before;
	}
	free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_target_is_the_last_column_or_the_users),
		cmocka_unit_test(the_task_is_guessed_or_the_users),
		cmocka_unit_test(classes_have_an_order_that_does_not_depend_on_the_rows),
		cmocka_unit_test(text_becomes_an_input_for_each_category),
		cmocka_unit_test(missing_values_are_filled_from_the_rows_that_are_kept),
		cmocka_unit_test(what_cannot_be_encoded),
		cmocka_unit_test(what_hardly_repeats_is_taken_if_it_is_named),
		cmocka_unit_test(ranges_tell_what_is_constant),
		cmocka_unit_test(json_brings_an_encoding_back),
		cmocka_unit_test(json_from_anywhere_is_checked),
		cmocka_unit_test(broken_json_does_no_harm),
	};
	return cmocka_run_group_tests(tests, files_begin, files_end);
}
