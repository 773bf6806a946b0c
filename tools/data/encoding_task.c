/* What is to be learnt: classes or numbers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/categories.h"
#include "data/encoding_parts.h"

enum { BLOCK = 256, FEW = 20, MOST_CLASSES = 65536 };

/* The different values of integers, as long as they are few. */
struct few {
	double values[FEW];
	int64_t count;
};

static bool is_few_with(struct few *few, double value)
{
	for (int64_t i = 0; i < few->count; i++)
		if (few->values[i] == value)
			return true;
	if (few->count == FEW || value != nearbyint(value))
		return false;
	few->values[few->count++] = value;
	return true;
}

/* Integers with few different values, each twice or more on average (or two at all): such look like
 * classes. */
static bool looks_like_classes(const struct filter *filter, const struct column *column)
{
	struct few few = {.count = 0};
	double block[BLOCK];
	for (int64_t first = 0; first < filter->table->rows; first += BLOCK) {
		int64_t left = filter->table->rows - first, now = left < BLOCK ? left : BLOCK;
		numbers_get(&column->numbers, first, now, block);
		for (int64_t i = 0; i < now; i++)
			if (filter->kept[first + i] && !is_few_with(&few, block[i]))
				return false;
	}
	return few.count <= 2 || 2 * few.count <= filter->kept_count;
}

/* Several target columns of which every row has a 1 in one and 0 in the others, not always the same one: classes
 * as libfann has them. */
static bool is_one_hot(const struct encoding *encoding, const struct filter *filter)
{
	const struct table *table = filter->table;
	int64_t first = -1;
	bool differs = false;
	for (int64_t row = 0; row < table->rows; row++) {
		int64_t ones = 0, class = -1;
		for (int64_t i = 0; i < encoding->target_count && filter->kept[row]; i++) {
			const struct column *column = &table->columns[encoding->targets[i].place];
			double value =
				column->texts == NULL ? numbers_at(&column->numbers, row) : NAN;
			if (value != 0 && value != 1)
				return false;
			ones += value == 1;
			class = value == 1 ? i : class;
		}
		if (filter->kept[row] && ones != 1)
			return false;
		if (filter->kept[row] && first >= 0)
			differs = differs || class != first;
		first = first < 0 ? class : first;
	}
	return differs && encoding->target_count > 1;
}

/* The classes of one-hot targets are their names. */
static bool take_columns(struct encoding *encoding, struct data_error *error)
{
	encoding->classes = calloc(1, sizeof *encoding->classes);
	bool ok = encoding->classes != NULL;
	for (int64_t i = 0; i < encoding->target_count && ok; i++) {
		const char *name = encoding->targets[i].name;
		ok = strings_add(encoding->classes, name, strlen(name)) == i;
	}
	return ok || data_fail_memory(error);
}

static enum data_task guess(const struct encoding *encoding, const struct filter *filter)
{
	const struct table *table = filter->table;
	if (encoding->target_count > 1)
		return is_one_hot(encoding, filter) ? TASK_CLASSES : TASK_NUMBERS;
	const struct column *column = &table->columns[encoding->targets[0].place];
	if (column->texts != NULL || (table->targets_are_classes && encoding->target_is_default))
		return TASK_CLASSES;
	return looks_like_classes(filter, column) ? TASK_CLASSES : TASK_NUMBERS;
}

static bool fit_numbers(struct encoding *encoding, const struct filter *filter,
			struct data_error *error)
{
	const struct table *table = filter->table;
	char quoted[DATA_QUOTE_SIZE];
	for (int64_t i = 0; i < encoding->target_count; i++) {
		struct encoded_target *target = &encoding->targets[i];
		const struct column *column = &table->columns[target->place];
		encoding_find_range(filter, target->place, &target->lowest, &target->highest);
		if (column->texts != NULL)
			return data_fail(error, DATA_ERROR_CHOICE,
					 "%s: target %s: expected a column of numbers, found text",
					 table->name,
					 data_quote(column->name, strlen(column->name), quoted));
	}
	return true;
}

/* Texts that hardly repeat are no classes: amounts with a currency, thousands between commas, dates, names. */
static bool check_guess(const struct encoding *encoding, const struct filter *filter,
			const char *quoted, struct data_error *error)
{
	enum { SUSPICIOUS = 5 };
	int64_t count = encoding->classes->count;
	const struct column *column = &filter->table->columns[encoding->targets[0].place];
	if (!encoding->is_guessed || column->texts == NULL || count < SUSPICIOUS ||
	    2 * count <= filter->kept_count)
		return true;
	char example[DATA_QUOTE_SIZE];
	return data_fail(
		error, DATA_ERROR_CONTENT,
		"%s: target %s has %lld different texts in %lld rows, such as %s: expected "
		"plain numbers, or classes that repeat (--task classes takes them all the same)",
		filter->table->name, quoted, (long long)count, (long long)filter->kept_count,
		encoding_quote_example(column, example));
}

/* From 2^53 on a double is no longer every whole number: two classes could have become one. */
static bool check_class_values(const struct encoding *encoding, const struct table *table,
			       const char *quoted, struct data_error *error)
{
	const double highest = 9007199254740992;
	for (int64_t i = 0; i < encoding->classes->count; i++)
		if (fabs(encoding->class_values[i]) >= highest)
			return data_fail(error, DATA_ERROR_CONTENT,
					 "%s: target %s: expected class numbers below 2^53, found "
					 "about %s (--categorical takes them as texts)",
					 table->name, quoted, encoding->classes->texts[i]);
	return true;
}

static bool fit_classes(struct encoding *encoding, const struct filter *filter,
			struct data_error *error)
{
	const struct table *table = filter->table;
	int64_t place = encoding->targets[0].place;
	const struct column *column = &table->columns[place];
	char quoted[DATA_QUOTE_SIZE];
	bool has_missing;
	data_quote(column->name, strlen(column->name), quoted);
	if (is_one_hot(encoding, filter))
		return take_columns(encoding, error);
	if (encoding->target_count > 1)
		return data_fail(
			error, DATA_ERROR_CHOICE,
			"--target: expected one column for classes, or one of 0 and 1 for each, "
			"found %lld",
			(long long)encoding->target_count);
	if (!categories_collect(table, place, filter->kept, MOST_CLASSES, ", too many for classes",
				&encoding->classes, &has_missing, error))
		return false;
	int64_t count = encoding->classes->count;
	if (count < 2)
		return data_fail(
			error, DATA_ERROR_CONTENT,
			"%s: target %s: expected two classes or more, found one value only",
			table->name, quoted);
	if (!check_guess(encoding, filter, quoted, error))
		return false;
	if (column->texts != NULL)
		return true;
	encoding->class_values = malloc((size_t)count * sizeof *encoding->class_values);
	if (encoding->class_values == NULL)
		return data_fail_memory(error);
	for (int64_t i = 0; i < count; i++)
		encoding->class_values[i] = strtod(encoding->classes->texts[i], NULL);
	return check_class_values(encoding, table, quoted, error);
}

bool encoding_fit_task(struct encoding *encoding, const struct filter *filter,
		       const struct encoding_options *options, struct data_error *error)
{
	encoding->is_guessed = options->task == TASK_GUESS;
	encoding->task = encoding->is_guessed ? guess(encoding, filter) : options->task;
	return encoding->task == TASK_CLASSES ? fit_classes(encoding, filter, error)
					      : fit_numbers(encoding, filter, error);
}
