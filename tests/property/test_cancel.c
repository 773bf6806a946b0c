/* A thread that is cancelled inside a call finishes the call and goes at a cancellation point of its own: no lock
 * stays held, nothing is left half done, and another thread may go on with the objects. Functions of the host's that
 * a call calls are no cancellation points either, whatever they do. */
#include "support/cancelled.h"
#include "support/host.h"
#include "support/watchdog.h"

static int factor = 1;
static struct lesson lesson;
static char folder[] = "cancel.XXXXXX", path[64];

/* ---- computing ------------------------------------------------------------------------------ */

struct class
{
	mlp_network *net;
	mlp_workspace *ws;
	mlp_pool *pool;
};

static mlp_status train(void *context)
{
	const struct class *class = context;
	return lesson_step(&lesson, class->net, class->ws);
}

/* As many steps by victims as make the parameters that are known, on the same objects. */
static void check_steps(mlp_pool *pool)
{
	enum { STEPS = 20 };
	static float expected[LESSON_PARAMETERS], parameters[LESSON_PARAMETERS];
	struct class class = {.pool = pool};
	assert_ok(lesson_take(&lesson, NULL, STEPS * factor, expected));
	assert_ok(lesson_network(&class.net));
	assert_ok(lesson_workspace(&lesson, class.net, pool, &class.ws));
	for (int i = 0; i < STEPS * factor; i++)
		assert_call_is_finished(train, &class);
	assert_ok(mlp_network_get_parameters_f32(class.net, parameters, LESSON_PARAMETERS));
	assert_memory_equal(parameters, expected, sizeof(expected));
	mlp_workspace_free(class.ws);
	mlp_network_free(class.net);
}

static void a_step_is_finished(void **state)
{
	(void)state;
	check_steps(NULL);
}

/* With more workers than there are processors the caller sleeps for them at once: a cancellation point. */
static void a_step_on_a_pool_is_finished_and_the_pool_goes_on(void **state)
{
	(void)state;
	for (int64_t workers = 2; workers <= 8; workers += 3) {
		mlp_pool *pool;
		assert_ok(mlp_pool_create(workers, &pool));
		check_steps(pool);
		mlp_pool_free(pool);
	}
}

static void host_with_a_cancellation_point(void *context, int64_t count, mlp_job job,
					   void *job_data)
{
	pthread_testcancel();
	host_threads(context, count, job, job_data);
	pthread_testcancel();
}

static void a_step_on_the_hosts_threads_is_finished(void **state)
{
	(void)state;
	mlp_pool *pool;
	assert_ok(mlp_pool_create_from(3, host_with_a_cancellation_point, NULL, &pool));
	check_steps(pool);
	mlp_pool_free(pool);
}

static mlp_status make_use_and_free_a_pool(void *context)
{
	mlp_pool *pool;
	mlp_status status = mlp_pool_create(4, &pool);
	if (status == MLP_OK)
		status = lesson_take(&lesson, pool, 2, context);
	mlp_pool_free(pool);
	return status;
}

static void pools_and_networks_of_a_cancelled_thread_are_made_and_freed(void **state)
{
	(void)state;
	static float parameters[LESSON_PARAMETERS];
	for (int i = 0; i < 30 * factor; i++)
		assert_call_is_finished(make_use_and_free_a_pool, parameters);
}

/* ---- with the host's functions -------------------------------------------------------------- */

struct live {
	mlp_live *live;
	mlp_network *net;
};

static mlp_status publish(void *context)
{
	const struct live *it = context;
	const mlp_network *held = mlp_live_acquire(it->live); /* so that one more is allocated */
	mlp_status status = mlp_live_publish(it->live, it->net);
	if (status == MLP_OK)
		status = mlp_live_publish(it->live, it->net);
	mlp_live_release(it->live, held);
	return status;
}

static void a_network_is_published_and_others_may_publish(void **state)
{
	(void)state;
	struct live it = {.net = make_network()};
	assert_ok(mlp_live_create(it.net, &it.live));
	for (int i = 0; i < 20; i++) {
		assert_call_is_finished(publish, &it);
		assert_ok(publish(&it));
	}
	assert_true(mlp_live_version(it.live) == 81);
	mlp_live_free(it.live);
	mlp_network_free(it.net);
}

static int progress(void *context, const mlp_trainer *trainer, mlp_event event)
{
	(void)trainer;
	(void)event;
	++*(int *)context;
	pthread_testcancel(); /* as printf is */
	return 0;
}

static mlp_status run(void *trainer)
{
	return mlp_trainer_run(trainer);
}

static int64_t source(void *context, int64_t epoch, int64_t first, int64_t most, float *x,
		      int64_t *target, float *weight)
{
	(void)context;
	(void)epoch;
	(void)weight;
	pthread_testcancel();
	if (first >= LESSON_BATCH)
		return 0;
	int64_t count = LESSON_BATCH - first < most ? LESSON_BATCH - first : most;
	memcpy(x, lesson.x[first], (size_t)count * sizeof(lesson.x[0]));
	memcpy(target, &lesson.classes[first], (size_t)count * sizeof(*target));
	return count;
}

