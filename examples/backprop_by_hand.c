/* Back-propagation in full: every quantity of the lecture "Back-propagation" (F. Fleuret, EE-559,
 * 3.6) for a 2-3-1 network and one sample, and each gradient checked against finite differences.
 *
 *     forward      s(l) = w(l) x(l-1) + b(l)            x(l) = sigma(s(l))
 *     backward     dl/ds(l) = dl/dx(l) .* sigma'(s(l))  dl/dx(l-1) = w(l)^T dl/ds(l)
 *     parameters   dl/dw(l) = dl/ds(l) x(l-1)^T         dl/db(l) = dl/ds(l)
 *     loss         l = |x(L) - t|^2 / 2
 *
 *     cc backprop_by_hand.c $(pkg-config --cflags --libs mlp) -lm */
#include <math.h>
#include <mlp/mlp.h>
#include <stdio.h>
#include <stdlib.h>

enum { LAYERS = 2, WIDEST = 3, PARAMETERS = 13 };

static const double INPUT[] = {0.5, -1.0}, TARGET[] = {0.8};

static void check(mlp_status status)
{
	if (status == MLP_OK)
		return;
	fprintf(stderr, "%s: %s\n", mlp_status_name(status), mlp_last_error());
	exit(1);
}

static void print(const char *name, int64_t layer, const double *values, int64_t rows,
		  int64_t columns)
{
	for (int64_t i = 0; i < rows; i++) {
		if (i == 0)
			printf("  %-5s(%lld) =", name, (long long)layer);
		else
			printf("             ");
		for (int64_t j = 0; j < columns; j++)
			printf(" %9.5f", values[i * columns + j]);
		printf("\n");
	}
}

/* A vector that the trace workspace holds. */
static void print_quantity(const mlp_workspace *ws, const char *name, mlp_quantity quantity,
			   int64_t layer, int64_t width)
{
	double values[WIDEST];
	check(mlp_workspace_read_f64(ws, quantity, layer, 1, values, width));
	print(name, layer, values, 1, width);
}

static double loss_of(const mlp_network *net, mlp_workspace *ws)
{
	double loss;
	check(mlp_evaluate_f64(net, ws, INPUT, 2, TARGET, 1, NULL, 1, MLP_SQUARED_ERROR, 0, MLP_SUM,
			       &loss, NULL, 0));
	return loss;
}

/* Largest difference between the gradient and (l(w + h) - l(w - h)) / 2h, over all parameters. */
static double worst_difference(mlp_network *net, mlp_workspace *ws, const double *gradient)
{
	const double h = 1e-6;
	double *parameters = mlp_network_parameters_f64(net), worst = 0;
	for (int i = 0; i < PARAMETERS; i++) {
		double value = parameters[i];
		parameters[i] = value + h;
		double above = loss_of(net, ws);
		parameters[i] = value - h;
		double below = loss_of(net, ws);
		parameters[i] = value;
		worst = fmax(worst, fabs((above - below) / (2 * h) - gradient[i]));
	}
	return worst;
}

int main(void)
{
	const int64_t widths[] = {2, 3, 1};
	double output[1], dl_dx[1], gradient[PARAMETERS];
	mlp_network *net;
	mlp_workspace *ws;
	check(mlp_network_create(MLP_F64, widths, LAYERS + 1, &net));
	check(mlp_network_set_activation(net, MLP_ALL_LAYERS, MLP_TANH));
	check(mlp_network_init(net, MLP_ALL_LAYERS, MLP_INIT_UNIFORM, 1.0, 7));
	check(mlp_workspace_create(net, 1, MLP_TRACE, &ws));

	check(mlp_forward_f64(net, ws, INPUT, 2, 1, output, 1));
	dl_dx[0] = output[0] - TARGET[0]; /* dl/dx(L) = x(L) - t */
	check(mlp_backward_f64(net, ws, dl_dx, 1, 1, 0, gradient, NULL, 0));

	for (int64_t l = 1; l <= LAYERS; l++) {
		int64_t n = widths[l], m = widths[l - 1], w, b;
		check(mlp_network_layout(net, l, &w, &b));
		printf("layer %lld: %lld inputs, %lld outputs\n", (long long)l, (long long)m,
		       (long long)n);
		print("w", l, mlp_network_const_parameters_f64(net) + w, n, m);
		print("b", l, mlp_network_const_parameters_f64(net) + b, 1, n);
		print_quantity(ws, "x", MLP_X, l - 1, m);
		print_quantity(ws, "s", MLP_S, l, n);
		print_quantity(ws, "x", MLP_X, l, n);
		print_quantity(ws, "dl/dx", MLP_DL_DX, l, n);
		print_quantity(ws, "dl/ds", MLP_DL_DS, l, n);
		print("dl/dw", l, gradient + w, n, m);
		print("dl/db", l, gradient + b, 1, n);
	}
	print_quantity(ws, "dl/dx", MLP_DL_DX, 0, 2);

	double worst = worst_difference(net, ws, gradient);
	printf("loss %.8f; largest difference from finite differences %.1e\n", loss_of(net, ws),
	       worst);
	mlp_workspace_free(ws);
	mlp_network_free(net);
	return worst < 1e-8 ? 0 : 1;
}
