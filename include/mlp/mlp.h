/** @file
 * libmlp: multilayer perceptrons, their gradients, and the speed of BLAS.
 *
 * The notation is that of the lecture "Back-propagation" (F. Fleuret, EE-559, 3.6). A network has
 * layers l = 1 .. L of widths n_1 .. n_L and an input of width n_0:
 *
 *     forward      x(0) = x      s(l) = w(l) x(l-1) + b(l)          x(l) = sigma(s(l))
 *     backward     dl/ds(l) = dl/dx(l) .* sigma'(s(l))              dl/dx(l-1) = w(l)^T dl/ds(l)
 *     parameters   dl/dw(l) = dl/ds(l) x(l-1)^T                     dl/db(l) = dl/ds(l)
 *     update       w(l) <- w(l) - eta dl/dw(l)                      b(l) <- b(l) - eta dl/db(l)
 *
 * ## The simple way
 *
 *     mlp_network_create()  ->  mlp_network_set_activation()  ->  mlp_network_init()
 *     mlp_workspace_create()  ->  mlp_train_step_f32(), as often as it takes
 *     mlp_predict_f32()  ->  mlp_workspace_free(), mlp_network_free()
 *
 * ## Rules that hold everywhere
 *
 * - Layers are counted as in the lecture: l = 1 is the first layer, l = L the output layer; l = 0 is
 *   the input, where that makes sense (widths, trace).
 * - Data is row-major, [batch][features], with a leading dimension (`ld_...`): the distance between
 *   the starts of two rows, in elements, at least the row's width. Elements between the width and
 *   the leading dimension are neither read nor written. In Fortran the same memory is x(n, batch).
 * - A network is of one element type. Calls that touch data end in `_f32` or `_f64`; the wrong one
 *   returns #MLP_ERR_DTYPE.
 * - A call that can fail returns #mlp_status. After a failure every object is as it was before the
 *   call, the contents of output arrays are unspecified, and mlp_last_error() has one line about it.
 *   One exception: a computation that ends with #MLP_ERR_NONFINITE leaves its quantities in the
 *   workspace, where a trace shows them; if it began with a forward pass, a backward pass needs a new
 *   one.
 * - A getter returns its value; where it cannot, it returns the (negative) status, or the special
 *   value that its description names.
 * - Input and output arrays of one call must not overlap unless its description allows it.
 * - Calls that take a `const mlp_network` do not change it in any way: any number of threads may use
 *   one network at the same time, each with a workspace of its own. Calls on different objects never
 *   interfere. An object that one thread changes must not be used by another at the same time.
 * - The library never prints, exits, aborts, reads the environment, changes the locale, the random
 *   numbers or the thread settings of its host (mlp_blas_set_threads() is there to change one), and
 *   starts no threads but those of an #mlp_pool.
 */
#ifndef MLP_MLP_H
#define MLP_MLP_H

#include <stddef.h>
#include <stdint.h>

#include <mlp/version.h>

/** Marks the functions that the shared library exports. */
#if defined(_WIN32) && !defined(MLP_STATIC)
#ifdef MLP_BUILDING
#define MLP_API __declspec(dllexport)
#else
#define MLP_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define MLP_API __attribute__((visibility("default")))
#else
#define MLP_API
#endif

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
	/** The loss cannot be used with the activation of the output layer, or takes no class indices. */
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
	MLP_ERR_SYSTEM = -16
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
	MLP_BUILD_BLAS = 3, /**< BLAS found at run time: "OpenBLAS", "BLIS", "CBLAS" (unknown) */
	MLP_BUILD_BLAS_CONFIG = 4,  /**< its own description, "" if it gives none */
	MLP_BUILD_BLAS_INTEGER = 5, /**< width of its integers: "32" or "64" bits */
	MLP_BUILD_BLAS_THREADS = 6, /**< its threads: "serial", "pthread", "openmp" or "unknown" */
	MLP_BUILD_INSTRUCTIONS = 7, /**< of libmlp's own kernels: "baseline", "AVX2", "AVX-512" */
	MLP_BUILD_RULE = 8 /**< how products are cut here, one line (docs/performance.md) */
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
		5,           /**< the BLAS is not thread-safe; libmlp takes turns calling it */
	MLP_FEATURE_POOL = 6 /**< pools of workers */
} mlp_feature;

/** Whether this library, with the BLAS it runs on, has a feature.
 * @return 1 or 0; 0 for a feature that this version does not know
 * @since 0.1 */
MLP_API int mlp_has_feature(mlp_feature feature);

/** @} */

/** @defgroup network Networks
 * @{ */

/** Element type of a network. */
typedef enum mlp_dtype {
	MLP_F32 = 1, /**< float, IEEE 754 binary32 */
	MLP_F64 = 2  /**< double, IEEE 754 binary64 */
} mlp_dtype;

/** Activation functions x = sigma(s). The derivative follows by the formula in brackets. */
typedef enum mlp_activation {
	MLP_IDENTITY = 1, /**< s [1] */
	MLP_SIGMOID = 2,  /**< 1 / (1 + exp(-s)) [x (1 - x)] */
	MLP_TANH = 3,     /**< tanh s [1 - x^2] */
	MLP_RELU = 4,     /**< max(s, 0) [1 for s > 0, else 0] */
	/** s for s > 0, else a s [1 or a]; a is the activation's parameter, >= 0, 0.01 by default. */
	MLP_LEAKY_RELU = 5,
	/** s for s > 0, else a (exp(s) - 1) [1 or x + a]; parameter a >= 0, 1 by default.
	 * Clevert et al. 2016. */
	MLP_ELU = 6,
	/** c s for s > 0, else c a (exp(s) - 1) [c or x + c a], c = 1.0507..., a = 1.6733...
	 * Klambauer et al. 2017. */
	MLP_SELU = 7,
	MLP_SOFTPLUS = 8, /**< log(1 + exp s) [1 - exp(-x)] */
	MLP_SOFTSIGN = 9, /**< s / (1 + |s|) [1 / (1 + |s|)^2] */
	/** s Phi(s), Phi the normal distribution function by erf [Phi(s) + s phi(s)].
	 * Hendrycks and Gimpel 2016. */
	MLP_GELU = 10,
	MLP_SILU =
		11, /**< s / (1 + exp(-s)), also called swish [g (1 + s (1 - g)), g = sigmoid s] */
	MLP_SIN = 12, /**< sin s [cos s] */
	/** exp(s_i) / sum_j exp(s_j) over the units of the layer [dl/ds = x .* (dl/dx - x . dl/dx)];
	 * for the output layer only. */
	MLP_SOFTMAX = 13
} mlp_activation;

/** Initial values of parameters. n_in and n_out are the widths before and after the layer; biases
 * are set to 0. */
