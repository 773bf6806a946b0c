/* The rate of multiply-adds in registers. Compiled with -ffp-contract=fast: x * a + b on vectors
 * becomes one instruction where the processor has it. */
#include "fma.h"

/* The compiler can neither know what is read nor leave out what is written. */
static volatile REAL factor = (REAL)0.5, term = (REAL)0.5, sink;

enum { CHAINS = 12 }; /* 16 registers hold them, and two units of latency 4 need 8 */

/* Chains of vectors of `bytes`. Their starts differ, or the compiler would make one of them. */
#define DEFINE_FMA(name, target, bytes)                                                            \
	target static void name(void *context)                                                     \
	{                                                                                          \
		typedef REAL vector __attribute__((vector_size(bytes)));                           \
		enum { LANES = (bytes) / sizeof(REAL) };                                           \
		vector a = (vector){0} + factor, b = (vector){0} + term;                           \
		vector c0 = a, c1 = c0 + 1, c2 = c1 + 1, c3 = c2 + 1, c4 = c3 + 1, c5 = c4 + 1;    \
		vector c6 = c5 + 1, c7 = c6 + 1, c8 = c7 + 1, c9 = c8 + 1, c10 = c9 + 1;           \
		vector c11 = c10 + 1;                                                              \
		(void)context;                                                                     \
		for (int i = 0; i < FMA_FLOP / (2 * CHAINS * LANES); i++) {                        \
			c0 = c0 * a + b, c1 = c1 * a + b, c2 = c2 * a + b, c3 = c3 * a + b;        \
			c4 = c4 * a + b, c5 = c5 * a + b, c6 = c6 * a + b, c7 = c7 * a + b;        \
			c8 = c8 * a + b, c9 = c9 * a + b, c10 = c10 * a + b, c11 = c11 * a + b;    \
		}                                                                                  \
		c0 += c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11;                      \
		REAL sum = 0;                                                                      \
		for (int i = 0; i < LANES; i++)                                                    \
			sum += c0[i];                                                              \
		sink = sum;                                                                        \
	}

DEFINE_FMA(run_baseline, , 16)
#if defined(__x86_64__) || defined(__i386__)
DEFINE_FMA(run_avx2, __attribute__((target("avx2,fma"))), 32)
DEFINE_FMA(run_avx512, __attribute__((target("avx512f"))), 64)
#endif

void FN(fma_add)(struct tasks *tasks)
{
	tasks_add(tasks, FMA, "baseline", OURS, run_baseline, NULL);
#if defined(__x86_64__) || defined(__i386__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		tasks_add(tasks, FMA, "AVX2", OURS, run_avx2, NULL);
	if (__builtin_cpu_supports("avx512f"))
		tasks_add(tasks, FMA, "AVX-512", OURS, run_avx512, NULL);
#endif
}
