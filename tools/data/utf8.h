/* Whether bytes are UTF-8. */
#ifndef MLP_TOOLS_DATA_UTF8_H
#define MLP_TOOLS_DATA_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the character that begins the text; 0 if none does. No surrogates, no needless length. */
size_t utf8_size(const char *text, size_t length);

bool utf8_is_valid(const char *text, size_t length);

#endif
