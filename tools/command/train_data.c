/* mlp train: the data. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/memory.h"
#include "command/source.h"
#include "command/train.h"

static enum exit_code describe(const struct table *table, const struct encoding *encoding)
{
	char *text = NULL;
	struct data_error error = {0};
	say("%s: %s, %lld row%s", table->name, table->note, (long long)table->rows,
	    table->rows == 1 ? "" : "s");
	if (!encoding_describe(encoding, &text, &error))
		return judge_data(&error);
	for (char *line = text, *end = line; *line != '\0'; line = end) {
		while (*end != '\0' && *end != '\n')
			end++;
		say("%.*s", (int)(end - line), line);
		end += *end == '\n';
	}
	free(text);
	return DONE;
}

/* Less than this share of its size between the lowest and the highest number: of float's seven digits few are
 * left for the differences. */
#define NARROW 1e-4

static void warn_if_unfit(const char *what, const char *name, double lowest, double highest)
{
	double range = highest - lowest, size = fmax(fabs(lowest), fabs(highest));
	const char *trouble = NULL;
	if (range > 0 && (range < NARROW * size || size < (double)FLT_MIN))
		trouble = "rounds its differences; --f64 does not";
	if (range > 2 / (double)FLT_MIN) /* one by half of it is no normal number */
		trouble = "has no room for that; --f64 has";
	if (trouble != NULL)
		warn("%s '%s' is in %.9g .. %.9g: single precision %s", what, name, lowest, highest,
		     trouble);
}

static void look_at_ranges(const struct encoding *encoding, mlp_dtype dtype)
{
	for (int64_t i = 0; i < encoding->input_count && dtype == MLP_F32; i++)
		warn_if_unfit("column", encoding->inputs[i].name, encoding->inputs[i].lowest,
			      encoding->inputs[i].highest);
	for (int64_t i = 0; i < encoding->target_count; i++) {
		const struct encoded_target *target = &encoding->targets[i];
		if (target->lowest == target->highest)
			warn("the target '%s' is %.9g in all rows", target->name, target->lowest);
		else if (dtype == MLP_F32)
			warn_if_unfit("target", target->name, target->lowest, target->highest);
	}
}

static enum exit_code read_data(struct training *training, struct matrices **matrices)
{
	struct encoding_options choices = encoding_choices(training->options);
	struct table *table = NULL;
	struct data_error error = {0};
	mlp_dtype dtype = training->options->f64 ? MLP_F64 : MLP_F32;
	enum exit_code code = read_table(training->options, training->data_path, &choices, NULL,
					 TARGETS_YES, &table);
	if (code != DONE)
		return code;
	if (!encoding_create(table, &choices, &training->encoding, &error) ||
	    !matrices_create(training->encoding, table, TARGETS_YES, dtype, matrices, &error))
		code = judge_data(&error);
	else
		code = describe(table, training->encoding);
	if (code == DONE)
		look_at_ranges(training->encoding, dtype);
	table_free(table);
	return code;
}

/* What is known by heart says nothing of what is new. */
static void warn_if_same(const char *data, const char *validation)
{
	struct stat a, b;
	if (stat(data, &a) == 0 && stat(validation, &b) == 0 && S_ISREG(a.st_mode) &&
	    a.st_dev == b.st_dev && a.st_ino == b.st_ino)
		warn("--validation %s is the training data itself: it cannot tell how the model "
		     "does "
		     "on other data",
		     validation);
}

enum exit_code prepare_data(struct training *training)
{
	struct matrices *matrices = NULL;
	enum exit_code code = read_data(training, &matrices);
	if (code == DONE) {
		struct rows all = rows_of(matrices);
		/* inputs made of categories range alike without being of one kind */
		bool of_columns =
			training->encoding->feature_count == training->encoding->input_count;
		bool alike = training->options->scaling == NULL && of_columns &&
			     inputs_range_alike(&all);
		code = make_plan(training->options, training->encoding, all.count, alike,
				 &training->plan);
	}
	if (code == DONE && training->plan.validation_file != NULL) {
		warn_if_same(training->data_path, training->plan.validation_file);
		code = read_encoded(training->options, training->plan.validation_file,
				    training->encoding, TARGETS_YES, training->plan.dtype, NULL,
				    &training->validation_matrices);
	}
	if (code == DONE) {
		struct rows all = rows_of(matrices);
		int64_t held_back = 0;
		int64_t *order =
			split_rows(&all, training->plan.fraction, training->plan.seed, &held_back);
		training->rows = rows_gather(&all, order, all.count);
		training->training = rows_part(&training->rows, 0, all.count - held_back);
		training->validation = rows_part(&training->rows, all.count - held_back, held_back);
		if (training->validation_matrices != NULL)
			training->validation = rows_of(training->validation_matrices);
		free(order);
		if (training->plan.fraction > 0 && held_back == 0) {
			code = refuse_without_validation(training->options);
			if (code == DONE)
				warn("a share of %g of %lld rows is none: there is no validation",
				     training->plan.fraction, (long long)all.count);
		}
	}
	if (matrices != NULL)
		matrices_free(matrices);
	return code;
}
