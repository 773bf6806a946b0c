/* Hessian-vector products: against differences of gradients for every activation, loss and reduction, for
 * symmetry, and to the last bit with any number of workers; of floats against those of doubles. */
#include <math.h>
#include <stdlib.h>

#include "settings.h"
#include "task.h"

enum { LOSSES = MLP_POISSON, LAST_SINGLE = MLP_SIN };

static void compute(const struct task *task, mlp_workspace *ws, const REAL *v, REAL *hv)
{
	assert_ok(FN(hessian_vector)(task->net, ws, task->x.data, (int64_t)task->x.ld,
				     task->target.data, (int64_t)task->target.ld, task_weight(task),
				     (int64_t)task->batch, task->loss, task->parameter,
				     task->reduction, v, hv));
}

static REAL *random_vector(const struct task *task, uint64_t seed)
{
	REAL *v = task_array(task);
	for (size_t i = 0; i < task->parameter_count; i++)
		v[i] = (REAL)random_real(&seed);
	return v;
}

static double dot(const REAL *a, const REAL *b, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += (double)a[i] * (double)b[i];
	return sum;
}

#if MLP_REAL_BITS == 64
/* (gradient(p + h v) - gradient(p - h v)) / 2h */
static double *difference_of_gradients(const struct task *task, mlp_workspace *ws, const double *v)
{
	const double h = 1e-5;
	size_t count = task->parameter_count;
	double *before = task_parameters(task), *moved = task_array(task);
	double *above = task_array(task), *below = task_array(task);
	for (int side = 1; side >= -1; side -= 2) {
		for (size_t i = 0; i < count; i++)
			moved[i] = before[i] + side * h * v[i];
		assert_ok(mlp_network_set_parameters_f64(task->net, moved, (int64_t)count));
		task_gradient(task, ws, side > 0 ? above : below, NULL);
	}
	assert_ok(mlp_network_set_parameters_f64(task->net, before, (int64_t)count));
	for (size_t i = 0; i < count; i++)
		above[i] = (above[i] - below[i]) / (2 * h);
	free(before);
	free(moved);
	free(below);
	return above;
}

static void check_against_differences(const struct task *task)
{
	mlp_workspace *ws = task_workspace(task, MLP_TRAINING);
	double *v = random_vector(task, 3), *hv = task_array(task);
	compute(task, ws, v, hv);
	double *expected = difference_of_gradients(task, ws, v), largest = 0;
	for (size_t i = 0; i < task->parameter_count; i++)
		largest = fmax(largest, fabs(expected[i]));
	for (size_t i = 0; i < task->parameter_count; i++)
		if (fabs(hv[i] - expected[i]) > 1e-7 * (1 + largest))
			fail_msg("loss %s, layers %s %s, parameter %zu: %.10g instead of %.10g",
				 mlp_loss_name(task->loss),
				 mlp_activation_name(mlp_network_activation(task->net, 1)),
				 mlp_activation_name(mlp_network_activation(
					 task->net, (int64_t)task->layer_count)),
				 i, hv[i], expected[i]);
	free(v);
	free(hv);
	free(expected);
	mlp_workspace_free(ws);
}

static bool has_kinks(int sigma)
{
	return sigma == MLP_RELU || sigma == MLP_LEAKY_RELU || sigma == MLP_ELU ||
	       sigma == MLP_SELU || sigma == MLP_SOFTSIGN;
}

/* Both reductions, with weights and without, of 4-5-4-3 networks far enough from every kink. */
static void check_all_reductions(int hidden, int output, int loss)
{
	for (int variant = 0; variant < 4; variant++)
		for (uint64_t seed = 0;; seed++) {
			assert_true(seed < 200);
			struct task task =
				task_create((const int64_t[]){4, 5, 4, 3}, 4, 5, 1,
					    1000 * seed + (uint64_t)(hidden + 20 * output));
			assert_ok(mlp_network_set_activation(task.net, MLP_HIDDEN_LAYERS,
							     (mlp_activation)hidden));
			assert_ok(mlp_network_set_activation(task.net, 3, (mlp_activation)output));
			if (hidden == MLP_LEAKY_RELU || hidden == MLP_ELU)
				assert_ok(mlp_network_set_activation_parameter(task.net, 2, 0.3));
			task.loss = (mlp_loss)loss;
			task.parameter = loss == MLP_HUBER ? 0.4 : 0;
			task.reduction = variant % 2 == 0 ? MLP_MEAN : MLP_SUM;
			task.weighted = variant / 2 == 0;
			bool kinks = has_kinks(hidden) || has_kinks(output) ||
				     loss == MLP_ABSOLUTE_ERROR;
			bool near = kinks && task_margin(&task) < 1e-3;
			if (!near)
				check_against_differences(&task);
			task_free(&task);
			if (!near)
				break;
		}
}

