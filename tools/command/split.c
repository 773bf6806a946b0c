/* Rows for training and rows for validation. */
#include <math.h>
#include <stdlib.h>

#include "cli/memory.h"
#include "command/plan.h"

/* Numbers from a seed: splitmix64 (Steele, Lea and Flood 2014). */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* Fisher and Yates. */
static int64_t *shuffled(int64_t count, int64_t seed)
{
	uint64_t state = (uint64_t)seed;
	int64_t *order = make((size_t)count, sizeof *order);
	for (int64_t n = 0; n < count; n++)
		order[n] = n;
	for (int64_t n = count - 1; n > 0; n--) {
		int64_t other = (int64_t)(draw(&state) % (uint64_t)(n + 1)), kept = order[n];
		order[n] = order[other];
		order[other] = kept;
	}
	return order;
}

/* A class, and what of its share is not taken yet. */
struct remainder {
	double share;
	int64_t class;
};

static int compare(const void *a, const void *b)
{
	const struct remainder *x = a, *y = b;
	if (x->share != y->share)
		return x->share < y->share ? 1 : -1;
	return (x->class > y->class) - (x->class < y->class);
}

/* Each class gives its share, rounded; of many small ones that may be next to nothing. What is missing of the
 * share of all rows comes from the classes that were rounded down most, one row of each. */
static void carry_remainders(const int64_t *counts, int64_t *taken, int64_t classes, int64_t rows,
			     double fraction)
{
	struct remainder *list = make((size_t)classes, sizeof *list);
	int64_t missing = (int64_t)floor((double)rows * fraction + 0.5);
	for (int64_t c = 0; c < classes; c++) {
		missing -= taken[c];
		list[c] = (struct remainder){(double)counts[c] * fraction - (double)taken[c], c};
	}
	qsort(list, (size_t)classes, sizeof *list, compare);
	for (int64_t i = 0; i < classes && missing > 0 && list[i].share > 0; i++)
		if (taken[list[i].class] + 1 < counts[list[i].class]) { /* one always trains */
			taken[list[i].class]++;
			missing--;
		}
	free(list);
}

int64_t *split_rows(const struct rows *rows, double fraction, int64_t seed,
		    int64_t *validation_count)
{
	int64_t count = rows->count, classes = rows->classes != NULL ? rows->outputs : 1;
	int64_t *drawn = shuffled(count, seed), *order = make((size_t)count, sizeof *order);
	int64_t *counts = make((size_t)classes, sizeof *counts);
	int64_t *quota = make((size_t)classes, sizeof *quota);
	int64_t *seen = make((size_t)classes, sizeof *seen);
	int64_t *taken = make((size_t)classes, sizeof *taken);
	int64_t front = 0, back = count;
	for (int64_t n = 0; n < count; n++)
		counts[rows->classes != NULL ? rows->classes[n] : 0]++;
	for (int64_t c = 0; c < classes; c++) {
		quota[c] = (int64_t)floor((double)counts[c] * fraction + 0.5);
		if (quota[c] == counts[c] && quota[c] > 0)
			quota[c]--;
	}
	carry_remainders(counts, quota, classes, count, fraction);
	for (int64_t i = 0; i < count; i++) {
		int64_t n = drawn[i], c = rows->classes != NULL ? rows->classes[n] : 0;
		bool due = floor((double)++seen[c] * fraction + 0.5) > (double)taken[c];
		bool last_chance = counts[c] - seen[c] < quota[c] - taken[c];
		/* the first row of a class always trains */
		if (seen[c] > 1 && (due || last_chance)) {
			taken[c]++;
			order[--back] = n;
		} else {
			order[front++] = n;
		}
	}
	*validation_count = count - back;
	free(drawn);
	free(counts);
	free(quota);
	free(seen);
	free(taken);
	return order;
}
