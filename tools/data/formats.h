/* A reader for each format. Each takes all that the reader gives, and checks every size that a file
 * declares against the bytes that are there before it asks for memory. */
#ifndef MLP_TOOLS_DATA_FORMATS_H
#define MLP_TOOLS_DATA_FORMATS_H

#include "data/read.h"
#include "data/reader.h"

bool csv_read(struct reader *reader, const struct read_options *options, struct table **table,
	      struct data_error *error);
bool npy_read(struct reader *reader, struct table **table, struct data_error *error);
bool npz_read(struct reader *reader, const struct read_options *options, struct table **table,
	      struct data_error *error);
bool idx_read(struct reader *reader, const char *path, const struct read_options *options,
	      struct table **table, struct data_error *error);
bool fann_read(struct reader *reader, struct table **table, struct data_error *error);

#endif
