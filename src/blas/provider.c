/* Which BLAS the process runs on. Its hooks are weak references: libmlp links to CBLAS only, and the
 * same binary runs on every provider of libblas.so.3. */
#include "blas/provider.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/cancellation.h"
#include "base/lock.h"
#include "blas/cblas_names.h"

#if defined(__GNUC__) && !defined(__APPLE__) && !defined(_WIN32)
#define HAVE_WEAK 1
#endif

#ifdef HAVE_WEAK
extern char *MLP_OPENBLAS(get_config)(void) __attribute__((weak));
extern int MLP_OPENBLAS(get_parallel)(void) __attribute__((weak));
extern void MLP_OPENBLAS(set_num_threads)(int) __attribute__((weak));
extern int MLP_OPENBLAS(get_num_threads)(void) __attribute__((weak));
extern const char *bli_info_get_version_str(void) __attribute__((weak));
extern void bli_thread_set_num_threads(int64_t) __attribute__((weak)); /* dim_t: see below */
extern int64_t bli_thread_get_num_threads(void) __attribute__((weak));
extern void MKL_Set_Num_Threads(int) __attribute__((weak));
extern int MKL_Get_Max_Threads(void) __attribute__((weak));
extern void omp_set_num_threads(int) __attribute__((weak)); /* the OpenMP that OpenBLAS runs on */
extern int omp_get_max_threads(void) __attribute__((weak));
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

const char *mlp_blas_thread_kind(void)
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

/* Whether the description begins with "OpenBLAS x.y.z" of at least 0.3.`patch`. */
static bool is_openblas_from(int patch)
{
	static const char name[] = "OpenBLAS ";
	const char *text = mlp_blas_config();
	int version[3] = {0};
	if (openblas_parallel() < 0 || strncmp(text, name, strlen(name)) != 0)
		return false;
	text += strlen(name);
	for (int i = 0; i < 3; i++) {
		if (*text < '0' || *text > '9')
			return false;
		for (; *text >= '0' && *text <= '9' && version[i] < 1000; text++)
			version[i] = version[i] * 10 + (*text - '0');
		if (i < 2 && *text++ != '.')
			return false;
	}
	return version[0] > 0 || version[1] > 3 || (version[1] == 3 && version[2] >= patch);
}

/* Since 0.3.18; earlier ones know the same processors, but not that path. */
bool mlp_blas_has_small_path(void)
{
	static const char *const cores[] = {"SkylakeX", "Cooperlake", "SapphireRapids"};
	if (!is_openblas_from(18))
		return false;
	for (size_t i = 0; i < sizeof(cores) / sizeof(*cores); i++)
		if (strstr(mlp_blas_config(), cores[i]) != NULL)
			return true;
	return false;
}

bool mlp_blas_wakes_threads(void)
{
	return openblas_parallel() > 0;
}

bool mlp_blas_takes_turns(void)
{
	return openblas_parallel() == 0;
}

/* A child forked while another thread has its turn would wait for it for ever. */
static mlp_once watch_once = MLP_ONCE_INIT;

static void reset_turn(void)
{
	mlp_mutex_reset(&turn);
}

static void watch_forks(void)
{
	(void)mlp_in_forked_child(reset_turn); /* without memory for it, forks are as they were */
}

int mlp_blas_enter(void)
{
	if (!mlp_blas_takes_turns())
		return mlp_blas_quiet_begin();
	mlp_run_once(&watch_once, watch_forks);
	int cancellation = mlp_cancellation_hold();
	mlp_mutex_lock(&turn);
	return cancellation;
}

void mlp_blas_leave(int old)
{
	if (mlp_blas_takes_turns()) {
		mlp_mutex_unlock(&turn);
		mlp_cancellation_release(old);
	} else {
		mlp_blas_quiet_end(old);
	}
}

#ifdef HAVE_WEAK

bool mlp_blas_set_thread_count(int threads)
{
	if (openblas_parallel() >= 0 && MLP_OPENBLAS(set_num_threads) != NULL)
		MLP_OPENBLAS(set_num_threads)(threads);
	else if (is_blis() && bli_thread_set_num_threads != NULL)
		bli_thread_set_num_threads(threads);
	else if (MKL_Set_Num_Threads != NULL)
		MKL_Set_Num_Threads(threads);
	else
		return false;
	return true;
}

int mlp_blas_thread_count(void)
{
	int threads = 0;
	if (openblas_parallel() == 2 && omp_get_max_threads != NULL)
		threads = omp_get_max_threads(); /* what OpenBLAS itself asks at every call */
	else if (openblas_parallel() >= 0 && MLP_OPENBLAS(get_num_threads) != NULL)
		threads = MLP_OPENBLAS(get_num_threads)();
	else if (is_blis() && bli_thread_get_num_threads != NULL)
		threads = (int)bli_thread_get_num_threads(); /* its dim_t may have 32 bits only */
	else if (MKL_Get_Max_Threads != NULL)
		threads = MKL_Get_Max_Threads();
	return threads > 0 ? threads : 0;
}

int mlp_blas_quiet_begin(void)
{
	if (openblas_parallel() != 2 || omp_get_max_threads == NULL || omp_set_num_threads == NULL)
		return 0;
	int old = omp_get_max_threads();
	if (old <= 1)
		return 0;
	omp_set_num_threads(1);
	return old;
}

void mlp_blas_quiet_end(int old)
{
	if (old > 0)
		omp_set_num_threads(old);
}

#else

bool mlp_blas_set_thread_count(int threads)
{
	(void)threads;
	return false;
}

int mlp_blas_thread_count(void)
{
	return 0;
}

int mlp_blas_quiet_begin(void)
{
	return 0;
}

void mlp_blas_quiet_end(int old)
{
	(void)old;
}

#endif
