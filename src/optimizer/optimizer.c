/* Optimizers: creation, and what they keep. */
#include "optimizer/optimizer.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/digits.h"
#include "base/status.h"
#include "blas/selftest.h"
#include "check.h"
#include "engine/borrow.h"
#include "engine/chunks.h"

/* ---- creation ------------------------------------------------------------------------------- */

/* The names of the slots of each kind, but for L-BFGS's pairs. */
static const char *const slot_names[][MLP_KEPT] = {
	[MLP_SGD] = {"momentum"},
	[MLP_RMSPROP] = {"square", "momentum"},
	[MLP_ADAM] = {"mean", "square"},
	[MLP_ADAMW] = {"mean", "square"},
	[MLP_IRPROP_MINUS] = {"step_size", "gradient"},
	[MLP_LBFGS] = {"parameters", "gradient"},
};

static size_t kept_slots(mlp_optimizer_kind kind)
{
	return slot_names[kind][1] != NULL ? 2 : 1;
}

/* The optimizer's parts, measured or laid out. */
static struct mlp_optimizer *lay_out(struct mlp_arena *arena, const mlp_network *net,
				     mlp_optimizer_kind kind)
{
	size_t size = mlp_dtype_size(net->dtype), count = net->parameter_count;
	struct mlp_optimizer *made = mlp_arena_take(arena, 1, 1, sizeof(*made));
	size_t *widths = mlp_arena_take(arena, net->layer_count + 1, 1, sizeof(*widths));
	double *parts = mlp_arena_take(arena, mlp_chunk_count(net), 1, sizeof(*parts));
	void *gradient = mlp_arena_take(arena, count, 1, size);
	void *direction = kind == MLP_LBFGS ? mlp_arena_take(arena, count, 1, size) : NULL;
	void *slots[MLP_KEPT] = {NULL};
	for (size_t i = 0; i < kept_slots(kind); i++)
		slots[i] = mlp_arena_take(arena, count, 1, size);
	if (made == NULL)
		return NULL;
	*made = (struct mlp_optimizer){.allocator = net->allocator,
				       .bytes = (size_t)arena->bytes,
				       .kind = kind,
				       .dtype = net->dtype,
				       .layer_count = net->layer_count,
				       .parameter_count = count,
				       .widths = widths,
				       .slots = {slots[0], slots[1]},
				       .gradient = gradient,
				       .direction = direction,
				       .parts = parts};
	widths[0] = net->layers[1].n_in;
	for (size_t l = 1; l <= net->layer_count; l++)
		widths[l] = net->layers[l].n_out;
	return made;
}

mlp_status mlp_optimizer_create(const mlp_network *net, mlp_optimizer_kind kind,
				mlp_optimizer **optimizer)
{
	mlp_status status = mlp_check_pointer("optimizer", optimizer);
	if (status != MLP_OK)
		return status;
	*optimizer = NULL;
	status = mlp_check_pointer("net", net);
	if (status != MLP_OK)
		return status;
	if (mlp_optimizer_name(kind) == NULL)
		return mlp_fail(MLP_ERR_VALUE, "optimizer kind is %, unknown", (int)kind);
	if (!(net->dtype == MLP_F32 ? mlp_blas_works_f32() : mlp_blas_works_f64()))
		return mlp_fail(MLP_ERR_BLAS, "the BLAS library computes wrong f% products",
				net->dtype == MLP_F32 ? 32 : 64);
	struct mlp_arena arena = {0};
	size_t bytes;
	lay_out(&arena, net, kind);
	status = mlp_borrow(&net->allocator, &arena, &bytes);
	if (status != MLP_OK)
		return status;
	mlp_optimizer *made = lay_out(&arena, net, kind);
	mlp_set_default_hypers(made);
	if (kind == MLP_LBFGS)
		status = mlp_history_create(made, mlp_history_pairs(made));
	if (status != MLP_OK) {
		mlp_optimizer_free(made);
		return status;
	}
	mlp_optimizer_reset(made);
	*optimizer = made;
	return MLP_OK;
}

void mlp_optimizer_free(mlp_optimizer *optimizer)
{
	if (optimizer == NULL)
		return;
	mlp_allocator allocator = optimizer->allocator;
	mlp_deallocate(&allocator, optimizer->history.memory, optimizer->history.bytes);
	mlp_deallocate(&allocator, optimizer, optimizer->bytes);
}

/* ---- pairs of L-BFGS ------------------------------------------------------------------------ */

/* "history_s_12" */
static void write_name(char *name, char letter, size_t number)
{
	memcpy(name, "history_s_", 10);
	name[8] = letter;
	*mlp_put_digits(name + 10, number) = '\0';
}

