/* The trainer against loops written by hand. */
#include "property/training.h"
#include "trainer/shuffle.h"

static struct problem problem;

/* Rows that train, in the order of an epoch. */
static void order_of(int64_t *order, int64_t rows, uint64_t seed, int64_t epoch, bool shuffles)
{
	for (int64_t n = 0; n < rows; n++)
		order[n] = n;
	if (shuffles)
		mlp_shuffle(order, rows, seed, epoch);
}

struct hand {
	mlp_network *net;
	mlp_optimizer *optimizer;
	mlp_workspace *ws;
	bool by_class, weighted;
	mlp_loss loss;
	double last_mean; /* of the epoch's batches */
};

/* An epoch as one would write it, gathering rows. */
static void hand_epoch(struct hand *hand, const int64_t *order, int64_t rows, int64_t most)
{
	double losses = 0, weights = 0;
	for (int64_t first = 0; first < rows; first += most) {
		int64_t batch = rows - first < most ? rows - first : most;
		REAL x[ROWS * IN], target[ROWS * OUT], weight[ROWS];
		int64_t classes[ROWS];
		double loss, sum = 0;
		for (int64_t n = 0; n < batch; n++) {
			int64_t row = order[first + n];
			memcpy(&x[n * IN], &problem.x[row * LD_X], sizeof(REAL) * IN);
			memcpy(&target[n * OUT], &problem.target[row * LD_T], sizeof(REAL) * OUT);
			classes[n] = problem.classes[row];
			weight[n] = problem.weight[row];
			sum += hand->weighted ? (double)weight[n] : 1;
		}
		const REAL *given = hand->weighted ? weight : NULL;
		if (hand->by_class)
			assert_ok(FN(optimizer_step_class)(hand->optimizer, hand->net, hand->ws, x,
							   IN, classes, given, batch, hand->loss, 0,
							   MLP_MEAN, &loss));
		else
			assert_ok(FN(optimizer_step)(hand->optimizer, hand->net, hand->ws, x, IN,
						     target, OUT, given, batch, hand->loss, 0,
						     MLP_MEAN, &loss));
		losses += loss * sum;
		weights += sum;
	}
	hand->last_mean = losses / weights;
}

static void set_validation(mlp_trainer *trainer, bool by_class)
{
	const REAL *x = &problem.x[ROWS * LD_X];
	if (by_class)
		assert_ok(FN(trainer_set_validation_class)(trainer, x, LD_X, &problem.classes[ROWS],
							   NULL, HELD));
	else
		assert_ok(FN(trainer_set_validation)(trainer, x, LD_X, &problem.target[ROWS * LD_T],
						     LD_T, NULL, HELD));
}

static void training_has_the_bits_of_a_loop_by_hand(void **state)
{
	(void)state;
	const mlp_optimizer_kind kinds[] = {MLP_SGD, MLP_ADAM, MLP_RMSPROP, MLP_ADAMW};
	for (int turn = 0; turn < 16; turn++) {
		bool by_class = turn & 1, weighted = turn & 2, shuffles = turn & 4;
		mlp_activation output = by_class ? MLP_SOFTMAX : MLP_IDENTITY;
		mlp_optimizer_kind kind = kinds[turn / 4];
		mlp_network *net = network_make(output, 3);
		mlp_trainer *trainer = trainer_make(net, kind, 0.01);
		trainer_set(trainer, MLP_TRAINER_EPOCHS, 5);
		trainer_set(trainer, MLP_TRAINER_BATCH, 16);
		trainer_set(trainer, MLP_TRAINER_SHUFFLE, shuffles);
		assert_ok(mlp_trainer_set_seed(trainer, 77));
		give_rows(&problem, trainer, by_class, weighted, ROWS);
		assert_ok(mlp_trainer_run(trainer));
		assert_int_equal(mlp_trainer_outcome(trainer), MLP_OUTCOME_EPOCHS);

		struct hand hand = {.net = network_make(output, 3),
				    .by_class = by_class,
				    .weighted = weighted,
				    .loss = by_class ? MLP_CROSS_ENTROPY : MLP_SQUARED_ERROR};
		assert_ok(mlp_optimizer_create(hand.net, kind, &hand.optimizer));
		assert_ok(mlp_optimizer_set(hand.optimizer, MLP_HYPER_ETA, 0.01));
		assert_ok(mlp_workspace_create(hand.net, 16, MLP_TRAINING, &hand.ws));
		for (int64_t epoch = 1; epoch <= 5; epoch++) {
			int64_t order[ROWS];
			order_of(order, ROWS, 77, epoch, shuffles);
			hand_epoch(&hand, order, ROWS, 16);
			assert_true(mlp_trainer_history(trainer, MLP_SPLIT_TRAINING,
							MLP_METRIC_LOSS, epoch) == hand.last_mean);
		}
		assert_same_parameters(net, hand.net);
		mlp_workspace_free(hand.ws);
		mlp_optimizer_free(hand.optimizer);
		mlp_network_free(hand.net);
		mlp_trainer_free(trainer);
		mlp_network_free(net);
	}
}

