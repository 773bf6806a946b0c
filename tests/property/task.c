/* A network with random parameters and data for it, and what the slow twin makes of them. */
#include "task.h"

#include <math.h>
#include <stdlib.h>

/* ---- making --------------------------------------------------------------------------------- */

/* w with variance 1 / n_(l-1), b in -0.5 .. 0.5: every layer works in the bend of its activation. */
static void draw_parameters(mlp_network *net, uint64_t *state)
{
	REAL *parameters = FN(network_parameters)(net);
	for (int64_t l = 1; l <= mlp_network_layer_count(net); l++) {
		int64_t w, b, n_in = mlp_network_width(net, l - 1),
			      n_out = mlp_network_width(net, l);
		assert_ok(mlp_network_layout(net, l, &w, &b));
		double scale = sqrt(3 / (double)n_in);
		for (int64_t i = 0; i < n_out * n_in; i++)
			parameters[w + i] = (REAL)(scale * random_real(state));
		for (int64_t i = 0; i < n_out; i++)
			parameters[b + i] = (REAL)(0.5 * random_real(state));
	}
}

static void draw_targets(struct task *task, uint64_t *state)
{
	for (size_t n = 0; n < task->batch; n++) {
		REAL *t = task->target.data + n * task->target.ld;
		double sum = 0;
		for (size_t i = 0; i < task->target.width; i++) {
			t[i] = (REAL)(1.05 + random_real(state));
			sum += (double)t[i];
		}
		for (size_t i = 0; i < task->target.width && task->target.width > 1; i++)
			t[i] = (REAL)((double)t[i] / sum);
		if (task->target.width == 1)
			t[0] = (REAL)(0.5 + 0.5 * random_real(state));
		task->weight[n] = (REAL)(1 + 0.5 * random_real(state));
		task->classes[n] = random_integer(state, 0, (int64_t)task->target.width - 1);
	}
}

struct task task_create(const int64_t *widths, int64_t width_count, int64_t batch, size_t gap,
			uint64_t seed)
{
	uint64_t state = seed;
	struct task task = {.layer_count = (size_t)width_count - 1,
			    .batch = (size_t)batch,
			    .loss = MLP_SQUARED_ERROR,
			    .reduction = MLP_MEAN};
	assert_ok(mlp_network_create(REAL_DTYPE, widths, width_count, &task.net));
	assert_ok(mlp_network_set_activation(task.net, MLP_HIDDEN_LAYERS, MLP_TANH));
	draw_parameters(task.net, &state);
	task.parameter_count = (size_t)mlp_network_parameter_count(task.net);
	task.x = rows_create(task.batch, (size_t)widths[0], gap);
	task.target = rows_create(task.batch, (size_t)widths[width_count - 1], 2 * gap);
	task.dl = rows_create(task.batch, (size_t)widths[width_count - 1], gap);
	task.weight = calloc(task.batch, sizeof(REAL));
	task.classes = calloc(task.batch, sizeof(int64_t));
	rows_random(&task.x, &state, 1);
	rows_random(&task.dl, &state, 1);
	draw_targets(&task, &state);
	return task;
}

void task_free(struct task *task)
{
	mlp_network_free(task->net);
	rows_free(&task->x);
	rows_free(&task->target);
	rows_free(&task->dl);
	free(task->weight);
	free(task->classes);
}

void task_set_loss(struct task *task, mlp_loss loss, bool matching)
{
	task->loss = loss;
	task->parameter = loss == MLP_HUBER ? 0.4 : 0;
	if (!mlp_loss_reads_logits(loss))
		return;
	mlp_activation output = MLP_IDENTITY;
	if (matching && loss == MLP_BINARY_CROSS_ENTROPY)
		output = MLP_SIGMOID;
	if (matching && loss == MLP_CROSS_ENTROPY)
		output = MLP_SOFTMAX;
	assert_ok(mlp_network_set_activation(task->net, (int64_t)task->layer_count, output));
}

mlp_workspace *task_workspace(const struct task *task, mlp_mode mode)
{
	mlp_workspace *ws;
	assert_ok(mlp_workspace_create(task->net, (int64_t)task->batch, mode, &ws));
	return ws;
}

const REAL *task_weight(const struct task *task)
{
	return task->weighted ? task->weight : NULL;
}

REAL *task_array(const struct task *task)
{
	REAL *array = calloc(task->parameter_count, sizeof(REAL));
	assert_non_null(array);
	return array;
}

REAL *task_parameters(const struct task *task)
{
	REAL *copy = task_array(task);
	assert_ok(FN(network_get_parameters)(task->net, copy, (int64_t)task->parameter_count));
	return copy;
}

/* ---- the library ---------------------------------------------------------------------------- */

void task_forward(const struct task *task, mlp_workspace *ws, struct rows *y)
{
	assert_ok(FN(forward)(task->net, ws, task->x.data, (int64_t)task->x.ld,
			      (int64_t)task->batch, y->data, (int64_t)y->ld));
	assert_gaps_untouched(y);
}

