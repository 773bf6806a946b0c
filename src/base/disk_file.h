/* Reading a file of the system's. */
#ifndef MLP_BASE_DISK_FILE_H
#define MLP_BASE_DISK_FILE_H

#include <mlp/mlp.h>

struct mlp_disk_file {
	const char *path; /* as the caller gave it, for errors */
	int64_t size;     /* -1: not known before, as of a pipe */
	int descriptor;   /* -1: not open */
	int error;        /* of the read that failed */
};

/* Open it; close it afterwards, even if that failed. MLP_ERR_IO with the system's words. */
mlp_status mlp_disk_file_open(struct mlp_disk_file *file, const char *path);

/* An mlp_read_function of an open file. */
int64_t mlp_disk_file_read(void *file, void *data, size_t size);

/* Close it, and return the status of the work on it: if a read failed, MLP_ERR_IO with the system's words. */
mlp_status mlp_disk_file_close(struct mlp_disk_file *file, mlp_status status);

#endif
