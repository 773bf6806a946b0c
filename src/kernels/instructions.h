/* Which instruction sets the processor has, among those that kernels are compiled for, and the kernels. */
#ifndef MLP_KERNELS_INSTRUCTIONS_H
#define MLP_KERNELS_INSTRUCTIONS_H

#include <mlp/mlp.h>
#include <stdbool.h>

bool mlp_has_instructions(mlp_instructions instructions);

/* The best that it has. */
mlp_instructions mlp_best_instructions(void);

/* "baseline", "AVX2", "AVX-512" */
const char *mlp_instructions_name(mlp_instructions instructions);

struct mlp_kernels; /* of one element type: kernels/kernels.h */

/* The kernels for an instruction set that the processor has; 0: for the best. */
const struct mlp_kernels *mlp_kernels_f32(mlp_instructions instructions);
const struct mlp_kernels *mlp_kernels_f64(mlp_instructions instructions);

#endif
