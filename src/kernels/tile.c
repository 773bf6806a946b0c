/* Products of tiles on vector registers.
 *
 * Each is cut into micro tiles of MICRO_ROWS x 2 vectors that are summed in registers: per step one
 * column of a is multiplied with two vectors of b. The sum over k begins at 0 in every chunk of at most DEPTH
 * steps and is added to the result then, in the order of the chunks: an element's bits do not depend on
 * the tile it lies in, as long as tiles begin where whole vectors do. (The scheme is that of van Zee and
 * van de Geijn, BLIS, 2015.) */
#include "kernels/tile.h"

#include "kernels/block.h"

enum {
	MICRO_ROWS = MLP_ISA == 3 ? 12 : 6, /* with 2 vectors each: 3/4 of the registers */
	MICRO = 2 * LANES,                  /* columns of a micro tile */
	DEPTH = MLP_TILE_DEPTH,
	PANEL = MLP_TILE_COLUMNS
};

/* Where a micro tile's sums go. */
struct target {
	const REAL *start; /* c = start_i + sum, one number a row; NULL: see add */
	bool add;          /* c += alpha sum; else c = sum */
	REAL alpha;
};

VECTOR_INLINE size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Sums of a micro tile to where they go; m and `vectors` are constants. */
VECTOR_INLINE void put(struct target target, size_t m, size_t vectors, VECTOR sum[][2], REAL *c,
		       size_t ldc)
{
#pragma GCC unroll 12
	for (size_t i = 0; i < m; i++, c += ldc) {
#pragma GCC unroll 2
		for (size_t v = 0; v < vectors; v++) {
			VECTOR result = sum[i][v];
			if (target.start != NULL)
				result = vector_all(target.start[i]) + result;
			else if (target.add)
				result = vector_load(c + v * LANES) + target.alpha * result;
			vector_store(c + v * LANES, result);
		}
	}
}

/* The same for the last panel of a matrix whose width is not that of whole vectors. */
static void put_part(struct target target, size_t m, const REAL *sum, REAL *c, size_t ldc,
		     size_t columns)
{
	for (size_t i = 0; i < m; i++, sum += MICRO, c += ldc)
		for (size_t j = 0; j < columns; j++)
			c[j] = target.start != NULL ? target.start[i] + sum[j]
			       : target.add         ? c[j] + target.alpha * sum[j]
						    : sum[j];
}

/* c (m x columns) from sum over k of a (m x depth) b (depth x columns), where a_i,k lies at
 * a[i * a_row + k * a_step]. m and `vectors` are constants wherever this is compiled into. */
VECTOR_INLINE void micro(size_t m, size_t vectors, size_t depth, const REAL *a, size_t a_row,
			 size_t a_step, const REAL *b, size_t ldb, struct target target, REAL *c,
			 size_t ldc, size_t columns)
{
	VECTOR sum[MICRO_ROWS][2];
#pragma GCC unroll 12
	for (size_t i = 0; i < m; i++)
		sum[i][0] = sum[i][1] = (VECTOR){0};
	for (size_t i = 0; i < m && target.add; i++)
		__builtin_prefetch(c + i * ldc);
	for (size_t k = 0; k < depth; k += LINE) {
		const size_t steps = least(LINE, depth - k);
		for (size_t i = 0; i < m && a_step == 1; i++)
			__builtin_prefetch(a + (m + i) * a_row); /* rows of the next micro tile */
		for (size_t step = 0; step < steps; step++) {
			VECTOR b0 = vector_load(b), b1 = vectors > 1 ? vector_load(b + LANES) : b0;
#pragma GCC unroll 12
			for (size_t i = 0; i < m; i++) {
				VECTOR ai = vector_all(a[i * a_row]);
				sum[i][0] += ai * b0;
				if (vectors > 1)
					sum[i][1] += ai * b1;
			}
			a += a_step;
			b += ldb;
		}
	}
	if (columns == vectors * LANES) {
		put(target, m, vectors, sum, c, ldc);
		return;
	}
	REAL sums[MICRO_ROWS * MICRO];
	for (size_t i = 0; i < m; i++)
		for (size_t v = 0; v < vectors; v++)
			vector_store(sums + i * MICRO + v * LANES, sum[i][v]);
	put_part(target, m, sums, c, ldc, columns);
}

