/* An encoding from JSON text, which can be anybody's: every value is checked. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/encoding_parts.h"
#include "data/limits.h"

struct parse {
	struct encoding *encoding;
	const char *name;
	struct data_error *error;
};

static bool fail(const struct parse *parse, const char *what, const char *expected)
{
	return data_fail(parse->error, DATA_ERROR_CONTENT,
			 "%s: description of the data: %s: expected %s", parse->name, what,
			 expected);
}

static bool take_name(const struct parse *parse, const json_t *object, char **name)
{
	const char *text = json_string_value(json_object_get(object, "name"));
	if (text == NULL)
		return fail(parse, "\"name\"", "a text");
	*name = strdup(text);
	return *name != NULL || data_fail_memory(parse->error);
}

/* A column's place from its number. */
static bool take_place(const struct parse *parse, const json_t *object, int64_t *place)
{
	const json_t *value = json_object_get(object, "column");
	json_int_t number = json_integer_value(value);
	if (!json_is_integer(value) || number < 1 || number > parse->encoding->column_count)
		return fail(parse, "\"column\"", "an integer in 1 .. \"columns\"");
	*place = number - 1;
	return true;
}

/* Different texts, at least one. */
static bool take_strings(const struct parse *parse, const json_t *array, const char *what,
			 struct strings **strings)
{
	size_t count = json_array_size(array);
	if (count == 0 || count > DATA_MOST_COLUMNS)
		return fail(parse, what, "a list of texts");
	*strings = calloc(1, sizeof **strings);
	if (*strings == NULL)
		return data_fail_memory(parse->error);
	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_array_get(array, i));
		if (text == NULL)
			return fail(parse, what, "a list of texts");
		int64_t number = strings_add(*strings, text, strlen(text));
		if (number < 0)
			return data_fail_memory(parse->error);
		if (number < (int64_t)i)
			return fail(parse, what, "different texts");
	}
	return true;
}

static bool take_fill(const struct parse *parse, const json_t *object, struct encoded_input *input)
{
	const json_t *value = json_object_get(object, "missing_value");
	const json_t *category = json_object_get(object, "missing_category");
	input->fill = input->lowest = input->highest = NAN;
	input->fill_category = -1;
	if (value != NULL) {
		if (!json_is_number(value) || !isfinite(json_number_value(value)))
			return fail(parse, "\"missing_value\"", "a number");
		input->fill = json_number_value(value);
	}
	if (category == NULL)
		return true;
	json_int_t number = json_integer_value(category);
	if (!json_is_integer(category) || input->categories == NULL || number < 1 ||
	    number > input->categories->count)
		return fail(parse, "\"missing_category\"", "the number of one of the categories");
	input->fill_category = number - 1;
	return true;
}

static bool take_input(const struct parse *parse, const json_t *object, struct encoded_input *input)
{
	const json_t *categories = json_object_get(object, "categories");
	return take_name(parse, object, &input->name) && take_place(parse, object, &input->place) &&
	       (categories == NULL ||
		take_strings(parse, categories, "\"categories\"", &input->categories)) &&
	       take_fill(parse, object, input);
}

/* In the order of their columns, so that no two are the same. */
static bool take_inputs(const struct parse *parse, const json_t *array)
{
	struct encoding *encoding = parse->encoding;
	size_t count = json_array_size(array);
	if (count == 0 || count > (size_t)encoding->column_count)
		return fail(parse, "\"inputs\"", "a list of columns");
	encoding->inputs = calloc(count, sizeof *encoding->inputs);
	if (encoding->inputs == NULL)
		return data_fail_memory(parse->error);
	for (size_t i = 0; i < count; i++) {
		struct encoded_input *input = &encoding->inputs[encoding->input_count++];
		if (!take_input(parse, json_array_get(array, i), input))
			return false;
		if (i > 0 && input->place <= input[-1].place)
			return fail(parse, "\"inputs\"", "columns in order");
	}
	return true;
}

static bool take_targets(const struct parse *parse, const json_t *array)
{
	struct encoding *encoding = parse->encoding;
	size_t count = json_array_size(array);
	if (count == 0 || count > (size_t)(encoding->column_count - encoding->input_count))
		return fail(parse, "\"targets\"", "a list of columns");
	encoding->targets = calloc(count, sizeof *encoding->targets);
	if (encoding->targets == NULL)
		return data_fail_memory(parse->error);
	for (size_t i = 0; i < count; i++) {
		struct encoded_target *target = &encoding->targets[encoding->target_count++];
		target->lowest = target->highest = NAN;
		const json_t *object = json_array_get(array, i);
		if (!take_name(parse, object, &target->name) ||
		    !take_place(parse, object, &target->place))
			return false;
	}
	return true;
}

