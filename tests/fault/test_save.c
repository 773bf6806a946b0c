/* The n-th call of the system fails while a file is replaced, for every n: the old file is there unchanged (after
 * the last of the calls, the new one), no temporary file is left, no descriptor is open, and the error tells
 * the system's words and the path. The linker puts the functions below in place of the C library's. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "fault/wrapped.h"
#include "support/test.h"

static struct {
	bool active;
	int calls, fails_at; /* number of the call that fails, from 1 */
	int error;           /* how */
	const char *failed;  /* which */
	size_t most;         /* bytes that are written or read at once; 0: all */
	bool nothing;        /* writes take no bytes, and say so */
	int taken_names;     /* names of temporary files that others have already */
	int opened, closed;
	bool renamed;
	int chmod_error;  /* of every fchmod; 0: none */
	mode_t made_with; /* permissions of the temporary file at first */
} plan;

static bool fails(const char *name)
{
	if (!plan.active || ++plan.calls != plan.fails_at)
		return false;
	plan.failed = name;
	errno = plan.error;
	return true;
}

int __wrap_open(const char *path, int flags, ...)
{
	if (fails("open"))
		return -1;
	plan.opened += plan.active;
	return __real_open(path, flags);
}

int __wrap_openat(int folder, const char *path, int flags, ...)
{
	va_list rest;
	va_start(rest, flags);
	mode_t mode = (mode_t)va_arg(rest, int);
	va_end(rest);
	if (fails("openat"))
		return -1;
	if (plan.active && plan.taken_names > 0) {
		plan.taken_names--;
		errno = EEXIST;
		return -1;
	}
	plan.opened += plan.active;
	plan.made_with = mode;
	return __real_openat(folder, path, flags, mode);
}

ssize_t __wrap_write(int file, const void *data, size_t size)
{
	if (fails("write"))
		return -1;
	if (plan.active && plan.nothing)
		return 0;
	if (plan.active && plan.most != 0 && size > plan.most)
		size = plan.most;
	return __real_write(file, data, size);
}

ssize_t __wrap_read(int file, void *data, size_t size)
{
	if (fails("read"))
		return -1;
	if (plan.active && plan.most != 0 && size > plan.most)
		size = plan.most;
	return __real_read(file, data, size);
}

int __wrap_fsync(int file)
{
	return fails("fsync") ? -1 : __real_fsync(file);
}

int __wrap_fchmod(int file, mode_t mode)
{
	if (plan.active && plan.chmod_error != 0) {
		errno = plan.chmod_error;
		return -1;
	}
	return fails("fchmod") ? -1 : __real_fchmod(file, mode);
}

int __wrap_fstat(int file, struct stat *facts)
{
	return fails("fstat") ? -1 : __real_fstat(file, facts);
}

/* The descriptor is gone whatever close says. */
int __wrap_close(int file)
{
	plan.closed += plan.active;
	int result = __real_close(file);
	return fails("close") ? -1 : result;
}

int __wrap_renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	if (fails("renameat"))
		return -1;
	plan.renamed = true;
	return __real_renameat(from_folder, from, to_folder, to);
}

/* ---- a folder with one model ---------------------------------------------------------------- */

static char folder[200], path[256];

