/* What the calls that put forward pass, loss and backward pass together have in common. */
#ifndef MLP_STEPS_H
#define MLP_STEPS_H

#include "engine/step.h"

/* Make a step out of what every such call is given: forward pass and loss. */
mlp_status FN(step_check)(struct mlp_step *step, const mlp_network *net, mlp_workspace *ws,
			  const REAL *x, int64_t ld_x, const struct mlp_objective *objective,
			  double parameter, int64_t ld_target, int64_t batch,
			  mlp_reduction reduction);

/* What a step with a backward pass needs besides. */
mlp_status FN(step_check_training)(const mlp_workspace *ws, mlp_reduction reduction);

/* Phase 1, and the check that its numbers are finite. `value` receives the reduced loss; NULL: there is
 * none. */
mlp_status FN(step_compute)(struct mlp_step *step, double *value);

/* The lowest layer that is not frozen; L + 1 if there is none. */
size_t FN(lowest_trained)(const mlp_network *net);

#endif
