/* Files to be written. */
#include "cli/outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/memory.h"
#include "cli/text.h"

enum { MOST_LINKS = 40 }; /* one after the other */

static bool is_stdio(const char *path)
{
	return strcmp(path, "-") == 0;
}

/* The folder part of a path, in a new string. */
static char *folder_of(const char *path)
{
	int length = (int)(base_name(path) - path);
	return length > 0 ? make_text("%.*s", length, path) : make_text(".");
}

/* Where links at the end of the path lead, in a new string; the file need not be there yet. */
static char *target_of(const char *path)
{
	char link[PATH_MAX], *target = realpath(path, NULL);
	if (target != NULL)
		return target;
	target = make_text("%s", path);
	for (int i = 0; i < MOST_LINKS; i++) {
		ssize_t length = readlink(target, link, sizeof link);
		if (length <= 0)
			break;
		int folder = link[0] == '/' ? 0 : (int)(base_name(target) - target);
		char *next = make_text("%.*s%.*s", folder, target, (int)length, link);
		free(target);
		target = next;
	}
	return target;
}

/* ---- the same file --------------------------------------------------------------------------- */

static bool is_same_name(const char *a, const char *b)
{
	struct stat first, second;
	char *target_a = target_of(a), *target_b = target_of(b);
	char *folder_a = folder_of(target_a), *folder_b = folder_of(target_b);
	bool same = strcmp(base_name(target_a), base_name(target_b)) == 0 &&
		    stat(folder_a, &first) == 0 && stat(folder_b, &second) == 0 &&
		    first.st_dev == second.st_dev && first.st_ino == second.st_ino;
	free(target_a);
	free(target_b);
	free(folder_a);
	free(folder_b);
	return same;
}

/* Whether two paths lead to one regular file, also if it is not there yet. */
static bool is_same_file(const char *output, const char *other, bool other_is_input)
{
	struct stat a, b;
	if (is_stdio(output) || (is_stdio(other) && !other_is_input))
		return false;
	bool has_a = stat(output, &a) == 0;
	bool has_b = is_stdio(other) ? fstat(STDIN_FILENO, &b) == 0 : stat(other, &b) == 0;
	if (has_a && has_b)
		return S_ISREG(a.st_mode) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
	return !has_a && !has_b && !is_stdio(other) && is_same_name(output, other);
}

static enum exit_code refuse_same(const struct named_path *output, const struct named_path *other)
{
	complain("%s %s is the same file as %s; it would be overwritten", output->name,
		 output->path, other->name);
	return BAD_USAGE;
}

/* ---- whether it can be written --------------------------------------------------------------- */

static enum exit_code fail_to_write(const char *path)
{
	complain("%s: cannot write: %s", path, strerror(errno));
	return FAILED;
}

/* A file is made in the folder and taken away again: nothing else tells for sure. */
static enum exit_code try_folder(const char *path)
{
	char *target = target_of(path), *folder = folder_of(target),
	     *name = make_text("%s/.mlp-XXXXXX", folder);
	enum exit_code code = DONE;
	hold_signals();
	int file = mkstemp(name);
	if (file < 0) {
		code = fail_to_write(path);
	} else {
		close(file);
		unlink(name);
	}
	let_signals_come();
	free(target);
	free(folder);
	free(name);
	return code;
}

static enum exit_code try_output(const struct named_path *output)
{
	struct stat about;
	bool exists = stat(output->path, &about) == 0;
	if (!exists && errno != ENOENT) /* such as links that lead in a circle */
		return fail_to_write(output->path);
	errno = ENOENT;
	if (*output->path == '\0')
		return fail_to_write("''");
	errno = EISDIR;
	if ((exists && S_ISDIR(about.st_mode)) || *base_name(output->path) == '\0')
		return fail_to_write(output->path);
	if (!exists || (output->replaced && S_ISREG(about.st_mode)))
		return try_folder(output->path);
	if (output->replaced) { /* to take the place of a device would break what uses it */
		complain("%s: cannot write: it is no regular file", output->path);
		return FAILED;
	}
	return access(output->path, W_OK) == 0 ? DONE : fail_to_write(output->path);
}

enum exit_code check_outputs(const struct named_path *outputs, size_t output_count,
			     const struct named_path *inputs, size_t input_count)
{
	for (size_t i = 0; i < output_count; i++) {
		if (outputs[i].path == NULL)
			continue;
		for (size_t k = 0; k < input_count; k++)
			if (inputs[k].path != NULL &&
			    is_same_file(outputs[i].path, inputs[k].path, true))
				return refuse_same(&outputs[i], &inputs[k]);
		for (size_t k = 0; k < i; k++)
			if (outputs[k].path != NULL &&
			    is_same_file(outputs[i].path, outputs[k].path, false))
				return refuse_same(&outputs[i], &outputs[k]);
	}
	enum exit_code code = DONE;
	for (size_t i = 0; i < output_count && code == DONE; i++)
		if (outputs[i].path != NULL && !is_stdio(outputs[i].path))
			code = try_output(&outputs[i]);
	return code;
}

enum exit_code refuse_stdout(const char *name, const char *path, const char *what)
{
	if (path == NULL || !is_stdio(path))
		return DONE;
	complain("%s -: %s cannot be written to standard output; name a file", name, what);
	return BAD_USAGE;
}