static void rows_held_back_are_as_many_as_asked_for_and_train_nothing(void **state)
{
	(void)state;
	for (int64_t held = 1; held < ROWS; held += 37) {
		int64_t chosen[ROWS], others[ROWS];
		bool seen[ROWS] = {false};
		mlp_split_rows(ROWS, held, 4, chosen, others);
		for (int64_t n = 0; n < ROWS; n++) {
			int64_t row = n < held ? chosen[n] : others[n - held];
			assert_false(seen[row]);
			seen[row] = true;
			if (n > 0 && n != held)
				assert_true(row >
					    (n < held ? chosen[n - 1] : others[n - 1 - held]));
		}
	}
	/* training on the others alone gives the same bits, and the held rows measure */
	int64_t chosen[ROWS], others[ROWS];
	mlp_split_rows(ROWS, 30, 5, chosen, others);
	mlp_network *net = network_make(MLP_IDENTITY, 1), *twin = network_make(MLP_IDENTITY, 1);
	mlp_trainer *trainer = trainer_make(net, MLP_ADAM, 0.01);
	trainer_set(trainer, MLP_TRAINER_EPOCHS, 3);
	trainer_set(trainer, MLP_TRAINER_SHUFFLE, 0);
	trainer_set(trainer, MLP_TRAINER_RESTORE_BEST, 0);
	trainer_set(trainer, MLP_TRAINER_VALIDATION_FRACTION, 0.2);
	assert_ok(mlp_trainer_set_seed(trainer, 5));
	give_rows(&problem, trainer, false, true, ROWS);
	assert_int_equal(mlp_trainer_rows(trainer, MLP_SPLIT_TRAINING), ROWS - 30);
	assert_int_equal(mlp_trainer_rows(trainer, MLP_SPLIT_VALIDATION), 30);
	assert_ok(mlp_trainer_run(trainer));
	struct hand hand = {.net = twin, .weighted = true, .loss = MLP_SQUARED_ERROR};
	assert_ok(mlp_optimizer_create(twin, MLP_ADAM, &hand.optimizer));
	assert_ok(mlp_optimizer_set(hand.optimizer, MLP_HYPER_ETA, 0.01));
	assert_ok(mlp_workspace_create(twin, 256, MLP_TRAINING, &hand.ws));
	for (int epoch = 0; epoch < 3; epoch++)
		hand_epoch(&hand, others, ROWS - 30, 32);
	assert_same_parameters(net, twin);
	REAL x[30 * IN], target[30 * OUT], weight[30];
	for (size_t n = 0; n < 30; n++) {
		memcpy(&x[n * IN], &problem.x[chosen[n] * LD_X], sizeof(REAL) * IN);
		memcpy(&target[n * OUT], &problem.target[chosen[n] * LD_T], sizeof(REAL) * OUT);
		weight[n] = problem.weight[chosen[n]];
	}
	const mlp_metric metrics[] = {MLP_METRIC_LOSS, MLP_METRIC_RMSE, MLP_METRIC_MAE,
				      MLP_METRIC_R2};
	double values[4];
	assert_ok(FN(measure)(net, hand.ws, x, IN, target, OUT, weight, 30, MLP_SQUARED_ERROR, 0,
			      metrics, 4, values));
	for (int m = 0; m < 4; m++) {
		double value = mlp_trainer_history(trainer, MLP_SPLIT_VALIDATION, metrics[m], 3);
		assert_allclose_f64(&value, &values[m], 1, TOLERANCE, TOLERANCE);
	}
	mlp_workspace_free(hand.ws);
	mlp_optimizer_free(hand.optimizer);
	mlp_trainer_free(trainer);
	mlp_network_free(net);
	mlp_network_free(twin);
}

