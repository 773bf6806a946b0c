/* The network and the trainer that were planned. */
#include <math.h>
#include <stdlib.h>

#include "cli/memory.h"
#include "command/plan.h"

/* Which inputs have one value only, in a new array of flags; it goes into values, if that is not NULL. */
static bool *find_constant(const struct rows *rows, double *values)
{
	bool *constant = make((size_t)rows->inputs, sizeof *constant);
	for (int64_t i = 0; i < rows->inputs; i++)
		constant[i] = true;
	for (int64_t n = 1; n < rows->count; n++)
		for (int64_t i = 0; i < rows->inputs; i++)
			constant[i] = constant[i] &&
				      value_of(rows->dtype, rows->x, n * rows->inputs + i) ==
					      value_of(rows->dtype, rows->x, i);
	for (int64_t i = 0; i < rows->inputs && values != NULL; i++)
		values[i] = value_of(rows->dtype, rows->x, i);
	return constant;
}

/* The weights of an input that is always the same are never corrected, its scaled value being 0: as they were drawn
 * they would count as soon as new data brings another value. */
static mlp_status silence_constant(mlp_network *net, const struct rows *rows)
{
	int64_t first = 0, inputs = rows->inputs, units = mlp_network_width(net, 1);
	mlp_status status = mlp_network_layout(net, 1, &first, NULL);
	if (status != MLP_OK || rows->count < 2)
		return status;
	bool *constant = find_constant(rows, NULL);
	float *w_f32 = mlp_network_parameters_f32(net);
	double *w_f64 = mlp_network_parameters_f64(net);
	for (int64_t k = 0; k < units * inputs; k++) {
		if (constant[k % inputs] && w_f32 != NULL)
			w_f32[first + k] = 0;
		else if (constant[k % inputs])
			w_f64[first + k] = 0;
	}
	free(constant);
	return MLP_OK;
}

/* One mean and one deviation for all inputs, which are of the same kind, as the points of an image: scaled one
 * by one, those that hardly ever change would count as much as all others. */
static mlp_status fit_common_scaling(mlp_network *net, const struct rows *rows)
{
	int64_t count = rows->count * rows->inputs;
	double sum = 0, squares = 0;
	for (int64_t i = 0; i < count; i++)
		sum += value_of(rows->dtype, rows->x, i);
	double mean = sum / (double)count;
	for (int64_t i = 0; i < count; i++) {
		double d = value_of(rows->dtype, rows->x, i) - mean;
		squares += d * d;
	}
	double deviation = sqrt(squares / (double)count);
	double *shift = make((size_t)rows->inputs, sizeof *shift);
	double *scale = make((size_t)rows->inputs, sizeof *scale);
	bool *constant = find_constant(rows, shift);
	for (int64_t i = 0; i < rows->inputs; i++) {
		/* one that never changes becomes 0, as in the other scalings */
		shift[i] = constant[i] ? shift[i] : mean;
		scale[i] = deviation > 0 ? deviation : 1;
	}
	free(constant);
	mlp_status status = mlp_network_set_input_scaling(net, shift, scale);
	free(shift);
	free(scale);
	return status;
}

static mlp_status set_up(mlp_network *net, const struct options *options, const struct plan *plan,
			 const struct rows *training)
{
	int64_t last = mlp_network_layer_count(net);
	mlp_status status = mlp_network_set_activation(net, MLP_HIDDEN_LAYERS, plan->activation);
	if (status == MLP_OK)
		status = mlp_network_set_activation(net, last, plan->output);
	if (status == MLP_OK)
		status = mlp_network_init(net, MLP_ALL_LAYERS, plan->init, 0, (uint64_t)plan->seed);
	if (status == MLP_OK)
		status = silence_constant(net, training);
	if (status == MLP_OK && options->dropout > 0)
		status = mlp_network_set_dropout(net, MLP_HIDDEN_LAYERS, options->dropout);
	if (status == MLP_OK && options->input_dropout > 0)
		status = mlp_network_set_dropout(net, 0, options->input_dropout);
	if (status == MLP_OK)
		status = plan->common_scaling ? fit_common_scaling(net, training)
					      : fit_input_scaling(net, plan->scaling, training);
	if (status == MLP_OK && plan->output_scaling != MLP_SCALING_NONE)
		status = fit_output_scaling(net, plan->output_scaling, training);
	if (status == MLP_OK)
		status = fit_domain(net, training);
	return status;
}