static void training_is_finished_and_may_go_on(void **state)
{
	(void)state;
	mlp_network *net = make_network();
	mlp_trainer *trainer;
	mlp_pool *pool;
	int events = 0;
	assert_ok(mlp_pool_create(3, &pool));
	assert_ok(mlp_trainer_create(net, MLP_SGD, &trainer));
	assert_ok(mlp_trainer_set_source_class_f32(trainer, source, NULL, LESSON_BATCH));
	assert_ok(mlp_trainer_set_loss(trainer, MLP_CROSS_ENTROPY, 0));
	assert_ok(mlp_trainer_set_pool(trainer, pool));
	assert_ok(mlp_trainer_set_progress(trainer, progress, &events));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_BATCH, 32));
	assert_ok(mlp_trainer_set_checkpoint(trainer, path, 1));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 3));
	assert_call_is_finished(run, trainer);
	assert_int_equal(mlp_trainer_epochs_done(trainer), 3);
	assert_int_equal(events, 3 * (LESSON_BATCH / 32 + 1));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 4));
	assert_ok(mlp_trainer_run(trainer)); /* it is not taken for one that runs */
	assert_int_equal(mlp_trainer_epochs_done(trainer), 4);
	mlp_trainer_free(trainer);
	mlp_network_free(net);
	mlp_pool_free(pool);
	assert_int_equal(unlink(path), 0);
}

static mlp_status objective(void *context, const mlp_network *net, double *value, float *grad)
{
	pthread_testcancel();
	return mlp_gradient_class_f32(net, context, lesson.x[0], LESSON_IN, lesson.classes, NULL,
				      LESSON_BATCH, MLP_CROSS_ENTROPY, 0, MLP_MEAN, 0, value, grad,
				      NULL, 0);
}

struct descent {
	mlp_optimizer *optimizer;
	mlp_network *net;
	mlp_workspace *ws;
};

static mlp_status minimize(void *context)
{
	const struct descent *it = context;
	return mlp_optimizer_minimize_f32(it->optimizer, it->net, NULL, objective, it->ws, NULL);
}

static void an_iteration_on_an_objective_is_finished(void **state)
{
	(void)state;
	const mlp_optimizer_kind kinds[] = {MLP_LBFGS, MLP_ADAM};
	for (size_t i = 0; i < 2; i++) {
		struct descent it = {.net = make_network()};
		assert_ok(mlp_workspace_create(it.net, LESSON_BATCH, MLP_TRAINING, &it.ws));
		assert_ok(mlp_optimizer_create(it.net, kinds[i], &it.optimizer));
		assert_call_is_finished(minimize, &it);
		assert_ok(minimize(&it)); /* it is not taken for one that is busy */
		mlp_optimizer_free(it.optimizer);
		mlp_workspace_free(it.ws);
		mlp_network_free(it.net);
	}
}

/* ---- from outside, at any moment ------------------------------------------------------------ */

enum { MOST_STEPS = 100 };

struct endless {
	struct class class;
	volatile int steps, failures;
};

static void *train_until_cancelled(void *argument)
{
	struct endless *it = argument;
	for (;;) {
		if (it->steps < MOST_STEPS) {
			it->failures += train(&it->class) != MLP_OK;
			it->steps++;
			pthread_testcancel();
		} else {
			pause();
		}
	}
	return NULL;
}

static void cancelled_at_any_moment_a_thread_leaves_whole_steps(void **state)
{
	(void)state;
	static float expected[LESSON_PARAMETERS], parameters[LESSON_PARAMETERS];
	for (int i = 0; i < 20 * factor; i++) {
		struct endless it = {.steps = 0};
		pthread_t thread;
		assert_ok(mlp_pool_create(1 + i % 5, &it.class.pool));
		assert_ok(lesson_network(&it.class.net));
		assert_ok(lesson_workspace(&lesson, it.class.net, it.class.pool, &it.class.ws));
		assert_int_equal(pthread_create(&thread, NULL, train_until_cancelled, &it), 0);
		usleep((useconds_t)(i % 20) * 400);
		assert_int_equal(pthread_cancel(thread), 0);
		assert_int_equal(pthread_join(thread, NULL), 0);
		assert_int_equal(it.failures, 0);
		assert_ok(train(&it.class));
		assert_ok(mlp_network_get_parameters_f32(it.class.net, parameters,
							 LESSON_PARAMETERS));
		assert_ok(lesson_take(&lesson, NULL, it.steps + 1, expected));
		assert_memory_equal(parameters, expected, sizeof(expected));
		mlp_workspace_free(it.class.ws);
		mlp_network_free(it.class.net);
		mlp_pool_free(it.class.pool);
	}
}

static mlp_status does_nothing(void *context)
{
	(void)context;
	return MLP_OK;
}

/* That the tests above can tell: a call which is a cancellation point is not finished. */
static mlp_status is_a_cancellation_point(void *context)
{
	pthread_testcancel();
	return does_nothing(context);
}

static void a_call_that_is_a_cancellation_point_would_be_noticed(void **state)
{
	(void)state;
	struct victim victim = {.call = is_a_cancellation_point};
	pthread_t thread;
	assert_call_is_finished(does_nothing, NULL);
	assert_int_equal(pthread_create(&thread, NULL, is_cancelled, &victim), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_false(victim.finished);
}

static int begin(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/file", folder);
	lesson_fill(&lesson, 0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	return rmdir(folder);
}

static int all_tests(void *context)
{
	(void)context;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_that_is_a_cancellation_point_would_be_noticed),
		cmocka_unit_test(a_step_is_finished),
		cmocka_unit_test(a_step_on_a_pool_is_finished_and_the_pool_goes_on),
		cmocka_unit_test(a_step_on_the_hosts_threads_is_finished),
		cmocka_unit_test(pools_and_networks_of_a_cancelled_thread_are_made_and_freed),
		cmocka_unit_test(a_network_is_published_and_others_may_publish),
		cmocka_unit_test(training_is_finished_and_may_go_on),
		cmocka_unit_test(an_iteration_on_an_objective_is_finished),
		cmocka_unit_test(cancelled_at_any_moment_a_thread_leaves_whole_steps),
	};
	return cmocka_run_group_tests_name("cancel", tests, begin, end);
}

int main(int argc, char **argv)
{
	factor = watchdog_factor(argc, argv);
	return watchdog_run(280.0 * factor, all_tests, NULL);
}
