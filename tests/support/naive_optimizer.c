/* The slow twin of the optimizers. */
#include "support/naive_optimizer.h"

#include <math.h>
#include <stdlib.h>

struct naive_optimizer *naive_optimizer_create(const mlp_network *net,
					       const mlp_optimizer *optimizer)
{
	struct naive_optimizer *naive = calloc(1, sizeof(*naive));
	naive->net = net;
	naive->kind = mlp_optimizer_kind_of(optimizer);
	naive->count = (size_t)mlp_network_parameter_count(net);
	for (int i = 1; i < NAIVE_HYPERS; i++) {
		double value = mlp_optimizer_get(optimizer, (mlp_hyper)i);
		naive->hyper[i] = isnan(value) ? 0 : value;
	}
	for (int i = 0; i < 2; i++)
		naive->slots[i] = calloc(naive->count, sizeof(double));
	return naive;
}

void naive_optimizer_free(struct naive_optimizer *naive)
{
	free(naive->slots[0]);
	free(naive->slots[1]);
	free(naive);
}

enum what { LEFT_ALONE, WEIGHT, BIAS };

/* What parameter i is: a loop over all layers for each. */
static enum what what_is(const mlp_network *net, size_t i)
{
	for (int64_t l = 1; l <= mlp_network_layer_count(net); l++) {
		int64_t w, b, width = mlp_network_width(net, l);
		mlp_network_layout(net, l, &w, &b);
		if ((int64_t)i >= b + width)
			continue;
		if (mlp_network_is_frozen(net, l))
			return LEFT_ALONE;
		if ((int64_t)i < b)
			return WEIGHT;
		return mlp_network_has_bias(net, l) ? BIAS : LEFT_ALONE;
	}
	return LEFT_ALONE;
}

static double clipped(const struct naive_optimizer *naive, double g)
{
	double c = naive->hyper[MLP_HYPER_CLIP_VALUE];
	return c > 0 ? fmax(-c, fmin(g, c)) : g;
}

static double norm_factor(const struct naive_optimizer *naive, const double *grad)
{
	double sum = 0, bound = naive->hyper[MLP_HYPER_CLIP_NORM];
	for (size_t i = 0; i < naive->count; i++)
		if (what_is(naive->net, i) != LEFT_ALONE)
			sum += clipped(naive, grad[i]) * clipped(naive, grad[i]);
	return bound > 0 && sqrt(sum) > bound ? bound / sqrt(sum) : 1;
}

static double sgd(struct naive_optimizer *naive, size_t i, double g)
{
	double mu = naive->hyper[MLP_HYPER_MOMENTUM], *v = &naive->slots[0][i];
	if (mu == 0)
		return naive->hyper[MLP_HYPER_ETA] * g;
	*v = mu * *v + g;
	double d = naive->hyper[MLP_HYPER_NESTEROV] != 0 ? g + mu * *v : *v;
	return naive->hyper[MLP_HYPER_ETA] * d;
}

static double rmsprop(struct naive_optimizer *naive, size_t i, double g)
{
	double mu = naive->hyper[MLP_HYPER_MOMENTUM], rho = naive->hyper[MLP_HYPER_RHO];
	double *q = &naive->slots[0][i], *v = &naive->slots[1][i];
	*q = rho * *q + (1 - rho) * g * g;
	double d = g / (sqrt(*q) + naive->hyper[MLP_HYPER_EPSILON]);
	if (mu == 0)
		return naive->hyper[MLP_HYPER_ETA] * d;
	*v = mu * *v + d;
	return naive->hyper[MLP_HYPER_ETA] * *v;
}

static double adam(struct naive_optimizer *naive, size_t i, double g)
{
	double beta_1 = naive->hyper[MLP_HYPER_BETA_1], beta_2 = naive->hyper[MLP_HYPER_BETA_2];
	double *m = &naive->slots[0][i], *q = &naive->slots[1][i];
	*m = beta_1 * *m + (1 - beta_1) * g;
	*q = beta_2 * *q + (1 - beta_2) * g * g;
	double m_hat = *m / (1 - pow(beta_1, naive->steps));
	double q_hat = *q / (1 - pow(beta_2, naive->steps));
	return naive->hyper[MLP_HYPER_ETA] * m_hat /
	       (sqrt(q_hat) + naive->hyper[MLP_HYPER_EPSILON]);
}

static double irprop_minus(struct naive_optimizer *naive, size_t i, double g)
{
	const double *hyper = naive->hyper;
	double *step = &naive->slots[0][i], *before = &naive->slots[1][i];
	if (naive->steps == 1)
		*step = hyper[MLP_HYPER_DELTA_0];
	if (*before * g > 0)
		*step = fmin(*step * hyper[MLP_HYPER_ETA_PLUS], hyper[MLP_HYPER_DELTA_MAX]);
	if (*before * g < 0) {
		*step = fmax(*step * hyper[MLP_HYPER_ETA_MINUS], hyper[MLP_HYPER_DELTA_MIN]);
		g = 0;
	}
	*before = g;
	return g > 0 ? *step : g < 0 ? -*step : 0;
}

static double decrement(struct naive_optimizer *naive, size_t i, double g)
{
	switch (naive->kind) {
	case MLP_SGD:
		return sgd(naive, i, g);
	case MLP_RMSPROP:
		return rmsprop(naive, i, g);
	case MLP_IRPROP_MINUS:
		return irprop_minus(naive, i, g);
	default:
		return adam(naive, i, g);
	}
}

static void limit_rows(const struct naive_optimizer *naive, double *w)
{
	double bound = naive->hyper[MLP_HYPER_MAX_NORM];
	for (int64_t l = 1; bound > 0 && l <= mlp_network_layer_count(naive->net); l++) {
		int64_t first, n_in = mlp_network_width(naive->net, l - 1);
		mlp_network_layout(naive->net, l, &first, NULL);
		for (int64_t i = 0; i < mlp_network_width(naive->net, l); i++) {
			double sum = 0, *row = w + first + i * n_in;
			for (int64_t j = 0; j < n_in; j++)
				sum += row[j] * row[j];
			if (mlp_network_is_frozen(naive->net, l) || sqrt(sum) <= bound)
				continue;
			for (int64_t j = 0; j < n_in; j++)
				row[j] *= bound / sqrt(sum);
		}
	}
}

void naive_optimizer_update(struct naive_optimizer *naive, double *w, const double *grad)
{
	const double *hyper = naive->hyper;
	double factor = norm_factor(naive, grad);
	naive->steps++;
	for (size_t i = 0; i < naive->count; i++) {
		enum what what = what_is(naive->net, i);
		if (what == LEFT_ALONE)
			continue;
		double g = factor * clipped(naive, grad[i]), before = w[i];
		if (what == WEIGHT || hyper[MLP_HYPER_DECAY_BIASES] != 0) {
			g += hyper[MLP_HYPER_L2] * before;
			w[i] -= hyper[MLP_HYPER_ETA] * hyper[MLP_HYPER_WEIGHT_DECAY] * before;
		}
		w[i] -= decrement(naive, i, g);
	}
	limit_rows(naive, w);
}
