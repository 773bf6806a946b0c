/* A thread that is cancelled while it writes or reads a file finishes that, closes what it opened, and leaves no
 * temporary file. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/cancelled.h"
#include "support/watchdog.h"

static int factor = 1;
static char folder[] = "cancel_files.XXXXXX", path[64], pipe_path[64];

static mlp_status save(void *net)
{
	return mlp_network_save(net, path);
}

static mlp_status export(void *net)
{
	return mlp_export_c(net, "net", path);
}

static mlp_status load(void *context)
{
	(void)context;
	mlp_network *net;
	mlp_status status = mlp_network_load(path, NULL, &net);
	mlp_network_free(net);
	return status;
}

static mlp_status fail_to_load(void *context)
{
	(void)context;
	mlp_network *net;
	return mlp_network_load("/nowhere/at/all", NULL, &net) == MLP_ERR_IO ? MLP_OK
									     : MLP_ERR_STATE;
}

static int open_files(void)
{
	int count = 0;
	for (int descriptor = 0; descriptor < 256; descriptor++) {
		struct stat facts;
		count += fstat(descriptor, &facts) == 0;
	}
	return count;
}

static void files_are_written_and_read_to_their_end(void **state)
{
	(void)state;
	mlp_network *net = make_network();
	const int before = open_files();
	for (int i = 0; i < 10 * factor; i++) {
		assert_call_is_finished(save, net);
		assert_ok(load(NULL));
		assert_call_is_finished(load, NULL);
		assert_call_is_finished(fail_to_load, NULL);
	}
	assert_call_is_finished(export, net);
	assert_int_equal(open_files(), before);
	mlp_network_free(net);
	assert_int_equal(unlink(path), 0);
}

/* Bytes on their way to and from the host's functions. */
static struct {
	char bytes[1 << 16];
	size_t size, taken;
} store;

static int put(void *context, const void *data, size_t size)
{
	(void)context;
	pthread_testcancel();
	if (size > sizeof(store.bytes) - store.size)
		return -1;
	memcpy(store.bytes + store.size, data, size);
	store.size += size;
	return 0;
}

static int64_t take(void *context, void *data, size_t size)
{
	(void)context;
	pthread_testcancel();
	size_t rest = store.size - store.taken, n = rest < size ? rest : size;
	n = n < 1000 ? n : 1000;
	memcpy(data, store.bytes + store.taken, n);
	store.taken += n;
	return (int64_t)n;
}

static mlp_status save_to(void *net)
{
	store.size = 0;
	return mlp_network_save_to(net, put, NULL);
}

static mlp_status export_to(void *net)
{
	static const int64_t widths[] = {2, 2};
	mlp_network *small;
	(void)net;
	store.size = 0;
	mlp_status status = mlp_network_create(MLP_F32, widths, 2, &small);
	if (status == MLP_OK)
		status = mlp_export_c_to(small, "small", put, NULL);
	mlp_network_free(small);
	return status;
}

static mlp_status load_from(void *context)
{
	(void)context;
	mlp_network *net;
	store.taken = 0;
	mlp_status status = mlp_network_load_from(take, NULL, NULL, &net);
	mlp_network_free(net);
	return status;
}

static void the_hosts_functions_write_and_read_to_the_end(void **state)
{
	(void)state;
	mlp_network *net = make_network();
	assert_call_is_finished(save_to, net);
	assert_call_is_finished(load_from, NULL);
	assert_ok(load_from(NULL));
	assert_call_is_finished(export_to, NULL);
	mlp_network_free(net);
}

static mlp_status load_pipe(void *context)
{
	(void)context;
	mlp_network *net;
	mlp_status status = mlp_network_load(pipe_path, NULL, &net);
	mlp_network_free(net);
	return status;
}

/* The rest of a file comes after the cancellation of the thread that waits for it. */
static void reading_a_pipe_goes_on_until_its_end(void **state)
{
	(void)state;
	mlp_network *net = make_network();
	struct victim victim = {.call = load_pipe};
	pthread_t thread;
	void *result;
	assert_ok(save_to(net));
	assert_int_equal(mkfifo(pipe_path, 0600), 0);
	assert_int_equal(pthread_create(&thread, NULL, is_cancelled, &victim), 0);
	FILE *out = fopen(pipe_path, "w");
	assert_non_null(out);
	assert_true(fwrite(store.bytes, 1, 100, out) == 100 && fflush(out) == 0);
	usleep(20000);
	assert_true(fwrite(store.bytes + 100, 1, store.size - 100, out) == store.size - 100);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(pthread_join(thread, &result), 0);
	assert_true(victim.finished && result == PTHREAD_CANCELED);
	assert_ok(victim.status);
	mlp_network_free(net);
	assert_int_equal(unlink(pipe_path), 0);
}

static int begin(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/file", folder);
	snprintf(pipe_path, sizeof(pipe_path), "%s/pipe", folder);
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
		cmocka_unit_test(files_are_written_and_read_to_their_end),
		cmocka_unit_test(the_hosts_functions_write_and_read_to_the_end),
		cmocka_unit_test(reading_a_pipe_goes_on_until_its_end),
	};
	return cmocka_run_group_tests_name("cancel_files", tests, begin, end);
}

int main(int argc, char **argv)
{
	factor = watchdog_factor(argc, argv);
	return watchdog_run(280.0 * factor, all_tests, NULL);
}
