/* A loss of one's own: quantile regression. The library has no such loss; it needs only the gradient
 * of the loss at the output, dl/dx(L).
 *
 *     l(x, t) = q (t - x) for t > x, else (1 - q) (x - t)            (pinball loss; Koenker and
 *     dl/dx   = -q for t > x, else 1 - q                              Bassett 1978)
 *
 * Trained with q = 0.9 on noisy data, the output lies above about 90 % of the targets.
 *
 *     cc custom_loss.c $(pkg-config --cflags --libs mlp) -lm */
#include <math.h>
#include <mlp/mlp.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 256, STEPS = 2000 };

static const float QUANTILE = 0.9F;

static void check(mlp_status status)
{
	if (status == MLP_OK)
		return;
	fprintf(stderr, "%s: %s\n", mlp_status_name(status), mlp_last_error());
	exit(1);
}

static float uniform(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (float)(*seed >> 40) / 16777216.0F;
}

int main(void)
{
	static float x[ROWS], t[ROWS], y[ROWS], dl_dx[ROWS];
	uint64_t seed = 1;
	for (int n = 0; n < ROWS; n++) { /* a sine with noise that is uniform in 0 .. 1 */
		x[n] = 4 * uniform(&seed) - 2;
		t[n] = sinf(2 * x[n]) + uniform(&seed);
	}

	mlp_network *net;
	mlp_workspace *ws;
	check(mlp_network_create(MLP_F32, (const int64_t[]){1, 32, 32, 1}, 4, &net));
	check(mlp_network_set_activation(net, MLP_HIDDEN_LAYERS, MLP_TANH));
	check(mlp_workspace_create(net, ROWS, MLP_TRAINING, &ws));
	float *gradient = malloc((size_t)mlp_network_parameter_count(net) * sizeof(float));
	if (gradient == NULL)
		return 1;

	for (int step = 0; step < STEPS; step++) {
		check(mlp_forward_f32(net, ws, x, 1, ROWS, y, 1));
		for (int n = 0; n < ROWS; n++)
			dl_dx[n] = (t[n] > y[n] ? -QUANTILE : 1 - QUANTILE) / ROWS;
		check(mlp_backward_f32(net, ws, dl_dx, 1, ROWS, 0, gradient, NULL, 0));
		check(mlp_update_f32(net, ws, gradient, step < STEPS * 2 / 3 ? 0.1 : 0.02));
	}

	int below = 0;
	check(mlp_predict_f32(net, x, 1, ROWS, y, 1));
	for (int n = 0; n < ROWS; n++)
		below += t[n] <= y[n];
	printf("%.1f %% of the targets lie below the predicted %.0f %% quantile\n",
	       100.0 * below / ROWS, 100 * (double)QUANTILE);
	free(gradient);
	mlp_workspace_free(ws);
	mlp_network_free(net);
	return below > ROWS * 0.85 && below < ROWS * 0.95 ? 0 : 1;
}