enum exit_code create_network(const struct options *options, const struct plan *plan,
			      const struct rows *training, mlp_network **net)
{
	mlp_status status = mlp_network_create(plan->dtype, plan->widths, plan->width_count, net);
	if (status == MLP_OK)
		status = set_up(*net, options, plan, training);
	if (status != MLP_OK) {
		mlp_network_free(*net);
		*net = NULL;
	}
	return judge_numbers(status);
}

static enum exit_code set_hyper(mlp_optimizer *optimizer, mlp_hyper hyper, const char *option,
				double value)
{
	if (isnan(value))
		return DONE;
	const char *name = mlp_optimizer_name(mlp_optimizer_kind_of(optimizer));
	if (isnan(mlp_optimizer_get(optimizer, hyper))) {
		complain("--%s is not for the optimizer %s", option, name);
		return BAD_USAGE;
	}
	mlp_status status = mlp_optimizer_set(optimizer, hyper, value);
	if (status != MLP_OK)
		complain("--%s: %s", option, mlp_last_error());
	return status == MLP_OK ? DONE : status == MLP_ERR_VALUE ? BAD_USAGE : FAILED;
}

static enum exit_code set_hypers(mlp_optimizer *optimizer, const struct options *options,
				 const struct plan *plan)
{
	bool is_sgd = mlp_optimizer_kind_of(optimizer) == MLP_SGD;
	double momentum = isnan(options->momentum) && is_sgd ? 0.9 : options->momentum;
	const struct {
		mlp_hyper hyper;
		const char *option;
		double value;
	} all[] = {
		{MLP_HYPER_ETA, "eta", options->eta},
		{MLP_HYPER_MOMENTUM, "momentum", momentum},
		{MLP_HYPER_NESTEROV, "nesterov", options->nesterov ? 1 : NAN},
		{MLP_HYPER_RHO, "rho", options->rho},
		{MLP_HYPER_BETA_1, "beta1", options->beta_1},
		{MLP_HYPER_BETA_2, "beta2", options->beta_2},
		{MLP_HYPER_EPSILON, "epsilon", options->epsilon},
		{MLP_HYPER_L2, "l2", plan->l2},
		{MLP_HYPER_WEIGHT_DECAY, "weight-decay", options->weight_decay},
		{MLP_HYPER_CLIP_NORM, "clip-norm", options->clip_norm},
		{MLP_HYPER_CLIP_VALUE, "clip-value", options->clip_value},
		{MLP_HYPER_MAX_NORM, "max-norm", options->max_norm},
		{MLP_HYPER_HISTORY, "history",
		 options->history > 0 ? (double)options->history : NAN},
	};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		enum exit_code code =
			set_hyper(optimizer, all[i].hyper, all[i].option, all[i].value);
		if (code != DONE)
			return code;
	}
	return DONE;
}

/* The steps and the decay of the schedules go by the number of epochs; the cosine ends with them. */
static mlp_status set_schedule(mlp_trainer *trainer, const struct options *options,
			       const struct plan *plan)
{
	const char *name = options->schedule != NULL ? options->schedule : "constant";
	double warmup = isnan(options->warmup) ? 0 : options->warmup, epochs = (double)plan->epochs;
	mlp_rate_schedule_kind kind = mlp_rate_schedule_from_name(name);
	if (kind == MLP_RATE_CONSTANT && warmup == 0)
		return MLP_OK;
	mlp_rate_schedule *schedule = NULL;
	mlp_status status = mlp_rate_schedule_create(kind, &schedule);
	if (status == MLP_OK)
		status = mlp_rate_schedule_set(schedule, MLP_RATE_WARMUP, warmup);
	if (status == MLP_OK && kind == MLP_RATE_COSINE)
		status = mlp_rate_schedule_set(schedule, MLP_RATE_EPOCHS, epochs);
	if (status == MLP_OK && kind == MLP_RATE_STEP)
		status =
			mlp_rate_schedule_set(schedule, MLP_RATE_EVERY, fmax(1, floor(epochs / 3)));
	if (status == MLP_OK && kind == MLP_RATE_EXPONENTIAL) /* to a hundredth at the end */
		status = mlp_rate_schedule_set(schedule, MLP_RATE_FACTOR, pow(0.01, 1 / epochs));
	if (status == MLP_OK && kind == MLP_RATE_PLATEAU && plan->patience > 0)
		status = mlp_rate_schedule_set(schedule, MLP_RATE_PATIENCE,
					       floor((double)plan->patience / 3));
	if (status == MLP_OK)
		status = mlp_trainer_set_schedule(trainer, schedule);
	mlp_rate_schedule_free(schedule);
	return status;
}

