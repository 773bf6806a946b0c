/* A network with scaling against the same network without it, its data scaled by hand before and after;
 * every way to compute, every mode; the same bits for every crew. */
#include <math.h>
#include <stdlib.h>

#include "nets.h"
#include "outcome.h"
#include "scaled_pair.h"
#include "settings.h"

static void check_value(double actual, double expected)
{
	assert_allclose_f64(&actual, &expected, 1, 10 * TOLERANCE, 1e-30);
}

static void check_forward(const struct pair *pair, mlp_workspace *ws)
{
	const struct task *raw = &pair->raw, *plain = &pair->plain;
	int64_t batch = (int64_t)raw->batch;
	struct rows y = rows_create(raw->batch, raw->dl.width, 2);
	struct rows expected = rows_create(raw->batch, raw->dl.width, 0);
	double value, plain_value;
	task_forward(plain, ws, &expected);
	rows_scale(&expected, pair->out_shift, pair->out_scale, true, &expected);
	task_forward(raw, ws, &y);
	assert_rows_near(&y, &expected);
	assert_ok(FN(evaluate)(raw->net, ws, raw->x.data, (int64_t)raw->x.ld, raw->target.data,
			       (int64_t)raw->target.ld, task_weight(raw), batch, raw->loss,
			       raw->parameter, MLP_MEAN, &value, y.data, (int64_t)y.ld));
	assert_rows_near(&y, &expected);
	assert_ok(FN(evaluate)(plain->net, ws, plain->x.data, (int64_t)plain->x.ld,
			       plain->target.data, (int64_t)plain->target.ld, task_weight(plain),
			       batch, plain->loss, plain->parameter, MLP_MEAN, &plain_value, NULL,
			       0));
	check_value(value, plain_value);
	assert_ok(FN(predict)(raw->net, raw->x.data, (int64_t)raw->x.ld, batch, y.data,
			      (int64_t)y.ld));
	assert_rows_near(&y, &expected);
	rows_free(&y);
	rows_free(&expected);
}

/* A backward pass from dl, which is raw at the output of the one and scaled at that of the other. */
static void check_backward(const struct pair *pair, mlp_workspace *ws, bool logits)
{
	const struct task *tasks[] = {&pair->plain, &pair->raw};
	REAL *grad[2];
	struct rows dx0[2];
	for (int i = 0; i < 2; i++) {
		const struct task *task = tasks[i];
		/* with respect to the logits there is no difference */
		const struct rows *dl = logits ? &pair->plain.dl : &task->dl;
		grad[i] = task_array(task);
		dx0[i] = rows_create(task->batch, task->x.width, 1);
		assert_ok(FN(forward)(task->net, ws, task->x.data, (int64_t)task->x.ld,
				      (int64_t)task->batch, NULL, 0));
		assert_ok((logits ? FN(backward_logits) : FN(backward))(
			task->net, ws, dl->data, (int64_t)dl->ld, (int64_t)task->batch, 0, grad[i],
			dx0[i].data, (int64_t)dx0[i].ld));
	}
	rows_scale(&dx0[0], NULL, pair->in_scale, false, &dx0[0]);
	assert_rows_near(&dx0[1], &dx0[0]);
	assert_near(grad[1], grad[0], pair->raw.parameter_count);
	for (int i = 0; i < 2; i++) {
		free(grad[i]);
		rows_free(&dx0[i]);
	}
}

static void check_loss(const struct pair *pair, mlp_workspace *ws)
{
	const struct task *raw = &pair->raw, *plain = &pair->plain;
	REAL *grad = task_array(raw), *expected = task_array(plain);
	struct rows dx0 = rows_create(raw->batch, raw->x.width, 3);
	struct rows expected_dx0 = rows_create(raw->batch, raw->x.width, 0);
	double plain_value = task_gradient(plain, ws, expected, &expected_dx0);
	check_value(task_gradient(raw, ws, grad, &dx0), plain_value);
	rows_scale(&expected_dx0, NULL, pair->in_scale, false, &expected_dx0);
	assert_rows_near(&dx0, &expected_dx0);
	assert_near(grad, expected, raw->parameter_count);

	struct task trained[2] = {*raw, *plain};
	for (int i = 0; i < 2; i++) {
		assert_ok(mlp_network_clone(trained[i].net, &trained[i].net));
		check_value(task_step(&trained[i], ws, 0.05), plain_value);
		assert_ok(FN(network_get_parameters)(trained[i].net, i == 0 ? grad : expected,
						     (int64_t)raw->parameter_count));
		mlp_network_free(trained[i].net);
	}
	assert_near(grad, expected, raw->parameter_count);
	free(grad);
	free(expected);
	rows_free(&dx0);
	rows_free(&expected_dx0);
}