double task_gradient(const struct task *task, mlp_workspace *ws, REAL *grad, struct rows *dx0)
{
	double value;
	assert_ok(FN(gradient)(task->net, ws, task->x.data, (int64_t)task->x.ld, task->target.data,
			       (int64_t)task->target.ld, task_weight(task), (int64_t)task->batch,
			       task->loss, task->parameter, task->reduction, 0, &value, grad,
			       dx0 != NULL ? dx0->data : NULL, dx0 != NULL ? (int64_t)dx0->ld : 0));
	return value;
}

double task_step(const struct task *task, mlp_workspace *ws, double eta)
{
	double value;
	assert_ok(FN(train_step)(task->net, ws, task->x.data, (int64_t)task->x.ld,
				 task->target.data, (int64_t)task->target.ld, task_weight(task),
				 (int64_t)task->batch, task->loss, task->parameter, task->reduction,
				 eta, &value));
	return value;
}

/* ---- the twin ------------------------------------------------------------------------------- */

void row_to_double(const struct rows *rows, size_t n, double *values)
{
	for (size_t i = 0; i < rows->width; i++)
		values[i] = (double)rows->data[n * rows->ld + i];
}

static void row_from_double(struct rows *rows, size_t n, const double *values)
{
	for (size_t i = 0; i < rows->width; i++)
		rows->data[n * rows->ld + i] = (REAL)values[i];
}

static double *scratch(size_t n)
{
	double *values = calloc(n, sizeof(double));
	assert_non_null(values);
	return values;
}

double task_margin(const struct task *task)
{
	struct naive *twin = naive_create(task->net);
	double *x = scratch(task->x.width), margin = (double)INFINITY;
	for (size_t n = 0; n < task->batch; n++) {
		row_to_double(&task->x, n, x);
		naive_forward(twin, x);
		for (size_t l = 1; l <= task->layer_count; l++)
			for (size_t i = 0; i < twin->width[l]; i++)
				margin = fmin(margin, fabs(twin->s[l][i]));
		for (size_t i = 0; i < task->target.width; i++) {
			double t = (double)task->target.data[n * task->target.ld + i];
			margin = fmin(margin, fabs(twin->x[task->layer_count][i] - t));
		}
	}
	free(x);
	naive_free(twin);
	return margin;
}

void twin_forward(const struct task *task, struct rows *y)
{
	struct naive *twin = naive_create(task->net);
	double *x = scratch(task->x.width);
	for (size_t n = 0; n < task->batch; n++) {
		row_to_double(&task->x, n, x);
		naive_forward(twin, x);
		row_from_double(y, n, twin->x[task->layer_count]);
	}
	free(x);
	naive_free(twin);
}

/* What a row's loss is multiplied by. */
static double row_factor(const struct task *task, size_t row)
{
	double sum = 0;
	for (size_t n = 0; n < task->batch; n++)
		sum += task->weighted ? (double)task->weight[n] : 1;
	double weight = task->weighted ? (double)task->weight[row] : 1;
	return task->reduction == MLP_MEAN ? weight / sum : weight;
}

double twin_loss(const struct task *task, const struct naive *twin, size_t row, double *dl)
{
	size_t last = task->layer_count, width = task->target.width;
	double *t = scratch(width), factor = row_factor(task, row);
	const double *y = mlp_loss_reads_logits(task->loss) ? twin->s[last] : twin->x[last];
	row_to_double(&task->target, row, t);
	double value = factor * naive_loss(task->loss, task->parameter, y, t, width);
	naive_loss_gradient(task->loss, task->parameter, y, t, width, dl);
	for (size_t i = 0; i < width; i++)
		dl[i] *= factor;
	free(t);
	return value;
}

double twin_backward(const struct task *task, enum start start, REAL *grad, struct rows *dx0)
{
	struct naive *twin = naive_create(task->net);
	double *x = scratch(task->x.width), *dl = scratch(task->dl.width), value = 0;
	naive_zero(twin);
	for (size_t n = 0; n < task->batch; n++) {
		row_to_double(&task->x, n, x);
		naive_forward(twin, x);
		if (start == FROM_LOSS)
			value += twin_loss(task, twin, n, dl);
		else
			row_to_double(&task->dl, n, dl);
		if (start == FROM_DL_DS ||
		    (start == FROM_LOSS && mlp_loss_reads_logits(task->loss)))
			naive_backward_logits(twin, dl);
		else
			naive_backward(twin, dl);
		if (dx0 != NULL)
			row_from_double(dx0, n, twin->dx[0]);
	}
	double *all = scratch(task->parameter_count);
	naive_gradient(twin, all);
	for (size_t i = 0; i < task->parameter_count && grad != NULL; i++)
		grad[i] = (REAL)all[i];
	for (int64_t l = 1; l <= (int64_t)task->layer_count && grad != NULL; l++) {
		int64_t b;
		mlp_network_layout(task->net, l, NULL, &b);
		if (!mlp_network_has_bias(task->net, l))
			memset(grad + b, 0, twin->width[l] * sizeof(REAL));
	}
	free(all);
	free(x);
	free(dl);
	naive_free(twin);
	return value;
}
