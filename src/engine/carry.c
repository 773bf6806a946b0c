/* Derivatives carried through the network. */
#include "engine/carry.h"

#include <string.h>

#include "base/workers.h"
#include "engine/pass.h"
#include "engine/product.h"
#include "engine/stages.h"
#include "kernels/kernels.h"
#include "kernels/kinds.h"
#include "kernels/sizes.h"

/* The samples of a block, the first of its directions, and the columns in which it is stored. */
struct part {
	struct mlp_block samples; /* as in the workspace */
	struct mlp_block columns; /* with every direction */
	size_t direction;
};

static struct part part_at(const struct mlp_carry *carry, size_t block)
{
	struct part part = {.samples = mlp_block_at(carry->batch, carry->ws->rule.block_rows,
						    sizeof(REAL), block / carry->groups),
			    .direction = block % carry->groups * carry->group};
	part.columns = part.samples;
	if (carry->group > 1) {
		part.columns.rows = carry->group * part.samples.rows;
		part.columns.lanes = mlp_lanes(part.columns.rows, part.columns.rows, sizeof(REAL));
	}
	return part;
}

/* The last group may have fewer directions than the others; it repeats the last one. */
static size_t direction_of(const struct mlp_carry *carry, const struct part *part, size_t k)
{
	size_t direction = part->direction + k;
	return direction < carry->directions ? direction : carry->directions - 1;
}

/* ---- layout ----------------------------------------------------------------------------------- */

double FN(carry_work)(const mlp_network *net, size_t batch, bool reverse)
{
	size_t last = net->layer_count;
	double work = 0;
	for (size_t l = reverse ? 1 : 2; l <= last; l++) /* w(1) is the first product itself */
		work += mlp_product_work(net->layers[l].n_out, net->layers[l].n_in, batch);
	return work * (double)(reverse ? net->layers[last].n_out : net->layers[1].n_in);
}

static void divide(struct mlp_carry *carry)
{
	const mlp_workspace *ws = carry->ws;
	size_t rows = ws->rule.block_rows, k = carry->directions, batch = carry->batch;
	size_t most = batch < rows ? rows / batch : 1; /* directions of a block */
	carry->groups = mlp_ceiling(k, most);
	carry->group = mlp_ceiling(k, carry->groups);
	carry->groups = mlp_ceiling(k, carry->group);
	carry->blocks = mlp_block_count(batch, rows) * carry->groups;
	bool is_long = k > MLP_HELD_ROWS || batch > MLP_HELD_ROWS || k * batch > MLP_HELD_ROWS;
	double work = (double)k * mlp_forward_work(ws, batch);
	carry->schedule = is_long             ? MLP_SCHEDULE_SAMPLES
			  : ws->schedule != 0 ? ws->schedule
					      : mlp_schedule_for(k * batch, work);
}

static void lay_out_spread(struct mlp_carry *carry, struct mlp_arena *arena, size_t lanes)
{
	size_t last = carry->net->layer_count;
	carry->x = mlp_arena_take(arena, last + 1, 1, sizeof(void *));
	carry->s = mlp_arena_take(arena, last + 1, 1, sizeof(void *));
	for (size_t l = 1; l <= last; l++) {
		const struct mlp_layer *layer = &carry->net->layers[l];
		void *x = mlp_arena_take(arena, layer->n_out, lanes, sizeof(REAL)), *s = x;
		if (mlp_derivative_needs_s(layer->activation))
			s = mlp_arena_take(arena, layer->n_out, lanes, sizeof(REAL));
		if (carry->x != NULL) {
			carry->x[l] = x;
			carry->s[l] = s;
		}
	}
}

static void lay_out_scratch(struct mlp_carry *carry, struct mlp_arena *arena, size_t workers,
			    size_t rows)
{
	size_t deepest = carry->ws->shape.deepest;
	size_t depth = (rows < MLP_TILE_ROWS ? rows : MLP_TILE_ROWS) +
		       (deepest < MLP_TILE_DEPTH ? deepest : MLP_TILE_DEPTH);
	carry->shadow.scratch = mlp_arena_take(arena, workers, 1, sizeof(struct mlp_scratch));
	for (size_t worker = 0; worker < workers; worker++) {
		void *tile = mlp_arena_take(arena, depth, MLP_TILE_COLUMNS, sizeof(REAL));
		if (carry->shadow.scratch != NULL)
			carry->shadow.scratch[worker] = (struct mlp_scratch){.tile = tile};
	}
}

