/* What an optimizer keeps from step to step, read and set: slots of one number for each parameter, and scalars. */
#include <math.h>
#include <string.h>

#include "base/status.h"
#include "check.h"
#include "optimizer/optimizer.h"

/* The names of the slots of each kind, but for L-BFGS's pairs. */
static const char *const slot_names[][MLP_KEPT] = {
	[MLP_SGD] = {"momentum"},
	[MLP_RMSPROP] = {"square", "momentum"},
	[MLP_ADAM] = {"mean", "square"},
	[MLP_ADAMW] = {"mean", "square"},
	[MLP_IRPROP_MINUS] = {"step_size", "gradient"},
	[MLP_LBFGS] = {"parameters", "gradient"},
};

size_t mlp_kept_slots(mlp_optimizer_kind kind)
{
	return slot_names[kind][1] != NULL ? 2 : 1;
}

mlp_status mlp_optimizer_reset(mlp_optimizer *optimizer)
{
	mlp_status status = mlp_check_pointer("optimizer", optimizer);
	if (status == MLP_OK)
		status = mlp_check_idle(optimizer);
	if (status != MLP_OK)
		return status;
	size_t size = mlp_dtype_size(optimizer->dtype), pairs = mlp_history_pairs(optimizer);
	for (size_t i = 0; i < mlp_kept_slots(optimizer->kind); i++)
		memset(optimizer->slots[i], 0, optimizer->parameter_count * size);
	if (pairs > 0)
		memset(optimizer->history.values, 0, 2 * pairs * optimizer->history.stride * size);
	memset(optimizer->scalars, 0, sizeof(optimizer->scalars));
	return MLP_OK;
}

int64_t mlp_optimizer_steps(const mlp_optimizer *optimizer)
{
	mlp_status status = mlp_check_pointer("optimizer", optimizer);
	return status != MLP_OK ? status : (int64_t)optimizer->scalars[MLP_SCALAR_STEPS];
}

/* ---- slots ---------------------------------------------------------------------------------- */

int64_t mlp_optimizer_slot_count(const mlp_optimizer *optimizer)
{
	mlp_status status = mlp_check_pointer("optimizer", optimizer);
	if (status != MLP_OK)
		return status;
	return (int64_t)(mlp_kept_slots(optimizer->kind) + 2 * mlp_history_pairs(optimizer));
}

static bool has_slot(const mlp_optimizer *optimizer, int64_t slot)
{
	if (mlp_check_pointer("optimizer", optimizer) != MLP_OK)
		return false;
	if (slot >= 0 && slot < mlp_optimizer_slot_count(optimizer))
		return true;
	mlp_fail(MLP_ERR_INDEX, "slot is %, must be in 0 .. %", slot,
		 mlp_optimizer_slot_count(optimizer) - 1);
	return false;
}

const char *mlp_optimizer_slot_name(const mlp_optimizer *optimizer, int64_t slot)
{
	if (!has_slot(optimizer, slot))
		return NULL;
	size_t kept = mlp_kept_slots(optimizer->kind), i = (size_t)slot;
	return i < kept ? slot_names[optimizer->kind][i] : optimizer->history.names[i - kept];
}

static void *find_slot(const mlp_optimizer *optimizer, int64_t slot, mlp_dtype dtype)
{
	if (!has_slot(optimizer, slot))
		return NULL;
	if (optimizer->dtype != dtype) {
		mlp_fail(MLP_ERR_DTYPE, "optimizer is f%, the call is for f%",
			 optimizer->dtype == MLP_F32 ? 32 : 64, dtype == MLP_F32 ? 32 : 64);
		return NULL;
	}
	size_t kept = mlp_kept_slots(optimizer->kind), i = (size_t)slot;
	if (i < kept)
		return optimizer->slots[i];
	return (char *)optimizer->history.values +
	       (i - kept) * optimizer->history.stride * mlp_dtype_size(dtype);
}

float *mlp_optimizer_slot_f32(mlp_optimizer *optimizer, int64_t slot)
{
	return find_slot(optimizer, slot, MLP_F32);
}

double *mlp_optimizer_slot_f64(mlp_optimizer *optimizer, int64_t slot)
{
	return find_slot(optimizer, slot, MLP_F64);
}

/* ---- scalars -------------------------------------------------------------------------------- */

static const char *const scalar_names[MLP_SCALARS] = {
	[MLP_SCALAR_STEPS] = "steps",
	[MLP_SCALAR_PAIRS] = "pairs",
	[MLP_SCALAR_NEXT] = "next",
	[MLP_SCALAR_KNOWN] = "known",
	[MLP_SCALAR_LOSS] = "loss",
	[MLP_SCALAR_VALUE] = "value",
	[MLP_SCALAR_STEP_LENGTH] = "step_length",
};

int64_t mlp_optimizer_scalar_count(const mlp_optimizer *optimizer)
{
	mlp_status status = mlp_check_pointer("optimizer", optimizer);
	if (status != MLP_OK)
		return status;
	return optimizer->kind == MLP_LBFGS ? MLP_SCALARS : 1;
}

static mlp_status check_scalar(const mlp_optimizer *optimizer, int64_t scalar)
{
	int64_t count = mlp_optimizer_scalar_count(optimizer);
	if (count < 0)
		return (mlp_status)count;
	if (scalar < 0 || scalar >= count)
		return mlp_fail(MLP_ERR_INDEX, "scalar is %, must be in 0 .. %", scalar, count - 1);
	return MLP_OK;
}

const char *mlp_optimizer_scalar_name(const mlp_optimizer *optimizer, int64_t scalar)
{
	return check_scalar(optimizer, scalar) == MLP_OK ? scalar_names[scalar] : NULL;
}

double mlp_optimizer_scalar(const mlp_optimizer *optimizer, int64_t scalar)
{
	return check_scalar(optimizer, scalar) == MLP_OK ? optimizer->scalars[scalar] : (double)NAN;
}

/* The largest count that a scalar may be; none: any finite number. */
static double most_of(const mlp_optimizer *optimizer, int64_t scalar)
{
	double pairs = (double)mlp_history_pairs(optimizer);
	switch ((enum mlp_scalar)scalar) {
	case MLP_SCALAR_STEPS:
		return 9007199254740992; /* 2^53: beyond it doubles do not count */
	case MLP_SCALAR_PAIRS:
		return pairs;
	case MLP_SCALAR_NEXT:
		return pairs - 1;
	case MLP_SCALAR_KNOWN:
		return 1;
	default:
		return (double)INFINITY;
	}
}

mlp_status mlp_optimizer_set_scalar(mlp_optimizer *optimizer, int64_t scalar, double value)
{
	mlp_status status = check_scalar(optimizer, scalar);
	if (status == MLP_OK)
		status = mlp_check_idle(optimizer);
	if (status != MLP_OK)
		return status;
	double most = most_of(optimizer, scalar);
	bool is_count = isfinite(most);
	if (!isfinite(value) || (is_count && (value < 0 || value > most || value != floor(value))))
		return mlp_fail_real(MLP_ERR_VALUE, "value is %, this scalar cannot be that",
				     value);
	optimizer->scalars[scalar] = value;
	return MLP_OK;
}
