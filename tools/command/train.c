/* mlp train: from a file of numbers to a trained, saved model. */
#include "command/train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/memory.h"
#include "cli/outputs.h"
#include "cli/text.h"
#include "command/commands.h"

/* ---- telling -------------------------------------------------------------------------------- */

static void say_network(const struct training *training)
{
	const struct plan *plan = &training->plan;
	char *widths = widths_text(training->net);
	say("network: %s, %s%s%s, %lld parameters%s", widths,
	    plan->width_count > 2 ? mlp_activation_name(plan->activation) : "",
	    plan->width_count > 2 ? ", output " : "", mlp_activation_name(plan->output),
	    (long long)mlp_network_parameter_count(training->net),
	    plan->hidden_is_guessed ? " (by the number of rows; --hidden sets it)" : "");
	free(widths);
}

static void say_scaling(const struct training *training)
{
	if (training->options->scaling == NULL && training->plan.common_scaling)
		say("scaling: all inputs by one mean and deviation, for they range alike "
		    "(--scaling sets it)");
}

/* What holds the weights back: "l2 0.01, ", or nothing; from malloc. */
static char *decay_text(const mlp_optimizer *optimizer)
{
	double l2 = mlp_optimizer_get(optimizer, MLP_HYPER_L2);
	double decay = mlp_optimizer_get(optimizer, MLP_HYPER_WEIGHT_DECAY);
	if (l2 > 0)
		return make_text("l2 %g, ", l2);
	return decay > 0 ? make_text("weight decay %g, ", decay) : make_text("%s", "");
}

static void say_plan(const struct training *training)
{
	const struct plan *plan = &training->plan;
	double eta = mlp_optimizer_get(mlp_trainer_optimizer(training->trainer), MLP_HYPER_ETA);
	char *rate = isnan(eta) ? make_text("all rows at once")
				: make_text("eta %g, batch %lld", eta, (long long)plan->batch);
	char *decay = decay_text(mlp_trainer_optimizer(training->trainer));
	say("training: %s, %s, %s, %sat most %lld epochs, seed %lld",
	    mlp_loss_name(plan->loss.kind), mlp_optimizer_name(plan->optimizer), rate, decay,
	    (long long)plan->epochs, (long long)plan->seed);
	free(rate);
	free(decay);
	if (training->validation.count > 0 && plan->patience > 0)
		say("rows: %lld train, %lld validate; stops after %lld epochs without improvement",
		    (long long)training->training.count, (long long)training->validation.count,
		    (long long)plan->patience);
	else if (training->validation.count == 0 && training->options->validation == NULL)
		say("rows: %lld train, none validate, for they are few (--validation 0.2 holds a "
		    "share back); all epochs are run",
		    (long long)training->training.count);
	else
		say("rows: %lld train, %lld validate", (long long)training->training.count,
		    (long long)training->validation.count);
}

static void tell_start(const struct training *training)
{
	if (!training->options->json) {
		say_scaling(training);
		say_network(training);
		say_plan(training);
		return;
	}
	json_t *line = json_object();
	set_text(line, "event", "start");
	set_text(line, "data", training->data_path);
	set_text(line, "task", training->encoding->task == TASK_CLASSES ? "classes" : "numbers");
	json_t *targets = json_array();
	for (int64_t i = 0; i < training->encoding->target_count; i++)
		append_value(targets, text_value(training->encoding->targets[i].name));
	set_value(line, "targets", targets);
	set_integer(line, "parameters", mlp_network_parameter_count(training->net));
	set_value(line, "settings", json_incref(training->settings));
	write_json_line(line);
}

/* ---- the run -------------------------------------------------------------------------------- */

static struct epoch_facts facts_of(const struct training *training, const mlp_trainer *trainer)
{
	int64_t epoch = mlp_trainer_epochs_done(trainer);
	mlp_metric metric = shown_metric(training);
	return (struct epoch_facts){
		.epoch = epoch,
		.loss = mlp_trainer_history(trainer, MLP_SPLIT_TRAINING, MLP_METRIC_LOSS, epoch),
		.validation_loss =
			mlp_trainer_history(trainer, MLP_SPLIT_VALIDATION, MLP_METRIC_LOSS, epoch),
		.metric = mlp_trainer_history(trainer, MLP_SPLIT_VALIDATION, metric, epoch),
		.eta = mlp_trainer_eta(trainer),
		.metric_name = mlp_metric_name(metric),
	};
}

static int watch(void *context, const mlp_trainer *trainer, mlp_event event)
{
	struct training *training = context;
	if (event == MLP_EVENT_EPOCH) {
		struct epoch_facts facts = facts_of(training, trainer);
		progress_epoch(&training->progress, &facts);
	} else {
		progress_batch(&training->progress,
			       (double)mlp_trainer_epochs_done(trainer) +
				       (double)mlp_trainer_rows_done(trainer) /
					       (double)training->training.count);
	}
	return is_interrupted();
}

