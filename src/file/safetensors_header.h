/* The header of a safetensors file as JSON. */
#ifndef MLP_FILE_SAFETENSORS_HEADER_H
#define MLP_FILE_SAFETENSORS_HEADER_H

#include <jansson.h>

#include "file/safetensors.h"

/* The next bytes of the source: the header's length and the header, an object. What is in it has not been
 * looked at. */
mlp_status mlp_tensor_header_read(struct mlp_source *source, const struct mlp_tensor_limits *limits,
				  const mlp_allocator *allocator, json_t **header);

#endif
