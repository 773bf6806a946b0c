/** @file
 * Scaling of inputs and outputs, and the domain of the inputs. <mlp/mlp.h> includes it. */
#ifndef MLP_SCALING_H
#define MLP_SCALING_H

#include <stdint.h>

#include <mlp/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup scaling Scaling and domain
 *
 * Networks learn best from numbers near 1; data comes as it is. A network may hold a shift and a
 * scale for each of its inputs and outputs, and then takes and gives raw values: the layers see
 *
 *     x(0) = (x - shift) / scale        and        y = x(L) scale + shift        is what comes out.
 *
 * It is done while samples are copied in and out of the layers' memory, in no pass of its own. Clones and
 * converted copies have the same scaling. What is in which units, "raw" being those of the caller's data
 * and "scaled" what the layers see:
 *
 *     x of every call                                                  raw
 *     y of mlp_predict, mlp_forward, mlp_evaluate                      raw
 *     targets (values)                                                 raw
 *     losses: values, and what optimizers minimise                     scaled: of x(L), (t - shift) / scale
 *     the parameter of the Huber loss                                  scaled
 *     gradients of parameters                                          of the scaled loss
 *     dl_dx given to mlp_backward                                      raw: derivative with respect to y
 *     dl_ds given to mlp_backward_logits                               scaled: with respect to s(L)
 *     dl_dx0 received                                                  raw: derivative with respect to x
 *     what a trace shows (mlp_workspace_read): x(l), s(l), dl/dx(l)    scaled, l = 0 and L included
 *     vector products, Jacobians (dy/dx)                               raw
 *     metrics (RMSE, MAE, R^2) but the loss                            raw
 *     parameters w(1), b(1), w(L), b(L)                                scaled, until folded
 *
 * The losses of mlp_loss_f32() are of the caller's own arrays, and know of no network.
 *
 * Arithmetic is that of the element type: x - shift is rounded (which is exact near the shift), then
 * multiplied by the rounded 1/scale. Outputs of a softmax, and losses that read logits, have no units:
 * see mlp_network_set_output_scaling().
 * @{ */

/** Ways to choose shift and scale, feature by feature, from data. A feature that is constant (or as good
 * as: whose scale is no normal number of the element type) gets the scale 1. */
typedef enum mlp_scaling {
	MLP_SCALING_NONE = 1, /**< none: raw values are what the layers see */
	/** shift is the mean and scale the standard deviation (divisor: rows): scaled values have mean 0 and
	 * variance 1 */
	MLP_SCALING_STANDARD = 2,
	/** shift is the middle and scale half of the range: scaled values lie in -1 .. 1 */
	MLP_SCALING_MIN_MAX = 3,
	/** No value: fixes the range of the type. */
	MLP_SCALING_MAX_ENUM = 0x7fffffff
} mlp_scaling;

/** Name of a way to scale, such as "min_max"; NULL for a number that is none. @since 0.1 */
MLP_API const char *mlp_scaling_name(mlp_scaling scaling);

/** Way to scale of that name; 0 if there is none or `name` is NULL. @since 0.1 */
MLP_API mlp_scaling mlp_scaling_from_name(const char *name);

/** Choose the scaling of the inputs from data.
 *
 * Means and deviations are summed in double, row by row in their order, around the middle of the range, in
 * two passes: the result does not depend on the machine, and neither a large mean nor a large range costs
 * digits. Nothing is allocated.
 *
 * @param net      network; another thread must not use it meanwhile
 * @param scaling  how; with #MLP_SCALING_NONE the scaling is taken away, and the rest is ignored
 * @param x        inputs, [rows][n_0], row stride ld_x
 * @param ld_x     >= n_0
 * @param rows     number of rows, at least 1
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_SIZE; MLP_ERR_STRIDE; MLP_ERR_OVERFLOW;
 *         MLP_ERR_VALUE for an unknown way, or a feature whose range is so wide that 1/scale is no
 *         normal number; MLP_ERR_NONFINITE if a value is infinite or NaN (the line names its row and
 *         column, counted from 0)
 * @since 0.1 */
MLP_API mlp_status mlp_network_fit_input_scaling_f32(mlp_network *net, mlp_scaling scaling,
						     const float *x, int64_t ld_x, int64_t rows);
/** @copydoc mlp_network_fit_input_scaling_f32 */
MLP_API mlp_status mlp_network_fit_input_scaling_f64(mlp_network *net, mlp_scaling scaling,
						     const double *x, int64_t ld_x, int64_t rows);

/** Choose the scaling of the outputs from targets; the same in every respect as
 * mlp_network_fit_input_scaling_f32().
 *
 * @param net        network; another thread must not use it meanwhile
 * @param scaling    how; with #MLP_SCALING_NONE the scaling is taken away, and the rest is ignored
 * @param target     targets, [rows][n_L], row stride ld_target
 * @param ld_target  >= n_L
 * @param rows       number of rows, at least 1
 * @return as mlp_network_fit_input_scaling_f32(); MLP_ERR_STATE if the output activation is softmax
 * @since 0.1 */
MLP_API mlp_status mlp_network_fit_output_scaling_f32(mlp_network *net, mlp_scaling scaling,
						      const float *target, int64_t ld_target,
						      int64_t rows);
/** @copydoc mlp_network_fit_output_scaling_f32 */
MLP_API mlp_status mlp_network_fit_output_scaling_f64(mlp_network *net, mlp_scaling scaling,
						      const double *target, int64_t ld_target,
						      int64_t rows);

/** Set the scaling of the inputs.
 * @param net    network
 * @param shift  n_0 values, finite (for f32, as a float)
 * @param scale  n_0 values > 0, they and their reciprocals normal numbers of the element type
 *               (2.3e-38 .. 8.5e37 are, in float); NULL, and `shift` too: no scaling
 * @return MLP_OK; MLP_ERR_NULL if only one of the two is; MLP_ERR_VALUE
 * @since 0.1 */
MLP_API mlp_status mlp_network_set_input_scaling(mlp_network *net, const double *shift,
						 const double *scale);

/** Set the scaling of the outputs.
 *
 * Probabilities cannot be scaled: a softmax output and scaling exclude each other (here, and in
 * mlp_network_set_activation()), and with scaled outputs the losses that read logits are refused with
 * #MLP_ERR_LOSS by every call that takes a loss.
 *
 * @param net    network
 * @param shift  n_L values, finite (for f32, as a float)
 * @param scale  n_L values > 0, they and their reciprocals normal numbers of the element type; NULL, and
 *               `shift` too: no scaling
 * @return MLP_OK; MLP_ERR_NULL if only one of the two is; MLP_ERR_VALUE; MLP_ERR_STATE if the output
 *         activation is softmax
 * @since 0.1 */
MLP_API mlp_status mlp_network_set_output_scaling(mlp_network *net, const double *shift,
						  const double *scale);

/** The scaling of the inputs, as it was set: 0 and 1 if there is none.
 * @param net    network
 * @param shift  receives n_0 values; NULL: not wanted
 * @param scale  receives n_0 values; NULL: not wanted
 * @return MLP_OK; MLP_ERR_NULL
 * @since 0.1 */
MLP_API mlp_status mlp_network_get_input_scaling(const mlp_network *net, double *shift,
						 double *scale);

/** The scaling of the outputs, as it was set: 0 and 1 if there is none.
 * @param net    network
 * @param shift  receives n_L values; NULL: not wanted
 * @param scale  receives n_L values; NULL: not wanted
 * @return MLP_OK; MLP_ERR_NULL
 * @since 0.1 */
MLP_API mlp_status mlp_network_get_output_scaling(const mlp_network *net, double *shift,
						  double *scale);

/** Whether the inputs are scaled, 1 or 0; MLP_ERR_NULL. @since 0.1 */
MLP_API int mlp_network_has_input_scaling(const mlp_network *net);

/** Whether the outputs are scaled, 1 or 0; MLP_ERR_NULL. @since 0.1 */
MLP_API int mlp_network_has_output_scaling(const mlp_network *net);

/** Fold the scaling into the parameters of the first and the last layer, frozen or not, and take it away:
 *
 *     w(1) <- w(1) / scale        b(1) <- b(1) - w(1) shift / scale
 *     w(L) <- scale w(L)          b(L) <- scale b(L) + shift
 *
 * The network then gives the same outputs from raw inputs without scaling, in any program that reads
 * parameters. Sums are made in double and rounded once; what remains is the rounding of s(1), which grows
 * with |shift| / scale: an f32 network whose inputs lie far from 0 loses the digits that scaling saved.
 *
 * Meant for a network that is trained. Losses and gradients are raw afterwards, so that a step needs
 * another eta; and dropout of an input puts a raw 0 in its place, where it was the shift (the mean, if that
 * was fitted) before.
 *
 * @param net  network
 * @return MLP_OK (also if there is nothing to fold); MLP_ERR_NULL; MLP_ERR_STATE if outputs are scaled and
 *         the output activation is not #MLP_IDENTITY, or if the first or the last layer has no bias to take
 *         a shift that is not 0; MLP_ERR_OVERFLOW if a folded parameter would not be finite
 * @since 0.1 */
MLP_API mlp_status mlp_network_fold_scaling(mlp_network *net);

/** Remember the smallest and the largest value of every input: the domain that the data covers.
 * Constant features have a domain of one point. The domain changes no computation.
 *
 * @param net   network; another thread must not use it meanwhile
 * @param x     inputs (raw), [rows][n_0], row stride ld_x
 * @param ld_x  >= n_0
 * @param rows  number of rows, at least 1
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_SIZE; MLP_ERR_STRIDE; MLP_ERR_OVERFLOW;
 *         MLP_ERR_NONFINITE if a value is infinite or NaN (the line names its row and column, counted
 *         from 0)
 * @since 0.1 */
MLP_API mlp_status mlp_network_fit_domain_f32(mlp_network *net, const float *x, int64_t ld_x,
					      int64_t rows);
/** @copydoc mlp_network_fit_domain_f32 */
MLP_API mlp_status mlp_network_fit_domain_f64(mlp_network *net, const double *x, int64_t ld_x,
					      int64_t rows);

/** Set the domain of the inputs.
 * @param net      network
 * @param lowest   n_0 values (raw), not NaN; may be -infinity
 * @param highest  n_0 values (raw), not NaN, >= lowest; may be infinity. NULL, and `lowest` too: no domain
 * @return MLP_OK; MLP_ERR_NULL if only one of the two is; MLP_ERR_VALUE
 * @since 0.1 */
MLP_API mlp_status mlp_network_set_domain(mlp_network *net, const double *lowest,
					  const double *highest);

/** The domain of the inputs: -infinity and infinity if there is none.
 * @param net      network
 * @param lowest   receives n_0 values; NULL: not wanted
 * @param highest  receives n_0 values; NULL: not wanted
 * @return MLP_OK; MLP_ERR_NULL
 * @since 0.1 */
MLP_API mlp_status mlp_network_get_domain(const mlp_network *net, double *lowest, double *highest);

/** Whether the network knows a domain, 1 or 0; MLP_ERR_NULL. @since 0.1 */
MLP_API int mlp_network_has_domain(const mlp_network *net);

/** Which rows lie outside of the domain, where a network guesses at best.
 *
 * An input is outside if it is smaller than lowest - margin (highest - lowest), larger than highest +
 * margin (highest - lowest), or NaN. Where highest - lowest is infinite there is no margin. Bounds are in
 * double: one that is beyond it is infinite, and so is an input inside of it.
 *
 * @param net           network with a domain, unchanged; may be shared by any number of threads
 * @param x             inputs (raw), [rows][n_0], row stride ld_x
 * @param ld_x          >= n_0
 * @param rows          number of rows, at least 1
 * @param margin        tolerance, as a fraction of each input's range: finite, >= 0
 * @param outside       receives how many inputs of each row are outside, `rows` values; NULL: not wanted
 * @param rows_outside  receives how many rows have any; NULL: not wanted
 * @return MLP_OK, also if rows are outside; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_STATE without a domain;
 *         MLP_ERR_SIZE; MLP_ERR_STRIDE; MLP_ERR_OVERFLOW; MLP_ERR_VALUE for the margin
 * @since 0.1 */
MLP_API mlp_status mlp_network_outside_f32(const mlp_network *net, const float *x, int64_t ld_x,
					   int64_t rows, double margin, int64_t *outside,
					   int64_t *rows_outside);
/** @copydoc mlp_network_outside_f32 */
MLP_API mlp_status mlp_network_outside_f64(const mlp_network *net, const double *x, int64_t ld_x,
					   int64_t rows, double margin, int64_t *outside,
					   int64_t *rows_outside);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
