/* Everything that libmlp computes of a task, in one piece, for comparing to the last bit. */
#ifndef MLP_TESTS_PROPERTY_OUTCOME_H
#define MLP_TESTS_PROPERTY_OUTCOME_H

#include "task.h"

enum { OUTCOME_LOSSES = 6 };

struct outcome {
	REAL *y;        /* forward, [batch][n_L] */
	REAL *sum;      /* backward and backward_logits from task->dl, added up */
	REAL *dx0;      /* of backward, [batch][n_0] */
	REAL *grad;     /* of the task's loss */
	REAL *loss_dx0; /* of that, too */
	REAL *stepped;  /* parameters after one training step */
	REAL *trained;  /* and after two more, an update and two steps without a value */
	double losses[OUTCOME_LOSSES];
	double *rows; /* the loss of every row */
	size_t y_count, dx0_count, parameter_count, batch;
};

/* The network stays as it is: a clone is trained, with the learning rate 0.05. */
struct outcome outcome_compute(const struct task *task, mlp_workspace *ws);
void outcome_free(struct outcome *outcome);

/* NULL, or the name of the part that differs. */
const char *outcome_difference(const struct outcome *a, const struct outcome *b);

#endif
