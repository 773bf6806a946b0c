/* Gradients against central differences of the loss, in double: every activation with every loss,
 * reduction, and with and without sample weights. Kinks (ReLU, absolute error) are where two step
 * sizes disagree; few places may be. */
#include <math.h>
#include <stdlib.h>

#include "task.h"

enum { BATCH = 6, LOSSES = 7, LAST_SINGLE = MLP_SIN };

static const int64_t widths[] = {4, 5, 4, 3};

static double evaluate(const struct task *task, mlp_workspace *ws)
{
	double value;
	assert_ok(mlp_evaluate_f64(task->net, ws, task->x.data, (int64_t)task->x.ld,
				   task->target.data, (int64_t)task->target.ld, task_weight(task),
				   BATCH, task->loss, task->parameter, task->reduction, &value,
				   NULL, 0));
	return value;
}

static double difference(const struct task *task, mlp_workspace *ws, double *place, double h)
{
	double middle = *place;
	*place = middle + h;
	double above = evaluate(task, ws);
	*place = middle - h;
	double below = evaluate(task, ws);
	*place = middle;
	return (above - below) / (2 * h);
}

struct tally {
	int places, checked, nonzero;
	double norm;
};

/* One derivative. */
static void check_place(const struct task *task, mlp_workspace *ws, double *place,
			double derivative, struct tally *tally)
{
	double wide = difference(task, ws, place, 2e-5), narrow = difference(task, ws, place, 1e-5);
	double tolerance = 1e-7 * (1 + fabs(derivative));
	tally->places++;
	tally->nonzero += derivative != 0;
	tally->norm += derivative * derivative;
	if (fabs(wide - narrow) > tolerance)
		return;
	tally->checked++;
	if (fabs(narrow - derivative) > tolerance)
		fail_msg("loss %s, layers %s %s %s, reduction %d, %s weights: place %d has "
			 "derivative %.12g, difference %.12g",
			 mlp_loss_name(task->loss),
			 mlp_activation_name(mlp_network_activation(task->net, 1)),
			 mlp_activation_name(mlp_network_activation(task->net, 2)),
			 mlp_activation_name(mlp_network_activation(task->net, 3)), task->reduction,
			 task->weighted ? "with" : "without", tally->places - 1, derivative,
			 narrow);
}

/* All derivatives: of the parameters, and of the inputs. */
static void check_task(struct task *task)
{
	mlp_workspace *ws = task_workspace(task, MLP_TRAINING);
	double *parameters = mlp_network_parameters_f64(task->net), *grad = task_array(task);
	struct rows dx0 = rows_create(BATCH, (size_t)widths[0], 2);
	struct tally tally = {0};
	double value = task_gradient(task, ws, grad, &dx0);
	assert_true(fabs(value - evaluate(task, ws)) <= 1e-14 * fabs(value));
	for (size_t i = 0; i < task->parameter_count; i++)
		check_place(task, ws, &parameters[i], grad[i], &tally);
	for (size_t n = 0; n < BATCH; n++)
		for (size_t j = 0; j < dx0.width; j++)
			check_place(task, ws, &task->x.data[n * task->x.ld + j],
				    dx0.data[n * dx0.ld + j], &tally);
	assert_gaps_untouched(&dx0);
	assert_true(10 * tally.checked >= 9 * tally.places);
	assert_true(2 * tally.nonzero > tally.places); /* a ReLU unit may be dead */
	assert_true(sqrt(tally.norm) > 0.02);
	free(grad);
	rows_free(&dx0);
	mlp_workspace_free(ws);
}

/* With both reductions, with and without weights. */
static void check_all_reductions(mlp_activation hidden, mlp_activation output, mlp_loss loss)
{
	for (int variant = 0; variant < 4; variant++) {
		struct task task = task_create(widths, 4, BATCH, 1,
					       (uint64_t)(100 * hidden + 10 * output) + loss);
		assert_ok(mlp_network_set_activation(task.net, MLP_HIDDEN_LAYERS, hidden));
		assert_ok(mlp_network_set_activation(task.net, 3, output));
		if (hidden == MLP_LEAKY_RELU || hidden == MLP_ELU)
			assert_ok(mlp_network_set_activation_parameter(task.net, 2, 0.3));
		task.loss = loss;
		task.parameter = loss == MLP_HUBER                          ? 0.4
				 : loss == MLP_CROSS_ENTROPY && variant > 0 ? 0.1 * variant
									    : 0;
		task.reduction = variant % 2 == 0 ? MLP_MEAN : MLP_SUM;
		task.weighted = variant / 2 == 0;
		check_task(&task);
		task_free(&task);
	}
}

static void every_hidden_activation_with_every_loss(void **state)
{
	(void)state;
	for (int hidden = 1; hidden <= LAST_SINGLE; hidden++)
		for (int loss = 1; loss <= LOSSES; loss++)
			check_all_reductions((mlp_activation)hidden, MLP_IDENTITY, (mlp_loss)loss);
}

