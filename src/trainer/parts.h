/* The arrays of a trainer, as tensors of a checkpoint beside those of the network. */
#ifndef MLP_TRAINER_PARTS_H
#define MLP_TRAINER_PARTS_H

#include "file/model.h"
#include "trainer/trainer.h"

struct mlp_part {
	char name[64];
	mlp_tensor_type type;
	int64_t rank, shape[3];
	void *data;
};

/* In this order; the slots of the optimizer follow. */
enum { MLP_PART_HISTORY, MLP_PART_BEST, MLP_PART_GOOD, MLP_PART_CLASSES, MLP_PART_SLOTS };

/* Part i of a trainer in its present state, for reading and writing. False: it has no such part now. Parts from
 * MLP_PART_SLOTS on are the optimizer's; with them the parts end. */
bool mlp_part_of(struct mlp_trainer *trainer, int64_t i, struct mlp_part *part);
int64_t mlp_part_count(const struct mlp_trainer *trainer);

#endif
