/* The checksum of a file, by zlib. */
#include "file/checksum.h"

#include <string.h>
#include <zlib.h>

uint32_t mlp_checksum(uint32_t crc, const void *data, size_t size)
{
	return (uint32_t)crc32_z(crc, data, size);
}

static int add_text(const char *text, size_t size, void *crc)
{
	uint32_t *sum = crc;
	*sum = mlp_checksum(*sum, text, size);
	return 0;
}

bool mlp_checksum_metadata(json_t *metadata, const char *prefix, const char *skipped, uint32_t *crc)
{
	json_t *covered = json_object(), *value;
	const char *key;
	bool complete = covered != NULL;
	json_object_foreach(metadata, key, value) if (strncmp(key, prefix, strlen(prefix)) == 0 &&
						      strcmp(key, skipped) != 0 &&
						      json_object_set(covered, key, value) != 0)
		complete = false;
	complete = complete &&
		   json_dump_callback(covered, add_text, crc, JSON_COMPACT | JSON_SORT_KEYS) == 0;
	json_decref(covered);
	return complete;
}

void mlp_checksum_print(uint32_t crc, char *digits)
{
	for (int i = 0; i < MLP_CHECKSUM_DIGITS; i++)
		digits[i] = "0123456789abcdef"[crc >> (28 - 4 * i) & 15];
	digits[MLP_CHECKSUM_DIGITS] = '\0';
}