/* No column has two roles. */
static bool check_roles(const struct parse *parse)
{
	const struct encoding *encoding = parse->encoding;
	bool *taken = calloc((size_t)encoding->column_count, sizeof *taken);
	if (taken == NULL)
		return data_fail_memory(parse->error);
	bool ok = true;
	for (int64_t i = 0; i < encoding->input_count; i++)
		taken[encoding->inputs[i].place] = true;
	for (int64_t i = 0; i < encoding->target_count; i++) {
		ok = ok && !taken[encoding->targets[i].place];
		taken[encoding->targets[i].place] = true;
	}
	if (encoding->weight != NULL)
		ok = ok && !taken[encoding->weight_place];
	free(taken);
	return ok || fail(parse, "\"targets\"", "columns that have no other role");
}

/* Which of some words a value is; -1: none of them. */
static int find_word(const json_t *value, const char *const *words, int count)
{
	const char *text = json_string_value(value);
	for (int i = 0; i < count && text != NULL; i++)
		if (strcmp(text, words[i]) == 0)
			return i;
	return -1;
}

static bool take_choices(const struct parse *parse, const json_t *root)
{
	static const char *const missing[] = {"refuse", "drop-row", "mean", "median"};
	static const char *const unseen[] = {"refuse", "zero"};
	static const char *const task[] = {"", "classes", "numbers"};
	int missing_word = find_word(json_object_get(root, "missing"), missing, 4);
	int unseen_word = find_word(json_object_get(root, "unseen"), unseen, 2);
	int task_word = find_word(json_object_get(root, "task"), task, 3);
	if (missing_word < 0)
		return fail(parse, "\"missing\"", "refuse, drop-row, mean or median");
	if (unseen_word < 0)
		return fail(parse, "\"unseen\"", "refuse or zero");
	if (task_word < 1)
		return fail(parse, "\"task\"", "classes or numbers");
	parse->encoding->missing = (enum data_missing)missing_word;
	parse->encoding->unseen = (enum data_unseen)unseen_word;
	parse->encoding->task = (enum data_task)task_word;
	parse->encoding->is_guessed = json_is_true(json_object_get(root, "guessed"));
	parse->encoding->target_is_default = json_is_true(json_object_get(root, "default_target"));
	return true;
}

static bool take_classes(const struct parse *parse, const json_t *root)
{
	struct encoding *encoding = parse->encoding;
	const json_t *values = json_object_get(root, "class_values");
	if (encoding->task != TASK_CLASSES)
		return true;
	if (!take_strings(parse, json_object_get(root, "classes"), "\"classes\"",
			  &encoding->classes))
		return false;
	size_t count = (size_t)encoding->classes->count;
	if (count < 2 || (encoding->target_count != 1 && encoding->target_count != (int64_t)count))
		return fail(parse, "\"classes\"", "two or more, of one target or one for each");
	if (values == NULL)
		return true;
	encoding->class_values = calloc(count, sizeof *encoding->class_values);
	if (encoding->class_values == NULL)
		return data_fail_memory(parse->error);
	for (size_t i = 0; i < count; i++) {
		const json_t *value = json_array_get(values, i);
		if (!json_is_number(value) || json_array_size(values) != count)
			return fail(parse, "\"class_values\"", "a number for each class");
		encoding->class_values[i] = json_number_value(value);
	}
	return true;
}

static bool take_weight(const struct parse *parse, const json_t *object)
{
	parse->encoding->weight_place = -1;
	return object == NULL || (take_name(parse, object, &parse->encoding->weight) &&
				  take_place(parse, object, &parse->encoding->weight_place));
}

static bool take_all(const struct parse *parse, const json_t *root)
{
	const json_t *columns = json_object_get(root, "columns");
	json_int_t count = json_integer_value(columns);
	if (json_integer_value(json_object_get(root, "version")) != 1)
		return fail(parse, "\"version\"", "1");
	if (!json_is_integer(columns) || count < 1 || count > DATA_MOST_COLUMNS)
		return fail(parse, "\"columns\"", "an integer in 1 .. 1000000");
	parse->encoding->column_count = count;
	parse->encoding->has_names = json_is_true(json_object_get(root, "named"));
	return take_inputs(parse, json_object_get(root, "inputs")) &&
	       take_targets(parse, json_object_get(root, "targets")) &&
	       take_weight(parse, json_object_get(root, "weight")) && check_roles(parse) &&
	       take_choices(parse, root) && take_classes(parse, root) &&
	       encoding_complete(parse->encoding, parse->error);
}

bool encoding_from_json(const char *json, const char *name, struct encoding **encoding,
			struct data_error *error)
{
	json_error_t reason;
	json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &reason);
	*encoding = NULL;
	if (root == NULL)
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: description of the data: %d:%d: expected JSON: %s", name,
				 reason.line, reason.column, reason.text);
	*encoding = calloc(1, sizeof **encoding);
	struct parse parse = {.encoding = *encoding, .name = name, .error = error};
	bool ok = *encoding != NULL ? take_all(&parse, root) : data_fail_memory(error);
	json_decref(root);
	if (!ok) {
		encoding_free(*encoding);
		*encoding = NULL;
	}
	return ok;
}