void FN(carry_lay_out)(struct mlp_carry *carry, struct mlp_arena *arena)
{
	divide(carry);
	const struct mlp_block longest = part_at(carry, 0).columns;
	size_t workers = carry->ws->pool != NULL ? mlp_workers_count(carry->ws->pool) : 1;
	size_t slots = carry->schedule == MLP_SCHEDULE_OUTPUTS ? carry->blocks : workers;
	carry->shadow = *carry->ws;
	carry->x = carry->s = NULL;
	carry->turns = mlp_arena_take(arena, slots, 1, sizeof(struct mlp_turns));
	for (size_t slot = 0; slot < slots; slot++)
		for (size_t turn = 0; turn < 2; turn++) {
			void *values = mlp_arena_take(arena, carry->ws->shape.deepest,
						      longest.lanes, sizeof(REAL));
			if (carry->turns != NULL)
				carry->turns[slot].values[turn] = values;
		}
	if (carry->group == 1)
		return;
	lay_out_spread(carry, arena, longest.lanes);
	lay_out_scratch(carry, arena, workers, longest.rows);
}

/* ---- columns ---------------------------------------------------------------------------------- */

static void repeat_last(REAL *row, struct mlp_block columns)
{
	for (size_t j = columns.rows; j < columns.lanes; j++)
		row[j] = row[columns.rows - 1];
}

/* n x lanes to n x columns: each sample for every direction. */
static void spread(const REAL *from, size_t n, const struct part *part, size_t group, REAL *to)
{
	size_t rows = part->samples.rows;
	for (size_t i = 0; i < n; i++) {
		REAL *row = to + i * part->columns.lanes;
		for (size_t k = 0; k < group; k++)
			memcpy(row + k * rows, from + i * part->samples.lanes, rows * sizeof(REAL));
		repeat_last(row, part->columns);
	}
}

static void spread_all(struct mlp_carry *carry)
{
	const mlp_workspace *ws = carry->ws;
	const struct part part = part_at(carry, 0); /* the only samples */
	for (size_t l = 1; l <= carry->net->layer_count; l++) {
		size_t n = carry->net->layers[l].n_out;
		spread(ws->layers[l].x, n, &part, carry->group, carry->x[l]);
		if (carry->s[l] != carry->x[l])
			spread(ws->layers[l].s, n, &part, carry->group, carry->s[l]);
	}
}

static REAL *values_of(const struct mlp_carry *carry, size_t l, size_t block, size_t worker)
{
	size_t slot = carry->schedule == MLP_SCHEDULE_OUTPUTS ? block : worker;
	return carry->turns[slot].values[l % 2];
}

/* values = sigma'(s(l)) .* values, forward and in reverse: the Jacobian of the softmax is symmetric,
 * too. */
static void derive(const struct mlp_carry *carry, size_t l, const struct part *part,
		   struct mlp_range units, REAL *values)
{
	const mlp_workspace *ws = carry->ws;
	const struct mlp_layer *layer = &carry->net->layers[l];
	size_t lanes = part->columns.lanes, begin = units.begin * lanes;
	size_t count = units.end * lanes - begin;
	const REAL *x, *s;
	if (carry->x != NULL) {
		x = carry->x[l];
		s = carry->s[l];
	} else {
		x = FN(block_of)(ws, ws->layers[l].x, l, part->samples);
		s = FN(block_of)(ws, ws->layers[l].s, l, part->samples);
	}
	if (layer->activation == MLP_SOFTMAX)
		ws->kernels->softmax_backward(x, values, layer->n_out, lanes, values);
	else
		ws->kernels->activation_backward(layer->activation, (REAL)layer->parameter,
						 s + begin, x + begin, values + begin, count,
						 values + begin);
}

static struct mlp_dense weights_of(const mlp_network *net, size_t l)
{
	const struct mlp_layer *layer = &net->layers[l];
	return (struct mlp_dense){.w = (REAL *)net->parameters + layer->w_offset,
				  .n_out = layer->n_out,
				  .n_in = layer->n_in};
}

