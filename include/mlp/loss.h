/** @file
 * Losses. <mlp/mlp.h> includes it. */
#ifndef MLP_LOSS_H
#define MLP_LOSS_H

#include <stdint.h>

#include <mlp/status.h>

#ifdef __cplusplus
extern "C" {
#endif

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
	 * logits s(L): output activation softmax, or identity. Labels are smoothed by the loss's parameter
	 * a, 0 <= a < 1 (Szegedy et al. 2016; PyTorch's label_smoothing): (1 - a) t_i + a / n_L is taken for
	 * t_i. */
	MLP_CROSS_ENTROPY = 6,
	/** [exp s - t s], s the logarithm of the rate, t >= 0 the count (log t! left out); reads the
	 * logits s(L): output activation identity. */
	MLP_POISSON = 7,
	/** No value: fixes the range of the type. */
	MLP_LOSS_MAX_ENUM = 0x7fffffff
} mlp_loss;

/** How the losses of the rows of a batch are put together. */
typedef enum mlp_reduction {
	MLP_MEAN = 1, /**< one value: the mean over rows, weighted by the sample weights */
	MLP_SUM = 2,  /**< one value: the sum over rows, weighted by the sample weights */
	MLP_NONE = 3, /**< a value per row; takes no sample weights */
	/** No value: fixes the range of the type. */
	MLP_REDUCTION_MAX_ENUM = 0x7fffffff
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
 * @param parameter  > 0 for #MLP_HUBER; 0 <= parameter < 1 for #MLP_CROSS_ENTROPY (label smoothing);
 *                   must be 0 for the others
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
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for an unknown enumerator, a parameter, a target or a weight out
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
 * @param parameter  label smoothing, 0 <= parameter < 1
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

#ifdef __cplusplus
}
#endif

#endif
