/* Every setter that takes a number: it takes what its header allows, and gives it back bit for bit; it refuses
 * the rest with MLP_ERR_VALUE, and nothing has changed. */
#include "extreme.h"

enum { INPUTS = 2, OUTPUTS = 3 };

static mlp_network *make(void)
{
	mlp_network *net;
	assert_ok(mlp_network_create(REAL_DTYPE, (const int64_t[]){INPUTS, 4, OUTPUTS}, 3, &net));
	return net;
}

/* What a call returned, where a number was valid or not; the getter afterwards and before. */
static void check(const char *what, double number, bool valid, mlp_status status, double before,
		  double after)
{
	const bool right = valid ? status == MLP_OK && same_bits_of(after, number)
				 : status == MLP_ERR_VALUE && same_bits_of(after, before);
	if (!right)
		fail_msg("%s = %a: %s, then %a, before %a", what, number, mlp_status_name(status),
			 after, before);
}

static void activation_parameters_and_dropout(void **state)
{
	(void)state;
	for (int i = 0; i < DOUBLE_EXTREMES; i++) {
		const double v = double_extremes[i];
		mlp_network *net = make();
		for (int sigma = MLP_LEAKY_RELU; sigma <= MLP_ELU; sigma++) {
			assert_ok(mlp_network_set_activation(net, 1, (mlp_activation)sigma));
			double before = mlp_network_activation_parameter(net, 1);
			mlp_status status = mlp_network_set_activation_parameter(net, 1, v);
			check("activation parameter", v, isfinite((REAL)v) && v >= 0, status,
			      before, mlp_network_activation_parameter(net, 1));
		}
		for (int64_t l = 0; l <= 1; l++) {
			mlp_status status = mlp_network_set_dropout(net, l, v);
			check("dropout", v, v >= 0 && v < 1, status, 0,
			      mlp_network_dropout(net, l));
		}
		mlp_network_free(net);
	}
}

static void initial_ranges(void **state)
{
	(void)state;
	for (int init = MLP_INIT_HE_UNIFORM; init <= MLP_INIT_UNIFORM; init++)
		for (int i = 0; i < DOUBLE_EXTREMES; i++) {
			const double v = double_extremes[i];
			mlp_network *net = make();
			const uint64_t before = digest_of(net);
			mlp_status status =
				mlp_network_init(net, MLP_ALL_LAYERS, (mlp_init)init, v, 3);
			const bool valid =
				init == MLP_INIT_UNIFORM ? isfinite((REAL)v) && v >= 0 : v == 0;
			assert_int_equal(status, valid ? MLP_OK : MLP_ERR_VALUE);
			if (!valid)
				assert_true(digest_of(net) == before);
			const REAL *w = FN(network_const_parameters)(net);
			for (int64_t k = 0; k < mlp_network_parameter_count(net); k++) {
				assert_true(isfinite(w[k]));
				if (valid && init == MLP_INIT_UNIFORM)
					assert_true(fabs((double)w[k]) <= v);
			}
			mlp_network_free(net);
		}
}

typedef mlp_status (*set_pair)(mlp_network *net, const double *first, const double *second);
typedef mlp_status (*get_pair)(const mlp_network *net, double *first, double *second);

static bool scaling_is_valid(double shift, double scale)
{
	const double least = (double)REAL_MIN;
	return isfinite((REAL)shift) && scale >= least && scale <= 1 / least;
}

static bool domain_is_valid(double lowest, double highest)
{
	return lowest <= highest;
}

