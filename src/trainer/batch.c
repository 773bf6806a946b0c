/* Training one batch, or one iteration over the full one. */
#include <math.h>

#include "base/status.h"
#include "trainer/trainer.h"
#include "base/real.h"

/* Rows of the batch that begins at row `first` of an epoch. */
static int64_t rows_from(const struct mlp_session *session, int64_t first)
{
	return session->rows >= 0 && session->rows - first < session->batch ? session->rows - first
									    : session->batch;
}

/* ---- the full batch ------------------------------------------------------------------------- */

/* What the closure of the optimizer goes by. */
struct objective {
	struct mlp_session *session;
	int64_t epoch;
	double weight; /* of all rows */
	int64_t rows;  /* that there were */
};

static mlp_status gradient(const struct mlp_session *session, const mlp_network *net,
			   const struct mlp_rows *piece, int accumulate, double *value, REAL *grad)
{
	if (piece->classes != NULL)
		return FN(gradient_class)(net, session->ws, piece->x, piece->ld_x, piece->classes,
					  piece->weight, piece->count, session->loss,
					  session->loss_parameter, MLP_SUM, accumulate, value, grad,
					  NULL, 0);
	return FN(gradient)(net, session->ws, piece->x, piece->ld_x, piece->values,
			    piece->ld_target, piece->weight, piece->count, session->loss,
			    session->loss_parameter, MLP_SUM, accumulate, value, grad, NULL, 0);
}

/* Mean over all rows, and its gradient: sums over pieces, divided at the end. */
static mlp_status full_batch(void *context, const mlp_network *net, double *value, REAL *grad)
{
	struct objective *objective = context;
	struct mlp_session *session = objective->session;
	const struct mlp_trainer *trainer = session->trainer;
	double sum = 0, weights = 0;
	int64_t first = 0;
	bool has_gradient = false;
	/* every evaluation of an iteration drops the same units */
	mlp_workspace_set_dropout(session->ws, trainer->seed, trainer->position.passes);
	while (session->rows < 0 || first < session->rows) {
		struct mlp_rows piece;
		mlp_status status = FN(session_gather)(session, session->train, objective->epoch,
						       first, rows_from(session, first), &piece);
		if (status != MLP_OK)
			return status;
		if (piece.count == 0)
			break;
		first += piece.count;
		FN(session_weigh_classes)(session, &piece);
		double weight = FN(rows_weight)(&piece), loss;
		if (weight == 0)
			continue;
		status = gradient(session, net, &piece, has_gradient, &loss, grad);
		if (status != MLP_OK)
			return status;
		has_gradient = true;
		weights += weight;
		sum += loss;
	}
	if (!has_gradient)
		return mlp_fail(MLP_ERR_VALUE, "the weights of all % rows are 0", first);
	*value = sum / weights;
	const REAL divisor = (REAL)weights;
	for (size_t i = 0; i < net->parameter_count; i++)
		grad[i] /= divisor;
	objective->weight = weights;
	objective->rows = first;
	return MLP_OK;
}

static mlp_status iterate(struct mlp_session *session, bool *is_over)
{
	struct mlp_trainer *trainer = session->trainer;
	struct mlp_position *position = &trainer->position;
	*is_over = position->batches > 0;
	if (*is_over)
		return MLP_OK;
	struct objective objective = {.session = session, .epoch = position->epochs + 1};
	double loss;
	mlp_status status = FN(optimizer_minimize)(trainer->optimizer, trainer->net, session->ws,
						   full_batch, &objective, &loss);
	if (status != MLP_OK)
		return status;
	position->rows = session->rows >= 0 ? session->rows : objective.rows;
	position->batches = 1;
	position->steps++;
	/* L-BFGS wants one objective: for it the units that are dropped stay the same */
	if (mlp_optimizer_kind_of(trainer->optimizer) != MLP_LBFGS)
		position->passes = mlp_workspace_dropout_pass(session->ws);
	position->weights = 1;
	position->losses = trainer->batch_loss = loss;
	return MLP_OK;
}

/* ---- a batch -------------------------------------------------------------------------------- */

static mlp_status step(struct mlp_session *session, const struct mlp_rows *batch, double *loss)
{
	struct mlp_trainer *trainer = session->trainer;
	if (batch->classes != NULL)
		return FN(optimizer_step_class)(trainer->optimizer, trainer->net, session->ws,
						batch->x, batch->ld_x, batch->classes,
						batch->weight, batch->count, session->loss,
						session->loss_parameter, MLP_MEAN, loss);
	return FN(optimizer_step)(trainer->optimizer, trainer->net, session->ws, batch->x,
				  batch->ld_x, batch->values, batch->ld_target, batch->weight,
				  batch->count, session->loss, session->loss_parameter, MLP_MEAN,
				  loss);
}

/* The time of the schedule, in epochs. */
static double time_of(const struct mlp_session *session)
{
	const struct mlp_position *position = &session->trainer->position;
	double fraction = session->rows > 0 ? (double)position->rows / (double)session->rows : 0;
	return (double)position->epochs + fraction;
}

/* A step at the learning rate of the schedule; the optimizer's own is there again afterwards. */
static mlp_status scheduled_step(struct mlp_session *session, const struct mlp_rows *batch,
				 double *loss)
{
	struct mlp_trainer *trainer = session->trainer;
	double eta = mlp_optimizer_get(trainer->optimizer, MLP_HYPER_ETA), factor = 1;
	if (trainer->has_schedule)
		factor = mlp_rate_schedule_factor(&trainer->schedule, time_of(session));
	mlp_status status = MLP_OK;
	if (factor != 1)
		status = mlp_optimizer_set(trainer->optimizer, MLP_HYPER_ETA, eta * factor);
	if (status == MLP_OK)
		status = step(session, batch, loss);
	if (factor != 1)
		mlp_optimizer_set(trainer->optimizer, MLP_HYPER_ETA, eta);
	if (status == MLP_OK)
		trainer->eta = eta * factor;
	return status;
}

mlp_status FN(session_batch)(struct mlp_session *session, bool *is_over)
{
	struct mlp_trainer *trainer = session->trainer;
	struct mlp_position *position = &trainer->position;
	if (session->is_full_batch)
		return iterate(session, is_over);
	*is_over = session->rows >= 0 && position->rows >= session->rows;
	if (*is_over)
		return MLP_OK;
	struct mlp_rows batch;
	mlp_status status =
		FN(session_gather)(session, session->order, position->epochs + 1, position->rows,
				   rows_from(session, position->rows), &batch);
	if (status != MLP_OK)
		return status;
	*is_over = batch.count == 0;
	if (*is_over)
		return MLP_OK;
	FN(session_weigh_classes)(session, &batch);
	double weight = FN(rows_weight)(&batch), loss = trainer->batch_loss;
	if (weight != 0)
		status = scheduled_step(session, &batch, &loss);
	if (status != MLP_OK)
		return status;
	position->rows += batch.count;
	position->batches++;
	position->steps++;
	position->passes = mlp_workspace_dropout_pass(session->ws);
	if (weight != 0) {
		position->losses += loss * weight;
		position->weights += weight;
		trainer->batch_loss = loss;
	}
	return MLP_OK;
}
