/* Arrays that are given to calls: rows with gaps between them, and canaries in the gaps and at both ends, which must
 * still be there after. A canary is a NaN, so that whoever reads it computes with NaN. */
#ifndef MLP_TESTS_FUZZ_API_ARRAY_H
#define MLP_TESTS_FUZZ_API_ARRAY_H

#include "fuzz/api_scene.h"

struct array {
	void *data; /* NULL now and then */
	int64_t ld; /* not always legal */
	size_t rows, width, item;
	bool is_tame;                /* numbers of moderate size */
	bool is_sound;               /* there, and of a legal stride */
	unsigned char *block, *copy; /* all of it; as it was, for inputs */
	size_t size;
};

/* An input of so many rows, with numbers in it, and an output. A batch that is none gives a few rows. `optional`: as
 * often as not there is none. */
struct array array_in(struct scene *scene, int64_t batch, size_t width, size_t item);
struct array array_out(struct scene *scene, int64_t batch, size_t width, size_t item,
		       bool optional);

/* An output of a value for each row, without a stride. */
struct array array_values(struct scene *scene, int64_t batch, size_t item, bool optional);

/* Weights >= 0, mostly, or none. */
struct array array_weights(struct scene *scene, int64_t batch, size_t item);

/* Classes, mostly 0 .. width - 1. */
struct array array_classes(struct scene *scene, int64_t batch, size_t width);

double array_at(const struct array *array, size_t row, size_t i);
void array_put(struct array *array, size_t row, size_t i, double value);

/* Put a gradient into an output of one row, to be added to; the same, to be freed. */
double *array_fill(struct scene *scene, struct array *grad);

/* Look at the canaries, and that an input is as it was, and free it. */
void array_end(struct array *array, const char *what);

/* The values of an output are close to these, row by row. */
void array_require_near(const struct array *array, const double *expected, const char *what);

#endif