typedef enum mlp_init {
	MLP_INIT_HE_UNIFORM = 1, /**< uniform, +-sqrt(6 / n_in); He et al. 2015 */
	MLP_INIT_HE_NORMAL = 2,  /**< normal, variance 2 / n_in; He et al. 2015 */
	MLP_INIT_GLOROT_UNIFORM =
		3,                  /**< uniform, +-sqrt(6 / (n_in + n_out)); Glorot, Bengio 2010 */
	MLP_INIT_GLOROT_NORMAL = 4, /**< normal, variance 2 / (n_in + n_out); Glorot, Bengio 2010 */
	MLP_INIT_LECUN_NORMAL = 5,  /**< normal, variance 1 / n_in; LeCun et al. 1998 */
	MLP_INIT_UNIFORM = 6        /**< uniform, +-a, where a is the call's parameter */
} mlp_init;

/** In place of a layer's number: all layers 1 .. L. */
#define MLP_ALL_LAYERS (-1)
/** In place of a layer's number: the hidden layers 1 .. L-1 (none if L is 1). */
#define MLP_HIDDEN_LAYERS (-2)

/** Memory of the caller's choice, given to mlp_network_create_with(). Both functions may be called
 * from any thread that uses the network or what was made from it, so they must be thread-safe; they
 * must not call libmlp. The struct is copied; it may grow at its end in later versions. */
typedef struct mlp_allocator {
	size_t struct_size; /**< sizeof(mlp_allocator) */
	/** Returns `size` bytes (never 0) at a multiple of `alignment` (a power of two), or NULL. */
	void *(*allocate)(void *context, size_t alignment, size_t size);
	/** Takes back what allocate gave, with the same alignment and size; never NULL. */
	void (*deallocate)(void *context, void *memory, size_t alignment, size_t size);
	void *context; /**< passed to both functions as it is */
} mlp_allocator;

/** A multilayer perceptron: element type, widths, activations and parameters. */
typedef struct mlp_network mlp_network;

/** Create a network.
 *
 * Hidden layers get #MLP_RELU, the output layer #MLP_IDENTITY, every layer a bias, and parameters as
 * by mlp_network_init(net, MLP_ALL_LAYERS, MLP_INIT_HE_UNIFORM, 0, 0).
 *
 * @param dtype        element type
 * @param widths       n_0 (inputs), n_1, ..., n_L (outputs), each 1 .. 2147483647
 * @param width_count  L + 1, at least 2
 * @param net          receives the network, NULL on failure
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for an unknown dtype; MLP_ERR_SIZE for a width or
 *         count out of range; MLP_ERR_OVERFLOW if the parameters do not fit the address space;
 *         MLP_ERR_MEMORY
 * @since 0.1 */
MLP_API mlp_status mlp_network_create(mlp_dtype dtype, const int64_t *widths, int64_t width_count,
				      mlp_network **net);

/** As mlp_network_create(), with the caller's allocator, which everything made from the network
 * (clones, workspaces) inherits.
 *
 * @param dtype        element type
 * @param widths       n_0 .. n_L, each 1 .. 2147483647
 * @param width_count  L + 1, at least 2
 * @param allocator    copied; NULL: the C library's
 * @param net          receives the network, NULL on failure
 * @return as mlp_network_create(); also MLP_ERR_NULL for a function missing in `allocator`,
 *         MLP_ERR_VALUE for a struct_size that this version cannot serve, MLP_ERR_MEMORY for memory
 *         that is not aligned as asked
 * @since 0.1 */
MLP_API mlp_status mlp_network_create_with(mlp_dtype dtype, const int64_t *widths,
					   int64_t width_count, const mlp_allocator *allocator,
					   mlp_network **net);

/** Copy a network with everything that was set and its parameters, bit for bit.
 * @param net    network, unchanged
 * @param clone  receives the copy, NULL on failure
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_MEMORY
 * @since 0.1 */
MLP_API mlp_status mlp_network_clone(const mlp_network *net, mlp_network **clone);

/** Copy a network into another element type. f32 to f64 is exact; f64 to f32 rounds to nearest.
 * @param net    network, unchanged
 * @param dtype  element type of the copy; the network's own is allowed
 * @param copy   receives the copy, NULL on failure
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for an unknown dtype; MLP_ERR_OVERFLOW if a finite
 *         parameter is too large for float; MLP_ERR_MEMORY
 * @since 0.1 */
MLP_API mlp_status mlp_network_convert(const mlp_network *net, mlp_dtype dtype, mlp_network **copy);

/** Free a network; NULL is allowed. Workspaces made from it stay valid. @since 0.1 */
MLP_API void mlp_network_free(mlp_network *net);

/** Element type; 0 if `net` is NULL. @since 0.1 */
MLP_API mlp_dtype mlp_network_dtype(const mlp_network *net);

/** Number of layers L, the input not counted; MLP_ERR_NULL. @since 0.1 */
MLP_API int64_t mlp_network_layer_count(const mlp_network *net);

/** Width n_l.
 * @param net    network
 * @param layer  0 (input) .. L
 * @return n_l >= 1; MLP_ERR_NULL or MLP_ERR_INDEX (negative)
 * @since 0.1 */
MLP_API int64_t mlp_network_width(const mlp_network *net, int64_t layer);

/** Set the activation of a layer, and its parameter to the default. Workspaces for training are best
 * made afterwards: see #mlp_workspace.
 * @param net         network
 * @param layer       1 .. L, #MLP_ALL_LAYERS or #MLP_HIDDEN_LAYERS
 * @param activation  #MLP_SOFTMAX for the output layer only
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_INDEX; MLP_ERR_VALUE for an unknown activation or softmax
 *         in a hidden layer
 * @since 0.1 */
MLP_API mlp_status mlp_network_set_activation(mlp_network *net, int64_t layer,
					      mlp_activation activation);

/** Activation of layer 1 .. L; 0 if `net` is NULL or there is no such layer. @since 0.1 */
MLP_API mlp_activation mlp_network_activation(const mlp_network *net, int64_t layer);

/** Set the parameter of a layer's activation (slope of #MLP_LEAKY_RELU, a of #MLP_ELU).
 * @param net    network
 * @param layer  1 .. L, #MLP_ALL_LAYERS or #MLP_HIDDEN_LAYERS
 * @param value  finite, >= 0
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_INDEX; MLP_ERR_VALUE for a value out of bounds or a layer
 *         whose activation has no parameter
 * @since 0.1 */
MLP_API mlp_status mlp_network_set_activation_parameter(mlp_network *net, int64_t layer,
							double value);

/** Parameter of the activation of layer 1 .. L, 0 if it has none; NaN if `net` is NULL or there is
 * no such layer. @since 0.1 */
MLP_API double mlp_network_activation_parameter(const mlp_network *net, int64_t layer);

/** Give a layer a bias or take it away. The layout of the parameters stays: without bias the place
 * of b(l) is ignored by every computation, its gradient is 0, and updates leave it alone.
 * @param net      network
 * @param layer    1 .. L, #MLP_ALL_LAYERS or #MLP_HIDDEN_LAYERS
 * @param enabled  0 or not 0; 1 after creation
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_INDEX
 * @since 0.1 */
MLP_API mlp_status mlp_network_set_bias(mlp_network *net, int64_t layer, int enabled);

/** Whether layer 1 .. L has a bias, 1 or 0; MLP_ERR_NULL or MLP_ERR_INDEX. @since 0.1 */
MLP_API int mlp_network_has_bias(const mlp_network *net, int64_t layer);

