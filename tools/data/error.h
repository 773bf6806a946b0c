/* What went wrong, as one line that says where, what was expected, and what was found. Nothing here
 * prints: the command's main does, once. */
#ifndef MLP_TOOLS_DATA_ERROR_H
#define MLP_TOOLS_DATA_ERROR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

enum data_error_kind {
	DATA_NO_ERROR = 0,
	DATA_ERROR_FILE = 1,    /* cannot be opened, read or written */
	DATA_ERROR_CONTENT = 2, /* not what was expected: text, numbers, sizes, missing values */
	DATA_ERROR_CHOICE = 3,  /* a choice of the user's does not fit: no such column */
	DATA_ERROR_MEMORY = 4
};

/* Begin as {0}. After a call that returned false, `line` has no newline and no control characters. */
struct data_error {
	enum data_error_kind kind;
	char line[512];
};

/* Fill in the error (which may be NULL) and return false. A line that is too long is cut. */
bool data_fail(struct data_error *error, enum data_error_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
bool data_fail_memory(struct data_error *error);

enum { DATA_QUOTE_SIZE = 48 };

/* A text as an error shows it: in quotes, cut to fit, unprintable bytes as \xNN. Returns `quoted`. */
const char *data_quote(const char *text, size_t length, char quoted[DATA_QUOTE_SIZE]);

#endif
