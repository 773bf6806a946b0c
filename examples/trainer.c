/* Handwritten digits again, by the trainer: shuffling, validation, early stop, a schedule, dropout, a history,
 * and a checkpoint to go on from. train_digits.c is the same loop written by hand.
 *
 *     cc trainer.c $(pkg-config --cflags --libs mlp) -o trainer
 *     ./trainer data/digits.csv              Ctrl-C stops it; "./trainer data/digits.csv resume" goes on */
#include <mlp/mlp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIXELS = 64, CLASSES = 10, MOST_IMAGES = 5000, TEST = 360 };

static const int64_t WIDTHS[] = {PIXELS, 128, 64, CLASSES};
static const char CHECKPOINT[] = "digits-checkpoint.safetensors";

static float pixel[MOST_IMAGES][PIXELS];
static int64_t label[MOST_IMAGES];

static void check(mlp_status status)
{
	if (status == MLP_OK)
		return;
	fprintf(stderr, "%s: %s\n", mlp_status_name(status), mlp_last_error());
	exit(1);
}

static int64_t read_images(const char *path)
{
	FILE *file = fopen(path, "r");
	if (file == NULL) {
		perror(path);
		exit(1);
	}
	int64_t count = 0;
	int value, fields = 1;
	while (count < MOST_IMAGES && fields == 1 && fscanf(file, "%d", &value) == 1) {
		for (int i = 0; i < PIXELS && fields == 1; i++) {
			pixel[count][i] = (float)value;
			fields = fscanf(file, ",%d", &value);
		}
		label[count++] = value;
	}
	fclose(file);
	if (fields != 1 || count < 2 * TEST) {
		fprintf(stderr, "%s: not %d pixels and a digit in every line, or too few\n", path,
			PIXELS);
		exit(1);
	}
	return count;
}

/* The file goes by writers: without this those of the test would be unknown to the training. */
static void shuffle(int64_t count)
{
	uint64_t seed = 1;
	for (int64_t n = count - 1; n > 0; n--) {
		float images[2][PIXELS];
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		int64_t other = (int64_t)((seed >> 33) % (uint64_t)(n + 1)), digit = label[n];
		memcpy(images[0], pixel[n], sizeof(images[0]));
		memcpy(images[1], pixel[other], sizeof(images[1]));
		memcpy(pixel[n], images[1], sizeof(images[1]));
		memcpy(pixel[other], images[0], sizeof(images[0]));
		label[n] = label[other];
		label[other] = digit;
	}
}

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

/* Called after every batch and every epoch. */
static int report(void *context, const mlp_trainer *trainer, mlp_event event)
{
	int64_t epoch = mlp_trainer_epochs_done(trainer);
	(void)context;
	if (event == MLP_EVENT_EPOCH)
		printf("epoch %2lld  eta %.5f  training loss %.4f  validation loss %.4f  accuracy "
		       "%.4f\n",
		       (long long)epoch, mlp_trainer_eta(trainer),
		       mlp_trainer_history(trainer, MLP_SPLIT_TRAINING, MLP_METRIC_LOSS, epoch),
		       mlp_trainer_history(trainer, MLP_SPLIT_VALIDATION, MLP_METRIC_LOSS, epoch),
		       mlp_trainer_history(trainer, MLP_SPLIT_VALIDATION, MLP_METRIC_ACCURACY,
					   epoch));
	return interrupted;
}

static mlp_network *make_network(int64_t count)
{
	mlp_network *net;
	check(mlp_network_create(MLP_F32, WIDTHS, 4, &net));
	check(mlp_network_init(net, MLP_ALL_LAYERS, MLP_INIT_HE_NORMAL, 0, 1));
	check(mlp_network_set_activation(net, 3, MLP_SOFTMAX));
	check(mlp_network_set_dropout(net, MLP_HIDDEN_LAYERS, 0.2));
	check(mlp_network_fit_input_scaling_f32(net, MLP_SCALING_MIN_MAX, pixel[0], PIXELS, count));
	return net;
}

static void set_up(mlp_trainer *trainer)
{
	mlp_rate_schedule *schedule;
	check(mlp_rate_schedule_create(MLP_RATE_COSINE, &schedule));
	check(mlp_rate_schedule_set(schedule, MLP_RATE_EPOCHS, 40));
	check(mlp_rate_schedule_set(schedule, MLP_RATE_WARMUP, 1));
	check(mlp_trainer_set_schedule(trainer, schedule)); /* takes a copy */
	mlp_rate_schedule_free(schedule);
	check(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 40));
	check(mlp_trainer_set(trainer, MLP_TRAINER_VALIDATION_FRACTION, 0.1));
	check(mlp_trainer_set(trainer, MLP_TRAINER_PATIENCE, 15));
	check(mlp_trainer_set_seed(trainer, 1));
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: %s digits.csv [resume]\n", argv[0]);
		return 2;
	}
	int64_t count = read_images(argv[1]), train = count - TEST;
	shuffle(count);
	mlp_network *net = make_network(train);
	mlp_trainer *trainer;
	check(mlp_trainer_create(net, MLP_ADAM, &trainer));
	if (argc > 2 && strcmp(argv[2], "resume") == 0)
		check(mlp_trainer_resume(trainer, CHECKPOINT, NULL));
	else
		set_up(trainer);
	check(mlp_trainer_set_data_class_f32(trainer, pixel[0], PIXELS, label, NULL, train));
	check(mlp_trainer_set_progress(trainer, report, NULL));
	signal(SIGINT, interrupt);
	check(mlp_trainer_run(trainer));
	if (mlp_trainer_outcome(trainer) == MLP_OUTCOME_STOPPED) {
		check(mlp_trainer_save(trainer, CHECKPOINT));
		printf("stopped: go on with \"%s %s resume\"\n", argv[0], argv[1]);
	}
	printf("best epoch: %lld\n", (long long)mlp_trainer_best_epoch(trainer));

	mlp_workspace *ws;
	const mlp_metric metric = MLP_METRIC_ACCURACY;
	double accuracy;
	check(mlp_workspace_create(net, 256, MLP_INFERENCE, &ws));
	check(mlp_measure_class_f32(net, ws, pixel[train], PIXELS, &label[train], NULL, TEST,
				    MLP_CROSS_ENTROPY, 0, &metric, 1, &accuracy));
	printf("test accuracy: %.4f\n", accuracy);
	mlp_workspace_free(ws);
	mlp_trainer_free(trainer);
	mlp_network_free(net);
	return 0;
}
