/* Everything that libmlp computes of a task, in one piece, for comparing to the last bit. */
#include "outcome.h"

#include <stdlib.h>

static void forward_and_backward(const struct task *task, mlp_workspace *ws, struct outcome *made)
{
	int64_t batch = (int64_t)task->batch;
	struct rows y = rows_create(task->batch, task->dl.width, 3);
	struct rows dx0 = rows_create(task->batch, task->x.width, 1);
	assert_ok(FN(forward)(task->net, ws, task->x.data, (int64_t)task->x.ld, batch, y.data,
			      (int64_t)y.ld));
	assert_ok(FN(backward)(task->net, ws, task->dl.data, (int64_t)task->dl.ld, batch, 0,
			       made->sum, dx0.data, (int64_t)dx0.ld));
	assert_ok(FN(backward_logits)(task->net, ws, task->dl.data, (int64_t)task->dl.ld, batch, 1,
				      made->sum, NULL, 0));
	assert_gaps_untouched(&y);
	assert_gaps_untouched(&dx0);
	made->y = rows_packed(&y);
	made->dx0 = rows_packed(&dx0);
	rows_free(&y);
	rows_free(&dx0);
}

static void gradient(const struct task *task, mlp_workspace *ws, struct outcome *made)
{
	struct rows dx0 = rows_create(task->batch, task->x.width, 2);
	made->losses[1] = task_gradient(task, ws, made->grad, &dx0);
	assert_gaps_untouched(&dx0);
	made->loss_dx0 = rows_packed(&dx0);
	rows_free(&dx0);
}

static void evaluate(const struct task *task, mlp_workspace *ws, struct outcome *made)
{
	for (int rows = 0; rows < 2; rows++)
		assert_ok(FN(evaluate)(task->net, ws, task->x.data, (int64_t)task->x.ld,
				       task->target.data, (int64_t)task->target.ld,
				       rows ? NULL : task_weight(task), (int64_t)task->batch,
				       task->loss, task->parameter,
				       rows ? MLP_NONE : task->reduction,
				       rows ? made->rows : &made->losses[0], NULL, 0));
}

static void train(const struct task *task, mlp_workspace *ws, struct outcome *made)
{
	struct task other = *task;
	assert_ok(mlp_network_clone(task->net, &other.net));
	made->losses[2] = task_step(&other, ws, 0.05);
	made->stepped = task_parameters(&other);
	made->losses[3] = task_step(&other, ws, 0.05);
	made->losses[4] = task_step(&other, ws, 0.05);
	assert_ok(FN(update)(other.net, ws, made->grad, 0.05));
	made->losses[5] = task_step(&other, ws, 0.05);
	made->trained = task_parameters(&other);
	mlp_network_free(other.net);
}

struct outcome outcome_compute(const struct task *task, mlp_workspace *ws)
{
	struct outcome made = {.y_count = task->batch * task->dl.width,
			       .dx0_count = task->batch * task->x.width,
			       .parameter_count = task->parameter_count,
			       .batch = task->batch,
			       .sum = task_array(task),
			       .grad = task_array(task),
			       .rows = calloc(task->batch, sizeof(double))};
	assert_non_null(made.rows);
	made.sum[0] = made.grad[0] = REAL_MAX; /* are overwritten */
	forward_and_backward(task, ws, &made);
	evaluate(task, ws, &made);
	gradient(task, ws, &made);
	train(task, ws, &made);
	return made;
}

void outcome_free(struct outcome *outcome)
{
	free(outcome->y);
	free(outcome->sum);
	free(outcome->dx0);
	free(outcome->grad);
	free(outcome->loss_dx0);
	free(outcome->stepped);
	free(outcome->trained);
	free(outcome->rows);
}

const char *outcome_difference(const struct outcome *a, const struct outcome *b)
{
	size_t parameters = a->parameter_count * sizeof(REAL);
	if (memcmp(a->y, b->y, a->y_count * sizeof(REAL)) != 0)
		return "y";
	if (memcmp(a->dx0, b->dx0, a->dx0_count * sizeof(REAL)) != 0)
		return "dl/dx(0)";
	if (memcmp(a->loss_dx0, b->loss_dx0, a->dx0_count * sizeof(REAL)) != 0)
		return "dl/dx(0) of the loss";
	if (memcmp(a->sum, b->sum, parameters) != 0)
		return "the gradient of a backward pass";
	if (memcmp(a->grad, b->grad, parameters) != 0)
		return "the gradient of the loss";
	if (memcmp(a->stepped, b->stepped, parameters) != 0)
		return "parameters after a step";
	if (memcmp(a->trained, b->trained, parameters) != 0)
		return "parameters after training";
	if (memcmp(a->losses, b->losses, sizeof(a->losses)) != 0)
		return "a loss";
	return memcmp(a->rows, b->rows, a->batch * sizeof(double)) != 0 ? "the loss of a row"
									: NULL;
}