static void every_hidden_activation_with_every_loss(void **state)
{
	(void)state;
	for (int hidden = 1; hidden <= LAST_SINGLE; hidden++)
		for (int loss = 1; loss <= LOSSES; loss++)
			check_all_reductions(hidden, MLP_IDENTITY, loss);
}

static void every_output_activation_with_every_loss_that_reads_outputs(void **state)
{
	(void)state;
	for (int output = 1; output <= MLP_SOFTMAX; output++)
		for (int loss = 1; loss <= LOSSES; loss++)
			if (mlp_loss_reads_logits((mlp_loss)loss) == 0)
				check_all_reductions(MLP_TANH, output, loss);
}

static void cross_entropies_with_the_activation_whose_logits_they_read(void **state)
{
	(void)state;
	for (int hidden = 1; hidden <= LAST_SINGLE; hidden++) {
		check_all_reductions(hidden, MLP_SOFTMAX, MLP_CROSS_ENTROPY);
		check_all_reductions(hidden, MLP_SIGMOID, MLP_BINARY_CROSS_ENTROPY);
	}
}

/* Depths from one layer, widths from 1, blocks more than one. */
static void every_shape_equals_differences(void **state)
{
	(void)state;
	const struct {
		int64_t widths[6], count, batch;
	} problems[] = {{{1, 1}, 2, 1},       {{3, 2}, 2, 5},         {{1, 1, 1}, 3, 1},
			{{2, 1, 3}, 3, 65},   {{5, 33, 17, 2}, 4, 1}, {{5, 33, 17, 2}, 4, 130},
			{{60, 50, 3}, 3, 20}, {{3, 4, 5, 4, 2}, 5, 9}};
	for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++) {
		struct task task = task_create(problems[i].widths, problems[i].count,
					       problems[i].batch, 1, 60 + i);
		assert_ok(mlp_network_set_activation(task.net, 1, MLP_SILU));
		task_set_loss(&task, i % 2 == 0 ? MLP_LOG_COSH : MLP_CROSS_ENTROPY, i % 3 == 0);
		check_against_differences(&task);
		task_free(&task);
	}
}

/* Raw inputs and targets; the loss, and so its Hessian, is in scaled units. */
static void scaled_networks_and_smoothed_labels(void **state)
{
	(void)state;
	const double shift[] = {1, -2, 0.5, 0}, scale[] = {0.5, 2, 3, 0.25};
	for (int loss = 1; loss <= LOSSES; loss++) {
		struct task task = task_create((const int64_t[]){4, 9, 3}, 3, 7, 1, 70);
		task_set_loss(&task, (mlp_loss)loss, true);
		assert_ok(mlp_network_set_input_scaling(task.net, shift, scale));
		if (mlp_loss_reads_logits((mlp_loss)loss) == 0)
			assert_ok(mlp_network_set_output_scaling(task.net, shift, scale));
		if (loss == MLP_CROSS_ENTROPY)
			task.parameter = 0.3;
		for (size_t i = 0; i < 3; i++) /* smoothing changes the sum of these */
			task.target.data[i] *= 2;
		task.weighted = loss % 2;
		check_against_differences(&task);
		task_free(&task);
	}
}
#endif