/** Freeze a layer or release it. Updates leave the parameters of a frozen layer as they are; its
 * gradient can still be computed and is the true one.
 * @param net     network
 * @param layer   1 .. L, #MLP_ALL_LAYERS or #MLP_HIDDEN_LAYERS
 * @param frozen  0 or not 0; 0 after creation
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_INDEX
 * @since 0.1 */
MLP_API mlp_status mlp_network_set_frozen(mlp_network *net, int64_t layer, int frozen);

/** Whether layer 1 .. L is frozen, 1 or 0; MLP_ERR_NULL or MLP_ERR_INDEX. @since 0.1 */
MLP_API int mlp_network_is_frozen(const mlp_network *net, int64_t layer);

/** Draw new parameters.
 *
 * Each layer has its own stream of random numbers, made from the seed and the layer's number: the
 * same seed gives the same parameters in every run, whether layers are drawn together or one by one,
 * and an f32 network gets those of the f64 network, rounded. Weights are drawn, biases set to 0,
 * frozen layers too.
 *
 * @param net        network
 * @param layer      1 .. L, #MLP_ALL_LAYERS or #MLP_HIDDEN_LAYERS
 * @param init       distribution
 * @param parameter  finite and >= 0 for #MLP_INIT_UNIFORM; must be 0 for the others
 * @param seed       any number
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_INDEX; MLP_ERR_VALUE
 * @since 0.1 */
MLP_API mlp_status mlp_network_init(mlp_network *net, int64_t layer, mlp_init init,
				    double parameter, uint64_t seed);

/** Name of an activation, such as "relu"; NULL for a number that is none. @since 0.1 */
MLP_API const char *mlp_activation_name(mlp_activation activation);

/** Activation of that name; 0 if there is none or `name` is NULL. @since 0.1 */
MLP_API mlp_activation mlp_activation_from_name(const char *name);

/** @} */

/** @defgroup parameters Parameters
 *
 * All parameters of a network lie in one block: w(1), b(1), w(2), b(2), ..., w(L), b(L), without
 * gaps; w(l) is row-major, n_l rows of n_(l-1) (the shape of PyTorch's Linear.weight), b(l) has n_l
 * values. A gradient is a flat array of the caller's in the same layout: dl/dw(l) and dl/db(l) stand
 * where w(l) and b(l) do.
 * @{ */

/** Number of parameters, sum of n_l (n_(l-1) + 1); MLP_ERR_NULL. @since 0.1 */
MLP_API int64_t mlp_network_parameter_count(const mlp_network *net);

/** Where w(l) and b(l) begin in the parameter block, and in a gradient.
 * @param net       network
 * @param layer     1 .. L
 * @param w_offset  receives the index of w(l)[0][0]; NULL: not wanted
 * @param b_offset  receives the index of b(l)[0]; NULL: not wanted
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_INDEX
 * @since 0.1 */
MLP_API mlp_status mlp_network_layout(const mlp_network *net, int64_t layer, int64_t *w_offset,
				      int64_t *b_offset);

/** The parameter block itself, for reading and writing in place; 64-byte aligned; valid until the
 * network is freed. Whoever writes through it must see to it that nobody computes with the network
 * meanwhile.
 * @return the block; NULL if `net` is NULL or of the other element type
 * @since 0.1 */
MLP_API float *mlp_network_parameters_f32(mlp_network *net);
/** @copydoc mlp_network_parameters_f32 */
MLP_API double *mlp_network_parameters_f64(mlp_network *net);

/** The parameter block itself, for reading in place.
 * @return the block; NULL if `net` is NULL or of the other element type
 * @since 0.1 */
MLP_API const float *mlp_network_const_parameters_f32(const mlp_network *net);
/** @copydoc mlp_network_const_parameters_f32 */
MLP_API const double *mlp_network_const_parameters_f64(const mlp_network *net);

/** Copy all parameters out.
 * @param net         network
 * @param parameters  receives `count` values
 * @param count       must be mlp_network_parameter_count(net)
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_SIZE
 * @since 0.1 */
MLP_API mlp_status mlp_network_get_parameters_f32(const mlp_network *net, float *parameters,
						  int64_t count);
/** @copydoc mlp_network_get_parameters_f32 */
MLP_API mlp_status mlp_network_get_parameters_f64(const mlp_network *net, double *parameters,
						  int64_t count);

/** Set all parameters, frozen layers included. The values are not inspected.
 * @param net         network
 * @param parameters  `count` values
 * @param count       must be mlp_network_parameter_count(net)
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_SIZE
 * @since 0.1 */
MLP_API mlp_status mlp_network_set_parameters_f32(mlp_network *net, const float *parameters,
						  int64_t count);
/** @copydoc mlp_network_set_parameters_f32 */
MLP_API mlp_status mlp_network_set_parameters_f64(mlp_network *net, const double *parameters,
						  int64_t count);

/** Copy the weights of a layer out.
 * @param net    network
 * @param layer  1 .. L
 * @param w      receives n_l rows of n_(l-1), row stride ld_w
 * @param ld_w   >= n_(l-1)
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_INDEX; MLP_ERR_STRIDE; MLP_ERR_OVERFLOW
 * @since 0.1 */
MLP_API mlp_status mlp_network_get_weights_f32(const mlp_network *net, int64_t layer, float *w,
					       int64_t ld_w);
/** @copydoc mlp_network_get_weights_f32 */
MLP_API mlp_status mlp_network_get_weights_f64(const mlp_network *net, int64_t layer, double *w,
					       int64_t ld_w);

/** Set the weights of a layer. The values are not inspected.
 * @param net    network
 * @param layer  1 .. L
 * @param w      n_l rows of n_(l-1), row stride ld_w
 * @param ld_w   >= n_(l-1)
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_INDEX; MLP_ERR_STRIDE; MLP_ERR_OVERFLOW
 * @since 0.1 */
MLP_API mlp_status mlp_network_set_weights_f32(mlp_network *net, int64_t layer, const float *w,
					       int64_t ld_w);
/** @copydoc mlp_network_set_weights_f32 */
MLP_API mlp_status mlp_network_set_weights_f64(mlp_network *net, int64_t layer, const double *w,
					       int64_t ld_w);

/** Copy the biases of a layer out; zeros for a layer without bias.
 * @param net    network
 * @param layer  1 .. L
 * @param b      receives n_l values
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_INDEX
 * @since 0.1 */
MLP_API mlp_status mlp_network_get_biases_f32(const mlp_network *net, int64_t layer, float *b);
/** @copydoc mlp_network_get_biases_f32 */
MLP_API mlp_status mlp_network_get_biases_f64(const mlp_network *net, int64_t layer, double *b);

/** Set the biases of a layer. The values are not inspected.
 * @param net    network
 * @param layer  1 .. L
 * @param b      n_l values
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_INDEX; MLP_ERR_STATE for a layer without bias
 * @since 0.1 */
MLP_API mlp_status mlp_network_set_biases_f32(mlp_network *net, int64_t layer, const float *b);
/** @copydoc mlp_network_set_biases_f32 */
MLP_API mlp_status mlp_network_set_biases_f64(mlp_network *net, int64_t layer, const double *b);

