/* The slow twin: the lecture's formulas as loops. */
#include "support/naive.h"

#include <math.h>
#include <stdlib.h>

static double *vector(size_t n)
{
	return calloc(n, sizeof(double));
}

static double **vectors(const struct naive *naive)
{
	return calloc(naive->layer_count + 1, sizeof(double *));
}

static void read_layer(struct naive *naive, const mlp_network *net, size_t l)
{
	int64_t w_offset, b_offset;
	mlp_network_layout(net, (int64_t)l, &w_offset, &b_offset);
	size_t weights = naive->width[l] * naive->width[l - 1];
	const float *f32 =
		mlp_network_dtype(net) == MLP_F32 ? mlp_network_const_parameters_f32(net) : NULL;
	const double *f64 = f32 == NULL ? mlp_network_const_parameters_f64(net) : NULL;
	for (size_t i = 0; i < weights; i++)
		naive->w[l][i] = f32 != NULL ? (double)f32[w_offset + (int64_t)i]
					     : f64[w_offset + (int64_t)i];
	for (size_t i = 0; i < naive->width[l] && mlp_network_has_bias(net, (int64_t)l); i++)
		naive->b[l][i] = f32 != NULL ? (double)f32[b_offset + (int64_t)i]
					     : f64[b_offset + (int64_t)i];
	naive->sigma[l] = mlp_network_activation(net, (int64_t)l);
	naive->parameter[l] = mlp_network_activation_parameter(net, (int64_t)l);
}

struct naive *naive_create(const mlp_network *net)
{
	struct naive *naive = calloc(1, sizeof(*naive));
	naive->layer_count = (size_t)mlp_network_layer_count(net);
	naive->width = calloc(naive->layer_count + 1, sizeof(size_t));
	naive->sigma = calloc(naive->layer_count + 1, sizeof(mlp_activation));
	naive->parameter = vector(naive->layer_count + 1);
	double ***all[] = {&naive->w, &naive->b,  &naive->x,  &naive->dx,
			   &naive->s, &naive->ds, &naive->dw, &naive->db};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		*all[i] = vectors(naive);
	for (size_t l = 0; l <= naive->layer_count; l++) {
		naive->width[l] = (size_t)mlp_network_width(net, (int64_t)l);
		naive->x[l] = vector(naive->width[l]);
		naive->dx[l] = vector(naive->width[l]);
		if (l == 0)
			continue;
		naive->s[l] = vector(naive->width[l]);
		naive->ds[l] = vector(naive->width[l]);
		naive->w[l] = vector(naive->width[l] * naive->width[l - 1]);
		naive->dw[l] = vector(naive->width[l] * naive->width[l - 1]);
		naive->b[l] = vector(naive->width[l]);
		naive->db[l] = vector(naive->width[l]);
		read_layer(naive, net, l);
	}
	return naive;
}

void naive_free(struct naive *naive)
{
	double **all[] = {naive->w, naive->b,  naive->x,  naive->dx,
			  naive->s, naive->ds, naive->dw, naive->db};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		for (size_t l = 0; l <= naive->layer_count; l++)
			free(all[i][l]);
		free(all[i]);
	}
	free(naive->width);
	free(naive->sigma);
	free(naive->parameter);
	free(naive);
}

double naive_sigma(mlp_activation sigma, double a, double s)
{
	switch (sigma) {
	case MLP_SIGMOID:
		return 1 / (1 + exp(-s));
	case MLP_TANH:
		return tanh(s);
	case MLP_RELU:
		return fmax(s, 0);
	case MLP_LEAKY_RELU:
		return s > 0 ? s : a * s;
	case MLP_ELU:
		return s > 0 ? s : a * (exp(s) - 1);
	case MLP_SELU:
		return 1.0507009873554805 * (s > 0 ? s : 1.6732632423543772 * (exp(s) - 1));
	case MLP_SOFTPLUS:
		return log(1 + exp(s));
	case MLP_SOFTSIGN:
		return s / (1 + fabs(s));
	case MLP_GELU:
		return s * 0.5 * (1 + erf(s / sqrt(2)));
	case MLP_SILU:
		return s / (1 + exp(-s));
	case MLP_SIN:
		return sin(s);
	default:
		return s;
	}
}

