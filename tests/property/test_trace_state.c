/* What can be read from a workspace depends on its mode and on what was computed last. */
#include <math.h>

#include "task.h"

static const int64_t widths[] = {3, 5, 2};

enum { BATCH = 4, LAYERS = 2 };

/* A workspace of some mode with a task for it. */
struct bench {
	struct task task;
	mlp_workspace *ws;
};

static struct bench set_up(mlp_mode mode)
{
	struct bench bench = {.task = task_create(widths, LAYERS + 1, BATCH, 0, 50)};
	bench.ws = task_workspace(&bench.task, mode);
	return bench;
}

static void tear_down(struct bench *bench)
{
	mlp_workspace_free(bench->ws);
	task_free(&bench->task);
}

static mlp_status reading(const struct bench *bench, mlp_quantity quantity, int64_t layer,
			  int64_t batch)
{
	REAL out[2 * BATCH * 5];
	return FN(workspace_read)(bench->ws, quantity, layer, batch, out, 5);
}

static void forward(const struct bench *bench, int64_t batch)
{
	const struct task *task = &bench->task;
	REAL y[BATCH * 2];
	assert_ok(
		FN(forward)(task->net, bench->ws, task->x.data, (int64_t)task->x.ld, batch, y, 2));
}

/* Which of the quantities can be read, out of all: x(0..2) s(1..2) dx(0..2) ds(1..2). */
static void assert_readable(const struct bench *bench, const char *expected)
{
	char readable[11] = "";
	size_t n = 0;
	for (int quantity = MLP_X; quantity <= MLP_DL_DS; quantity++)
		for (int64_t l = quantity == MLP_S || quantity == MLP_DL_DS; l <= LAYERS; l++) {
			mlp_status status = reading(bench, (mlp_quantity)quantity, l, BATCH);
			assert_true(status == MLP_OK || status == MLP_ERR_STATE);
			readable[n++] = status == MLP_OK ? 'y' : '-';
		}
	assert_string_equal(readable, expected);
}

static void a_trace_shows_what_the_last_computation_made(void **state)
{
	(void)state;
	struct bench bench = set_up(MLP_TRACE);
	const struct task *task = &bench.task;
	int64_t ld_x = (int64_t)task->x.ld, ld_t = (int64_t)task->target.ld;
	double value;
	assert_readable(&bench, "----------");
	forward(&bench, BATCH);
	assert_readable(&bench, "yyyyy-----");
	assert_ok(FN(backward)(task->net, bench.ws, task->dl.data, (int64_t)task->dl.ld, BATCH, 0,
			       NULL, NULL, 0));
	assert_readable(&bench, "yyyyyyyyyy");
	assert_ok(FN(backward_logits)(task->net, bench.ws, task->dl.data, (int64_t)task->dl.ld,
				      BATCH, 0, NULL, NULL, 0));
	assert_readable(&bench, "yyyyyyy-yy");
	forward(&bench, BATCH);
	assert_readable(&bench, "yyyyy-----");
	task_gradient(task, bench.ws, NULL, NULL);
	assert_readable(&bench, "yyyyyyyyyy");
	assert_ok(FN(evaluate)(task->net, bench.ws, task->x.data, ld_x, task->target.data, ld_t,
			       NULL, BATCH, task->loss, 0, MLP_MEAN, &value, NULL, 0));
	assert_readable(&bench, "yyyyy-----");
	task_step(task, bench.ws, 0.1);
	assert_readable(&bench, "yyyyyyyyyy");
	tear_down(&bench);
}

static void a_training_workspace_shows_only_the_output(void **state)
{
	(void)state;
	struct bench bench = set_up(MLP_TRAINING);
	assert_readable(&bench, "----------");
	forward(&bench, BATCH);
	assert_readable(&bench, "--y-y-----");
	task_gradient(&bench.task, bench.ws, NULL, NULL);
	assert_readable(&bench, "--y-y-----");
	task_step(&bench.task, bench.ws, 0.1);
	assert_readable(&bench, "--y-y-----");
	tear_down(&bench);
}

static void an_inference_workspace_shows_nothing(void **state)
{
	(void)state;
	struct bench bench = set_up(MLP_INFERENCE);
	forward(&bench, BATCH);
	assert_readable(&bench, "----------");
	tear_down(&bench);
}

static void the_batch_must_be_that_of_the_last_computation(void **state)
{
	(void)state;
	struct bench bench = set_up(MLP_TRACE);
	forward(&bench, 3);
	assert_int_equal(reading(&bench, MLP_X, 1, 3), MLP_OK);
	assert_fails(MLP_ERR_STATE, "3 rows", reading(&bench, MLP_X, 1, 2));
	assert_fails(MLP_ERR_STATE, "3 rows", reading(&bench, MLP_X, 1, 4));
	assert_fails(MLP_ERR_SIZE, "batch is 0", reading(&bench, MLP_X, 1, 0));
	assert_fails(MLP_ERR_SIZE, "batch is -1", reading(&bench, MLP_X, 1, -1));
	tear_down(&bench);
}

