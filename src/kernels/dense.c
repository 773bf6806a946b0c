/* The products of one dense layer: the formulas of the lecture beside their BLAS calls. */
#include "kernels/dense.h"

#include <string.h>

#include "blas/blas.h"
#include "kernels/block.h"

void FN(dense_forward)(const REAL *w, const REAL *b, const REAL *x, size_t n_out, size_t n_in,
		       size_t rows, REAL *s)
{
	if (b != NULL)
		FN(block_fill)(b, n_out, rows, s); /* s  = b 1^T  */
	else
		memset(s, 0, n_out * rows * sizeof(REAL));
	if (rows == 1)
		FN(gemv_n)(n_out, n_in, 1, w, n_in, x, s); /* s += w x    */
	else
		FN(gemm_nn)(n_out, rows, n_in, 1, w, n_in, x, rows, s, rows);
}

void FN(dense_backward)(const REAL *w, const REAL *ds, size_t n_out, size_t n_in, size_t rows,
			REAL *dx)
{
	memset(dx, 0, n_in * rows * sizeof(REAL));
	if (rows == 1)
		FN(gemv_t)(n_out, n_in, 1, w, n_in, ds, dx); /* dx = w^T ds */
	else
		FN(gemm_tn)(n_in, rows, n_out, 1, w, n_in, ds, rows, dx, rows);
}

void FN(dense_gradient)(REAL alpha, const REAL *ds, const REAL *x, size_t n_out, size_t n_in,
			size_t rows, REAL *dw, REAL *db)
{
	if (rows == 1)
		FN(ger)(n_out, n_in, alpha, ds, x, dw, n_in); /* dw += ds x^T */
	else
		FN(gemm_nt)(n_out, n_in, rows, alpha, ds, rows, x, rows, dw, n_in);
	if (db != NULL)
		FN(block_add_row_sums)(alpha, ds, n_out, rows, db); /* db += ds 1   */
}
