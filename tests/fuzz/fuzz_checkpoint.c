/* Checkpoints: a trainer refuses one and stays as it was, or takes it up, saves the same again, and goes on training
 * with the same bits as another that took it up too. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"
#include "fuzz/try_network.h"

enum { ROWS = 6, MOST_WIDTH = 16 };

static const mlp_status resumed[] = {MLP_ERR_SHAPE, MLP_ERR_FORMAT, MLP_ERR_LIMIT, MLP_ERR_OVERFLOW,
				     MLP_OK};
static const mlp_status ran[] = {MLP_ERR_STATE, MLP_ERR_NONFINITE, MLP_ERR_LOSS,
				 MLP_ERR_VALUE, MLP_ERR_INDEX,     MLP_OK};

static struct bytes checkpoint(const mlp_trainer *trainer)
{
	struct bytes bytes = {0};
	mlp_status status = mlp_trainer_save_to(trainer, bytes_write, &bytes);
	REQUIRE(status == MLP_OK, "%s", mlp_last_error());
	return bytes;
}

static void require_same_checkpoints(const mlp_trainer *a, const mlp_trainer *b, const char *what)
{
	struct bytes file = checkpoint(a), again = checkpoint(b);
	REQUIRE(file.size == again.size && memcmp(file.data, again.data, file.size) == 0,
		"%s: another checkpoint", what);
	bytes_free(&file);
	bytes_free(&again);
}

/* The network of the file, or a usual one. */
static mlp_network *network_for(const uint8_t *data, size_t size)
{
	static const int64_t widths[] = {3, 4, 2};
	mlp_network *net;
	if (mlp_network_load_memory(data, size, small_options(), &net) != MLP_OK)
		REQUIRE(mlp_network_create(MLP_F32, widths, 3, &net) == MLP_OK, "no network");
	return net;
}

static mlp_trainer *trainer_for(mlp_network *net)
{
	mlp_trainer *trainer;
	REQUIRE(mlp_trainer_create(net, MLP_ADAM, &trainer) == MLP_OK, "%s", mlp_last_error());
	return trainer;
}

/* One epoch more, on a few rows. */
static mlp_status run(mlp_trainer *trainer, int64_t epochs)
{
	static float x32[ROWS * MOST_WIDTH], t32[ROWS * MOST_WIDTH];
	static double x64[ROWS * MOST_WIDTH], t64[ROWS * MOST_WIDTH];
	static const int64_t classes[ROWS] = {0};
	for (int i = 0; i < ROWS * MOST_WIDTH; i++) {
		x32[i] = (float)(x64[i] = i % 7 / 4.0 - 0.5);
		t32[i] = (float)(t64[i] = i % 2);
	}
	bool is_f32 = mlp_network_dtype(mlp_trainer_network(trainer)) == MLP_F32;
	bool by_class = mlp_trainer_loss(trainer, NULL) == MLP_CROSS_ENTROPY;
	if (is_f32 && by_class)
		mlp_trainer_set_data_class_f32(trainer, x32, MOST_WIDTH, classes, NULL, ROWS);
	else if (is_f32)
		mlp_trainer_set_data_f32(trainer, x32, MOST_WIDTH, t32, MOST_WIDTH, NULL, ROWS);
	else if (by_class)
		mlp_trainer_set_data_class_f64(trainer, x64, MOST_WIDTH, classes, NULL, ROWS);
	else
		mlp_trainer_set_data_f64(trainer, x64, MOST_WIDTH, t64, MOST_WIDTH, NULL, ROWS);
	mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, (double)epochs);
	mlp_status status = mlp_trainer_run(trainer);
	require_status(status, ran, "run");
	return status;
}

static bool is_small(const mlp_network *net)
{
	return mlp_network_width(net, 0) <= MOST_WIDTH &&
	       mlp_network_width(net, mlp_network_layer_count(net)) <= MOST_WIDTH;
}

/* Another trainer takes up what the first one saved; both are, and stay, the same. */
static void go_on(mlp_trainer *trainer)
{
	struct bytes file = checkpoint(trainer);
	mlp_network *net = network_for(file.data, file.size);
	mlp_trainer *other = trainer_for(net);
	struct bytes reading = given(file.data, file.size);
	REQUIRE(mlp_trainer_resume_from(other, bytes_read, &reading, NULL) == MLP_OK, "%s",
		mlp_last_error());
	require_same_checkpoints(trainer, other, "taken up again");
	int64_t epochs = mlp_trainer_epochs_done(trainer) + 1;
	if (is_small(net)) {
		mlp_status status = run(trainer, epochs);
		REQUIRE(run(other, epochs) == status, "the other one ends in %s", mlp_last_error());
		require_same_checkpoints(trainer, other, "an epoch later");
	}
	bytes_free(&file);
	mlp_trainer_free(other);
	mlp_network_free(net);
}

/* The network that is resumed is often that of the file, so that most files get as far as the trainer's numbers. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct memory_file file;
	if (file.path[0] == 0)
		file = memory_file_create();
	memory_file_write(&file, data, size);
	mlp_network *net = network_for(data, size), *same;
	REQUIRE(mlp_network_clone(net, &same) == MLP_OK, "%s", mlp_last_error());
	mlp_trainer *trainer = trainer_for(net);
	mlp_status status = mlp_trainer_resume(trainer, file.path, small_options());
	require_status(status, resumed, "resume");
	if (status == MLP_OK) {
		go_on(trainer);
	} else {
		mlp_trainer *untouched = trainer_for(same);
		require_same_checkpoints(trainer, untouched, "a file that was refused");
		mlp_trainer_free(untouched);
	}
	mlp_trainer_free(trainer);
	mlp_network_free(net);
	mlp_network_free(same);
	return 0;
}
