/* Updates of pieces of a parameter block: read once, written once, in vectors. */
#include "kernels/descend.h"

/* What a rule is given and gives back, for a vector of parameters: g with clipping and L2 done, w with its
 * weight decay. */
struct lanes {
	VECTOR w, kept[2];
};

typedef struct lanes rule(const struct mlp_descent *by, VECTOR g, struct lanes at);

/* ---- rules ---------------------------------------------------------------------------------- */

VECTOR_INLINE struct lanes plain(const struct mlp_descent *by, VECTOR g, struct lanes at)
{
	at.w -= by->eta * g;
	return at;
}

VECTOR_INLINE struct lanes heavy_ball(const struct mlp_descent *by, VECTOR g, struct lanes at)
{
	at.kept[0] = by->momentum * at.kept[0] + g;
	at.w -= by->eta * at.kept[0];
	return at;
}

VECTOR_INLINE struct lanes nesterov(const struct mlp_descent *by, VECTOR g, struct lanes at)
{
	at.kept[0] = by->momentum * at.kept[0] + g;
	at.w -= by->eta * (g + by->momentum * at.kept[0]);
	return at;
}

VECTOR_INLINE struct lanes rmsprop(const struct mlp_descent *by, VECTOR g, struct lanes at)
{
	at.kept[0] = by->decay_2 * at.kept[0] + by->rest_2 * (g * g);
	at.w -= by->eta * (g / (vector_sqrt(at.kept[0]) + by->epsilon));
	return at;
}

VECTOR_INLINE struct lanes rmsprop_momentum(const struct mlp_descent *by, VECTOR g, struct lanes at)
{
	at.kept[0] = by->decay_2 * at.kept[0] + by->rest_2 * (g * g);
	at.kept[1] = by->momentum * at.kept[1] + g / (vector_sqrt(at.kept[0]) + by->epsilon);
	at.w -= by->eta * at.kept[1];
	return at;
}

VECTOR_INLINE struct lanes adam(const struct mlp_descent *by, VECTOR g, struct lanes at)
{
	at.kept[0] = by->decay_1 * at.kept[0] + by->rest_1 * g;
	at.kept[1] = by->decay_2 * at.kept[1] + by->rest_2 * (g * g);
	at.w -= by->eta * (at.kept[0] / (vector_sqrt(at.kept[1]) * by->root + by->epsilon));
	return at;
}

/* D <- min(eta_plus D, most) where g keeps its sign; where it changes, D <- max(eta_minus D, least) and
 * g <- 0, so that the next step does not count as another change; w <- w - sign(g) D. D is 0 before the
 * first step. Signs are compared, not multiplied: a product of small numbers would be 0. */
VECTOR_INLINE struct lanes irprop_minus(const struct mlp_descent *by, VECTOR g, struct lanes at)
{
	const VECTOR zero = {0};
	VECTOR before = at.kept[1];
	VECTOR step = vector_select(at.kept[0] == zero, vector_all(by->first), at.kept[0]);
	VECTOR_INT neither = (g == zero) | (before == zero);
	VECTOR_INT same = (g > zero) == (before > zero);
	VECTOR grown = vector_at_most(by->grow * step, vector_all(by->most));
	VECTOR shrunk = vector_at_least(by->shrink * step, vector_all(by->least));
	step = vector_select(neither, step, vector_select(same, grown, shrunk));
	g = vector_select(neither | same, g, zero);
	at.kept[0] = step;
	at.kept[1] = g;
	at.w -= vector_select(g == zero, zero, vector_with_sign(step, g));
	return at;
}

/* ---- pieces --------------------------------------------------------------------------------- */

/* Rows ahead of the one that is worked on, of which the cache is told: pieces of rows are too short for the
 * processor to notice where they go on. */
enum { AHEAD = 4 };

/* A piece of a parameter block. */
struct piece {
	const REAL *factors, *g;
	size_t ld_g, rows, columns, ld;
	struct mlp_descended at;
};

VECTOR_INLINE struct lanes descend_lanes(rule *update, bool adjusts, const struct mlp_descent *by,
					 VECTOR g, struct lanes at)
{
	if (adjusts) {
		const VECTOR clip = vector_all(by->clip);
		g = vector_at_least(vector_at_most(g, clip), -clip);
		g = by->factor * g + by->l2 * at.w;
		at.w *= by->keep;
	}
	return update(by, g, at);
}

