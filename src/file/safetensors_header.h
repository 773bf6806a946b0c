/* The header of a safetensors file as JSON. */
#ifndef MLP_FILE_SAFETENSORS_HEADER_H
#define MLP_FILE_SAFETENSORS_HEADER_H

#include <stdbool.h>

#include <jansson.h>

#include "file/safetensors.h"

enum { MLP_HEADER_LENGTH_SIZE = 8 };

/* The length of the header, which the first MLP_HEADER_LENGTH_SIZE bytes of a file tell; false if a file with `most`
 * bytes cannot have such a header. */
bool mlp_tensor_header_length(const unsigned char *bytes, int64_t most, uint64_t *length);

/* The next bytes of the source: the header's length and the header, an object. What is in it has not been
 * looked at. */
mlp_status mlp_tensor_header_read(struct mlp_source *source, const struct mlp_tensor_limits *limits,
				  const mlp_allocator *allocator, json_t **header);

#endif
