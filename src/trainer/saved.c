/* The numbers of a checkpoint, as metadata: "mlp.trainer.seed" and so on, "mlp.hyper.eta", "mlp.state.steps". */
#include "trainer/saved.h"

#include <math.h>
#include <string.h>

#include "base/status.h"
#include "file/model.h"
#include "file/number.h"

#define TRAINER   MLP_METADATA "trainer."
#define HYPER     MLP_METADATA "hyper."
#define SCALAR    MLP_METADATA "state."
#define OPTIMIZER MLP_METADATA "optimizer"

enum { KEY_SIZE = 64 };

/* Counts, in the order of `count_names`. */
enum {
	SEED,
	LOSS,
	MONITOR,
	SCHEDULE,
	EPOCHS,
	BATCHES,
	ROWS,
	EPOCH_ROWS,
	STEPS,
	BEST_EPOCH,
	BAD_EPOCHS,
	PASSES,
	OUTCOME,
	YARDSTICK,
	SHOWS_BEST,
	COUNTS
};

static const char *const count_names[COUNTS] = {
	"seed",         "loss",         "monitor",    "schedule",  "epochs_done",
	"batches_done", "rows_done",    "epoch_rows", "steps",     "best_epoch",
	"bad_epochs",   "dropout_pass", "outcome",    "yardstick", "shows_best"};

/* Reals, in the order of `real_names`: settings, sums, then the schedule's settings and state. */
enum {
	LOSS_PARAMETER = MLP_TRAINER_ITEMS - 1,
	LOSSES,
	WEIGHTS,
	BEST_VALUE,
	BATCH_LOSS,
	ETA,
	RATE,
	PLATEAU = RATE + MLP_RATE_ITEMS - 1,
	REALS = PLATEAU + MLP_PLATEAU_VALUES
};

static const char *const real_names[REALS] = {"epochs",          "batch",
					      "shuffle",         "validation_fraction",
					      "patience",        "min_delta",
					      "restore_best",    "measure_training",
					      "loss_parameter",  "losses",
					      "weights",         "best_value",
					      "batch_loss",      "eta",
					      "rate_warmup",     "rate_warmup_factor",
					      "rate_factor",     "rate_every",
					      "rate_epochs",     "rate_lowest",
					      "rate_patience",   "rate_min_delta",
					      "rate_cooldown",   "plateau_factor",
					      "plateau_best",    "plateau_bad",
					      "plateau_cooldown"};

struct saved {
	uint64_t counts[COUNTS];
	double reals[REALS];
};

/* ---- a trainer and its numbers -------------------------------------------------------------- */

static void collect(const struct mlp_trainer *trainer, struct saved *saved)
{
	const struct mlp_position *at = &trainer->position;
	const uint64_t counts[COUNTS] = {
		[SEED] = trainer->seed,
		[LOSS] = (uint64_t)trainer->loss,
		[MONITOR] = (uint64_t)trainer->monitor,
		[SCHEDULE] = trainer->has_schedule ? (uint64_t)trainer->schedule.kind : 0,
		[EPOCHS] = (uint64_t)at->epochs,
		[BATCHES] = (uint64_t)at->batches,
		[ROWS] = (uint64_t)at->rows,
		[EPOCH_ROWS] = (uint64_t)at->epoch_rows,
		[STEPS] = (uint64_t)at->steps,
		[BEST_EPOCH] = (uint64_t)at->best_epoch,
		[BAD_EPOCHS] = (uint64_t)at->bad_epochs,
		[PASSES] = at->passes,
		[OUTCOME] = (uint64_t)at->outcome,
		[YARDSTICK] = at->yardstick,
		[SHOWS_BEST] = mlp_trainer_is_showing_best(trainer),
	};
	memcpy(saved->counts, counts, sizeof(counts));
	memcpy(saved->reals, trainer->items + 1, (MLP_TRAINER_ITEMS - 1) * sizeof(double));
	saved->reals[LOSS_PARAMETER] = trainer->loss_parameter;
	saved->reals[LOSSES] = at->losses;
	saved->reals[WEIGHTS] = at->weights;
	saved->reals[BEST_VALUE] = at->best_value;
	saved->reals[BATCH_LOSS] = trainer->batch_loss;
	saved->reals[ETA] = trainer->eta;
	memcpy(saved->reals + RATE, trainer->schedule.items + 1,
	       (MLP_RATE_ITEMS - 1) * sizeof(double));
	memcpy(saved->reals + PLATEAU, trainer->schedule.plateau,
	       MLP_PLATEAU_VALUES * sizeof(double));
}