#define MICRO_CASE(m)                                                                              \
	case m:                                                                                    \
		if (columns > LANES)                                                               \
			micro(m, 2, depth, a, a_row, a_step, b, ldb, target, c, ldc, columns);     \
		else                                                                               \
			micro(m, 1, depth, a, a_row, a_step, b, ldb, target, c, ldc, columns);     \
		break;

/* c (m x columns), m <= MICRO_ROWS, columns <= MICRO. b must be readable in whole vectors. */
static void micro_tile(size_t m, size_t depth, const REAL *a, size_t a_row, size_t a_step,
		       const REAL *b, size_t ldb, struct target target, REAL *c, size_t ldc,
		       size_t columns)
{
	switch (m) {
#if MLP_ISA == 3
		MICRO_CASE(12)
		MICRO_CASE(11)
		MICRO_CASE(10)
		MICRO_CASE(9)
		MICRO_CASE(8)
		MICRO_CASE(7)
#endif
		MICRO_CASE(6)
		MICRO_CASE(5)
		MICRO_CASE(4)
		MICRO_CASE(3)
		MICRO_CASE(2)
		MICRO_CASE(1)
	default:
		break;
	}
}

/* Rows of the next micro tile. The last two share what is left: a tile of few rows has too few sums to
 * keep the multipliers busy. */
VECTOR_INLINE size_t next_rows(size_t left)
{
	if (left <= MICRO_ROWS)
		return left;
	return left < MICRO_ROWS + MICRO_ROWS / 2 ? (left + 1) / 2 : MICRO_ROWS;
}

/* All rows of c over one panel of b. */
VECTOR_INLINE void micro_tiles(size_t m, size_t depth, const REAL *a, size_t a_row, size_t a_step,
			       const REAL *b, size_t ldb, struct target target, REAL *c, size_t ldc,
			       size_t columns)
{
	for (size_t rows; m > 0; m -= rows) {
		rows = next_rows(m);
		micro_tile(rows, depth, a, a_row, a_step, b, ldb, target, c, ldc, columns);
		a += rows * a_row;
		c += rows * ldc;
		if (target.start != NULL)
			target.start += rows;
	}
}

/* Steps of a chunk: equal chunks of at most DEPTH. */
static size_t chunk_of(size_t depth)
{
	size_t count = (depth + DEPTH - 1) / DEPTH;
	return (depth + count - 1) / count;
}

/* Rows so far apart that they all fall into the same few lines of a cache. */
static bool is_crowded(size_t ld)
{
	return ld * sizeof(REAL) % 1024 == 0;
}

/* Rows of w (m x depth), a few numbers more apart than they are long. */
static void copy_strip(const REAL *w, size_t ldw, size_t m, size_t depth, REAL *strip)
{
	for (size_t i = 0; i < m; i++)
		memcpy(strip + i * (depth + MICRO), w + i * ldw, depth * sizeof(REAL));
}

void KERNEL(tile_forward)(const REAL *w, size_t ldw, const REAL *b, const REAL *x, size_t ldx,
			  size_t n_out, size_t n_in, size_t lanes, REAL *s, size_t lds,
			  REAL *scratch)
{
	const size_t chunk = chunk_of(n_in);
	const bool copies = is_crowded(ldw) && chunk >= PANEL && lanes >= PANEL;
	const size_t strip =
		copies ? chunk * PANEL / (chunk + MICRO) / MICRO_ROWS * MICRO_ROWS : n_out;
	for (size_t k = 0; k < n_in; k += chunk) {
		const size_t depth = least(chunk, n_in - k);
		for (size_t i = 0; i < n_out; i += strip) {
			const size_t m = least(strip, n_out - i);
			const REAL *a = w + i * ldw + k;
			struct target target = {.start = k == 0 && b != NULL ? b + i : NULL,
						.add = k > 0,
						.alpha = 1};
			if (copies)
				copy_strip(a, ldw, m, depth, scratch);
			for (size_t j = 0; j < lanes; j += MICRO)
				micro_tiles(m, depth, copies ? scratch : a,
					    copies ? depth + MICRO : ldw, 1, x + k * ldx + j, ldx,
					    target, s + i * lds + j, lds, least(MICRO, lanes - j));
		}
	}
}

