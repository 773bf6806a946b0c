/** @file
 * Forward, backward, update. <mlp/mlp.h> includes it. */
#ifndef MLP_COMPUTE_H
#define MLP_COMPUTE_H

#include <stdint.h>

#include <mlp/workspace.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup compute Forward, backward, update
 *
 * Cost of a batch of B rows, S the sum of n_l n_(l-1): forward 2 B S flop, backward
 * 2 B (2 S - n_1 n_0), with the gradient at the input 4 B S. See mlp_network_cost().
 *
 * Values are not inspected in a forward pass: infinities and NaN run through the products as the BLAS
 * has it (the reference BLAS skips a factor 0, others do not) and through the activations as
 * IEEE 754 has it.
 *
 * Inputs and outputs, and derivatives with respect to them, are raw, whatever the network's scaling; dl_ds
 * is with respect to s(L) as the last layer has it. See the table in <mlp/scaling.h>.
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

#ifdef __cplusplus
}
#endif

#endif