static mlp_status apply_settings(const struct saved *saved, struct mlp_trainer *trainer)
{
	const uint64_t loss = saved->counts[LOSS], monitor = saved->counts[MONITOR];
	mlp_status status = MLP_OK;
	for (int i = 1; i < MLP_TRAINER_ITEMS && status == MLP_OK; i++)
		status = mlp_trainer_set(trainer, (mlp_trainer_item)i, saved->reals[i - 1]);
	trainer->seed = saved->counts[SEED];
	if (status == MLP_OK && loss != 0)
		status = loss > INT32_MAX ? MLP_ERR_VALUE
					  : mlp_trainer_set_loss(trainer, (mlp_loss)loss,
								 saved->reals[LOSS_PARAMETER]);
	if (status == MLP_OK)
		status = monitor > INT32_MAX
				 ? MLP_ERR_VALUE
				 : mlp_trainer_set_monitor(trainer, (mlp_metric)monitor);
	return status;
}

static mlp_status apply_schedule(const struct saved *saved, struct mlp_trainer *trainer)
{
	const uint64_t kind = saved->counts[SCHEDULE];
	struct mlp_rate_schedule schedule;
	double lowest;
	mlp_status status = MLP_OK;
	if (kind == 0)
		return MLP_OK;
	if (kind > INT32_MAX || mlp_rate_schedule_name((mlp_rate_schedule_kind)kind) == NULL)
		return MLP_ERR_VALUE;
	mlp_rate_schedule_begin(&schedule, (mlp_rate_schedule_kind)kind);
	for (int i = 1; i < MLP_RATE_ITEMS && status == MLP_OK; i++) {
		mlp_rate_schedule_item item = (mlp_rate_schedule_item)i;
		if (mlp_rate_schedule_bounds(&schedule, item, &lowest, NULL) == MLP_OK)
			status = mlp_rate_schedule_set(&schedule, item, saved->reals[RATE + i - 1]);
	}
	for (int64_t i = 0; i < mlp_rate_schedule_state_count(&schedule) && status == MLP_OK; i++)
		status = mlp_rate_schedule_set_state(&schedule, i, saved->reals[PLATEAU + i]);
	return status == MLP_OK ? mlp_trainer_set_schedule(trainer, &schedule) : status;
}

/* A place that training can be at. */
static bool is_position(const struct mlp_position *at)
{
	const int64_t most = (int64_t)1 << 62; /* nothing counts that far, and nothing overflows */
	return at->epochs >= 0 && at->epochs <= (int64_t)1 << 31 && at->batches >= 0 &&
	       at->batches <= at->rows && at->rows <= most && at->epoch_rows >= -1 &&
	       at->epoch_rows <= most && (at->epoch_rows < 0 || at->rows <= at->epoch_rows) &&
	       at->steps >= at->batches && at->steps <= most && at->best_epoch >= 0 &&
	       at->best_epoch <= at->epochs && at->bad_epochs >= 0 &&
	       at->bad_epochs <= at->epochs && !isnan(at->best_value) && !isnan(at->losses) &&
	       isfinite(at->weights) && at->weights >= 0 && (int)at->outcome >= MLP_OUTCOME_NONE &&
	       (int)at->outcome <= MLP_OUTCOME_DIVERGED;
}