/* u^T (H v) = v^T (H u) */
static void hessian_is_symmetric(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){30, 40, 20, 10}, 4, 70, 0, 8);
	assert_ok(mlp_network_set_activation(task.net, 1, MLP_GELU));
	assert_ok(mlp_network_set_activation(task.net, 3, MLP_SOFTMAX));
	for (int loss = 1; loss <= LOSSES; loss++) {
		task_set_loss(&task, (mlp_loss)loss, true);
		mlp_workspace *ws = task_workspace(&task, MLP_TRACE);
		REAL *u = random_vector(&task, 1), *v = random_vector(&task, 2);
		REAL *hu = task_array(&task), *hv = task_array(&task);
		compute(&task, ws, u, hu);
		compute(&task, ws, v, hv);
		double uhv = dot(u, hv, task.parameter_count);
		double vhu = dot(v, hu, task.parameter_count);
		double scale =
			sqrt(dot(u, u, task.parameter_count) * dot(hv, hv, task.parameter_count));
		assert_true(scale > 0);
		assert_true(fabs(uhv - vhu) <= TOLERANCE * scale);
		free(u);
		free(v);
		free(hu);
		free(hv);
		mlp_workspace_free(ws);
	}
	task_free(&task);
}

static void class_indices_equal_probabilities_of_one(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){4, 9, 3}, 3, 20, 1, 77);
	task_set_loss(&task, MLP_CROSS_ENTROPY, true);
	task.weighted = true;
	for (size_t n = 0; n < 20; n++)
		for (size_t i = 0; i < 3; i++)
			task.target.data[n * task.target.ld + i] = i == (size_t)task.classes[n];
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	REAL *v = random_vector(&task, 5), *hv = task_array(&task), *by_class = task_array(&task);
	compute(&task, ws, v, hv);
	assert_ok(FN(hessian_vector_class)(task.net, ws, task.x.data, (int64_t)task.x.ld,
					   task.classes, task.weight, 20, MLP_CROSS_ENTROPY, 0,
					   MLP_MEAN, v, by_class));
	assert_near(by_class, hv, task.parameter_count);
	free(v);
	free(hv);
	free(by_class);
	mlp_workspace_free(ws);
	task_free(&task);
}

/* Entries of v for a bias that is switched off do not matter, not even NaN; freezing changes nothing. */
static void biases_and_frozen_layers(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){4, 6, 3}, 3, 9, 0, 7);
	assert_ok(mlp_network_set_bias(task.net, 1, 0));
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	REAL *v = random_vector(&task, 5), *hv = task_array(&task), *again = task_array(&task);
	compute(&task, ws, v, hv);
	int64_t b;
	assert_ok(mlp_network_layout(task.net, 1, NULL, &b));
	for (int i = 0; i < 6; i++) {
		assert_true(hv[b + i] == 0);
		v[b + i] = (REAL)NAN;
	}
	assert_ok(mlp_network_set_frozen(task.net, MLP_ALL_LAYERS, 1));
	compute(&task, ws, v, again);
	assert_same_bits(again, hv, task.parameter_count);
	free(v);
	free(hv);
	free(again);
	mlp_workspace_free(ws);
	task_free(&task);
}

/* The workspace is left as mlp_gradient leaves it: a trace shows the same quantities. */
static void trace_shows_the_passes(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){4, 6, 3}, 3, 9, 0, 7);
	mlp_workspace *ws = task_workspace(&task, MLP_TRACE),
		      *other = task_workspace(&task, MLP_TRACE);
	REAL *v = random_vector(&task, 5), *hv = task_array(&task);
	compute(&task, ws, v, hv);
	task_gradient(&task, other, hv, NULL);
	for (int q = MLP_X; q <= MLP_DL_DS; q++)
		for (int64_t l = q == MLP_S || q == MLP_DL_DS; l <= 2; l++) {
			REAL a[9 * 6], b[9 * 6];
			size_t count = 9 * (size_t)mlp_network_width(task.net, l);
			assert_ok(FN(workspace_read)(ws, (mlp_quantity)q, l, 9, a,
						     mlp_network_width(task.net, l)));
			assert_ok(FN(workspace_read)(other, (mlp_quantity)q, l, 9, b,
						     mlp_network_width(task.net, l)));
			assert_same_bits(a, b, count);
		}
	free(v);
	free(hv);
	mlp_workspace_free(ws);
	mlp_workspace_free(other);
	task_free(&task);
}

