/* Forward, backward and update, one by one. */
#include "base/id.h"
#include "base/status.h"
#include "check.h"
#include "engine/gradient.h"
#include "engine/flushing.h"
#include "engine/step.h"
#include "engine/update.h"

/* ---- forward -------------------------------------------------------------------------------- */

static mlp_status check_forward(const mlp_network *net, const mlp_workspace *ws, const REAL *x,
				int64_t ld_x, int64_t batch, const REAL *y, int64_t ld_y)
{
	mlp_status status = mlp_check_input(net, ws, x, ld_x, batch, REAL_DTYPE);
	if (status == MLP_OK && (y != NULL || ws->mode == MLP_INFERENCE))
		status = mlp_check_rows("y", y, ld_y, batch,
					(int64_t)net->layers[net->layer_count].n_out, sizeof(REAL));
	return status;
}

static void forward(const mlp_network *net, mlp_workspace *ws, const REAL *x, size_t ld_x,
		    size_t batch, REAL *y, size_t ld_y)
{
	struct mlp_step step = {.net = net, .ws = ws, .batch = batch, .x = x, .ld_x = ld_x};
	step.y = y;
	step.ld_y = ld_y;
	unsigned long long mode = mlp_flushing_begin(ws);
	FN(step_run)(&step);
	mlp_flushing_end(ws, mode);
}

mlp_status FN(forward)(const mlp_network *net, mlp_workspace *ws, const REAL *x, int64_t ld_x,
		       int64_t batch, REAL *y, int64_t ld_y)
{
	mlp_status status = check_forward(net, ws, x, ld_x, batch, y, ld_y);
	if (status != MLP_OK)
		return status;
	forward(net, ws, x, (size_t)ld_x, (size_t)batch, y, (size_t)ld_y);
	ws->progress = (struct mlp_progress){.network_id = net->id,
					     .batch = (size_t)batch,
					     .forward = true,
					     .can_backward = ws->mode != MLP_INFERENCE};
	return MLP_OK;
}

static mlp_status check_predict(const mlp_network *net, const REAL *x, int64_t ld_x, int64_t batch,
				const REAL *y, int64_t ld_y)
{
	mlp_status status = mlp_check_network(net, REAL_DTYPE);
	if (status == MLP_OK && batch < 1)
		status = mlp_fail(MLP_ERR_SIZE, "batch is %, must be at least 1", batch);
	if (status == MLP_OK)
		status = mlp_check_rows("x", x, ld_x, batch, (int64_t)net->layers[1].n_in,
					sizeof(REAL));
	if (status == MLP_OK)
		status = mlp_check_rows("y", y, ld_y, batch,
					(int64_t)net->layers[net->layer_count].n_out, sizeof(REAL));
	return status;
}

/* A workspace for inference holds one block of rows, whatever the batch. */
mlp_status FN(predict)(const mlp_network *net, const REAL *x, int64_t ld_x, int64_t batch, REAL *y,
		       int64_t ld_y)
{
	mlp_status status = check_predict(net, x, ld_x, batch, y, ld_y);
	if (status != MLP_OK)
		return status;
	mlp_workspace *ws;
	status = mlp_workspace_create(net, batch < MLP_HELD_ROWS ? batch : MLP_HELD_ROWS,
				      MLP_INFERENCE, &ws);
	if (status != MLP_OK)
		return status;
	forward(net, ws, x, (size_t)ld_x, (size_t)batch, y, (size_t)ld_y);
	mlp_workspace_free(ws);
	return MLP_OK;
}

/* ---- backward ------------------------------------------------------------------------------- */

static mlp_status check_backward(const mlp_network *net, const mlp_workspace *ws, const char *name,
				 const REAL *dl, int64_t ld_dl, int64_t batch, const REAL *dl_dx0,
				 int64_t ld_dl_dx0)
{
	mlp_status status = mlp_check_call(net, ws, batch, REAL_DTYPE);
	if (status == MLP_OK)
		status = mlp_check_rows(name, dl, ld_dl, batch,
					(int64_t)net->layers[net->layer_count].n_out, sizeof(REAL));
	if (status == MLP_OK && dl_dx0 != NULL)
		status = mlp_check_rows("dl_dx0", dl_dx0, ld_dl_dx0, batch,
					(int64_t)net->layers[1].n_in, sizeof(REAL));
	if (status != MLP_OK)
		return status;
	const struct mlp_progress *progress = &ws->progress;
	if (ws->mode == MLP_INFERENCE)
		return mlp_fail(MLP_ERR_STATE, "an inference workspace cannot go backward");
	if (!progress->forward)
		return mlp_fail(MLP_ERR_STATE, "backward without a forward pass before it");
	if (!progress->can_backward)
		return mlp_fail(MLP_ERR_STATE,
				"the last pass ended with a number that is not finite, or was "
				"followed by a training step");
	if (progress->network_id != net->id)
		return mlp_fail(MLP_ERR_STATE, "the forward pass was made with another network, or "
					       "with other parameters or settings of this one");
	if ((int64_t)progress->batch != batch)
		return mlp_fail(MLP_ERR_STATE, "batch is %, the forward pass had % rows", batch,
				(int64_t)progress->batch);
	return MLP_OK;
}

