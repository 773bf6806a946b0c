/* NumPy's .npy, as a file of its own or inside of an .npz. */
#ifndef MLP_TOOLS_DATA_NPY_H
#define MLP_TOOLS_DATA_NPY_H

#include <stdint.h>

#include "data/error.h"
#include "data/number.h"
#include "data/table.h"

/* An array as rows and columns: one dimension is one column, more than two are flattened to rows. */
struct npy_array {
	int64_t rows, columns;
	const unsigned char *first;
	int64_t row_stride, column_stride; /* bytes */
	enum number_type type;
	bool swapped;
};

/* Parse a whole file in memory, into which the array then points. `name` is for errors. */
bool npy_parse(const unsigned char *bytes, size_t size, const char *name, struct npy_array *array,
	       struct data_error *error);

/* Columns `at`, at + 1, ... of a table become those of the array. */
void npy_fill_columns(const struct npy_array *array, struct table *table, int64_t at);

const char *npy_type_name(enum number_type type);

#endif