static int make_folder(void **state)
{
	(void)state;
	const char *place = getenv("TMPDIR");
	umask(022); /* of a file that only its owner may read, the permissions need not be set */
	snprintf(folder, sizeof(folder), "%s/mlp-test-save-XXXXXX", place != NULL ? place : "/tmp");
	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/model", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static int count_files(void)
{
	int count = 0;
	DIR *list = opendir(folder);
	while (readdir(list) != NULL)
		count++;
	closedir(list);
	return count - 2; /* . and .. */
}

static mlp_network *make_network(float first)
{
	mlp_network *net;
	assert_ok(mlp_network_create(MLP_F32, (const int64_t[]){3, 4, 2}, 3, &net));
	mlp_network_parameters_f32(net)[0] = first;
	return net;
}

/* w(1)[0][0] of the network in the file, by which versions are told apart; 0 if there is none. */
static float version(void)
{
	mlp_network *net;
	if (access(path, F_OK) != 0)
		return 0;
	assert_ok(mlp_network_load(path, NULL, &net));
	float first = mlp_network_parameters_f32(net)[0];
	mlp_network_free(net);
	return first;
}

static mlp_status save_with_plan(float first)
{
	mlp_network *net = make_network(first);
	plan.calls = plan.opened = plan.closed = 0;
	plan.failed = NULL;
	plan.renamed = false;
	plan.active = true;
	mlp_status status = mlp_network_save(net, path);
	plan.active = false;
	mlp_network_free(net);
	assert_int_equal(plan.opened, plan.closed);
	return status;
}

/* ---- tests ---------------------------------------------------------------------------------- */

static void sweep(bool exists, int error, const char *words)
{
	float old = exists ? 1 : 0;
	int n = 1;
	for (;; n++) {
		if (exists) {
			plan.fails_at = 0;
			assert_ok(save_with_plan(old));
		} else {
			unlink(path);
		}
		plan.fails_at = n;
		plan.error = error;
		mlp_status status = save_with_plan(2);
		if (plan.failed == NULL) {
			assert_int_equal(status, MLP_OK);
			break;
		}
		if (status == MLP_OK)
			assert_string_equal(plan.failed, "close"); /* of the folder */
		else {
			assert_fails(MLP_ERR_IO, words, status);
			assert_fails(MLP_ERR_IO, path, status);
		}
		assert_true(version() == (plan.renamed ? 2 : old));
		assert_int_equal(count_files(), version() != 0);
	}
	/* open, openat, 6 writes, fsync, close, renameat, fsync, close; fchmod */
	assert_int_equal(n, exists ? 15 : 14);
	plan.fails_at = 0;
}

static void any_call_of_the_system_may_fail(void **state)
{
	(void)state;
	sweep(true, ENOSPC, "No space left on device");
	sweep(false, EIO, "Input/output error");
	sweep(true, EACCES, "Permission denied");
}

static void signals_may_interrupt_any_call(void **state)
{
	(void)state;
	for (int n = 1; n < 20; n++) {
		plan.fails_at = n;
		plan.error = EINTR;
		mlp_status status = save_with_plan((float)n);
		if (status != MLP_OK) /* POSIX has no EINTR for these */
			assert_true(strcmp(plan.failed, "renameat") == 0 ||
				    strcmp(plan.failed, "fchmod") == 0);
		else
			assert_true(version() == (float)n);
		assert_int_equal(count_files(), 1);
	}
	plan.fails_at = 0;
}

/* The first descriptor that the library opens is 0 then. */
static void the_host_may_have_closed_its_standard_input(void **state)
{
	(void)state;
	int input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
	close(STDIN_FILENO);
	sweep(true, EIO, "Input/output error");
	sweep(false, ENOSPC, "No space left on device");
	assert_true(version() == 2);
	assert_int_equal(open("/dev/null", O_RDONLY),
			 STDIN_FILENO); /* which loading has closed, too */
	if (input >= 0) {
		assert_int_equal(dup2(input, STDIN_FILENO), STDIN_FILENO);
		close(input);
	}
}

static void writes_and_reads_may_be_short(void **state)
{
	(void)state;
	plan.most = 1;
	assert_ok(save_with_plan(5));
	assert_true(plan.calls > 500);
	plan.active = true;
	float read_byte_by_byte = version();
	plan.active = false;
	assert_true(read_byte_by_byte == 5);
	plan.most = 0;
}

static void a_write_that_takes_nothing_does_not_go_on_for_ever(void **state)
{
	(void)state;
	assert_ok(save_with_plan(6));
	plan.nothing = true;
	assert_fails(MLP_ERR_IO, "Input/output error", save_with_plan(7));
	plan.nothing = false;
	assert_true(version() == 6);
	assert_int_equal(count_files(), 1);
}

static void file_systems_without_fsync_of_folders_will_do(void **state)
{
	(void)state;
	assert_ok(save_with_plan(1));
	plan.fails_at = plan.calls - 1;
	plan.error = EINVAL;
	assert_ok(save_with_plan(8));
	assert_string_equal(plan.failed, "fsync");
	assert_true(version() == 8);
	plan.fails_at = 0;
}

/* vfat says EPERM, others that there is no such thing. */
static void file_systems_without_permissions_will_do(void **state)
{
	(void)state;
	const int none[] = {ENOTSUP, ENOSYS};
	assert_ok(save_with_plan(1));
	assert_int_equal(chmod(path, 0640), 0);
	for (int i = 0; i < 2; i++) {
		plan.chmod_error = none[i];
		assert_ok(save_with_plan((float)(20 + i)));
		assert_true(version() == (float)(20 + i));
		plan.chmod_error = 0;
		assert_int_equal(chmod(path, 0640), 0);
	}
	plan.chmod_error = EPERM; /* and permissions that would be others: they count */
	assert_fails(MLP_ERR_IO, "Operation not permitted", save_with_plan(30));
	assert_true(version() == 21);
	assert_int_equal(chmod(path, 0600), 0); /* those of every new file here */
	assert_ok(save_with_plan(31));
	assert_true(version() == 31);
	plan.chmod_error = 0;
	assert_int_equal(count_files(), 1);
}

static void nobody_else_sees_the_new_contents_of_a_private_file(void **state)
{
	(void)state;
	mode_t mask = umask(0);
	unlink(path);
	assert_ok(save_with_plan(1));
	assert_int_equal(plan.made_with, 0666);
	assert_int_equal(chmod(path, 0600), 0);
	assert_ok(save_with_plan(2));
	assert_int_equal(plan.made_with, 0600);
	assert_int_equal(chmod(path, 0644), 0);
	assert_ok(save_with_plan(3));
	assert_int_equal(plan.made_with, 0600);
	struct stat facts;
	assert_int_equal(stat(path, &facts), 0);
	assert_int_equal(facts.st_mode & 07777, 0644);
	umask(mask);
}

static void a_name_that_is_taken_is_not_used(void **state)
{
	(void)state;
	plan.taken_names = 3;
	assert_ok(save_with_plan(9));
	plan.taken_names = 1000000;
	assert_fails(MLP_ERR_IO, "File exists", save_with_plan(10));
	plan.taken_names = 0;
	assert_true(version() == 9);
}

static void any_call_may_fail_while_a_file_is_read(void **state)
{
	(void)state;
	assert_ok(save_with_plan(11));
	for (int n = 1;; n++) {
		mlp_network *net;
		plan.calls = plan.opened = plan.closed = 0;
		plan.fails_at = n;
		plan.error = EIO;
		plan.failed = NULL;
		plan.active = true;
		mlp_status status = mlp_network_load(path, NULL, &net);
		plan.active = false;
		assert_int_equal(plan.opened, plan.closed);
		mlp_network_free(net);
		if (plan.failed == NULL) {
			assert_int_equal(n, 10); /* open, fstat, 6 reads, close */
			break;
		}
		if (strcmp(plan.failed, "close") == 0)
			assert_ok(status);
		else
			assert_fails(MLP_ERR_IO, "Input/output error", status);
	}
	plan.fails_at = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_call_of_the_system_may_fail),
		cmocka_unit_test(signals_may_interrupt_any_call),
		cmocka_unit_test(the_host_may_have_closed_its_standard_input),
		cmocka_unit_test(writes_and_reads_may_be_short),
		cmocka_unit_test(a_write_that_takes_nothing_does_not_go_on_for_ever),
		cmocka_unit_test(file_systems_without_fsync_of_folders_will_do),
		cmocka_unit_test(file_systems_without_permissions_will_do),
		cmocka_unit_test(nobody_else_sees_the_new_contents_of_a_private_file),
		cmocka_unit_test(a_name_that_is_taken_is_not_used),
		cmocka_unit_test(any_call_may_fail_while_a_file_is_read),
	};
	return cmocka_run_group_tests_name("save", tests, make_folder, remove_folder);
}
