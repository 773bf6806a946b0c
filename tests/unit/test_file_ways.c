/* Ways to save and load: paths and what they lead to, callbacks. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "saved.h"

/* ---- ways ----------------------------------------------------------------------------------- */

static char folder[200];

static const char *path_of(const char *name)
{
	static char path[512];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static int make_folder(void **state)
{
	(void)state;
	const char *place = getenv("TMPDIR");
	snprintf(folder, sizeof(folder), "%s/mlp-test-file-XXXXXX", place != NULL ? place : "/tmp");
	return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder); /* empty, or a temporary file was left */
}

static void files_come_back_and_keep_their_permissions(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){3, 4, 2}, 3), *back;
	struct stat facts;
	errno = 1234;
	assert_ok(mlp_network_save(net, path_of("a")));
	assert_ok(mlp_network_load(path_of("a"), NULL, &back));
	assert_int_equal(errno, 1234);
	assert_same(net, back);
	mlp_network_free(back);
	assert_int_equal(chmod(path_of("a"), 0640), 0);
	FN(network_parameters)(net)[0] = 17;
	assert_ok(mlp_network_save(net, path_of("a")));
	assert_int_equal(stat(path_of("a"), &facts), 0);
	assert_int_equal(facts.st_mode & 07777, 0640);
	assert_ok(mlp_network_load(path_of("a"), NULL, &back));
	assert_same(net, back);
	mlp_network_free(back);
	assert_int_equal(unlink(path_of("a")), 0);
	mlp_network_free(net);
}

static void a_new_file_has_the_permissions_that_the_process_gives(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){1, 1}, 2);
	struct stat facts;
	mode_t mask = umask(027);
	assert_ok(mlp_network_save(net, path_of("a")));
	umask(mask);
	assert_int_equal(stat(path_of("a"), &facts), 0);
	assert_int_equal(facts.st_mode & 07777, 0640);
	assert_int_equal(unlink(path_of("a")), 0);
	mlp_network_free(net);
}

static void a_symbolic_link_stays_and_its_file_is_replaced(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){1, 1}, 2), *back;
	struct stat facts;
	char target[256];
	assert_ok(mlp_network_save(net, path_of("a")));
	strcpy(target, path_of("a"));
	assert_int_equal(symlink("a", path_of("link")), 0);
	FN(network_parameters)(net)[0] = 17;
	assert_ok(mlp_network_save(net, path_of("link")));
	assert_int_equal(lstat(path_of("link"), &facts), 0);
	assert_true(S_ISLNK(facts.st_mode));
	assert_ok(mlp_network_load(target, NULL, &back));
	assert_same(net, back);
	mlp_network_free(back);
	unlink(target);
	unlink(path_of("link"));
	mlp_network_free(net);
}

static void symbolic_links_to_a_file_that_is_not_there_make_it(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){1, 1}, 2), *back;
	char target[256];
	strcpy(target, path_of("a"));
	assert_int_equal(symlink("a", path_of("relative")), 0);
	assert_int_equal(symlink(target, path_of("absolute")), 0);
	assert_int_equal(symlink("relative", path_of("chain")), 0);
	for (const char *const *name = (const char *const[]){"chain", "relative", "absolute", NULL};
	     *name != NULL; name++) {
		assert_ok(mlp_network_save(net, path_of(*name)));
		assert_ok(mlp_network_load(target, NULL, &back));
		assert_same(net, back);
		mlp_network_free(back);
		assert_int_equal(unlink(target), 0);
		struct stat facts;
		assert_int_equal(lstat(path_of(*name), &facts), 0);
		assert_true(S_ISLNK(facts.st_mode));
		unlink(path_of(*name));
	}
	mlp_network_free(net);
}

static void symbolic_links_that_lead_nowhere_are_errors(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){1, 1}, 2);
	assert_int_equal(symlink("loop", path_of("loop")), 0);
	assert_fails(MLP_ERR_IO, "/loop': Too many levels", mlp_network_save(net, path_of("loop")));
	unlink(path_of("loop"));
	assert_int_equal(symlink("none/a", path_of("link")), 0);
	assert_fails(MLP_ERR_IO, "/link': No such file", mlp_network_save(net, path_of("link")));
	unlink(path_of("link"));
	mlp_network_free(net);
}

/* As many bytes of a path as the line has room for are shown: all, or the last 140. */
static void long_paths_are_shown_from_their_end(void **state)
{
	(void)state;
	mlp_network *back;
	for (int length = 139; length <= 141; length++) {
		char name[142], line[256];
		memset(name, 'x', sizeof(name));
		memcpy(name, "no/", 3);
		name[length] = '\0';
		snprintf(line, sizeof(line), " '%s%s': No such file", length > 140 ? "..." : "",
			 length > 140 ? name + length - 140 : name);
		assert_fails(MLP_ERR_IO, line, mlp_network_load(name, NULL, &back));
	}
}

