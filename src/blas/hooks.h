/* Functions beyond CBLAS that tell what a BLAS is, and set its threads. */
#ifndef MLP_BLAS_HOOKS_H
#define MLP_BLAS_HOOKS_H

#include <stdint.h>

/* Those of the BLAS that computes the products; NULL: it has none of that name. */
struct mlp_blas_hooks {
	int (*openblas_get_parallel)(void);
	char *(*openblas_get_config)(void);
	void (*openblas_set_num_threads)(int threads);
	int (*openblas_get_num_threads)(void);
	const char *(*bli_info_get_version_str)(void);
	void (*bli_thread_set_num_threads)(int64_t threads); /* dim_t, which may have 32 bits */
	int64_t (*bli_thread_get_num_threads)(void);         /* only: they are the low ones */
	void (*mkl_get_version_string)(char *text, int size);
	void (*mkl_set_num_threads)(int threads);
	int (*mkl_get_max_threads)(void);
	void (*omp_set_num_threads)(int threads); /* the OpenMP that everything here runs on */
	int (*omp_get_max_threads)(void);
};

/* Found at the first call. */
const struct mlp_blas_hooks *mlp_blas_hooks(void);

#endif
