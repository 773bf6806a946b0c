/* What a CSV file does not say: its delimiter, whether it has a header, which columns are numbers. */
#ifndef MLP_TOOLS_DATA_CSV_GUESS_H
#define MLP_TOOLS_DATA_CSV_GUESS_H

#include "data/read.h"

struct csv_shape {
	char delimiter, decimal;
	bool has_header;
	int64_t column_count;
	char **names; /* [column_count], of the header, as they are there; NULL without */
	enum column_kind *kinds; /* [column_count], none COLUMN_GUESS */
};

/* From the first bytes of a file, which end with a line, or with the file (is_whole). */
bool csv_guess(const char *name, const unsigned char *bytes, size_t size, bool is_whole,
	       const struct read_options *options, struct csv_shape *shape,
	       struct data_error *error);
void csv_shape_free(struct csv_shape *shape);

#endif
