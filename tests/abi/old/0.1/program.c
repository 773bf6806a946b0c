/* A program of the time of 0.1: it knows the header beside it and calls something of every part of the manual.
 * old_header.sh compiles it, as it is, for the library of today. It prints what it got, and ends with 0. */
#include <mlp/mlp.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 8, IN = 2, OUT = 1 };

static float x[ROWS * IN], t[ROWS * OUT];

static void check(mlp_status status, const char *call)
{
	if (status == MLP_OK)
		return;
	fprintf(stderr, "%s: %s: %s\n", call, mlp_status_name(status), mlp_last_error());
	exit(1);
}

static void expect(int holds, const char *what)
{
	if (!holds) {
		fprintf(stderr, "%s does not hold\n", what);
		exit(1);
	}
}

#define CHECK(call)  check(call, #call)
#define EXPECT(what) expect(what, #what)

static int64_t blocks;

static void *allocate(void *context, size_t alignment, size_t size)
{
	(void)context;
	blocks++;
	return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static void deallocate(void *context, void *memory, size_t alignment, size_t size)
{
	(void)context;
	(void)alignment;
	(void)size;
	blocks--;
	free(memory);
}

struct buffer {
	size_t size;
	char bytes[1 << 16];
};

static int append(void *context, const void *data, size_t size)
{
	struct buffer *buffer = context;
	if (size > sizeof(buffer->bytes) - buffer->size)
		return 1;
	memcpy(buffer->bytes + buffer->size, data, size);
	buffer->size += size;
	return 0;
}

/* every pass by itself, and in one call */
static void compute(mlp_network *net, mlp_workspace *ws)
{
	float y[ROWS], dy[ROWS], grad[64], v[64], hv[64], jacobian[ROWS * IN];
	double loss, again;
	int64_t P = mlp_network_parameter_count(net), flop;
	EXPECT(P == 4 * 2 + 4 + 4 + 1);
	CHECK(mlp_forward_f32(net, ws, x, IN, ROWS, y, OUT));
	CHECK(mlp_loss_f32(MLP_SQUARED_ERROR, 0, y, OUT, t, OUT, NULL, ROWS, OUT, MLP_MEAN, &loss,
			   dy, OUT));
	CHECK(mlp_backward_f32(net, ws, dy, OUT, ROWS, 0, grad, NULL, 0));
	CHECK(mlp_workspace_read_f32(ws, MLP_X, 2, ROWS, dy, OUT));
	EXPECT(memcmp(y, dy, sizeof(y)) == 0);
	CHECK(mlp_update_f32(net, ws, grad, 0.1));
	CHECK(mlp_evaluate_f32(net, ws, x, IN, t, OUT, NULL, ROWS, MLP_SQUARED_ERROR, 0, MLP_MEAN,
			       &again, NULL, 0));
	EXPECT(again < loss);
	for (int i = 0; i < 64; i++)
		v[i] = 1;
	CHECK(mlp_hessian_vector_f32(net, ws, x, IN, t, OUT, NULL, ROWS, MLP_SQUARED_ERROR, 0,
				     MLP_MEAN, v, hv));
	CHECK(mlp_jacobian_f32(net, ws, x, IN, ROWS, NULL, 0, jacobian, IN));
	CHECK(mlp_network_cost(net, MLP_PASS_FORWARD, ROWS, &flop, NULL));
	EXPECT(flop > 0);
	printf("loss %g, then %g\n", loss, again);
}

static void train(mlp_network *net, mlp_workspace *ws)
{
	mlp_optimizer *optimizer;
	mlp_trainer *trainer;
	mlp_rate_schedule *schedule;
	mlp_pool *pool;
	const mlp_metric metrics[] = {MLP_METRIC_LOSS, MLP_METRIC_RMSE};
	double first, last = 0, values[2];
	CHECK(mlp_optimizer_create(net, MLP_ADAM, &optimizer));
	CHECK(mlp_optimizer_set(optimizer, MLP_HYPER_ETA, 0.01));
	CHECK(mlp_pool_create(2, &pool));
	CHECK(mlp_workspace_set_pool(ws, pool));
	CHECK(mlp_optimizer_step_f32(optimizer, net, ws, x, IN, t, OUT, NULL, ROWS,
				     MLP_SQUARED_ERROR, 0, MLP_MEAN, &first));
	for (int i = 0; i < 20; i++)
		CHECK(mlp_optimizer_step_f32(optimizer, net, ws, x, IN, t, OUT, NULL, ROWS,
					     MLP_SQUARED_ERROR, 0, MLP_MEAN, &last));
	EXPECT(last < first);
	CHECK(mlp_workspace_set_pool(ws, NULL));
	mlp_pool_free(pool);
	mlp_optimizer_free(optimizer);

	CHECK(mlp_trainer_create(net, MLP_SGD, &trainer));
	CHECK(mlp_rate_schedule_create(MLP_RATE_COSINE, &schedule));
	CHECK(mlp_trainer_set_schedule(trainer, schedule));
	mlp_rate_schedule_free(schedule);
	CHECK(mlp_trainer_set_loss(trainer, MLP_SQUARED_ERROR, 0));
	CHECK(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 3));
	CHECK(mlp_trainer_set_data_f32(trainer, x, IN, t, OUT, NULL, ROWS));
	CHECK(mlp_trainer_run(trainer));
	EXPECT(mlp_trainer_outcome(trainer) == MLP_OUTCOME_EPOCHS);
	EXPECT(isfinite(mlp_trainer_history(trainer, MLP_SPLIT_TRAINING, MLP_METRIC_LOSS, 2)));
	mlp_trainer_free(trainer);
	CHECK(mlp_measure_f32(net, ws, x, IN, t, OUT, NULL, ROWS, MLP_SQUARED_ERROR, 0, metrics, 2,
			      values));
	printf("trained to %g\n", values[1]);
}