static mlp_status apply_position(const struct saved *saved, struct mlp_trainer *trainer)
{
	const uint64_t *count = saved->counts;
	trainer->position = (struct mlp_position){
		.epochs = (int64_t)count[EPOCHS],
		.batches = (int64_t)count[BATCHES],
		.rows = (int64_t)count[ROWS],
		.epoch_rows = (int64_t)count[EPOCH_ROWS],
		.steps = (int64_t)count[STEPS],
		.losses = saved->reals[LOSSES],
		.weights = saved->reals[WEIGHTS],
		.best_epoch = (int64_t)count[BEST_EPOCH],
		.best_value = saved->reals[BEST_VALUE],
		.bad_epochs = (int64_t)count[BAD_EPOCHS],
		.yardstick = count[YARDSTICK],
		.passes = count[PASSES],
		.outcome = count[OUTCOME] <= MLP_OUTCOME_DIVERGED ? (mlp_outcome)count[OUTCOME]
								  : (mlp_outcome)0,
	};
	trainer->shows_best = count[SHOWS_BEST] == 1;
	trainer->batch_loss = saved->reals[BATCH_LOSS];
	trainer->eta = saved->reals[ETA];
	if (count[SHOWS_BEST] > (trainer->position.best_epoch > 0))
		return MLP_ERR_VALUE;
	return is_position(&trainer->position) ? MLP_OK : MLP_ERR_VALUE;
}

/* ---- as metadata ---------------------------------------------------------------------------- */

static const char *key_of(char key[KEY_SIZE], const char *prefix, const char *name)
{
	size_t length = strlen(prefix), rest = strlen(name);
	memcpy(key, prefix, length + 1);
	memcpy(key + length, name, rest + 1); /* the names are this library's own */
	return key;
}

static mlp_status write_real(struct mlp_tensor_writer *writer, const char *prefix, const char *name,
			     double value)
{
	char key[KEY_SIZE], text[MLP_NUMBER_SIZE];
	mlp_print_hex(value, text);
	return mlp_tensor_writer_text(writer, key_of(key, prefix, name), text);
}

mlp_status mlp_saved_write(const struct mlp_trainer *trainer, struct mlp_tensor_writer *writer)
{
	const mlp_optimizer *optimizer = trainer->optimizer;
	char key[KEY_SIZE], text[MLP_NUMBER_SIZE];
	struct saved saved;
	collect(trainer, &saved);
	mlp_status status = mlp_tensor_writer_text(
		writer, OPTIMIZER, mlp_optimizer_name(mlp_optimizer_kind_of(optimizer)));
	for (int i = 0; i < COUNTS && status == MLP_OK; i++) {
		mlp_print_unsigned(saved.counts[i], text);
		status = mlp_tensor_writer_text(writer, key_of(key, TRAINER, count_names[i]), text);
	}
	for (int i = 0; i < REALS && status == MLP_OK; i++)
		status = write_real(writer, TRAINER, real_names[i], saved.reals[i]);
	for (int h = 1; mlp_hyper_name((mlp_hyper)h) != NULL && status == MLP_OK; h++) {
		double value = mlp_optimizer_get(optimizer, (mlp_hyper)h);
		if (!isnan(value))
			status = write_real(writer, HYPER, mlp_hyper_name((mlp_hyper)h), value);
	}
	for (int64_t i = 0; i < mlp_optimizer_scalar_count(optimizer) && status == MLP_OK; i++)
		status = write_real(writer, SCALAR, mlp_optimizer_scalar_name(optimizer, i),
				    mlp_optimizer_scalar(optimizer, i));
	return status;
}

static mlp_status fail(const char *key)
{
	return mlp_fail_tensor(MLP_ERR_FORMAT, key, " is missing in the checkpoint, or wrong");
}

static mlp_status read_real(const struct mlp_tensor_reader *reader, const char *prefix,
			    const char *name, double *value)
{
	char key[KEY_SIZE];
	const char *text = mlp_tensor_reader_text(reader, key_of(key, prefix, name));
	return text != NULL && mlp_parse_hex(&text, value) && *text == '\0' ? MLP_OK : fail(key);
}

