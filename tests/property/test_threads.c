/* Any number of threads may compute with one network, each with a workspace of its own: they get the
 * bits that they get alone, and the network stays as it is. */
#include <pthread.h>
#include <stdlib.h>

#include "support/watchdog.h"
#include "task.h"

enum { THREADS = 16, ROUNDS = 6, BATCH = 300, OUTPUTS = 10 };

static int factor = 1;

static const int64_t widths[] = {64, 128, 96, OUTPUTS};

/* One thread's work. CMocka's assertions may not be used in it: it counts what goes wrong. */
struct worker {
	struct task task; /* data of its own, the network of all */
	mlp_workspace *ws, *inference;
	pthread_barrier_t *start;
	struct rows y, z, dx0, y_alone, z_alone, dx0_alone; /* y, z: training, inference */
	REAL *grad, *grad_alone;
	double value_alone;
	int failures, differences;
};

static int compute(struct worker *w, struct rows *y, struct rows *z, struct rows *dx0, REAL *grad,
		   double *value)
{
	const struct task *task = &w->task;
	int64_t batch = (int64_t)task->batch, ld_x = (int64_t)task->x.ld;
	int failures = 0;
	failures += FN(forward)(task->net, w->ws, task->x.data, ld_x, batch, y->data,
				(int64_t)y->ld) != MLP_OK;
	failures += FN(forward)(task->net, w->inference, task->x.data, ld_x, batch, z->data,
				(int64_t)z->ld) != MLP_OK;
	failures += FN(gradient)(task->net, w->ws, task->x.data, ld_x, task->target.data,
				 (int64_t)task->target.ld, task->weight, batch, task->loss,
				 task->parameter, task->reduction, 0, value, grad, dx0->data,
				 (int64_t)dx0->ld) != MLP_OK;
	return failures;
}

static bool same_rows(const struct rows *a, const struct rows *b)
{
	for (size_t n = 0; n < a->rows; n++)
		if (memcmp(a->data + n * a->ld, b->data + n * b->ld, a->width * sizeof(REAL)) != 0)
			return false;
	return true;
}

static void *work(void *argument)
{
	struct worker *w = argument;
	double value = 0;
	pthread_barrier_wait(w->start);
	for (int round = 0; round < ROUNDS * factor; round++) {
		w->failures += compute(w, &w->y, &w->z, &w->dx0, w->grad, &value);
		w->differences += !same_rows(&w->y, &w->y_alone);
		w->differences += !same_rows(&w->z, &w->z_alone);
		w->differences += !same_rows(&w->dx0, &w->dx0_alone);
		w->differences +=
			memcmp(w->grad, w->grad_alone, w->task.parameter_count * sizeof(REAL)) != 0;
		w->differences += memcmp(&value, &w->value_alone, sizeof(double)) != 0;
	}
	return NULL;
}

