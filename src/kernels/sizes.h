/* Sizes that the kernels of tile.h share with those who give them scratch. */
#ifndef MLP_KERNELS_SIZES_H
#define MLP_KERNELS_SIZES_H

/* A tile's scratch is `rows` + MLP_TILE_DEPTH rows of MLP_TILE_COLUMNS numbers, for blocks of up to `rows`
 * samples; layers with fewer units than MLP_TILE_DEPTH need as many rows only. Forward copies a strip of w
 * there, backward keeps its sums and a panel of w, gradients keep transposed samples. */
enum {
	MLP_TILE_DEPTH = 256, /* steps of a chunk of a sum: its panel of b stays in the L1 cache */
	MLP_TILE_COLUMNS = 64 /* columns that go through scratch together */
};

#endif
