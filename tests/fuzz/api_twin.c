/* Calls compared with the slow twin. */
#include "fuzz/api_twin.h"

#include <math.h>
#include <string.h>

#include "fuzz/fuzz.h"

enum { MODERATE = 30 };

static double parameter_at(const mlp_network *net, int64_t i)
{
	return mlp_network_dtype(net) == MLP_F32 ? (double)mlp_network_const_parameters_f32(net)[i]
						 : mlp_network_const_parameters_f64(net)[i];
}

bool twin_knows(const mlp_network *net)
{
	if (net == NULL || mlp_network_has_input_scaling(net) ||
	    mlp_network_has_output_scaling(net))
		return false;
	for (int64_t i = 0; i < mlp_network_parameter_count(net); i++)
		if (!(fabs(parameter_at(net, i)) <= 4))
			return false;
	return true;
}

bool drops_nothing(const mlp_network *net)
{
	for (int64_t l = 0; l < mlp_network_layer_count(net); l++)
		if (mlp_network_dropout(net, l) != 0)
			return false;
	return true;
}

static bool has_kink(mlp_activation sigma)
{
	return sigma == MLP_RELU || sigma == MLP_LEAKY_RELU || sigma == MLP_ELU ||
	       sigma == MLP_SELU;
}

/* Moderate, and whether any s lies where a derivative jumps. */
static bool look_at(struct twin *twin)
{
	const struct naive *naive = twin->naive;
	for (size_t l = 1; l <= naive->layer_count; l++)
		for (size_t i = 0; i < naive->width[l]; i++) {
			double s = fabs(naive->s[l][i]);
			if (!(s < MODERATE))
				return false;
			if (has_kink(naive->sigma[l]) && s < 1e-3)
				twin->is_far_from_kinks = false;
		}
	return true;
}

/* The objective of a row: its gradient with respect to what the loss reads. */
static bool lose(struct twin *twin, const struct objective *objective, size_t row, double factor,
		 double *dl_dy)
{
	double target[MOST_WIDTH] = {0};
	const struct naive *naive = twin->naive;
	size_t last = naive->layer_count, n = twin->n_out;
	bool by_logits = mlp_loss_reads_logits(objective->loss) == 1;
	const double *y = by_logits ? naive->s[last] : naive->x[last];
	for (size_t i = 0; i < n && !objective->by_class; i++)
		target[i] = array_at(objective->target, row, i);
	if (objective->by_class)
		target[((const int64_t *)objective->target->data)[row]] = 1;
	for (size_t i = 0; i < n; i++) {
		double d = fabs(y[i] - target[i]);
		if (objective->loss == MLP_ABSOLUTE_ERROR && d < 1e-3)
			twin->is_far_from_kinks = false;
	}
	double value = naive_loss(objective->loss, objective->parameter, y, target, n);
	twin->value += factor * value;
	naive_loss_gradient(objective->loss, objective->parameter, y, target, n, dl_dy);
	for (size_t i = 0; i < n; i++)
		dl_dy[i] *= factor;
	return fabs(value) < 1e4;
}

/* What each row's loss is multiplied by. */
static double factor_of(const struct objective *objective, size_t rows, size_t row)
{
	double sum = 0;
	bool is_weighted = objective->weight->data != NULL;
	for (size_t i = 0; i < rows; i++)
		sum += is_weighted ? array_at(objective->weight, i, 0) : 1;
	double weight = is_weighted ? array_at(objective->weight, row, 0) : 1;
	return objective->reduction == MLP_MEAN ? weight / sum : weight;
}

static bool run_row(struct twin *twin, const struct objective *objective, const struct array *x,
		    size_t row)
{
	double dl_dy[MOST_WIDTH];
	struct naive *naive = twin->naive;
	size_t last = naive->layer_count;
	for (size_t i = 0; i < twin->n_in; i++)
		twin->dl_dx0[row * twin->n_in + i] = array_at(x, row, i);
	naive_forward(naive, twin->dl_dx0 + row * twin->n_in);
	memset(twin->dl_dx0 + row * twin->n_in, 0, twin->n_in * sizeof(double));
	memcpy(twin->y + row * twin->n_out, naive->x[last], twin->n_out * sizeof(double));
	if (!look_at(twin))
		return false;
	double factor = objective != NULL ? factor_of(objective, x->rows, row) : 0;
	if (factor == 0)
		return true;
	if (!lose(twin, objective, row, factor, dl_dy))
		return false;
	if (mlp_loss_reads_logits(objective->loss) == 1)
		naive_backward_logits(naive, dl_dy);
	else
		naive_backward(naive, dl_dy);
	memcpy(twin->dl_dx0 + row * twin->n_in, naive->dx[0], twin->n_in * sizeof(double));
	return true;
}