/** @} */

/** @defgroup pool Pools of workers
 *
 * Without a pool a computation runs on the caller's thread alone. A pool given to a workspace lets
 * several threads share every computation in it. The results have the same bits with any number of
 * workers, and without a pool (but see #MLP_PRODUCTS_WHOLE, for which a threaded BLAS may wake threads
 * and cut by their number).
 * @{ */

/** Threads that compute: the caller's and, in a pool of n workers, n - 1 more. Made, owned and freed by
 * the caller; it may serve any number of workspaces. Computations that several threads begin on one
 * pool at the same time take turns (on the host's threads they go side by side), so each of them still
 * waits for its own result only.
 *
 * Workers wait by looking for work for some microseconds, then they sleep (at once where the pool has
 * more workers than there are processors). They block all signals but
 * those of a fault (SIGSEGV and its kind), so that none of the host's is delivered to them. After a fork
 * the child has no workers: it may free the pool it inherited, ask for its numbers, and take it from
 * a workspace; computing with it, binding it, or giving it to a workspace is #MLP_ERR_STATE. */
typedef struct mlp_pool mlp_pool;

/** Create a pool and start its threads.
 * @param workers  threads that compute, the caller's included: 1 .. 1024; 0: as many as there are
 *                 processors that the calling thread may run on (hyperthreads count; quotas of
 *                 containers do not)
 * @param pool     receives the pool, NULL on failure
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_SIZE for a number out of range; MLP_ERR_MEMORY; MLP_ERR_SYSTEM
 *         if the system starts no more threads
 * @since 0.1 */
MLP_API mlp_status mlp_pool_create(int64_t workers, mlp_pool **pool);

/** What a host's mlp_parallel_for is to call. */
typedef void (*mlp_job)(void *job_data, int64_t index);

/** A host's own way to run jobs: call job(job_data, i) once for every i in 0 .. count - 1, on any
 * threads, in any order, side by side or one after the other, and return when all have returned. Jobs do not
 * wait for each other. It must not throw C++ exceptions or jump out. */
typedef void (*mlp_parallel_for)(void *context, int64_t count, mlp_job job, void *job_data);

/** Create a pool that runs on the threads of the host (OpenMP, TBB, the job system of a game) and starts
 * none of its own. The host's function is not called for work that is not worth sharing.
 * @param workers       jobs to ask for at a time, 1 .. 1024: the threads that the host would use
 * @param parallel_for  the host's function; may be called from every thread that computes
 * @param context       passed to parallel_for as it is
 * @param pool          receives the pool, NULL on failure
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_SIZE; MLP_ERR_MEMORY
 * @since 0.1 */
MLP_API mlp_status mlp_pool_create_from(int64_t workers, mlp_parallel_for parallel_for,
					void *context, mlp_pool **pool);

/** End the threads of a pool and free it; NULL is allowed. No workspace may be computing with it;
 * workspaces that it was given to must be given another, or none, before they compute again. In a
 * child after fork it only gives the memory back. @since 0.1 */
MLP_API void mlp_pool_free(mlp_pool *pool);

/** Number of workers, the caller's thread included; MLP_ERR_NULL. @since 0.1 */
MLP_API int64_t mlp_pool_workers(const mlp_pool *pool);

/** Bind the threads that the pool started to processors: worker i to cpus[i]. Worker 0, the caller's
 * thread, is left alone: cpus[0] is not used.
 * @param pool   pool made by mlp_pool_create()
 * @param cpus   one processor number for each worker
 * @param count  mlp_pool_workers(pool)
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_SIZE for another count; MLP_ERR_VALUE for a processor that does
 *         not exist or is not allowed (some threads may have been bound then); MLP_ERR_STATE for a pool
 *         on the host's threads, or after fork; MLP_ERR_SYSTEM where the system cannot bind threads
 * @since 0.1 */
MLP_API mlp_status mlp_pool_pin(mlp_pool *pool, const int64_t *cpus, int64_t count);

/** Tasks that a worker has run since the pool was made: how evenly the work is shared out. Work too small to
 * share is not always counted. On a host's threads worker i is job i.
 * @param pool    pool
 * @param worker  0 (the caller's thread, whichever thread that was) .. workers - 1
 * @return the number, >= 0; MLP_ERR_NULL; MLP_ERR_INDEX
 * @since 0.1 */
MLP_API int64_t mlp_pool_tasks(const mlp_pool *pool, int64_t worker);

/** @} */

/** @defgroup workspace Workspaces
 * @{ */

/** What a workspace is for. */
typedef enum mlp_mode {
	MLP_INFERENCE = 1, /**< forward only; beyond 256 rows its size hardly grows */
	MLP_TRAINING = 2,  /**< forward, backward and the steps made of them */
	MLP_TRACE = 3      /**< training, and mlp_workspace_read_f32() shows every quantity */
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
		3 /**< instructions of libmlp's own kernels: an #mlp_instructions */
} mlp_tuning;

/** Ways to compute a product of matrices. */
typedef enum mlp_products {
	MLP_PRODUCTS_OWN = 1, /**< libmlp's kernels for tiles that stay in the cache */
	MLP_PRODUCTS_TILES =
		2, /**< CBLAS calls of tiles so small that no BLAS threads wake; one sample: as own */
	MLP_PRODUCTS_WHOLE = 3 /**< CBLAS calls of whole products of a block */
} mlp_products;

/** Ways to share a batch. */
typedef enum mlp_schedule {
	MLP_SCHEDULE_SAMPLES = 1, /**< by blocks of samples, each through all layers */
	MLP_SCHEDULE_OUTPUTS = 2  /**< layer by layer, by blocks of units */
} mlp_schedule;

/** Instruction sets. */
typedef enum mlp_instructions {
	MLP_INSTRUCTIONS_BASELINE = 1, /**< what the library was compiled for */
	MLP_INSTRUCTIONS_AVX2 = 2,     /**< x86-64 with AVX2 and FMA */
	MLP_INSTRUCTIONS_AVX512 = 3    /**< x86-64 with AVX-512 F, BW, DQ, VL */
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
	MLP_DL_DS = 4  /**< dl/ds(l), l = 1 .. L */
} mlp_quantity;

/** Read a quantity of the last computation, row by row of its batch.
 *
 * x(L), and s(L) of a training workspace, can be read in training mode too; everything else needs
 * #MLP_TRACE. A training step leaves the quantities from before its update; in it dl/dx(L) is the
 * derivative with respect to the output even where the loss was computed on s(L), and then infinite
 * where an output has rounded to 0 (or, of a sigmoid, to 1).
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

/** @defgroup compute Forward, backward, update
 *
 * Cost of a batch of B rows, S the sum of n_l n_(l-1): forward 2 B S flop, backward
 * 2 B (2 S - n_1 n_0), with the gradient at the input 4 B S. See mlp_network_cost().
 *
 * Values are not inspected in a forward pass: infinities and NaN run through the products as the BLAS
 * has it (the reference BLAS skips a factor 0, others do not) and through the activations as
 * IEEE 754 has it.
 * @{ */

