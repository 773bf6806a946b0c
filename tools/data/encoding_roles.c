/* Which columns of the training data are targets, weight and inputs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/encoding_parts.h"

enum role { ROLE_INPUT = 0, ROLE_TARGET = 1, ROLE_WEIGHT = 2, ROLE_IGNORED = 3 };

static bool fail_of_two(const char *name, const char *option, struct data_error *error)
{
	char quoted[DATA_QUOTE_SIZE];
	return data_fail(error, DATA_ERROR_CHOICE,
			 "%s: column %s has another role by another option", option,
			 data_quote(name, strlen(name), quoted));
}

/* Gives a role to the columns of a list; *found, if wanted, gets their places. */
static bool give_role(const struct table *table, const struct column_names *names, const char *list,
		      const char *option, enum role role, enum role *roles, int64_t **found,
		      int64_t *count, struct data_error *error)
{
	int64_t *places;
	*count = 0;
	if (list == NULL)
		return true;
	if (!columns_find(names, list, option, &places, count, error))
		return false;
	bool ok = true;
	for (int64_t i = 0; i < *count && ok; i++) {
		if (roles[places[i]] != ROLE_INPUT)
			ok = fail_of_two(table->columns[places[i]].name, option, error);
		roles[places[i]] = role;
	}
	if (ok && found != NULL)
		*found = places;
	else
		free(places);
	return ok;
}

/* As the format knows; where it does not, the last column that is left. */
static bool choose_default(const struct table *table, enum role *roles, int64_t **places,
			   int64_t *count, struct data_error *error)
{
	bool is_known =
		table->format == TABLE_FANN || table->format == TABLE_IDX || table->targets > 1;
	int64_t last = table->column_count, first = last - table->targets;
	while (!is_known && first > 0 && roles[first] != ROLE_INPUT)
		first--;
	if (!is_known)
		last = first + 1;
	*places = malloc(((size_t)table->targets + 1) * sizeof **places);
	if (*places == NULL)
		return data_fail_memory(error);
	*count = 0;
	for (int64_t i = first; i < last && table->targets > 0; i++) {
		if (roles[i] != ROLE_INPUT)
			continue;
		roles[i] = ROLE_TARGET;
		(*places)[(*count)++] = i;
	}
	if (*count > 0)
		return true;
	free(*places);
	*places = NULL;
	if (table->format == TABLE_IDX && table->column_count == 1)
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: has one value a row, as files of labels have: expected the "
				 "file of images",
				 table->name);
	if (table->format == TABLE_IDX)
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: there is no file of labels beside it; --labels names one",
				 table->name);
	return data_fail(
		error, DATA_ERROR_CONTENT,
		"%s: expected inputs and a target, found a single column%s", table->name,
		table->format == TABLE_CSV ? "; --delimiter says what stands between columns" : "");
}

static bool take_targets(struct encoding *encoding, const struct table *table,
			 const int64_t *places, int64_t count, struct data_error *error)
{
	encoding->targets = calloc((size_t)count + 1, sizeof *encoding->targets);
	if (encoding->targets == NULL)
		return data_fail_memory(error);
	for (int64_t i = 0; i < count; i++) {
		char *name = strdup(table->columns[places[i]].name);
		if (name == NULL)
			return data_fail_memory(error);
		encoding->targets[encoding->target_count++] =
			(struct encoded_target){name, places[i], NAN, NAN};
	}
	return true;
}

static bool take_inputs(struct encoding *encoding, const struct table *table,
			const enum role *roles, struct data_error *error)
{
	encoding->inputs = calloc((size_t)table->column_count + 1, sizeof *encoding->inputs);
	if (encoding->inputs == NULL)
		return data_fail_memory(error);
	for (int64_t i = 0; i < table->column_count; i++) {
		if (roles[i] != ROLE_INPUT)
			continue;
		char *name = strdup(table->columns[i].name);
		if (name == NULL)
			return data_fail_memory(error);
		encoding->inputs[encoding->input_count++] =
			(struct encoded_input){.name = name, .place = i};
	}
	return encoding->input_count > 0 ||
	       data_fail(error, DATA_ERROR_CHOICE, "%s: expected inputs, found no column left",
			 table->name);
}

