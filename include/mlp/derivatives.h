/** @file
 * Derivatives: of the outputs with respect to the inputs, of second order, of single samples, and their
 * check. <mlp/mlp.h> includes it. */
#ifndef MLP_DERIVATIVES_H
#define MLP_DERIVATIVES_H

#include <stdint.h>

#include <mlp/loss.h>
#include <mlp/workspace.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup derivatives Derivatives
 *
 * J is the Jacobian of one sample, dx(L)_i / dx(0)_j, n_L rows of n_0. H is the Hessian of the reduced
 * loss of a batch with respect to all parameters.
 *
 *     mlp_vjp              v^T J for every sample, in reverse          1 + 1 forward passes
 *     mlp_jvp              J v for every sample, forward               1 + 1
 *     mlp_jacobian         J for every sample                          1 + about min(n_0, n_L)
 *     mlp_hessian_vector   H v                                         8
 *     mlp_gradient_norms   the norm of every sample's gradient         3, as mlp_gradient
 *     mlp_gradient_rows    the gradient of every sample                2, and B P numbers written
 *     mlp_gradient_check   the gradient against differences            2 P or more
 *
 * in products of a forward pass, P the number of parameters. All of it goes through the products of the
 * engine, is shared out to the pool of the workspace, and has the same bits with any number of workers.
 *
 * The workspace must be for training or trace. Every call begins with a forward pass of its own, which
 * it leaves there, as mlp_forward_f32() does: a backward pass may follow. Those that go backward leave
 * that as well, as mlp_gradient_f32() does: a trace shows it. What else a call needs it allocates with the
 * allocator of the workspace and gives back before it returns; mlp_vjp_f32() and mlp_gradient_norms_f32()
 * allocate nothing.
 *
 * Kinks have the derivative that #mlp_activation and #mlp_loss name, and no curvature: the second
 * derivative of ReLU and leaky ReLU is 0 everywhere, of ELU and SELU 0 for s > 0, of softsign 0 at 0, of
 * the absolute error 0 everywhere, of the Huber loss 1 for |d| <= a, else 0.
 * @{ */

/** Vector-Jacobian product: v^T J for every sample, by one backward pass.
 *
 * @param net     network, unchanged; may be shared by any number of threads
 * @param ws      training or trace workspace; one per thread
 * @param x       inputs, [batch][n_0], row stride ld_x
 * @param ld_x    >= n_0
 * @param batch   number of rows, 1 .. max_batch
 * @param v       a vector for every sample, [batch][n_L], row stride ld_v
 * @param ld_v    >= n_L
 * @param y       receives the outputs x(L), [batch][n_L], row stride ld_y; NULL: not wanted
 * @param ld_y    >= n_L; ignored if y is NULL
 * @param vjp     receives v^T J, [batch][n_0], row stride ld_vjp
 * @param ld_vjp  >= n_0
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_SHAPE; MLP_ERR_SIZE; MLP_ERR_BATCH;
 *         MLP_ERR_STRIDE; MLP_ERR_OVERFLOW; MLP_ERR_STATE for an inference workspace or a pool
 *         inherited through fork; MLP_ERR_NONFINITE if some x, some derivative or a result is not
 *         finite
 * @since 0.1 */
MLP_API mlp_status mlp_vjp_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
			       int64_t ld_x, int64_t batch, const float *v, int64_t ld_v, float *y,
			       int64_t ld_y, float *vjp, int64_t ld_vjp);
/** @copydoc mlp_vjp_f32 */
MLP_API mlp_status mlp_vjp_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
			       int64_t ld_x, int64_t batch, const double *v, int64_t ld_v,
			       double *y, int64_t ld_y, double *vjp, int64_t ld_vjp);

/** Jacobian-vector product: J v for every sample, the derivative of the outputs in the direction v, carried
 * forward with them.
 *
 * Allocates two layers of a block of samples for each worker.
 *
 * @param net     network, unchanged; may be shared by any number of threads
 * @param ws      training or trace workspace; one per thread
 * @param x       inputs, [batch][n_0], row stride ld_x
 * @param ld_x    >= n_0
 * @param batch   number of rows, 1 .. max_batch
 * @param v       a direction for every sample, [batch][n_0], row stride ld_v
 * @param ld_v    >= n_0
 * @param y       receives the outputs x(L), [batch][n_L], row stride ld_y; NULL: not wanted
 * @param ld_y    >= n_L; ignored if y is NULL
 * @param jvp     receives J v, [batch][n_L], row stride ld_jvp
 * @param ld_jvp  >= n_L
 * @return as mlp_vjp_f32(); MLP_ERR_MEMORY; MLP_ERR_NONFINITE if a result is not finite
 * @since 0.1 */
