/* Making networks, for the files that make them. */
#ifndef MLP_NETWORK_H
#define MLP_NETWORK_H

#include "engine/objects.h"

/* Bytes of one element; 0 for an unknown dtype. */
static inline size_t mlp_dtype_size(mlp_dtype dtype)
{
	return dtype == MLP_F32 ? sizeof(float) : dtype == MLP_F64 ? sizeof(double) : 0;
}

#endif
