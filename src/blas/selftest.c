/* A look at the BLAS library: every form of product that libmlp uses, at a size below and one above
 * the usual register blocks, odd on purpose, against plain loops. The values are small integers, so
 * that every sum is exact in whatever order it is made, and equality is the test. */
#include "blas/selftest.h"

#include <string.h>

#include "base/lock.h"
#include "base/real.h"
#include "blas/blas.h"

enum { MOST = 37, AREA = MOST * MOST };

static mlp_once once = MLP_ONCE_INIT;
static bool works;

/* Integers in -3 .. 3. */
static void fill(REAL *values, size_t count, unsigned step)
{
	for (size_t i = 0; i < count; i++)
		values[i] = (REAL)((int)((i * step + i / 5) % 7) - 3);
}

/* c += 2 op(a) op(b), element by element. */
static void naive(size_t m, size_t n, size_t k, bool trans_a, const REAL *a, size_t lda,
		  bool trans_b, const REAL *b, size_t ldb, REAL *c, size_t ldc)
{
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < n; j++)
			for (size_t p = 0; p < k; p++)
				c[i * ldc + j] += 2 * (trans_a ? a[p * lda + i] : a[i * lda + p]) *
						  (trans_b ? b[j * ldb + p] : b[p * ldb + j]);
}

static bool shape_works(size_t m, size_t n, size_t k)
{
	/* static: a host's thread may have a small stack; run once, so nobody shares them */
	static REAL a[AREA], b[AREA], expected[AREA], computed[AREA];
	fill(a, AREA, 3);
	fill(b, AREA, 5);
	for (int form = 0; form < 6; form++) {
		bool trans_a = form == 1 || form == 4, trans_b = form == 2;
		size_t columns = form < 3 ? n : 1, depth = form == 5 ? 1 : k;
		fill(expected, AREA, 2);
		memcpy(computed, expected, sizeof(computed));
		switch (form) {
		case 0:
			FN(gemm_nn)(m, n, k, 2, a, MOST, b, MOST, computed, MOST);
			break;
		case 1:
			FN(gemm_tn)(m, n, k, 2, a, MOST, b, MOST, computed, MOST);
			break;
		case 2:
			FN(gemm_nt)(m, n, k, 2, a, MOST, b, MOST, computed, MOST);
			break;
		case 3:
			FN(gemv_n)(m, k, 2, a, MOST, b, computed);
			break;
		case 4:
			FN(gemv_t)(k, m, 2, a, MOST, b, computed);
			break;
		default:
			columns = n;
			FN(ger)(m, n, 2, a, b, computed, MOST);
		}
		bool vector = form >= 3;
		naive(m, columns, depth, trans_a, a, form == 5 ? 1 : MOST, trans_b, b,
		      vector && form != 5 ? 1 : MOST, expected, form == 3 || form == 4 ? 1 : MOST);
		/* NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): bit by bit */
		if (memcmp(expected, computed, sizeof(computed)) != 0)
			return false;
	}
	return true;
}

static void run(void)
{
	works = shape_works(3, 5, 7) && shape_works(1, MOST, 2) && shape_works(33, 19, MOST) &&
		shape_works(MOST, 17, 34);
}

bool FN(blas_works)(void)
{
	mlp_run_once(&once, run);
	return works;
}
