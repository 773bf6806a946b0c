/* LIBXSMM 1.17: its dnn layers (fullyconnected with fused bias and ReLU) on blocked arrays, as in its
 * mlpdriver sample: one OpenMP region for the whole step. Loss and update are loops here, right after
 * the layer's gradient: its only loss is the softmax's, and its optimizer layer does nothing in 1.17
 * (libxsmm_dnn_optimizer_execute_st is an empty function that reports success). Block sizes are the
 * caller's choice: 32 and 64 features, 16, 32 and 64 samples, with widths as they are or filled up with
 * zeros to multiples of 16, are timed when the network is made; the fastest stays. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxsmm.h>
#include <omp.h>

#include "../clock.h"
#include "peer.h"

const char *const peer_incomparable = NULL;

enum { ARRAYS = 9, TRIES = 5 };

/* What is tried out. */
struct way {
	size_t samples, features, multiple; /* blocks up to; widths filled up to multiples of */
};

struct layer {
	size_t n_in, n_out, bc, bk; /* widths filled up */
	int hidden;
	libxsmm_dnn_fullyconnected *handle;
	/* x, dx: [batch/bn][n_in/bc][bn][bc]; y, dy and mask: [batch/bn][n_out/bk][bn][bk];
	 * w, dw: [n_out/bk][n_in/bc][bc][bk]; dx of a layer is dy of the one below */
	float *x, *y, *dx, *dy, *w, *dw, *b, *db;
	unsigned char *mask;
	libxsmm_dnn_tensor *tensors[ARRAYS];
	int tensor_count;
};

static const struct problem *problem;
static int team; /* threads */
static float eta;
static struct way way;
static size_t bn;
static struct layer *layers;
static float *target; /* as y of the last layer */
static float *scratch;

static void check_dnn(libxsmm_dnn_err_t status, const char *call)
{
	if (status != LIBXSMM_DNN_SUCCESS)
		peer_skip("%s: %s", call, libxsmm_dnn_get_error(status));
}

/* The largest divisor of size up to `most`; size itself where that would be very small. */
static size_t block(size_t size, size_t most)
{
	size_t divisor = size < most ? size : most;
	while (size % divisor != 0)
		divisor--;
	return 4 * divisor < most ? size : divisor;
}

/* Where sample n, feature i of an array [batch/bn][n_features/bf][bn][bf] is. */
static size_t place(size_t n, size_t i, size_t features, size_t bf)
{
	return ((n / bn * (features / bf) + i / bf) * bn + n % bn) * bf + i % bf;
}

static size_t filled_up(size_t width)
{
	return (width + way.multiple - 1) / way.multiple * way.multiple;
}

static float *blocked(const float *rows, size_t width, size_t bf)
{
	size_t features = filled_up(width);
	float *values = peer_floats(problem->batch * features);
	for (size_t n = 0; n < problem->batch; n++)
		for (size_t i = 0; i < width; i++)
			values[place(n, i, features, bf)] = rows[n * width + i];
	return values;
}

static float *blocked_weights(const struct layer *layer, const float *w, size_t n_in, size_t n_out)
{
	size_t bc = layer->bc, bk = layer->bk;
	float *values = peer_floats(layer->n_out * layer->n_in);
	for (size_t i = 0; i < n_out; i++)
		for (size_t j = 0; j < n_in; j++)
			values[((i / bk * (layer->n_in / bc) + j / bc) * bc + j % bc) * bk +
			       i % bk] = w[i * n_in + j];
	return values;
}

static void bind(struct layer *layer, const void *data, libxsmm_dnn_tensor_type type)
{
	libxsmm_dnn_err_t status = LIBXSMM_DNN_SUCCESS;
	libxsmm_dnn_tensor_datalayout *layout =
		libxsmm_dnn_fullyconnected_create_tensor_datalayout(layer->handle, type, &status);
	check_dnn(status, "create_tensor_datalayout");
	libxsmm_dnn_tensor *tensor = libxsmm_dnn_link_tensor(layout, data, &status);
	check_dnn(status, "link_tensor");
	libxsmm_dnn_destroy_tensor_datalayout(layout);
	check_dnn(libxsmm_dnn_fullyconnected_bind_tensor(layer->handle, tensor, type),
		  "bind_tensor");
	layer->tensors[layer->tensor_count++] = tensor;
}

/* A shape that the code generator refuses has no kernel, and the layer would call NULL. */
static void require_kernels(const struct layer *layer)
{
	int m = (int)layer->bk, n = (int)bn, k = (int)layer->bc,
	    flags = LIBXSMM_GEMM_FLAGS('N', 'T');
	int size = (int)sizeof(float);
	float one = 1;
	libxsmm_descriptor_blob blob;
	if (libxsmm_smmdispatch_reducebatch_strd(m, n, k, m * k * size, k * n * size, &m, &k, &m,
						 &one, &one, NULL, NULL) == NULL ||
	    libxsmm_smmdispatch_reducebatch_strd(k, n, m, m * k * size, m * n * size, &k, &m, &k,
						 &one, &one, NULL, NULL) == NULL ||
	    libxsmm_smmdispatch_reducebatch_strd(m, k, n, (int)layer->n_out * n * size,
						 (int)layer->n_in * n * size, &m, &k, &m, &one,
						 &one, &flags, NULL) == NULL ||
	    libxsmm_dispatch_trans(libxsmm_trans_descriptor_init(&blob, sizeof(float), (unsigned)m,
								 (unsigned)k, (unsigned)k)) == NULL)
		peer_skip("no generated kernel for blocks of %d x %d x %d", m, n, k);
}