static void keep(mlp_network *net)
{
	static struct buffer file, source;
	mlp_network *loaded;
	mlp_live *live;
	mlp_load_options *options;
	float p[64], q[64];
	int64_t P = mlp_network_parameter_count(net);
	CHECK(mlp_network_set_note(net, "of", "old"));
	CHECK(mlp_network_save_to(net, append, &file));
	CHECK(mlp_export_c_to(net, "old", append, &source));
	CHECK(mlp_load_options_create(&options));
	CHECK(mlp_load_options_set(options, MLP_LOAD_MAX_LAYERS, 2));
	CHECK(mlp_network_load_memory(file.bytes, file.size, options, &loaded));
	mlp_load_options_free(options);
	CHECK(mlp_network_get_parameters_f32(net, p, P));
	CHECK(mlp_network_get_parameters_f32(loaded, q, P));
	EXPECT(memcmp(p, q, (size_t)P * sizeof(float)) == 0);
	EXPECT(strcmp(mlp_network_note(loaded, "of"), "old") == 0);
	CHECK(mlp_live_create(loaded, &live));
	CHECK(mlp_live_publish(live, net));
	const mlp_network *latest = mlp_live_acquire(live);
	EXPECT(mlp_network_width(latest, 0) == IN);
	mlp_live_release(live, latest);
	mlp_live_free(live);
	mlp_network_free(loaded);
}

int main(void)
{
	const int64_t widths[] = {IN, 4, OUT};
	const mlp_allocator allocator = {sizeof(mlp_allocator), allocate, deallocate, NULL};
	mlp_network *net;
	mlp_workspace *ws;

	CHECK(MLP_CHECK_HEADER());
	EXPECT(mlp_check_header(MLP_VERSION, MLP_ABI_VERSION + 1) == MLP_ERR_VERSION);
	EXPECT(mlp_check_header(MLP_VERSION, MLP_ABI_VERSION - 1) == MLP_ERR_VERSION);
	EXPECT(mlp_check_header(mlp_version() + 1, MLP_ABI_VERSION) == MLP_ERR_VERSION);
	for (int n = 0; n < ROWS; n++) {
		x[n * IN] = (float)(n % 2);
		x[n * IN + 1] = (float)(n / 2 % 2);
		t[n] = (float)(n % 3);
	}
	CHECK(mlp_network_create_with(MLP_F32, widths, 3, &allocator, &net));
	CHECK(mlp_network_set_activation(net, 1, MLP_TANH));
	for (int64_t l = 1; l <= 2; l++)
		CHECK(mlp_network_init(net, l, MLP_INIT_GLOROT_UNIFORM, 0, 1));
	CHECK(mlp_network_fit_input_scaling_f32(net, MLP_SCALING_STANDARD, x, IN, ROWS));
	CHECK(mlp_workspace_create(net, ROWS, MLP_TRACE, &ws));
	compute(net, ws);
	train(net, ws);
	keep(net);
	mlp_workspace_free(ws);
	mlp_network_free(net);
	EXPECT(blocks == 0);
	printf("program of %d, library %s\n", MLP_VERSION, mlp_version_string());
	return 0;
}
