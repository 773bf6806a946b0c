/* Which BLAS the process runs on. */
#include "blas/provider.h"

#include <stddef.h>
#include <string.h>

#include "base/cancellation.h"
#include "base/lock.h"
#include "blas/cblas_names.h"
#include "blas/hooks.h"

static mlp_mutex turn = MLP_MUTEX_INIT;

/* OpenBLAS's own numbers: 0 no threads, 1 its own threads, 2 OpenMP; -1: not OpenBLAS. */
static int openblas_parallel(void)
{
	int (*get)(void) = mlp_blas_hooks()->openblas_get_parallel;
	return get != NULL ? get() : -1;
}

static bool is_blis(void)
{
	return openblas_parallel() < 0 && mlp_blas_hooks()->bli_info_get_version_str != NULL;
}

static bool is_mkl(void)
{
	return openblas_parallel() < 0 && !is_blis() &&
	       mlp_blas_hooks()->mkl_set_num_threads != NULL;
}

const char *mlp_blas_name(void)
{
	if (openblas_parallel() >= 0)
		return "OpenBLAS";
	return is_blis() ? "BLIS" : is_mkl() ? "MKL" : "CBLAS";
}

/* OpenBLAS writes its description anew at every call, all threads into one buffer: copied once. */
static mlp_once config_once = MLP_ONCE_INIT;
static char config[256];

static void read_config(void)
{
	const struct mlp_blas_hooks *hooks = mlp_blas_hooks();
	const char *text = NULL;
	if (openblas_parallel() >= 0 && hooks->openblas_get_config != NULL)
		text = hooks->openblas_get_config();
	else if (is_blis())
		text = hooks->bli_info_get_version_str();
	else if (is_mkl() && hooks->mkl_get_version_string != NULL)
		hooks->mkl_get_version_string(config, sizeof(config));
	if (text != NULL)
		strncpy(config, text, sizeof(config) - 1);
	config[sizeof(config) - 1] = 0;
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
	if (openblas_parallel() < 0)
		return false;
	const char *text = mlp_blas_config();
	int version[3] = {0};
	if (strncmp(text, name, strlen(name)) != 0)
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

static bool set_thread_count(int threads)
{
	const struct mlp_blas_hooks *hooks = mlp_blas_hooks();
	if (openblas_parallel() >= 0 && hooks->openblas_set_num_threads != NULL)
		hooks->openblas_set_num_threads(threads);
	else if (is_blis() && hooks->bli_thread_set_num_threads != NULL)
		hooks->bli_thread_set_num_threads(threads);
	else if (is_mkl())
		hooks->mkl_set_num_threads(threads);
	else
		return false;
	return true;
}

static int thread_count(void)
{
	const struct mlp_blas_hooks *hooks = mlp_blas_hooks();
	int threads = 0;
	if (openblas_parallel() == 2 && hooks->omp_get_max_threads != NULL)
		threads =
			hooks->omp_get_max_threads(); /* what OpenBLAS itself asks at every call */
	else if (openblas_parallel() >= 0 && hooks->openblas_get_num_threads != NULL)
		threads = hooks->openblas_get_num_threads();
	else if (is_blis() && hooks->bli_thread_get_num_threads != NULL)
		threads = (int)hooks->bli_thread_get_num_threads();
	else if (is_mkl() && hooks->mkl_get_max_threads != NULL)
		threads = hooks->mkl_get_max_threads();
	return threads > 0 ? threads : 0;
}

/* Either may be the first call that the BLAS gets, and read files with a lock held. */

bool mlp_blas_set_thread_count(int threads)
{
	int cancellation = mlp_cancellation_hold();
	bool is_set = set_thread_count(threads);
	mlp_cancellation_release(cancellation);
	return is_set;
}

int mlp_blas_thread_count(void)
{
	int cancellation = mlp_cancellation_hold();
	int threads = thread_count();
	mlp_cancellation_release(cancellation);
	return threads;
}

int mlp_blas_quiet_begin(void)
{
	const struct mlp_blas_hooks *hooks = mlp_blas_hooks();
	if (openblas_parallel() != 2 || hooks->omp_get_max_threads == NULL ||
	    hooks->omp_set_num_threads == NULL)
		return 0;
	int old = hooks->omp_get_max_threads();
	if (old <= 1)
		return 0;
	hooks->omp_set_num_threads(1);
	return old;
}

void mlp_blas_quiet_end(int old)
{
	if (old > 0)
		mlp_blas_hooks()->omp_set_num_threads(old);
}