static mlp_status backward(const mlp_network *net, mlp_workspace *ws, bool from_logits,
			   const REAL *dl, size_t ld_dl, size_t batch, int accumulate, REAL *grad,
			   REAL *dl_dx0, size_t ld_dl_dx0)
{
	struct mlp_step step = {.net = net,
				.ws = ws,
				.batch = batch,
				.backward = true,
				.from_logits = from_logits,
				.dl = dl,
				.ld_dl = ld_dl,
				.dropout = ws->progress.dropout,
				.lowest = 1,
				.wants_dx0 = dl_dx0 != NULL || ws->mode == MLP_TRACE};
	unsigned long long mode = mlp_flushing_begin(ws);
	size_t bad_layer = FN(step_run)(&step);
	ws->progress.backward = true;
	ws->progress.output_dx = !from_logits;
	if (bad_layer == 0 && grad != NULL)
		FN(write_gradient)(net, ws, batch, accumulate != 0, grad);
	if (bad_layer == 0 && dl_dx0 != NULL)
		FN(write_input_gradient)(net, ws, batch, dl_dx0, ld_dl_dx0);
	mlp_flushing_end(ws, mode);
	return bad_layer == 0 ? MLP_OK : mlp_fail_bad_layer(bad_layer);
}

mlp_status FN(backward)(const mlp_network *net, mlp_workspace *ws, const REAL *dl_dx,
			int64_t ld_dl_dx, int64_t batch, int accumulate, REAL *grad, REAL *dl_dx0,
			int64_t ld_dl_dx0)
{
	mlp_status status =
		check_backward(net, ws, "dl_dx", dl_dx, ld_dl_dx, batch, dl_dx0, ld_dl_dx0);
	if (status != MLP_OK)
		return status;
	return backward(net, ws, false, dl_dx, (size_t)ld_dl_dx, (size_t)batch, accumulate, grad,
			dl_dx0, (size_t)ld_dl_dx0);
}

mlp_status FN(backward_logits)(const mlp_network *net, mlp_workspace *ws, const REAL *dl_ds,
			       int64_t ld_dl_ds, int64_t batch, int accumulate, REAL *grad,
			       REAL *dl_dx0, int64_t ld_dl_dx0)
{
	mlp_status status =
		check_backward(net, ws, "dl_ds", dl_ds, ld_dl_ds, batch, dl_dx0, ld_dl_dx0);
	if (status != MLP_OK)
		return status;
	return backward(net, ws, true, dl_ds, (size_t)ld_dl_ds, (size_t)batch, accumulate, grad,
			dl_dx0, (size_t)ld_dl_dx0);
}

/* ---- update --------------------------------------------------------------------------------- */

mlp_status FN(update)(mlp_network *net, mlp_workspace *ws, const REAL *grad, double eta)
{
	mlp_status status = mlp_check_network(net, REAL_DTYPE);
	if (status == MLP_OK && ws != NULL)
		status = mlp_check_workspace(net, ws);
	if (status == MLP_OK)
		status = mlp_check_pointer("grad", grad);
	if (status == MLP_OK)
		status = mlp_check_finite("eta is %, must be finite (for f32, as a float)", eta,
					  REAL_DTYPE);
	if (status != MLP_OK)
		return status;
	const REAL rate = (REAL)eta;
	unsigned long long mode = mlp_flushing_begin(ws);
	size_t bad_layer = FN(find_bad_gradient)(net, ws, grad);
	if (bad_layer == 0 && rate != 0) {
		net->id = mlp_next_id();
		FN(apply_update)(net, ws, grad, rate);
	}
	mlp_flushing_end(ws, mode);
	if (bad_layer != 0)
		return mlp_fail(MLP_ERR_NONFINITE,
				"the gradient of layer % is infinite or not a number",
				(int64_t)bad_layer);
	return MLP_OK;
}
