/* Version, ABI and build, and the threads of the BLAS that the build runs on. */
#include <mlp/mlp.h>

#include <limits.h>

#include "base/status.h"
#include "blas/provider.h"
#include "engine/rule.h"
#include "kernels/instructions.h"

#define TEXT_OF(number) #number
#define TEXT(number)    TEXT_OF(number)
#define VERSION_STRING                                                                             \
	TEXT(MLP_VERSION_MAJOR) "." TEXT(MLP_VERSION_MINOR) "." TEXT(MLP_VERSION_PATCH)

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "unknown"
#endif

int mlp_version(void)
{
	return MLP_VERSION;
}

const char *mlp_version_string(void)
{
	return VERSION_STRING;
}

int mlp_abi_version(void)
{
	return MLP_ABI_VERSION;
}

mlp_status mlp_check_header(int header_version, int header_abi)
{
	if (header_abi != MLP_ABI_VERSION)
		return mlp_fail(MLP_ERR_VERSION, "header has ABI %, library has ABI %", header_abi,
				MLP_ABI_VERSION);
	if (header_version > MLP_VERSION)
		return mlp_fail(MLP_ERR_VERSION, "header is of version %, library of version %",
				header_version, MLP_VERSION);
	return MLP_OK;
}

const char *mlp_build_info(mlp_build_item item)
{
	switch (item) {
	case MLP_BUILD_VERSION:
		return VERSION_STRING;
	case MLP_BUILD_COMPILER:
		return COMPILER;
	case MLP_BUILD_BLAS:
		return mlp_blas_name();
	case MLP_BUILD_BLAS_CONFIG:
		return mlp_blas_config();
	case MLP_BUILD_BLAS_INTEGER:
		return mlp_blas_integer();
	case MLP_BUILD_BLAS_THREADS:
		return mlp_blas_thread_kind();
	case MLP_BUILD_INSTRUCTIONS:
		return mlp_instructions_name(mlp_best_instructions());
	case MLP_BUILD_RULE:
		return mlp_rule_text();
	case MLP_BUILD_ITEM_MAX_ENUM:
		break;
	}
	return NULL;
}

int mlp_has_feature(mlp_feature feature)
{
	switch (feature) {
	case MLP_FEATURE_F32:
	case MLP_FEATURE_F64:
	case MLP_FEATURE_TRACE:
	case MLP_FEATURE_ALLOCATOR:
	case MLP_FEATURE_POOL:
		return 1;
	case MLP_FEATURE_BLAS_LOCK:
		return mlp_blas_takes_turns();
	case MLP_FEATURE_MAX_ENUM:
		break;
	}
	return 0;
}

mlp_status mlp_blas_set_threads(int64_t threads)
{
	if (threads < 1 || threads > INT_MAX)
		return mlp_fail(MLP_ERR_SIZE, "threads is %, must be in 1 .. %", threads, INT_MAX);
	if (!mlp_blas_set_thread_count((int)threads))
		return mlp_fail(MLP_ERR_STATE, "the BLAS has no known function to set its threads");
	return MLP_OK;
}

int64_t mlp_blas_threads(void)
{
	int threads = mlp_blas_thread_count();
	if (threads == 0)
		return mlp_fail(MLP_ERR_STATE, "the BLAS does not tell how many threads it uses");
	return threads;
}