/** Forward pass in one call, with a workspace of its own: x(L) for every row of x(0).
 * For repeated calls, pools and flushing make a workspace and use mlp_forward_f32(), which does not
 * allocate.
 *
 * @param net    network, unchanged; may be shared by any number of threads
 * @param x      inputs, [batch][n_0], row stride ld_x
 * @param ld_x   >= n_0
 * @param batch  number of rows, at least 1
 * @param y      receives the outputs x(L), [batch][n_L], row stride ld_y
 * @param ld_y   >= n_L
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_SIZE; MLP_ERR_STRIDE; MLP_ERR_OVERFLOW;
 *         MLP_ERR_MEMORY; MLP_ERR_BLAS
 * @since 0.1 */
MLP_API mlp_status mlp_predict_f32(const mlp_network *net, const float *x, int64_t ld_x,
				   int64_t batch, float *y, int64_t ld_y);
/** @copydoc mlp_predict_f32 */
MLP_API mlp_status mlp_predict_f64(const mlp_network *net, const double *x, int64_t ld_x,
				   int64_t batch, double *y, int64_t ld_y);

/** Forward pass: x(L) for every row of x(0).
 *
 * A training or trace workspace keeps what the backward pass needs, a copy of x included.
 * One sample (batch 1) is computed by matrix-vector products.
 *
 * @param net    network, unchanged; may be shared by any number of threads
 * @param ws     workspace of any mode; one per thread
 * @param x      inputs, [batch][n_0], row stride ld_x
 * @param ld_x   >= n_0
 * @param batch  number of rows, 1 .. max_batch
 * @param y      receives the outputs x(L), [batch][n_L], row stride ld_y; NULL: not wanted
 *               (training and trace workspaces only)
 * @param ld_y   >= n_L; ignored if y is NULL
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_SHAPE; MLP_ERR_SIZE; MLP_ERR_BATCH;
 *         MLP_ERR_STRIDE; MLP_ERR_OVERFLOW; MLP_ERR_STATE for a pool inherited through fork
 * @since 0.1 */
MLP_API mlp_status mlp_forward_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
				   int64_t ld_x, int64_t batch, float *y, int64_t ld_y);
/** @copydoc mlp_forward_f32 */
MLP_API mlp_status mlp_forward_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
				   int64_t ld_x, int64_t batch, double *y, int64_t ld_y);

/** Backward pass: gradients of any loss from its gradient at the output.
 *
 * Uses the activations that the last mlp_forward_f32() (or mlp_evaluate_f32(), mlp_gradient_f32()) of
 * the same network left in `ws`. Calls that change parameters or settings of the network (but
 * freezing) make that pass useless, and are noticed; writing through mlp_network_parameters_f32() does
 * too, and is not. May be called several times after one forward pass.
 *
 * @param net         network, unchanged; may be shared by any number of threads
 * @param ws          training or trace workspace; one per thread
 * @param dl_dx       gradient of the loss at the output, dl/dx(L), [batch][n_L], row stride ld_dl_dx
 * @param ld_dl_dx    >= n_L
 * @param batch       rows of the forward pass
 * @param accumulate  not 0: add to `grad`; 0: overwrite it
 * @param grad        parameter gradient, summed over the rows, mlp_network_parameter_count(net)
 *                    values in the parameter layout; NULL: not wanted
 * @param dl_dx0      receives the gradient at the input, dl/dx(0), [batch][n_0], row stride
 *                    ld_dl_dx0; NULL: not wanted (saves 2 B n_1 n_0 flop)
 * @param ld_dl_dx0   >= n_0; ignored if dl_dx0 is NULL
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_SHAPE; MLP_ERR_SIZE; MLP_ERR_BATCH;
 *         MLP_ERR_STRIDE; MLP_ERR_OVERFLOW; MLP_ERR_STATE for an inference workspace, or without a
 *         preceding forward pass of this network and batch; MLP_ERR_NONFINITE if some dl/ds or some
 *         x is not finite (`grad` is then untouched, and a trace shows where). A product in `grad`
 *         or `dl_dx0` that overflows is not looked for; mlp_update_f32() refuses such a gradient.
 * @since 0.1 */
MLP_API mlp_status mlp_backward_f32(const mlp_network *net, mlp_workspace *ws, const float *dl_dx,
				    int64_t ld_dl_dx, int64_t batch, int accumulate, float *grad,
				    float *dl_dx0, int64_t ld_dl_dx0);
/** @copydoc mlp_backward_f32 */
MLP_API mlp_status mlp_backward_f64(const mlp_network *net, mlp_workspace *ws, const double *dl_dx,
				    int64_t ld_dl_dx, int64_t batch, int accumulate, double *grad,
				    double *dl_dx0, int64_t ld_dl_dx0);

/** As mlp_backward_f32(), from the gradient dl/ds(L) with respect to the logits s(L): for losses
 * that are computed on the logits.
 *
 * @param net         network, unchanged; may be shared by any number of threads
 * @param ws          training or trace workspace; one per thread
 * @param dl_ds       gradient of the loss at the logits, dl/ds(L), [batch][n_L], row stride ld_dl_ds
 * @param ld_dl_ds    >= n_L
 * @param batch       rows of the forward pass
 * @param accumulate  not 0: add to `grad`; 0: overwrite it
 * @param grad        parameter gradient as in mlp_backward_f32(); NULL: not wanted
 * @param dl_dx0      receives the gradient at the input; NULL: not wanted
 * @param ld_dl_dx0   >= n_0; ignored if dl_dx0 is NULL
 * @return as mlp_backward_f32()
 * @since 0.1 */
MLP_API mlp_status mlp_backward_logits_f32(const mlp_network *net, mlp_workspace *ws,
					   const float *dl_ds, int64_t ld_dl_ds, int64_t batch,
					   int accumulate, float *grad, float *dl_dx0,
					   int64_t ld_dl_dx0);
/** @copydoc mlp_backward_logits_f32 */
MLP_API mlp_status mlp_backward_logits_f64(const mlp_network *net, mlp_workspace *ws,
					   const double *dl_ds, int64_t ld_dl_ds, int64_t batch,
					   int accumulate, double *grad, double *dl_dx0,
					   int64_t ld_dl_dx0);

/** Gradient step: w(l) <- w(l) - eta dl/dw(l), b(l) <- b(l) - eta dl/db(l), for every layer that is
 * not frozen. eta = 0 changes no bit.
 *
 * @param net   network
 * @param ws    workspace of the network, of any mode, whose pool shares the work; NULL: the caller's
 *              thread does it alone
 * @param grad  gradient in the parameter layout
 * @param eta   learning rate, finite
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_SHAPE; MLP_ERR_STATE; MLP_ERR_VALUE for a
 *         non-finite eta; MLP_ERR_NONFINITE if a gradient value of a layer to be updated is not finite.
 *         A sum that overflows is the caller's to watch.
 * @since 0.1 */
MLP_API mlp_status mlp_update_f32(mlp_network *net, mlp_workspace *ws, const float *grad,
				  double eta);
/** @copydoc mlp_update_f32 */
MLP_API mlp_status mlp_update_f64(mlp_network *net, mlp_workspace *ws, const double *grad,
				  double eta);