static struct mlp_history lay_out_history(struct mlp_arena *arena, size_t count, size_t size,
					  size_t pairs)
{
	size_t unit = MLP_ALIGNMENT / size, stride = (count + unit - 1) / unit * unit;
	struct mlp_history history = {.stride = stride};
	history.alpha = mlp_arena_take(arena, pairs, 1, sizeof(double));
	history.curvature = mlp_arena_take(arena, pairs, 1, sizeof(double));
	history.names = mlp_arena_take(arena, 2 * pairs, 1, sizeof(*history.names));
	history.values = mlp_arena_take(arena, stride, 2 * pairs, size);
	history.bytes = (size_t)arena->bytes;
	return history;
}

mlp_status mlp_history_create(struct mlp_optimizer *optimizer, size_t pairs)
{
	size_t size = mlp_dtype_size(optimizer->dtype), count = optimizer->parameter_count;
	struct mlp_arena arena = {0};
	size_t bytes;
	lay_out_history(&arena, count, size, pairs);
	mlp_status status = mlp_borrow(&optimizer->allocator, &arena, &bytes);
	if (status != MLP_OK)
		return status;
	memset(arena.base, 0, bytes);
	struct mlp_history history = lay_out_history(&arena, count, size, pairs);
	history.memory = arena.base;
	for (size_t i = 0; i < 2 * pairs; i++)
		write_name(history.names[i], i % 2 == 0 ? 's' : 'y', i / 2);
	mlp_deallocate(&optimizer->allocator, optimizer->history.memory, optimizer->history.bytes);
	optimizer->history = history;
	optimizer->scalars[MLP_SCALAR_PAIRS] = optimizer->scalars[MLP_SCALAR_NEXT] = 0;
	return MLP_OK;
}

/* --------------------------------------------------------------------------------------------- */

mlp_optimizer_kind mlp_optimizer_kind_of(const mlp_optimizer *optimizer)
{
	return optimizer != NULL ? optimizer->kind : (mlp_optimizer_kind)0;
}

mlp_status mlp_check_idle(const struct mlp_optimizer *optimizer)
{
	return optimizer->is_busy ? mlp_fail(MLP_ERR_STATE, "the optimizer is at work") : MLP_OK;
}

mlp_status mlp_optimizer_reset(mlp_optimizer *optimizer)
{
	mlp_status status = mlp_check_pointer("optimizer", optimizer);
	if (status == MLP_OK)
		status = mlp_check_idle(optimizer);
	if (status != MLP_OK)
		return status;
	size_t size = mlp_dtype_size(optimizer->dtype), pairs = mlp_history_pairs(optimizer);
	for (size_t i = 0; i < kept_slots(optimizer->kind); i++)
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

mlp_status mlp_check_optimizer(const struct mlp_optimizer *optimizer, const mlp_network *net,
			       mlp_dtype dtype)
{
	mlp_status status = mlp_check_pointer("optimizer", optimizer);
	if (status == MLP_OK)
		status = mlp_check_network(net, dtype);
	if (status != MLP_OK)
		return status;
	if (optimizer->dtype != net->dtype)
		return mlp_fail(MLP_ERR_SHAPE, "optimizer is for f% networks, network is f%",
				optimizer->dtype == MLP_F32 ? 32 : 64,
				net->dtype == MLP_F32 ? 32 : 64);
	if (optimizer->layer_count != net->layer_count)
		return mlp_fail(MLP_ERR_SHAPE, "optimizer is for % layers, network has %",
				(int64_t)optimizer->layer_count, (int64_t)net->layer_count);
	for (size_t l = 0; l <= net->layer_count; l++) {
		size_t width = l == 0 ? net->layers[1].n_in : net->layers[l].n_out;
		if (optimizer->widths[l] != width)
			return mlp_fail(MLP_ERR_SHAPE, "optimizer is for n_% = %, network has %",
					(int64_t)l, (int64_t)optimizer->widths[l], (int64_t)width);
	}
	return MLP_OK;
}

/* ---- slots ---------------------------------------------------------------------------------- */

int64_t mlp_optimizer_slot_count(const mlp_optimizer *optimizer)
{
	mlp_status status = mlp_check_pointer("optimizer", optimizer);
	if (status != MLP_OK)
		return status;
	return (int64_t)(kept_slots(optimizer->kind) + 2 * mlp_history_pairs(optimizer));
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
	size_t kept = kept_slots(optimizer->kind), i = (size_t)slot;
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
	size_t kept = kept_slots(optimizer->kind), i = (size_t)slot;
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