MLP_API mlp_status mlp_jvp_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
			       int64_t ld_x, int64_t batch, const float *v, int64_t ld_v, float *y,
			       int64_t ld_y, float *jvp, int64_t ld_jvp);
/** @copydoc mlp_jvp_f32 */
MLP_API mlp_status mlp_jvp_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
			       int64_t ld_x, int64_t batch, const double *v, int64_t ld_v,
			       double *y, int64_t ld_y, double *jvp, int64_t ld_jvp);

/** The whole Jacobian of every sample, dx(L)_i / dx(0)_j.
 *
 * Carried forward from the n_0 unit vectors at the input, 2 B n_0 (S - n_1 n_0) flop, or in reverse
 * from the n_L unit vectors at the output, 2 B n_L S flop, whichever is less (S as for mlp_network_cost()).
 * Where the batch is small a product takes many unit vectors at once. Allocates two layers of a block
 * of samples for each worker and, for a small batch, x and s of one block.
 *
 * @param net          network, unchanged; may be shared by any number of threads
 * @param ws           training or trace workspace; one per thread
 * @param x            inputs, [batch][n_0], row stride ld_x
 * @param ld_x         >= n_0
 * @param batch        number of rows, 1 .. max_batch
 * @param y            receives the outputs x(L), [batch][n_L], row stride ld_y; NULL: not wanted
 * @param ld_y         >= n_L; ignored if y is NULL
 * @param jacobian     receives [batch][n_L][n_0], the Jacobian of a sample without gaps
 * @param ld_jacobian  from one sample to the next, >= n_L n_0
 * @return as mlp_jvp_f32()
 * @since 0.1 */
MLP_API mlp_status mlp_jacobian_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
				    int64_t ld_x, int64_t batch, float *y, int64_t ld_y,
				    float *jacobian, int64_t ld_jacobian);
/** @copydoc mlp_jacobian_f32 */
MLP_API mlp_status mlp_jacobian_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
				    int64_t ld_x, int64_t batch, double *y, int64_t ld_y,
				    double *jacobian, int64_t ld_jacobian);

/** Hessian-vector product: H v, exactly and without H, in the time of less than three gradients (B. A.
 * Pearlmutter, "Fast exact multiplication by the Hessian", 1994).
 *
 * For curvature, Newton and conjugate-gradient methods, and the largest eigenvalues of H. Frozen
 * layers take part. Entries of v for biases that are switched off are ignored, those of H v are 0.
 * Allocates four numbers for each unit and row of the batch, of training workspaces.
 *
 * @param net        network, unchanged; may be shared by any number of threads
 * @param ws         training or trace workspace; one per thread
 * @param x          inputs, [batch][n_0], row stride ld_x
 * @param ld_x       >= n_0
 * @param target     targets, [batch][n_L], row stride ld_target
 * @param ld_target  >= n_L
 * @param weight     sample weights as in mlp_loss_f32(); NULL: all 1
 * @param batch      number of rows, 1 .. max_batch
 * @param loss       loss function
 * @param parameter  of the loss, as in mlp_gradient_f32()
 * @param reduction  #MLP_MEAN or #MLP_SUM
 * @param v          vector, mlp_network_parameter_count(net) values in the parameter layout
 * @param hv         receives H v, in the same layout
 * @return MLP_OK; as mlp_gradient_f32(); MLP_ERR_MEMORY; MLP_ERR_NONFINITE also if a result is not
 *         finite
 * @since 0.1 */
MLP_API mlp_status mlp_hessian_vector_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
					  int64_t ld_x, const float *target, int64_t ld_target,
					  const float *weight, int64_t batch, mlp_loss loss,
					  double parameter, mlp_reduction reduction, const float *v,
					  float *hv);
/** @copydoc mlp_hessian_vector_f32 */
MLP_API mlp_status mlp_hessian_vector_f64(const mlp_network *net, mlp_workspace *ws,
					  const double *x, int64_t ld_x, const double *target,
					  int64_t ld_target, const double *weight, int64_t batch,
					  mlp_loss loss, double parameter, mlp_reduction reduction,
					  const double *v, double *hv);