/* Number i of a scaling, 1 without. */
static REAL factor(const struct mlp_affine *scaling, const void *numbers, size_t i)
{
	return scaling->is_set ? ((const REAL *)numbers)[i] : 1;
}

/* A block to rows, times numbers of a scaling. */
static void write_scaled(const struct mlp_carry *carry, const struct mlp_affine *scaling,
			 const REAL *numbers, const REAL *block, const struct part *part, REAL *out)
{
	const struct mlp_kernels *kernels = carry->ws->kernels;
	size_t lanes = part->columns.lanes, rows = part->samples.rows;
	if (scaling->is_set)
		kernels->block_to_rows_scaled(block, lanes, rows, scaling->count, numbers, NULL,
					      out, carry->ld_out);
	else
		kernels->block_to_rows(block, lanes, rows, scaling->count, out, carry->ld_out);
}

/* ---- forward ---------------------------------------------------------------------------------- */

static void begin_forward(void *context, size_t l, size_t block, struct mlp_range units,
			  size_t worker)
{
	const struct mlp_carry *carry = context;
	const struct mlp_kernels *kernels = carry->ws->kernels;
	const struct mlp_affine *scaling = &carry->net->input;
	const struct part part = part_at(carry, block);
	const REAL *v = carry->v + part.samples.first * carry->ld_v;
	REAL *xdot = values_of(carry, l, block, worker);
	if (scaling->is_set)
		kernels->block_from_rows_scaled(v, carry->ld_v, part.samples.rows, units.end, NULL,
						scaling->inverse, xdot, part.columns.lanes);
	else
		kernels->block_from_rows(v, carry->ld_v, part.samples.rows, units.end, xdot,
					 part.columns.lanes);
}

/* sdot(1) = w(1) e_j / scale_j: column j of w(1) */
static void fill_columns(const struct mlp_carry *carry, const struct part *part,
			 struct mlp_range units, REAL *sdot)
{
	const struct mlp_dense first = weights_of(carry->net, 1);
	size_t rows = part->samples.rows;
	for (size_t i = units.begin; i < units.end; i++) {
		REAL *row = sdot + i * part->columns.lanes;
		for (size_t k = 0; k < carry->group; k++) {
			size_t j = direction_of(carry, part, k);
			REAL w = first.w[i * first.n_in + j] *
				 factor(&carry->net->input, carry->net->input.inverse, j);
			for (size_t n = 0; n < rows; n++)
				row[k * rows + n] = w;
		}
		repeat_last(row, part->columns);
	}
}

/* xdot(l) = sigma'(s(l)) .* w(l) xdot(l-1) */
static void go_forward(void *context, size_t l, size_t block, struct mlp_range units, size_t worker)
{
	const struct mlp_carry *carry = context;
	const struct part part = part_at(carry, block);
	REAL *xdot = values_of(carry, l, block, worker);
	if (l == 1 && carry->v == NULL)
		fill_columns(carry, &part, units, xdot);
	else
		FN(dense_forward)
	(&carry->shadow, weights_of(carry->net, l), part.columns, units,
	 values_of(carry, l - 1, block, worker), xdot, worker);
	if (carry->net->layers[l].activation != MLP_SOFTMAX)
		derive(carry, l, &part, units, xdot);
}

static void end_forward(void *context, size_t l, size_t block, struct mlp_range units,
			size_t worker)
{
	const struct mlp_carry *carry = context;
	const struct part part = part_at(carry, block);
	size_t rows = part.samples.rows, lanes = part.columns.lanes;
	REAL *xdot = values_of(carry, l, block, worker);
	REAL *out = carry->out + part.samples.first * carry->ld_out;
	if (carry->net->layers[l].activation == MLP_SOFTMAX)
		derive(carry, l, &part, units, xdot);
	if (carry->v != NULL) {
		write_scaled(carry, &carry->net->output, carry->net->output.by, xdot, &part, out);
		return;
	}
	size_t left = carry->directions - part.direction;
	size_t count = left < carry->group ? left : carry->group;
	for (size_t i = 0; i < units.end; i++) {
		REAL scale = factor(&carry->net->output, carry->net->output.by, i);
		for (size_t n = 0; n < rows; n++) {
			REAL *to = out + n * carry->ld_out + i * carry->directions + part.direction;
			for (size_t k = 0; k < count; k++)
				to[k] = scale * xdot[i * lanes + k * rows + n];
		}
	}
}

