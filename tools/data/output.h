/* A file that is written, and takes its name when it is whole: until then the old one is there. */
#ifndef MLP_TOOLS_DATA_OUTPUT_H
#define MLP_TOOLS_DATA_OUTPUT_H

#include <stdio.h>

#include "data/error.h"

struct output {
	FILE *file;
	char *path;   /* as it was given; "standard output" */
	char *target; /* the file that gets the temporary one's contents; NULL: written in place */
	char *temporary; /* NULL: none */
	bool exists;
	unsigned mode; /* permissions of the one that exists */
};

/* "-" is standard output. Devices, pipes, files without a name, and files in folders where no other can be made are written in
 * place. */
bool output_open(struct output *output, const char *path, struct data_error *error);

/* Ends it: the file takes its place if nothing failed, `failure` (an errno; 0: none) included; else there is the
 * old one. */
bool output_close(struct output *output, int failure, struct data_error *error);

/* Takes away the temporary file of the output that is open, if there is one, for the process ends now. A handler of
 * signals may call it. */
void output_abandon(void);

#endif
