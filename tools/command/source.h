/* From a file and the options to rows. */
#ifndef MLP_TOOLS_SOURCE_H
#define MLP_TOOLS_SOURCE_H

#include "cli/options.h"
#include "data/data.h"

/* Complains about an error of the data side, and gives the exit status for it. */
enum exit_code judge_data(const struct data_error *error);

/* What the options say about columns, for encoding_create(). */
struct encoding_options encoding_choices(const struct options *options);

/* Reads a table, whose columns are of the kinds that `choices` or `encoding` know (one of them is given). Without
 * targets, those that the encoding knows are not looked at. */
enum exit_code read_table(const struct options *options, const char *path,
			  const struct encoding_options *choices, const struct encoding *encoding,
			  enum matrices_targets targets, struct table **table);

/* Reads a table and makes matrices of it, by an encoding. *table (if not NULL) receives the table. */
enum exit_code read_encoded(const struct options *options, const char *path,
			    const struct encoding *encoding, enum matrices_targets targets,
			    mlp_dtype dtype, struct table **table, struct matrices **matrices);

/* A table whose columns are the inputs of a network that brought no encoding: all of them numbers, `inputs` of
 * them. */
enum exit_code read_plain(const struct options *options, const char *path, int64_t inputs,
			  mlp_dtype dtype, struct matrices **matrices);
void free_plain(struct matrices *matrices);

#endif