static void what_cannot_be_a_file_is_refused(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){1, 1}, 2), *back = net;
	char longest[5000];
	memset(longest, 'x', sizeof(longest));
	longest[4999] = '\0';
	assert_fails(MLP_ERR_IO, "': Is a directory", mlp_network_save(net, folder));
	assert_fails(MLP_ERR_IO, "a/b/c': No such file", mlp_network_save(net, path_of("a/b/c")));
	assert_fails(MLP_ERR_IO, "no-file/': ", mlp_network_save(net, path_of("no-file/")));
	assert_fails(MLP_ERR_IO, "'': No such file", mlp_network_save(net, ""));
	assert_fails(MLP_ERR_IO, "no regular file: '/dev/null'",
		     mlp_network_save(net, "/dev/null"));
	assert_fails(MLP_ERR_IO, "xxx': File name too long", mlp_network_save(net, longest));
	assert_fails(MLP_ERR_IO, "': Is a directory", mlp_network_load(folder, NULL, &back));
	assert_null(back);
	assert_fails(MLP_ERR_IO, "none': No such file",
		     mlp_network_load(path_of("none"), NULL, &back));
	assert_fails(MLP_ERR_FORMAT, "ends 8 bytes too early",
		     mlp_network_load("/dev/null", NULL, &back));
	if (geteuid() != 0) { /* root may do everything */
		assert_int_equal(chmod(folder, 0500), 0);
		assert_fails(MLP_ERR_IO, "Permission denied", mlp_network_save(net, path_of("a")));
		assert_int_equal(chmod(folder, 0700), 0);
	}
	mlp_network_free(net);
}

static void a_pipe_is_read_to_its_end(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){3, 4, 2}, 3), *back;
	struct bytes bytes = save(net);
	int ends[2];
	char path[64];
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], bytes.data, bytes.size), (ssize_t)bytes.size);
	close(ends[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	assert_ok(mlp_network_load(path, NULL, &back));
	close(ends[0]);
	assert_same(net, back);
	mlp_network_free(back);
	mlp_network_free(net);
	bytes_free(&bytes);
}

static void callbacks_may_give_and_take_any_pieces(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){3, 4, 2}, 3);
	struct bytes bytes = save(net);
	for (bytes.most = 0; bytes.most < 20; bytes.most += 7) {
		mlp_network *back;
		bytes.position = 0;
		assert_ok(mlp_network_load_from(bytes_read, &bytes, NULL, &back));
		assert_same(net, back);
		mlp_network_free(back);
	}
	mlp_network_free(net);
	bytes_free(&bytes);
}

static int64_t gives_too_much(void *context, void *data, size_t size)
{
	(void)context;
	memset(data, 0, size);
	return (int64_t)size + 1;
}

static void callbacks_that_fail_are_reported(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){3, 4, 2}, 3), *back = net;
	struct bytes whole = save(net);
	int64_t n = 1;
	for (;; n++) {
		struct bytes bytes = {.fails_at = n};
		mlp_status status = mlp_network_save_to(net, bytes_write, &bytes);
		assert_int_equal(bytes.calls <= n, 1); /* not called again */
		bytes_free(&bytes);
		if (status == MLP_OK)
			break;
		assert_fails(MLP_ERR_CALLBACK, "returned 7", status);
	}
	assert_int_equal(n, 7); /* length, header, four tensors */
	whole.fails_at = whole.calls + 1;
	assert_fails(MLP_ERR_CALLBACK, "returned -1",
		     mlp_network_load_from(bytes_read, &whole, NULL, &back));
	assert_null(back);
	assert_fails(MLP_ERR_CALLBACK, "returned",
		     mlp_network_load_from(gives_too_much, NULL, NULL, &back));
	mlp_network_free(net);
	bytes_free(&whole);
}

static void null_is_refused(void **state)
{
	(void)state;
	mlp_network *net = make_network((const int64_t[]){1, 1}, 2), *back = net;
	assert_fails(MLP_ERR_NULL, "net is NULL", mlp_network_save(NULL, "x"));
	assert_fails(MLP_ERR_NULL, "path is NULL", mlp_network_save(net, NULL));
	assert_fails(MLP_ERR_NULL, "net is NULL", mlp_network_save_to(NULL, bytes_write, NULL));
	assert_fails(MLP_ERR_NULL, "write is NULL", mlp_network_save_to(net, NULL, NULL));
	assert_fails(MLP_ERR_NULL, "net is NULL", mlp_network_load("x", NULL, NULL));
	assert_fails(MLP_ERR_NULL, "net is NULL", mlp_network_load_memory("", 0, NULL, NULL));
	assert_fails(MLP_ERR_NULL, "net is NULL",
		     mlp_network_load_from(bytes_read, NULL, NULL, NULL));
	assert_fails(MLP_ERR_NULL, "path is NULL", mlp_network_load(NULL, NULL, &back));
	assert_null(back);
	assert_fails(MLP_ERR_NULL, "data is NULL", mlp_network_load_memory(NULL, 8, NULL, &back));
	assert_fails(MLP_ERR_NULL, "read is NULL", mlp_network_load_from(NULL, NULL, NULL, &back));
	mlp_network_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_come_back_and_keep_their_permissions),
		cmocka_unit_test(a_new_file_has_the_permissions_that_the_process_gives),
		cmocka_unit_test(a_symbolic_link_stays_and_its_file_is_replaced),
		cmocka_unit_test(symbolic_links_to_a_file_that_is_not_there_make_it),
		cmocka_unit_test(symbolic_links_that_lead_nowhere_are_errors),
		cmocka_unit_test(long_paths_are_shown_from_their_end),
		cmocka_unit_test(what_cannot_be_a_file_is_refused),
		cmocka_unit_test(a_pipe_is_read_to_its_end),
		cmocka_unit_test(callbacks_may_give_and_take_any_pieces),
		cmocka_unit_test(callbacks_that_fail_are_reported),
		cmocka_unit_test(null_is_refused),
	};
	return cmocka_run_group_tests_name("file_ways", tests, make_folder, remove_folder);
}
