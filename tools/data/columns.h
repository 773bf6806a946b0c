/* Columns as a user names them: "age,-1,3". */
#ifndef MLP_TOOLS_DATA_COLUMNS_H
#define MLP_TOOLS_DATA_COLUMNS_H

#include "data/table.h"

/* What a list of columns is looked up in. names may be NULL, or have NULL in it: known by place only. */
struct column_names {
	const char *const *names;
	int64_t count;
};

/* The places (from 0) of a comma-separated list of names and numbers, in the order of the list. A name
 * goes before a number; numbers count from 1, negative ones from the end. `option` is for errors:
 * "--target: there is no column 'agee'". *places, from malloc, has *count elements, none twice. */
bool columns_find(const struct column_names *columns, const char *list, const char *option,
		  int64_t **places, int64_t *count, struct data_error *error);

/* Whether the list has this column; an entry that fits none is ignored. NULL: an empty list. */
bool columns_has(const struct column_names *columns, const char *list, int64_t place);

#endif
