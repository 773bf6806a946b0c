/* Vectors of the instruction set that a kernel file is compiled for. Kernel files are written once and
 * compiled once per element type (MLP_REAL_BITS) and instruction set (MLP_ISA); KERNEL(name) is
 * mlp_name_baseline_f32, mlp_name_avx2_f64, ... The vectors are those of GCC and clang, which also make
 * code for other processors of them. */
#ifndef MLP_KERNELS_VECTOR_H
#define MLP_KERNELS_VECTOR_H

#include <math.h>
#include <stddef.h>
#include <string.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

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

/* What is computed in double for both types is compiled for doubles alone. */
#define MLP_JOIN_DOUBLE(name, isa)  mlp_##name##_##isa##_f64
#define MLP_SPELL_DOUBLE(name, isa) MLP_JOIN_DOUBLE(name, isa)
#define DOUBLE_KERNEL(name)         MLP_SPELL_DOUBLE(name, MLP_ISA_NAME)

#if MLP_REAL_BITS == 32
typedef int32_t REAL_INT;
#else
typedef int64_t REAL_INT;
#endif

#define VECTOR_INLINE static inline __attribute__((always_inline))

/* A register full of numbers, and of integers of the same width: the masks that comparisons give. */
typedef REAL VECTOR __attribute__((vector_size(VECTOR_BYTES)));
typedef REAL_INT VECTOR_INT __attribute__((vector_size(VECTOR_BYTES)));
typedef REAL_BITS VECTOR_BITS __attribute__((vector_size(VECTOR_BYTES))); /* shifts in zeros */

