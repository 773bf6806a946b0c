/* Forward, backward, gradient and step with one extreme number among the inputs, targets, weights, gradients
 * or parameters: every number that comes out is the twin's, or visibly none; an error changes nothing. */
#include "extreme_scene.h"

static const mlp_activation hiddens[] = {MLP_TANH, MLP_SIGMOID, MLP_IDENTITY, MLP_LEAKY_RELU};

/* Of a scene: outputs, loss and gradients by the twin, in double. */
struct expected {
	double y[BATCH * OUT], grad[PARAMETERS], dx0[BATCH * IN], value;
	bool forward_tame, backward_tame;
};

enum start { FROM_LOSS, FROM_DL_DX };

static struct expected expect(const struct scene *scene, enum start start)
{
	struct expected expected = {.forward_tame = true, .backward_tame = true};
	double total = 0;
	for (size_t n = 0; n < BATCH; n++) {
		struct naive *twin = twin_at(scene, n);
		double dl[OUT];
		expected.forward_tame = expected.forward_tame && forward_is_tame(twin);
		memcpy(expected.y + n * OUT, twin->x[2], sizeof dl);
		for (size_t i = 0; i < OUT; i++) {
			const double d = twin->x[2][i] - (double)scene->target[n * OUT + i];
			dl[i] = start == FROM_DL_DX ? (double)scene->dl[n * OUT + i]
						    : (double)scene->weight[n] * d;
			total += (double)scene->weight[n] * d * d / 2;
		}
		expected.backward_tame = expected.backward_tame && is_tame(dl, OUT);
		naive_backward(twin, dl);
		expected.backward_tame = expected.backward_tame && backward_is_tame(twin);
		memcpy(expected.dx0 + n * IN, twin->dx[0], IN * sizeof(double));
		double grad[PARAMETERS];
		naive_gradient(twin, grad);
		for (size_t i = 0; i < PARAMETERS; i++)
			expected.grad[i] += grad[i];
		naive_free(twin);
	}
	expected.value = total;
	expected.backward_tame = expected.backward_tame && expected.forward_tame &&
				 is_tame(&total, 1) && is_tame(expected.grad, PARAMETERS);
	return expected;
}

/* A visit to every place with every number, and every activation. */
typedef void (*visit)(struct scene *scene);

static void visit_all(visit check)
{
	for (size_t h = 0; h < sizeof hiddens / sizeof hiddens[0]; h++)
		for (int place = 0; place < PLACES; place++)
			for (int i = 0; i < EXTREMES; i++) {
				struct scene scene =
					scene_open(hiddens[h], (enum place)place, extremes[i]);
				check(&scene);
				scene_close(&scene);
			}
}

static void check_forward(struct scene *scene)
{
	const struct expected expected = expect(scene, FROM_DL_DX);
	REAL y[BATCH * OUT], again[BATCH * OUT];
	assert_ok(FN(predict)(scene->net, scene->x, IN, BATCH, y, OUT));
	assert_ok(FN(forward)(scene->net, scene->ws, scene->x, IN, BATCH, again, OUT));
	for (size_t n = 0; n < BATCH; n++) {
		assert_numbers("y", y + n * OUT, expected.y + n * OUT, OUT, expected.forward_tame);
		assert_numbers("y", again + n * OUT, expected.y + n * OUT, OUT,
			       expected.forward_tame);
		for (size_t i = n * OUT; i < (n + 1) * OUT; i++) /* a NaN is not lost on the way */
			if (isnan(expected.y[i]) && isnan(scene->number))
				assert_true(isnan(y[i]));
	}
	assert_ok(FN(workspace_read)(scene->ws, MLP_X, 2, BATCH, y, OUT));
	assert_memory_equal(y, again, sizeof y);
	assert_true(digest_of(scene->net) == scene->digest);
}

static void outputs_are_the_twins_or_visibly_none(void **state)
{
	(void)state;
	visit_all(check_forward);
}

/* Of a backward pass: gradients, or an error that leaves the caller's array alone. */
static void check_gradients(struct scene *scene, const struct expected *expected, mlp_status status,
			    const REAL *grad, const REAL *dx0)
{
	assert_true(digest_of(scene->net) == scene->digest);
	if (status != MLP_OK) {
		assert_int_equal(status, MLP_ERR_NONFINITE);
		assert_false(expected->backward_tame);
		for (size_t i = 0; i < PARAMETERS; i++)
			assert_true(grad[i] == 3);
		return;
	}
	assert_numbers("grad", grad, expected->grad, PARAMETERS, expected->backward_tame);
	for (size_t n = 0; n < BATCH; n++)
		assert_numbers("dx0", dx0 + n * IN, expected->dx0 + n * IN, IN,
			       expected->backward_tame);
}