double naive_sigma_derivative(mlp_activation sigma, double a, double s)
{
	double g = 1 / (1 + exp(-s));
	switch (sigma) {
	case MLP_SIGMOID:
		return g * (1 - g);
	case MLP_TANH:
		return 1 / (cosh(s) * cosh(s));
	case MLP_RELU:
		return s > 0 ? 1 : 0;
	case MLP_LEAKY_RELU:
		return s > 0 ? 1 : a;
	case MLP_ELU:
		return s > 0 ? 1 : a * exp(s);
	case MLP_SELU:
		return 1.0507009873554805 * (s > 0 ? 1 : 1.6732632423543772 * exp(s));
	case MLP_SOFTPLUS:
		return g;
	case MLP_SOFTSIGN:
		return 1 / ((1 + fabs(s)) * (1 + fabs(s)));
	case MLP_GELU:
		return 0.5 * (1 + erf(s / sqrt(2))) + s * exp(-s * s / 2) / sqrt(2 * acos(-1));
	case MLP_SILU:
		return g + s * g * (1 - g);
	case MLP_SIN:
		return cos(s);
	default:
		return 1;
	}
}

static void softmax(const double *s, size_t n, double *x)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += exp(s[i]);
	for (size_t i = 0; i < n; i++)
		x[i] = exp(s[i]) / sum;
}

void naive_forward(struct naive *naive, const double *x0)
{
	for (size_t j = 0; j < naive->width[0]; j++)
		naive->x[0][j] = x0[j];
	for (size_t l = 1; l <= naive->layer_count; l++) {
		size_t n = naive->width[l], m = naive->width[l - 1];
		for (size_t i = 0; i < n; i++) {
			naive->s[l][i] = naive->b[l][i];
			for (size_t j = 0; j < m; j++)
				naive->s[l][i] += naive->w[l][i * m + j] * naive->x[l - 1][j];
			naive->x[l][i] =
				naive_sigma(naive->sigma[l], naive->parameter[l], naive->s[l][i]);
		}
		if (naive->sigma[l] == MLP_SOFTMAX)
			softmax(naive->s[l], n, naive->x[l]);
	}
}

/* ds(l) from dx(l) */
static void derive(struct naive *naive, size_t l)
{
	size_t n = naive->width[l];
	for (size_t i = 0; i < n; i++) {
		naive->ds[l][i] = 0;
		if (naive->sigma[l] != MLP_SOFTMAX) {
			naive->ds[l][i] =
				naive->dx[l][i] * naive_sigma_derivative(naive->sigma[l],
									 naive->parameter[l],
									 naive->s[l][i]);
			continue;
		}
		for (size_t k = 0; k < n; k++) /* the Jacobian of the softmax */
			naive->ds[l][i] +=
				naive->dx[l][k] * naive->x[l][k] * ((i == k) - naive->x[l][i]);
	}
}

/* dw(l), db(l), dx(l-1) from ds(l) */
static void descend(struct naive *naive, size_t l)
{
	size_t n = naive->width[l], m = naive->width[l - 1];
	for (size_t j = 0; j < m; j++) {
		naive->dx[l - 1][j] = 0;
		for (size_t i = 0; i < n; i++) {
			naive->dx[l - 1][j] += naive->w[l][i * m + j] * naive->ds[l][i];
			naive->dw[l][i * m + j] += naive->ds[l][i] * naive->x[l - 1][j];
		}
	}
	for (size_t i = 0; i < n; i++)
		naive->db[l][i] += naive->ds[l][i];
}

void naive_backward(struct naive *naive, const double *dl_dx)
{
	size_t last = naive->layer_count;
	for (size_t i = 0; i < naive->width[last]; i++)
		naive->dx[last][i] = dl_dx[i];
	for (size_t l = last; l >= 1; l--) {
		derive(naive, l);
		descend(naive, l);
	}
}

