/* The one rule for the cut: how products are computed, how a batch is divided into blocks and a layer
 * into ranges of units, and which schedule shares them out. Everything here is a function of shapes,
 * batch, element type, BLAS provider and processor, never of timing, workers or environment: so the same
 * build gives the same bits on the same machine. docs/performance.md has the measurements. */
#ifndef MLP_ENGINE_RULE_H
#define MLP_ENGINE_RULE_H

#include <mlp/mlp.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	MLP_HELD_ROWS =
		256, /* of a worker's buffers: the longest block, or batch shared out by outputs */
	MLP_OUTPUT_UNIT = 48, /* ranges of a layer's outputs begin at multiples of this */
	MLP_INPUT_UNIT = 64,  /* and of its inputs, where their panels begin */
	MLP_ROW_UNIT = 32,    /* of its outputs for one sample alone */
	MLP_DW_PART =
		36864, /* elements of a gradient between its product and its update: 256 x 128 */
	MLP_LANE_BYTES = 64, /* columns of a block come in whole cache lines */
	MLP_TILE_ROWS = 128, /* samples of a block for own kernels: w is fetched once for each */
	MLP_CBLAS_ROWS = 64  /* and for CBLAS tiles */
};

/* How products are computed. */
struct mlp_rule {
	mlp_products products;
	size_t block_rows;               /* samples of a block */
	size_t tile_outputs, tile_depth; /* of a CBLAS call: times 64 samples or 64 inputs */
};

/* A block of samples: rows first .. first + rows - 1 of the batch, stored as `lanes` columns. */
struct mlp_block {
	size_t first, rows, lanes;
};

/* Units begin .. end - 1 of a layer. */
struct mlp_range {
	size_t begin, end;
};

/* The rule for this machine; products 0: as it is best here. */
struct mlp_rule mlp_rule_for(mlp_products products);

/* One line about it. */
const char *mlp_rule_text(void);

/* How a batch is shared out; `work` is the multiply-adds of its forward pass. */
mlp_schedule mlp_schedule_for(size_t batch, double work);

/* Tasks for work of so many multiply-adds that can be divided into `parts`. */
size_t mlp_task_count(double work, size_t parts);

/* Multiply-adds of a product of a layer with a batch. */
static inline double mlp_product_work(size_t n_out, size_t n_in, size_t batch)
{
	return (double)n_out * (double)n_in * (double)batch;
}

static inline size_t mlp_ceiling(size_t a, size_t b)
{
	return (a + b - 1) / b;
}

/* Columns in which rows of `size` bytes an element are stored. One sample alone is a plain vector. */
static inline size_t mlp_lanes(size_t rows, size_t batch, size_t size)
{
	size_t unit = MLP_LANE_BYTES / size;
	return batch == 1 ? 1 : mlp_ceiling(rows, unit) * unit;
}

static inline size_t mlp_block_count(size_t batch, size_t block_rows)
{
	return mlp_ceiling(batch, block_rows);
}

static inline struct mlp_block mlp_block_at(size_t batch, size_t block_rows, size_t size,
					    size_t index)
{
	size_t first = index * block_rows, left = batch - first;
	size_t rows = left < block_rows ? left : block_rows;
	return (struct mlp_block){first, rows, mlp_lanes(rows, batch, size)};
}

/* Part `index` of `count` of n units, in steps of `unit`. */
static inline struct mlp_range mlp_range_at(size_t n, size_t unit, size_t count, size_t index)
{
	size_t units = mlp_ceiling(n, unit);
	size_t begin = units * index / count * unit, end = units * (index + 1) / count * unit;
	return (struct mlp_range){begin, end < n ? end : n};
}

#endif
