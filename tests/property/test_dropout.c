/* Dropout: which units are dropped, what becomes of the others, and that nothing else depends on it. */
#include <math.h>
#include <stdlib.h>

#include "differences.h"
#include "nets.h"
#include "outcome.h"
#include "settings.h"

/* ---- the definition, as dropout.h has it ------------------------------------------------------ */

static uint64_t splitmix64(uint64_t state, uint64_t k)
{
	uint64_t z = state + k * 0x9e3779b97f4a7c15U;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

static bool is_dropped(uint64_t seed, uint64_t pass, size_t layer, size_t row, size_t unit,
		       double rate)
{
	uint64_t key = splitmix64(splitmix64(splitmix64(seed, 1) ^ pass, 1) ^ layer, 1);
	uint64_t z = splitmix64(splitmix64(key ^ (row / 2), 1), unit + 1);
	uint32_t bits = (uint32_t)(row % 2 == 0 ? z : z >> 32);
	return (double)bits < floor(rate * 4294967296.0 + 0.5);
}

/* A layer's x and s (of layer 0: x and the scaled inputs) out of a trace. */
static struct rows read_trace(const struct task *task, const mlp_workspace *ws,
			      mlp_quantity quantity, size_t l)
{
	struct rows made =
		rows_create(task->batch, (size_t)mlp_network_width(task->net, (int64_t)l), 0);
	assert_ok(FN(workspace_read)(ws, quantity, (int64_t)l, (int64_t)task->batch, made.data,
				     (int64_t)made.ld));
	return made;
}

/* x(l) against what it was before units were dropped; dl/dx(l) is 0 where x(l) is. */
static void check_layer(const struct task *task, const mlp_workspace *ws, uint64_t pass, size_t l,
			const struct rows *whole, double rate)
{
	struct rows x = read_trace(task, ws, MLP_X, l), dx = read_trace(task, ws, MLP_DL_DX, l);
	for (size_t n = 0; n < x.rows; n++)
		for (size_t i = 0; i < x.width; i++) {
			bool dropped = is_dropped(9, pass, l, n, i, rate);
			REAL expected = whole->data[n * whole->ld + i];
			expected = dropped ? 0 : expected * (REAL)(1 / (1 - rate));
			/* activations differ between instruction sets in their last bits */
			REAL error = x.data[n * x.ld + i] - expected;
			if (!(fabs((double)error) <=
			      8 * (double)REAL_EPSILON * fabs((double)expected)))
				fail_msg("layer %zu, row %zu, unit %zu is %g instead of %g", l, n,
					 i, (double)x.data[n * x.ld + i], (double)expected);
			if (dropped)
				assert_true(dx.data[n * dx.ld + i] == 0);
		}
	rows_free(&x);
	rows_free(&dx);
}

/* sigma(s(l)), by the library's own activation. */
static struct rows whole_layer(const struct task *task, const mlp_workspace *ws, size_t l)
{
	struct rows s = read_trace(task, ws, MLP_S, l);
	assert_ok(FN(activation)(mlp_network_activation(task->net, (int64_t)l), 0, s.data,
				 (int64_t)(s.rows * s.width), s.data, NULL));
	return s;
}

static void units_are_dropped_as_the_manual_says(void **state)
{
	(void)state;
	for (size_t net = 0; net < NETS; net++)
		for (size_t k = 0; k < BATCHES; k += 2) {
			struct task task = task_create(nets[net].widths, nets[net].width_count,
						       batches[k], 0, net);
			mlp_workspace *ws = task_workspace(&task, MLP_TRACE);
			struct setting settings[MOST_SETTINGS];
			size_t count = settings_list(ws, settings);
			for (size_t l = 0; l < task.layer_count; l++)
				assert_ok(mlp_network_set_dropout(task.net, (int64_t)l,
								  0.2 + 0.25 * (double)(l % 3)));
			for (size_t i = 0; i < count; i++) {
				setting_apply(ws, settings[i]);
				assert_ok(mlp_workspace_set_dropout(ws, 9, i));
				task_gradient(&task, ws, NULL, NULL);
				check_layer(&task, ws, i, 0, &task.x, 0.2);
				for (size_t l = 1; l < task.layer_count; l++) {
					struct rows whole = whole_layer(&task, ws, l);
					check_layer(&task, ws, i, l, &whole,
						    0.2 + 0.25 * (double)(l % 3));
					rows_free(&whole);
				}
			}
			mlp_workspace_free(ws);
			task_free(&task);
		}
}

/* ---- bits ------------------------------------------------------------------------------------- */

/* With dropout in some layers and, with every other net, scaling. */
static struct task dropping_task(size_t net, size_t k)
{
	struct task task = net_task(net, batches[k], k + net);
	for (int64_t l = (int64_t)k % 2; l < (int64_t)task.layer_count; l++)
		assert_ok(mlp_network_set_dropout(task.net, l, 0.3));
	return task;
}

static struct outcome outcome_of(const struct task *task, mlp_workspace *ws)
{
	assert_ok(mlp_workspace_set_dropout(ws, 5, 17));
	return outcome_compute(task, ws);
}

static void check_same(const struct outcome *made, const struct outcome *expected, size_t net,
		       size_t k)
{
	const char *part = outcome_difference(made, expected);
	if (part != NULL)
		fail_msg("net %zu, batch %d: %s", net, (int)batches[k], part);
}

static void every_crew_drops_the_same_units(void **state)
{
	(void)state;
	mlp_pool *pools[CREWS];
	crews_create(pools);
	for (size_t net = 0; net < NETS; net++)
		for (size_t k = net % 3; k < BATCHES; k += 3) {
			struct task task = dropping_task(net, k);
			struct setting settings[MOST_SETTINGS];
			mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
			size_t count = settings_list(ws, settings);
			for (size_t i = k % 2; i < count; i += 2) {
				assert_ok(mlp_workspace_set_pool(ws, NULL));
				setting_apply(ws, settings[i]);
				struct outcome alone = outcome_of(&task, ws);
				for (size_t c = (i + k) % 3; c < CREWS; c += 3) {
					assert_ok(mlp_workspace_set_pool(ws, pools[c]));
					struct outcome made = outcome_of(&task, ws);
					check_same(&made, &alone, net, k);
					outcome_free(&made);
				}
				outcome_free(&alone);
			}
			mlp_workspace_free(ws);
			task_free(&task);
		}
	crews_free(pools);
}

/* Libmlp's own products: the same bits under both schedules. All others: nearly the same numbers, which they
 * would not be if other units were dropped. */
static void every_way_to_compute_drops_the_same_units(void **state)
{
	(void)state;
	for (size_t net = 0; net < NETS; net++)
		for (size_t k = 0; k < BATCHES; k += net == WIDE ? 4 : 2) {
			struct task task = dropping_task(net, k);
			struct setting settings[MOST_SETTINGS];
			mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
			size_t count = settings_list(ws, settings);
			setting_apply(ws,
				      (struct setting){MLP_PRODUCTS_OWN, MLP_SCHEDULE_SAMPLES, 0});
			struct outcome expected = outcome_of(&task, ws);
			for (size_t i = 0; i < count; i++) {
				setting_apply(ws, settings[i]);
				struct outcome made = outcome_of(&task, ws);
				assert_near(made.grad, expected.grad, task.parameter_count);
				assert_near(made.loss_dx0, expected.loss_dx0, made.dx0_count);
				outcome_free(&made);
			}
			setting_apply(ws,
				      (struct setting){MLP_PRODUCTS_OWN, MLP_SCHEDULE_OUTPUTS, 0});
			struct outcome made = outcome_of(&task, ws);
			check_same(&made, &expected, net, k);
			outcome_free(&made);
			outcome_free(&expected);
			mlp_workspace_free(ws);
			task_free(&task);
		}
}

static void a_rate_of_0_changes_no_bit(void **state)
{
	(void)state;
	for (size_t net = 0; net < NETS; net++)
		for (size_t k = 0; k < BATCHES; k += 5) {
			struct task task = net_task(net, batches[k], k + net);
			mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
			struct outcome before = outcome_compute(&task, ws);
			assert_ok(mlp_network_set_dropout(task.net, 0, 0.5));
			assert_ok(mlp_network_set_dropout(task.net, MLP_HIDDEN_LAYERS, 0.5));
			struct outcome between = outcome_of(&task, ws);
			/* what does not train computes with all units */
			assert_same_bits(between.y, before.y, before.y_count);
			assert_same_bits(between.dx0, before.dx0, before.dx0_count);
			assert_true(between.losses[0] == before.losses[0]);
			assert_true(between.losses[1] != before.losses[1]);
			assert_ok(mlp_network_set_dropout(task.net, 0, 0));
			assert_ok(mlp_network_set_dropout(task.net, MLP_HIDDEN_LAYERS, 0));
			struct outcome after = outcome_of(&task, ws);
			check_same(&after, &before, net, k);
			outcome_free(&before);
			outcome_free(&between);
			outcome_free(&after);
			mlp_workspace_free(ws);
			task_free(&task);
		}
}

/* ---- backward after a gradient ---------------------------------------------------------------- */

/* From dl/dx(L) of the gradient's own pass, even if the workspace is told to go on elsewhere. */
static void backward_after_a_gradient_goes_through_the_units_that_were_kept(void **state)
{
	(void)state;
	for (int same = 0; same < 2; same++) {
		struct task task = task_create(nets[ODD].widths, 5, 100, 1, 3);
		for (int64_t l = 0; l < 4; l++)
			assert_ok(mlp_network_set_dropout(task.net, l, 0.4));
		mlp_workspace *ws = task_workspace(&task, MLP_TRACE);
		REAL *grad = task_array(&task), *expected = task_array(&task);
		task_gradient(&task, ws, expected, NULL);
		struct rows dl = read_trace(&task, ws, MLP_DL_DX, 4);
		if (!same) /* a pass with other units comes between */
			assert_ok(mlp_workspace_set_dropout(ws, 99, 99));
		assert_ok(
			FN(backward)(task.net, ws, dl.data, (int64_t)dl.ld, 100, 0, grad, NULL, 0));
		assert_same_bits(grad, expected, task.parameter_count);
		assert_ok(mlp_network_set_dropout(task.net, 1, 0.5));
		assert_fails(
			MLP_ERR_STATE, "other parameters or settings",
			FN(backward)(task.net, ws, dl.data, (int64_t)dl.ld, 100, 0, grad, NULL, 0));
		free(grad);
		free(expected);
		rows_free(&dl);
		mlp_workspace_free(ws);
		task_free(&task);
	}
}

/* ---- statistics ------------------------------------------------------------------------------- */

/* Of 512 units, 256 rows and 8 passes; five standard deviations at most. */
static void the_fraction_that_is_dropped_is_the_rate(void **state)
{
	(void)state;
	const double rates[] = {0.001, 0.1, 0.5, 0.9, 0.999};
	for (size_t k = 0; k < 5; k++) {
		struct task task = task_create((const int64_t[]){512, 2}, 2, 256, 0, 1);
		mlp_workspace *ws = task_workspace(&task, MLP_TRACE);
		assert_ok(mlp_network_set_dropout(task.net, 0, rates[k]));
		double dropped = 0, pairs = 0, count = 512 * 256 * 8;
		for (int pass = 0; pass < 8; pass++) {
			task_gradient(&task, ws, NULL, NULL);
			struct rows x = read_trace(&task, ws, MLP_X, 0);
			for (size_t i = 0; i < (size_t)512 * 256; i++) {
				bool here = x.data[i] == 0, next = x.data[(i + 1) % 131072] == 0;
				bool below = x.data[(i + 512) % 131072] == 0;
				dropped += here;
				pairs += (here && next) + (here && below);
			}
			rows_free(&x);
		}
		double r = rates[k], deviation = sqrt(r * (1 - r) * count);
		assert_true(fabs(dropped - r * count) < 5 * deviation);
		/* neighbours are dropped independently of each other */
		double both = r * r * 2 * count;
		assert_true(fabs(pairs - both) < 5 * sqrt(both) + 10 * r * deviation);
		mlp_workspace_free(ws);
		task_free(&task);
	}
}

/* A linear network: the mean of its outputs over many passes is that without dropout. */
static void the_mean_over_passes_is_the_whole_network(void **state)
{
	(void)state;
	enum { PASSES = 4000, OUT = 3, BATCH = 4 };
	struct task task = task_create((const int64_t[]){6, 20, OUT}, 3, BATCH, 0, 8);
	assert_ok(mlp_network_set_activation(task.net, 1, MLP_IDENTITY));
	assert_ok(mlp_network_set_dropout(task.net, 0, 0.25));
	assert_ok(mlp_network_set_dropout(task.net, 1, 0.5));
	mlp_workspace *ws = task_workspace(&task, MLP_TRAINING);
	REAL y[BATCH * OUT];
	double sum[BATCH * OUT] = {0}, squares[BATCH * OUT] = {0};
	for (int pass = 0; pass < PASSES; pass++) {
		task_gradient(&task, ws, NULL, NULL);
		assert_ok(FN(workspace_read)(ws, MLP_X, 2, BATCH, y, OUT));
		for (size_t i = 0; i < (size_t)BATCH * OUT; i++) {
			sum[i] += (double)y[i];
			squares[i] += (double)y[i] * (double)y[i];
		}
	}
	assert_ok(FN(forward)(task.net, ws, task.x.data, (int64_t)task.x.ld, BATCH, y, OUT));
	for (size_t i = 0; i < (size_t)BATCH * OUT; i++) {
		double mean = sum[i] / PASSES, variance = squares[i] / PASSES - mean * mean;
		assert_true(variance > 1e-3);
		assert_true(fabs(mean - (double)y[i]) < 5 * sqrt(variance / PASSES));
	}
	mlp_workspace_free(ws);
	task_free(&task);
}

/* ---- differences ------------------------------------------------------------------------------ */

#if MLP_REAL_BITS == 64
/* The loss of one and the same pass. */
static double loss_of(const struct task *task, mlp_workspace *ws)
{
	assert_ok(mlp_workspace_set_dropout(ws, 2, 3));
	return task_gradient(task, ws, NULL, NULL);
}

static void gradients_are_those_of_the_differences(void **state)
{
	(void)state;
	const int64_t widths[] = {4, 9, 8, 3};
	for (int hidden = MLP_IDENTITY; hidden < MLP_SOFTMAX; hidden++)
		for (int64_t batch = 1; batch <= 6; batch += 5) {
			struct task task = task_create(widths, 4, batch, 1, (uint64_t)hidden);
			assert_ok(mlp_network_set_activation(task.net, MLP_HIDDEN_LAYERS,
							     (mlp_activation)hidden));
			assert_ok(mlp_network_set_dropout(task.net, 0, 0.2));
			assert_ok(mlp_network_set_dropout(task.net, 1, 0.3));
			assert_ok(mlp_network_set_dropout(task.net, 2, 0.4));
			mlp_workspace *ws =
				task_workspace(&task, batch == 1 ? MLP_TRACE : MLP_TRAINING);
			double *parameters = mlp_network_parameters_f64(task.net);
			double *grad = task_array(&task);
			struct rows dx0 = rows_create((size_t)batch, 4, 1);
			assert_ok(mlp_workspace_set_dropout(ws, 2, 3));
			task_gradient(&task, ws, grad, &dx0);
			for (size_t i = 0; i < task.parameter_count; i++)
				check_difference(&task, ws, loss_of, &parameters[i], grad[i], 1e-8);
			for (size_t n = 0; n < (size_t)batch; n++)
				for (size_t j = 0; j < 4; j++)
					check_difference(&task, ws, loss_of,
							 &task.x.data[n * task.x.ld + j],
							 dx0.data[n * dx0.ld + j], 1e-8);
			free(grad);
			rows_free(&dx0);
			mlp_workspace_free(ws);
			task_free(&task);
		}
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units_are_dropped_as_the_manual_says),
		cmocka_unit_test(every_crew_drops_the_same_units),
		cmocka_unit_test(every_way_to_compute_drops_the_same_units),
		cmocka_unit_test(a_rate_of_0_changes_no_bit),
		cmocka_unit_test(backward_after_a_gradient_goes_through_the_units_that_were_kept),
		cmocka_unit_test(the_fraction_that_is_dropped_is_the_rate),
		cmocka_unit_test(the_mean_over_passes_is_the_whole_network),
#if MLP_REAL_BITS == 64
		cmocka_unit_test(gradients_are_those_of_the_differences),
#endif
	};
	return cmocka_run_group_tests_name("dropout", tests, NULL, NULL);
}
