/* Columns as a user names them. */
#include "data/columns.h"

#include <stdlib.h>
#include <string.h>

/* The place of one entry of a list, or -1. */
static int64_t find_one(const struct column_names *columns, const char *entry, size_t length)
{
	for (int64_t i = 0; columns->names != NULL && i < columns->count; i++) {
		const char *name = columns->names[i];
		if (name != NULL && strncmp(name, entry, length) == 0 && name[length] == 0)
			return i;
	}
	int64_t number;
	if (!text_to_integer(entry, length, &number))
		return -1;
	int64_t place = number < 0 ? columns->count + number : number - 1;
	return place >= 0 && place < columns->count ? place : -1;
}

static bool fail_to_find(const struct column_names *columns, const char *entry, size_t length,
			 const char *option, struct data_error *error)
{
	char quoted[DATA_QUOTE_SIZE];
	data_quote(entry, length, quoted);
	int64_t number;
	if (text_to_integer(entry, length, &number))
		return data_fail(error, DATA_ERROR_CHOICE,
				 "%s: there is no column %s, expected a number in 1 .. %lld, or -1 "
				 "for the last",
				 option, quoted, (long long)columns->count);
	if (columns->names == NULL)
		return data_fail(error, DATA_ERROR_CHOICE,
				 "%s: there is no column %s: columns have no names here, expected "
				 "a number in 1 .. %lld",
				 option, quoted, (long long)columns->count);
	return data_fail(error, DATA_ERROR_CHOICE, "%s: there is no column %s", option, quoted);
}

bool columns_find(const struct column_names *columns, const char *list, const char *option,
		  int64_t **places, int64_t *count, struct data_error *error)
{
	*places = NULL;
	*count = 0;
	size_t most = 1;
	for (const char *at = list; *at != 0; at++)
		most += *at == ',';
	int64_t *found = malloc(most * sizeof *found), taken = 0;
	if (found == NULL)
		return data_fail_memory(error);
	for (const char *at = list;; at++) {
		size_t length = strcspn(at, ",");
		int64_t place = find_one(columns, at, length);
		bool is_new = true;
		for (int64_t i = 0; i < taken; i++)
			is_new = is_new && found[i] != place;
		char quoted[DATA_QUOTE_SIZE];
		if (place < 0) {
			fail_to_find(columns, at, length, option, error);
		} else if (!is_new) {
			data_fail(error, DATA_ERROR_CHOICE, "%s: column %s is named twice", option,
				  data_quote(at, length, quoted));
		} else {
			found[taken++] = place;
			at += length;
			if (*at != 0)
				continue;
			*places = found;
			*count = taken;
			return true;
		}
		free(found);
		return false;
	}
}

/* Whether an entry may name the column; spares the search through all for the many that are not meant. */
static bool may_name(const struct column_names *columns, const char *entry, size_t length,
		     int64_t place)
{
	const char *name = columns->names != NULL ? columns->names[place] : NULL;
	if (name != NULL && strncmp(name, entry, length) == 0 && name[length] == 0)
		return true;
	int64_t number;
	return text_to_integer(entry, length, &number) &&
	       place == (number < 0 ? columns->count + number : number - 1);
}

bool columns_has(const struct column_names *columns, const char *list, int64_t place)
{
	if (list == NULL)
		return false;
	for (const char *at = list;; at++) {
		size_t length = strcspn(at, ",");
		if (may_name(columns, at, length, place) && find_one(columns, at, length) == place)
			return true;
		at += length;
		if (*at == 0)
			return false;
	}
}
