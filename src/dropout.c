/* Dropout: what is set. */
#include <math.h>

#include "base/id.h"
#include "base/status.h"
#include "check.h"

mlp_status mlp_network_set_dropout(mlp_network *net, int64_t layer, double rate)
{
	mlp_status status = mlp_check_pointer("net", net);
	if (status != MLP_OK)
		return status;
	int64_t last = (int64_t)net->layer_count - 1;
	bool hidden = layer == MLP_HIDDEN_LAYERS;
	if (!hidden && (layer < 0 || layer > last))
		return mlp_fail(MLP_ERR_INDEX, "layer is %, must be in 0 .. %", layer, last);
	if (!(rate >= 0 && rate < 1))
		return mlp_fail_real(MLP_ERR_VALUE, "rate is %, must be >= 0 and < 1", rate);
	net->id = mlp_next_id();
	for (int64_t l = hidden ? 1 : layer; l <= (hidden ? last : layer); l++)
		net->layers[l].dropout = rate;
	return MLP_OK;
}

double mlp_network_dropout(const mlp_network *net, int64_t layer)
{
	if (mlp_check_pointer("net", net) != MLP_OK)
		return (double)NAN;
	int64_t last = (int64_t)net->layer_count - 1;
	if (layer < 0 || layer > last) {
		mlp_fail(MLP_ERR_INDEX, "layer is %, must be in 0 .. %", layer, last);
		return (double)NAN;
	}
	return net->layers[layer].dropout;
}

mlp_status mlp_workspace_set_dropout(mlp_workspace *ws, uint64_t seed, uint64_t pass)
{
	mlp_status status = mlp_check_pointer("ws", ws);
	if (status != MLP_OK)
		return status;
	ws->dropout.seed = seed;
	ws->dropout.number = pass;
	return MLP_OK;
}

uint64_t mlp_workspace_dropout_seed(const mlp_workspace *ws)
{
	return ws != NULL ? ws->dropout.seed : 0;
}

uint64_t mlp_workspace_dropout_pass(const mlp_workspace *ws)
{
	return ws != NULL ? ws->dropout.number : 0;
}
