/* Schedules of the learning rate. */
#include "trainer/rate.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"

static const char *const names[] = {
	[MLP_RATE_CONSTANT] = "constant",       [MLP_RATE_STEP] = "step",
	[MLP_RATE_EXPONENTIAL] = "exponential", [MLP_RATE_COSINE] = "cosine",
	[MLP_RATE_PLATEAU] = "plateau",
};

enum { KINDS = sizeof(names) / sizeof(names[0]) };

static const char *const state_names[MLP_PLATEAU_VALUES] = {
	[MLP_PLATEAU_FACTOR] = "factor",
	[MLP_PLATEAU_BEST] = "best",
	[MLP_PLATEAU_BAD] = "bad",
	[MLP_PLATEAU_COOLDOWN] = "cooldown",
};

/* ---- settings ------------------------------------------------------------------------------- */

/* Kinds that have a setting, as bits. */
#define KIND(kind) (1U << (kind))
#define ALL_KINDS  (~0U)

static const struct item {
	unsigned kinds;
	int is_whole;
	double lowest, highest, initial;
	const char *refusal; /* of a value, for the % */
} items[MLP_RATE_ITEMS] = {
	[MLP_RATE_WARMUP] = {ALL_KINDS, 0, 0, DBL_MAX, 0, "warm-up is %, must be finite, >= 0"},
	[MLP_RATE_WARMUP_FACTOR] = {ALL_KINDS, 0, 0, 1, 0.01,
				    "warm-up factor is %, must be in 0 .. 1"},
	[MLP_RATE_FACTOR] = {KIND(MLP_RATE_STEP) | KIND(MLP_RATE_EXPONENTIAL) |
				     KIND(MLP_RATE_PLATEAU),
			     0, DBL_MIN, 1, 0.1, "factor is %, must be > 0, <= 1"},
	[MLP_RATE_EVERY] = {KIND(MLP_RATE_STEP), 0, DBL_MIN, DBL_MAX, 30,
			    "epochs of a step are %, must be finite, > 0"},
	[MLP_RATE_EPOCHS] = {KIND(MLP_RATE_COSINE), 0, DBL_MIN, DBL_MAX, 100,
			     "epochs of the schedule are %, must be finite, > 0"},
	[MLP_RATE_LOWEST] = {KIND(MLP_RATE_COSINE) | KIND(MLP_RATE_PLATEAU), 0, 0, 1, 0,
			     "lowest factor is %, must be in 0 .. 1"},
	[MLP_RATE_PATIENCE] = {KIND(MLP_RATE_PLATEAU), 1, 0, 0x1p53, 10,
			       "patience is %, must be whole, 0 .. 2^53"},
	[MLP_RATE_MIN_DELTA] = {KIND(MLP_RATE_PLATEAU), 0, 0, 1, 1e-4,
				"min delta is %, must be in 0 .. 1"},
	[MLP_RATE_COOLDOWN] = {KIND(MLP_RATE_PLATEAU), 1, 0, 0x1p53, 0,
			       "cooldown is %, must be whole, 0 .. 2^53"},
};

static int has_item(mlp_rate_schedule_kind kind, mlp_rate_schedule_item item)
{
	return (int)item > 0 && (int)item < MLP_RATE_ITEMS && (items[item].kinds & KIND(kind)) != 0;
}

static mlp_status check_item(const mlp_rate_schedule *schedule, mlp_rate_schedule_item item)
{
	if (schedule == NULL)
		return mlp_fail(MLP_ERR_NULL, "schedule is NULL");
	if (!has_item(schedule->kind, item))
		return mlp_fail_named(MLP_ERR_VALUE, mlp_rate_schedule_name(schedule->kind),
				      ": this schedule has no setting %", (int)item);
	return MLP_OK;
}

void mlp_rate_schedule_begin(mlp_rate_schedule *schedule, mlp_rate_schedule_kind kind)
{
	*schedule = (struct mlp_rate_schedule){.kind = kind};
	for (int i = 1; i < MLP_RATE_ITEMS; i++)
		schedule->items[i] = items[i].initial;
	if (kind == MLP_RATE_EXPONENTIAL)
		schedule->items[MLP_RATE_FACTOR] = 0.95;
	mlp_rate_schedule_reset(schedule);
}

