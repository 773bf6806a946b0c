/* A line search for the strong Wolfe conditions. */
#include "optimizer/line_search.h"

#include <math.h>
#include <stdbool.h>

struct search {
	const struct mlp_line *line;
	int trials;            /* left */
	struct mlp_point last; /* evaluated */
	mlp_status status;
};

/* False: no more trials, or a failure. */
static bool evaluate(struct search *search, double alpha)
{
	if (search->trials-- <= 0)
		return false;
	search->last = (struct mlp_point){.alpha = alpha};
	search->status = search->line->evaluate(search->line->context, &search->last);
	return search->status == MLP_OK;
}

static bool decreases(const struct search *search)
{
	const struct mlp_line *line = search->line;
	return search->last.value <=
	       line->start.value + line->c1 * search->last.alpha * line->start.slope;
}

static bool is_flat(const struct search *search)
{
	return fabs(search->last.slope) <= -search->line->c2 * search->line->start.slope;
}

/* The minimum of the cubic through both points' values and slopes (3.59), kept within lowest .. highest;
 * `otherwise` if there is none. */
static double interpolate(struct mlp_point a, struct mlp_point b, double lowest, double highest,
			  double otherwise)
{
	double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.alpha - b.alpha);
	double d2 = copysign(sqrt(d1 * d1 - a.slope * b.slope), b.alpha - a.alpha);
	double alpha =
		b.alpha - (b.alpha - a.alpha) * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
	return isfinite(alpha) ? fmin(fmax(alpha, lowest), highest) : otherwise;
}

/* Algorithm 3.6: an interval with a good point in it, made smaller. low: the lowest point that decreases
 * enough (or the start). Trials stay off the ends, or the interval would hardly shrink. */
static bool zoom(struct search *search, struct mlp_point *low, struct mlp_point high)
{
	for (;;) {
		double left = fmin(low->alpha, high.alpha), right = fmax(low->alpha, high.alpha);
		double margin = 0.1 * (right - left), middle = left + 0.5 * (right - left);
		if (!(left < middle && middle < right) ||
		    !evaluate(search,
			      interpolate(*low, high, left + margin, right - margin, middle)))
			return false;
		if (!decreases(search) || search->last.value >= low->value) {
			high = search->last;
			continue;
		}
		if (is_flat(search)) {
			*low = search->last;
			return true;
		}
		if (search->last.slope * (high.alpha - low->alpha) >= 0)
			high = *low;
		*low = search->last;
	}
}

/* Algorithm 3.5: longer steps until one is good, or an interval is found that has a good one. */
static bool find(struct search *search, double alpha, struct mlp_point *best)
{
	*best = search->line->start;
	while (evaluate(search, alpha)) {
		if (!decreases(search) || (best->alpha > 0 && search->last.value >= best->value))
			return zoom(search, best, search->last);
		struct mlp_point before = *best;
		*best = search->last;
		if (is_flat(search))
			return true;
		if (best->slope >= 0)
			return zoom(search, best, before);
		alpha = interpolate(before, *best, best->alpha + 0.1 * (best->alpha - before.alpha),
				    10 * best->alpha, 2 * best->alpha);
	}
	return false;
}

mlp_status mlp_line_search(const struct mlp_line *line, double first, struct mlp_point *point)
{
	struct search search = {.line = line, .trials = line->trials, .status = MLP_OK};
	bool found = find(&search, first, point);
	if (search.status != MLP_OK || found || point->alpha == 0)
		return search.status;
	search.trials = 1;
	if (search.last.alpha != point->alpha && evaluate(&search, point->alpha))
		*point = search.last;
	return search.status;
}