/* The softmax with its whole Jacobian. */
static void every_output_activation_with_every_loss_that_reads_outputs(void **state)
{
	(void)state;
	for (int output = 1; output <= MLP_SOFTMAX; output++)
		for (int loss = 1; loss <= LOSSES; loss++)
			if (mlp_loss_reads_logits((mlp_loss)loss) == 0)
				check_all_reductions(MLP_TANH, (mlp_activation)output,
						     (mlp_loss)loss);
}

static void cross_entropies_with_the_activation_whose_logits_they_read(void **state)
{
	(void)state;
	for (int hidden = 1; hidden <= LAST_SINGLE; hidden++) {
		check_all_reductions((mlp_activation)hidden, MLP_SOFTMAX, MLP_CROSS_ENTROPY);
		check_all_reductions((mlp_activation)hidden, MLP_SIGMOID, MLP_BINARY_CROSS_ENTROPY);
	}
}

/* The class-index gradient is that of rows with a 1 at the class. */
static void class_indices_equal_probabilities_of_one(void **state)
{
	(void)state;
	for (int variant = 0; variant < 4; variant++) {
		struct task task = task_create(widths, 4, BATCH, 1, 77);
		task_set_loss(&task, MLP_CROSS_ENTROPY, variant % 2 == 0);
		task.weighted = variant / 2 == 0;
		task.parameter = 0.2 * (variant % 3); /* smoothed or not */
		for (size_t n = 0; n < BATCH; n++)
			for (size_t i = 0; i < 3; i++)
				task.target.data[n * task.target.ld + i] =
					i == (size_t)task.classes[n];
		mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
		double *grad = task_array(&task), *by_class = task_array(&task), value, evaluated;
		struct rows dx0 = rows_create(BATCH, 4, 0), dx0_by_class = rows_create(BATCH, 4, 3);
		double expected = task_gradient(&task, ws, grad, &dx0);
		assert_ok(mlp_gradient_class_f64(
			task.net, ws, task.x.data, (int64_t)task.x.ld, task.classes,
			task_weight(&task), BATCH, MLP_CROSS_ENTROPY, task.parameter, MLP_MEAN, 0,
			&value, by_class, dx0_by_class.data, (int64_t)dx0_by_class.ld));
		assert_ok(mlp_evaluate_class_f64(task.net, ws, task.x.data, (int64_t)task.x.ld,
						 task.classes, task_weight(&task), BATCH,
						 MLP_CROSS_ENTROPY, task.parameter, MLP_MEAN,
						 &evaluated, NULL, 0));
		assert_near(&value, &expected, 1);
		assert_near(&evaluated, &expected, 1);
		assert_near(by_class, grad, task.parameter_count);
		assert_rows_near(&dx0_by_class, &dx0);
		free(grad);
		free(by_class);
		rows_free(&dx0);
		rows_free(&dx0_by_class);
		mlp_workspace_free(ws);
		task_free(&task);
	}
}

/* The float network's gradient is the double network's, but for rounding. */
static void float_gradient_is_near_the_double_one(void **state)
{
	(void)state;
	for (int loss = 1; loss <= LOSSES; loss++) {
		struct task task = task_create(widths, 4, BATCH, 0, 5);
		task_set_loss(&task, (mlp_loss)loss, true);
		mlp_network *net;
		mlp_workspace *ws = task_workspace(&task, MLP_TRAINING), *ws_f32;
		assert_ok(mlp_network_convert(task.net, MLP_F32, &net));
		assert_ok(mlp_workspace_create(net, BATCH, MLP_TRAINING, &ws_f32));
		float x[BATCH * 4], t[BATCH * 3], grad_f32[100];
		double *grad = task_array(&task), widened[100], value;
		for (size_t i = 0; i < BATCH * 4; i++)
			x[i] = (float)task.x.data[i];
		for (size_t i = 0; i < BATCH * 3; i++)
			t[i] = (float)task.target.data[i];
		double expected = task_gradient(&task, ws, grad, NULL);
		assert_ok(mlp_gradient_f32(net, ws_f32, x, 4, t, 3, NULL, BATCH, (mlp_loss)loss,
					   task.parameter, MLP_MEAN, 0, &value, grad_f32, NULL, 0));
		for (size_t i = 0; i < task.parameter_count; i++)
			widened[i] = (double)grad_f32[i];
		assert_allclose_f64(&value, &expected, 1, 1e-6, 0);
		assert_allclose_f64(widened, grad, task.parameter_count, 1e-5, 1e-6);
		free(grad);
		mlp_workspace_free(ws);
		mlp_workspace_free(ws_f32);
		mlp_network_free(net);
		task_free(&task);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_hidden_activation_with_every_loss),
		cmocka_unit_test(every_output_activation_with_every_loss_that_reads_outputs),
		cmocka_unit_test(cross_entropies_with_the_activation_whose_logits_they_read),
		cmocka_unit_test(class_indices_equal_probabilities_of_one),
		cmocka_unit_test(float_gradient_is_near_the_double_one),
	};
	return cmocka_run_group_tests_name("gradients", tests, NULL, NULL);
}
