/* Categories of input columns, and what stands for their missing values. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/categories.h"
#include "data/encoding_parts.h"
#include "data/limits.h"

enum { BLOCK = 256, USUAL_MOST_CATEGORIES = 100 };
static const char own_category[] = "(missing)";

/* A column's numbers in rows that are kept, without the missing ones. */
static bool gather(const struct filter *filter, int64_t place, double **values, int64_t *count,
		   struct data_error *error)
{
	const struct numbers *numbers = &filter->table->columns[place].numbers;
	double block[BLOCK];
	*count = 0;
	*values = malloc((size_t)filter->kept_count * sizeof **values);
	if (*values == NULL)
		return data_fail_memory(error);
	for (int64_t first = 0; first < filter->table->rows; first += BLOCK) {
		int64_t left = filter->table->rows - first, now = left < BLOCK ? left : BLOCK;
		numbers_get(numbers, first, now, block);
		for (int64_t i = 0; i < now; i++)
			if (filter->kept[first + i] && !isnan(block[i]))
				(*values)[(*count)++] = block[i];
	}
	return true;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Halves first, so that the sum of two does not overflow. */
static double median_of(double *values, int64_t count)
{
	qsort(values, (size_t)count, sizeof *values, compare);
	return values[(count - 1) / 2] / 2 + values[count / 2] / 2;
}

/* A running mean, which does not overflow. */
static double mean_of(const double *values, int64_t count)
{
	double mean = 0;
	for (int64_t i = 0; i < count; i++)
		mean += (values[i] / (double)(i + 1)) - (mean / (double)(i + 1));
	return mean;
}

static bool fit_fill(struct encoded_input *input, const struct filter *filter,
		     enum data_missing missing, struct data_error *error)
{
	double *values;
	int64_t count;
	input->fill = NAN;
	input->fill_category = -1;
	if (missing != MISSING_MEAN && missing != MISSING_MEDIAN)
		return true;
	if (!gather(filter, input->place, &values, &count, error))
		return false;
	if (count > 0)
		input->fill =
			missing == MISSING_MEAN ? mean_of(values, count) : median_of(values, count);
	free(values);
	char quoted[DATA_QUOTE_SIZE];
	return count > 0 ||
	       data_fail(error, DATA_ERROR_CONTENT,
			 "%s: column %s has no values at all; --ignore leaves it out",
			 filter->table->name, data_quote(input->name, strlen(input->name), quoted));
}

/* The category that most rows have, the first of several such. */
static bool find_frequent(struct encoded_input *input, const struct filter *filter,
			  struct data_error *error)
{
	const struct column *column = &filter->table->columns[input->place];
	int64_t *counts = calloc((size_t)input->categories->count + 1, sizeof *counts);
	struct category_map map;
	if (counts == NULL || !category_map_begin(&map, column, input->categories, error)) {
		free(counts);
		return data_fail_memory(error);
	}
	for (int64_t row = 0; row < filter->table->rows; row++) {
		double value = numbers_at(&column->numbers, row);
		if (filter->kept[row] && !isnan(value))
			counts[category_map_find(&map, value)]++;
	}
	input->fill_category = 0;
	for (int64_t i = 1; i < input->categories->count; i++)
		if (counts[i] > counts[input->fill_category])
			input->fill_category = i;
	category_map_free(&map);
	free(counts);
	return true;
}

static bool fit_categories(struct encoded_input *input, const struct filter *filter,
			   const struct encoding_options *options, bool is_named,
			   struct data_error *error)
{
	int64_t most =
		options->max_categories > 0 ? options->max_categories : USUAL_MOST_CATEGORIES;
	bool has_missing;
	if (!categories_collect(
		    filter->table, input->place, filter->kept, is_named ? DATA_MOST_COLUMNS : most,
		    is_named ? "" : ": --ignore leaves it out, --categorical takes it all the same",
		    &input->categories, &has_missing, error))
		return false;
	input->fill = NAN;
	input->fill_category = -1;
	if (options->missing != MISSING_MEAN && options->missing != MISSING_MEDIAN)
		return true;
	if (options->missing_text == MISSING_TEXT_FREQUENT && input->categories->count > 0)
		return find_frequent(input, filter, error);
	if (has_missing)
		input->fill_category =
			strings_add(input->categories, own_category, strlen(own_category));
	return !has_missing || input->fill_category >= 0 || data_fail_memory(error);
}

bool encoding_fit_inputs(struct encoding *encoding, const struct filter *filter,
			 const struct encoding_options *options, struct data_error *error)
{
	const struct table *table = filter->table;
	const char **names = calloc((size_t)table->column_count + 1, sizeof *names);
	if (names == NULL)
		return data_fail_memory(error);
	for (int64_t i = 0; i < table->column_count; i++)
		names[i] = table->columns[i].name;
	const struct column_names all = {table->has_names ? names : NULL, table->column_count};
	bool ok = true;
	for (int64_t i = 0; i < encoding->input_count && ok; i++) {
		struct encoded_input *input = &encoding->inputs[i];
		bool is_named = columns_has(&all, options->categorical, input->place);
		if (is_named || table->columns[input->place].texts != NULL)
			ok = fit_categories(input, filter, options, is_named, error);
		else
			ok = fit_fill(input, filter, options->missing, error);
	}
	free(names);
	return ok;
}
