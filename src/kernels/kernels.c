/* The kernels for the processor at hand. */
#include "kernels/kernels.h"

extern const struct mlp_kernels FN(table_baseline);
#ifdef MLP_HAVE_X86_KERNELS
extern const struct mlp_kernels FN(table_avx2), FN(table_avx512);
#endif

const struct mlp_kernels *FN(kernels)(mlp_instructions instructions)
{
	switch (instructions != 0 ? instructions : mlp_best_instructions()) {
#ifdef MLP_HAVE_X86_KERNELS
	case MLP_INSTRUCTIONS_AVX512:
		return &FN(table_avx512);
	case MLP_INSTRUCTIONS_AVX2:
		return &FN(table_avx2);
#endif
	default:
		return &FN(table_baseline);
	}
}
