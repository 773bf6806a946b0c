/* A network in files: trained, saved, loaded again, the two compared, and exported as C source.
 * usage: save_and_load [FOLDER] */
#include <math.h>
#include <mlp/mlp.h>
#include <stdio.h>

enum { SAMPLES = 64 };

/* y = sin 3 x on -1 .. 1 */
static mlp_network *train(void)
{
	const int64_t widths[] = {1, 16, 1};
	float x[SAMPLES], t[SAMPLES];
	mlp_network *net;
	mlp_workspace *ws = NULL;

	if (mlp_network_create(MLP_F32, widths, 3, &net) ||
	    mlp_network_set_activation(net, 1, MLP_TANH) ||
	    mlp_workspace_create(net, SAMPLES, MLP_TRAINING, &ws)) {
		mlp_network_free(net);
		return NULL;
	}
	for (int n = 0; n < SAMPLES; n++) {
		x[n] = 2 * (float)n / (SAMPLES - 1) - 1;
		t[n] = sinf(3 * x[n]);
	}
	for (int step = 0; step < 20000; step++)
		mlp_train_step_f32(net, ws, x, 1, t, 1, NULL, SAMPLES, MLP_SQUARED_ERROR, 0,
				   MLP_MEAN, 0.1, NULL);
	mlp_workspace_free(ws);
	return net;
}

static int fail(void)
{
	fprintf(stderr, "%s\n", mlp_last_error());
	return 1;
}

int main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : ".";
	char model[1000], source[1000];
	const float x[1] = {0.5F};
	float before, after;
	mlp_network *net = train(), *loaded;

	if (net == NULL)
		return fail();
	snprintf(model, sizeof(model), "%s/sine.safetensors", folder);
	snprintf(source, sizeof(source), "%s/sine.c", folder);

	/* a crash here would leave the old file or the new one, never half of it */
	if (mlp_network_save(net, model) || mlp_network_load(model, NULL, &loaded))
		return fail();
	if (mlp_predict_f32(net, x, 1, 1, &before, 1) ||
	    mlp_predict_f32(loaded, x, 1, 1, &after, 1))
		return fail();
	printf("sin(3 * 0.5) is about %.3f before and %.3f after, the same bits: %s\n", before,
	       after, before == after ? "yes" : "no");

	/* cc -Dsine_MAIN sine.c -lm && ./a.out 0.5 */
	if (mlp_export_c(loaded, "sine", source))
		return fail();
	printf("written: %s, %s\n", model, source);
	mlp_network_free(loaded);
	mlp_network_free(net);
	return 0;
}
