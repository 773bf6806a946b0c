/* A list of different texts, each with its number, found quickly. */
#ifndef MLP_TOOLS_DATA_STRINGS_H
#define MLP_TOOLS_DATA_STRINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct strings {
	char **texts; /* [count], each ended by 0 */
	int64_t count, room;
	int64_t *slots; /* hash table of numbers of texts, -1: free */
	int64_t slot_count;
};

/* Begin as {0}. */
void strings_free(struct strings *strings);

/* The number of a text, added at the end if it is new; -1: out of memory. */
int64_t strings_add(struct strings *strings, const char *text, size_t length);

/* The number of a text, or -1. */
int64_t strings_find(const struct strings *strings, const char *text, size_t length);

/* Into order: as numbers if all of them are, else byte by byte. *order, from malloc, gets each text's old
 * number -> its new one. False: out of memory, nothing changed. */
bool strings_sort(struct strings *strings, int64_t **order);

#endif