static void make_layer(struct layer *layer, size_t l)
{
	size_t rows = problem->batch, n_in = problem->widths[l], n_out = problem->widths[l + 1];
	layer->n_in = filled_up(n_in);
	layer->n_out = filled_up(n_out);
	layer->bc = block(layer->n_in, way.features);
	layer->bk = block(layer->n_out, way.features);
	layer->hidden = l + 1 < problem->layer_count;
	require_kernels(layer);

	libxsmm_dnn_fullyconnected_desc desc = {
		.N = (int)rows,
		.C = (int)layer->n_in,
		.K = (int)layer->n_out,
		.bn = (int)bn,
		.bk = (int)layer->bk,
		.bc = (int)layer->bc,
		.threads = team,
		.datatype_in = LIBXSMM_DNN_DATATYPE_F32,
		.datatype_out = LIBXSMM_DNN_DATATYPE_F32,
		.buffer_format = LIBXSMM_DNN_TENSOR_FORMAT_NCPACKED,
		.filter_format = LIBXSMM_DNN_TENSOR_FORMAT_CKPACKED,
		.fuse_ops = layer->hidden ? LIBXSMM_DNN_FULLYCONNECTED_FUSE_BIAS_RELU
					  : LIBXSMM_DNN_FULLYCONNECTED_FUSE_BIAS,
	};
	libxsmm_dnn_err_t status = LIBXSMM_DNN_SUCCESS;
	layer->handle = libxsmm_dnn_create_fullyconnected(desc, &status);
	check_dnn(status, "create_fullyconnected");

	layer->x = l == 0 ? blocked(problem->x, n_in, layer->bc) : layers[l - 1].y;
	layer->y = peer_floats(rows * layer->n_out);
	layer->dx = l == 0 ? peer_floats(rows * layer->n_in) : layers[l - 1].dy;
	layer->dy = peer_floats(rows * layer->n_out);
	layer->w = blocked_weights(layer, problem->w[l], n_in, n_out);
	layer->dw = peer_floats(layer->n_out * layer->n_in);
	layer->b = peer_floats(layer->n_out);
	memcpy(layer->b, problem->b[l], n_out * sizeof(float));
	layer->db = peer_floats(layer->n_out);
	layer->mask = (unsigned char *)peer_floats(rows * layer->n_out / sizeof(float) + 1);

	bind(layer, layer->x, LIBXSMM_DNN_REGULAR_INPUT);
	bind(layer, layer->y, LIBXSMM_DNN_REGULAR_OUTPUT);
	bind(layer, layer->dx, LIBXSMM_DNN_GRADIENT_INPUT);
	bind(layer, layer->dy, LIBXSMM_DNN_GRADIENT_OUTPUT);
	bind(layer, layer->w, LIBXSMM_DNN_REGULAR_FILTER);
	bind(layer, layer->dw, LIBXSMM_DNN_GRADIENT_FILTER);
	bind(layer, layer->b, LIBXSMM_DNN_REGULAR_CHANNEL_BIAS);
	bind(layer, layer->db, LIBXSMM_DNN_GRADIENT_CHANNEL_BIAS);
	if (layer->hidden)
		bind(layer, layer->mask, LIBXSMM_DNN_RELU_MASK);
}

static void bind_scratch(void)
{
	libxsmm_dnn_err_t status = LIBXSMM_DNN_SUCCESS;
	size_t most = 0;
	for (size_t l = 0; l < problem->layer_count; l++) {
		size_t size =
			libxsmm_dnn_fullyconnected_get_scratch_size(layers[l].handle, &status);
		check_dnn(status, "get_scratch_size");
		most = size > most ? size : most;
	}
	scratch = peer_floats(most / sizeof(float) + 1);
	for (size_t l = 0; l < problem->layer_count; l++)
		check_dnn(libxsmm_dnn_fullyconnected_bind_scratch(layers[l].handle, scratch),
			  "bind_scratch");
}

static void make_network(struct way chosen)
{
	way = chosen;
	bn = block(problem->batch, way.samples);
	layers = calloc(problem->layer_count, sizeof *layers);
	if (layers == NULL)
		peer_skip("out of memory");
	for (size_t l = 0; l < problem->layer_count; l++)
		make_layer(&layers[l], l);
	const struct layer *last = &layers[problem->layer_count - 1];
	target = blocked(problem->target, problem->widths[problem->layer_count], last->bk);
	bind_scratch();
}

