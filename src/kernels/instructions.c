/* Which instruction sets the processor has. */
#include "kernels/instructions.h"

#include <stddef.h>

#ifdef MLP_HAVE_X86_KERNELS
static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif

bool mlp_has_instructions(mlp_instructions instructions)
{
	switch (instructions) {
	case MLP_INSTRUCTIONS_BASELINE:
		return true;
#ifdef MLP_HAVE_X86_KERNELS
	case MLP_INSTRUCTIONS_AVX2:
		return has_avx2();
	case MLP_INSTRUCTIONS_AVX512:
		return has_avx2() && __builtin_cpu_supports("avx512f") &&
		       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
		       __builtin_cpu_supports("avx512vl");
#else
	case MLP_INSTRUCTIONS_AVX2:
	case MLP_INSTRUCTIONS_AVX512:
		return false;
#endif
	case MLP_INSTRUCTIONS_MAX_ENUM:
		break;
	}
	return false;
}

mlp_instructions mlp_best_instructions(void)
{
	if (mlp_has_instructions(MLP_INSTRUCTIONS_AVX512))
		return MLP_INSTRUCTIONS_AVX512;
	return mlp_has_instructions(MLP_INSTRUCTIONS_AVX2) ? MLP_INSTRUCTIONS_AVX2
							   : MLP_INSTRUCTIONS_BASELINE;
}

const char *mlp_instructions_name(mlp_instructions instructions)
{
	switch (instructions) {
	case MLP_INSTRUCTIONS_BASELINE:
		return "baseline";
	case MLP_INSTRUCTIONS_AVX2:
		return "AVX2";
	case MLP_INSTRUCTIONS_AVX512:
		return "AVX-512";
	case MLP_INSTRUCTIONS_MAX_ENUM:
		break;
	}
	return NULL;
}