/* ---- reverse ---------------------------------------------------------------------------------- */

/* ds(L) from dx(L) = scale_i e_i */
static void begin_reverse(void *context, size_t l, size_t block, struct mlp_range units,
			  size_t worker)
{
	const struct mlp_carry *carry = context;
	const struct part part = part_at(carry, block);
	size_t lanes = part.columns.lanes, last = part.columns.rows - 1;
	REAL *dx = values_of(carry, l, block, worker);
	memset(dx, 0, units.end * lanes * sizeof(REAL));
	for (size_t j = 0; j < lanes; j++) {
		size_t i = direction_of(carry, &part, (j < last ? j : last) / part.samples.rows);
		dx[i * lanes + j] = factor(&carry->net->output, carry->net->output.by, i);
	}
	derive(carry, l, &part, units, dx);
}

/* ds(l-1) = sigma'(s(l-1)) .* w(l)^T ds(l); at the input nothing is left to derive */
static void go_reverse(void *context, size_t l, size_t block, struct mlp_range units, size_t worker)
{
	const struct mlp_carry *carry = context;
	const struct part part = part_at(carry, block);
	REAL *dx = values_of(carry, l - 1, block, worker);
	FN(dense_backward)
	(&carry->shadow, weights_of(carry->net, l), part.columns, units,
	 values_of(carry, l, block, worker), dx, worker);
	if (l > 1)
		derive(carry, l - 1, &part, units, dx);
}

static void end_reverse(void *context, size_t l, size_t block, struct mlp_range units,
			size_t worker)
{
	const struct mlp_carry *carry = context;
	const struct part part = part_at(carry, block);
	size_t rows = part.samples.rows;
	const REAL *dx = values_of(carry, l, block, worker);
	REAL *out = carry->out + part.samples.first * carry->ld_out;
	for (size_t k = 0; k < carry->group && part.direction + k < carry->directions; k++)
		write_scaled(carry, &carry->net->input, carry->net->input.inverse, dx + k * rows,
			     &part, out + (part.direction + k) * units.end);
}

/* ----------------------------------------------------------------------------------------------- */

static struct mlp_stage forward_stage(const void *context, size_t index)
{
	const struct mlp_carry *carry = context;
	const struct mlp_layer *layers = carry->net->layers;
	size_t last = carry->net->layer_count, l = index + (carry->v == NULL);
	if (l == 0)
		return (struct mlp_stage){.run = begin_forward, .units = layers[1].n_in};
	if (l > last)
		return (struct mlp_stage){
			.run = end_forward, .l = last, .units = layers[last].n_out};
	double work = mlp_product_work(layers[l].n_out, layers[l].n_in, carry->batch);
	return (struct mlp_stage){.run = go_forward,
				  .l = l,
				  .units = layers[l].n_out,
				  .unit = MLP_OUTPUT_UNIT,
				  .work = work * (double)carry->directions};
}

static struct mlp_stage reverse_stage(const void *context, size_t index)
{
	const struct mlp_carry *carry = context;
	const struct mlp_layer *layers = carry->net->layers;
	size_t last = carry->net->layer_count, l = last + 1 - index;
	if (index == 0)
		return (struct mlp_stage){
			.run = begin_reverse, .l = last, .units = layers[last].n_out};
	if (l == 0)
		return (struct mlp_stage){.run = end_reverse, .units = layers[1].n_in};
	double work = mlp_product_work(layers[l].n_out, layers[l].n_in, carry->batch);
	return (struct mlp_stage){.run = go_reverse,
				  .l = l,
				  .units = layers[l].n_in,
				  .unit = MLP_INPUT_UNIT,
				  .work = work * (double)carry->directions};
}

void FN(carry_run)(struct mlp_carry *carry)
{
	if (carry->x != NULL)
		spread_all(carry);
	mlp_run_stages(&(struct mlp_stages){.at = carry->reverse ? reverse_stage : forward_stage,
					    .context = carry,
					    .count = carry->net->layer_count + 1 +
						     (carry->reverse || carry->v != NULL),
					    .blocks = carry->blocks,
					    .pool = carry->ws->pool,
					    .schedule = carry->schedule});
}