static void what_does_not_exist_is_refused(void **state)
{
	(void)state;
	struct bench bench = set_up(MLP_TRACE);
	REAL out[BATCH * 5] = {0};
	float f32[BATCH * 5] = {0};
	double f64[BATCH * 5] = {0};
	forward(&bench, BATCH);
	assert_fails(MLP_ERR_INDEX, "layer is 0", reading(&bench, MLP_S, 0, BATCH));
	assert_fails(MLP_ERR_INDEX, "layer is 0", reading(&bench, MLP_DL_DS, 0, BATCH));
	assert_fails(MLP_ERR_INDEX, "layer is 3", reading(&bench, MLP_X, 3, BATCH));
	assert_fails(MLP_ERR_INDEX, "layer is -1", reading(&bench, MLP_DL_DX, -1, BATCH));
	assert_fails(MLP_ERR_VALUE, "quantity is 0", reading(&bench, (mlp_quantity)0, 1, BATCH));
	assert_fails(MLP_ERR_VALUE, "quantity is 5", reading(&bench, (mlp_quantity)5, 1, BATCH));
	assert_fails(MLP_ERR_STRIDE, "out", FN(workspace_read)(bench.ws, MLP_X, 1, BATCH, out, 4));
	assert_fails(MLP_ERR_NULL, "out", FN(workspace_read)(bench.ws, MLP_X, 1, BATCH, NULL, 5));
	assert_fails(MLP_ERR_NULL, "ws", FN(workspace_read)(NULL, MLP_X, 1, BATCH, out, 5));
	assert_fails(MLP_ERR_DTYPE, PICK("f64", "f32"),
		     PICK(mlp_workspace_read_f64(bench.ws, MLP_X, 1, BATCH, f64, 5),
			  mlp_workspace_read_f32(bench.ws, MLP_X, 1, BATCH, f32, 5)));
	(void)f32;
	(void)f64;
	tear_down(&bench);
}

/* Backward passes need the forward pass of the same network and batch, with the parameters as they
 * were. */
static void a_backward_pass_needs_its_forward_pass(void **state)
{
	(void)state;
	struct bench bench = set_up(MLP_TRAINING);
	const struct task *task = &bench.task;
	REAL *grad = FN(network_parameters)(task->net); /* never written: every call fails */
	const REAL *dl = task->dl.data;
	mlp_network *clone;
	assert_ok(mlp_network_clone(task->net, &clone));
	assert_fails(MLP_ERR_STATE, "without a forward",
		     FN(backward)(task->net, bench.ws, dl, 2, BATCH, 0, grad, NULL, 0));
	forward(&bench, 3);
	assert_fails(MLP_ERR_STATE, "3 rows",
		     FN(backward)(task->net, bench.ws, dl, 2, BATCH, 0, grad, NULL, 0));
	assert_fails(MLP_ERR_STATE, "another network",
		     FN(backward_logits)(clone, bench.ws, dl, 2, 3, 0, grad, NULL, 0));
	task_step(task, bench.ws, 0.1);
	assert_fails(MLP_ERR_STATE, "training step",
		     FN(backward)(task->net, bench.ws, dl, 2, BATCH, 0, grad, NULL, 0));
	forward(&bench, BATCH);
	for (int again = 0; again < 2; again++)
		assert_ok(FN(backward)(task->net, bench.ws, dl, 2, BATCH, 0, NULL, NULL, 0));
	mlp_network_free(clone);
	tear_down(&bench);
}

/* What a failed computation left behind is shown by a trace, but nothing is built on it. */
static void after_a_failed_computation_a_new_forward_pass_is_needed(void **state)
{
	(void)state;
	struct bench bench = set_up(MLP_TRACE);
	struct task *task = &bench.task;
	int64_t ld_x = (int64_t)task->x.ld, ld_t = (int64_t)task->target.ld;
	forward(&bench, BATCH);
	task->target.data[0] = (REAL)NAN;
	assert_fails(MLP_ERR_NONFINITE, "row 0",
		     FN(gradient)(task->net, bench.ws, task->x.data, ld_x, task->target.data, ld_t,
				  NULL, BATCH, task->loss, 0, MLP_MEAN, 0, NULL, NULL, NULL, 0));
	assert_readable(&bench, "yyyyyyyyyy");
	assert_int_equal(
		FN(backward)(task->net, bench.ws, task->dl.data, 2, BATCH, 0, NULL, NULL, 0),
		MLP_ERR_STATE);
	forward(&bench, BATCH);
	assert_ok(FN(backward)(task->net, bench.ws, task->dl.data, 2, BATCH, 0, NULL, NULL, 0));
	tear_down(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trace_shows_what_the_last_computation_made),
		cmocka_unit_test(a_training_workspace_shows_only_the_output),
		cmocka_unit_test(an_inference_workspace_shows_nothing),
		cmocka_unit_test(the_batch_must_be_that_of_the_last_computation),
		cmocka_unit_test(what_does_not_exist_is_refused),
		cmocka_unit_test(a_backward_pass_needs_its_forward_pass),
		cmocka_unit_test(after_a_failed_computation_a_new_forward_pass_is_needed),
	};
	return cmocka_run_group_tests_name("trace_state", tests, NULL, NULL);
}
