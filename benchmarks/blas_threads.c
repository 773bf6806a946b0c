/* Threads of the BLAS, through whichever functions the loaded one has. They are looked up at run time:
 * the same program runs on every provider of libblas.so.3. */
#include "blas_threads.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "bench_cblas.h" /* made by CMake */

#define TEXT_OF(name)  #name
#define TEXT(name)     TEXT_OF(name)
#define OPENBLAS(name) TEXT(BENCH_CBLAS_PREFIX) "openblas_" name TEXT(BENCH_CBLAS_SUFFIX)

static void (*set_int)(int);      /* OpenBLAS, MKL */
static int (*get_int)(void);      /* ditto */
static void (*set_wide)(int64_t); /* BLIS */
static int64_t (*get_wide)(void);

/* The address of a function, or NULL: the way that POSIX gives from object to function pointers. */
static bool find(void *program, const char *name, void *function)
{
	void *address = dlsym(program, name);
	memcpy(function, &address, sizeof address);
	return address != NULL;
}

static void find_functions(void)
{
	void *program = dlopen(NULL, RTLD_LAZY);
	if (program == NULL)
		return;
	if (find(program, OPENBLAS("set_num_threads"), &set_int))
		find(program, OPENBLAS("get_num_threads"), &get_int);
	else if (find(program, "MKL_Set_Num_Threads", &set_int))
		find(program, "MKL_Get_Max_Threads", &get_int);
	else if (find(program, "bli_thread_set_num_threads", &set_wide))
		find(program, "bli_thread_get_num_threads", &get_wide);
	dlclose(program);
}

int64_t blas_threads_set(int64_t threads)
{
	static bool is_known = false;
	static int64_t asked = 0, granted = 0;
	if (!is_known)
		find_functions();
	is_known = true;
	if (threads == asked)
		return granted;
	asked = threads;
	if (set_int != NULL) {
		set_int((int)threads);
		granted = get_int != NULL ? get_int() : threads;
	} else if (set_wide != NULL) {
		set_wide(threads);
		granted = get_wide != NULL ? get_wide() : threads;
	}
	return granted;
}