/** As mlp_hessian_vector_f32(), with class indices as targets.
 *
 * @param net        network, unchanged; may be shared by any number of threads
 * @param ws         training or trace workspace; one per thread
 * @param x          inputs, [batch][n_0], row stride ld_x
 * @param ld_x       >= n_0
 * @param target     class of each row, `batch` values in 0 .. n_L - 1
 * @param weight     sample weights as in mlp_loss_f32(); NULL: all 1
 * @param batch      number of rows, 1 .. max_batch
 * @param loss       #MLP_CROSS_ENTROPY, the only loss that takes class indices
 * @param parameter  of the loss, as in mlp_gradient_class_f32()
 * @param reduction  #MLP_MEAN or #MLP_SUM
 * @param v          vector, in the parameter layout
 * @param hv         receives H v, in the same layout
 * @return as mlp_hessian_vector_f32() and mlp_gradient_class_f32()
 * @since 0.1 */
MLP_API mlp_status mlp_hessian_vector_class_f32(const mlp_network *net, mlp_workspace *ws,
						const float *x, int64_t ld_x, const int64_t *target,
						const float *weight, int64_t batch, mlp_loss loss,
						double parameter, mlp_reduction reduction,
						const float *v, float *hv);
/** @copydoc mlp_hessian_vector_class_f32 */
MLP_API mlp_status mlp_hessian_vector_class_f64(const mlp_network *net, mlp_workspace *ws,
						const double *x, int64_t ld_x,
						const int64_t *target, const double *weight,
						int64_t batch, mlp_loss loss, double parameter,
						mlp_reduction reduction, const double *v,
						double *hv);

/** The Euclidean norm of the gradient of every sample's loss with respect to all parameters,
 * without the gradients
 * (I. Goodfellow, "Efficient per-example gradient computations", 2015): a sample's dl/dw(l) is an outer
 * product, whose norm is that of dl/ds(l) times that of x(l-1).
 *
 *     norm_n = sqrt(sum over l of |dl_n/ds(l)|^2 (|x_n(l-1)|^2 + 1))      l_n: w_n times the loss of row n
 *
 * without the + 1 for layers without bias. Frozen layers count.
 *
 * @param net        network, unchanged; may be shared by any number of threads
 * @param ws         training or trace workspace; one per thread
 * @param x          inputs, [batch][n_0], row stride ld_x
 * @param ld_x       >= n_0
 * @param target     targets, [batch][n_L], row stride ld_target
 * @param ld_target  >= n_L
 * @param weight     sample weights as in mlp_loss_f32(); NULL: all 1
 * @param batch      number of rows, 1 .. max_batch
 * @param loss       loss function
 * @param parameter  of the loss, as in mlp_gradient_f32()
 * @param norms      receives `batch` values
 * @return MLP_OK; as mlp_gradient_f32(); MLP_ERR_NONFINITE also if a norm is not finite
 * @since 0.1 */
MLP_API mlp_status mlp_gradient_norms_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
					  int64_t ld_x, const float *target, int64_t ld_target,
					  const float *weight, int64_t batch, mlp_loss loss,
					  double parameter, double *norms);
/** @copydoc mlp_gradient_norms_f32 */
MLP_API mlp_status mlp_gradient_norms_f64(const mlp_network *net, mlp_workspace *ws,
					  const double *x, int64_t ld_x, const double *target,
					  int64_t ld_target, const double *weight, int64_t batch,
					  mlp_loss loss, double parameter, double *norms);

/** As mlp_gradient_norms_f32(), with class indices as targets.
 *
 * @param net        network, unchanged; may be shared by any number of threads
 * @param ws         training or trace workspace; one per thread
 * @param x          inputs, [batch][n_0], row stride ld_x
 * @param ld_x       >= n_0
 * @param target     class of each row, `batch` values in 0 .. n_L - 1
 * @param weight     sample weights as in mlp_loss_f32(); NULL: all 1
 * @param batch      number of rows, 1 .. max_batch
 * @param loss       #MLP_CROSS_ENTROPY, the only loss that takes class indices
 * @param parameter  of the loss, as in mlp_gradient_class_f32()
 * @param norms      receives `batch` values
 * @return as mlp_gradient_norms_f32() and mlp_gradient_class_f32()
 * @since 0.1 */
