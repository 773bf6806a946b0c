/* Dense matrices from a table by an encoding. */
#include "data/matrices.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/categories.h"
#include "data/encoding_parts.h"

enum {
	BLOCK = 256
}; /* rows at a time: columns are read one after another, rows stay in the cache */

/* Work on one table. */
struct filling {
	const struct encoding *encoding;
	const struct table *table;
	struct matrices *matrices;
	struct encoding_match match;
	struct filter filter;
	struct category_map *maps; /* [input_count]; without a column where inputs are numbers */
	struct category_map target_map;
	bool with_targets;
	struct data_error *error;
};

void matrices_free(struct matrices *matrices)
{
	if (matrices == NULL)
		return;
	free(matrices->x);
	free(matrices->target);
	free(matrices->classes);
	free(matrices->weight);
	free(matrices->row_of);
	free(matrices);
}

static void put(const struct matrices *matrices, void *values, int64_t index, double value)
{
	if (matrices->dtype == MLP_F32)
		((float *)values)[index] = (float)value;
	else
		((double *)values)[index] = value;
}

static bool fail_of_unseen(const struct filling *filling, int64_t row, int64_t column, double value,
			   const char *what)
{
	char place[TABLE_PLACE_SIZE], quoted[DATA_QUOTE_SIZE], buffer[NUMBER_TEXT_SIZE];
	const char *text =
		isnan(value) ? "" : column_text(&filling->table->columns[column], value, buffer);
	return data_fail(filling->error, DATA_ERROR_CONTENT, "%s: %s %s was not seen in training",
			 table_place(filling->table, row, column, place), what,
			 isnan(value) ? "a missing value" : data_quote(text, strlen(text), quoted));
}

/* One value of an input column into its row of x. */
static bool put_input(struct filling *filling, int64_t i, int64_t row, double value, int64_t at)
{
	const struct encoded_input *input = &filling->encoding->inputs[i];
	const struct matrices *matrices = filling->matrices;
	int64_t first = at * matrices->inputs + input->first;
	if (input->categories == NULL) {
		put(matrices, matrices->x, first, isnan(value) ? input->fill : value);
		return true;
	}
	int64_t category =
		isnan(value) ? input->fill_category : category_map_find(&filling->maps[i], value);
	if (category >= 0)
		put(matrices, matrices->x, first + category, 1);
	else if (filling->encoding->unseen == UNSEEN_REFUSE)
		return fail_of_unseen(filling, row, filling->match.inputs[i], value, "category");
	return true;
}

/* One of several columns of 0 and 1: the class is the column of the 1. */
static bool put_one_hot(struct filling *filling, int64_t i, int64_t row, double value, int64_t at)
{
	int64_t *class = &filling->matrices->classes[at];
	char place[TABLE_PLACE_SIZE];
	*class = i == 0 ? CATEGORY_UNSEEN : *class;
	bool good = value == 0 || (value == 1 && *class == CATEGORY_UNSEEN);
	if (value == 1)
		*class = i;
	good = good && (i + 1 < filling->encoding->target_count || *class != CATEGORY_UNSEEN);
	return good ||
	       data_fail(
		       filling->error, DATA_ERROR_CONTENT,
		       "%s: expected 1 for one of the classes and 0 for the others, as in training",
		       table_place(filling->table, row, filling->match.targets[i], place));
}

static bool put_target(struct filling *filling, int64_t i, int64_t row, double value, int64_t at)
{
	struct matrices *matrices = filling->matrices;
	if (matrices->classes == NULL) {
		put(matrices, matrices->target, at * matrices->outputs + i, value);
		return true;
	}
	if (filling->encoding->target_count > 1)
		return put_one_hot(filling, i, row, value, at);
	matrices->classes[at] = category_map_find(&filling->target_map, value);
	return matrices->classes[at] >= 0 ||
	       fail_of_unseen(filling, row, filling->match.targets[i], value, "class");
}

