/* The spelling of the chosen CBLAS's functions: MLP_CBLAS(sgemm) is cblas_sgemm unless the build was
 * given a prefix or a suffix (scipy_cblas_sgemm, cblas_sgemm64_). */
#ifndef MLP_BLAS_CBLAS_NAMES_H
#define MLP_BLAS_CBLAS_NAMES_H

#include "mlp_cblas_config.h" /* made by CMake: includes the header, defines prefix and suffix */

#define MLP_BLAS_JOIN(prefix, name, suffix)  prefix##name##suffix
#define MLP_BLAS_SPELL(prefix, name, suffix) MLP_BLAS_JOIN(prefix, name, suffix)
#define MLP_CBLAS(name)                      MLP_BLAS_SPELL(MLP_BLAS_PREFIX, cblas_##name, MLP_BLAS_SUFFIX)
#define MLP_OPENBLAS(name)                   MLP_BLAS_SPELL(MLP_BLAS_PREFIX, openblas_##name, MLP_BLAS_SUFFIX)

#endif
