/* mlp export: the C file, with what the model file knows of its inputs and outputs in front. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/memory.h"
#include "command/export_c.h"

/* A name within a comment: nothing in it ends the comment or the line. */
static void put_name(FILE *file, const char *name)
{
	for (; *name != '\0'; name++) {
		bool ends = name[0] == '*' && name[1] == '/';
		fputc((unsigned char)*name < ' ' ? '?' : *name, file);
		if (ends)
			fputc(' ', file);
	}
}

static void put_input(FILE *file, const struct encoded_input *input)
{
	if (input->categories == NULL) {
		fprintf(file, " *   %lld  ", (long long)input->first);
		put_name(file, input->name);
		if (!isnan(input->fill))
			fprintf(file, "; %.9g where it is missing", input->fill);
		fputc('\n', file);
	}
	for (int64_t k = 0; input->categories != NULL && k < input->width; k++) {
		int64_t at = input->first + k;
		fprintf(file, " *   %lld  1 if ", (long long)at);
		put_name(file, input->name);
		fputs(" is ", file);
		put_name(file, input->categories->texts[k]);
		fprintf(file, ", else 0%s\n",
			k == input->fill_category ? "; 1 where it is missing" : "");
	}
}

static void put_layout(FILE *file, const struct encoding *encoding)
{
	bool plain = !encoding->has_names && encoding->feature_count == encoding->input_count;
	fprintf(file, "/* Inputs, %lld, raw (the file scales them itself):\n",
		(long long)encoding->feature_count);
	if (plain)
		fputs(" *   the columns of the data in their order, without the target\n", file);
	for (int64_t i = 0; i < encoding->input_count && !plain; i++)
		put_input(file, &encoding->inputs[i]);
	bool classes = encoding->task == TASK_CLASSES;
	fprintf(file, " * Outputs, %lld%s", (long long)encoding_output_count(encoding),
		!classes                      ? ""
		: encoding->target_count == 1 ? ", probabilities of the classes of "
					      : ", probabilities of the classes");
	if (classes && encoding->target_count == 1)
		put_name(file, encoding->targets[0].name);
	fputs(":\n", file);
	for (int64_t i = 0; i < encoding_output_count(encoding); i++) {
		fprintf(file, " *   %lld  ", (long long)i);
		put_name(file, encoding_output_name(encoding, i));
		fputc('\n', file);
	}
	fputs(" */\n", file);
}

static int append(void *context, const void *data, size_t size)
{
	return fwrite(data, 1, size, context) != size;
}

static bool write_whole(int descriptor, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t written = write(descriptor, text, size);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		text += written;
		size -= (size_t)written;
	}
	return fsync(descriptor) == 0;
}

/* The permissions of the file that is replaced, or those that any new one gets. */
static mode_t mode_of(const char *path)
{
	struct stat old;
	if (stat(path, &old) == 0)
		return old.st_mode & 07777;
	mode_t mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

/* Beside it first, so that a file that was there is lost only to a whole one. */
static bool write_beside(const char *path, const char *text, size_t size)
{
	const char *slash = strrchr(path, '/');
	int folder = slash != NULL ? (int)(slash - path) + 1 : 0;
	char *beside = make_text("%.*s.mlp-XXXXXX", folder, path);
	int descriptor = mkstemp(beside), reason = errno;
	bool made = descriptor >= 0, good = made;
	if (made) {
		/* where a file system keeps no permissions, those that every file has will do */
		bool kept = fchmod(descriptor, mode_of(path)) == 0;
		(void)kept;
		good = write_whole(descriptor, text, size);
		reason = errno;
		if (close(descriptor) != 0 && good && errno != EINTR) {
			good = false;
			reason = errno;
		}
	}
	if (good && rename(beside, path) != 0) {
		good = false;
		reason = errno;
	}
	if (made && !good)
		unlink(beside);
	free(beside);
	errno = reason;
	return good;
}

static enum exit_code replace(const char *path, const char *text, size_t size)
{
	char *target = realpath(path, NULL); /* a link stays one */
	bool good = (target != NULL || errno == ENOENT) &&
		    write_beside(target != NULL ? target : path, text, size);
	if (!good)
		complain("%s: cannot write: %s", path, strerror(errno));
	free(target);
	return good ? DONE : FAILED;
}

enum exit_code export_c(const struct model *model, const char *name, const char *path)
{
	if (model->encoding == NULL) { /* nothing to say but what the library writes */
		mlp_status status = mlp_export_c(model->net, name, path);
		enum exit_code code = judge(status, status == MLP_ERR_VALUE ? "--name" : NULL);
		return status == MLP_ERR_VALUE ? BAD_USAGE : code;
	}
	char *text = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&text, &size);
	if (memory == NULL) {
		complain("out of memory");
		return FAILED;
	}
	put_layout(memory, model->encoding);
	mlp_status status = mlp_export_c_to(model->net, name, append, memory);
	bool good = fclose(memory) == 0;
	enum exit_code code = judge(status, status == MLP_ERR_VALUE ? "--name" : NULL);
	if (status == MLP_ERR_VALUE)
		code = BAD_USAGE;
	else if (code == DONE && !good)
		complain("out of memory");
	if (code == DONE)
		code = good ? replace(path, text, size) : FAILED;
	free(text);
	return code;
}
