/* The public check finds nothing wrong with any activation and loss, kinks included, and leaves the
 * network as it is. (That it finds what is wrong: test_differences.c.) */
#include <math.h>
#include <stdlib.h>

#include "task.h"

enum { BATCH = 4, LAST_SINGLE = MLP_SIN };

static const double enough = PICK(1e-3, 1e-5);

static void check_task(const struct task *task)
{
	REAL *before = task_parameters(task);
	int64_t index = -1;
	double analytic = NAN, numeric = NAN, error = NAN;
	assert_ok(FN(gradient_check)(task->net, task->x.data, (int64_t)task->x.ld,
				     task->target.data, (int64_t)task->target.ld, task_weight(task),
				     (int64_t)task->batch, task->loss, task->parameter,
				     task->reduction, 0, &index, &analytic, &numeric, &error));
	assert_in_range(index, 0, task->parameter_count - 1);
	if (!(error >= 0 && error <= enough))
		fail_msg("loss %s, layers %s %s, parameter %d: %.10g and %.10g, error %g",
			 mlp_loss_name(task->loss),
			 mlp_activation_name(mlp_network_activation(task->net, 1)),
			 mlp_activation_name(mlp_network_activation(task->net, 3)), (int)index,
			 analytic, numeric, error);
	mlp_workspace *ws = task_workspace(task, MLP_TRAINING);
	REAL *grad = task_array(task);
	task_gradient(task, ws, grad, NULL);
	assert_true((double)grad[index] == analytic);
	assert_same_bits(FN(network_const_parameters)(task->net), before, task->parameter_count);
	free(grad);
	free(before);
	mlp_workspace_free(ws);
}

static void check(int hidden, int output, int loss)
{
	struct task task = task_create((const int64_t[]){3, 5, 4, 3}, 4, BATCH, 1,
				       (uint64_t)(100 * hidden + 10 * output + loss));
	assert_ok(mlp_network_set_activation(task.net, MLP_HIDDEN_LAYERS, (mlp_activation)hidden));
	assert_ok(mlp_network_set_activation(task.net, 3, (mlp_activation)output));
	task.loss = (mlp_loss)loss;
	task.parameter = loss == MLP_HUBER ? 0.4 : 0;
	task.reduction = hidden % 2 == 0 ? MLP_MEAN : MLP_SUM;
	task.weighted = output % 2 == 0;
	assert_ok(mlp_network_set_bias(task.net, 2, loss % 2));
	assert_ok(mlp_network_set_frozen(task.net, 1, loss % 3 == 0));
	check_task(&task);
	task_free(&task);
}

static void every_activation_and_loss_passes(void **state)
{
	(void)state;
	for (int hidden = 1; hidden <= LAST_SINGLE; hidden++)
		for (int loss = 1; loss <= MLP_POISSON; loss++)
			check(hidden, MLP_IDENTITY, loss);
	for (int output = 1; output <= MLP_SOFTMAX; output++)
		for (int loss = 1; loss <= MLP_LOG_COSH; loss++)
			check(MLP_TANH, output, loss);
	check(MLP_RELU, MLP_SOFTMAX, MLP_CROSS_ENTROPY);
	check(MLP_RELU, MLP_SIGMOID, MLP_BINARY_CROSS_ENTROPY);
}

/* Units whose s is nearer to ReLU's kink than the step: differences across it are wrong, not the
 * gradient. */
static void kinks_within_the_step_are_no_errors(void **state)
{
	(void)state;
	for (int side = -1; side <= 1; side += 2) {
		struct task task = task_create((const int64_t[]){3, 5, 4, 3}, 4, 1, 0, 9);
		assert_ok(mlp_network_set_activation(task.net, MLP_HIDDEN_LAYERS, MLP_RELU));
		REAL *p = FN(network_parameters)(task.net);
		for (int i = 0; i < 5; i++) { /* s(1) = 1e-9 or -1e-9, with no rounding */
			for (int j = 0; j < 3; j++)
				p[i * 3 + j] = (REAL)(j == 0 ? 0.5 : j == 1 ? -0.5 : 0);
			p[15 + i] = (REAL)(side * 1e-9);
		}
		for (int i = 0; i < 4; i++) /* layer 2 is not dead */
			p[40 + i] = (REAL)0.5;
		for (int j = 0; j < 3; j++)
			task.x.data[j] = 1;
		check_task(&task);
		task_free(&task);
	}
}

/* A shift that is no float, beside which the data is narrow; dropout, which the check leaves out. */
static void scaling_dropout_and_smoothing_pass(void **state)
{
	(void)state;
	const double shift[] = {1000000.03, -7, 0.1}, scale[] = {0.5, 2, 3};
	for (int loss = MLP_SQUARED_ERROR; loss <= MLP_CROSS_ENTROPY; loss++) {
		struct task task = task_create((const int64_t[]){3, 5, 4, 3}, 4, BATCH, 1, 9);
		task_set_loss(&task, (mlp_loss)loss, true);
		const bool scaled = mlp_loss_reads_logits((mlp_loss)loss) == 0;
		assert_ok(mlp_network_set_input_scaling(task.net, shift, scale));
		if (scaled)
			assert_ok(mlp_network_set_output_scaling(task.net, shift, scale));
		if (loss == MLP_CROSS_ENTROPY)
			task.parameter = 0.2;
		for (size_t n = 0; n < BATCH; n++) {
			task.x.data[n * task.x.ld] += (REAL)shift[0];
			task.target.data[n * task.target.ld] += (REAL)(scaled ? shift[0] : 0);
		}
		check_task(&task);
		assert_ok(mlp_network_set_dropout(task.net, MLP_HIDDEN_LAYERS, 0.5));
		double error;
		assert_ok(FN(gradient_check)(task.net, task.x.data, (int64_t)task.x.ld,
					     task.target.data, (int64_t)task.target.ld, NULL, BATCH,
					     task.loss, task.parameter, MLP_MEAN, 0, NULL, NULL,
					     NULL, &error));
		assert_true(error <= enough);
		task_free(&task);
	}
}

/* Beside the largest gradient, that of the very first parameter, the other one drowns in rounding of the loss. */
static void errors_are_measured_against_the_largest_gradient(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){2, 1}, 2, 1, 0, 9);
	REAL *w = FN(network_parameters)(task.net);
	assert_ok(mlp_network_set_bias(task.net, 1, 0));
	w[0] = w[1] = 1;
	task.x.data[0] = (REAL)1e6;
	task.x.data[1] = (REAL)1e-6;
	task.target.data[0] = 0;
	check_task(&task);
	task_free(&task);
}

static void classes_and_steps(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){3, 5, 3}, 3, BATCH, 1, 2);
	task_set_loss(&task, MLP_CROSS_ENTROPY, true);
	task.classes[1] = -5;
	task.weight[1] = 0;
	double error;
	for (double step = 0; step < 1e-3; step = step * 10 + 1e-6) {
		assert_ok(FN(gradient_check_class)(
			task.net, task.x.data, (int64_t)task.x.ld, task.classes, task.weight, BATCH,
			MLP_CROSS_ENTROPY, 0, MLP_MEAN, step, NULL, NULL, NULL, &error));
		assert_true(error >= 0 && error <= enough);
	}
	task_free(&task);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_activation_and_loss_passes),
		cmocka_unit_test(kinks_within_the_step_are_no_errors),
		cmocka_unit_test(scaling_dropout_and_smoothing_pass),
		cmocka_unit_test(errors_are_measured_against_the_largest_gradient),
		cmocka_unit_test(classes_and_steps),
	};
	return cmocka_run_group_tests_name("gradient_check", tests, NULL, NULL);
}
