/** @file
 * Training a network in one call. <mlp/mlp.h> includes it. */
#ifndef MLP_FIT_H
#define MLP_FIT_H

#include <stdint.h>

#include <mlp/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @addtogroup trainer
 * @{ */

/** Train a network with good defaults: numbers as targets.
 *
 * In this order:
 * - a network without input scaling gets #MLP_SCALING_STANDARD of `x`; one without output scaling whose output
 *   activation is the identity gets that of `target`; one without a domain gets that of `x`
 * - the loss goes by the output activation: binary cross entropy for sigmoid, cross entropy for softmax, else
 *   squared error
 * - with 20 rows or more a fifth of them is held back for validation
 * - Adam with its defaults and an L2 penalty of 10 / rows, at most 0.01, from 50000 rows on none; batches of 16
 *   rows below 500, of 32 below 2000, 64 below 20000, 128 below 200000, else 256; epochs for 10000 steps, at least
 *   200 and at most 1000, shuffled
 * - with validation rows training ends after 20 epochs without improvement of their loss, and the network gets
 *   the weights of the best epoch
 *
 * mlp_fit_batch() and the calls after it tell these numbers. The `mlp train` command goes by the same rule, which
 * docs/command.md measures; it begins with LeCun's weights (#MLP_INIT_LECUN_NORMAL), which on small data of numbers
 * are better than the network's own He start.
 *
 * Training goes on from the parameters that the network has (mlp_network_init() draws new ones), on the
 * caller's thread. Everything else, a trainer does.
 *
 * @param net        network; trained in place
 * @param x          inputs, [rows][n_0], row stride ld_x
 * @param ld_x       >= n_0
 * @param target     targets, [rows][n_L], row stride ld_target
 * @param ld_target  >= n_L
 * @param rows       number of rows, at least 1
 * @param seed       of the rows' order, of those held back, of dropout
 * @param value      receives the loss of the best epoch on the validation rows, or without them the mean loss of the
 *                   batches of the last epoch; NULL: not wanted
 * @return MLP_OK; as mlp_trainer_set_data_f32() and mlp_trainer_run(). After a failure the network is as it was.
 * @since 0.1 */
MLP_API mlp_status mlp_fit_f32(mlp_network *net, const float *x, int64_t ld_x, const float *target,
			       int64_t ld_target, int64_t rows, uint64_t seed, double *value);
/** @copydoc mlp_fit_f32 */
MLP_API mlp_status mlp_fit_f64(mlp_network *net, const double *x, int64_t ld_x,
			       const double *target, int64_t ld_target, int64_t rows, uint64_t seed,
			       double *value);

/** As mlp_fit_f32(), with class indices as targets: the loss is the cross entropy, outputs are not scaled.
 * @param net     network, of output activation softmax or identity; trained in place
 * @param x       inputs, [rows][n_0], row stride ld_x
 * @param ld_x    >= n_0
 * @param target  class of each row, `rows` values in 0 .. n_L - 1
 * @param rows    number of rows, at least 1
 * @param seed    as in mlp_fit_f32()
 * @param value   as in mlp_fit_f32(); NULL: not wanted
 * @return as mlp_fit_f32(); MLP_ERR_INDEX for a class out of range; MLP_ERR_LOSS
 * @since 0.1 */
MLP_API mlp_status mlp_fit_class_f32(mlp_network *net, const float *x, int64_t ld_x,
				     const int64_t *target, int64_t rows, uint64_t seed,
				     double *value);
/** @copydoc mlp_fit_class_f32 */
MLP_API mlp_status mlp_fit_class_f64(mlp_network *net, const double *x, int64_t ld_x,
				     const int64_t *target, int64_t rows, uint64_t seed,
				     double *value);

/** Rows of a batch that mlp_fit_f32() trains `rows` rows with; MLP_ERR_SIZE for less than 1. @since 0.1 */
MLP_API int64_t mlp_fit_batch(int64_t rows);

/** Epochs that it takes at most, for `rows` rows in batches of `batch`; MLP_ERR_SIZE for less than 1. @since 0.1 */
MLP_API int64_t mlp_fit_epochs(int64_t rows, int64_t batch);

/** Its L2 penalty (#MLP_HYPER_L2), 0 for none; NaN for less than 1 row. @since 0.1 */
MLP_API double mlp_fit_l2(int64_t rows);

/** The share of the rows that it holds back for validation, 0 for none; NaN for less than 1 row. @since 0.1 */
MLP_API double mlp_fit_validation_fraction(int64_t rows);

/** Epochs without improvement after which it ends, where rows are held back. @since 0.1 */
MLP_API int64_t mlp_fit_patience(void);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
