/* What is changed between two runs counts in the second: L-BFGS has another objective, epochs another measure. */
#include "property/training.h"

static struct problem problem, another;

/* Loss of the network on all rows, as the trainer measures it. */
static double loss_on(const mlp_network *net, const struct problem *on)
{
	const mlp_metric metric = MLP_METRIC_LOSS;
	mlp_workspace *ws;
	double value;
	assert_ok(mlp_workspace_create(net, 64, MLP_INFERENCE, &ws));
	assert_ok(FN(measure)(net, ws, on->x, LD_X, on->target, LD_T, NULL, ROWS, MLP_SQUARED_ERROR,
			      0, &metric, 1, &value));
	mlp_workspace_free(ws);
	return value;
}

/* ---- L-BFGS --------------------------------------------------------------------------------- */

enum change { DATA, IN_PLACE, LOSS, CLASS_WEIGHTS, SCALING, FRACTION, PENALTY, CHANGES };

static void change(mlp_trainer *trainer, mlp_network *net, enum change what)
{
	const double shift[] = {1, -1, 1, 0}, scale[] = {1, 2, 3, 4}, weights[] = {1, 9, 0.2};
	if (what == DATA)
		give_rows(&another, trainer, false, false, ROWS);
	if (what == IN_PLACE)
		problem = another;
	if (what == LOSS)
		assert_ok(mlp_trainer_set_loss(trainer, MLP_HUBER, 0.01));
	if (what == CLASS_WEIGHTS)
		assert_ok(mlp_trainer_set_class_weights(trainer, weights, OUT));
	if (what == SCALING)
		assert_ok(mlp_network_set_input_scaling(net, shift, scale));
	if (what == FRACTION)
		trainer_set(trainer, MLP_TRAINER_VALIDATION_FRACTION, 0.5);
	if (what == PENALTY)
		assert_ok(mlp_optimizer_set(mlp_trainer_optimizer(trainer), MLP_HYPER_L2, 0));
}

static void lbfgs_sees_that_its_objective_is_another(void **state)
{
	(void)state;
	for (int what = 0; what < CHANGES; what++) {
		problem_fill(&problem, 12);
		mlp_network *net = network_make(MLP_IDENTITY, 4);
		mlp_trainer *trainer = trainer_make(net, MLP_LBFGS, 0);
		give_rows(&problem, trainer, false, false, ROWS);
		if (what == CLASS_WEIGHTS)
			assert_ok(FN(trainer_set_data_class)(trainer, problem.x, LD_X,
							     problem.classes, NULL, ROWS));
		/* so that it converges soon */
		assert_ok(mlp_optimizer_set(mlp_trainer_optimizer(trainer), MLP_HYPER_L2, 0.03));
		trainer_set(trainer, MLP_TRAINER_EPOCHS, 4000);
		assert_ok(mlp_trainer_run(trainer));
		assert_int_equal(mlp_trainer_outcome(trainer), MLP_OUTCOME_EARLY);
		const int64_t before = mlp_trainer_epochs_done(trainer);
		const double loss = mlp_trainer_batch_loss(trainer);
		assert_ok(mlp_trainer_run(trainer)); /* nothing was changed */
		assert_int_equal(mlp_trainer_epochs_done(trainer), before);
		change(trainer, net, (enum change)what);
		trainer_set(trainer, MLP_TRAINER_EPOCHS, (double)before + 5);
		const double expected =
			what == DATA || what == IN_PLACE ? loss_on(net, &another) : (double)NAN;
		assert_ok(mlp_trainer_run(trainer));
		assert_int_equal(mlp_trainer_epochs_done(trainer), before + 5);
		double first = mlp_trainer_history(trainer, MLP_SPLIT_TRAINING, MLP_METRIC_LOSS,
						   before + 1);
		double last = mlp_trainer_history(trainer, MLP_SPLIT_TRAINING, MLP_METRIC_LOSS,
						  before + 5);
		assert_true((what == PENALTY || first != loss) && last != first);
		assert_false(fabs(first - expected) > 1e-5 * expected);
		mlp_trainer_free(trainer);
		mlp_network_free(net);
	}
}

static void lbfgs_that_has_not_converged_sees_it_too(void **state)
{
	(void)state;
	problem_fill(&problem, 12);
	mlp_network *net = network_make(MLP_IDENTITY, 4);
	mlp_trainer *trainer = trainer_make(net, MLP_LBFGS, 0);
	give_rows(&problem, trainer, false, false, ROWS);
	trainer_set(trainer, MLP_TRAINER_EPOCHS, 50);
	assert_ok(mlp_trainer_run(trainer));
	assert_int_equal(mlp_trainer_outcome(trainer), MLP_OUTCOME_EPOCHS);
	give_rows(&another, trainer, false, false, ROWS);
	const double expected = loss_on(net, &another);
	trainer_set(trainer, MLP_TRAINER_EPOCHS, 51);
	assert_ok(mlp_trainer_run(trainer));
	assert_true(fabs(mlp_trainer_batch_loss(trainer) - expected) <= 1e-5 * expected);
	mlp_trainer_free(trainer);
	mlp_network_free(net);
}

/* ---- the best epoch ------------------------------------------------------------------------- */

