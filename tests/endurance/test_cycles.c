/* Every object made, used and freed again and again: memory, descriptors and threads stay the same.
 * usage: test_endurance_cycles_f32 [CYCLES] (pools, whose threads begin and end, a tenth as often) */
#include "held.h"
#include "property/real.h"

enum { IN = 8, HIDDEN = 16, OUT = 4, ROWS = 12, OFTEN = 1000 };

static long cycles;
static mlp_network *net;
static REAL x[ROWS * IN], target[ROWS * OUT];

static void make_network(mlp_network **made)
{
	const int64_t widths[] = {IN, HIDDEN, OUT};
	assert_ok(mlp_network_create(REAL_DTYPE, widths, 3, made));
	assert_ok(mlp_network_init(*made, MLP_ALL_LAYERS, MLP_INIT_GLOROT_UNIFORM, 0, 1));
}

static int begin(void **state)
{
	(void)state;
	make_network(&net);
	for (int i = 0; i < ROWS * IN; i++)
		x[i] = (REAL)(i * 7 % 11) / 11;
	for (int i = 0; i < ROWS * OUT; i++)
		target[i] = (REAL)(i * 5 % 7) / 7;
	return 0;
}

static int end(void **state)
{
	(void)state;
	mlp_network_free(net);
	return 0;
}

/* ---- one cycle of each ---------------------------------------------------------------------- */

static void cycle_network(long i)
{
	mlp_network *made, *copy;
	make_network(&made);
	assert_ok(
		mlp_network_set_note(made, "cycle", i % 2 ? "odd, and of another length" : "even"));
	assert_ok(mlp_network_clone(made, &copy));
	mlp_network_free(made);
	mlp_network_free(copy);
}

static void cycle_workspace(long i)
{
	const mlp_mode modes[] = {MLP_INFERENCE, MLP_TRAINING, MLP_TRACE};
	mlp_workspace *ws;
	REAL y[ROWS * OUT];
	assert_ok(mlp_workspace_create(net, ROWS, modes[i % 3], &ws));
	assert_ok(FN(forward)(net, ws, x, IN, ROWS, y, OUT));
	mlp_workspace_free(ws);
}

static void step(mlp_optimizer *optimizer, mlp_workspace *ws)
{
	assert_ok(FN(optimizer_step)(optimizer, net, ws, x, IN, target, OUT, NULL, ROWS,
				     MLP_SQUARED_ERROR, 0, MLP_MEAN, NULL));
}

static void cycle_optimizer(long i)
{
	mlp_optimizer *optimizer;
	mlp_workspace *ws;
	mlp_optimizer_kind kind = (mlp_optimizer_kind)(MLP_SGD + i % (MLP_LBFGS - MLP_SGD + 1));
	assert_ok(mlp_optimizer_create(net, kind, &optimizer));
	assert_ok(mlp_workspace_create(net, ROWS, MLP_TRAINING, &ws));
	step(optimizer, ws);
	mlp_workspace_free(ws);
	mlp_optimizer_free(optimizer);
}

static void cycle_trainer(long i)
{
	mlp_trainer *trainer;
	assert_ok(mlp_trainer_create(net, i % 2 ? MLP_ADAM : MLP_SGD, &trainer));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 2));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_BATCH, 5));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_VALIDATION_FRACTION, 0.25));
	assert_ok(FN(trainer_set_data)(trainer, x, IN, target, OUT, NULL, ROWS));
	assert_ok(mlp_trainer_run(trainer));
	mlp_trainer_free(trainer);
}

static void cycle_pool(long i)
{
	mlp_pool *pool;
	mlp_workspace *ws;
	REAL y[ROWS * OUT];
	if (i % 10 != 0)
		return;
	assert_ok(mlp_pool_create(2 + i / 10 % 3, &pool));
	assert_ok(mlp_workspace_create(net, ROWS, MLP_TRAINING, &ws));
	assert_ok(mlp_workspace_set_tuning(ws, MLP_TUNING_SCHEDULE, MLP_SCHEDULE_OUTPUTS));
	assert_ok(mlp_workspace_set_pool(ws, pool));
	assert_ok(FN(forward)(net, ws, x, IN, ROWS, y, OUT));
	mlp_workspace_free(ws);
	mlp_pool_free(pool);
}

static void cycle_live(long i)
{
	mlp_live *live;
	assert_ok(mlp_live_create(net, &live));
	const mlp_network *held = mlp_live_acquire(live);
	for (long publications = i % 3; publications > 0; publications--)
		assert_ok(mlp_live_publish(live, net));
	mlp_live_release(live, held);
	mlp_live_free(live);
}

/* Kept in memory, as the disk is not what is tested. */
struct file {
	char bytes[1 << 16];
	size_t size;
};

static int keep(void *context, const void *data, size_t size)
{
	struct file *file = context;
	if (size > sizeof(file->bytes) - file->size)
		return -1;
	memcpy(file->bytes + file->size, data, size);
	file->size += size;
	return 0;
}

static void cycle_file(long i)
{
	static struct file file;
	mlp_load_options *options;
	mlp_network *loaded;
	file.size = 0;
	assert_ok(mlp_network_save_to(net, keep, &file));
	assert_ok(mlp_load_options_create(&options));
	assert_ok(mlp_network_load_memory(file.bytes, file.size, options, &loaded));
	mlp_network_free(loaded);
	file.bytes[file.size - 1 - (size_t)i % 64] ^= 1; /* damaged: the way out of an error */
	assert_int_equal(mlp_network_load_memory(file.bytes, file.size, options, &loaded),
			 MLP_ERR_FORMAT);
	mlp_load_options_free(options);
}

/* ---- all of them ---------------------------------------------------------------------------- */

static void nothing_is_left_of_objects_that_were_freed(void **state)
{
	(void)state;
	enum { WARM_UP = 60 }; /* every kind and mode, and pools of every size */
	static const struct {
		const char *name;
		void (*run)(long i);
	} kinds[] = {{"networks", cycle_network},
		     {"workspaces", cycle_workspace},
		     {"optimizers", cycle_optimizer},
		     {"trainers", cycle_trainer},
		     {"pools", cycle_pool},
		     {"live networks", cycle_live},
		     {"files", cycle_file}};
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		for (long i = 0; i < WARM_UP; i++)
			kinds[k].run(i);
		struct held before = what_is_held();
		for (long i = 0; i < cycles; i++)
			kinds[k].run(i);
		check_same(kinds[k].name, &before);
	}
}

int main(int count, char **words)
{
	cycles = how_often(count, words, OFTEN);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_is_left_of_objects_that_were_freed, begin,
						end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
