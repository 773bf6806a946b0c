/* FANN, float: fann_train_epoch with FANN_TRAIN_BATCH, where its learning rate is divided by the
 * number of samples, and fann_run for each sample. */
#include <string.h>

#include <floatfann.h>

#include "peer.h"

const char *const peer_incomparable =
	"FANN 2.2 has no ReLU; its hidden layers have FANN_LINEAR_PIECE (s cut to 0 .. 1), whose "
	"derivative it takes to be 1 everywhere";

static struct fann *ann;
static struct fann_train_data *data;
static const struct problem *problem;
static float *y;

/* fann_set_weight() looks through all connections for each weight; this is where they are: the
 * inputs of a neuron side by side, the bias last. */
static void set_weights(void)
{
	for (size_t l = 0; l < problem->layer_count; l++) {
		size_t n_in = problem->widths[l], n_out = problem->widths[l + 1];
		const struct fann_neuron *neurons = ann->first_layer[l + 1].first_neuron;
		for (size_t i = 0; i < n_out; i++) {
			float *weights = ann->weights + neurons[i].first_con;
			memcpy(weights, problem->w[l] + i * n_in, n_in * sizeof(float));
			weights[n_in] = problem->b[l][i];
		}
	}
}

static void set_data(void)
{
	unsigned rows = (unsigned)problem->batch;
	size_t n_in = problem->widths[0], n_out = problem->widths[problem->layer_count];
	data = fann_create_train(rows, (unsigned)n_in, (unsigned)n_out);
	if (data == NULL)
		peer_skip("fann_create_train failed");
	for (unsigned n = 0; n < rows; n++) {
		memcpy(data->input[n], problem->x + n * n_in, n_in * sizeof(float));
		memcpy(data->output[n], problem->target + n * n_out, n_out * sizeof(float));
	}
}

const char *peer_open(const struct problem *given, int threads)
{
	problem = given;
	unsigned widths[64];
	if (problem->layer_count >= 64)
		peer_skip("more than 63 layers");
	for (size_t l = 0; l <= problem->layer_count; l++)
		widths[l] = (unsigned)problem->widths[l];
	ann = fann_create_standard_array((unsigned)problem->layer_count + 1, widths);
	if (ann == NULL)
		peer_skip("fann_create_standard_array failed");
	fann_set_training_algorithm(ann, FANN_TRAIN_BATCH);
	fann_set_learning_momentum(ann, 0);
	fann_set_learning_rate(ann, (float)problem->eta);
	fann_set_train_error_function(ann, FANN_ERRORFUNC_LINEAR);
	fann_set_activation_function_hidden(ann, FANN_LINEAR_PIECE);
	fann_set_activation_function_output(ann, FANN_LINEAR);
	fann_set_activation_steepness_hidden(ann, 1);
	fann_set_activation_steepness_output(ann, 1);
	set_weights();
	set_data();
	y = peer_floats(problem->batch * problem->widths[problem->layer_count]);
	return threads == 1 ? "FANN 2.2, float, bounded linear in place of ReLU"
			    : "FANN 2.2, float, bounded linear in place of ReLU; one thread, as "
			      "it has no others";
}

void peer_set_eta(double value)
{
	fann_set_learning_rate(ann, (float)value);
}

void peer_forward(void)
{
	size_t n_out = problem->widths[problem->layer_count];
	for (size_t n = 0; n < problem->batch; n++)
		memcpy(y + n * n_out, fann_run(ann, data->input[n]), n_out * sizeof(float));
}

void peer_step(void)
{
	fann_train_epoch(ann, data);
}

void peer_output(float *values)
{
	memcpy(values, y, problem->batch * problem->widths[problem->layer_count] * sizeof(float));
}