static bool put_weight(struct filling *filling, int64_t row, double value, int64_t at)
{
	char place[TABLE_PLACE_SIZE];
	put(filling->matrices, filling->matrices->weight, at, value);
	return value >= 0 ||
	       data_fail(filling->error, DATA_ERROR_CONTENT,
			 "%s: expected a weight that is not negative, found %g",
			 table_place(filling->table, row, filling->match.weight, place), value);
}

/* Table rows first .. first + count - 1, all kept, into matrix rows from `at` on. */
static bool fill_run(struct filling *filling, int64_t first, int64_t count, int64_t at)
{
	double values[BLOCK];
	const struct column *columns = filling->table->columns;
	for (int64_t i = 0; i < filling->encoding->input_count; i++) {
		numbers_get(&columns[filling->match.inputs[i]].numbers, first, count, values);
		for (int64_t k = 0; k < count; k++)
			if (!put_input(filling, i, first + k, values[k], at + k))
				return false;
	}
	for (int64_t i = 0; filling->with_targets && i < filling->encoding->target_count; i++) {
		numbers_get(&columns[filling->match.targets[i]].numbers, first, count, values);
		for (int64_t k = 0; k < count; k++)
			if (!put_target(filling, i, first + k, values[k], at + k))
				return false;
	}
	if (filling->matrices->weight != NULL) {
		numbers_get(&columns[filling->match.weight].numbers, first, count, values);
		for (int64_t k = 0; k < count; k++)
			if (!put_weight(filling, first + k, values[k], at + k))
				return false;
	}
	for (int64_t k = 0; k < count && filling->matrices->row_of != NULL; k++)
		filling->matrices->row_of[at + k] = first + k;
	return true;
}

static bool fill(struct filling *filling)
{
	const bool *kept = filling->filter.kept;
	int64_t at = 0, rows = filling->table->rows;
	for (int64_t row = 0; row < rows;) {
		int64_t count = 0;
		while (row + count < rows && count < BLOCK && kept[row + count])
			count++;
		if (count > 0 && !fill_run(filling, row, count, at))
			return false;
		at += count;
		row += count > 0 ? count : 1;
	}
	return true;
}

/* Numbers must not be text: places in a list of texts would look like numbers. */
static bool check_numbers(const struct filling *filling, int64_t place)
{
	const struct column *column = &filling->table->columns[place];
	char quoted[DATA_QUOTE_SIZE];
	return column->texts == NULL ||
	       data_fail(filling->error, DATA_ERROR_CONTENT,
			 "%s: column %s: expected numbers as in training, found text",
			 filling->table->name,
			 data_quote(column->name, strlen(column->name), quoted));
}

static bool make_input_maps(struct filling *filling)
{
	const struct encoding *encoding = filling->encoding;
	filling->maps = calloc((size_t)encoding->input_count, sizeof *filling->maps);
	if (filling->maps == NULL)
		return data_fail_memory(filling->error);
	for (int64_t i = 0; i < encoding->input_count; i++) {
		int64_t place = filling->match.inputs[i];
		const struct strings *categories = encoding->inputs[i].categories;
		if (categories == NULL ? !check_numbers(filling, place)
				       : !category_map_begin(&filling->maps[i],
							     &filling->table->columns[place],
							     categories, filling->error))
			return false;
	}
	return true;
}

static bool make_maps(struct filling *filling)
{
	const struct encoding *encoding = filling->encoding;
	if (!make_input_maps(filling))
		return false;
	if (!filling->with_targets)
		return true;
	if (filling->match.weight >= 0 && !check_numbers(filling, filling->match.weight))
		return false;
	if (encoding->task == TASK_CLASSES && encoding->target_count == 1)
		return category_map_begin(&filling->target_map,
					  &filling->table->columns[filling->match.targets[0]],
					  encoding->classes, filling->error);
	for (int64_t i = 0; i < encoding->target_count; i++)
		if (!check_numbers(filling, filling->match.targets[i]))
			return false;
	return true;
}

