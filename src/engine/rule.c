/* The one rule for the cut. */
#include "engine/rule.h"

#include "blas/provider.h"
#include "kernels/instructions.h"

/* Where OpenBLAS has its path for small products, a call of a tile has next to no cost of its own, and
 * runs at 114 to 125 of 138 GFLOP/s (AVX-512); a call may have 10^6 multiply-adds then. Elsewhere a tile
 * must not pass 64^3, or OpenBLAS wakes its threads; with packing and locks such calls reach three quarters of
 * the processor's rate where libmlp's own kernels reach nine tenths. Processors with vectors that the
 * kernels were never measured on leave all products to their BLAS. */
struct mlp_rule mlp_rule_for(mlp_products products)
{
	bool small_path = mlp_blas_has_small_path();
	if (products == 0) {
		if (small_path)
			products = MLP_PRODUCTS_TILES;
		else if (mlp_best_instructions() != MLP_INSTRUCTIONS_BASELINE)
			products = MLP_PRODUCTS_OWN;
		else
			products =
				mlp_blas_wakes_threads() ? MLP_PRODUCTS_TILES : MLP_PRODUCTS_WHOLE;
	}
	size_t rows = products == MLP_PRODUCTS_OWN     ? MLP_TILE_ROWS
		      : products == MLP_PRODUCTS_TILES ? MLP_CBLAS_ROWS
						       : MLP_HELD_ROWS;
	return (struct mlp_rule){.products = products,
				 .block_rows = rows,
				 .tile_outputs = small_path ? 32 : 64,
				 .tile_depth = small_path ? 480 : 64};
}

_Static_assert(MLP_TILE_ROWS == 128 && MLP_CBLAS_ROWS == 64 && MLP_HELD_ROWS == 256,
	       "the numbers in mlp_rule_text");

const char *mlp_rule_text(void)
{
	switch (mlp_rule_for((mlp_products)0).products) {
	case MLP_PRODUCTS_OWN:
		return "own kernels, blocks of 128 samples";
	case MLP_PRODUCTS_TILES:
		return mlp_blas_has_small_path()
			       ? "CBLAS tiles of 32 outputs x 64 samples x 480 inputs, gradients "
				 "64 x 64 x 64"
			       : "CBLAS tiles of 64 outputs x 64 samples x 64 inputs";
	case MLP_PRODUCTS_WHOLE:
		return "whole CBLAS calls, blocks of 256 samples";
	case MLP_PRODUCTS_MAX_ENUM:
		break;
	}
	return NULL;
}

/* Sharing by samples has no barriers, but needs many blocks; by outputs it has one for each layer and
 * direction, which must be worth it. */
mlp_schedule mlp_schedule_for(size_t batch, double work)
{
	return batch <= MLP_HELD_ROWS && work > 2e5 ? MLP_SCHEDULE_OUTPUTS : MLP_SCHEDULE_SAMPLES;
}

/* A worker that still looks for work takes about a microsecond to begin, so a task should last some. */
size_t mlp_task_count(double work, size_t parts)
{
	double count = work / 131072;
	return count <= 1 ? 1 : count >= (double)parts ? parts : (size_t)count;
}
