/* The element type. Files that work on numbers are written once and compiled twice, with
 * MLP_REAL_BITS 32 and 64: FN(bare_init) is bare_init_f32 or bare_init_f64, MLP(forward) is
 * mlp_forward_f32 or _f64, GEMM is cblas_sgemm or cblas_dgemm, MATH(exp) is expf or exp. */
#ifndef BENCH_REAL_H
#define BENCH_REAL_H

#include "bench_cblas.h" /* made by CMake */

#define BENCH_JOIN(prefix, name, suffix)  prefix##name##suffix
#define BENCH_SPELL(prefix, name, suffix) BENCH_JOIN(prefix, name, suffix)
#define BENCH_CBLAS(name)                 BENCH_SPELL(BENCH_CBLAS_PREFIX, name, BENCH_CBLAS_SUFFIX)

#if MLP_REAL_BITS == 32
typedef float REAL;
#define FN(name)       name##_f32
#define MLP(name)      mlp_##name##_f32
#define GEMM           BENCH_CBLAS(cblas_sgemm)
#define GEMV           BENCH_CBLAS(cblas_sgemv)
#define GER            BENCH_CBLAS(cblas_sger)
#define MATH(function) function##f
#define REAL_DTYPE     MLP_F32
#elif MLP_REAL_BITS == 64
typedef double REAL;
#define FN(name)       name##_f64
#define MLP(name)      mlp_##name##_f64
#define GEMM           BENCH_CBLAS(cblas_dgemm)
#define GEMV           BENCH_CBLAS(cblas_dgemv)
#define GER            BENCH_CBLAS(cblas_dger)
#define MATH(function) function
#define REAL_DTYPE     MLP_F64
#else
#error "compile with -DMLP_REAL_BITS=32 or 64"
#endif

#endif
