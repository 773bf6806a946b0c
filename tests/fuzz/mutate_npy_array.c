/* A new header for an .npy file, and just the bytes that it asks for. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/mutate_npy.h"

/* Where the values begin. */
static size_t values_of(const uint8_t *data, size_t size)
{
	if (size < 12 || memcmp(data, "\x93NUMPY", 6) != 0)
		return 0;
	size_t begin = (data[6] == 1 ? 10U : 12U) + (size_t)(data[8] | data[9] << 8);
	return begin < size ? begin : size;
}

size_t mutate_npy(uint8_t *data, size_t size, size_t most, unsigned seed)
{
	static const char *const types[] = {"<f4", "<f8", ">f4", ">f8", "<f2", "|i1", "|u1",
					    "<i2", ">i2", "<u2", "<i4", "<u4", ">i4", "<i8",
					    ">i8", "<u8", "|b1", "=f4", "<c8", "|O"};
	static const size_t sizes[] = {4, 8, 4, 8, 2, 1, 1, 2, 2, 2, 4, 4, 4, 8, 8, 8, 1, 4, 8, 8};
	static const unsigned extents[] = {1, 2, 3, 4, 7, 12, 1, 0};
	char shape[128] = "", header[256];
	uint8_t values[512];
	size_t type = seed % 20, bytes = sizes[type], old = values_of(data, size);
	unsigned version = seed / 20 % 3 + 1, dimensions = seed / 60 % 4;
	for (unsigned i = 0; i < dimensions; i++) {
		unsigned extent = extents[(seed / 240 >> (3 * i)) & 7];
		size_t used = strlen(shape);
		snprintf(shape + used, sizeof(shape) - used, "%u%s", extent,
			 i + 1 < dimensions ? ", "
			 : dimensions == 1  ? ","
					    : "");
		bytes *= extent;
	}
	size_t length = (size_t)snprintf(header, sizeof(header),
					 "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }\n",
					 types[type], seed >> 31 ? "True" : "False", shape);
	size_t begin = version == 1 ? 10 : 12;
	if (begin + length + bytes > most)
		return 0;
	for (size_t i = 0; i < bytes && i < sizeof(values); i++)
		values[i] = old + i < size ? data[old + i] : (uint8_t)((seed >> (i % 8)) & 0xffU);
	memcpy(data, "\x93NUMPY", 6);
	data[6] = (uint8_t)version;
	data[7] = 0;
	data[8] = (uint8_t)length;
	data[9] = data[10] = data[11] = 0;
	memcpy(data + begin, header, length);
	for (size_t i = 0; i < bytes; i++)
		data[begin + length + i] = values[i % sizeof(values)];
	return begin + length + bytes;
}
