/* Files in memory: an mlp_write_function that collects, an mlp_read_function that gives in pieces; both fail when told to. */
#ifndef MLP_TESTS_SUPPORT_BYTES_H
#define MLP_TESTS_SUPPORT_BYTES_H

#include <stdlib.h>
#include <string.h>

#include <mlp/mlp.h>

struct bytes {
	unsigned char *data;
	size_t size, capacity;
	int64_t calls, fails_at; /* number of the call that fails, from 1; 0: none */

	/* reading */
	size_t position, most; /* most bytes per call; 0: as many as asked for */
};

static inline int bytes_write(void *context, const void *data, size_t size)
{
	struct bytes *bytes = context;
	if (++bytes->calls == bytes->fails_at)
		return 7;
	if (bytes->size + size > bytes->capacity) {
		bytes->capacity = 2 * (bytes->size + size);
		bytes->data = realloc(bytes->data, bytes->capacity);
	}
	memcpy(bytes->data + bytes->size, data, size);
	bytes->size += size;
	return 0;
}

static inline int64_t bytes_read(void *context, void *data, size_t size)
{
	struct bytes *bytes = context;
	if (++bytes->calls == bytes->fails_at)
		return -1;
	size_t n = bytes->size - bytes->position;
	if (n > size)
		n = size;
	if (bytes->most != 0 && n > bytes->most)
		n = bytes->most;
	if (n > 0)
		memcpy(data, bytes->data + bytes->position, n);
	bytes->position += n;
	return (int64_t)n;
}

static inline void bytes_free(struct bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct bytes){0};
}

/* A file of this header and `zeros` bytes of data. */
static inline struct bytes bytes_of_header(const char *header, size_t zeros)
{
	struct bytes bytes = {0};
	unsigned char length[8];
	for (int i = 0; i < 8; i++)
		length[i] = (unsigned char)((uint64_t)strlen(header) >> (8 * i));
	bytes_write(&bytes, length, 8);
	bytes_write(&bytes, header, strlen(header));
	for (size_t i = 0; i < zeros; i++)
		bytes_write(&bytes, "", 1);
	return bytes;
}

#endif
