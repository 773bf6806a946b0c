/* A parameter block, or a gradient, cut into chunks that are shared out to workers. */
#ifndef MLP_ENGINE_CHUNKS_H
#define MLP_ENGINE_CHUNKS_H

#include "engine/objects.h"

/* MLP_BLAS_PIECE: above 10 000 elements OpenBLAS wakes threads for one call on vectors, in a mode of their own. */
enum {
	MLP_CHUNK = 65536,    /* parameters of a task */
	MLP_BLAS_PIECE = 8192 /* elements of a CBLAS call on vectors */
};

static inline size_t mlp_chunk_count(const mlp_network *net)
{
	return mlp_ceiling(net->parameter_count, MLP_CHUNK);
}

/* The part of a layer's w and b, or of w alone, that lies in chunk `index`: they lie side by side. */
static inline struct mlp_range mlp_trained_part(const struct mlp_layer *layer, size_t index)
{
	size_t begin = index * MLP_CHUNK, end = begin + MLP_CHUNK, first = layer->w_offset;
	size_t after = first + layer->n_out * layer->n_in + (layer->has_bias ? layer->n_out : 0);
	if (layer->is_frozen || after <= begin || first >= end)
		return (struct mlp_range){0, 0};
	return (struct mlp_range){first > begin ? first : begin, after < end ? after : end};
}

#endif
