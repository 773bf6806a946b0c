/* A loss, an activation or a delta that is not finite is an error, and changes no bit of the network and of
 * the caller's gradient. */
#include <math.h>
#include <stdlib.h>

#include "task.h"

static const int64_t widths[] = {5, 8, 7, 6, 3};

enum { BATCH = 260, LAYERS = 4 };

/* First and last rows of blocks: they have 128 with libmlp's own kernels, 64 with tiles, 256 with whole
 * products. */
static const size_t edge_rows[] = {0, 63, 64, 127, 128, 255, 256, BATCH - 1};

enum { EDGE_ROWS = sizeof(edge_rows) / sizeof(edge_rows[0]) };

/* A task, a workspace, and what must stay as it is: the parameters, and a gradient array full of 3. */
struct scene {
	struct task task;
	mlp_workspace *ws;
	REAL *parameters, *grad, *grad_before;
};

static struct scene scene_open(uint64_t seed, int64_t products)
{
	struct scene scene = {.task = task_create(widths, LAYERS + 1, BATCH, 1, seed)};
	assert_ok(mlp_network_set_activation(scene.task.net, 2, MLP_SOFTPLUS));
	task_set_loss(&scene.task, MLP_CROSS_ENTROPY, true);
	scene.ws = task_workspace(&scene.task, MLP_TRAINING);
	assert_ok(mlp_workspace_set_tuning(scene.ws, MLP_TUNING_PRODUCTS, products));
	scene.parameters = task_parameters(&scene.task);
	scene.grad = task_array(&scene.task);
	scene.grad_before = task_array(&scene.task);
	for (size_t i = 0; i < scene.task.parameter_count; i++)
		scene.grad[i] = scene.grad_before[i] = 3;
	return scene;
}

static void scene_close(struct scene *scene)
{
	free(scene->parameters);
	free(scene->grad);
	free(scene->grad_before);
	mlp_workspace_free(scene->ws);
	task_free(&scene->task);
}

/* Both calls fail with these words and leave everything as it was. */
static void check_step_and_gradient(struct scene *scene, const char *words)
{
	struct task *task = &scene->task;
	struct rows *x = &task->x, *t = &task->target;
	assert_fails(MLP_ERR_NONFINITE, words,
		     FN(train_step)(task->net, scene->ws, x->data, (int64_t)x->ld, t->data,
				    (int64_t)t->ld, NULL, BATCH, task->loss, 0, MLP_MEAN, 0.5,
				    NULL));
	assert_fails(MLP_ERR_NONFINITE, words,
		     FN(gradient)(task->net, scene->ws, x->data, (int64_t)x->ld, t->data,
				  (int64_t)t->ld, NULL, BATCH, task->loss, 0, MLP_MEAN, 1, NULL,
				  scene->grad, NULL, 0));
	assert_same_bits(FN(network_const_parameters)(task->net), scene->parameters,
			 task->parameter_count);
	assert_same_bits(scene->grad, scene->grad_before, task->parameter_count);
}

static void check_bad_loss(size_t row, int64_t products)
{
	struct scene scene = scene_open(6, products);
	char words[40];
	snprintf(words, sizeof(words), "row %zu of", row);
	scene.task.x.data[row * scene.task.x.ld] = (REAL)INFINITY;
	assert_ok(mlp_network_set_activation(scene.task.net, MLP_ALL_LAYERS, MLP_IDENTITY));
	check_step_and_gradient(&scene, words);
	scene_close(&scene);
}

static void a_loss_that_is_not_finite_changes_nothing(void **state)
{
	(void)state;
	for (size_t k = 0; k < EDGE_ROWS; k++)
		for (int64_t products = 1; products <= MLP_PRODUCTS_WHOLE; products++)
			check_bad_loss(edge_rows[k], products);
}

static void check_infinite_activation(size_t row, int64_t products)
{
	struct scene scene = scene_open(7, products);
	struct rows *x = &scene.task.x, *dl = &scene.task.dl;
	x->data[row * x->ld + 1] = (REAL)INFINITY;
	check_step_and_gradient(&scene, "layer 1");
	assert_ok(FN(forward)(scene.task.net, scene.ws, x->data, (int64_t)x->ld, BATCH, NULL, 0));
	assert_fails(MLP_ERR_NONFINITE, "layer 1",
		     FN(backward)(scene.task.net, scene.ws, dl->data, (int64_t)dl->ld, BATCH, 0,
				  scene.grad, NULL, 0));
	assert_same_bits(scene.grad, scene.grad_before, scene.task.parameter_count);
	scene_close(&scene);
}

/* dl/dw(l) is a product with x(l-1): one that is infinite must reach no parameter, even where the
 * activation above bends it back to 1; in whichever block of rows it is. */
static void an_infinite_activation_changes_nothing(void **state)
{
	(void)state;
	for (size_t k = 0; k < EDGE_ROWS; k++)
		for (int64_t products = 1; products <= MLP_PRODUCTS_WHOLE; products++)
			check_infinite_activation(edge_rows[k], products);
}

/* The loss is finite, 8, but on its way down the delta meets a weight that is too large. */
static void a_delta_that_overflows_changes_nothing(void **state)
{
	(void)state;
	const int64_t shape[] = {1, 1, 1};
	const REAL x = 0, t = -4, all[4] = {1, 0, REAL_MAX, 0};
	REAL grad[4] = {1, 2, 3, 4}, y;
	mlp_network *net;
	mlp_workspace *ws;
	assert_ok(mlp_network_create(REAL_DTYPE, shape, 3, &net));
	assert_ok(mlp_network_set_activation(net, 1, MLP_TANH));
	assert_ok(FN(network_set_parameters)(net, all, 4));
	assert_ok(mlp_workspace_create(net, 1, MLP_TRAINING, &ws));
	assert_fails(MLP_ERR_NONFINITE, "layer 1",
		     FN(train_step)(net, ws, &x, 1, &t, 1, NULL, 1, MLP_SQUARED_ERROR, 0, MLP_MEAN,
				    0.5, NULL));
	assert_fails(MLP_ERR_NONFINITE, "layer 1",
		     FN(gradient)(net, ws, &x, 1, &t, 1, NULL, 1, MLP_SQUARED_ERROR, 0, MLP_MEAN, 1,
				  NULL, grad, NULL, 0));
	assert_ok(FN(forward)(net, ws, &x, 1, 1, &y, 1));
	assert_fails(MLP_ERR_NONFINITE, "layer 1",
		     FN(backward)(net, ws, &t, 1, 1, 1, grad, NULL, 0));
	assert_same_bits(FN(network_const_parameters)(net), all, 4);
	assert_same_bits(grad, ((REAL[]){1, 2, 3, 4}), 4);
	assert_ok(mlp_network_set_frozen(net, 1, 1)); /* then nobody asks for it */
	assert_ok(FN(train_step)(net, ws, &x, 1, &t, 1, NULL, 1, MLP_SQUARED_ERROR, 0, MLP_MEAN,
				 0.5, NULL));
	mlp_workspace_free(ws);
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_loss_that_is_not_finite_changes_nothing),
		cmocka_unit_test(an_infinite_activation_changes_nothing),
		cmocka_unit_test(a_delta_that_overflows_changes_nothing),
	};
	return cmocka_run_group_tests_name("divergence", tests, NULL, NULL);
}
