/* A caller's program in C: three training steps and a prediction. */
#include <mlp/mlp.h>
#include <stdio.h>

int main(void)
{
	const int64_t widths[] = {2, 8, 1};
	const float x[] = {0, 0, 0, 1, 1, 0, 1, 1}, t[] = {0, 1, 1, 0};
	float y[4];
	double loss[3] = {0, 0, 0};
	mlp_network *net = NULL;
	mlp_workspace *ws = NULL;

	if (MLP_CHECK_HEADER() || mlp_network_create(MLP_F32, widths, 3, &net) ||
	    mlp_workspace_create(net, 4, MLP_TRAINING, &ws))
		return fprintf(stderr, "%s\n", mlp_last_error()), 1;
	for (int i = 0; i < 3; i++)
		if (mlp_train_step_f32(net, ws, x, 2, t, 1, NULL, 4, MLP_SQUARED_ERROR, 0, MLP_MEAN,
				       0.05, &loss[i]))
			return fprintf(stderr, "%s\n", mlp_last_error()), 1;
	if (mlp_predict_f32(net, x, 2, 4, y, 1))
		return fprintf(stderr, "%s\n", mlp_last_error()), 1;
	printf("libmlp %s on %s (%s): loss %g, then %g\n", mlp_version_string(),
	       mlp_build_info(MLP_BUILD_BLAS), mlp_build_info(MLP_BUILD_BLAS_THREADS), loss[0],
	       loss[2]);
	mlp_workspace_free(ws);
	mlp_network_free(net);
	return loss[2] < loss[0] ? 0 : 1;
}
