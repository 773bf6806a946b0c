/* Checkpoints: all that training goes on from, in one file. */
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "check.h"
#include "base/replace_file.h"
#include "trainer/parts.h"
#include "trainer/saved.h"

mlp_status mlp_trainer_set_checkpoint(mlp_trainer *trainer, const char *path, int64_t every)
{
	mlp_status status = mlp_trainer_check_idle(trainer);
	if (status == MLP_OK && path != NULL && every < 0)
		status = mlp_fail(MLP_ERR_SIZE, "every is %, must be at least 0", every);
	void *copy = NULL;
	size_t size = path != NULL ? strlen(path) + 1 : 0;
	if (status == MLP_OK && path != NULL)
		status = mlp_allocate(&trainer->allocator, size, &copy);
	if (status != MLP_OK)
		return status;
	if (path != NULL)
		memcpy(copy, path, size);
	mlp_deallocate(&trainer->allocator, trainer->checkpoint, trainer->checkpoint_size);
	trainer->checkpoint = copy;
	trainer->checkpoint_size = size;
	trainer->checkpoint_every = every;
	return MLP_OK;
}

static mlp_status add_parts(struct mlp_trainer *trainer, struct mlp_tensor_writer *writer)
{
	mlp_status status = MLP_OK;
	for (int64_t i = 0; i < mlp_part_count(trainer) && status == MLP_OK; i++) {
		struct mlp_part part;
		if (mlp_part_of(trainer, i, &part))
			status = mlp_tensor_writer_add(writer, part.name, part.type, part.rank,
						       part.shape, part.data);
	}
	return status;
}

/* An mlp_produce of a trainer. */
static mlp_status save(void *producer, mlp_write_function write, void *context)
{
	struct mlp_trainer *trainer = producer;
	mlp_network net = *trainer->net; /* with the weights to go on from */
	if (mlp_trainer_is_showing_best(trainer))
		net.parameters = trainer->last;
	struct mlp_tensor_writer *writer;
	mlp_status status = mlp_tensor_writer_create(&trainer->allocator, &writer);
	if (status == MLP_OK)
		status = mlp_model_describe(&net, "checkpoint", writer);
	if (status == MLP_OK)
		status = mlp_saved_write(trainer, writer);
	if (status == MLP_OK)
		status = add_parts(trainer, writer);
	if (status == MLP_OK)
		status = mlp_tensor_writer_write(writer, write, context);
	mlp_tensor_writer_free(writer);
	return status;
}

/* Within a batch there is nothing that training could go on from. */
static mlp_status check_saving(const struct mlp_trainer *trainer)
{
	if (trainer == NULL)
		return mlp_fail(MLP_ERR_NULL, "trainer is NULL");
	if (trainer->is_asking)
		return mlp_fail(MLP_ERR_STATE,
				"the trainer is within a batch: not from inside a source");
	return MLP_OK;
}

mlp_status mlp_trainer_save(const mlp_trainer *trainer, const char *path)
{
	mlp_status status = check_saving(trainer);
	if (status == MLP_OK)
		status = mlp_check_pointer("path", path);
	return status == MLP_OK ? mlp_replace_file(path, save, (void *)trainer) : status;
}

mlp_status mlp_trainer_save_to(const mlp_trainer *trainer, mlp_write_function write, void *context)
{
	mlp_status status = check_saving(trainer);
	if (status == MLP_OK && write == NULL)
		status = mlp_fail(MLP_ERR_NULL, "write is NULL");
	return status == MLP_OK ? save((void *)trainer, write, context) : status;
}

mlp_status mlp_trainer_checkpoint(struct mlp_trainer *trainer)
{
	const struct mlp_position *position = &trainer->position;
	if (trainer->checkpoint == NULL || !trainer->has_news)
		return MLP_OK;
	mlp_status status = mlp_trainer_save(trainer, trainer->checkpoint);
	if (status != MLP_OK)
		return mlp_fail_within(status,
				       "checkpoint after epoch %, batch %: ", position->epochs,
				       position->batches);
	trainer->has_news = false;
	return MLP_OK;
}

mlp_status mlp_trainer_checkpoint_batch(struct mlp_trainer *trainer)
{
	bool is_time = trainer->checkpoint_every > 0 &&
		       trainer->position.steps % trainer->checkpoint_every == 0;
	return is_time ? mlp_trainer_checkpoint(trainer) : MLP_OK;
}
