/* A fused training step has the same bits as a gradient and an update, with any number of workers, in every
 * way to compute. */
#include <stdlib.h>

#include "nets.h"
#include "optimizers.h"
#include "settings.h"

enum { STEPS = 3 };

#if defined(__SANITIZE_THREAD__)
enum { CREWS_ALONE = 1 }; /* where there is one thread there is no race */
#else
enum { CREWS_ALONE = 0 };
#endif

static mlp_pool *pools[CREWS];

static int make_crews(void **state)
{
	(void)state;
	crews_create(pools);
	return 0;
}

static int free_crews(void **state)
{
	(void)state;
	crews_free(pools);
	return 0;
}

struct run {
	struct task task; /* with a network of its own */
	mlp_optimizer *optimizer;
};

static struct run begin(const struct task *task, const struct choice *choice)
{
	struct run run = {*task, choose(task->net, choice)};
	assert_ok(mlp_network_clone(task->net, &run.task.net));
	return run;
}

static void end(struct run *run)
{
	mlp_optimizer_free(run->optimizer);
	mlp_network_free(run->task.net);
}

static struct run run_fused(const struct task *task, const struct choice *choice, mlp_workspace *ws)
{
	struct run run = begin(task, choice);
	for (int i = 0; i < STEPS; i++)
		optimizer_step(&run.task, run.optimizer, ws);
	return run;
}

static struct run run_apart(const struct task *task, const struct choice *choice, mlp_workspace *ws,
			    mlp_workspace *updates)
{
	struct run run = begin(task, choice);
	REAL *grad = task_array(task);
	for (int i = 0; i < STEPS; i++) {
		task_gradient(&run.task, ws, grad, NULL);
		assert_ok(FN(optimizer_update)(run.optimizer, run.task.net, updates, grad));
	}
	free(grad);
	return run;
}

static void check_same(const struct choice *choice, struct run *a, struct run *b)
{
	check_same_state(choice->name, a->task.net, a->optimizer, b->task.net, b->optimizer);
	end(b);
}

static void check_choice(const struct task *task, const struct choice *choice,
			 struct setting setting, bool has_crews)
{
	if (CREWS_ALONE && !has_crews)
		return;
	mlp_workspace *ws = task_workspace(task, MLP_TRAINING);
	setting_apply(ws, setting);
	struct run fused = run_fused(task, choice, ws);
	for (size_t i = 0; i < CREWS && has_crews; i++) {
		assert_ok(mlp_workspace_set_pool(ws, pools[i]));
		struct run other = run_fused(task, choice, ws);
		check_same(choice, &fused, &other);
		if (i % 4 != 2)
			continue;
		other = run_apart(task, choice, ws, ws);
		if (setting.products != MLP_PRODUCTS_WHOLE)
			check_same(choice, &fused, &other);
		else
			end(&other);
	}
	assert_ok(mlp_workspace_set_pool(ws, NULL));
	struct run apart = run_apart(task, choice, ws, setting.instructions == 0 ? NULL : ws);
	if (setting.products != MLP_PRODUCTS_WHOLE) {
		check_same(choice, &fused, &apart);
	} else if (choice->kind != MLP_IRPROP_MINUS) { /* where rounding may turn a sign */
		assert_near(FN(network_const_parameters)(fused.task.net),
			    FN(network_const_parameters)(apart.task.net), task->parameter_count);
		end(&apart);
	} else {
		end(&apart);
	}
	end(&fused);
	mlp_workspace_free(ws);
}

static void check_net(size_t net, size_t step)
{
	for (size_t k = net % step; k < BATCHES; k += step) {
		struct task task = net_task(net, batches[k], k + net);
		struct setting settings[MOST_SETTINGS];
		mlp_workspace *ws = task_workspace(&task, MLP_INFERENCE);
		size_t count = settings_list(ws, settings);
		mlp_workspace_free(ws);
		for (size_t i = 0; i < CHOICES; i++)
			check_choice(&task, &choices[i], settings[(i + k) % count],
				     (i + k) % 8 == 0);
		for (size_t i = 0; i < count; i++)
			check_choice(&task, &choices[(i + k) % CHOICES], settings[i], false);
		task_free(&task);
	}
}

static void fused_and_apart_are_the_same_in_a_tiny_net(void **state)
{
	(void)state;
	check_net(TINY, 3);
}

static void fused_and_apart_are_the_same_in_a_medium_net(void **state)
{
	(void)state;
	check_net(MEDIUM, 5);
}

static void fused_and_apart_are_the_same_with_layers_of_one_unit(void **state)
{
	(void)state;
	check_net(NARROW, 3);
}

static void fused_and_apart_are_the_same_with_odd_widths(void **state)
{
	(void)state;
	check_net(ODD, 5);
}

static void fused_and_apart_are_the_same_in_a_wide_net(void **state)
{
	(void)state;
	check_net(WIDE, 6);
}

/* Tiles of few samples are larger than a worker's scratch, and are cut. */
static void fused_and_apart_are_the_same_where_tiles_are_cut(void **state)
{
	(void)state;
	const int64_t shapes[][3] = {{700, 190, 3}, {9000, 5, 2}, {3, 9000, 1}};
	for (size_t i = 0; i < 3; i++)
		for (int64_t batch = 1; batch <= 3; batch++) {
			struct task task = task_create(shapes[i], 3, batch, 1, i + 1);
			for (int64_t products = 0; products <= MLP_PRODUCTS_TILES; products++)
				check_choice(&task, &choices[8], (struct setting){products, 0, 0},
					     batch == 2);
			task_free(&task);
		}
}

/* A single sample's gradient is in no array; its rows of w are shared out where there are many. */
static void fused_and_apart_are_the_same_for_one_sample(void **state)
{
	(void)state;
	const struct net large = {3, {700, 190, 3}};
	for (size_t net = 0; net <= NETS; net++) {
		const struct net *shape = net < NETS ? &nets[net] : &large;
		struct task task = task_create(shape->widths, shape->width_count, 1, net % 3, net);
		for (size_t i = 0; i < CHOICES; i++)
			check_choice(&task, &choices[i], (struct setting){0, 0, 0},
				     net == NETS || i % 4 == net % 4);
		task_free(&task);
	}
}

static void a_trace_workspace_changes_no_bit(void **state)
{
	(void)state;
	for (size_t i = 0; i < CHOICES; i++) {
		struct task task = net_task(ODD, 33, i);
		mlp_workspace *training = task_workspace(&task, MLP_TRAINING);
		mlp_workspace *trace = task_workspace(&task, MLP_TRACE);
		struct run a = run_fused(&task, &choices[i], training);
		struct run b = run_fused(&task, &choices[i], trace);
		check_same(&choices[i], &a, &b);
		end(&a);
		mlp_workspace_free(training);
		mlp_workspace_free(trace);
		task_free(&task);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fused_and_apart_are_the_same_in_a_tiny_net),
		cmocka_unit_test(fused_and_apart_are_the_same_in_a_medium_net),
		cmocka_unit_test(fused_and_apart_are_the_same_with_layers_of_one_unit),
		cmocka_unit_test(fused_and_apart_are_the_same_with_odd_widths),
		cmocka_unit_test(fused_and_apart_are_the_same_in_a_wide_net),
		cmocka_unit_test(fused_and_apart_are_the_same_where_tiles_are_cut),
		cmocka_unit_test(fused_and_apart_are_the_same_for_one_sample),
		cmocka_unit_test(a_trace_workspace_changes_no_bit),
	};
	return cmocka_run_group_tests_name("optimizer steps", tests, make_crews, free_crews);
}
