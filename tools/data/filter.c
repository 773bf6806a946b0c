/* Which rows of a table can be used. */
#include "data/filter.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256 };

bool filter_begin(struct filter *filter, const struct table *table, mlp_dtype dtype,
		  struct data_error *error)
{
	*filter = (struct filter){.table = table,
				  .kept = malloc((size_t)table->rows + 1),
				  .largest = dtype == MLP_F32 ? (double)FLT_MAX : DBL_MAX,
				  .bad_row = -1};
	if (filter->kept == NULL)
		return data_fail_memory(error);
	memset(filter->kept, true, (size_t)table->rows);
	return true;
}

void filter_free(struct filter *filter)
{
	free(filter->kept);
	filter->kept = NULL;
}

/* The first one by rows, as a reader of the file meets it. */
static void refuse(struct filter *filter, int64_t row, int64_t column, double value,
		   const char *hint)
{
	if (filter->bad_row >= 0 &&
	    (filter->bad_row < row || (filter->bad_row == row && filter->bad_column < column)))
		return;
	filter->bad_row = row;
	filter->bad_column = column;
	filter->bad_value = value;
	filter->bad_hint = hint;
}

void filter_column(struct filter *filter, int64_t column, enum filter_missing missing,
		   const char *hint)
{
	double values[BLOCK];
	const struct numbers *numbers = &filter->table->columns[column].numbers;
	for (int64_t first = 0; first < filter->table->rows; first += BLOCK) {
		int64_t left = filter->table->rows - first, count = left < BLOCK ? left : BLOCK;
		numbers_get(numbers, first, count, values);
		for (int64_t i = 0; i < count; i++) {
			if (fabs(values[i]) <= filter->largest)
				continue;
			if (!isnan(values[i]) || missing == FILTER_REFUSE)
				refuse(filter, first + i, column, values[i], hint);
			else if (missing == FILTER_DROP)
				filter->kept[first + i] = false;
		}
	}
}

void filter_input(struct filter *filter, int64_t column, enum data_missing missing)
{
	enum filter_missing what = missing == MISSING_REFUSE     ? FILTER_REFUSE
				   : missing == MISSING_DROP_ROW ? FILTER_DROP
								 : FILTER_ALLOW;
	filter_column(filter, column, what,
		      filter->is_fixed ? ", which training did not allow (train with --missing "
					 "mean, median or drop-row)"
				       : " (--missing mean, median or drop-row takes such rows)");
}

void filter_target(struct filter *filter, int64_t column, enum data_missing missing)
{
	filter_column(filter, column, missing == MISSING_DROP_ROW ? FILTER_DROP : FILTER_REFUSE,
		      filter->is_fixed
			      ? " of the target (a model that was trained with --missing "
				"drop-row leaves such rows out)"
			      : " of the target (--missing drop-row leaves such rows out)");
}

bool filter_finish(struct filter *filter, struct data_error *error)
{
	char place[TABLE_PLACE_SIZE];
	if (filter->bad_row >= 0) {
		table_place(filter->table, filter->bad_row, filter->bad_column, place);
		if (isnan(filter->bad_value))
			return data_fail(error, DATA_ERROR_CONTENT,
					 "%s: expected a value, found a missing one%s", place,
					 filter->bad_hint);
		if (isinf(filter->bad_value))
			return data_fail(error, DATA_ERROR_CONTENT,
					 "%s: expected a finite number, found %g", place,
					 filter->bad_value);
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: expected a number that fits a float, found %g", place,
				 filter->bad_value);
	}
	for (int64_t row = 0; row < filter->table->rows; row++)
		filter->kept_count += filter->kept[row];
	if (filter->kept_count == 0)
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: expected rows without missing values, found none",
				 filter->table->name);
	return true;
}
