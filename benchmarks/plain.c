/* The plain loop. */
#include "plain.h"

#include <stdlib.h>
#include <string.h>

#include "activation.h"
#include "fail.h"

void FN(plain_init)(struct FN(plain) * plain, const mlp_network *net, int64_t batch, const REAL *x,
		    const REAL *target)
{
	size_t layer_count = (size_t)mlp_network_layer_count(net), rows = (size_t)batch;
	int64_t count = mlp_network_parameter_count(net);
	REAL *parameters = allocate((size_t)count, 1, sizeof(REAL));
	check(MLP(network_get_parameters)(net, parameters, count), "mlp_network_get_parameters");

	struct FN(plain_layer) *layers = allocate(layer_count, 1, sizeof *layers);
	for (size_t l = 0; l < layer_count; l++) {
		struct FN(plain_layer) *layer = &layers[l];
		int64_t number = (int64_t)l + 1, w_offset = 0, b_offset = 0;
		check(mlp_network_layout(net, number, &w_offset, &b_offset), "mlp_network_layout");
		layer->n_in = (size_t)mlp_network_width(net, number - 1);
		layer->n_out = (size_t)mlp_network_width(net, number);
		layer->activation = mlp_network_activation(net, number);
		layer->activation_parameter = (REAL)mlp_network_activation_parameter(net, number);
		layer->w = parameters + w_offset;
		layer->b = parameters + b_offset;
		layer->s = allocate(rows, layer->n_out, sizeof(REAL));
		layer->x = layer->s;
		if (FN(activation_needs_s)(layer->activation))
			layer->x = allocate(rows, layer->n_out, sizeof(REAL));
		layer->ds = allocate(rows, layer->n_out, sizeof(REAL));
	}
	*plain = (struct FN(plain)){layer_count, rows, parameters, layers, x, target, 0, 0};
}

void FN(plain_free)(struct FN(plain) * plain)
{
	for (size_t l = 0; l < plain->layer_count; l++) {
		struct FN(plain_layer) *layer = &plain->layers[l];
		if (layer->x != layer->s)
			free(layer->x);
		free(layer->s);
		free(layer->ds);
	}
	free(plain->layers);
	free(plain->parameters);
}

static const REAL *input_of(const struct FN(plain) * plain, size_t l)
{
	return l > 0 ? plain->layers[l - 1].x : plain->x;
}

/* s = x w^T + 1 b^T, x' = sigma(s) */
static void forward_layer(const struct FN(plain) * plain, size_t l)
{
	const struct FN(plain_layer) *layer = &plain->layers[l];
	const REAL *x = input_of(plain, l);
	size_t batch = plain->batch;
	int rows = (int)batch, n_in = (int)layer->n_in, n_out = (int)layer->n_out;

	for (size_t n = 0; n < batch; n++)
		memcpy(layer->s + n * layer->n_out, layer->b, layer->n_out * sizeof(REAL));
	if (rows == 1)
		GEMV(CblasRowMajor, CblasNoTrans, n_out, n_in, 1, layer->w, n_in, x, 1, 1, layer->s,
		     1);
	else
		GEMM(CblasRowMajor, CblasNoTrans, CblasTrans, rows, n_out, n_in, 1, x, n_in,
		     layer->w, n_in, 1, layer->s, n_out);
	FN(activation_forward)
	(layer->activation, layer->activation_parameter, layer->s, batch * layer->n_out, layer->x);
}

/* dl/dx(L) = (x(L) - t) / batch, into the last layer's ds; returns the loss. */
static double loss_gradient(const struct FN(plain) * plain)
{
	const struct FN(plain_layer) *last = &plain->layers[plain->layer_count - 1];
	REAL scale = 1 / (REAL)plain->batch;
	double sum = 0;
	for (size_t i = 0; i < plain->batch * last->n_out; i++) {
		REAL error = last->x[i] - plain->target[i];
		sum += 0.5 * (double)error * (double)error;
		last->ds[i] = scale * error;
	}
	return sum / (double)plain->batch;
}

/* ds = dx .* sigma'(s), dx(l-1) = ds w, then w -= eta ds^T x and b -= eta ds^T 1 */
static void backward_layer(const struct FN(plain) * plain, size_t l)
{
	const struct FN(plain_layer) *layer = &plain->layers[l];
	const REAL *x = input_of(plain, l);
	REAL *dx = l > 0 ? plain->layers[l - 1].ds : NULL;
	REAL eta = (REAL)plain->eta;
	size_t batch = plain->batch;
	int rows = (int)batch, n_in = (int)layer->n_in, n_out = (int)layer->n_out;

	FN(activation_backward)
	(layer->activation, layer->activation_parameter, layer->s, layer->x, batch * layer->n_out,
	 layer->ds);
	if (dx != NULL && rows == 1)
		GEMV(CblasRowMajor, CblasTrans, n_out, n_in, 1, layer->w, n_in, layer->ds, 1, 0, dx,
		     1);
	else if (dx != NULL)
		GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, n_in, n_out, 1, layer->ds,
		     n_out, layer->w, n_in, 0, dx, n_in);
	if (rows == 1)
		GER(CblasRowMajor, n_out, n_in, -eta, layer->ds, 1, x, 1, layer->w, n_in);
	else
		GEMM(CblasRowMajor, CblasTrans, CblasNoTrans, n_out, n_in, rows, -eta, layer->ds,
		     n_out, x, n_in, 1, layer->w, n_in);
	for (size_t n = 0; n < batch; n++)
		for (size_t i = 0; i < layer->n_out; i++)
			layer->b[i] -= eta * layer->ds[n * layer->n_out + i];
}

void FN(plain_forward)(void *context)
{
	const struct FN(plain) *plain = context;
	for (size_t l = 0; l < plain->layer_count; l++)
		forward_layer(plain, l);
}

void FN(plain_step)(void *context)
{
	struct FN(plain) *plain = context;
	FN(plain_forward)(plain);
	plain->loss = loss_gradient(plain);
	for (size_t l = plain->layer_count; l-- > 0;)
		backward_layer(plain, l);
}
