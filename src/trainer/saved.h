/* The numbers of a checkpoint: what a trainer is, but for its arrays. */
#ifndef MLP_TRAINER_SAVED_H
#define MLP_TRAINER_SAVED_H

#include "file/safetensors.h"
#include "trainer/trainer.h"

/* Write them as metadata; read them into a new trainer, whose optimizer is of the right kind:
 * MLP_ERR_FORMAT if one is missing, or not what a trainer can have. */
mlp_status mlp_saved_write(const struct mlp_trainer *trainer, struct mlp_tensor_writer *writer);
mlp_status mlp_saved_read(const struct mlp_tensor_reader *reader, struct mlp_trainer *trainer);

/* The kind of the optimizer; 0 for a file that is no checkpoint. */
mlp_optimizer_kind mlp_saved_kind(const struct mlp_tensor_reader *reader);

/* Read the scalars of the optimizer. */
mlp_status mlp_saved_read_scalars(const struct mlp_tensor_reader *reader,
				  struct mlp_trainer *trainer);

#endif
