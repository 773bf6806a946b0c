/* Files that are written as a whole. */
#define _XOPEN_SOURCE 700 /* realpath; NOLINT: the name is the C library's */
#include "data/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_ATTEMPTS = 1000, TEMPORARY_ROOM = 64 };

/* The command may end in the middle, by exit() or by a signal: then nothing is to be left of it. */
static _Atomic(const char *) unfinished;

void output_abandon(void)
{
	const char *name = unfinished;
	if (name != NULL)
		unlink(name);
}

static bool fail_to_write(const char *path, int reason, struct data_error *error)
{
	return data_fail(error, DATA_ERROR_FILE, "%s: cannot be written: %s", path,
			 strerror(reason));
}

static void forget(struct output *output)
{
	free(output->path);
	free(output->target);
	free(output->temporary);
	*output = (struct output){0};
}

/* A name beside the target's, that nobody has. A signal may come at any moment: the name is noted before there is a
 * file of it, and it has the process's number, so that the file is no other process's. */
static int create_temporary(struct output *output)
{
	const char *slash = strrchr(output->target, '/');
	size_t folder = slash != NULL ? (size_t)(slash - output->target) + 1 : 0;
	output->temporary = malloc(folder + TEMPORARY_ROOM);
	if (output->temporary == NULL)
		return -1;
	memcpy(output->temporary, output->target, folder);
	mode_t mode = output->exists ? (output->mode & 0666U) : 0666;
	int file = -1;
	for (int i = 0; i < MOST_ATTEMPTS && file < 0; i++) {
		snprintf(output->temporary + folder, TEMPORARY_ROOM, ".mlp-%ld-%d.tmp",
			 (long)getpid(), i);
		unfinished = output->temporary;
		file = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (file < 0)
			unfinished = NULL;
		if (file < 0 && errno != EEXIST)
			break;
	}
	return file;
}

/* The temporary file's stream; NULL with errno, and no such file. */
static FILE *open_temporary(struct output *output)
{
	static bool registered;
	if (!registered && atexit(output_abandon) != 0) {
		errno = ENOMEM;
		return NULL;
	}
	registered = true;
	int file = create_temporary(output);
	FILE *stream = file >= 0 ? fdopen(file, "wb") : NULL;
	int reason = errno;
	if (stream != NULL)
		return stream;
	if (file >= 0) {
		close(file);
		unlink(output->temporary);
		unfinished = NULL;
	}
	free(output->temporary);
	output->temporary = NULL;
	errno = reason;
	return NULL;
}

/* Where a link leads; what is not there yet, by the path itself. */
static bool find_target(struct output *output, const char *path)
{
	struct stat about;
	output->exists = stat(path, &about) == 0;
	if (!output->exists && errno != ENOENT)
		return false;
	output->mode = output->exists ? (unsigned)about.st_mode & 07777U : 0;
	/* nor does a file without a name, such as one in memory, have a place for another */
	if (output->exists && (!S_ISREG(about.st_mode) || about.st_nlink == 0))
		return true;
	output->target = output->exists ? realpath(path, NULL) : strdup(path);
	return output->target != NULL;
}

static FILE *open_file(struct output *output, const char *path)
{
	struct stat link;
	if (!find_target(output, path))
		return NULL;
	/* a link to a file that is not there makes that file */
	bool dangles = !output->exists && lstat(path, &link) == 0;
	if (output->target != NULL && !dangles) {
		FILE *file = open_temporary(output);
		if (file != NULL || (errno != EACCES && errno != EPERM))
			return file;
	}
	free(output->target);
	output->target = NULL;
	return fopen(path, "wbe");
}

bool output_open(struct output *output, const char *path, struct data_error *error)
{
	bool is_stdout = strcmp(path, "-") == 0;
	*output = (struct output){0};
	output->path = strdup(is_stdout ? "standard output" : path);
	if (output->path == NULL)
		return data_fail_memory(error);
	output->file = is_stdout ? stdout : open_file(output, path);
	if (output->file != NULL)
		return true;
	int reason = errno;
	forget(output);
	return reason == ENOMEM ? data_fail_memory(error) : fail_to_write(path, reason, error);
}

/* The temporary file's contents reach the disk before its name does. */
static int finish(const struct output *output)
{
	int file = fileno(output->file);
	if (fflush(output->file) != 0)
		return errno;
	if (output->target == NULL)
		return 0;
	/* where permissions cannot be set it has no more of them than the old one */
	if (output->exists)
		(void)fchmod(file, (mode_t)output->mode);
	while (fsync(file) != 0)
		if (errno != EINTR)
			return errno == EINVAL ? 0 : errno;
	return 0;
}

/* Why a stream failed some time ago: the system says it again, of a byte more. */
static int reason_of(FILE *file)
{
	errno = 0;
	if (file != stdout)
		(void)putc('\n', file);
	return fflush(file) != 0 && errno != 0 ? errno : EIO;
}

bool output_close(struct output *output, int failure, struct data_error *error)
{
	if (failure == 0 && ferror(output->file))
		failure = reason_of(output->file);
	if (failure == 0)
		failure = finish(output);
	if (output->file != stdout && fclose(output->file) != 0 && failure == 0 && errno != EINTR)
		failure = errno;
	if (failure == 0 && output->temporary != NULL &&
	    rename(output->temporary, output->target) != 0)
		failure = errno;
	if (failure != 0 && output->temporary != NULL)
		unlink(output->temporary);
	if (output->temporary != NULL)
		unfinished = NULL;
	bool ok = failure == 0 || fail_to_write(output->path, failure, error);
	forget(output);
	return ok;
}
