/* Losses by themselves, and optimizers at work. */
#include <math.h>

#include "fuzz/api_objective.h"
#include "fuzz/api_real.h"
#include "fuzz/fuzz.h"

static void play_loss(struct scene *scene)
{
	mlp_loss loss = (mlp_loss)(rarely(scene, 8) ? take(scene, 9) : 1 + take(scene, 7));
	double parameter = rarely(scene, 3) ? take_real(scene) : loss == MLP_HUBER ? 1 : 0;
	mlp_reduction reduction = (mlp_reduction)take(scene, 5);
	int64_t batch = take_batch(scene);
	batch = batch > 512 && batch < INT64_MAX ? 3 : batch;
	size_t width = 1 + take(scene, MOST_WIDTH);
	int64_t given = rarely(scene, 16) ? -(int64_t)take(scene, 2) : (int64_t)width;
	bool by_class = rarely(scene, 3);
	struct array y = array_in(scene, batch, width, sizeof(REAL));
	struct array target = by_class ? array_classes(scene, batch, width)
				       : array_in(scene, batch, width, sizeof(REAL));
	struct array weight = array_weights(scene, batch, sizeof(REAL));
	struct array value = array_values(scene, batch, sizeof(double), true);
	struct array dl_dy = array_out(scene, batch, width, sizeof(REAL), true);
	mlp_status status =
		by_class ? FN(loss_class)(loss, parameter, y.data, y.ld, target.data, weight.data,
					  batch, given, reduction, value.data, dl_dy.data, dl_dy.ld)
			 : FN(loss)(loss, parameter, y.data, y.ld, target.data, target.ld,
				    weight.data, batch, given, reduction, value.data, dl_dy.data,
				    dl_dy.ld);
	check_call(scene, "loss", status, ALLOWED(LOSING), NULL);
	if (status == MLP_OK && reduction == MLP_NONE && value.data != NULL && y.is_tame &&
	    y.is_sound && target.is_tame && target.is_sound && !by_class && parameter <= 10)
		for (size_t row = 0; row < value.rows; row++) {
			double s[MOST_WIDTH], t[MOST_WIDTH];
			for (size_t i = 0; i < width; i++) {
				s[i] = array_at(&y, row, i);
				t[i] = array_at(&target, row, i);
			}
			double should = naive_loss(loss, parameter, s, t, width);
			double is = array_at(&value, row, 0);
			REQUIRE(fabs(is - should) <= 1e-3 * fmax(1, fabs(should)),
				"loss: %g in place of %g", is, should);
		}
	array_end(&y, "loss");
	array_end(&target, "loss");
	array_end(&weight, "loss");
	array_end(&value, "loss");
	array_end(&dl_dy, "loss");
}

#define RULES LOSING, MLP_ERR_CALLBACK

/* A quadratic whose minimum is at 1/2, or a failure. */
static mlp_status closure(void *context, const mlp_network *net, double *value, REAL *grad)
{
	int *calls = context;
	const REAL *p = FN(network_const_parameters)(net);
	*value = 0;
	for (int64_t i = 0; i < mlp_network_parameter_count(net); i++) {
		grad[i] = p[i] - (REAL)0.5;
		*value += (double)grad[i] * (double)grad[i] / 2;
	}
	return --*calls == 0 ? MLP_ERR_CALLBACK : MLP_OK;
}

static mlp_optimizer *take_optimizer(struct scene *scene, const mlp_network *net)
{
	unsigned which = take(scene, 10);
	for (unsigned i = 0; i < NETWORKS && which < 8; i++)
		if (net != NULL && net == scene->nets[i])
			return scene->optimizers[i];
	return which == 9 ? NULL : scene->optimizers[which % OPTIMIZERS];
}

static mlp_status step(struct scene *scene, mlp_optimizer *optimizer, mlp_network *net,
		       mlp_workspace *ws)
{
	struct operands operands, *a = &operands;
	struct objective *o = &a->objective;
	operands_begin(scene, net, sizeof(REAL), a);
	double value;
	mlp_status status =
		o->by_class
			? FN(optimizer_step_class)(optimizer, net, ws, a->x.data, a->x.ld,
						   a->target.data, a->weight.data, a->batch,
						   o->loss, o->parameter, o->reduction, &value)
			: FN(optimizer_step)(optimizer, net, ws, a->x.data, a->x.ld, a->target.data,
					     a->target.ld, a->weight.data, a->batch, o->loss,
					     o->parameter, o->reduction, NULL);
	operands_end(a, "optimizer");
	return status;
}

static mlp_status update(struct scene *scene, mlp_optimizer *optimizer, mlp_network *net,
			 mlp_workspace *ws)
{
	size_t count = net != NULL ? (size_t)mlp_network_parameter_count(net) : 4;
	struct array grad = array_in(scene, 1, count, sizeof(REAL));
	mlp_status status = FN(optimizer_update)(optimizer, net, ws, grad.data);
	array_end(&grad, "optimizer");
	return status;
}

static void play_optimizer(struct scene *scene)
{
	mlp_network *net = take_network(scene, REAL_DTYPE);
	mlp_optimizer *optimizer = take_optimizer(scene, net);
	mlp_workspace *ws = rarely(scene, 6) ? NULL : take_workspace(scene, net);
	int64_t steps = mlp_optimizer_steps(optimizer);
	int calls = (int)take(scene, 5);
	mlp_status status;
	switch (take(scene, 4)) {
	case 0:
		status = update(scene, optimizer, net, ws);
		break;
	case 1:
		status = FN(optimizer_minimize)(optimizer, net, ws,
						rarely(scene, 20) ? NULL : closure, &calls, NULL);
		break;
	default:
		status = step(scene, optimizer, net, ws);
	}
	check_call(scene, "optimizer", status, ALLOWED(RULES), net);
	REQUIRE(mlp_optimizer_steps(optimizer) == steps + (status == MLP_OK),
		"optimizer: %lld steps, %lld before", (long long)mlp_optimizer_steps(optimizer),
		(long long)steps);
}

void PLAY(rules)(struct scene *scene)
{
	if (rarely(scene, 3))
		play_loss(scene);
	else
		play_optimizer(scene);
}
