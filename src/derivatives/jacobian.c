/* Derivatives of the outputs with respect to the inputs: products with a vector, and all of them. */
#include "base/checked.h"
#include "base/status.h"
#include "check.h"
#include "engine/borrow.h"
#include "engine/carry.h"
#include "engine/flushing.h"
#include "engine/gradient.h"
#include "engine/step.h"
#include "kernels/kernels.h"

/* What every call here is given: inputs, and where the outputs go. */
static mlp_status check_call(const mlp_network *net, const mlp_workspace *ws, const REAL *x,
			     int64_t ld_x, int64_t batch, const REAL *y, int64_t ld_y)
{
	mlp_status status = mlp_check_input(net, ws, x, ld_x, batch, REAL_DTYPE);
	if (status == MLP_OK && y != NULL)
		status = mlp_check_rows("y", y, ld_y, batch,
					(int64_t)net->layers[net->layer_count].n_out, sizeof(REAL));
	if (status == MLP_OK && ws->mode == MLP_INFERENCE)
		status = mlp_fail(MLP_ERR_STATE,
				  "an inference workspace keeps nothing that could be derived");
	return status;
}

static struct mlp_step forward_step(const mlp_network *net, mlp_workspace *ws, const REAL *x,
				    int64_t ld_x, int64_t batch, REAL *y, int64_t ld_y)
{
	return (struct mlp_step){.net = net,
				 .ws = ws,
				 .batch = (size_t)batch,
				 .x = x,
				 .ld_x = (size_t)ld_x,
				 .y = y,
				 .ld_y = (size_t)ld_y};
}

static mlp_status check_results(const mlp_workspace *ws, const REAL *out, size_t ld, size_t rows,
				size_t width)
{
	for (size_t n = 0; n < rows; n++)
		if (!ws->kernels->all_finite(out + n * ld, width))
			return mlp_fail(MLP_ERR_NONFINITE,
					"a derivative of row % is infinite or not a number",
					(int64_t)n);
	return MLP_OK;
}

/* ---- v^T J ------------------------------------------------------------------------------------ */

mlp_status FN(vjp)(const mlp_network *net, mlp_workspace *ws, const REAL *x, int64_t ld_x,
		   int64_t batch, const REAL *v, int64_t ld_v, REAL *y, int64_t ld_y, REAL *vjp,
		   int64_t ld_vjp)
{
	mlp_status status = check_call(net, ws, x, ld_x, batch, y, ld_y);
	if (status == MLP_OK)
		status = mlp_check_rows("v", v, ld_v, batch,
					(int64_t)net->layers[net->layer_count].n_out, sizeof(REAL));
	if (status == MLP_OK)
		status = mlp_check_rows("vjp", vjp, ld_vjp, batch, (int64_t)net->layers[1].n_in,
					sizeof(REAL));
	if (status != MLP_OK)
		return status;
	struct mlp_step step = forward_step(net, ws, x, ld_x, batch, y, ld_y);
	step.backward = true;
	step.dl = v;
	step.ld_dl = (size_t)ld_v;
	step.lowest = 1;
	step.wants_dx0 = true;
	unsigned long long mode = mlp_flushing_begin(ws);
	size_t bad_layer = FN(step_run)(&step);
	if (bad_layer == 0)
		FN(write_input_gradient)(net, ws, step.batch, vjp, (size_t)ld_vjp);
	mlp_flushing_end(ws, mode);
	ws->progress = (struct mlp_progress){.network_id = net->id,
					     .batch = step.batch,
					     .forward = true,
					     .backward = true,
					     .output_dx = true,
					     .can_backward = bad_layer == 0};
	if (bad_layer != 0)
		return mlp_fail_bad_layer(bad_layer);
	return check_results(ws, vjp, (size_t)ld_vjp, step.batch, net->layers[1].n_in);
}

/* ---- J v and J -------------------------------------------------------------------------------- */

/* A forward pass, and derivatives carried through what it leaves. */
static mlp_status carry_along(struct mlp_step *step, struct mlp_carry *carry)
{
	mlp_workspace *ws = step->ws;
	struct mlp_arena arena = {0};
	size_t bytes;
	FN(carry_lay_out)(carry, &arena);
	mlp_status status = mlp_borrow(&ws->allocator, &arena, &bytes);
	if (status != MLP_OK)
		return status;
	FN(carry_lay_out)(carry, &arena);
	unsigned long long mode = mlp_flushing_begin(ws);
	FN(step_run)(step);
	FN(carry_run)(carry);
	mlp_flushing_end(ws, mode);
	ws->progress = (struct mlp_progress){.network_id = step->net->id,
					     .batch = step->batch,
					     .forward = true,
					     .can_backward = true};
	mlp_give_back(&ws->allocator, &arena, bytes);
	size_t n_0 = step->net->layers[1].n_in, n_L = ws->layers[ws->layer_count].width;
	return check_results(ws, carry->out, carry->ld_out, step->batch,
			     carry->v != NULL ? n_L : n_L * n_0);
}

mlp_status FN(jvp)(const mlp_network *net, mlp_workspace *ws, const REAL *x, int64_t ld_x,
		   int64_t batch, const REAL *v, int64_t ld_v, REAL *y, int64_t ld_y, REAL *jvp,
		   int64_t ld_jvp)
{
	mlp_status status = check_call(net, ws, x, ld_x, batch, y, ld_y);
	if (status == MLP_OK)
		status = mlp_check_rows("v", v, ld_v, batch, (int64_t)net->layers[1].n_in,
					sizeof(REAL));
	if (status == MLP_OK)
		status = mlp_check_rows("jvp", jvp, ld_jvp, batch,
					(int64_t)net->layers[net->layer_count].n_out, sizeof(REAL));
	if (status != MLP_OK)
		return status;
	struct mlp_step step = forward_step(net, ws, x, ld_x, batch, y, ld_y);
	return carry_along(&step, &(struct mlp_carry){.net = net,
						      .ws = ws,
						      .batch = step.batch,
						      .v = v,
						      .ld_v = (size_t)ld_v,
						      .directions = 1,
						      .out = jvp,
						      .ld_out = (size_t)ld_jvp});
}

mlp_status FN(jacobian)(const mlp_network *net, mlp_workspace *ws, const REAL *x, int64_t ld_x,
			int64_t batch, REAL *y, int64_t ld_y, REAL *jacobian, int64_t ld_jacobian)
{
	mlp_status status = check_call(net, ws, x, ld_x, batch, y, ld_y);
	if (status != MLP_OK)
		return status;
	size_t n_0 = net->layers[1].n_in, n_L = net->layers[net->layer_count].n_out;
	int64_t count;
	if (!mlp_checked_multiply((int64_t)n_0, (int64_t)n_L, PTRDIFF_MAX / (int64_t)sizeof(REAL),
				  &count))
		return mlp_fail(MLP_ERR_OVERFLOW,
				"a Jacobian of % rows of % exceeds the address space", (int64_t)n_L,
				(int64_t)n_0);
	status = mlp_check_rows("jacobian", jacobian, ld_jacobian, batch, count, sizeof(REAL));
	if (status != MLP_OK)
		return status;
	struct mlp_step step = forward_step(net, ws, x, ld_x, batch, y, ld_y);
	bool reverse =
		FN(carry_work)(net, step.batch, true) < FN(carry_work)(net, step.batch, false);
	return carry_along(&step, &(struct mlp_carry){.net = net,
						      .ws = ws,
						      .batch = step.batch,
						      .reverse = reverse,
						      .directions = reverse ? n_L : n_0,
						      .out = jacobian,
						      .ld_out = (size_t)ld_jacobian});
}
