/* The element type of files that are compiled for both: MLP_REAL_BITS is 32 or 64, FN(name) is mlp_name_f32 or
 * mlp_name_f64, PLAY(name) is play_name_f32 or play_name_f64. */
#ifndef MLP_TESTS_FUZZ_API_REAL_H
#define MLP_TESTS_FUZZ_API_REAL_H

#include "fuzz/api_array.h"
#include "fuzz/api_scene.h"

#if MLP_REAL_BITS == 32
typedef float REAL;
#define FN(name)   mlp_##name##_f32
#define PLAY(name) play_##name##_f32
#define REAL_DTYPE MLP_F32
#else
typedef double REAL;
#define FN(name)   mlp_##name##_f64
#define PLAY(name) play_##name##_f64
#define REAL_DTYPE MLP_F64
#endif

/* What a call that computes with a network and a workspace may say. */
#define COMPUTING                                                                                  \
	MLP_ERR_NULL, MLP_ERR_DTYPE, MLP_ERR_SHAPE, MLP_ERR_SIZE, MLP_ERR_BATCH, MLP_ERR_STRIDE,   \
		MLP_ERR_OVERFLOW, MLP_ERR_STATE

/* And one that computes a loss. */
#define LOSING COMPUTING, MLP_ERR_VALUE, MLP_ERR_LOSS, MLP_ERR_INDEX, MLP_ERR_NONFINITE

#endif
