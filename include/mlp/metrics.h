/** @file
 * Metrics: how good a network is on rows it is given. <mlp/mlp.h> includes it. */
#ifndef MLP_METRICS_H
#define MLP_METRICS_H

#include <stdint.h>

#include <mlp/loss.h>
#include <mlp/workspace.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup metrics Metrics
 *
 * y is what the network puts out, x(L), t the target, w_n the weight of row n (1 unless given), W the sum of
 * the weights, n_L the number of outputs. Rows of weight 0 are left out. All sums are in double, in row
 * order.
 * @{ */

/** Metrics. */
typedef enum mlp_metric {
	/** The loss of the call, mean over rows: sum_n w_n l_n / W. */
	MLP_METRIC_LOSS = 1,
	/** Share of what was told right, 0 .. 1. Class targets: sum_n w_n [argmax y_n is the class] / W, the first
	 * of equal outputs counting. Targets that are values: with #MLP_BINARY_CROSS_ENTROPY every output is a
	 * yes or no of its own, y > 1/2 (of a network that puts out logits, y > 0) against t > 1/2, and
	 * the share is over rows and outputs; otherwise with several outputs argmax y against argmax t, and
	 * with one output y and t against 1/2 (against 0 where the output activation is tanh). */
	MLP_METRIC_ACCURACY = 2,
	/** Root of the mean square over rows and outputs: sqrt(sum_n w_n sum_i (y - t)^2 / (n_L W)). */
	MLP_METRIC_RMSE = 3,
	/** Mean absolute error over rows and outputs: sum_n w_n sum_i |y - t| / (n_L W). */
	MLP_METRIC_MAE = 4,
	/** Coefficient of determination: for each output 1 - sum_n w_n (y - t)^2 / sum_n w_n (t - mean t)^2, the
	 * mean weighted too; then the plain mean over the outputs. An output whose target is constant counts
	 * 1 if it is met exactly, else 0. As r2_score of scikit-learn. */
	MLP_METRIC_R2 = 5,
	/** No value: fixes the range of the type. */
	MLP_METRIC_MAX_ENUM = 0x7fffffff
} mlp_metric;

/** Measure a network on any number of rows, which go through the workspace in pieces of its max_batch (or 256,
 * if that is less). Allocates room for the outputs of a piece; nothing else grows with `rows`.
 *
 * @param net        network, unchanged; may be shared by any number of threads
 * @param ws         workspace of any mode; one per thread
 * @param x          inputs, [rows][n_0], row stride ld_x
 * @param ld_x       >= n_0
 * @param target     targets, [rows][n_L], row stride ld_target
 * @param ld_target  >= n_L
 * @param weight     sample weights, `rows` values, finite and >= 0, of a finite sum > 0; NULL: all 1
 * @param rows       number of rows, at least 1
 * @param loss       loss function; it also says what accuracy means
 * @param parameter  its parameter, as in mlp_evaluate_f32()
 * @param metrics    what to measure, `count` of them
 * @param count      at least 1
 * @param values     receives `count` values
 * @return MLP_OK; MLP_ERR_SIZE for rows or count below 1; MLP_ERR_VALUE for an unknown metric or a weight out
 *         of bounds; MLP_ERR_MEMORY; as mlp_evaluate_f32(), whose lines count rows from the beginning of a
 *         piece; MLP_ERR_NONFINITE if a loss or a metric is not finite
 * @since 0.1 */
MLP_API mlp_status mlp_measure_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
				   int64_t ld_x, const float *target, int64_t ld_target,
				   const float *weight, int64_t rows, mlp_loss loss,
				   double parameter, const mlp_metric *metrics, int64_t count,
				   double *values);
/** @copydoc mlp_measure_f32 */
MLP_API mlp_status mlp_measure_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
				   int64_t ld_x, const double *target, int64_t ld_target,
				   const double *weight, int64_t rows, mlp_loss loss,
				   double parameter, const mlp_metric *metrics, int64_t count,
				   double *values);

/** As mlp_measure_f32(), with class indices as targets.
 *
 * @param net        network, unchanged; may be shared by any number of threads
 * @param ws         workspace of any mode; one per thread
 * @param x          inputs, [rows][n_0], row stride ld_x
 * @param ld_x       >= n_0
 * @param target     class of each row, `rows` values in 0 .. n_L - 1
 * @param weight     sample weights as in mlp_measure_f32(); NULL: all 1
 * @param rows       number of rows, at least 1
 * @param loss       #MLP_CROSS_ENTROPY, the only loss that takes class indices
 * @param parameter  its parameter, as in mlp_evaluate_class_f32()
 * @param metrics    what to measure: #MLP_METRIC_LOSS, #MLP_METRIC_ACCURACY
 * @param count      at least 1
 * @param values     receives `count` values
 * @return as mlp_measure_f32(); MLP_ERR_VALUE also for a metric that takes no classes; MLP_ERR_LOSS;
 *         MLP_ERR_INDEX for a class out of range
 * @since 0.1 */
MLP_API mlp_status mlp_measure_class_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
					 int64_t ld_x, const int64_t *target, const float *weight,
					 int64_t rows, mlp_loss loss, double parameter,
					 const mlp_metric *metrics, int64_t count, double *values);
/** @copydoc mlp_measure_class_f32 */
MLP_API mlp_status mlp_measure_class_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
					 int64_t ld_x, const int64_t *target, const double *weight,
					 int64_t rows, mlp_loss loss, double parameter,
					 const mlp_metric *metrics, int64_t count, double *values);

/** Name of a metric: "loss", "accuracy", "rmse", "mae", "r2"; NULL for a number that is none. @since 0.1 */
MLP_API const char *mlp_metric_name(mlp_metric metric);

/** Metric of that name; 0 if there is none or `name` is NULL. @since 0.1 */
MLP_API mlp_metric mlp_metric_from_name(const char *name);

/** Whether a metric is better the higher it is (1) or the lower (0); MLP_ERR_VALUE for an unknown metric.
 * @since 0.1 */
MLP_API int mlp_metric_should_rise(mlp_metric metric);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
