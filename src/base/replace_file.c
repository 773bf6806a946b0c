/* Replacing a file as a whole. */
#define _XOPEN_SOURCE 700 /* readlink; NOLINT: the name is the C library's */
#include "base/replace_file.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h> /* renameat */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cancellation.h"
#include "base/digits.h"
#include "base/id.h"
#include "base/status.h"
#include "base/disk_error.h"

enum {
	MOST_LINKS = 40,      /* one after the other */
	MOST_ATTEMPTS = 1000, /* at a name for the temporary file that nobody has */
	MOST_WRITE = 1 << 30, /* bytes at a time: some systems refuse more than 2^31 */
	NEW_MODE = 0666,      /* less what the process's mask takes away */
	PRIVATE_MODE = 0600,  /* until it has that of the file it is to replace */
	TEMPORARY_SIZE = 64   /* of its name */
};

struct replacement {
	const char *path;      /* as the caller gave it, for errors */
	char target[PATH_MAX]; /* where symbolic links lead */
	char temporary[TEMPORARY_SIZE];
	const char *name; /* of the target in its folder */
	int folder, file; /* descriptors; -1: not open */
	int error;        /* of the first write that failed */
};

static mlp_status fail(const struct replacement *r, const char *action)
{
	return mlp_fail_disk(action, r->path, errno);
}

/* ---- where ---------------------------------------------------------------------------------- */

/* One step: the target is a symbolic link, and becomes what that says, which is relative to the link's folder. */
static bool follow_link(struct replacement *r)
{
	char link[PATH_MAX];
	const ssize_t length = readlink(r->target, link, sizeof(link));
	if (length < 0)
		return false;
	const char *slash = strrchr(r->target, '/');
	const size_t folder = slash != NULL && link[0] != '/' ? (size_t)(slash - r->target) + 1 : 0;
	if (folder + (size_t)length >= sizeof(r->target)) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(r->target + folder, link, (size_t)length);
	r->target[folder + (size_t)length] = '\0';
	return true;
}

/* To the end of a chain of links, which need not be there yet: realpath() would want it to be. */
static bool follow_links(struct replacement *r)
{
	struct stat about;
	for (int i = 0; i < MOST_LINKS; i++) {
		if (lstat(r->target, &about) != 0)
			return errno == ENOENT;
		if (!S_ISLNK(about.st_mode))
			return true;
		if (!follow_link(r))
			return false;
	}
	errno = ELOOP;
	return false;
}

/* Follow a symbolic link at the end of the path: the file it leads to is to be replaced, not the link. */
static mlp_status find_target(struct replacement *r, struct stat *old, bool *exists)
{
	*exists = lstat(r->path, old) == 0;
	if (!*exists && errno != ENOENT)
		return fail(r, "cannot write");
	if (strlen(r->path) >= sizeof(r->target)) {
		errno = ENAMETOOLONG;
		return fail(r, "cannot write");
	}
	memcpy(r->target, r->path, strlen(r->path) + 1);
	if (*exists && S_ISLNK(old->st_mode)) {
		/* the system is asked too: it knows links that it must not follow, such as those of others in /tmp */
		*exists = stat(r->path, old) == 0;
		if ((!*exists && errno != ENOENT) || !follow_links(r))
			return fail(r, "cannot write");
	}
	if (*exists && S_ISDIR(old->st_mode)) {
		errno = EISDIR;
		return fail(r, "cannot write");
	}
	if (*exists && !S_ISREG(old->st_mode)) {
		errno = EINVAL; /* to take the place of a device or a pipe would break what uses it */
		return fail(r, "cannot replace what is no regular file:");
	}
	return MLP_OK;
}

