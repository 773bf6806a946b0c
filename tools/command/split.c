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

int64_t *split_rows(const struct rows *rows, double fraction, int64_t seed,
		    int64_t *validation_count)
{
	int64_t count = rows->count, classes = rows->classes != NULL ? rows->outputs : 1;
	int64_t *drawn = shuffled(count, seed), *order = make((size_t)count, sizeof *order);
	int64_t *seen = make((size_t)classes, sizeof *seen);
	int64_t *taken = make((size_t)classes, sizeof *taken);
	int64_t front = 0, back = count;
	for (int64_t i = 0; i < count; i++) {
		int64_t n = drawn[i], c = rows->classes != NULL ? rows->classes[n] : 0;
		bool takes = floor((double)++seen[c] * fraction + 0.5) > (double)taken[c];
		/* the first row of a class always trains */
		takes = takes && seen[c] > 1;
		taken[c] += takes;
		if (takes)
			order[--back] = n;
		else
			order[front++] = n;
	}
	*validation_count = count - back;
	free(drawn);
	free(seen);
	free(taken);
	return order;
}
