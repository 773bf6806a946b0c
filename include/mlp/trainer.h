/** @file
 * The trainer: the loop over epochs and batches. <mlp/mlp.h> includes it. */
#ifndef MLP_TRAINER_H
#define MLP_TRAINER_H

#include <stdint.h>

#include <mlp/loss.h>
#include <mlp/metrics.h>
#include <mlp/network.h>
#include <mlp/optimizer.h>
#include <mlp/pool.h>
#include <mlp/rate.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup trainer Trainer
 *
 * A trainer goes through the data of a network epoch by epoch in shuffled batches, measures it on validation
 * rows, keeps the best weights and stops when they no longer improve:
 *
 *     mlp_trainer_create()  ->  mlp_trainer_set_data_f32()  ->  mlp_trainer_set(), as needed
 *     mlp_trainer_run()  ->  mlp_trainer_history()  ->  mlp_trainer_free()
 *
 * mlp_fit_f32() does that with defaults for the usual case. <mlp/data.h> has the calls that give it data,
 * <mlp/checkpoint.h> those that save it. docs/training.md has examples.
 *
 * Each batch is one mlp_optimizer_step_f32() with #MLP_MEAN: a loop of your own over the same rows gives the
 * same bits, with any number of workers. iRPROP- and L-BFGS need the whole gradient: with them an epoch is
 * one mlp_optimizer_minimize_f32() over all training rows, gathered in pieces of 256.
 *
 * Rules:
 * - A trainer and its network are one caller's. From inside the progress callback it may be asked and saved, its
 *   optimizer may be set; every other call that changes it is #MLP_ERR_STATE. From inside a source it may
 *   only be asked. Other threads that want the
 *   weights meanwhile get them through an mlp_live, published from the epoch callback.
 * - Data stays the caller's memory: it must be there, unchanged, whenever the trainer runs. Between runs it,
 *   and every setting, may become another. L-BFGS then goes on from its last pairs, but evaluates anew.
 *   If what tells the best epoch is another (monitor, loss, validation rows), the next run that has epochs
 *   to do forgets best epoch, patience, and what a plateau observed (not its factor). Of training rows that
 *   are monitored, for want of validation rows, this is not noticed: mlp_trainer_reset().
 * - mlp_trainer_run() allocates what it needs at its beginning, and nothing for a batch or an epoch, but for
 *   the history: room for 1024 epochs at first, then doubled when it is full. If there is no memory for that
 *   between two epochs, the run ends with #MLP_ERR_MEMORY and can go on.
 * - Epochs and batches are counted from 1.
 * @{ */

/** A trainer. */
typedef struct mlp_trainer mlp_trainer;

/** Settings of a trainer; in brackets the default, and the values allowed. Switches are 0 or 1. */
typedef enum mlp_trainer_item {
	/** Epochs in all, those of earlier runs included [100; whole, 0 .. 2^31]. */
	MLP_TRAINER_EPOCHS = 1,
	/** Rows of a batch; the last one of an epoch has what is left [32; whole, 1 .. 2^31]. */
	MLP_TRAINER_BATCH = 2,
	/** Whether each epoch has an order of its own, else that of the data [1]. */
	MLP_TRAINER_SHUFFLE = 3,
	/** Share of the rows of mlp_trainer_set_data_f32() that is kept for validation, drawn by the seed; at
	 * least one row of each part, rounded to nearest. Not with validation rows that are given, and not
	 * with a source [0; 0 .. 0.9]. */
	MLP_TRAINER_VALIDATION_FRACTION = 4,
	/** Stop after so many epochs in a row that were no improvement; 0: never [0; whole, 0 .. 2^31]. */
	MLP_TRAINER_PATIENCE = 5,
	/** An epoch is an improvement if its monitored value is better than the best by more than this
	 * [0; >= 0]. */
	MLP_TRAINER_MIN_DELTA = 6,
	/** Whether the network gets the weights of the best epoch when training ends by itself; only where there
	 * are validation rows [1]. */
	MLP_TRAINER_RESTORE_BEST = 7,
	/** Whether all metrics are measured on the training rows too after each epoch, by one more pass through
	 * them. Else their only metric is the mean of the losses of the batches, as training went along
	 * [0]. */
	MLP_TRAINER_MEASURE_TRAINING = 8,
	/** No value: fixes the range of the type. */
	MLP_TRAINER_ITEM_MAX_ENUM = 0x7fffffff
} mlp_trainer_item;

/** Parts of the data. */
typedef enum mlp_split {
	MLP_SPLIT_TRAINING = 1,   /**< rows that train */
	MLP_SPLIT_VALIDATION = 2, /**< rows that only measure */
	/** No value: fixes the range of the type. */
	MLP_SPLIT_MAX_ENUM = 0x7fffffff
} mlp_split;

/** What a progress callback is told. */
typedef enum mlp_event {
	MLP_EVENT_BATCH = 1, /**< a batch was trained */
	MLP_EVENT_EPOCH = 2, /**< an epoch is over, and in the history */
	/** No value: fixes the range of the type. */
	MLP_EVENT_MAX_ENUM = 0x7fffffff
} mlp_event;

/** How far a trainer came. */
typedef enum mlp_outcome {
	MLP_OUTCOME_NONE = 1,   /**< it has not run, or the last run failed */
	MLP_OUTCOME_EPOCHS = 2, /**< all epochs are done */
	/** It stopped early: no improvement for #MLP_TRAINER_PATIENCE epochs, or L-BFGS found no lower point. */
	MLP_OUTCOME_EARLY = 3,
	MLP_OUTCOME_STOPPED = 4,  /**< the progress callback stopped it */
	MLP_OUTCOME_DIVERGED = 5, /**< a loss or gradient was not finite */
	/** No value: fixes the range of the type. */
	MLP_OUTCOME_MAX_ENUM = 0x7fffffff
} mlp_outcome;

/** Called after every batch and every epoch.
 * @return 0: go on; not 0: stop */
typedef int (*mlp_trainer_progress)(void *context, const mlp_trainer *trainer, mlp_event event);

/** Create a trainer, with room for three copies of the parameters: the best ones, those of the last good
 * epoch, those to go on from.
 * @param net      network; trained in place; must stay until the trainer is freed
 * @param kind     optimizer
 * @param trainer  receives the trainer, NULL on failure
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for an unknown kind; MLP_ERR_OVERFLOW; MLP_ERR_MEMORY;
 *         MLP_ERR_BLAS if the library found its BLAS wrong
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_create(mlp_network *net, mlp_optimizer_kind kind,
				      mlp_trainer **trainer);

/** Free a trainer and its optimizer; NULL is allowed. The network stays. Not from inside a callback.
 * @since 0.1 */
MLP_API void mlp_trainer_free(mlp_trainer *trainer);

/** The network; NULL if `trainer` is NULL. @since 0.1 */
MLP_API const mlp_network *mlp_trainer_network(const mlp_trainer *trainer);

/** The optimizer, to set its hyper-parameters; NULL if `trainer` is NULL. Valid until the trainer is freed or
 * resumed. @since 0.1 */
MLP_API mlp_optimizer *mlp_trainer_optimizer(mlp_trainer *trainer);

/** Let a pool share the work of every batch; NULL (the default): the caller's thread alone.
 * @param trainer  trainer
 * @param pool     pool, which must stay until the trainer is freed or given another; NULL
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_STATE from inside a callback
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_set_pool(mlp_trainer *trainer, mlp_pool *pool);

/** Set the loss. Until then it goes by the output activation when a run begins: cross entropy for softmax and for
 * classes, binary cross entropy for sigmoid, else squared error.
 * @param trainer    trainer
 * @param loss       loss function
 * @param parameter  its parameter, as in mlp_evaluate_f32(); looked at when the trainer runs
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for an unknown loss; MLP_ERR_STATE from inside a callback
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_set_loss(mlp_trainer *trainer, mlp_loss loss, double parameter);

/** The loss as set, or as a run would choose it now; 0 if `trainer` is NULL.
 * @param trainer    trainer
 * @param parameter  receives its parameter; NULL: not wanted
 * @since 0.1 */
MLP_API mlp_loss mlp_trainer_loss(const mlp_trainer *trainer, double *parameter);

/** Change a setting.
 * @param trainer  trainer
 * @param item     what to set
 * @param value    within mlp_trainer_bounds(), whole where that is asked for
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for an unknown setting or a value out of bounds; MLP_ERR_STATE
 *         from inside a callback
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_set(mlp_trainer *trainer, mlp_trainer_item item, double value);

/** A setting; NaN if `trainer` is NULL or there is no such setting. @since 0.1 */
MLP_API double mlp_trainer_get(const mlp_trainer *trainer, mlp_trainer_item item);

/** What mlp_trainer_set() accepts.
 * @param trainer  trainer
 * @param item     a setting
 * @param lowest   receives the least value; NULL: not wanted
 * @param highest  receives the greatest value; NULL: not wanted
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for an unknown setting
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_bounds(const mlp_trainer *trainer, mlp_trainer_item item,
				      double *lowest, double *highest);

/** Set the seed of everything random in training: the order of the rows in each epoch (a function of seed and
 * epoch alone), the rows kept for validation, dropout. 0 by default.
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_STATE from inside a callback
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_set_seed(mlp_trainer *trainer, uint64_t seed);

/** The seed; 0 if `trainer` is NULL. @since 0.1 */
MLP_API uint64_t mlp_trainer_seed(const mlp_trainer *trainer);

/** Let the learning rate of the optimizer follow a schedule, of which the trainer takes a copy, state included:
 * batch by batch eta is mlp_rate_schedule_factor() times #MLP_HYPER_ETA at the time of the batch's first
 * row. (The number of rows of a source may be unknown: then its schedule goes by whole epochs.) A plateau
 * observes the monitored value of every epoch, with its sign changed if that should rise.
 * @param trainer   trainer
 * @param schedule  schedule, unchanged; NULL (the default): constant
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_STATE from inside a callback, or for an optimizer without eta
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_set_schedule(mlp_trainer *trainer,
					    const mlp_rate_schedule *schedule);

/** The trainer's copy of the schedule, as it is now; NULL if there is none. @since 0.1 */
MLP_API const mlp_rate_schedule *mlp_trainer_schedule(const mlp_trainer *trainer);

/** Choose the metric that tells which epoch is best: on the validation rows if there are any, else on the
 * training rows. #MLP_METRIC_LOSS by default.
 * @param trainer  trainer
 * @param metric   one that is measured: see mlp_trainer_history()
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for an unknown metric; MLP_ERR_STATE from inside a callback
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_set_monitor(mlp_trainer *trainer, mlp_metric metric);

/** The monitored metric; 0 if `trainer` is NULL. @since 0.1 */
MLP_API mlp_metric mlp_trainer_monitor(const mlp_trainer *trainer);

/** Weigh classes: the weight of a training row is multiplied by that of its class. Metrics, the validation rows'
 * included, go by the sample weights alone; the mean of the batches' losses in the history has both.
 * @param trainer  trainer
 * @param weights  one for each class, finite and >= 0; copied; NULL: all 1 (the default)
 * @param count    n_L; ignored if weights is NULL
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_SIZE; MLP_ERR_VALUE; MLP_ERR_STATE from inside a callback
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_set_class_weights(mlp_trainer *trainer, const double *weights,
						 int64_t count);

/** Set the function that is called after every batch and epoch.
 * @param trainer   trainer
 * @param progress  the function; must not throw C++ exceptions or jump out; NULL: none
 * @param context   passed to it as it is
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_STATE from inside a callback
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_set_progress(mlp_trainer *trainer, mlp_trainer_progress progress,
					    void *context);

/** Train until all epochs are done, improvement has ended (#MLP_TRAINER_PATIENCE), or the progress callback
 * stops it; mlp_trainer_outcome() tells which.
 *
 * Called again it goes on where it was, in the middle of an epoch too, with the same bits as if it had not
 * stopped: after raising #MLP_TRAINER_EPOCHS, say. If the network has been given the best weights meanwhile,
 * it first gets those of the last epoch back (unless the caller has changed them). mlp_trainer_reset() begins
 * anew.
 *
 * A failure leaves the trainer as after the last whole batch, and it can be run again.
 *
 * Divergence (MLP_ERR_NONFINITE, with a line that begins "epoch 7, batch 3: ") gives the network the weights of
 * the best epoch if #MLP_TRAINER_RESTORE_BEST applies, else those of the last epoch that was whole (before the
 * first: those it began with), resets the optimizer and forgets the epoch that diverged; the next run
 * begins it anew: lower eta before.
 *
 * @param trainer  trainer with data
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_STATE without data, from inside a callback, for settings that
 *         contradict each other (the line says which), or if it stopped within an epoch and the number of
 *         rows is another now; MLP_ERR_NONFINITE; MLP_ERR_CALLBACK if the source failed;
 *         MLP_ERR_LOSS, MLP_ERR_VALUE, MLP_ERR_INDEX as mlp_gradient_f32(); MLP_ERR_OVERFLOW;
 *         MLP_ERR_MEMORY; MLP_ERR_BLAS; MLP_ERR_IO for a checkpoint
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_run(mlp_trainer *trainer);

/** Begin anew: epoch 1, an empty history, optimizer and schedule reset; the network and the settings stay.
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_STATE from inside a callback
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_reset(mlp_trainer *trainer);

/** Give the network the weights of the best epoch, as a run does that ends by itself. The next run goes on from
 * those it has now.
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_STATE from inside a callback, or if there is no best epoch yet
 * @since 0.1 */
MLP_API mlp_status mlp_trainer_restore_best(mlp_trainer *trainer);

/** How the last run ended; 0 if `trainer` is NULL. @since 0.1 */
MLP_API mlp_outcome mlp_trainer_outcome(const mlp_trainer *trainer);

/** Epochs that are done, and in the history; MLP_ERR_NULL. @since 0.1 */
MLP_API int64_t mlp_trainer_epochs_done(const mlp_trainer *trainer);

/** Batches done in the epoch that has begun; 0 when an epoch is over; MLP_ERR_NULL. @since 0.1 */
MLP_API int64_t mlp_trainer_batches_done(const mlp_trainer *trainer);

/** Rows gone through in the epoch that has begun; 0 when an epoch is over; MLP_ERR_NULL. @since 0.1 */
MLP_API int64_t mlp_trainer_rows_done(const mlp_trainer *trainer);

/** Number of rows of a part of the data, as a run would have it now: of an epoch for the training rows.
 * @return the number; 0 if there are none, or a source did not tell; MLP_ERR_NULL; MLP_ERR_VALUE for an unknown
 *         part
 * @since 0.1 */
MLP_API int64_t mlp_trainer_rows(const mlp_trainer *trainer, mlp_split split);

/** The epoch whose monitored value is best so far, from 1; 0: none yet, or forgotten; MLP_ERR_NULL. @since 0.1 */
MLP_API int64_t mlp_trainer_best_epoch(const mlp_trainer *trainer);

/** Loss of the last batch, before its update; NaN before the first, or if `trainer` is NULL. @since 0.1 */
MLP_API double mlp_trainer_batch_loss(const mlp_trainer *trainer);

/** Learning rate of the last batch, schedule included; NaN before the first batch, for an optimizer without eta,
 * or if `trainer` is NULL. @since 0.1 */
MLP_API double mlp_trainer_eta(const mlp_trainer *trainer);

/** A metric of an epoch that is done.
 *
 * Of the validation rows all metrics that the targets allow are measured with the weights at the epoch's end:
 * loss; accuracy for classes, and for values with one of the cross entropies; RMSE, MAE and R2 for values. Of
 * the training rows the same with #MLP_TRAINER_MEASURE_TRAINING, else the loss alone, which is the mean of
 * the losses of the epoch's batches, weighted by the rows' weights: infinite if the sum of weights times
 * losses is beyond double.
 *
 * @param trainer  trainer
 * @param split    part of the data
 * @param metric   metric
 * @param epoch    1 .. mlp_trainer_epochs_done()
 * @return the value; NaN if it was not measured, or there is no such epoch
 * @since 0.1 */
MLP_API double mlp_trainer_history(const mlp_trainer *trainer, mlp_split split, mlp_metric metric,
				   int64_t epoch);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
