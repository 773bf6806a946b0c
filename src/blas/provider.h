/* Which BLAS the process runs on, and how it must be called. */
#ifndef MLP_BLAS_PROVIDER_H
#define MLP_BLAS_PROVIDER_H

#include <stdbool.h>

/* "OpenBLAS", "BLIS", "MKL" or "CBLAS" (any other). */
const char *mlp_blas_name(void);

/* What the provider says of itself; "" if it says nothing. */
const char *mlp_blas_config(void);

/* "32" or "64". */
const char *mlp_blas_integer(void);

/* "serial", "pthread", "openmp" or "unknown". */
const char *mlp_blas_thread_kind(void);

/* Whether calls from several threads must take turns: OpenBLAS built without threads has packing
 * buffers without locks, and gives silently wrong results otherwise. */
bool mlp_blas_takes_turns(void);

/* Before and after every BLAS call that uses such buffers or might wake threads: takes turns where it must,
 * and is quiet (see below). The second is given what the first returned. */
int mlp_blas_enter(void);
void mlp_blas_leave(int old);

/* Whether small products have a path of their own, without packing, locks and threads: OpenBLAS on
 * processors with AVX-512. */
bool mlp_blas_has_small_path(void);

/* Whether calls of more than 64^3 multiply-adds may wake threads that other calls would do without. */
bool mlp_blas_wakes_threads(void);

/* Set the number of threads of the whole process's BLAS; false if it has no known function for that. */
bool mlp_blas_set_thread_count(int threads);

/* Threads that a call from this thread would use now, at least 1; 0 if the BLAS does not tell. */
int mlp_blas_thread_count(void);

/* Between these two, calls from this thread wake no threads of OpenBLAS's OpenMP flavour. For other
 * providers, whose setting is that of the whole process, they do nothing. */
int mlp_blas_quiet_begin(void);
void mlp_blas_quiet_end(int old);

#endif
