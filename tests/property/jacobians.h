/* What the tests of derivatives with respect to inputs share: the twin's Jacobian, row by row. */
#ifndef MLP_TESTS_PROPERTY_JACOBIANS_H
#define MLP_TESTS_PROPERTY_JACOBIANS_H

#include <stdlib.h>

#include "task.h"

/* [batch][n_L][n_0] by the slow twin: a backward pass of every output. */
static inline struct rows twin_jacobian(const struct task *task)
{
	size_t n_0 = task->x.width, n_L = task->target.width;
	struct rows jacobian = rows_create(task->batch, n_L * n_0, 0);
	struct naive *twin = naive_create(task->net);
	double *x = calloc(n_0, sizeof(double)), *e = calloc(n_L, sizeof(double));
	for (size_t n = 0; n < task->batch; n++) {
		row_to_double(&task->x, n, x);
		naive_forward(twin, x);
		for (size_t i = 0; i < n_L; i++) {
			e[i] = 1;
			naive_backward(twin, e);
			e[i] = 0;
			for (size_t j = 0; j < n_0; j++)
				jacobian.data[n * jacobian.ld + i * n_0 + j] = (REAL)twin->dx[0][j];
		}
	}
	free(x);
	free(e);
	naive_free(twin);
	return jacobian;
}

/* J v of every sample; with `transposed` v^T J. */
static inline struct rows times_vector(const struct rows *jacobian, const struct rows *v,
				       bool transposed)
{
	size_t n_v = v->width, n_out = jacobian->width / n_v;
	struct rows out = rows_create(jacobian->rows, n_out, 0);
	for (size_t n = 0; n < jacobian->rows; n++)
		for (size_t i = 0; i < n_out; i++) {
			double sum = 0;
			for (size_t j = 0; j < n_v; j++)
				sum += (double)jacobian
					       ->data[n * jacobian->ld +
						      (transposed ? j * n_out + i : i * n_v + j)] *
				       (double)v->data[n * v->ld + j];
			out.data[n * out.ld + i] = (REAL)sum;
		}
	return out;
}

/* The library's, for the task; y may be NULL. */
static inline void compute_jacobian(const struct task *task, mlp_workspace *ws, struct rows *y,
				    struct rows *jacobian)
{
	assert_ok(FN(jacobian)(task->net, ws, task->x.data, (int64_t)task->x.ld,
			       (int64_t)task->batch, y != NULL ? y->data : NULL,
			       y != NULL ? (int64_t)y->ld : -1, jacobian->data,
			       (int64_t)jacobian->ld));
}

static inline void compute_jvp(const struct task *task, mlp_workspace *ws, const struct rows *v,
			       struct rows *y, struct rows *jvp)
{
	assert_ok(FN(jvp)(task->net, ws, task->x.data, (int64_t)task->x.ld, (int64_t)task->batch,
			  v->data, (int64_t)v->ld, y != NULL ? y->data : NULL,
			  y != NULL ? (int64_t)y->ld : -1, jvp->data, (int64_t)jvp->ld));
}

static inline void compute_vjp(const struct task *task, mlp_workspace *ws, const struct rows *v,
			       struct rows *y, struct rows *vjp)
{
	assert_ok(FN(vjp)(task->net, ws, task->x.data, (int64_t)task->x.ld, (int64_t)task->batch,
			  v->data, (int64_t)v->ld, y != NULL ? y->data : NULL,
			  y != NULL ? (int64_t)y->ld : -1, vjp->data, (int64_t)vjp->ld));
}

/* Everything there is to compare, for one task. */
struct results {
	struct rows y, jacobian, jvp, vjp, in, out;
};

static inline struct results results_create(const struct task *task, size_t gap)
{
	uint64_t state = 99;
	size_t n_0 = task->x.width, n_L = task->target.width, batch = task->batch;
	struct results results = {.y = rows_create(batch, n_L, gap),
				  .jacobian = rows_create(batch, n_L * n_0, gap),
				  .jvp = rows_create(batch, n_L, gap),
				  .vjp = rows_create(batch, n_0, gap),
				  .in = rows_create(batch, n_0, gap),
				  .out = rows_create(batch, n_L, gap)};
	rows_random(&results.in, &state, 1);
	rows_random(&results.out, &state, 1);
	return results;
}

static inline void results_free(struct results *results)
{
	rows_free(&results->y);
	rows_free(&results->jacobian);
	rows_free(&results->jvp);
	rows_free(&results->vjp);
	rows_free(&results->in);
	rows_free(&results->out);
}

static inline void results_compute(const struct task *task, mlp_workspace *ws,
				   struct results *results)
{
	compute_jacobian(task, ws, &results->y, &results->jacobian);
	compute_jvp(task, ws, &results->in, NULL, &results->jvp);
	compute_vjp(task, ws, &results->out, NULL, &results->vjp);
}

static inline void check_against(const struct rows *jacobian, const struct task *task,
				 const struct results *results)
{
	struct rows y = rows_create(task->batch, results->y.width, 0);
	struct rows jvp = times_vector(jacobian, &results->in, false);
	struct rows vjp = times_vector(jacobian, &results->out, true);
	twin_forward(task, &y);
	assert_rows_near(&results->y, &y);
	assert_rows_near(&results->jacobian, jacobian);
	assert_rows_near(&results->jvp, &jvp);
	assert_rows_near(&results->vjp, &vjp);
	rows_free(&jvp);
	rows_free(&vjp);
	rows_free(&y);
}

#endif
