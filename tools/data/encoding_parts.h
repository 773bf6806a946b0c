/* The steps by which an encoding is made; encoding.c has their order. */
#ifndef MLP_TOOLS_DATA_ENCODING_PARTS_H
#define MLP_TOOLS_DATA_ENCODING_PARTS_H

#include "data/encoding.h"
#include "data/filter.h"

/* Which columns are targets, weight and inputs: their names and places. */
bool encoding_assign(struct encoding *encoding, const struct table *table,
		     const struct encoding_options *options, struct data_error *error);

/* Categories and values for missing ones, from the rows that are kept. */
bool encoding_fit_inputs(struct encoding *encoding, const struct filter *filter,
			 const struct encoding_options *options, struct data_error *error);

/* Classes or numbers, and which classes. */
bool encoding_fit_task(struct encoding *encoding, const struct filter *filter,
		       const struct encoding_options *options, struct data_error *error);

/* The lowest and highest number of a column in the rows that are kept; NaN: there is none. */
void encoding_find_range(const struct filter *filter, int64_t place, double *lowest,
			 double *highest);

/* Of a column of text one that is no number, in quotes. */
const char *encoding_quote_example(const struct column *column, char quoted[DATA_QUOTE_SIZE]);

/* What follows from the rest: places and names of the network's inputs. */
bool encoding_complete(struct encoding *encoding, struct data_error *error);

/* What new columns are read as, found without a search through all columns for each. */
bool encoding_index_create(struct encoding *encoding, struct data_error *error);
void encoding_index_free(struct encoding_index *index);

/* The place that column i of `count` had in training; -1: no layout has so many columns. */
int64_t encoding_training_place(const struct encoding *encoding, int64_t count, int64_t i);

/* Where the columns of other data are: a place in that table for each, or -1. */
struct encoding_match {
	int64_t *inputs, *targets, weight;
};
bool encoding_match_columns(const struct encoding *encoding, const struct table *table,
			    bool want_targets, struct encoding_match *match,
			    struct data_error *error);
void encoding_match_free(struct encoding_match *match);

#endif
