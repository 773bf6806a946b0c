/** @file
 * Model files. <mlp/mlp.h> includes it. */
#ifndef MLP_FILE_H
#define MLP_FILE_H

#include <stddef.h>
#include <stdint.h>

#include <mlp/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup file Model files
 *
 * A model is a safetensors file, which PyTorch, NumPy, JAX and others open too: its tensors have the
 * names of torch.nn.Sequential(Linear, activation, Linear, ...), "0.weight", "0.bias", "2.weight", ...,
 * and what only libmlp knows stands in the metadata. docs/files.md has the format to the last byte.
 *
 * A file holds everything that was set on a network, and every bit of its parameters (but the place of
 * a bias that was taken away, which computes nothing). Files are not trusted: before memory is
 * allocated, every length is checked against the bytes that are there and against the limits, and a
 * checksum tells damage.
 *
 * These calls use two libraries, jansson and zlib. What jansson needs for the header of a file comes
 * from its own allocator (json_set_alloc_funcs(), malloc by default), everything else from the
 * network's.
 * @{ */

/** Takes the next `size` bytes (never 0) of a file.
 * @return 0; anything else: failed, and it is not called again */
typedef int (*mlp_write_function)(void *context, const void *data, size_t size);

/** Gives the next bytes of a file, at most `size` (never 0).
 * @return how many it gave; 0 at the end; negative: failed, and it is not called again */
typedef int64_t (*mlp_read_function)(void *context, void *data, size_t size);

/** Save a network in a file.
 *
 * The file is replaced as a whole: what is written goes to a temporary file in the same folder
 * (".mlp-", numbers, ".tmp"), which takes the place of `path` when it is on the disk. A crash or a loss of
 * power at any moment leaves the old file or the new one. A file that exists keeps its permissions;
 * through a symbolic link the file it leads to is replaced. The caller's thread waits for the disk.
 *
 * Where a limit is set on the size of the process's files (RLIMIT_FSIZE), the system raises SIGXFSZ for a
 * longer one, and what that does by default is to end the process: ignore the signal to get MLP_ERR_IO.
 *
 * @param net   network, unchanged; other threads may compute with it
 * @param path  where; its folder must exist
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_IO, with the system's words and the path in mlp_last_error(): the
 *         old file is there as before and the temporary one gone (only where the folder itself could not
 *         be brought to the disk, the new file is there); MLP_ERR_SIZE if the header would be longer than
 *         any reader takes; MLP_ERR_MEMORY
 * @since 0.1 */
MLP_API mlp_status mlp_network_save(const mlp_network *net, const char *path);

/** Save a network through a function of the caller's: into memory, a socket, an archive.
 * @param net      network, unchanged; other threads may compute with it
 * @param write    called with the bytes of the file in order, in pieces of any size
 * @param context  passed to it as it is
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_CALLBACK if `write` failed; MLP_ERR_SIZE; MLP_ERR_MEMORY
 * @since 0.1 */
MLP_API mlp_status mlp_network_save_to(const mlp_network *net, mlp_write_function write,
				       void *context);

/** How files are loaded: limits, and what a file cannot say. */
typedef struct mlp_load_options mlp_load_options;

/** Limits of what is loaded, for mlp_load_options_set(). Each is at least 1. */
typedef enum mlp_load_limit {
	MLP_LOAD_MAX_BYTES = 1,        /**< of the whole file; 2^40 by default */
	MLP_LOAD_MAX_HEADER_BYTES = 2, /**< of its header; 2^24 by default */
	MLP_LOAD_MAX_TENSORS = 3,      /**< in the file; 2^16 by default */
	MLP_LOAD_MAX_LAYERS = 4,       /**< L; 2^15 by default */
	MLP_LOAD_MAX_WIDTH = 5,        /**< n_l; 2147483647, the most there is, by default */
	MLP_LOAD_MAX_PARAMETERS = 6,   /**< of the network; 2^36 by default */
	/** No value: fixes the range of the type. */
	MLP_LOAD_LIMIT_MAX_ENUM = 0x7fffffff
} mlp_load_limit;

/** Create options: the limits above, the element type of the file, the C library's allocator, and for
 * files without metadata #MLP_RELU in the hidden layers and #MLP_IDENTITY in the output layer.
 * @param options  receives them, NULL on failure
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_MEMORY
 * @since 0.1 */
MLP_API mlp_status mlp_load_options_create(mlp_load_options **options);

/** Free options; NULL is allowed. @since 0.1 */
MLP_API void mlp_load_options_free(mlp_load_options *options);

/** Set a limit.
 * @param options  options
 * @param limit    which
 * @param value    at least 1
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for an unknown limit or a value below 1
 * @since 0.1 */
MLP_API mlp_status mlp_load_options_set(mlp_load_options *options, mlp_load_limit limit,
					int64_t value);

/** A limit; MLP_ERR_NULL or MLP_ERR_VALUE (negative). @since 0.1 */
MLP_API int64_t mlp_load_options_get(const mlp_load_options *options, mlp_load_limit limit);

/** Set the element type of loaded networks.
 * @param options  options
 * @param dtype    #MLP_F32, #MLP_F64, or 0: that of the file (f32 for half precision)
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE
 * @since 0.1 */
MLP_API mlp_status mlp_load_options_set_dtype(mlp_load_options *options, mlp_dtype dtype);

/** Set the activations of networks from files without libmlp's metadata, such as PyTorch's. Files that
 * say which activations they have are not affected.
 * @param options  options
 * @param hidden   of layers 1 .. L-1, with its default parameter; not #MLP_SOFTMAX
 * @param output   of layer L
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE
 * @since 0.1 */
MLP_API mlp_status mlp_load_options_set_activations(mlp_load_options *options,
						    mlp_activation hidden, mlp_activation output);

/** Set the allocator of loaded networks, which everything made from them inherits.
 * @param options    options
 * @param allocator  copied; NULL: the C library's
 * @return MLP_OK; MLP_ERR_NULL for no options or a function missing; MLP_ERR_VALUE for a struct_size
 *         that this version cannot serve
 * @since 0.1 */
MLP_API mlp_status mlp_load_options_set_allocator(mlp_load_options *options,
						  const mlp_allocator *allocator);

/** Load a network from a file.
 *
 * A file that libmlp saved gives the same network, bit for bit; from a checkpoint of a trainer, the
 * network being trained. Any other safetensors file is taken if its tensors form a chain of dense
 * layers: weights of two dimensions, n_l x n_(l-1), in the natural order of their names ("layers.10.weight"
 * after "layers.2.weight"), and biases of one, which belong to the weight whose name differs after the
 * last dot only (in names without dots: to the one with the same number at the end). Tensors of F16 and
 * BF16 are converted exactly.
 *
 * @param path     file
 * @param options  NULL: those of mlp_load_options_create()
 * @param net      receives the network, NULL on failure
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_IO; MLP_ERR_FORMAT for a file that is cut short, damaged, no
 *         safetensors file, no such chain, or of a newer format; MLP_ERR_LIMIT; MLP_ERR_OVERFLOW if a
 *         finite parameter is too large for the float that was asked for; MLP_ERR_MEMORY
 * @since 0.1 */
MLP_API mlp_status mlp_network_load(const char *path, const mlp_load_options *options,
				    mlp_network **net);

/** Load a network from the bytes of a file.
 * @param data     the whole file, unchanged and not kept
 * @param size     its length
 * @param options  NULL: those of mlp_load_options_create()
 * @param net      receives the network, NULL on failure
 * @return as mlp_network_load(), but MLP_ERR_IO
 * @since 0.1 */
MLP_API mlp_status mlp_network_load_memory(const void *data, size_t size,
					   const mlp_load_options *options, mlp_network **net);

/** Load a network through a function of the caller's. The file is collected in memory, as it arrives,
 * before it is looked at.
 * @param read     gives the bytes of the file in order, in pieces of any size, up to its end
 * @param context  passed to it as it is
 * @param options  NULL: those of mlp_load_options_create()
 * @param net      receives the network, NULL on failure
 * @return as mlp_network_load(), with MLP_ERR_CALLBACK if `read` failed in place of MLP_ERR_IO
 * @since 0.1 */
MLP_API mlp_status mlp_network_load_from(mlp_read_function read, void *context,
					 const mlp_load_options *options, mlp_network **net);

/** Write a network as one C file that needs nothing but the C library's mathematics.
 *
 * The file is C99, and C++ as well. It allocates nothing, any number of threads may call it, and it has
 *
 *     void NAME_forward(const float *x, float *y);    x: n_0 values, y: n_L values (double for f64)
 *     int NAME_self_test(void);                       0 if a built-in sample comes out as it does here
 *
 * scaling included, and a main() for the self-test if NAME_MAIN is defined. Sums are plain loops, so
 * results differ from mlp_predict_f32() by rounding. The file is written like a model: see
 * mlp_network_save().
 *
 * @param net   network, unchanged
 * @param name  a C identifier of at most 63 characters that begins with a letter; everything in the file
 *              begins with it and an underscore
 * @param path  where
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for a name that is none; MLP_ERR_NONFINITE if a parameter,
 *         or the output for the built-in sample, is infinite or not a number; MLP_ERR_IO; MLP_ERR_BLAS;
 *         MLP_ERR_MEMORY
 * @since 0.1 */
MLP_API mlp_status mlp_export_c(const mlp_network *net, const char *name, const char *path);

/** mlp_export_c() through a function of the caller's.
 * @param net      network, unchanged
 * @param name     as there
 * @param write    called with the text in order, in pieces of any size
 * @param context  passed to it as it is
 * @return as mlp_export_c(), with MLP_ERR_CALLBACK if `write` failed in place of MLP_ERR_IO
 * @since 0.1 */
MLP_API mlp_status mlp_export_c_to(const mlp_network *net, const char *name,
				   mlp_write_function write, void *context);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