static void weights_train_as_repeated_rows(void **state)
{
	(void)state;
	static REAL x[3 * ROWS * IN], weight[ROWS];
	static int64_t classes[3 * ROWS];
	const double class_weights[] = {1, 3, 0.5};
	int64_t rows = 0;
	for (int64_t n = 0; n < 60; n++) {
		/* sample weight times class weight is 1 or 3 */
		int64_t c = problem.classes[n];
		weight[n] = (REAL)(c == 2 ? (n % 2 ? 6 : 2) : 1);
		int64_t times = c == 0 ? 1 : c == 1 ? 3 : (n % 2 ? 3 : 1);
		for (int64_t k = 0; k < times; k++, rows++) {
			memcpy(&x[rows * IN], &problem.x[n * LD_X], sizeof(REAL) * IN);
			classes[rows] = c;
		}
	}
	mlp_network *nets[2];
	for (int i = 0; i < 2; i++) {
		nets[i] = network_make(MLP_SOFTMAX, 8);
		mlp_trainer *trainer = trainer_make(nets[i], MLP_SGD, 0.5);
		trainer_set(trainer, MLP_TRAINER_EPOCHS, 10);
		trainer_set(trainer, MLP_TRAINER_BATCH, 1000);
		if (i == 0) {
			assert_ok(mlp_trainer_set_class_weights(trainer, class_weights, OUT));
			assert_ok(FN(trainer_set_data_class)(trainer, problem.x, LD_X,
							     problem.classes, weight, 60));
		} else {
			assert_ok(FN(trainer_set_data_class)(trainer, x, IN, classes, NULL, rows));
		}
		assert_ok(mlp_trainer_run(trainer));
		mlp_trainer_free(trainer);
	}
	assert_allclose(FN(network_const_parameters)(nets[0]),
			FN(network_const_parameters)(nets[1]),
			(size_t)mlp_network_parameter_count(nets[0]), TOLERANCE, TOLERANCE);
	mlp_network_free(nets[0]);
	mlp_network_free(nets[1]);
}

static void a_batch_without_weight_is_passed_over(void **state)
{
	(void)state;
	static REAL weight[ROWS];
	for (int n = 0; n < ROWS; n++)
		weight[n] = n < 64 && n >= 32 ? 0 : 1;
	mlp_network *net = network_make(MLP_IDENTITY, 1), *twin = network_make(MLP_IDENTITY, 1);
	mlp_trainer *trainer = trainer_make(net, MLP_SGD, 0.1);
	trainer_set(trainer, MLP_TRAINER_EPOCHS, 1);
	trainer_set(trainer, MLP_TRAINER_SHUFFLE, 0);
	assert_ok(FN(trainer_set_data)(trainer, problem.x, LD_X, problem.target, LD_T, weight, 96));
	assert_ok(mlp_trainer_run(trainer));
	struct hand hand = {.net = twin, .loss = MLP_SQUARED_ERROR};
	assert_ok(mlp_optimizer_create(twin, MLP_SGD, &hand.optimizer));
	assert_ok(mlp_optimizer_set(hand.optimizer, MLP_HYPER_ETA, 0.1));
	assert_ok(mlp_workspace_create(twin, 32, MLP_TRAINING, &hand.ws));
	int64_t order[64];
	for (int64_t n = 0; n < 64; n++)
		order[n] = n < 32 ? n : n + 32;
	hand_epoch(&hand, order, 64, 32);
	assert_same_parameters(net, twin);
	mlp_workspace_free(hand.ws);
	mlp_optimizer_free(hand.optimizer);
	mlp_trainer_free(trainer);
	mlp_network_free(net);
	mlp_network_free(twin);
}

/* ---- sources -------------------------------------------------------------------------------- */

static int64_t deliver(void *context, int64_t epoch, int64_t first, int64_t most, REAL *x,
		       REAL *target, REAL *weight)
{
	(void)epoch;
	int64_t rows = *(int64_t *)context, n = 0;
	for (; n < most && first + n < rows; n++) {
		memcpy(&x[n * IN], &problem.x[(first + n) * LD_X], sizeof(REAL) * IN);
		memcpy(&target[n * OUT], &problem.target[(first + n) * LD_T], sizeof(REAL) * OUT);
		weight[n] = problem.weight[first + n];
	}
	return n;
}

static int64_t deliver_classes(void *context, int64_t epoch, int64_t first, int64_t most, REAL *x,
			       int64_t *target, REAL *weight)
{
	static REAL ignored[ROWS * OUT];
	int64_t rows = deliver(context, epoch, first, most, x, ignored, weight);
	memcpy(target, &problem.classes[first], (size_t)rows * sizeof(int64_t));
	return rows;
}

