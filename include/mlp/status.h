/** @file
 * Status and errors. <mlp/mlp.h> includes it. */
#ifndef MLP_STATUS_H
#define MLP_STATUS_H

#include <mlp/api.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup status Status and errors
 * @{ */

/** Result of a call: #MLP_OK or the reason why nothing was done. Values are never renumbered. */
typedef enum mlp_status {
	/** Done. */
	MLP_OK = 0,
	/** A pointer that must be given is NULL. */
	MLP_ERR_NULL = -1,
	/** A value is outside its domain: unknown enumerator, non-finite or out-of-bounds number. */
	MLP_ERR_VALUE = -2,
	/** A size is zero, negative or above its limit. */
	MLP_ERR_SIZE = -3,
	/** A product of sizes, or a converted number, does not fit its type. */
	MLP_ERR_OVERFLOW = -4,
	/** A leading dimension is smaller than the row. */
	MLP_ERR_STRIDE = -5,
	/** The suffix of the call is not the network's element type. */
	MLP_ERR_DTYPE = -6,
	/** A layer, or a class index of a target, is out of range. */
	MLP_ERR_INDEX = -7,
	/** The batch is larger than the workspace was made for. */
	MLP_ERR_BATCH = -8,
	/** The workspace was made for a network of another shape, or before a layer was given an
	 * activation that needs more kept (see #mlp_workspace). */
	MLP_ERR_SHAPE = -9,
	/** The call comes out of order, such as a backward pass without its forward pass; or with a pool that was
	 * inherited through fork. */
	MLP_ERR_STATE = -10,
	/** The loss cannot be used with the activation of the output layer or with scaled outputs, or takes no
	 * class indices. */
	MLP_ERR_LOSS = -11,
	/** A loss, an activation or a gradient is infinite or not a number: training has diverged, or
	 * the data has such values. The network is as before the call: lower eta, or look at the data.
	 * (If the parameters are no longer finite, a sum overflowed in the update before: begin again
	 * from a copy.) */
	MLP_ERR_NONFINITE = -12,
	/** Out of memory. */
	MLP_ERR_MEMORY = -13,
	/** The program was compiled with a header that does not go with this library. */
	MLP_ERR_VERSION = -14,
	/** The BLAS library computes wrong products; see mlp_build_info() for which it is. */
	MLP_ERR_BLAS = -15,
	/** The operating system or the processor refused: no more threads, or no such mode. */
	MLP_ERR_SYSTEM = -16,
	/** A file could not be opened, read, written or put in its place. */
	MLP_ERR_IO = -17,
	/** A file is not what its format says: damaged, cut short, or of another kind. */
	MLP_ERR_FORMAT = -18,
	/** A file asks for more than the limits that were set. */
	MLP_ERR_LIMIT = -19,
	/** A function of the caller's reported a failure, or asked to stop. */
	MLP_ERR_CALLBACK = -20,
	/** No value: fixes the range of the type. */
	MLP_STATUS_MAX_ENUM = 0x7fffffff
} mlp_status;

/** Name of a status, such as "MLP_ERR_STRIDE".
 * @return a constant string; "unknown status" for a number that is none
 * @since 0.1 */
MLP_API const char *mlp_status_name(mlp_status status);

/** One line about the last failure in the calling thread, with the numbers that caused it.
 * @return the line, such as "batch is 128, workspace holds 64 rows"; "" if no call has failed in
 *         this thread yet; valid until the next failure in this thread, never NULL. A successful
 *         call leaves it as it is.
 * @since 0.1 */
MLP_API const char *mlp_last_error(void);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
