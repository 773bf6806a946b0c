/* What must hold of any network that a file gave. */
#ifndef MLP_TESTS_FUZZ_TRY_NETWORK_H
#define MLP_TESTS_FUZZ_TRY_NETWORK_H

#include <mlp/mlp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "support/bytes.h"

/* Limits with which any file stays small. */
mlp_load_options *small_options(void);

/* One of the statuses that the header names, the last one of the list being MLP_OK; else the process ends. */
void require_status(mlp_status status, const mlp_status *allowed, const char *what);

/* The network as the bytes of a file. */
struct bytes saved(const mlp_network *net);

/* Saved and loaded again it is the same, to the last bit; it can be cloned, converted, computed with, exported. */
void try_network(const mlp_network *net);

/* Bytes to be read, a few at a time. */
struct bytes given(const uint8_t *data, size_t size);

#endif
