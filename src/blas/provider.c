/* Which BLAS the process runs on. Its hooks are weak references: libmlp links to CBLAS only, and the
 * same binary runs on every provider of libblas.so.3. */
#include "blas/provider.h"

#include <stddef.h>
#include <string.h>

#include "base/lock.h"
#include "blas/cblas_names.h"

#if defined(__GNUC__) && !defined(__APPLE__) && !defined(_WIN32)
#define HAVE_WEAK 1
#endif

#ifdef HAVE_WEAK
extern char *MLP_OPENBLAS(get_config)(void) __attribute__((weak));
extern int MLP_OPENBLAS(get_parallel)(void) __attribute__((weak));
extern const char *bli_info_get_version_str(void) __attribute__((weak));
#endif

static mlp_mutex turn = MLP_MUTEX_INIT;

/* OpenBLAS's own numbers: 0 no threads, 1 its own threads, 2 OpenMP; -1: not OpenBLAS. */
static int openblas_parallel(void)
{
#ifdef HAVE_WEAK
	if (MLP_OPENBLAS(get_parallel) != NULL)
		return MLP_OPENBLAS(get_parallel)();
#endif
	return -1;
}

static bool is_blis(void)
{
#ifdef HAVE_WEAK
	return openblas_parallel() < 0 && bli_info_get_version_str != NULL;
#else
	return false;
#endif
}

const char *mlp_blas_name(void)
{
	if (openblas_parallel() >= 0)
		return "OpenBLAS";
	return is_blis() ? "BLIS" : "CBLAS";
}

/* OpenBLAS writes its description anew at every call, all threads into one buffer: copied once. */
static mlp_once config_once = MLP_ONCE_INIT;
static char config[256];

static void read_config(void)
{
	const char *text = NULL;
#ifdef HAVE_WEAK
	if (openblas_parallel() >= 0 && MLP_OPENBLAS(get_config) != NULL)
		text = MLP_OPENBLAS(get_config)();
	else if (is_blis())
		text = bli_info_get_version_str();
#endif
	if (text != NULL)
		strncpy(config, text, sizeof(config) - 1); /* the last byte stays 0 */
}

const char *mlp_blas_config(void)
{
	mlp_run_once(&config_once, read_config);
	return config;
}

const char *mlp_blas_integer(void)
{
	return strstr(mlp_blas_config(), "USE64BITINT") != NULL ? "64" : MLP_BLAS_INTEGER;
}

const char *mlp_blas_threads(void)
{
	switch (openblas_parallel()) {
	case 0:
		return "serial";
	case 1:
		return "pthread";
	case 2:
		return "openmp";
	default:
		return "unknown";
	}
}

bool mlp_blas_takes_turns(void)
{
	return openblas_parallel() == 0;
}

void mlp_blas_enter(void)
{
	if (mlp_blas_takes_turns())
		mlp_mutex_lock(&turn);
}

void mlp_blas_leave(void)
{
	if (mlp_blas_takes_turns())
		mlp_mutex_unlock(&turn);
}
