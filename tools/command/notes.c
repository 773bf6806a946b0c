/* What a model file says beside the weights. */
#include <stdlib.h>

#include "cli/json.h"
#include "cli/text.h"
#include "command/source.h"
#include "command/train.h"

static mlp_status set_json(mlp_network *net, const char *key, const json_t *value)
{
	begin_sure_json();
	char *text = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(17));
	end_sure_json();
	mlp_status status = mlp_network_set_note(net, key, text);
	free(text);
	return status;
}

static json_t *describe(const struct training *training, const struct result *result)
{
	json_t *note = json_object();
	set_text(note, "data", base_name(training->data_path));
	set_text(note, "loss", mlp_loss_name(training->plan.loss.kind));
	set_number(note, "loss_parameter", training->plan.loss.parameter);
	set_value(note, "settings", json_incref(training->settings));
	set_text(note, "libmlp", mlp_version_string());
	if (result == NULL)
		return note;
	set_integer(note, "epochs", mlp_trainer_epochs_done(training->trainer));
	set_integer(note, "best_epoch", mlp_trainer_best_epoch(training->trainer));
	set_value(note, training->validation.count > 0 ? "validation" : "training",
		  result_json(result, training->encoding, false));
	return note;
}

enum exit_code note_training(struct training *training, const struct result *result)
{
	struct data_error error = {0};
	char *encoding = NULL;
	begin_sure_json();
	bool made = encoding_to_json(training->encoding, &encoding, &error);
	end_sure_json();
	if (!made)
		return judge_data(&error);
	mlp_status status = mlp_network_set_note(training->net, NOTE_ENCODING, encoding);
	free(encoding);
	json_t *note = describe(training, result);
	if (status == MLP_OK)
		status = set_json(training->net, NOTE_TRAINING, note);
	json_decref(note);
	return judge(status, NULL);
}
