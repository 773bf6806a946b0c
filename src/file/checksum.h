/* The checksum of a file: CRC-32 as in zlib and PNG, over the tensors' bytes, continued over the header. */
#ifndef MLP_FILE_CHECKSUM_H
#define MLP_FILE_CHECKSUM_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MLP_CHECKSUM_DIGITS = 8 };

/* Continue a checksum, which begins with 0. */
uint32_t mlp_checksum(uint32_t crc, const void *data, size_t size);

/* Continue it over a file's header: every tensor's entry, and of "__metadata__" the keys that begin with
 * `prefix`, without the key `skipped`. As JSON text in the order of keys, without spaces. False if memory
 * runs out. */
bool mlp_checksum_header(json_t *header, const char *prefix, const char *skipped, uint32_t *crc);

/* As hexadecimal digits, with '\0'. */
void mlp_checksum_print(uint32_t crc, char *digits);

#endif