/* The last of `count` pairs is extreme. */
static void check_pairs(int count, set_pair set, get_pair get, bool (*is_valid)(double, double))
{
	for (int i = 0; i < DOUBLE_EXTREMES; i++)
		for (int j = 0; j < DOUBLE_EXTREMES; j++) {
			double first[OUTPUTS] = {0.5, 0.5, 0.5}, second[OUTPUTS] = {2, 2, 2},
			       got[2][OUTPUTS];
			mlp_network *net = make();
			assert_ok(set(net, first, second));
			const uint64_t before = digest_of(net);
			first[count - 1] = double_extremes[i];
			second[count - 1] = double_extremes[j];
			const bool valid = is_valid(double_extremes[i], double_extremes[j]);
			assert_int_equal(set(net, first, second), valid ? MLP_OK : MLP_ERR_VALUE);
			if (valid) {
				assert_ok(get(net, got[0], got[1]));
				assert_true(same_bits_of(got[0][count - 1], first[count - 1]));
				assert_true(same_bits_of(got[1][count - 1], second[count - 1]));
			} else {
				assert_true(digest_of(net) == before);
			}
			mlp_network_free(net);
		}
}

static void scalings_and_domains(void **state)
{
	(void)state;
	check_pairs(INPUTS, mlp_network_set_input_scaling, mlp_network_get_input_scaling,
		    scaling_is_valid);
	check_pairs(OUTPUTS, mlp_network_set_output_scaling, mlp_network_get_output_scaling,
		    scaling_is_valid);
	check_pairs(INPUTS, mlp_network_set_domain, mlp_network_get_domain, domain_is_valid);
}

/* Every number of every kind of optimizer. */
static void hyper_parameters(void **state)
{
	(void)state;
	mlp_network *net = make();
	for (int kind = MLP_SGD; kind <= MLP_LBFGS; kind++)
		for (int hyper = MLP_HYPER_ETA; hyper <= MLP_HYPER_TRIALS; hyper++)
			for (int i = 0; i < DOUBLE_EXTREMES; i++) {
				const double v = double_extremes[i];
				const mlp_hyper which = (mlp_hyper)hyper;
				double lowest, highest;
				mlp_optimizer *optimizer;
				assert_ok(mlp_optimizer_create(net, (mlp_optimizer_kind)kind,
							       &optimizer));
				const bool has = mlp_optimizer_bounds(optimizer, which, &lowest,
								      &highest) == MLP_OK;
				const bool whole = hyper == MLP_HYPER_NESTEROV ||
						   hyper == MLP_HYPER_DECAY_BIASES ||
						   hyper == MLP_HYPER_HISTORY ||
						   hyper == MLP_HYPER_TRIALS;
				const double before = mlp_optimizer_get(optimizer, which);
				const mlp_status status = mlp_optimizer_set(optimizer, which, v);
				check(mlp_hyper_name(which), v,
				      has && v >= lowest && v <= highest &&
					      (!whole || v == floor(v)),
				      status, before, mlp_optimizer_get(optimizer, which));
				if (has && status == MLP_OK) /* not one that the type cannot hold */
					assert_true(isfinite(
						(REAL)mlp_optimizer_get(optimizer, which)));
				mlp_optimizer_free(optimizer);
			}
	mlp_network_free(net);
}

/* What mlp_optimizer_set_scalar() promises to take. */
static bool scalar_is_valid(const mlp_optimizer *optimizer, bool has_pairs, const char *name,
			    double v)
{
	const double pairs = has_pairs ? mlp_optimizer_get(optimizer, MLP_HYPER_HISTORY) : 0;
	const struct {
		const char *name;
		double most;
	} counts[] = {
		{"steps", 9007199254740992}, {"pairs", pairs}, {"next", pairs - 1}, {"known", 1}};
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (strcmp(name, counts[i].name) == 0)
			return v >= 0 && v <= counts[i].most && v == floor(v);
	return isfinite(v);
}

