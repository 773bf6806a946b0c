/* Changes of .npy files that leave them well-formed, mostly. */
#ifndef MLP_TESTS_FUZZ_MUTATE_NPY_H
#define MLP_TESTS_FUZZ_MUTATE_NPY_H

#include <stddef.h>
#include <stdint.h>

/* A new header before as many of the old values as it asks for; 0 if that is more than `most`. */
size_t mutate_npy(uint8_t *data, size_t size, size_t most, unsigned seed);

#endif
