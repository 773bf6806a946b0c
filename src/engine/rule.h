/* The rule for the cut: how a batch is divided. A function of shapes and batch only, never of timing
 * or of the number of threads, so that the same build gives the same bits. */
#ifndef MLP_ENGINE_RULE_H
#define MLP_ENGINE_RULE_H

#include <stddef.h>

/* Samples in a block. A block goes through all layers before the next one begins. */
enum { MLP_BLOCK_ROWS = 256 };

/* A block of samples: rows first .. first + rows - 1 of the batch. */
struct mlp_block {
	size_t first, rows;
};

static inline size_t mlp_block_count(size_t batch, size_t block_rows)
{
	return (batch + block_rows - 1) / block_rows;
}

static inline struct mlp_block mlp_block_at(size_t batch, size_t block_rows, size_t index)
{
	size_t first = index * block_rows;
	size_t left = batch - first;
	return (struct mlp_block){first, left < block_rows ? left : block_rows};
}

#endif
