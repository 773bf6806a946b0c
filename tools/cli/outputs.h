/* What will be written, looked at before the work begins: hours of training must not end at a folder that is
 * not there, nor in the place of the data. */
#ifndef MLP_TOOLS_OUTPUTS_H
#define MLP_TOOLS_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/message.h"

/* A file and how the command line calls it. */
struct named_path {
	const char *name; /* such as "--out" */
	const char *path; /* NULL: not given; "-": standard input or output */
	bool replaced; /* written beside and put in its place, as models are; else it is written into */
};

/* Refuses an output that is an input or another output (BAD_USAGE), and one that cannot be written (FAILED). What
 * is no regular file, as /dev/null, may be named twice. */
enum exit_code check_outputs(const struct named_path *outputs, size_t output_count,
			     const struct named_path *inputs, size_t input_count);

/* Refuses "-" for a file that cannot go to standard output. */
enum exit_code refuse_stdout(const char *name, const char *path, const char *what);

#endif
