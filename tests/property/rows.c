/* Rows of values with canaries in their gaps. */
#include "rows.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { GUARD = 8 }; /* canaries before the first and behind the last row */

static REAL canary(void)
{
	REAL value;
#if MLP_REAL_BITS == 32
	const uint32_t bits = UINT32_C(0x7fc0cafe);
#else
	const uint64_t bits = UINT64_C(0x7ff80000deadcafe);
#endif
	memcpy(&value, &bits, sizeof(value));
	return value;
}

static size_t extent(const struct rows *rows)
{
	return (rows->rows - 1) * rows->ld + rows->width;
}

struct rows rows_create(size_t rows, size_t width, size_t gap)
{
	struct rows made = {.rows = rows, .width = width, .ld = width + gap};
	REAL *memory = malloc((extent(&made) + 2 * GUARD) * sizeof(REAL));
	assert_non_null(memory);
	for (size_t i = 0; i < extent(&made) + 2 * GUARD; i++)
		memory[i] = canary();
	made.data = memory + GUARD;
	return made;
}

void rows_free(struct rows *rows)
{
	if (rows->data != NULL)
		free(rows->data - GUARD);
	rows->data = NULL;
}

void rows_random(struct rows *rows, uint64_t *state, double scale)
{
	for (size_t n = 0; n < rows->rows; n++)
		for (size_t i = 0; i < rows->width; i++)
			rows->data[n * rows->ld + i] = (REAL)(scale * random_real(state));
}

REAL *rows_packed(const struct rows *rows)
{
	REAL *packed = malloc(rows->rows * rows->width * sizeof(REAL));
	assert_non_null(packed);
	for (size_t n = 0; n < rows->rows; n++)
		memcpy(packed + n * rows->width, rows->data + n * rows->ld,
		       rows->width * sizeof(REAL));
	return packed;
}

struct rows rows_from(const struct rows *rows, size_t first, size_t count)
{
	return (struct rows){rows->data + first * rows->ld, count, rows->width, rows->ld};
}

void rows_check_gaps(const struct rows *rows, const char *what, const char *file, int line)
{
	const REAL expected = canary();
	const REAL *memory = rows->data - GUARD;
	for (size_t i = 0; i < extent(rows) + 2 * GUARD; i++) {
		bool inside = i >= GUARD && i < GUARD + extent(rows);
		if (inside && (i - GUARD) % rows->ld < rows->width)
			continue;
		if (memcmp(&memory[i], &expected, sizeof(REAL)) == 0)
			continue;
		print_error("%s: gap written to, %zd elements from the first value\n", what,
			    (ptrdiff_t)i - GUARD);
		_fail(file, line);
	}
}

void check_near(const REAL *actual, const REAL *expected, size_t n, double tolerance,
		const char *what, const char *file, int line)
{
	double largest = 0;
	for (size_t i = 0; i < n; i++)
		largest = fmax(largest, fabs((double)expected[i]));
#if MLP_REAL_BITS == 32
	mlp_assert_allclose_f32(actual, expected, n, tolerance, 0.1 * tolerance * largest, what,
				file, line);
#else
	mlp_assert_allclose_f64(actual, expected, n, tolerance, 0.1 * tolerance * largest, what,
				file, line);
#endif
}

void rows_check_near(const struct rows *actual, const struct rows *expected, double tolerance,
		     const char *what, const char *file, int line)
{
	REAL *a = rows_packed(actual), *e = rows_packed(expected);
	check_near(a, e, actual->rows * actual->width, tolerance, what, file, line);
	rows_check_gaps(actual, what, file, line);
	free(a);
	free(e);
}

void rows_check_same(const struct rows *actual, const struct rows *expected, const char *what,
		     const char *file, int line)
{
	for (size_t n = 0; n < actual->rows; n++) {
		if (memcmp(actual->data + n * actual->ld, expected->data + n * expected->ld,
			   actual->width * sizeof(REAL)) == 0)
			continue;
		print_error("%s: row %zu has other bits\n", what, n);
		_fail(file, line);
	}
	rows_check_gaps(actual, what, file, line);
}