void naive_backward_logits(struct naive *naive, const double *dl_ds)
{
	size_t last = naive->layer_count;
	for (size_t i = 0; i < naive->width[last]; i++)
		naive->ds[last][i] = dl_ds[i];
	for (size_t l = last; l >= 1; l--) {
		if (l < last)
			derive(naive, l);
		descend(naive, l);
	}
}

void naive_zero(struct naive *naive)
{
	for (size_t l = 1; l <= naive->layer_count; l++) {
		for (size_t i = 0; i < naive->width[l] * naive->width[l - 1]; i++)
			naive->dw[l][i] = 0;
		for (size_t i = 0; i < naive->width[l]; i++)
			naive->db[l][i] = 0;
	}
}

void naive_gradient(const struct naive *naive, double *grad)
{
	for (size_t l = 1; l <= naive->layer_count; l++) {
		for (size_t i = 0; i < naive->width[l] * naive->width[l - 1]; i++)
			*grad++ = naive->dw[l][i];
		for (size_t i = 0; i < naive->width[l]; i++)
			*grad++ = naive->db[l][i];
	}
}

/* A label of the cross entropy. */
static double smoothed(double t, double a, size_t width)
{
	return (1 - a) * t + a / (double)width;
}

double naive_loss(mlp_loss loss, double a, const double *y, const double *t, size_t width)
{
	double value = 0, sum = 0;
	for (size_t i = 0; i < width; i++)
		sum += exp(y[i]);
	for (size_t i = 0; i < width; i++) {
		double d = y[i] - t[i];
		switch (loss) {
		case MLP_SQUARED_ERROR:
			value += d * d / 2;
			break;
		case MLP_ABSOLUTE_ERROR:
			value += fabs(d);
			break;
		case MLP_HUBER:
			value += fabs(d) <= a ? d * d / 2 : a * (fabs(d) - a / 2);
			break;
		case MLP_LOG_COSH:
			value += log(cosh(d));
			break;
		case MLP_BINARY_CROSS_ENTROPY:
			value += log(1 + exp(y[i])) - t[i] * y[i];
			break;
		case MLP_CROSS_ENTROPY:
			value += smoothed(t[i], a, width) * (log(sum) - y[i]);
			break;
		case MLP_POISSON:
			value += exp(y[i]) - t[i] * y[i];
			break;
		case MLP_LOSS_MAX_ENUM:
			break;
		}
	}
	return value;
}

void naive_loss_gradient(mlp_loss loss, double a, const double *y, const double *t, size_t width,
			 double *dl_dy)
{
	double sum = 0, sum_t = 0;
	for (size_t i = 0; i < width; i++) {
		sum += exp(y[i]);
		sum_t += smoothed(t[i], loss == MLP_CROSS_ENTROPY ? a : 0, width);
	}
	for (size_t i = 0; i < width; i++) {
		double d = y[i] - t[i];
		switch (loss) {
		case MLP_SQUARED_ERROR:
			dl_dy[i] = d;
			break;
		case MLP_ABSOLUTE_ERROR:
			dl_dy[i] = (d > 0) - (d < 0);
			break;
		case MLP_HUBER:
			dl_dy[i] = fabs(d) <= a ? d : copysign(a, d);
			break;
		case MLP_LOG_COSH:
			dl_dy[i] = tanh(d);
			break;
		case MLP_BINARY_CROSS_ENTROPY:
			dl_dy[i] = 1 / (1 + exp(-y[i])) - t[i];
			break;
		case MLP_CROSS_ENTROPY:
			dl_dy[i] = exp(y[i]) / sum * sum_t - smoothed(t[i], a, width);
			break;
		case MLP_POISSON:
			dl_dy[i] = exp(y[i]) - t[i];
			break;
		case MLP_LOSS_MAX_ENUM:
			break;
		}
	}
}