static void a_source_trains_as_rows_in_memory_do(void **state)
{
	(void)state;
	for (int turn = 0; turn < 12; turn++) {
		bool by_class = turn & 1, told = turn & 2;
		mlp_optimizer_kind kind = turn < 4   ? MLP_ADAM
					  : turn < 8 ? MLP_LBFGS
						     : MLP_IRPROP_MINUS;
		mlp_network *nets[2];
		mlp_trainer *trainers[2];
		int64_t rows = ROWS;
		for (int i = 0; i < 2; i++) {
			nets[i] = network_make(by_class ? MLP_SOFTMAX : MLP_IDENTITY, 5);
			trainers[i] = trainer_make(nets[i], kind, kind == MLP_ADAM ? 0.01 : 0);
			trainer_set(trainers[i], MLP_TRAINER_EPOCHS, 3);
			trainer_set(trainers[i], MLP_TRAINER_SHUFFLE, 0);
			trainer_set(trainers[i], MLP_TRAINER_MEASURE_TRAINING, 1);
			if (i == 0)
				give_rows(&problem, trainers[i], by_class, true, ROWS);
			else if (by_class)
				assert_ok(FN(trainer_set_source_class)(trainers[i], deliver_classes,
								       &rows, told ? ROWS : -1));
			else
				assert_ok(FN(trainer_set_source)(trainers[i], deliver, &rows,
								 told ? ROWS : -1));
			set_validation(trainers[i], by_class);
			assert_ok(mlp_trainer_run(trainers[i]));
		}
		assert_int_equal(mlp_trainer_rows(trainers[1], MLP_SPLIT_TRAINING),
				 told ? ROWS : 0);
		assert_same_history(trainers[0], trainers[1]);
		assert_same_parameters(nets[0], nets[1]);
		for (int i = 0; i < 2; i++) {
			mlp_trainer_free(trainers[i]);
			mlp_network_free(nets[i]);
		}
	}
}

/* ---- full batch ----------------------------------------------------------------------------- */

static void full_batch_optimizers_see_all_rows_in_an_epoch(void **state)
{
	(void)state;
	const mlp_optimizer_kind kinds[] = {MLP_IRPROP_MINUS, MLP_LBFGS};
	for (int k = 0; k < 2; k++) {
		mlp_network *net = network_make(MLP_IDENTITY, 1),
			    *twin = network_make(MLP_IDENTITY, 1);
		mlp_trainer *trainer = trainer_make(net, kinds[k], 0);
		trainer_set(trainer, MLP_TRAINER_EPOCHS, 6);
		trainer_set(trainer, MLP_TRAINER_BATCH, 7); /* of no meaning here */
		give_rows(&problem, trainer, false, true, ROWS);
		assert_ok(mlp_trainer_run(trainer));
		mlp_optimizer *optimizer;
		mlp_workspace *ws;
		assert_ok(mlp_optimizer_create(twin, kinds[k], &optimizer));
		assert_ok(mlp_workspace_create(twin, ROWS, MLP_TRAINING, &ws));
		for (int64_t epoch = 1; epoch <= 6; epoch++) {
			double loss;
			assert_ok(FN(optimizer_step)(optimizer, twin, ws, problem.x, LD_X,
						     problem.target, LD_T, problem.weight, ROWS,
						     MLP_SQUARED_ERROR, 0, MLP_MEAN, &loss));
			double seen = mlp_trainer_history(trainer, MLP_SPLIT_TRAINING,
							  MLP_METRIC_LOSS, epoch);
			assert_allclose_f64(&seen, &loss, 1, PICK(1e-3, 1e-9), 0);
		}
		assert_allclose(FN(network_const_parameters)(net),
				FN(network_const_parameters)(twin),
				(size_t)mlp_network_parameter_count(net), PICK(1e-2, 1e-8),
				PICK(1e-2, 1e-8));
		mlp_workspace_free(ws);
		mlp_optimizer_free(optimizer);
		mlp_trainer_free(trainer);
		mlp_network_free(net);
		mlp_network_free(twin);
	}
}

static void lbfgs_ends_where_it_finds_no_lower_point(void **state)
{
	(void)state;
	const int64_t widths[] = {IN, OUT}; /* linear least squares */
	mlp_network *net;
	assert_ok(mlp_network_create(REAL_DTYPE, widths, 2, &net));
	mlp_trainer *trainer = trainer_make(net, MLP_LBFGS, 0);
	trainer_set(trainer, MLP_TRAINER_EPOCHS, 1000);
	give_rows(&problem, trainer, false, false, ROWS);
	assert_ok(mlp_trainer_run(trainer));
	assert_int_equal(mlp_trainer_outcome(trainer), MLP_OUTCOME_EARLY);
	assert_in_range(mlp_trainer_epochs_done(trainer), 2, 200);
	mlp_trainer_free(trainer);
	mlp_network_free(net);
}

static int fill(void **state)
{
	(void)state;
	problem_fill(&problem, 12);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(training_has_the_bits_of_a_loop_by_hand),
		cmocka_unit_test(rows_held_back_are_as_many_as_asked_for_and_train_nothing),
		cmocka_unit_test(weights_train_as_repeated_rows),
		cmocka_unit_test(a_batch_without_weight_is_passed_over),
		cmocka_unit_test(a_source_trains_as_rows_in_memory_do),
		cmocka_unit_test(full_batch_optimizers_see_all_rows_in_an_epoch),
		cmocka_unit_test(lbfgs_ends_where_it_finds_no_lower_point),
	};
	return cmocka_run_group_tests(tests, fill, NULL);
}
