/** @file
 * Optimizers. <mlp/mlp.h> includes it. */
#ifndef MLP_OPTIMIZER_H
#define MLP_OPTIMIZER_H

#include <stdint.h>

#include <mlp/loss.h>
#include <mlp/workspace.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup optimizer Optimizers
 *
 * An optimizer turns gradients into updates of a network's parameters, and keeps what it needs from one
 * to the next: velocities, moments, step sizes. It is made for the shape and element type of a network
 * and works on any network of that shape; mlp_train_step_f32() needs none, being plain gradient descent.
 *
 *     mlp_optimizer_create()  ->  mlp_optimizer_set()  ->  mlp_optimizer_step_f32(), as often as it takes
 *     mlp_gradient_f32() (accumulate, sum over processes, ...)  ->  mlp_optimizer_update_f32()
 *     mlp_optimizer_minimize_f32() with an objective of the caller's, for L-BFGS above all
 *
 * What is done to the gradient g of a parameter w, in this order, each only where it is asked for:
 *
 *     clip by value    g <- max(-c, min(g, c))                                      #MLP_HYPER_CLIP_VALUE
 *     clip by norm     g <- g c / |g| if |g| > c, |g| over all trained parameters   #MLP_HYPER_CLIP_NORM
 *     L2               g <- g + lambda w                                            #MLP_HYPER_L2
 *     weight decay     w <- w - eta lambda w                                #MLP_HYPER_WEIGHT_DECAY
 *     the update       w <- ... by the kind, see #mlp_optimizer_kind
 *     max-norm         row i of w(l) scaled to the norm c where it is longer        #MLP_HYPER_MAX_NORM
 *
 * L2 and weight decay leave biases alone unless #MLP_HYPER_DECAY_BIASES is 1. The loss that a call
 * returns is that of the data, without the penalty. Frozen layers and biases that are switched off are
 * touched by no kind, nor counted in |g|, nor looked at for being finite.
 *
 * An update needs the numbers eta, mu, ... in the element type: they are rounded to it, once.
 *
 * Every kind's results have the same bits with any number of workers and without a pool, and the same bits
 * whether a step is made in one call or by mlp_gradient_f32() and mlp_optimizer_update_f32() (with
 * MLP_TUNING_PRODUCTS at #MLP_PRODUCTS_WHOLE: nearly the same).
 * @{ */

/** Optimizers, with the update; g is the gradient, t = 1, 2, ... the step. Products and roots are taken
 * element by element. The formulas are those of PyTorch 1.13, where papers leave a choice. */
typedef enum mlp_optimizer_kind {
	/** Stochastic gradient descent: w <- w - eta g; with a momentum mu > 0 heavy-ball (Polyak 1964):
	 * v <- mu v + g, w <- w - eta v; and Nesterov's (Sutskever et al. 2013): w <- w - eta (g + mu v).
	 * Slot: "momentum" (v). */
	MLP_SGD = 1,
	/** RMSprop (Tieleman & Hinton 2012, lecture 6e): q <- rho q + (1 - rho) g^2,
	 * d = g / (sqrt q + epsilon), w <- w - eta d; with a momentum mu > 0: v <- mu v + d, w <- w - eta v.
	 * Slots: "square" (q), "momentum" (v). */
	MLP_RMSPROP = 2,
	/** Adam (Kingma & Ba 2015): m <- beta_1 m + (1 - beta_1) g, q <- beta_2 q + (1 - beta_2) g^2,
	 * w <- w - eta (m / (1 - beta_1^t)) / (sqrt(q / (1 - beta_2^t)) + epsilon).
	 * Slots: "mean" (m), "square" (q). */
	MLP_ADAM = 3,
	/** Adam with decoupled weight decay (Loshchilov & Hutter 2019): the same as #MLP_ADAM with
	 * #MLP_HYPER_WEIGHT_DECAY, which is 0.01 here unless set. */
	MLP_ADAMW = 4,
	/** iRPROP- (Igel & Huesken 2003), for gradients of the whole data: each parameter has a step size D;
	 * D grows by eta_plus while g keeps its sign, shrinks by eta_minus when g changes it (g is taken as 0
	 * then); w <- w - sign(g) D. Only the sign of g counts. Slots: "step_size" (D; 0 before the first
	 * step), "gradient" (g of the step before). */
	MLP_IRPROP_MINUS = 5,
	/** L-BFGS (Nocedal & Wright 2006, algorithms 7.4 and 7.5) with a line search for the strong Wolfe
	 * conditions (3.5 and 3.6, cubic interpolation), for an objective over the whole data that does not
	 * change from call to call. A step evaluates it once or several times. Pairs (s, y) whose curvature
	 * is not positive are left out. Slots: "parameters" and "gradient" at the last point,
	 * "history_s_0", "history_y_0", ... */
	MLP_LBFGS = 6,
	/** No value: fixes the range of the type. */
	MLP_OPTIMIZER_KIND_MAX_ENUM = 0x7fffffff
} mlp_optimizer_kind;

/** Numbers that an optimizer can be given. "All but ..." names the kinds that have them. */
typedef enum mlp_hyper {
	/** "eta", the learning rate: 0.01 for SGD, 0.001 for RMSprop (Hinton), Adam (Kingma & Ba) and AdamW.
	 * All but iRPROP- and L-BFGS. */
	MLP_HYPER_ETA = 1,
	MLP_HYPER_MOMENTUM = 2, /**< "momentum", mu in 0 .. 1 without 1: 0. SGD, RMSprop. */
	MLP_HYPER_NESTEROV =
		3,         /**< "nesterov", 0 or 1: 0. SGD; without momentum it changes nothing. */
	MLP_HYPER_RHO = 4, /**< "rho" in 0 .. 1 without 1: 0.9 (Hinton; PyTorch: 0.99). RMSprop. */
	MLP_HYPER_BETA_1 = 5, /**< "beta_1" in 0 .. 1 without 1: 0.9 (Kingma & Ba). Adam, AdamW. */
	MLP_HYPER_BETA_2 =
		6, /**< "beta_2" in 0 .. 1 without 1: 0.999 (Kingma & Ba). Adam, AdamW. */
	MLP_HYPER_EPSILON =
		7, /**< "epsilon" > 0: 1e-8 (Kingma & Ba; PyTorch). RMSprop, Adam, AdamW. */
	/** "l2", lambda >= 0: 0. The gradient of lambda/2 |w|^2 is added. All kinds; L-BFGS minimises the sum. */
	MLP_HYPER_L2 = 8,
	/** "weight_decay", lambda >= 0: 0; AdamW 0.01 (PyTorch). Decoupled: w <- w - eta lambda w before
	 * the update. All but iRPROP- and L-BFGS. */
	MLP_HYPER_WEIGHT_DECAY = 9,
	MLP_HYPER_DECAY_BIASES =
		10, /**< "decay_biases", 0 or 1: 0. L2 and weight decay of biases too. */
	/** "clip_norm" >= 0, 0: off (the default). Bound of the norm of the whole gradient (Pascanu et al.
	 * 2013). A step then needs the whole gradient before it changes anything. All but iRPROP- and
	 * L-BFGS. */
	MLP_HYPER_CLIP_NORM = 11,
	/** "clip_value" >= 0, 0: off (the default). Bound of every |g|. All but iRPROP- and L-BFGS. */
	MLP_HYPER_CLIP_VALUE = 12,
	/** "max_norm" >= 0, 0: off (the default). Bound of the norm of each unit's weights, its row of w(l)
	 * without the bias (Srivastava et al. 2014). All but L-BFGS. */
	MLP_HYPER_MAX_NORM = 13,
	MLP_HYPER_ETA_MINUS = 14, /**< "eta_minus" in 0 .. 1 without both: 0.5. iRPROP-. */
	MLP_HYPER_ETA_PLUS = 15,  /**< "eta_plus" >= 1: 1.2. iRPROP-. */
	MLP_HYPER_DELTA_0 =
		16, /**< "delta_0" > 0, the first step size: 0.0125 (the paper). iRPROP-. */
	/** "delta_min" > 0, the least step size: 1e-6 (Riedmiller & Braun 1993). iRPROP-. */
	MLP_HYPER_DELTA_MIN = 17,
	MLP_HYPER_DELTA_MAX = 18, /**< "delta_max" > 0, the largest step size: 50. iRPROP-. */
	/** "history", pairs that L-BFGS keeps, an integer in 1 .. 1024: 10. Setting it allocates memory and
	 * forgets the pairs. */
	MLP_HYPER_HISTORY = 19,
	/** "c1" in 0 .. 0.25 without 0, sufficient decrease in the line search: 1e-4 (Nocedal & Wright).
	 * L-BFGS. */
	MLP_HYPER_C1 = 20,
	/** "c2" in 0.5 .. 1 without 1, the part of the slope that may be left: 0.9 (Nocedal & Wright).
	 * L-BFGS. */
	MLP_HYPER_C2 = 21,
	/** "trials", evaluations that one line search may take, an integer in 1 .. 1000: 25. L-BFGS. */
	MLP_HYPER_TRIALS = 22,
	/** No value: fixes the range of the type. */
	MLP_HYPER_MAX_ENUM = 0x7fffffff
} mlp_hyper;

/** An optimizer: its kind, its numbers and what it keeps from step to step. Memory for L-BFGS:
 * 2 history + 4 times that of the parameters; for the others: one gradient and the slots. */
typedef struct mlp_optimizer mlp_optimizer;

/** Name of a kind: "sgd", "rmsprop", "adam", "adamw", "irprop-", "lbfgs"; NULL for a number that is none.
 * @since 0.1 */
MLP_API const char *mlp_optimizer_name(mlp_optimizer_kind kind);

/** Kind of that name; 0 if there is none or `name` is NULL. @since 0.1 */
MLP_API mlp_optimizer_kind mlp_optimizer_from_name(const char *name);

/** Name of a number, such as "beta_1"; NULL for an enumerator that is none. @since 0.1 */
MLP_API const char *mlp_hyper_name(mlp_hyper hyper);

/** Number of that name; 0 if there is none or `name` is NULL. @since 0.1 */
MLP_API mlp_hyper mlp_hyper_from_name(const char *name);

/** Create an optimizer for networks of the shape and element type of `net`, with the network's allocator.
 * The network itself is not kept: it may be freed, cloned, trained by others.
 *
 * After its creation, and that of the workspace, no step allocates.
 * @param net        network
 * @param kind       which
 * @param optimizer  receives it, NULL on failure
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for an unknown kind; MLP_ERR_OVERFLOW; MLP_ERR_MEMORY;
 *         MLP_ERR_BLAS
 * @since 0.1 */
MLP_API mlp_status mlp_optimizer_create(const mlp_network *net, mlp_optimizer_kind kind,
					mlp_optimizer **optimizer);

/** Free an optimizer; NULL is allowed. Not within a closure of mlp_optimizer_minimize_f32() with it.
 * @since 0.1 */
MLP_API void mlp_optimizer_free(mlp_optimizer *optimizer);

/** Its kind; 0 for NULL. @since 0.1 */
MLP_API mlp_optimizer_kind mlp_optimizer_kind_of(const mlp_optimizer *optimizer);

/** Set a number. It holds from the next step on; what the optimizer has kept stays (but see
 * #MLP_HYPER_HISTORY).
 * @param optimizer  optimizer
 * @param hyper      which
 * @param value      within mlp_optimizer_bounds(); an integer where it says so
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for a number that the kind does not have, or a value that
 *         it does not accept; MLP_ERR_STATE within a closure of mlp_optimizer_minimize_f32();
 *         MLP_ERR_OVERFLOW, MLP_ERR_MEMORY for #MLP_HYPER_HISTORY
 * @since 0.1 */
MLP_API mlp_status mlp_optimizer_set(mlp_optimizer *optimizer, mlp_hyper hyper, double value);

/** A number as it was set, or its default; NaN if the kind has no such number or `optimizer` is NULL.
 * @since 0.1 */
MLP_API double mlp_optimizer_get(const mlp_optimizer *optimizer, mlp_hyper hyper);

/** What mlp_optimizer_set() accepts: lowest <= value <= highest. "1 without 1" is the largest number
 * of the element type below 1, "> 0" its smallest normal number.
 * @param optimizer  optimizer
 * @param hyper      which
 * @param lowest     receives the bound; NULL: not wanted
 * @param highest    receives the bound; NULL: not wanted
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for a number that the kind does not have
 * @since 0.1 */
MLP_API mlp_status mlp_optimizer_bounds(const mlp_optimizer *optimizer, mlp_hyper hyper,
					double *lowest, double *highest);

/** Forget what was kept: every slot and scalar is as after creation. The numbers stay.
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_STATE within a closure of mlp_optimizer_minimize_f32()
 * @since 0.1 */
MLP_API mlp_status mlp_optimizer_reset(mlp_optimizer *optimizer);

/** Steps made since creation or reset; MLP_ERR_NULL. @since 0.1 */
MLP_API int64_t mlp_optimizer_steps(const mlp_optimizer *optimizer);

/** @name State
 * Slots are arrays in the parameter layout, scalars single numbers. The hyper-parameters (set first),
 * slots and scalars are all there is: an optimizer of the same kind and shape that is given them goes
 * on bit for bit as the first would.
 * @{ */

/** Number of slots; MLP_ERR_NULL. @since 0.1 */
MLP_API int64_t mlp_optimizer_slot_count(const mlp_optimizer *optimizer);

/** Name of slot 0 .. count - 1, such as "mean"; NULL if there is none. Valid as long as the optimizer
 * (for L-BFGS: until its history is set). @since 0.1 */
MLP_API const char *mlp_optimizer_slot_name(const mlp_optimizer *optimizer, int64_t slot);

/** A slot itself, for reading and restoring: mlp_network_parameter_count() values, 64-byte aligned. The
 * parts of frozen layers and switched-off biases are not used. Values are not inspected. Within a closure
 * of mlp_optimizer_minimize_f32() they are as the iteration has left them so far, and are not to be changed.
 * @return the array; NULL if there is no such slot, `optimizer` is NULL or of the other element type
 * @since 0.1 */
MLP_API float *mlp_optimizer_slot_f32(mlp_optimizer *optimizer, int64_t slot);
/** @copydoc mlp_optimizer_slot_f32 */
MLP_API double *mlp_optimizer_slot_f64(mlp_optimizer *optimizer, int64_t slot);

/** Number of scalars; MLP_ERR_NULL. @since 0.1 */
MLP_API int64_t mlp_optimizer_scalar_count(const mlp_optimizer *optimizer);

/** Name of scalar 0 .. count - 1; NULL if there is none. All kinds: "steps". L-BFGS besides: "pairs" kept,
 * "next" pair to be overwritten, "known" (1 if the objective at the last point is), "loss" there, "value"
 * (the loss with the L2 penalty), "step_length" of the last line search (0: it found no lower point, which
 * near a minimum is the end: rounding hides what is left). @since 0.1 */
MLP_API const char *mlp_optimizer_scalar_name(const mlp_optimizer *optimizer, int64_t scalar);

/** A scalar; NaN if there is none or `optimizer` is NULL. @since 0.1 */
MLP_API double mlp_optimizer_scalar(const mlp_optimizer *optimizer, int64_t scalar);

/** Restore a scalar.
 * @param optimizer  optimizer
 * @param scalar     0 .. count - 1
 * @param value      finite; counts are integers >= 0, "pairs" and "next" within the history
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_INDEX; MLP_ERR_VALUE; MLP_ERR_STATE within a closure of
 *         mlp_optimizer_minimize_f32()
 * @since 0.1 */
MLP_API mlp_status mlp_optimizer_set_scalar(mlp_optimizer *optimizer, int64_t scalar, double value);

/** @} */

/** Update of the parameters from a gradient in an array.
 *
 * @param optimizer  optimizer; counts a step and renews what it keeps
 * @param net        network of its shape; the call changes its parameters and nothing else
 * @param ws         workspace of the network, of any mode: its pool shares the work, and what it says
 *                   of denormal numbers holds; NULL: the caller's thread alone
 * @param grad       gradient in the parameter layout, unchanged
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_SHAPE if the optimizer or the workspace was made
 *         for another shape; MLP_ERR_STATE for L-BFGS, which needs mlp_optimizer_minimize_f32(), or a pool
 *         inherited through fork; MLP_ERR_NONFINITE if the gradient, or with #MLP_HYPER_CLIP_NORM its
 *         norm, is infinite or not a number
 * @since 0.1 */
MLP_API mlp_status mlp_optimizer_update_f32(mlp_optimizer *optimizer, mlp_network *net,
					    mlp_workspace *ws, const float *grad);
/** @copydoc mlp_optimizer_update_f32 */
MLP_API mlp_status mlp_optimizer_update_f64(mlp_optimizer *optimizer, mlp_network *net,
					    mlp_workspace *ws, const double *grad);

/** Training step: forward pass, loss, backward pass and update.
 *
 * The update of each tile of w(l) follows on the product that makes its gradient, while that is in the
 * cache: the gradient as a whole is never in memory, except with #MLP_HYPER_CLIP_NORM. L-BFGS takes the
 * batch for the whole data and may evaluate it several times, with dropout each time with the same units.
 *
 * @param optimizer  optimizer; counts a step and renews what it keeps
 * @param net        network of its shape; the call changes its parameters and nothing else
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
 * @param value      receives the loss before the update; NULL: not wanted
 * @return as mlp_train_step_f32() and mlp_optimizer_update_f32(). MLP_ERR_NONFINITE if the loss, some
 *         dl/ds or some x is not finite: nothing is changed then. Only a sum that overflows while the
 *         parameters are being written goes unnoticed; the next step reports it.
 * @since 0.1 */
MLP_API mlp_status mlp_optimizer_step_f32(mlp_optimizer *optimizer, mlp_network *net,
					  mlp_workspace *ws, const float *x, int64_t ld_x,
					  const float *target, int64_t ld_target,
					  const float *weight, int64_t batch, mlp_loss loss,
					  double parameter, mlp_reduction reduction, double *value);
/** @copydoc mlp_optimizer_step_f32 */
MLP_API mlp_status mlp_optimizer_step_f64(mlp_optimizer *optimizer, mlp_network *net,
					  mlp_workspace *ws, const double *x, int64_t ld_x,
					  const double *target, int64_t ld_target,
					  const double *weight, int64_t batch, mlp_loss loss,
					  double parameter, mlp_reduction reduction, double *value);

/** As mlp_optimizer_step_f32(), with class indices as targets.
 *
 * @param optimizer  optimizer; counts a step and renews what it keeps
 * @param net        network of its shape; the call changes its parameters and nothing else
 * @param ws         training or trace workspace; one per thread
 * @param x          inputs, [batch][n_0], row stride ld_x
 * @param ld_x       >= n_0
 * @param target     class of each row, `batch` values in 0 .. n_L - 1
 * @param weight     sample weights as in mlp_loss_f32(); NULL: all 1
 * @param batch      number of rows, 1 .. max_batch
 * @param loss       #MLP_CROSS_ENTROPY, the only loss that takes class indices
 * @param parameter  of the loss, as in mlp_gradient_class_f32()
 * @param reduction  #MLP_MEAN or #MLP_SUM
 * @param value      receives the loss before the update; NULL: not wanted
 * @return as mlp_optimizer_step_f32(); MLP_ERR_LOSS also for a loss that takes no class indices;
 *         MLP_ERR_INDEX for a class out of range
 * @since 0.1 */
MLP_API mlp_status mlp_optimizer_step_class_f32(mlp_optimizer *optimizer, mlp_network *net,
						mlp_workspace *ws, const float *x, int64_t ld_x,
						const int64_t *target, const float *weight,
						int64_t batch, mlp_loss loss, double parameter,
						mlp_reduction reduction, double *value);
/** @copydoc mlp_optimizer_step_class_f32 */
MLP_API mlp_status mlp_optimizer_step_class_f64(mlp_optimizer *optimizer, mlp_network *net,
						mlp_workspace *ws, const double *x, int64_t ld_x,
						const int64_t *target, const double *weight,
						int64_t batch, mlp_loss loss, double parameter,
						mlp_reduction reduction, double *value);

/** An objective of the caller's, such as the loss over data that comes in pieces: the value at the
 * network's parameters as they are now, and its gradient.
 * @param context  as given to mlp_optimizer_minimize_f32()
 * @param net      network
 * @param value    receives the value
 * @param grad     receives the gradient in the parameter layout (that of frozen layers is not looked
 *                 at); what it holds before is of no meaning
 * @return MLP_OK; any other status ends the call, which returns it. In a line search MLP_ERR_NONFINITE,
 *         as a value or a gradient that is not finite, means that the point is too far away. */
typedef mlp_status (*mlp_closure_f32)(void *context, const mlp_network *net, double *value,
				      float *grad);
/** As #mlp_closure_f32. */
typedef mlp_status (*mlp_closure_f64)(void *context, const mlp_network *net, double *value,
				      double *grad);

/** One iteration on an objective of the caller's: evaluates it, then updates the parameters.
 *
 * L-BFGS evaluates it at trial points, once or several times, until the line search ends; it remembers
 * value and gradient of the point where it stopped, and begins there without evaluation if the parameters
 * are still the same: if the objective has changed meanwhile, call mlp_optimizer_reset(). It ends at a
 * lower point or where it began.
 *
 * While the closure runs the optimizer is at work: calls that would change it or use it are refused with
 * MLP_ERR_STATE, and the network is not to be changed.
 *
 * @param optimizer  optimizer; counts a step and renews what it keeps
 * @param net        network of its shape; the call changes its parameters and nothing else
 * @param ws         as in mlp_optimizer_update_f32(); may be the workspace that the closure uses
 * @param closure    the objective
 * @param context    handed to the closure
 * @param value      receives the objective before the update, without the L2 penalty; NULL: not wanted
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_SHAPE; MLP_ERR_STATE for a pool inherited through
 *         fork, or within a closure of the same optimizer; MLP_ERR_NONFINITE if the objective or its gradient is not finite where the call begins;
 *         what the closure returns. After a failure the network is as it was, in every bit.
 * @since 0.1 */
MLP_API mlp_status mlp_optimizer_minimize_f32(mlp_optimizer *optimizer, mlp_network *net,
					      mlp_workspace *ws, mlp_closure_f32 closure,
					      void *context, double *value);
/** @copydoc mlp_optimizer_minimize_f32 */
MLP_API mlp_status mlp_optimizer_minimize_f64(mlp_optimizer *optimizer, mlp_network *net,
					      mlp_workspace *ws, mlp_closure_f64 closure,
					      void *context, double *value);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
