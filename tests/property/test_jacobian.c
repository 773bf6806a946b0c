/* The Jacobian and its products with vectors: against the slow twin, against differences, against each
 * other, and in the units of the caller. */
#include <math.h>

#include "jacobians.h"

struct problem {
	int64_t widths[6], count, batch;
};

/* Forward and in reverse, with one direction or many in a block, and a last block that is not full. */
static const struct problem problems[] = {
	{{1, 1}, 2, 1},          {{3, 1}, 2, 4},           {{1, 5}, 2, 7},
	{{4, 3}, 2, 1},          {{5, 7, 2}, 3, 1},        {{5, 7, 2}, 3, 2},
	{{2, 7, 5}, 3, 64},      {{2, 9, 5}, 3, 130},      {{6, 9, 2}, 3, 300},
	{{17, 64, 64, 6}, 4, 1}, {{17, 64, 64, 6}, 4, 33}, {{6, 64, 64, 17}, 4, 20},
	{{200, 40, 150}, 3, 1},  {{150, 33, 200}, 3, 3},   {{1, 130, 1}, 3, 65},
	{{70, 30, 70}, 3, 129},  {{3, 4, 5, 6, 2}, 5, 11}, {{300, 260, 2}, 3, 5},
};

enum { PROBLEMS = sizeof(problems) / sizeof(problems[0]) };

static void check_task(const struct task *task, size_t gap)
{
	mlp_workspace *ws = task_workspace(task, gap % 2 == 0 ? MLP_TRAINING : MLP_TRACE);
	struct results results = results_create(task, gap);
	results_compute(task, ws, &results);
	struct rows expected = twin_jacobian(task);
	check_against(&expected, task, &results);
	rows_free(&expected);
	results_free(&results);
	mlp_workspace_free(ws);
}

static void every_shape_equals_the_twin(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROBLEMS; i++) {
		struct task task = task_create(problems[i].widths, problems[i].count,
					       problems[i].batch, i % 3, i);
		check_task(&task, i % 4);
		task_free(&task);
	}
}

/* ReLU's kinks are far from every s of these seeds. */
static void every_activation_equals_the_twin(void **state)
{
	(void)state;
	const int64_t widths[] = {4, 6, 5, 3}, wide[] = {3, 6, 5, 4};
	for (int sigma = MLP_IDENTITY; sigma <= MLP_SOFTMAX; sigma++)
		for (int64_t batch = 1; batch < 200; batch += 66) {
			struct task task = task_create(batch % 2 == 0 ? widths : wide, 4, batch, 1,
						       (uint64_t)(17 * sigma + batch));
			if (sigma != MLP_SOFTMAX)
				assert_ok(mlp_network_set_activation(task.net, MLP_HIDDEN_LAYERS,
								     (mlp_activation)sigma));
			assert_ok(mlp_network_set_activation(task.net, 3, (mlp_activation)sigma));
			if (sigma == MLP_LEAKY_RELU || sigma == MLP_ELU)
				assert_ok(mlp_network_set_activation_parameter(task.net, 2, 0.3));
			assert_ok(mlp_network_set_bias(task.net, 1, batch % 4 == 1));
			check_task(&task, (size_t)sigma % 3);
			task_free(&task);
		}
}

#if MLP_REAL_BITS == 64
/* dx(L)_i / dx(0)_j by central differences of the forward pass. */
static void jacobian_equals_differences(void **state)
{
	(void)state;
	const int64_t widths[] = {4, 6, 3};
	for (int sigma = MLP_IDENTITY; sigma <= MLP_SOFTMAX; sigma++) {
		struct task task = task_create(widths, 3, 5, 1, (uint64_t)sigma + 50);
		if (sigma != MLP_SOFTMAX)
			assert_ok(mlp_network_set_activation(task.net, 1, (mlp_activation)sigma));
		assert_ok(mlp_network_set_activation(task.net, 2, (mlp_activation)sigma));
		if (task_margin(&task) < 1e-4)
			fail_msg("a kink is near: take another seed");
		mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
		struct rows jacobian = rows_create(5, 12, 1), above = rows_create(5, 3, 0),
			    below = rows_create(5, 3, 0);
		compute_jacobian(&task, ws, NULL, &jacobian);
		const double h = 1e-5;
		double nonzero = 0;
		for (size_t j = 0; j < 4; j++) {
			for (size_t n = 0; n < 5; n++)
				task.x.data[n * task.x.ld + j] += h;
			task_forward(&task, ws, &above);
			for (size_t n = 0; n < 5; n++)
				task.x.data[n * task.x.ld + j] -= 2 * h;
			task_forward(&task, ws, &below);
			for (size_t n = 0; n < 5; n++)
				task.x.data[n * task.x.ld + j] += h;
			for (size_t n = 0; n < 5; n++)
				for (size_t i = 0; i < 3; i++) {
					double d = (above.data[n * above.ld + i] -
						    below.data[n * below.ld + i]) /
						   (2 * h);
					double found = jacobian.data[n * jacobian.ld + i * 4 + j];
					nonzero += found != 0;
					if (fabs(d - found) > 1e-8)
						fail_msg("%s: %.12g instead of %.12g",
							 mlp_activation_name((mlp_activation)sigma),
							 found, d);
				}
		}
		assert_true(nonzero > 12);
		rows_free(&jacobian);
		rows_free(&above);
		rows_free(&below);
		mlp_workspace_free(ws);
		task_free(&task);
	}
}
#endif

