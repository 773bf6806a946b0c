/* Reading a whole file, or whatever a function of the caller's gives. */
#ifndef MLP_FILE_INPUT_H
#define MLP_FILE_INPUT_H

#include <mlp/mlp.h>

#include "base/disk_file.h"
#include "file/safetensors.h"

struct mlp_bytes {
	char *data;
	size_t size, capacity;
};

/* Where bytes come from; what it needs lies here. */
struct mlp_input {
	struct mlp_source source;
	mlp_allocator allocator;
	struct mlp_bytes
		collected;  /* in memory: what arrived from where the length is not known before */
	const char *memory; /* the next byte */
	struct mlp_disk_file file;
	int host_errno;   /* as it was: jansson sets it where nothing failed */
	int cancellation; /* as it was: put off while the input is open */
};

/* Each of these gives input->source; close it afterwards, even if that failed. */
mlp_status mlp_input_open(struct mlp_input *input, const char *path, int64_t most_bytes,
			  const mlp_allocator *allocator);
mlp_status mlp_input_collect(struct mlp_input *input, mlp_read_function read, void *context,
			     int64_t most_bytes, const mlp_allocator *allocator);
mlp_status mlp_input_memory(struct mlp_input *input, const void *data, size_t size,
			    int64_t most_bytes);

/* Close it, and return the status of the work on it: MLP_ERR_IO with the system's words if that failed for a
 * file that could not be read. */
mlp_status mlp_input_close(struct mlp_input *input, mlp_status status);

#endif
