/** @file
 * Version and build. <mlp/mlp.h> includes it. */
#ifndef MLP_BUILD_H
#define MLP_BUILD_H

#include <stdint.h>

#include <mlp/status.h>
#include <mlp/version.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup version Version and build
 * @{ */

/** Version of the library at run time: 10000 major + 100 minor + patch. @since 0.1 */
MLP_API int mlp_version(void);

/** Version of the library at run time, such as "0.1.0". @since 0.1 */
MLP_API const char *mlp_version_string(void);

/** ABI number of the library at run time (#MLP_ABI_VERSION of its header). @since 0.1 */
MLP_API int mlp_abi_version(void);

/** Whether a program compiled with a given header can use this library.
 * @param header_version  MLP_VERSION of the header
 * @param header_abi      MLP_ABI_VERSION of the header
 * @return MLP_OK; MLP_ERR_VERSION if the ABI differs or the header is newer than the library
 * @since 0.1 */
MLP_API mlp_status mlp_check_header(int header_version, int header_abi);

/** mlp_check_header() for the header in front of the compiler. */
#define MLP_CHECK_HEADER() mlp_check_header(MLP_VERSION, MLP_ABI_VERSION)

/** What mlp_build_info() can tell. */
typedef enum mlp_build_item {
	MLP_BUILD_VERSION = 1,  /**< version of libmlp */
	MLP_BUILD_COMPILER = 2, /**< compiler that built it */
	MLP_BUILD_BLAS = 3,     /**< BLAS at run time: "OpenBLAS", "BLIS", "MKL", "CBLAS" (other) */
	MLP_BUILD_BLAS_CONFIG = 4,  /**< its own description, "" if it gives none */
	MLP_BUILD_BLAS_INTEGER = 5, /**< width of its integers: "32" or "64" bits */
	MLP_BUILD_BLAS_THREADS = 6, /**< its threads: "serial", "pthread", "openmp" or "unknown" */
	MLP_BUILD_INSTRUCTIONS = 7, /**< of libmlp's own kernels: "baseline", "AVX2", "AVX-512" */
	MLP_BUILD_RULE = 8, /**< how products are cut here, one line (docs/performance.md) */
	/** No value: fixes the range of the type. */
	MLP_BUILD_ITEM_MAX_ENUM = 0x7fffffff
} mlp_build_item;

/** A fact about this build and the BLAS it runs on.
 * @return a constant string; NULL for an unknown item
 * @since 0.1 */
MLP_API const char *mlp_build_info(mlp_build_item item);

/** Set the number of threads that the BLAS library uses, for the whole process (OpenBLAS on OpenMP: for the
 * calling thread). libmlp never does that by itself, and does not need it: it is here for programs that
 * have no other way to reach the BLAS that libmlp runs on. Call it while nothing computes. The BLAS may
 * use fewer: ask mlp_blas_threads().
 * @param threads  at least 1
 * @return MLP_OK; MLP_ERR_SIZE; MLP_ERR_STATE if the BLAS has no function for it that libmlp knows
 *         (OpenBLAS, BLIS and MKL do)
 * @since 0.1 */
MLP_API mlp_status mlp_blas_set_threads(int64_t threads);

/** Number of threads that the BLAS library would use now, in this thread; MLP_ERR_STATE if it does not
 * tell. @since 0.1 */
MLP_API int64_t mlp_blas_threads(void);

/** What mlp_has_feature() can be asked for. */
typedef enum mlp_feature {
	MLP_FEATURE_F32 = 1,       /**< networks of float */
	MLP_FEATURE_F64 = 2,       /**< networks of double */
	MLP_FEATURE_TRACE = 3,     /**< workspaces that show every quantity of the lecture */
	MLP_FEATURE_ALLOCATOR = 4, /**< networks with the caller's allocator */
	MLP_FEATURE_BLAS_LOCK =
		5,            /**< the BLAS is not thread-safe; libmlp takes turns calling it */
	MLP_FEATURE_POOL = 6, /**< pools of workers */
	/** No value: fixes the range of the type. */
	MLP_FEATURE_MAX_ENUM = 0x7fffffff
} mlp_feature;

/** Whether this library, with the BLAS it runs on, has a feature.
 * @return 1 or 0; 0 for a feature that this version does not know
 * @since 0.1 */
MLP_API int mlp_has_feature(mlp_feature feature);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