bool twin_run(struct twin *twin, const mlp_network *net, const struct array *x,
	      const struct objective *objective)
{
	*twin = (struct twin){.naive = naive_create(net),
			      .n_in = width_in(net),
			      .n_out = width_out(net),
			      .count = (size_t)mlp_network_parameter_count(net),
			      .is_far_from_kinks = true};
	twin->y = calloc(x->rows * twin->n_out, sizeof(double));
	twin->dl_dx0 = calloc(x->rows * twin->n_in, sizeof(double));
	twin->grad = calloc(twin->count, sizeof(double));
	bool ok = true;
	for (size_t row = 0; row < x->rows && ok; row++)
		ok = run_row(twin, objective, x, row);
	naive_gradient(twin->naive, twin->grad);
	return ok;
}

void twin_end(struct twin *twin)
{
	naive_free(twin->naive);
	free(twin->y);
	free(twin->grad);
	free(twin->dl_dx0);
}

static double tolerance_of(const mlp_network *net)
{
	return mlp_network_dtype(net) == MLP_F32 ? 1e-3 : 1e-9;
}

void require_near(double is, double should, const mlp_network *net, const char *what)
{
	REQUIRE(fabs(is - should) <= tolerance_of(net) * fmax(1, fabs(should)),
		"%s: %.17g in place of %.17g", what, is, should);
}

/* The layer of a parameter, and whether it is a bias. */
static int64_t layer_of(const mlp_network *net, int64_t i, bool *is_bias)
{
	int64_t l = 0, w_offset = 0, b_offset = 0, next = 0;
	do {
		l++;
		mlp_network_layout(net, l, &w_offset, &b_offset);
		next = b_offset + mlp_network_width(net, l);
	} while (i >= next);
	*is_bias = i >= b_offset;
	return l;
}

static double largest_of(const struct twin *twin)
{
	double largest = 1;
	for (size_t i = 0; i < twin->count; i++)
		largest = fmax(largest, fabs(twin->grad[i]));
	return largest;
}

void twin_require_gradient(const struct twin *twin, const mlp_network *net,
			   const struct array *grad, const double *before, const char *what)
{
	double bound = tolerance_of(net) * largest_of(twin);
	bool is_bias;
	for (size_t i = 0; i < twin->count; i++) {
		int64_t l = layer_of(net, (int64_t)i, &is_bias);
		double is = array_at(grad, 0, i);
		bool is_none = is_bias && !mlp_network_has_bias(net, l);
		double should = (is_none ? 0 : twin->grad[i]) + (before != NULL ? before[i] : 0);
		REQUIRE(fabs(is - should) <= bound, "%s: gradient %zu is %.17g in place of %.17g",
			what, i, is, should);
	}
}

void twin_require_step(const struct twin *twin, const mlp_network *net, double eta,
		       const char *what)
{
	double bound = tolerance_of(net) * fmax(1, fabs(eta) * largest_of(twin));
	const struct naive *naive = twin->naive;
	bool is_bias;
	size_t i = 0;
	for (size_t l = 1; l <= naive->layer_count; l++)
		for (size_t k = 0; k < naive->width[l] * (naive->width[l - 1] + 1); k++, i++) {
			layer_of(net, (int64_t)i, &is_bias);
			size_t weights = naive->width[l] * naive->width[l - 1];
			double before = is_bias ? naive->b[l][k - weights] : naive->w[l][k];
			double is = parameter_at(net, (int64_t)i);
			if (is_bias && !mlp_network_has_bias(net, (int64_t)l))
				continue;
			if (mlp_network_is_frozen(net, (int64_t)l))
				REQUIRE(is == before, "%s: a frozen layer has changed", what);
			else
				REQUIRE(fabs(is - (before - eta * twin->grad[i])) <= bound,
					"%s: parameter %zu is %.17g in place of %.17g", what, i, is,
					before - eta * twin->grad[i]);
		}
}