mlp_status mlp_rate_schedule_create(mlp_rate_schedule_kind kind, mlp_rate_schedule **schedule)
{
	if (schedule == NULL)
		return mlp_fail(MLP_ERR_NULL, "schedule is NULL");
	*schedule = NULL;
	if (mlp_rate_schedule_name(kind) == NULL)
		return mlp_fail(MLP_ERR_VALUE, "kind of schedule is %, unknown", (int)kind);
	mlp_allocator allocator;
	void *memory;
	mlp_status status = mlp_allocator_copy(NULL, &allocator);
	if (status == MLP_OK)
		status = mlp_allocate(&allocator, sizeof(**schedule), &memory);
	if (status != MLP_OK)
		return status;
	*schedule = memory;
	mlp_rate_schedule_begin(*schedule, kind);
	return MLP_OK;
}

void mlp_rate_schedule_free(mlp_rate_schedule *schedule)
{
	mlp_allocator allocator;
	if (mlp_allocator_copy(NULL, &allocator) == MLP_OK)
		mlp_deallocate(&allocator, schedule, sizeof(*schedule));
}

mlp_rate_schedule_kind mlp_rate_schedule_kind_of(const mlp_rate_schedule *schedule)
{
	return schedule != NULL ? schedule->kind : (mlp_rate_schedule_kind)0;
}

mlp_status mlp_rate_schedule_set(mlp_rate_schedule *schedule, mlp_rate_schedule_item item,
				 double value)
{
	mlp_status status = check_item(schedule, item);
	if (status != MLP_OK)
		return status;
	if (!(value >= items[item].lowest && value <= items[item].highest) ||
	    (items[item].is_whole && value != floor(value)))
		return mlp_fail_real(MLP_ERR_VALUE, items[item].refusal, value);
	schedule->items[item] = value;
	return MLP_OK;
}

double mlp_rate_schedule_get(const mlp_rate_schedule *schedule, mlp_rate_schedule_item item)
{
	return check_item(schedule, item) == MLP_OK ? schedule->items[item] : (double)NAN;
}

mlp_status mlp_rate_schedule_bounds(const mlp_rate_schedule *schedule, mlp_rate_schedule_item item,
				    double *lowest, double *highest)
{
	mlp_status status = check_item(schedule, item);
	if (status != MLP_OK)
		return status;
	if (lowest != NULL)
		*lowest = items[item].lowest;
	if (highest != NULL)
		*highest = items[item].highest;
	return MLP_OK;
}

/* ---- the factor ----------------------------------------------------------------------------- */

static double cosine(const mlp_rate_schedule *schedule, double u)
{
	double end = schedule->items[MLP_RATE_EPOCHS] - schedule->items[MLP_RATE_WARMUP];
	double lowest = schedule->items[MLP_RATE_LOWEST];
	const double pi = 3.14159265358979323846;
	return u < end ? lowest + (1 - lowest) * (1 + cos(pi * (u / end))) / 2 : lowest;
}

/* f(u) */
static double factor_after_warmup(const mlp_rate_schedule *schedule, double u)
{
	const double *item = schedule->items;
	switch (schedule->kind) {
	case MLP_RATE_STEP:
		return pow(item[MLP_RATE_FACTOR], floor(u / item[MLP_RATE_EVERY]));
	case MLP_RATE_EXPONENTIAL:
		return pow(item[MLP_RATE_FACTOR], u);
	case MLP_RATE_COSINE:
		return cosine(schedule, u);
	case MLP_RATE_PLATEAU:
		return schedule->plateau[MLP_PLATEAU_FACTOR];
	default:
		return 1;
	}
}

double mlp_rate_schedule_factor(const mlp_rate_schedule *schedule, double epoch)
{
	if (schedule == NULL || !(epoch >= 0)) {
		mlp_fail(schedule == NULL ? MLP_ERR_NULL : MLP_ERR_VALUE,
			 schedule == NULL ? "schedule is NULL" : "epoch is negative or NaN");
		return (double)NAN;
	}
	double warmup = schedule->items[MLP_RATE_WARMUP];
	if (epoch >= warmup)
		return factor_after_warmup(schedule, epoch - warmup);
	double first = schedule->items[MLP_RATE_WARMUP_FACTOR];
	return (first + (1 - first) * (epoch / warmup)) * factor_after_warmup(schedule, 0);
}

/* ---- the plateau ---------------------------------------------------------------------------- */

