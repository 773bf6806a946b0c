/* Where an encoding's columns are in other data: by names, or by places if either has no names. Without
 * names the data has all columns of the training data, or all but the targets, or the inputs alone. */
#include <stdlib.h>
#include <string.h>

#include "data/encoding_parts.h"

static bool is_target(const struct encoding *encoding, int64_t place)
{
	for (int64_t i = 0; i < encoding->target_count; i++)
		if (encoding->targets[i].place == place)
			return true;
	return false;
}

/* The place that each of `count` columns had in training, from malloc; NULL: memory, or no layout fits. */
static int64_t *training_places(const struct encoding *encoding, int64_t count)
{
	int64_t all = encoding->column_count, used = 0;
	bool is_full = count == all, lacks_targets = count == all - encoding->target_count;
	if (!is_full && !lacks_targets && count != encoding->input_count)
		return NULL;
	int64_t *places = calloc((size_t)count + 1, sizeof *places);
	if (places == NULL)
		return NULL;
	if (!is_full && !lacks_targets) {
		for (int64_t i = 0; i < count; i++)
			places[i] = encoding->inputs[i].place;
		return places;
	}
	for (int64_t place = 0; place < all; place++)
		if (is_full || !is_target(encoding, place))
			places[used++] = place;
	return places;
}

/* What a column of the training data is read as. */
static enum column_kind kind_of_input(const struct encoded_input *input)
{
	return input->categories == NULL ? COLUMN_NUMBERS : COLUMN_TEXT;
}

static enum column_kind kind_of_target(const struct encoding *encoding)
{
	bool is_one = encoding->target_count == 1;
	return encoding->task == TASK_CLASSES && is_one && encoding->class_values == NULL
		       ? COLUMN_TEXT
		       : COLUMN_NUMBERS;
}

static bool is_same(const char *name, int64_t place, const char *other, int64_t other_place)
{
	return name != NULL ? strcmp(name, other) == 0 : place == other_place;
}

/* By its name, or by its place in training if the name is NULL. */
static enum column_kind find_kind(const struct encoding *encoding, const char *name, int64_t place,
				  bool want_targets)
{
	for (int64_t i = 0; i < encoding->input_count; i++)
		if (is_same(name, place, encoding->inputs[i].name, encoding->inputs[i].place))
			return kind_of_input(&encoding->inputs[i]);
	if (!want_targets)
		return COLUMN_SKIP;
	for (int64_t i = 0; i < encoding->target_count; i++)
		if (is_same(name, place, encoding->targets[i].name, encoding->targets[i].place))
			return kind_of_target(encoding);
	if (encoding->weight != NULL &&
	    is_same(name, place, encoding->weight, encoding->weight_place))
		return COLUMN_NUMBERS;
	return COLUMN_SKIP;
}

static enum column_kind kind_of(const struct encoding *encoding, const struct column_names *names,
				int64_t place, bool want_targets)
{
	if (encoding->has_names && names->names != NULL)
		return find_kind(encoding, names->names[place], place, want_targets);
	if (names->count == encoding->column_count) /* spares the search for the usual case */
		return find_kind(encoding, NULL, place, want_targets);
	int64_t *places = training_places(encoding, names->count);
	enum column_kind kind = COLUMN_GUESS;
	if (places != NULL)
		kind = find_kind(encoding, NULL, places[place], want_targets);
	free(places);
	return kind;
}

enum column_kind encoding_column_kind(const void *encoding, const struct column_names *names,
				      int64_t place)
{
	return kind_of(encoding, names, place, true);
}

enum column_kind encoding_input_kind(const void *encoding, const struct column_names *names,
				     int64_t place)
{
	return kind_of(encoding, names, place, false);
}

/* What a column is found by: names of the table, or where training's columns went. */
struct finder {
	struct strings names;
	int64_t *went; /* [column_count of training], -1: not there; NULL: by names */
};

