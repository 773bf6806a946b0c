/* For the IDX target: the mutation goes on inside of what is gzip'd, whose checksum would stop it otherwise. */
#include <string.h>
#include <zlib.h>

#include "fuzz/fuzz.h"
#include "fuzz/try_table.h"

enum { HEAD = CHOICES + 3, MOST = 1 << 13 };

/* Whole gzip streams only; their size unpacked, 0 if it is none. */
static size_t unpack(const uint8_t *bytes, size_t size, uint8_t *unpacked)
{
	z_stream stream = {.next_in = (Bytef *)bytes, .avail_in = (uInt)size};
	if (inflateInit2(&stream, 15 + 16) != Z_OK)
		return 0;
	stream.next_out = unpacked;
	stream.avail_out = MOST;
	int code = inflate(&stream, Z_FINISH);
	size_t count = stream.total_out;
	inflateEnd(&stream);
	return code == Z_STREAM_END ? count : 0;
}

static size_t pack(const uint8_t *bytes, size_t size, uint8_t *packed, size_t most)
{
	z_stream stream = {.next_in = (Bytef *)bytes, .avail_in = (uInt)size};
	if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return 0;
	stream.next_out = packed;
	stream.avail_out = (uInt)most;
	int code = deflate(&stream, Z_FINISH);
	size_t count = stream.total_out;
	deflateEnd(&stream);
	return code == Z_STREAM_END ? count : 0;
}

/* One of the two files: unpacked, changed, and packed as often as not. Its new size; 0: it has no room. */
static size_t change(uint8_t *file, size_t size, size_t most, unsigned seed)
{
	static uint8_t content[MOST];
	size_t count = unpack(file, size, content);
	if (count == 0) {
		if (size > MOST)
			return 0;
		memcpy(content, file, size);
		count = size;
	}
	if (seed % 8 > 0)
		count = LLVMFuzzerMutate(content, count, MOST);
	if (seed / 8 % 2 == 0)
		return pack(content, count, file, most);
	if (count > most)
		return 0;
	memcpy(file, content, count);
	return count;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	static uint8_t images[MOST], labels[MOST];
	if (size <= HEAD || size > MOST || seed % 4 == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	size_t labels_size = data[CHOICES] | (size_t)data[CHOICES + 1] << 8U;
	labels_size = labels_size < size - HEAD ? labels_size : size - HEAD;
	size_t images_size = size - HEAD - labels_size;
	memcpy(images, data + HEAD, images_size);
	memcpy(labels, data + HEAD + images_size, labels_size);
	if (seed % 4 == 1)
		labels_size = change(labels, labels_size, MOST, seed / 4);
	else
		images_size = change(images, images_size, MOST, seed / 4);
	if (HEAD + images_size + labels_size > max_size)
		return LLVMFuzzerMutate(data, size, max_size);
	data[CHOICES] = (uint8_t)labels_size;
	data[CHOICES + 1] = (uint8_t)(labels_size >> 8);
	memcpy(data + HEAD, images, images_size);
	memcpy(data + HEAD + images_size, labels, labels_size);
	return HEAD + images_size + labels_size;
}
