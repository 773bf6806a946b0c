/* Handwritten digits: reads examples/data/digits.csv, trains a 64-128-64-10 network on four fifths of
 * it, and tests it on the rest.
 *
 *     cc train_digits.c $(pkg-config --cflags --libs mlp) -o train_digits
 *     ./train_digits data/digits.csv */
#include <mlp/mlp.h>
#include <stdio.h>
#include <stdlib.h>

enum { PIXELS = 64, CLASSES = 10, MOST_IMAGES = 5000, BATCH = 32, EPOCHS = 40 };

static const int64_t WIDTHS[] = {PIXELS, 128, 64, CLASSES};

/* Every image is one row; row n of `label` belongs to row n of `pixel`. */
struct images {
	int64_t count;
	float pixel[MOST_IMAGES][PIXELS];
	int64_t label[MOST_IMAGES];
};

static void check(mlp_status status)
{
	if (status == MLP_OK)
		return;
	fprintf(stderr, "%s: %s\n", mlp_status_name(status), mlp_last_error());
	exit(1);
}

static void read_images(const char *path, struct images *images)
{
	FILE *file = fopen(path, "r");
	if (file == NULL) {
		perror(path);
		exit(1);
	}
	int value;
	while (images->count < MOST_IMAGES && fscanf(file, "%d", &value) == 1) {
		for (int i = 0; i < PIXELS; i++) {
			images->pixel[images->count][i] = (float)value / 16;
			if (fscanf(file, ",%d", &value) != 1) {
				fprintf(stderr, "%s:%lld: expected %d pixels and a digit\n", path,
					(long long)images->count + 1, PIXELS);
				exit(1);
			}
		}
		images->label[images->count++] = value;
	}
	fclose(file);
	if (images->count < 100) {
		fprintf(stderr, "%s: %lld images are too few\n", path, (long long)images->count);
		exit(1);
	}
}

/* A seeded shuffle (Fisher and Yates) of rows 0 .. count - 1. */
static void shuffle(struct images *images, int64_t count, uint64_t *seed)
{
	for (int64_t n = count - 1; n > 0; n--) {
		*seed = *seed * 6364136223846793005u + 1442695040888963407u;
		int64_t other = (int64_t)((*seed >> 33) % (uint64_t)(n + 1));
		int64_t label = images->label[n];
		images->label[n] = images->label[other];
		images->label[other] = label;
		for (int i = 0; i < PIXELS; i++) {
			float pixel = images->pixel[n][i];
			images->pixel[n][i] = images->pixel[other][i];
			images->pixel[other][i] = pixel;
		}
	}
}

/* One pass over rows 0 .. count - 1 in batches; the mean loss. */
static double train_epoch(mlp_network *net, mlp_workspace *ws, const struct images *images,
			  int64_t count, double eta)
{
	double sum = 0;
	for (int64_t first = 0; first < count; first += BATCH) {
		int64_t batch = count - first < BATCH ? count - first : BATCH;
		double loss;
		check(mlp_train_step_class_f32(net, ws, images->pixel[first], PIXELS,
					       &images->label[first], NULL, batch,
					       MLP_CROSS_ENTROPY, 0, MLP_MEAN, eta, &loss));
		sum += loss * (double)batch;
	}
	return sum / (double)count;
}

/* Share of the rows whose most probable class is the right one. */
static double accuracy(const mlp_network *net, const struct images *images, int64_t first,
		       int64_t count)
{
	static float probability[MOST_IMAGES][CLASSES];
	int64_t right = 0;
	check(mlp_predict_f32(net, images->pixel[first], PIXELS, count, probability[0], CLASSES));
	for (int64_t n = 0; n < count; n++) {
		int best = 0;
		for (int c = 1; c < CLASSES; c++)
			if (probability[n][c] > probability[n][best])
				best = c;
		right += best == images->label[first + n];
	}
	return (double)right / (double)count;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: %s digits.csv [seed]\n", argv[0]);
		return 2;
	}
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	static struct images images;
	read_images(argv[1], &images);
	shuffle(&images, images.count, &seed);
	int64_t train = images.count * 4 / 5, test = images.count - train;

	mlp_network *net;
	mlp_workspace *ws;
	check(mlp_network_create(MLP_F32, WIDTHS, 4, &net));
	check(mlp_network_init(net, MLP_ALL_LAYERS, MLP_INIT_HE_NORMAL, 0, seed));
	check(mlp_network_set_activation(net, 3, MLP_SOFTMAX));
	check(mlp_workspace_create(net, BATCH, MLP_TRAINING, &ws));

	printf("network: 64-128-64-10, relu, softmax, %lld parameters\n",
	       (long long)mlp_network_parameter_count(net));
	printf("data: %lld images to train, %lld to test\n", (long long)train, (long long)test);
	for (int epoch = 1; epoch <= EPOCHS; epoch++) {
		double eta = epoch <= EPOCHS / 2 ? 0.2 : epoch <= EPOCHS * 3 / 4 ? 0.1 : 0.05;
		shuffle(&images, train, &seed);
		double loss = train_epoch(net, ws, &images, train, eta);
		printf("epoch %2d/%d  loss %.4f  training accuracy %.4f  [", epoch, EPOCHS, loss,
		       accuracy(net, &images, 0, train));
		for (int i = 1; i <= EPOCHS / 2; i++)
			putchar(i <= epoch / 2 ? '#' : '.');
		puts("]");
	}
	printf("test accuracy: %.4f\n", accuracy(net, &images, train, test));
	mlp_workspace_free(ws);
	mlp_network_free(net);
	return 0;
}