static bool take_weight(struct encoding *encoding, const struct table *table, const int64_t *places,
			int64_t count, struct data_error *error)
{
	if (count > 1)
		return data_fail(error, DATA_ERROR_CHOICE,
				 "--weight: expected one column, found %lld", (long long)count);
	encoding->weight_place = count == 1 ? places[0] : -1;
	if (count == 0)
		return true;
	const struct column *column = &table->columns[places[0]];
	if (column->texts != NULL)
		return data_fail(error, DATA_ERROR_CHOICE,
				 "--weight: expected a column of numbers, found text");
	encoding->weight = strdup(column->name);
	return encoding->weight != NULL || data_fail_memory(error);
}

static bool assign(struct encoding *encoding, const struct table *table,
		   const struct column_names *names, const struct encoding_options *options,
		   enum role *roles, struct data_error *error)
{
	int64_t *weights = NULL, *targets = NULL, count = 0, weight_count = 0;
	encoding->target_is_default = options->target == NULL;
	bool ok = give_role(table, names, options->ignore, "--ignore", ROLE_IGNORED, roles, NULL,
			    &count, error) &&
		  give_role(table, names, options->weight, "--weight", ROLE_WEIGHT, roles, &weights,
			    &weight_count, error) &&
		  (options->target == NULL
			   ? choose_default(table, roles, &targets, &count, error)
			   : give_role(table, names, options->target, "--target", ROLE_TARGET,
				       roles, &targets, &count, error)) &&
		  take_weight(encoding, table, weights, weight_count, error) &&
		  take_targets(encoding, table, targets, count, error) &&
		  take_inputs(encoding, table, roles, error);
	free(weights);
	free(targets);
	return ok;
}

/* Columns that a list names must be there, even if nothing else is asked of them. */
static bool check_list(const struct column_names *names, const char *list, const char *option,
		       struct data_error *error)
{
	int64_t *places = NULL, count;
	bool ok = list == NULL || columns_find(names, list, option, &places, &count, error);
	free(places);
	return ok;
}

bool encoding_assign(struct encoding *encoding, const struct table *table,
		     const struct encoding_options *options, struct data_error *error)
{
	size_t count = (size_t)table->column_count;
	const char **names = calloc(count + 1, sizeof *names);
	enum role *roles = calloc(count + 1, sizeof *roles);
	bool ok = names != NULL && roles != NULL;
	if (!ok)
		data_fail_memory(error);
	for (size_t i = 0; i < count && ok; i++)
		names[i] = table->columns[i].name;
	const struct column_names all = {table->has_names ? names : NULL, table->column_count};
	encoding->has_names = table->has_names;
	encoding->column_count = table->column_count;
	ok = ok && check_list(&all, options->categorical, "--categorical", error) &&
	     check_list(&all, options->numeric, "--numeric", error) &&
	     assign(encoding, table, &all, options, roles, error);
	free(names);
	free(roles);
	return ok;
}

enum column_kind encoding_options_column_kind(const void *choices, const struct column_names *names,
					      int64_t place)
{
	const struct encoding_options *options = choices;
	if (options == NULL)
		return COLUMN_GUESS;
	if (columns_has(names, options->ignore, place))
		return COLUMN_SKIP;
	if (columns_has(names, options->numeric, place) ||
	    columns_has(names, options->weight, place))
		return COLUMN_NUMBERS;
	if (columns_has(names, options->categorical, place))
		return COLUMN_TEXT;
	if (options->task == TASK_NUMBERS && columns_has(names, options->target, place))
		return COLUMN_NUMBERS;
	return COLUMN_GUESS;
}
