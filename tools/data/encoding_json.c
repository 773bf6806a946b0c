/* An encoding as JSON text. */
#include <jansson.h>
#include <math.h>

#include "data/encoding.h"

/* Each returns a new value, or NULL when memory ran out, which jansson's "o" hands on. */
static json_t *json_of_strings(const struct strings *strings)
{
	json_t *array = json_array();
	for (int64_t i = 0; i < strings->count; i++)
		if (json_array_append_new(array, json_string(strings->texts[i])) != 0) {
			json_decref(array);
			return NULL;
		}
	return array;
}

static json_t *json_of_numbers(const double *numbers, int64_t count)
{
	json_t *array = json_array();
	for (int64_t i = 0; i < count; i++)
		if (json_array_append_new(array, json_real(numbers[i])) != 0) {
			json_decref(array);
			return NULL;
		}
	return array;
}

/* Puts a value, which may be NULL, into an object. */
static bool set(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value) == 0;
}

static json_t *json_of_input(const struct encoded_input *input)
{
	json_t *object = json_pack("{s:s, s:I}", "name", input->name, "column",
				   (json_int_t)input->place + 1);
	bool ok = object != NULL;
	if (input->categories != NULL)
		ok = ok && set(object, "categories", json_of_strings(input->categories)) &&
		     (input->fill_category < 0 ||
		      set(object, "missing_category", json_integer(input->fill_category + 1)));
	else if (!isnan(input->fill))
		ok = ok && set(object, "missing_value", json_real(input->fill));
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *json_of_inputs(const struct encoding *encoding)
{
	json_t *array = json_array();
	for (int64_t i = 0; i < encoding->input_count; i++)
		if (json_array_append_new(array, json_of_input(&encoding->inputs[i])) != 0) {
			json_decref(array);
			return NULL;
		}
	return array;
}

static json_t *json_of_targets(const struct encoding *encoding)
{
	json_t *array = json_array();
	for (int64_t i = 0; i < encoding->target_count; i++) {
		const struct encoded_target *target = &encoding->targets[i];
		json_t *object = json_pack("{s:s, s:I}", "name", target->name, "column",
					   (json_int_t)target->place + 1);
		if (json_array_append_new(array, object) != 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static const char *const missing_names[] = {"refuse", "drop-row", "mean", "median"};

static bool set_all(json_t *root, const struct encoding *encoding)
{
	bool ok = set(root, "version", json_integer(1)) &&
		  set(root, "columns", json_integer(encoding->column_count)) &&
		  set(root, "named", json_boolean(encoding->has_names)) &&
		  set(root, "inputs", json_of_inputs(encoding)) &&
		  set(root, "targets", json_of_targets(encoding)) &&
		  set(root, "task",
		      json_string(encoding->task == TASK_CLASSES ? "classes" : "numbers")) &&
		  set(root, "guessed", json_boolean(encoding->is_guessed)) &&
		  set(root, "default_target", json_boolean(encoding->target_is_default)) &&
		  set(root, "missing", json_string(missing_names[encoding->missing])) &&
		  set(root, "unseen",
		      json_string(encoding->unseen == UNSEEN_ZERO ? "zero" : "refuse"));
	if (ok && encoding->classes != NULL)
		ok = set(root, "classes", json_of_strings(encoding->classes));
	if (ok && encoding->class_values != NULL)
		ok = set(root, "class_values",
			 json_of_numbers(encoding->class_values, encoding->classes->count));
	if (ok && encoding->weight != NULL)
		ok = set(root, "weight",
			 json_pack("{s:s, s:I}", "name", encoding->weight, "column",
				   (json_int_t)encoding->weight_place + 1));
	return ok;
}

bool encoding_to_json(const struct encoding *encoding, char **json, struct data_error *error)
{
	json_t *root = json_object();
	*json = NULL;
	if (root != NULL && set_all(root, encoding))
		*json = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	return *json != NULL || data_fail_memory(error);
}