static void start_and_join(struct worker *workers, void *(*run)(void *))
{
	pthread_barrier_t start;
	pthread_t threads[THREADS];
	assert_int_equal(pthread_barrier_init(&start, NULL, THREADS), 0);
	for (int i = 0; i < THREADS; i++) {
		workers[i].start = &start;
		assert_int_equal(pthread_create(&threads[i], NULL, run, &workers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	pthread_barrier_destroy(&start);
}

/* A task for every worker, all with the network of the first; batches of different sizes. */
static void set_up(struct worker *workers, mlp_network *shared)
{
	for (int i = 0; i < THREADS; i++) {
		struct worker *w = &workers[i];
		*w = (struct worker){0};
		w->task = task_create(widths, 4, i == 0 ? 1 : BATCH - 18 * i, 1, (uint64_t)i);
		task_set_loss(&w->task, MLP_CROSS_ENTROPY, true);
		mlp_network_free(w->task.net);
		w->task.net = shared;
		w->y = rows_create(w->task.batch, OUTPUTS, 1);
		w->y_alone = rows_create(w->task.batch, OUTPUTS, 0);
		w->z = rows_create(w->task.batch, OUTPUTS, 1);
		w->z_alone = rows_create(w->task.batch, OUTPUTS, 0);
		w->dx0 = rows_create(w->task.batch, 64, 0);
		w->dx0_alone = rows_create(w->task.batch, 64, 2);
		w->grad = task_array(&w->task);
		w->grad_alone = task_array(&w->task);
	}
}

static void tear_down(struct worker *workers)
{
	for (int i = 0; i < THREADS; i++) {
		struct worker *w = &workers[i];
		w->task.net = NULL;
		task_free(&w->task);
		mlp_workspace_free(w->ws);
		mlp_workspace_free(w->inference);
		rows_free(&w->z);
		rows_free(&w->z_alone);
		rows_free(&w->y);
		rows_free(&w->y_alone);
		rows_free(&w->dx0);
		rows_free(&w->dx0_alone);
		free(w->grad);
		free(w->grad_alone);
	}
}

static void *make_workspace(void *argument)
{
	struct worker *w = argument;
	pthread_barrier_wait(w->start);
	w->failures += mlp_workspace_create(w->task.net, (int64_t)w->task.batch, MLP_TRAINING,
					    &w->ws) != MLP_OK;
	w->failures += mlp_workspace_create(w->task.net, (int64_t)w->task.batch, MLP_INFERENCE,
					    &w->inference) != MLP_OK;
	return NULL;
}

/* The first workspaces of the process are made side by side, too: they check the BLAS. */
static void threads_that_share_a_network_compute_what_they_compute_alone(void **state)
{
	(void)state;
	struct task model = task_create(widths, 4, 1, 0, 70);
	task_set_loss(&model, MLP_CROSS_ENTROPY, true);
	REAL *before = task_parameters(&model);
	static struct worker workers[THREADS];
	set_up(workers, model.net);
	start_and_join(workers, make_workspace);
	for (int i = 0; i < THREADS; i++) {
		struct worker *w = &workers[i];
		assert_int_equal(w->failures, 0);
		assert_int_equal(compute(w, &w->y_alone, &w->z_alone, &w->dx0_alone, w->grad_alone,
					 &w->value_alone),
				 0);
	}
	start_and_join(workers, work);
	for (int i = 0; i < THREADS; i++) {
		struct worker *w = &workers[i];
		assert_int_equal(w->failures, 0);
		assert_rows_near(&w->y, &w->y_alone);
		assert_rows_near(&w->dx0, &w->dx0_alone);
		assert_near(w->grad, w->grad_alone, w->task.parameter_count);
		assert_int_equal(w->differences, 0);
	}
	assert_same_bits(FN(network_const_parameters)(model.net), before, model.parameter_count);
	tear_down(workers);
	free(before);
	task_free(&model);
}

/* Each thread trains a clone of its own and makes the same parameters as alone. */
static void *train(void *argument)
{
	struct worker *w = argument;
	const struct task *task = &w->task;
	mlp_network *clone;
	pthread_barrier_wait(w->start);
	if (mlp_network_clone(task->net, &clone) != MLP_OK) {
		w->failures++;
		return NULL;
	}
	for (int step = 0; step < 5; step++)
		w->failures +=
			FN(train_step_class)(clone, w->ws, task->x.data, (int64_t)task->x.ld,
					     task->classes, task->weight, (int64_t)task->batch,
					     MLP_CROSS_ENTROPY, 0, MLP_MEAN, 0.2, NULL) != MLP_OK;
	w->failures += FN(network_get_parameters)(clone, w->grad, (int64_t)task->parameter_count) !=
		       MLP_OK;
	mlp_network_free(clone);
	return NULL;
}

static void threads_that_train_their_own_networks_do_not_interfere(void **state)
{
	(void)state;
	struct task model = task_create(widths, 4, 1, 0, 71);
	task_set_loss(&model, MLP_CROSS_ENTROPY, true);
	static struct worker workers[THREADS];
	set_up(workers, model.net);
	for (int i = 0; i < THREADS; i++) {
		struct worker *w = &workers[i];
		pthread_barrier_t alone;
		w->ws = task_workspace(&w->task, MLP_TRAINING);
		assert_int_equal(pthread_barrier_init(&alone, NULL, 1), 0);
		w->start = &alone;
		train(w);
		pthread_barrier_destroy(&alone);
		memcpy(w->grad_alone, w->grad, w->task.parameter_count * sizeof(REAL));
	}
	start_and_join(workers, train);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(workers[i].failures, 0);
		assert_near(workers[i].grad, workers[i].grad_alone,
			    workers[i].task.parameter_count);
		assert_same_bits(workers[i].grad, workers[i].grad_alone,
				 workers[i].task.parameter_count);
	}
	tear_down(workers);
	task_free(&model);
}

/* A failure in one thread leaves no line in another. */
static void *fail_in_its_own_way(void *argument)
{
	struct worker *w = argument;
	char expected[64];
	int64_t batch = -1 - (int64_t)w->task.batch;
	w->failures += strcmp(mlp_last_error(), "") != 0;
	pthread_barrier_wait(w->start);
	for (int round = 0; round < 1000; round++) {
		snprintf(expected, sizeof(expected), "batch is %d,", (int)(batch - round));
		w->failures +=
			FN(forward)(w->task.net, w->ws, w->task.x.data, (int64_t)w->task.x.ld,
				    batch - round, w->y.data, (int64_t)w->y.ld) != MLP_ERR_SIZE;
		w->failures += strncmp(mlp_last_error(), expected, strlen(expected)) != 0;
	}
	return NULL;
}

static void every_thread_has_its_own_last_error(void **state)
{
	(void)state;
	struct task model = task_create(widths, 4, 1, 0, 72);
	static struct worker workers[THREADS];
	set_up(workers, model.net);
	for (int i = 0; i < THREADS; i++)
		workers[i].ws = task_workspace(&workers[i].task, MLP_TRAINING);
	start_and_join(workers, fail_in_its_own_way);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(workers[i].failures, 0);
	tear_down(workers);
	task_free(&model);
}

static int all_tests(void *context)
{
	(void)context;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_that_share_a_network_compute_what_they_compute_alone),
		cmocka_unit_test(threads_that_train_their_own_networks_do_not_interfere),
		cmocka_unit_test(every_thread_has_its_own_last_error),
	};
	return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	factor = watchdog_factor(argc, argv);
	return watchdog_run(280.0 * factor, all_tests, NULL);
}