static void free_maps(struct filling *filling)
{
	for (int64_t i = 0; i < filling->encoding->input_count && filling->maps != NULL; i++)
		category_map_free(&filling->maps[i]);
	free(filling->maps);
	category_map_free(&filling->target_map);
}

static bool choose_rows(struct filling *filling)
{
	const struct encoding *encoding = filling->encoding;
	struct filter *filter = &filling->filter;
	if (!filter_begin(filter, filling->table, filling->matrices->dtype, filling->error))
		return false;
	filter->is_fixed = true;
	for (int64_t i = 0; i < encoding->input_count; i++)
		filter_input(filter, filling->match.inputs[i], encoding->missing);
	for (int64_t i = 0; filling->with_targets && i < encoding->target_count; i++)
		filter_target(filter, filling->match.targets[i], encoding->missing);
	if (filling->with_targets && filling->match.weight >= 0)
		filter_column(filter, filling->match.weight, FILTER_REFUSE, " of the weights");
	return filter_finish(filter, filling->error);
}

static bool allocate(struct filling *filling)
{
	struct matrices *matrices = filling->matrices;
	size_t rows = (size_t)filling->filter.kept_count;
	size_t size = matrices->dtype == MLP_F32 ? sizeof(float) : sizeof(double);
	size_t width = rows * size, bytes; /* of a column, which the table has had in memory */
	bool classes = filling->encoding->task == TASK_CLASSES;
	bool weighted = filling->with_targets && filling->match.weight >= 0;
	bool dropped = filling->filter.kept_count < filling->table->rows;
	matrices->rows = filling->filter.kept_count;
	if (!__builtin_mul_overflow(width, (size_t)matrices->inputs, &bytes))
		matrices->x = calloc(1, bytes);
	if (filling->with_targets && classes)
		matrices->classes = calloc(rows, sizeof *matrices->classes);
	else if (filling->with_targets)
		matrices->target = calloc((size_t)matrices->outputs, width);
	if (weighted)
		matrices->weight = calloc(1, width);
	if (dropped)
		matrices->row_of = calloc(rows, sizeof *matrices->row_of);
	bool has_targets = matrices->classes != NULL || matrices->target != NULL;
	return (matrices->x != NULL && (!filling->with_targets || has_targets) &&
		(!weighted || matrices->weight != NULL) &&
		(!dropped || matrices->row_of != NULL)) ||
	       data_fail_memory(filling->error);
}

static bool has_targets(const struct filling *filling)
{
	for (int64_t i = 0; i < filling->encoding->target_count; i++)
		if (filling->match.targets[i] < 0)
			return false;
	return true;
}

bool matrices_create(const struct encoding *encoding, const struct table *table,
		     enum matrices_targets targets, mlp_dtype dtype, struct matrices **matrices,
		     struct data_error *error)
{
	*matrices = calloc(1, sizeof **matrices);
	if (*matrices == NULL)
		return data_fail_memory(error);
	**matrices = (struct matrices){.dtype = dtype,
				       .inputs = encoding->feature_count,
				       .outputs = encoding_output_count(encoding),
				       .table_rows = table->rows};
	struct filling filling = {
		.encoding = encoding, .table = table, .matrices = *matrices, .error = error};
	bool ok = encoding_match_columns(encoding, table, targets == TARGETS_YES, &filling.match,
					 error);
	filling.with_targets = ok && targets != TARGETS_NO && has_targets(&filling);
	ok = ok && choose_rows(&filling) && make_maps(&filling) && allocate(&filling) &&
	     fill(&filling);
	free_maps(&filling);
	filter_free(&filling.filter);
	encoding_match_free(&filling.match);
	if (!ok) {
		matrices_free(*matrices);
		*matrices = NULL;
	}
	return ok;
}
