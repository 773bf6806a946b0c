/* Taking up training from a checkpoint: everything is read into a trainer beside, and taken over when all of it
 * is there. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "check.h"
#include "file/input.h"
#include "trainer/parts.h"
#include "trainer/saved.h"

/* ---- the same network ----------------------------------------------------------------------- */

static bool is_same_affine(const struct mlp_affine *a, const struct mlp_affine *b)
{
	if (a->is_set != b->is_set || a->count != b->count)
		return false;
	const size_t bytes = a->count * sizeof(double);
	return !a->is_set ||
	       (memcmp(a->shift, b->shift, bytes) == 0 && memcmp(a->scale, b->scale, bytes) == 0);
}

static mlp_status check_layer(const mlp_network *net, const mlp_network *file, size_t l)
{
	const struct mlp_layer *a = &net->layers[l], *b = &file->layers[l];
	if (a->n_in != b->n_in || a->n_out != b->n_out)
		return mlp_fail(MLP_ERR_SHAPE, "layer % is % x %, in the checkpoint it is % x %",
				(int64_t)l, (int64_t)a->n_out, (int64_t)a->n_in, (int64_t)b->n_out,
				(int64_t)b->n_in);
	if (a->activation != b->activation || a->parameter != b->parameter ||
	    a->has_bias != b->has_bias || a->is_frozen != b->is_frozen)
		return mlp_fail(
			MLP_ERR_SHAPE,
			"layer %: activation, bias or freezing is another in the checkpoint",
			(int64_t)l);
	return MLP_OK;
}

static mlp_status check_network(const mlp_network *net, const mlp_network *file)
{
	if (net->dtype != file->dtype || net->layer_count != file->layer_count)
		return mlp_fail(MLP_ERR_SHAPE,
				"network is f% with % layers, the checkpoint's is f% with %",
				net->dtype == MLP_F32 ? 32 : 64, (int64_t)net->layer_count,
				file->dtype == MLP_F32 ? 32 : 64, (int64_t)file->layer_count);
	mlp_status status = MLP_OK;
	for (size_t l = 1; l <= net->layer_count && status == MLP_OK; l++)
		status = check_layer(net, file, l);
	for (size_t l = 0; l < net->layer_count && status == MLP_OK; l++)
		if (net->layers[l].dropout != file->layers[l].dropout)
			status = mlp_fail(MLP_ERR_SHAPE,
					  "dropout of layer % is another in the checkpoint",
					  (int64_t)l);
	if (status == MLP_OK && !(is_same_affine(&net->input, &file->input) &&
				  is_same_affine(&net->output, &file->output)))
		status = mlp_fail(MLP_ERR_SHAPE, "the scaling is another in the checkpoint");
	return status;
}

/* ---- reading -------------------------------------------------------------------------------- */

struct reading {
	struct mlp_tensor_reader *reader;
	struct mlp_model model;
	struct mlp_trainer *trainer; /* the one beside */
};

/* Whether a tensor is what the part has to be. */
static bool fits(const struct mlp_tensor *tensor, const struct mlp_part *part)
{
	bool fits = tensor->type == part->type && tensor->rank == part->rank;
	for (int64_t d = 0; d < part->rank && fits; d++)
		fits = tensor->shape[d] == part->shape[d];
	return fits;
}

/* Every part is there, and there is no other. */
static mlp_status check_parts(const struct reading *reading)
{
	const struct mlp_tensor_reader *reader = reading->reader;
	int64_t expected = 0, found = 0;
	for (int64_t i = 0; i < mlp_part_count(reading->trainer); i++) {
		struct mlp_part part;
		if (!mlp_part_of(reading->trainer, i, &part))
			continue;
		const struct mlp_tensor *tensor = mlp_tensor_reader_find(reader, part.name);
		if (tensor == NULL || !fits(tensor, &part))
			return mlp_fail_tensor(
				MLP_ERR_FORMAT, part.name,
				" is missing in the checkpoint, or of another shape");
		expected++;
	}
	for (int64_t i = 0; i < mlp_tensor_reader_count(reader); i++)
		found += strncmp(mlp_tensor_reader_at(reader, i)->name, MLP_MODEL_BESIDE,
				 strlen(MLP_MODEL_BESIDE)) == 0;
	return expected == found
		       ? MLP_OK
		       : mlp_fail(MLP_ERR_FORMAT,
				  "the checkpoint has % tensors of a trainer in place of %", found,
				  expected);
}

/* An mlp_tensor_place. */
static void *place(void *context, const struct mlp_tensor *tensor)
{
	struct reading *reading = context;
	for (int64_t i = 0; i < mlp_part_count(reading->trainer); i++) {
		struct mlp_part part;
		if (mlp_part_of(reading->trainer, i, &part) && strcmp(part.name, tensor->name) == 0)
			return part.data;
	}
	return mlp_model_place(&reading->model, tensor);
}

/* An mlp_tensor_sink: of the network's parameters, what is of another type than it. */
static mlp_status sink(void *context, const struct mlp_tensor *tensor, int64_t first, int64_t count,
		       const void *elements)
{
	struct reading *reading = context;
	return mlp_model_sink(&reading->model, tensor, first, count, elements);
}

