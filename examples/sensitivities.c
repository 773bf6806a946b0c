/* Sensitivities of a surrogate. A network learns what a simulation computes, here the range and the
 * height of a throw from its speed and angle,
 *
 *     range = v^2 sin(2 a) / g          height = v^2 sin(a)^2 / (2 g)
 *
 * and its Jacobian tells how much each result changes with each input, in metres per metre a second and per
 * radian: no differences, no step size, all samples in one call. A first look, before training, compares
 * the gradient of the loss with differences.
 *
 *     cc sensitivities.c $(pkg-config --cflags --libs mlp) -lm */
#include <math.h>
#include <mlp/mlp.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 1024, BATCH = 32, STEPS = 40000, IN = 2, OUT = 2, SHOWN = 4 };

static const double GRAVITY = 9.81;

static void check(mlp_status status)
{
	if (status == MLP_OK)
		return;
	fprintf(stderr, "%s: %s\n", mlp_status_name(status), mlp_last_error());
	exit(1);
}

static double uniform(uint64_t *seed, double low, double high)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return low + (high - low) * (double)(*seed >> 40) / 16777216.0;
}

static void simulate(const double *x, double *y)
{
	double v = x[0], a = x[1];
	y[0] = v * v * sin(2 * a) / GRAVITY;
	y[1] = v * v * sin(a) * sin(a) / (2 * GRAVITY);
}

/* dy_i/dx_j of the simulation itself, which a surrogate's user does not have. */
static void differentiate(const double *x, double *jacobian)
{
	double v = x[0], a = x[1];
	jacobian[0] = 2 * v * sin(2 * a) / GRAVITY;
	jacobian[1] = 2 * v * v * cos(2 * a) / GRAVITY;
	jacobian[2] = v * sin(a) * sin(a) / GRAVITY;
	jacobian[3] = v * v * sin(2 * a) / (2 * GRAVITY);
}

/* A surrogate that takes and gives raw numbers, and learns on scaled ones. */
static mlp_network *create(const double *x, const double *t)
{
	mlp_network *net;
	check(mlp_network_create(MLP_F64, (const int64_t[]){IN, 24, 24, OUT}, 4, &net));
	check(mlp_network_set_activation(net, MLP_HIDDEN_LAYERS, MLP_TANH));
	check(mlp_network_init(net, MLP_ALL_LAYERS, MLP_INIT_GLOROT_UNIFORM, 0, 1));
	check(mlp_network_fit_input_scaling_f64(net, MLP_SCALING_STANDARD, x, IN, ROWS));
	check(mlp_network_fit_output_scaling_f64(net, MLP_SCALING_STANDARD, t, OUT, ROWS));
	return net;
}

static void train(mlp_network *net, const double *x, const double *t, uint64_t *seed)
{
	mlp_workspace *ws;
	check(mlp_workspace_create(net, BATCH, MLP_TRAINING, &ws));
	for (int step = 0; step < STEPS; step++) {
		int first = (int)uniform(seed, 0, ROWS - BATCH);
		double eta = 0.2 * (1 - (double)step / STEPS) + 0.001;
		check(mlp_train_step_f64(net, ws, x + IN * first, IN, t + OUT * first, OUT, NULL,
					 BATCH, MLP_SQUARED_ERROR, 0, MLP_MEAN, eta, NULL));
	}
	mlp_workspace_free(ws);
}

int main(void)
{
	static double x[ROWS][IN], t[ROWS][OUT], y[ROWS][OUT], jacobian[ROWS][OUT * IN];
	static const char *const names[] = {"d range / d speed", "d range / d angle",
					    "d height / d speed", "d height / d angle"};
	uint64_t seed = 7;
	for (int n = 0; n < ROWS; n++) {
		x[n][0] = uniform(&seed, 10, 30);
		x[n][1] = uniform(&seed, 0.2, 1.4);
		simulate(x[n], t[n]);
	}

	mlp_network *net = create(x[0], t[0]);
	int64_t worst;
	double analytic, numeric, error;
	check(mlp_gradient_check_f64(net, x[0], IN, t[0], OUT, NULL, 8, MLP_SQUARED_ERROR, 0,
				     MLP_MEAN, 0, &worst, &analytic, &numeric, &error));
	printf("gradient check: worst parameter %lld, %.9g by differences %.9g\n", (long long)worst,
	       analytic, numeric);
	train(net, x[0], t[0], &seed);

	mlp_workspace *ws;
	check(mlp_workspace_create(net, ROWS, MLP_TRAINING, &ws));
	check(mlp_jacobian_f64(net, ws, x[0], IN, ROWS, y[0], OUT, jacobian[0], OUT * IN));
	double off[OUT * IN] = {0}, size[OUT * IN] = {0}, exact[OUT * IN];
	for (int n = 0; n < ROWS; n++) {
		differentiate(x[n], exact);
		for (int k = 0; k < OUT * IN; k++) {
			off[k] += fabs(jacobian[n][k] - exact[k]);
			size[k] += fabs(exact[k]);
		}
	}
	differentiate(x[0], exact);
	printf("a throw at %.1f m/s and %.2f rad: %.1f m far, %.1f m high\n", x[0][0], x[0][1],
	       y[0][0], y[0][1]);
	double largest = 0;
	for (int k = 0; k < SHOWN; k++) {
		printf("  %-18s %8.3f, exactly %8.3f; on average %.1f %% off\n", names[k],
		       jacobian[0][k], exact[k], 100 * off[k] / size[k]);
		largest = fmax(largest, off[k] / size[k]);
	}
	printf("sensitivities are within %.0f %% on average\n", ceil(100 * largest));
	mlp_workspace_free(ws);
	mlp_network_free(net);
	return error < 1e-5 && largest < 0.1 ? 0 : 1;
}
