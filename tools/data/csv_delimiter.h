/* Which character stands between the fields of a CSV file. */
#ifndef MLP_TOOLS_DATA_CSV_DELIMITER_H
#define MLP_TOOLS_DATA_CSV_DELIMITER_H

#include <stddef.h>

/* One of tab ; | , by the first rows. */
char csv_guess_delimiter(const unsigned char *bytes, size_t size);

#endif
