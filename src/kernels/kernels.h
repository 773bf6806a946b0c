/* The kernels of one element type, compiled for each instruction set: a table that the engine takes them
 * from. What each does is said in the header of its file. */
#ifndef MLP_KERNELS_KERNELS_H
#define MLP_KERNELS_KERNELS_H

#include <mlp/mlp.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/real.h"
#include "kernels/descent.h"
#include "kernels/instructions.h"

struct mlp_mask;
struct mlp_objective;

struct mlp_kernels {
	/* activation.h */
	void (*activation_forward)(mlp_activation activation, REAL a, const REAL *s, size_t n,
				   REAL *x);
	void (*activation_backward)(mlp_activation activation, REAL a, const REAL *s, const REAL *x,
				    const REAL *dx, size_t n, REAL *ds);
	void (*softmax_forward)(const REAL *s, size_t n, size_t lanes, REAL *x);
	void (*softmax_backward)(const REAL *x, const REAL *dx, size_t n, size_t lanes, REAL *ds);
	/* block.h */
	void (*block_from_rows)(const REAL *data, size_t ld, size_t rows, size_t n, REAL *block,
				size_t lanes);
	void (*block_to_rows)(const REAL *block, size_t lanes, size_t rows, size_t n, REAL *data,
			      size_t ld);
	void (*block_from_rows_scaled)(const REAL *data, size_t ld, size_t rows, size_t n,
				       const REAL *minus, const REAL *times, REAL *block,
				       size_t lanes);
	void (*block_to_rows_scaled)(const REAL *block, size_t lanes, size_t rows, size_t n,
				     const REAL *times, const REAL *plus, REAL *data, size_t ld);
	void (*block_add_row_sums)(REAL alpha, const REAL *block, size_t lanes, size_t n,
				   size_t rows, REAL *sum);
	void (*block_add_squares)(const REAL *block, size_t lanes, size_t n, size_t rows,
				  double *sums);
	void (*add)(const REAL *from, size_t n, REAL *to);
	bool (*all_finite)(const REAL *values, size_t n);
	/* descend.h */
	void (*descend)(const struct mlp_descent *by, const REAL *factors, const REAL *g,
			size_t ld_g, size_t rows, size_t columns, struct mlp_descended at,
			size_t ld);
	double (*sum_of_squares)(const REAL *v, size_t n, REAL clip);
	void (*scale)(REAL factor, size_t n, REAL *v);
	/* dropout.h */
	void (*drop_units)(const struct mlp_mask *mask, size_t first, size_t count,
			   size_t first_row, size_t rows, size_t lanes, REAL *block);
	/* loss.h */
	double (*loss_row)(const struct mlp_objective *objective, size_t row, const REAL *y,
			   size_t width, REAL *dl);
	void (*loss_row_dx)(const struct mlp_objective *objective, size_t row, const REAL *x,
			    size_t width, REAL *dl);
	/* curvature.h */
	void (*activation_curvature)(mlp_activation activation, REAL a, const REAL *s,
				     const REAL *x, const REAL *Rs, const REAL *dx, size_t n,
				     REAL *Rds);
	void (*softmax_curvature)(const REAL *x, const REAL *Rx, const REAL *dx, size_t n,
				  size_t lanes, REAL *Rds);
	void (*loss_row_curvature)(const struct mlp_objective *objective, size_t row, const REAL *y,
				   size_t width, const REAL *Ry, REAL *Rdl);
	/* tile.h */
	void (*tile_forward)(const REAL *w, size_t ldw, const REAL *b, const REAL *x, size_t ldx,
			     size_t n_out, size_t n_in, size_t lanes, REAL *s, size_t lds,
			     REAL *scratch);
	void (*tile_backward)(const REAL *w, size_t ldw, const REAL *ds, size_t ldds, size_t n_out,
			      size_t n_in, size_t rows, REAL *dx, size_t lanes, REAL *scratch);
	void (*tile_gradient)(REAL alpha, bool add, const REAL *ds, size_t ldds, const REAL *x,
			      size_t ldx, size_t n_out, size_t n_in, size_t rows, REAL *dw,
			      size_t lddw, REAL *scratch);
	void (*one_forward)(const REAL *w, size_t ldw, const REAL *b, const REAL *x, size_t n_out,
			    size_t n_in, REAL *s);
	void (*one_backward)(const REAL *w, size_t ldw, const REAL *ds, size_t n_out, size_t n_in,
			     REAL *dx);
	void (*one_gradient)(REAL alpha, bool add, const REAL *ds, const REAL *x, size_t n_out,
			     size_t n_in, REAL *dw, size_t lddw);
};

#endif
