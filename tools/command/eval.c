/* mlp eval: a model on rows whose answers are known. */
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"
#include "cli/memory.h"
#include "cli/outputs.h"
#include "cli/text.h"
#include "command/commands.h"
#include "command/result.h"
#include "command/source.h"

static enum exit_code write_page(const struct options *options, char **arguments,
				 const struct model *model, const struct result *result)
{
	char *title = make_text("%s on %s", base_name(arguments[0]), base_name(arguments[1]));
	char *subtitle = make_text("%lld rows", (long long)result->rows);
	struct report report = {.title = title, .subtitle = subtitle, .measured = "Predictions"};
	report_result(result, model->encoding, &report);
	report_network(model->net, &report);
	add_fact(&report.settings, "model", "%s", arguments[0]);
	add_fact(&report.settings, "data", "%s", arguments[1]);
	add_fact(&report.settings, "loss", "%s", mlp_loss_name(model->loss.kind));
	enum exit_code code = write_report(&report, options->report);
	free_facts(&report.cards);
	free_facts(&report.layers);
	free_facts(&report.settings);
	free(report.scatters);
	free(title);
	free(subtitle);
	return code;
}

static enum exit_code tell(const struct options *options, char **arguments,
			   const struct model *model, const struct result *result)
{
	if (options->json) {
		json_t *line = result_json(result, model->encoding, true);
		set_text(line, "model", arguments[0]);
		set_text(line, "data", arguments[1]);
		write_json_line(line);
	} else {
		bool is_stdin = strcmp(arguments[1], "-") == 0;
		say_result(answer, is_stdin ? "standard input" : arguments[1], result,
			   model->encoding);
		say_confusion(answer, result, model->encoding);
	}
	return options->report != NULL ? write_page(options, arguments, model, result) : DONE;
}

static enum exit_code evaluate(const struct options *options, char **arguments,
			       const struct model *model)
{
	struct matrices *matrices = NULL;
	mlp_pool *pool = NULL;
	struct result result = {0};
	enum exit_code code = read_encoded(options, arguments[1], model->encoding, TARGETS_YES,
					   mlp_network_dtype(model->net), NULL, &matrices);
	if (code == DONE)
		code = judge(mlp_pool_create(options->workers > 0 ? options->workers : 0, &pool),
			     "--workers");
	if (code == DONE) {
		struct rows rows = rows_of(matrices);
		code = find_result(model->net, pool, model->loss, &rows, options->report != NULL,
				   &result);
	}
	if (code == DONE)
		code = tell(options, arguments, model, &result);
	free_result(&result);
	mlp_pool_free(pool);
	if (matrices != NULL)
		matrices_free(matrices);
	return code;
}

enum exit_code run_eval(const struct options *options, char **arguments, int count)
{
	(void)count;
	struct model model;
	const struct named_path output = {"--report", options->report, false};
	const struct named_path inputs[] = {{"MODEL", arguments[0], false},
					    {"DATA", arguments[1], false},
					    {"--labels", options->labels, false}};
	enum exit_code code = refuse_stdout("--report", options->report, "the page");
	if (code == DONE)
		code = check_outputs(&output, 1, inputs, 3);
	if (code == DONE)
		code = load_model(arguments[0], 0, &model);
	if (code != DONE)
		return code;
	if (model.encoding != NULL) {
		code = evaluate(options, arguments, &model);
	} else {
		complain("%s: was not made by mlp train, so it does not say which column is the "
			 "target",
			 arguments[0]);
		code = BAD_FILE;
	}
	free_model(&model);
	return code;
}
