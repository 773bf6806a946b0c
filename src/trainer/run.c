/* The loop over epochs and batches. */
#include <math.h>
#include <string.h>

#include "base/cancellation.h"
#include "base/status.h"
#include "trainer/trainer.h"

static bool has_validation(const struct mlp_session *session)
{
	return session->held > 0 || session->trainer->validation.count > 0;
}

static bool restores_best(const struct mlp_session *session)
{
	const struct mlp_trainer *trainer = session->trainer;
	return trainer->items[MLP_TRAINER_RESTORE_BEST] != 0 && has_validation(session) &&
	       trainer->position.best_epoch > 0;
}

static void forget_epoch(struct mlp_position *position)
{
	position->batches = position->rows = 0;
	position->losses = position->weights = 0;
}

/* Numbers are no longer finite: back to weights that were good. */
static mlp_status diverge(struct mlp_session *session)
{
	struct mlp_trainer *trainer = session->trainer;
	mlp_trainer_put(trainer, restores_best(session) ? trainer->best : trainer->good);
	mlp_optimizer_reset(trainer->optimizer);
	forget_epoch(&trainer->position);
	trainer->position.outcome = MLP_OUTCOME_DIVERGED;
	trainer->has_news = true;
	return MLP_ERR_NONFINITE;
}

/* Tell the caller's function; whether it wants to stop. It may set the optimizer: before a checkpoint. */
static bool is_stopped(struct mlp_trainer *trainer, mlp_event event)
{
	if (trainer->progress == NULL ||
	    trainer->progress(trainer->progress_context, trainer, event) == 0)
		return false;
	trainer->position.outcome = MLP_OUTCOME_STOPPED;
	return true;
}

/* ---- L-BFGS --------------------------------------------------------------------------------- */

/* The scalar of the optimizer with that name; -1: it has none. */
static int64_t find_scalar(const mlp_optimizer *optimizer, const char *name)
{
	for (int64_t i = 0; i < mlp_optimizer_scalar_count(optimizer); i++)
		if (strcmp(mlp_optimizer_scalar_name(optimizer, i), name) == 0)
			return i;
	return -1;
}

/* Whether L-BFGS found no lower point in its last iteration. */
static bool has_converged(const struct mlp_trainer *trainer)
{
	const mlp_optimizer *optimizer = trainer->optimizer;
	return mlp_optimizer_kind_of(optimizer) == MLP_LBFGS &&
	       mlp_optimizer_steps(optimizer) > 0 &&
	       mlp_optimizer_scalar(optimizer, find_scalar(optimizer, "step_length")) == 0;
}

/* Data, loss, scaling, ... may be others than in the run before: in its first iteration L-BFGS has to evaluate
 * where it is again, which gives the same bits if they are not. */
static void doubt_objective(struct mlp_session *session)
{
	mlp_optimizer *optimizer = session->trainer->optimizer;
	int64_t known = find_scalar(optimizer, "known");
	if (known >= 0 && !session->is_known)
		mlp_optimizer_set_scalar(optimizer, known, 0);
	session->is_known = true;
}

/* The first iteration of a run after one that had converged: if there is still no lower point, it never was. */
static void look_again(struct mlp_session *session, double steps)
{
	struct mlp_trainer *trainer = session->trainer;
	session->was_converged = false;
	session->has_converged = has_converged(trainer);
	if (!session->has_converged)
		return;
	mlp_optimizer_set_scalar(trainer->optimizer, find_scalar(trainer->optimizer, "steps"),
				 steps);
	forget_epoch(&trainer->position);
	trainer->position.steps--;
}

/* ---- an epoch ------------------------------------------------------------------------------- */

static mlp_status next_batch(struct mlp_session *session, bool *is_over)
{
	const struct mlp_position *position = &session->trainer->position;
	const double steps = (double)mlp_optimizer_steps(session->trainer->optimizer);
	if (position->batches == 0)
		doubt_objective(session);
	mlp_status status = session->net->dtype == MLP_F32
				    ? mlp_session_batch_f32(session, is_over)
				    : mlp_session_batch_f64(session, is_over);
	if (status == MLP_OK && !*is_over) {
		session->trainer->has_news = true;
		if (session->was_converged)
			look_again(session, steps);
	}
	if (status == MLP_OK)
		return MLP_OK;
	mlp_fail_within(status, "epoch %, batch %: ", position->epochs + 1, position->batches + 1);
	return status == MLP_ERR_NONFINITE ? diverge(session) : status;
}

static mlp_status score(struct mlp_session *session, mlp_split split, struct mlp_record *record)
{
	mlp_status status = session->net->dtype == MLP_F32
				    ? mlp_session_score_f32(session, split, record)
				    : mlp_session_score_f64(session, split, record);
	if (status == MLP_OK)
		return MLP_OK;
	mlp_fail_within(status,
			split == MLP_SPLIT_TRAINING ? "epoch %, measuring the training rows: "
						    : "epoch %, measuring the validation rows: ",
			session->trainer->position.epochs + 1);
	return status == MLP_ERR_NONFINITE ? diverge(session) : status;
}