static bool find_names(struct finder *finder, const struct table *table, struct data_error *error)
{
	for (int64_t i = 0; i < table->column_count; i++) {
		const char *name = table->columns[i].name;
		if (strings_add(&finder->names, name, strlen(name)) < 0)
			return data_fail_memory(error);
	}
	return true;
}

static bool find_places(const struct encoding *encoding, struct finder *finder,
			const struct table *table, struct data_error *error)
{
	int64_t count = table->column_count;
	if (count != encoding->column_count && count != encoding->input_count &&
	    count != encoding->column_count - encoding->target_count)
		return data_fail(
			error, DATA_ERROR_CONTENT,
			"%s: expected %lld columns as in training, or %lld without targets, "
			"found %lld",
			table->name, (long long)encoding->column_count,
			(long long)(encoding->column_count - encoding->target_count),
			(long long)count);
	int64_t *places = training_places(encoding, count);
	finder->went = malloc(((size_t)encoding->column_count + 1) * sizeof *finder->went);
	bool ok = places != NULL && finder->went != NULL;
	for (int64_t i = 0; i < encoding->column_count && ok; i++)
		finder->went[i] = -1;
	for (int64_t i = 0; i < count && ok; i++)
		finder->went[places[i]] = i;
	free(places);
	return ok || data_fail_memory(error);
}

static int64_t find(const struct finder *finder, const char *name, int64_t place)
{
	return finder->went != NULL ? finder->went[place]
				    : strings_find(&finder->names, name, strlen(name));
}

static bool fail_to_find(const struct encoding *encoding, const struct table *table,
			 const char *what, const char *name, int64_t place,
			 struct data_error *error)
{
	char quoted[DATA_QUOTE_SIZE];
	if (!encoding->has_names)
		return data_fail(error, DATA_ERROR_CONTENT, "%s: %scolumn %lld is missing",
				 table->name, what, (long long)place + 1);
	return data_fail(error, DATA_ERROR_CONTENT, "%s: %scolumn %s is missing", table->name, what,
			 data_quote(name, strlen(name), quoted));
}

static bool match_all(const struct encoding *encoding, const struct table *table,
		      const struct finder *finder, bool want_targets, struct encoding_match *match,
		      struct data_error *error)
{
	for (int64_t i = 0; i < encoding->input_count; i++) {
		const struct encoded_input *input = &encoding->inputs[i];
		match->inputs[i] = find(finder, input->name, input->place);
		if (match->inputs[i] < 0)
			return fail_to_find(encoding, table, "", input->name, input->place, error);
	}
	for (int64_t i = 0; i < encoding->target_count; i++) {
		const struct encoded_target *target = &encoding->targets[i];
		match->targets[i] = find(finder, target->name, target->place);
		if (match->targets[i] < 0 && want_targets)
			return fail_to_find(encoding, table, "target ", target->name, target->place,
					    error);
	}
	match->weight = encoding->weight == NULL
				? -1
				: find(finder, encoding->weight, encoding->weight_place);
	return true;
}

bool encoding_match_columns(const struct encoding *encoding, const struct table *table,
			    bool want_targets, struct encoding_match *match,
			    struct data_error *error)
{
	match->inputs = malloc((size_t)encoding->input_count * sizeof *match->inputs);
	match->targets = malloc((size_t)encoding->target_count * sizeof *match->targets);
	struct finder finder = {.went = NULL};
	bool ok = match->inputs != NULL && match->targets != NULL;
	if (!ok)
		data_fail_memory(error);
	ok = ok &&
	     (encoding->has_names && table->has_names
		      ? find_names(&finder, table, error)
		      : find_places(encoding, &finder, table, error)) &&
	     match_all(encoding, table, &finder, want_targets, match, error);
	strings_free(&finder.names);
	free(finder.went);
	if (!ok)
		encoding_match_free(match);
	return ok;
}

void encoding_match_free(struct encoding_match *match)
{
	free(match->inputs);
	free(match->targets);
	*match = (struct encoding_match){0};
}
