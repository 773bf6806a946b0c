/* A network with scaling against the same network without it, its data scaled by hand before and after;
 * every way to compute, every mode; the same bits for every crew. */
#include <math.h>
#include <stdlib.h>

#include "nets.h"
#include "outcome.h"
#include "settings.h"

/* The same task twice: `raw` as a user has it, `plain` as the layers see it. */
struct pair {
	struct task raw, plain;
	double *in_shift, *in_scale, *out_shift, *out_scale;
};

static void draw_affine(uint64_t *state, size_t count, double **shift, double **scale)
{
	*shift = calloc(count, sizeof(double));
	*scale = calloc(count, sizeof(double));
	for (size_t i = 0; i < count; i++) {
		(*shift)[i] = 3 * random_real(state);
		(*scale)[i] = exp(2 * random_real(state));
	}
}

/* to = (from - shift) / scale, or with `back` from scale + shift; canaries in the gaps stay. */
static void scale_rows(const struct rows *from, const double *shift, const double *scale, bool back,
		       struct rows *to)
{
	for (size_t n = 0; n < from->rows; n++)
		for (size_t i = 0; i < from->width; i++) {
			double v = (double)from->data[n * from->ld + i];
			double made = back ? v * scale[i] + (shift != NULL ? shift[i] : 0)
					   : (v - (shift != NULL ? shift[i] : 0)) / scale[i];
			to->data[n * to->ld + i] = (REAL)made;
		}
}

static struct pair pair_create(size_t net, int64_t batch, size_t turn)
{
	const mlp_loss losses[] = {MLP_SQUARED_ERROR, MLP_HUBER, MLP_LOG_COSH};
	uint64_t state = 77 + turn;
	struct pair pair;
	for (int i = 0; i < 2; i++) {
		struct task *task = i == 0 ? &pair.raw : &pair.plain;
		*task = task_create(nets[net].widths, nets[net].width_count, batch, turn % 3,
				    31 * net + turn);
		task_set_loss(task, losses[turn % 3], false);
		task->weighted = turn % 2 == 0;
		if (turn % 2 == 1)
			assert_ok(mlp_network_set_activation(task->net, 1, MLP_SILU));
		if (turn % 4 == 2)
			assert_ok(mlp_network_set_activation(task->net, (int64_t)task->layer_count,
							     MLP_TANH));
	}
	draw_affine(&state, pair.raw.x.width, &pair.in_shift, &pair.in_scale);
	draw_affine(&state, pair.raw.dl.width, &pair.out_shift, &pair.out_scale);
	scale_rows(&pair.plain.x, pair.in_shift, pair.in_scale, true, &pair.raw.x);
	scale_rows(&pair.plain.target, pair.out_shift, pair.out_scale, true, &pair.raw.target);
	scale_rows(&pair.plain.dl, NULL, pair.out_scale, false, &pair.raw.dl);
	/* what the network's numbers make of the raw ones, rounded as often as it rounds */
	scale_rows(&pair.raw.x, pair.in_shift, pair.in_scale, false, &pair.plain.x);
	scale_rows(&pair.raw.target, pair.out_shift, pair.out_scale, false, &pair.plain.target);
	assert_ok(mlp_network_set_input_scaling(pair.raw.net, pair.in_shift, pair.in_scale));
	assert_ok(mlp_network_set_output_scaling(pair.raw.net, pair.out_shift, pair.out_scale));
	return pair;
}

static void pair_free(struct pair *pair)
{
	task_free(&pair->raw);
	task_free(&pair->plain);
	free(pair->in_shift);
	free(pair->in_scale);
	free(pair->out_shift);
	free(pair->out_scale);
}

static void check_value(double actual, double expected)
{
	assert_allclose_f64(&actual, &expected, 1, 10 * TOLERANCE, 1e-30);
}

static void forward(const struct task *task, mlp_workspace *ws, struct rows *y)
{
	assert_ok(FN(forward)(task->net, ws, task->x.data, (int64_t)task->x.ld,
			      (int64_t)task->batch, y->data, (int64_t)y->ld));
	assert_gaps_untouched(y);
}

static void check_forward(const struct pair *pair, mlp_workspace *ws)
{
	const struct task *raw = &pair->raw, *plain = &pair->plain;
	int64_t batch = (int64_t)raw->batch;
	struct rows y = rows_create(raw->batch, raw->dl.width, 2);
	struct rows expected = rows_create(raw->batch, raw->dl.width, 0);
	double value, plain_value;
	forward(plain, ws, &expected);
	scale_rows(&expected, pair->out_shift, pair->out_scale, true, &expected);
	forward(raw, ws, &y);
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
	scale_rows(&dx0[0], NULL, pair->in_scale, false, &dx0[0]);
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
	scale_rows(&expected_dx0, NULL, pair->in_scale, false, &expected_dx0);
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

/* ---- folding -------------------------------------------------------------------------------- */

static void check_fold(const struct task *task, double tolerance)
{
	mlp_workspace *ws = task_workspace(task, MLP_INFERENCE);
	struct rows y = rows_create(task->batch, task->dl.width, 1);
	struct rows expected = rows_create(task->batch, task->dl.width, 0);
	forward(task, ws, &expected);
	assert_ok(mlp_network_fold_scaling(task->net));
	assert_int_equal(mlp_network_has_input_scaling(task->net), 0);
	assert_int_equal(mlp_network_has_output_scaling(task->net), 0);
	forward(task, ws, &y);
	rows_check_near(&y, &expected, tolerance, "y", __FILE__, __LINE__);
	rows_free(&y);
	rows_free(&expected);
	mlp_workspace_free(ws);
}

static void a_folded_network_gives_the_same_outputs(void **state)
{
	(void)state;
	for (size_t net = 0; net < NETS; net++)
		for (int which = 1; which < 4; which++) {
			struct pair pair = pair_create(net, 33, which == 3 ? 3 : 1);
			if (which == 1) /* inputs alone, outputs alone, both */
				assert_ok(mlp_network_set_output_scaling(pair.raw.net, NULL, NULL));
			if (which == 2)
				assert_ok(mlp_network_set_input_scaling(pair.raw.net, NULL, NULL));
			check_fold(&pair.raw, 10 * TOLERANCE);
			pair_free(&pair);
		}
}

static void a_single_layer_takes_both_scalings(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){3, 2}, 2, 9, 1, 5);
	assert_ok(mlp_network_set_input_scaling(task.net, (const double[]){1, -2, 0.5},
						(const double[]){2, 0.25, 1}));
	assert_ok(mlp_network_set_output_scaling(task.net, (const double[]){-7, 100},
						 (const double[]){3, 0.125}));
	check_fold(&task, 10 * TOLERANCE);
	task_free(&task);
}

