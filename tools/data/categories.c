/* The different values of a column. */
#include "data/categories.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256 };

const char *column_text(const struct column *column, double value, char text[NUMBER_TEXT_SIZE])
{
	if (column->texts != NULL)
		return column->texts->texts[(int64_t)value];
	return number_to_text(value, column->numbers.type == NUMBER_F32 ? MLP_F32 : MLP_F64, text);
}

static bool fail_of_many(const struct table *table, const struct column *column, int64_t most,
			 const char *hint, struct data_error *error)
{
	char quoted[DATA_QUOTE_SIZE];
	return data_fail(error, DATA_ERROR_CONTENT,
			 "%s: column %s has more than %lld different values%s", table->name,
			 data_quote(column->name, strlen(column->name), quoted), (long long)most,
			 hint);
}

/* Adds the categories of some rows; kept is of the first of them. `is_known` is of the column's texts. */
static bool add_block(const struct column *column, const double *values, int64_t count,
		      const bool *kept, bool *is_known, struct strings *categories,
		      bool *has_missing)
{
	char buffer[NUMBER_TEXT_SIZE];
	double last = NAN;
	for (int64_t i = 0; i < count; i++) {
		if (kept != NULL && !kept[i])
			continue;
		if (isnan(values[i])) {
			*has_missing = true;
			continue;
		}
		if (values[i] == last || (is_known != NULL && is_known[(int64_t)values[i]]))
			continue;
		last = values[i];
		if (is_known != NULL)
			is_known[(int64_t)values[i]] = true;
		const char *text = column_text(column, values[i] + 0.0, buffer); /* -0 is 0 */
		if (strings_add(categories, text, strlen(text)) < 0)
			return false;
	}
	return true;
}

static bool add_all(const struct table *table, const struct column *column, const bool *kept,
		    int64_t most, const char *hint, bool *is_known, struct strings *categories,
		    bool *has_missing, struct data_error *error)
{
	double values[BLOCK];
	for (int64_t first = 0; first < table->rows; first += BLOCK) {
		int64_t left = table->rows - first, count = left < BLOCK ? left : BLOCK;
		numbers_get(&column->numbers, first, count, values);
		if (!add_block(column, values, count, kept == NULL ? NULL : kept + first, is_known,
			       categories, has_missing))
			return data_fail_memory(error);
		if (categories->count > most)
			return fail_of_many(table, column, most, hint, error);
	}
	return true;
}

bool categories_collect(const struct table *table, int64_t place, const bool *kept, int64_t most,
			const char *hint, struct strings **categories, bool *has_missing,
			struct data_error *error)
{
	const struct column *column = &table->columns[place];
	bool *is_known = NULL;
	*has_missing = false;
	*categories = calloc(1, sizeof **categories);
	if (column->texts != NULL)
		is_known = calloc((size_t)column->texts->count + 1, sizeof *is_known);
	bool ok = *categories != NULL && (column->texts == NULL || is_known != NULL);
	if (!ok)
		data_fail_memory(error);
	ok = ok &&
	     add_all(table, column, kept, most, hint, is_known, *categories, has_missing, error);
	int64_t *order = NULL;
	if (ok && !strings_sort(*categories, &order))
		ok = data_fail_memory(error);
	free(order);
	free(is_known);
	if (!ok) {
		strings_free(*categories);
		free(*categories);
		*categories = NULL;
	}
	return ok;
}

/* The category of a text; 1.0 is the category 1, as long as it is none of its own. */
static int64_t find_text(const struct strings *categories, const char *text)
{
	double number, other;
	int64_t found = strings_find(categories, text, strlen(text));
	if (found >= 0 || !text_to_number(text, strlen(text), &number))
		return found;
	for (int64_t i = 0; i < categories->count; i++)
		if (text_to_number(categories->texts[i], strlen(categories->texts[i]), &other) &&
		    other == number)
			return i;
	return found;
}

bool category_map_begin(struct category_map *map, const struct column *column,
			const struct strings *categories, struct data_error *error)
{
	*map = (struct category_map){.column = column, .categories = categories, .last = NAN};
	if (column->texts == NULL)
		return true;
	int64_t count = column->texts->count;
	map->of_text = malloc(((size_t)count + 1) * sizeof *map->of_text);
	if (map->of_text == NULL)
		return data_fail_memory(error);
	for (int64_t i = 0; i < count; i++)
		map->of_text[i] = find_text(categories, column->texts->texts[i]);
	return true;
}

void category_map_free(struct category_map *map)
{
	free(map->of_text);
	map->of_text = NULL;
}

int64_t category_map_find(struct category_map *map, double value)
{
	if (map->of_text != NULL)
		return map->of_text[(int64_t)value];
	if (value != map->last) {
		char buffer[NUMBER_TEXT_SIZE];
		const char *text = column_text(map->column, value + 0.0, buffer);
		map->last = value;
		map->last_category = strings_find(map->categories, text, strlen(text));
	}
	return map->last_category;
}
