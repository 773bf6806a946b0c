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

/* A vector of n < LANES numbers, or a whole one, goes through the same instructions. */
VECTOR_INLINE void descend_row(rule *update, size_t kept, const struct mlp_descent *by,
			       const REAL *g, size_t columns, struct mlp_descended at)
{
	const VECTOR clip = vector_all(by->clip);
	for (size_t j = 0; j < columns; j += LANES) {
		size_t n = columns - j;
		struct lanes here = {.w = vector_load_most(at.w + j, n, 0)};
		VECTOR dw = vector_load_most(g + j, n, 0);
		for (size_t i = 0; i < kept; i++)
			here.kept[i] = vector_load_most(at.slots[i] + j, n, 0);
		dw = vector_at_least(vector_at_most(dw, clip), -clip);
		dw = by->factor * dw + by->l2 * here.w;
		here.w *= by->keep;
		here = update(by, dw, here);
		vector_store_most(at.w + j, n, here.w);
		for (size_t i = 0; i < kept; i++)
			vector_store_most(at.slots[i] + j, n, here.kept[i]);
	}
}

VECTOR_INLINE void descend_rows(rule *update, size_t kept, const struct mlp_descent *by,
				const REAL *g, size_t ld_g, size_t rows, size_t columns,
				struct mlp_descended at, size_t ld)
{
	for (size_t i = 0; i < rows; i++) {
		descend_row(update, kept, by, g + i * ld_g, columns, at);
		at.w += ld;
		for (size_t k = 0; k < kept; k++)
			at.slots[k] += ld;
	}
}

void KERNEL(descend)(const struct mlp_descent *by, const REAL *g, size_t ld_g, size_t rows,
		     size_t columns, struct mlp_descended at, size_t ld)
{
	const struct mlp_descent copy = *by; /* which no store can change */
	switch (by->kind) {
	case MLP_SGD:
		if (!by->has_momentum)
			descend_rows(plain, 0, &copy, g, ld_g, rows, columns, at, ld);
		else if (by->nesterov)
			descend_rows(nesterov, 1, &copy, g, ld_g, rows, columns, at, ld);
		else
			descend_rows(heavy_ball, 1, &copy, g, ld_g, rows, columns, at, ld);
		break;
	case MLP_RMSPROP:
		if (by->has_momentum)
			descend_rows(rmsprop_momentum, 2, &copy, g, ld_g, rows, columns, at, ld);
		else
			descend_rows(rmsprop, 1, &copy, g, ld_g, rows, columns, at, ld);
		break;
	case MLP_IRPROP_MINUS:
		descend_rows(irprop_minus, 2, &copy, g, ld_g, rows, columns, at, ld);
		break;
	default:
		descend_rows(adam, 2, &copy, g, ld_g, rows, columns, at, ld);
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