static void scalars_of_optimizers(void **state)
{
	(void)state;
	mlp_network *net = make();
	for (int kind = MLP_SGD; kind <= MLP_LBFGS; kind++) {
		mlp_optimizer *optimizer;
		assert_ok(mlp_optimizer_create(net, (mlp_optimizer_kind)kind, &optimizer));
		for (int64_t s = 0; s < mlp_optimizer_scalar_count(optimizer); s++)
			for (int i = 0; i < DOUBLE_EXTREMES; i++) {
				const double v = double_extremes[i],
					     before = mlp_optimizer_scalar(optimizer, s);
				const char *name = mlp_optimizer_scalar_name(optimizer, s);
				const mlp_status status = mlp_optimizer_set_scalar(optimizer, s, v);
				check(name, v,
				      scalar_is_valid(optimizer, kind == MLP_LBFGS, name, v),
				      status, before, mlp_optimizer_scalar(optimizer, s));
			}
		mlp_optimizer_free(optimizer);
	}
	mlp_network_free(net);
}

static void schedules(void **state)
{
	(void)state;
	for (int kind = MLP_RATE_CONSTANT; kind <= MLP_RATE_PLATEAU; kind++)
		for (int item = MLP_RATE_WARMUP; item <= MLP_RATE_COOLDOWN; item++)
			for (int i = 0; i < DOUBLE_EXTREMES; i++) {
				const mlp_rate_schedule_item which = (mlp_rate_schedule_item)item;
				const double v = double_extremes[i];
				double lowest = 0, highest = 0;
				mlp_rate_schedule *schedule;
				assert_ok(mlp_rate_schedule_create((mlp_rate_schedule_kind)kind,
								   &schedule));
				const bool has = mlp_rate_schedule_bounds(schedule, which, &lowest,
									  &highest) == MLP_OK;
				const bool whole =
					item == MLP_RATE_PATIENCE || item == MLP_RATE_COOLDOWN;
				const double before = mlp_rate_schedule_get(schedule, which);
				const mlp_status status = mlp_rate_schedule_set(schedule, which, v);
				check("item of a schedule", v,
				      has && v >= lowest && v <= highest &&
					      (!whole || v == floor(v)),
				      status, before, mlp_rate_schedule_get(schedule, which));
				/* at any time the factor is one, whatever was set */
				for (int k = 0; k < DOUBLE_EXTREMES; k++) {
					const double time = double_extremes[k];
					const double factor =
						mlp_rate_schedule_factor(schedule, time);
					if (time >= 0)
						assert_true(factor >= 0 && factor <= 1);
					else
						assert_true(isnan(factor));
				}
				mlp_rate_schedule_free(schedule);
			}
}

static void plateaus_observe_anything(void **state)
{
	(void)state;
	for (int i = 0; i < DOUBLE_EXTREMES; i++)
		for (int j = 0; j < DOUBLE_EXTREMES; j++) {
			mlp_rate_schedule *schedule;
			assert_ok(mlp_rate_schedule_create(MLP_RATE_PLATEAU, &schedule));
			assert_ok(mlp_rate_schedule_set(schedule, MLP_RATE_PATIENCE, 0));
			assert_ok(mlp_rate_schedule_set(schedule, MLP_RATE_MIN_DELTA, 0));
			const double a = double_extremes[i], b = double_extremes[j];
			assert_ok(mlp_rate_schedule_observe(schedule, a));
			assert_ok(mlp_rate_schedule_observe(schedule, b));
			/* NaN and infinity are no improvement, each of which costs a factor of 10 */
			double expected = 1;
			expected *= isfinite(a) ? 1 : 0.1;
			expected *= isfinite(b) && (!isfinite(a) || b < a) ? 1 : 0.1;
			double factor = mlp_rate_schedule_factor(schedule, 5);
			assert_allclose_f64(&factor, &expected, 1, 1e-14, 0);
			for (int64_t s = 0; s < mlp_rate_schedule_state_count(schedule); s++) {
				const char *name = mlp_rate_schedule_state_name(schedule, s);
				const double before = mlp_rate_schedule_state(schedule, s);
				const bool valid = strcmp(name, "factor") == 0 ? a >= 0 && a <= 1
						   : strcmp(name, "best") == 0
							   ? a > -(double)INFINITY
							   : a >= 0 && a == floor(a);
				const mlp_status status =
					mlp_rate_schedule_set_state(schedule, s, a);
				if (valid && isinf(a) && strcmp(name, "best") != 0)
					continue; /* whole, but of no number of observations */
				if (valid && a > 0x1p53 && strcmp(name, "best") != 0)
					continue;
				check(name, a, valid, status, before,
				      mlp_rate_schedule_state(schedule, s));
			}
			mlp_rate_schedule_free(schedule);
		}
}

