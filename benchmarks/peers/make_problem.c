/* make-problem WIDTHS BATCH FILE: writes the problem that all peers solve, the same in every run. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <mlp/mlp.h>

#include "../fail.h"
#include "../random.h"

enum { MOST_WIDTHS = 256 };

struct data {
	mlp_network *net;
	int64_t widths[MOST_WIDTHS], width_count, batch;
	float *parameters, *x, *target;
};

static float *uniform(size_t count, double scale, uint64_t seed)
{
	float *values = allocate(count, 1, sizeof(float));
	for (size_t i = 0; i < count; i++)
		values[i] = (float)(scale * random_uniform(&seed));
	return values;
}

/* "17-64-64-6"; whether it is that. */
static int read_widths(struct data *data, const char *text)
{
	char *end = NULL;
	for (;; text = end + 1) {
		if (data->width_count == MOST_WIDTHS)
			return 0;
		int64_t width = data->widths[data->width_count++] = strtoll(text, &end, 10);
		if (width < 1 || width > 1 << 20)
			return 0;
		if (*end != '-')
			return *end == '\0' && data->width_count > 1;
	}
}

/* As libmlp starts, but with biases, so that a peer that forgets them is found out. */
static void make(struct data *data)
{
	size_t rows = (size_t)data->batch, layers = (size_t)data->width_count - 1;
	check(mlp_network_create(MLP_F32, data->widths, data->width_count, &data->net),
	      "mlp_network_create");
	int64_t count = mlp_network_parameter_count(data->net);
	data->parameters = allocate((size_t)count, 1, sizeof(float));
	check(mlp_network_get_parameters_f32(data->net, data->parameters, count),
	      "mlp_network_get_parameters");
	uint64_t seed = 3;
	for (size_t l = 1; l <= layers; l++) {
		int64_t w = 0, b = 0;
		check(mlp_network_layout(data->net, (int64_t)l, &w, &b), "mlp_network_layout");
		for (int64_t i = 0; i < data->widths[l]; i++)
			data->parameters[b + i] = (float)(0.1 * random_uniform(&seed));
	}
	check(mlp_network_set_parameters_f32(data->net, data->parameters, count),
	      "mlp_network_set_parameters");
	data->x = uniform(rows * (size_t)data->widths[0], 1, 1);
	data->target = uniform(rows * (size_t)data->widths[layers], 1, 2);
}

/* A learning rate at which a step takes about 2 % off the loss, 0.1 at most. */
static double choose_eta(const struct data *data)
{
	size_t count = (size_t)mlp_network_parameter_count(data->net);
	int64_t inputs = data->widths[0], outputs = data->widths[data->width_count - 1];
	float *grad = allocate(count, 1, sizeof(float));
	double loss = 0, square = 0;
	mlp_workspace *ws = NULL;
	check(mlp_workspace_create(data->net, data->batch, MLP_TRAINING, &ws),
	      "mlp_workspace_create");
	check(mlp_gradient_f32(data->net, ws, data->x, inputs, data->target, outputs, NULL,
			       data->batch, MLP_SQUARED_ERROR, 0, MLP_MEAN, 0, &loss, grad, NULL,
			       0),
	      "mlp_gradient");
	mlp_workspace_free(ws);
	for (size_t i = 0; i < count; i++)
		square += (double)grad[i] * (double)grad[i];
	free(grad);
	return square > 0 ? fmin(0.1, 0.02 * loss / square) : 0.1;
}

static int write_floats(FILE *file, const float *values, int64_t count)
{
	return fwrite(values, sizeof(float), (size_t)count, file) == (size_t)count;
}

static int write_data(FILE *file, const struct data *data)
{
	int good = fprintf(file, "mlp-problem ") > 0;
	for (int64_t l = 0; l < data->width_count; l++)
		good &= fprintf(file, "%s%lld", l > 0 ? "-" : "", (long long)data->widths[l]) > 0;
	good &= fprintf(file, " %lld %.9g\n", (long long)data->batch, choose_eta(data)) > 0;
	for (int64_t l = 1; l < data->width_count; l++) {
		int64_t w = 0, b = 0, n_in = data->widths[l - 1], n_out = data->widths[l];
		check(mlp_network_layout(data->net, l, &w, &b), "mlp_network_layout");
		good &= write_floats(file, data->parameters + w, n_out * n_in);
		good &= write_floats(file, data->parameters + b, n_out);
	}
	good &= write_floats(file, data->x, data->batch * data->widths[0]);
	good &= write_floats(file, data->target, data->batch * data->widths[data->width_count - 1]);
	return good;
}

int main(int argc, char **argv)
{
	static struct data data;
	if (argc != 4 || !read_widths(&data, argv[1]) || (data.batch = atoll(argv[2])) < 1) {
		fprintf(stderr, "usage: make-problem WIDTHS BATCH FILE, WIDTHS as in 17-64-64-6\n");
		return 2;
	}
	make(&data);
	FILE *file = fopen(argv[3], "wb");
	if (file == NULL || !write_data(file, &data) || fclose(file) != 0) {
		fprintf(stderr, "make-problem: cannot write '%s'\n", argv[3]);
		return 1;
	}
	return 0;
}