static enum exit_code run(struct training *training)
{
	const struct options *options = training->options;
	mlp_status status = mlp_trainer_set_pool(training->trainer, training->pool);
	if (status == MLP_OK)
		status = mlp_trainer_set_progress(training->trainer, watch, training);
	if (status != MLP_OK)
		return judge(status, NULL);
	training->begun = seconds_now();
	progress_begin(&training->progress, options->quiet, options->json);
	progress_start(&training->progress, mlp_trainer_epochs_done(training->trainer),
		       training->plan.epochs, training->training.count);
	catch_interrupts();
	status = mlp_trainer_run(training->trainer);
	release_interrupts();
	progress_end(&training->progress);
	if (status == MLP_ERR_NONFINITE) {
		complain("training diverged: %s", mlp_last_error());
		return DIVERGED;
	}
	return judge_numbers(status);
}

/* The library went back to the best epoch, or to the last one that was whole. */
static enum exit_code finish_diverged(struct training *training)
{
	int64_t epochs = mlp_trainer_epochs_done(training->trainer);
	training->diverged = true;
	if (epochs == 0) {
		complain("no epoch was whole, so no model was written; try a smaller --eta, "
			 "--clip-norm 1, or look at the data");
		return DIVERGED;
	}
	(void)finish_training(training); /* has complained if it failed */
	return DIVERGED;
}

static enum exit_code make_parts(struct training *training)
{
	const struct options *options = training->options;
	const struct plan *plan = &training->plan;
	enum exit_code code =
		judge(mlp_pool_create(options->workers > 0 ? options->workers : 0, &training->pool),
		      "--workers");
	if (code == DONE)
		code = create_network(options, plan, &training->training, &training->net);
	if (code == DONE) /* the rows held back are known ground, too */
		code = judge(fit_domain(training->net, &training->rows), NULL);
	if (code == DONE)
		code = create_trainer(options, plan, &training->training, &training->validation,
				      training->net, &training->trainer);
	if (code != DONE)
		return code;
	training->settings = plan_settings(options, plan, training->net, training->trainer,
					   &training->training, &training->validation);
	return DONE;
}

static enum exit_code train(struct training *training)
{
	enum exit_code code = prepare_data(training);
	if (code == DONE)
		code = make_parts(training);
	if (code == DONE && training->options->resume)
		code = resume_training(training);
	if (code == DONE)
		code = note_training(training, NULL);
	if (code == DONE)
		code = set_checkpoints(training);
	if (code != DONE)
		return code;
	tell_start(training);
	code = run(training);
	if (code == DONE && mlp_trainer_outcome(training->trainer) == MLP_OUTCOME_STOPPED)
		return leave_checkpoint(training);
	if (code == DIVERGED)
		return finish_diverged(training);
	if (code == DONE)
		code = finish_training(training);
	if (code == DONE)
		clear_checkpoint(training);
	return code;
}

static void free_training(struct training *training)
{
	mlp_trainer_free(training->trainer);
	mlp_network_free(training->net);
	mlp_pool_free(training->pool);
	json_decref(training->settings);
	if (training->encoding != NULL)
		encoding_free(training->encoding);
	if (training->validation_matrices != NULL)
		matrices_free(training->validation_matrices);
	rows_free(&training->rows);
	free(training->out);
	free(training->checkpoint);
}

/* The data's name without folders of its own changed: dir/data.csv.gz -> dir/data.safetensors. */
static char *model_path(const char *data)
{
	const char *name = base_name(data);
	if (strcmp(data, "-") == 0)
		return make_text("model.safetensors");
	size_t length = strlen(name);
	if (length > 3 && strcmp(name + length - 3, ".gz") == 0)
		length -= 3;
	for (size_t i = length; i > 1; i--)
		if (name[i - 1] == '.') {
			length = i - 1;
			break;
		}
	return make_text("%.*s.safetensors", (int)((size_t)(name - data) + length), data);
}

static enum exit_code check_files(const struct training *training)
{
	const struct options *options = training->options;
	const struct named_path outputs[] = {
		{"--out", training->out, true},
		{"--checkpoint", training->checkpoint, true},
		{"--report", options->report, false},
	};
	const struct named_path inputs[] = {
		{"DATA", training->data_path, false},
		{"--validation", options->validation, false},
		{"--labels", options->labels, false},
	};
	enum exit_code code = refuse_stdout("--out", training->out, "a model");
	if (code == DONE)
		code = refuse_stdout("--checkpoint", training->checkpoint, "a checkpoint");
	if (code == DONE)
		code = refuse_stdout("--report", options->report, "the page");
	return code == DONE ? check_outputs(outputs, 3, inputs, 3) : code;
}

enum exit_code run_train(const struct options *options, char **arguments, int count)
{
	(void)count;
	outlive_readers();
	struct training training = {.options = options, .data_path = arguments[0]};
	if (options->json)
		messages_be_quiet();
	training.out =
		options->out != NULL ? make_text("%s", options->out) : model_path(arguments[0]);
	if (options->checkpoint != NULL)
		training.checkpoint = make_text("%s", options->checkpoint);
	else
		training.checkpoint = make_text("%s.checkpoint", training.out);
	enum exit_code code = check_files(&training);
	if (code == DONE)
		code = train(&training);
	free_training(&training);
	return code;
}
