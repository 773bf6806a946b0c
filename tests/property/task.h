/* A network with random parameters and data for it, and what the slow twin makes of them. */
#ifndef MLP_TESTS_PROPERTY_TASK_H
#define MLP_TESTS_PROPERTY_TASK_H

#include <stdbool.h>

#include "rows.h"
#include "support/naive.h"

struct task {
	mlp_network *net;
	size_t layer_count, parameter_count, batch;
	struct rows x;      /* inputs */
	struct rows target; /* probabilities: fit for every loss */
	struct rows dl;     /* a gradient at the output, dl/dx(L) or dl/ds(L) */
	REAL *weight;       /* sample weights, 0.5 .. 1.5 */
	int64_t *classes;   /* a class for every row */
	/* of the calls that put a loss to the network */
	mlp_loss loss;
	double parameter;
	mlp_reduction reduction;
	bool weighted;
};

/* Hidden layers tanh, output identity, mean of the squared error, no weights. Every array has gaps
 * unless gap is 0. */
struct task task_create(const int64_t *widths, int64_t width_count, int64_t batch, size_t gap,
			uint64_t seed);
void task_free(struct task *task);

/* Set the loss, and an output activation for it if it reads logits (the matching one or identity). */
void task_set_loss(struct task *task, mlp_loss loss, bool matching);

/* The least |s| and |y - t|: how far everything is from the kinks of activations and losses. */
double task_margin(const struct task *task);

mlp_workspace *task_workspace(const struct task *task, mlp_mode mode);

/* The task's weights if it is weighted, else NULL. */
const REAL *task_weight(const struct task *task);

/* The outputs of the network; the gaps of y must stay. */
void task_forward(const struct task *task, mlp_workspace *ws, struct rows *y);

/* The task's loss by mlp_gradient_f32/f64: returns its value. grad (overwritten) and dx0 may be NULL. */
double task_gradient(const struct task *task, mlp_workspace *ws, REAL *grad, struct rows *dx0);

/* One training step by mlp_train_step_f32/f64: returns the loss. */
double task_step(const struct task *task, mlp_workspace *ws, double eta);

/* Memory for a gradient, or a copy of the parameters; to be freed. */
REAL *task_array(const struct task *task);
REAL *task_parameters(const struct task *task);

/* dl/dx(L) or, for a loss that reads them, dl/ds(L) of one row by the twin, weighted and reduced;
 * the twin has gone forward. Returns its part of the loss. */
double twin_loss(const struct task *task, const struct naive *twin, size_t row, double *dl);

/* What the twin makes of the batch. Start: from the task's loss, or from task->dl. */
enum start { FROM_LOSS, FROM_DL_DX, FROM_DL_DS };
void twin_forward(const struct task *task, struct rows *y);
double twin_backward(const struct task *task, enum start start, REAL *grad, struct rows *dx0);

/* Row n as doubles. */
void row_to_double(const struct rows *rows, size_t n, double *values);

#endif