/** One activation function and its derivative, element by element; the softmax, which is none of
 * single elements, is not among them.
 *
 * @param activation  any but #MLP_SOFTMAX
 * @param parameter   finite, >= 0 for #MLP_LEAKY_RELU and #MLP_ELU; must be 0 for the others
 * @param s           `count` values
 * @param count       at least 1
 * @param x           receives sigma(s); may be `s` itself; NULL: not wanted
 * @param derivative  receives sigma'(s); may be `s` itself; NULL: not wanted
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_SIZE; MLP_ERR_VALUE
 * @since 0.1 */
MLP_API mlp_status mlp_activation_f32(mlp_activation activation, double parameter, const float *s,
				      int64_t count, float *x, float *derivative);
/** @copydoc mlp_activation_f32 */
MLP_API mlp_status mlp_activation_f64(mlp_activation activation, double parameter, const double *s,
				      int64_t count, double *x, double *derivative);

/** @} */

/** @defgroup loss Losses
 *
 * The loss of a row n is the sum over its outputs; y is what the loss reads, t the target:
 *
 *     mean   sum_n w_n l_n / sum_n w_n        sum   sum_n w_n l_n        none   l_n, one per row
 *
 * Targets are not inspected: outside the domain that a loss names, its formula is computed as it
 * stands. The sample weights w_n are 1 unless given. A row of weight 0 is left out: its target is
 * not even looked at, so it may be NaN or a class that does not exist (its inputs must be finite
 * all the same). Row losses are summed in double, in row order. Means are over rows, not over rows
 * and outputs: PyTorch's "mean" of a loss over elements divides by n_L as well (and its MSELoss has
 * no 1/2), scikit-learn's squared loss of regression divides by n_L too.
 * @{ */

/** Loss functions, with the loss of one output in brackets. */
typedef enum mlp_loss {
	MLP_SQUARED_ERROR = 1,  /**< [(y - t)^2 / 2]; reads the output x(L) */
	MLP_ABSOLUTE_ERROR = 2, /**< [|y - t|], derivative 0 at 0; reads x(L) */
	/** [d^2 / 2 for |d| <= a, else a (|d| - a / 2)], d = y - t, a > 0 the loss's parameter; reads
	 * x(L). Huber 1964. */
	MLP_HUBER = 3,
	MLP_LOG_COSH = 4, /**< [log cosh (y - t)]; reads x(L) */
	/** [log(1 + exp s) - t s], t in 0 .. 1; reads the logits s(L): output activation sigmoid, or
	 * identity. */
	MLP_BINARY_CROSS_ENTROPY = 5,
	/** Per row: sum_i t_i (log sum_j exp s_j - s_i), t the class, or probabilities; reads the
	 * logits s(L): output activation softmax, or identity. */
	MLP_CROSS_ENTROPY = 6,
	/** [exp s - t s], s the logarithm of the rate, t >= 0 the count (log t! left out); reads the
	 * logits s(L): output activation identity. */
	MLP_POISSON = 7
} mlp_loss;

/** How the losses of the rows of a batch are put together. */
typedef enum mlp_reduction {
	MLP_MEAN = 1, /**< one value: the mean over rows, weighted by the sample weights */
	MLP_SUM = 2,  /**< one value: the sum over rows, weighted by the sample weights */
	MLP_NONE = 3  /**< a value per row; takes no sample weights */
} mlp_reduction;

/** Name of a loss, such as "cross_entropy"; NULL for a number that is none. @since 0.1 */
MLP_API const char *mlp_loss_name(mlp_loss loss);

/** Loss of that name; 0 if there is none or `name` is NULL. @since 0.1 */
MLP_API mlp_loss mlp_loss_from_name(const char *name);

/** Whether a loss reads the logits s(L) (1) or the output x(L) (0); MLP_ERR_VALUE for an unknown
 * loss. @since 0.1 */
MLP_API int mlp_loss_reads_logits(mlp_loss loss);

/** A loss and its gradient, from values.
 *
 * @param loss       loss function
 * @param parameter  > 0 for #MLP_HUBER; must be 0 for the others
 * @param y          outputs or logits, as the loss reads them, [batch][width], row stride ld_y
 * @param ld_y       >= width
 * @param target     targets, [batch][width], row stride ld_target
 * @param ld_target  >= width
 * @param weight     sample weights, `batch` values, finite and >= 0, of a finite sum > 0; NULL: all
 *                   1; must be NULL for #MLP_NONE
 * @param batch      number of rows, at least 1
 * @param width      values in a row, at least 1
 * @param reduction  how rows are put together
 * @param value      receives one value, or `batch` values for #MLP_NONE; NULL: not wanted
 * @param dl_dy      receives the derivative of the (weighted, reduced) loss, [batch][width], row
 *                   stride ld_dl_dy; may be `y` itself with ld_y; NULL: not wanted
 * @param ld_dl_dy   >= width; ignored if dl_dy is NULL
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for an unknown enumerator, a parameter or a weight out
 *         of bounds, weights that sum to 0; MLP_ERR_SIZE; MLP_ERR_STRIDE; MLP_ERR_OVERFLOW;
 *         MLP_ERR_NONFINITE if a loss or a derivative is not finite
 * @since 0.1 */
MLP_API mlp_status mlp_loss_f32(mlp_loss loss, double parameter, const float *y, int64_t ld_y,
				const float *target, int64_t ld_target, const float *weight,
				int64_t batch, int64_t width, mlp_reduction reduction,
				double *value, float *dl_dy, int64_t ld_dl_dy);
/** @copydoc mlp_loss_f32 */
MLP_API mlp_status mlp_loss_f64(mlp_loss loss, double parameter, const double *y, int64_t ld_y,
				const double *target, int64_t ld_target, const double *weight,
				int64_t batch, int64_t width, mlp_reduction reduction,
				double *value, double *dl_dy, int64_t ld_dl_dy);

/** As mlp_loss_f32(), with class indices as targets: log sum_j exp s_j - s_c for the cross entropy,
 * the only loss that takes them.
 *
 * @param loss       #MLP_CROSS_ENTROPY
 * @param parameter  must be 0
 * @param s          logits, [batch][width], row stride ld_s
 * @param ld_s       >= width
 * @param target     class of each row, `batch` values in 0 .. width - 1
 * @param weight     sample weights as in mlp_loss_f32()
 * @param batch      number of rows, at least 1
 * @param width      number of classes, at least 1
 * @param reduction  how rows are put together
 * @param value      receives one value, or `batch` values for #MLP_NONE; NULL: not wanted
 * @param dl_ds      receives the derivative, [batch][width], row stride ld_dl_ds; may be `s` itself
 *                   with ld_s; NULL: not wanted
 * @param ld_dl_ds   >= width; ignored if dl_ds is NULL
 * @return as mlp_loss_f32(); MLP_ERR_LOSS for a loss that takes no class indices; MLP_ERR_INDEX for
 *         a class out of range
 * @since 0.1 */