static void fill_with_3(REAL *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		values[i] = 3;
}

static void check_backward(struct scene *scene)
{
	const struct expected expected = expect(scene, FROM_DL_DX);
	REAL grad[PARAMETERS], dx0[BATCH * IN];
	for (int logits = 0; logits < 2; logits++) { /* the output activation is the identity */
		fill_with_3(grad, PARAMETERS);
		assert_ok(FN(forward)(scene->net, scene->ws, scene->x, IN, BATCH, NULL, 0));
		mlp_status status = logits ? FN(backward_logits)(scene->net, scene->ws, scene->dl,
								 OUT, BATCH, 0, grad, dx0, IN)
					   : FN(backward)(scene->net, scene->ws, scene->dl, OUT,
							  BATCH, 0, grad, dx0, IN);
		check_gradients(scene, &expected, status, grad, dx0);
	}
}

static void backward_passes_are_the_twins_or_an_error(void **state)
{
	(void)state;
	visit_all(check_backward);
}

static bool weights_are_valid(const struct scene *scene)
{
	return isfinite(scene->weight[1]) && scene->weight[1] >= 0;
}

static void check_loss_and_gradient(struct scene *scene)
{
	const struct expected expected = expect(scene, FROM_LOSS);
	REAL grad[PARAMETERS], dx0[BATCH * IN], y[BATCH * OUT];
	double value[2] = {7, 7};
	fill_with_3(grad, PARAMETERS);
	mlp_status evaluated =
		FN(evaluate)(scene->net, scene->ws, scene->x, IN, scene->target, OUT, scene->weight,
			     BATCH, MLP_SQUARED_ERROR, 0, MLP_SUM, &value[0], y, OUT);
	mlp_status status =
		FN(gradient)(scene->net, scene->ws, scene->x, IN, scene->target, OUT, scene->weight,
			     BATCH, MLP_SQUARED_ERROR, 0, MLP_SUM, 0, &value[1], grad, dx0, IN);
	if (!weights_are_valid(scene)) {
		assert_int_equal(evaluated, MLP_ERR_VALUE);
		assert_int_equal(status, MLP_ERR_VALUE);
		for (size_t i = 0; i < PARAMETERS; i++)
			assert_true(grad[i] == 3);
		return;
	}
	if (scene->weight[1] == 0) { /* its target is not looked at */
		assert_ok(status);
		return;
	}
	if (evaluated != MLP_OK)
		assert_false(expected.backward_tame);
	for (int i = 0; i < 2; i++)
		if ((i == 0 ? evaluated : status) == MLP_OK) {
			/* sums are in double, which a float's square does not leave */
			assert_true(isfinite(value[i]));
			if (isfinite(expected.value))
				assert_allclose_f64(&value[i], &expected.value, 1, 100 * TOLERANCE,
						    100 * TOLERANCE);
		}
	check_gradients(scene, &expected, status, grad, dx0);
}

static void losses_and_gradients_are_the_twins_or_an_error(void **state)
{
	(void)state;
	visit_all(check_loss_and_gradient);
}

/* After a step the parameters are the twin's; after an error every bit is as it was, and the workspace computes
 * as a new one does. */
