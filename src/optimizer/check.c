/* Whether an optimizer may be used now, and with this network. */
#include "check.h"

#include "base/status.h"
#include "optimizer/optimizer.h"

mlp_status mlp_check_idle(const struct mlp_optimizer *optimizer)
{
	return optimizer->is_busy ? mlp_fail(MLP_ERR_STATE, "the optimizer is at work") : MLP_OK;
}

mlp_status mlp_check_optimizer(const struct mlp_optimizer *optimizer, const mlp_network *net,
			       mlp_dtype dtype)
{
	mlp_status status = mlp_check_pointer("optimizer", optimizer);
	if (status == MLP_OK)
		status = mlp_check_network(net, dtype);
	if (status != MLP_OK)
		return status;
	if (optimizer->dtype != net->dtype)
		return mlp_fail(MLP_ERR_SHAPE, "optimizer is for f% networks, network is f%",
				optimizer->dtype == MLP_F32 ? 32 : 64,
				net->dtype == MLP_F32 ? 32 : 64);
	if (optimizer->layer_count != net->layer_count)
		return mlp_fail(MLP_ERR_SHAPE, "optimizer is for % layers, network has %",
				(int64_t)optimizer->layer_count, (int64_t)net->layer_count);
	for (size_t l = 0; l <= net->layer_count; l++) {
		size_t width = l == 0 ? net->layers[1].n_in : net->layers[l].n_out;
		if (optimizer->widths[l] != width)
			return mlp_fail(MLP_ERR_SHAPE, "optimizer is for n_% = %, network has %",
					(int64_t)l, (int64_t)optimizer->widths[l], (int64_t)width);
	}
	return MLP_OK;
}