mlp_status mlp_rate_schedule_reset(mlp_rate_schedule *schedule)
{
	if (schedule == NULL)
		return mlp_fail(MLP_ERR_NULL, "schedule is NULL");
	memset(schedule->plateau, 0, sizeof(schedule->plateau));
	schedule->plateau[MLP_PLATEAU_FACTOR] = 1;
	schedule->plateau[MLP_PLATEAU_BEST] = (double)INFINITY;
	return MLP_OK;
}

mlp_status mlp_rate_schedule_observe(mlp_rate_schedule *schedule, double value)
{
	if (schedule == NULL)
		return mlp_fail(MLP_ERR_NULL, "schedule is NULL");
	if (schedule->kind != MLP_RATE_PLATEAU)
		return MLP_OK;
	const double *item = schedule->items;
	double *state = schedule->plateau, best = state[MLP_PLATEAU_BEST];
	double bound = isinf(best) ? best : best - item[MLP_RATE_MIN_DELTA] * fabs(best);
	if (value < bound && isfinite(value)) {
		state[MLP_PLATEAU_BEST] = value;
		state[MLP_PLATEAU_BAD] = 0;
	} else {
		state[MLP_PLATEAU_BAD]++;
	}
	if (state[MLP_PLATEAU_COOLDOWN] > 0) {
		state[MLP_PLATEAU_COOLDOWN]--;
		state[MLP_PLATEAU_BAD] = 0;
	}
	if (state[MLP_PLATEAU_BAD] > item[MLP_RATE_PATIENCE]) {
		double reduced = state[MLP_PLATEAU_FACTOR] * item[MLP_RATE_FACTOR];
		if (reduced < item[MLP_RATE_LOWEST])
			reduced = item[MLP_RATE_LOWEST];
		if (reduced < state[MLP_PLATEAU_FACTOR])
			state[MLP_PLATEAU_FACTOR] = reduced;
		state[MLP_PLATEAU_COOLDOWN] = item[MLP_RATE_COOLDOWN];
		state[MLP_PLATEAU_BAD] = 0;
	}
	return MLP_OK;
}

int64_t mlp_rate_schedule_state_count(const mlp_rate_schedule *schedule)
{
	if (schedule == NULL)
		return mlp_fail(MLP_ERR_NULL, "schedule is NULL");
	return schedule->kind == MLP_RATE_PLATEAU ? MLP_PLATEAU_VALUES : 0;
}

static mlp_status check_state(const mlp_rate_schedule *schedule, int64_t i)
{
	int64_t count = mlp_rate_schedule_state_count(schedule);
	if (count < 0)
		return (mlp_status)count;
	if (i < 0 || i >= count)
		return mlp_fail(MLP_ERR_INDEX, "value % of the state: the schedule has %", i,
				count);
	return MLP_OK;
}

const char *mlp_rate_schedule_state_name(const mlp_rate_schedule *schedule, int64_t i)
{
	return check_state(schedule, i) == MLP_OK ? state_names[i] : NULL;
}

double mlp_rate_schedule_state(const mlp_rate_schedule *schedule, int64_t i)
{
	return check_state(schedule, i) == MLP_OK ? schedule->plateau[i] : (double)NAN;
}

mlp_status mlp_rate_schedule_set_state(mlp_rate_schedule *schedule, int64_t i, double value)
{
	mlp_status status = check_state(schedule, i);
	if (status != MLP_OK)
		return status;
	int is_right = value > -(double)INFINITY;
	if (i == MLP_PLATEAU_FACTOR)
		is_right = value >= 0 && value <= 1;
	else if (i != MLP_PLATEAU_BEST)
		is_right = value >= 0 && value <= 0x1p53 && value == floor(value);
	if (!is_right)
		return mlp_fail_real(MLP_ERR_VALUE, "the value is %, which this state never has",
				     value);
	schedule->plateau[i] = value;
	return MLP_OK;
}

/* ---- names ---------------------------------------------------------------------------------- */

const char *mlp_rate_schedule_name(mlp_rate_schedule_kind kind)
{
	return (int)kind > 0 && (int)kind < KINDS ? names[kind] : NULL;
}

mlp_rate_schedule_kind mlp_rate_schedule_from_name(const char *name)
{
	for (int i = 1; i < KINDS && name != NULL; i++)
		if (strcmp(names[i], name) == 0)
			return (mlp_rate_schedule_kind)i;
	return (mlp_rate_schedule_kind)0;
}