static void without_a_shift_no_bias_is_needed(void **state)
{
	(void)state;
	struct task task = task_create((const int64_t[]){3, 4, 2}, 3, 9, 0, 6);
	assert_ok(mlp_network_set_bias(task.net, MLP_ALL_LAYERS, 0));
	REAL *before = task_parameters(&task), *after;
	assert_ok(mlp_network_set_input_scaling(task.net, (const double[]){0, 0, -0.0},
						(const double[]){2, 0.25, 1}));
	assert_ok(mlp_network_set_output_scaling(task.net, (const double[]){0, 0},
						 (const double[]){3, 0.125}));
	check_fold(&task, 10 * TOLERANCE);
	after = task_parameters(&task); /* the places of biases that are not there stay */
	assert_same_bits(after + 12, before + 12, 4);
	assert_same_bits(after + 24, before + 24, 2);
	free(before);
	free(after);
	task_free(&task);
}

/* ---- differences ---------------------------------------------------------------------------- */

#if MLP_REAL_BITS == 64
static double loss_of(const struct task *task, mlp_workspace *ws)
{
	double value;
	assert_ok(mlp_evaluate_f64(task->net, ws, task->x.data, (int64_t)task->x.ld,
				   task->target.data, (int64_t)task->target.ld, task_weight(task),
				   (int64_t)task->batch, task->loss, task->parameter,
				   task->reduction, &value, NULL, 0));
	return value;
}

/* sum of dl .* y */
static double product_of(const struct task *task, mlp_workspace *ws)
{
	struct rows y = rows_create(task->batch, task->dl.width, 0);
	double sum = 0;
	forward(task, ws, &y);
	for (size_t n = 0; n < task->batch; n++)
		for (size_t i = 0; i < y.width; i++)
			sum += y.data[n * y.ld + i] * task->dl.data[n * task->dl.ld + i];
	rows_free(&y);
	return sum;
}

static void check_difference(const struct task *task, mlp_workspace *ws,
			     double (*f)(const struct task *task, mlp_workspace *ws), double *place,
			     double derivative)
{
	const double h = 1e-5;
	double middle = *place;
	*place = middle + h;
	double above = f(task, ws);
	*place = middle - h;
	double difference = (above - f(task, ws)) / (2 * h);
	*place = middle;
	assert_allclose_f64(&derivative, &difference, 1, 1e-6, 1e-7);
}

static void gradients_are_those_of_the_differences(void **state)
{
	(void)state;
	for (size_t turn = 0; turn < 6; turn++) {
		struct pair pair = pair_create(TINY, 7, turn);
		struct task *task = &pair.raw;
		mlp_workspace *ws = task_workspace(task, MLP_TRAINING);
		double *parameters = mlp_network_parameters_f64(task->net);
		double *grad[2] = {task_array(task), task_array(task)};
		struct rows dx0[2] = {rows_create(7, 3, 0), rows_create(7, 3, 0)};
		double (*const of[2])(const struct task *task, mlp_workspace *ws) = {loss_of,
										     product_of};
		task_gradient(task, ws, grad[0], &dx0[0]);
		assert_ok(mlp_backward_f64(task->net, ws, task->dl.data, (int64_t)task->dl.ld, 7, 0,
					   grad[1], dx0[1].data, (int64_t)dx0[1].ld));
		for (int i = 0; i < 2; i++) {
			for (size_t p = 0; p < task->parameter_count; p++)
				check_difference(task, ws, of[i], &parameters[p], grad[i][p]);
			for (size_t n = 0; n < 7; n++)
				for (size_t j = 0; j < 3; j++)
					check_difference(task, ws, of[i],
							 &task->x.data[n * task->x.ld + j],
							 dx0[i].data[n * dx0[i].ld + j]);
			free(grad[i]);
			rows_free(&dx0[i]);
		}
		mlp_workspace_free(ws);
		pair_free(&pair);
	}
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scaling_is_what_one_would_do_by_hand),
		cmocka_unit_test(a_trace_is_in_scaled_units),
		cmocka_unit_test(a_row_of_weight_0_may_have_any_target),
		cmocka_unit_test(every_crew_gives_the_same_bits),
		cmocka_unit_test(a_folded_network_gives_the_same_outputs),
		cmocka_unit_test(a_single_layer_takes_both_scalings),
		cmocka_unit_test(without_a_shift_no_bias_is_needed),
#if MLP_REAL_BITS == 64
		cmocka_unit_test(gradients_are_those_of_the_differences),
#endif
	};
	return cmocka_run_group_tests_name("scaling", tests, NULL, NULL);
}
