/* The table of the kernels of one element type and instruction set. */
#include "kernels/activation.h"
#include "kernels/block.h"
#include "kernels/descend.h"
#include "kernels/curvature.h"
#include "kernels/dropout.h"
#include "kernels/kernels.h"
#include "kernels/loss.h"
#include "kernels/tile.h"

extern const struct mlp_kernels KERNEL(table);

const struct mlp_kernels KERNEL(table) = {
	.activation_forward = KERNEL(activation_forward),
	.activation_backward = KERNEL(activation_backward),
	.softmax_forward = KERNEL(softmax_forward),
	.softmax_backward = KERNEL(softmax_backward),
	.block_from_rows = KERNEL(block_from_rows),
	.block_to_rows = KERNEL(block_to_rows),
	.block_from_rows_scaled = KERNEL(block_from_rows_scaled),
	.block_to_rows_scaled = KERNEL(block_to_rows_scaled),
	.block_add_row_sums = KERNEL(block_add_row_sums),
	.block_add_squares = KERNEL(block_add_squares),
	.add = KERNEL(add),
	.all_finite = KERNEL(all_finite),
	.descend = KERNEL(descend),
	.sum_of_squares = KERNEL(sum_of_squares),
	.scale = KERNEL(scale),
	.drop_units = KERNEL(drop_units),
	.loss_row = KERNEL(loss_row),
	.loss_row_dx = KERNEL(loss_row_dx),
	.activation_curvature = KERNEL(activation_curvature),
	.softmax_curvature = KERNEL(softmax_curvature),
	.loss_row_curvature = KERNEL(loss_row_curvature),
	.tile_forward = KERNEL(tile_forward),
	.tile_backward = KERNEL(tile_backward),
	.tile_gradient = KERNEL(tile_gradient),
	.one_forward = KERNEL(one_forward),
	.one_backward = KERNEL(one_backward),
	.one_gradient = KERNEL(one_gradient),
};