/* Whole vectors, and the last n < LANES numbers through the same instructions. */
VECTOR_INLINE void descend_row(rule *update, size_t kept, bool adjusts,
			       const struct mlp_descent *by, REAL factor, const REAL *g,
			       size_t columns, struct mlp_descended at, size_t ahead)
{
	const VECTOR zero = {0}; /* where a product is -0, gradients are 0 */
	struct lanes here;
	size_t j = 0;
	for (; j + LANES <= columns; j += LANES) {
		here.w = vector_load(at.w + j);
		__builtin_prefetch(at.w + j + ahead, 1);
		for (size_t i = 0; i < kept; i++) {
			here.kept[i] = vector_load(at.slots[i] + j);
			__builtin_prefetch(at.slots[i] + j + ahead, 1);
		}
		here = descend_lanes(update, adjusts, by, zero + factor * vector_load(g + j), here);
		vector_store(at.w + j, here.w);
		for (size_t i = 0; i < kept; i++)
			vector_store(at.slots[i] + j, here.kept[i]);
	}
	size_t n = columns - j;
	if (n == 0)
		return;
	here.w = vector_load_part(at.w + j, n, 0);
	for (size_t i = 0; i < kept; i++)
		here.kept[i] = vector_load_part(at.slots[i] + j, n, 0);
	here = descend_lanes(update, adjusts, by, zero + factor * vector_load_part(g + j, n, 0),
			     here);
	vector_store_part(at.w + j, n, here.w);
	for (size_t i = 0; i < kept; i++)
		vector_store_part(at.slots[i] + j, n, here.kept[i]);
}

VECTOR_INLINE void descend_rows(rule *update, size_t kept, bool adjusts,
				const struct mlp_descent *by, struct piece piece)
{
	const struct mlp_descent copy = *by; /* which no store can change */
	for (size_t i = 0; i < piece.rows; i++) {
		size_t ahead = piece.rows - i > AHEAD ? AHEAD * piece.ld : 0;
		const REAL factor = piece.factors != NULL ? piece.factors[i] : 1;
		descend_row(update, kept, adjusts, &copy, factor, piece.g, piece.columns, piece.at,
			    ahead);
		piece.g += piece.ld_g;
		piece.at.w += piece.ld;
		for (size_t k = 0; k < kept; k++)
			piece.at.slots[k] += piece.ld;
	}
}

/* Without clipping, L2 and decay there is nothing to adjust: the same numbers by fewer instructions. */
VECTOR_INLINE void descend_piece(rule *update, size_t kept, const struct mlp_descent *by,
				 struct piece piece)
{
	if (by->clip == REAL_MAX && by->factor == 1 && by->l2 == 0 && by->keep == 1)
		descend_rows(update, kept, false, by, piece);
	else
		descend_rows(update, kept, true, by, piece);
}

void KERNEL(descend)(const struct mlp_descent *by, const REAL *factors, const REAL *g, size_t ld_g,
		     size_t rows, size_t columns, struct mlp_descended at, size_t ld)
{
	const struct piece piece = {factors, g, ld_g, rows, columns, ld, at};
	switch (by->kind) {
	case MLP_SGD:
		if (!by->has_momentum)
			descend_piece(plain, 0, by, piece);
		else if (by->nesterov)
			descend_piece(nesterov, 1, by, piece);
		else
			descend_piece(heavy_ball, 1, by, piece);
		break;
	case MLP_RMSPROP:
		if (by->has_momentum)
			descend_piece(rmsprop_momentum, 2, by, piece);
		else
			descend_piece(rmsprop, 1, by, piece);
		break;
	case MLP_IRPROP_MINUS:
		descend_piece(irprop_minus, 2, by, piece);
		break;
	default:
		descend_piece(adam, 2, by, piece);
		break;
	}
}

/* ---- norms ---------------------------------------------------------------------------------- */

double KERNEL(sum_of_squares)(const REAL *v, size_t n, REAL clip)
{
	const VECTOR bound = vector_all(clip);
	double sums[LANES] = {0};
	for (size_t i = 0; i < n; i += LANES) {
		VECTOR part = vector_at_most(vector_abs(vector_load_most(v + i, n - i, 0)), bound);
		for (size_t j = 0; j < LANES; j++)
			sums[j] += (double)part[j] * (double)part[j];
	}
	return sum_of_lanes(sums);
}

void KERNEL(scale)(REAL factor, size_t n, REAL *v)
{
	for (size_t i = 0; i < n; i += LANES)
		vector_store_most(v + i, n - i, factor * vector_load_most(v + i, n - i, 0));
}