static void trainers(void **state)
{
	(void)state;
	mlp_network *net = make();
	mlp_trainer *trainer;
	assert_ok(mlp_trainer_create(net, MLP_ADAM, &trainer));
	for (int item = MLP_TRAINER_EPOCHS; item <= MLP_TRAINER_MEASURE_TRAINING; item++)
		for (int i = 0; i < DOUBLE_EXTREMES; i++) {
			const mlp_trainer_item which = (mlp_trainer_item)item;
			const double v = double_extremes[i];
			double lowest, highest;
			assert_ok(mlp_trainer_bounds(trainer, which, &lowest, &highest));
			const double before = mlp_trainer_get(trainer, which);
			const bool whole = item != MLP_TRAINER_VALIDATION_FRACTION &&
					   item != MLP_TRAINER_MIN_DELTA;
			const mlp_status status = mlp_trainer_set(trainer, which, v);
			check("setting of a trainer", v,
			      v >= lowest && v <= highest && (!whole || v == floor(v)), status,
			      before, mlp_trainer_get(trainer, which));
		}
	for (int i = 0; i < DOUBLE_EXTREMES; i++) {
		const double v = double_extremes[i], weights[OUTPUTS] = {1, 0, v};
		assert_int_equal(mlp_trainer_set_class_weights(trainer, weights, OUTPUTS),
				 isfinite(v) && v >= 0 ? MLP_OK : MLP_ERR_VALUE);
	}
	mlp_trainer_free(trainer);
	mlp_network_free(net);
}

/* Sample weights, wherever a trainer is given them. */
static void sample_weights_of_trainers(void **state)
{
	(void)state;
	enum { ROWS = 3 };
	const REAL x[ROWS * INPUTS] = {0}, t[ROWS * OUTPUTS] = {0};
	const int64_t classes[ROWS] = {0};
	mlp_network *net = make();
	mlp_trainer *trainer;
	assert_ok(mlp_trainer_create(net, MLP_ADAM, &trainer));
	for (int i = 0; i < EXTREMES; i++) {
		const REAL w[ROWS] = {0, extremes[i], extremes[i]};
		const bool valid = isfinite(w[1]) && w[1] >= 0 && w[1] + (double)w[2] > 0 &&
				   isfinite((double)w[1] + (double)w[2]);
		const mlp_status expected = valid ? MLP_OK : MLP_ERR_VALUE;
		assert_int_equal(FN(trainer_set_data)(trainer, x, INPUTS, t, OUTPUTS, w, ROWS),
				 expected);
		assert_int_equal(FN(trainer_set_data_class)(trainer, x, INPUTS, classes, w, ROWS),
				 expected);
		assert_int_equal(
			FN(trainer_set_validation)(trainer, x, INPUTS, t, OUTPUTS, w, ROWS),
			expected);
		assert_int_equal(
			FN(trainer_set_validation_class)(trainer, x, INPUTS, classes, w, ROWS),
			expected);
	}
	mlp_trainer_free(trainer);
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(activation_parameters_and_dropout),
		cmocka_unit_test(initial_ranges),
		cmocka_unit_test(scalings_and_domains),
		cmocka_unit_test(hyper_parameters),
		cmocka_unit_test(scalars_of_optimizers),
		cmocka_unit_test(schedules),
		cmocka_unit_test(plateaus_observe_anything),
		cmocka_unit_test(trainers),
		cmocka_unit_test(sample_weights_of_trainers),
	};
	return cmocka_run_group_tests_name("extreme settings", tests, NULL, NULL);
}
