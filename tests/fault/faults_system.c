/* Calls of the system that fail when it is their turn. What the C library's streams call cannot be taken the place
 * of; therefore a stream that the program opens is made one of ours, by fopencookie(), which reads, writes and
 * closes by the functions below. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "faults.h"

#define CALLER __builtin_return_address(0)

/* ---- descriptors ---------------------------------------------------------------------------- */

static int open_at(int folder, const char *path, int flags, va_list rest, const void *caller)
{
	mode_t mode = 0;
	if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE)
		mode = va_arg(rest, mode_t);
	return fault_due("open", caller) && !fault_is_short()
		       ? -1
		       : (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define OPEN(name)                                                                                 \
	int name(const char *path, int flags, ...)                                                 \
	{                                                                                          \
		va_list rest;                                                                      \
		va_start(rest, flags);                                                             \
		int file = open_at(AT_FDCWD, path, flags, rest, CALLER);                           \
		va_end(rest);                                                                      \
		return file;                                                                       \
	}
#define OPEN_AT(name)                                                                              \
	int name(int folder, const char *path, int flags, ...)                                     \
	{                                                                                          \
		va_list rest;                                                                      \
		va_start(rest, flags);                                                             \
		int file = open_at(folder, path, flags, rest, CALLER);                             \
		va_end(rest);                                                                      \
		return file;                                                                       \
	}

OPEN(open)
OPEN(open64)
OPEN_AT(openat)
OPEN_AT(openat64)

static ssize_t read_some(int file, void *data, size_t size, const void *caller)
{
	if (fault_due("read", caller)) {
		if (!fault_is_short())
			return -1;
		size = (size + 1) / 2;
	}
	return syscall(SYS_read, file, data, size);
}

static ssize_t write_some(int file, const void *data, size_t size, const void *caller)
{
	if (fault_due("write", caller)) {
		if (!fault_is_short())
			return -1;
		size = (size + 1) / 2;
	}
	return syscall(SYS_write, file, data, size);
}

/* The descriptor is gone whatever it says. */
static int close_one(int file, const void *caller)
{
	int result = (int)syscall(SYS_close, file);
	return fault_due("close", caller) && !fault_is_short() ? -1 : result;
}

ssize_t read(int file, void *data, size_t size)
{
	return read_some(file, data, size, CALLER);
}

ssize_t write(int file, const void *data, size_t size)
{
	return write_some(file, data, size, CALLER);
}

int close(int file)
{
	return close_one(file, CALLER);
}

/* The disk is not waited for: there are thousands of these. */
int fsync(int file)
{
	(void)file;
	return fault_due("fsync", CALLER) && !fault_is_short() ? -1 : 0;
}

int fchmod(int file, mode_t mode)
{
	return fault_due("fchmod", CALLER) && !fault_is_short()
		       ? -1
		       : (int)syscall(SYS_fchmod, file, mode);
}

static int find_facts(int folder, const char *path, struct stat *facts, int flags,
		      const void *caller)
{
	typedef int function(int, const char *, struct stat *, int);
	static function *next;
	if (next == NULL) {
		void *address = dlsym(RTLD_NEXT, "fstatat");
		memcpy(&next, &address, sizeof next);
	}
	return fault_due("stat", caller) && !fault_is_short() ? -1
							      : next(folder, path, facts, flags);
}

int stat(const char *path, struct stat *facts)
{
	return find_facts(AT_FDCWD, path, facts, 0, CALLER);
}

int lstat(const char *path, struct stat *facts)
{
	return find_facts(AT_FDCWD, path, facts, AT_SYMLINK_NOFOLLOW, CALLER);
}

int fstat(int file, struct stat *facts)
{
	return find_facts(file, "", facts, AT_EMPTY_PATH, CALLER);
}

int rename(const char *from, const char *to)
{
	return fault_due("rename", CALLER) && !fault_is_short()
		       ? -1
		       : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	return fault_due("rename", CALLER) && !fault_is_short()
		       ? -1
		       : (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
}

/* ---- streams -------------------------------------------------------------------------------- */

enum { MOST_STREAMS = 16 };

static struct {
	FILE *stream;
	int file;
} streams[MOST_STREAMS];

/* A cookie is the descriptor and 1, so that it is never NULL. */
static int file_of(void *cookie)
{
	return (int)((intptr_t)cookie - 1);
}

static ssize_t stream_reads(void *cookie, char *data, size_t size)
{
	return read_some(file_of(cookie), data, size, NULL);
}

/* The C library's own goes on after a short write, but not for a cookie. */
static ssize_t stream_writes(void *cookie, const char *data, size_t size)
{
	size_t done = 0;
	while (done < size) {
		ssize_t n = write_some(file_of(cookie), data + done, size - done, NULL);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done; /* 0 is an error to it */
}

static int stream_seeks(void *cookie, off64_t *offset, int whence)
{
	off64_t place = lseek64(file_of(cookie), *offset, whence);
	if (place < 0)
		return -1;
	*offset = place;
	return 0;
}

static int stream_closes(void *cookie)
{
	for (int i = 0; i < MOST_STREAMS; i++)
		if (streams[i].stream != NULL && streams[i].file == file_of(cookie))
			streams[i].stream = NULL;
	return close_one(file_of(cookie), NULL);
}

static FILE *make_stream(int file, const char *mode)
{
	const cookie_io_functions_t functions = {stream_reads, stream_writes, stream_seeks,
						 stream_closes};
	char simple[3] = {mode[0], strchr(mode, '+') != NULL ? '+' : '\0', '\0'};
	FILE *stream = fopencookie((void *)((intptr_t)file + 1), simple, functions);
	for (int i = 0; i < MOST_STREAMS && stream != NULL; i++)
		if (streams[i].stream == NULL) {
			streams[i].stream = stream;
			streams[i].file = file;
			break;
		}
	return stream;
}

static FILE *open_stream(const char *path, const char *mode, const void *caller)
{
	bool reads = mode[0] == 'r', both = strchr(mode, '+') != NULL;
	int flags = both ? O_RDWR : reads ? O_RDONLY : O_WRONLY;
	if (!reads)
		flags |= O_CREAT | (mode[0] == 'a' ? O_APPEND : O_TRUNC);
	if (strchr(mode, 'e') != NULL)
		flags |= O_CLOEXEC;
	if (fault_due("open", caller) && !fault_is_short())
		return NULL;
	int file = (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0666);
	if (file < 0)
		return NULL;
	FILE *stream = make_stream(file, mode);
	if (stream == NULL)
		syscall(SYS_close, file);
	return stream;
}

FILE *fopen(const char *path, const char *mode)
{
	return open_stream(path, mode, CALLER);
}

FILE *fopen64(const char *path, const char *mode)
{
	return open_stream(path, mode, CALLER);
}

FILE *fdopen(int file, const char *mode)
{
	return make_stream(file, mode);
}

/* A stream of ours has none. */
int fileno(FILE *stream)
{
	typedef int function(FILE *);
	static function *next;
	for (int i = 0; i < MOST_STREAMS; i++)
		if (stream != NULL && streams[i].stream == stream)
			return streams[i].file;
	if (next == NULL) {
		void *address = dlsym(RTLD_NEXT, "fileno");
		memcpy(&next, &address, sizeof next);
	}
	return next(stream);
}

void fault_watch_stdout(void)
{
	if (fcntl(STDOUT_FILENO, F_GETFD) < 0)
		return; /* closed: that is left as it is */
	FILE *ours = make_stream(STDOUT_FILENO, "w");
	if (ours != NULL)
		stdout = ours;
}
