/* The exclusive or, learned by a 2-4-1 network. */
#include <mlp/mlp.h>
#include <stdio.h>

int main(void)
{
	const int64_t widths[] = {2, 4, 1};
	const float x[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}}, t[4] = {0, 1, 1, 0};
	float y[4];
	mlp_network *net;
	mlp_workspace *ws;

	if (mlp_network_create(MLP_F32, widths, 3, &net) ||
	    mlp_network_set_activation(net, 1, MLP_TANH) ||
	    mlp_network_set_activation(net, 2, MLP_SIGMOID) ||
	    mlp_workspace_create(net, 4, MLP_TRAINING, &ws))
		return fprintf(stderr, "%s\n", mlp_last_error()), 1;

	for (int step = 0; step < 1000; step++) /* gradient descent with eta = 1 */
		if (mlp_train_step_f32(net, ws, x[0], 2, t, 1, NULL, 4, MLP_BINARY_CROSS_ENTROPY, 0,
				       MLP_MEAN, 1.0, NULL))
			return fprintf(stderr, "%s\n", mlp_last_error()), 1;

	mlp_predict_f32(net, x[0], 2, 4, y, 1);
	for (int n = 0; n < 4; n++)
		printf("%g xor %g = %.3f\n", x[n][0], x[n][1], y[n]);
	mlp_workspace_free(ws);
	mlp_network_free(net);
}
