/** @file
 * The data of a trainer: rows in memory, or from a function. <mlp/mlp.h> includes it. */
#ifndef MLP_DATA_H
#define MLP_DATA_H

#include <stdint.h>

#include <mlp/trainer.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @addtogroup trainer
 * @{ */

/** Delivers rows of data larger than memory, or made as they are needed. Each call asks for the rows that
 * follow; a reader that can seek goes by `epoch` and `first` alone, and can then be resumed anywhere.
 * #MLP_TRAINER_MEASURE_TRAINING and full-batch optimizers go through an epoch's rows more than once, from
 * `first` = 0 again. Shuffling is the source's.
 * @param context  as given
 * @param epoch    from 1
 * @param first    rows of this epoch that were delivered before
 * @param most     rows wanted, at least 1
 * @param x        to be filled: [most][n_0] without gaps
 * @param target   to be filled: [most][n_L] without gaps
 * @param weight   sample weights, [most], all 1 before the call; finite and >= 0, else MLP_ERR_VALUE
 * @return rows delivered, 1 .. most (they are one batch); 0: the epoch is over; negative: failure */
typedef int64_t (*mlp_source_f32)(void *context, int64_t epoch, int64_t first, int64_t most,
				  float *x, float *target, float *weight);
/** As mlp_source_f32. */
typedef int64_t (*mlp_source_f64)(void *context, int64_t epoch, int64_t first, int64_t most,
				  double *x, double *target, double *weight);
/** As mlp_source_f32, with classes as targets, [most]. */
typedef int64_t (*mlp_source_class_f32)(void *context, int64_t epoch, int64_t first, int64_t most,
					float *x, int64_t *target, float *weight);
/** As mlp_source_f32, with classes as targets, [most]. */
typedef int64_t (*mlp_source_class_f64)(void *context, int64_t epoch, int64_t first, int64_t most,
					double *x, int64_t *target, double *weight);

/** Give the training data, in place of what was given before. Nothing is copied.
 *
 * A batch's loss is the mean weighted by the sample weights of its rows; a batch whose weights sum to 0 is passed
 * over.
 *
 * @param trainer    trainer
 * @param x          inputs, [rows][n_0], row stride ld_x
 * @param ld_x       >= n_0
 * @param target     targets, [rows][n_L], row stride ld_target
 * @param ld_target  >= n_L
 * @param weight     sample weights, `rows` values, finite and >= 0, of a finite sum > 0; NULL: all 1
 * @param rows       number of rows, at least 1
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_SIZE; MLP_ERR_STRIDE; MLP_ERR_OVERFLOW;
 *         MLP_ERR_VALUE for weights out of bounds; MLP_ERR_STATE from inside a callback
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_set_data_f32(mlp_trainer *trainer, const float *x, int64_t ld_x,
					    const float *target, int64_t ld_target,
					    const float *weight, int64_t rows);
/** @copydoc mlp_trainer_set_data_f32 */
MLP_API mlp_status mlp_trainer_set_data_f64(mlp_trainer *trainer, const double *x, int64_t ld_x,
					    const double *target, int64_t ld_target,
					    const double *weight, int64_t rows);

/** As mlp_trainer_set_data_f32(), with class indices as targets.
 * @param trainer  trainer
 * @param x        inputs, [rows][n_0], row stride ld_x
 * @param ld_x     >= n_0
 * @param target   class of each row, `rows` values in 0 .. n_L - 1 (but for rows of weight 0)
 * @param weight   sample weights as in mlp_trainer_set_data_f32(); NULL: all 1
 * @param rows     number of rows, at least 1
 * @return as mlp_trainer_set_data_f32(); MLP_ERR_INDEX for a class out of range
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_set_data_class_f32(mlp_trainer *trainer, const float *x,
						  int64_t ld_x, const int64_t *target,
						  const float *weight, int64_t rows);
/** @copydoc mlp_trainer_set_data_class_f32 */
MLP_API mlp_status mlp_trainer_set_data_class_f64(mlp_trainer *trainer, const double *x,
						  int64_t ld_x, const int64_t *target,
						  const double *weight, int64_t rows);

/** Give rows that only measure, in place of what was given before. Nothing is copied.
 * @param trainer    trainer
 * @param x          inputs, [rows][n_0], row stride ld_x; NULL: no validation rows (the rest is ignored then)
 * @param ld_x       >= n_0
 * @param target     targets, [rows][n_L], row stride ld_target
 * @param ld_target  >= n_L
 * @param weight     sample weights as in mlp_trainer_set_data_f32(); NULL: all 1
 * @param rows       number of rows, at least 1
 * @return as mlp_trainer_set_data_f32()
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_set_validation_f32(mlp_trainer *trainer, const float *x,
						  int64_t ld_x, const float *target,
						  int64_t ld_target, const float *weight,
						  int64_t rows);
/** @copydoc mlp_trainer_set_validation_f32 */
MLP_API mlp_status mlp_trainer_set_validation_f64(mlp_trainer *trainer, const double *x,
						  int64_t ld_x, const double *target,
						  int64_t ld_target, const double *weight,
						  int64_t rows);

/** As mlp_trainer_set_validation_f32(), with class indices as targets.
 * @param trainer  trainer
 * @param x        inputs, [rows][n_0], row stride ld_x; NULL: no validation rows
 * @param ld_x     >= n_0
 * @param target   class of each row, `rows` values in 0 .. n_L - 1 (but for rows of weight 0)
 * @param weight   sample weights as in mlp_trainer_set_data_f32(); NULL: all 1
 * @param rows     number of rows, at least 1
 * @return as mlp_trainer_set_data_class_f32()
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_set_validation_class_f32(mlp_trainer *trainer, const float *x,
							int64_t ld_x, const int64_t *target,
							const float *weight, int64_t rows);
/** @copydoc mlp_trainer_set_validation_class_f32 */
MLP_API mlp_status mlp_trainer_set_validation_class_f64(mlp_trainer *trainer, const double *x,
							int64_t ld_x, const int64_t *target,
							const double *weight, int64_t rows);

/** Let a function deliver the training data, in place of data given before.
 * @param trainer  trainer
 * @param source   the function; must not throw C++ exceptions or jump out
 * @param context  passed to it as it is
 * @param rows     rows of an epoch, at least 1: no more are asked for; -1: unknown, the source tells when an
 *                 epoch is over
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_DTYPE; MLP_ERR_SIZE; MLP_ERR_STATE from inside a callback
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_set_source_f32(mlp_trainer *trainer, mlp_source_f32 source,
					      void *context, int64_t rows);
/** @copydoc mlp_trainer_set_source_f32 */
MLP_API mlp_status mlp_trainer_set_source_f64(mlp_trainer *trainer, mlp_source_f64 source,
					      void *context, int64_t rows);
/** @copydoc mlp_trainer_set_source_f32 */
MLP_API mlp_status mlp_trainer_set_source_class_f32(mlp_trainer *trainer,
						    mlp_source_class_f32 source, void *context,
						    int64_t rows);
/** @copydoc mlp_trainer_set_source_f32 */
MLP_API mlp_status mlp_trainer_set_source_class_f64(mlp_trainer *trainer,
						    mlp_source_class_f64 source, void *context,
						    int64_t rows);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
