/* One of each object. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* mkdtemp */
#endif
#include "fault/world.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/host.h"

static char folder[64];
char world_model[80], world_checkpoint[80], world_old[80];

mlp_status world_keep(struct world *world, mlp_status status, void *made, void (*unmake)(void *))
{
	if (status == MLP_OK) {
		world->made = made;
		world->unmake = unmake;
	} else if (made != NULL) {
		world->kept_out = true;
	}
	return status;
}

/* ---- making --------------------------------------------------------------------------------- */

static mlp_network *make_network(mlp_activation output)
{
	const int64_t widths[] = {WORLD_IN, WORLD_HIDDEN, WORLD_OUT};
	mlp_network *net;
	assert_ok(mlp_network_create(REAL_DTYPE, widths, 3, &net));
	assert_ok(mlp_network_set_activation(net, 1, MLP_TANH));
	assert_ok(mlp_network_set_activation(net, 2, output));
	assert_ok(mlp_network_set_note(net, "first", "a text that the network keeps"));
	return net;
}

static mlp_trainer *make_trainer(struct world *w, mlp_network *net, bool classes)
{
	mlp_trainer *trainer;
	assert_ok(mlp_trainer_create(net, MLP_ADAM, &trainer));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 2));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_BATCH, WORLD_BATCH));
	assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_VALIDATION_FRACTION, 0.25));
	if (classes)
		assert_ok(FN(trainer_set_data_class)(trainer, w->x, WORLD_IN, w->classes, NULL,
						     WORLD_ROWS));
	else
		assert_ok(FN(trainer_set_data)(trainer, w->x, WORLD_IN, w->target, WORLD_OUT, NULL,
					       WORLD_ROWS));
	return trainer;
}

static void fill(struct world *w)
{
	uint64_t seed = 3;
	random_fill(&seed, w->x, WORLD_ROWS * WORLD_IN, 1);
	random_fill(&seed, w->target, WORLD_ROWS * WORLD_OUT, 1);
	for (int n = 0; n < WORLD_ROWS; n++)
		w->classes[n] = n % WORLD_OUT;
}

static void make_live(struct world *w)
{
	assert_ok(mlp_live_create(w->net, &w->live));
	w->held[0] = mlp_live_acquire(w->live);
	assert_ok(mlp_live_publish(w->live, w->net));
	w->held[1] = mlp_live_acquire(w->live);
}

/* Only what is not as it should be: file systems bring what is replaced to the disk, and that takes time. */
static void write_files(const struct world *w)
{
	static const char old[] = "what was there before";
	char contents[sizeof(old)] = "";
	if (access(world_model, F_OK) != 0) {
		assert_ok(mlp_network_save(w->net, world_model));
		assert_ok(mlp_trainer_save(w->trainer, world_checkpoint));
	}
	FILE *file = fopen(world_old, "r");
	if (file != NULL) {
		bool read = fgets(contents, sizeof(contents), file) != NULL;
		fclose(file);
		if (read && strcmp(contents, old) == 0)
			return;
	}
	file = fopen(world_old, "w");
	assert_non_null(file);
	fputs(old, file);
	fclose(file);
}

struct world *world_make(void)
{
	struct world *w = calloc(1, sizeof(*w));
	assert_non_null(w);
	fill(w);
	w->net = make_network(MLP_IDENTITY);
	w->classifier = make_network(MLP_SOFTMAX);
	assert_ok(mlp_workspace_create(w->net, WORLD_BATCH, MLP_TRAINING, &w->ws));
	assert_ok(mlp_workspace_create(w->classifier, WORLD_BATCH, MLP_TRAINING, &w->class_ws));
	assert_ok(mlp_optimizer_create(w->net, MLP_LBFGS, &w->optimizer));
	w->trainer = make_trainer(w, w->net, false);
	w->class_trainer = make_trainer(w, w->classifier, true);
	make_live(w);
	assert_ok(mlp_pool_create_from(3, host_serial, NULL, &w->pool));
	assert_ok(mlp_load_options_create(&w->options));
	assert_ok(mlp_network_save_to(w->net, bytes_write, &w->model));
	assert_ok(mlp_trainer_save_to(w->trainer, bytes_write, &w->checkpoint));
	w->model.calls = w->checkpoint.calls = 0;
	write_files(w);
	return w;
}

