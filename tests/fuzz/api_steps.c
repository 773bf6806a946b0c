/* Calls that put forward, loss and backward together. */
#include <math.h>

#include "fuzz/api_objective.h"
#include "fuzz/api_real.h"
#include "fuzz/fuzz.h"

/* What the template's calls take for both kinds of targets. */
#define CALL(name, before, after)                                                                  \
	(o->by_class                                                                               \
		 ? FN(name##_class)(before, a->x.data, a->x.ld, a->target.data, a->weight.data,    \
				    a->batch, o->loss, o->parameter, o->reduction, after)          \
		 : FN(name)(before, a->x.data, a->x.ld, a->target.data, a->target.ld,              \
			    a->weight.data, a->batch, o->loss, o->parameter, o->reduction, after))
#define AND ,

static void play_evaluate(struct scene *scene)
{
	const mlp_network *net = take_const_network(scene, REAL_DTYPE);
	mlp_workspace *ws = take_workspace(scene, net);
	struct operands operands, *a = &operands;
	struct objective *o = &a->objective;
	operands_begin(scene, net, sizeof(REAL), a);
	struct array y = array_out(scene, a->batch, width_out(net), sizeof(REAL), true);
	struct array value = array_values(scene, a->batch, sizeof(double), false);
	mlp_status status = CALL(evaluate, net AND ws, value.data AND y.data AND y.ld);
	check_call(scene, "evaluate", status, ALLOWED(LOSING), NULL);
	if (status == MLP_OK && operands_are_tame(a, net)) {
		struct twin twin;
		if (twin_run(&twin, net, &a->x, o)) {
			require_near(array_at(&value, 0, 0), twin.value, net, "evaluate");
			if (y.is_sound)
				array_require_near(&y, twin.y, "evaluate");
		}
		twin_end(&twin);
	}
	operands_end(a, "evaluate");
	array_end(&y, "evaluate");
	if (status == MLP_OK && o->reduction != MLP_NONE)
		for (size_t row = 1; row < value.rows; row++) /* a single value */
			REQUIRE(isnan(array_at(&value, row, 0)), "evaluate: value %zu is written",
				row);
	array_end(&value, "evaluate");
}

static void play_gradient(struct scene *scene)
{
	const mlp_network *net = take_const_network(scene, REAL_DTYPE);
	mlp_workspace *ws = take_workspace(scene, net);
	struct operands operands, *a = &operands;
	struct objective *o = &a->objective;
	size_t count = net != NULL ? (size_t)mlp_network_parameter_count(net) : 4;
	operands_begin(scene, net, sizeof(REAL), a);
	struct array grad = array_out(scene, 1, count, sizeof(REAL), true);
	struct array dl_dx0 = array_out(scene, a->batch, width_in(net), sizeof(REAL), true);
	int accumulate = (int)take(scene, 2);
	bool is_there = grad.data != NULL, drops = net != NULL && !drops_nothing(net);
	double *before = array_fill(scene, &grad);
	double value = NAN, *wanted = rarely(scene, 4) ? NULL : &value;
	mlp_status status = CALL(gradient, net AND ws,
				 accumulate AND wanted AND grad.data AND dl_dx0.data AND dl_dx0.ld);
	check_call(scene, "gradient", status, ALLOWED(LOSING), NULL);
	if (status == MLP_OK && operands_are_tame(a, net) && !drops) {
		struct twin twin;
		bool ok = twin_run(&twin, net, &a->x, o);
		if (ok && wanted != NULL)
			require_near(value, twin.value, net, "gradient");
		if (ok && is_there && twin.is_far_from_kinks)
			twin_require_gradient(&twin, net, &grad, accumulate != 0 ? before : NULL,
					      "gradient");
		if (ok && dl_dx0.is_sound && twin.is_far_from_kinks)
			array_require_near(&dl_dx0, twin.dl_dx0, "gradient");
		twin_end(&twin);
	}
	free(before);
	operands_end(a, "gradient");
	array_end(&grad, "gradient");
	array_end(&dl_dx0, "gradient");
}

static void play_train(struct scene *scene)
{
	mlp_network *net = take_network(scene, REAL_DTYPE);
	mlp_workspace *ws = take_workspace(scene, net);
	struct operands operands, *a = &operands;
	struct objective *o = &a->objective;
	operands_begin(scene, net, sizeof(REAL), a);
	double eta = rarely(scene, 4) ? take_real(scene) : 0.05;
	double value = NAN, *wanted = rarely(scene, 4) ? NULL : &value;
	struct twin twin = {0};
	bool ok = net != NULL && mlp_network_dtype(net) == REAL_DTYPE && fabs(eta) <= 3 &&
		  a->batch >= 1 && a->batch < 500 && operands_are_tame(a, net) &&
		  drops_nothing(net) && (o->loss >= 1 && o->loss <= 7) &&
		  (!o->by_class || o->target->data != NULL) &&
		  (!o->by_class || o->loss == MLP_CROSS_ENTROPY);
	bool is_compared = ok && twin_run(&twin, net, &a->x, o);
	mlp_status status = CALL(train_step, net AND ws, eta AND wanted);
	check_call(scene, "train", status, ALLOWED(LOSING), net);
	if (status == MLP_OK && is_compared) {
		if (wanted != NULL)
			require_near(value, twin.value, net, "train");
		if (twin.is_far_from_kinks)
			twin_require_step(&twin, net, eta, "train");
	}
	if (ok)
		twin_end(&twin);
	operands_end(a, "train");
}

void PLAY(steps)(struct scene *scene)
{
	switch (take(scene, 3)) {
	case 0:
		play_evaluate(scene);
		break;
	case 1:
		play_gradient(scene);
		break;
	default:
		play_train(scene);
	}
}
