/* Optimizers, trainers and fits with extreme numbers: in hyper-parameters, gradients, state and data. After
 * MLP_OK everything is finite; after an error network and optimizer are as they were. */
#include "extreme_scene.h"

enum { SLOTS = 64 };

/* Everything that an optimizer keeps. */
struct kept {
	REAL slots[SLOTS][PARAMETERS];
	double scalars[SLOTS];
};

static struct kept keep(mlp_optimizer *optimizer)
{
	static struct kept kept;
	memset(&kept, 0, sizeof kept);
	for (int64_t s = 0; s < mlp_optimizer_slot_count(optimizer); s++)
		memcpy(kept.slots[s], FN(optimizer_slot)(optimizer, s), sizeof kept.slots[s]);
	for (int64_t s = 0; s < mlp_optimizer_scalar_count(optimizer); s++)
		kept.scalars[s] = mlp_optimizer_scalar(optimizer, s);
	return kept;
}

static bool is_finite_network(const mlp_network *net)
{
	const REAL *p = FN(network_const_parameters)(net);
	for (int64_t i = 0; i < mlp_network_parameter_count(net); i++)
		if (!isfinite(p[i]))
			return false;
	return true;
}

static mlp_status closure(void *context, const mlp_network *net, double *value, REAL *grad)
{
	struct scene *s = context;
	return FN(gradient)(net, s->ws, s->x, IN, s->target, OUT, s->weight, BATCH,
			    MLP_SQUARED_ERROR, 0, MLP_MEAN, 0, value, grad, NULL, 0);
}

/* A step by one of four calls. */
enum { BY_UPDATE, BY_STEP, BY_STEP_CLASS, BY_MINIMIZE, WAYS };

static mlp_status step_by(int way, mlp_optimizer *optimizer, struct scene *s)
{
	switch (way) {
	case BY_UPDATE:
		return FN(optimizer_update)(optimizer, s->net, s->ws, s->v);
	case BY_STEP:
		return FN(optimizer_step)(optimizer, s->net, s->ws, s->x, IN, s->target, OUT,
					  s->weight, BATCH, MLP_SQUARED_ERROR, 0, MLP_MEAN, NULL);
	case BY_STEP_CLASS:
		return FN(optimizer_step_class)(optimizer, s->net, s->ws, s->x, IN, s->classes,
						s->weight, BATCH, MLP_CROSS_ENTROPY, 0, MLP_MEAN,
						NULL);
	default:
		return FN(optimizer_minimize)(optimizer, s->net, s->ws, closure, s, NULL);
	}
}

static void check_way(int kind, int way, enum place place, REAL number)
{
	struct scene s = scene_open(MLP_TANH, place, number);
	mlp_optimizer *optimizer;
	assert_ok(mlp_optimizer_create(s.net, (mlp_optimizer_kind)kind, &optimizer));
	const struct kept before = keep(optimizer);
	const mlp_status status = step_by(way, optimizer, &s);
	const struct kept after = keep(optimizer);
	if (status != MLP_OK) {
		assert_true(status == MLP_ERR_NONFINITE ||
			    (status == MLP_ERR_VALUE && place == IN_WEIGHT) ||
			    (status == MLP_ERR_STATE && kind == MLP_LBFGS && way == BY_UPDATE));
		assert_true(digest_of(s.net) == s.digest);
		if (kind != MLP_LBFGS)
			assert_memory_equal(&before, &after, sizeof before);
	} else if (!isfinite(number) && place == IN_V && way == BY_UPDATE) {
		fail_msg("a gradient of %g was taken", (double)number);
	} else if (way != BY_UPDATE && place != IN_V && !isfinite(number) &&
		   !(place == IN_TARGET && way == BY_STEP_CLASS)) {
		/* an infinite weight or input may saturate; never a NaN */
		assert_true(!isnan(number));
	}
	mlp_optimizer_free(optimizer);
	scene_close(&s);
}

static void steps_of_every_optimizer_change_nothing_if_they_fail(void **state)
{
	(void)state;
	for (int kind = MLP_SGD; kind <= MLP_LBFGS; kind++)
		for (int way = 0; way < WAYS; way++)
			for (int place = 0; place < PLACES; place++)
				for (int i = 0; i < EXTREMES; i++)
					if (place != IN_DL)
						check_way(kind, way, (enum place)place,
							  extremes[i]);
}