static mlp_status open_folder(struct replacement *r)
{
	char *slash = strrchr(r->target, '/');
	r->name = slash != NULL ? slash + 1 : r->target;
	if (*r->name == '\0') {
		errno = r->target[0] == '\0' ? ENOENT : EISDIR;
		return fail(r, "cannot write");
	}
	const char *folder = ".";
	if (slash == r->target) {
		folder = "/";
	} else if (slash != NULL) {
		*slash = '\0';
		folder = r->target;
	}
	MLP_AGAIN(r->folder, open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	return r->folder >= 0 ? MLP_OK : fail(r, "cannot open the folder of");
}

/* ---- the temporary file --------------------------------------------------------------------- */

static char *append_text(char *end, const char *text)
{
	while (*text != '\0')
		*end++ = *text++;
	return end;
}

/* ".mlp-PROCESS-NUMBER.tmp": of this process and call alone, but for processes that were killed, and those
 * of other machines that share the folder; therefore O_EXCL, and another number if it is taken. */
static mlp_status create_temporary(struct replacement *r, mode_t mode)
{
	for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
		char *end = r->temporary;
		end = append_text(end, ".mlp-");
		end = mlp_put_digits(end, (uint64_t)getpid());
		*end++ = '-';
		end = mlp_put_digits(end, mlp_next_id());
		*append_text(end, ".tmp") = '\0';
		MLP_AGAIN(r->file, openat(r->folder, r->temporary,
					  O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
		if (r->file >= 0)
			return MLP_OK;
		if (errno != EEXIST)
			break;
	}
	return fail(r, "cannot make a file in the folder of");
}

/* An mlp_write_function. */
static int write_bytes(void *context, const void *data, size_t size)
{
	struct replacement *r = context;
	for (const char *from = data; size > 0;) {
		ssize_t written;
		MLP_AGAIN(written,
			  write(r->file, from, size < MOST_WRITE ? size : (size_t)MOST_WRITE));
		if (written <= 0) { /* nothing written, and no reason given: it would not end */
			r->error = written < 0 ? errno : EIO;
			return -1;
		}
		from += written;
		size -= (size_t)written;
	}
	return 0;
}

static int synchronise(int descriptor)
{
	int result;
	MLP_AGAIN(result, fsync(descriptor));
	return result;
}

/* Closed once even if a signal interrupts it: the descriptor is gone then, and the data are on the disk. */
static int close_once(int *descriptor)
{
	int result = close(*descriptor);
	*descriptor = -1;
	return result < 0 && errno == EINTR ? 0 : result;
}

/* Where a file system keeps no permissions (vfat, some network shares), those that every file has will do. */
static mlp_status set_mode(const struct replacement *r, mode_t mode)
{
	struct stat made;
	const mode_t bits = 07777;
	if (fchmod(r->file, mode & bits) == 0 || errno == ENOTSUP || errno == ENOSYS)
		return MLP_OK;
	const int error = errno;
	if (fstat(r->file, &made) == 0 && (made.st_mode & bits) == (mode & bits))
		return MLP_OK;
	errno = error;
	return fail(r, "cannot set the permissions of");
}

static mlp_status fill_temporary(struct replacement *r, const mode_t *mode, mlp_produce produce,
				 void *producer)
{
	mlp_status status = mode != NULL ? set_mode(r, *mode) : MLP_OK;
	if (status != MLP_OK)
		return status;
	status = produce(producer, write_bytes, r);
	if (r->error != 0) {
		errno = r->error;
		return fail(r, "cannot write");
	}
	if (status != MLP_OK)
		return status;
	if (synchronise(r->file) != 0)
		return fail(r, "cannot bring to the disk");
	return close_once(&r->file) == 0 ? MLP_OK : fail(r, "cannot close");
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* Some file systems have no such call for folders, and say so by EINVAL. */
static mlp_status synchronise_folder(struct replacement *r)
{
	if (synchronise(r->folder) != 0 && errno != EINVAL)
		return fail(r, "cannot bring to the disk the folder of");
	return MLP_OK;
}

static mlp_status replace(struct replacement *r, mlp_produce produce, void *producer)
{
	struct stat old;
	bool exists;
	mlp_status status = find_target(r, &old, &exists);
	if (status == MLP_OK)
		status = open_folder(r);
	if (status == MLP_OK)
		status = create_temporary(r, exists ? PRIVATE_MODE : NEW_MODE);
	if (status != MLP_OK)
		return status;
	status = fill_temporary(r, exists ? &old.st_mode : NULL, produce, producer);
	if (status == MLP_OK && renameat(r->folder, r->temporary, r->folder, r->name) != 0)
		status = fail(r, "cannot put in its place");
	if (status != MLP_OK) {
		unlinkat(r->folder, r->temporary, 0);
		return status;
	}
	return synchronise_folder(r);
}

mlp_status mlp_replace_file(const char *path, mlp_produce produce, void *producer)
{
	struct replacement r = {.path = path, .folder = -1, .file = -1};
	int cancellation = mlp_cancellation_hold();
	int error = errno; /* the host's, left alone */
	mlp_status status = replace(&r, produce, producer);
	if (r.file >= 0)
		close_once(&r.file);
	if (r.folder >= 0)
		close_once(&r.folder);
	errno = error;
	mlp_cancellation_release(cancellation);
	return status;
}
