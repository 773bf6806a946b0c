/* The smallest complete program: a 2-4-1 network learns the exclusive or. */
#include <mlp/mlp.h>
#include <stdio.h>

int main(void)
{
	const float x[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}}, target[4][1] = {{0}, {1}, {1}, {0}};
	float y[4][1];
	double loss = 0;
	mlp_network *net = NULL;
	mlp_workspace *ws = NULL;

	mlp_status status = mlp_network_create(MLP_F32, (const int64_t[]){2, 4, 1}, 3, &net);
	if (status == MLP_OK)
		status = mlp_network_set_activation(net, MLP_HIDDEN_LAYERS, MLP_TANH);
	if (status == MLP_OK)
		status = mlp_network_set_activation(net, 2, MLP_SIGMOID);
	if (status == MLP_OK)
		status = mlp_workspace_create(net, 4, MLP_TRAINING, &ws);
	for (int step = 0; step < 1000 && status == MLP_OK; step++)
		status = mlp_train_step_f32(net, ws, x[0], 2, target[0], 1, NULL, 4,
					    MLP_BINARY_CROSS_ENTROPY, 0, MLP_MEAN, 1.0, &loss);
	if (status == MLP_OK)
		status = mlp_predict_f32(net, x[0], 2, 4, y[0], 1);
	if (status != MLP_OK)
		fprintf(stderr, "%s: %s\n", mlp_status_name(status), mlp_last_error());
	for (int n = 0; n < 4 && status == MLP_OK; n++)
		printf("%g xor %g = %.3f\n", x[n][0], x[n][1], y[n][0]);
	mlp_workspace_free(ws);
	mlp_network_free(net);
	return status != MLP_OK;
}