/* Whatever number is allowed: a step from a moderate gradient leaves no NaN, and nothing infinite but where the
 * formula is. */
static void every_hyper_parameter_makes_steps_without_nan(void **state)
{
	(void)state;
	mlp_network *net;
	for (int kind = MLP_SGD; kind <= MLP_LBFGS; kind++)
		for (int hyper = MLP_HYPER_ETA; hyper <= MLP_HYPER_TRIALS; hyper++)
			for (int i = 0; i < DOUBLE_EXTREMES + 2; i++) {
				struct scene s = scene_open(MLP_TANH, IN_V, 1);
				double lowest, highest;
				mlp_optimizer *optimizer;
				const mlp_hyper which = (mlp_hyper)hyper;
				net = s.net;
				assert_ok(mlp_optimizer_create(net, (mlp_optimizer_kind)kind,
							       &optimizer));
				if (mlp_optimizer_bounds(optimizer, which, &lowest, &highest) ==
					    MLP_OK &&
				    mlp_optimizer_set(optimizer, which,
						      i == DOUBLE_EXTREMES ? lowest
						      : i == DOUBLE_EXTREMES + 1
							      ? highest
							      : double_extremes[i]) == MLP_OK)
					for (int step = 0; step < 3; step++) {
						const uint64_t before = digest_of(net);
						mlp_status status = step_by(BY_STEP, optimizer, &s);
						if (status != MLP_OK) {
							assert_int_equal(status, MLP_ERR_NONFINITE);
							assert_true(digest_of(net) == before);
							break;
						}
						const REAL *p = FN(network_const_parameters)(net);
						for (int k = 0; k < PARAMETERS; k++)
							if (isnan(p[k]))
								fail_msg(
									"%s, %s = %g: NaN",
									mlp_optimizer_name(
										(mlp_optimizer_kind)
											kind),
									mlp_hyper_name(which),
									mlp_optimizer_get(optimizer,
											  which));
						if (!is_finite_network(net))
							break; /* it has overflowed, visibly */
					}
				mlp_optimizer_free(optimizer);
				scene_close(&s);
			}
}

/* ---- trainers ------------------------------------------------------------------------------- */

static mlp_trainer *make_trainer(struct scene *s)
{
	mlp_trainer *trainer;
	assert_ok(mlp_trainer_create(s->net, MLP_ADAM, &trainer));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 2));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_BATCH, 2));
	assert_ok(mlp_trainer_set_loss(trainer, MLP_SQUARED_ERROR, 0));
	return trainer;
}

static int64_t deliver(void *context, int64_t epoch, int64_t first, int64_t most, REAL *x,
		       REAL *target, REAL *weight)
{
	const struct scene *s = context;
	(void)epoch;
	if (first >= BATCH)
		return 0;
	int64_t rows = BATCH - first < most ? BATCH - first : most;
	memcpy(x, s->x + first * IN, (size_t)(rows * IN) * sizeof(REAL));
	memcpy(target, s->target + first * OUT, (size_t)(rows * OUT) * sizeof(REAL));
	memcpy(weight, s->weight + first, (size_t)rows * sizeof(REAL));
	return rows;
}

static int64_t deliver_class(void *context, int64_t epoch, int64_t first, int64_t most, REAL *x,
			     int64_t *target, REAL *weight)
{
	REAL values[BATCH * OUT];
	const struct scene *s = context;
	if (most > BATCH)
		most = BATCH;
	int64_t rows = deliver(context, epoch, first, most, x, values, weight);
	for (int64_t n = 0; n < rows; n++)
		target[n] = s->classes[first + n];
	return rows;
}