MLP_API mlp_status mlp_loss_class_f32(mlp_loss loss, double parameter, const float *s, int64_t ld_s,
				      const int64_t *target, const float *weight, int64_t batch,
				      int64_t width, mlp_reduction reduction, double *value,
				      float *dl_ds, int64_t ld_dl_ds);
/** @copydoc mlp_loss_class_f32 */
MLP_API mlp_status mlp_loss_class_f64(mlp_loss loss, double parameter, const double *s,
				      int64_t ld_s, const int64_t *target, const double *weight,
				      int64_t batch, int64_t width, mlp_reduction reduction,
				      double *value, double *dl_ds, int64_t ld_dl_ds);

/** @} */

/** @defgroup step Forward and loss, gradient, training step in one call
 *
 * These calls put the loss and the output activation together: a loss that reads logits is computed
 * on s(L), stably, whether the network puts out s(L) itself (identity) or probabilities (softmax,
 * sigmoid). Any other pair of a logit loss and an activation is #MLP_ERR_LOSS.
 * @{ */

/** Forward pass and loss.
 *
 * @param net        network, unchanged; may be shared by any number of threads
 * @param ws         workspace of any mode; one per thread
 * @param x          inputs, [batch][n_0], row stride ld_x
 * @param ld_x       >= n_0
 * @param target     targets, [batch][n_L], row stride ld_target
 * @param ld_target  >= n_L
 * @param weight     sample weights as in mlp_loss_f32(); NULL: all 1
 * @param batch      number of rows, 1 .. max_batch
 * @param loss       loss function
 * @param parameter  > 0 for #MLP_HUBER; must be 0 for the others
 * @param reduction  how rows are put together
 * @param value      receives one value, or `batch` values for #MLP_NONE
 * @param y          receives the outputs x(L), [batch][n_L], row stride ld_y; NULL: not wanted
 * @param ld_y       >= n_L; ignored if y is NULL
 * @return MLP_OK; as mlp_forward_f32() and mlp_loss_f32(); MLP_ERR_LOSS
 * @since 0.1 */
MLP_API mlp_status mlp_evaluate_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
				    int64_t ld_x, const float *target, int64_t ld_target,
				    const float *weight, int64_t batch, mlp_loss loss,
				    double parameter, mlp_reduction reduction, double *value,
				    float *y, int64_t ld_y);
/** @copydoc mlp_evaluate_f32 */
MLP_API mlp_status mlp_evaluate_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
				    int64_t ld_x, const double *target, int64_t ld_target,
				    const double *weight, int64_t batch, mlp_loss loss,
				    double parameter, mlp_reduction reduction, double *value,
				    double *y, int64_t ld_y);

/** As mlp_evaluate_f32(), with class indices as targets.
 *
 * @param net        network, unchanged; may be shared by any number of threads
 * @param ws         workspace of any mode; one per thread
 * @param x          inputs, [batch][n_0], row stride ld_x
 * @param ld_x       >= n_0
 * @param target     class of each row, `batch` values in 0 .. n_L - 1
 * @param weight     sample weights as in mlp_loss_f32(); NULL: all 1
 * @param batch      number of rows, 1 .. max_batch
 * @param loss       #MLP_CROSS_ENTROPY, the only loss that takes class indices
 * @param parameter  must be 0
 * @param reduction  how rows are put together
 * @param value      receives one value, or `batch` values for #MLP_NONE
 * @param y          receives the outputs x(L), [batch][n_L], row stride ld_y; NULL: not wanted
 * @param ld_y       >= n_L; ignored if y is NULL
 * @return as mlp_evaluate_f32(); MLP_ERR_LOSS also for a loss that takes no class indices;
 *         MLP_ERR_INDEX for a class out of range
 * @since 0.1 */
MLP_API mlp_status mlp_evaluate_class_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
					  int64_t ld_x, const int64_t *target, const float *weight,
					  int64_t batch, mlp_loss loss, double parameter,
					  mlp_reduction reduction, double *value, float *y,
					  int64_t ld_y);
/** @copydoc mlp_evaluate_class_f32 */
MLP_API mlp_status mlp_evaluate_class_f64(const mlp_network *net, mlp_workspace *ws,
					  const double *x, int64_t ld_x, const int64_t *target,
					  const double *weight, int64_t batch, mlp_loss loss,
					  double parameter, mlp_reduction reduction, double *value,
					  double *y, int64_t ld_y);

/** Forward pass, loss and backward pass: the loss and its gradients, for optimizers of your own.
 *
 * @param net         network, unchanged; may be shared by any number of threads
 * @param ws          training or trace workspace; one per thread
 * @param x           inputs, [batch][n_0], row stride ld_x
 * @param ld_x        >= n_0
 * @param target      targets, [batch][n_L], row stride ld_target
 * @param ld_target   >= n_L
 * @param weight      sample weights as in mlp_loss_f32(); NULL: all 1
 * @param batch       number of rows, 1 .. max_batch
 * @param loss        loss function
 * @param parameter   > 0 for #MLP_HUBER; must be 0 for the others
 * @param reduction   #MLP_MEAN or #MLP_SUM
 * @param accumulate  not 0: add to `grad`; 0: overwrite it
 * @param value       receives the loss; NULL: not wanted
 * @param grad        parameter gradient in the parameter layout; NULL: not wanted
 * @param dl_dx0      receives the gradient at the input, [batch][n_0], row stride ld_dl_dx0; NULL:
 *                    not wanted (saves 2 B n_1 n_0 flop)
 * @param ld_dl_dx0   >= n_0; ignored if dl_dx0 is NULL
 * @return MLP_OK; as mlp_evaluate_f32() and mlp_backward_f32(); MLP_ERR_VALUE for #MLP_NONE
 * @since 0.1 */
MLP_API mlp_status mlp_gradient_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
				    int64_t ld_x, const float *target, int64_t ld_target,
				    const float *weight, int64_t batch, mlp_loss loss,
				    double parameter, mlp_reduction reduction, int accumulate,
				    double *value, float *grad, float *dl_dx0, int64_t ld_dl_dx0);
/** @copydoc mlp_gradient_f32 */
MLP_API mlp_status mlp_gradient_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
				    int64_t ld_x, const double *target, int64_t ld_target,
				    const double *weight, int64_t batch, mlp_loss loss,
				    double parameter, mlp_reduction reduction, int accumulate,
				    double *value, double *grad, double *dl_dx0, int64_t ld_dl_dx0);

/** As mlp_gradient_f32(), with class indices as targets.
 *
 * @param net         network, unchanged; may be shared by any number of threads
 * @param ws          training or trace workspace; one per thread
 * @param x           inputs, [batch][n_0], row stride ld_x
 * @param ld_x        >= n_0
 * @param target      class of each row, `batch` values in 0 .. n_L - 1
 * @param weight      sample weights as in mlp_loss_f32(); NULL: all 1
 * @param batch       number of rows, 1 .. max_batch
 * @param loss        #MLP_CROSS_ENTROPY, the only loss that takes class indices
 * @param parameter   must be 0
 * @param reduction   #MLP_MEAN or #MLP_SUM
 * @param accumulate  not 0: add to `grad`; 0: overwrite it
 * @param value       receives the loss; NULL: not wanted
 * @param grad        parameter gradient in the parameter layout; NULL: not wanted
 * @param dl_dx0      receives the gradient at the input, [batch][n_0]; NULL: not wanted
 * @param ld_dl_dx0   >= n_0; ignored if dl_dx0 is NULL
 * @return as mlp_gradient_f32(); MLP_ERR_LOSS also for a loss that takes no class indices;
 *         MLP_ERR_INDEX for a class out of range
 * @since 0.1 */
