/* Bytes of a file or of standard input, through zlib, which hands on what is not gzip'd. */
#include "data/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { ZLIB_BUFFER = 1 << 17, MOST_PER_CALL = 1 << 28 };

struct reader {
	gzFile file;
	char *name;
	unsigned char *ahead; /* bytes that were peeked at: [begin, end) are still to be read */
	size_t begin, end, room;
	uint64_t most, unfolded; /* bytes that a compressed file may unfold to, and has */
};

static bool fail_to_open(struct data_error *error, const char *path)
{
	data_fail(error, DATA_ERROR_FILE, "%s: cannot be opened: %s", path, strerror(errno));
	return false;
}

/* A descriptor of the file's, or -1. */
static int open_descriptor(const char *path, struct data_error *error)
{
	int descriptor =
		strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	struct stat about;
	if (descriptor < 0 || fstat(descriptor, &about) != 0) {
		fail_to_open(error, path);
	} else if (S_ISDIR(about.st_mode)) {
		data_fail(error, DATA_ERROR_FILE, "%s: is a directory, expected a file", path);
	} else {
		return descriptor;
	}
	if (descriptor >= 0)
		close(descriptor);
	return -1;
}

struct reader *reader_open(const char *path, struct data_error *error)
{
	int descriptor = open_descriptor(path, error);
	if (descriptor < 0)
		return NULL;
	struct reader *reader = calloc(1, sizeof *reader);
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
	if (reader != NULL && (reader->name = strdup(name)) != NULL)
		reader->file = gzdopen(descriptor, "rb");
	if (reader == NULL || reader->file == NULL) {
		close(descriptor);
		reader_close(reader);
		data_fail_memory(error);
		return NULL;
	}
	gzbuffer(reader->file, ZLIB_BUFFER);
	reader->most = reader_usual_most();
	return reader;
}

uint64_t reader_usual_most(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
	return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size / 4 : UINT64_MAX;
}

void reader_set_most(struct reader *reader, uint64_t bytes)
{
	reader->most = bytes > 0 ? bytes : reader_usual_most();
}

void reader_close(struct reader *reader)
{
	if (reader == NULL)
		return;
	if (reader->file != NULL)
		gzclose_r(reader->file);
	free(reader->ahead);
	free(reader->name);
	free(reader);
}

const char *reader_name(const struct reader *reader)
{
	return reader->name;
}

static bool fail_to_read(const struct reader *reader, struct data_error *error)
{
	int code = Z_OK;
	const char *words = gzerror(reader->file, &code);
	const char *colon = strstr(words, ": "); /* before it is zlib's own name of the file */
	if (colon != NULL)
		words = colon + 2;
	switch (code) {
	case Z_BUF_ERROR:
		return data_fail(error, DATA_ERROR_CONTENT,
				 "%s: the gzip'd file is truncated: its end is missing",
				 reader->name);
	case Z_DATA_ERROR:
		return data_fail(error, DATA_ERROR_CONTENT, "%s: the gzip'd file is corrupt: %s",
				 reader->name, words);
	case Z_MEM_ERROR:
		return data_fail_memory(error);
	default:
		return data_fail(error, DATA_ERROR_FILE, "%s: cannot be read: %s", reader->name,
				 code == Z_ERRNO ? strerror(errno) : words);
	}
}

bool reader_fail_of_size(const char *name, uint64_t most, struct data_error *error)
{
	return data_fail(error, DATA_ERROR_CONTENT,
			 "%s: unfolds to more than %llu bytes (--max-bytes allows more)", name,
			 (unsigned long long)most);
}

/* Past the bytes that were peeked at. */
static bool read_on(struct reader *reader, unsigned char *bytes, size_t size, size_t *count,
		    struct data_error *error)
{
	*count = 0;
	while (*count < size) {
		size_t now = size - *count < MOST_PER_CALL ? size - *count : MOST_PER_CALL;
		int got = gzread(reader->file, bytes + *count, (unsigned)now);
		int code = Z_OK;
		gzerror(reader->file, &code);
		if (got < 0 || (code != Z_OK && code != Z_STREAM_END))
			return fail_to_read(reader, error);
		if (got == 0)
			break;
		*count += (size_t)got;
		reader->unfolded += (uint64_t)got;
		if (reader->unfolded > reader->most && !gzdirect(reader->file))
			return reader_fail_of_size(reader_name(reader), reader->most, error);
	}
	return true;
}

bool reader_peek(struct reader *reader, size_t wanted, const unsigned char **bytes, size_t *size,
		 struct data_error *error)
{
	size_t held = reader->end - reader->begin;
	if (held < wanted && reader->begin + wanted > reader->room) {
		unsigned char *larger = malloc(wanted);
		if (larger == NULL)
			return data_fail_memory(error);
		if (held > 0)
			memcpy(larger, reader->ahead + reader->begin, held);
		free(reader->ahead);
		reader->ahead = larger;
		reader->room = wanted;
		reader->begin = 0;
		reader->end = held;
	}
	if (held < wanted) {
		size_t count;
		if (!read_on(reader, reader->ahead + reader->end, wanted - held, &count, error))
			return false;
		reader->end += count;
		held += count;
	}
	*bytes = reader->ahead == NULL ? (const unsigned char *)"" : reader->ahead + reader->begin;
	*size = held < wanted ? held : wanted;
	return true;
}

bool reader_read(struct reader *reader, void *bytes, size_t size, size_t *count,
		 struct data_error *error)
{
	size_t held = reader->end - reader->begin;
	size_t taken = held < size ? held : size;
	if (taken > 0)
		memcpy(bytes, reader->ahead + reader->begin, taken);
	reader->begin += taken;
	size_t more = 0;
	if (taken < size &&
	    !read_on(reader, (unsigned char *)bytes + taken, size - taken, &more, error))
		return false;
	*count = taken + more;
	return true;
}

bool reader_read_all(struct reader *reader, size_t spare, unsigned char **bytes, size_t *size,
		     struct data_error *error)
{
	size_t room = (size_t)1 << 16, used = 0;
	unsigned char *all = malloc(room + spare);
	while (all != NULL) {
		size_t count;
		if (!reader_read(reader, all + used, room - used, &count, error)) {
			free(all);
			return false;
		}
		used += count;
		if (used < room)
			break;
		/* by halves, so that memory stays near what there is, in time linear in it */
		size_t larger = room + room / 2;
		unsigned char *moved =
			larger < SIZE_MAX - spare ? realloc(all, larger + spare) : NULL;
		if (moved == NULL) {
			free(all);
			return data_fail_memory(error);
		}
		all = moved;
		room = larger;
	}
	if (all == NULL)
		return data_fail_memory(error);
	unsigned char *fitted = realloc(all, used + spare + 1);
	*bytes = fitted == NULL ? all : fitted;
	memset(*bytes + used, 0, spare);
	*size = used;
	return true;
}
