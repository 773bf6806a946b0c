/* mlp check: the gradient by back-propagation against finite differences, on the user's data. */
#include <math.h>
#include <stdlib.h>

#include "cli/json.h"
#include "cli/memory.h"
#include "command/commands.h"
#include "command/plan.h"
#include "command/model.h"
#include "command/source.h"

enum { USUAL_ROWS = 32 };
#define LARGEST_ERROR 1e-5 /* what rounding in f64 leaves is below */

struct gradient_check {
	int64_t worst; /* parameter */
	double analytic, numeric, error;
};

/* "w(2)[3][17]" or "b(1)[4]" of a parameter's index, in a new string. */
static char *parameter_name(const mlp_network *net, int64_t index)
{
	for (int64_t l = 1; l <= mlp_network_layer_count(net); l++) {
		int64_t n_in = mlp_network_width(net, l - 1), n_out = mlp_network_width(net, l);
		if (index < n_in * n_out)
			return make_text("w(%lld)[%lld][%lld]", (long long)l,
					 (long long)(index / n_in), (long long)(index % n_in));
		index -= n_in * n_out;
		if (index < n_out)
			return make_text("b(%lld)[%lld]", (long long)l, (long long)index);
		index -= n_out;
	}
	return make_text("none");
}

static enum exit_code tell(const struct options *options, const mlp_network *net, struct loss loss,
			   int64_t rows, const struct gradient_check *check)
{
	bool good = check->error <= LARGEST_ERROR;
	char *name = parameter_name(net, check->worst), *widths = widths_text(net);
	if (options->json) {
		json_t *line = json_object();
		set_text(line, "network", widths);
		set_text(line, "loss", mlp_loss_name(loss.kind));
		set_integer(line, "rows", rows);
		set_integer(line, "parameters", mlp_network_parameter_count(net));
		set_text(line, "worst", name);
		set_number(line, "analytic", check->analytic);
		set_number(line, "numeric", check->numeric);
		set_number(line, "error", check->error);
		set_truth(line, "agree", good);
		write_json_line(line);
	} else {
		say("%s, %s, %lld rows: %lld derivatives compared", widths,
		    mlp_loss_name(loss.kind), (long long)rows,
		    (long long)mlp_network_parameter_count(net));
		say("worst: %s, by back-propagation %.10g, by differences %.10g, error %.2g", name,
		    check->analytic, check->numeric, check->error);
		say(good ? "they agree" : "they do NOT agree (errors below %g are rounding)",
		    LARGEST_ERROR);
	}
	free(name);
	free(widths);
	return good ? DONE : CHECK_FAILED;
}

static enum exit_code check_rows(const struct options *options, const mlp_network *net,
				 struct loss loss, const struct rows *rows)
{
	struct gradient_check check = {0};
	int64_t wanted = options->rows > 0 ? options->rows : USUAL_ROWS;
	struct rows part = rows_part(rows, 0, rows->count < wanted ? rows->count : wanted);
	mlp_status status =
		check_gradient(net, &part, loss, isnan(options->step) ? 0 : options->step,
			       &check.worst, &check.analytic, &check.numeric, &check.error);
	if (status != MLP_OK)
		return judge(status, NULL);
	return tell(options, net, loss, part.count, &check);
}

/* A model that is there, in double. */
static enum exit_code check_model(const struct options *options, const char *data)
{
	struct model model;
	struct matrices *matrices = NULL;
	enum exit_code code = load_model(options->model, MLP_F64, &model);
	if (code != DONE)
		return code;
	if (model.encoding == NULL) {
		complain("%s: was not made by mlp train, so it does not say which column is the "
			 "target",
			 options->model);
		code = BAD_FILE;
	}
	if (code == DONE)
		code = read_encoded(options, data, model.encoding, TARGETS_YES, MLP_F64, NULL,
				    &matrices);
	if (code == DONE) {
		struct rows rows = rows_of(matrices);
		code = check_rows(options, model.net, model.loss, &rows);
		matrices_free(matrices);
	}
	free_model(&model);
	return code;
}

static enum exit_code check_plan(const struct options *options, const struct encoding *encoding,
				 const struct matrices *matrices)
{
	struct options choices = *options;
	struct plan plan;
	mlp_network *net = NULL;
	struct rows rows = rows_of(matrices);
	choices.f64 = true;
	if (choices.activation == NULL)
		choices.activation = "tanh";
	if (choices.hidden == NULL)
		choices.hidden = "16,8";
	enum exit_code code = make_plan(&choices, encoding, rows.count, false, &plan);
	if (code == DONE)
		code = create_network(&choices, &plan, &rows, &net);
	if (code == DONE)
		code = check_rows(options, net, plan.loss, &rows);
	mlp_network_free(net);
	return code;
}

enum exit_code run_check(const struct options *options, char **arguments, int count)
{
	(void)count;
	if (options->json)
		messages_be_quiet();
	if (options->model != NULL)
		return check_model(options, arguments[0]);
	struct encoding_options choices = encoding_choices(options);
	struct table *table = NULL;
	struct encoding *encoding = NULL;
	struct matrices *matrices = NULL;
	struct data_error error = {0};
	enum exit_code code =
		read_table(options, arguments[0], &choices, NULL, TARGETS_YES, &table);
	if (code != DONE)
		return code;
	if (encoding_create(table, &choices, &encoding, &error) &&
	    matrices_create(encoding, table, TARGETS_YES, MLP_F64, &matrices, &error))
		code = check_plan(options, encoding, matrices);
	else
		code = judge_data(&error);
	if (matrices != NULL)
		matrices_free(matrices);
	if (encoding != NULL)
		encoding_free(encoding);
	table_free(table);
	return code;
}
