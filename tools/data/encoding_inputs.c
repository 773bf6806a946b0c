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

void encoding_find_range(const struct filter *filter, int64_t place, double *lowest,
			 double *highest)
{
	const struct numbers *numbers = &filter->table->columns[place].numbers;
	double block[BLOCK];
	*lowest = *highest = NAN;
	for (int64_t first = 0; first < filter->table->rows; first += BLOCK) {
		int64_t left = filter->table->rows - first, now = left < BLOCK ? left : BLOCK;
		numbers_get(numbers, first, now, block);
		for (int64_t i = 0; i < now; i++)
			if (filter->kept[first +
					 i]) { /* of NaN and a number fmin takes the number */
				*lowest = fmin(*lowest, block[i]);
				*highest = fmax(*highest, block[i]);
			}
	}
}

bool encoding_input_is_constant(const struct encoded_input *input)
{
	return input->categories != NULL
		       ? input->categories->count == 1
		       : input->lowest == input->highest &&
				 (isnan(input->fill) || input->fill == input->lowest);
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
	encoding_find_range(filter, input->place, &input->lowest, &input->highest);
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

const char *encoding_quote_example(const struct column *column, char quoted[DATA_QUOTE_SIZE])
{
	const struct strings *texts = column->texts;
	int64_t i = 0;
	double number;
	while (i < texts->count - 1 &&
	       text_to_number(texts->texts[i], strlen(texts->texts[i]), &number))
		i++;
	return data_quote(texts->texts[i], strlen(texts->texts[i]), quoted);
}

/* Texts of which most rows have one of their own: names, dates, amounts that are written as text. A network
 * would learn the rows by heart. */
static bool check_categories(const struct encoded_input *input, const struct filter *filter,
			     struct data_error *error)
{
	enum { SUSPICIOUS = 10 };
	int64_t count = input->categories->count;
	if (count < SUSPICIOUS || 2 * count <= filter->kept_count)
		return true;
	char quoted[DATA_QUOTE_SIZE], example[DATA_QUOTE_SIZE];
	return data_fail(
		error, DATA_ERROR_CONTENT,
		"%s: column %s has %lld different texts in %lld rows, such as %s: expected "
		"plain numbers, or categories that repeat; --ignore leaves it out, "
		"--categorical takes it all the same",
		filter->table->name, data_quote(input->name, strlen(input->name), quoted),
		(long long)count, (long long)filter->kept_count,
		encoding_quote_example(&filter->table->columns[input->place], example));
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
	if (!is_named && !check_categories(input, filter, error))
		return false;
	input->fill = input->lowest = input->highest = NAN;
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

/* Rows are told apart by some input. */
static bool check_variation(const struct encoding *encoding, const struct filter *filter,
			    struct data_error *error)
{
	for (int64_t i = 0; i < encoding->input_count; i++)
		if (!encoding_input_is_constant(&encoding->inputs[i]))
			return true;
	return filter->kept_count == 1 ||
	       data_fail(error, DATA_ERROR_CONTENT,
			 "%s: expected inputs that vary, found the same values in all %lld rows",
			 filter->table->name, (long long)filter->kept_count);
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
	return ok && check_variation(encoding, filter, error);
}
