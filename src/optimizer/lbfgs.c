/* L-BFGS: Nocedal & Wright, Numerical Optimization (2006), chapter 7.2. Everything is done on the trained
 * parameters alone. */
#include <math.h>

#include "base/id.h"
#include "base/status.h"
#include "engine/update.h"
#include "optimizer/descent.h"
#include "optimizer/line_search.h"
#include "optimizer/vectors.h"

struct iteration {
	mlp_optimizer *optimizer;
	mlp_network *net;
	const mlp_workspace *ws;
	struct mlp_space space; /* of the vectors below */
	FN(objective) * objective;
	void *context;
	REAL *x, *g;        /* the point where it begins, and the gradient there */
	REAL *trial_g;      /* at the network's parameters */
	REAL *d;            /* direction */
	double loss, value; /* where it begins */
	double trial_loss;  /* at the network's parameters, without the penalty */
	size_t pairs, next; /* of the history */
};

/* ---- objective ------------------------------------------------------------------------------ */

static REAL *parameters_of(const struct iteration *it)
{
	return it->net->parameters;
}

/* lambda/2 |w|^2, its gradient lambda w added to the trial's. */
static double add_penalty(const struct iteration *it)
{
	const double *hyper = it->optimizer->hyper, lambda = (double)(REAL)hyper[MLP_HYPER_L2];
	if (lambda == 0)
		return 0;
	return lambda / 2 *
	       FN(vectors_add_penalty)(&it->space, lambda, hyper[MLP_HYPER_DECAY_BIASES] != 0,
				       parameters_of(it), it->trial_g);
}

/* At the network's parameters. */
static mlp_status evaluate(struct iteration *it, double *value)
{
	mlp_status status = it->objective(it->context, it->net, &it->trial_loss, it->trial_g);
	if (status != MLP_OK)
		return status;
	if (!isfinite(it->trial_loss))
		return mlp_fail(MLP_ERR_NONFINITE, "the objective is not finite");
	*value = it->trial_loss + add_penalty(it);
	size_t bad_layer = FN(find_bad_gradient)(it->net, it->ws, it->trial_g);
	if (bad_layer != 0)
		return mlp_fail(MLP_ERR_NONFINITE,
				"the gradient of layer % is infinite or not a number",
				(int64_t)bad_layer);
	if (!isfinite(*value) || !isfinite(FN(vectors_dot)(&it->space, it->trial_g, it->trial_g)))
		return mlp_fail(MLP_ERR_NONFINITE,
				"the objective or the norm of its gradient is infinite");
	return MLP_OK;
}

/* x + alpha d, for the line search. */
static mlp_status try_point(void *context, struct mlp_point *point)
{
	struct iteration *it = context;
	FN(vectors_copy)(&it->space, it->x, parameters_of(it));
	FN(vectors_add)(&it->space, point->alpha, it->d, parameters_of(it));
	it->net->id = mlp_next_id();
	mlp_status status = evaluate(it, &point->value);
	if (status == MLP_ERR_NONFINITE) { /* too far away */
		point->value = (double)INFINITY;
		return MLP_OK;
	}
	if (status == MLP_OK)
		point->slope = FN(vectors_dot)(&it->space, it->trial_g, it->d);
	return status;
}

/* Value and gradient where it begins, from the last iteration if that ended here. */
static mlp_status begin(struct iteration *it)
{
	double *scalars = it->optimizer->scalars;
	if (scalars[MLP_SCALAR_KNOWN] == 0 ||
	    !FN(vectors_are_same)(&it->space, it->x, parameters_of(it))) {
		double value = 0;
		mlp_status status = evaluate(it, &value);
		if (status != MLP_OK)
			return status;
		FN(vectors_copy)(&it->space, parameters_of(it), it->x);
		FN(vectors_copy)(&it->space, it->trial_g, it->g);
		scalars[MLP_SCALAR_LOSS] = it->trial_loss;
		scalars[MLP_SCALAR_VALUE] = value;
		scalars[MLP_SCALAR_KNOWN] = 1;
	}
	it->loss = scalars[MLP_SCALAR_LOSS];
	it->value = scalars[MLP_SCALAR_VALUE];
	return MLP_OK;
}

/* ---- direction ------------------------------------------------------------------------------ */

/* Pair number `age`, 0 being the newest. */
static size_t place_of(const struct iteration *it, size_t age)
{
	size_t room = mlp_history_pairs(it->optimizer);
	return (it->next + room - 1 - age) % room;
}

static REAL *s_at(const struct iteration *it, size_t place)
{
	return (REAL *)it->optimizer->history.values + 2 * place * it->optimizer->history.stride;
}

static REAL *y_at(const struct iteration *it, size_t place)
{
	return s_at(it, place) + it->optimizer->history.stride;
}

/* Algorithm 7.4, d = -H g, with H_0 = (s y / y y) 1 of the newest pair (7.20). Rounding can leave a pair
 * without curvature: it is passed over. */