MLP_API mlp_status mlp_gradient_norms_class_f32(const mlp_network *net, mlp_workspace *ws,
						const float *x, int64_t ld_x, const int64_t *target,
						const float *weight, int64_t batch, mlp_loss loss,
						double parameter, double *norms);
/** @copydoc mlp_gradient_norms_class_f32 */
MLP_API mlp_status mlp_gradient_norms_class_f64(const mlp_network *net, mlp_workspace *ws,
						const double *x, int64_t ld_x,
						const int64_t *target, const double *weight,
						int64_t batch, mlp_loss loss, double parameter,
						double *norms);

/** The gradient of every sample's loss, w_n times the loss of row n: what mlp_gradient_f32() with
 * #MLP_SUM adds up. Allocates two numbers for each unit of the widest layer and each worker.
 *
 * @param net        network, unchanged; may be shared by any number of threads
 * @param ws         training or trace workspace; one per thread
 * @param x          inputs, [batch][n_0], row stride ld_x
 * @param ld_x       >= n_0
 * @param target     targets, [batch][n_L], row stride ld_target
 * @param ld_target  >= n_L
 * @param weight     sample weights as in mlp_loss_f32(); NULL: all 1
 * @param batch      number of rows, 1 .. max_batch
 * @param loss       loss function
 * @param parameter  of the loss, as in mlp_gradient_f32()
 * @param grads      receives [batch][P], each row a gradient in the parameter layout, P =
 *                   mlp_network_parameter_count(net), row stride ld_grads
 * @param ld_grads   >= P
 * @return MLP_OK; as mlp_gradient_f32(); MLP_ERR_MEMORY
 * @since 0.1 */
MLP_API mlp_status mlp_gradient_rows_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
					 int64_t ld_x, const float *target, int64_t ld_target,
					 const float *weight, int64_t batch, mlp_loss loss,
					 double parameter, float *grads, int64_t ld_grads);
/** @copydoc mlp_gradient_rows_f32 */
MLP_API mlp_status mlp_gradient_rows_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
					 int64_t ld_x, const double *target, int64_t ld_target,
					 const double *weight, int64_t batch, mlp_loss loss,
					 double parameter, double *grads, int64_t ld_grads);

/** As mlp_gradient_rows_f32(), with class indices as targets.
 *
 * @param net        network, unchanged; may be shared by any number of threads
 * @param ws         training or trace workspace; one per thread
 * @param x          inputs, [batch][n_0], row stride ld_x
 * @param ld_x       >= n_0
 * @param target     class of each row, `batch` values in 0 .. n_L - 1
 * @param weight     sample weights as in mlp_loss_f32(); NULL: all 1
 * @param batch      number of rows, 1 .. max_batch
 * @param loss       #MLP_CROSS_ENTROPY, the only loss that takes class indices
 * @param parameter  of the loss, as in mlp_gradient_class_f32()
 * @param grads      receives [batch][P], row stride ld_grads
 * @param ld_grads   >= P
 * @return as mlp_gradient_rows_f32() and mlp_gradient_class_f32()
 * @since 0.1 */
MLP_API mlp_status mlp_gradient_rows_class_f32(const mlp_network *net, mlp_workspace *ws,
					       const float *x, int64_t ld_x, const int64_t *target,
					       const float *weight, int64_t batch, mlp_loss loss,
					       double parameter, float *grads, int64_t ld_grads);
/** @copydoc mlp_gradient_rows_class_f32 */
MLP_API mlp_status mlp_gradient_rows_class_f64(const mlp_network *net, mlp_workspace *ws,
					       const double *x, int64_t ld_x, const int64_t *target,
					       const double *weight, int64_t batch, mlp_loss loss,
					       double parameter, double *grads, int64_t ld_grads);