MLP_API mlp_status mlp_gradient_class_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
					  int64_t ld_x, const int64_t *target, const float *weight,
					  int64_t batch, mlp_loss loss, double parameter,
					  mlp_reduction reduction, int accumulate, double *value,
					  float *grad, float *dl_dx0, int64_t ld_dl_dx0);
/** @copydoc mlp_gradient_class_f32 */
MLP_API mlp_status mlp_gradient_class_f64(const mlp_network *net, mlp_workspace *ws,
					  const double *x, int64_t ld_x, const int64_t *target,
					  const double *weight, int64_t batch, mlp_loss loss,
					  double parameter, mlp_reduction reduction, int accumulate,
					  double *value, double *grad, double *dl_dx0,
					  int64_t ld_dl_dx0);

/** Training step: forward pass, loss, backward pass, and the update of plain stochastic gradient
 * descent, w(l) <- w(l) - eta dl/ds(l) x(l-1)^T, folded into the product: there is no gradient array.
 *
 * Frozen layers are left alone; below the lowest layer that is not frozen nothing is computed
 * backward, nor looked at for being finite (except in a trace workspace). eta = 0 changes no bit.
 *
 * @param net        network; the call changes its parameters and nothing else
 * @param ws         training or trace workspace; one per thread
 * @param x          inputs, [batch][n_0], row stride ld_x
 * @param ld_x       >= n_0
 * @param target     targets, [batch][n_L], row stride ld_target
 * @param ld_target  >= n_L
 * @param weight     sample weights as in mlp_loss_f32(); NULL: all 1
 * @param batch      number of rows, 1 .. max_batch
 * @param loss       loss function
 * @param parameter  > 0 for #MLP_HUBER; must be 0 for the others
 * @param reduction  #MLP_MEAN or #MLP_SUM
 * @param eta        learning rate, finite
 * @param value      receives the loss before the update; NULL: not wanted
 * @return MLP_OK; as mlp_gradient_f32(); MLP_ERR_NONFINITE if the loss, some dl/ds or some x is not
 *         finite: the network is then unchanged. Only a sum that overflows while the parameters are being
 *         written goes unnoticed; the next step reports it.
 * @since 0.1 */
MLP_API mlp_status mlp_train_step_f32(mlp_network *net, mlp_workspace *ws, const float *x,
				      int64_t ld_x, const float *target, int64_t ld_target,
				      const float *weight, int64_t batch, mlp_loss loss,
				      double parameter, mlp_reduction reduction, double eta,
				      double *value);
/** @copydoc mlp_train_step_f32 */
MLP_API mlp_status mlp_train_step_f64(mlp_network *net, mlp_workspace *ws, const double *x,
				      int64_t ld_x, const double *target, int64_t ld_target,
				      const double *weight, int64_t batch, mlp_loss loss,
				      double parameter, mlp_reduction reduction, double eta,
				      double *value);

/** As mlp_train_step_f32(), with class indices as targets.
 *
 * @param net        network; the call changes its parameters and nothing else
 * @param ws         training or trace workspace; one per thread
 * @param x          inputs, [batch][n_0], row stride ld_x
 * @param ld_x       >= n_0
 * @param target     class of each row, `batch` values in 0 .. n_L - 1
 * @param weight     sample weights as in mlp_loss_f32(); NULL: all 1
 * @param batch      number of rows, 1 .. max_batch
 * @param loss       #MLP_CROSS_ENTROPY, the only loss that takes class indices
 * @param parameter  must be 0
 * @param reduction  #MLP_MEAN or #MLP_SUM
 * @param eta        learning rate, finite
 * @param value      receives the loss before the update; NULL: not wanted
 * @return as mlp_train_step_f32(); MLP_ERR_LOSS also for a loss that takes no class indices;
 *         MLP_ERR_INDEX for a class out of range
 * @since 0.1 */
MLP_API mlp_status mlp_train_step_class_f32(mlp_network *net, mlp_workspace *ws, const float *x,
					    int64_t ld_x, const int64_t *target,
					    const float *weight, int64_t batch, mlp_loss loss,
					    double parameter, mlp_reduction reduction, double eta,
					    double *value);
/** @copydoc mlp_train_step_class_f32 */
MLP_API mlp_status mlp_train_step_class_f64(mlp_network *net, mlp_workspace *ws, const double *x,
					    int64_t ld_x, const int64_t *target,
					    const double *weight, int64_t batch, mlp_loss loss,
					    double parameter, mlp_reduction reduction, double eta,
					    double *value);

/** @} */

/** @defgroup cost Cost
 * @{ */

/** The computations that mlp_network_cost() knows. */
typedef enum mlp_pass {
	MLP_PASS_FORWARD = 1,        /**< s(l) and x(l), l = 1 .. L */
	MLP_PASS_BACKWARD = 2,       /**< dl/dw, dl/db, and dl/dx(l) for l = 1 .. L-1 */
	MLP_PASS_BACKWARD_INPUT = 3, /**< the same and dl/dx(0) */
	MLP_PASS_UPDATE = 4          /**< w and b from a gradient array */
} mlp_pass;

/** Arithmetic and memory traffic of a pass over a batch of B rows.
 *
 * With S = sum of n_l n_(l-1), P = S + sum of n_l (the parameters) and e bytes per element:
 *
 *     pass             flop                   bytes / e (each operand of each product once)
 *     forward          2 B S                  P + B sum of (n_(l-1) + n_l)
 *     backward         2 B (2 S - n_1 n_0)    P + B sum of (n_(l-1) + n_l)                 dw, db
 *                                             + sum over l > 1 of (n_l n_(l-1) + B n_(l-1)) dx
 *     backward_input   4 B S                  the same with l > 0 in the last sum
 *     update           2 P                    3 P
 *
 * A product's operands are: forward w, b, x(l-1), s(l); dw: dl/ds(l), x(l-1), dl/dw, dl/db; dx: w
 * and dl/dx(l-1) (dl/ds(l) was counted with dw). Activations, biases and the loss are left out of
 * the flop: they are not products. P counts every bias, those switched off included.
 *
 * @param net    network
 * @param pass   computation
 * @param batch  rows, at least 1; ignored for #MLP_PASS_UPDATE
 * @param flop   receives the floating-point operations (a multiply-add is two); NULL: not wanted
 * @param bytes  receives the compulsory memory traffic; NULL: not wanted
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for an unknown pass; MLP_ERR_SIZE; MLP_ERR_OVERFLOW
 *         if a number passes 2^63 - 1
 * @since 0.1 */
MLP_API mlp_status mlp_network_cost(const mlp_network *net, mlp_pass pass, int64_t batch,
				    int64_t *flop, int64_t *bytes);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