static void find_direction(const struct iteration *it)
{
	double *alpha = it->optimizer->history.alpha, *curvature = it->optimizer->history.curvature;
	double gamma = 1;
	FN(vectors_copy)(&it->space, it->g, it->d);
	for (size_t age = 0; age < it->pairs; age++) {
		size_t place = place_of(it, age);
		curvature[place] = FN(vectors_dot)(&it->space, s_at(it, place), y_at(it, place));
		if (!(curvature[place] > 0))
			continue;
		alpha[place] =
			FN(vectors_dot)(&it->space, s_at(it, place), it->d) / curvature[place];
		FN(vectors_add)(&it->space, -alpha[place], y_at(it, place), it->d);
		if (age == 0)
			gamma = curvature[place] /
				FN(vectors_dot)(&it->space, y_at(it, place), y_at(it, place));
	}
	FN(vectors_scale)(&it->space, gamma, it->d);
	for (size_t age = it->pairs; age-- > 0;) {
		size_t place = place_of(it, age);
		if (!(curvature[place] > 0))
			continue;
		double beta =
			FN(vectors_dot)(&it->space, y_at(it, place), it->d) / curvature[place];
		FN(vectors_add)(&it->space, alpha[place] - beta, s_at(it, place), it->d);
	}
	FN(vectors_scale)(&it->space, -1, it->d);
}

/* From x along d; *end has alpha 0 if nothing lower was found. */
static mlp_status search(struct iteration *it, struct mlp_point *start, struct mlp_point *end)
{
	const double *hyper = it->optimizer->hyper;
	find_direction(it);
	*start = *end = (struct mlp_point){0, it->value, FN(vectors_dot)(&it->space, it->g, it->d)};
	if (!(start->slope < 0 && isfinite(start->slope)))
		return MLP_OK;
	struct mlp_line line = {.evaluate = try_point,
				.context = it,
				.start = *start,
				.c1 = hyper[MLP_HYPER_C1],
				.c2 = hyper[MLP_HYPER_C2],
				.trials = (int)hyper[MLP_HYPER_TRIALS]};
	/* without a pair nothing is known of the scale: no further than 1 */
	double norm = sqrt(FN(vectors_dot)(&it->space, it->g, it->g));
	return mlp_line_search(&line, it->pairs > 0 || norm < 1 ? 1 : 1 / norm, end);
}

/* ---- iteration ------------------------------------------------------------------------------ */

/* The pair of this iteration takes the place of the oldest, if its curvature is positive. */
static void keep_pair(struct iteration *it, struct mlp_point start, struct mlp_point end)
{
	size_t room = mlp_history_pairs(it->optimizer);
	if (!(end.slope - start.slope > -(double)REAL_EPSILON * start.slope))
		return;
	FN(vectors_subtract)(&it->space, parameters_of(it), it->x, s_at(it, it->next));
	FN(vectors_subtract)(&it->space, it->trial_g, it->g, y_at(it, it->next));
	it->next = (it->next + 1) % room;
	it->pairs += it->pairs < room;
}

static void go_back(struct iteration *it)
{
	FN(vectors_copy)(&it->space, it->x, parameters_of(it));
	it->net->id = mlp_next_id();
}

static void end_at(struct iteration *it, struct mlp_point start, struct mlp_point end)
{
	double *scalars = it->optimizer->scalars;
	if (end.alpha > 0) {
		keep_pair(it, start, end);
		FN(vectors_copy)(&it->space, parameters_of(it), it->x);
		FN(vectors_copy)(&it->space, it->trial_g, it->g);
		scalars[MLP_SCALAR_LOSS] = it->trial_loss;
		scalars[MLP_SCALAR_VALUE] = end.value;
	} else {
		go_back(it);
	}
	scalars[MLP_SCALAR_PAIRS] = (double)it->pairs;
	scalars[MLP_SCALAR_NEXT] = (double)it->next;
	scalars[MLP_SCALAR_STEP_LENGTH] = end.alpha;
	scalars[MLP_SCALAR_STEPS]++;
}

mlp_status FN(lbfgs_step)(mlp_optimizer *optimizer, mlp_network *net, const mlp_workspace *ws,
			  FN(objective) * objective, void *context, double *loss)
{
	struct iteration it = {.optimizer = optimizer,
			       .net = net,
			       .ws = ws,
			       .space = {net, ws, optimizer->parts},
			       .objective = objective,
			       .context = context,
			       .x = optimizer->slots[0],
			       .g = optimizer->slots[1],
			       .trial_g = optimizer->gradient,
			       .d = optimizer->direction,
			       .pairs = (size_t)optimizer->scalars[MLP_SCALAR_PAIRS],
			       .next = (size_t)optimizer->scalars[MLP_SCALAR_NEXT]};
	mlp_status status = begin(&it);
	if (status != MLP_OK)
		return status;
	struct mlp_point start, end;
	status = search(&it, &start, &end);
	if (status == MLP_OK && end.alpha == 0 && it.pairs > 0) {
		it.pairs = 0; /* what they say of the curvature is of no use here */
		status = search(&it, &start, &end);
	}
	if (status != MLP_OK) {
		go_back(&it);
		return status;
	}
	end_at(&it, start, end);
	*loss = it.loss;
	return MLP_OK;
}
