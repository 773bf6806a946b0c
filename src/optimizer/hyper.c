/* The numbers of an optimizer: which kind has which, their defaults and bounds. */
#include <float.h>
#include <math.h>

#include "base/status.h"
#include "check.h"
#include "optimizer/optimizer.h"

/* Kinds, as bits. */
enum {
	SGD = 1 << MLP_SGD,
	RMSPROP = 1 << MLP_RMSPROP,
	ADAMS = 1 << MLP_ADAM | 1 << MLP_ADAMW,
	IRPROP = 1 << MLP_IRPROP_MINUS,
	LBFGS = 1 << MLP_LBFGS,
	RATED = SGD | RMSPROP | ADAMS /* those that have an eta */
};

/* Bounds that depend on the element type. */
enum { TINY = -1, BELOW_1 = -2, HUGE_NUMBER = -3 };

static const struct fact {
	unsigned kinds;
	double preset, lowest, highest;
	bool is_integer;
} facts[MLP_HYPERS] = {
	[MLP_HYPER_ETA] = {RATED, 0.001, 0, HUGE_NUMBER, false},
	[MLP_HYPER_MOMENTUM] = {SGD | RMSPROP, 0, 0, BELOW_1, false},
	[MLP_HYPER_NESTEROV] = {SGD, 0, 0, 1, true},
	[MLP_HYPER_RHO] = {RMSPROP, 0.9, 0, BELOW_1, false},
	[MLP_HYPER_BETA_1] = {ADAMS, 0.9, 0, BELOW_1, false},
	[MLP_HYPER_BETA_2] = {ADAMS, 0.999, 0, BELOW_1, false},
	[MLP_HYPER_EPSILON] = {RMSPROP | ADAMS, 1e-8, TINY, HUGE_NUMBER, false},
	[MLP_HYPER_L2] = {RATED | IRPROP | LBFGS, 0, 0, HUGE_NUMBER, false},
	[MLP_HYPER_WEIGHT_DECAY] = {RATED, 0, 0, HUGE_NUMBER, false},
	[MLP_HYPER_DECAY_BIASES] = {RATED | IRPROP | LBFGS, 0, 0, 1, true},
	[MLP_HYPER_CLIP_NORM] = {RATED, 0, 0, HUGE_NUMBER, false},
	[MLP_HYPER_CLIP_VALUE] = {RATED, 0, 0, HUGE_NUMBER, false},
	[MLP_HYPER_MAX_NORM] = {RATED | IRPROP, 0, 0, HUGE_NUMBER, false},
	[MLP_HYPER_ETA_MINUS] = {IRPROP, 0.5, TINY, BELOW_1, false},
	[MLP_HYPER_ETA_PLUS] = {IRPROP, 1.2, 1, HUGE_NUMBER, false},
	[MLP_HYPER_DELTA_0] = {IRPROP, 0.0125, TINY, HUGE_NUMBER, false},
	[MLP_HYPER_DELTA_MIN] = {IRPROP, 1e-6, TINY, HUGE_NUMBER, false},
	[MLP_HYPER_DELTA_MAX] = {IRPROP, 50, TINY, HUGE_NUMBER, false},
	[MLP_HYPER_HISTORY] = {LBFGS, 10, 1, 1024, true},
	[MLP_HYPER_C1] = {LBFGS, 1e-4, TINY, 0.25, false},
	[MLP_HYPER_C2] = {LBFGS, 0.9, 0.5, BELOW_1, false},
	[MLP_HYPER_TRIALS] = {LBFGS, 25, 1, 1000, true},
};

static const struct fact *find(const mlp_optimizer *optimizer, mlp_hyper hyper)
{
	if (hyper < MLP_HYPER_ETA || hyper > MLP_HYPER_TRIALS ||
	    (facts[hyper].kinds & 1U << optimizer->kind) == 0)
		return NULL;
	return &facts[hyper];
}

static double bound(double number, mlp_dtype dtype)
{
	bool single = dtype == MLP_F32;
	if (number == TINY)
		return single ? (double)FLT_MIN : DBL_MIN;
	if (number == BELOW_1)
		return single ? 1 - (double)FLT_EPSILON / 2 : 1 - DBL_EPSILON / 2;
	if (number == HUGE_NUMBER)
		return single ? (double)FLT_MAX : DBL_MAX;
	return number;
}

void mlp_set_default_hypers(struct mlp_optimizer *optimizer)
{
	for (int hyper = 0; hyper < MLP_HYPERS; hyper++) {
		const struct fact *fact = find(optimizer, (mlp_hyper)hyper);
		optimizer->hyper[hyper] = fact != NULL ? fact->preset : 0;
	}
	if (optimizer->kind == MLP_SGD)
		optimizer->hyper[MLP_HYPER_ETA] = 0.01;
	if (optimizer->kind == MLP_ADAMW)
		optimizer->hyper[MLP_HYPER_WEIGHT_DECAY] = 0.01;
}

static mlp_status check_hyper(const mlp_optimizer *optimizer, mlp_hyper hyper)
{
	mlp_status status = mlp_check_pointer("optimizer", optimizer);
	if (status != MLP_OK)
		return status;
	if (mlp_hyper_name(hyper) == NULL)
		return mlp_fail(MLP_ERR_VALUE, "hyper-parameter is %, unknown", (int)hyper);
	if (find(optimizer, hyper) == NULL)
		return mlp_fail_named(MLP_ERR_VALUE, mlp_hyper_name(hyper),
				      " is no hyper-parameter of optimizer kind %",
				      (int)optimizer->kind);
	return MLP_OK;
}

mlp_status mlp_optimizer_bounds(const mlp_optimizer *optimizer, mlp_hyper hyper, double *lowest,
				double *highest)
{
	mlp_status status = check_hyper(optimizer, hyper);
	if (status != MLP_OK)
		return status;
	if (lowest != NULL)
		*lowest = bound(facts[hyper].lowest, optimizer->dtype);
	if (highest != NULL)
		*highest = bound(facts[hyper].highest, optimizer->dtype);
	return MLP_OK;
}

double mlp_optimizer_get(const mlp_optimizer *optimizer, mlp_hyper hyper)
{
	return check_hyper(optimizer, hyper) == MLP_OK ? optimizer->hyper[hyper] : (double)NAN;
}

mlp_status mlp_optimizer_set(mlp_optimizer *optimizer, mlp_hyper hyper, double value)
{
	double lowest, highest;
	mlp_status status = mlp_optimizer_bounds(optimizer, hyper, &lowest, &highest);
	if (status == MLP_OK)
		status = mlp_check_idle(optimizer);
	if (status != MLP_OK)
		return status;
	if (!(value >= lowest && value <= highest))
		return mlp_fail_real(MLP_ERR_VALUE,
				     "value is %, out of the bounds of this hyper-parameter",
				     value);
	if (facts[hyper].is_integer && value != floor(value))
		return mlp_fail_real(MLP_ERR_VALUE,
				     "value is %, this hyper-parameter is an integer", value);
	if (hyper == MLP_HYPER_HISTORY)
		status = mlp_history_create(optimizer, (size_t)value);
	if (status != MLP_OK)
		return status;
	optimizer->hyper[hyper] = value;
	if (hyper == MLP_HYPER_L2 || hyper == MLP_HYPER_DECAY_BIASES)
		optimizer->scalars[MLP_SCALAR_KNOWN] = 0; /* that was another objective */
	return MLP_OK;
}
