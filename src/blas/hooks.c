/* Hooks are weak references: libmlp links to CBLAS only, and the same binary runs on every provider of
 * libblas.so.3. Of two BLAS libraries in a process one may give the products and the other what the linker
 * finds as a hook. An OpenBLAS without threads would pass for one with threads then, and compute wrong products
 * in silence. So only hooks that come with the products count. */
#include "blas/hooks.h"

#include "base/library.h"
#include "base/lock.h"
#include "blas/cblas_names.h"

static struct mlp_blas_hooks hooks;

#if defined(__GNUC__) && !defined(__APPLE__) && !defined(_WIN32)

extern int MLP_OPENBLAS(get_parallel)(void) __attribute__((weak));
extern char *MLP_OPENBLAS(get_config)(void) __attribute__((weak));
extern void MLP_OPENBLAS(set_num_threads)(int) __attribute__((weak));
extern int MLP_OPENBLAS(get_num_threads)(void) __attribute__((weak));
extern const char *bli_info_get_version_str(void) __attribute__((weak));
extern void bli_thread_set_num_threads(int64_t) __attribute__((weak));
extern int64_t bli_thread_get_num_threads(void) __attribute__((weak));
extern void MKL_Get_Version_String(char *, int) __attribute__((weak));
extern void MKL_Set_Num_Threads(int) __attribute__((weak));
extern int MKL_Get_Max_Threads(void) __attribute__((weak));
extern void omp_set_num_threads(int) __attribute__((weak));
extern int omp_get_max_threads(void) __attribute__((weak));

#define TEXT_OF(name) #name
#define TEXT(name)    TEXT_OF(name)
#define OWN(name)                                                                                  \
	mlp_function_beside((mlp_function)MLP_CBLAS(sgemm), TEXT(name), (mlp_function)(name))

static void find_hooks(void)
{
	hooks.openblas_get_parallel = (int (*)(void))OWN(MLP_OPENBLAS(get_parallel));
	hooks.openblas_get_config = (char *(*)(void))OWN(MLP_OPENBLAS(get_config));
	hooks.openblas_set_num_threads = (void (*)(int))OWN(MLP_OPENBLAS(set_num_threads));
	hooks.openblas_get_num_threads = (int (*)(void))OWN(MLP_OPENBLAS(get_num_threads));
	hooks.bli_info_get_version_str = (const char *(*)(void))OWN(bli_info_get_version_str);
	hooks.bli_thread_set_num_threads = (void (*)(int64_t))OWN(bli_thread_set_num_threads);
	hooks.bli_thread_get_num_threads = (int64_t(*)(void))OWN(bli_thread_get_num_threads);
	hooks.mkl_get_version_string = (void (*)(char *, int))OWN(MKL_Get_Version_String);
	hooks.mkl_set_num_threads = (void (*)(int))OWN(MKL_Set_Num_Threads);
	hooks.mkl_get_max_threads = (int (*)(void))OWN(MKL_Get_Max_Threads);
	/* a BLAS calls the OpenMP that the linker finds, not the one that it was linked to */
	hooks.omp_set_num_threads = omp_set_num_threads;
	hooks.omp_get_max_threads = omp_get_max_threads;
}

#else

static void find_hooks(void)
{
}

#endif

const struct mlp_blas_hooks *mlp_blas_hooks(void)
{
	static mlp_once once = MLP_ONCE_INIT;
	mlp_run_once(&once, find_hooks);
	return &hooks;
}