static void check_run(enum place place, REAL number, int by_source)
{
	struct scene s = scene_open(MLP_TANH, place, number);
	mlp_trainer *trainer = make_trainer(&s);
	mlp_status status;
	if (by_source == 2) {
		assert_ok(mlp_trainer_set_loss(trainer, MLP_CROSS_ENTROPY, 0));
		status = FN(trainer_set_source_class)(trainer, deliver_class, &s, BATCH);
	} else if (by_source == 1) {
		status = FN(trainer_set_source)(trainer, deliver, &s, BATCH);
	} else {
		status = FN(trainer_set_data)(trainer, s.x, IN, s.target, OUT, s.weight, BATCH);
	}
	if (status == MLP_OK)
		status = mlp_trainer_run(trainer);
	if (status == MLP_OK) {
		/* what was asked to be trained is trained, and finite if the data was */
		assert_int_equal(mlp_trainer_outcome(trainer), MLP_OUTCOME_EPOCHS);
		const double loss =
			mlp_trainer_history(trainer, MLP_SPLIT_TRAINING, MLP_METRIC_LOSS, 2);
		/* with weights near the end of double their sum with the losses is beyond it */
		assert_true(isfinite(loss) ||
			    (isinf(loss) && place == IN_WEIGHT && (double)number > 1e300));
		assert_false(isnan(number) && place != IN_DL && place != IN_V &&
			     !(by_source == 2 && place == IN_TARGET));
	} else {
		assert_true(status == MLP_ERR_NONFINITE ||
			    (status == MLP_ERR_VALUE && place == IN_WEIGHT));
		if (status == MLP_ERR_NONFINITE)
			assert_int_equal(mlp_trainer_outcome(trainer), MLP_OUTCOME_DIVERGED);
		if (mlp_trainer_epochs_done(trainer) == 0 && status == MLP_ERR_NONFINITE)
			assert_true(digest_of(s.net) == s.digest); /* those it began with */
	}
	mlp_trainer_free(trainer);
	scene_close(&s);
}

static void runs_on_extreme_data_train_or_diverge_visibly(void **state)
{
	(void)state;
	for (int by_source = 0; by_source < 3; by_source++)
		for (int place = 0; place < PLACES; place++)
			for (int i = 0; i < EXTREMES; i++)
				check_run((enum place)place, extremes[i], by_source);
}

static void every_loss_parameter_of_a_trainer_is_taken_or_refused_by_its_run(void **state)
{
	(void)state;
	for (int i = 0; i < DOUBLE_EXTREMES; i++) {
		const double a = double_extremes[i];
		struct scene s = scene_open(MLP_TANH, IN_DL, 1);
		mlp_trainer *trainer = make_trainer(&s);
		assert_ok(mlp_trainer_set_loss(trainer, MLP_HUBER, a));
		assert_ok(FN(trainer_set_data)(trainer, s.x, IN, s.target, OUT, NULL, BATCH));
		const bool valid = isfinite((REAL)a) && (REAL)a > 0;
		assert_int_equal(mlp_trainer_run(trainer), valid ? MLP_OK : MLP_ERR_VALUE);
		if (valid)
			assert_true(is_finite_network(s.net));
		else
			assert_true(digest_of(s.net) == s.digest);
		mlp_trainer_free(trainer);
		scene_close(&s);
	}
}

static void fits_of_extreme_data_are_finite_or_change_nothing(void **state)
{
	(void)state;
	for (int place = 0; place <= IN_TARGET; place++)
		for (int i = 0; i < EXTREMES; i++)
			for (int by_class = 0; by_class < 2; by_class++) {
				struct scene s =
					scene_open(MLP_TANH, (enum place)place, extremes[i]);
				double value = 7;
				const mlp_status status =
					by_class ? FN(fit_class)(s.net, s.x, IN, s.classes, BATCH,
								 1, &value)
						 : FN(fit)(s.net, s.x, IN, s.target, OUT, BATCH, 1,
							   &value);
				if (status == MLP_OK) {
					assert_true(isfinite(value) && is_finite_network(s.net));
					assert_true(isfinite(extremes[i]) ||
						    (by_class && place == IN_TARGET));
				} else {
					assert_true(status == MLP_ERR_NONFINITE ||
						    status == MLP_ERR_VALUE);
					assert_true(digest_of(s.net) == s.digest);
				}
				scene_close(&s);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_of_every_optimizer_change_nothing_if_they_fail),
		cmocka_unit_test(every_hyper_parameter_makes_steps_without_nan),
		cmocka_unit_test(runs_on_extreme_data_train_or_diverge_visibly),
		cmocka_unit_test(every_loss_parameter_of_a_trainer_is_taken_or_refused_by_its_run),
		cmocka_unit_test(fits_of_extreme_data_are_finite_or_change_nothing),
	};
	return cmocka_run_group_tests_name("extreme training", tests, NULL, NULL);
}