static void check_step(struct scene *scene)
{
	const struct expected expected = expect(scene, FROM_LOSS);
	const double eta = 0.125;
	REAL before[PARAMETERS];
	double moved[PARAMETERS], value;
	assert_ok(FN(network_get_parameters)(scene->net, before, PARAMETERS));
	const mlp_status status =
		FN(train_step)(scene->net, scene->ws, scene->x, IN, scene->target, OUT,
			       scene->weight, BATCH, MLP_SQUARED_ERROR, 0, MLP_SUM, eta, &value);
	for (size_t i = 0; i < PARAMETERS; i++)
		moved[i] = (double)before[i] - eta * expected.grad[i];
	if (status == MLP_OK && scene->weight[1] != 0) {
		assert_numbers("parameters", FN(network_const_parameters)(scene->net), moved,
			       PARAMETERS, expected.backward_tame);
	} else if (status != MLP_OK) {
		assert_true(status == MLP_ERR_NONFINITE ||
			    (status == MLP_ERR_VALUE && !weights_are_valid(scene)));
		assert_true(status == MLP_ERR_VALUE || !expected.backward_tame);
		assert_true(digest_of(scene->net) == scene->digest);
	}
	/* a clean batch with clean parameters, in this workspace and in a new one */
	struct scene clean = scene_open(MLP_TANH, IN_X, (REAL)0.5);
	REAL grad[2][PARAMETERS];
	assert_ok(mlp_network_set_activation(scene->net, 1, MLP_TANH));
	for (int i = 0; i < 2; i++)
		assert_ok(FN(gradient)(clean.net, i == 0 ? clean.ws : scene->ws, clean.x, IN,
				       clean.target, OUT, NULL, BATCH, MLP_SQUARED_ERROR, 0,
				       MLP_SUM, 0, NULL, grad[i], NULL, 0));
	assert_memory_equal(grad[0], grad[1], sizeof grad[0]);
	scene_close(&clean);
}

static void steps_are_the_twins_or_change_nothing(void **state)
{
	(void)state;
	visit_all(check_step);
}

/* w - eta g, with extreme eta and g. */
static void updates_are_those_of_the_formula_or_change_nothing(void **state)
{
	(void)state;
	for (int i = 0; i < EXTREMES; i++)
		for (int k = 0; k < DOUBLE_EXTREMES; k++) {
			struct scene scene = scene_open(MLP_TANH, IN_V, extremes[i]);
			const double eta = double_extremes[k];
			REAL before[PARAMETERS];
			double moved[PARAMETERS];
			assert_ok(FN(network_get_parameters)(scene.net, before, PARAMETERS));
			for (size_t p = 0; p < PARAMETERS; p++)
				moved[p] =
					(double)before[p] - (double)(REAL)eta * (double)scene.v[p];
			const mlp_status status =
				FN(update)(scene.net, k % 2 ? scene.ws : NULL, scene.v, eta);
			if (!isfinite((REAL)eta))
				assert_int_equal(status, MLP_ERR_VALUE);
			else if (!isfinite(extremes[i]))
				assert_int_equal(status, MLP_ERR_NONFINITE);
			else
				assert_ok(status);
			if (status != MLP_OK)
				assert_true(digest_of(scene.net) == scene.digest);
			else /* "a sum that overflows is the caller's to watch" */
				assert_numbers("parameters",
					       FN(network_const_parameters)(scene.net), moved,
					       PARAMETERS, is_tame(moved, PARAMETERS));
			if (eta == 0 && status == MLP_OK)
				assert_true(digest_of(scene.net) == scene.digest);
			scene_close(&scene);
		}
}

static void every_eta_of_a_step_is_taken_or_refused(void **state)
{
	(void)state;
	for (int k = 0; k < DOUBLE_EXTREMES; k++) {
		const double eta = double_extremes[k];
		for (int by_class = 0; by_class < 2; by_class++) {
			struct scene scene = scene_open(MLP_TANH, IN_V, 1);
			const mlp_status status =
				by_class
					? FN(train_step_class)(scene.net, scene.ws, scene.x, IN,
							       scene.classes, NULL, BATCH,
							       MLP_CROSS_ENTROPY, 0, MLP_MEAN, eta,
							       NULL)
					: FN(train_step)(scene.net, scene.ws, scene.x, IN,
							 scene.target, OUT, NULL, BATCH,
							 MLP_SQUARED_ERROR, 0, MLP_MEAN, eta, NULL);
			assert_int_equal(status, isfinite((REAL)eta) ? MLP_OK : MLP_ERR_VALUE);
			if (status != MLP_OK || eta == 0)
				assert_true(digest_of(scene.net) == scene.digest);
			scene_close(&scene);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outputs_are_the_twins_or_visibly_none),
		cmocka_unit_test(backward_passes_are_the_twins_or_an_error),
		cmocka_unit_test(losses_and_gradients_are_the_twins_or_an_error),
		cmocka_unit_test(steps_are_the_twins_or_change_nothing),
		cmocka_unit_test(updates_are_those_of_the_formula_or_change_nothing),
		cmocka_unit_test(every_eta_of_a_step_is_taken_or_refused),
	};
	return cmocka_run_group_tests_name("extreme passes", tests, NULL, NULL);
}