/* Columns of w (depth x columns <= PANEL), one micro tile's after another's, with no gaps between the rows and
 * zeros beside the last. */
static void copy_panel(const REAL *w, size_t ldw, size_t depth, size_t columns, REAL *panel)
{
	for (size_t k = 0; k < depth; k++, w += ldw, panel += MICRO)
		for (size_t c = 0; c < columns; c += LANES) {
			REAL *to = panel + c / MICRO * MICRO * depth + c % MICRO;
			vector_store(to, columns - c >= LANES
						 ? vector_load(w + c)
						 : vector_load_part(w + c, columns - c, 0));
		}
}

/* dx^T = ds^T w, panel by panel: w is read in vectors along its rows. */
void KERNEL(tile_backward)(const REAL *w, size_t ldw, const REAL *ds, size_t ldds, size_t n_out,
			   size_t n_in, size_t rows, REAL *dx, size_t lanes, REAL *scratch)
{
	REAL *sums = scratch, *panel = scratch + rows * PANEL;
	const size_t chunk = chunk_of(n_out);
	for (size_t j = 0; j < n_in; j += PANEL) {
		size_t width = least(PANEL, n_in - j);
		for (size_t k = 0; k < n_out; k += chunk) {
			size_t depth = least(chunk, n_out - k);
			struct target target = {.add = k > 0, .alpha = 1};
			const REAL *b = w + k * ldw + j;
			const bool copies = width % MICRO != 0 || is_crowded(ldw);
			if (copies)
				copy_panel(b, ldw, depth, width, panel);
			for (size_t c = 0; c < width; c += MICRO)
				micro_tiles(rows, depth, ds + k * ldds, 1, ldds,
					    copies ? panel + c * depth : b + c,
					    copies ? MICRO : ldw, target, sums + c, PANEL,
					    width - c > LANES ? MICRO : LANES);
		}
		KERNEL(block_from_rows)(sums, PANEL, rows, width, dx + j * lanes, lanes);
	}
}

void KERNEL(tile_gradient)(REAL alpha, bool add, const REAL *ds, size_t ldds, const REAL *x,
			   size_t ldx, size_t n_out, size_t n_in, size_t rows, REAL *dw,
			   size_t lddw, REAL *scratch)
{
	const struct target target = {.add = add, .alpha = alpha};
	const size_t depth = rows;
	for (size_t j = 0; j < n_in; j += MICRO) {
		const size_t width = least(MICRO, n_in - j);
		KERNEL(block_to_rows)(x + j * ldx, ldx, rows, width, scratch, MICRO);
		for (size_t r = 0; r < rows && width < MICRO; r++)
			for (size_t c = width; c < MICRO; c++)
				scratch[r * MICRO + c] = 0;
		micro_tiles(n_out, depth, ds, ldds, 1, scratch, MICRO, target, dw + j, lddw, width);
	}
}

/* ---- one sample ----------------------------------------------------------------------------- */

enum { ROWS = 4 }; /* of w that are multiplied with x together */

/* s_i for rows 0 .. ROWS - 1, of which the last ones may be the same: two running sums each, of even and odd
 * vectors. */
