/* Derivatives and metrics with one extreme number among the inputs, targets, weights, vectors or parameters:
 * what is given back is finite and right, else the call is an error. */
#include "extreme_scene.h"

static const mlp_activation hiddens[] = {MLP_TANH, MLP_IDENTITY, MLP_LEAKY_RELU};

/* Of every sample by the twin: outputs, Jacobian, gradient of the weighted squared error. */
struct expected {
	double y[BATCH][OUT], jacobian[BATCH][OUT * IN], grads[BATCH][PARAMETERS], vjp[BATCH][IN],
		jvp[BATCH][OUT];
	bool jacobian_tame, products_tame, gradient_tame;
};

/* v of scene: [BATCH][OUT] from dl for vjp, [BATCH][IN] from v for jvp. */
static void expect_row(const struct scene *scene, size_t n, struct expected *expected)
{
	struct naive *twin = twin_at(scene, n);
	double dl[OUT];
	expected->jacobian_tame = expected->jacobian_tame && forward_is_tame(twin);
	for (size_t i = 0; i < OUT; i++) {
		for (size_t k = 0; k < OUT; k++)
			dl[k] = k == i;
		naive_backward(twin, dl);
		memcpy(expected->jacobian[n] + i * IN, twin->dx[0], IN * sizeof(double));
		expected->jacobian_tame = expected->jacobian_tame && is_tame(twin->dx[0], IN) &&
					  is_tame(twin->dx[1], HIDDEN) &&
					  is_tame(twin->ds[1], HIDDEN);
	}
	memcpy(expected->y[n], twin->x[2], sizeof dl);
	for (size_t i = 0; i < OUT; i++)
		for (size_t j = 0; j < IN; j++) {
			const double d = expected->jacobian[n][i * IN + j];
			expected->vjp[n][j] += (double)scene->dl[n * OUT + i] * d;
			expected->jvp[n][i] += (double)scene->v[n * IN + j] * d;
		}
	for (size_t i = 0; i < OUT; i++) {
		const double d = twin->x[2][i] - (double)scene->target[n * OUT + i];
		dl[i] = (double)scene->weight[n] * d;
		expected->gradient_tame =
			expected->gradient_tame && isfinite((double)scene->weight[n] * d * d);
	}
	naive_zero(twin);
	naive_backward(twin, dl);
	naive_gradient(twin, expected->grads[n]);
	expected->gradient_tame = expected->gradient_tame && forward_is_tame(twin) &&
				  is_tame(dl, OUT) && backward_is_tame(twin);
	naive_free(twin);
}

static struct expected expect(const struct scene *scene)
{
	struct expected expected = {.jacobian_tame = true, .gradient_tame = true};
	for (size_t n = 0; n < BATCH; n++)
		expect_row(scene, n, &expected);
	expected.products_tame = expected.jacobian_tame;
	for (size_t n = 0; n < BATCH; n++)
		expected.products_tame = expected.products_tame && is_tame(expected.vjp[n], IN) &&
					 is_tame(expected.jvp[n], OUT);
	/* with room for what a direction makes of the layers in between */
	for (size_t i = 0; i < BATCH * OUT; i++)
		expected.products_tame = expected.products_tame &&
					 is_tame(&(double){1024 * (double)scene->dl[i]}, 1);
	for (size_t i = 0; i < BATCH * IN; i++)
		expected.products_tame =
			expected.products_tame && is_tame(&(double){1024 * (double)scene->v[i]}, 1);
	return expected;
}

typedef void (*visit)(struct scene *scene, const struct expected *expected);

static void visit_all(visit check)
{
	for (size_t h = 0; h < sizeof hiddens / sizeof hiddens[0]; h++)
		for (int place = 0; place < PLACES; place++)
			for (int i = 0; i < EXTREMES; i++) {
				struct scene scene =
					scene_open(hiddens[h], (enum place)place, extremes[i]);
				const struct expected expected = expect(&scene);
				check(&scene, &expected);
				assert_true(digest_of(scene.net) == scene.digest);
				scene_close(&scene);
			}
}

