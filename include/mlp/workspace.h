/** @file
 * Workspaces. <mlp/mlp.h> includes it. */
#ifndef MLP_WORKSPACE_H
#define MLP_WORKSPACE_H

#include <stddef.h>
#include <stdint.h>

#include <mlp/network.h>
#include <mlp/pool.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup workspace Workspaces
 * @{ */

/** What a workspace is for. */
typedef enum mlp_mode {
	MLP_INFERENCE = 1, /**< forward only; beyond 256 rows it grows by 8 bytes a row */
	MLP_TRAINING = 2,  /**< forward, backward and the steps made of them */
	MLP_TRACE = 3,     /**< training, and mlp_workspace_read_f32() shows every quantity */
	/** No value: fixes the range of the type. */
	MLP_MODE_MAX_ENUM = 0x7fffffff
} mlp_mode;

/** Memory for the computations of one calling thread: activations, deltas, scratch. After its creation no
 * computation allocates. It keeps no reference to the network and works for every network of the
 * same element type and widths (a clone, say). Set activations before making a training workspace:
 * one whose derivative needs s (softsign, GELU, SiLU, sin), given to a hidden layer later, makes the
 * workspace refuse with #MLP_ERR_SHAPE. */
typedef struct mlp_workspace mlp_workspace;

/** Create a workspace.
 *
 * The first one of each element type in a process also checks a few products of the BLAS library against
 * plain loops (under a millisecond).
 *
 * @param net        network it is for; its allocator is inherited
 * @param max_batch  largest number of rows in a call, at least 1
 * @param mode       what it is for
 * @param workspace  receives the workspace, NULL on failure
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_SIZE; MLP_ERR_VALUE for an unknown mode; MLP_ERR_OVERFLOW;
 *         MLP_ERR_MEMORY; MLP_ERR_BLAS if the BLAS library computes wrong products
 * @since 0.1 */
MLP_API mlp_status mlp_workspace_create(const mlp_network *net, int64_t max_batch, mlp_mode mode,
					mlp_workspace **workspace);

/** Bytes that mlp_workspace_create() would ask its allocator for.
 * @param net        network
 * @param max_batch  largest number of rows in a call, at least 1
 * @param mode       what it is for
 * @param bytes      receives the number
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_SIZE; MLP_ERR_VALUE; MLP_ERR_OVERFLOW
 * @since 0.1 */
MLP_API mlp_status mlp_workspace_size(const mlp_network *net, int64_t max_batch, mlp_mode mode,
				      size_t *bytes);

/** Free a workspace; NULL is allowed. @since 0.1 */
MLP_API void mlp_workspace_free(mlp_workspace *ws);

/** Largest batch of a workspace; MLP_ERR_NULL. @since 0.1 */
MLP_API int64_t mlp_workspace_max_batch(const mlp_workspace *ws);

/** Mode of a workspace; 0 if `ws` is NULL. @since 0.1 */
MLP_API mlp_mode mlp_workspace_mode(const mlp_workspace *ws);

/** Let a pool compute what is called with this workspace; NULL: the caller's thread alone. Each worker
 * needs some scratch of its own, which this call allocates; it is not part of mlp_workspace_size().
 * Freeing a workspace does not touch its pool: either may be freed first.
 *
 * @param ws    workspace
 * @param pool  pool, which must stay until the workspace is given another or freed; NULL
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_STATE for a pool inherited through fork; MLP_ERR_OVERFLOW;
 *         MLP_ERR_MEMORY (the workspace is then as it was)
 * @since 0.1 */
MLP_API mlp_status mlp_workspace_set_pool(mlp_workspace *ws, mlp_pool *pool);

/** Whether denormal numbers count as zero in the computations of this workspace, in what they read and in
 * what they compute. Off by default. The processor's mode is set on entry and restored before the call
 * returns, on the host's threads too that work for it; the host's own arithmetic is not touched. Threads
 * that a BLAS wakes do not learn of it (#MLP_PRODUCTS_WHOLE; mlp_build_info() with #MLP_BUILD_RULE
 * tells whether that is what is chosen here).
 *
 * On many processors arithmetic with denormals is a hundred times slower; networks whose weights or
 * deltas fade away meet them.
 *
 * @param ws     workspace
 * @param flush  not 0: flush; 0: IEEE 754 arithmetic
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_SYSTEM if this processor has no such mode (x86-64 and aarch64 do)
 * @since 0.1 */
MLP_API mlp_status mlp_workspace_set_flush_denormals(mlp_workspace *ws, int flush);

/** Choices that libmlp makes by itself (docs/performance.md), for tests and benchmarks. */
typedef enum mlp_tuning {
	MLP_TUNING_PRODUCTS = 1, /**< how products are computed: an #mlp_products */
	MLP_TUNING_SCHEDULE = 2, /**< how workers share a batch: an #mlp_schedule */
	MLP_TUNING_INSTRUCTIONS =
		3, /**< instructions of libmlp's own kernels: an #mlp_instructions */
	/** No value: fixes the range of the type. */
	MLP_TUNING_MAX_ENUM = 0x7fffffff
} mlp_tuning;

/** Ways to compute a product of matrices. */
typedef enum mlp_products {
	MLP_PRODUCTS_OWN = 1, /**< libmlp's kernels for tiles that stay in the cache */
	MLP_PRODUCTS_TILES =
		2, /**< CBLAS calls of tiles so small that no BLAS threads wake; one sample: as own */
	MLP_PRODUCTS_WHOLE = 3, /**< CBLAS calls of whole products of a block */
	/** No value: fixes the range of the type. */
	MLP_PRODUCTS_MAX_ENUM = 0x7fffffff
} mlp_products;

/** Ways to share a batch. */
typedef enum mlp_schedule {
	MLP_SCHEDULE_SAMPLES = 1, /**< by blocks of samples, each through all layers */
	MLP_SCHEDULE_OUTPUTS = 2, /**< layer by layer, by blocks of units */
	/** No value: fixes the range of the type. */
	MLP_SCHEDULE_MAX_ENUM = 0x7fffffff
} mlp_schedule;

/** Instruction sets. */
typedef enum mlp_instructions {
	MLP_INSTRUCTIONS_BASELINE = 1, /**< what the library was compiled for */
	MLP_INSTRUCTIONS_AVX2 = 2,     /**< x86-64 with AVX2 and FMA */
	MLP_INSTRUCTIONS_AVX512 = 3,   /**< x86-64 with AVX-512 F, BW, DQ, VL */
	/** No value: fixes the range of the type. */
	MLP_INSTRUCTIONS_MAX_ENUM = 0x7fffffff
} mlp_instructions;

/** Override a choice. Results may differ in their last bits. Where #MLP_TUNING_PRODUCTS becomes another,
 * the workspace forgets the last pass: a backward pass, or reading, needs a new one. Batches above 256
 * rows go by samples always.
 * @param ws      workspace
 * @param tuning  what to choose
 * @param value   the choice; 0: libmlp's own
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for an unknown tuning or choice, or one that this processor
 *         cannot do
 * @since 0.1 */
MLP_API mlp_status mlp_workspace_set_tuning(mlp_workspace *ws, mlp_tuning tuning, int64_t value);

/** What holds for a batch: what was chosen with mlp_workspace_set_tuning(), or what libmlp chooses.
 * @param ws      workspace
 * @param tuning  what to tell
 * @param batch   rows, 1 .. max_batch: choices depend on it
 * @return the choice, > 0; MLP_ERR_NULL; MLP_ERR_VALUE; MLP_ERR_SIZE; MLP_ERR_BATCH
 * @since 0.1 */
MLP_API int64_t mlp_workspace_tuning(const mlp_workspace *ws, mlp_tuning tuning, int64_t batch);

/** The quantities of the lecture that a workspace holds. The other two, dl/dw(l) and dl/db(l), are
 * parts of the gradient array: see mlp_network_layout(). */
typedef enum mlp_quantity {
	MLP_X = 1,     /**< activations x(l), l = 0 (input) .. L */
	MLP_S = 2,     /**< summations s(l), l = 1 .. L */
	MLP_DL_DX = 3, /**< dl/dx(l), l = 0 (input) .. L */
	MLP_DL_DS = 4, /**< dl/ds(l), l = 1 .. L */
	/** No value: fixes the range of the type. */
	MLP_QUANTITY_MAX_ENUM = 0x7fffffff
} mlp_quantity;

/** Read a quantity of the last computation, row by row of its batch.
 *
 * x(L), and s(L) of a training workspace, can be read in training mode too; everything else needs
 * #MLP_TRACE. A training step leaves the quantities from before its update; in it dl/dx(L) is the
 * derivative with respect to the output even where the loss was computed on s(L), and then infinite
 * where an output has rounded to 0 (or, of a sigmoid, to 1). Everything is as the layers see it: scaled, if
 * the network has a scaling, and with the units that a training call dropped.
 *
 * @param ws        training or trace workspace
 * @param quantity  what to read
 * @param layer     0 .. L for x and dl/dx, 1 .. L for s and dl/ds
 * @param batch     rows of the last computation
 * @param out       receives [batch][n_l]
 * @param ld_out    >= n_l
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_VALUE for an unknown quantity;
 *         MLP_ERR_INDEX; MLP_ERR_STRIDE; MLP_ERR_SIZE; MLP_ERR_OVERFLOW; MLP_ERR_STATE if the mode
 *         does not keep the quantity, if the last computation did not make it (no forward or no
 *         backward yet; dl/dx(L) after mlp_backward_logits_f32()), or if it had another batch
 * @since 0.1 */
MLP_API mlp_status mlp_workspace_read_f32(const mlp_workspace *ws, mlp_quantity quantity,
					  int64_t layer, int64_t batch, float *out, int64_t ld_out);
/** @copydoc mlp_workspace_read_f32 */
MLP_API mlp_status mlp_workspace_read_f64(const mlp_workspace *ws, mlp_quantity quantity,
					  int64_t layer, int64_t batch, double *out,
					  int64_t ld_out);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
