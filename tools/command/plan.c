/* What a training will do. */
#include "command/plan.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Two hidden layers, as wide as the rows can fill, the second half of the first; one for very few rows. */
static void guess_hidden(int64_t rows, struct plan *plan)
{
	int64_t width = rows < 500     ? 32
			: rows < 1500  ? 64
			: rows < 10000 ? 128
			: rows < 50000 ? 256
				       : 512;
	plan->hidden_is_guessed = true;
	plan->widths[plan->width_count++] = width;
	if (rows >= 200)
		plan->widths[plan->width_count++] = width / 2;
}

static enum exit_code read_hidden(const char *text, struct plan *plan)
{
	if (strcmp(text, "none") == 0)
		return DONE;
	for (const char *at = text;; at++) {
		char *end = NULL;
		errno = 0;
		long long width = strtoll(at, &end, 10);
		if (end == at || errno != 0 || width < 1 || width > INT32_MAX ||
		    (*end != '\0' && *end != ',' && *end != '-') ||
		    plan->width_count > MOST_LAYERS) {
			complain("--hidden '%s': expected up to %d widths from 1 on, such as "
				 "128,64, or none",
				 text, MOST_LAYERS);
			return BAD_USAGE;
		}
		plan->widths[plan->width_count++] = width;
		if (*end == '\0')
			return DONE;
		at = end;
	}
}

enum exit_code refuse_without_validation(const struct options *options)
{
	const char *option = options->monitor != NULL ? "monitor"
			     : options->patience > 0  ? "patience"
						      : NULL;
	if (option == NULL)
		return DONE;
	if (options->validation != NULL)
		complain("--%s needs validation, and --validation %s holds no row back", option,
			 options->validation);
	else
		complain("--%s needs validation; of so few rows none is held back, unless by "
			 "--validation",
			 option);
	return BAD_USAGE;
}

/* A fraction below 1, or else a file's name. */
static enum exit_code plan_validation(const struct options *options, int64_t rows,
				      struct plan *plan)
{
	const char *text = options->validation;
	char *end = NULL;
	plan->fraction = text != NULL ? strtod(text, &end) : mlp_fit_validation_fraction(rows);
	if (text != NULL && (end == text || *end != '\0')) {
		plan->validation_file = text;
		plan->fraction = 0;
		return DONE;
	}
	if (!(plan->fraction >= 0 && plan->fraction <= 0.9)) {
		complain("--validation '%s': expected a share from 0 to 0.9, or a file", text);
		return BAD_USAGE;
	}
	return plan->fraction > 0 ? DONE : refuse_without_validation(options);
}

static enum exit_code plan_loss(const struct options *options, const struct encoding *encoding,
				struct plan *plan)
{
	bool classes = encoding->task == TASK_CLASSES;
	const char *usual = classes ? "cross_entropy" : "squared_error";
	const char *name = options->loss != NULL ? options->loss : usual;
	plan->loss.kind = mlp_loss_from_name(name);
	bool logits = mlp_loss_reads_logits(plan->loss.kind) == 1;
	if (classes != (plan->loss.kind == MLP_CROSS_ENTROPY)) {
		complain("--loss %s is not for a target of %s%s", name,
			 classes ? "classes" : "numbers", classes ? "; cross_entropy is" : "");
		return BAD_USAGE;
	}
	plan->output = classes ? MLP_SOFTMAX : logits ? MLP_SIGMOID : MLP_IDENTITY;
	plan->loss.parameter = plan->loss.kind == MLP_HUBER ? 1 : 0;
	if (!isnan(options->label_smoothing)) {
		if (!logits) {
			complain("--label-smoothing is for the cross entropies, not for %s", name);
			return BAD_USAGE;
		}
		plan->loss.parameter = options->label_smoothing;
	}
	if (!isnan(options->loss_parameter)) {
		if (plan->loss.kind != MLP_HUBER) {
			complain("--loss-parameter is for huber, not for %s", name);
			return BAD_USAGE;
		}
		plan->loss.parameter = options->loss_parameter;
	}
	bool can_scale = !classes && !logits;
	plan->output_scaling = can_scale ? MLP_SCALING_STANDARD : MLP_SCALING_NONE;
	if (options->output_scaling != NULL)
		plan->output_scaling = mlp_scaling_from_name(options->output_scaling);
	if (!can_scale && plan->output_scaling != MLP_SCALING_NONE) {
		complain(
			"--output-scaling is for targets that are numbers, with a loss of numbers");
		return BAD_USAGE;
	}
	return DONE;
}