static void scaling_is_what_one_would_do_by_hand(void **state)
{
	(void)state;
	size_t turn = 0;
	for (size_t net = 0; net < NETS; net++)
		for (size_t k = 0; k < BATCHES; k += net == WIDE ? 6 : net == TINY ? 1 : 3) {
			struct pair pair = pair_create(net, batches[k], turn++);
			for (int mode = MLP_INFERENCE; mode <= MLP_TRACE; mode++) {
				struct setting settings[MOST_SETTINGS];
				mlp_workspace *ws = task_workspace(&pair.raw, (mlp_mode)mode);
				size_t count = settings_list(ws, settings);
				for (size_t i = 0; i < count; i++) {
					setting_apply(ws, settings[i]);
					check_forward(&pair, ws);
					if (mode == MLP_INFERENCE)
						continue;
					check_backward(&pair, ws, false);
					check_backward(&pair, ws, true);
					check_loss(&pair, ws);
				}
				mlp_workspace_free(ws);
			}
			pair_free(&pair);
		}
}

/* A trace shows what the layers see. */
static void a_trace_is_in_scaled_units(void **state)
{
	(void)state;
	struct pair pair = pair_create(ODD, 33, 1);
	mlp_workspace *ws = task_workspace(&pair.raw, MLP_TRACE);
	struct rows read[4], expected[4];
	const mlp_quantity quantities[] = {MLP_X, MLP_X, MLP_DL_DX, MLP_DL_DX};
	for (int i = 0; i < 4; i++) {
		read[i] = rows_create(33, i % 2 == 0 ? 65 : 9, 1);
		expected[i] = rows_create(33, i % 2 == 0 ? 65 : 9, 0);
	}
	for (int raw = 0; raw < 2; raw++) {
		task_gradient(raw ? &pair.raw : &pair.plain, ws, NULL, NULL);
		for (int i = 0; i < 4; i++) {
			struct rows *to = raw ? &read[i] : &expected[i];
			assert_ok(FN(workspace_read)(ws, quantities[i], i % 2 == 0 ? 0 : 4, 33,
						     to->data, (int64_t)to->ld));
		}
	}
	for (int i = 0; i < 4; i++) {
		assert_rows_near(&read[i], &expected[i]);
		rows_free(&read[i]);
		rows_free(&expected[i]);
	}
	mlp_workspace_free(ws);
	pair_free(&pair);
}

/* Rows of weight 0 are left out, whatever their targets are. */
static void a_row_of_weight_0_may_have_any_target(void **state)
{
	(void)state;
	struct pair pair = pair_create(TINY, 7, 0);
	mlp_workspace *ws = task_workspace(&pair.raw, MLP_TRAINING);
	REAL *grad = task_array(&pair.raw), *expected = task_array(&pair.raw);
	pair.raw.weight[2] = 0;
	double value = task_gradient(&pair.raw, ws, expected, NULL);
	pair.raw.target.data[2 * pair.raw.target.ld] = (REAL)NAN;
	assert_true(task_gradient(&pair.raw, ws, grad, NULL) == value);
	assert_same_bits(grad, expected, pair.raw.parameter_count);
	free(grad);
	free(expected);
	mlp_workspace_free(ws);
	pair_free(&pair);
}

static void every_crew_gives_the_same_bits(void **state)
{
	(void)state;
	mlp_pool *pools[CREWS];
	crews_create(pools);
	for (size_t net = 0; net < NETS; net++)
		for (size_t k = net % 3; k < BATCHES; k += 3) {
			struct pair pair = pair_create(net, batches[k], k);
			struct setting settings[MOST_SETTINGS];
			mlp_workspace *ws = task_workspace(&pair.raw, MLP_TRAINING);
			size_t count = settings_list(ws, settings);
			for (size_t i = k % 2; i < count; i += 2) {
				assert_ok(mlp_workspace_set_pool(ws, NULL));
				setting_apply(ws, settings[i]);
				struct outcome alone = outcome_compute(&pair.raw, ws);
				for (size_t c = (i + k) % 3; c < CREWS; c += 3) {
					assert_ok(mlp_workspace_set_pool(ws, pools[c]));
					struct outcome made = outcome_compute(&pair.raw, ws);
					const char *part = outcome_difference(&made, &alone);
					if (part != NULL)
						fail_msg("net %zu, batch %zu, crew %zu: %s", net,
							 pair.raw.batch, c, part);
					outcome_free(&made);
				}
				outcome_free(&alone);
			}
			mlp_workspace_free(ws);
			pair_free(&pair);
		}
	crews_free(pools);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scaling_is_what_one_would_do_by_hand),
		cmocka_unit_test(a_trace_is_in_scaled_units),
		cmocka_unit_test(a_row_of_weight_0_may_have_any_target),
		cmocka_unit_test(every_crew_gives_the_same_bits),
	};
	return cmocka_run_group_tests_name("scaling", tests, NULL, NULL);
}