/* The trainer beside, ready for its arrays. */
static mlp_status prepare(struct reading *reading)
{
	const struct mlp_tensor_reader *reader = reading->reader;
	mlp_optimizer_kind kind = mlp_saved_kind(reader);
	if ((int)kind == 0)
		return mlp_fail(MLP_ERR_FORMAT, "the file is no checkpoint of a trainer");
	mlp_status status = mlp_trainer_create(reading->model.net, kind, &reading->trainer);
	if (status != MLP_OK)
		return status;
	reading->trainer->has_class_weights =
		mlp_tensor_reader_find(reader, MLP_MODEL_BESIDE "class_weights") != NULL;
	status = mlp_saved_read(reader, reading->trainer);
	/* all must be there before memory for as many epochs as the file says is asked for */
	if (status == MLP_OK)
		status = check_parts(reading);
	if (status == MLP_OK) {
		int64_t epochs = reading->trainer->position.epochs;
		reading->trainer->position.epochs = 0; /* nothing to be copied */
		status = mlp_trainer_reserve_history(reading->trainer, epochs);
		reading->trainer->position.epochs = epochs;
	}
	return status;
}

static mlp_status check_class_weights(const struct mlp_trainer *trainer)
{
	for (size_t c = 0; c < trainer->width && trainer->has_class_weights; c++)
		if (!(isfinite(trainer->class_weights[c]) && trainer->class_weights[c] >= 0))
			return mlp_fail(
				MLP_ERR_FORMAT,
				"the checkpoint's weight of class % is negative or not finite",
				(int64_t)c);
	return MLP_OK;
}

static mlp_status read_all(struct reading *reading, const mlp_network *net)
{
	mlp_status status = check_network(net, reading->model.net);
	if (status == MLP_OK)
		status = prepare(reading);
	if (status == MLP_OK)
		status = mlp_tensor_reader_read(reading->reader, place, sink, reading);
	if (status == MLP_OK)
		status = mlp_saved_read_scalars(reading->reader, reading->trainer);
	if (status == MLP_OK)
		status = check_class_weights(reading->trainer);
	return status;
}

/* ---- taking over ---------------------------------------------------------------------------- */

static void take_over(mlp_trainer *trainer, struct mlp_trainer *from, const mlp_network *net)
{
	const size_t bytes = net->parameter_count * mlp_dtype_size(net->dtype);
	mlp_optimizer *optimizer = trainer->optimizer;
	struct mlp_record *history = trainer->history;
	int64_t capacity = trainer->history_capacity;
	mlp_trainer_put(trainer, net->parameters);
	memcpy(trainer->best, from->best, bytes);
	memcpy(trainer->good, from->good, bytes);
	memcpy(trainer->class_weights, from->class_weights, trainer->width * sizeof(double));
	memcpy(trainer->items, from->items, sizeof(trainer->items));
	trainer->optimizer = from->optimizer;
	trainer->history = from->history;
	trainer->history_capacity = from->history_capacity;
	trainer->seed = from->seed;
	trainer->loss = from->loss;
	trainer->loss_parameter = from->loss_parameter;
	trainer->monitor = from->monitor;
	trainer->has_schedule = from->has_schedule;
	trainer->schedule = from->schedule;
	trainer->has_class_weights = from->has_class_weights;
	trainer->position = from->position;
	trainer->batch_loss = from->batch_loss;
	trainer->eta = from->eta;
	trainer->shows_best = false;
	if (from->shows_best)
		mlp_trainer_show_best(trainer);
	from->optimizer = optimizer;
	from->history = history;
	from->history_capacity = capacity;
}

static mlp_status resume(mlp_trainer *trainer, struct mlp_source *source,
			 const mlp_load_options *options)
{
	const struct mlp_tensor_limits limits = {options->limits[MLP_LOAD_MAX_HEADER_BYTES],
						 options->limits[MLP_LOAD_MAX_TENSORS]};
	struct reading reading = {0};
	mlp_network *net = NULL;
	mlp_status status =
		mlp_tensor_reader_open(source, &limits, &options->allocator, &reading.reader);
	if (status != MLP_OK)
		return status;
	status = mlp_model_open(reading.reader, options, &reading.model);
	if (status == MLP_OK) {
		status = read_all(&reading, trainer->net);
		status = mlp_model_close(&reading.model, status, trainer->net->dtype, &net);
	}
	if (status == MLP_OK)
		take_over(trainer, reading.trainer, net);
	mlp_trainer_free(reading.trainer);
	mlp_network_free(net);
	mlp_tensor_reader_free(reading.reader);
	return status;
}

/* The limits of the options; memory is that of the trainer. */
static void set_options(const mlp_trainer *trainer, const mlp_load_options *given,
			mlp_load_options *options)
{
	const mlp_load_options *chosen = mlp_load_options_or_default(given, options);
	if (chosen != options)
		*options = *chosen;
	options->allocator = trainer->allocator;
}

mlp_status mlp_trainer_resume(mlp_trainer *trainer, const char *path,
			      const mlp_load_options *options)
{
	mlp_load_options own;
	struct mlp_input input;
	mlp_status status = mlp_trainer_check_idle(trainer);
	if (status == MLP_OK)
		status = mlp_check_pointer("path", path);
	if (status != MLP_OK)
		return status;
	set_options(trainer, options, &own);
	status = mlp_input_open(&input, path, own.limits[MLP_LOAD_MAX_BYTES], &trainer->allocator);
	if (status == MLP_OK)
		status = resume(trainer, &input.source, &own);
	return mlp_input_close(&input, status);
}

mlp_status mlp_trainer_resume_from(mlp_trainer *trainer, mlp_read_function read, void *context,
				   const mlp_load_options *options)
{
	mlp_load_options own;
	struct mlp_input input;
	mlp_status status = mlp_trainer_check_idle(trainer);
	if (status == MLP_OK && read == NULL)
		status = mlp_fail(MLP_ERR_NULL, "read is NULL");
	if (status != MLP_OK)
		return status;
	set_options(trainer, options, &own);
	status = mlp_input_collect(&input, read, context, own.limits[MLP_LOAD_MAX_BYTES],
				   &trainer->allocator);
	if (status == MLP_OK)
		status = resume(trainer, &input.source, &own);
	return mlp_input_close(&input, status);
}