void world_free(struct world *w)
{
	if (w->made != NULL)
		w->unmake(w->made);
	bytes_free(&w->model);
	bytes_free(&w->checkpoint);
	mlp_load_options_free(w->options);
	mlp_pool_free(w->pool);
	for (int i = 0; i < 2; i++)
		mlp_live_release(w->live, w->held[i]);
	mlp_live_free(w->live);
	mlp_trainer_free(w->class_trainer);
	mlp_trainer_free(w->trainer);
	mlp_optimizer_free(w->optimizer);
	mlp_workspace_free(w->class_ws);
	mlp_workspace_free(w->ws);
	mlp_network_free(w->classifier);
	mlp_network_free(w->net);
	free(w);
}

/* ---- looking -------------------------------------------------------------------------------- */

static void put_number(struct bytes *digest, double number)
{
	bytes_write(digest, &number, sizeof(number));
}

static void put_optimizer(struct bytes *digest, mlp_optimizer *optimizer)
{
	for (int hyper = 1; hyper < 40; hyper++) {
		double value = mlp_optimizer_get(optimizer, (mlp_hyper)hyper);
		put_number(digest, value == value ? value : -1);
	}
	for (int64_t i = 0; i < mlp_optimizer_scalar_count(optimizer); i++)
		put_number(digest, mlp_optimizer_scalar(optimizer, i));
	for (int64_t i = 0; i < mlp_optimizer_slot_count(optimizer); i++)
		bytes_write(digest, FN(optimizer_slot)(optimizer, i),
			    (WORLD_HIDDEN * (WORLD_IN + 1) + WORLD_OUT * (WORLD_HIDDEN + 1)) *
				    sizeof(REAL));
}

static void put_file(struct bytes *digest, const char *name)
{
	char path[300], piece[4096];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	for (size_t n; (n = fread(piece, 1, sizeof(piece), file)) > 0;)
		bytes_write(digest, piece, n);
	fclose(file);
}

static int compare(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void put_folder(struct bytes *digest)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, compare);
	assert_true(count >= 2);
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		bytes_write(digest, name, strlen(name) + 1);
		if (name[0] != '.')
			put_file(digest, name);
		free(entries[i]);
	}
	free(entries);
}

struct bytes world_digest(const struct world *w)
{
	struct bytes digest = {0};
	const mlp_network *latest = mlp_live_acquire(w->live);
	assert_ok(mlp_network_save_to(w->net, bytes_write, &digest));
	assert_ok(mlp_network_save_to(w->classifier, bytes_write, &digest));
	assert_ok(mlp_network_save_to(latest, bytes_write, &digest));
	mlp_live_release(w->live, latest);
	assert_ok(mlp_trainer_save_to(w->trainer, bytes_write, &digest));
	assert_ok(mlp_trainer_save_to(w->class_trainer, bytes_write, &digest));
	put_optimizer(&digest, w->optimizer);
	put_number(&digest, (double)mlp_live_version(w->live));
	put_number(&digest, (double)mlp_live_networks(w->live));
	put_number(&digest, (double)mlp_workspace_max_batch(w->ws));
	put_number(&digest, (double)mlp_pool_workers(w->pool));
	for (int limit = 1; limit <= MLP_LOAD_MAX_PARAMETERS; limit++)
		put_number(&digest,
			   (double)mlp_load_options_get(w->options, (mlp_load_limit)limit));
	put_folder(&digest);
	return digest;
}

/* ---- the folder ----------------------------------------------------------------------------- */

int world_begin(void **state)
{
	(void)state;
	umask(022); /* of a file that only its owner may read, the permissions need not be set */
	/* in memory where that can be had: there are thousands of files */
	snprintf(folder, sizeof(folder), "%smlp-sweep-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm/" : "");
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(world_model, sizeof(world_model), "%s/model", folder);
	snprintf(world_checkpoint, sizeof(world_checkpoint), "%s/checkpoint", folder);
	snprintf(world_old, sizeof(world_old), "%s/old", folder);
	return 0;
}

int world_end(void **state)
{
	(void)state;
	unlink(world_model);
	unlink(world_checkpoint);
	unlink(world_old);
	return rmdir(folder);
}
