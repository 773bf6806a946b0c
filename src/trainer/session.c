/* What a run needs: checked and made at its beginning, so that nothing allocates afterwards. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "trainer/shuffle.h"
#include "trainer/trainer.h"

/* ---- checks --------------------------------------------------------------------------------- */

/* Whether the monitored metric will be there. */
static mlp_status check_monitor(const struct mlp_session *session)
{
	const struct mlp_trainer *trainer = session->trainer;
	bool has_validation = trainer->validation.count > 0 || session->held > 0;
	bool by_class = trainer->validation.count > 0 ? trainer->validation.classes != NULL
						      : trainer->feed.by_class;
	const char *name = mlp_metric_name(trainer->monitor);
	if (!mlp_metric_applies(trainer->monitor, session->loss, by_class))
		return mlp_fail_named(MLP_ERR_STATE, name,
				      " is monitored, which is not measured with this loss and "
				      "these targets");
	if (!has_validation && trainer->monitor != MLP_METRIC_LOSS &&
	    trainer->items[MLP_TRAINER_MEASURE_TRAINING] == 0)
		return mlp_fail_named(MLP_ERR_STATE, name,
				      " is monitored, but there are no validation rows, and of the "
				      "training rows only the loss is measured");
	return MLP_OK;
}

static mlp_status check(const struct mlp_session *session)
{
	const struct mlp_trainer *trainer = session->trainer;
	const struct mlp_feed *feed = &trainer->feed;
	if (feed->count == 0)
		return mlp_fail(MLP_ERR_STATE, "the trainer has no data");
	if (trainer->items[MLP_TRAINER_VALIDATION_FRACTION] > 0 && trainer->validation.count == 0 &&
	    (feed->source != NULL || feed->count < 2))
		return mlp_fail(MLP_ERR_STATE,
				"no validation rows can be split off a source, or a single row");
	if (trainer->has_class_weights && !feed->by_class)
		return mlp_fail(MLP_ERR_STATE, "there are class weights, but no class targets");
	if ((feed->by_class || trainer->validation.classes != NULL) &&
	    session->loss != MLP_CROSS_ENTROPY)
		return mlp_fail_named(MLP_ERR_LOSS, mlp_loss_name(session->loss),
				      " takes no class indices");
	const struct mlp_position *position = &trainer->position;
	if (position->batches > 0 && position->epoch_rows != session->rows)
		return mlp_fail(
			MLP_ERR_STATE,
			"training stopped within an epoch of % rows, now there are %: reset "
			"the trainer",
			position->epoch_rows, session->rows);
	return check_monitor(session);
}

/* ---- memory --------------------------------------------------------------------------------- */

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The arrays of a session, measured or laid out. */
static void lay_out(struct mlp_session *session, struct mlp_arena *arena)
{
	const struct mlp_trainer *trainer = session->trainer;
	const struct mlp_feed *feed = &trainer->feed;
	size_t size = mlp_dtype_size(session->net->dtype), rows = (size_t)session->capacity;
	session->x = mlp_arena_take(arena, rows, session->net->layers[1].n_in, size);
	session->values = mlp_arena_take(arena, feed->by_class ? 0 : rows, trainer->width, size);
	session->classes = mlp_arena_take(arena, feed->by_class ? rows : 0, 1, sizeof(int64_t));
	session->weight = mlp_arena_take(arena, rows, 1, size);
	session->train = session->order = session->validation = NULL;
	if (session->held > 0) {
		session->train = mlp_arena_take(arena, (size_t)session->rows, 1, sizeof(int64_t));
		session->validation =
			mlp_arena_take(arena, (size_t)session->held, 1, sizeof(int64_t));
	}
	if (feed->source == NULL && trainer->items[MLP_TRAINER_SHUFFLE] != 0 &&
	    !session->is_full_batch)
		session->order = mlp_arena_take(arena, (size_t)session->rows, 1, sizeof(int64_t));
	mlp_meter_take(&session->meter, arena, MLP_METER_ROWS, trainer->width, size);
}

static mlp_status make_arrays(struct mlp_session *session)
{
	struct mlp_arena arena = {0};
	lay_out(session, &arena);
	if (arena.overflow)
		return mlp_fail(MLP_ERR_OVERFLOW, "batches of % rows exceed the address space",
				session->batch);
	void *memory;
	mlp_status status =
		mlp_allocate(&session->trainer->allocator, (size_t)arena.bytes, &memory);
	if (status != MLP_OK)
		return status;
	session->memory = memory;
	session->bytes = (size_t)arena.bytes;
	arena = (struct mlp_arena){.base = memory};
	lay_out(session, &arena);
	return MLP_OK;
}

static mlp_status make_workspaces(struct mlp_session *session)
{
	const struct mlp_trainer *trainer = session->trainer;
	mlp_status status =
		mlp_workspace_create(session->net, session->batch, MLP_TRAINING, &session->ws);
	if (status == MLP_OK)
		status = mlp_workspace_create(session->net, MLP_METER_ROWS, MLP_INFERENCE,
					      &session->judge);
	if (status == MLP_OK)
		status = mlp_workspace_set_pool(session->ws, trainer->pool);
	if (status == MLP_OK)
		status = mlp_workspace_set_pool(session->judge, trainer->pool);
	if (status == MLP_OK)
		status = mlp_workspace_set_dropout(session->ws, trainer->seed,
						   trainer->position.passes);
	return status;
}

mlp_status mlp_session_open(struct mlp_session *session, struct mlp_trainer *trainer)
{
	*session = (struct mlp_session){.trainer = trainer, .net = trainer->net};
	session->loss = mlp_trainer_loss(trainer, &session->loss_parameter);
	session->is_full_batch = mlp_trainer_is_full_batch(trainer);
	session->held = mlp_trainer_held_rows(trainer);
	session->rows = trainer->feed.count - session->held;
	size_t batch =
		session->is_full_batch ? MLP_METER_ROWS : (size_t)trainer->items[MLP_TRAINER_BATCH];
	if (session->rows > 0)
		batch = smaller(batch, (size_t)session->rows);
	session->batch = (int64_t)batch;
	session->capacity = session->batch > MLP_METER_ROWS ? session->batch : MLP_METER_ROWS;
	mlp_status status = check(session);
	if (status == MLP_OK)
		status = make_arrays(session);
	if (status == MLP_OK)
		status = make_workspaces(session);
	if (status != MLP_OK) {
		mlp_session_close(session);
		return status;
	}
	session->meter.net = session->net;
	session->meter.ws = session->judge;
	session->meter.loss = session->loss;
	session->meter.parameter = session->loss_parameter;
	if (session->held > 0)
		mlp_split_rows(trainer->feed.count, session->held, trainer->seed,
			       session->validation, session->train);
	return MLP_OK;
}

void mlp_session_close(struct mlp_session *session)
{
	mlp_workspace_free(session->ws);
	mlp_workspace_free(session->judge);
	mlp_deallocate(&session->trainer->allocator, session->memory, session->bytes);
	session->ws = session->judge = NULL;
	session->memory = NULL;
}

/* ---- the order of an epoch ------------------------------------------------------------------ */

void mlp_session_order(struct mlp_session *session)
{
	if (session->order == NULL) { /* as they lie */
		session->order = session->train;
		return;
	}
	if (session->order == session->train)
		return;
	for (int64_t n = 0; n < session->rows; n++)
		session->order[n] = session->train != NULL ? session->train[n] : n;
	mlp_shuffle(session->order, session->rows, session->trainer->seed,
		    session->trainer->position.epochs + 1);
}
