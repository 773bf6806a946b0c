/* Rows of values with gaps between them. A canary, which is a NaN, sits in every gap and at both
 * ends: whoever writes there is found out, and whoever reads there computes with NaN. */
#ifndef MLP_TESTS_PROPERTY_ROWS_H
#define MLP_TESTS_PROPERTY_ROWS_H

#include "real.h"

struct rows {
	REAL *data; /* [rows][width], row stride ld */
	size_t rows, width, ld;
};

/* Canaries all over, the values included. */
struct rows rows_create(size_t rows, size_t width, size_t gap);
void rows_free(struct rows *rows);

/* Values uniform in [-scale, scale). */
void rows_random(struct rows *rows, uint64_t *state, double scale);

/* The values without their gaps; to be freed. */
REAL *rows_packed(const struct rows *rows);

/* The values from row `first` on; not to be freed. */
struct rows rows_from(const struct rows *rows, size_t first, size_t count);

void rows_check_gaps(const struct rows *rows, const char *what, const char *file, int line);
void rows_check_near(const struct rows *actual, const struct rows *expected, double tolerance,
		     const char *what, const char *file, int line);
void rows_check_same(const struct rows *actual, const struct rows *expected, const char *what,
		     const char *file, int line);
void check_near(const REAL *actual, const REAL *expected, size_t n, double tolerance,
		const char *what, const char *file, int line);

/* Every canary of the gaps is still there. */
#define assert_gaps_untouched(rows) rows_check_gaps(rows, #rows, __FILE__, __LINE__)

/* Values equal within the tolerance of the element type, relatively and with a tenth of it times the
 * largest; gaps of `actual` untouched. */
#define assert_rows_near(actual, expected)                                                         \
	rows_check_near(actual, expected, TOLERANCE, #actual, __FILE__, __LINE__)

/* Values equal, bit for bit; gaps of `actual` untouched. */
#define assert_rows_same(actual, expected)                                                         \
	rows_check_same(actual, expected, #actual, __FILE__, __LINE__)

/* The same for n values. */
#define assert_near(actual, expected, n)                                                           \
	check_near(actual, expected, n, TOLERANCE, #actual, __FILE__, __LINE__)

#endif
