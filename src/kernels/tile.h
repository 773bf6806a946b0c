/* Products of tiles: pieces of a layer small enough to stay in the caches, in plain loops over vectors.
 * They take over where a CBLAS call of that size would spend a good part of its time on itself: packing,
 * locks, argument checks (docs/performance.md has the measurements).
 *
 * A tile has n_out units above and n_in units below; matrices have leading dimensions, so that a tile may
 * be a part of a layer. Samples lie feature by feature: x n_in x rows, s n_out x rows, with leading dimensions.
 * Every element of a result is summed in one fixed order, whatever the tile it is computed in, as long as
 * tiles begin where whole vectors do: at multiples of 64 inputs. */
#ifndef MLP_KERNELS_TILE_H
#define MLP_KERNELS_TILE_H

#include <stdbool.h>

#include "kernels/sizes.h"
#include "kernels/vector.h"

/* s = w x + b 1^T                b NULL: no bias; lanes: whole vectors of every instruction set */
void KERNEL(tile_forward)(const REAL *w, size_t ldw, const REAL *b, const REAL *x, size_t ldx,
			  size_t n_out, size_t n_in, size_t lanes, REAL *s, size_t lds,
			  REAL *scratch);

/* dx = w^T ds                    columns rows .. lanes - 1 of dx repeat the last of the rows */
void KERNEL(tile_backward)(const REAL *w, size_t ldw, const REAL *ds, size_t ldds, size_t n_out,
			   size_t n_in, size_t rows, REAL *dx, size_t lanes, REAL *scratch);

/* dw = ds x^T, or with `add` dw += alpha ds x^T */
void KERNEL(tile_gradient)(REAL alpha, bool add, const REAL *ds, size_t ldds, const REAL *x,
			   size_t ldx, size_t n_out, size_t n_in, size_t rows, REAL *dw,
			   size_t lddw, REAL *scratch);

/* One sample: x, s, ds and dx are vectors without gaps. */

/* s = w x + b                    b NULL: no bias */
void KERNEL(one_forward)(const REAL *w, size_t ldw, const REAL *b, const REAL *x, size_t n_out,
			 size_t n_in, REAL *s);

/* dx = w^T ds */
void KERNEL(one_backward)(const REAL *w, size_t ldw, const REAL *ds, size_t n_out, size_t n_in,
			  REAL *dx);

/* dw = ds x^T, or with `add` dw += alpha ds x^T */
void KERNEL(one_gradient)(REAL alpha, bool add, const REAL *ds, const REAL *x, size_t n_out,
			  size_t n_in, REAL *dw, size_t lddw);

#endif
