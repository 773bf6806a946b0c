/* Trainers: creation, and what they tell. */
#include "trainer/trainer.h"

#include <math.h>

#include "base/status.h"
#include "check.h"

/* The trainer's parts, measured or laid out. */
static struct mlp_trainer *lay_out(struct mlp_arena *arena, const mlp_network *net)
{
	size_t size = mlp_dtype_size(net->dtype), count = net->parameter_count;
	size_t width = net->layers[net->layer_count].n_out;
	struct mlp_trainer *trainer = mlp_arena_take(arena, 1, 1, sizeof(*trainer));
	void *best = mlp_arena_take(arena, count, 1, size);
	void *good = mlp_arena_take(arena, count, 1, size);
	void *last = mlp_arena_take(arena, count, 1, size);
	double *class_weights = mlp_arena_take(arena, width, 1, sizeof(double));
	if (trainer != NULL)
		*trainer = (struct mlp_trainer){.best = best,
						.good = good,
						.last = last,
						.class_weights = class_weights,
						.width = width};
	return trainer;
}

static void set_defaults(struct mlp_trainer *trainer)
{
	trainer->items[MLP_TRAINER_EPOCHS] = 100;
	trainer->items[MLP_TRAINER_BATCH] = 32;
	trainer->items[MLP_TRAINER_SHUFFLE] = 1;
	trainer->items[MLP_TRAINER_RESTORE_BEST] = 1;
	trainer->monitor = MLP_METRIC_LOSS;
	trainer->position.outcome = MLP_OUTCOME_NONE;
	trainer->batch_loss = trainer->eta = (double)NAN;
}

mlp_status mlp_trainer_create(mlp_network *net, mlp_optimizer_kind kind, mlp_trainer **trainer)
{
	if (trainer == NULL)
		return mlp_fail(MLP_ERR_NULL, "trainer is NULL");
	*trainer = NULL;
	mlp_optimizer *optimizer;
	mlp_status status = mlp_optimizer_create(net, kind, &optimizer);
	if (status != MLP_OK)
		return status;
	struct mlp_arena arena = {0};
	lay_out(&arena, net);
	if (arena.overflow)
		status = mlp_fail(MLP_ERR_OVERFLOW,
				  "copies of % parameters exceed the address space",
				  (int64_t)net->parameter_count);
	size_t bytes = (size_t)arena.bytes;
	void *memory = NULL;
	if (status == MLP_OK)
		status = mlp_allocate(&net->allocator, bytes, &memory);
	if (status != MLP_OK) {
		mlp_optimizer_free(optimizer);
		return status;
	}
	arena = (struct mlp_arena){.base = memory};
	*trainer = lay_out(&arena, net);
	(*trainer)->allocator = net->allocator;
	(*trainer)->bytes = bytes;
	(*trainer)->net = net;
	(*trainer)->optimizer = optimizer;
	set_defaults(*trainer);
	return MLP_OK;
}

void mlp_trainer_free(mlp_trainer *trainer)
{
	if (trainer == NULL)
		return;
	mlp_allocator allocator = trainer->allocator;
	mlp_optimizer_free(trainer->optimizer);
	mlp_deallocate(&allocator, trainer->history,
		       (size_t)trainer->history_capacity * sizeof(struct mlp_record));
	mlp_deallocate(&allocator, trainer->checkpoint, trainer->checkpoint_size);
	mlp_deallocate(&allocator, trainer, trainer->bytes);
}

mlp_status mlp_trainer_reset(mlp_trainer *trainer)
{
	mlp_status status = mlp_trainer_check_idle(trainer);
	if (status == MLP_OK)
		status = mlp_optimizer_reset(trainer->optimizer);
	if (status != MLP_OK)
		return status;
	trainer->position = (struct mlp_position){.outcome = MLP_OUTCOME_NONE};
	trainer->shows_best = false;
	trainer->batch_loss = trainer->eta = (double)NAN;
	return mlp_rate_schedule_reset(&trainer->schedule);
}

mlp_status mlp_trainer_restore_best(mlp_trainer *trainer)
{
	mlp_status status = mlp_trainer_check_idle(trainer);
	if (status == MLP_OK && trainer->position.best_epoch == 0)
		status = mlp_fail(MLP_ERR_STATE, "no epoch is done, so none is best");
	if (status == MLP_OK)
		mlp_trainer_show_best(trainer);
	return status;
}

/* ---- what it tells -------------------------------------------------------------------------- */

const mlp_network *mlp_trainer_network(const mlp_trainer *trainer)
{
	return trainer != NULL ? trainer->net : NULL;
}

mlp_optimizer *mlp_trainer_optimizer(mlp_trainer *trainer)
{
	return trainer != NULL ? trainer->optimizer : NULL;
}

mlp_outcome mlp_trainer_outcome(const mlp_trainer *trainer)
{
	return trainer != NULL ? trainer->position.outcome : (mlp_outcome)0;
}

int64_t mlp_trainer_epochs_done(const mlp_trainer *trainer)
{
	mlp_status status = mlp_check_pointer("trainer", trainer);
	return status == MLP_OK ? trainer->position.epochs : status;
}

int64_t mlp_trainer_batches_done(const mlp_trainer *trainer)
{
	mlp_status status = mlp_check_pointer("trainer", trainer);
	return status == MLP_OK ? trainer->position.batches : status;
}

int64_t mlp_trainer_rows_done(const mlp_trainer *trainer)
{
	mlp_status status = mlp_check_pointer("trainer", trainer);
	return status == MLP_OK ? trainer->position.rows : status;
}

int64_t mlp_trainer_best_epoch(const mlp_trainer *trainer)
{
	mlp_status status = mlp_check_pointer("trainer", trainer);
	return status == MLP_OK ? trainer->position.best_epoch : status;
}

int64_t mlp_trainer_rows(const mlp_trainer *trainer, mlp_split split)
{
	if (trainer == NULL)
		return mlp_fail(MLP_ERR_NULL, "trainer is NULL");
	int64_t held = mlp_trainer_held_rows(trainer);
	switch (split) {
	case MLP_SPLIT_TRAINING:
		return trainer->feed.count > 0 ? trainer->feed.count - held : 0;
	case MLP_SPLIT_VALIDATION:
		return trainer->validation.count > 0 ? trainer->validation.count : held;
	case MLP_SPLIT_MAX_ENUM:
		break;
	}
	return mlp_fail(MLP_ERR_VALUE, "split is %, unknown", (int)split);
}

double mlp_trainer_batch_loss(const mlp_trainer *trainer)
{
	return trainer != NULL ? trainer->batch_loss : (double)NAN;
}

double mlp_trainer_eta(const mlp_trainer *trainer)
{
	return trainer != NULL ? trainer->eta : (double)NAN;
}
