/* What can be set in a trainer, but for its data. */
#include <math.h>

#include "base/status.h"
#include "check.h"
#include "trainer/trainer.h"

mlp_status mlp_trainer_check_idle(const struct mlp_trainer *trainer)
{
	if (trainer == NULL)
		return mlp_fail(MLP_ERR_NULL, "trainer is NULL");
	if (trainer->is_running)
		return mlp_fail(MLP_ERR_STATE,
				"the trainer is running: not from inside a callback");
	return MLP_OK;
}

bool mlp_trainer_is_full_batch(const struct mlp_trainer *trainer)
{
	mlp_optimizer_kind kind = mlp_optimizer_kind_of(trainer->optimizer);
	return kind == MLP_IRPROP_MINUS || kind == MLP_LBFGS;
}

int64_t mlp_trainer_held_rows(const struct mlp_trainer *trainer)
{
	double fraction = trainer->items[MLP_TRAINER_VALIDATION_FRACTION];
	int64_t rows = trainer->feed.source == NULL ? trainer->feed.count : 0;
	if (fraction == 0 || rows < 2 || trainer->validation.count > 0)
		return 0;
	int64_t held = (int64_t)floor(fraction * (double)rows + 0.5);
	if (held < 1)
		held = 1;
	return held < rows ? held : rows - 1;
}

/* ---- numbers -------------------------------------------------------------------------------- */

static const struct item {
	double lowest, highest;
	bool is_whole;
	const char *refusal; /* of a value, for the % */
} items[MLP_TRAINER_ITEMS] = {
	[MLP_TRAINER_EPOCHS] = {0, 0x1p31, true, "epochs are %, must be whole, 0 .. 2147483648"},
	[MLP_TRAINER_BATCH] = {1, 0x1p31, true, "batch is %, must be whole, 1 .. 2147483648"},
	[MLP_TRAINER_SHUFFLE] = {0, 1, true, "shuffle is %, must be 0 or 1"},
	[MLP_TRAINER_VALIDATION_FRACTION] = {0, 0.9, false,
					     "validation fraction is %, must be in 0 .. 0.9"},
	[MLP_TRAINER_PATIENCE] = {0, 0x1p31, true, "patience is %, must be whole, 0 .. 2147483648"},
	[MLP_TRAINER_MIN_DELTA] = {0, 0x1p1023, false, "min delta is %, must be finite, >= 0"},
	[MLP_TRAINER_RESTORE_BEST] = {0, 1, true, "restore best is %, must be 0 or 1"},
	[MLP_TRAINER_MEASURE_TRAINING] = {0, 1, true, "measure training is %, must be 0 or 1"},
};

static mlp_status check_item(const mlp_trainer *trainer, mlp_trainer_item item)
{
	mlp_status status = mlp_check_pointer("trainer", trainer);
	if (status == MLP_OK && ((int)item < 1 || (int)item >= MLP_TRAINER_ITEMS))
		status = mlp_fail(MLP_ERR_VALUE, "setting % of a trainer is unknown", (int)item);
	return status;
}

mlp_status mlp_trainer_set(mlp_trainer *trainer, mlp_trainer_item item, double value)
{
	mlp_status status = check_item(trainer, item);
	if (status == MLP_OK)
		status = mlp_trainer_check_idle(trainer);
	if (status != MLP_OK)
		return status;
	if (!(value >= items[item].lowest && value <= items[item].highest) ||
	    (items[item].is_whole && value != floor(value)))
		return mlp_fail_real(MLP_ERR_VALUE, items[item].refusal, value);
	trainer->items[item] = value;
	return MLP_OK;
}

double mlp_trainer_get(const mlp_trainer *trainer, mlp_trainer_item item)
{
	return check_item(trainer, item) == MLP_OK ? trainer->items[item] : (double)NAN;
}

mlp_status mlp_trainer_bounds(const mlp_trainer *trainer, mlp_trainer_item item, double *lowest,
			      double *highest)
{
	mlp_status status = check_item(trainer, item);
	if (status != MLP_OK)
		return status;
	if (lowest != NULL)
		*lowest = items[item].lowest;
	if (highest != NULL)
		*highest = items[item].highest;
	return MLP_OK;
}

mlp_status mlp_trainer_set_seed(mlp_trainer *trainer, uint64_t seed)
{
	mlp_status status = mlp_trainer_check_idle(trainer);
	if (status == MLP_OK)
		trainer->seed = seed;
	return status;
}

