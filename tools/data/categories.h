/* The different values of a column. */
#ifndef MLP_TOOLS_DATA_CATEGORIES_H
#define MLP_TOOLS_DATA_CATEGORIES_H

#include "data/table.h"

/* Those of the rows that are kept (NULL: all), in order: as numbers if all are, else byte by byte; numbers
 * as their shortest text. *has_missing tells whether a value is missing. More than `most` different ones
 * are an error that begins with the column's name and ends with `hint`. */
bool categories_collect(const struct table *table, int64_t column, const bool *kept, int64_t most,
			const char *hint, struct strings **categories, bool *has_missing,
			struct data_error *error);

/* From a column's values to categories. */
struct category_map {
	const struct column *column;
	const struct strings *categories;
	int64_t *of_text; /* of the column's texts; NULL: a column of numbers */
	double last;      /* the number looked up last, and its category */
	int64_t last_category;
};
enum { CATEGORY_UNSEEN = -1 };

bool category_map_begin(struct category_map *map, const struct column *column,
			const struct strings *categories, struct data_error *error);
void category_map_free(struct category_map *map);

/* The category of a value that is not missing, or CATEGORY_UNSEEN. */
int64_t category_map_find(struct category_map *map, double value);

/* A value that is not missing, as text. */
const char *column_text(const struct column *column, double value, char text[NUMBER_TEXT_SIZE]);

#endif
