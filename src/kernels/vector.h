/* Vectors of the instruction set that a kernel file is compiled for. Kernel files are written once and
 * compiled once per element type (MLP_REAL_BITS) and instruction set (MLP_ISA); KERNEL(name) is
 * mlp_name_f32_baseline, mlp_name_f64_avx2, ... The vectors are those of GCC and clang, which also make
 * code for other processors of them. */
#ifndef MLP_KERNELS_VECTOR_H
#define MLP_KERNELS_VECTOR_H

#include <stddef.h>
#include <string.h>

#include "base/real.h"

#if MLP_ISA == 1
#define MLP_ISA_NAME baseline
#define VECTOR_BYTES 16
#elif MLP_ISA == 2
#define MLP_ISA_NAME avx2
#define VECTOR_BYTES 32
#elif MLP_ISA == 3
#define MLP_ISA_NAME avx512
#define VECTOR_BYTES 64
#else
#error "compile with -DMLP_ISA=1, 2 or 3"
#endif

#define MLP_JOIN_KERNEL(name, isa)  FN(name##_##isa)
#define MLP_SPELL_KERNEL(name, isa) MLP_JOIN_KERNEL(name, isa)
#define KERNEL(name)                MLP_SPELL_KERNEL(name, MLP_ISA_NAME)

#if MLP_REAL_BITS == 32
typedef int32_t REAL_INT;
#else
typedef int64_t REAL_INT;
#endif

/* A register full of numbers, and of integers of the same width: the masks that comparisons give. */
typedef REAL VECTOR __attribute__((vector_size(VECTOR_BYTES)));
typedef REAL_INT VECTOR_INT __attribute__((vector_size(VECTOR_BYTES)));

enum {
	LANES = VECTOR_BYTES / sizeof(REAL),
	LINE = 64 / sizeof(REAL) /* of a cache line */
};

static inline VECTOR vector_load(const REAL *p)
{
	VECTOR v;
	memcpy(&v, p, sizeof(v)); /* one unaligned load */
	return v;
}

static inline void vector_store(REAL *p, VECTOR v)
{
	memcpy(p, &v, sizeof(v));
}

/* The first n < LANES numbers, and `rest` in the others. */
static inline VECTOR vector_load_part(const REAL *p, size_t n, REAL rest)
{
	REAL lane[LANES];
	for (size_t i = 0; i < LANES; i++)
		lane[i] = i < n ? p[i] : rest;
	return vector_load(lane);
}

static inline void vector_store_part(REAL *p, size_t n, VECTOR v)
{
	REAL lane[LANES];
	vector_store(lane, v);
	for (size_t i = 0; i < n && i < LANES; i++)
		p[i] = lane[i];
}

static inline VECTOR vector_all(REAL value)
{
	return value - (VECTOR){0};
}

/* yes where the mask is all ones, no where it is 0 */
static inline VECTOR vector_select(VECTOR_INT mask, VECTOR yes, VECTOR no)
{
	return (VECTOR)((mask & (VECTOR_INT)yes) | (~mask & (VECTOR_INT)no));
}

/* Four numbers, whatever the registers hold. */
typedef REAL VECTOR_4 __attribute__((vector_size(4 * sizeof(REAL))));

/* Half the lanes of a vector are added to the other half until four are left. */
static inline VECTOR_4 vector_fold(VECTOR v)
{
#if VECTOR_BYTES * 8 / MLP_REAL_BITS == 16
	typedef REAL HALF __attribute__((vector_size(8 * sizeof(REAL))));
	HALF h = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
		 __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
	return __builtin_shufflevector(h, h, 0, 1, 2, 3) +
	       __builtin_shufflevector(h, h, 4, 5, 6, 7);
#elif VECTOR_BYTES * 8 / MLP_REAL_BITS == 8
	return __builtin_shufflevector(v, v, 0, 1, 2, 3) +
	       __builtin_shufflevector(v, v, 4, 5, 6, 7);
#elif VECTOR_BYTES * 8 / MLP_REAL_BITS == 4
	return v;
#else
	return (VECTOR_4){v[0], v[1]};
#endif
}

/* The sums of the lanes of four vectors. */
static inline VECTOR_4 vector_sums(VECTOR v0, VECTOR v1, VECTOR v2, VECTOR v3)
{
	VECTOR_4 a = vector_fold(v0), b = vector_fold(v1), c = vector_fold(v2), d = vector_fold(v3);
	VECTOR_4 ab = __builtin_shufflevector(a, b, 0, 4, 2, 6) +
		      __builtin_shufflevector(a, b, 1, 5, 3, 7);
	VECTOR_4 cd = __builtin_shufflevector(c, d, 0, 4, 2, 6) +
		      __builtin_shufflevector(c, d, 1, 5, 3, 7);
	return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) +
	       __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

static inline REAL vector_sum(VECTOR v)
{
	VECTOR_4 a = vector_fold(v);
	return (a[0] + a[1]) + (a[2] + a[3]);
}

#endif
