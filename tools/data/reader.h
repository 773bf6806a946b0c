/* Bytes of a file or of standard input, gzip'd or not. */
#ifndef MLP_TOOLS_DATA_READER_H
#define MLP_TOOLS_DATA_READER_H

#include <stdint.h>

#include "data/error.h"

struct reader;

/* Open a file; "-" is standard input. What is gzip'd, as its first bytes tell, is unpacked. NULL on
 * failure. */
struct reader *reader_open(const char *path, struct data_error *error);
void reader_close(struct reader *reader);

/* How many bytes a compressed file may unfold to, since a small one can hold more than any memory: from the start,
 * and for 0, a quarter of the machine's memory. */
uint64_t reader_usual_most(void);
void reader_set_most(struct reader *reader, uint64_t bytes);
bool reader_fail_of_size(const char *name, uint64_t most, struct data_error *error);

/* How errors name the file: its path, or "standard input". */
const char *reader_name(const struct reader *reader);

/* The next bytes, up to `wanted` of them, which stay to be read; *size is less only at the end. They are
 * valid until the next call. */
bool reader_peek(struct reader *reader, size_t wanted, const unsigned char **bytes, size_t *size,
		 struct data_error *error);

/* The next bytes; *count is less than `size` only at the end. A file that breaks off within its gzip
 * stream, or whose checksum is wrong, is an error. */
bool reader_read(struct reader *reader, void *bytes, size_t size, size_t *count,
		 struct data_error *error);

/* All that is left, in memory from malloc. At least `spare` bytes follow it, zero. */
bool reader_read_all(struct reader *reader, size_t spare, unsigned char **bytes, size_t *size,
		     struct data_error *error);

#endif
