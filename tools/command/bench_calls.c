/* The calls that mlp bench times. */
#include "command/bench_calls.h"

#include <stdlib.h>

#include "cli/memory.h"
#include "command/model.h"

static int64_t outputs_of(const struct bench *bench)
{
	return mlp_network_width(bench->net, mlp_network_layer_count(bench->net));
}

static void set_value(mlp_dtype dtype, void *values, int64_t i, double value)
{
	if (dtype == MLP_F64)
		((double *)values)[i] = value;
	else
		((float *)values)[i] = (float)value;
}

/* Uniform in -1 .. 1. */
static double draw(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (double)(*state >> 11) / 4503599627370496.0 - 1;
}

static void fill(struct bench *bench, int64_t rows, uint64_t seed)
{
	mlp_dtype dtype = mlp_network_dtype(bench->net);
	int64_t n_in = mlp_network_width(bench->net, 0), n_out = outputs_of(bench);
	double *shift = make((size_t)n_in, sizeof *shift),
	       *scale = make((size_t)n_in, sizeof *scale);
	mlp_network_get_input_scaling(bench->net, shift, scale);
	for (int64_t n = 0; n < rows; n++) {
		for (int64_t i = 0; i < n_in; i++)
			set_value(dtype, bench->x, n * n_in + i, shift[i] + scale[i] * draw(&seed));
		for (int64_t i = 0; i < n_out; i++) /* one of them 1: probabilities too */
			set_value(dtype, bench->target, n * n_out + i, i == n % n_out);
	}
	free(shift);
	free(scale);
}

mlp_status bench_prepare(struct bench *bench, int64_t batch, uint64_t seed)
{
	size_t size = mlp_network_dtype(bench->net) == MLP_F64 ? sizeof(double) : sizeof(float);
	int64_t n_in = mlp_network_width(bench->net, 0), n_out = outputs_of(bench);
	bench->x = make((size_t)(batch * n_in), size);
	bench->target = make((size_t)(batch * n_out), size);
	bench->y = make((size_t)(batch * n_out), size);
	bench->grad = make((size_t)mlp_network_parameter_count(bench->net), size);
	bench->loss = usual_loss(bench->net).kind;
	fill(bench, batch, seed);
	mlp_status status = mlp_workspace_create(bench->net, batch, MLP_TRAINING, &bench->ws);
	if (status == MLP_OK)
		status = mlp_workspace_set_pool(bench->ws, bench->pool);
	if (status == MLP_OK)
		status = mlp_optimizer_create(bench->net, MLP_ADAM, &bench->optimizer);
	return status;
}

void bench_free(struct bench *bench)
{
	mlp_optimizer_free(bench->optimizer);
	mlp_workspace_free(bench->ws);
	free(bench->x);
	free(bench->target);
	free(bench->y);
	free(bench->grad);
}

static void note(struct bench *bench, mlp_status status)
{
	if (bench->status == MLP_OK)
		bench->status = status;
}

#define CALL(function, ...)                                                                        \
	(mlp_network_dtype(bench->net) == MLP_F64 ? function##_f64(__VA_ARGS__)                    \
						  : function##_f32(__VA_ARGS__))

void bench_forward(struct bench *bench)
{
	note(bench,
	     CALL(mlp_forward, bench->net, bench->ws, bench->x, mlp_network_width(bench->net, 0),
		  bench->batch, bench->y, outputs_of(bench)));
}

void bench_gradient(struct bench *bench)
{
	note(bench, CALL(mlp_gradient, bench->net, bench->ws, bench->x,
			 mlp_network_width(bench->net, 0), bench->target, outputs_of(bench), NULL,
			 bench->batch, bench->loss, 0, MLP_MEAN, 0, NULL, bench->grad, NULL, 0));
}

void bench_step(struct bench *bench)
{
	note(bench, CALL(mlp_optimizer_step, bench->optimizer, bench->net, bench->ws, bench->x,
			 mlp_network_width(bench->net, 0), bench->target, outputs_of(bench), NULL,
			 bench->batch, bench->loss, 0, MLP_MEAN, NULL));
}
