/* The training run whose result is in the table of golden digests: Adam with dropout on made-up classes, in
 * batches that fill blocks, batches that do not, and single samples. */
#ifndef MLP_TESTS_GOLDEN_TRAINING_H
#define MLP_TESTS_GOLDEN_TRAINING_H

#include <mlp/mlp.h>

/* The digest of the network afterwards; false, and a line on stderr, if a call failed. */
int golden_train_f32(mlp_products products, mlp_instructions instructions, uint64_t *digest);
int golden_train_f64(mlp_products products, mlp_instructions instructions, uint64_t *digest);

#endif
