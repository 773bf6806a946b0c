/* What the calls of an optimizer have in common. */
#ifndef MLP_OPTIMIZER_DESCENT_H
#define MLP_OPTIMIZER_DESCENT_H

#include "base/real.h"
#include "optimizer/optimizer.h"

/* mlp_closure_f32 or _f64 */
typedef mlp_status FN(objective)(void *context, const mlp_network *net, double *value, REAL *grad);

/* One iteration of L-BFGS; arguments are checked. *loss receives the objective where it began. */
mlp_status FN(lbfgs_step)(mlp_optimizer *optimizer, mlp_network *net, const mlp_workspace *ws,
			  FN(objective) * objective, void *context, double *loss);

#endif
