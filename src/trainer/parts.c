/* The arrays of a trainer, as tensors. */
#include "trainer/parts.h"

#include <string.h>

static void set_name(struct mlp_part *part, const char *name, const char *more)
{
	const size_t prefix = strlen(MLP_MODEL_BESIDE), length = strlen(name);
	memcpy(part->name, MLP_MODEL_BESIDE, prefix);
	memcpy(part->name + prefix, name, length);
	memcpy(part->name + prefix + length, more,
	       strlen(more) + 1); /* names of this library's own */
}

int64_t mlp_part_count(const struct mlp_trainer *trainer)
{
	return MLP_PART_SLOTS + mlp_optimizer_slot_count(trainer->optimizer);
}

/* An array in the parameter layout. */
static bool set_parameters(const struct mlp_trainer *trainer, void *data, struct mlp_part *part)
{
	part->type = trainer->net->dtype == MLP_F32 ? MLP_TENSOR_F32 : MLP_TENSOR_F64;
	part->rank = 1;
	part->shape[0] = (int64_t)trainer->net->parameter_count;
	part->data = data;
	return true;
}

static bool set_slot(struct mlp_trainer *trainer, int64_t slot, struct mlp_part *part)
{
	void *data = trainer->net->dtype == MLP_F32
			     ? (void *)mlp_optimizer_slot_f32(trainer->optimizer, slot)
			     : (void *)mlp_optimizer_slot_f64(trainer->optimizer, slot);
	set_name(part, "slot.", mlp_optimizer_slot_name(trainer->optimizer, slot));
	return set_parameters(trainer, data, part);
}

bool mlp_part_of(struct mlp_trainer *trainer, int64_t i, struct mlp_part *part)
{
	const struct mlp_position *position = &trainer->position;
	switch (i) {
	case MLP_PART_HISTORY:
		*part = (struct mlp_part){.type = MLP_TENSOR_F64,
					  .rank = 3,
					  .shape = {position->epochs, MLP_SPLITS, MLP_METRICS},
					  .data = trainer->history};
		set_name(part, "history", "");
		return position->epochs > 0;
	case MLP_PART_BEST:
		set_name(part, "best", "");
		return set_parameters(trainer, trainer->best, part) && position->best_epoch > 0;
	case MLP_PART_GOOD: /* at the end of an epoch they are the network's */
		set_name(part, "good", "");
		return set_parameters(trainer, trainer->good, part) && position->batches > 0;
	case MLP_PART_CLASSES:
		*part = (struct mlp_part){.type = MLP_TENSOR_F64,
					  .rank = 1,
					  .shape = {(int64_t)trainer->width},
					  .data = trainer->class_weights};
		set_name(part, "class_weights", "");
		return trainer->has_class_weights;
	default:
		return set_slot(trainer, i - MLP_PART_SLOTS, part);
	}
}
