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

/* Copy an object's entries whose keys begin with `prefix`, without the key `skipped`. json_copy() would
 * not tell that memory ran out. False: it did. */
static bool copy_entries(json_t *from, const char *prefix, const char *skipped, json_t *to)
{
	json_t *value;
	const char *key;
	bool complete = to != NULL;
	json_object_foreach(from, key, value) {
		if (strncmp(key, prefix, strlen(prefix)) == 0 && strcmp(key, skipped) != 0)
			complete = complete && json_object_set(to, key, value) == 0;
	}
	return complete;
}

bool mlp_checksum_header(json_t *header, const char *prefix, const char *skipped, uint32_t *crc)
{
	static const char metadata[] = "__metadata__";
	json_t *covered = json_object(), *ours = json_object();
	bool complete = copy_entries(header, "", metadata, covered);
	complete =
		copy_entries(json_object_get(header, metadata), prefix, skipped, ours) && complete;
	/* it takes what it is given even if it fails, NULL is a failure */
	complete = json_object_set_new(covered, metadata, ours) == 0 && complete;
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
