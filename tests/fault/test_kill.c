/* Training that writes a checkpoint after every batch is killed at random moments: each time the file on the
 * disk loads, and training taken up from it ends in the bits of a run that was never killed.
 *
 *     test_kill [times]        20 by default */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* mkdtemp */
#endif
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/test.h"

enum { ROWS = 200, IN = 20, OUT = 3, PARAMETERS = 30 * (IN + 1) + OUT * 31 };

static int times = 20;
static char folder[] = "kill-XXXXXX", path[64];
static float x[ROWS * IN];
static int64_t classes[ROWS];

static mlp_network *make_network(void)
{
	const int64_t widths[] = {IN, 30, OUT};
	mlp_network *net = NULL;
	if (mlp_network_create(MLP_F32, widths, 3, &net) != MLP_OK ||
	    mlp_network_set_activation(net, 2, MLP_SOFTMAX) != MLP_OK ||
	    mlp_network_set_dropout(net, 1, 0.2) != MLP_OK)
		return NULL;
	return net;
}

/* The whole run, or what is left of it: 0, or the line of what went wrong. */
static int train(bool resumes, bool saves, int64_t workers, float *parameters)
{
	mlp_network *net = make_network();
	mlp_trainer *trainer;
	mlp_pool *pool = NULL;
	if (net == NULL || mlp_trainer_create(net, MLP_ADAM, &trainer) != MLP_OK)
		return __LINE__;
	mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 4);
	mlp_trainer_set(trainer, MLP_TRAINER_BATCH, 20);
	mlp_trainer_set(trainer, MLP_TRAINER_VALIDATION_FRACTION, 0.2);
	if (resumes && mlp_trainer_resume(trainer, path, NULL) != MLP_OK)
		return __LINE__;
	if (saves && mlp_trainer_set_checkpoint(trainer, path, 1) != MLP_OK)
		return __LINE__;
	if (workers > 1 && mlp_pool_create(workers, &pool) != MLP_OK)
		return __LINE__;
	if (mlp_trainer_set_pool(trainer, pool) != MLP_OK ||
	    mlp_trainer_set_data_class_f32(trainer, x, IN, classes, NULL, ROWS) != MLP_OK ||
	    mlp_trainer_run(trainer) != MLP_OK ||
	    mlp_network_get_parameters_f32(net, parameters, PARAMETERS) != MLP_OK)
		return __LINE__;
	mlp_trainer_free(trainer);
	mlp_pool_free(pool);
	mlp_network_free(net);
	return 0;
}

static bool file_exists(void)
{
	struct stat info;
	return stat(path, &info) == 0;
}

/* A child trains and is killed after some time; whether it was quicker than that. */
static bool kill_child(uint64_t *seed, long most_microseconds)
{
	float parameters[PARAMETERS];
	bool resumes = file_exists();
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(train(resumes, true, 1, parameters) != 0);
	struct timespec moment = {.tv_nsec = random_integer(seed, 0, most_microseconds) * 1000};
	nanosleep(&moment, NULL);
	kill(child, SIGKILL);
	int status;
	assert_true(waitpid(child, &status, 0) == child);
	if (!WIFSIGNALED(status))
		assert_int_equal(WEXITSTATUS(status), 0);
	return !WIFSIGNALED(status);
}

static void killed_at_any_moment_training_ends_in_the_same_bits(void **state)
{
	(void)state;
	static float expected[PARAMETERS], parameters[PARAMETERS];
	uint64_t seed = 1;
	random_fill_f32(&seed, x, ROWS * IN, 1);
	for (int n = 0; n < ROWS; n++)
		classes[n] = x[n * IN] > 0 ? 2 : x[n * IN + 1] > 0 ? 1 : 0;
	assert_int_equal(train(false, false, 1, expected), 0);
	/* as long as a whole run takes */
	struct timespec before, after;
	clock_gettime(CLOCK_MONOTONIC, &before);
	assert_int_equal(train(false, true, 1, parameters), 0);
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_memory_equal(parameters, expected, sizeof(expected));
	unlink(path);
	long window = (after.tv_sec - before.tv_sec) * 1000000L +
		      (after.tv_nsec - before.tv_nsec) / 1000L;
	int found = 0;
	for (int kills = 0; kills < times;) {
		if (kill_child(&seed, window < 900000 ? window : 900000)) {
			unlink(path);
			continue;
		}
		kills++;
		if (!file_exists())
			continue;
		found++;
		mlp_network *loaded;
		assert_ok(mlp_network_load(path, NULL, &loaded));
		mlp_network_free(loaded);
		assert_int_equal(train(true, false, 1 + kills % 3, parameters), 0);
		assert_memory_equal(parameters, expected, sizeof(expected));
	}
	print_message("%d of %d were killed with a checkpoint on the disk\n", found, times);
	assert_true(found > times / 3);
}

static int begin(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/checkpoint", folder);
	return 0;
}

/* With what the killed left behind. */
static int end(void **state)
{
	(void)state;
	DIR *entries = opendir(folder);
	for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
		char name[512];
		snprintf(name, sizeof(name), "%s/%s", folder, entry->d_name);
		unlink(name); /* not "." and "..", which are folders */
	}
	if (entries != NULL)
		closedir(entries);
	return rmdir(folder);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed_at_any_moment_training_ends_in_the_same_bits),
	};
	if (argc > 1)
		times = (int)strtol(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, begin, end);
}
