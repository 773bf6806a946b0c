/* The end of the way from a file: dense matrices that libmlp's calls take. */
#ifndef MLP_TOOLS_DATA_MATRICES_H
#define MLP_TOOLS_DATA_MATRICES_H

#include "data/encoding.h"

/* Row-major, without padding; float or double as dtype says. */
struct matrices {
	mlp_dtype dtype;
	int64_t rows;     /* those kept */
	int64_t inputs;   /* n_0 */
	int64_t outputs;  /* n_L: classes, or values of a row */
	void *x;          /* [rows][inputs] */
	void *target;     /* [rows][outputs]; NULL for classes, or without targets */
	int64_t *classes; /* [rows] in 0 .. outputs - 1; NULL for numbers, or without targets */
	void *weight;     /* [rows]; NULL: none */
	int64_t *row_of;  /* [rows] in the table, from 0; NULL: all rows were kept */
	int64_t table_rows;
};

enum matrices_targets {
	TARGETS_NO = 0, /* predict: columns of targets may be there or not, and are not looked at */
	TARGETS_YES = 1,     /* eval, train: they must be there */
	TARGETS_IF_THERE = 2 /* as TARGETS_YES if all are (read with encoding_column_kind) */
};

/* Apply an encoding to a table: the training data itself, or new data, which is checked against it: columns
 * by name in any order, others beside them ignored; without names by place, with the targets' and ignored
 * columns or without them. NULL in *matrices on failure. */
bool matrices_create(const struct encoding *encoding, const struct table *table,
		     enum matrices_targets targets, mlp_dtype dtype, struct matrices **matrices,
		     struct data_error *error);
void matrices_free(struct matrices *matrices);

#endif