static mlp_status read_count(const struct mlp_tensor_reader *reader, const char *name,
			     uint64_t *value)
{
	char key[KEY_SIZE];
	const char *text = mlp_tensor_reader_text(reader, key_of(key, TRAINER, name));
	return text != NULL && mlp_parse_unsigned(&text, value) && *text == '\0' ? MLP_OK
										 : fail(key);
}

mlp_optimizer_kind mlp_saved_kind(const struct mlp_tensor_reader *reader)
{
	return mlp_optimizer_from_name(mlp_tensor_reader_text(reader, OPTIMIZER));
}

/* The tensors of L-BFGS's pairs are there: only then there is to be memory for so many. */
static mlp_status check_pairs(const struct mlp_tensor_reader *reader,
			      const struct mlp_trainer *trainer, double pairs)
{
	const char *prefix = MLP_MODEL_BESIDE "slot.history_";
	int64_t found = 0;
	for (int64_t i = 0; i < mlp_tensor_reader_count(reader); i++) {
		const struct mlp_tensor *tensor = mlp_tensor_reader_at(reader, i);
		found += strncmp(tensor->name, prefix, strlen(prefix)) == 0 &&
			 tensor->count == (int64_t)trainer->net->parameter_count;
	}
	return (double)found == 2 * pairs ? MLP_OK : fail("history");
}

static mlp_status read_hypers(const struct mlp_tensor_reader *reader,
			      const struct mlp_trainer *trainer)
{
	mlp_optimizer *optimizer = trainer->optimizer;
	mlp_status status = MLP_OK;
	for (int h = 1; mlp_hyper_name((mlp_hyper)h) != NULL && status == MLP_OK; h++) {
		const char *name = mlp_hyper_name((mlp_hyper)h);
		double value;
		if (isnan(mlp_optimizer_get(optimizer, (mlp_hyper)h)))
			continue;
		status = read_real(reader, HYPER, name, &value);
		if (status == MLP_OK && h == MLP_HYPER_HISTORY)
			status = check_pairs(reader, trainer, value);
		if (status == MLP_OK)
			status = mlp_optimizer_set(optimizer, (mlp_hyper)h, value);
		if (status == MLP_ERR_VALUE)
			status = fail(name);
	}
	return status;
}

mlp_status mlp_saved_read_scalars(const struct mlp_tensor_reader *reader,
				  struct mlp_trainer *trainer)
{
	mlp_optimizer *optimizer = trainer->optimizer;
	mlp_status status = MLP_OK;
	for (int64_t i = 0; i < mlp_optimizer_scalar_count(optimizer) && status == MLP_OK; i++) {
		const char *name = mlp_optimizer_scalar_name(optimizer, i);
		double value;
		status = read_real(reader, SCALAR, name, &value);
		if (status == MLP_OK && mlp_optimizer_set_scalar(optimizer, i, value) != MLP_OK)
			status = fail(name);
	}
	return status;
}

mlp_status mlp_saved_read(const struct mlp_tensor_reader *reader, struct mlp_trainer *trainer)
{
	struct saved saved;
	mlp_status status = MLP_OK;
	for (int i = 0; i < COUNTS && status == MLP_OK; i++)
		status = read_count(reader, count_names[i], &saved.counts[i]);
	for (int i = 0; i < REALS && status == MLP_OK; i++)
		status = read_real(reader, TRAINER, real_names[i], &saved.reals[i]);
	if (status == MLP_OK)
		status = read_hypers(reader, trainer);
	if (status != MLP_OK)
		return status;
	if (apply_settings(&saved, trainer) != MLP_OK ||
	    apply_schedule(&saved, trainer) != MLP_OK || apply_position(&saved, trainer) != MLP_OK)
		return mlp_fail(MLP_ERR_FORMAT,
				"the checkpoint's numbers are none that a trainer has");
	return MLP_OK;
}
