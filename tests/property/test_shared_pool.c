/* One pool for several workspaces, one after the other and from several threads at once: each gets the bits
 * that it would get alone. */
#include <pthread.h>
#include <stdlib.h>

#include "nets.h"
#include "outcome.h"
#include "settings.h"

enum { THREADS = 4, STEPS = 40 };

/* What a thread works on; it may not use CMocka's assertions. */
struct trainee {
	struct task task;
	mlp_workspace *ws, *inference;
	mlp_status status;
	pthread_t thread;
	struct rows y;
};

static mlp_status train(struct trainee *self)
{
	const struct task *task = &self->task;
	int64_t batch = (int64_t)task->batch;
	mlp_status status = MLP_OK;
	for (int step = 0; step < STEPS && status == MLP_OK; step++)
		status = FN(train_step)(task->net, self->ws, task->x.data, (int64_t)task->x.ld,
					task->target.data, (int64_t)task->target.ld, NULL, batch,
					task->loss, task->parameter, MLP_MEAN, 0.05, NULL);
	if (status == MLP_OK)
		status = FN(forward)(task->net, self->inference, task->x.data, (int64_t)task->x.ld,
				     batch, self->y.data, (int64_t)self->y.ld);
	return status;
}

static void *run(void *argument)
{
	struct trainee *self = argument;
	self->status = train(self);
	return NULL;
}

/* Every thread another network, another batch and another way to compute. */
static struct trainee trainee_create(size_t i, mlp_pool *pool)
{
	const size_t of[THREADS] = {MEDIUM, WIDE, ODD, MEDIUM};
	const int64_t rows[THREADS] = {257, 64, 100, 65};
	struct trainee made = {.task = net_task(of[i], rows[i], i)};
	made.ws = task_workspace(&made.task, MLP_TRAINING);
	made.inference = task_workspace(&made.task, MLP_INFERENCE);
	setting_apply(made.ws, (struct setting){0, 1 + (int64_t)i % 2, 0});
	setting_apply(made.inference, (struct setting){0, 1 + (int64_t)i / 2, 0});
	assert_ok(mlp_workspace_set_pool(made.ws, pool));
	assert_ok(mlp_workspace_set_pool(made.inference, pool));
	made.y = rows_create(made.task.batch, made.task.dl.width, 1);
	return made;
}

static void trainee_free(struct trainee *self)
{
	mlp_workspace_free(self->ws);
	mlp_workspace_free(self->inference);
	rows_free(&self->y);
	task_free(&self->task);
}

static void check(mlp_pool *pool)
{
	struct trainee alone[THREADS], together[THREADS];
	for (size_t i = 0; i < THREADS; i++) {
		alone[i] = trainee_create(i, NULL);
		together[i] = trainee_create(i, pool);
		assert_ok(train(&alone[i]));
	}
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&together[i].thread, NULL, run, &together[i]), 0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(together[i].thread, NULL), 0);
	for (size_t i = 0; i < THREADS; i++) {
		assert_int_equal(together[i].status, MLP_OK);
		assert_rows_same(&together[i].y, &alone[i].y);
		assert_same_bits(FN(network_const_parameters)(together[i].task.net),
				 FN(network_const_parameters)(alone[i].task.net),
				 alone[i].task.parameter_count);
		trainee_free(&alone[i]);
		trainee_free(&together[i]);
	}
}

static void threads_take_turns_on_a_pool(void **state)
{
	(void)state;
	for (int64_t workers = 2; workers <= 3; workers++) {
		mlp_pool *pool;
		assert_ok(mlp_pool_create(workers, &pool));
		check(pool);
		mlp_pool_free(pool);
	}
}

static void threads_go_side_by_side_on_a_host(void **state)
{
	(void)state;
	mlp_pool *pool;
	assert_ok(mlp_pool_create_from(3, host_serial, NULL, &pool));
	check(pool);
	mlp_pool_free(pool);
	assert_ok(mlp_pool_create_from(2, host_threads, NULL, &pool));
	check(pool);
	mlp_pool_free(pool);
}

static void workspaces_use_a_pool_in_turn(void **state)
{
	(void)state;
	mlp_pool *pool;
	assert_ok(mlp_pool_create(3, &pool));
	struct trainee alone[THREADS], shared[THREADS];
	for (size_t i = 0; i < THREADS; i++) {
		alone[i] = trainee_create(i, NULL);
		shared[i] = trainee_create(i, pool);
	}
	for (int step = 0; step < 5; step++)
		for (size_t i = 0; i < THREADS; i++)
			assert_true(task_step(&shared[i].task, shared[i].ws, 0.05) ==
				    task_step(&alone[i].task, alone[i].ws, 0.05));
	for (size_t i = 0; i < THREADS; i++) {
		trainee_free(&alone[i]);
		trainee_free(&shared[i]);
	}
	mlp_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_take_turns_on_a_pool),
		cmocka_unit_test(threads_go_side_by_side_on_a_host),
		cmocka_unit_test(workspaces_use_a_pool_in_turn),
	};
	return cmocka_run_group_tests_name("shared_pool", tests, NULL, NULL);
}
