/* Whether all inputs are of one kind, as the points of an image: then they share a scale. */
#include <math.h>
#include <stdlib.h>

#include "cli/memory.h"
#include "command/plan.h"

enum { FEWEST_INPUTS = 16 };

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* How many of the values are equal to the most frequent one. Sorts them. */
static int64_t most_equal(double *values, int64_t count)
{
	int64_t most = 0, run = 0;
	qsort(values, (size_t)count, sizeof *values, compare);
	for (int64_t i = 0; i < count; i++) {
		run = i > 0 && values[i] == values[i - 1] ? run + 1 : 1;
		most = run > most ? run : most;
	}
	return most;
}

bool inputs_range_alike(const struct rows *rows)
{
	if (rows->inputs < FEWEST_INPUTS)
		return false;
	double *lowest = make((size_t)rows->inputs, sizeof *lowest);
	double *highest = make((size_t)rows->inputs, sizeof *highest);
	for (int64_t i = 0; i < rows->inputs; i++) {
		lowest[i] = INFINITY;
		highest[i] = -INFINITY;
	}
	for (int64_t n = 0; n < rows->count; n++)
		for (int64_t i = 0; i < rows->inputs; i++) {
			double value = value_of(rows->dtype, rows->x, n * rows->inputs + i);
			lowest[i] = fmin(lowest[i], value);
			highest[i] = fmax(highest[i], value);
		}
	/* most begin at the same value, and half of them end at the same: measures with units of their own do not */
	bool alike = 10 * most_equal(lowest, rows->inputs) >= 9 * rows->inputs &&
		     2 * most_equal(highest, rows->inputs) >= rows->inputs;
	free(lowest);
	free(highest);
	return alike;
}
