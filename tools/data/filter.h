/* Which rows of a table can be used, and the first value that cannot. */
#ifndef MLP_TOOLS_DATA_FILTER_H
#define MLP_TOOLS_DATA_FILTER_H

#include "data/encoding.h"

struct filter {
	const struct table *table;
	bool *kept; /* [rows of the table] */
	int64_t kept_count;
	double largest;              /* numbers beyond it do not fit their type */
	int64_t bad_row, bad_column; /* the first value that is refused; row -1: none */
	double bad_value;            /* NaN: it is missing */
	const char *bad_hint;
	bool is_fixed; /* what is done about missing values was decided in training */
};

/* All rows kept. */
bool filter_begin(struct filter *filter, const struct table *table, mlp_dtype dtype,
		  struct data_error *error);
void filter_free(struct filter *filter);

/* Look at a column. A missing value drops its row, is allowed, or is refused; `hint` then ends the error. */
enum filter_missing { FILTER_REFUSE = 0, FILTER_DROP = 1, FILTER_ALLOW = 2 };
void filter_column(struct filter *filter, int64_t column, enum filter_missing missing,
		   const char *hint);

/* What is done about missing inputs, and targets. */
void filter_input(struct filter *filter, int64_t column, enum data_missing missing);
void filter_target(struct filter *filter, int64_t column, enum data_missing missing);

/* Count the rows; the first refused value in one that is kept is an error, and no rows at all. */
bool filter_finish(struct filter *filter, struct data_error *error);

#endif
