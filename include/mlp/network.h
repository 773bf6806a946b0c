/** @file
 * Networks. <mlp/mlp.h> includes it. */
#ifndef MLP_NETWORK_H
#define MLP_NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include <mlp/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup network Networks
 * @{ */

/** Element type of a network. */
typedef enum mlp_dtype {
	MLP_F32 = 1, /**< float, IEEE 754 binary32 */
	MLP_F64 = 2, /**< double, IEEE 754 binary64 */
	/** No value: fixes the range of the type. */
	MLP_DTYPE_MAX_ENUM = 0x7fffffff
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
	MLP_SOFTMAX = 13,
	/** No value: fixes the range of the type. */
	MLP_ACTIVATION_MAX_ENUM = 0x7fffffff
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
	MLP_INIT_UNIFORM = 6,       /**< uniform, +-a, where a is the call's parameter */
	/** No value: fixes the range of the type. */
	MLP_INIT_MAX_ENUM = 0x7fffffff
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
 *         parameter is too large for float, or the scaling out of bounds for it; MLP_ERR_MEMORY
 * @since 0.1 */
MLP_API mlp_status mlp_network_convert(const mlp_network *net, mlp_dtype dtype, mlp_network **copy);

/** The digest of a network: a number that tells networks apart, as quickly as their parameters can be read.
 *
 * Two networks have the same one if they were set alike and their parameters are the same, bit for bit: also on
 * another machine, and after copying, saving and loading. Any single bit that differs makes it another. The
 * high 32 bits are the CRC-32 (of zlib and PNG) of what was set: element type, widths, activations, biases,
 * frozen layers, dropout, scaling, domain; not the notes, nor the allocator. The low 32 bits are the CRC-32 of
 * the parameters in the order of their layout, in little-endian bytes, without the biases that are switched off.
 *
 * It finds accidents and tells versions apart. It is no protection: whoever wants to can make another network
 * with the same digest.
 *
 * @param net     network, unchanged; may be shared by any number of threads
 * @param digest  receives the number
 * @return MLP_OK; MLP_ERR_NULL
 * @since 0.1 */
MLP_API mlp_status mlp_network_digest(const mlp_network *net, uint64_t *digest);

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
 *         in a hidden layer; MLP_ERR_STATE for softmax if the outputs are scaled
 *         (mlp_network_set_output_scaling())
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

#ifdef __cplusplus
}
#endif

#endif
