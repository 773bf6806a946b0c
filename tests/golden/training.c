/* The training run, compiled for one element type. */
#include "golden/training.h"

#include <stdio.h>

#include "property/real.h"

enum { IN = 20, OUT = 5, ROWS = 203, BATCH = 64, EPOCHS = 3, LAYERS = 3 };

struct data {
	REAL x[ROWS * IN];
	int64_t classes[ROWS];
};

/* The same numbers everywhere: products and sums of few bits alone. */
static void fill(struct data *data)
{
	uint64_t seed = 2026;
	for (int n = 0; n < ROWS; n++) {
		int64_t sum = 0;
		for (int i = 0; i < IN; i++) {
			int64_t number = random_integer(&seed, -64, 63);
			data->x[n * IN + i] = (REAL)number / 32;
			sum += number * (i % 3 - 1);
		}
		data->classes[n] = sum > 0 ? sum % OUT : 0;
	}
}

static mlp_status prepare(mlp_network *net, mlp_workspace *ws, mlp_products products,
			  mlp_instructions instructions)
{
	mlp_status status = mlp_network_set_dropout(net, 2, 0.25);
	if (status == MLP_OK)
		status = mlp_workspace_set_dropout(ws, 1, 0);
	if (status == MLP_OK)
		status = mlp_workspace_set_tuning(ws, MLP_TUNING_PRODUCTS, products);
	if (status == MLP_OK)
		status = mlp_workspace_set_tuning(ws, MLP_TUNING_INSTRUCTIONS, instructions);
	return status;
}

/* All rows in batches, and the last three once more, one by one. */
static mlp_status train_epoch(mlp_network *net, mlp_workspace *ws, mlp_optimizer *adam,
			      const struct data *data)
{
	mlp_status status = MLP_OK;
	int64_t batch = 0;
	for (int64_t row = 0; row < ROWS + 3 && status == MLP_OK; row += batch) {
		const int64_t first = row < ROWS ? row : row - 3;
		batch = row >= ROWS ? 1 : ROWS - row < BATCH ? ROWS - row : BATCH;
		status = FN(optimizer_step_class)(adam, net, ws, data->x + first * IN, IN,
						  data->classes + first, NULL, batch,
						  MLP_CROSS_ENTROPY, 0.1, MLP_MEAN, NULL);
	}
	return status;
}

#if MLP_REAL_BITS == 32
#define TRAIN golden_train_f32
#else
#define TRAIN golden_train_f64
#endif

int TRAIN(mlp_products products, mlp_instructions instructions, uint64_t *digest)
{
	static struct data data;
	const int64_t widths[LAYERS + 1] = {IN, 70, 33, OUT};
	mlp_network *net = NULL;
	mlp_workspace *ws = NULL;
	mlp_optimizer *adam = NULL;
	fill(&data);
	mlp_status status = mlp_network_create(REAL_DTYPE, widths, LAYERS + 1, &net);
	if (status == MLP_OK)
		status = mlp_network_set_activation(net, 1, MLP_TANH);
	if (status == MLP_OK)
		status = mlp_network_set_activation(net, 2, MLP_GELU);
	if (status == MLP_OK)
		status = mlp_network_set_activation(net, LAYERS, MLP_SOFTMAX);
	if (status == MLP_OK)
		status = mlp_workspace_create(net, BATCH, MLP_TRAINING, &ws);
	if (status == MLP_OK)
		status = mlp_optimizer_create(net, MLP_ADAM, &adam);
	if (status == MLP_OK)
		status = prepare(net, ws, products, instructions);
	for (int epoch = 0; epoch < EPOCHS && status == MLP_OK; epoch++)
		status = train_epoch(net, ws, adam, &data);
	if (status == MLP_OK)
		status = mlp_network_digest(net, digest);
	if (status != MLP_OK)
		fprintf(stderr, "%s: %s\n", mlp_status_name(status), mlp_last_error());
	mlp_optimizer_free(adam);
	mlp_workspace_free(ws);
	mlp_network_free(net);
	return status == MLP_OK;
}