VECTOR_INLINE void dot_rows(const REAL *const w[ROWS], const REAL *x, size_t n, REAL *s)
{
	VECTOR even[ROWS], odd[ROWS];
#pragma GCC unroll 4
	for (size_t i = 0; i < ROWS; i++)
		even[i] = odd[i] = (VECTOR){0};
	size_t j = 0;
	for (; j + 2 * LANES <= n; j += 2 * LANES) {
		VECTOR x0 = vector_load(x + j), x1 = vector_load(x + j + LANES);
#pragma GCC unroll 4
		for (size_t i = 0; i < ROWS; i++) {
			even[i] += vector_load(w[i] + j) * x0;
			odd[i] += vector_load(w[i] + j + LANES) * x1;
		}
	}
	if (j + LANES <= n) {
		VECTOR x0 = vector_load(x + j);
#pragma GCC unroll 4
		for (size_t i = 0; i < ROWS; i++)
			even[i] += vector_load(w[i] + j) * x0;
		j += LANES;
	}
	VECTOR_4 sums =
		vector_sums(even[0] + odd[0], even[1] + odd[1], even[2] + odd[2], even[3] + odd[3]);
	for (; j < n; j++)
		sums += (VECTOR_4){w[0][j], w[1][j], w[2][j], w[3][j]} * x[j];
	memcpy(s, &sums, sizeof(sums));
}

void KERNEL(one_forward)(const REAL *w, size_t ldw, const REAL *b, const REAL *x, size_t n_out,
			 size_t n_in, REAL *s)
{
	for (size_t i = 0; i < n_out; i += ROWS) {
		size_t m = least(ROWS, n_out - i);
		const REAL *row = w + i * ldw;
		const REAL *rows[ROWS] = {row, row + (m > 1 ? ldw : 0), row + (m > 2 ? 2 * ldw : 0),
					  row + (m > 3 ? 3 * ldw : 0)};
		REAL sums[ROWS];
		dot_rows(rows, x, n_in, sums);
		for (size_t k = 0; k < m; k++)
			s[i + k] = (b != NULL ? b[i + k] : 0) + sums[k];
	}
}

/* `count` vectors of dx (+)= sum of m rows of w times their ds; m and count are constants. */
VECTOR_INLINE void add_vectors(size_t m, size_t count, const REAL *w, size_t ldw, const REAL *ds,
			       bool add, REAL *dx)
{
	VECTOR sum[8];
#pragma GCC unroll 8
	for (size_t v = 0; v < count; v++)
		sum[v] = add ? vector_load(dx + v * LANES) : (VECTOR){0};
	for (size_t i = 0; i < m; i++) {
#pragma GCC unroll 8
		for (size_t v = 0; v < count; v++)
			sum[v] += vector_load(w + i * ldw + v * LANES) * ds[i];
	}
#pragma GCC unroll 8
	for (size_t v = 0; v < count; v++)
		vector_store(dx + v * LANES, sum[v]);
}

/* dx (+)= sum of m rows of w times their ds, two cache lines at a time: twice as fast as vector by vector
 * where dx comes from beyond the L1 cache. */
VECTOR_INLINE void add_rows(size_t m, const REAL *w, size_t ldw, const REAL *ds, bool add, size_t n,
			    REAL *dx)
{
	enum { LINES = 128 / VECTOR_BYTES };
	size_t j = 0;
	for (; j + LINES * LANES <= n; j += LINES * LANES)
		add_vectors(m, LINES, w + j, ldw, ds, add, dx + j);
	for (; j + LANES <= n; j += LANES)
		add_vectors(m, 1, w + j, ldw, ds, add, dx + j);
	for (; j < n; j++) {
		REAL sum = add ? dx[j] : 0;
		for (size_t i = 0; i < m; i++)
			sum += w[i * ldw + j] * ds[i];
		dx[j] = sum;
	}
}

void KERNEL(one_backward)(const REAL *w, size_t ldw, const REAL *ds, size_t n_out, size_t n_in,
			  REAL *dx)
{
	size_t i = 0;
	for (; i + 8 <= n_out; i += 8)
		add_rows(8, w + i * ldw, ldw, ds + i, i > 0, n_in, dx);
	for (; i < n_out; i++)
		add_rows(1, w + i * ldw, ldw, ds + i, i > 0, n_in, dx);
}

void KERNEL(one_gradient)(REAL alpha, bool add, const REAL *ds, const REAL *x, size_t n_out,
			  size_t n_in, REAL *dw, size_t lddw)
{
	for (size_t i = 0; i < n_out; i++) {
		const REAL factor = add ? alpha * ds[i] : ds[i];
		add_rows(1, x, n_in, &factor, add, n_in, dw + i * lddw);
	}
}
