/* Many training steps of a small network by every optimizer, fused and not: both ways keep the same bits to the
 * end, the loss stays finite, and memory stays the same.
 * usage: test_endurance_steps_f32 [STEPS] (of each optimizer, and each way) */
#include <math.h>

#include "held.h"
#include "property/optimizers.h"

enum { BATCH = 8, BATCHES = 13, OFTEN = 10000 };

static long steps;

/* A network, what trains it, and the step both ways. */
struct way {
	struct task task;
	mlp_optimizer *optimizer;
	mlp_workspace *ws;
	REAL *grad; /* NULL: fused */
};

static struct way begin_way(const struct choice *choice, bool fused)
{
	const int64_t widths[] = {8, 16, 4};
	struct way way = {.task = task_create(widths, 3, (int64_t)BATCH * BATCHES, 0, 5)};
	way.optimizer = choose(way.task.net, choice);
	assert_ok(mlp_workspace_create(way.task.net, BATCH, MLP_TRAINING, &way.ws));
	way.grad = fused ? NULL : task_array(&way.task);
	return way;
}

static void end_way(struct way *way)
{
	free(way->grad);
	mlp_workspace_free(way->ws);
	mlp_optimizer_free(way->optimizer);
	task_free(&way->task);
}

/* The i-th step: the batches in turn. Returns the loss. */
static double step(struct way *way, long i)
{
	const struct task *task = &way->task;
	const size_t first = (size_t)(i % BATCHES) * BATCH;
	const REAL *x = task->x.data + first * task->x.ld;
	const REAL *target = task->target.data + first * task->target.ld;
	const int64_t ld_x = (int64_t)task->x.ld, ld_target = (int64_t)task->target.ld;
	double value;
	if (way->grad == NULL) {
		assert_ok(FN(optimizer_step)(way->optimizer, task->net, way->ws, x, ld_x, target,
					     ld_target, NULL, BATCH, MLP_SQUARED_ERROR, 0, MLP_MEAN,
					     &value));
		return value;
	}
	assert_ok(FN(gradient)(task->net, way->ws, x, ld_x, target, ld_target, NULL, BATCH,
			       MLP_SQUARED_ERROR, 0, MLP_MEAN, 0, &value, way->grad, NULL, 0));
	assert_ok(FN(optimizer_update)(way->optimizer, task->net, way->ws, way->grad));
	return value;
}

static void fused_and_unfused_steps_stay_the_same_to_the_last_bit_and_keep_no_memory(void **state)
{
	(void)state;
	struct way ways[2];
	for (size_t c = 0; c < CHOICES; c++) {
		for (int w = 0; w < 2; w++)
			ways[w] = begin_way(&choices[c], w == 0);
		double loss = 0;
		struct held before = {0};
		for (long i = 0; i < steps; i++) {
			loss = step(&ways[0], i);
			double other = step(&ways[1], i);
			if (!isfinite(loss) || loss != other)
				fail_msg("%s: step %ld: loss %g, unfused %g", choices[c].name, i,
					 loss, other);
			if (i % 1000 == 0)
				check_same_state(choices[c].name, ways[0].task.net,
						 ways[0].optimizer, ways[1].task.net,
						 ways[1].optimizer);
			if (i == BATCHES) /* all has been done that is done from now on */
				before = what_is_held();
		}
		check_same_state(choices[c].name, ways[0].task.net, ways[0].optimizer,
				 ways[1].task.net, ways[1].optimizer);
		printf("%s: %ld steps, loss %.6g\n", choices[c].name, steps, loss);
		check_same(choices[c].name, &before);
		for (int w = 0; w < 2; w++)
			end_way(&ways[w]);
	}
}

/* The trainer makes the same steps, epoch after epoch: what it keeps for each epoch is all that grows. */
static void a_trainer_of_many_epochs_keeps_a_line_for_each(void **state)
{
	(void)state;
	enum { BYTES_AN_EPOCH = 1024 };
	const int64_t widths[] = {8, 16, 4};
	const long epochs = steps / BATCHES;
	struct task task = task_create(widths, 3, (int64_t)BATCH * BATCHES, 0, 5);
	mlp_trainer *trainer;
	assert_ok(mlp_trainer_create(task.net, MLP_ADAM, &trainer));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, (double)epochs));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_BATCH, BATCH));
	assert_ok(FN(trainer_set_data)(trainer, task.x.data, (int64_t)task.x.ld, task.target.data,
				       (int64_t)task.target.ld, NULL, (int64_t)task.batch));
	struct held before = what_is_held();
	assert_ok(mlp_trainer_run(trainer));
	struct held after = what_is_held();
	assert_int_equal(mlp_trainer_epochs_done(trainer), epochs);
	assert_true(isfinite(mlp_trainer_batch_loss(trainer)));
	printf("trainer: %ld epochs of %d batches, heap %zu -> %zu bytes\n", epochs, BATCHES,
	       before.heap, after.heap);
	assert_true(after.heap <= before.heap + (size_t)epochs * BYTES_AN_EPOCH + (1 << 20));
	assert_int_equal(after.descriptors, before.descriptors);
	mlp_trainer_free(trainer);
	task_free(&task);
}

int main(int count, char **words)
{
	steps = how_often(count, words, OFTEN);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			fused_and_unfused_steps_stay_the_same_to_the_last_bit_and_keep_no_memory),
		cmocka_unit_test(a_trainer_of_many_epochs_keeps_a_line_for_each),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