const char *init_name(mlp_init init)
{
	switch (init) {
	case MLP_INIT_HE_UNIFORM:
		return "he_uniform";
	case MLP_INIT_HE_NORMAL:
		return "he_normal";
	case MLP_INIT_GLOROT_UNIFORM:
		return "glorot_uniform";
	case MLP_INIT_GLOROT_NORMAL:
		return "glorot_normal";
	case MLP_INIT_LECUN_NORMAL:
		return "lecun_normal";
	default:
		return "uniform";
	}
}

/* LeCun's start for every activation: from He's, which is twice as wide, the training of few rows ends in a
 * rougher function, which is further off between them. */
static mlp_init plan_init(const struct options *options)
{
	for (int init = MLP_INIT_HE_UNIFORM; options->init != NULL && init < MLP_INIT_UNIFORM;
	     init++)
		if (strcmp(options->init, init_name((mlp_init)init)) == 0)
			return (mlp_init)init;
	return MLP_INIT_LECUN_NORMAL;
}

/* Decoupled decay, which adamw has, does what L2 would do. */
static double plan_l2(const struct options *options, int64_t rows, mlp_optimizer_kind optimizer)
{
	if (!isnan(options->l2) || !isnan(options->weight_decay) || optimizer == MLP_ADAMW)
		return options->l2;
	const double l2 = mlp_fit_l2(rows);
	return l2 > 0 ? l2 : NAN;
}

enum exit_code make_plan(const struct options *options, const struct encoding *encoding,
			 int64_t rows, bool alike, struct plan *plan)
{
	*plan = (struct plan){.dtype = options->f64 ? MLP_F64 : MLP_F32};
	plan->widths[plan->width_count++] = encoding->feature_count;
	enum exit_code code = DONE;
	if (options->hidden != NULL)
		code = read_hidden(options->hidden, plan);
	else
		guess_hidden(rows, plan);
	plan->widths[plan->width_count++] = encoding_output_count(encoding);
	if (code == DONE)
		code = plan_validation(options, rows, plan);
	if (code == DONE)
		code = plan_loss(options, encoding, plan);
	if (code != DONE)
		return code;
	plan->activation = options->activation != NULL
				   ? mlp_activation_from_name(options->activation)
				   : MLP_RELU;
	const char *scaling = options->scaling != NULL ? options->scaling
			      : alike                  ? "common"
						       : "standard";
	plan->common_scaling = strcmp(scaling, "common") == 0;
	plan->scaling = plan->common_scaling ? MLP_SCALING_NONE : mlp_scaling_from_name(scaling);
	plan->optimizer =
		options->optimizer != NULL ? mlp_optimizer_from_name(options->optimizer) : MLP_ADAM;
	plan->init = plan_init(options);
	plan->l2 = plan_l2(options, rows, plan->optimizer);
	plan->monitor =
		options->monitor != NULL ? mlp_metric_from_name(options->monitor) : MLP_METRIC_LOSS;
	if (plan->monitor != MLP_METRIC_LOSS &&
	    (plan->monitor == MLP_METRIC_ACCURACY) != (encoding->task == TASK_CLASSES)) {
		complain("--monitor %s is not for a target of %s", options->monitor,
			 encoding->task == TASK_CLASSES ? "classes" : "numbers");
		return BAD_USAGE;
	}
	bool full_batch = plan->optimizer == MLP_LBFGS || plan->optimizer == MLP_IRPROP_MINUS;
	if (full_batch && options->batch > 0) {
		complain("--batch is not for the optimizer %s, which takes all rows at once",
			 mlp_optimizer_name(plan->optimizer));
		return BAD_USAGE;
	}
	plan->patience = options->patience >= 0 ? options->patience : mlp_fit_patience();
	plan->seed = options->seed >= 0 ? options->seed : 1;
	plan->batch = options->batch > 0 ? options->batch : mlp_fit_batch(rows);
	plan->epochs = options->epochs > 0 ? options->epochs : mlp_fit_epochs(rows, plan->batch);
	return DONE;
}
