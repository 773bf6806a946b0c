/* Derivatives: of outputs, of second order, of single samples. */
#include "fuzz/api_objective.h"
#include "fuzz/api_real.h"
#include "fuzz/fuzz.h"

#define DERIVING COMPUTING, MLP_ERR_NONFINITE, MLP_ERR_MEMORY

/* Of the outputs: v^T J, J v, J. */
static void play_outputs(struct scene *scene)
{
	const mlp_network *net = take_const_network(scene, REAL_DTYPE);
	mlp_workspace *ws = take_workspace(scene, net);
	size_t n_in = width_in(net), n_out = width_out(net);
	unsigned which = take(scene, 3);
	int64_t batch = take_batch(scene);
	struct array x = array_in(scene, batch, n_in, sizeof(REAL));
	struct array v = array_in(scene, batch, which == 0 ? n_out : n_in, sizeof(REAL));
	struct array y = array_out(scene, batch, n_out, sizeof(REAL), true);
	size_t widths[] = {n_in, n_out, n_in * n_out};
	struct array out = array_out(scene, batch, widths[which], sizeof(REAL), false);
	mlp_status status;
	if (which == 0)
		status = FN(vjp)(net, ws, x.data, x.ld, batch, v.data, v.ld, y.data, y.ld, out.data,
				 out.ld);
	else if (which == 1)
		status = FN(jvp)(net, ws, x.data, x.ld, batch, v.data, v.ld, y.data, y.ld, out.data,
				 out.ld);
	else
		status = FN(jacobian)(net, ws, x.data, x.ld, batch, y.data, y.ld, out.data, out.ld);
	check_call(scene, "derivatives", status, ALLOWED(DERIVING), NULL);
	if (status == MLP_OK && y.is_sound && x.is_sound && x.is_tame && twin_knows(net)) {
		struct twin twin;
		if (twin_run(&twin, net, &x, NULL))
			array_require_near(&y, twin.y, "derivatives");
		twin_end(&twin);
	}
	array_end(&x, "derivatives");
	array_end(&v, "derivatives");
	array_end(&y, "derivatives");
	array_end(&out, "derivatives");
}

/* Of the loss: H v, and gradients row by row, whose sum is the gradient. */
static void play_loss(struct scene *scene)
{
	const mlp_network *net = take_const_network(scene, REAL_DTYPE);
	mlp_workspace *ws = take_workspace(scene, net);
	struct operands operands, *a = &operands;
	struct objective *o = &a->objective;
	size_t count = net != NULL ? (size_t)mlp_network_parameter_count(net) : 4;
	operands_begin(scene, net, sizeof(REAL), a);
	struct array v = array_in(scene, 1, count, sizeof(REAL));
	struct array hv = array_out(scene, 1, count, sizeof(REAL), false);
	struct array norms = array_values(scene, a->batch, sizeof(double), false);
	struct array rows = array_out(scene, a->batch, count, sizeof(REAL), false);
	mlp_status status;
	switch (take(scene, 3)) {
	case 0:
		status = o->by_class
				 ? FN(hessian_vector_class)(net, ws, a->x.data, a->x.ld,
							    a->target.data, a->weight.data,
							    a->batch, o->loss, o->parameter,
							    o->reduction, v.data, hv.data)
				 : FN(hessian_vector)(net, ws, a->x.data, a->x.ld, a->target.data,
						      a->target.ld, a->weight.data, a->batch,
						      o->loss, o->parameter, o->reduction, v.data,
						      hv.data);
		break;
	case 1:
		status =
			o->by_class
				? FN(gradient_norms_class)(net, ws, a->x.data, a->x.ld,
							   a->target.data, a->weight.data, a->batch,
							   o->loss, o->parameter, norms.data)
				: FN(gradient_norms)(net, ws, a->x.data, a->x.ld, a->target.data,
						     a->target.ld, a->weight.data, a->batch,
						     o->loss, o->parameter, norms.data);
		break;
	default:
		status =
			o->by_class
				? FN(gradient_rows_class)(net, ws, a->x.data, a->x.ld,
							  a->target.data, a->weight.data, a->batch,
							  o->loss, o->parameter, rows.data, rows.ld)
				: FN(gradient_rows)(net, ws, a->x.data, a->x.ld, a->target.data,
						    a->target.ld, a->weight.data, a->batch, o->loss,
						    o->parameter, rows.data, rows.ld);
	}
	check_call(scene, "derivatives of a loss", status, ALLOWED(LOSING, MLP_ERR_MEMORY), NULL);
	operands_end(a, "derivatives of a loss");
	array_end(&v, "derivatives of a loss");
	array_end(&hv, "derivatives of a loss");
	array_end(&norms, "derivatives of a loss");
	array_end(&rows, "derivatives of a loss");
}

static void play_fits(struct scene *scene)
{
	mlp_network *net = take_network(scene, REAL_DTYPE);
	mlp_scaling scaling = (mlp_scaling)take(scene, 5);
	int64_t rows = take_batch(scene);
	rows = rows > 512 && rows < INT64_MAX ? 3 : rows;
	unsigned which = take(scene, 4);
	struct array x =
		array_in(scene, rows, which == 1 ? width_out(net) : width_in(net), sizeof(REAL));
	struct array outside = array_values(scene, rows, sizeof(int64_t), true);
	mlp_status status;
	if (which == 0)
		status = FN(network_fit_input_scaling)(net, scaling, x.data, x.ld, rows);
	else if (which == 1)
		status = FN(network_fit_output_scaling)(net, scaling, x.data, x.ld, rows);
	else if (which == 2)
		status = FN(network_fit_domain)(net, x.data, x.ld, rows);
	else
		status = FN(network_outside)(net, x.data, x.ld, rows, take_real(scene),
					     outside.data, NULL);
	check_call(scene, "scaling by data", status,
		   ALLOWED(MLP_ERR_NULL, MLP_ERR_DTYPE, MLP_ERR_SIZE, MLP_ERR_STRIDE,
			   MLP_ERR_OVERFLOW, MLP_ERR_NONFINITE, MLP_ERR_VALUE, MLP_ERR_STATE,
			   MLP_ERR_MEMORY),
		   NULL);
	array_end(&x, "scaling by data");
	array_end(&outside, "scaling by data");
}

void PLAY(derivatives)(struct scene *scene)
{
	switch (take(scene, 3)) {
	case 0:
		play_outputs(scene);
		break;
	case 1:
		play_loss(scene);
		break;
	default:
		play_fits(scene);
	}
}