/* v^T (J w) = (v^T J) w, sample by sample. */
static void products_from_both_sides_agree(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){30, 40, 20, 10}, 4, 70, 0, 8);
	assert_ok(mlp_network_set_activation(task.net, 2, MLP_GELU));
	assert_ok(mlp_network_set_activation(task.net, 3, MLP_SOFTMAX));
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	struct results results = results_create(&task, 1);
	results_compute(&task, ws, &results);
	for (size_t n = 0; n < 70; n++) {
		double left = 0, right = 0, scale = 0;
		for (size_t i = 0; i < 10; i++)
			left += (double)results.out.data[n * results.out.ld + i] *
				(double)results.jvp.data[n * results.jvp.ld + i];
		for (size_t j = 0; j < 30; j++) {
			double term = (double)results.vjp.data[n * results.vjp.ld + j] *
				      (double)results.in.data[n * results.in.ld + j];
			right += term;
			scale += fabs(term);
		}
		assert_true(scale > 0);
		assert_true(fabs(left - right) <= TOLERANCE * scale);
	}
	results_free(&results);
	mlp_workspace_free(ws);
	task_free(&task);
}

/* y = scale y' + shift of x' = (x - shift) / scale, and dy_i/dx_j = scale_i dy'_i/dx'_j / scale_j. */
struct units {
	double in_shift[5], in_scale[5], out_shift[5], out_scale[5];
};

static struct units units_create(mlp_network *net, bool scales_inputs, bool scales_outputs)
{
	struct units units;
	for (size_t i = 0; i < 5; i++) {
		units.in_shift[i] = scales_inputs ? (double)i - 2 : 0;
		units.in_scale[i] = scales_inputs ? 0.5 + (double)i : 1;
		units.out_shift[i] = scales_outputs ? 0.5 * (double)i : 0;
		units.out_scale[i] = scales_outputs ? 3 / (1 + (double)i) : 1;
	}
	if (scales_inputs)
		assert_ok(mlp_network_set_input_scaling(net, units.in_shift, units.in_scale));
	if (scales_outputs)
		assert_ok(mlp_network_set_output_scaling(net, units.out_shift, units.out_scale));
	return units;
}

/* Inputs, outputs and Jacobian of the layers become those that a caller sees. */
static void make_raw(const struct units *units, struct task *task, struct rows *y,
		     struct rows *jacobian)
{
	size_t n_0 = task->x.width, n_L = task->target.width;
	for (size_t n = 0; n < task->batch; n++) {
		REAL *x = task->x.data + n * task->x.ld, *out = y->data + n * y->ld;
		for (size_t j = 0; j < n_0; j++)
			x[j] = (REAL)((double)x[j] * units->in_scale[j] + units->in_shift[j]);
		for (size_t i = 0; i < n_L; i++) {
			out[i] = (REAL)((double)out[i] * units->out_scale[i] + units->out_shift[i]);
			for (size_t j = 0; j < n_0; j++)
				jacobian->data[n * jacobian->ld + i * n_0 + j] *=
					(REAL)(units->out_scale[i] / units->in_scale[j]);
		}
	}
}

/* Forward, in reverse, with one direction in a block and with many; dropout is left out. */
static void derivatives_are_raw(void **state)
{
	(void)state;
	const int64_t wide_in[] = {5, 20, 3}, wide_out[] = {3, 20, 5};
	for (int turn = 0; turn < 12; turn++) {
		struct task task = task_create(turn % 2 == 0 ? wide_in : wide_out, 3,
					       turn / 2 % 2 == 0 ? 6 : 150, 1, (uint64_t)turn);
		struct results results = results_create(&task, 1);
		struct rows y = rows_create(task.batch, task.target.width, 0);
		struct rows jacobian = twin_jacobian(&task);
		twin_forward(&task, &y);
		struct units units = units_create(task.net, turn < 8, turn >= 4);
		make_raw(&units, &task, &y, &jacobian);
		assert_ok(mlp_network_set_dropout(task.net, 1, 0.5));
		mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
		results_compute(&task, ws, &results);
		struct rows jvp = times_vector(&jacobian, &results.in, false);
		struct rows vjp = times_vector(&jacobian, &results.out, true);
		assert_rows_near(&results.y, &y);
		assert_rows_near(&results.jacobian, &jacobian);
		assert_rows_near(&results.jvp, &jvp);
		assert_rows_near(&results.vjp, &vjp);
		rows_free(&jvp);
		rows_free(&vjp);
		rows_free(&y);
		rows_free(&jacobian);
		results_free(&results);
		mlp_workspace_free(ws);
		task_free(&task);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_shape_equals_the_twin),
		cmocka_unit_test(every_activation_equals_the_twin),
#if MLP_REAL_BITS == 64
		cmocka_unit_test(jacobian_equals_differences),
#endif
		cmocka_unit_test(products_from_both_sides_agree),
		cmocka_unit_test(derivatives_are_raw),
	};
	return cmocka_run_group_tests_name("jacobian", tests, NULL, NULL);
}