/* rows / (classes x rows of the class): all classes then weigh the same, and the mean weight is 1. */
static mlp_status balance_classes(mlp_trainer *trainer, const struct rows *training)
{
	int64_t classes = training->outputs;
	double *weights = make((size_t)classes, sizeof *weights);
	int64_t *counts = make((size_t)classes, sizeof *counts);
	for (int64_t n = 0; n < training->count; n++)
		counts[training->classes[n]]++;
	for (int64_t c = 0; c < classes; c++)
		weights[c] = counts[c] > 0 ? (double)training->count /
						     ((double)classes * (double)counts[c])
					   : 1;
	mlp_status status = mlp_trainer_set_class_weights(trainer, weights, classes);
	free(weights);
	free(counts);
	return status;
}

static mlp_status set_rows(mlp_trainer *trainer, const struct rows *training,
			   const struct rows *validation)
{
	mlp_status status = set_training_rows(trainer, training);
	if (status == MLP_OK && validation->count > 0)
		status = set_validation_rows(trainer, validation);
	return status;
}

static mlp_status set_trainer(mlp_trainer *trainer, const struct plan *plan,
			      const struct rows *validation)
{
	mlp_status status = mlp_trainer_set_loss(trainer, plan->loss.kind, plan->loss.parameter);
	if (status == MLP_OK)
		status = mlp_trainer_set_seed(trainer, (uint64_t)plan->seed);
	if (status == MLP_OK)
		status = mlp_trainer_set_monitor(trainer, plan->monitor);
	if (status == MLP_OK)
		status = mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, (double)plan->epochs);
	if (status == MLP_OK)
		status = mlp_trainer_set(trainer, MLP_TRAINER_BATCH, (double)plan->batch);
	if (status == MLP_OK)
		status = mlp_trainer_set(trainer, MLP_TRAINER_PATIENCE,
					 validation->count > 0 ? (double)plan->patience : 0);
	return status;
}

enum exit_code create_trainer(const struct options *options, const struct plan *plan,
			      const struct rows *training, const struct rows *validation,
			      mlp_network *net, mlp_trainer **trainer)
{
	bool balanced = options->class_weights != NULL && options->class_weights[0] == 'b';
	if (balanced && training->classes == NULL) {
		complain("--class-weights balanced is for a target of classes");
		return BAD_USAGE;
	}
	enum exit_code code = judge(mlp_trainer_create(net, plan->optimizer, trainer), NULL);
	if (code == DONE)
		code = set_hypers(mlp_trainer_optimizer(*trainer), options, plan);
	if (code == DONE &&
	    isnan(mlp_optimizer_get(mlp_trainer_optimizer(*trainer), MLP_HYPER_ETA)) &&
	    (options->schedule != NULL || !isnan(options->warmup))) {
		complain("--%s is not for the optimizer %s, which has no learning rate",
			 options->schedule != NULL ? "schedule" : "warmup",
			 mlp_optimizer_name(plan->optimizer));
		code = BAD_USAGE;
	}
	if (code == DONE)
		code = judge_numbers(set_rows(*trainer, training, validation));
	if (code == DONE)
		code = judge(set_trainer(*trainer, plan, validation), NULL);
	if (code == DONE)
		code = judge(set_schedule(*trainer, options, plan), "--schedule");
	if (code == DONE && balanced)
		code = judge(balance_classes(*trainer, training), NULL);
	return code;
}
