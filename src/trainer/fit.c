/* Training in one call, with defaults. */
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "check.h"
#include "trainer/trainer.h"
#include "base/real.h"

static mlp_status set_up(mlp_trainer *trainer, int64_t rows, uint64_t seed)
{
	const double fraction = mlp_fit_validation_fraction(rows);
	mlp_status status = mlp_trainer_set_seed(trainer, seed);
	if (status == MLP_OK)
		status = mlp_optimizer_set(mlp_trainer_optimizer(trainer), MLP_HYPER_L2,
					   mlp_fit_l2(rows));
	if (status == MLP_OK)
		status = mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS,
					 (double)mlp_fit_epochs(rows, mlp_fit_batch(rows)));
	if (status == MLP_OK)
		status = mlp_trainer_set(trainer, MLP_TRAINER_BATCH, (double)mlp_fit_batch(rows));
	if (status == MLP_OK && fraction > 0)
		status = mlp_trainer_set(trainer, MLP_TRAINER_VALIDATION_FRACTION, fraction);
	if (status == MLP_OK && fraction > 0)
		status = mlp_trainer_set(trainer, MLP_TRAINER_PATIENCE, (double)mlp_fit_patience());
	return status;
}

static mlp_status fit_scaling(mlp_network *net, const struct mlp_rows *rows)
{
	mlp_activation output = net->layers[net->layer_count].activation;
	mlp_status status = MLP_OK;
	if (!mlp_network_has_input_scaling(net))
		status = FN(network_fit_input_scaling)(net, MLP_SCALING_STANDARD, rows->x,
						       rows->ld_x, rows->count);
	if (status == MLP_OK && !mlp_network_has_domain(net))
		status = FN(network_fit_domain)(net, rows->x, rows->ld_x, rows->count);
	if (status == MLP_OK && rows->values != NULL && output == MLP_IDENTITY &&
	    !mlp_network_has_output_scaling(net))
		status = FN(network_fit_output_scaling)(net, MLP_SCALING_STANDARD, rows->values,
							rows->ld_target, rows->count);
	return status;
}

static void tell(const mlp_trainer *trainer, double *value)
{
	bool has_validation = mlp_trainer_rows(trainer, MLP_SPLIT_VALIDATION) > 0;
	if (value != NULL)
		*value = mlp_trainer_history(
			trainer, has_validation ? MLP_SPLIT_VALIDATION : MLP_SPLIT_TRAINING,
			MLP_METRIC_LOSS,
			has_validation ? mlp_trainer_best_epoch(trainer)
				       : mlp_trainer_epochs_done(trainer));
}

/* What scaling and domain the network had, to be put back after a failure. */
static void take_back(mlp_network *net, bool had_input, bool had_output, bool had_domain)
{
	if (!had_input)
		mlp_network_set_input_scaling(net, NULL, NULL);
	if (!had_output)
		mlp_network_set_output_scaling(net, NULL, NULL);
	if (!had_domain)
		mlp_network_set_domain(net, NULL, NULL);
}

static mlp_status train(mlp_network *net, mlp_trainer *trainer, const struct mlp_rows *rows,
			double *value)
{
	bool had_input = mlp_network_has_input_scaling(net) != 0;
	bool had_output = mlp_network_has_output_scaling(net) != 0;
	bool had_domain = mlp_network_has_domain(net) != 0;
	const size_t bytes = net->parameter_count * sizeof(REAL);
	void *before;
	mlp_status status = mlp_allocate(&net->allocator, bytes, &before);
	if (status != MLP_OK)
		return status;
	memcpy(before, net->parameters, bytes);
	status = fit_scaling(net, rows);
	if (status == MLP_OK)
		status = mlp_trainer_run(trainer);
	if (status == MLP_OK) {
		tell(trainer, value);
	} else {
		mlp_trainer_put(trainer, before);
		take_back(net, had_input, had_output, had_domain);
	}
	mlp_deallocate(&net->allocator, before, bytes);
	return status;
}

mlp_status FN(fit)(mlp_network *net, const REAL *x, int64_t ld_x, const REAL *target,
		   int64_t ld_target, int64_t rows, uint64_t seed, double *value)
{
	const struct mlp_rows data = {x, ld_x, target, ld_target, NULL, NULL, rows};
	mlp_trainer *trainer;
	mlp_status status = mlp_trainer_create(net, MLP_ADAM, &trainer);
	if (status == MLP_OK)
		status = FN(trainer_set_data)(trainer, x, ld_x, target, ld_target, NULL, rows);
	if (status == MLP_OK)
		status = set_up(trainer, rows, seed);
	if (status == MLP_OK)
		status = train(net, trainer, &data, value);
	mlp_trainer_free(trainer);
	return status;
}

mlp_status FN(fit_class)(mlp_network *net, const REAL *x, int64_t ld_x, const int64_t *target,
			 int64_t rows, uint64_t seed, double *value)
{
	const struct mlp_rows data = {x, ld_x, NULL, 0, target, NULL, rows};
	mlp_trainer *trainer;
	mlp_status status = mlp_trainer_create(net, MLP_ADAM, &trainer);
	if (status == MLP_OK)
		status = FN(trainer_set_data_class)(trainer, x, ld_x, target, NULL, rows);
	if (status == MLP_OK)
		status = set_up(trainer, rows, seed);
	if (status == MLP_OK)
		status = train(net, trainer, &data, value);
	mlp_trainer_free(trainer);
	return status;
}
