/* What training was like, epoch by epoch; which epoch was best. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/checked.h"
#include "base/status.h"
#include "trainer/trainer.h"

mlp_status mlp_trainer_reserve_history(struct mlp_trainer *trainer, int64_t epochs)
{
	if (epochs <= trainer->history_capacity)
		return MLP_OK;
	int64_t bytes;
	void *memory;
	const size_t size = sizeof(struct mlp_record);
	if (!mlp_checked_multiply(epochs, (int64_t)size, PTRDIFF_MAX, &bytes))
		return mlp_fail(MLP_ERR_OVERFLOW,
				"the history of % epochs exceeds the address space", epochs);
	mlp_status status = mlp_allocate(&trainer->allocator, (size_t)bytes, &memory);
	if (status != MLP_OK)
		return status;
	if (trainer->position.epochs > 0)
		memcpy(memory, trainer->history, (size_t)trainer->position.epochs * size);
	mlp_deallocate(&trainer->allocator, trainer->history,
		       (size_t)trainer->history_capacity * size);
	trainer->history = memory;
	trainer->history_capacity = epochs;
	return MLP_OK;
}

mlp_status mlp_trainer_reserve_epoch(struct mlp_trainer *trainer)
{
	enum { FIRST = 1024 };
	int64_t most = (int64_t)trainer->items[MLP_TRAINER_EPOCHS];
	int64_t wanted =
		trainer->history_capacity < FIRST ? (int64_t)FIRST : 2 * trainer->history_capacity;
	if (trainer->position.epochs < trainer->history_capacity)
		return MLP_OK;
	return mlp_trainer_reserve_history(trainer, wanted < most ? wanted : most);
}

void mlp_record_clear(struct mlp_record *record)
{
	for (int split = 0; split < MLP_SPLITS; split++)
		for (int metric = 0; metric < MLP_METRICS; metric++)
			record->values[split][metric] = (double)NAN;
}

bool mlp_trainer_judge(struct mlp_trainer *trainer, double value)
{
	struct mlp_position *position = &trainer->position;
	double gain = mlp_metric_should_rise(trainer->monitor) == 1 ? value - position->best_value
								    : position->best_value - value;
	if (position->best_epoch == 0 || gain > trainer->items[MLP_TRAINER_MIN_DELTA]) {
		position->best_epoch = position->epochs;
		position->best_value = value;
		position->bad_epochs = 0;
		return true;
	}
	position->bad_epochs++;
	return false;
}

double mlp_trainer_history(const mlp_trainer *trainer, mlp_split split, mlp_metric metric,
			   int64_t epoch)
{
	if (trainer == NULL || split < MLP_SPLIT_TRAINING || split > MLP_SPLIT_VALIDATION ||
	    mlp_metric_name(metric) == NULL || epoch < 1 || epoch > trainer->position.epochs) {
		mlp_fail(trainer == NULL ? MLP_ERR_NULL : MLP_ERR_INDEX,
			 trainer == NULL ? "trainer is NULL"
					 : "the history has no part %, metric %, epoch %",
			 (int)split, (int)metric, epoch);
		return (double)NAN;
	}
	return trainer->history[epoch - 1].values[split - 1][metric - 1];
}
