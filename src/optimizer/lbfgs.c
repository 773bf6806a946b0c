/* L-BFGS. */
#include "base/status.h"
#include "optimizer/descent.h"

mlp_status FN(lbfgs_step)(mlp_optimizer *optimizer, mlp_network *net, const mlp_workspace *ws,
			  FN(objective) * objective, void *context, double *loss)
{
	(void)optimizer, (void)net, (void)ws, (void)objective, (void)context, (void)loss;
	return mlp_fail(MLP_ERR_STATE, "lbfgs is not there yet");
}