enum {
	LANES = VECTOR_BYTES / sizeof(REAL),
	DOUBLE_LANES = VECTOR_BYTES / sizeof(double),
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

/* n < LANES numbers, by halves, quarters, ... of a vector */
static inline void copy_part(REAL *to, const REAL *from, size_t n)
{
	for (size_t part = LANES / 2; part > 0; part /= 2)
		if ((n & part) != 0) {
			memcpy(to, from, part * sizeof(REAL));
			to += part;
			from += part;
		}
}

/* yes where the mask is all ones, no where it is 0 */
static inline VECTOR vector_select(VECTOR_INT mask, VECTOR yes, VECTOR no)
{
	return (VECTOR)((mask & (VECTOR_INT)yes) | (~mask & (VECTOR_INT)no));
}

/* The number of each lane. */
static inline VECTOR_INT lane_numbers(void)
{
	VECTOR_INT v = {0};
	for (size_t j = 0; j < LANES; j++)
		v[j] = (REAL_INT)j;
	return v;
}

/* The first n < LANES numbers, and `rest` in the others; and the first n stored. By a mask where there are
 * such instructions: a copy has to wait for its parts to reach the cache before it is loaded. */
#if defined(__AVX512F__) && VECTOR_BYTES == 64
static inline VECTOR vector_load_part(const REAL *p, size_t n, REAL rest)
{
#if MLP_REAL_BITS == 32
	return _mm512_mask_loadu_ps(rest - (VECTOR){0}, (__mmask16)((1U << n) - 1), p);
#else
	return _mm512_mask_loadu_pd(rest - (VECTOR){0}, (__mmask8)((1U << n) - 1), p);
#endif
}

static inline void vector_store_part(REAL *p, size_t n, VECTOR v)
{
#if MLP_REAL_BITS == 32
	_mm512_mask_storeu_ps(p, (__mmask16)((1U << n) - 1), v);
#else
	_mm512_mask_storeu_pd(p, (__mmask8)((1U << n) - 1), v);
#endif
}
#elif defined(__AVX2__) && VECTOR_BYTES == 32
static inline VECTOR vector_load_part(const REAL *p, size_t n, REAL rest)
{
	VECTOR_INT first = lane_numbers() < (REAL_INT)n;
#if MLP_REAL_BITS == 32
	VECTOR v = _mm256_maskload_ps(p, (__m256i)first);
#else
	VECTOR v = _mm256_maskload_pd(p, (__m256i)first);
#endif
	return vector_select(first, v, rest - (VECTOR){0});
}

static inline void vector_store_part(REAL *p, size_t n, VECTOR v)
{
	VECTOR_INT first = lane_numbers() < (REAL_INT)n;
#if MLP_REAL_BITS == 32
	_mm256_maskstore_ps(p, (__m256i)first, v);
#else
	_mm256_maskstore_pd(p, (__m256i)first, v);
#endif
}
#else
static inline VECTOR vector_load_part(const REAL *p, size_t n, REAL rest)
{
	REAL lane[LANES];
	for (size_t i = 0; i < LANES; i++)
		lane[i] = rest;
	copy_part(lane, p, n);
	return vector_load(lane);
}

static inline void vector_store_part(REAL *p, size_t n, VECTOR v)
{
	REAL lane[LANES];
	vector_store(lane, v);
	copy_part(p, lane, n);
}
#endif

/* n numbers, but no more than LANES. */
static inline VECTOR vector_load_most(const REAL *p, size_t n, REAL rest)
{
	return n >= LANES ? vector_load(p) : vector_load_part(p, n, rest);
}

static inline void vector_store_most(REAL *p, size_t n, VECTOR v)
{
	if (n >= LANES)
		vector_store(p, v);
	else
		vector_store_part(p, n, v);
}

static inline VECTOR vector_all(REAL value)
{
	return value - (VECTOR){0};
}

/* v where the mask is 0, 0 where it is all ones */
static inline VECTOR vector_unless(VECTOR_INT mask, VECTOR v)
{
	return (VECTOR)(~mask & (VECTOR_INT)v);
}

/* The sign bits alone. */
static inline VECTOR_INT vector_sign(VECTOR v)
{
	return (VECTOR_INT)v & (VECTOR_INT)vector_all(-(REAL)0);
}

static inline VECTOR vector_abs(VECTOR v)
{
	return (VECTOR)((VECTOR_INT)v ^ vector_sign(v));
}

/* The magnitude of v >= 0 with the sign of `sign`. */
static inline VECTOR vector_with_sign(VECTOR v, VECTOR sign)
{
	return (VECTOR)((VECTOR_INT)v | vector_sign(sign));
}

/* Added to a number, this is nothing at all, -0 included; compilers leave it out. */
#define NOTHING vector_all(-(REAL)0)

/* sum += v, lane by lane, in double */
VECTOR_INLINE void add_lanes(VECTOR v, double sum[LANES])
{
	for (size_t j = 0; j < LANES; j++)
		sum[j] += (double)v[j];
}

/* in pairs */
VECTOR_INLINE double sum_of_lanes(const double sum[LANES])
{
	double part[LANES];
	memcpy(part, sum, sizeof(part));
	for (size_t half = LANES / 2; half > 0; half /= 2)
		for (size_t j = 0; j < half; j++)
			part[j] += part[j + half];
	return part[0];
}

/* The larger, the smaller; v if it is NaN. */
static inline VECTOR vector_at_least(VECTOR v, VECTOR bound)
{
	return vector_select(v < bound, bound, v);
}

static inline VECTOR vector_at_most(VECTOR v, VECTOR bound)
{
	return vector_select(v > bound, bound, v);
}

/* Correctly rounded, as IEEE 754 wants it. */
static inline VECTOR vector_sqrt(VECTOR v)
{
#if defined(__AVX512F__) && VECTOR_BYTES == 64 && MLP_REAL_BITS == 32
	return _mm512_sqrt_ps(v);
#elif defined(__AVX512F__) && VECTOR_BYTES == 64
	return _mm512_sqrt_pd(v);
#elif defined(__AVX2__) && VECTOR_BYTES == 32 && MLP_REAL_BITS == 32
	return _mm256_sqrt_ps(v);
#elif defined(__AVX2__) && VECTOR_BYTES == 32
	return _mm256_sqrt_pd(v);
#elif defined(__SSE2__) && MLP_REAL_BITS == 32
	return _mm_sqrt_ps(v);
#elif defined(__SSE2__)
	return _mm_sqrt_pd(v);
#else
	for (size_t j = 0; j < LANES; j++)
		v[j] = MATH(sqrt)(v[j]);
	return v;
#endif
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
