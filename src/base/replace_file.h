/* Replacing a file as a whole, so that a crash at any moment leaves the old one or the new one. */
#ifndef MLP_BASE_REPLACE_FILE_H
#define MLP_BASE_REPLACE_FILE_H

#include <mlp/mlp.h>

/* Produces the contents of a file by calling `write`; stops at its first failure. */
typedef mlp_status (*mlp_produce)(void *producer, mlp_write_function write, void *context);

/* Replace, or make, the file `path` by what `produce` writes: into a new file in the same folder, with the
 * permissions of the old one, which is brought to the disk and then renamed; the folder is brought to the
 * disk too. After a failure the old file is there unchanged, and no new one; only if the folder's way to
 * the disk fails, the new file is there. What the system says is reported as MLP_ERR_IO with its words and
 * the path; what `produce` returns otherwise is returned. Refuses what is there and is no regular file. */
mlp_status mlp_replace_file(const char *path, mlp_produce produce, void *producer);

#endif