/** Compare the gradient that mlp_gradient_f32() computes of your network, loss and data with differences of
 * the loss, parameter by parameter, and tell where they are farthest apart.
 *
 * The analytic gradient is computed in the element type of the network; the differences always in
 * double, on an f64 copy of network and data, for those of floats would have no digits left. Of a
 * parameter p the error is
 *
 *     |analytic - numeric| / max(|analytic|, |numeric|, largest |analytic| of all parameters / 1000)
 *
 * numeric = (l(p + h) - l(p - h)) / 2h, h = step max(1, |p|). Where that is farther from the analytic
 * value than 1e-6 of the same maximum, a kink of an activation or of a loss may lie between; then h /
 * 8, h / 64 and the differences to one side are tried too, and the nearest is taken. A wrong gradient
 * is near none of them. An error below 1e-5 (f64) or 1e-3 (f32) is what rounding leaves; of a wrong
 * derivative it is 0.01 or more.
 *
 * The network itself is not touched. Parameters of frozen layers are checked, biases that are switched
 * off are not. Takes 2 P forward passes at least: a few rows are enough data.
 *
 * @param net          network, unchanged; may be shared by any number of threads
 * @param x            inputs, [batch][n_0], row stride ld_x
 * @param ld_x         >= n_0
 * @param target       targets, [batch][n_L], row stride ld_target
 * @param ld_target    >= n_L
 * @param weight       sample weights as in mlp_loss_f32(); NULL: all 1
 * @param batch        number of rows, at least 1
 * @param loss         loss function
 * @param parameter    of the loss, as in mlp_gradient_f32()
 * @param reduction    #MLP_MEAN or #MLP_SUM
 * @param step         relative step h, 1e-15 .. 0.1; 0: 1e-5
 * @param worst_index  receives the parameter with the largest error, its index in the parameter layout;
 *                     NULL: not wanted
 * @param analytic     receives its derivative as mlp_gradient_f32() computes it; NULL: not wanted
 * @param numeric      receives the difference it was compared with; NULL: not wanted
 * @param worst_error  receives its error
 * @return MLP_OK, whatever the error; as mlp_gradient_f32(); MLP_ERR_VALUE for a step out of bounds;
 *         MLP_ERR_MEMORY; MLP_ERR_BLAS; MLP_ERR_NONFINITE also if a loss nearby or a
 *         derivative is not finite
 * @since 0.1 */
MLP_API mlp_status mlp_gradient_check_f32(const mlp_network *net, const float *x, int64_t ld_x,
					  const float *target, int64_t ld_target,
					  const float *weight, int64_t batch, mlp_loss loss,
					  double parameter, mlp_reduction reduction, double step,
					  int64_t *worst_index, double *analytic, double *numeric,
					  double *worst_error);
/** @copydoc mlp_gradient_check_f32 */
MLP_API mlp_status mlp_gradient_check_f64(const mlp_network *net, const double *x, int64_t ld_x,
					  const double *target, int64_t ld_target,
					  const double *weight, int64_t batch, mlp_loss loss,
					  double parameter, mlp_reduction reduction, double step,
					  int64_t *worst_index, double *analytic, double *numeric,
					  double *worst_error);

/** As mlp_gradient_check_f32(), with class indices as targets.
 *
 * @param net          network, unchanged; may be shared by any number of threads
 * @param x            inputs, [batch][n_0], row stride ld_x
 * @param ld_x         >= n_0
 * @param target       class of each row, `batch` values in 0 .. n_L - 1
 * @param weight       sample weights as in mlp_loss_f32(); NULL: all 1
 * @param batch        number of rows, at least 1
 * @param loss         #MLP_CROSS_ENTROPY, the only loss that takes class indices
 * @param parameter    of the loss, as in mlp_gradient_class_f32()
 * @param reduction    #MLP_MEAN or #MLP_SUM
 * @param step         relative step h, 1e-15 .. 0.1; 0: 1e-5
 * @param worst_index  receives the parameter with the largest error; NULL: not wanted
 * @param analytic     receives its analytic derivative; NULL: not wanted
 * @param numeric      receives the difference it was compared with; NULL: not wanted
 * @param worst_error  receives its error
 * @return as mlp_gradient_check_f32() and mlp_gradient_class_f32()
 * @since 0.1 */
MLP_API mlp_status mlp_gradient_check_class_f32(const mlp_network *net, const float *x,
						int64_t ld_x, const int64_t *target,
						const float *weight, int64_t batch, mlp_loss loss,
						double parameter, mlp_reduction reduction,
						double step, int64_t *worst_index, double *analytic,
						double *numeric, double *worst_error);
/** @copydoc mlp_gradient_check_class_f32 */
MLP_API mlp_status mlp_gradient_check_class_f64(const mlp_network *net, const double *x,
						int64_t ld_x, const int64_t *target,
						const double *weight, int64_t batch, mlp_loss loss,
						double parameter, mlp_reduction reduction,
						double step, int64_t *worst_index, double *analytic,
						double *numeric, double *worst_error);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
