/* NumPy's files: .npy with one array, .npz with several under names. */
#ifndef MLP_TOOLS_DATA_ARRAY_WRITER_H
#define MLP_TOOLS_DATA_ARRAY_WRITER_H

#include "data/error.h"
#include "data/number.h"

enum { ARRAY_MOST_DIMENSIONS = 2 };

/* Values of type NUMBER_F32, NUMBER_F64 or NUMBER_I64, row-major, this machine's byte order. */
struct array {
	const char *name; /* in an .npz, without ".npy" */
	const void *values;
	enum number_type type;
	int dimensions; /* 1 or 2 */
	int64_t shape[ARRAY_MOST_DIMENSIONS];
};

/* "-" is standard output. The file takes its name when it is complete. */
bool npy_write(const char *path, const struct array *array, struct data_error *error);

/* The same arrays give the same bytes. The file takes its name when it is complete. */
bool npz_write(const char *path, const struct array *arrays, int64_t count,
	       struct data_error *error);

#endif
