/* Transposing copies, in square tiles that are turned in registers. */
#ifndef MLP_KERNELS_TRANSPOSE_H
#define MLP_KERNELS_TRANSPOSE_H

#include "kernels/vector.h"

/* A tile is as wide as a vector, but no wider than the shuffles below. */
enum { TURN_BYTES = MLP_ISA >= 2 ? 32 : 16, TURN = TURN_BYTES / sizeof(REAL) };
typedef REAL TURN_VECTOR __attribute__((vector_size(TURN_BYTES)));

/* Row i and row j become the lanes of both that `lo` names, and those that `hi` names. */
#define TURN_PAIR(i, j)                                                                            \
	do {                                                                                       \
		TURN_VECTOR a = row[i], b = row[j];                                                \
		row[i] = __builtin_shufflevector(a, b, TURN_LO);                                   \
		row[j] = __builtin_shufflevector(a, b, TURN_HI);                                   \
	} while (0)

/* to_j,i = from_i,j for a TURN x TURN tile */
static inline void turn_tile(const REAL *from, size_t ld_from, REAL *to, size_t ld_to)
{
	TURN_VECTOR row[TURN];
#pragma GCC unroll 8
	for (size_t i = 0; i < TURN; i++)
		memcpy(&row[i], from + i * ld_from, sizeof(TURN_VECTOR));
#if MLP_REAL_BITS == 32 && MLP_ISA >= 2
#define TURN_LO 0, 8, 1, 9, 4, 12, 5, 13
#define TURN_HI 2, 10, 3, 11, 6, 14, 7, 15
#pragma GCC unroll 8
	for (size_t i = 0; i < 8; i += 2)
		TURN_PAIR(i, i + 1); /* now row i has columns 0 1 4 5, row i + 1 columns 2 3 6 7 */
#undef TURN_LO
#undef TURN_HI
#define TURN_LO 0, 1, 8, 9, 4, 5, 12, 13
#define TURN_HI 2, 3, 10, 11, 6, 7, 14, 15
#pragma GCC unroll 8
	for (size_t i = 0; i < 8; i += 4) {
		TURN_PAIR(i, i + 2);
		TURN_PAIR(i + 1, i + 3);
	}
#undef TURN_LO
#undef TURN_HI
#define TURN_LO 0, 1, 2, 3, 8, 9, 10, 11
#define TURN_HI 4, 5, 6, 7, 12, 13, 14, 15
#pragma GCC unroll 8
	for (size_t i = 0; i < 4; i++)
		TURN_PAIR(i, i + 4);
	static const size_t column[8] = {0, 2, 1, 3, 4, 6, 5, 7};
#elif (MLP_REAL_BITS == 32) || (MLP_REAL_BITS == 64 && MLP_ISA >= 2)
#if MLP_REAL_BITS == 32
#define TURN_LO 0, 4, 1, 5
#define TURN_HI 2, 6, 3, 7
	static const size_t column[4] = {0, 2, 1, 3};
#else
#define TURN_LO 0, 4, 2, 6
#define TURN_HI 1, 5, 3, 7
	static const size_t column[4] = {0, 1, 2, 3};
#endif
	TURN_PAIR(0, 1);
	TURN_PAIR(2, 3);
#undef TURN_LO
#undef TURN_HI
#define TURN_LO 0, 1, 4, 5
#define TURN_HI 2, 3, 6, 7
	TURN_PAIR(0, 2);
	TURN_PAIR(1, 3);
#else
#define TURN_LO 0, 2
#define TURN_HI 1, 3
	static const size_t column[2] = {0, 1};
	TURN_PAIR(0, 1);
#endif
#pragma GCC unroll 8
	for (size_t i = 0; i < TURN; i++)
		memcpy(to + column[i] * ld_to, &row[i], sizeof(TURN_VECTOR));
}
#undef TURN_LO
#undef TURN_HI
#undef TURN_PAIR

static inline void turn_edge(const REAL *from, size_t ld_from, size_t m, size_t n, REAL *to,
			     size_t ld_to)
{
	for (size_t j = 0; j < n; j++)
		for (size_t i = 0; i < m; i++)
			to[j * ld_to + i] = from[i * ld_from + j];
}

/* to (n x m) = from^T, from m x n: a cache line's columns at a time, so that each line of `from` is used
 * as a whole. */
static inline void transpose(const REAL *from, size_t ld_from, size_t m, size_t n, REAL *to,
			     size_t ld_to)
{
	size_t whole_m = m / TURN * TURN, whole_n = n / TURN * TURN;
	for (size_t line = 0; line < whole_n; line += LINE)
		for (size_t i = 0; i < whole_m; i += TURN)
			for (size_t j = line; j < whole_n && j < line + LINE; j += TURN)
				turn_tile(from + i * ld_from + j, ld_from, to + j * ld_to + i,
					  ld_to);
	turn_edge(from + whole_n, ld_from, whole_m, n - whole_n, to + whole_n * ld_to, ld_to);
	turn_edge(from + whole_m * ld_from, ld_from, m - whole_m, n, to + whole_m, ld_to);
}

#endif