/* Measure the epoch, which is over but for this. */
static mlp_status measure(struct mlp_session *session, struct mlp_record *record)
{
	const struct mlp_trainer *trainer = session->trainer;
	const struct mlp_position *position = &trainer->position;
	int64_t epoch = position->epochs + 1;
	if (position->batches == 0)
		return mlp_fail(MLP_ERR_CALLBACK, "epoch %: the source delivered no rows", epoch);
	if (!(position->weights > 0))
		return mlp_fail(MLP_ERR_VALUE, "epoch %: the weights of all its rows are 0", epoch);
	bool is_finite = session->net->dtype == MLP_F32 ? mlp_session_is_finite_f32(session)
							: mlp_session_is_finite_f64(session);
	if (!is_finite) {
		mlp_fail(MLP_ERR_NONFINITE,
			 "epoch %, batch %: a parameter is infinite or not a number after it",
			 epoch, position->batches);
		return diverge(session);
	}
	mlp_record_clear(record);
	mlp_status status = MLP_OK;
	if (trainer->items[MLP_TRAINER_MEASURE_TRAINING] != 0)
		status = score(session, MLP_SPLIT_TRAINING, record);
	else
		record->values[MLP_SPLIT_TRAINING - 1][MLP_METRIC_LOSS - 1] =
			position->losses / position->weights;
	if (status == MLP_OK && has_validation(session))
		status = score(session, MLP_SPLIT_VALIDATION, record);
	return status;
}

/* The epoch counts: history, best weights, schedule. */
static void conclude(struct mlp_session *session, const struct mlp_record *record)
{
	struct mlp_trainer *trainer = session->trainer;
	mlp_split split = has_validation(session) ? MLP_SPLIT_VALIDATION : MLP_SPLIT_TRAINING;
	double value = record->values[split - 1][trainer->monitor - 1];
	trainer->history[trainer->position.epochs++] = *record;
	trainer->has_news = true;
	session->has_converged = !session->was_converged && has_converged(trainer);
	forget_epoch(&trainer->position);
	mlp_trainer_keep(trainer, trainer->good);
	if (mlp_trainer_judge(trainer, value))
		mlp_trainer_keep(trainer, trainer->best);
	if (trainer->has_schedule)
		mlp_rate_schedule_observe(&trainer->schedule,
					  mlp_metric_should_rise(trainer->monitor) == 1 ? -value
											: value);
}

/* An epoch, from where it is. */
static mlp_status run_epoch(struct mlp_session *session, bool *stops)
{
	struct mlp_trainer *trainer = session->trainer;
	trainer->position.epoch_rows = session->rows;
	mlp_session_order(session);
	for (bool is_over = false;;) {
		mlp_status status = next_batch(session, &is_over);
		if (status != MLP_OK)
			return status;
		if (is_over)
			break;
		if (session->has_converged)
			return MLP_OK;
		*stops = is_stopped(trainer, MLP_EVENT_BATCH);
		status = mlp_trainer_checkpoint_batch(trainer);
		if (status != MLP_OK || *stops)
			return status;
	}
	struct mlp_record record;
	mlp_status status = measure(session, &record);
	if (status != MLP_OK)
		return status;
	conclude(session, &record);
	*stops = is_stopped(trainer, MLP_EVENT_EPOCH);
	return MLP_OK;
}

/* ---- the run -------------------------------------------------------------------------------- */

/* Epochs to come cannot be compared with those there are if they are measured otherwise. */
static void compare_yardsticks(const struct mlp_session *session)
{
	struct mlp_trainer *trainer = session->trainer;
	if ((double)trainer->position.epochs >= trainer->items[MLP_TRAINER_EPOCHS])
		return;
	uint64_t yardstick = mlp_session_yardstick(session);
	if (trainer->position.epochs > 0 && trainer->position.yardstick != yardstick)
		mlp_trainer_forget_best(trainer);
	trainer->position.yardstick = yardstick;
}

/* Whether training is over; the outcome tells why. */
static bool is_finished(const struct mlp_session *session)
{
	struct mlp_trainer *trainer = session->trainer;
	struct mlp_position *position = &trainer->position;
	double patience = trainer->items[MLP_TRAINER_PATIENCE];
	if ((double)position->epochs >= trainer->items[MLP_TRAINER_EPOCHS])
		position->outcome = MLP_OUTCOME_EPOCHS;
	else if (position->batches == 0 &&
		 (session->has_converged ||
		  (patience > 0 && (double)position->bad_epochs >= patience)))
		position->outcome = MLP_OUTCOME_EARLY;
	else
		return false;
	trainer->has_news = true;
	return true;
}

static mlp_status run(struct mlp_session *session)
{
	struct mlp_trainer *trainer = session->trainer;
	bool stops = false;
	compare_yardsticks(session);
	while (!stops && !is_finished(session)) {
		/* of the epoch before: the last one's is written with the outcome */
		mlp_status status = mlp_trainer_checkpoint(trainer);
		if (status == MLP_OK)
			status = mlp_trainer_reserve_epoch(trainer);
		if (status == MLP_OK)
			status = run_epoch(session, &stops);
		if (status != MLP_OK)
			return status;
	}
	if (!stops && restores_best(session))
		mlp_trainer_show_best(trainer);
	return mlp_trainer_checkpoint(trainer);
}

mlp_status mlp_trainer_run(mlp_trainer *trainer)
{
	struct mlp_session session;
	mlp_status status = mlp_trainer_check_idle(trainer);
	if (status == MLP_OK)
		status = mlp_session_open(&session, trainer);
	if (status != MLP_OK)
		return status;
	mlp_trainer_hide_best(trainer);
	if (trainer->position.batches == 0)
		mlp_trainer_keep(trainer, trainer->good);
	session.was_converged = has_converged(trainer);
	trainer->position.outcome = MLP_OUTCOME_NONE;
	trainer->has_news = false;
	trainer->is_running = true;
	int cancellation = mlp_cancellation_hold();
	status = run(&session);
	mlp_cancellation_release(cancellation);
	trainer->is_running = false;
	mlp_session_close(&session);
	return status;
}