static void give_validation(mlp_trainer *trainer, const struct problem *from, int64_t rows)
{
	const size_t at = ROWS;
	assert_ok(FN(trainer_set_validation)(trainer, &from->x[at * LD_X], LD_X,
					     &from->target[at * LD_T], LD_T, NULL, rows));
}

/* A trainer that has run three epochs, whose best is the third; a plateau that has observed them. */
static mlp_trainer *run_three(mlp_network *net)
{
	mlp_rate_schedule *plateau;
	mlp_trainer *trainer = trainer_make(net, MLP_ADAM, 0.001);
	assert_ok(mlp_rate_schedule_create(MLP_RATE_PLATEAU, &plateau));
	assert_ok(mlp_trainer_set_schedule(trainer, plateau));
	mlp_rate_schedule_free(plateau);
	give_rows(&problem, trainer, false, false, ROWS);
	give_validation(trainer, &problem, HELD);
	trainer_set(trainer, MLP_TRAINER_EPOCHS, 3);
	assert_ok(mlp_trainer_run(trainer));
	assert_int_equal(mlp_trainer_best_epoch(trainer), 3);
	return trainer;
}

enum measure { SAME, MONITOR, OTHER_LOSS, ROWS_LESS, ROWS_IN_PLACE, SPLIT, MEASURES };

static void measure_by(mlp_trainer *trainer, enum measure what)
{
	give_validation(trainer, &problem, HELD); /* the same again is no change */
	if (what == MONITOR)
		assert_ok(mlp_trainer_set_monitor(trainer, MLP_METRIC_R2));
	if (what == OTHER_LOSS)
		assert_ok(mlp_trainer_set_loss(trainer, MLP_HUBER, 0.25));
	if (what == ROWS_LESS)
		give_validation(trainer, &problem, HELD - 1);
	if (what == ROWS_IN_PLACE)
		problem.target[(ROWS + 7) * LD_T] += 100;
	if (what == SPLIT) {
		assert_ok(FN(trainer_set_validation)(trainer, NULL, 0, NULL, 0, NULL, 0));
		trainer_set(trainer, MLP_TRAINER_VALIDATION_FRACTION, 0.25);
	}
}

static void epochs_measured_otherwise_are_not_compared(void **state)
{
	(void)state;
	for (int what = 0; what < MEASURES; what++) {
		problem_fill(&problem, 12);
		mlp_network *net = network_make(MLP_IDENTITY, 4);
		mlp_trainer *trainer = run_three(net);
		mlp_optimizer *optimizer = mlp_trainer_optimizer(trainer);
		const double best = mlp_rate_schedule_state(mlp_trainer_schedule(trainer), 1);
		measure_by(trainer, (enum measure)what);
		trainer_set(trainer, MLP_TRAINER_EPOCHS, 4);
		trainer_set(trainer, MLP_TRAINER_MIN_DELTA, 1e6); /* none is an improvement */
		assert_ok(mlp_optimizer_set(optimizer, MLP_HYPER_ETA, 0));
		assert_ok(mlp_trainer_run(trainer));
		double now = mlp_rate_schedule_state(mlp_trainer_schedule(trainer), 1);
		assert_int_equal(mlp_trainer_best_epoch(trainer), what == SAME ? 3 : 4);
		assert_true((now == best) == (what == SAME));
		trainer_set(trainer, MLP_TRAINER_EPOCHS, 5);
		assert_ok(mlp_trainer_run(trainer));
		assert_int_equal(mlp_trainer_best_epoch(trainer), what == SAME ? 3 : 4);
		mlp_trainer_free(trainer);
		mlp_network_free(net);
	}
}

static void patience_begins_anew_with_another_measure(void **state)
{
	(void)state;
	for (int what = 0; what < MEASURES; what++) {
		problem_fill(&problem, 12);
		mlp_network *net = network_make(MLP_IDENTITY, 4);
		mlp_trainer *trainer = run_three(net);
		assert_ok(mlp_optimizer_set(mlp_trainer_optimizer(trainer), MLP_HYPER_ETA, 0));
		trainer_set(trainer, MLP_TRAINER_PATIENCE, 2);
		trainer_set(trainer, MLP_TRAINER_EPOCHS, 50);
		assert_ok(mlp_trainer_run(trainer));
		assert_int_equal(mlp_trainer_outcome(trainer), MLP_OUTCOME_EARLY);
		assert_int_equal(mlp_trainer_epochs_done(trainer), 5);
		measure_by(trainer, (enum measure)what);
		assert_ok(mlp_trainer_run(trainer));
		/* the first is the best for now, and two more are not better */
		assert_int_equal(mlp_trainer_epochs_done(trainer), what == SAME ? 5 : 8);
		mlp_trainer_free(trainer);
		mlp_network_free(net);
	}
}

static int begin(void **state)
{
	(void)state;
	problem_fill(&another, 99);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lbfgs_sees_that_its_objective_is_another),
		cmocka_unit_test(lbfgs_that_has_not_converged_sees_it_too),
		cmocka_unit_test(epochs_measured_otherwise_are_not_compared),
		cmocka_unit_test(patience_begins_anew_with_another_measure),
	};
	return cmocka_run_group_tests(tests, begin, NULL);
}
