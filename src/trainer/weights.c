/* The copies of the parameters that a trainer keeps. */
#include <string.h>

#include "trainer/trainer.h"

static size_t bytes_of(const struct mlp_trainer *trainer)
{
	return trainer->net->parameter_count * mlp_dtype_size(trainer->net->dtype);
}

/* Like mlp_network_get_parameters_f32() and its twin, neither of which can fail here. */
void mlp_trainer_keep(const struct mlp_trainer *trainer, void *copy)
{
	memcpy(copy, trainer->net->parameters, bytes_of(trainer));
}

void mlp_trainer_put(struct mlp_trainer *trainer, const void *copy)
{
	int64_t count = (int64_t)trainer->net->parameter_count;
	if (trainer->net->dtype == MLP_F32)
		mlp_network_set_parameters_f32(trainer->net, copy, count);
	else
		mlp_network_set_parameters_f64(trainer->net, copy, count);
}

bool mlp_trainer_has(const struct mlp_trainer *trainer, const void *copy)
{
	return memcmp(trainer->net->parameters, copy, bytes_of(trainer)) == 0;
}

bool mlp_trainer_is_showing_best(const struct mlp_trainer *trainer)
{
	/* the caller may have put others in */
	return trainer->shows_best && mlp_trainer_has(trainer, trainer->best);
}

void mlp_trainer_show_best(struct mlp_trainer *trainer)
{
	if (trainer->shows_best)
		return;
	mlp_trainer_keep(trainer, trainer->last);
	mlp_trainer_put(trainer, trainer->best);
	trainer->shows_best = true;
}

void mlp_trainer_hide_best(struct mlp_trainer *trainer)
{
	if (mlp_trainer_is_showing_best(trainer))
		mlp_trainer_put(trainer, trainer->last);
	trainer->shows_best = false;
}