/* MLP_OK with numbers that are finite and right, or MLP_ERR_NONFINITE where the twin leaves the type. */
static void check_result(const char *what, mlp_status status, bool tame, const REAL *actual,
			 const double *expected, size_t count)
{
	if (status != MLP_OK) {
		if (status != MLP_ERR_NONFINITE || tame)
			fail_msg("%s: %s, %s", what, mlp_status_name(status), mlp_last_error());
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (!isfinite(actual[i]))
			fail_msg("%s [%zu] is %g", what, i, (double)actual[i]);
	if (tame) /* else sums in another order may be others */
		assert_numbers(what, actual, expected, count, true);
}

static void check_jacobians(struct scene *s, const struct expected *expected)
{
	REAL jacobian[BATCH * OUT * IN], vjp[BATCH * IN], jvp[BATCH * OUT];
	mlp_status status =
		FN(jacobian)(s->net, s->ws, s->x, IN, BATCH, NULL, 0, jacobian, OUT * IN);
	check_result("jacobian", status, expected->jacobian_tame, jacobian, expected->jacobian[0],
		     BATCH * OUT * IN);
	status = FN(vjp)(s->net, s->ws, s->x, IN, BATCH, s->dl, OUT, NULL, 0, vjp, IN);
	check_result("vjp", status, expected->products_tame, vjp, expected->vjp[0], BATCH * IN);
	status = FN(jvp)(s->net, s->ws, s->x, IN, BATCH, s->v, IN, NULL, 0, jvp, OUT);
	check_result("jvp", status, expected->products_tame, jvp, expected->jvp[0], BATCH * OUT);
}

static void jacobians_are_the_twins_or_an_error(void **state)
{
	(void)state;
	visit_all(check_jacobians);
}

/* Weights that are refused are, by every call that takes them. */
static bool is_refused(const struct scene *s, mlp_status status)
{
	const bool valid = isfinite(s->weight[1]) && s->weight[1] >= 0;
	assert_true((status == MLP_ERR_VALUE) == !valid);
	return !valid;
}

static void check_samples(struct scene *s, const struct expected *expected)
{
	static REAL grads[BATCH * PARAMETERS];
	double norms[BATCH];
	mlp_status status = FN(gradient_rows)(s->net, s->ws, s->x, IN, s->target, OUT, s->weight,
					      BATCH, MLP_SQUARED_ERROR, 0, grads, PARAMETERS);
	if (!is_refused(s, status) && status != MLP_OK)
		assert_false(expected->gradient_tame);
	if (status == MLP_OK && s->weight[1] != 0) /* products that overflow are not looked for */
		for (size_t n = 0; n < BATCH; n++)
			assert_numbers("grads", grads + n * PARAMETERS, expected->grads[n],
				       PARAMETERS, expected->gradient_tame);
	status = FN(gradient_norms)(s->net, s->ws, s->x, IN, s->target, OUT, s->weight, BATCH,
				    MLP_SQUARED_ERROR, 0, norms);
	if (is_refused(s, status) || s->weight[1] == 0)
		return;
	for (size_t n = 0; n < BATCH && status == MLP_OK; n++) {
		double square = 0, most = 0;
		for (size_t i = 0; i < PARAMETERS; i++)
			most = fmax(most, fabs(expected->grads[n][i]));
		for (size_t i = 0; i < PARAMETERS; i++)
			square += most > 0 ? pow(expected->grads[n][i] / most, 2) : 0;
		const double norm = most * sqrt(square);
		assert_true(isfinite(norms[n]));
		assert_allclose_f64(&norms[n], &norm, 1, 100 * TOLERANCE,
				    PICK(1e-20, 1e-160)); /* squares of less are 0 */
	}
	if (status != MLP_OK)
		assert_int_equal(status, MLP_ERR_NONFINITE);
}

static void gradients_of_samples_are_the_twins_or_an_error(void **state)
{
	(void)state;
	visit_all(check_samples);
}

static void assert_finite_or_refused(const char *what, mlp_status status, const REAL *values,
				     size_t count)
{
	if (status != MLP_OK && status != MLP_ERR_NONFINITE)
		fail_msg("%s: %s, %s", what, mlp_status_name(status), mlp_last_error());
	for (size_t i = 0; i < count && status == MLP_OK; i++)
		if (!isfinite(values[i]))
			fail_msg("%s [%zu] is %g", what, i, (double)values[i]);
}

static void check_others(struct scene *s, const struct expected *expected)
{
	static const mlp_metric metrics[] = {MLP_METRIC_LOSS, MLP_METRIC_ACCURACY, MLP_METRIC_RMSE,
					     MLP_METRIC_MAE, MLP_METRIC_R2};
	REAL hv[PARAMETERS];
	double values[5], numbers[3];
	int64_t worst;
	(void)expected;
	mlp_status status = FN(hessian_vector)(s->net, s->ws, s->x, IN, s->target, OUT, s->weight,
					       BATCH, MLP_SQUARED_ERROR, 0, MLP_SUM, s->v, hv);
	if (!is_refused(s, status))
		assert_finite_or_refused("hv", status, hv, PARAMETERS);
	status = FN(gradient_check)(s->net, s->x, IN, s->target, OUT, s->weight, BATCH,
				    MLP_SQUARED_ERROR, 0, MLP_SUM, 0, &worst, &numbers[0],
				    &numbers[1], &numbers[2]);
	if (!is_refused(s, status)) {
		assert_true(status == MLP_OK || status == MLP_ERR_NONFINITE);
		for (int i = 0; i < 3 && status == MLP_OK; i++)
			assert_true(isfinite(numbers[i]));
	}
	status = FN(measure)(s->net, s->ws, s->x, IN, s->target, OUT, s->weight, BATCH,
			     MLP_SQUARED_ERROR, 0, metrics, 5, values);
	if (!is_refused(s, status)) {
		assert_true(status == MLP_OK || status == MLP_ERR_NONFINITE);
		for (int i = 0; i < 5 && status == MLP_OK; i++)
			assert_true(isfinite(values[i]));
	}
}

static void what_else_is_given_back_is_finite_or_an_error(void **state)
{
	(void)state;
	visit_all(check_others);
}

/* The same by classes: targets are no numbers then. */
static void check_classes(struct scene *s, const struct expected *expected)
{
	static const mlp_metric metrics[] = {MLP_METRIC_LOSS, MLP_METRIC_ACCURACY};
	static REAL grads[BATCH * PARAMETERS];
	const REAL *w = s->weight;
	double values[BATCH], numbers[3];
	int64_t worst;
	const mlp_loss loss = MLP_CROSS_ENTROPY;
	const mlp_status status[] = {
		FN(evaluate_class)(s->net, s->ws, s->x, IN, s->classes, w, BATCH, loss, 0, MLP_SUM,
				   &values[0], NULL, 0),
		FN(measure_class)(s->net, s->ws, s->x, IN, s->classes, w, BATCH, loss, 0, metrics,
				  1, &values[1]),
		FN(gradient_check_class)(s->net, s->x, IN, s->classes, w, BATCH, loss, 0, MLP_SUM,
					 0, &worst, &numbers[0], &numbers[1], &numbers[2]),
		FN(gradient_norms_class)(s->net, s->ws, s->x, IN, s->classes, w, BATCH, loss, 0,
					 values),
		FN(gradient_class)(s->net, s->ws, s->x, IN, s->classes, w, BATCH, loss, 0, MLP_SUM,
				   0, &values[0], grads, NULL, 0),
		FN(hessian_vector_class)(s->net, s->ws, s->x, IN, s->classes, w, BATCH, loss, 0,
					 MLP_SUM, s->v, grads),
		FN(gradient_rows_class)(s->net, s->ws, s->x, IN, s->classes, w, BATCH, loss, 0,
					grads, PARAMETERS),
	};
	const bool vector_tame = is_tame(&(double){1024 * (double)s->v[1]}, 1);
	bool tame = expected->jacobian_tame;
	for (size_t n = 0; n < BATCH; n++) {
		struct naive *twin = twin_at(s, n);
		tame = tame && is_tame((double[]){1e3 * twin->x[2][0], 1e3 * twin->x[2][1]}, OUT) &&
		       is_tame(&(double){1024 * (double)w[n]}, 1);
		naive_free(twin);
	}
	for (size_t i = 0; i < sizeof status / sizeof status[0]; i++) {
		if (is_refused(s, status[i]))
			continue;
		assert_true(status[i] == MLP_OK || status[i] == MLP_ERR_NONFINITE);
		if (status[i] == MLP_OK && i == 3)
			for (int n = 0; n < BATCH; n++)
				assert_true(isfinite(values[n]));
		if (isnan(s->number) && tame && vector_tame) /* where nobody looks at it */
			assert_ok(status[i]);
	}
}

static void calls_by_class_are_finite_or_an_error(void **state)
{
	(void)state;
	visit_all(check_classes);
}

static void every_step_of_a_gradient_check_is_taken_or_refused(void **state)
{
	(void)state;
	for (int k = 0; k < DOUBLE_EXTREMES; k++) {
		const double step = double_extremes[k];
		struct scene s = scene_open(MLP_TANH, IN_V, 1);
		int64_t worst;
		double numbers[3] = {7, 7, 7};
		const bool valid = step == 0 || (step >= 1e-15 && step <= 0.1);
		const mlp_status status = FN(gradient_check)(
			s.net, s.x, IN, s.target, OUT, NULL, BATCH, MLP_SQUARED_ERROR, 0, MLP_MEAN,
			step, &worst, &numbers[0], &numbers[1], &numbers[2]);
		assert_int_equal(status == MLP_ERR_VALUE, !valid);
		for (int i = 0; i < 3 && status == MLP_OK; i++)
			if (!isfinite(numbers[i]))
				fail_msg("step %a: number %d is %g", step, i, numbers[i]);
		scene_close(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jacobians_are_the_twins_or_an_error),
		cmocka_unit_test(gradients_of_samples_are_the_twins_or_an_error),
		cmocka_unit_test(what_else_is_given_back_is_finite_or_an_error),
		cmocka_unit_test(calls_by_class_are_finite_or_an_error),
		cmocka_unit_test(every_step_of_a_gradient_check_is_taken_or_refused),
	};
	return cmocka_run_group_tests_name("extreme derivatives", tests, NULL, NULL);
}