uint64_t mlp_trainer_seed(const mlp_trainer *trainer)
{
	return trainer != NULL ? trainer->seed : 0;
}

mlp_status mlp_trainer_set_class_weights(mlp_trainer *trainer, const double *weights, int64_t count)
{
	mlp_status status = mlp_trainer_check_idle(trainer);
	if (status != MLP_OK)
		return status;
	if (weights != NULL && count != (int64_t)trainer->width)
		return mlp_fail(MLP_ERR_SIZE, "count is %, the network has % classes", count,
				(int64_t)trainer->width);
	for (int64_t c = 0; c < count && weights != NULL; c++)
		if (!(isfinite(weights[c]) && weights[c] >= 0))
			return mlp_fail(MLP_ERR_VALUE,
					"weight of class % is negative or not finite", c);
	trainer->has_class_weights = weights != NULL;
	for (int64_t c = 0; c < count && weights != NULL; c++)
		trainer->class_weights[c] = weights[c];
	return MLP_OK;
}

/* ---- loss and monitor ----------------------------------------------------------------------- */

mlp_status mlp_trainer_set_loss(mlp_trainer *trainer, mlp_loss loss, double parameter)
{
	mlp_status status = mlp_trainer_check_idle(trainer);
	if (status == MLP_OK && mlp_loss_name(loss) == NULL)
		status = mlp_fail(MLP_ERR_VALUE, "loss is %, unknown", (int)loss);
	if (status != MLP_OK)
		return status;
	trainer->loss = loss;
	trainer->loss_parameter = parameter;
	return MLP_OK;
}

mlp_loss mlp_trainer_loss(const mlp_trainer *trainer, double *parameter)
{
	if (parameter != NULL)
		*parameter = trainer != NULL && trainer->loss != 0 ? trainer->loss_parameter : 0;
	if (trainer == NULL || trainer->loss != 0)
		return trainer != NULL ? trainer->loss : (mlp_loss)0;
	mlp_activation output = trainer->net->layers[trainer->net->layer_count].activation;
	if (trainer->feed.by_class || output == MLP_SOFTMAX)
		return MLP_CROSS_ENTROPY;
	return output == MLP_SIGMOID ? MLP_BINARY_CROSS_ENTROPY : MLP_SQUARED_ERROR;
}

mlp_status mlp_trainer_set_monitor(mlp_trainer *trainer, mlp_metric metric)
{
	mlp_status status = mlp_trainer_check_idle(trainer);
	if (status == MLP_OK && mlp_metric_name(metric) == NULL)
		status = mlp_fail(MLP_ERR_VALUE, "metric is %, unknown", (int)metric);
	if (status == MLP_OK)
		trainer->monitor = metric;
	return status;
}

mlp_metric mlp_trainer_monitor(const mlp_trainer *trainer)
{
	return trainer != NULL ? trainer->monitor : (mlp_metric)0;
}

/* ---- what goes with it ---------------------------------------------------------------------- */

mlp_status mlp_trainer_set_pool(mlp_trainer *trainer, mlp_pool *pool)
{
	mlp_status status = mlp_trainer_check_idle(trainer);
	if (status == MLP_OK)
		trainer->pool = pool;
	return status;
}

mlp_status mlp_trainer_set_schedule(mlp_trainer *trainer, const mlp_rate_schedule *schedule)
{
	mlp_status status = mlp_trainer_check_idle(trainer);
	if (status == MLP_OK && schedule != NULL &&
	    isnan(mlp_optimizer_get(trainer->optimizer, MLP_HYPER_ETA)))
		status = mlp_fail(MLP_ERR_STATE,
				  "the optimizer has no eta that a schedule could set");
	if (status != MLP_OK)
		return status;
	trainer->has_schedule = schedule != NULL;
	if (schedule != NULL)
		trainer->schedule = *schedule;
	return MLP_OK;
}

const mlp_rate_schedule *mlp_trainer_schedule(const mlp_trainer *trainer)
{
	return trainer != NULL && trainer->has_schedule ? &trainer->schedule : NULL;
}

mlp_status mlp_trainer_set_progress(mlp_trainer *trainer, mlp_trainer_progress progress,
				    void *context)
{
	mlp_status status = mlp_trainer_check_idle(trainer);
	if (status != MLP_OK)
		return status;
	trainer->progress = progress;
	trainer->progress_context = context;
	return MLP_OK;
}
