/* Signals a thousand times a second change no bit and fail no call, whether the host lets them restart its calls
 * or not; the host's threads take them, and the workers of a pool never do. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "support/lessons.h"
#include "support/watchdog.h"

enum { STEPS = 50, FILES = 20 };

static int factor = 1;
static struct lesson lesson;
static float expected[LESSON_PARAMETERS];
static char folder[] = "signals.XXXXXX", path[64], pipe_path[64];

static pthread_t host;
static atomic_int signals, strays;

static void count(int number)
{
	(void)number;
	atomic_fetch_add(&signals, 1);
	if (!pthread_equal(pthread_self(), host))
		atomic_fetch_add(&strays, 1);
}

static void set_timer(long microseconds)
{
	const struct itimerval timer = {{0, microseconds}, {0, microseconds}};
	assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

static bool has_worked(const mlp_pool *pool)
{
	return pool == NULL || mlp_pool_tasks(pool, 1) > 0;
}

/* work() with and without SA_RESTART, until some signals have come each time, and workers have worked. */
static void under_signals(void (*work)(mlp_pool *pool), mlp_pool *pool)
{
	for (int restarts = 0; restarts < 2; restarts++) {
		struct sigaction action = {.sa_handler = count};
		action.sa_flags = restarts ? SA_RESTART : 0;
		sigemptyset(&action.sa_mask);
		assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
		atomic_store(&signals, 0);
		set_timer(1000);
		for (int i = 0; i < factor || atomic_load(&signals) < 20 || !has_worked(pool); i++)
			work(pool);
		set_timer(0);
		assert_int_equal(atomic_load(&strays), 0);
	}
}

static void learn(mlp_pool *pool)
{
	errno = 0;
	assert_true(lesson_is_learned(&lesson, pool, STEPS, expected));
	assert_int_equal(errno, 0);
}

static void steps_make_the_same_bits(void **state)
{
	(void)state;
	mlp_pool *pool;
	assert_ok(lesson_take(&lesson, NULL, STEPS, expected));
	under_signals(learn, NULL);
	for (int64_t workers = 2; workers <= 6;
	     workers += 4) { /* that look for work, and that sleep */
		assert_ok(mlp_pool_create(workers, &pool));
		under_signals(learn, pool);
		mlp_pool_free(pool);
	}
}

static void make_and_free(mlp_pool *none)
{
	mlp_pool *pool;
	(void)none;
	for (int i = 0; i < 20; i++) {
		assert_ok(mlp_pool_create(1 + i % 4, &pool));
		mlp_pool_free(pool);
	}
}

static void pools_come_and_go(void **state)
{
	(void)state;
	under_signals(make_and_free, NULL);
}

static void save_and_load(mlp_pool *pool)
{
	mlp_network *net, *loaded;
	(void)pool;
	assert_ok(lesson_network(&net));
	for (int i = 0; i < FILES; i++) {
		mlp_network_parameters_f32(net)[0] = (float)i;
		assert_ok(mlp_network_save(net, path));
		assert_ok(mlp_network_load(path, NULL, &loaded));
		assert_memory_equal(mlp_network_const_parameters_f32(loaded),
				    mlp_network_const_parameters_f32(net),
				    LESSON_PARAMETERS * sizeof(float));
		mlp_network_free(loaded);
	}
	mlp_network_free(net);
}

static void files_are_saved_and_loaded(void **state)
{
	(void)state;
	under_signals(save_and_load, NULL);
	assert_int_equal(unlink(path), 0);
}

static void train_with_checkpoints(mlp_pool *pool)
{
	mlp_network *net;
	mlp_trainer *trainer;
	(void)pool;
	for (int run = 0; run < 2; run++) {
		assert_ok(lesson_network(&net));
		assert_ok(mlp_trainer_create(net, MLP_SGD, &trainer));
		assert_ok(mlp_trainer_set_loss(trainer, MLP_CROSS_ENTROPY, 0));
		assert_ok(mlp_trainer_set_data_class_f32(trainer, lesson.x[0], LESSON_IN,
							 lesson.classes, NULL, LESSON_BATCH));
		assert_ok(mlp_trainer_set_checkpoint(trainer, path, 1));
		if (run == 1)
			assert_ok(mlp_trainer_resume(trainer, path, NULL));
		assert_ok(mlp_trainer_set(trainer, MLP_TRAINER_EPOCHS, 5 + run));
		assert_ok(mlp_trainer_run(trainer));
		assert_int_equal(mlp_trainer_epochs_done(trainer), 5 + run);
		mlp_trainer_free(trainer);
		mlp_network_free(net);
	}
}

static void checkpoints_are_written_and_resumed(void **state)
{
	(void)state;
	under_signals(train_with_checkpoints, NULL);
	assert_int_equal(unlink(path), 0);
}

/* A file in small pieces through a pipe, by a thread that takes no signals: the reader waits, and is
 * interrupted while it does. */
static struct {
	char bytes[1 << 16];
	size_t size;
} store;

static int put(void *context, const void *data, size_t size)
{
	(void)context;
	if (size > sizeof(store.bytes) - store.size)
		return -1;
	memcpy(store.bytes + store.size, data, size);
	store.size += size;
	return 0;
}

static void *feed(void *argument)
{
	usleep(3000); /* opening waits for the other end, too */
	int out = open(pipe_path, O_WRONLY | O_CLOEXEC);
	for (size_t done = 0; out >= 0 && done < store.size;) {
		size_t rest = store.size - done;
		ssize_t n = write(out, store.bytes + done, rest < 2000 ? rest : 2000);
		if (n < 0)
			break;
		done += (size_t)n;
		usleep(3000);
	}
	close(out);
	return argument;
}

static void load_pipe(mlp_pool *pool)
{
	(void)pool;
	pthread_t thread;
	mlp_network *loaded;
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	assert_int_equal(pthread_create(&thread, NULL, feed, NULL), 0);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	assert_ok(mlp_network_load(pipe_path, NULL, &loaded));
	assert_int_equal(pthread_join(thread, NULL), 0);
	mlp_network_free(loaded);
}

static void reading_a_pipe_goes_on(void **state)
{
	(void)state;
	mlp_network *net;
	assert_ok(lesson_network(&net));
	assert_ok(mlp_network_save_to(net, put, NULL));
	assert_int_equal(mkfifo(pipe_path, 0600), 0);
	under_signals(load_pipe, NULL);
	assert_int_equal(unlink(pipe_path), 0);
	mlp_network_free(net);
}

static int begin(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/file", folder);
	snprintf(pipe_path, sizeof(pipe_path), "%s/pipe", folder);
	host = pthread_self();
	lesson_fill(&lesson, 0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	return rmdir(folder);
}

static int all_tests(void *context)
{
	(void)context;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_make_the_same_bits),
		cmocka_unit_test(pools_come_and_go),
		cmocka_unit_test(files_are_saved_and_loaded),
		cmocka_unit_test(checkpoints_are_written_and_resumed),
		cmocka_unit_test(reading_a_pipe_goes_on),
	};
	return cmocka_run_group_tests_name("signals", tests, begin, end);
}

int main(int argc, char **argv)
{
	factor = watchdog_factor(argc, argv);
	return watchdog_run(280.0 * factor, all_tests, NULL);
}
