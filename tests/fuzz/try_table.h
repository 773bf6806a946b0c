/* What the targets of tables do with their bytes. The first CHOICES bytes say which options are chosen, what follows
 * is the file. */
#ifndef MLP_TESTS_FUZZ_TRY_TABLE_H
#define MLP_TESTS_FUZZ_TRY_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "data/data.h"

enum { CHOICES = 3 };

struct choices {
	struct read_options read;
	struct encoding_options encode;
};

/* From CHOICES bytes. The options point into `choices`. */
void choices_decode(const uint8_t *bytes, struct choices *choices);

/* What else is done with a table; NULL: nothing. */
typedef void (*table_function)(const struct table *table);

/* Read the file as a table, which fails with one line or gives a sound table; then decide an encoding, whose JSON
 * must give it back, and fill matrices. */
void try_table(const char *path, const struct choices *choices, table_function more);

/* The whole target for a format of one file. */
void try_bytes(const uint8_t *data, size_t size, table_function more);

/* A failed call has left its line. */
void require_line(const struct data_error *error);

/* A table is sound: names, values and texts can be read. */
void require_sound(const struct table *table);

/* An encoding survives as JSON, and fills the same matrices after. */
void try_encoding(const struct encoding *encoding, const struct table *table);

#endif
