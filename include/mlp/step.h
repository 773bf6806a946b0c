/** @file
 * Forward and loss, gradient, training step in one call. <mlp/mlp.h> includes it. */
#ifndef MLP_STEP_H
#define MLP_STEP_H

#include <stdint.h>

#include <mlp/compute.h>
#include <mlp/loss.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup step Forward and loss, gradient, training step in one call
 *
 * These calls put the loss and the output activation together: a loss that reads logits is computed
 * on s(L), stably, whether the network puts out s(L) itself (identity) or probabilities (softmax,
 * sigmoid). Any other pair of a logit loss and an activation is #MLP_ERR_LOSS, and so is a logit loss with
 * scaled outputs.
 *
 * With scaling, x, y, targets and dl_dx0 are raw, the loss and gradients of parameters are of scaled
 * outputs and targets: see the table in <mlp/scaling.h>. Units are dropped by mlp_gradient and
 * mlp_train_step and their variants, not by mlp_evaluate: see <mlp/dropout.h>.
 *
 * mlp_train_step_f32() is plain gradient descent; mlp_optimizer_step_f32() is the same call for every other
 * optimizer (momentum, Adam, ...), mlp_optimizer_update_f32() the update alone.
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
 * @param parameter  > 0 for #MLP_HUBER; 0 <= parameter < 1 for #MLP_CROSS_ENTROPY (label smoothing);
 *                   must be 0 for the others
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
 * @param parameter  label smoothing, 0 <= parameter < 1
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

/** Forward pass, loss and backward pass: the loss and its gradients, for optimizers of your own or
 * mlp_optimizer_update_f32().
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
 * @param parameter   > 0 for #MLP_HUBER; 0 <= parameter < 1 for #MLP_CROSS_ENTROPY (label smoothing);
 *                    must be 0 for the others
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
 * @param parameter   label smoothing, 0 <= parameter < 1
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
 * @param parameter  > 0 for #MLP_HUBER; 0 <= parameter < 1 for #MLP_CROSS_ENTROPY (label smoothing);
 *                   must be 0 for the others
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
 * @param parameter  label smoothing, 0 <= parameter < 1
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

#ifdef __cplusplus
}
#endif

#endif
