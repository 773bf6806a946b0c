/* The products of one dense layer. */
#include "engine/product.h"

#include <string.h>

#include "blas/blas.h"
#include "kernels/kernels.h"
#include "kernels/sizes.h"

enum { PANEL = MLP_TILE_COLUMNS }; /* samples or inputs of a CBLAS tile */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The largest pieces that a CBLAS call may have; samples come in blocks that are small enough. */
struct cut {
	size_t outputs, inputs;
};

static struct cut cut_of(const mlp_workspace *ws)
{
	if (ws->rule.products == MLP_PRODUCTS_WHOLE)
		return (struct cut){SIZE_MAX, SIZE_MAX};
	return (struct cut){ws->rule.tile_outputs, ws->rule.tile_depth};
}

/* out += w in, or w^T in if `transposed`, by CBLAS calls as large as the rule allows. The matrix has count
 * rows and depth columns, transposed or not; in: depth x lanes, out: count x lanes */
static void add_product(const mlp_workspace *ws, bool transposed, const REAL *w, size_t n_in,
			size_t count, size_t depth, size_t lanes, const REAL *in, REAL *out)
{
	const struct cut cut = cut_of(ws);
	if (lanes == 1) {
		if (transposed)
			FN(gemv_t)(depth, count, 1, w, n_in, in, out);
		else
			FN(gemv_n)(count, depth, 1, w, n_in, in, out);
		return;
	}
	for (size_t i = 0; i < count; i += least(cut.outputs, count - i))
		for (size_t k = 0; k < depth; k += least(cut.inputs, depth - k)) {
			size_t m = least(cut.outputs, count - i), p = least(cut.inputs, depth - k);
			const REAL *b = in + k * lanes;
			REAL *c = out + i * lanes;
			if (transposed)
				FN(gemm_tn)
			(m, lanes, p, 1, w + k * n_in + i, n_in, b, lanes, c, lanes);
			else FN(gemm_nn)(m, lanes, p, 1, w + i * n_in + k, n_in, b, lanes, c,
					 lanes);
		}
}

static void fill_rows(const REAL *b, struct mlp_range rows, size_t lanes, REAL *s)
{
	for (size_t i = rows.begin; i < rows.end; i++)
		for (size_t j = 0; j < lanes; j++)
			s[i * lanes + j] = b != NULL ? b[i] : 0;
}

void FN(dense_forward)(const mlp_workspace *ws, struct mlp_dense layer, struct mlp_block block,
		       struct mlp_range outputs, const REAL *x, REAL *s, size_t worker)
{
	const size_t n_in = layer.n_in, lanes = block.lanes, i0 = outputs.begin;
	const size_t count = outputs.end - i0;
	const REAL *w = layer.w + i0 * n_in, *b = layer.b != NULL ? layer.b + i0 : NULL;

	if (lanes == 1 && ws->rule.products != MLP_PRODUCTS_WHOLE) {
		ws->kernels->one_forward(w, n_in, b, x, count, n_in, s + i0);
		return;
	}
	if (ws->rule.products == MLP_PRODUCTS_OWN) {
		ws->kernels->tile_forward(w, n_in, b, x, lanes, count, n_in, lanes, s + i0 * lanes,
					  lanes, ws->scratch[worker].tile);
		return;
	}
	fill_rows(layer.b, outputs, lanes, s);                                  /* s  = b 1^T */
	add_product(ws, false, w, n_in, count, n_in, lanes, x, s + i0 * lanes); /* s += w x */
}

void FN(dense_backward)(const mlp_workspace *ws, struct mlp_dense layer, struct mlp_block block,
			struct mlp_range inputs, const REAL *ds, REAL *dx, size_t worker)
{
	const size_t n_out = layer.n_out, n_in = layer.n_in, lanes = block.lanes;
	const size_t j0 = inputs.begin, count = inputs.end - j0;
	const REAL *w = layer.w + j0;