static void workers_change_no_bit(void **state)
{
	(void)state;
	mlp_pool *pools[CREWS];
	crews_create(pools);
	const int64_t batches[] = {1, 20, 150, 300};
	for (size_t k = 0; k < 4; k++) {
		struct task task =
			task_create((const int64_t[]){60, 130, 70, 12}, 4, batches[k], 1, k);
		assert_ok(mlp_network_set_activation(task.net, 1, MLP_GELU));
		task_set_loss(&task, k % 2 == 0 ? MLP_CROSS_ENTROPY : MLP_HUBER, true);
		struct setting list[MOST_SETTINGS];
		mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
		size_t count = settings_list(ws, list);
		REAL *v = random_vector(&task, 5), *first = task_array(&task);
		REAL *alone = task_array(&task), *together = task_array(&task);
		for (size_t i = 0; i < count; i++) {
			setting_apply(ws, list[i]);
			assert_ok(mlp_workspace_set_pool(ws, NULL));
			compute(&task, ws, v, alone);
			if (i == 0)
				memcpy(first, alone, task.parameter_count * sizeof(REAL));
			assert_near(alone, first, task.parameter_count);
			for (size_t c = 0; c < CREWS && list[i].products != MLP_PRODUCTS_WHOLE;
			     c++) {
				assert_ok(mlp_workspace_set_pool(ws, pools[c]));
				compute(&task, ws, v, together);
				assert_same_bits(together, alone, task.parameter_count);
			}
		}
		free(v);
		free(first);
		free(alone);
		free(together);
		mlp_workspace_free(ws);
		task_free(&task);
	}
	crews_free(pools);
}

#if MLP_REAL_BITS == 32
static double *to_double(const float *from, size_t n)
{
	double *to = calloc(n, sizeof(double));
	assert_non_null(to);
	for (size_t i = 0; i < n; i++)
		to[i] = (double)from[i];
	return to;
}

static void float_product_is_near_the_double_one(void **state)
{
	(void)state;
	for (int loss = 1; loss <= LOSSES; loss++)
		for (int hidden = 1; hidden <= LAST_SINGLE; hidden++) {
			struct task task = task_create((const int64_t[]){6, 20, 3}, 3, 40, 0,
						       (uint64_t)hidden);
			assert_ok(mlp_network_set_activation(task.net, 1, (mlp_activation)hidden));
			task_set_loss(&task, (mlp_loss)loss, true);
			mlp_workspace *ws = task_workspace(&task, MLP_TRAINING), *wide_ws;
			float *v = random_vector(&task, 5), *hv = task_array(&task);
			compute(&task, ws, v, hv);
			mlp_network *wide;
			assert_ok(mlp_network_convert(task.net, MLP_F64, &wide));
			assert_ok(mlp_workspace_create(wide, 40, MLP_TRAINING, &wide_ws));
			double *x = to_double(task.x.data, 240),
			       *t = to_double(task.target.data, 120);
			double *wide_v = to_double(v, task.parameter_count);
			double *wide_hv = to_double(hv, task.parameter_count);
			assert_ok(mlp_hessian_vector_f64(wide, wide_ws, x, 6, t, 3, NULL, 40,
							 task.loss, task.parameter, task.reduction,
							 wide_v, wide_hv));
			for (size_t i = 0; i < task.parameter_count; i++)
				v[i] = (float)wide_hv[i];
			assert_near(hv, v, task.parameter_count);
			free(x);
			free(t);
			free(v);
			free(hv);
			free(wide_v);
			free(wide_hv);
			mlp_workspace_free(ws);
			mlp_workspace_free(wide_ws);
			mlp_network_free(wide);
			task_free(&task);
		}
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
#if MLP_REAL_BITS == 64
		cmocka_unit_test(every_hidden_activation_with_every_loss),
		cmocka_unit_test(every_output_activation_with_every_loss_that_reads_outputs),
		cmocka_unit_test(cross_entropies_with_the_activation_whose_logits_they_read),
		cmocka_unit_test(every_shape_equals_differences),
		cmocka_unit_test(scaled_networks_and_smoothed_labels),
#else
		cmocka_unit_test(float_product_is_near_the_double_one),
#endif
		cmocka_unit_test(hessian_is_symmetric),
		cmocka_unit_test(class_indices_equal_probabilities_of_one),
		cmocka_unit_test(biases_and_frozen_layers),
		cmocka_unit_test(trace_shows_the_passes),
		cmocka_unit_test(workers_change_no_bit),
	};
	return cmocka_run_group_tests_name("hessian", tests, NULL, NULL);
}
