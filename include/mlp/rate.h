/** @file
 * Schedules of the learning rate. <mlp/mlp.h> includes it. */
#ifndef MLP_RATE_H
#define MLP_RATE_H

#include <stdint.h>

#include <mlp/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup rate Schedules of the learning rate
 *
 * A schedule says by what factor eta is multiplied at a time t, counted in epochs from 0, with a fraction
 * within an epoch. Every kind can begin with a warm-up of W epochs (#MLP_RATE_WARMUP), in which the factor
 * rises in a straight line from #MLP_RATE_WARMUP_FACTOR to 1; u = max(t - W, 0) is the time after it:
 *
 *     factor(t) = ramp(t) f(u)        ramp(t) = a + (1 - a) t / W  for t < W, else 1
 *
 * A trainer takes a copy of a schedule (mlp_trainer_set_schedule()); a loop of your own asks
 * mlp_rate_schedule_factor() before each step.
 * @{ */

/** Kinds of schedules, with f(u) in brackets. */
typedef enum mlp_rate_schedule_kind {
	MLP_RATE_CONSTANT = 1,    /**< [1] */
	MLP_RATE_STEP = 2,        /**< [FACTOR^floor(u / EVERY)] */
	MLP_RATE_EXPONENTIAL = 3, /**< [FACTOR^u] */
	/** [LOWEST + (1 - LOWEST) (1 + cos(pi u / T)) / 2 for u < T, else LOWEST], T = EPOCHS - WARMUP, or 0 if
	 * that is negative. Loshchilov and Hutter 2017, without restarts. */
	MLP_RATE_COSINE = 4,
	/** Times FACTOR, but not below LOWEST, whenever the observed value has not improved for more than
	 * PATIENCE observations: see mlp_rate_schedule_observe(). */
	MLP_RATE_PLATEAU = 5,
	/** No value: fixes the range of the type. */
	MLP_RATE_SCHEDULE_KIND_MAX_ENUM = 0x7fffffff
} mlp_rate_schedule_kind;

/** Settings of a schedule; in brackets the kinds that have it, the default, and the values allowed. */
typedef enum mlp_rate_schedule_item {
	MLP_RATE_WARMUP = 1,        /**< epochs of warm-up W [all; 0; >= 0] */
	MLP_RATE_WARMUP_FACTOR = 2, /**< factor at the very beginning, a [all; 0.01; 0 .. 1] */
	/** [step: 0.1, exponential: 0.95, plateau: 0.1; > 0 .. 1] */
	MLP_RATE_FACTOR = 3,
	MLP_RATE_EVERY = 4,  /**< epochs from step to step [step; 30; > 0] */
	MLP_RATE_EPOCHS = 5, /**< where the cosine ends, warm-up included [cosine; 100; > 0] */
	MLP_RATE_LOWEST = 6, /**< least factor [cosine, plateau; 0; 0 .. 1] */
	/** Observations without improvement that are put up with; whole [plateau; 10; >= 0] */
	MLP_RATE_PATIENCE = 7,
	/** An observation improves if it is below best - MIN_DELTA |best| [plateau; 1e-4; 0 .. 1] */
	MLP_RATE_MIN_DELTA = 8,
	/** Observations after a reduction that are not counted; whole [plateau; 0; >= 0] */
	MLP_RATE_COOLDOWN = 9,
	/** No value: fixes the range of the type. */
	MLP_RATE_SCHEDULE_ITEM_MAX_ENUM = 0x7fffffff
} mlp_rate_schedule_item;

/** A schedule of the learning rate. One caller's at a time. */
typedef struct mlp_rate_schedule mlp_rate_schedule;

/** Create a schedule with the defaults of its kind.
 * @param kind      kind
 * @param schedule  receives the schedule, NULL on failure
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for an unknown kind; MLP_ERR_MEMORY
 * @since 0.1 */
MLP_API mlp_status mlp_rate_schedule_create(mlp_rate_schedule_kind kind,
					    mlp_rate_schedule **schedule);

/** Free a schedule; NULL is allowed. @since 0.1 */
MLP_API void mlp_rate_schedule_free(mlp_rate_schedule *schedule);

/** Kind of a schedule; 0 if `schedule` is NULL. @since 0.1 */
MLP_API mlp_rate_schedule_kind mlp_rate_schedule_kind_of(const mlp_rate_schedule *schedule);

/** Change a setting. The state of a plateau stays.
 * @param schedule  schedule
 * @param item      a setting that its kind has
 * @param value     finite, within mlp_rate_schedule_bounds(), whole where that is asked for
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE for an unknown setting, one that the kind does not have, or
 *         a value out of bounds
 * @since 0.1 */
MLP_API mlp_status mlp_rate_schedule_set(mlp_rate_schedule *schedule, mlp_rate_schedule_item item,
					 double value);

/** A setting; NaN if `schedule` is NULL or its kind has no such setting. @since 0.1 */
MLP_API double mlp_rate_schedule_get(const mlp_rate_schedule *schedule,
				     mlp_rate_schedule_item item);

/** What mlp_rate_schedule_set() accepts.
 * @param schedule  schedule
 * @param item      a setting that its kind has
 * @param lowest    receives the least value; NULL: not wanted
 * @param highest   receives the greatest value; NULL: not wanted
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_VALUE as mlp_rate_schedule_set()
 * @since 0.1 */
MLP_API mlp_status mlp_rate_schedule_bounds(const mlp_rate_schedule *schedule,
					    mlp_rate_schedule_item item, double *lowest,
					    double *highest);

/** The factor at a time.
 * @param schedule  schedule, unchanged
 * @param epoch     time in epochs from 0, with a fraction: 2.5 is the middle of the third epoch; >= 0
 * @return the factor, in 0 .. 1; NaN if `schedule` is NULL or `epoch` is negative or NaN
 * @since 0.1 */
MLP_API double mlp_rate_schedule_factor(const mlp_rate_schedule *schedule, double epoch);

/** Tell a plateau a value that ought to fall, such as the validation loss, once an epoch; of other kinds it
 * changes nothing. The rules are those of PyTorch's ReduceLROnPlateau (mode min, threshold relative to
 * |best|).
 * @param schedule  schedule
 * @param value     the value; NaN and infinity count as not improved
 * @return MLP_OK; MLP_ERR_NULL
 * @since 0.1 */
MLP_API mlp_status mlp_rate_schedule_observe(mlp_rate_schedule *schedule, double value);

/** Forget what was observed. @return MLP_OK; MLP_ERR_NULL @since 0.1 */
MLP_API mlp_status mlp_rate_schedule_reset(mlp_rate_schedule *schedule);

/** Number of values that the state of a schedule has (0 but for a plateau); MLP_ERR_NULL. Settings and state
 * copied into a new schedule make it go on as the old one would. @since 0.1 */
MLP_API int64_t mlp_rate_schedule_state_count(const mlp_rate_schedule *schedule);

/** Name of value i of the state: "factor", "best" (infinite before the first observation), "bad" (observations
 * without improvement), "cooldown" (observations of it left); NULL if there is no such value. @since 0.1 */
MLP_API const char *mlp_rate_schedule_state_name(const mlp_rate_schedule *schedule, int64_t i);

/** Value i of the state; NaN if there is no such value. @since 0.1 */
MLP_API double mlp_rate_schedule_state(const mlp_rate_schedule *schedule, int64_t i);

/** Set value i of the state.
 * @param schedule  schedule
 * @param i         0 .. mlp_rate_schedule_state_count() - 1
 * @param value     what mlp_rate_schedule_state() gave: "factor" in 0 .. 1, "best" not NaN or -infinity, the others whole
 *                  and >= 0
 * @return MLP_OK; MLP_ERR_NULL; MLP_ERR_INDEX; MLP_ERR_VALUE
 * @since 0.1 */
MLP_API mlp_status mlp_rate_schedule_set_state(mlp_rate_schedule *schedule, int64_t i,
					       double value);

/** Name of a kind: "constant", "step", "exponential", "cosine", "plateau"; NULL for a number that is none.
 * @since 0.1 */
MLP_API const char *mlp_rate_schedule_name(mlp_rate_schedule_kind kind);

/** Kind of that name; 0 if there is none or `name` is NULL. @since 0.1 */
MLP_API mlp_rate_schedule_kind mlp_rate_schedule_from_name(const char *name);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