	if (lanes == 1 && ws->rule.products != MLP_PRODUCTS_WHOLE) {
		ws->kernels->one_backward(w, n_in, ds, n_out, count, dx + j0);
		return;
	}
	if (ws->rule.products == MLP_PRODUCTS_OWN) {
		ws->kernels->tile_backward(w, n_in, ds, lanes, n_out, count, block.rows,
					   dx + j0 * lanes, lanes, ws->scratch[worker].tile);
		return;
	}
	memset(dx + j0 * lanes, 0, count * lanes * sizeof(REAL));
	add_product(ws, true, w, n_in, count, n_out, lanes, ds, dx + j0 * lanes); /* dx = w^T ds */
}

/* dw += alpha ds x^T, panel by panel of a transposed copy of x: the form that every small path takes. */
static void gradient_tiles(const mlp_workspace *ws, struct mlp_dense gradient,
			   struct mlp_block block, struct mlp_range outputs,
			   struct mlp_range inputs, REAL alpha, const REAL *ds, const REAL *x,
			   REAL *rows_x)
{
	const size_t lanes = block.lanes, n_in = gradient.n_in;
	for (size_t j = inputs.begin; j < inputs.end; j += PANEL) {
		size_t width = least(PANEL, inputs.end - j);
		ws->kernels->block_to_rows(x + j * lanes, lanes, block.rows, width, rows_x, PANEL);
		for (size_t i = outputs.begin; i < outputs.end; i += PANEL)
			FN(gemm_nn)
		(least(PANEL, outputs.end - i), width, block.rows, alpha, ds + i * lanes, lanes,
		 rows_x, PANEL, gradient.w + i * n_in + j, n_in);
	}
}

static void clear(struct mlp_dense gradient, struct mlp_range outputs, struct mlp_range inputs)
{
	for (size_t i = outputs.begin; i < outputs.end; i++)
		memset(gradient.w + i * gradient.n_in + inputs.begin, 0,
		       (inputs.end - inputs.begin) * sizeof(REAL));
}

void FN(dense_gradient)(const mlp_workspace *ws, struct mlp_dense gradient, struct mlp_block block,
			struct mlp_range outputs, struct mlp_range inputs, REAL alpha, bool add,
			const REAL *ds, const REAL *x, size_t worker)
{
	const size_t lanes = block.lanes, n_in = gradient.n_in;
	const size_t i0 = outputs.begin, count = outputs.end - i0;
	const size_t j0 = inputs.begin, width = inputs.end - j0;
	REAL *dw = gradient.w + i0 * n_in + j0;

	if (gradient.b != NULL && j0 == 0) { /* db += ds 1 */
		if (!add)
			memset(gradient.b + i0, 0, count * sizeof(REAL));
		ws->kernels->block_add_row_sums(alpha, ds + i0 * lanes, lanes, count, block.rows,
						gradient.b + i0);
	}
	if (lanes == 1 && ws->rule.products != MLP_PRODUCTS_WHOLE) {
		ws->kernels->one_gradient(alpha, add, ds + i0, x + j0, count, width, dw, n_in);
		return;
	}
	if (ws->rule.products == MLP_PRODUCTS_OWN) {
		ws->kernels->tile_gradient(alpha, add, ds + i0 * lanes, lanes, x + j0 * lanes,
					   lanes, count, width, block.rows, dw, n_in,
					   ws->scratch[worker].tile);
		return;
	}
	if (!add)
		clear(gradient, outputs, inputs);
	if (lanes == 1) /* dw += ds x^T */
		FN(ger)(count, width, alpha, ds + i0, x + j0, dw, n_in);
	else if (ws->rule.products == MLP_PRODUCTS_WHOLE)
		FN(gemm_nt)
	(count, width, block.rows, alpha, ds + i0 * lanes, lanes, x + j0 * lanes, lanes, dw, n_in);
	else gradient_tiles(ws, gradient, block, outputs, inputs, alpha, ds, x,
			    ws->scratch[worker].tile);
}
