/** @file
 * Parameters. <mlp/mlp.h> includes it. */
#ifndef MLP_PARAMETERS_H
#define MLP_PARAMETERS_H

#include <stdint.h>

#include <mlp/network.h>

#ifdef __cplusplus
extern "C" {
#endif

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

#ifdef __cplusplus
}
#endif

#endif
