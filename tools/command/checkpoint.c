/* mlp train: checkpoints, and going on from them. */
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/memory.h"
#include "command/commands.h"
#include "command/train.h"

/* Where nobody named the checkpoint, one that is there and not gone on from is of a training that was interrupted: it
 * is not to be lost for want of a --resume. */
static void keep_older(const struct training *training)
{
	if (training->options->checkpoint != NULL || training->options->resume)
		return;
	char *older = make_text("%s.old", training->checkpoint);
	if (rename(training->checkpoint, older) == 0)
		warn_always("%s was of another training, which was interrupted; it is %s now",
			    training->checkpoint, older);
	free(older);
}

enum exit_code set_checkpoints(struct training *training)
{
	const struct options *options = training->options;
	if (options->checkpoint == NULL && options->checkpoint_every < 0)
		return DONE;
	keep_older(training);
	int64_t every = options->checkpoint_every > 0 ? options->checkpoint_every : 0;
	return judge(mlp_trainer_set_checkpoint(training->trainer, training->checkpoint, every),
		     NULL);
}

/* The value as it stands in JSON, in a new string. */
static char *shown(const json_t *value)
{
	char *text =
		value != NULL ? json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6)) : NULL;
	return text != NULL ? text : make_text("nothing");
}

/* Whether the checkpoint was made by a training of the same settings: else what follows would be neither the
 * one nor the other. Epochs and patience are free. */
static enum exit_code compare_settings(const struct training *training, const json_t *then)
{
	const char *name = NULL;
	json_t *value = NULL, *union_of_both = json_copy(training->settings);
	enum exit_code code = DONE;
	json_object_update_missing(union_of_both, (json_t *)then);
	json_object_foreach(union_of_both, name, value) {
		const json_t *now = json_object_get(training->settings, name);
		const json_t *before = json_object_get(then, name);
		if (now != NULL && before != NULL && json_equal(now, before))
			continue;
		char *first = shown(before), *second = shown(now);
		complain("%s: was made with %s %s, this command has %s", training->checkpoint, name,
			 first, second);
		free(first);
		free(second);
		code = BAD_FILE;
		break;
	}
	json_decref(union_of_both);
	return code;
}

enum exit_code resume_training(struct training *training)
{
	struct model model;
	enum exit_code code = load_model(training->checkpoint, 0, &model);
	if (code != DONE)
		return code;
	const json_t *settings = json_object_get(model.training, "settings");
	if (!json_is_object(settings)) {
		complain("%s: is no checkpoint of mlp train", training->checkpoint);
		code = BAD_FILE;
	} else {
		begin_sure_json();
		code = compare_settings(training, settings);
		end_sure_json();
	}
	free_model(&model);
	if (code != DONE)
		return code;
	begin_sure_json();
	mlp_status status = mlp_trainer_resume(training->trainer, training->checkpoint, NULL);
	end_sure_json();
	if (status == MLP_OK)
		status = mlp_trainer_set(training->trainer, MLP_TRAINER_EPOCHS,
					 (double)training->plan.epochs);
	if (status == MLP_OK)
		status = mlp_trainer_set(
			training->trainer, MLP_TRAINER_PATIENCE,
			training->validation.count > 0 ? (double)training->plan.patience : 0);
	code = judge(status, training->checkpoint);
	if (code == DONE && mlp_trainer_epochs_done(training->trainer) > training->plan.epochs) {
		complain("%s: has done %lld epochs, more than --epochs %lld", training->checkpoint,
			 (long long)mlp_trainer_epochs_done(training->trainer),
			 (long long)training->plan.epochs);
		return BAD_USAGE;
	}
	if (code == DONE)
		say("%s: going on after %lld epochs", training->checkpoint,
		    (long long)mlp_trainer_epochs_done(training->trainer));
	return code == FAILED && status != MLP_ERR_MEMORY ? BAD_FILE : code;
}

static void say_how_to_resume(const struct training *training, const char *command)
{
	complain("go on with: %s", command);
	if (strcmp(training->data_path, "-") == 0)
		complain("and the same data on standard input again");
}

static char *resume_command(const struct training *training)
{
	return command_line(training->options->resume ? "" : "--resume");
}

/* A save at the end, whole even if a signal comes. */
static mlp_status save_now(struct training *training)
{
	if (training->options->checkpoint_every < 0) /* else set_checkpoints() has seen to it */
		keep_older(training);
	hold_signals();
	mlp_status status = mlp_trainer_save(training->trainer, training->checkpoint);
	let_signals_come();
	return status;
}

enum exit_code leave_checkpoint(struct training *training)
{
	enum exit_code code = judge(save_now(training), training->checkpoint);
	if (code != DONE)
		return code;
	char *command = resume_command(training);
	int64_t epochs = mlp_trainer_epochs_done(training->trainer);
	if (training->options->json) {
		json_t *line = json_object();
		set_text(line, "event", "interrupted");
		set_integer(line, "epochs", epochs);
		set_text(line, "checkpoint", training->checkpoint);
		set_text(line, "resume", command);
		write_json_line(line);
	} else {
		complain("interrupted after %lld epochs; all that was learned is in %s",
			 (long long)epochs, training->checkpoint);
		say_how_to_resume(training, command);
	}
	free(command);
	return interruption();
}

void rescue(struct training *training)
{
	bool saved = save_now(training) == MLP_OK;
	bool older = !saved && access(training->checkpoint, R_OK) == 0;
	if (!saved && !older)
		return;
	char *command = resume_command(training);
	complain("%s is in %s; when there is room again",
		 saved ? "all that was learned" : "what was saved before", training->checkpoint);
	say_how_to_resume(training, command);
	free(command);
}

/* One that nobody asked for by name has served its purpose when the model is written. */
void clear_checkpoint(const struct training *training)
{
	const struct options *options = training->options;
	if (options->checkpoint != NULL || access(training->checkpoint, F_OK) != 0)
		return;
	if (!options->resume && options->checkpoint_every < 0)
		warn("%s is of another training, which was interrupted", training->checkpoint);
	else if (unlink(training->checkpoint) == 0)
		say("removed %s", training->checkpoint);
}
