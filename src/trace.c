/* Reading the quantities of the lecture out of a workspace. */
#include "base/status.h"
#include "check.h"
#include "engine/pass.h"
#include "kernels/kernels.h"

static bool is_output_of_forward(const mlp_workspace *ws, mlp_quantity quantity, int64_t layer)
{
	return layer == (int64_t)ws->layer_count && (quantity == MLP_X || quantity == MLP_S);
}

/* Whether the last computation left the quantity there. */
static mlp_status check_made(const mlp_workspace *ws, mlp_quantity quantity, int64_t layer,
			     int64_t batch)
{
	const struct mlp_progress *progress = &ws->progress;
	bool gradient = quantity == MLP_DL_DX || quantity == MLP_DL_DS;
	if (ws->mode == MLP_INFERENCE)
		return mlp_fail(MLP_ERR_STATE, "an inference workspace keeps no quantities");
	if (ws->mode != MLP_TRACE && !is_output_of_forward(ws, quantity, layer))
		return mlp_fail(MLP_ERR_STATE, "only a trace workspace keeps this for layer %",
				layer);
	if (!progress->forward)
		return mlp_fail(MLP_ERR_STATE, "no forward pass was made in this workspace");
	if (gradient && !progress->backward)
		return mlp_fail(MLP_ERR_STATE, "no backward pass followed the last forward pass");
	if (quantity == MLP_DL_DX && layer == (int64_t)ws->layer_count && !progress->output_dx)
		return mlp_fail(MLP_ERR_STATE, "the backward pass began with dl/ds(L)");
	if (batch != (int64_t)progress->batch)
		return mlp_fail(MLP_ERR_STATE, "batch is %, the last computation had % rows", batch,
				(int64_t)progress->batch);
	return MLP_OK;
}

static mlp_status check_read(const mlp_workspace *ws, mlp_quantity quantity, int64_t layer,
			     int64_t batch, const REAL *out, int64_t ld_out)
{
	if (ws == NULL)
		return mlp_fail(MLP_ERR_NULL, "ws is NULL");
	if (ws->dtype != REAL_DTYPE)
		return mlp_fail(MLP_ERR_DTYPE, "workspace is f%, the call is for f%",
				ws->dtype == MLP_F32 ? 32 : 64, MLP_REAL_BITS);
	if (quantity < MLP_X || quantity > MLP_DL_DS)
		return mlp_fail(MLP_ERR_VALUE, "quantity is %, unknown", (int)quantity);
	int64_t first = quantity == MLP_S || quantity == MLP_DL_DS;
	if (layer < first || layer > (int64_t)ws->layer_count)
		return mlp_fail(MLP_ERR_INDEX, "layer is %, must be in % .. %", layer, first,
				(int64_t)ws->layer_count);
	if (batch < 1)
		return mlp_fail(MLP_ERR_SIZE, "batch is %, must be at least 1", batch);
	mlp_status status = mlp_check_rows("out", out, ld_out, batch,
					   (int64_t)ws->layers[layer].width, sizeof(REAL));
	return status != MLP_OK ? status : check_made(ws, quantity, layer, batch);
}

mlp_status FN(workspace_read)(const mlp_workspace *ws, mlp_quantity quantity, int64_t layer,
			      int64_t batch, REAL *out, int64_t ld_out)
{
	mlp_status status = check_read(ws, quantity, layer, batch, out, ld_out);
	if (status != MLP_OK)
		return status;
	size_t l = (size_t)layer;
	const struct mlp_block_storage *stored = &ws->layers[l];
	void *values = quantity == MLP_X       ? stored->x
		       : quantity == MLP_S     ? stored->s
		       : quantity == MLP_DL_DX ? stored->dx
					       : stored->ds;
	for (size_t k = 0; k < mlp_block_count((size_t)batch, ws->rule.block_rows); k++) {
		struct mlp_block block =
			mlp_block_at((size_t)batch, ws->rule.block_rows, sizeof(REAL), k);
		ws->kernels->block_to_rows(FN(block_of)(ws, values, l, block), block.lanes,
					   block.rows, stored->width,
					   out + block.first * (size_t)ld_out, (size_t)ld_out);
	}
	return MLP_OK;
}
