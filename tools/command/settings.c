/* All that the result of a training depends on, by name. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/json.h"
#include "cli/memory.h"
#include "command/model.h"
#include "command/plan.h"

static void set_given(json_t *settings, const char *name, double value)
{
	if (value > 0)
		set_number(settings, name, value);
}

static void set_schedule_of(json_t *settings, const struct options *options,
			    const struct plan *plan)
{
	if (options->schedule != NULL)
		set_text(settings, "schedule", options->schedule);
	set_given(settings, "warmup", options->warmup);
	/* the other schedules do not ask when the end will be */
	if (options->schedule == NULL || options->schedule[0] == 'p')
		return;
	set_integer(settings, "schedule_epochs", plan->epochs);
}

static void set_hypers_of(json_t *settings, const mlp_optimizer *optimizer)
{
	set_text(settings, "optimizer", mlp_optimizer_name(mlp_optimizer_kind_of(optimizer)));
	for (mlp_hyper hyper = MLP_HYPER_ETA; mlp_hyper_name(hyper) != NULL;
	     hyper = (mlp_hyper)(hyper + 1)) {
		double value = mlp_optimizer_get(optimizer, hyper);
		if (!isnan(value))
			set_number(settings, mlp_hyper_name(hyper), value);
	}
}

static void set_rows(json_t *settings, const char *name, const struct rows *rows)
{
	char checksum[20], key[60];
	set_integer(settings, name, rows->count);
	if (rows->count == 0)
		return;
	snprintf(checksum, sizeof checksum, "%08lx", rows_checksum(rows));
	snprintf(key, sizeof key, "%s_checksum", name);
	set_text(settings, key, checksum);
}

json_t *plan_settings(const struct options *options, const struct plan *plan,
		      const mlp_network *net, mlp_trainer *trainer, const struct rows *training,
		      const struct rows *validation)
{
	json_t *settings = json_object();
	/* the rows before what is chosen by them, and before them what they depend on */
	set_text(settings, "element_type", plan->dtype == MLP_F64 ? "f64" : "f32");
	set_integer(settings, "seed", plan->seed);
	set_rows(settings, "training_rows", training);
	set_rows(settings, "validation_rows", validation);
	char *widths = widths_text(net);
	set_text(settings, "network", widths);
	free(widths);
	if (plan->width_count > 2)
		set_text(settings, "activation", mlp_activation_name(plan->activation));
	set_text(settings, "init", init_name(plan->init));
	set_text(settings, "output_activation", mlp_activation_name(plan->output));
	set_text(settings, "scaling",
		 plan->common_scaling ? "common" : mlp_scaling_name(plan->scaling));
	set_text(settings, "output_scaling", mlp_scaling_name(plan->output_scaling));
	set_given(settings, "dropout", options->dropout);
	set_given(settings, "input_dropout", options->input_dropout);
	set_text(settings, "loss", mlp_loss_name(plan->loss.kind));
	set_number(settings, "loss_parameter", plan->loss.parameter);
	set_hypers_of(settings, mlp_trainer_optimizer(trainer));
	set_schedule_of(settings, options, plan);
	if (options->class_weights != NULL)
		set_text(settings, "class_weights", options->class_weights);
	set_text(settings, "monitor", mlp_metric_name(plan->monitor));
	set_integer(settings, "batch", plan->batch);
	return settings;
}
