/* Which BLAS the process runs on, and how it must be called. */
#ifndef MLP_BLAS_PROVIDER_H
#define MLP_BLAS_PROVIDER_H

#include <stdbool.h>

/* "OpenBLAS", "BLIS" or "CBLAS" (any other). */
const char *mlp_blas_name(void);

/* What the provider says of itself; "" if it says nothing. */
const char *mlp_blas_config(void);

/* "32" or "64". */
const char *mlp_blas_integer(void);

/* "serial", "pthread", "openmp" or "unknown". */
const char *mlp_blas_threads(void);

/* Whether calls from several threads must take turns: OpenBLAS built without threads has packing
 * buffers without locks, and gives silently wrong results otherwise. */
bool mlp_blas_takes_turns(void);

/* Before and after every BLAS call that uses such buffers. */
void mlp_blas_enter(void);
void mlp_blas_leave(void);

#endif
