/* mlp train: what came of it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/memory.h"
#include "cli/text.h"
#include "command/train.h"

mlp_metric shown_metric(const struct training *training)
{
	return training->training.classes != NULL ? MLP_METRIC_ACCURACY : MLP_METRIC_RMSE;
}

/* The epoch whose weights the network has at the end. */
static int64_t kept_epoch(const struct training *training)
{
	return training->validation.count > 0 ? mlp_trainer_best_epoch(training->trainer)
					      : mlp_trainer_epochs_done(training->trainer);
}

static const char *outcome_text(const struct training *training)
{
	if (training->diverged)
		return "diverged";
	return mlp_trainer_outcome(training->trainer) == MLP_OUTCOME_EARLY ? "no more improvement"
									   : "all epochs done";
}

/* ---- the page ------------------------------------------------------------------------------- */

/* A metric of every epoch; NULL if it was never measured. */
static double *history(const struct training *training, mlp_split split, mlp_metric metric)
{
	int64_t epochs = mlp_trainer_epochs_done(training->trainer);
	double *values = make((size_t)epochs, sizeof *values);
	bool any = false;
	for (int64_t e = 0; e < epochs; e++) {
		values[e] = mlp_trainer_history(training->trainer, split, metric, e + 1);
		any = any || isfinite(values[e]);
	}
	if (any)
		return values;
	free(values);
	return NULL;
}

static struct curves curves_of(const struct training *training, const char *title,
			       mlp_metric metric)
{
	return (struct curves){
		.title = title,
		.training = {"training", history(training, MLP_SPLIT_TRAINING, metric)},
		.validation = {"validation", history(training, MLP_SPLIT_VALIDATION, metric)},
		.epochs = mlp_trainer_epochs_done(training->trainer),
		.best = training->validation.count > 0 ? mlp_trainer_best_epoch(training->trainer)
						       : 0,
	};
}

static void add_settings(const struct training *training, struct report *report)
{
	const char *name = NULL;
	json_t *value = NULL;
	json_object_foreach(training->settings, name, value) {
		char words[80];
		snprintf(words, sizeof words, "%s", name);
		for (char *c = strchr(words, '_'); c != NULL; c = strchr(c, '_'))
			*c = ' ';
		if (json_is_string(value))
			add_fact(&report->settings, words, "%s", json_string_value(value));
		else if (json_is_integer(value))
			add_fact(&report->settings, words, "%lld",
				 (long long)json_integer_value(value));
		else if (json_number_value(value) != 0) /* 0: something that was not used */
			add_fact(&report->settings, words, "%g", json_number_value(value));
	}
}

static enum exit_code write_page(const struct training *training, const struct result *result)
{
	int64_t epochs = mlp_trainer_epochs_done(training->trainer);
	bool validated = training->validation.count > 0;
	char *title = make_text("%s: %s", base_name(training->data_path),
				training->encoding->targets[0].name);
	char *subtitle = make_text(
		"%lld rows to train, %lld to validate; %lld inputs; written to %s",
		(long long)training->training.count, (long long)training->validation.count,
		(long long)training->training.inputs, training->out);
	struct curves curves[2] = {
		curves_of(training, "Loss", MLP_METRIC_LOSS),
		curves_of(training,
			  training->training.classes != NULL ? "Accuracy"
							     : "Root mean square error",
			  shown_metric(training)),
	};
	struct report report = {
		.title = title,
		.subtitle = subtitle,
		.measured = validated ? "On the validation rows" : "On the training rows",
		.curves = curves,
		.curve_count = validated ? 2 : 1,
	};
	report_result(result, training->encoding, &report);
	report_network(training->net, &report);
	add_fact(&report.cards, "epochs", "%lld", (long long)epochs);
	add_fact(&report.cards, "time", "%s", duration_text(seconds_now() - training->begun));
	add_settings(training, &report);
	enum exit_code code = write_report(&report, training->options->report);
	for (int i = 0; i < 2; i++) {
		free((double *)curves[i].training.values);
		free((double *)curves[i].validation.values);
	}
	free_facts(&report.cards);
	free_facts(&report.layers);
	free_facts(&report.settings);
	free(report.scatters);
	free(title);
	free(subtitle);
	return code;
}

/* ---- telling -------------------------------------------------------------------------------- */

/* A rare class that the model gives up for the others. */
static void say_unsaid(const struct training *training, const struct result *result)
{
	int64_t rows = 0, unsaid = find_unsaid(result, &rows);
	if (unsaid >= 0 && training->options->class_weights == NULL)
		say("class '%s' was never predicted, though %lld row%s it; --class-weights "
		    "balanced makes rare classes count as much as the others",
		    encoding_output_name(training->encoding, unsaid), (long long)rows,
		    rows == 1 ? " has" : "s have");
}

static void tell_result(const struct training *training, const struct result *result)
{
	int64_t epochs = mlp_trainer_epochs_done(training->trainer);
	int64_t best = mlp_trainer_best_epoch(training->trainer);
	bool validated = training->validation.count > 0;
	if (!training->options->json) {
		char *kept =
			validated ? make_text("; kept the weights of epoch %lld", (long long)best)
				  : make_text("%s", "");
		say("%s after %lld epochs, %s%s", outcome_text(training), (long long)epochs,
		    duration_text(seconds_now() - training->begun), kept);
		free(kept);
		say_result(say, validated ? "validation" : "training", result, training->encoding);
		say_unsaid(training, result);
		say("wrote %s%s%s", training->out, training->options->report != NULL ? " and " : "",
		    training->options->report != NULL ? training->options->report : "");
		return;
	}
	json_t *line = json_object();
	set_text(line, "event", "end");
	set_text(line, "outcome", outcome_text(training));
	set_integer(line, "epochs", epochs);
	set_integer(line, "best_epoch", best);
	set_number(line, "seconds", seconds_now() - training->begun);
	set_value(line, validated ? "validation" : "training",
		  result_json(result, training->encoding, true));
	set_text(line, "model", training->out);
	write_json_line(line);
}

static enum exit_code save(struct training *training)
{
	hold_signals();
	enum exit_code code = judge(mlp_network_save(training->net, training->out), NULL);
	let_signals_come();
	if (code != DONE)
		rescue(training);
	return code;
}

enum exit_code finish_training(struct training *training)
{
	const struct options *options = training->options;
	const struct rows *rows =
		training->validation.count > 0 ? &training->validation : &training->training;
	struct result result;
	/* whatever happens from here on, what was learned is in the file; once more when its results are known */
	enum exit_code code = save(training);
	if (code != DONE)
		return code;
	code = find_result(training->net, training->pool, training->plan.loss, rows,
			   options->report != NULL, &result);
	if (code == DONE)
		code = note_training(training, &result);
	if (code == DONE)
		code = save(training);
	if (code == DONE && options->report != NULL)
		code = write_page(training, &result);
	if (code == DONE &&
	    training->diverged) /* before the result: "end" is the last of the JSON lines */
		complain("%s has the weights of epoch %lld; to go further try a smaller --eta or "
			 "--clip-norm 1",
			 training->out, (long long)kept_epoch(training));
	if (code == DONE)
		tell_result(training, &result);
	free_result(&result);
	return code;
}
