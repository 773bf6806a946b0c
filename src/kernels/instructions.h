/* Which instruction sets the processor has, among those that kernels are compiled for. */
#ifndef MLP_KERNELS_INSTRUCTIONS_H
#define MLP_KERNELS_INSTRUCTIONS_H

#include <mlp/mlp.h>
#include <stdbool.h>

bool mlp_has_instructions(mlp_instructions instructions);

/* The best that it has. */
mlp_instructions mlp_best_instructions(void);

/* "baseline", "AVX2", "AVX-512" */
const char *mlp_instructions_name(mlp_instructions instructions);

#endif