static void free_network(void)
{
	for (size_t l = 0; l < problem->layer_count; l++) {
		struct layer *layer = &layers[l];
		libxsmm_dnn_destroy_fullyconnected(layer->handle);
		while (layer->tensor_count > 0)
			libxsmm_dnn_destroy_tensor(layer->tensors[--layer->tensor_count]);
		if (l == 0) {
			free(layer->x);
			free(layer->dx);
		}
		float *arrays[] = {layer->y, layer->dy, layer->w, layer->dw, layer->b, layer->db};
		for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
			free(arrays[i]);
		free(layer->mask);
	}
	free(layers);
	free(target);
	free(scratch);
}

/* The part of 0 .. count-1 that thread `tid` does. */
static void share(size_t count, int tid, size_t *begin, size_t *end)
{
	*begin = count * (size_t)tid / (size_t)team;
	*end = count * ((size_t)tid + 1) / (size_t)team;
}

static void execute(const struct layer *layer, libxsmm_dnn_compute_kind kind, int tid)
{
	libxsmm_dnn_err_t status =
		libxsmm_dnn_fullyconnected_execute_st(layer->handle, kind, 0, tid);
	if (status != LIBXSMM_DNN_SUCCESS) {
		fprintf(stderr, "fullyconnected_execute_st: %s\n", libxsmm_dnn_get_error(status));
		exit(1);
	}
}

static void forward(int tid)
{
	for (size_t l = 0; l < problem->layer_count; l++)
		execute(&layers[l], LIBXSMM_DNN_COMPUTE_KIND_FWD, tid);
}

/* dl/dx(L) = (x(L) - t) / batch */
static void loss_gradient(int tid)
{
	const struct layer *last = &layers[problem->layer_count - 1];
	float scale = 1 / (float)problem->batch;
	size_t begin, end;
	share(problem->batch * last->n_out, tid, &begin, &end);
	for (size_t i = begin; i < end; i++)
		last->dy[i] = scale * (last->y[i] - target[i]);
}

static void descend(float *values, const float *gradient, size_t count, int tid)
{
	size_t begin, end;
	share(count, tid, &begin, &end);
	for (size_t i = begin; i < end; i++)
		values[i] -= eta * gradient[i];
}

/* A layer ends with a barrier of its own. */
static void backward_and_update(int tid)
{
	for (size_t l = problem->layer_count; l-- > 0;) {
		const struct layer *layer = &layers[l];
		execute(layer,
			l > 0 ? LIBXSMM_DNN_COMPUTE_KIND_BWDUPD : LIBXSMM_DNN_COMPUTE_KIND_UPD,
			tid);
		descend(layer->w, layer->dw, layer->n_out * layer->n_in, tid);
		descend(layer->b, layer->db, layer->n_out, tid);
	}
}

void peer_forward(void)
{
#pragma omp parallel num_threads(team)
	forward(omp_get_thread_num());
}

void peer_step(void)
{
#pragma omp parallel num_threads(team)
	{
		int tid = omp_get_thread_num();
		forward(tid);
		loss_gradient(tid);
#pragma omp barrier
		backward_and_update(tid);
	}
}

static double seconds_of_step(void)
{
	double best = 1e300;
	peer_step();
	for (int i = 0; i < TRIES; i++) {
		double start = clock_now();
		peer_step();
		double seconds = clock_now() - start;
		best = seconds < best ? seconds : best;
	}
	return best;
}

static struct way fastest_way(void)
{
	static const size_t samples[] = {16, 32, 64}, features[] = {32, 64}, multiples[] = {1, 16};
	struct way best = {0, 0, 0};
	double least = 1e300;
	for (int s = 0; s < 3; s++)
		for (int f = 0; f < 2; f++)
			for (int m = 0; m < 2; m++) {
				make_network((struct way){samples[s], features[f], multiples[m]});
				double seconds = seconds_of_step();
				if (seconds < least) {
					least = seconds;
					best = way;
				}
				free_network();
			}
	return best;
}

const char *peer_open(const struct problem *given, int threads)
{
	static char about[160];
	problem = given;
	team = threads;
	eta = (float)problem->eta;
	libxsmm_init();
	make_network(fastest_way());
	snprintf(about, sizeof about,
		 "LIBXSMM %s for %s, dnn layers, blocks up to %zu samples, %zu features%s",
		 LIBXSMM_VERSION, libxsmm_get_target_arch(), way.samples, way.features,
		 way.multiple > 1 ? ", widths filled up" : "");
	return about;
}

void peer_set_eta(double value)
{
	eta = (float)value;
}

void peer_output(float *values)
{
	const struct layer *last = &layers[problem->layer_count - 1];
	size_t width = problem->widths[problem->layer_count];
	for (size_t n = 0; n < problem->batch; n++)
		for (size_t i = 0; i < width; i++)
			values[n * width + i] = last->y[place(n, i, last->n_out, last->bk)];
}
